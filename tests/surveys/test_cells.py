"""Cells keep the promise of least sizes and lose as few groups as can be."""

import random
import time
from collections.abc import Callable
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.definition import Text
from surveys.fieldwork.cells import (
    Cells,
    Fate,
    Place,
    TooFewPeople,
    TreeUnit,
    form_cells,
)

Shape = tuple[list[int | None], list[int]]  # parents, people of the unit itself


def named(key: int) -> Text:
    return Text(f"Unit {key}", f"单位{key}")


def formed(parents: list[int | None], own: list[int], least: int = 8) -> Cells:
    units = [TreeUnit(key, named(key), parent) for key, parent in enumerate(parents)]
    people = {Place(key): count for key, count in enumerate(own)}
    return form_cells(units, people, least=least)


def key_of(place: Place) -> int:
    assert isinstance(place.unit, int)
    return place.unit


def names(cells: Cells) -> list[str]:
    return [cell.name.en for cell in cells.cells]


@st.composite
def shapes(draw: st.DrawFn) -> Shape:
    size = draw(st.integers(1, 40))
    parents: list[int | None] = [
        draw(st.one_of(st.none(), st.integers(0, key - 1))) if key else None
        for key in range(size)
    ]
    own = draw(st.lists(st.integers(0, 25), min_size=size, max_size=size))
    return parents, own


@settings(max_examples=300, deadline=None)
@given(shape=shapes(), least=st.integers(8, 20))
def test_everyone_is_in_one_cell_and_no_group_gives_away_a_few(
    shape: Shape, least: int
) -> None:
    parents, own = shape
    if sum(own) < least:
        with pytest.raises(TooFewPeople):
            formed(parents, own, least)
        return
    cells = formed(parents, own, least)

    assert set(cells.cell_of) == {Place(k) for k, count in enumerate(own) if count}
    invited = [0] * len(cells.cells)
    for place, index in cells.cell_of.items():
        invited[index] += own[key_of(place)]
    assert invited == [cell.invited for cell in cells.cells]
    totals = list(invited)
    for index in reversed(range(len(totals))):
        above = cells.cells[index].parent
        assert above is None or above < index
        if above is not None:
            totals[above] += totals[index]
    assert totals == [cell.total for cell in cells.cells]
    assert all(count == 0 or count >= least for count in invited)
    assert all(total >= least for total in totals)
    assert [cell.parent for cell in cells.cells].count(None) == 1
    for index, cell in enumerate(cells.cells):
        above = cell.parent
        while above is not None:  # the complement rule, at every level
            assert totals[above] - totals[index] >= least
            above = cells.cells[above].parent
    assert cells == formed(parents, own, least)


@settings(max_examples=200, deadline=None)
@given(shape=shapes())
def test_the_table_says_of_each_unit_what_the_cells_do(shape: Shape) -> None:
    parents, own = shape
    if sum(own) < 8:
        return
    cells = formed(parents, own)
    below: list[set[int]] = [set() for _ in own]
    for key, count in enumerate(own):
        at: int | None = key
        while at is not None and count:
            below[at].add(key)
            at = parents[at]
    groups: list[set[int]] = [set() for _ in cells.cells]
    for place, index in cells.cell_of.items():
        cell: int | None = index
        while cell is not None:
            groups[cell].add(key_of(place))
            cell = cells.cells[cell].parent
    for unit in cells.outlook:
        mine = below[key_of(unit.place)]
        assert unit.total == sum(own[key] for key in mine)
        assert (unit.fate is Fate.EMPTY) is (not mine)
        assert (unit.fate is Fate.ALONE) is (bool(mine) and mine in groups)
        if unit.fate in (Fate.SMALL, Fate.DIFFERENCE):
            assert unit.cell is not None
            assert mine < groups[unit.cell]
            assert unit.others
            assert (unit.fate is Fate.SMALL) is (unit.total < 8)


