"""The trend of a group: what is compared, what is not, and each sentence at its mark."""

from dataclasses import replace

import pytest

from analytics import plain, thresholds
from analytics.measured import measured_by, sameness
from analytics.plan import Text
from analytics.psychometrics import (
    SampleMoments,
    interrupted_series,
    mean_change,
    recovery,
)
from analytics.release_parts import EVERYONE, BasisPart, Measured
from analytics.results import Absent
from analytics.trend import Shift, TrendEvent, TrendPart
from analytics.trend_making import trend_parts
from tests.analytics.trend_samples import (
    CARE,
    DATES,
    SAME,
    SCALES,
    SKILL,
    TEAM,
    event,
    plan_of_two,
    segments,
    told,
    wave,
)

LEVELS = (
    (60, 5.4, 1.1),
    (58, 5.3, 1.2),
    (55, 4.6, 1.5),
    (61, 4.7, 1.3),
    (57, 5.1, 1.2),
)


def everyones(*waves: BasisPart, events: tuple[TrendEvent, ...] = ()) -> TrendPart:
    """The trend of everyone, the last wave being this one."""
    *earlier, last = waves
    shown = {
        key: {c: (m.n, m.mean, m.variance) for c, m in scales.items()}
        for key, scales in last.moments.items()
    }
    return trend_parts(segments(shown), last, earlier, events)["trend"]


def series(*numbers: int) -> list[BasisPart]:
    return [wave(k, told(LEVELS[k - 1])) for k in numbers]


def shift_of(value: Shift | Absent) -> list[float]:
    assert isinstance(value, Shift)
    return [value.estimate, value.low, value.high]


def reason_of(value: Shift | Absent | None) -> str:
    assert isinstance(value, Absent)
    return value.reason.code


def test_a_step_is_welchs_difference_from_the_wave_before() -> None:
    found = everyones(*series(1, 2, 3)).scales[CARE]
    known = mean_change(SampleMoments(*LEVELS[1]), SampleMoments(*LEVELS[2]))
    assert found.step.since == 2
    assert shift_of(found.step.points) == [
        known.difference.estimate,
        known.difference.low,
        known.difference.high,
    ]
    assert shift_of(found.step.standardized)[0] == known.standardized.estimate


def test_points_have_intervals_and_this_wave_shows_its_published_score() -> None:
    found = everyones(*series(1, 2)).scales[CARE].points
    assert [one.wave for one in found] == [1, 2]
    assert [one.date for one in found] == list(DATES[:2])
    # R: 5.4 + c(-1, 1) * qt(.975, 59) * sqrt(1.1 / 60)
    assert (found[0].low, found[0].high) == pytest.approx(
        (5.129063945015198, 5.670936054984803), rel=1e-9
    )
    assert [one.joined for one in found] == [False, True]


def test_no_number_of_people_leaves_the_waves() -> None:
    part = everyones(*series(1, 2, 3, 4, 5), events=(event("2026-04-10"),))
    stored = str(plain.to_plain(part))
    assert "'n':" not in stored
    for n, *_ in LEVELS:
        assert f" {n}," not in stored


def test_a_first_wave_has_no_step() -> None:
    found = everyones(*series(1)).scales[CARE]
    assert reason_of(found.step.points) == "trend_first"


def test_a_hidden_wave_is_a_gap_and_the_step_reaches_over_it() -> None:
    gap = wave(2, {EVERYONE: {SKILL: (58, 5.0, 1.0)}})
    found = everyones(wave(1, told(LEVELS[0])), gap, wave(3, told(LEVELS[2]))).scales[
        CARE
    ]
    assert found.points[1].reason is not None
    assert found.points[1].reason.code == "trend_hidden"
    assert found.points[1].mean is None
    assert [one.joined for one in found.points] == [False, False, False]
    assert found.step.since == 1


def test_a_scale_that_is_hidden_now_has_no_step() -> None:
    shown = segments({EVERYONE: {CARE: LEVELS[1], SKILL: (60, 5.0, 1.0)}})
    one = shown.segments[0]
    bound = replace(one.scores[CARE], mean=None, low=None, high=None, at_least=6.0)
    shown = replace(shown, segments=(replace(one, scores={**one.scores, CARE: bound}),))
    parts = trend_parts(shown, wave(2, told(LEVELS[1])), [wave(1, told(LEVELS[0]))])
    found = parts["trend"].scales[CARE]
    assert reason_of(found.step.points) == "trend_hidden_now"
    assert found.points[1].mean is None


def test_a_scale_that_was_hidden_before_has_no_step() -> None:
    before = wave(1, {EVERYONE: {SKILL: (60, 5.0, 1.0)}})
    found = everyones(before, wave(2, told(LEVELS[1]))).scales[CARE]
    assert reason_of(found.step.points) == "trend_hidden_before"


