"""Careless and missing answers of a wave, and what is told of them."""

import json
from dataclasses import replace

import numpy as np
import pytest

from analytics import plain, thresholds
from analytics.careless import (
    BAND_ENDS,
    flagged,
    people_of,
    percent_of,
    signs_of,
)
from analytics.psychometrics import cronbach_alpha, mean_interval, moments, scale_scores
from analytics.quality import QualityPart, quality_of
from analytics.quality_results import BothWays, ScaleBothWays
from analytics.release_parts import Count, WaveAnswers
from analytics.results import Absent, Figure
from analytics.sentences import say
from analytics.with_without import WithWithout, changed
from tests.analytics import samples
from tests.analytics.quality_samples import (
    plan_with_reversed,
    quality,
    raw_answers,
    report_of,
    segments,
    wave,
    without,
)


def planted(straight: int = 12, n: int = 120) -> WaveAnswers:
    """People who press 6 throughout a form with reversed items."""
    plan = plan_with_reversed()
    return wave(plan, raw_answers(plan, n, straight=straight))


def flags_of(now: WaveAnswers) -> np.ndarray:
    found = flagged(signs_of(now))
    assert found is not None
    return found


def test_one_answer_through_reversed_items_is_flagged() -> None:
    now = planted()
    flags = flags_of(now)
    assert flags[:12].all()
    assert flags[12:].mean() < 0.1


def test_one_answer_to_a_form_without_reversed_items_is_not_flagged() -> None:
    plan = samples.plan()
    now = wave(plan, raw_answers(plan, 120, straight=12))
    signs = signs_of(now)
    assert signs["same"].shown[:12].all()
    assert signs["reversed"].reason == say("careless_no_reversed")
    assert not flags_of(now)[:12].any()


def test_the_middle_answer_throughout_contradicts_nothing() -> None:
    plan = plan_with_reversed()
    raw = raw_answers(plan, 60)
    raw[0], raw[1] = 4, 5
    shown = signs_of(wave(plan, raw))["reversed"].shown
    assert shown[:2].tolist() == [False, True]


@pytest.mark.parametrize(("length", "shows"), [(5, False), (6, False), (7, True)])
def test_a_run_is_long_beyond_half_of_a_block(length: int, shows: bool) -> None:
    plan = replace(samples.plan(), outcomes=(samples.scale("LOY", samples.LOYALTY),))
    raw = np.tile([1, 7, 2, 6, 3, 5, 1, 7, 2, 6, 3, 5], (40, 1))
    raw[0, :length] = 4
    assert raw.shape[1] == 12  # half of it is 6
    assert signs_of(wave(plan, raw))["same"].shown[0] == shows


@pytest.mark.parametrize(("length", "shows"), [(5, False), (6, True)])
def test_a_run_through_reversed_items_has_six_answers(length: int, shows: bool) -> None:
    plan = plan_with_reversed()
    raw = np.tile([1, 7, 2, 6, 3, 5, 1, 7, 2, 6, 3], (40, 1))
    raw[0, 1 : 1 + length] = 6  # CARE4, the fourth item, is reversed
    assert signs_of(wave(plan, raw))["reversed"].shown[0] == shows


def test_a_run_within_one_direction_contradicts_nothing() -> None:
    six = samples.scale("CARE", samples.CARE, 6)
    last = replace(six.items[5], reverse=True)
    more = replace(six, items=(*six.items[:5], last))
    plan = replace(samples.plan(), scales=(samples.scale("S", samples.SKILL, 6), more))
    raw = np.tile([1, 7, 2, 6, 3, 5] * 2 + [1, 7, 2], (40, 1))
    raw[0, 2:9] = 6  # seven items upwards, before the only reversed one
    raw[1, 5:12] = 6  # seven items, the last of them reversed
    shown = signs_of(wave(plan, raw))["reversed"].shown
    assert shown[:2].tolist() == [False, True]


def test_blocks_end_where_the_points_change_and_short_ones_say_nothing() -> None:
    plan = replace(
        samples.plan(),
        outcomes=(samples.scale("NPS", samples.LOYALTY, 3, low=0, high=10),),
    )
    raw = np.full((30, 11), 4)
    signs = signs_of(wave(plan, raw))
    needs = thresholds.BLOCK_ITEMS
    assert signs["same"].reason == say("careless_short_block", needs=needs)
    assert signs["spread"].reason == say("careless_short_block", needs=needs)


def test_a_block_is_that_of_the_form_whatever_others_left_out() -> None:
    plan = plan_with_reversed()
    raw = raw_answers(plan, 40, straight=6)
    whole = flags_of(wave(plan, raw))
    raw[6:, 3] = -1  # everybody else leaves out a reversed item
    assert (flags_of(wave(plan, raw))[:6] == whole[:6]).all()
    raw[:, 3] = -3
    assert signs_of(wave(plan, raw))["same"].size == 11


