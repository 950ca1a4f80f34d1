"""Scores of groups: where numbers may stand, and what stands there instead."""

from dataclasses import replace

import numpy as np
import pytest
import scipy.stats

from analytics import plain, thresholds
from analytics.disclosure import audit
from analytics.factor_results import GroupColumnResult, Invariance, Verdict
from analytics.psychometrics import icc
from analytics.release_parts import EVERYONE, SegmentsPart, WaveAnswers
from analytics.results import Absent, TeamResult, TeamTest
from analytics.segments import (
    agreement_of,
    are_apart,
    basis_of,
    disagreeing,
    gates_of,
    groups_to_test,
    measures_of,
    scores_of,
    segments_of,
    smallest,
    spread_of,
    without,
)
from analytics.sentences import SENTENCES, say
from analytics.sentences.segments import CONDITIONS, SEGMENTS
from tests.analytics import samples
from tests.analytics.segment_samples import decided, wave

CODES = ("CARE", "SKILL", "LOY")


def part_of(now: WaveAnswers) -> SegmentsPart:
    found = decided(now)
    rwg = agreement_of(now, found)
    decision = without(found, disagreeing(now, found, rwg))
    return segments_of(
        now,
        decision,
        scores_of(now),
        rwg=rwg,
        spread=spread_of(now, found),
        gates=gates_of(now, decision, {}),
    )


def test_a_score_is_a_mean_with_students_interval() -> None:
    now = wave({"north": 30, "south": 12})
    part = part_of(now)
    south = part.of("south")
    assert south is not None
    values = scores_of(now)["CARE"][30:]
    low, high = scipy.stats.t.interval(
        0.95, len(values) - 1, values.mean(), scipy.stats.sem(values)
    )
    score = south.scores["CARE"]
    assert (score.mean, score.low, score.high) == pytest.approx(
        (values.mean(), low, high), rel=1e-12
    )
    assert score.reason is None


def test_everyone_stands_first_and_every_scale_is_named() -> None:
    part = part_of(wave({"north": 30, "south": 12}))
    assert part.segments[0].key == EVERYONE
    assert tuple(part.scales) == CODES
    assert part.outcomes == ("LOY",)
    assert part.ranges["CARE"] == (1, 7)
    assert part.least == 5
    stored = plain.to_plain(part)
    assert plain.from_plain(SegmentsPart, stored) == part


@pytest.mark.parametrize(
    ("answered", "low", "high"), [(5, 5, 9), (9, 5, 9), (19, 15, 19), (20, 20, 20)]
)
def test_fewer_than_twenty_are_a_band(answered: int, low: int, high: int) -> None:
    part = part_of(wave({"north": 40, "south": answered}))
    south = part.of("south")
    assert south is not None
    assert south.answered is not None
    assert (south.answered.low, south.answered.high) == (low, high)
    assert south.scores["CARE"].answered == south.answered


def test_a_group_of_four_is_not_told_of_at_all() -> None:
    part = part_of(wave({"north": 40, "south": 4, "west": 30}, invited=50))
    south = part.of("south")
    assert south is not None
    assert (south.scores, south.answered, south.rate) == ({}, None, None)
    assert south.reason is not None
    assert "5" in south.reason.text("en")


@pytest.mark.parametrize(
    ("answered", "mixed_from", "code"),
    [
        (0, 10, "segment_joined_above"),
        (0, None, "hidden_few"),
        (4, 10, "hidden_few"),
        (5, 10, None),
    ],
)
def test_answers_too_few_to_be_mixed_count_above(
    answered: int, mixed_from: int | None, code: str | None
) -> None:
    now = wave({"north": 40, "south": answered, "west": 30}, invited=50)
    segments = tuple(
        replace(one, mixed_from=mixed_from if one.key == "south" else None)
        for one in now.segments
    )
    south = part_of(replace(now, segments=segments)).of("south")
    assert south is not None
    assert (south.reason.code if south.reason else None) == code


@pytest.mark.parametrize(("invited", "told"), [(7, False), (8, True)])
def test_a_rate_is_told_from_eight_invited_on(invited: int, told: bool) -> None:
    part = part_of(wave({"north": 6, "south": 7}, invited=invited))
    north = part.of("north")
    assert north is not None
    assert north.rate == (pytest.approx(6 / invited) if told else None)


