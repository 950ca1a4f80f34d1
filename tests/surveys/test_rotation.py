"""Short pulses: what a wave does not ask is missing by plan, and every pair meets."""

import json
from collections import Counter
from dataclasses import replace
from itertools import combinations
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys import actions
from surveys.collect.intake import Receipt, find_wave, receive
from surveys.collect.page import form_context
from surveys.definition import (
    NOT_SHOWN,
    AnswerError,
    DefinitionError,
    Form,
    decode_answers,
    encode_answers,
)
from surveys.definition.rotation import Rotation, asked_together, at_turn, cut, rotated
from surveys.forms_rotation import RotationFields
from surveys.models import Organization, Response, Wave
from surveys.tenancy import organization_scope
from tests.factories import NOW, brand_form, every_kind_form, make_form, make_survey

THREE = Rotation(blocks=3, asked=2)


def whole() -> Form:
    return brand_form()


def core_of(form: Form, rotation: Rotation) -> set[str]:
    every = {item.code for item in form.items}
    return every - {code for block in cut(form, rotation) for code in block}


def test_the_three_form_design_asks_every_pair() -> None:
    """Graham et al. (2006), table 1: forms XAB, XAC, XBC.

    Items of one block, and of the core with a block, meet in two of three forms; items
    of two blocks in one; items of the core in all.
    """
    form = whole()
    scale = form.scales[0].code
    rotation = replace(THREE, core=frozenset({scale}))
    turned = rotated(form, rotation)
    assert len(turned.rotation) == 3
    home = {c: n for n, block in enumerate(cut(form, rotation)) for c in block}
    times = asked_together(turned)
    for one, other in combinations(sorted(item.code for item in form.items), 2):
        a, b = home.get(one), home.get(other)
        known = {x for x in (a, b) if x is not None}
        expected = {0: 3, 1: 2, 2: 1}[len(known)]
        assert times[frozenset({one, other})] == expected


@given(
    st.integers(2, 6),
    st.integers(1, 5),
    st.booleans(),
    st.sets(st.sampled_from([scale.code for scale in brand_form().scales])),
)
def test_every_item_has_its_turn_as_often_as_any_other(
    blocks: int, asked: int, whole_scales: bool, core: set[str]
) -> None:
    form = whole()
    rotation = Rotation(blocks, asked, whole_scales, frozenset(core))
    try:
        turned = rotated(form, rotation)
    except DefinitionError:
        assert asked >= blocks or not all(cut(form, rotation))
        return
    gone = Counter(code for turn in turned.rotation for code in turn.away)
    assert len(set(gone.values())) == 1
    assert set(gone) | core_of(form, rotation) == {item.code for item in form.items}
    if asked >= 2:
        pairs = asked_together(turned)
        number = form.item_count
        assert len(pairs) == number * (number - 1) // 2


def test_blocks_of_items_are_of_one_size() -> None:
    sizes = {len(block) for block in cut(whole(), THREE)}
    assert max(sizes) - min(sizes) <= 1


def test_scales_stay_together_where_they_are_to() -> None:
    form = whole()
    blocks = cut(form, replace(THREE, whole_scales=True))
    home = {code: n for n, block in enumerate(blocks) for code in block}
    for scale in form.scales:
        assert len({home[code] for code in scale.items}) == 1


def test_what_conditions_tie_together_stays_in_the_core() -> None:
    form = every_kind_form()
    tied = {one.item for q in form.questions for one in q.show_if}
    tied |= {item.code for item in form.items if item.show_if}
    assert tied
    assert tied <= core_of(form, Rotation(2, 1))


@pytest.mark.parametrize(
    "rotation",
    [
        Rotation(7, 2),
        Rotation(1, 1),
        Rotation(3, 3),
        Rotation(3, 0),
        Rotation(3, 2, core=frozenset(s.code for s in brand_form().scales)),
    ],
)
def test_what_cannot_be_cut_is_refused(rotation: Rotation) -> None:
    with pytest.raises(DefinitionError, match=r"blocks"):
        rotated(whole(), rotation)


def test_a_rotation_is_read_back_and_changes_no_other_digest() -> None:
    turned = at_turn(rotated(whole(), THREE), 4)
    assert turned.turn == 1
    assert Form.from_json(turned.to_json()) == turned
    assert "rotation" not in whole().to_data()
    assert at_turn(whole(), 4) == whole()


def test_a_turn_of_unknown_items_is_refused() -> None:
    data = rotated(whole(), THREE).to_data()
    data["rotation"][0]["away"] = ["TBE.NONE"]
    with pytest.raises(DefinitionError):
        Form.from_json(data)