def test_answers_that_are_all_alike_are_a_bound_and_no_point() -> None:
    alike = wave(1, told((12, 7.0, 0.0)))
    found = everyones(alike, wave(2, told(LEVELS[1]))).scales[CARE]
    assert found.points[0].mean is None
    assert found.points[0].reason is not None
    assert found.points[0].reason.code == "trend_alike"
    assert reason_of(found.step.points) == "trend_hidden_before"


def test_waves_with_other_items_are_not_joined() -> None:
    other = {CARE: Measured("other items", "words"), SKILL: SAME}
    before = wave(1, told(LEVELS[0]), measured=other)
    found = everyones(before, wave(2, told(LEVELS[1]))).scales
    assert reason_of(found[CARE].step.points) == "trend_changed"
    assert [one.mean is None for one in found[CARE].points] == [False, False]
    assert [one.joined for one in found[CARE].points] == [False, False]
    assert isinstance(found[SKILL].step.points, Shift)


def test_reworded_items_are_joined_and_marked() -> None:
    other = {CARE: Measured("items", "other words"), SKILL: SAME}
    before = wave(1, told(LEVELS[0]), measured=other)
    found = everyones(before, wave(2, told(LEVELS[1]))).scales
    assert found[CARE].step.reworded
    assert found[CARE].points[1].joined
    assert not found[SKILL].step.reworded


def test_a_scale_that_a_wave_did_not_ask_says_so() -> None:
    before = wave(1, {EVERYONE: {SKILL: (60, 5.0, 1.0)}}, measured={SKILL: SAME})
    found = everyones(before, wave(2, told(LEVELS[1]))).scales[CARE]
    assert found.points[0].reason is not None
    assert found.points[0].reason.code == "trend_not_asked"


def test_what_a_scale_asks_is_told_from_its_words() -> None:
    plan = plan_of_two()
    care = plan.scales[0]
    words = replace(care.items[0], text=Text("Another", "另一题"))
    turned = replace(care.items[0], reverse=True)
    known = measured_by(plan)[CARE]

    def with_first(item: object) -> Measured:
        scale = replace(care, items=(item, *care.items[1:]))  # type: ignore[arg-type]
        return measured_by(replace(plan, scales=(scale, plan.scales[1])))[CARE]

    swapped = replace(care, items=care.items[::-1])
    order = measured_by(replace(plan, scales=(swapped, plan.scales[1])))[CARE]
    assert sameness(known, order) == "same"
    assert sameness(known, with_first(words)) == "reworded"
    assert sameness(known, with_first(turned)) == "changed"
    assert sameness(None, known) == "not asked"


def test_before_and_after_an_event_is_the_series_over_all_waves() -> None:
    part = everyones(*series(1, 2, 3, 4, 5), events=(event("2026-04-10"),))
    found = part.scales[CARE].events[0]
    days = [20483 + k for k in (0, 59, 120, 181, 243)]  # 2026-01-30 and later
    known = interrupted_series(
        days, [SampleMoments(*one) for one in LEVELS], days[1] + 11.5
    )
    assert shift_of(found.change)[0] == pytest.approx(known.change.estimate, abs=1e-4)
    assert (found.model, found.waves) == ("level and trend", 5)


def test_with_one_wave_on_each_side_it_is_the_plain_difference() -> None:
    part = everyones(*series(2, 3), events=(event("2026-04-10"),))
    found = part.scales[CARE]
    assert found.events[0].model == "difference"
    assert shift_of(found.events[0].change) == pytest.approx(
        shift_of(found.step.points)
    )


def test_a_wave_on_the_day_of_an_event_is_before_it() -> None:
    on = everyones(*series(2, 3), events=(event(DATES[1]),)).scales[CARE].events[0]
    last = everyones(*series(2, 3), events=(event(DATES[2]),)).scales[CARE].events[0]
    assert on.model == "difference"
    assert reason_of(last.change) == "trend_event_one_side"


def test_a_wave_that_was_open_on_the_day_belongs_to_neither_side() -> None:
    open_then = wave(3, told(LEVELS[2]), opened="2026-05-10")
    waves = [*series(1, 2), open_then, *series(4, 5)]
    spans = everyones(*waves, events=(event("2026-05-12"),)).scales[CARE].events[0]
    before = everyones(*waves, events=(event("2026-05-09"),)).scales[CARE].events[0]
    assert (spans.waves, before.waves) == (4, 5)


def test_events_outside_of_the_waves_are_left_out() -> None:
    events = (event("2025-12-01"), event("2026-02-02"), event("2027-01-01"))
    part = everyones(*series(1, 2), events=events)
    assert [one.date for one in part.events] == ["2026-02-02"]


@pytest.mark.parametrize(("apart", "scattered"), [(0.0, False), (1.5, True)])
def test_scatter_beyond_sampling_is_said(apart: float, scattered: bool) -> None:
    means = (5.0, 5.0 + apart, 5.0, 4.5, 4.5)
    waves = [wave(k + 1, told((60, mean, 1.0))) for k, mean in enumerate(means)]
    part = everyones(*waves, events=(event("2026-06-10"),))
    assert part.scales[CARE].events[0].scattered is scattered