def test_where_everybody_answered_alike_a_bound_stands_and_no_agreement() -> None:
    raw = samples.answers(samples.plan(), 52)
    raw[40:, :4] = 6
    part = part_of(wave({"north": 40, "south": 12}, raw))
    south = part.of("south")
    assert south is not None
    score = south.scores["CARE"]
    assert (score.mean, score.low, score.high, score.rwg_j) == (None,) * 4
    assert score.at_least is not None
    assert score.at_least <= 6
    assert south.scores["SKILL"].mean is not None


def test_agreement_follows_its_formula() -> None:
    """James, Demaree & Wolf (1984), eq. 3, by hand."""
    now = wave({"north": 40, "south": 12})
    found = agreement_of(now, decided(now))
    values = now.data.select(("CARE1", "CARE2", "CARE3", "CARE4")).values()[40:]
    v = values.var(axis=0, ddof=1).mean() / ((7**2 - 1) / 12)
    assert found["south", "CARE"] == pytest.approx(4 * (1 - v) / (4 * (1 - v) + v))


def split_team(size: int = 20) -> WaveAnswers:
    """Half of the last team is at one end of the first scale, half at the other."""
    plan = samples.plan()
    raw = samples.answers(plan, 60 + size)
    raw[60:, :4] = np.where(np.arange(size) % 2, 7, 1)[:, None]
    return wave({"north": 30, "south": 30, "west": size}, raw)


def test_a_team_whose_members_disagree_gets_no_score_on_that_scale() -> None:
    part = part_of(split_team())
    west = part.of("west")
    assert west is not None
    score = west.scores["CARE"]
    assert (score.mean, score.low, score.high) == (None, None, None)
    assert score.reason is not None
    assert score.reason.code == "team_disagrees"
    assert score.rwg_j is not None
    assert score.rwg_j < thresholds.TEAM_AGREEMENT
    assert west.scores["SKILL"].mean is not None
    everyone = part.of(EVERYONE)
    assert everyone is not None
    assert everyone.scores["CARE"].mean is not None


@pytest.mark.parametrize(
    ("value", "hidden"), [(0.4999, True), (0.50, False), (0.5001, False)]
)
def test_the_mark_of_agreement_is_one_half(value: float, hidden: bool) -> None:
    now = wave({"north": 30, "south": 30})
    found = disagreeing(now, decided(now), {("north", "CARE"): value})
    assert (("north", "CARE") in found) is hidden
    if hidden:
        # never rounded to the mark that it misses
        assert found["north", "CARE"].params["value"] == "0.4999"


def test_outcomes_and_units_above_others_need_no_agreement() -> None:
    now = wave({"north": 30, "south": 30}, above={"north": "sales", "south": "sales"})
    low = {(key, code): 0.1 for key in ("north", "sales") for code in CODES}
    found = disagreeing(now, decided(now), low)
    assert set(found) == {("north", "CARE"), ("north", "SKILL")}


def test_smallest_are_shown_units_with_none_shown_below() -> None:
    now = wave(
        {"north": 30, "south": 30, "east": 3, "west": 3},
        above={"north": "sales", "south": "sales", "east": "plant", "west": "plant"},
    )
    found = smallest(now.segments, decided(now), "CARE")
    assert [one.key for one in found] == ["plant", "north", "south"]


def test_what_is_hidden_besides_leaves_the_audit_passed() -> None:
    now = split_team()
    found = decided(now)
    hidden = {
        (one.key, code): say("release_stopped")
        for one, code in zip(now.segments, CODES, strict=False)
    }
    less = without(found, hidden)
    for key, code in hidden:
        assert found.shows(key, code)
        assert not less.shows(key, code)
        assert not any(
            (piece.segment, piece.measure) == (key, code)
            for piece in less.publication.pieces
        )
    assert audit(less, now.segments, measures_of(now, scores_of(now))).passed


def test_spread_is_over_the_smallest_shown_units() -> None:
    now = wave({"north": 30, "south": 25, "west": 4, "east": 3})
    found = spread_of(now, decided(now))["CARE"]
    scores = scores_of(now)["CARE"]
    teams = [0] * 30 + [1] * 25
    expected = icc(scores[:55], teams, method="anova")
    assert not isinstance(found.icc1, Absent)
    assert found.icc1.estimate == expected.icc1.estimate
    assert found.n_teams == 2


def test_without_units_there_is_no_spread() -> None:
    now = wave({"north": 30})
    now = replace(now, segments=now.segments[:1])
    assert spread_of(now, decided(now)) == {}


