"""Every page of the site once: members' pages by URL pattern, respondents' by template."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import OperationalError
from django.utils import timezone

from surveys.actions import close_wave
from surveys.collect import views
from surveys.fieldwork import optout
from surveys.models import Organization, Survey, Wave
from surveys.tenancy import organization_scope
from tests.factories import make_form, make_response, make_survey, make_wave
from tests.surveys.asked import make_people, make_unit
from tests.surveys.outcome_rows import identified_ids
from tests.surveys.promised import cell, launch
from tests.surveys.scheduled import make_schedule
from tests.surveys.test_open_links import wave_with
from tests.trustsurvey.test_every_address import (
    OF_KNOWN_PEOPLE,
    PAGES,
    Pattern,
    everything_of,
    filled,
)

# Addresses that show no page of their own. Whoever adds one that does leaves it out here,
# and every page is then looked at: see tests/browser/test_every_page.py.
BUTTONS = {
    "add-event",
    "analyse",
    "close-review",
    "exclude-rating",
    "export-decide",
    "export-remove",
    "export-rule",
    "open-review",
    "open-wave",
    "publish",
    "release-mail",
    "release-review",
    "remove-criterion",
    "remove-event",
    "revise",
    "revoke-token",
    "selected-people",
    "send-again",
    "set_language",
    "stop-schedule",
    "webhook-again",
    "withdraw",
}
FILES = {
    "codebook",
    "codes-csv",
    "codes-pdf",
    "draft-file",
    "export-file",
    "health-json",
    "merged-codebook",
    "poster",
    "rejected-answers",
    "rejected-people",
    "release-figure",
    "release-pdf",
    "release-slides",
    "sheet",
    "survey-questionnaire",
    "version-file",
    "version-questionnaire",
}
FRAGMENTS = {"export-progress"}  # shown inside a page; without htmx it sends there
NO_PAGE = BUTTONS | FILES | FRAGMENTS
SHOWN = [pattern for pattern in PAGES if pattern[1].name not in NO_PAGE]
BEFORE_WAVES = {"launch", "rename-survey", "throw-away"}
NEEDS_NOBODY = {"account_login"}


def address_in(organization: Organization, language: str) -> Callable[[Pattern], str]:
    """Give an organization rows of everything; tell where each pattern shows them."""
    ordinary = everything_of(organization)
    known = ordinary | identified_ids(organization)
    unasked = _promised(organization)
    by_name = {
        **dict.fromkeys(BEFORE_WAVES, ordinary | {"survey_id": unasked.pk}),
        "start": ordinary | {"survey_id": _planned(organization).pk},
        **dict.fromkeys(OF_KNOWN_PEOPLE, known),
    }
    person = optout.token_for(organization.pk, ordinary["participant_id"])

    def address(pattern: Pattern) -> str:
        name = pattern[1].name
        if name == "opt-out":
            return f"/out/{person}/"
        asked = pattern[0].replace("<language:language>", language)
        return filled(asked, by_name.get(name or "", ordinary))

    return address


def _promised(organization: Organization) -> Survey:
    survey = make_survey(organization, mode=Survey.Mode.ANONYMOUS)
    make_form(survey)
    return survey


def _planned(organization: Organization) -> Survey:
    survey = _promised(organization)
    make_people(organization, 12, unit=make_unit(organization, "plant"))
    make_schedule(survey, now=timezone.now(), first=timezone.localdate())
    return survey


def members_pages(organization: Organization, language: str) -> dict[str, str]:
    """Addresses by their patterns, and one that is none."""
    address = address_in(organization, language)
    return {
        pattern[0]: address(pattern)
        for pattern in SHOWN
        if pattern[1].name not in NEEDS_NOBODY
    } | {"none": "/nowhere/"}


# ------------------------------------------------------------------ respondents' pages

Shown = Callable[[str, pytest.MonkeyPatch], str]


def _counts(language: str, _: pytest.MonkeyPatch) -> str:
    return f"{_sealed(language, _)}counts/"


def _sealed(language: str, _: pytest.MonkeyPatch) -> str:
    return f"/s/{launch([cell(8)]).pk}/{language}/"


def _form(language: str, _: pytest.MonkeyPatch) -> str:
    return _address(make_wave(), language)


def _closed(language: str, _: pytest.MonkeyPatch) -> str:
    wave = make_wave()
    with organization_scope(wave.organization_id):
        close_wave(wave_id=wave.pk, at=timezone.now())
    return _address(wave, language)


def _paused(language: str, _: pytest.MonkeyPatch) -> str:
    wave = make_wave()
    with organization_scope(wave.organization_id):
        Wave.objects.filter(pk=wave.pk).update(paused_at=timezone.now())
    return _address(wave, language)


def _full(language: str, _: pytest.MonkeyPatch) -> str:
    wave = wave_with(limit=1)
    _answer(wave, language)
    return _address(wave, language)


def _enough(language: str, _: pytest.MonkeyPatch) -> str:
    wave = wave_with(quotas={"language": {language: 1}})
    _answer(wave, language)
    return _address(wave, language)


def _received(language: str, _: pytest.MonkeyPatch) -> str:
    return f"{_address(make_wave(), language)}received/"


def _unknown(language: str, _: pytest.MonkeyPatch) -> str:
    return f"/s/{uuid4()}/{language}/"


def _try_again(language: str, patch: pytest.MonkeyPatch) -> str:
    def away(*_: object) -> None:
        raise OperationalError

    patch.setattr(views, "find_wave", away)
    return _unknown(language, patch)


def _address(wave: Wave, language: str) -> str:
    return f"/s/{wave.pk}/{language}/"


def _answer(wave: Wave, language: str) -> None:
    with organization_scope(wave.organization_id):
        count = wave.form.asked().item_count
    make_response(wave, [1] * count, language=language)


# By template: where it is shown. The last one leaves no survey to be found.
RESPONDENTS: dict[str, Shown] = {
    "form": _form,
    "counts": _counts,
    "closed": _closed,
    "paused": _paused,
    "full": _full,
    "enough": _enough,
    "received": _received,
    "unknown": _unknown,
    "try_again": _try_again,
}
