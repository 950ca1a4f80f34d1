"""Quotas: so many answers of each value and no more, and nothing of whoever is too many."""

import threading
from collections import Counter
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connections
from django.test import Client

from surveys.collect.intake import OpenedWave, Receipt, find_wave, receive
from surveys.definition import decode_answers
from surveys.models import Comment, Response, Survey, Wave
from surveys.tenancy import organization_scope
from tests.factories import (
    answer_address,
    every_kind_form,
    make_form,
    make_survey,
    make_wave,
)
from tests.surveys.asked import make_asked

pytestmark = pytest.mark.usefixtures("database")

YES, NO = {"ALL.B1": "1"}, {"ALL.B1": "2"}
QUESTION = "ALL.B1"


def wave_with(quotas: dict[str, dict[str, int]], **settings: Any) -> Wave:
    """An open wave that asks one question of every kind, with these quotas."""
    survey = make_survey()
    make_form(survey, asks=every_kind_form())
    with organization_scope(survey.organization_id):
        Survey.objects.filter(pk=survey.pk).update(quotas=quotas, **settings)
        survey.refresh_from_db()
    return make_wave(survey)


def known(wave: Wave) -> OpenedWave:
    found = find_wave(wave.pk)
    assert found is not None
    return found


def answer(wave: OpenedWave, fields: dict[str, str], language: str = "en") -> Receipt:
    answers = decode_answers(wave.form, fields)
    return receive(wave, key=uuid4(), answers=answers, language=language)


def stored(wave: Wave) -> Counter[Any]:
    """How many answers of each value and language there are."""
    place = [item.code for item in every_kind_form().items].index(QUESTION)
    with organization_scope(wave.organization_id):
        rows = list(Response.objects.filter(wave=wave))
    return Counter((row.answers[place], row.language) for row in rows)


# ---------------------------------------------------------------------- where it counts