def test_what_is_away_is_stored_as_not_shown_whatever_is_sent() -> None:
    form = rotated(whole(), THREE)
    sent = {item.code: str(item.low) for item in form.items}
    codes = decode_answers(form, sent)
    for item, code in zip(form.items, codes, strict=True):
        assert code == (NOT_SHOWN if item.code in form.away else item.low)
    fields = encode_answers(form, codes)
    assert set(fields) == set(sent) - form.away
    assert decode_answers(form, fields) == codes
    with pytest.raises(AnswerError):
        encode_answers(form, [item.low for item in form.items])


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page_asks_only_what_has_its_turn(language: str) -> None:
    form = rotated(whole(), THREE)
    page = form_context(
        form, wave_id=uuid4(), language=language, simulated=False, answers={}, errors={}
    )
    shown = [item for block in page["blocks"] for item in block.items]
    assert {item.code for item in shown} == {i.code for i in form.items} - form.away
    assert [item.number for item in shown] == list(range(1, len(shown) + 1))
    assert form.minutes(language) < whole().minutes(language)


def answer(wave: Wave) -> list[int]:
    asked = find_wave(wave.pk)
    assert asked is not None
    sent = {item.code: str(item.low) for item in asked.form.items}
    codes = decode_answers(asked.form, sent)
    assert receive(asked, key=uuid4(), answers=codes, language="en") is Receipt.STORED
    with organization_scope(wave.organization_id):
        return list(Response.objects.get(wave=wave).answers)


def test_waves_take_turns_and_begin_again(organization: Organization) -> None:
    survey = make_survey(organization)
    form = rotated(whole(), THREE)
    make_form(survey, asks=form)
    stored: list[list[int]] = []
    forms = []
    for _ in range(4):
        with organization_scope(organization.pk):
            wave = actions.open_wave(survey=survey, at=NOW)
        stored.append(answer(wave))
        forms.append(wave.form_id)
        with organization_scope(organization.pk):
            actions.close_wave(wave_id=wave.pk, at=NOW)
    assert forms[3] == forms[0]
    assert len(set(forms)) == 3
    hidden = [{n for n, code in enumerate(one) if code == NOT_SHOWN} for one in stored]
    assert hidden[3] == hidden[0]
    assert not hidden[0] & hidden[1] & hidden[2]
    assert hidden[0] | hidden[1] | hidden[2] == set(range(form.item_count))


FIELDS: dict[str, Any] = {"rotate": "items", "blocks": "3", "asked": "2"}


def test_the_fields_give_a_rotation() -> None:
    form = whole()
    fields = RotationFields(FIELDS)
    assert fields.is_valid()
    assert fields.rotation(form) == Rotation(3, 2, False)
    kept = RotationFields(FIELDS | {"keeps_outcomes": "on", "drawn": "respondent"})
    assert kept.is_valid()
    outcomes = frozenset(s.code for s in form.scales if s.role == "outcome")
    assert kept.rotation(form) == Rotation(3, 2, False, outcomes, by_respondent=True)
    none = RotationFields({"rotate": ""})
    assert none.is_valid()
    assert none.rotation(form) is None
    wrong = RotationFields(FIELDS | {"asked": "3"})
    assert wrong.errors["asked"] == ["Ask fewer blocks than there are."]


DRAWN = Rotation(3, 2, by_respondent=True)


def test_who_draws_a_turn_is_not_asked_the_rest() -> None:
    form = rotated(whole(), DRAWN)
    assert form.drawn
    assert form.away == frozenset()
    assert at_turn(form, 1) == form
    assert Form.from_json(form.to_json()) == form
    sent = {item.code: str(item.low) for item in form.items}
    for turn in range(3):
        codes = decode_answers(form, {**sent, "turn": str(turn)})
        for item, code in zip(form.items, codes, strict=True):
            away = item.code in form.rotation[turn].away
            assert code == (NOT_SHOWN if away else item.low)
        fields = encode_answers(form, codes)
        assert fields["turn"] == str(turn)
        assert decode_answers(form, fields) == codes


def test_without_javascript_everything_is_asked() -> None:
    form = rotated(whole(), DRAWN)
    sent = {item.code: str(item.low) for item in form.items}
    codes = decode_answers(form, sent)
    assert codes == tuple(item.low for item in form.items)
    assert encode_answers(form, codes) == sent
    page = form_context(
        form, wave_id=uuid4(), language="en", simulated=False, answers={}, errors={}
    )
    assert page["item_count"] == len(form.items)
    assert json.loads(page["turns"]) == [list(turn.away) for turn in form.rotation]
    # the longest turn, which is shorter than everything
    assert page["minutes"] < whole().minutes("en")


@pytest.mark.parametrize("turn", ["3", "-1", "one", "", "00"])
def test_a_turn_that_is_none_is_refused(turn: str) -> None:
    with pytest.raises(AnswerError):
        decode_answers(rotated(whole(), DRAWN), {"turn": turn})
    with pytest.raises(AnswerError):
        decode_answers(rotated(whole(), THREE), {"turn": "0"})


def test_waves_of_drawn_turns_ask_one_form(organization: Organization) -> None:
    survey = make_survey(organization)
    make_form(survey, asks=rotated(whole(), DRAWN))
    asked = set()
    for _ in range(2):
        with organization_scope(organization.pk):
            wave = actions.open_wave(survey=survey, at=NOW)
            actions.close_wave(wave_id=wave.pk, at=NOW)
        asked.add(wave.form_id)
    assert len(asked) == 1
