"""Rows that leave: every rule at its boundary, and attackers who know the release."""

import contextlib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.disclosure import Measure
from analytics.disclosure.matching import SPARE_BITS, Crowd
from analytics.disclosure.microdata import (
    Microdata,
    MicrodataRules,
    NoMicrodata,
    coarsened,
)
from analytics.release_parts import EVERYONE, Members
from analytics.sentences import SENTENCES
from analytics.sentences.microdata import CONDITIONS, MICRODATA
from tests.disclosure.organizations import Flags, segment
from tests.disclosure.rows import Wave, drawn, seen, wave_of

SHORT, LONG = 15, 2_000
ALL = MicrodataRules()


def everyone(n: int) -> Members:
    return segment(EVERYONE, np.ones(n, dtype=bool), None, "everyone")


def languages(speaks: Flags) -> list[Members]:
    return [
        segment("language:zh-hans", speaks, kind="language"),
        segment("language:en", ~speaks, kind="language"),
    ]


def varied(n: int, items: int = 3, seed: int = 1) -> np.ndarray:
    """Answers of which no few are alike by chance: 1 to 5 in turn, shuffled by item."""
    rng = np.random.default_rng(seed)
    found = np.array([rng.permutation(np.arange(n) % 5 + 1) for _ in range(items)]).T
    # neighbours differ, so that every class of two or more is diverse
    found[:, 0] = np.arange(n) % 5 + 1
    return found.astype(np.int16)


def refusal(wave: Wave, rules: MicrodataRules = ALL) -> str:
    with pytest.raises(NoMicrodata) as refused:
        coarsened(wave.wanted, rules)
    sentence = refused.value.reason
    assert sentence.text("en")
    assert sentence.text("zh-hans")
    return sentence.code


def told(found: Microdata) -> dict[str, int]:
    """Return how many groups each attribute tells apart."""
    return {one.key: len(one.groups) for one in found.attributes}


def made(numbers: Iterable[int]) -> Counter[str]:
    """Make files of drawn waves and count what plain Python finds in them."""
    tally: Counter[str] = Counter()
    for number in numbers:
        wave = drawn(number)
        tally["waves"] += 1
        try:
            found = coarsened(wave.wanted)
        except NoMicrodata as refused:
            tally[refused.reason.code] += 1
            continue
        tally["files"] += 1
        tally["rows"] += len(wave.answers)
        tally["attributes"] += len(found.attributes)
        tally["leaking"] += seen(wave, found).anything
    return tally


def test_files_of_many_waves_give_nothing_away() -> None:
    tally = made(range(SHORT))
    assert tally["leaking"] == 0
    assert tally["files"] > SHORT / 4
    assert tally["attributes"] > 0


@pytest.mark.long
def test_files_of_two_thousand_waves_give_nothing_away() -> None:
    tally = made(range(LONG))
    print("\n" + ", ".join(f"{n:,} {what}" for what, n in sorted(tally.items())))
    assert tally["leaking"] == 0


def hiding_a_team() -> Wave:
    """A release that shows a unit and one of its two teams, but not the other."""
    n = 30
    rows = np.arange(n)
    whole = wave_of(
        [
            everyone(n),
            segment("unit:u", rows < 20),
            segment("team:a", rows < 12, "unit:u"),
            segment("team:b", (rows >= 12) & (rows < 20), "unit:u"),
            segment("unit:v", rows >= 20),
        ],
        varied(n),
    )
    (first,) = whole.told
    pieces = tuple(one for one in first.pieces if one.segment != "team:b")
    return replace(whole, told=(replace(first, pieces=pieces),))


def with_few_scores() -> Wave:
    """Six rows where a unit and a language cross, of whom four have a score."""
    n = 60
    team, speaks = np.arange(n) < 30, np.zeros(n, dtype=bool)
    speaks[:6] = True
    speaks[30:45] = True
    answers = varied(n)
    answers[:2] = -1
    segments = [everyone(n), segment("unit:a", team), segment("unit:b", ~team)]
    return wave_of([*segments, *languages(speaks)], answers)


def crossing(rows: int) -> Wave:
    """A wave in which a unit and a language cross in so many rows."""
    n = 60
    team, speaks = np.arange(n) < 30, np.zeros(n, dtype=bool)
    speaks[:rows] = True
    speaks[30:45] = True
    segments = [everyone(n), segment("unit:a", team), segment("unit:b", ~team)]
    return wave_of([*segments, *languages(speaks)], varied(n))


