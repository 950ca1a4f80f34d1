"""The second shape of a questionnaire: kinds, conditions, named forms, lineage."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from surveys.definition import (
    LANGUAGES,
    Condition,
    DefinitionError,
    Form,
    FormPart,
    Text,
    compile_form,
    digest,
    load_library,
    parse_questionnaire,
)

HERE = Path(__file__).parent
Change = Callable[[dict[str, Any]], object]


def every_kind() -> dict[str, Any]:
    source = (HERE / "every_kind.yaml").read_text(encoding="utf-8")
    data: dict[str, Any] = yaml.safe_load(source)
    return data


def form_of(data: dict[str, Any] | None = None, **part: Any) -> Form:
    asked = parse_questionnaire(data or every_kind(), source="every_kind.yaml")
    settings = {"short": False} | part
    return compile_form(
        [FormPart(asked, **settings)],
        title=Text("Every kind", "各种题型"),
        referent="brand",
        languages=asked.languages,
        comment=True,
    )


def item(data: dict[str, Any], scale: int, position: int) -> dict[str, Any]:
    found: dict[str, Any] = data["scales"][scale]["items"][position]
    return found


# ------------------------------------------------------------------ what was before


def test_versions_published_before_keep_their_digests() -> None:
    found = {(q.code, q.version): digest(q) for q in load_library()}
    assert found["TBE", 1] == (
        "4adb892048ed5194f8e10650b5840e2b6e22994f7ebdf1498e3df15cc1c961ba"
    )
    assert found["OUT-C", 1] == (
        "a1ddd382eae57dfcc3c210715c37ca83cb0ccedabf549b456c907936fb8b1aee"
    )


def test_a_form_frozen_in_the_first_shape_is_read_and_keeps_its_digest() -> None:
    stored = json.loads((HERE / "form_version_1.json").read_text(encoding="utf-8"))
    assert stored["schema_version"] == 1
    form = Form.from_json(stored)
    assert form.digest == (
        "c9d902dc568f86db0c801c2fdf52966bdfb7417d838a0a74024334a5f17f38d6"
    )
    assert form.to_data() == {**stored, "schema_version": 2}
    assert {found.kind for found in form.items} == {"rating"}
    assert (form.texts, form.scales[0].shuffled) == ((), False)


# ------------------------------------------------------------------ reading

BROKEN: dict[str, tuple[Change, str, str]] = {
    "one option": (
        lambda d: d["formats"]["happened"]["options"].pop(),
        "option_count",
        "formats.happened.options",
    ),
    "forty-one options": (
        lambda d: d["formats"]["region"].update(
            options=[{"en": f"o{n}", "zh-hans": f"选{n}"} for n in range(41)]
        ),
        "option_count",
        "formats.region.options",
    ),
    "two equal options": (
        lambda d: d["formats"]["happened"]["options"][1].update(en="yes"),
        "duplicate",
        "formats.happened.options[1]",
    ),
    "key of another kind": (
        lambda d: d["formats"]["happened"].update(longest=9),
        "unknown_key",
        "formats.happened",
    ),
    "unknown kind": (
        lambda d: d["formats"]["story"].update(kind="video"),
        "bad_choice",
        "formats.story.kind",
    ),
    "number too large": (
        lambda d: d["formats"]["months"].update(high=32_001),
        "out_of_range",
        "formats.months.high",
    ),
    "number without room": (
        lambda d: d["formats"]["months"].update(low=600),
        "out_of_range",
        "formats.months.high",
    ),
    "endless text": (
        lambda d: d["formats"]["story"].update(longest=4001),
        "out_of_range",
        "formats.story.longest",
    ),
    "choice in a scored scale": (
        lambda d: d["scales"][0].update(format="happened"),
        "only_ratings",
        "scales[0].format",
    ),
    "own format in a scored scale": (
        lambda d: item(d, 0, 0).update(format="stages"),
        "only_in_checklist",
        "scales[0].items[0].format",
    ),
    "instruction in a scored scale": (
        lambda d: item(d, 0, 0).update(expect=4),
        "only_in_checklist",
        "scales[0].items[0].expect",
    ),
    "instruction off the scale": (
        lambda d: item(d, 1, 4).update(expect=6),
        "out_of_range",
        "scales[1].items[4].expect",
    ),
    "condition on a later item": (
        lambda d: item(d, 0, 1).update(show_if={"item": "B1", "in": [1]}),
        "condition_not_earlier",
        "scales[0].items[1].show_if.item",
    ),
    "condition on itself": (
        lambda d: item(d, 1, 0).update(show_if={"item": "B1", "in": [1]}),
        "condition_not_earlier",
        "scales[1].items[0].show_if.item",
    ),
    "condition on a number": (
        lambda d: item(d, 1, 4).update(show_if={"item": "B3", "in": [1]}),
        "condition_not_closed",
        "scales[1].items[4].show_if.item",
    ),
    "condition on a code that is not offered": (
        lambda d: d["scales"][2].update(show_if={"item": "B1", "in": [3]}),
        "out_of_range",
        "scales[2].show_if.in[0]",
    ),
    "condition without codes": (
        lambda d: d["scales"][2].update(show_if={"item": "B1", "in": []}),
        "empty",
        "scales[2].show_if.in",
    ),
    "short without what it depends on": (
        lambda d: item(d, 2, 0).update(short=True),
        "condition_left_out",
        "scales[2].items[0]",
    ),
    "form without what another depends on": (
        lambda d: d["forms"]["generic"].update(leave_out=["B1"]),
        "condition_left_out",
        "scales[1].items[1]",
    ),
    "form that leaves out a stranger": (
        lambda d: d["forms"]["generic"].update(leave_out=["T9"]),
        "unknown_item",
        "forms.generic.leave_out[0]",
    ),
    "form without a word": (
        lambda d: d["forms"]["generic"].pop("words"),
        "unfilled_slot",
        "scales[0].items[2]",
    ),
    "form that fills the referent": (
        lambda d: d["forms"]["owner"]["words"].update(
            referent={"en": "we", "zh-hans": "我们"}
        ),
        "reserved_slot",
        "forms.owner.words.referent",
    ),
    "slot without forms": (
        lambda d: [d.pop("forms"), item(d, 0, 3).pop("texts")],
        "unknown_placeholder",
        "scales[0].items[2].text.en",
    ),
    "slot in one language": (
        lambda d: item(d, 0, 2)["text"].update(en="It is safe."),
        "slot_mismatch",
        "scales[0].items[2].text",
    ),
    "wording for no form": (
        lambda d: item(d, 0, 3)["texts"].update(rent={"en": "a", "zh-hans": "甲"}),
        "unknown_form",
        "scales[0].items[3].texts",
    ),
    "form with a bad name": (
        lambda d: d["forms"].update(Owner=d["forms"].pop("owner")),
        "bad_name",
        "forms",
    ),
    "unknown referent": (
        lambda d: d["scales"][2].update(referent="moon"),
        "bad_choice",
        "scales[2].referent",
    ),
    "modified without a record": (
        lambda d: d.update(modified=True),
        "modified_without_record",
        "modified",
    ),
    "record with a blank": (
        lambda d: d.update(catalogue="a b"),
        "bad_record",
        "catalogue",
    ),
    "unknown order": (lambda d: d.update(order="random"), "bad_choice", "order"),
    "bad lineage": (
        lambda d: item(d, 0, 2).update(lineage="t9"),
        "bad_code",
        "scales[0].items[2].lineage",
    ),
    "ten thousand items": (
        lambda d: d["scales"][0].update(items=[item(d, 0, 0)] * 10_000),
        "too_many",
        "scales",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_rule_is_named_with_its_place(name: str) -> None:
    change, code, where = BROKEN[name]
    data = every_kind()
    change(data)
    with pytest.raises(DefinitionError) as caught:
        parse_questionnaire(data, source="every_kind.yaml")
    assert (caught.value.code, caught.value.where) == (code, where)
    assert caught.value.in_("en").endswith(".")
    assert caught.value.in_("zh-hans").endswith("。")


def test_a_questionnaire_may_speak_one_language() -> None:
    data = every_kind()
    stripped = json.loads(json.dumps(data), object_hook=_english_alone)
    stripped["languages"] = ["en"]
    stripped["licence"] = "Public domain"
    asked = parse_questionnaire(stripped, source="loaded")
    assert asked.items[0].text == Text("{Referent} keeps promises.", "")
    assert asked.items[0].text.in_("zh-hans") == "{Referent} keeps promises."
    form = form_of(stripped)
    assert form.languages == ("en",)
    assert form.items[0].text.in_("zh-hans") == "This brand keeps promises."
    assert form.instruments[0].licence == "Public domain"
    assert Form.from_json(form.to_json()) == form
    with pytest.raises(DefinitionError) as caught:
        compile_form(
            [FormPart(asked, short=False)],
            title=Text("a", "甲"),
            referent="brand",
            languages=LANGUAGES,
            comment=False,
        )
    assert caught.value.code == "language_not_offered"


def _english_alone(data: dict[str, Any]) -> dict[str, Any]:
    data.pop("zh-hans", None)
    return data


# ------------------------------------------------------------------ the form


def test_a_form_fills_words_referents_and_conditions() -> None:
    form = form_of()
    items = {found.code: found for found in form.items}
    assert items["ALL.T3"].text == Text("The vehicle is safe.", "车辆很安全。")
    assert items["ALL.T4"].text.en == "This brand cares for owners."
    assert items["ALL.P1"].text == Text(
        "The management said sorry.", "管理层表示了歉意。"
    )
    assert items["ALL.P1"].referent == "management"
    assert items["ALL.P1"].show_if == (Condition("ALL.B1", (1,)),)
    assert items["ALL.T3"].lineage == "ALL.T9"
    assert items["ALL.B5"].expect == 4
    assert (items["ALL.B3"].kind, items["ALL.B3"].high) == ("number", 600)
    assert items["ALL.B3"].unit == Text("months", "个月")
    assert [option.en for option in items["ALL.B1"].labels] == ["yes", "no"]
    assert form.instruments[0].form == "owner"
    assert all(scale.shuffled for scale in form.scales)


def test_free_texts_take_no_position_and_keep_their_place() -> None:
    form = form_of()
    [story] = form.texts
    assert (story.code, story.after, story.longest) == ("ALL.B2", "ALL.B1", 200)
    assert form.item_count == 10
    assert "ALL.B2" not in {found.code for found in form.items}
    codes = [asked.code for asked in form.questions]
    assert codes.index("ALL.B2") == codes.index("ALL.B1") + 1
    assert form.scales[1].items == ("ALL.B1", "ALL.B3", "ALL.B4", "ALL.B5")


def test_only_ratings_of_scored_scales_are_scored() -> None:
    scored = [found.code for found in form_of().scored_items]
    assert scored == ["ALL.T1", "ALL.T2", "ALL.T3", "ALL.T4", "ALL.P1", "ALL.P2"]


def test_named_forms_short_forms_and_modules_choose_what_is_asked() -> None:
    generic = form_of(form="generic")
    assert generic.items[2].text.en == "The product is safe."
    assert "ALL.T4" not in {found.code for found in generic.items}
    assert [i.code for i in form_of(short=True).items] == ["ALL.T1", "ALL.T3"]
    assert [s.code for s in form_of(scales=("T",)).scales] == ["ALL.T"]
    assert form_of(scales=("P", "B")).scales[0].code == "ALL.B"


@pytest.mark.parametrize(
    ("part", "change", "code"),
    [
        ({"form": "lease"}, None, "no_such_form"),
        ({"scales": ("X",)}, None, "unknown_module"),
        ({"scales": ("P",)}, None, "condition_left_out"),
        ({"scales": ("T",)}, lambda d: d.update(modules=False), "no_modules"),
    ],
)
def test_a_part_that_cannot_be_asked_is_refused(
    part: dict[str, Any], change: Change | None, code: str
) -> None:
    data = every_kind()
    if change is not None:
        change(data)
    with pytest.raises(DefinitionError) as caught:
        form_of(data, **part)
    assert caught.value.code == code
    assert caught.value.in_("zh-hans").endswith("。")


def test_a_form_of_free_texts_alone_is_refused() -> None:
    data = every_kind()
    data["scales"] = [data["scales"][1]]
    data["scales"][0]["items"] = [item(data, 0, 1)]
    del data["scales"][0]["items"][0]["show_if"]
    data["scales"][0]["format"] = "story"
    data["formats"] = {"story": data["formats"]["story"]}
    data["forms"]["generic"]["leave_out"] = []
    with pytest.raises(DefinitionError) as caught:
        form_of(data)
    assert caught.value.code == "no_items"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda d: d["items"][4].update(high=3), "out_of_range"),
        (lambda d: d["items"][5].update(low=601), "out_of_range"),
        (lambda d: d["items"][4].update(kind="text"), "bad_choice"),
        (lambda d: d["texts"][0].update(after="ALL.X1"), "unknown_item"),
        (lambda d: d["texts"][0].update(scale="ALL.X"), "unknown_scale"),
        (lambda d: d["texts"][0].update(code="ALL.B1"), "duplicate"),
        (lambda d: d["texts"][0].update(longest=5000), "out_of_range"),
        (
            lambda d: d["texts"][0]["show_if"][0].update(item="ALL.P1"),
            "condition_not_earlier",
        ),
        (
            lambda d: d["items"][8]["show_if"][0].update(item="ALL.B3"),
            "condition_not_closed",
        ),
        (lambda d: d["items"][8]["show_if"][0].update(codes=[9]), "out_of_range"),
        (lambda d: d["scales"][1].update(model="reflective"), "only_ratings"),
    ],
)
def test_a_stored_form_that_was_tampered_with_is_refused(
    change: Change, code: str
) -> None:
    data = json.loads(form_of().to_json())
    change(data)
    with pytest.raises(DefinitionError) as caught:
        Form.from_json(data)
    assert caught.value.code == code
