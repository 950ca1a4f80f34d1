"""Whom a wave asks: never anybody who must not be asked, by chance, by unit."""

import json
from collections import Counter
from datetime import timedelta
from random import Random
from uuid import uuid4

import pytest
from django.template.loader import render_to_string
from django.utils.translation import override
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import chisquare

from surveys.fieldwork.inviting import invite
from surveys.fieldwork.outlook import audience
from surveys.fieldwork.sampling import Drawn, Whom, allot, draw, fallen, with_below
from surveys.models import Organization, Participant, Survey
from surveys.promise import Thresholds
from surveys.tenancy import organization_scope
from tests.factories import NOW, make_form, make_organization, make_survey
from tests.surveys.asked import make_people, make_unit

SIZES = st.dictionaries(st.integers(0, 30), st.integers(1, 60), min_size=1, max_size=12)


@given(SIZES, st.floats(0, 1), st.integers())
def test_a_sample_is_divided_without_rest(
    sizes: dict[int, int], part: float, seed: int
) -> None:
    number = round(sum(sizes.values()) * part)
    shares = allot(sizes, number, Random(seed))
    assert sum(shares.values()) == number
    assert all(0 <= shares[unit] <= sizes[unit] for unit in sizes)


@given(SIZES, st.floats(0, 1), st.integers())
def test_units_keep_eight_wherever_there_are_enough(
    sizes: dict[int, int], part: float, seed: int
) -> None:
    number = round(sum(sizes.values()) * part)
    assume(number >= 8 * sum(size >= 8 for size in sizes.values()))
    assert fallen(sizes, allot(sizes, number, Random(seed))) == 0


@given(SIZES, st.floats(0, 1), st.integers())
def test_units_have_their_proportion_else(
    sizes: dict[int, int], part: float, seed: int
) -> None:
    """Largest remainders stay within the quota, rounded down or up (Hamilton)."""
    total = sum(sizes.values())
    number = round(total * part)
    assume(number < 8 * sum(size >= 8 for size in sizes.values()))
    for unit, share in allot(sizes, number, Random(seed)).items():
        assert abs(share - sizes[unit] * number / total) < 1


def test_what_falls_below_eight_is_counted() -> None:
    sizes = {"a": 20, "b": 20, "c": 20, "d": 5}
    shares = allot(sizes, 20, Random(1))
    assert shares == {"a": 6, "b": 6, "c": 6, "d": 2}
    assert fallen(sizes, shares) == 3
    assert allot(sizes, 24, Random(1)) == {"a": 8, "b": 8, "c": 8, "d": 0}


@given(st.none() | st.integers(1, 9), st.none() | st.integers(1, 100), st.booleans())
def test_whom_to_ask_survives_being_stored(
    size: int | None, share: int | None, choosy: bool
) -> None:
    whom = Whom(
        units=frozenset({uuid4(), uuid4()} if choosy else ()),
        attributes={"site": frozenset({"北京", "Berlin"})} if choosy else {},
        size=size,
        share=share,
        rest_days=28 * choosy,
        split="site" if choosy else "",
    )
    stored = json.loads(json.dumps(whom.to_data()))
    assert Whom.from_data(stored) == whom
    assert (stored == {}) == (whom == Whom())


def drawn(organization: Organization, whom: Whom, seed: int | None = None) -> Drawn:
    with organization_scope(organization.pk):
        return draw(whom, at=NOW, random=None if seed is None else Random(seed))


def change(person: Participant, **values: object) -> None:
    with organization_scope(person.organization_id):
        Participant.objects.filter(pk=person.pk).update(**values)


def test_who_left_or_opted_out_or_cannot_be_reached_is_not_drawn(
    organization: Organization,
) -> None:
    gone, silent, bounced, mute, *others = make_people(organization, 12)
    change(gone, active=False)
    change(silent, opted_out_at=NOW)
    change(bounced, bounced_at=NOW)
    change(mute, email="", name="Without an address")
    found = drawn(organization, Whom())
    assert {one.pk for one in found.people} == {one.pk for one in others}
    assert (found.possible, found.unreachable, found.resting) == (8, 2, 0)


