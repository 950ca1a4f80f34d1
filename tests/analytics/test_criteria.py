"""Business outcomes beside trust: by row, by date, told only where it was promised."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import pytest

from analytics import plain
from analytics.criteria import (
    CriteriaFacts,
    CriteriaPart,
    Known,
    OutcomeBeside,
    ScaleBeside,
    Window,
    beside,
    criteria_of,
)
from analytics.criteria_reading import read_criteria
from analytics.files.document import Heading, Words, chapter_of
from analytics.plan import Text
from analytics.psychometrics import scale_scores
from analytics.release_sections.criteria import (
    criteria_shown,
    grid_said,
    relation_said,
    window_said,
)
from analytics.responses import load_wave_answers
from analytics.results import Absent, Figure
from analytics.sentences.criteria import CRITERIA
from analytics.thresholds import DRIVERS_N, GRID_P
from surveys import actions
from surveys.models import (
    Criterion,
    CriterionValue,
    CriterionWindow,
    Invitation,
    Participant,
    Survey,
    Wave,
)
from surveys.tenancy import organization_scope
from tests.analytics.driver_samples import known as sample
from tests.analytics.test_driver_readings import CAUSAL, CAUSAL_ZH
from tests.factories import (
    NOW,
    close_for_good,
    make_form,
    make_organization,
    make_survey,
)
from tests.released import answer_in
from tests.surveys.test_criteria import make_criterion

REFERENCE = json.loads(
    Path(__file__).with_name("business_outcomes.json").read_text("utf-8")
)
WINDOW = Window(1, 90, "highest", "2026-11-01", "2027-01-30", over=True)
NAME = Text("Bought again", "再次购买")
LANGUAGES = ("en", "zh-hans")


# ------------------------------------------------------------------------- numbers


def reference_data() -> tuple[np.ndarray[Any, Any], ...]:
    """The same 60 people as in business_outcomes.R."""
    i = np.arange(60)
    x = (i * 7) % 11 / 2
    y = (((i * 5) % 13) + x > 8).astype(float)
    return x, y, (i * 3) % 17 - 2 * x


def test_numbers_agree_with_r() -> None:
    """Closed forms and Newton's steps to 1e-9: equal to what R prints."""
    x, y, z = reference_data()
    of_yes = beside(x, y, "X", binary=True)
    of_number = beside(x, z, "X", binary=False)
    for found, key in ((of_yes, "r"), (of_number, "number")):
        assert isinstance(found.r, Figure)
        told = [found.r.estimate, found.r.low, found.r.high, found.p]
        assert told == pytest.approx(REFERENCE[key], rel=1e-9)
    assert isinstance(of_yes.odds, Figure)
    odds = [of_yes.odds.estimate, of_yes.odds.low, of_yes.odds.high]
    assert odds == pytest.approx(REFERENCE["odds"], rel=1e-6)
    assert of_number.odds is None


def outcome(values: Sequence[float] | np.ndarray[Any, Any], **changed: Any) -> Known:
    later = np.asarray(values, dtype=np.float64)
    row: dict[str, Any] = {
        "code": "REPURCHASE",
        "name": NAME,
        "kind": "binary",
        "direction": "more",
        "later": later,
        "earlier": np.full(len(later), np.nan),
    }
    return Known(**(row | changed))


def yes_no(matched: int = 200, seed: int = 3) -> np.ndarray[Any, Any]:
    """Yes more often where competence is higher; nobody beyond `matched` has a value."""
    now, _ = sample()
    scores = scale_scores(now.data, now.plan.scales[0].item_codes)
    noise = np.random.default_rng(seed).standard_normal(now.data.n)
    values = (scores - scores.mean() + noise > 0).astype(float)
    values[matched:] = np.nan
    found: np.ndarray[Any, Any] = values
    return found


def part(*known: Known, window: Window = WINDOW) -> CriteriaPart:
    now, report = sample()
    return criteria_of(now, report, CriteriaFacts(window, known))


