"""Each rule at its boundary, on waves small enough to check by hand."""

from dataclasses import replace

import numpy as np
import pytest

from analytics import plain
from analytics.disclosure import (
    AuditReport,
    Decision,
    DifferentAnswers,
    Measure,
    Publication,
    Rules,
    audit,
    decide,
)
from analytics.release_parts import EVERYONE, Members
from analytics.sentences import SENTENCES
from analytics.sentences.disclosure import CONDITIONS, DISCLOSURE
from tests.disclosure.organizations import Flags, organization, segment

ALL = Rules()


def teams(*sizes: int) -> tuple[Members, ...]:
    """Everyone, and teams of these sizes that make everyone up."""
    of_row = np.repeat(np.arange(len(sizes)), sizes)
    everyone = segment(EVERYONE, np.ones(len(of_row), dtype=bool), None, "everyone")
    return (everyone, *(segment(f"team:{i}", of_row == i) for i in range(len(sizes))))


def varied(n: int) -> Measure:
    """Points 2, 3, 4, 2, 3, 4, ... of a scale from 1 to 5."""
    return Measure(np.arange(n) % 3 + np.full(n, 2.0), 1.0, 5.0)


def decided(segments: tuple[Members, ...], rules: Rules = ALL) -> Decision:
    return decide(segments, {"s": varied(len(segments[0].rows))}, rules=rules)


def shown(decision: Decision, code: str = "s") -> set[str]:
    return {key for key in decision.verdicts if decision.shows(key, code)}


def code_of(decision: Decision, key: str) -> str | None:
    reason = decision.reason(key, "s")
    return None if reason is None else reason.code


def test_no_threshold_below_five_is_accepted() -> None:
    assert Rules(least=6).least == 6
    with pytest.raises(ValueError, match="4 is not allowed"):
        Rules(least=4)


@pytest.mark.parametrize(("n", "is_told"), [(4, False), (5, True), (6, True)])
def test_scores_are_told_from_five_answers(n: int, is_told: bool) -> None:
    decision = decided(teams(n, 30, 30))
    assert decision.shows("team:0", "s") is is_told
    verdict = decision.verdict("team:0")
    assert verdict.level == ("scores" if is_told else "nothing")
    assert (verdict.reason and verdict.reason.code) == (
        None if is_told else "hidden_few"
    )
    if verdict.reason:
        assert verdict.reason.params == {"needed": 5}


def test_a_raised_threshold_is_kept_and_named() -> None:
    decision = decided(teams(9, 30, 30), Rules(least=10))
    reason = decision.verdict("team:0").reason
    assert reason is not None
    assert "from 10 answers" in reason.text("en")
    assert "10" in reason.text("zh-hans")


def test_a_measure_may_ask_for_more_people() -> None:
    segments = teams(9, 10, 30)
    item = replace(varied(49), least=10)
    decision = decide(segments, {"s": varied(49), "item": item}, rules=ALL)
    assert decision.shows("team:0", "s")
    assert not decision.shows("team:0", "item")
    reason = decision.reason("team:0", "item")
    assert reason is not None
    assert (reason.code, reason.params) == ("hidden_few_scored", {"needed": 10})


@pytest.mark.parametrize(("rest", "is_told"), [(1, False), (4, False), (5, True)])
def test_the_rest_of_a_group_is_nobody_or_five(rest: int, is_told: bool) -> None:
    (everyone, part, _) = teams(20, rest)
    decision = decided((everyone, part))
    assert decision.shows(EVERYONE, "s")
    assert decision.shows("team:0", "s") is is_told
    assert code_of(decision, "team:0") == (None if is_told else "hidden_complement")
    assert decision.verdict("team:0").level == ("scores" if is_told else "band")


def test_a_group_that_is_the_same_people_may_stand_beside_it() -> None:
    (everyone, *_) = teams(12)
    same = segment("unit:a", everyone.rows)
    assert shown(decided((everyone, same))) == {EVERYONE, "unit:a"}


