"""Drafts as values: shaped, changed, judged; no database."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from surveys.definition import (
    DefinitionError,
    Questionnaire,
    load_library,
    parse_questionnaire,
)
from surveys.definition.draft import (
    Content,
    blank,
    content_of,
    content_of_questionnaire,
    document_of,
    free_code,
    line,
    text,
)
from surveys.definition.draft_edits import (
    NoSuchPart,
    Part,
    add_items,
    answers_of,
    earlier,
    found,
    move,
    put,
    remove,
)
from surveys.definition.unfinished import judge

EVERY_KIND = Path(__file__).parent / "every_kind.yaml"


def every_kind() -> Questionnaire:
    document = EVERY_KIND.read_text(encoding="utf-8")
    return parse_questionnaire(document, source=EVERY_KIND.name)


@pytest.fixture
def content() -> Content:
    return content_of_questionnaire(every_kind())


def codes(content: Content) -> list[list[str]]:
    return [[item["code"] for item in s["items"]] for s in content["scales"]]


def sentences(content: Content, **more: Any) -> dict[str, list[str]]:
    said: dict[str, list[str]] = {}
    for remark in judge(content, **more).remarks:
        said.setdefault(remark.part, []).append(remark.in_("en"))
    return said


@pytest.mark.parametrize("asked", [*load_library(), every_kind()], ids=lambda q: q.code)
def test_what_was_published_comes_back_from_its_draft(asked: Questionnaire) -> None:
    content = content_of_questionnaire(asked)
    read = parse_questionnaire(document_of(content, asked.version), source="")
    assert content_of_questionnaire(read) == content
    assert read.items == asked.items


def test_a_new_questionnaire_says_what_it_lacks() -> None:
    judged = judge(blank("TEA", text("Tea", "茶")))
    assert judged.questionnaire is None
    assert {remark.part for remark in judged.remarks} == {"scale.A"}
    assert "The scale has no items yet" in judged.remarks[-1].in_("en")
    assert "该量表还没有题目" in judged.remarks[-1].in_("zh-hans")


def test_without_a_scale_it_says_so() -> None:
    content = remove(blank("TEA", text("Tea", "茶")), Part("scale", "A"))
    assert sentences(content) == {"about": ["There is no scale yet; add one."]}


def test_what_is_blank_is_said_beside_it_and_hides_nothing_else(
    content: Content,
) -> None:
    missing = put(content, Part("item", "T1"), {"text": text("{Referent} is here.")})
    leading = text("Clearly {referent} never lies.", "显然{referent}从不说谎。")
    judged = judge(put(missing, Part("item", "T4"), {"text": leading, "texts": []}))
    said = {remark.part: remark for remark in judged.remarks}
    assert said["item.T1"].in_("en") == "Chinese: The wording is blank; write it."
    assert "item.T4" in said
    assert judged.shown is not None
    assert judged.questionnaire is None


def test_several_broken_items_are_all_named(content: Content) -> None:
    for code in ("T1", "T4"):
        broken = text("{Product_} is broken.", "坏了。")
        content = put(content, Part("item", code), {"text": broken, "texts": []})
    said = sentences(content)
    assert "'{Product_}' is no placeholder" in said["item.T1"][0]
    assert "'{Product_}' is no placeholder" in said["item.T4"][0]


def test_a_fault_of_a_format_is_said_beside_the_format(content: Content) -> None:
    agreement = found(content, Part("format", "agreement"))
    labels = agreement["labels"][:3]
    said = sentences(put(content, Part("format", "agreement"), {"labels": labels}))
    assert "3 labels for 5 points" in said["format.agreement"][0]


def test_a_repeated_label_names_its_place(content: Content) -> None:
    labels = deepcopy(found(content, Part("format", "agreement"))["labels"])
    labels[1]["en"] = labels[0]["en"] = "no"
    said = sentences(put(content, Part("format", "agreement"), {"labels": labels}))
    assert "format.agreement" in said


def test_formats_that_nothing_uses_are_left_out(content: Content) -> None:
    spare = {**found(content, Part("format", "story")), "code": "spare"}
    more = put(content, Part("format"), spare)
    assert "spare" not in document_of(more)["formats"]
    assert judge(more, version=2).questionnaire == every_kind()


def test_a_facet_and_a_description_may_be_left_blank() -> None:
    content = blank("TEA", text("Tea", "茶"))
    content = put(content, Part("scale", "A"), {"name": text("Trust", "信任")})
    content = add_items(
        content, "A", [text("{Referent} is kind.", "{referent}很友善。")]
    )
    asked = parse_questionnaire(document_of(content), source="")
    assert asked.items[0].facet.en == "Trust"
    assert asked.description.en == "Tea"


def test_one_language_is_enough() -> None:
    content = blank("TEA", text("Tea", ""))
    content = put(content, Part("about"), {"languages": ["en"]})
    content = put(content, Part("scale", "A"), {"name": text("Trust")})
    content = add_items(content, "A", [text("{Referent} is kind.")])
    judged = judge(content)
    assert judged.faults == ()
    assert judged.questionnaire is not None
    assert judged.questionnaire.languages == ("en",)


def test_a_change_leaves_the_old_content_alone(content: Content) -> None:
    before = deepcopy(content)
    put(content, Part("item", "T1"), {"text": text("Other", "别的")})
    remove(content, Part("item", "T1"))
    move(content, Part("item", "T1"), 1)
    add_items(content, "T", [text("More", "更多")])
    assert content == before


def test_a_renamed_item_is_followed_where_it_is_named(content: Content) -> None:
    made = put(content, Part("item", "B1"), {"code": "EVENT"})
    assert found(made, Part("item", "B2"))["show_if"]["item"] == "EVENT"
    assert found(made, Part("scale", "P"))["show_if"]["item"] == "EVENT"
    made = put(made, Part("item", "T4"), {"code": "T7"})
    assert found(made, Part("form", "generic"))["leave_out"] == ["T7"]
    assert judge(made, version=2).faults == ()


def test_a_renamed_format_and_form_are_followed(content: Content) -> None:
    made = put(content, Part("format", "stages"), {"code": "steps"})
    made = put(made, Part("format", "story"), {"code": "tale"})
    made = put(made, Part("form", "owner"), {"code": "drivers"})
    assert found(made, Part("scale", "P"))["format"] == "steps"
    assert found(made, Part("item", "B2"))["format"] == "tale"
    assert found(made, Part("item", "T4"))["texts"][0]["form"] == "drivers"
    assert judge(made, version=2).faults == ()


def test_a_deleted_item_leaves_the_forms_and_a_remark_where_it_was_asked_for(
    content: Content,
) -> None:
    made = remove(content, Part("item", "T4"))
    assert found(made, Part("form", "generic"))["leave_out"] == []
    said = sentences(remove(content, Part("item", "B1")))
    assert "'B1', which is no earlier item" in said["item.B2"][0]


def test_a_deleted_form_takes_its_wordings_along(content: Content) -> None:
    made = remove(content, Part("form", "owner"))
    assert found(made, Part("item", "T4"))["texts"] == []


def test_items_move_inside_their_scale_and_past_its_end(content: Content) -> None:
    made = move(content, Part("item", "T4"), -1)
    assert codes(made)[0] == ["T1", "T2", "T4", "T3"]
    made = move(content, Part("item", "T4"), 1)
    assert codes(made)[:2] == [["T1", "T2", "T3"], ["T4", "B1", "B2", "B3", "B4", "B5"]]
    made = move(content, Part("item", "B1"), -1)
    assert codes(made)[0][-1] == "B1"


@pytest.mark.parametrize(("code", "steps"), [("T1", -1), ("P2", 1)])
def test_the_first_and_the_last_stay(content: Content, code: str, steps: int) -> None:
    assert move(content, Part("item", code), steps) == content


def test_new_codes_are_free_and_never_retired() -> None:
    content = blank("TEA", text("Tea", "茶"))
    made = add_items(content, "A", [text("x"), text("y")], retired=("A1", "A3"))
    assert codes(made) == [["A2", "A4"]]


@pytest.mark.parametrize(
    ("wanted", "made"),
    [("b 1", "B-1"), ("1st", "Q1"), ("题", "Q1"), ("T1", "Q1"), ("a" * 40, "A" * 16)],
)
def test_a_code_is_made_valid_or_replaced(wanted: str, made: str) -> None:
    assert free_code(wanted, {"T1"}) == made


def test_more_than_500_items_are_refused() -> None:
    content = blank("TEA", text("Tea", "茶"))
    full = add_items(content, "A", [text(f"Item {n}") for n in range(500)])
    with pytest.raises(DefinitionError, match="501 items; the limit is 500"):
        add_items(full, "A", [text("One more")])
    items = [{"code": f"A{n}"} for n in range(10_000)]
    document = {"scales": [{"code": "A", "items": items}]}
    with pytest.raises(DefinitionError, match="10000 items; the limit is 500"):
        content_of(document)


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"scales": "no", "formats": [], "forms": 3, "name": ["x"]},
        {"scales": [None, {"items": [7, {"text": {"en": 3}}]}]},
        {"formats": {"a": None}, "scales": [{"items": [{"show_if": {"in": ["x"]}}]}]},
        {"languages": ["fr"], "lineage": {"code": "X"}, "licence": 1},
    ],
)
def test_whatever_a_document_holds_a_draft_of_it_can_be_judged(
    document: dict[str, Any],
) -> None:
    judged = judge(content_of(document))
    assert judged.questionnaire is None
    assert judged.faults


def test_repeated_codes_are_replaced_and_conditions_follow() -> None:
    item = {"text": {"en": "Yes?", "zh-hans": "是吗？"}}
    asked = {"code": "q one", **item}
    then = {"code": "Q2", "show_if": {"item": "q one", "in": [1]}, **item}
    scale = {"code": "S", "items": [asked, then, {"code": "Q2", **item}]}
    made = content_of({"scales": [scale]})
    assert codes(made) == [["Q-ONE", "Q2", "S1"]]
    assert made["scales"][0]["items"][1]["show_if"]["item"] == "Q-ONE"


def test_a_line_is_one_line_without_hidden_characters() -> None:
    assert line(" a\n\tb\x00c \ud800") == "a b c"
    assert line(3) == ""


@pytest.mark.parametrize("name", ["", "item", "item.", "new", "new.about", "about.x"])
def test_an_unknown_part_is_refused(name: str) -> None:
    with pytest.raises(NoSuchPart):
        Part.named(name)


@pytest.mark.parametrize(
    "name", ["about", "item.T1", "scale.T", "new.item.T", "new.format.choice"]
)
def test_a_part_is_written_as_it_is_read(name: str) -> None:
    assert str(Part.named(name)) == name


def test_only_earlier_closed_items_can_be_asked_for(content: Content) -> None:
    before = [item["code"] for item, _ in earlier(content, Part("item", "B5"))]
    assert before == ["T1", "T2", "T3", "T4", "B1", "B4"]
    before = [item["code"] for item, _ in earlier(content, Part("scale", "B"))]
    assert before == ["T1", "T2", "T3", "T4"]


def test_answers_are_listed_with_their_numbers(content: Content) -> None:
    happened = answers_of(found(content, Part("format", "happened")))
    assert [(code, label["en"]) for code, label in happened] == [(1, "yes"), (2, "no")]
    stages = answers_of(found(content, Part("format", "stages")))
    assert [code for code, _ in stages] == list(range(11))
    assert stages[0][1]["en"] == "never"
    assert stages[5][1]["en"] == ""


def test_a_changed_language_alone_is_pointed_out(content: Content) -> None:
    wording = text("{Referent} keeps all its promises.", "{referent}信守承诺。")
    made = put(content, Part("item", "T1"), {"text": wording, "lineage": None})
    said = sentences(made, before=every_kind())
    assert any("changed since version 2" in one for one in said["item.T1"])


def test_500_items_are_judged() -> None:
    content = blank("TEA", text("Tea", "茶"))
    content = put(content, Part("scale", "A"), {"name": text("Trust", "信任")})
    texts = [
        text(
            f"{{Referent}} does thing {n * 7919}.", f"{{referent}}做第{n * 7919}件事。"
        )
        for n in range(500)
    ]
    content = add_items(content, "A", texts)
    judged = judge(content)
    assert judged.shown is not None
    assert len(judged.shown.items) == 500