def test_who_has_no_value_is_left_out_and_counted() -> None:
    now, _ = sample()
    values = yes_no()
    (found,) = part(outcome(values)).outcomes
    assert (found.matched, found.total) == (200, now.data.n)
    assert found.yes == np.nansum(values)
    for one in now.plan.scales:
        scores = scale_scores(now.data, one.item_codes)[:200]
        r = found.scales[one.code].r
        assert isinstance(r, Figure)
        naive = np.corrcoef(scores, values[:200])[0, 1]
        assert r.estimate == pytest.approx(naive, abs=1e-12)
        assert r.n == 200


def test_the_order_of_the_people_changes_nothing_but_their_pairs_do() -> None:
    values = yes_no()
    (straight,) = part(outcome(values)).outcomes
    (turned,) = part(outcome(values[::-1].copy())).outcomes
    first, second = (one.scales["BT.COM"].r for one in (straight, turned))
    assert isinstance(first, Figure)
    assert isinstance(second, Figure)
    assert first.estimate > 0.3
    assert abs(second.estimate) < 0.2


@pytest.mark.parametrize("matched", [DRIVERS_N - 1, DRIVERS_N, DRIVERS_N + 1])
def test_numbers_begin_at_twenty_matched(matched: int) -> None:
    (found,) = part(outcome(yes_no(matched))).outcomes
    enough = matched >= DRIVERS_N
    assert (found.reason is None) == enough
    assert bool(found.scales) == enough
    assert (found.yes is not None) == enough


def test_an_outcome_that_all_share_has_a_reason_and_no_number() -> None:
    now, _ = sample()
    (found,) = part(outcome(np.ones(now.data.n))).outcomes
    one = found.scales["BT.COM"]
    assert isinstance(one.r, Absent)
    assert isinstance(one.odds, Absent)
    assert one.p is None


def test_yes_counted_up_is_a_number() -> None:
    summed = replace(WINDOW, take="sum")
    (found,) = part(outcome(yes_no()), window=summed).outcomes
    assert found.kind == "number"
    assert found.yes is None
    assert found.scales["BT.COM"].odds is None


def test_later_and_earlier_stand_apart_and_only_later_is_tested() -> None:
    values = yes_no()
    later, earlier = part(outcome(values, earlier=values)).outcomes
    assert (later.when, earlier.when) == ("later", "earlier")
    assert all(one.holm is not None for one in later.scales.values())
    assert all(one.holm is None for one in earlier.scales.values())


def test_no_value_at_all_is_a_sentence() -> None:
    now, _ = sample()
    found = part(outcome(np.full(now.data.n, np.nan)))
    assert found.outcomes == ()
    assert found.reason is not None
    assert found.reason.code == "criteria_no_values"


def test_the_part_is_read_back_as_it_was_written() -> None:
    found = part(outcome(yes_no()))
    text = json.dumps(plain.to_plain(found), allow_nan=False)
    assert plain.from_plain(CriteriaPart, json.loads(text)) == found


# ------------------------------------------------------------------------- sentences


def told(low: float, high: float, kind: str = "number", holm: float = 0.01) -> Any:
    r = Figure((low + high) / 2, low, high, 50, "")
    one = OutcomeBeside(
        "SPEND",
        Text("Spend", "消费"),
        kind,  # type: ignore[arg-type]
        "more",
        "later",
        50,
        60,
        None,
        {"T": ScaleBeside(r, None, 0.01, holm)},
        None,
    )
    return CriteriaPart(WINDOW, (one,), {"T": Text("Trust", "信任")}, None), one


@pytest.mark.parametrize(
    ("low", "high", "kind", "code"),
    [
        (0.001, 0.4, "number", "criteria_more"),
        (0.0, 0.4, "number", "criteria_open"),
        (-0.001, 0.4, "number", "criteria_open"),
        (-0.4, 0.0, "number", "criteria_open"),
        (-0.4, -0.001, "number", "criteria_less"),
        (0.001, 0.4, "binary", "criteria_yes_more"),
        (-0.4, -0.001, "binary", "criteria_yes_less"),
        (-0.4, 0.1, "binary", "criteria_open"),
    ],
)
def test_the_interval_decides_what_is_said(
    low: float, high: float, kind: str, code: str
) -> None:
    assert [one.code for one in relation_said(*told(low, high, kind))] == [code]