def test_units_come_with_everything_below(organization: Organization) -> None:
    top = make_unit(organization, "top")
    below = make_unit(organization, "below", make_unit(organization, "middle", top))
    elsewhere = make_unit(organization, "elsewhere")
    inside = make_people(organization, 3, unit=below)
    inside += make_people(organization, 2, unit=top)
    make_people(organization, 4, unit=elsewhere)
    make_people(organization, 4)
    found = drawn(organization, Whom(units=frozenset({top.pk})))
    assert {one.pk for one in found.people} == {one.pk for one in inside}
    with organization_scope(organization.pk):
        assert with_below([elsewhere.pk]) == {elsewhere.pk}


def test_attributes_choose_people(organization: Organization) -> None:
    first, second, third = make_people(organization, 3)
    change(first, attributes={"site": "北京", "entry": "2020"})
    change(second, attributes={"site": "Berlin"})
    change(third, attributes={"site": "Paris"})
    sites = {"site": frozenset({"北京", "Berlin"})}
    found = drawn(organization, Whom(attributes=sites))
    assert {one.pk for one in found.people} == {first.pk, second.pk}
    both = sites | {"entry": frozenset({"2020"})}
    found = drawn(organization, Whom(attributes=both))
    assert {one.pk for one in found.people} == {first.pk}


def test_who_was_asked_lately_rests_whatever_the_survey(
    organization: Organization,
) -> None:
    people = make_people(organization, 20)
    survey = make_survey(organization, mode=Survey.Mode.IDENTIFIED)
    make_form(survey)
    with organization_scope(organization.pk):
        invite(survey=survey, people=people[:9], at=NOW - timedelta(days=10))
    for days, rested in ((10, 20), (11, 11), (0, 20)):
        found = drawn(organization, Whom(rest_days=days))
        assert (len(found.people), found.resting) == (rested, 20 - rested)


def test_a_draw_is_a_sample_of_its_size(organization: Organization) -> None:
    teams = [make_unit(organization, f"t{number}") for number in range(3)]
    for team in teams:
        make_people(organization, 20, unit=team)
    found = drawn(organization, Whom(size=30))
    assert len({one.pk for one in found.people}) == 30
    assert Counter(one.unit_id for one in found.people) == {t.pk: 10 for t in teams}
    assert (found.small, found.possible) == (0, 60)
    few = drawn(organization, Whom(share=25))
    assert (len(few.people), few.small) == (15, 3)
    assert len(drawn(organization, Whom(size=500)).people) == 60


def test_what_a_sample_loses_is_told_before_it_is_drawn(
    organization: Organization,
) -> None:
    for number in range(3):
        make_people(organization, 20, unit=make_unit(organization, f"t{number}"))
    with organization_scope(organization.pk):
        told = audience(
            Whom(share=25), mode="anonymous", thresholds=Thresholds(), at=NOW
        )
    context = {"audience": told, "LANGUAGE_CODE": "en"}
    with override("en"):
        shown = render_to_string("surveys/_audience.html", context)
    assert "3 units fall under eight people by the sample" in shown


def test_everybody_has_the_same_chance(organization: Organization) -> None:
    """400 draws of 4 of 16: chi-squared with 15 degrees of freedom, p > .0001."""
    make_people(organization, 16)
    times: Counter[object] = Counter()
    for seed in range(400):
        times.update(one.pk for one in drawn(organization, Whom(size=4), seed).people)
    assert len(times) == 16
    assert chisquare(list(times.values())).pvalue > 1e-4


def test_another_organization_is_never_drawn_from(database: None) -> None:
    ours, theirs = make_organization(), make_organization("Hill Coffee")
    make_people(theirs, 9)
    assert drawn(ours, Whom()).people == []


def test_chance_cannot_be_foreseen(organization: Organization) -> None:
    """Two draws of 10 of 40 agree with probability 1 in 8 * 10^8."""
    make_people(organization, 40)
    one, other = (drawn(organization, Whom(size=10)) for _ in range(2))
    assert {p.pk for p in one.people} != {p.pk for p in other.people}


@pytest.mark.parametrize(
    ("whom", "people", "number"),
    [
        (Whom(), 10, 10),
        (Whom(size=4), 10, 4),
        (Whom(size=40), 10, 10),
        (Whom(share=33), 10, 4),
        (Whom(share=100), 10, 10),
        (Whom(share=1), 0, 0),
    ],
)
def test_how_many_are_asked(whom: Whom, people: int, number: int) -> None:
    assert whom.number(people) == number
