"""Participation by the rules of the mode: daily, in fives, never who."""

from datetime import timedelta
from random import Random
from uuid import uuid4

import pytest
from django.db import ProgrammingError, connections
from django.urls import reverse

from surveys import mixing
from surveys.fieldwork import participation
from surveys.fieldwork.participation import rounded_by_cell
from surveys.models import Cell, Organization, Participation, Survey, Wave
from surveys.tenancy import organization_scope
from tests.factories import (
    NOW,
    make_form,
    make_member,
    make_responses,
    make_survey,
    make_wave,
    signed_in,
)
from tests.surveys.promised import answer_all, answer_typed, cell, cells_of, codes
from tests.surveys.promised import launch as launch_wave


def rows_of(wave: Wave) -> dict[tuple[str, str], int]:
    """What is stored, by day and group."""
    with organization_scope(wave.organization_id):
        rows = Participation.objects.filter(wave=wave).select_related("cell")
        return {
            (str(row.day), row.cell.name_en if row.cell else "all"): row.answered
            for row in rows
        }


def anonymous(organization: Organization) -> Survey:
    survey = make_survey(organization, mode=Survey.Mode.ANONYMOUS)
    make_form(survey)
    return survey


@pytest.mark.parametrize("seed", range(100))
def test_figures_are_fives_that_never_say_too_much(seed: int) -> None:
    chance = Random(seed)
    groups = [
        (chance.randrange(61), chance.randrange(61)) for _ in range(chance.randrange(8))
    ]
    keys = [uuid4() for _ in groups]
    invited = {key: max(pair) for key, pair in zip(keys, groups, strict=True)}
    answered = {key: min(pair) for key, pair in zip(keys, groups, strict=True)}
    found = rounded_by_cell(invited, answered)
    for key, figure in found.items():
        exact = sum(answered.values()) if key is None else answered[key]
        assert figure % 5 == 0
        assert exact - 5 < figure <= exact
    small = {key for key, people in invited.items() if people < 8}
    assert not small & found.keys()
    assert (None in found) == (sum(invited.values()) >= 8)


def test_two_looks_on_one_day_give_the_same(organization: Organization) -> None:
    wave = launch_wave([cell(20)], survey=anonymous(organization))
    (team,) = cells_of(wave)
    answer_all(wave, team, 7)
    participation.count_due(NOW)
    first = rows_of(wave)
    assert set(first.values()) == {5}
    answer_more(wave, team, 7, 8)
    participation.count_due(NOW + timedelta(hours=10))
    assert rows_of(wave) == first
    participation.count_due(NOW + timedelta(days=1))
    assert rows_of(wave)["2026-01-16", "all"] == 15


def answer_more(wave: Wave, team: Cell, start: int, number: int) -> None:
    from tests.surveys.promised import collected, obtain, public_key_of, sheet, submit

    asked = collected(wave)
    key = public_key_of(asked, team)
    for code in codes(wave, team)[start : start + number]:
        submit(asked, obtain(wave, code, key), sheet(asked))


def test_exact_numbers_of_an_open_wave_stand_nowhere_in_the_organization(
    organization: Organization,
) -> None:
    """Not in the table, and not in any column of the wave's other rows."""
    wave = launch_wave([cell(20)], survey=anonymous(organization))
    answer_all(wave, cells_of(wave)[0], 13)
    participation.count_due(NOW)
    assert set(rows_of(wave).values()) == {10}
    with organization_scope(organization.pk):
        stored = Cell.objects.get(wave=wave)
    assert stored.answered is None
    assert stored.issued is None
    with (
        connections["default"].cursor() as cursor,
        pytest.raises(ProgrammingError, match="permission denied"),
    ):
        cursor.execute("SELECT count(*) FROM collector.spent")


def test_the_page_shows_the_rounded_figure_only(organization: Organization) -> None:
    wave = launch_wave([cell(20)], survey=anonymous(organization))
    client = signed_in(make_member(organization))
    address = reverse("surveys:wave", args=[wave.pk])
    answer_all(wave, cells_of(wave)[0], 13)
    before = client.get(address).content.decode()
    assert "The first figure appears" in before
    participation.count_due(NOW)
    page = " ".join(client.get(address).content.decode().split())
    assert "At least <strong>10</strong> of 20 have answered, at least 50 %" in page
    assert "as in the last wave" not in page
    assert "at least 10" in page
    assert ">13<" not in page


def test_the_forecast_names_what_the_last_wave_reached(
    organization: Organization,
) -> None:
    survey = anonymous(organization)
    first = launch_wave([cell(20)], survey=survey)
    answer_all(first, cells_of(first)[0], 13)
    mixing.close_issuing(organization.pk, first.pk, at=NOW)
    mixing.finish(first.pk)
    second = launch_wave([cell(40)], survey=survey)
    with organization_scope(organization.pk):
        assert participation.last_share(first) is None
        assert participation.last_share(second) == 65
    client = signed_in(make_member(organization))
    page = client.get(reverse("surveys:wave", args=[second.pk])).content.decode()
    words = " ".join(page.split())
    assert "if as many answer as in the last wave, 65 % (26)" in words


def test_confidential_waves_are_counted_in_the_same_way(
    organization: Organization,
) -> None:
    survey = make_survey(organization, mode=Survey.Mode.CONFIDENTIAL)
    make_form(survey)
    wave = launch_wave([cell(9)], mode=Survey.Mode.CONFIDENTIAL, survey=survey)
    assert len(list(answer_typed(wave, cells_of(wave)[0], 9))) == 9
    participation.count_due(NOW)
    assert set(rows_of(wave).values()) == {5}


def test_open_waves_are_counted_live(organization: Organization) -> None:
    wave = make_wave(make_survey(organization))
    client = signed_in(make_member(organization))
    make_responses(wave, 3)
    participation.count_due(NOW)
    assert rows_of(wave) == {}
    page = client.get(reverse("surveys:wave", args=[wave.pk])).content.decode()
    assert "<strong>3</strong> answers so far" in " ".join(page.split())


def test_a_tick_missed_is_a_day_without_a_figure(organization: Organization) -> None:
    wave = launch_wave([cell(8)], survey=anonymous(organization))
    participation.count_due(NOW)
    participation.count_due(NOW + timedelta(days=3))
    assert {day for day, _ in rows_of(wave)} == {"2026-01-15", "2026-01-18"}