BREACH, REPAIR = event("2026-04-10", "crisis"), event("2026-06-10", "repair")


def test_what_came_back_after_a_breach_is_fiellers_share() -> None:
    part = everyones(*series(1, 2, 3, 5), events=(BREACH, REPAIR))
    (found,) = part.scales[CARE].recovery
    known = recovery(*(SampleMoments(*LEVELS[k]) for k in (1, 2, 4)))
    assert shift_of(found.share) == [known.estimate, known.low, known.high]
    assert (found.breach, found.repair) == (0, 1)


def test_a_recovery_needs_a_wave_before_and_one_between() -> None:
    late = everyones(*series(3, 5), events=(event("2026-06-01", "crisis"),))
    assert late.scales[CARE].recovery == ()  # no repair yet
    opened = wave(1, told(LEVELS[0]), opened="2026-01-10")
    first = event("2026-01-15", "crisis")
    part = everyones(
        opened, *series(2, 3), events=(first, event("2026-05-01", "repair"))
    )
    assert reason_of(part.scales[CARE].recovery[0].share) == "trend_recovery_no_before"
    part = everyones(*series(1, 2, 5), events=(BREACH, REPAIR))
    assert reason_of(part.scales[CARE].recovery[0].share) == "trend_recovery_no_between"


def test_a_wave_that_opened_before_the_repair_cannot_tell() -> None:
    last = wave(5, told(LEVELS[4]), opened=REPAIR.date)
    part = everyones(*series(1, 2, 3), last, events=(BREACH, REPAIR))
    assert reason_of(part.scales[CARE].recovery[0].share) == "trend_recovery_too_soon"
    last = replace(last, opened="2026-06-11")
    part = everyones(*series(1, 2, 3), last, events=(BREACH, REPAIR))
    assert isinstance(part.scales[CARE].recovery[0].share, Shift)


def test_an_unclear_drop_has_no_recovery() -> None:
    flat = wave(3, told((55, 5.25, 1.5)))
    part = everyones(*series(1, 2), flat, *series(5), events=(BREACH, REPAIR))
    assert reason_of(part.scales[CARE].recovery[0].share) == "no-drop"


def of_team(invited: int, joined: int | None, left: int | None) -> str:
    now = told(LEVELS[1], team=(15, 5.0, 1.0))
    before = wave(1, told(LEVELS[0], team=(16, 5.2, 1.0)))
    changed = {"invited": invited, "joined": joined, "left": left}
    parts = trend_parts(segments(now, sales=changed), wave(2, now), [before])
    mixing = parts[f"trend/{TEAM}"].mixing
    return "" if mixing is None else mixing.text("en")


def test_one_person_who_left_a_small_group_is_said() -> None:
    small, larger = thresholds.SMALL_N - 1, thresholds.SMALL_N
    assert "0 joined and 1 left" in of_team(small, 0, 1)
    assert of_team(larger, 0, 1) == ""
    assert of_team(small, 0, 0) == ""
    assert of_team(small, None, None) == ""


def test_a_tenth_who_came_or_left_is_said_in_any_group() -> None:
    assert of_team(100, 5, 4) == ""
    assert "5 joined and 5 left" in of_team(100, 5, 5)


def test_units_below_come_with_their_own_steps_and_trend() -> None:
    now = told(LEVELS[1], team=(15, 5.0, 1.0))
    before = wave(1, told(LEVELS[0], team=(16, 5.2, 1.0)))
    parts = trend_parts(segments(now), wave(2, now), [before])
    (child,) = parts["trend"].children
    assert child.key == TEAM
    assert child.steps[CARE] == parts[f"trend/{TEAM}"].scales[CARE].step
    assert set(child.steps) == {CARE}


def test_a_hidden_group_has_no_trend() -> None:
    now = {**told(LEVELS[1]), TEAM: {}}
    parts = trend_parts(segments(now), wave(2, now), series(1))
    assert list(parts) == ["trend"]


def test_a_part_survives_being_stored() -> None:
    part = everyones(*series(1, 2, 3, 5), events=(BREACH, REPAIR))
    assert plain.from_plain(TrendPart, plain.to_plain(part)) == part


def test_order_and_later_waves_do_not_matter() -> None:
    """A trend is made of this wave and those before, however they are handed in."""
    one, two, three, four = series(1, 2, 3, 4)
    shown = segments(
        {EVERYONE: {c: LEVELS[2] if c == CARE else (60, 5.0, 1.0) for c in SCALES}}
    )
    known = trend_parts(shown, three, [one, two])
    assert trend_parts(shown, three, [two, one]) == known
    assert trend_parts(shown, three, [two, one, four]) == known