# rule -> a wave, what sees to the same and must be off too, and what is seen then
CASES: dict[str, tuple[Callable[[], Wave], tuple[str, ...], str]] = {
    "crowded": (lambda: crossing(4), ("audited",), "small"),
    "diverse": (lambda: drawn(17), (), "uniform"),
    "shown": (hiding_a_team, ("hidden",), "unshown"),
    "matched": (lambda: drawn(42), (), "crossed"),
    "hidden": (hiding_a_team, (), "hidden"),
    "audited": (with_few_scores, (), "recovered"),
}


@pytest.mark.parametrize("rule", MicrodataRules.names())
def test_without_any_one_rule_something_is_seen(rule: str) -> None:
    build, too, what = CASES[rule]
    wave = build()
    on = replace(ALL, **dict.fromkeys(too, False))
    off = replace(on, **{rule: False})
    assert getattr(seen(wave, coarsened(wave.wanted, off)), what)
    for rules in (on, ALL):
        with contextlib.suppress(NoMicrodata):
            assert not getattr(seen(wave, coarsened(wave.wanted, rules)), what)


def test_no_class_below_five_is_accepted() -> None:
    with pytest.raises(ValueError, match="4 is not allowed"):
        MicrodataRules(least=4)


def subsets_that_fit(wave: Wave, group: Flags) -> list[tuple[int, ...]]:
    """Try every choice of rows against the published mean and spread of a group."""
    scores = np.column_stack([one.values for one in wave.measures.values()])
    figures = np.column_stack((scores, scores**2))
    wanted = figures[group].sum(axis=0)
    choices = np.array(list(combinations(range(len(scores)), int(group.sum()))))
    totals = sum(figures[choices[:, place]] for place in range(choices.shape[1]))
    fits = np.abs(totals - wanted).max(axis=1) < 1e-6
    return [tuple(rows) for rows in choices[fits].tolist()]


def test_somebody_who_adds_up_rows_finds_a_small_group() -> None:
    # two teams and two languages are told; five of the six Chinese answers are in A
    n = 22
    team, speaks = np.arange(n) < 11, np.zeros(n, dtype=bool)
    speaks[[0, 1, 2, 3, 4, 15]] = True
    rng = np.random.default_rng(3)
    wave = wave_of(
        [
            everyone(n),
            segment("unit:a", team),
            segment("unit:b", ~team),
            *languages(speaks),
        ],
        rng.integers(1, 6, (n, 9)).astype(np.int16),
    )
    without = coarsened(wave.wanted, replace(ALL, matched=False, audited=False))
    assert told(without) == {"unit": 3}
    # the file names the team alone, and still the language is found: one row crosses
    (found,) = subsets_that_fit(wave, speaks)
    assert list(found) == np.flatnonzero(speaks).tolist()
    assert sum(without.attributes[0].codes[list(found)] == 2) == 1
    assert refusal(wave) == "microdata_crossed"