def most(parents: list[int | None], own: list[int], least: int) -> int:
    """Number of cells of the best grouping, by trying all there are.

    Every unit stands or leaves its people to the unit above; units below `least` may
    be put together with siblings in every way; the few of a unit may join the unit's
    groups. A unit that is the same people as its only group is not counted twice.
    """
    children: dict[int | None, list[int]] = {}
    for key, parent in enumerate(parents):
        children.setdefault(parent, []).append(key)

    def total(key: int) -> int:
        return own[key] + sum(total(below) for below in children.get(key, []))

    def ways(key: int | None) -> set[tuple[int, int, int]]:
        """(people left to the unit above, groups directly below it, cells in all)."""
        small = [total(c) for c in children.get(key, []) if 0 < total(c) < least]
        large = [c for c in children.get(key, []) if total(c) >= least]
        found = set()
        mine = own[key] if key is not None else 0
        for bins, left in partitions(small, least):
            for choice in product(*(ways(child) for child in large)):
                pool = mine + left + sum(rest for rest, _, _ in choice)
                direct = bins + sum(groups for _, groups, _ in choice)
                cells = bins + sum(each for _, _, each in choice)
                if pool == 0 or (pool < least and direct):
                    found.add((0, 1, cells + (direct > 1)))
                if pool >= least:
                    found.add((0, 1, cells + 1))
                elif key is not None:
                    found.add((pool, direct, cells))
        return found

    return max(cells for rest, _, cells in ways(None) if rest == 0)


def partitions(sizes: list[int], least: int) -> set[tuple[int, int]]:
    """Every (number of joint groups, people in none of them)."""
    found: set[tuple[int, int]] = set()

    def place(at: int, bins: list[int], left: int) -> None:
        if at == len(sizes):
            if all(each >= least for each in bins):
                found.add((len(bins), left))
            return
        place(at + 1, bins, left + sizes[at])
        for index in range(len(bins) + 1):
            grown = [*bins, 0][: max(len(bins), index + 1)]
            grown[index] += sizes[at]
            place(at + 1, grown, left)

    place(0, [], 0)
    return found


def test_no_grouping_of_small_trees_has_more_cells() -> None:
    rng = random.Random(6)
    worse, tried = 0, 0
    while tried < 1500:
        size = rng.randint(1, 8)
        parents = [rng.choice([None, *range(k)]) if k else None for k in range(size)]
        own = [rng.choice([0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 20]) for _ in range(size)]
        if sum(own) < 8:
            continue
        tried += 1
        here, best = len(formed(parents, own).cells), most(parents, own, 8)
        assert here <= best, (parents, own)
        worse += here < best
    print(f"\n{worse} of {tried} small trees could have one more cell")
    assert worse == 0


def test_small_teams_join_their_siblings() -> None:
    cells = formed([None, 0, 0, 0, 0], [0, 5, 5, 20, 4])
    assert names(cells) == ["Unit 0", "Unit 3", "Unit 1 + Unit 2 + Unit 4"]
    assert [unit.fate.value for unit in cells.outlook] == [
        "alone", "small", "small", "alone", "small",
    ]  # fmt: skip
    assert [name.zh_hans for name in cells.outlook[1].others] == ["单位2", "单位4"]


def test_the_few_directly_below_join_the_smallest_group() -> None:
    cells = formed([None, 0, 0], [3, 30, 12])
    assert names(cells) == ["Unit 0", "Unit 1", "Unit 0 (directly) + Unit 2"]
    assert cells.outlook[2].fate is Fate.DIFFERENCE
    assert cells.cell_of[Place(0)] == 2


def test_a_single_team_and_a_few_above_it_are_one_group() -> None:
    cells = formed([None, 0], [3, 30])
    assert names(cells) == ["Unit 0"]
    assert [unit.fate.value for unit in cells.outlook] == ["alone", "difference"]


def test_a_unit_with_one_part_only_is_that_part() -> None:
    cells = formed([None, 0, 1], [0, 0, 9])
    assert names(cells) == ["Unit 2"]
    assert {unit.fate for unit in cells.outlook} == {Fate.ALONE}


def test_a_dissolved_unit_stays_in_the_name() -> None:
    cells = formed([None, 0, 1], [5, 3, 10])
    assert names(cells) == ["Unit 0", "Unit 1 / Unit 2"]
    assert [cell.invited for cell in cells.cells] == [8, 10]