@pytest.mark.parametrize(("p", "apart"), [(0.0499, True), (0.05, False), (0.2, False)])
def test_teams_are_apart_below_the_mark_of_the_f_test(p: float, apart: bool) -> None:
    none = Absent(say("team_few", has=1))
    found = TeamResult(none, none, none, none, 3, TeamTest(2.0, 2, 60, p))
    assert are_apart(found) is apart
    assert are_apart(replace(found, test=None))
    same = Absent(say("equal-means", statistic="icc"))
    assert not are_apart(replace(found, icc1=same, test=None))


def test_scores_of_teams_that_cannot_be_told_apart_come_with_the_sentence() -> None:
    raw = np.tile(samples.answers(samples.plan(), 30), (3, 1))
    alike = part_of(wave({"north": 30, "south": 30, "west": 30}, raw))
    assert {note.code for note in alike.notes} == {"teams_not_apart"}
    assert len(alike.notes) == len(CODES)
    assert alike.segments[1].scores["CARE"].mean is not None
    raw[30:60] = np.clip(raw[30:60] + 2, 1, 7)
    assert part_of(wave({"north": 30, "south": 30, "west": 30}, raw)).notes == ()


@pytest.mark.parametrize(("size", "tested"), [(199, False), (200, True)])
def test_measuring_alike_is_tested_from_two_hundred_in_each(
    size: int, tested: bool
) -> None:
    now = wave({"north": size, "south": 230})
    decision = decided(now)
    assert ("unit" in groups_to_test(now, decision)) is tested
    gate = gates_of(now, decision, {})["unit"]
    assert gate.verdict == "not testable"
    if not tested:
        assert gate.reason.params == {"needs": 200, "has": 1, "groups": 2}


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        ("scalar", "comparable"),
        ("partial_scalar", "partly"),
        ("metric", "not comparable"),
        ("none", "not comparable"),
        ("not_testable", "not testable"),
    ],
)
def test_a_gate_says_what_invariance_found(found: Verdict, verdict: str) -> None:
    now = wave({"north": 200, "south": 200})
    gate = gates_of(now, decided(now), {"unit": outcome_of(found, 2)})["unit"]
    assert gate.verdict == verdict


def outcome_of(verdict: Verdict, groups: int) -> GroupColumnResult:
    sizes = {str(k): 200 for k in range(groups)}
    reason = say("invariance_few", needs=200, has=1)
    return GroupColumnResult(
        Invariance(sizes, None, None, None, verdict, reason, (), ())
    )


def test_a_group_that_was_left_out_of_the_test_closes_the_gate() -> None:
    now = wave({"north": 200, "south": 200, "west": 200})
    gate = gates_of(now, decided(now), {"unit": outcome_of("scalar", 2)})["unit"]
    assert gate.verdict == "not testable"


def test_of_several_questions_the_most_cautious_verdict_stands() -> None:
    now = wave({"north": 200, "south": 200})
    rows = {one.key: one.rows for one in now.segments}
    asked = [
        replace(now.segments[1], key=f"question:{code}:{k}", kind="question", rows=r)
        for code in ("A.B", "C.D")
        for k, r in enumerate((rows["north"], rows["south"]), start=1)
    ]
    now = replace(now, segments=(now.segments[0], *asked))
    results = {
        "question:A.B": outcome_of("scalar", 2),
        "question:C.D": outcome_of("metric", 2),
    }
    gates = gates_of(now, decided(now), results)
    assert gates["question"].verdict == "not comparable"
    assert "unit" not in gates


def test_one_group_alone_is_compared_with_nothing() -> None:
    now = wave({"north": 30})
    assert gates_of(now, decided(now), {}) == {}


def test_the_basis_is_exact_and_of_shown_scores_only() -> None:
    now = split_team()
    found = decided(now)
    rwg = agreement_of(now, found)
    decision = without(found, disagreeing(now, found, rwg))
    scores = scores_of(now)
    basis = basis_of(now, decision, scores)
    assert "CARE" not in basis.moments["west"]
    moments = basis.moments["north"]["SKILL"]
    values = scores["SKILL"][:30]
    assert (moments.n, moments.mean) == (30, values.mean())
    assert moments.variance == values.var(ddof=1)
    assert set(basis.measured) == set(CODES)


def test_every_sentence_has_its_condition() -> None:
    assert set(CONDITIONS) == set(SEGMENTS)
    assert set(SEGMENTS) <= set(SENTENCES)
    assert all(line.endswith(".") for line in CONDITIONS.values())
    assert "0.50" in CONDITIONS["team_disagrees"]
    assert "200" in CONDITIONS["gate_few"]