def with_small_teams(n: int = 120, scales: int = 6) -> Wave:
    """Ten teams and two languages, of which every release tells exact means."""
    rng = np.random.default_rng(5)
    team, speaks = np.arange(n) // (n // 10), rng.random(n) < 0.5
    speaks[:3] = True
    speaks[3 : n // 10] = False
    return wave_of(
        [
            everyone(n),
            *(segment(f"unit:{t}", team == t) for t in range(10)),
            *languages(speaks),
        ],
        rng.integers(1, 6, (n, 3 * scales)).astype(np.int16),
    )


def test_scales_stay_behind_where_with_them_small_groups_could_be_found() -> None:
    wave = with_small_teams()
    found = coarsened(wave.wanted)
    kept = wave.without(found.left_out)
    assert 1 <= len(kept.measures) < len(wave.measures)
    assert not seen(wave, found).anything
    assert found.least >= 5
    assert found.diverse == 2
    (remark,) = [one for one in found.remarks if one.code == "microdata_no_scales"]
    assert remark.params == {"scales": found.left_out, "of": 6}
    assert all(code in remark.text("zh-hans") for code in found.left_out)
    # with all of them both languages are found, and a team crosses one in three rows
    speaks = wave.segments[-2].rows
    nothing = np.zeros(len(speaks), dtype=np.int64)
    whole, less = (Crowd(list(one.measures.values())) for one in (wave, kept))
    assert whole.spare(speaks[None], nothing)[0] < SPARE_BITS
    assert less.spare(speaks[None], found.classes)[0] >= SPARE_BITS
    # nothing that stays behind could leave as well: each would be found out again
    for code in found.left_out:
        more = wave.without([one for one in found.left_out if one != code])
        assert coarsened(more.wanted).left_out


def test_a_wave_of_one_scale_has_none_to_leave_behind() -> None:
    wave = with_small_teams(60, scales=1)
    assert refusal(replace(wave, answers=np.full_like(wave.answers, 3))) == (
        "microdata_alike"
    )


def test_a_scale_on_which_all_agree_stays_behind() -> None:
    answers = varied(40, items=6)
    answers[:, 4] = 2
    found = coarsened(wave_of([everyone(40)], answers).wanted)
    assert found.left_out == ("s1",)
    assert found.diverse == 2


def test_leaving_scales_behind_names_no_group_that_the_release_hides() -> None:
    """Also where it hides the group on a scale that is not in the file."""
    answers = varied(30, items=6)
    answers[:, 4] = 2
    wave = hiding_a_team()
    whole = wave_of(wave.segments, answers)
    (first,) = whole.told
    pieces = tuple(
        one
        for one in first.pieces
        if (one.segment, one.measure) not in {("team:b", "s1"), ("team:a", "s1")}
    )
    hiding = replace(whole, told=(replace(first, pieces=pieces),))
    found = coarsened(hiding.wanted)
    assert found.left_out == ("s1",)
    in_file = {key for one in found.attributes for key in one.keys}
    assert not in_file & {"team:a", "team:b"}
    assert not seen(hiding, found).anything


def test_a_file_less_a_release_tells_of_nobody() -> None:
    # rows of the unit without those of its shown team would be the hidden team's
    wave = hiding_a_team()
    team_b = wave.segments[3].rows
    careless = coarsened(wave.wanted, replace(ALL, hidden=False)).attributes[0]
    in_b = int(careless.codes[team_b][0])
    assert np.array_equal(careless.codes == in_b, team_b)
    assert careless.name(in_b).en == "unit:u: other groups"
    found = coarsened(wave.wanted)
    (units,) = found.attributes
    assert len(np.unique(units.codes[:20])) == 1
    assert len(np.unique(units.codes)) == 2
    assert not seen(wave, found).anything
    assert "microdata_hidden_absent" in {one.code for one in found.remarks}


@pytest.mark.parametrize(
    ("rows", "least", "is_told"), [(4, 5, 0), (5, 5, 1), (5, 6, 0)]
)
def test_rows_are_alike_by_five_or_by_what_was_promised(
    rows: int, least: int, is_told: int
) -> None:
    found = coarsened(crossing(rows).wanted, MicrodataRules(least=least))
    assert len(found.attributes) == 1 + is_told
    assert found.least >= least
    if is_told:
        assert told(found) == {"unit": 3, "language": 2}
        assert found.least == 5


def test_of_many_rows_a_large_group_cannot_be_found_and_is_joined() -> None:
    n = 400
    team, speaks = np.arange(n) < 200, np.zeros(n, dtype=bool)
    speaks[:4] = True
    speaks[200:300] = True
    segments = [everyone(n), segment("unit:a", team), segment("unit:b", ~team)]
    wave = wave_of([*segments, *languages(speaks)], varied(n))
    found = coarsened(wave.wanted)
    assert list(told(found)) in (["unit"], ["language"])
    assert found.least >= 5
    assert any(one.code.startswith("microdata_no_") for one in found.remarks)


@pytest.mark.parametrize(("n", "is_told"), [(19, False), (20, True)])
def test_rows_leave_from_twenty_answers(n: int, is_told: bool) -> None:
    wave = wave_of([everyone(n)], varied(n))
    if is_told:
        found = coarsened(wave.wanted)
        assert (told(found), found.least) == ({}, 20)
    else:
        assert refusal(wave) == "microdata_few"


def test_more_answers_are_asked_for_where_more_were_promised() -> None:
    wave = wave_of([everyone(24)], varied(24), least=25)
    assert refusal(wave, MicrodataRules(least=25)) == "microdata_few"


@pytest.mark.parametrize(("different", "is_told"), [(0, False), (1, True)])
def test_two_answers_to_every_item(different: int, is_told: bool) -> None:
    answers = varied(20)
    answers[:, 2] = 4
    answers[:different, 2] = 2
    wave = wave_of([everyone(20)], answers)
    if is_told:
        assert coarsened(wave.wanted).diverse == 2
    else:
        assert refusal(wave) == "microdata_alike"


def test_an_item_that_nobody_answered_tells_nothing() -> None:
    answers = varied(20)
    answers[:, 2] = -3
    assert coarsened(wave_of([everyone(20)], answers).wanted).diverse == 2
    answers[0, 2] = 4
    assert refusal(wave_of([everyone(20)], answers)) == "microdata_alike"


def test_units_that_agree_are_joined_with_the_one_above() -> None:
    n = 60
    rows = np.arange(n)
    answers = varied(n)
    answers[:10, 1] = 3
    segments = [
        everyone(n),
        *(segment(f"unit:{k}", rows // 10 == k) for k in range(6)),
    ]
    wave = wave_of(segments, answers)
    without = coarsened(wave.wanted, replace(ALL, diverse=False))
    assert seen(wave, without).uniform == 1
    # its score is told, so that its rows are found: nothing can be made coarser
    assert refusal(wave) == "microdata_alike"


def test_a_release_that_hides_everyone_lets_no_rows_leave() -> None:
    wave = wave_of([everyone(30)], varied(30))
    nothing = replace(wave.told[0], pieces=())
    assert refusal(replace(wave, told=(nothing,))) == "microdata_everyone_hidden"


def test_points_of_a_question_are_joined_with_their_neighbours() -> None:
    n = 600
    rng = np.random.default_rng(2)
    unit, point = np.arange(n) // 200, rng.choice(4, n, p=[0.3, 0.3, 0.3, 0.1])
    # thirty people in all, but two of them in another unit
    point[[*range(200, 228), 400, 401]] = 4
    wave = wave_of(
        [
            everyone(n),
            *(segment(f"unit:{u}", unit == u) for u in range(3)),
            *(
                segment(f"question:AGE:{p}", point == p, kind="question")
                for p in range(5)
            ),
        ],
        rng.integers(1, 6, (n, 3)).astype(np.int16),
    )
    found = coarsened(wave.wanted)
    age = next(one for one in found.attributes if one.key == "question:AGE")
    assert age.groups == ((0,), (1,), (2,), (3, 4))
    assert age.name(3).en == "question:AGE:3 / question:AGE:4"
    assert age.name(3).zh_hans == "question:AGE:3／question:AGE:4"
    (remark,) = [one for one in found.remarks if "joined" in one.code]
    assert remark.params == {"question": "question:AGE", "left": 4, "of": 5}


def test_the_order_of_rows_changes_nothing() -> None:
    wave = drawn(3)
    order = np.random.default_rng(1).permutation(len(wave.answers))
    moved = wave_of(
        [replace(one, rows=one.rows[order]) for one in wave.segments],
        wave.answers[order],
    )
    first, second = coarsened(wave.wanted), coarsened(moved.wanted)
    assert told(first) == told(second)
    for one, other in zip(first.attributes, second.attributes, strict=True):
        assert np.array_equal(one.codes[order], other.codes)


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_whatever_the_wave_a_file_keeps_the_rules(data: st.DataObject) -> None:
    sizes = data.draw(st.lists(st.integers(1, 25), min_size=1, max_size=4))
    team = np.repeat(np.arange(len(sizes)), sizes)
    n = len(team)
    seed = data.draw(st.integers(0, 2**32 - 1))
    rng = np.random.default_rng(seed)
    top = data.draw(st.integers(2, 5))
    answers = rng.integers(1, top + 1, (n, 4)).astype(np.int16)
    answers[rng.random((n, 4)) < data.draw(st.sampled_from((0.0, 0.1)))] = -1
    speaks = rng.random(n) < data.draw(st.sampled_from((0.1, 0.5)))
    least = data.draw(st.integers(5, 8))
    segments = [
        everyone(n),
        *(segment(f"unit:{t}", team == t) for t in range(len(sizes))),
        *languages(speaks),
    ]
    wave = wave_of(segments, answers, items=2, least=least)
    try:
        found = coarsened(wave.wanted, MicrodataRules(least=least))
    except NoMicrodata:
        return
    assert not seen(wave, found, least).anything
    assert found.least >= least


@pytest.mark.parametrize("seed", range(4))
def test_choices_that_fit_are_not_overestimated(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n, m = 16, 7
    answers = rng.integers(1, 6, (n, 2)).astype(np.int16)
    group = np.zeros(n, dtype=bool)
    group[:m] = True
    values = answers.mean(axis=1)
    crowd = Crowd([Measure(values, 1.0, 5.0)])
    (bits,) = crowd.spare(group[None], np.zeros(n, dtype=np.int64))
    fit = len(subsets_that_fit(wave_of([everyone(n)], answers, items=2), group))
    assert bits <= np.log2(fit) + 1
    assert bits < SPARE_BITS


def test_the_more_rows_the_less_is_found() -> None:
    rng = np.random.default_rng(1)
    spare = []
    for n in (40, 80, 400):
        values = rng.integers(4, 21, n) / 4
        crowd = Crowd([Measure(values, 1.0, 5.0)] * 3)
        group = np.arange(n) % 4 == 0
        spare.append(crowd.spare(group[None], np.zeros(n, dtype=np.int64))[0])
    assert spare[0] < SPARE_BITS < spare[2]
    assert spare == sorted(spare)


def test_every_refusal_has_its_condition() -> None:
    assert set(CONDITIONS) == set(MICRODATA) <= set(SENTENCES)
