"""Questionnaires and forms: each rule broken once, each round trip for any form."""

import copy
import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.definition import (
    LANGUAGES,
    REFERENTS,
    AnswerError,
    DefinitionError,
    Form,
    FormPart,
    Text,
    compile_form,
    decode_answers,
    digest,
    encode_answers,
    load_library,
    parse_questionnaire,
)
from surveys.definition.form import reading_seconds
from tests.factories import BRAND_STUDY

SMALL = """
code: DEMO
version: 3
kind: questionnaire
name: {en: Small scale, zh-hans: 小量表}
description: {en: Two scales., zh-hans: 两个量表。}
theory: {en: None., zh-hans: 无。}
covers: [C1]
nearest_published: [A published scale]
known_risks: [{en: Short., zh-hans: 太短。}]
evidence_level: E0
native_review: owed
languages: [en, zh-hans]
licence: CC BY 4.0
formats:
  three:
    low: 1
    high: 3
    not_applicable: true
    labels: [{en: low, zh-hans: 低}, {en: middle, zh-hans: 中}, {en: high, zh-hans: 高}]
  eleven:
    low: 0
    high: 10
    not_applicable: false
    labels: [{en: never, zh-hans: 从未}, {en: always, zh-hans: 总是}]
scales:
  - code: K
    name: {en: Keeping, zh-hans: 守信}
    description: {en: Keeps., zh-hans: 守信。}
    model: reflective
    format: three
    items:
      - code: K1
        short: true
        facet: {en: promise, zh-hans: 承诺}
        text: {en: "{Referent} keeps promises.", zh-hans: "{referent}信守承诺。"}
      - code: K2
        reverse: true
        facet: {en: breach, zh-hans: 食言}
        text: {en: "I was let down by {referent}.", zh-hans: "{referent}让我失望。"}
  - code: S
    name: {en: Steps, zh-hans: 步骤}
    description: {en: Steps., zh-hans: 步骤。}
    model: formative
    format: eleven
    items:
      - code: S1
        facet: {en: contact, zh-hans: 接触}
        text: {en: "How often do you meet?", zh-hans: "您多久见一次面？"}
"""
TITLE = Text("A study", "一项调查")


def small() -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load(SMALL)
    return data


def brand_form(**changes: Any) -> Form:
    settings: dict[str, Any] = {
        "title": TITLE,
        "referent": "brand",
        "languages": LANGUAGES,
        "comment": True,
    } | changes
    part = FormPart(parse_questionnaire(SMALL, source="small.yaml"), short=False)
    return compile_form([part], **settings)


def test_a_questionnaire_is_read_in_both_languages() -> None:
    found = parse_questionnaire(SMALL, source="small.yaml")
    assert (found.code, found.version, found.kind) == ("DEMO", 3, "questionnaire")
    assert [item.code for item in found.items] == ["K1", "K2", "S1"]
    assert found.items[0].text.in_("zh-hans") == "{referent}信守承诺。"
    assert found.items[1].reverse
    assert found.short_form == ("K1",)
    assert found.scales[1].format.points == 11
    assert found == parse_questionnaire(small(), source="elsewhere")


