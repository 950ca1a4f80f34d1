"""Gaps, response rates and weights, from what may be told alone."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from analytics.psychometrics import scale_scores
from analytics.release_parts import EVERYONE, Count, SegmentsPart, WaveAnswers
from analytics.representation import nonresponse_of
from analytics.results import Absent, Figure
from analytics.sentences import say
from tests.analytics import samples
from tests.analytics.quality_samples import (
    INVITED,
    quality,
    raw_answers,
    segments,
    wave,
)

UNEVEN = (0, 0, 0, 0, 1, 1, 2)  # two thirds answer from a fifth of the invited


def uneven(n: int = 140, **changes: object) -> WaveAnswers:
    """Units of 80, 40 and 20 answers; the first scores higher."""
    plan = samples.plan()
    raw = raw_answers(plan, n)
    first = np.array([UNEVEN[i % 7] for i in range(n)]) == 0
    raw[first] = np.minimum(raw[first] + 1, 7)
    return wave(plan, raw, units=UNEVEN, invited=(90, 150, 160), **changes)  # type: ignore[arg-type]


def changed_segment(part: SegmentsPart, key: str, **changes: object) -> SegmentsPart:
    return replace(
        part,
        segments=tuple(
            replace(one, **changes) if one.key == key else one  # type: ignore[arg-type]
            for one in part.segments
        ),
    )


# gaps


def test_gaps_are_counted_over_the_items_that_were_asked() -> None:
    plan = samples.plan()
    raw = raw_answers(plan, 100)
    raw[:, 0] = -3  # nobody was asked
    raw[:30, 1] = -1
    raw[:3, 2] = -2
    found = quality(wave(plan, raw)).missing
    assert found.share == pytest.approx(33 / 1000)
    assert found.not_asked == ("CARE1",)
    assert found.complete == Count(70, 70)
    assert "CARE1" not in found.items
    assert found.items["CARE2"].missing == Count(30, 30)
    assert found.items["CARE3"].missing == Count(0, 4)
    assert found.scales["CARE"].share == pytest.approx(33 / 300)
    assert found.scales["SKILL"].share == 0


def test_gaps_that_go_with_a_score_are_found() -> None:
    plan = samples.plan()
    raw = raw_answers(plan, 300)
    low = raw[:, :4].mean(axis=1) < 3.5
    raw[low, 10] = -1  # who trusts little leaves out the last item
    found = quality(wave(plan, raw, invited=(200, 200, 200))).missing
    scores = scale_scores(
        samples.matrix(raw, plan), ["CARE1", "CARE2", "CARE3", "CARE4"]
    )
    wanted = stats.pointbiserialr(low, scores)
    care = found.scales["CARE"].r
    assert isinstance(care, Figure)
    assert care.estimate == pytest.approx(wanted.statistic)
    assert care.low is not None
    assert care.low < wanted.statistic
    p = [found.scales[code].p for code in ("CARE", "SKILL", "LOY")]
    assert p[0] is not None
    assert p[0] == pytest.approx(3 * wanted.pvalue)  # Holm over three scales
    assert p[0] < 0.001


@pytest.mark.parametrize(("gaps", "tested"), [(9, False), (10, True)])
def test_gaps_are_related_from_ten_people_on_each_side(gaps: int, tested: bool) -> None:
    plan = samples.plan()
    raw = raw_answers(plan, 60)
    raw[:gaps, 0] = -1
    found = quality(wave(plan, raw)).missing.scales["CARE"]
    assert (found.p is not None) == tested
    if not tested:
        assert found.r == Absent(say("missing_few_sides", needs=10))


@pytest.mark.parametrize(("n", "told"), [(9, False), (10, True)])
def test_gaps_are_told_from_ten_people_on(n: int, told: bool) -> None:
    part = quality(wave(n=n, units=(0,)), segments(wave(n=60)), None)
    assert (part.missing.share is not None) == told
    assert (part.missing.reason == say("missing_few", needs=10)) != told


def test_complete_answers_have_no_gaps() -> None:
    found = quality(wave(n=60)).missing
    assert found.share == 0
    assert found.complete == Count(56, 60)  # all but fewer than five


# who is missing


def test_rates_of_units_are_compared() -> None:
    found = nonresponse_of(segments(uneven()))
    table = np.array([[80, 40, 20], [10, 110, 140]])
    wanted = stats.chi2_contingency(table, correction=False)
    assert found.test is not None
    assert found.test.chi2 == pytest.approx(wanted.statistic)
    assert found.test.p == pytest.approx(wanted.pvalue)
    assert (found.test.groups, found.test.joined) == (3, 0)
    assert found.everyone.rate == pytest.approx(140 / 400)
    assert [one.rate for one in found.units.values()] == pytest.approx(
        [80 / 90, 40 / 150, 20 / 160]
    )


def test_units_whose_rate_is_hidden_are_one_group() -> None:
    found = nonresponse_of(segments(uneven(), hidden=("south", "west")))
    assert found.test is not None
    assert (found.test.groups, found.test.joined) == (2, 2)
    table = np.array([[80, 60], [10, 250]])
    wanted = stats.chi2_contingency(table, correction=False)
    assert found.test.chi2 == pytest.approx(wanted.statistic)
    assert found.units["unit:south"].rate is None


def test_units_above_others_are_not_counted_twice() -> None:
    part = segments(uneven())
    above = replace(part.segments[1], key="unit:all", rate=0.9)
    below = tuple(replace(one, parent="unit:all") for one in part.segments[1:])
    tree = replace(part, segments=(part.segments[0], above, *below))
    found = nonresponse_of(tree)
    assert found.test == nonresponse_of(part).test
    assert len(found.units) == 4


def test_rates_that_nobody_knows_are_not_compared() -> None:
    part = segments(uneven())
    opened = changed_segment(part, EVERYONE, invited=None, rate=None)
    assert nonresponse_of(opened).reason == say("rates_unknown")
    alone = replace(part, segments=part.segments[:1])
    found = nonresponse_of(alone)
    assert found.reason is not None
    assert found.reason.code == "needs-groups"
    band = changed_segment(alone, EVERYONE, rate=None, answered=Count(15, 19))
    assert nonresponse_of(band).reason == say("rates_no_units")
    nobody = replace(part, segments=part.segments[1:])
    assert nonresponse_of(nobody).reason == say("rates_unknown")


def test_more_answers_than_invitations_are_not_compared() -> None:
    part = changed_segment(segments(uneven()), "unit:west", invited=20, rate=1.0)
    assert nonresponse_of(part).test is not None
    part = changed_segment(part, "unit:west", invited=20, rate=1.05)
    assert nonresponse_of(part).reason == say("rates_above_one")


def test_a_rate_tells_the_count_behind_a_band() -> None:
    part = changed_segment(segments(uneven()), "unit:west", answered=Count(15, 19))
    assert nonresponse_of(part).test == nonresponse_of(segments(uneven())).test


# weights


def by_hand(now: WaveAnswers, groups: list[np.ndarray], invited: list[int]) -> float:
    scores = scale_scores(now.data, now.plan.scales[0].item_codes)
    shares = [one / sum(invited) for one in invited]
    return sum(
        share * float(scores[rows].mean())
        for share, rows in zip(shares, groups, strict=True)
    )


def rows_of(now: WaveAnswers) -> list[np.ndarray]:
    return [one.rows for one in now.segments[1:]]


def test_each_unit_counts_as_it_was_invited() -> None:
    now = uneven()
    found = quality(now).weighted
    care = found.scales["CARE"]
    assert isinstance(care.mean.other, Figure)
    wanted = by_hand(now, rows_of(now), [90, 150, 160])
    assert care.mean.other.estimate == pytest.approx(wanted)
    assert isinstance(care.mean.all, Figure)
    assert care.mean.all.estimate > wanted
    assert care.shift < -0.1
    assert (care.groups, care.trimmed) == (3, False)
    weights = np.repeat([90 / 80, 150 / 40, 160 / 20], [80, 40, 20])
    kish = weights.sum() ** 2 / (weights**2).sum()
    assert care.effective_n == round(kish)
    assert care.design_effect == pytest.approx(140 / kish)


def test_units_whose_mean_is_hidden_are_weighted_as_one() -> None:
    now = uneven()
    found = quality(now, segments(now, hidden=("south", "west"))).weighted
    north, south, west = rows_of(now)
    wanted = by_hand(now, [north, south | west], [90, 310])
    other = found.scales["CARE"].mean.other
    assert isinstance(other, Figure)
    assert other.estimate == pytest.approx(wanted)
    assert found.scales["CARE"].groups == 2


def test_a_weighted_mean_tells_nothing_that_shown_means_do_not() -> None:
    # two hidden units: other answers with the same sum between them change nothing
    now = uneven()
    told = segments(now, hidden=("south", "west"))
    raw = now.data.codes.astype(np.int64) + 1
    south, west = (np.flatnonzero(rows) for rows in rows_of(now)[1:])
    raw[np.r_[south[:20], west]] = raw[np.r_[west, south[:20]]]
    swapped = wave(now.plan, raw, units=UNEVEN, invited=(90, 150, 160))
    assert not np.array_equal(swapped.data.codes, now.data.codes)
    there, here = (
        quality(one, told).weighted.scales["CARE"].mean.other for one in (swapped, now)
    )
    assert isinstance(there, Figure)
    assert isinstance(here, Figure)
    assert there.estimate == pytest.approx(here.estimate)


def test_large_weights_are_cut_and_said() -> None:
    plan = samples.plan()
    units = [0] * 10 + [1] * 100 + [2] * 90
    invited = (400, 100, 90)  # 400 of 590 for 10 of 200 answers: 13.6 times the mean
    now = wave(plan, raw_answers(plan, 200), units=units, invited=invited)
    found = quality(now).weighted.scales["CARE"]
    assert found.trimmed
    weights = np.repeat([5.0, 150 / 190, 150 / 190], [10, 100, 90])
    other = found.mean.other
    assert isinstance(other, Figure)
    scores = scale_scores(now.data, plan.scales[0].item_codes)
    assert other.estimate == pytest.approx(np.average(scores, weights=weights))


def test_without_units_or_invitations_there_are_no_weights() -> None:
    now = uneven()
    part = segments(now)
    opened = changed_segment(part, EVERYONE, invited=None, rate=None)
    assert quality(now, opened).weighted.reason == say("weights_no_invited")
    alone = replace(part, segments=part.segments[:1])
    assert quality(now, alone).weighted.reason == say("weights_no_units")
    all_hidden = segments(now, hidden=("north", "south", "west"))
    assert quality(now, all_hidden).weighted.reason == say("weights_one_group")


@pytest.mark.parametrize(("few", "weighted"), [(4, False), (5, True)])
def test_a_small_remainder_stops_the_weights(few: int, weighted: bool) -> None:
    plan = samples.plan()
    units = [0] * 60 + [1] * 40 + [2] * few
    now = wave(plan, raw_answers(plan, len(units)), units=units, invited=INVITED)
    found = quality(now, segments(now, hidden=("west",))).weighted
    assert bool(found.scales) == weighted
    if not weighted:
        assert found.reason == say("weights_rest", least=5)


def test_a_remainder_that_answered_alike_stops_the_weights() -> None:
    plan = samples.plan()
    units = [0] * 60 + [1] * 40 + [2] * 8
    raw = raw_answers(plan, len(units))
    raw[100:] = 5
    now = wave(plan, raw, units=units, invited=INVITED)
    found = quality(now, segments(now, hidden=("west",))).weighted
    assert found.reason == say("weights_rest", least=5)


def test_more_answers_than_invitations_stop_the_weights() -> None:
    now = uneven()
    part = segments(now, hidden=("west",))
    part = changed_segment(part, EVERYONE, invited=250)  # 10 left for 20 answers
    assert quality(now, part).weighted.reason == say("weights_rest", least=5)


def test_units_where_nobody_answered_are_left_out_of_the_weights() -> None:
    plan = samples.plan()
    units = [0] * 60 + [1] * 40
    now = wave(plan, raw_answers(plan, 100), units=units, invited=INVITED)
    part = segments(
        wave(plan, raw_answers(plan, 100), invited=INVITED), hidden=("west",)
    )
    found = quality(now, part).weighted.scales["CARE"].mean.other
    wanted = by_hand(now, rows_of(now)[:2], [60, 120])
    assert isinstance(found, Figure)
    assert found.estimate == pytest.approx(wanted)