def test_a_missed_instructed_item_is_enough() -> None:
    asked = np.array([[2]] * 30 + [[4]] * 5 + [[-1]] * 5, dtype=np.int16)
    now = wave(n=40, expected={"ICH1": 2}, asked=asked)
    found = signs_of(now)["instructed"]
    assert found.shown.sum() == 5
    assert found.examined.sum() == 35  # who skipped it did not miss it
    assert flags_of(now)[30:35].all()


def test_time_bands_flag_only_what_they_prove() -> None:
    n = 40
    durations = np.array([0, 1, 2, 3, -1] * 8, dtype=np.int8)
    short = signs_of(wave(n=n, durations=durations))["fast"]
    assert short.reason == say("careless_coarse_times", needs=60)
    long = samples.plan(
        scales=(samples.scale("A", samples.CARE, 80), samples.scale("B", samples.SKILL))
    )
    found = signs_of(wave(long, raw_answers(long, n), durations=durations))["fast"]
    # 87 answers take 174 seconds at two each: only the band below 120 proves it
    assert found.shown.tolist() == (durations == 0).tolist()
    assert found.examined.sum() == 32
    assert BAND_ENDS[0] == 120
    none = signs_of(wave(n=n))["fast"]
    assert none.reason == say("careless_no_times")
    unknown = np.full(n, -1, dtype=np.int8)
    assert signs_of(wave(n=n, durations=unknown))["fast"].reason == none.reason


def test_even_odd_needs_three_scales() -> None:
    plan = samples.plan(outcomes=())
    found = signs_of(wave(plan, raw_answers(plan, 40)))["even_odd"]
    assert found.reason == say("careless_few_scales", needs=3, has=2)


def test_no_sign_at_all_is_said() -> None:
    plan = samples.plan(scales=(samples.scale("CARE", samples.CARE),), outcomes=())
    part = quality(wave(plan, raw_answers(plan, 60)))
    assert part.careless.flagged is None
    assert part.careless.reason == say("careless_no_signs")


def test_a_flag_never_changes_when_later_answers_arrive() -> None:
    plan = plan_with_reversed()
    raw = raw_answers(plan, 300, straight=10, holes=0.02)
    early, late = flags_of(wave(plan, raw[:90])), flags_of(wave(plan, raw))
    assert (early == late[:90]).all()
    others = raw.copy()
    others[90:] = 1
    assert (flags_of(wave(plan, others))[:90] == early).all()


def test_results_without_the_flagged_are_those_of_the_others() -> None:
    now = planted()
    flags, found = flags_of(now), quality(now).careless
    assert found.reason is None
    kept = without(now.data, flags)
    for scale in now.plan.constructs:
        one = found.scales[scale.code]
        mean = mean_interval(scale_scores(kept, scale.item_codes))
        assert isinstance(one.mean.other, Figure)
        assert one.mean.other.estimate == pytest.approx(mean.estimate)
        assert one.mean.other.low == pytest.approx(mean.low)
        alpha = cronbach_alpha(
            moments(kept.select(scale.item_codes), missing="pairwise")
        )
        assert one.alpha is not None
        assert isinstance(one.alpha.other, Figure)
        assert one.alpha.other.estimate == pytest.approx(alpha.raw.estimate)
        everybody = scale_scores(now.data, scale.item_codes)
        shift = (mean.estimate - everybody.mean()) / everybody.std(ddof=1)
        assert one.shift == pytest.approx(shift)
    r = found.relations["LOY"]["CARE"].other
    x, y = (
        scale_scores(kept, scale.item_codes)
        for scale in (now.plan.scales[0], now.plan.outcomes[0])
    )
    assert isinstance(r, Figure)
    assert r.estimate == pytest.approx(np.corrcoef(x, y)[0, 1])


@pytest.mark.parametrize(("straight", "both"), [(4, False), (5, True)])
def test_both_ways_stand_from_five_flagged_on(straight: int, both: bool) -> None:
    plan = plan_with_reversed()
    raw = raw_answers(plan, 120)
    clean = flags_of(wave(plan, raw))
    raw = np.concatenate([np.full((straight, raw.shape[1]), 6), raw[~clean]])
    found = quality(wave(plan, raw)).careless
    assert (found.reason is None) == both
    assert bool(found.scales) == both
    if not both:
        assert found.flagged == Count(0, 4)
        assert found.reason == say("careless_not_both", least=5)


def test_few_who_are_not_flagged_are_protected_alike() -> None:
    plan = plan_with_reversed()
    raw = raw_answers(plan, 200)
    clean = raw[~flags_of(wave(plan, raw))][:4]
    raw = np.concatenate([clean, np.full((60, raw.shape[1]), 6)])
    found = quality(wave(plan, raw)).careless
    assert found.flagged == Count(60, 64)
    assert found.scales == {}