def test_the_last_place_is_given_once_however_many_come_at_once() -> None:
    """Forty at once, for five places of those who say yes and two of those who say no."""
    wave = wave_with({QUESTION: {"1": 5, "2": 2}})
    asked = known(wave)
    receipts: list[tuple[str, Receipt, Receipt]] = []
    ready = threading.Barrier(40)

    def send(fields: dict[str, str]) -> None:
        answers, key = decode_answers(asked.form, fields), uuid4()
        ready.wait()
        first = receive(asked, key=key, answers=answers, language="en")
        again = receive(asked, key=key, answers=answers, language="en")
        receipts.append((fields[QUESTION], first, again))
        connections.close_all()

    threads = [
        threading.Thread(target=send, args=[(YES, NO)[n % 2]]) for n in range(40)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(receipts) == {
        ("1", Receipt.STORED, Receipt.SAME): 5,
        ("1", Receipt.ENOUGH, Receipt.ENOUGH): 15,
        ("2", Receipt.STORED, Receipt.SAME): 2,
        ("2", Receipt.ENOUGH, Receipt.ENOUGH): 18,
    }
    assert stored(wave) == {(1, "en"): 5, (2, "en"): 2}


def test_every_quota_that_a_person_falls_into_has_to_have_a_place() -> None:
    wave = wave_with({QUESTION: {"1": 2}, "language": {"zh-hans": 1}})
    asked = known(wave)
    assert asked.enough == frozenset()
    assert answer(asked, YES, "zh-hans") is Receipt.STORED
    assert known(wave).enough == {("language", "zh-hans")}
    assert answer(asked, NO, "zh-hans") is Receipt.ENOUGH
    assert answer(asked, YES, "en") is Receipt.STORED
    assert answer(asked, YES, "en") is Receipt.ENOUGH
    assert known(wave).enough == {("language", "zh-hans"), (QUESTION, "1")}
    # who says no, or nothing, falls into no quota
    assert answer(asked, NO) is answer(asked, {}) is Receipt.STORED
    assert sum(stored(wave).values()) == 4


def test_none_at_all_may_be_wanted() -> None:
    wave = wave_with({QUESTION: {"1": 0}})
    assert answer(known(wave), YES) is Receipt.ENOUGH
    assert answer(known(wave), NO) is Receipt.STORED


def test_a_limit_and_quotas_are_told_apart() -> None:
    wave = wave_with({QUESTION: {"1": 1}}, limit=2)
    asked = known(wave)
    assert answer(asked, YES) is Receipt.STORED
    assert answer(asked, YES) is Receipt.ENOUGH
    assert answer(asked, NO) is Receipt.STORED
    assert answer(asked, NO) is Receipt.FULL


def test_of_whoever_is_too_many_nothing_is_stored() -> None:
    wave = wave_with({QUESTION: {"1": 0}})
    asked = known(wave)
    answers = decode_answers(asked.form, YES)
    texts = {"ALL.B2": "The tea was cold.", "": "And late."}
    found = receive(asked, key=uuid4(), answers=answers, language="en", texts=texts)
    assert found is Receipt.ENOUGH
    with organization_scope(wave.organization_id):
        assert not Response.objects.filter(wave=wave).exists()
        assert not Comment.objects.filter(wave=wave).exists()


def test_a_question_that_is_not_asked_fills_nothing() -> None:
    wave = wave_with({"OLD.X1": {"1": 0}})
    assert known(wave).enough == frozenset()
    assert answer(known(wave), YES) is Receipt.STORED


def test_quotas_of_another_wave_are_neither_counted_nor_seen() -> None:
    ours, theirs = (wave_with({QUESTION: {"1": 1}}) for _ in range(2))
    assert answer(known(theirs), YES) is Receipt.STORED
    assert known(ours).enough == frozenset()
    with connections["collector"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM current_wave_full_quotas(NULL, NULL)")
        assert cursor.fetchone() == (0,)


# ----------------------------------------------------------------------------- the modes


@pytest.mark.parametrize("mode", ["anonymous", "confidential"])
def test_a_promise_knows_no_quotas(mode: str) -> None:
    survey = make_survey(mode=mode)
    make_form(survey, asks=every_kind_form())
    wave = make_wave(survey)
    quotas = {QUESTION: {"1": 9}}
    with (
        pytest.raises(IntegrityError, match="survey_quotas_where_allowed"),
        organization_scope(survey.organization_id),
    ):
        Survey.objects.filter(pk=survey.pk).update(quotas=quotas)
    with (
        pytest.raises(IntegrityError, match="wave_quotas_where_allowed"),
        organization_scope(survey.organization_id),
    ):
        Wave.objects.filter(pk=wave.pk).update(quotas=quotas)


# ------------------------------------------------------------------- what people are told

JSON = {"Accept": "application/json"}
PANEL = {"full": "https://panel.example/full?who={id}"}
TOLD = {
    "en": "Enough people like you have answered",
    "zh-hans": "与您情况相同的受访者已经足够",
}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_whoever_is_too_many_is_told_kindly_and_sent_back(language: str) -> None:
    wave = wave_with({QUESTION: {"1": 0}}, panel=PANEL)
    reply = Client().post(answer_address(wave, language, panel="p-17"), YES)
    shown = reply.content.decode()
    assert reply.status_code == 410
    assert f"<h1>{TOLD[language]}</h1>" in shown
    assert 'content="0;url=https://panel.example/full?who=p-17"' in shown
    said = Client().post(answer_address(wave, language), YES, headers=JSON)
    assert (said.status_code, said.json()["end"]) == (410, "enough")
    assert said.json()["way_back"] == PANEL["full"]
    assert TOLD[language] in said.json()["detail"]
    assert stored(wave) == {}


def test_the_page_knows_what_is_full_before_anything_is_sent() -> None:
    wave = wave_with({QUESTION: {"1": 1, "2": 1}}, panel=PANEL)
    url = answer_address(wave)
    assert 'id="enough"' not in Client().get(url).content.decode()
    assert answer(known(wave), YES) is Receipt.STORED
    shown = Client().get(url).content.decode()
    assert 'data-enough="{&quot;ALL.B1&quot;:[&quot;1&quot;]}"' in shown
    assert 'href="https://panel.example/full?who={id}"' in shown


@pytest.mark.parametrize(("language", "other"), [("en", "zh-hans"), ("zh-hans", "en")])
def test_a_language_of_which_there_is_enough_is_told_at_once(
    language: str, other: str
) -> None:
    wave = wave_with({"language": {language: 0}}, panel=PANEL)
    reply = Client().get(answer_address(wave, language, panel="p1"))
    assert reply.status_code == 410
    assert TOLD[language] in reply.content.decode()
    assert "https://panel.example/full?who=p1" in reply.content.decode()
    page = Client().get(answer_address(wave, other))
    assert (page.status_code, f'value="{language}"' in page.content.decode()) == (
        200,
        False,
    )


def test_a_kiosk_goes_on_with_the_next_person() -> None:
    wave = wave_with({QUESTION: {"1": 0}})
    reply = Client().post(answer_address(wave, kiosk="1"), YES)
    assert f'href="/s/{wave.pk}/?kiosk=1"' in reply.content.decode()
    assert "kiosk" in reply.content.decode().partition("<script")[2]


def test_known_people_are_told_too_and_what_they_sent_before_stays() -> None:
    wave = make_asked(Survey.Mode.IDENTIFIED, (3,))
    with organization_scope(wave.organization_id):
        Wave.objects.filter(pk=wave.pk).update(quotas={"language": {"en": 1}})
        keys = list(wave.invitations.values_list("pk", flat=True))
    first, second = (f"/s/{wave.pk}/en/?r={key}" for key in keys[:2])
    agreed = {"consent": "yes"}
    assert Client().post(first, agreed).status_code == 303
    assert Client().post(second, agreed).status_code == 410
    assert TOLD["en"] in Client().get(second).content.decode()
    # sending the same again is one answer, as without quotas
    assert Client().post(first, agreed, headers=JSON).status_code == 200
