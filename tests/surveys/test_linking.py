"""Linked waves: what is kept, what is told, and the match rate counted by hand."""

from hashlib import sha256
from uuid import uuid4

import pytest

from surveys import actions
from surveys.collect.intake import Beside, Receipt, find_wave, receive
from surveys.collect.sealed import Sheet
from surveys.fieldwork.linking import Match, matches_of
from surveys.mixing import close_issuing, finish, flush
from surveys.models import Promise, Response, Survey, Wave
from surveys.promise import LINKING, Thresholds, promise_digest
from surveys.tenancy import organization_scope
from tests.factories import NOW, make_form, make_survey, make_wave
from tests.surveys.promised import (
    cell,
    cells_of,
    codes,
    collected,
    launch,
    obtain,
    public_key_of,
    submit,
)

pytestmark = pytest.mark.usefixtures("database")


def linking_survey(mode: str = Survey.Mode.OPEN) -> Survey:
    survey = make_survey(mode=mode)
    with organization_scope(survey.organization_id):
        Survey.objects.filter(pk=survey.pk).update(links_waves=True)
        survey.refresh_from_db()
    make_form(survey)
    return survey


def pseudonym(person: str) -> bytes:
    return sha256(person.encode()).digest()


def answered(survey: Survey, people: str) -> Wave:
    """A closed wave: one answer a letter, `-` for people who link nothing."""
    wave = make_wave(survey)
    asked = find_wave(wave.pk)
    assert asked is not None
    for person in people:
        beside = Beside() if person == "-" else Beside(pseudonym(person))
        answers = tuple([3] * asked.form.item_count)
        receive(asked, key=uuid4(), answers=answers, language="en", beside=beside)
    with organization_scope(survey.organization_id):
        actions.close_wave(wave_id=wave.pk, at=NOW)
        return Wave.objects.get(pk=wave.pk)


def matches(*waves: Wave) -> list[Match | None]:
    with organization_scope(waves[0].organization_id):
        found = matches_of(waves)
    return [found.get(wave.pk) for wave in waves]


def test_the_match_rate_is_the_one_counted_by_hand() -> None:
    """Of "abcdexy--" those in "abcdefgh-" are a, b, c, d, e: 5 of 9, 56 %.

    Of "xyab-" those in "abcdexy--" are x, y, a, b: four, which are not told.
    Of "mnopq" none were in the wave before; a and b in the first wave do not count.
    """
    survey = linking_survey()
    waves = [
        answered(survey, people)
        for people in ("abcdefgh-", "abcdexy--", "xyab-", "mno")
    ]
    assert matches(*waves) == [None, Match(9, 5), Match(5, None), Match(3, 0)]
    assert Match(9, 5).percent == 56
    assert Match(5, None).percent is None


def test_an_answer_with_two_partners_counts_once() -> None:
    survey = linking_survey()
    waves = [answered(survey, "aabcdef"), answered(survey, "abbcdefz")]
    assert matches(*waves)[1] == Match(8, 7)


def test_nothing_is_told_while_a_wave_is_open_or_where_nothing_is_linked() -> None:
    survey = linking_survey()
    first = answered(survey, "abcdef")
    opened = make_wave(survey)
    assert matches(first, opened) == [None, None]
    plain = make_survey()
    assert matches(answered(plain, "---"), answered(plain, "---")) == [None, None]


def test_the_promise_says_it_and_its_digest_binds_it() -> None:
    wave = make_wave(linking_survey())
    with organization_scope(wave.organization_id):
        promise = Promise.objects.get(wave=wave)
    assert promise.text("en").endswith(LINKING.en)
    assert promise.text("zh-hans").endswith(LINKING.zh_hans)
    plain = promise_digest("open", Thresholds())
    assert promise.digest == promise_digest("open", Thresholds(), links_waves=True)
    assert promise.digest != plain


def test_a_pseudonym_goes_through_mixing_with_its_answers() -> None:
    wave = launch([cell(12)], survey=linking_survey(Survey.Mode.ANONYMOUS))
    (team,) = cells_of(wave)
    asked = collected(wave)
    assert asked.study == wave.survey_id
    key = public_key_of(asked, team)
    for number, code in enumerate(codes(wave, team)):
        own = pseudonym(code) if number % 2 else None
        answers = tuple([1 + number % 3] * asked.form.item_count)
        filled = Sheet(code.encode(), answers, "en", {}, own)
        assert submit(asked, obtain(wave, code, key), filled) is Receipt.STORED
        if number == 10:
            assert flush(wave.pk)
    assert close_issuing(wave.organization_id, wave.pk, at=NOW)
    assert finish(wave.pk)
    with organization_scope(wave.organization_id):
        kept = Response.objects.values_list("answers", "pseudonym")
        found = {(row[0], bytes(own) if own else None) for row, own in kept}
    expected = {
        (1 + number % 3, pseudonym(code) if number % 2 else None)
        for number, code in enumerate(codes(wave, team))
    }
    assert found == expected


def test_a_wave_that_links_nothing_drops_a_pseudonym() -> None:
    wave = launch([cell(8)])
    (team,) = cells_of(wave)
    asked = collected(wave)
    code = codes(wave, team)[0]
    filled = Sheet(b"body", tuple([3] * asked.form.item_count), "en", {}, bytes(32))
    held = obtain(wave, code, public_key_of(asked, team))
    assert submit(asked, held, filled) is Receipt.STORED
    close_issuing(wave.organization_id, wave.pk, at=NOW)
    finish(wave.pk)
    with organization_scope(wave.organization_id):
        assert [r.pseudonym for r in Response.objects.all()] == [None]
