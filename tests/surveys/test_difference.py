"""What is said about two versions of a questionnaire."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.definition import (
    Condition,
    Lineage,
    Questionnaire,
    Scale,
    Text,
    Wording,
    load_library,
    parse_questionnaire,
)
from surveys.definition.difference import Change, differences
from surveys.definition.difference_words import KINDS
from surveys.definition.word_difference import Piece, word_difference
from tests.factories import EVERY_KIND

Edit = Callable[[Questionnaire], Questionnaire]
OLD = parse_questionnaire(EVERY_KIND.read_text(encoding="utf-8"), source="ALL")


def next_version(edit: Edit = lambda asked: asked) -> Questionnaire:
    """Version 3, edited from version 2, in which items keep their codes."""
    scales = tuple(
        replace(s, items=tuple(replace(i, lineage=None) for i in s.items))
        for s in OLD.scales
    )
    edited_from = Lineage(OLD.code, OLD.version)
    begun = replace(OLD, version=OLD.version + 1, lineage=edited_from, scales=scales)
    return edit(begun)


def whole(**changes: Any) -> Edit:
    return lambda asked: replace(asked, **changes)


def in_scale(code: str, change: Callable[[Scale], Scale]) -> Edit:
    return lambda asked: replace(
        asked,
        scales=tuple(change(s) if s.code == code else s for s in asked.scales),
    )


def in_item(code: str, /, **changes: Any) -> Edit:
    """Change the item `code`; its scale is found."""

    def change(scale: Scale) -> Scale:
        items = tuple(
            replace(i, **changes) if i.code == code else i for i in scale.items
        )
        return replace(scale, items=items)

    return in_scale(
        next(s.code for s in OLD.scales for i in s.items if i.code == code), change
    )


def in_format(scale: str, **changes: Any) -> Edit:
    return in_scale(scale, lambda s: replace(s, format=replace(s.format, **changes)))


def in_own_format(code: str, /, **changes: Any) -> Edit:
    item = next(i for i in OLD.items if i.code == code)
    assert item.format is not None
    return in_item(code, format=replace(item.format, **changes))


def without(code: str) -> Edit:
    return lambda asked: replace(
        asked,
        scales=tuple(
            replace(s, items=tuple(i for i in s.items if i.code != code))
            for s in asked.scales
            if s.code != code
        ),
    )


def with_item(scale: str, code: str) -> Edit:
    def change(found: Scale) -> Scale:
        item = replace(found.items[0], code=code, short=False)
        return replace(found, items=(*found.items, item))

    return in_scale(scale, change)


def moved(code: str, target: str) -> Edit:
    def move(asked: Questionnaire) -> Questionnaire:
        item = next(i for i in asked.items if i.code == code)
        gone = without(code)(asked)
        return in_scale(target, lambda s: replace(s, items=(*s.items, item)))(gone)

    return move


def in_form(code: str, /, **changes: Any) -> Edit:
    return lambda asked: replace(
        asked,
        forms=tuple(
            replace(f, **changes) if f.code == code else f for f in asked.forms
        ),
    )


def recoded(asked: Questionnaire) -> Questionnaire:
    return in_scale("T", lambda s: replace(s, code="TR"))(asked)


def turned(asked: Questionnaire) -> Questionnaire:
    return in_scale("T", lambda s: replace(s, items=s.items[::-1]))(asked)


T1 = OLD.scales[0].items[0]
LABELS = OLD.scales[0].format.labels
OPTIONS = OLD.scales[1].format.labels
GENERIC = OLD.forms[1]
FEWER = {"low": 1, "high": 4, "labels": LABELS[:4]}
CASES: dict[str, tuple[Edit, set[tuple[str, str, str | None]]]] = {
    "language_removed": (whole(languages=("en",)), {("language_removed", "", None)}),
    "name_changed": (
        whole(name=Text("Any kind", OLD.name.zh_hans)),
        {("name_changed", "", "en")},
    ),
    "purpose_changed": (whole(kind="controls"), {("purpose_changed", "", None)}),
    "facts_changed": (
        whole(theory=Text("Some.", "有一些。")),
        {("facts_changed", "", None)},
    ),
    "facet_changed": (
        in_item("T1", facet=Text("word", "话")),
        {("facts_changed", "", None)},
    ),
    "modules_changed": (whole(modules=False), {("modules_changed", "", None)}),
    "shuffle_changed": (whole(order="fixed"), {("shuffle_changed", "", None)}),
    "order_changed": (turned, {("order_changed", "", None)}),
    "short_form_changed": (
        in_item("T2", short=True),
        {("short_form_changed", "", None)},
    ),
    "form_added": (
        whole(forms=(*OLD.forms, replace(GENERIC, code="other"))),
        {("form_added", "other", None)},
    ),
    "form_removed": (
        whole(forms=OLD.forms[:1]),
        {("form_removed", "generic", None)},
    ),
    "form_words_changed": (
        in_form(
            "generic", words=(replace(GENERIC.words[0], text=Text("item", "产品")),)
        ),
        {("form_words_changed", "generic", "en")},
    ),
    "form_items_changed": (
        in_form("generic", leave_out=()),
        {("form_items_changed", "generic", None)},
    ),
    "scale_added": (
        lambda asked: replace(
            asked,
            scales=(
                *asked.scales,
                replace(
                    asked.scales[0],
                    code="N",
                    items=(replace(T1, code="N1", short=False, lineage=None),),
                ),
            ),
        ),
        {("scale_added", "N", None), ("question_added", "N1", None)},
    ),
    "scale_removed": (
        without("P"),
        {
            ("scale_removed", "P", None),
            ("question_removed", "P1", None),
            ("question_removed", "P2", None),
        },
    ),
    "scale_recoded": (recoded, {("scale_recoded", "TR", None)}),
    "scale_renamed": (
        in_scale("T", lambda s: replace(s, name=Text(s.name.en, "信赖"))),
        {("scale_renamed", "T", "zh-hans")},
    ),
    "scale_model_changed": (
        in_scale("P", lambda s: replace(s, model="reflective")),
        {("scale_model_changed", "P", None)},
    ),
    "item_added": (with_item("T", "T5"), {("item_added", "T5", None)}),
    "question_added": (with_item("B", "B9"), {("question_added", "B9", None)}),
    "item_removed": (without("T2"), {("item_removed", "T2", None)}),
    "question_removed": (without("B4"), {("question_removed", "B4", None)}),
    "item_renamed": (
        in_item("T2", code="T7", lineage="T2"),
        {("item_renamed", "T7", None)},
    ),
    "item_reworded": (
        in_item("T1", text=Text(T1.text.en, "{referent}说到做到。")),
        {("item_reworded", "T1", "zh-hans")},
    ),
    "item_reworded_in_form": (
        in_item(
            "T4",
            texts=(
                Wording("owner", Text("{Referent} cares.", "{referent}关心车主。")),
            ),
        ),
        {("item_reworded_in_form", "T4", "en")},
    ),
    "item_moved": (
        moved("P2", "T"),
        {
            ("item_moved", "P2", None),
            ("order_changed", "", None),
            ("points_changed", "P2", None),
            ("labels_changed", "P2", "en"),
            ("labels_changed", "P2", "zh-hans"),
            ("not_applicable_changed", "P2", None),
            ("referent_changed", "P2", None),
            ("show_if_changed", "P2", None),
        },
    ),
    "key_changed": (in_item("T2", reverse=False), {("key_changed", "T2", None)}),
    "expected_point_changed": (
        in_item("B5", expect=5),
        {("expected_point_changed", "B5", None)},
    ),
    "answer_kind_changed": (
        in_own_format("B3", kind="text", low=0, high=0, longest=40, unit=None),
        {("answer_kind_changed", "B3", None)},
    ),
    "points_changed": (
        in_format("T", **FEWER),
        {
            ("points_changed", "T", None),
            ("labels_changed", "T", "en"),
            ("labels_changed", "T", "zh-hans"),
        },
    ),
    "labels_changed": (
        in_format("T", labels=(Text("no", LABELS[0].zh_hans), *LABELS[1:])),
        {("labels_changed", "T", "en")},
    ),
    "options_changed": (
        in_format("B", labels=OPTIONS[::-1]),
        {("options_changed", "B", "en"), ("options_changed", "B", "zh-hans")},
    ),
    "unit_changed": (
        in_own_format("B3", unit=Text("years", "年")),
        {("unit_changed", "B3", None)},
    ),
    "limits_changed": (
        in_own_format("B3", high=900),
        {("limits_changed", "B3", None)},
    ),
    "longest_changed": (
        in_own_format("B2", longest=500),
        {("limits_changed", "B2", None)},
    ),
    "not_applicable_changed": (
        in_format("T", not_applicable=False),
        {("not_applicable_changed", "T", None)},
    ),
    "referent_changed": (
        in_scale("P", lambda s: replace(s, referent=None)),
        {("referent_changed", "P", None)},
    ),
    "show_if_changed": (
        in_item("B2", show_if=Condition("B1", (2,))),
        {("show_if_changed", "B2", None)},
    ),
    "nothing": (lambda asked: asked, set()),
}


def found(edit: Edit) -> tuple[Change, ...]:
    return differences(OLD, next_version(edit))


@pytest.mark.parametrize("name", CASES)
def test_every_edit_is_said_and_nothing_else(name: str) -> None:
    edit, expected = CASES[name]
    changes = found(edit)
    assert {(c.kind, c.subject, c.language) for c in changes} == expected
    assert len(changes) == len(expected)


def test_a_language_that_comes_is_said_as_one_that_goes() -> None:
    one = replace(OLD, languages=("en",))
    (change,) = differences(one, next_version())
    assert (change.kind, change.trend) == ("language_added", "care")


def test_every_kind_of_change_has_a_case() -> None:
    said = {kind for _, expected in CASES.values() for kind, _, _ in expected}
    assert said | {"language_added"} == set(KINDS)


@pytest.mark.parametrize(
    ("name", "broken"),
    [
        ("key_changed", True),
        ("points_changed", True),
        ("options_changed", True),
        ("referent_changed", True),
        ("scale_model_changed", True),
        ("item_reworded", False),
        ("item_renamed", False),
        ("labels_changed", False),
    ],
)
def test_the_trend_breaks_where_a_code_means_something_else(
    name: str, broken: bool
) -> None:
    assert any(change.breaks_trend for change in found(CASES[name][0])) == broken


def test_a_rewording_asks_for_care_in_both_languages() -> None:
    (change,) = found(CASES["item_reworded"][0])
    assert change.trend == "care"
    assert "compare with care" in change.sentence.en
    assert "请谨慎" in change.sentence.zh_hans
    assert (change.before, change.after) == (
        "{referent}信守承诺。",
        "{referent}说到做到。",
    )


def test_sentences_have_no_gap_left_in_either_language() -> None:
    for edit, _ in CASES.values():
        for change in found(edit):
            for said in (change.sentence.en, change.sentence.zh_hans):
                assert said
                assert "{" not in said


def test_a_condition_on_a_renamed_item_is_the_same_condition() -> None:
    def edit(asked: Questionnaire) -> Questionnaire:
        renamed = in_item("B1", code="B8", lineage="B1")(asked)
        on = Condition("B8", (1,))
        kept = in_scale("P", lambda s: replace(s, show_if=on))(renamed)
        return in_item("B2", show_if=on)(kept)

    assert [change.kind for change in found(edit)] == ["item_renamed"]


def test_an_item_is_followed_through_a_version_between() -> None:
    second = next_version(in_item("T2", code="T7", lineage="T2"))
    items = tuple(replace(i, lineage=None) for i in second.scales[0].items)
    scales = (replace(second.scales[0], items=items), *second.scales[1:])
    third = replace(second, version=4, lineage=Lineage(OLD.code, 3), scales=scales)
    kinds = [change.kind for change in differences(OLD, third, between=[second])]
    assert kinds == ["item_renamed"]
    # without the version between, the two names are two items
    kinds = [change.kind for change in differences(OLD, third)]
    assert kinds == ["item_removed", "item_added"]


def test_a_code_used_again_is_another_item() -> None:
    def swapped(asked: Questionnaire) -> Questionnaire:
        renamed = in_item("T1", code="T8", lineage="T1")(asked)
        return with_item("T", "T1")(renamed)

    kinds = {(change.kind, change.subject) for change in found(swapped)}
    assert ("item_added", "T1") in kinds
    assert ("item_renamed", "T8") in kinds


def test_the_two_outcome_packs_share_their_nine_items() -> None:
    library = {(q.code, q.version): q for q in load_library()}
    changes = differences(library["OUT-C", 1], library["OUT-C", 2])
    assert not any(change.breaks_trend for change in changes)
    added = [c.subject for c in changes if c.kind in ("item_added", "question_added")]
    assert len(added) == 22 - 9
    assert not any(c.kind in ("item_reworded", "item_removed") for c in changes)


@pytest.mark.parametrize(
    ("before", "after", "language", "expected"),
    [
        (
            "{Referent} keeps its word.",
            "{Referent} keeps every promise.",
            "en",
            [
                ("kept", "{Referent} keeps "),
                ("taken", "its word"),
                ("added", "every promise"),
                ("kept", "."),
            ],
        ),
        (
            "{referent}信守承诺。",
            "{referent}信守诺言。",
            "zh-hans",
            [
                ("kept", "{referent}信守"),
                ("taken", "承"),
                ("kept", "诺"),
                ("added", "言"),
                ("kept", "。"),
            ],
        ),
        ("", "new", "en", [("added", "new")]),
        ("same", "same", "en", [("kept", "same")]),
    ],
)
def test_words_in_english_and_characters_in_chinese_are_compared(
    before: str, after: str, language: str, expected: list[tuple[Any, str]]
) -> None:
    pieces = word_difference(before, after, language)
    assert pieces == tuple(Piece(*one) for one in expected)


WORDING = st.text(alphabet="ab {}'.-诺言 \n", max_size=25)


@given(WORDING, WORDING, st.sampled_from(["en", "zh-hans"]))
def test_the_pieces_give_both_wordings_again(
    before: str, after: str, language: str
) -> None:
    pieces = word_difference(before, after, language)
    assert "".join(p.text for p in pieces if p.fate != "added") == before
    assert "".join(p.text for p in pieces if p.fate != "taken") == after


@given(
    st.sets(st.sampled_from(sorted(CASES.keys() - {"answer_kind_changed"})), max_size=3)
)
def test_a_version_does_not_differ_from_itself(names: set[str]) -> None:
    edited = next_version()
    for name in sorted(names):
        edited = CASES[name][0](edited)
    again = replace(edited, lineage=Lineage(edited.code, edited.version), version=9)
    plain = tuple(
        replace(s, items=tuple(replace(i, lineage=None) for i in s.items))
        for s in again.scales
    )
    assert differences(edited, replace(again, scales=plain)) == ()