def test_a_score_that_few_of_the_flagged_have_is_not_shown_both_ways() -> None:
    plan = plan_with_reversed()
    raw = raw_answers(plan, 120, straight=10)
    raw[:7, -3:] = -1  # seven of the ten give no answer about loyalty
    raw[:120][flags_of(wave(plan, raw)) & (np.arange(120) > 9), -3:] = -1
    now = wave(plan, raw)
    found = quality(now).careless
    loyalty = found.scales["LOY"].mean.other
    assert loyalty == Absent(say("careless_few_sides", least=5))
    assert found.relations["LOY"]["CARE"].other == loyalty
    assert isinstance(found.scales["CARE"].mean.other, Figure)


def test_what_the_report_does_not_tell_is_not_told_without_either() -> None:
    now = planted()
    report = report_of(now)
    reason = Absent(say("one_item"))
    hidden = replace(report.scales["CARE"], mean=reason)
    report = replace(report, scales={**report.scales, "CARE": hidden})
    found = quality(now, found=report).careless.scales["CARE"]
    assert found.mean == BothWays(reason, reason)
    gone = replace(report, scales={"SKILL": report.scales["SKILL"]}, loyalty={})
    part = quality(now, found=gone)
    assert "CARE" not in part.careless.scales
    assert "CARE" not in part.missing.scales
    assert "CARE1" not in part.missing.items


def test_a_remainder_that_answered_alike_shows_no_mean() -> None:
    plan = plan_with_reversed()
    raw = np.full((18, 11), 6)
    raw[6:, :] = [6, 6, 6, 2, 6, 6, 6, 2, 6, 6, 6]
    now = wave(plan, raw)
    flags = np.arange(18) < 6
    from analytics.answers import Answers

    both = WithWithout.of(report_of(now), Answers.of(now.data, plan), flags, 5)
    assert both.scales()["CARE"].mean.other == Absent(say("careless_alike"))


@pytest.mark.parametrize(
    ("count", "total", "told"),
    [
        (0, 200, Count(0, 4)),
        (4, 200, Count(0, 4)),
        (5, 200, Count(5, 9)),
        (19, 200, Count(15, 19)),
        (20, 200, Count(20, 20)),
        (195, 200, Count(195, 195)),
        (196, 200, Count(196, 200)),
        (200, 200, Count(196, 200)),
        (17, 17, Count(11, 19)),
    ],
)
def test_people_are_told_as_bands_at_both_ends(
    count: int, total: int, told: Count
) -> None:
    found = people_of(count, total, 5)
    assert found == told
    assert found.low <= count <= found.high


def test_percent_is_what_two_bands_leave_open() -> None:
    assert percent_of(Count(15, 19), Count(200, 200)) == Count(8, 10)
    assert percent_of(Count(5, 9), Count(15, 19)) == Count(26, 60)
    assert percent_of(Count(0, 4), Count(5, 9)) == Count(0, 80)


def one_shift(shift: float, alpha: float) -> ScaleBothWays:
    def figure(value: float) -> Figure:
        return Figure(value, None, None, 100, "")

    both = BothWays(figure(0.80), figure(0.80 - alpha))
    return ScaleBothWays(both, both, shift)


@pytest.mark.parametrize(
    ("shift", "alpha", "differs"),
    [(0.099, 0.0, False), (0.101, 0.0, True), (-0.101, 0.0, True),
     (0.0, 0.049, False), (0.0, 0.051, True)],
)  # fmt: skip
def test_what_differs_has_reached_a_limit(
    shift: float, alpha: float, differs: bool
) -> None:
    found = changed({"CARE": one_shift(shift, alpha)}, {}, (0.10, 0.05, 0.10))
    assert found == (("CARE",) if differs else ())


@pytest.mark.parametrize(("fall", "differs"), [(0.099, False), (0.101, True)])
def test_a_correlation_names_its_scale(fall: float, differs: bool) -> None:
    grid = {"LOY": {"CARE": one_shift(0.0, fall).mean}}
    assert changed({}, grid, (0.10, 0.05, 0.10)) == (("CARE",) if differs else ())


def test_below_the_least_nothing_is_looked_at() -> None:
    now = wave(n=4)
    part = quality_of(now, report_of(wave(n=40)), segments(wave(n=40)))
    assert part.people is None
    assert part.careless.reason == part.missing.reason == say("quality_few", needs=5)
    assert part.careless.signs == {}


def test_a_wave_is_analysed_by_the_pairwise_rule() -> None:
    now = wave(samples.plan(missing="listwise"))
    with pytest.raises(ValueError, match="pairwise"):
        quality_of(now, report_of(now), segments(now))


def test_the_part_survives_being_stored() -> None:
    part = quality(planted(n=90))
    stored = json.loads(json.dumps(plain.to_plain(part), allow_nan=False))
    assert plain.from_plain(QualityPart, stored) == part


def test_the_same_answers_give_the_same_part() -> None:
    now = planted()
    assert quality(now) == quality(now)
