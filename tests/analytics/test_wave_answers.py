"""From the rows of a wave to everything that a release is computed from."""

from uuid import UUID, uuid4

import numpy as np
import pytest

from analytics.release_parts import EVERYONE, Members, WaveAnswers
from analytics.responses import load_responses, load_wave_answers
from surveys.actions import freeze_promise
from surveys.models import (
    Cell,
    Invitation,
    Organization,
    Participant,
    Survey,
    Unit,
    Wave,
)
from surveys.promise import Thresholds
from surveys.tenancy import organization_scope
from tests.factories import (
    close_for_good,
    make_form,
    make_organization,
    make_response,
    make_survey,
    make_wave,
)
from tests.released import answer_in, make_cells, questioned_form

pytestmark = pytest.mark.usefixtures("database")


def load(wave: Wave) -> WaveAnswers:
    with organization_scope(wave.organization_id):
        found = Wave.objects.select_related("survey", "form").get(pk=wave.pk)
        return load_wave_answers(found, found.form.asked(), seed=1)


def by_key(loaded: WaveAnswers) -> dict[str, Members]:
    return {one.key: one for one in loaded.segments}


def test_a_segment_holds_its_own_answers_and_those_below() -> None:
    wave = make_wave(make_survey(mode=Survey.Mode.ANONYMOUS))
    top, north, south = make_cells(
        wave, ("Everyone", None, 0), ("North", 0, 10), ("South", 0, 12)
    )
    with organization_scope(wave.organization_id):
        freeze_promise(wave, wave.survey.mode, Thresholds(least_batch=11))
    for cell, number in ((top, 1), (north, 2), (south, 3)):
        for _ in range(number):
            answer_in(wave, cell, [4] * wave.form.item_count)
    everyone, *units = load(wave).segments
    assert (everyone.key, everyone.cell, everyone.invited) == (
        EVERYONE,
        str(top.pk),
        22,
    )
    assert everyone.rows.sum() == 6
    assert [(u.name.en, u.rows.sum(), u.invited, u.depth) for u in units] == [
        ("North", 2, 10, 1),
        ("South", 3, 12, 1),
    ]
    assert {u.parent for u in units} == {EVERYONE}
    assert everyone.mixed_from is None
    assert {u.mixed_from for u in units} == {11}


def test_several_groups_side_by_side_stand_below_everyone() -> None:
    wave = make_wave(make_survey(mode=Survey.Mode.ANONYMOUS))
    make_cells(wave, ("A", None, 10), ("B", None, 12), ("A one", 0, 8))
    everyone, *units = load(wave).segments
    assert (everyone.cell, everyone.invited) == (None, 30)
    assert [(u.name.en, u.depth, u.invited) for u in units] == [
        ("A", 1, 18),
        ("A one", 2, 8),
        ("B", 1, 12),
    ]
    assert units[1].parent == units[0].key


def test_a_typed_cell_keeps_its_key_from_wave_to_wave() -> None:
    survey = make_survey(mode=Survey.Mode.ANONYMOUS)
    keys = []
    for _ in range(2):
        wave = make_wave(survey)
        make_cells(wave, ("A", None, 10), ("B", None, 12), ("B", 0, 8))
        keys.append([one.key for one in load(wave).segments])
        close_for_good(wave)
    assert keys[0] == keys[1]
    assert len(set(keys[0])) == 4


def test_a_key_of_what_it_is_made_of_goes_before_the_name() -> None:
    wave = make_wave(make_survey(mode=Survey.Mode.ANONYMOUS))
    make_cells(wave, ("A", None, 10, "a" * 64), ("B", None, 9))
    assert f"unit:{'a' * 64}" in by_key(load(wave))


def test_languages_are_segments_only_where_both_were_used() -> None:
    wave = make_wave()
    make_response(wave, [4] * wave.form.item_count)
    assert set(by_key(load(wave))) == {EVERYONE}
    make_response(wave, [4] * wave.form.item_count, language="zh-hans")
    found = by_key(load(wave))
    assert found["language:zh-hans"].rows.sum() == 1
    assert found["language:en"].name.zh_hans == "用英文作答"
    assert found[EVERYONE].invited is None


def test_answers_about_the_respondent_are_segments_and_instructed_items_are_not() -> (
    None
):
    survey = make_survey()
    form = questioned_form()
    make_form(survey, asks=form)
    wave = make_wave(survey)
    codes = [item.code for item in form.items]
    for role in (3, 3, 5):
        answers = [item.low for item in form.items]
        answers[codes.index("CTL.ROL1")] = role
        make_response(wave, answers)
    loaded = load(wave)
    found = by_key(loaded)
    assert found["question:CTL.ROL1:3"].rows.sum() == 2
    assert found["question:CTL.ROL1:3"].name.en == "employee"
    assert loaded.expected
    assert not any(key.split(":")[1] in loaded.expected for key in found if ":" in key)
    column = loaded.asked_codes.index("CTL.ROL1")
    assert sorted(loaded.asked[:, column]) == [3, 3, 5]
    assert set(loaded.asked_codes).isdisjoint(loaded.data.item_codes)


