"""Opening a wave: under which promise, and what its respondents are shown."""

import html

import pytest
from django.db import connections
from django.test import Client

from surveys import actions
from surveys.models import Promise, Survey, Wave
from surveys.promise import Thresholds, promise_digest, promise_text
from surveys.tenancy import organization_scope
from tests.factories import NOW, make_form, make_survey, make_wave

pytestmark = pytest.mark.usefixtures("database")


@pytest.mark.parametrize("mode", [Survey.Mode.OPEN, Survey.Mode.IDENTIFIED])
def test_an_opened_wave_freezes_its_promise(mode: str) -> None:
    wave = make_wave(make_survey(mode=mode))
    with organization_scope(wave.organization_id):
        promise = Promise.objects.get(wave=wave)
    words = promise_text(mode, _floors())
    assert (promise.mode, promise.text_en) == (mode, words.en)
    assert promise.digest == promise_digest(mode, _floors())


@pytest.mark.parametrize("mode", sorted(actions.WITH_CREDENTIALS))
def test_a_survey_with_credentials_is_not_opened_without_groups(mode: str) -> None:
    survey = make_survey(mode=mode)
    make_form(survey)
    with (
        pytest.raises(actions.NeedsGroups),
        organization_scope(survey.organization_id),
    ):
        actions.open_wave(survey=survey, at=NOW)
    with organization_scope(survey.organization_id):
        assert not Wave.objects.exists()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_respondents_are_shown_what_was_promised_at_launch(language: str) -> None:
    """Whatever the words of the promise become later, this wave keeps its own."""
    wave = make_wave()
    frozen = {"en": "As it was promised then.", "zh-hans": "当时的承诺。"}
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE surveys_promise DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE surveys_promise NO FORCE ROW LEVEL SECURITY")
        cursor.execute(
            "UPDATE surveys_promise SET text_en = %s, text_zh_hans = %s",
            list(frozen.values()),
        )
        cursor.execute("ALTER TABLE surveys_promise FORCE ROW LEVEL SECURITY")
        cursor.execute("ALTER TABLE surveys_promise ENABLE TRIGGER USER")
    assert frozen[language] in page_of(wave, language)


def test_waves_from_before_keep_the_standard_text() -> None:
    wave = make_wave()
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE surveys_promise DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE surveys_promise NO FORCE ROW LEVEL SECURITY")
        cursor.execute("DELETE FROM surveys_promise")
        cursor.execute("ALTER TABLE surveys_promise FORCE ROW LEVEL SECURITY")
        cursor.execute("ALTER TABLE surveys_promise ENABLE TRIGGER USER")
    assert "Everybody who has this link can answer." in page_of(wave, "en")


def page_of(wave: Wave, language: str) -> str:
    address = f"/s/{wave.pk}/{language}/"
    return html.unescape(Client().get(address, follow=True).content.decode())


def _floors() -> Thresholds:
    return Thresholds()