def test_a_single_test_needs_no_correction_and_two_do() -> None:
    whole, one = told(0.1, 0.4)
    assert grid_said(whole) == []
    under, at = (
        replace(one, scales={"T": replace(one.scales["T"], holm=p)})
        for p in (GRID_P - 1e-9, GRID_P)
    )
    (said,) = grid_said(replace(whole, outcomes=(under, at)))
    assert (said.params["stand"], said.params["count"]) == (1, 2)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_of_the_section(language: str) -> None:
    values = yes_no()
    known = outcome(values, earlier=values, direction="less")
    found = criteria_shown(part(known), language)
    assert found is not None
    later, earlier = found.outcomes
    assert later.table is not None
    assert len(later.table.rows) == 4
    assert len(later.table.rows[0].cells) == len(earlier.table.rows[0].cells) + 1  # type: ignore[union-attr]
    known_already = CRITERIA["criteria_earlier"][language == "zh-hans"]
    assert known_already in earlier.sentences
    assert known_already not in later.sentences
    welcome = CRITERIA["criteria_welcome_less"][language == "zh-hans"]
    assert welcome in later.sentences
    assert criteria_shown(None, language) is None


def test_a_window_that_is_not_over_says_so() -> None:
    assert len(window_said(WINDOW, "en")) == 1
    codes = [one.code for one in window_said(replace(WINDOW, over=False), "en")]
    assert codes == ["criteria_window", "criteria_window_open"]


@pytest.mark.parametrize("code", CRITERIA)
def test_no_word_says_that_one_thing_makes_another(code: str) -> None:
    english, chinese = CRITERIA[code]
    assert not CAUSAL.search(english)
    assert not CAUSAL_ZH.search(chinese)


# ------------------------------------------------------------------ from the database

CLOSED = NOW.date()


def make_known_people(number: int, *, told: bool = True) -> Wave:
    """An ended identified wave whose people are customers C-0, C-1, ..."""
    organization = make_organization()
    survey = make_survey(organization, mode=Survey.Mode.IDENTIFIED)
    make_form(survey)
    with organization_scope(organization.pk):
        Survey.objects.filter(pk=survey.pk).update(joins_outcomes=told)
        survey.refresh_from_db()
        wave = actions.open_wave(survey=survey, at=NOW)
        invited = [
            Invitation.objects.create(
                organization=organization,
                wave=wave,
                participant=Participant.objects.create(
                    organization=organization, key=f"C-{place}"
                ),
                channel=Invitation.Channel.NONE,
            )
            for place in range(number)
        ]
    for place, one in enumerate(invited):
        points = [
            min(i.high, max(i.low, i.low + (place + at) % (i.high - i.low + 1)))
            for at, i in enumerate(wave.form.asked().items)
        ]
        answer_in(wave, None, points, key=one.pk)
    close_for_good(wave)
    with organization_scope(organization.pk):
        return Wave.objects.select_related("survey", "form", "organization").get(
            pk=wave.pk
        )


def give(wave: Wave, criterion: Criterion, number: str, day: int, value: float) -> None:
    with organization_scope(wave.organization_id):
        CriterionValue.objects.create(
            organization_id=wave.organization_id,
            participant=Participant.objects.get(key=number),
            criterion=criterion,
            kind=criterion.kind,
            date=CLOSED + timedelta(days=day),
            value=value,
        )


def choose(wave: Wave, take: str, first: int = 1, last: int = 30) -> None:
    with organization_scope(wave.organization_id):
        CriterionWindow.objects.filter(survey=wave.survey_id).delete()
        CriterionWindow.objects.create(
            organization_id=wave.organization_id,
            survey_id=wave.survey_id,
            first_day=first,
            last_day=last,
            take=take,
        )


def read(wave: Wave, at: datetime = NOW) -> CriteriaFacts | None:
    with organization_scope(wave.organization_id):
        now = load_wave_answers(wave, wave.form.asked(), seed=1)
        return read_criteria(wave, now, at=at)