def test_keyed_answers_are_those_of_an_analysis() -> None:
    wave = make_wave()
    rng = np.random.default_rng(2)
    for _ in range(20):
        make_response(wave, rng.integers(1, 8, wave.form.item_count).tolist())
    loaded = load(wave)
    with organization_scope(wave.organization_id):
        analysed = load_responses(wave, wave.form.asked())
    np.testing.assert_array_equal(loaded.data.codes, analysed.data.codes)
    np.testing.assert_array_equal(loaded.languages, analysed.languages)
    assert loaded.durations is None
    assert loaded.pseudonyms is None


def test_the_fingerprint_follows_the_groups_too() -> None:
    wave = make_wave(make_survey(mode=Survey.Mode.ANONYMOUS))
    north, south = make_cells(wave, ("North", None, 10), ("South", None, 12))
    answer_in(wave, north, [4] * wave.form.item_count)
    before = load(wave).sha256
    assert before == load(wave).sha256
    answer_in(wave, south, [4] * wave.form.item_count)
    assert load(wave).sha256 != before


def test_the_waves_pseudonyms_stand_in_the_order_of_the_rows() -> None:
    survey = make_survey()
    with organization_scope(survey.organization_id):
        Survey.objects.filter(pk=survey.pk).update(links_waves=True)
        survey.refresh_from_db()
    wave = make_wave(survey)
    marks = {}
    for point in (1, 2, 3):
        secret = bytes([point]) * 32
        marks[point] = secret
        answer_in(wave, None, [point] * wave.form.item_count, pseudonym=secret)
    loaded = load(wave)
    assert loaded.pseudonyms is not None
    column = next(j for j, i in enumerate(loaded.data.items) if not i.reverse)
    points = loaded.data.codes[:, column] + loaded.data.items[column].low
    assert [marks[point] for point in points] == list(loaded.pseudonyms)


def test_known_people_stand_in_their_units_and_those_above() -> None:
    organization = make_organization()
    survey = make_survey(organization, mode=Survey.Mode.IDENTIFIED)
    wave = make_wave(survey)
    with organization_scope(organization.pk):
        sales = _unit(organization, "Sales", None)
        east = _unit(organization, "East", sales)
        _unit(organization, "Idle", None)
        plant = _unit(organization, "Plant", None)
        units = (sales, east, east, plant)
        asked = [_invite(wave, unit) for unit in units]
    for key in asked[1:]:
        answer_in(wave, None, [4] * wave.form.item_count, key=key)
    found = [
        (one.name.en, one.invited, one.rows.sum(), one.depth)
        for one in load(wave).segments
    ]
    assert found == [
        ("Everyone", 4, 3, 0),
        ("Plant", 1, 1, 1),
        ("Sales", 3, 2, 1),
        ("East", 2, 2, 2),
    ]


def test_who_joined_and_left_is_counted_among_the_invited() -> None:
    survey = make_survey(mode=Survey.Mode.ANONYMOUS)
    organization = survey.organization
    with organization_scope(organization.pk):
        people = [_person(organization, None) for _ in range(5)]
    groups = {"North": [people[:3], people[1:4]], "South": [people[3:], people[4:]]}
    for number in range(2):
        wave = make_wave(survey)
        cells = make_cells(wave, ("All", None, 0), ("North", 0, 8), ("South", 0, 9))
        with organization_scope(organization.pk):
            for cell in cells[1:]:
                for person in groups[cell.name_en][number]:
                    _asked(wave, person, cell)
        close_for_good(wave)
        found = {o.name.en: (o.joined, o.left) for o in load(wave).segments}
        if not number:
            assert set(found.values()) == {(None, None)}
    assert found == {"Everyone": (0, 1), "North": (1, 1), "South": (0, 1)}


def _unit(organization: Organization, name: str, above: Unit | None) -> Unit:
    return Unit.objects.create(
        organization=organization,
        parent=above,
        code=name,
        name_en=name,
        name_zh_hans=f"{name}部",
    )


def _person(organization: Organization, unit: Unit | None) -> Participant:
    return Participant.objects.create(
        organization=organization, key=str(uuid4()), unit=unit
    )


def _asked(wave: Wave, person: Participant, cell: Cell | None) -> UUID:
    return Invitation.objects.create(
        organization_id=wave.organization_id,
        wave=wave,
        participant=person,
        cell=cell,
        channel=Invitation.Channel.EMAIL,
    ).pk


def _invite(wave: Wave, unit: Unit) -> UUID:
    return _asked(wave, _person(wave.survey.organization, unit), None)