@pytest.mark.parametrize(("hidden", "is_told"), [((4,), False), ((3, 3), True)])
def test_a_sibling_is_hidden_where_a_small_team_could_be_worked_out(
    hidden: tuple[int, ...], is_told: bool
) -> None:
    decision = decided(teams(*hidden, 7, 20, 30))
    smallest = f"team:{len(hidden)}"
    assert decision.shows(smallest, "s") is is_told
    assert code_of(decision, smallest) == (None if is_told else "hidden_neighbour")
    assert decision.trail.passed
    if not is_told:
        (finding,) = decision.trail.findings
        assert (finding.attack, finding.people, finding.hidden) == (
            "union",
            4,
            smallest,
        )
        assert decision.trail.rounds == 2


def test_it_is_decided_over_the_people_who_have_a_score() -> None:
    segments = teams(20, 6, 20)
    measure = varied(46)
    measure.values[20:22] = np.nan
    decision = decide(segments, {"s": measure}, rules=ALL)
    assert code_of(decision, "team:1") == "hidden_few_scored"
    assert len(shown(decision)) == 2  # a sibling protects the four who have one


def test_combinations_across_languages_are_found() -> None:
    """Two teams; all but three of the first speak English, all of the second do."""
    (everyone, first, second) = teams(20, 20)
    speaks = np.zeros(40, dtype=bool)
    speaks[:3] = True
    segments = (
        everyone,
        first,
        second,
        segment("language:en", ~speaks, kind="language"),
    )
    decision = decided(segments)
    assert not decision.shows("language:en", "s")
    off = decided(segments, replace(ALL, complement=False, unions=False))
    assert off.shows("language:en", "s")


def test_an_earlier_release_of_the_same_answers_counts() -> None:
    first = teams(20, 4, 30)
    before = decided(first)
    assert before.shows("team:0", "s") != before.shows("team:2", "s")
    joint = segment("joint", first[1].rows | first[2].rows)
    again = (first[0], joint)
    alone = decided(again)
    both = decide(
        again, {"s": varied(54)}, rules=ALL, earlier=(decided((first[1],)).publication,)
    )
    assert alone.shows("joint", "s")
    assert not both.shows("joint", "s")
    assert code_of(both, "joint") == "hidden_earlier"


def test_a_pooled_result_hides_what_single_waves_hid() -> None:
    """Waves of 20, 20 and 4: the pooled 44 less the two published is the third."""
    n, sizes = 44, (20, 20, 4)
    first = (0, 20, 40)
    placed = []
    for start, size in zip(first, sizes, strict=True):
        wave = decided(
            (segment(EVERYONE, np.ones(size, dtype=bool), None, "everyone"),)
        )
        placed.append(wave.publication.placed(start, n))
    everyone = segment(EVERYONE, np.ones(n, dtype=bool), None, "everyone")
    measures = {"s": varied(n)}
    pooled = decide((everyone,), measures, rules=ALL, earlier=placed)
    assert not pooled.shows(EVERYONE, "s")
    assert code_of(pooled, EVERYONE) == "hidden_earlier"
    longer = decide((everyone,), measures, rules=ALL, earlier=placed[:1])
    assert longer.shows(EVERYONE, "s")


def test_what_all_answered_alike_is_a_bound() -> None:
    segments = teams(8, 30, 30)
    measure = varied(68)
    measure.values[:8] = 4.0
    decision = decide(segments, {"s": measure}, rules=ALL)
    bound = decision.bound("team:0", "s")
    assert bound is not None
    assert (bound.at_least, bound.at_most) == (4.0, None)
    assert not decision.shows("team:0", "s")
    assert code_of(decision, "team:0") == "told_as_bound"
    # the others and everyone would give it away exactly
    assert len(shown(decision)) == 2
    assert any(one.attack == "alike" for one in decision.trail.findings)