def by_number(wave: Wave, column: Any) -> dict[str, float]:
    """Values of a column by customer number, through the ids of the answers."""
    with organization_scope(wave.organization_id):
        keys = Invitation.objects.filter(wave=wave).order_by("pk")
        numbers = list(keys.values_list("participant__key", flat=True))
    return {
        n: float(v) for n, v in zip(numbers, column, strict=True) if not np.isnan(v)
    }


def test_dates_decide_what_is_later_and_nobody_gets_anothers_value(
    database: None,
) -> None:
    wave = make_known_people(8)
    spend = make_criterion(wave.organization, "SPEND", "number")
    choose(wave, "last", first=2)
    for place, day in enumerate((-31, -30, 0, 1, 2, 30, 31)):
        give(wave, spend, f"C-{place}", day, 100.0 + place)
    facts = read(wave)
    assert facts is not None
    (known,) = facts.known
    assert by_number(wave, known.earlier) == {"C-1": 101.0, "C-2": 102.0}
    # day 1 lies between the answers and a window that begins on day 2
    assert by_number(wave, known.later) == {"C-4": 104.0, "C-5": 105.0}
    assert facts.window == Window(
        2,
        30,
        "last",
        CLOSED.isoformat(),
        (CLOSED + timedelta(days=30)).isoformat(),
        over=False,
    )
    for days, over in ((30, False), (31, True)):
        found = read(wave, NOW + timedelta(days=days))
        assert found is not None
        assert found.window is not None
        assert found.window.over is over


@pytest.mark.parametrize(
    ("take", "value"), [("last", 2.0), ("highest", 5.0), ("sum", 8.0)]
)
def test_of_several_values_the_choice_decides(
    database: None, take: str, value: float
) -> None:
    wave = make_known_people(2)
    spend = make_criterion(wave.organization, "SPEND", "number")
    choose(wave, take)
    for day, one in ((3, 1.0), (9, 2.0), (5, 5.0)):
        give(wave, spend, "C-1", day, one)
    facts = read(wave)
    assert facts is not None
    assert by_number(wave, facts.known[0].later) == {"C-1": value}


def test_people_who_were_not_told_are_never_joined(database: None) -> None:
    wave = make_known_people(2, told=False)
    buys = make_criterion(wave.organization)
    choose(wave, "last")
    give(wave, buys, "C-0", 3, 1.0)
    assert read(wave) is None
    with organization_scope(wave.organization_id):
        # whatever the survey promises to later waves
        Survey.objects.filter(pk=wave.survey_id).update(joins_outcomes=True)
        wave.survey.refresh_from_db()
    facts = read(wave)
    assert facts is not None
    assert facts.known == ()
    assert facts.reason is not None
    assert facts.reason.code == "criteria_not_told"


def test_without_a_window_nothing_is_joined(database: None) -> None:
    wave = make_known_people(2)
    give(wave, make_criterion(wave.organization), "C-0", 3, 1.0)
    facts = read(wave)
    assert facts is not None
    assert facts.known == ()
    assert facts.reason is not None
    assert facts.reason.code == "criteria_no_window"


def test_other_modes_have_no_use_of_outcomes(database: None) -> None:
    wave = make_known_people(2)
    now = sample()[0]
    for mode in ("open", "anonymous", "confidential"):
        other = Wave(pk=uuid4(), joins_outcomes=True, survey=Survey(mode=mode))
        with organization_scope(wave.organization_id):
            assert read_criteria(other, now) is None
    assert date.fromisoformat(WINDOW.closed) < date.fromisoformat(WINDOW.until)


@pytest.mark.parametrize("language", LANGUAGES)
def test_files_of_a_release_hold_the_outcomes_too(language: str) -> None:
    found = criteria_shown(part(outcome(yes_no())), language)
    assert found is not None
    blocks = chapter_of("loyalty", "What goes with loyalty", found).blocks
    words = {block.text for block in blocks if isinstance(block, Words)}
    assert {found.foot, *found.sentences} <= words
    for one in found.outcomes:
        assert set(one.sentences) <= words
        assert one.table in blocks
        assert one.title in {each.text for each in blocks if isinstance(each, Heading)}
