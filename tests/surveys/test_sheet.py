"""The sheet about an anonymous wave: what stands on it, and who gets it."""

import html
import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from surveys.credentials import fingerprint
from surveys.definition import LANGUAGES, Text
from surveys.fieldwork.sheet import CHECKS, KEEPS, WORDS, Sheet, sheet
from surveys.models import Organization, Promise, Survey, Wave
from surveys.models.people import Role
from surveys.promise import Thresholds, promise_text
from surveys.remains import remains
from surveys.tenancy import organization_scope
from tests.attack.people import quick_keys
from tests.factories import (
    NOW,
    make_form,
    make_member,
    make_organization,
    make_survey,
    make_wave,
    signed_in,
)
from tests.surveys.promised import cell, launch
from tests.surveys.test_printing import pages_of, squeezed

MANIFEST = json.dumps({"client": "c0ffee" * 10, "cells": [{"invited": 23}] * 2})
HERE = "https://trust.example.org/s/7b0c8c0e-0f7e-4a4e-9a53-0a8c3a1d9d11/"


def about(**changed: Any) -> Sheet:
    return Sheet(
        **{
            "organization": "Harbour Tea 港湾茶",
            "title": Text("Trust in Harbour Tea", "我们信任港湾茶吗"),
            "label": "3",
            "promise": promise_text("anonymous", Thresholds(), links_waves=True),
            "manifest": MANIFEST,
            "addresses": {
                "survey": HERE,
                "manifest": f"{HERE}manifest.json",
                "counts": f"{HERE}counts/",
            },
            **changed,
        }
    )


@pytest.mark.parametrize(("at", "language"), list(enumerate(LANGUAGES)))
def test_each_language_has_a_page_with_everything(at: int, language: str) -> None:
    pages = pages_of(sheet(about()))
    assert len(pages) == len(LANGUAGES)
    with translation.override(language):
        left = remains()
    texts = [
        *(text for name, text in WORDS.items() if name != "wave"),
        *(text for name, says, _ in CHECKS for text in (name, says)),
        *(text for row in KEEPS for text in row),
        about().promise,
        about().title,
    ]
    for said in [*left, *(text.in_(language) for text in texts)]:
        assert squeezed(said.replace("{invited}", "46")) in pages[at], said
    for value in (
        fingerprint(MANIFEST.encode()),
        "c0ffee" * 10,
        HERE,
        f"{HERE}manifest.json",
        f"{HERE}counts/",
    ):
        assert value in pages[at]


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_language_is_one_page_without_the_other(language: str) -> None:
    (page,) = pages_of(sheet(about(languages=(language,))))
    other = next(one for one in LANGUAGES if one != language)
    assert squeezed(WORDS["heading"].in_(language)) in page
    assert squeezed(WORDS["heading"].in_(other)) not in page


def test_the_longest_names_keep_to_one_page_for_each_language() -> None:
    long = Text("Trust among us " * 13, "我们之间的信任" * 28)
    pdf = sheet(about(title=long, organization="Harbour Tea " * 16))
    assert len(pages_of(pdf)) == len(LANGUAGES)


def test_names_cannot_bring_markup() -> None:
    rude = '#panic("x") *bold* $x$ \\'
    for page in pages_of(sheet(about(title=Text(rude, rude)))):
        assert '#panic("x")*bold*$x$\\' in page


def test_a_list_from_before_the_client_was_named_has_no_digest() -> None:
    old = json.dumps({"cells": [{"invited": 9}]})
    pages = pages_of(sheet(about(manifest=old)))
    assert "(9inall)" in pages[0]


@pytest.fixture
def wave(database: None, organization: Organization) -> Wave:
    survey = make_survey(organization, mode=Survey.Mode.ANONYMOUS)
    make_form(survey)
    with quick_keys():
        return launch([cell(8), cell(9, printed=True)], survey=survey)


def ask(
    organization: Organization, key: Any, role: Role = Role.OWNER, after: str = ""
) -> Any:
    member = make_member(organization, email=f"{role}@example.org", role=role)
    return signed_in(member).get(reverse("surveys:sheet", args=[key]) + after)


def test_it_says_what_the_respondents_page_says(
    organization: Organization, wave: Wave
) -> None:
    reply = ask(organization, wave.pk)
    assert reply["Content-Type"] == "application/pdf"
    assert "no-store" in reply["Cache-Control"]
    with organization_scope(organization.pk):
        frozen = Promise.objects.get(wave=wave)
    for language, page in zip(LANGUAGES, pages_of(reply.content), strict=True):
        theirs = Client().get(f"/s/{wave.pk}/{language}/").content.decode()
        with translation.override(language):
            left = remains()
        words = fingerprint(frozen.manifest.encode())
        for said in (frozen.text(language), words, *left):
            assert said in html.unescape(theirs)
            assert squeezed(said) in page
        assert f"/s/{wave.pk}/counts/" in page
        assert json.loads(frozen.manifest)["client"] in page
        assert "17" in page


def test_it_can_be_had_in_one_language(organization: Organization, wave: Wave) -> None:
    (page,) = pages_of(ask(organization, wave.pk, after="?language=zh-hans").content)
    assert squeezed(WORDS["heading"].zh_hans) in page


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.OWNER, 200),
        (Role.FIELDWORKER, 200),
        (Role.ANALYST, 403),
        (Role.AUDITOR, 403),
    ],
)
def test_fieldworkers_and_owners_get_it_and_see_the_way_there(
    organization: Organization, wave: Wave, role: Role, status: int
) -> None:
    assert ask(organization, wave.pk, role).status_code == status
    member = make_member(organization, email="other@example.org", role=role)
    page = signed_in(member).get(reverse("surveys:wave", args=[wave.pk]))
    link = reverse("surveys:sheet", args=[wave.pk])
    assert (link in page.content.decode()) is (status == 200)


def test_it_stays_when_the_wave_is_over(organization: Organization, wave: Wave) -> None:
    with organization_scope(organization.pk):
        Wave.objects.filter(pk=wave.pk).update(state="grace", closed_at=NOW)
    assert ask(organization, wave.pk).status_code == 200


def test_others_do_not_get_it(wave: Wave) -> None:
    assert ask(make_organization("Hill Coffee"), wave.pk).status_code == 404


def test_only_anonymous_waves_have_one(
    database: None, organization: Organization
) -> None:
    opened = make_wave(make_survey(organization))
    assert ask(organization, opened.pk).status_code == 404


def test_a_wave_without_its_six_words_has_none_yet(
    database: None, organization: Organization
) -> None:
    early = make_wave(make_survey(organization, mode=Survey.Mode.ANONYMOUS))
    assert ask(organization, early.pk).status_code == 404


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "This browser runs no JavaScript, and without it a link"),
        ("zh-hans", "此浏览器没有运行 JavaScript，因此无法使用邀请函中的链接。"),
    ],
)
def test_without_javascript_the_page_says_whom_to_ask(
    wave: Wave, language: str, said: str
) -> None:
    page = Client().get(f"/s/{wave.pk}/{language}/").content.decode()
    hidden = [part.partition("</noscript>")[0] for part in page.split("<noscript>")[1:]]
    assert any(said in part for part in hidden)