def test_many_small_teams_are_named_in_short() -> None:
    cells = formed([None, 0, *[0] * 7, 0], [0, 20, *[1] * 7, 1])
    joint = cells.cells[-1]
    assert joint.name.en == "Unit 2 + Unit 3 + Unit 4 + 5 more"
    assert joint.name.zh_hans == "单位2、单位3、单位4等 8 个"
    assert len(joint.parts) == 8


def test_names_stay_within_the_table() -> None:
    units = [TreeUnit(k, Text("x" * 200, "字" * 200)) for k in range(8)]
    cells = form_cells(units, {Place(k): 3 for k in range(8)})
    assert max(len(cell.name.en) for cell in cells.cells) == 200
    assert max(len(cell.name.zh_hans) for cell in cells.cells) == 200


def test_people_without_a_unit_count_with_everyone() -> None:
    units = [TreeUnit("a", named(1)), TreeUnit("b", named(2))]
    cells = form_cells(units, {Place(None): 9, Place("a"): 9, Place("b"): 9})
    assert names(cells) == ["Everyone", "Unit 1", "Unit 2"]
    few = form_cells(units, {Place(None): 2, Place("a"): 9, Place("b"): 9})
    assert names(few) == ["Everyone", "People without a unit + Unit 1", "Unit 2"]


def test_a_wave_can_be_split_by_an_attribute() -> None:
    units = [TreeUnit("a", named(1)), TreeUnit("b", named(2))]
    people = {
        Place("a", "north"): 12,
        Place("a", "south"): 9,
        Place("b", "north"): 15,
        Place("b", "south"): 3,
        Place("b"): 1,
    }
    cells = form_cells(units, people, values={"north": Text("North", "北方")})
    assert names(cells) == [
        "Everyone", "Unit 1", "Unit 1 · North", "Unit 1 · south", "Unit 2",
    ]  # fmt: skip
    assert cells.cells[2].name.zh_hans == "单位1 · 北方"
    assert cells.cell_of[Place("b", "south")] == 4


def test_fewer_than_the_least_are_refused() -> None:
    with pytest.raises(TooFewPeople, match="7 people are invited"):
        formed([None], [7])


def test_the_least_can_only_be_raised() -> None:
    with pytest.raises(ValueError, match="the least is 8"):
        formed([None], [50], 7)
    assert len(formed([None, 0, 0], [0, 9, 9], 10).cells) == 1


@pytest.mark.parametrize(
    ("units", "people", "sentence"),
    [
        ([TreeUnit("a", named(1), "b")], {}, "The unit above 'a' is not in the list"),
        ([TreeUnit("a", named(1))] * 2, {}, "listed twice"),
        ([TreeUnit("a", named(1), "a")], {}, "has a cycle"),
        ([], {Place("x"): 9}, "9 people cannot stand at"),
        ([], {Place(None): -1}, "-1 people cannot stand at"),
    ],
)
def test_a_broken_tree_is_refused(
    units: list[TreeUnit], people: dict[Place, int], sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        form_cells(units, people)


def grown(kind: str, size: int) -> tuple[list[int | None], list[int]]:
    """A tree of a shape: the unit above each, and the people in each."""
    rng = random.Random(1)
    above: Callable[[int], int] = {
        "bushy": lambda key: rng.randrange(max(0, key // 8 - 2), key // 8 + 1),
        "flat": lambda key: 0,
        "deep": lambda key: key - 1,
    }[kind]
    return (
        [above(key) if key else None for key in range(size)],
        [rng.randint(0, 15) for _ in range(size)],
    )


@pytest.mark.parametrize("kind", ["bushy", "flat", "deep"])
def test_two_thousand_units_are_formed_without_anybody_getting_lost(kind: str) -> None:
    parents, own = grown(kind, 2000)
    cells = formed(parents, own)
    assert sum(cell.invited for cell in cells.cells) == sum(own)
    assert min(cell.total for cell in cells.cells) >= 8


@pytest.mark.long  # reads a clock
@pytest.mark.parametrize("kind", ["bushy", "flat", "deep"])
def test_two_thousand_units_take_less_than_a_second(kind: str) -> None:
    parents, own = grown(kind, 2000)
    start = time.process_time()
    cells = formed(parents, own)
    spent = time.process_time() - start
    print(f"\n{kind}: {len(cells.cells)} cells in {spent:.2f} s")
    assert spent < 1
