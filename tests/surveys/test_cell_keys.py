"""The key of a cell: what it is made of, the same from wave to wave."""

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.definition import Text
from surveys.fieldwork.cells import (
    Place,
    TreeUnit,
    form_cells,
    key_of_unit,
)
from surveys.fieldwork.inviting import invite
from surveys.models import Cell, Participant, Survey
from surveys.tenancy import organization_scope
from tests.factories import NOW, close_for_good
from tests.surveys.asked import make_asked

TREE = [
    TreeUnit("sales", Text("Sales", "销售部")),
    TreeUnit("north", Text("North", "北区"), "sales"),
    TreeUnit("south", Text("South", "南区"), "sales"),
    TreeUnit("plant", Text("Plant", "工厂")),
]


def keys(people: Mapping[str, int], units: list[TreeUnit] = TREE) -> dict[str, str]:
    found = form_cells(units, {Place(unit): n for unit, n in people.items()})
    return {cell.name.en: cell.key for cell in found.cells}


def test_other_people_in_the_same_units_are_the_same_cells() -> None:
    first = keys({"north": 9, "south": 12, "plant": 20})
    assert first == keys({"north": 30, "south": 8, "plant": 11})
    assert len(set(first.values())) == len(first)


def test_a_renamed_unit_keeps_its_key_and_another_one_of_its_name_does_not() -> None:
    renamed = [*TREE[:3], TreeUnit("plant", Text("Works", "工厂"))]
    other = [*TREE[:3], TreeUnit("plant 2", Text("Plant", "工厂"))]
    people = {"north": 9, "south": 12}
    before = keys({**people, "plant": 20})["Plant"]
    assert keys({**people, "plant": 20}, renamed)["Works"] == before
    assert keys({**people, "plant 2": 20}, other)["Plant"] != before


def test_a_whole_unit_has_the_key_of_the_unit() -> None:
    found = keys({"north": 9, "south": 12, "plant": 20})
    assert found["Plant"] == key_of_unit("plant")
    assert found["Sales"] == key_of_unit("sales")
    # the few of a small team join the unit above, which stays whole
    assert keys({"north": 9, "south": 3, "plant": 20})["Sales"] == found["Sales"]


def test_a_team_that_small_ones_have_joined_is_another_group() -> None:
    units = [*TREE, TreeUnit("east", Text("East", "东区"), "sales")]
    apart = keys({"north": 9, "south": 12, "plant": 20}, units)
    joined = keys({"north": 9, "south": 12, "east": 2, "plant": 20}, units)
    shared = set(apart.values()) & set(joined.values())
    assert apart["Plant"] in shared
    assert {key_of_unit("north"), key_of_unit("south")} - shared


def test_values_of_an_attribute_are_part_of_the_key() -> None:
    found = form_cells(
        TREE,
        {Place("plant", "day"): 10, Place("plant", "night"): 9, Place("north"): 9},
    )
    by_name = {cell.name.en: cell.key for cell in found.cells}
    assert len(set(by_name.values())) == len(by_name)
    again = form_cells(
        TREE,
        {Place("plant", "day"): 30, Place("plant", "night"): 9, Place("north"): 9},
    )
    assert {cell.name.en: cell.key for cell in again.cells} == by_name


@settings(max_examples=100, deadline=None)
@given(own=st.lists(st.integers(0, 20), min_size=6, max_size=6))
def test_no_two_cells_of_a_wave_have_one_key(own: list[int]) -> None:
    if sum(own) < 8:
        return
    units = [
        TreeUnit(k, Text(f"Unit {k}", f"单位{k}"), None if k < 2 else k % 2)
        for k in range(6)
    ]
    found = form_cells(units, {Place(k): n for k, n in enumerate(own)})
    assert len({cell.key for cell in found.cells}) == len(found.cells)


@pytest.mark.usefixtures("database")
def test_inviting_again_gives_the_cells_their_keys_again() -> None:
    wave = make_asked(teams=(10, 12), mode=Survey.Mode.ANONYMOUS)
    close_for_good(wave)
    with organization_scope(wave.organization_id):
        again = invite(survey=wave.survey, people=Participant.objects.all(), at=NOW)
        first, second = (
            {cell.name_en: cell.key for cell in Cell.objects.filter(wave=one)}
            for one in (wave, again)
        )
    assert first == second
    assert all(len(key) == 64 for key in first.values())
