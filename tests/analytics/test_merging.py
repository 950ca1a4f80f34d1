"""Waves of different versions in one table, by the lineage of their items."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.merging import load_waves
from analytics.psychometrics import PsychometricsError
from analytics.responses import load_responses
from surveys.definition import (
    LANGUAGES,
    NOT_ASKED,
    Form,
    FormPart,
    Lineage,
    Questionnaire,
    Text,
    compile_form,
    load_library,
    parse_questionnaire,
)
from surveys.definition.merging import MergedForm, merge_forms
from surveys.models import Survey, Wave
from surveys.tenancy import organization_scope
from tests.factories import (
    EVERY_KIND,
    make_form,
    make_organization,
    make_response,
    make_responses,
    make_survey,
    make_wave,
)

FIRST = replace(
    parse_questionnaire(EVERY_KIND.read_text(encoding="utf-8"), source="ALL"),
    version=1,
    lineage=None,
)
EDITS = ("nothing", "rename", "reword", "key", "points", "drop", "add", "reuse")


def edited(asked: Questionnaire, edit: str) -> Questionnaire:
    """The next version, with one edit of the first scale."""
    scale, *others = (
        replace(s, items=tuple(replace(i, lineage=None) for i in s.items))
        for s in asked.scales
    )
    first, *rest = scale.items
    version = asked.version + 1
    if edit == "rename":
        first = replace(first, code=f"R{version}", lineage=first.code)
    elif edit == "reword":
        first = replace(first, text=Text(f"It is good {version}.", "很好。"))
    elif edit == "key":
        first = replace(first, reverse=not first.reverse)
    elif edit == "points":
        high = 4 if scale.format.high == 5 else 5
        labels = FIRST.scales[0].format.labels[:high]
        scale = replace(scale, format=replace(scale.format, high=high, labels=labels))
    items = [first, *rest]
    if edit == "drop" and rest:
        items = rest
    elif edit == "add":
        items = [*items, replace(first, code=f"N{version}", lineage=None)]
    elif edit == "reuse" and first.code != "T1" and all(i.code != "T1" for i in rest):
        items = [*items, replace(first, code="T1", lineage=None)]
    return replace(
        asked,
        version=version,
        lineage=Lineage(asked.code, asked.version),
        scales=(replace(scale, items=tuple(items)), *others),
    )


def versions_by(edits: Sequence[str]) -> list[Questionnaire]:
    found = [FIRST]
    for edit in edits:
        found.append(edited(found[-1], edit))
    return found


def form_of(*asked: Questionnaire, short: bool = False) -> Form:
    return compile_form(
        [FormPart(one, short=short) for one in asked],
        title=Text("A study", "一项研究"),
        referent="brand",
        languages=LANGUAGES,
        comment=False,
    )


Shown = frozenset[tuple[tuple[int, str], ...]]


def shown(merged: MergedForm, waves: Sequence[int] | None = None) -> Shown:
    """Which items of which waves stand in one column; columns nobody asks left out."""
    wanted = range(len(merged.forms)) if waves is None else waves
    columns = (
        tuple(
            (position, item.code)
            for position, wave in enumerate(wanted)
            if (item := merged.asked(column, wave)) is not None
        )
        for column in merged.columns
    )
    return frozenset(column for column in columns if column)


EDITING = st.lists(st.sampled_from(EDITS), min_size=1, max_size=4)


@settings(max_examples=40, deadline=None)
@given(EDITING, st.data())
def test_merging_some_waves_shows_what_merging_all_shows_of_them(
    edits: list[str], data: st.DataObject
) -> None:
    """So merging is associative: in whichever order and groups waves are laid together,
    the same answers stand in one column.
    """
    versions = versions_by(edits)
    forms = [form_of(version) for version in versions]
    picked = data.draw(st.lists(st.sampled_from(range(len(forms))), min_size=1))
    some = merge_forms([forms[index] for index in picked], versions)
    assert shown(some) == shown(merge_forms(forms, versions), picked)


@settings(max_examples=40, deadline=None)
@given(EDITING)
def test_every_answer_stands_in_one_column(edits: list[str]) -> None:
    versions = versions_by(edits)
    forms = [form_of(version) for version in versions]
    for known in (versions, []):
        merged = merge_forms(forms, known)
        for index, form in enumerate(forms):
            places = [c.places[index] for c in merged.columns]
            asked = sorted(place for place in places if place != NOT_ASKED)
            assert asked == list(range(form.item_count))
        codes = [column.code for column in merged.columns]
        assert len(set(codes)) == len(codes)


@settings(max_examples=20, deadline=None)
@given(EDITING)
def test_a_wave_alone_merges_to_itself(edits: list[str]) -> None:
    form = form_of(versions_by(edits)[-1])
    merged = merge_forms([form])
    assert tuple(column.item for column in merged.columns) == form.items
    assert [column.code for column in merged.columns] == [i.code for i in form.items]
    assert [column.places for column in merged.columns] == [
        (place,) for place in range(form.item_count)
    ]
    assert not any(column.siblings or column.reworded for column in merged.columns)


def test_waves_of_one_form_are_laid_under_one_another() -> None:
    form = form_of(FIRST)
    merged = merge_forms([form, form, form])
    assert [c.places for c in merged.columns] == [
        (p,) * 3 for p in range(len(form.items))
    ]


def test_what_a_version_has_not_asked_is_marked() -> None:
    library = {(q.code, q.version): q for q in load_library()}
    asked = [library["OUT-C", 1], library["OUT-C", 2]]
    merged = merge_forms([form_of(one) for one in asked], asked)
    assert len(merged.columns) == 22
    by_code = {column.code: column for column in merged.columns}
    assert by_code["OUT-C.SAT1"].places == (0, 0)
    assert by_code["OUT-C.SAT3"].places == (NOT_ASKED, 2)
    assert by_code["OUT-C.REC1"].places == (8, 21)
    column = by_code["OUT-C.REC1"]
    assert [merged.key_of(column, wave) for wave in (0, 1)] == [
        ("OUT-C", 1),
        ("OUT-C", 2),
    ]
    assert merged.key_of(by_code["OUT-C.SAT3"], 0) is None


@pytest.mark.parametrize(
    ("edit", "reason", "why"),
    [
        ("key", "key", "its keying changed"),
        ("points", "points", "its answer points changed"),
    ],
)
def test_what_does_not_compare_stands_apart_with_the_reason(
    edit: str, reason: str, why: str
) -> None:
    versions = versions_by([edit])
    merged = merge_forms([form_of(version) for version in versions], versions)
    by_code = {column.code: column for column in merged.columns}
    new, old = by_code["ALL.T1"], by_code["ALL.T1.v1"]
    assert (new.places, old.places) == ((NOT_ASKED, 0), (0, NOT_ASKED))
    assert new.apart == old.apart == (reason,)
    assert new.siblings == ("ALL.T1.v1",)
    assert old.note is not None
    assert old.note.en == f"Not merged with ALL.T1: {why}."
    assert old.note.zh_hans.startswith("未与 ALL.T1 合并：")


def test_the_newest_wording_and_code_stand_over_the_column() -> None:
    versions = versions_by(["rename", "reword"])
    merged = merge_forms([form_of(version) for version in versions], versions)
    column = merged.columns[0]
    assert column.code == "ALL.R2"
    assert column.item.text.en == "It is good 3."
    assert column.places == (0, 0, 0)
    assert column.reworded


def test_an_item_is_followed_through_a_version_that_no_wave_asked() -> None:
    versions = versions_by(["rename", "nothing"])
    forms = [form_of(versions[0]), form_of(versions[2])]
    assert merge_forms(forms, versions).columns[0].places == (0, 0)
    # the forms alone cannot know it
    assert merge_forms(forms).columns[0].places == (NOT_ASKED, 0)


def test_a_code_used_again_for_another_item_is_another_column() -> None:
    versions = versions_by(["drop", "reuse"])
    forms = [form_of(version) for version in versions]
    by_code = {c.code: c.places for c in merge_forms(forms, versions).columns}
    assert by_code["ALL.T1"] == (NOT_ASKED, NOT_ASKED, 3)
    assert by_code["ALL.T1.v1"] == (0, NOT_ASKED, NOT_ASKED)


def test_a_short_form_asks_less_of_the_same() -> None:
    library = {(q.code, q.version): q for q in load_library()}
    asked = [library["OUT-C", 1], library["OUT-C", 2]]
    forms = [form_of(asked[0]), form_of(asked[1], short=True)]
    merged = merge_forms(forms, asked)
    assert len(merged.columns) == 9
    assert not any(NOT_ASKED in column.places for column in merged.columns)


def test_two_items_that_claim_one_origin_never_share_a_column() -> None:
    twice = edited(FIRST, "nothing")
    scale = twice.scales[0]
    items = (*scale.items, replace(scale.items[0], code="T7", lineage="T1"))
    twice = replace(twice, scales=(replace(scale, items=items), *twice.scales[1:]))
    forms = [form_of(FIRST), form_of(twice)]
    for known in ([FIRST, twice], []):
        merged = merge_forms(forms, known)
        for index, form in enumerate(forms):
            places = {c.places[index] for c in merged.columns} - {NOT_ASKED}
            assert places == set(range(form.item_count))


def test_nothing_to_merge_is_said() -> None:
    with pytest.raises(ValueError, match="at least one form"):
        merge_forms([])


def two_waves() -> tuple[Survey, list[Wave], list[Questionnaire]]:
    """A survey that asked OUT-C 1 with thirty answers, then OUT-C 2 with twenty."""
    library = {(q.code, q.version): q for q in load_library()}
    asked = [library["OUT-C", 1], library["OUT-C", 2]]
    survey = make_survey(make_organization())
    waves = []
    for number, (version, answers) in enumerate(zip(asked, (30, 20), strict=True), 1):
        make_form(survey, number=number, asks=form_of(version))
        wave = make_wave(survey)
        make_responses(wave, answers, seed=number)
        with organization_scope(survey.organization_id):
            Wave.objects.filter(pk=wave.pk).update(
                state=Wave.State.CLOSED, closed_at=wave.opened_at
            )
        waves.append(wave)
    return survey, waves, asked


def test_waves_become_one_matrix_with_the_wave_of_every_row(database: None) -> None:
    survey, waves, versions = two_waves()
    with organization_scope(survey.organization_id):
        alone = [load_responses(wave, wave.form.asked()).data for wave in waves]
        loaded = load_waves(waves, versions)
    assert loaded.data.item_codes == alone[1].item_codes
    np.testing.assert_array_equal(loaded.waves, [1] * 30 + [2] * 20)
    np.testing.assert_array_equal(loaded.data.codes[30:], alone[1].codes)
    shared = list(alone[0].item_codes)
    first = loaded.data.codes[:30]
    columns = [loaded.data.item_codes.index(code) for code in shared]
    np.testing.assert_array_equal(first[:, columns], alone[0].codes)
    others = sorted(set(range(loaded.data.p)) - set(columns))
    assert (first[:, others] == -1).all()
    assert not loaded.waves.flags.writeable


def test_one_wave_loads_as_itself(database: None) -> None:
    survey, (wave, _), _ = two_waves()
    with organization_scope(survey.organization_id):
        loaded, alone = load_waves([wave]), load_responses(wave, wave.form.asked())
    np.testing.assert_array_equal(loaded.data.codes, alone.data.codes)
    assert loaded.data.items == alone.data.items


def test_the_fingerprint_of_waves_follows_their_answers(database: None) -> None:
    survey, waves, versions = two_waves()
    with organization_scope(survey.organization_id):
        both = load_waves(waves, versions).sha256
        again = load_waves(waves, versions).sha256
        one = load_waves(waves[:1], versions).sha256
    assert both == again != one


def test_a_stored_code_off_its_scale_names_row_and_item(database: None) -> None:
    survey = make_survey(make_organization())
    make_form(survey, asks=form_of(FIRST))
    wave = make_wave(survey)
    answers = [1] * form_of(FIRST).item_count
    answers[1] = 9
    make_response(wave, answers)
    with (
        organization_scope(survey.organization_id),
        pytest.raises(PsychometricsError, match=r"ALL\.T2"),
    ):
        load_waves([wave])