# what is changed -> code and place of the error
Change = Callable[[dict[str, Any]], object]
BROKEN: dict[str, tuple[Change, str, str]] = {
    "unknown key": (
        lambda d: d["scales"][1]["items"][0].update(colour="red"),
        "unknown_key",
        "scales[1].items[0]",
    ),
    "unknown key at the top": (lambda d: d.update(norms=1), "unknown_key", ""),
    "missing key": (lambda d: d.pop("theory"), "missing_key", ""),
    "missing language": (
        lambda d: d["scales"][0]["items"][1]["text"].pop("zh-hans"),
        "missing_language",
        "scales[0].items[1].text.zh-hans",
    ),
    "third language": (
        lambda d: d["name"].update(de="Skala"),
        "unknown_language",
        "name",
    ),
    "language unknown": (
        lambda d: d.update(languages=["en", "fr"]),
        "unknown_language",
        "languages[1]",
    ),
    "blank text": (lambda d: d["name"].update(en="  "), "blank", "name.en"),
    "number as text": (lambda d: d["name"].update(en=7), "wrong_type", "name.en"),
    "text of one language": (lambda d: d.update(name="X"), "wrong_type", "name"),
    "endless text": (lambda d: d["name"].update(en="x" * 2001), "too_long", "name.en"),
    "line break": (
        lambda d: d["name"].update(en="a\nb"),
        "control_character",
        "name.en",
    ),
    "bad code": (lambda d: d.update(code="demo"), "bad_code", "code"),
    "long code": (lambda d: d.update(code="A" * 17), "bad_code", "code"),
    "unknown kind": (lambda d: d.update(kind="quiz"), "bad_choice", "kind"),
    "unknown level": (
        lambda d: d.update(evidence_level="E6"),
        "bad_choice",
        "evidence_level",
    ),
    "endless licence": (lambda d: d.update(licence="M" * 201), "too_long", "licence"),
    "version zero": (lambda d: d.update(version=0), "out_of_range", "version"),
    "version true": (lambda d: d.update(version=True), "wrong_type", "version"),
    "flag as text": (
        lambda d: d["scales"][0]["items"][0].update(short="yes"),
        "wrong_type",
        "scales[0].items[0].short",
    ),
    "no scales": (lambda d: d.update(scales=[]), "empty", "scales"),
    "scales no list": (lambda d: d.update(scales="K"), "wrong_type", "scales"),
    "scale no mapping": (lambda d: d.update(scales=["K"]), "wrong_type", "scales[0]"),
    "no items": (lambda d: d["scales"][0].update(items=[]), "empty", "scales[0].items"),
    "duplicate scale": (
        lambda d: d["scales"][1].update(code="K"),
        "duplicate",
        "scales[1].code",
    ),
    "duplicate item across scales": (
        lambda d: d["scales"][1]["items"][0].update(code="K1"),
        "duplicate",
        "scales[1].items[0].code",
    ),
    "duplicate coverage": (
        lambda d: d.update(covers=["C1", "C1"]),
        "duplicate",
        "covers[1]",
    ),
    "label count": (
        lambda d: d["formats"]["three"]["labels"].pop(),
        "label_count",
        "formats.three.labels",
    ),
    "ends alone on a short range": (
        lambda d: d["formats"]["three"]["labels"].pop(1),
        "label_count",
        "formats.three.labels",
    ),
    "one label twice": (
        lambda d: d["formats"]["three"]["labels"][1].update({"zh-hans": "低"}),
        "duplicate",
        "formats.three.labels[1]",
    ),
    "one point": (
        lambda d: d["formats"]["three"].update(high=1),
        "bad_points",
        "formats.three",
    ),
    "twelve points": (
        lambda d: d["formats"]["eleven"].update(high=11),
        "bad_points",
        "formats.eleven",
    ),
    "starts at two": (
        lambda d: d["formats"]["three"].update(low=2, high=4),
        "bad_points",
        "formats.three",
    ),
    "no formats": (lambda d: d.update(formats={}), "empty", "formats"),
    "unknown format": (
        lambda d: d["scales"][0].update(format="five"),
        "unknown_format",
        "scales[0].format",
    ),
    "unused format": (
        lambda d: d["scales"][1].update(format="three"),
        "unused_format",
        "formats.eleven",
    ),
    "unknown model": (
        lambda d: d["scales"][0].update(model="bifactor"),
        "bad_choice",
        "scales[0].model",
    ),
    "reverse item in a formative scale": (
        lambda d: d["scales"][1]["items"][0].update(reverse=True),
        "reverse_outside_reflective",
        "scales[1].items[0].reverse",
    ),
    "unknown placeholder": (
        lambda d: d["scales"][1]["items"][0]["text"].update(en="Is {name} kind?"),
        "unknown_placeholder",
        "scales[1].items[0].text.en",
    ),
    "stray brace": (
        lambda d: d["scales"][1]["items"][0]["text"].update(en="Is it } kind?"),
        "unknown_placeholder",
        "scales[1].items[0].text.en",
    ),
    "referent in one language": (
        lambda d: d["scales"][1]["items"][0]["text"].update(en="Is {referent} kind?"),
        "placeholder_mismatch",
        "scales[1].items[0].text",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_rule_is_named_with_its_place_in_both_languages(name: str) -> None:
    change, code, where = BROKEN[name]
    data = small()
    change(data)
    with pytest.raises(DefinitionError) as caught:
        parse_questionnaire(data, source="small.yaml")
    error = caught.value
    assert (error.code, error.where) == (code, where)
    place = f"small.yaml, {where}: " if where else "small.yaml: "
    assert str(error).startswith(place)
    assert str(error) == error.in_("en")
    assert error.in_("zh-hans").startswith("small.yaml")
    assert any("\u4e00" <= character <= "\u9fff" for character in error.in_("zh-hans"))


@pytest.mark.parametrize(
    ("document", "code", "where"),
    [
        ("code: A\ncode: B\n", "duplicate_key", "line 2, column 1"),
        ("a: &x [1]\nb: *x\n", "alias", "line 2, column 4"),
        ("a: [1\n", "not_yaml", "line 2, column 1"),
        ("a: !!python/object:os.system {}\n", "not_yaml", "line 1, column 4"),
        ("- 1\n", "wrong_type", ""),
        ("", "wrong_type", ""),
        ("a: 2020-13-45\n", "not_yaml", ""),
        ("[" * 5000, "not_yaml", "line 2, column 1"),
        ("#" * 5_000_001, "too_large", ""),
    ],
)
def test_yaml_that_is_unclear_is_refused(document: str, code: str, where: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        parse_questionnaire(document, source="bad.yaml")
    assert (caught.value.code, caught.value.where) == (code, where)
    assert "\n" not in str(caught.value)


def test_every_error_has_a_sentence_without_gaps_in_both_languages() -> None:
    for change, _, _ in BROKEN.values():
        data = small()
        change(data)
        with pytest.raises(DefinitionError) as caught:
            parse_questionnaire(data, source="small.yaml")
        for language in LANGUAGES:
            assert caught.value.in_(language).endswith((".", "。"))


def test_the_library_refuses_two_files_of_one_version(tmp_path: Any) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(SMALL, encoding="utf-8")
    with pytest.raises(DefinitionError, match="'DEMO 3' occurs twice") as caught:
        load_library(tmp_path)
    assert caught.value.source == "b.yaml"


@pytest.mark.parametrize(
    ("change", "code", "where"),
    [
        (lambda d: d.update(languages=["en"]), "missing_language", "languages"),
        (lambda d: d.update(licence="MIT"), "bad_choice", "licence"),
    ],
)
def test_the_library_is_bilingual_and_openly_licensed(
    tmp_path: Any, change: Change, code: str, where: str
) -> None:
    data = small()
    change(data)
    parse_questionnaire(data, source="an organization's own")
    (tmp_path / "a.yaml").write_text(yaml.safe_dump(data), encoding="utf-8")
    with pytest.raises(DefinitionError) as caught:
        load_library(tmp_path)
    assert (caught.value.code, caught.value.where) == (code, where)


def test_the_digest_follows_the_wording() -> None:
    same, other = small(), small()
    other["scales"][0]["items"][0]["text"]["en"] = "{Referent} keeps every promise."
    found = digest(parse_questionnaire(SMALL, source="a"))
    assert found == digest(parse_questionnaire(same, source="b"))
    assert found != digest(parse_questionnaire(other, source="b"))
    assert len(found) == 64


def test_a_form_names_the_referent_in_both_languages() -> None:
    form = brand_form()
    assert form.items[0].code == "DEMO.K1"
    assert form.items[0].text == Text("This brand keeps promises.", "该品牌信守承诺。")
    assert form.items[1].text.en == "I was let down by this brand."
    assert form.referent_code == "brand"
    own = brand_form(referent=Text("the Yuanhang shop", "远航商店"))
    assert own.items[0].text.en == "The Yuanhang shop keeps promises."
    assert own.referent_code is None


def test_a_form_keeps_scales_instruments_and_evidence() -> None:
    form = brand_form()
    assert form.item_count == 3
    assert [scale.code for scale in form.scales] == ["DEMO.K", "DEMO.S"]
    assert form.scales[0].items == ("DEMO.K1", "DEMO.K2")
    assert form.scales[1].model == "formative"
    assert {item.role for item in form.items} == {"trust"}
    (instrument,) = form.instruments
    assert (instrument.version, instrument.evidence_level) == (3, "E0")
    assert instrument.native_review == "owed"
    assert instrument.digest == digest(parse_questionnaire(SMALL, source="a"))


def test_a_short_form_leaves_out_scales_without_short_items() -> None:
    part = FormPart(parse_questionnaire(SMALL, source="a"), short=True)
    form = compile_form(
        [part], title=TITLE, referent="brand", languages=["en"], comment=False
    )
    assert [item.code for item in form.items] == ["DEMO.K1"]
    assert [scale.code for scale in form.scales] == ["DEMO.K"]
    assert form.instruments[0].short


def test_a_form_that_cannot_be_is_refused() -> None:
    whole = FormPart(parse_questionnaire(SMALL, source="a"), short=False)
    data = small()
    del data["scales"][0]["items"][0]["short"]
    no_short = FormPart(parse_questionnaire(data, source="a"), short=True)
    cases: list[tuple[list[FormPart], dict[str, Any], str]] = [
        ([], {}, "no_parts"),
        ([whole, whole], {}, "duplicate"),
        ([no_short], {}, "no_short_form"),
        ([whole], {"referent": "moon"}, "unknown_referent"),
        ([whole], {"languages": ["de"]}, "unknown_language"),
        ([whole], {"languages": ["en", "en"]}, "duplicate"),
        ([whole], {"languages": []}, "empty"),
    ]
    for parts, changes, code in cases:
        settings: dict[str, Any] = {
            "title": TITLE,
            "referent": "brand",
            "languages": ["en"],
            "comment": False,
        } | changes
        with pytest.raises(DefinitionError) as caught:
            compile_form(parts, **settings)
        assert caught.value.code == code


def test_minutes_follow_reading_length_and_deciding() -> None:
    assert reading_seconds("one two three four", "en") == pytest.approx(1.2)
    assert reading_seconds("该品牌，信守承诺。", "zh-hans") == pytest.approx(
        60 * 7 / 260
    )
    assert brand_form().minutes("en") == 1
    parts = [
        FormPart(q, short=False)
        for q in load_library()
        if (q.code, q.version) in BRAND_STUDY
    ]
    form = compile_form(
        parts, title=TITLE, referent="brand", languages=LANGUAGES, comment=True
    )
    assert (form.minutes("en"), form.minutes("zh-hans")) == (4, 4)


@pytest.mark.parametrize(
    ("change", "code", "where"),
    [
        (lambda d: d.update(schema_version=3), "out_of_range", "schema_version"),
        (lambda d: d.pop("comment"), "missing_key", ""),
        (
            lambda d: d["items"][0].update(scale="X.Y"),
            "unknown_scale",
            "items[0].scale",
        ),
        (lambda d: d["items"].reverse(), "scale_items", "scales[0].items"),
        (lambda d: d["items"].pop(1), "scale_items", "scales[0].items"),
        (lambda d: d["items"].append(d["items"][0]), "duplicate", "items[3]"),
        (lambda d: d["items"][0].update(high=12), "bad_points", "items[0]"),
        (lambda d: d["items"][0]["labels"].pop(), "label_count", "items[0].labels"),
        (lambda d: d.update(referent_code="moon"), "bad_choice", "referent_code"),
        (lambda d: d.update(languages=["de"]), "unknown_language", "languages[0]"),
    ],
)
def test_a_stored_form_that_was_tampered_with_is_refused(
    change: Change, code: str, where: str
) -> None:
    data = copy.deepcopy(json.loads(brand_form().to_json()))
    change(data)
    with pytest.raises(DefinitionError) as caught:
        Form.from_json(data)
    assert (caught.value.code, caught.value.where) == (code, where)


def test_a_stored_form_that_is_no_json_is_refused() -> None:
    with pytest.raises(DefinitionError) as caught:
        Form.from_json("{")
    assert caught.value.code == "not_json"


@pytest.mark.parametrize(
    ("submitted", "code", "item"),
    [
        ({"DEMO.K1": "0"}, "bad_answer", "DEMO.K1"),
        ({"DEMO.K1": "4"}, "bad_answer", "DEMO.K1"),
        ({"DEMO.K1": "01"}, "bad_answer", "DEMO.K1"),
        ({"DEMO.K1": "-1"}, "bad_answer", "DEMO.K1"),
        ({"DEMO.K1": " 1"}, "bad_answer", "DEMO.K1"),
        ({"DEMO.K1": "1\n"}, "bad_answer", "DEMO.K1"),
        ({"DEMO.K1": "１"}, "bad_answer", "DEMO.K1"),
        ({"DEMO.K1": ""}, "bad_answer", "DEMO.K1"),
        ({"DEMO.S1": "11"}, "bad_answer", "DEMO.S1"),
        ({"DEMO.S1": "na"}, "no_not_applicable", "DEMO.S1"),
        ({"K1": "1"}, "unknown_item", "K1"),
        ({"X" * 500: "1"}, "unknown_item", "X" * 40),
    ],
)
def test_an_answer_the_form_does_not_offer_is_refused(
    submitted: dict[str, str], code: str, item: str
) -> None:
    with pytest.raises(AnswerError) as caught:
        decode_answers(brand_form(), submitted)
    assert (caught.value.code, caught.value.item) == (code, item)
    assert caught.value.in_("zh-hans").endswith("。")


def test_skipped_not_applicable_and_other_fields_are_told_apart() -> None:
    sent = {"DEMO.K2": "na", "DEMO.S1": "0", "comment": "x", "switch": "en"}
    assert decode_answers(brand_form(), sent) == (-1, -2, 0)
    assert decode_answers(brand_form(), {}) == (-1, -1, -1)


@pytest.mark.parametrize("codes", [(1, 1), (4, 1, 0), (-3, 1, 0), (1, 1, -2)])
def test_codes_that_no_page_can_send_are_refused(codes: tuple[int, ...]) -> None:
    with pytest.raises(AnswerError):
        encode_answers(brand_form(), codes)


# ------------------------------------------------------------------ properties

words = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Zs"), exclude_characters="{}"),
    min_size=1,
    max_size=12,
).filter(lambda word: word.strip() == word)
texts = st.builds(lambda en, zh: {"en": en, "zh-hans": zh}, words, words)


@st.composite
def scales(draw: st.DrawFn, index: int) -> dict[str, Any]:
    reflective = draw(st.booleans())
    items = [
        {
            "code": f"{chr(65 + index)}{number}",
            "text": draw(texts),
            "facet": draw(texts),
            "reverse": reflective and draw(st.booleans()),
            "short": draw(st.booleans()),
        }
        for number in range(draw(st.integers(1, 4)))
    ]
    return {
        "code": chr(65 + index),
        "name": draw(texts),
        "description": draw(texts),
        "model": "reflective" if reflective else "formative",
        "format": f"f{index}",
        "items": items,
    }


@st.composite
def formats(draw: st.DrawFn) -> dict[str, Any]:
    low, points = draw(st.integers(0, 1)), draw(st.integers(2, 11))
    count = 2 if points > 7 and draw(st.booleans()) else points
    label = draw(words)
    return {
        "low": low,
        "high": low + points - 1,
        "not_applicable": draw(st.booleans()),
        "labels": [
            {"en": f"{label}{point}", "zh-hans": f"第{point}{label}"}
            for point in range(count)
        ],
    }


@st.composite
def forms(draw: st.DrawFn) -> Form:
    count = draw(st.integers(1, 3))
    data = small() | {
        "name": draw(texts),
        "formats": {f"f{index}": draw(formats()) for index in range(count)},
        "scales": [draw(scales(index)) for index in range(count)],
    }
    referent = draw(st.sampled_from(sorted(REFERENTS)) | st.builds(Text, words, words))
    return compile_form(
        [FormPart(parse_questionnaire(data, source="drawn"), short=False)],
        title=Text(draw(words), draw(words)),
        referent=referent,
        languages=draw(st.permutations(LANGUAGES)),
        comment=draw(st.booleans()),
    )


@st.composite
def answered(draw: st.DrawFn) -> tuple[Form, tuple[int, ...]]:
    form = draw(forms())
    codes = tuple(
        draw(
            st.integers(item.low, item.high)
            | st.just(-1)
            | (st.just(-2) if item.not_applicable else st.nothing())
        )
        for item in form.items
    )
    return form, codes


@settings(deadline=None)  # time is the machine's, not the codec's
@given(forms())
def test_any_form_survives_being_stored(form: Form) -> None:
    assert Form.from_json(form.to_json()) == form
    assert Form.from_json(form.to_data()) == form
    assert Form.from_json(form.to_json()).digest == form.digest


@settings(deadline=None)  # time is the machine's, not the codec's
@given(answered())
def test_any_answers_survive_the_codec(case: tuple[Form, tuple[int, ...]]) -> None:
    form, codes = case
    assert decode_answers(form, encode_answers(form, codes)) == codes


@settings(deadline=None)  # time is the machine's, not the codec's
@given(answered(), st.text(max_size=4), st.data())
def test_any_other_value_is_refused_or_exactly_what_it_says(
    case: tuple[Form, tuple[int, ...]], value: str, data: st.DataObject
) -> None:
    form, codes = case
    item = data.draw(st.sampled_from(form.items))
    sent = encode_answers(form, codes) | {item.code: value}
    offered = {str(point) for point in range(item.low, item.high + 1)}
    if item.not_applicable:
        offered.add("na")
    if value in offered:
        assert encode_answers(form, decode_answers(form, sent)) == sent
    else:
        with pytest.raises(AnswerError) as caught:
            decode_answers(form, sent)
        assert caught.value.item == item.code


def test_the_definition_needs_no_django_and_no_numbers() -> None:
    program = (
        "import sys, surveys.definition; "
        "print([m for m in ('django', 'numpy', 'psycopg') if m in sys.modules])"
    )
    found = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[]"