def test_a_hidden_group_is_not_pinned_by_the_ends_of_the_scale() -> None:
    """Ten hold 49.8 of 50 points with a hidden team of six in them; one more hides."""
    segments = teams(4, 6, 30, 30)
    measure = varied(70)
    measure.values[:10] = 5.0
    measure.values[0] = 4.8
    rules = replace(ALL, unanimity=False)
    one = decide((segments[0], *segments[3:]), {"s": measure}, rules=rules)
    assert [f.attack for f in one.trail.findings] == ["bounded"]
    assert len(shown(one)) == 2
    assert "hidden_bounded" in {code_of(one, key) for key in one.verdicts}


def test_different_answers_are_refused() -> None:
    segments = teams(20, 20)
    with pytest.raises(DifferentAnswers, match="39"):
        decide(segments, {"s": varied(39)}, rules=ALL)
    before = (decided(teams(20, 19)).publication,)
    with pytest.raises(DifferentAnswers, match="must not come or go"):
        decide(segments, {"s": varied(40)}, rules=ALL, earlier=before)
    with pytest.raises(DifferentAnswers, match="does not fit"):
        before[0].placed(2, 40)


def told(segments: tuple[Members, ...], measure: Measure, off: str) -> Decision:
    return decide(segments, {"s": measure}, rules=replace(ALL, **{off: False}))


def planted() -> list[tuple[str, tuple[Members, ...], Measure]]:
    (everyone, part, _) = teams(20, 2)
    few = varied(46)
    few.values[20:22] = np.nan
    alike = varied(42)
    alike.values[:12] = 3.0
    return [
        ("threshold", teams(4, 4, 30), varied(38)),
        ("complement", (everyone, part), varied(22)),
        ("unions", teams(4, 20, 30), varied(54)),
        ("scales", teams(20, 6, 20), few),
        ("unanimity", teams(12, 30), alike),
    ]


@pytest.mark.parametrize(("off", "segments", "measure"), planted())
def test_the_audit_finds_what_a_missing_rule_lets_through(
    off: str, segments: tuple[Members, ...], measure: Measure
) -> None:
    good = decide(segments, {"s": measure}, rules=ALL)
    assert audit(good, segments, {"s": measure}).passed
    report = audit(told(segments, measure, off), segments, {"s": measure})
    assert not report.passed
    assert report.findings
    assert all(one.hidden is None for one in report.findings)


def test_publication_and_trail_survive_json() -> None:
    decision = decided(teams(4, 7, 20, 30))
    for kind, value in (
        (Publication, decision.publication),
        (AuditReport, decision.trail),
    ):
        assert plain.from_plain(kind, plain.to_plain(value)) == value


def test_a_publication_gives_back_the_rows_of_its_pieces() -> None:
    wave = organization(1).waves[0]
    decision = decide(wave.segments, wave.measures, rules=ALL)
    (code,) = wave.measures
    has = ~np.isnan(wave.measures[code].values)
    rows: dict[str, Flags] = {one.key: one.rows & has for one in wave.segments}
    assert decision.publication.pieces
    for piece in decision.publication.pieces:
        found = decision.publication.rows(piece)
        np.testing.assert_array_equal(found, rows[piece.segment])


def test_the_order_of_people_changes_nothing() -> None:
    wave = organization(3).waves[0]
    order = np.random.default_rng(1).permutation(wave.n)
    mixed = tuple(replace(one, rows=one.rows[order]) for one in wave.segments)
    (code, measure), *_ = wave.measures.items()
    moved = {code: replace(measure, values=measure.values[order])}
    first = decide(wave.segments, wave.measures, rules=ALL)
    second = decide(mixed, moved, rules=ALL)
    assert shown(first, code) == shown(second, code)


def test_a_wave_without_answers_tells_nothing() -> None:
    nobody = segment(EVERYONE, np.zeros(0, dtype=bool), None, "everyone")
    decision = decide((nobody,), {"s": varied(0)}, rules=ALL)
    assert decision.verdict(EVERYONE).level == "nothing"
    assert decision.trail.passed


def test_every_reason_has_a_condition_and_both_languages() -> None:
    assert set(CONDITIONS) == set(DISCLOSURE)
    assert set(DISCLOSURE) <= set(SENTENCES)
