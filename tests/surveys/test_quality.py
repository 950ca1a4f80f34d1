"""The quality gate: every rule bites in each language, at its boundary and not before."""

import csv
import random
import time
from collections.abc import Sequence
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.definition import (
    LANGUAGES,
    Questionnaire,
    Text,
    load_library,
)
from surveys.definition.conditions import Condition
from surveys.definition.library import FOLDER
from surveys.definition.quality import (
    Finding,
    LicensedWording,
    check_questionnaire,
    stale_translations,
)
from surveys.definition.quality.sentences import SENTENCES
from surveys.definition.questionnaire import (
    Item,
    NamedForm,
    ResponseFormat,
    Scale,
    Word,
)

LIBRARY = load_library()
AGREEMENT = tuple(
    Text(en, zh)
    for en, zh in (
        ("strongly disagree", "非常不同意"),
        ("disagree", "不同意"),
        ("not sure", "不确定"),
        ("agree", "同意"),
        ("strongly agree", "非常同意"),
    )
)
RATING = ResponseFormat("agreement", 1, 5, AGREEMENT, not_applicable=True)
# Items without any fault, unlike each other, to stand beside the one that is tested.
SOUND = (
    Text("{Referent} keeps promises made to me.", "{referent}会兑现对我的承诺。"),
    Text("I feel at ease with {referent}.", "与{referent}打交道让我自在。"),
    Text("Problems are solved by {referent}.", "遇到困难，{referent}能够解决。"),
)


def item(code: str, text: Text, **more: Any) -> Item:
    fields: dict[str, Any] = {
        "reverse": False,
        "facet": Text("facet", "方面"),
        "short": False,
    } | more
    return Item(code=code, text=text, **fields)


def scale(
    *items: Item, code: str = "S", model: Any = "reflective", **more: Any
) -> Scale:
    fields = {"format": RATING} | more
    return Scale(
        code,
        Text("Trust", "信任"),
        Text("All.", "全部。"),
        model,
        items=items,
        **fields,
    )


def questionnaire(*scales: Scale, **more: Any) -> Questionnaire:
    fields: dict[str, Any] = {
        "code": "DEMO",
        "version": 1,
        "kind": "questionnaire",
        "name": Text("Small scale", "小量表"),
        "description": Text("Some statements.", "一些陈述。"),
        "theory": Text("Some.", "一些。"),
        "covers": (),
        "nearest_published": (),
        "known_risks": (),
        "evidence_level": "E0",
        "native_review": "owed",
        "languages": LANGUAGES,
        "licence": "CC BY 4.0",
        "scales": scales,
    }
    return Questionnaire(**fields | more)


def about(en: str, zh: str, **more: Any) -> tuple[Finding, ...]:
    """Findings about one item worded `en` and `zh`, beside three sound ones."""
    sound = [item(f"S{n}", text) for n, text in enumerate(SOUND)]
    asked = questionnaire(scale(*sound, item("X1", Text(en, zh), **more)))
    return check_questionnaire(asked)


def found(findings: Sequence[Finding], language: str | None = None) -> dict[str, str]:
    """Severity by rule, of the findings in `language` where it is named."""
    return {
        finding.rule: finding.severity
        for finding in findings
        if language is None or finding.language == language
    }


def rules(findings: Sequence[Finding]) -> list[str]:
    return [finding.rule for finding in findings]


SOUND_EN = "I would return to {referent} next time."
SOUND_ZH = "下次我会再来找{referent}。"


def test_sound_items_have_no_finding() -> None:
    assert about(SOUND_EN, SOUND_ZH) == ()


# --- the shipped questionnaires and published wording -----------------------------


@pytest.mark.parametrize("asked", LIBRARY, ids=lambda q: f"{q.code}-{q.version}")
def test_the_shipped_library_has_no_fault(asked: Questionnaire) -> None:
    findings = check_questionnaire(asked)
    told = "\n".join(f"{f.severity}: {f.in_('en')}" for f in findings)
    assert "must" not in {finding.severity for finding in findings}, told


def test_few_shipped_items_are_doubted_for_joining_two_ideas() -> None:
    joined = [
        finding
        for asked in LIBRARY
        for finding in check_questionnaire(asked)
        if finding.rule in {"joined", "two_statements"}
    ]
    wordings = sum(2 * len(asked.items) for asked in LIBRARY)
    told = "\n".join(finding.in_("en") for finding in joined)
    assert len(joined) <= wordings / 50, told


def test_published_wording_is_doubted_only_where_it_deserves_it(
    shared_data: Path,
) -> None:
    with (shared_data / "spi_trust_wording.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    items = [
        item(row["item"], Text(row["text_en"], ""), reverse=row["keyed"] == "-1")
        for row in rows
        if row["scale"] == "Honesty" or row["scale"] == "Trust"
    ]
    asked = questionnaire(scale(*items), languages=("en",))
    doubted = {(one.where, one.rule) for one in check_questionnaire(asked)}
    # "cannot ... lying or cheating" and "cant be trusted"; 4 of 10 are reversed
    assert doubted == {
        ("S", "too_many_reverse"),
        ("q_2853", "negation"),
        ("q_2853", "joined"),
        ("q_871", "negation"),
    }
    verbatim = replace(asked, catalogue="spi-trust")
    assert check_questionnaire(verbatim) == ()
    assert found(check_questionnaire(replace(verbatim, modified=True)))


# --- length and reading -----------------------------------------------------------


def test_twenty_english_words_are_allowed_and_not_one_more() -> None:
    # the longest referent, "my group of colleagues", has four words
    words = "{Referent} " + " ".join(["word"] * 16)
    assert "too_many_words" not in found(about(words, SOUND_ZH))
    findings = about(words + " more", SOUND_ZH)
    assert found(findings, "en")["too_many_words"] == "must"


def test_thirty_chinese_characters_are_allowed_and_not_one_more() -> None:
    # the longest referent, 该销售人员, has five characters
    text = "{referent}" + "字" * 24 + "。"
    assert "too_many_characters" not in found(about(SOUND_EN, text))
    findings = about(SOUND_EN, text.replace("。", "字。"))
    assert found(findings, "zh-hans")["too_many_characters"] == "must"


def test_a_scale_with_a_referent_of_its_own_is_measured_with_that_one() -> None:
    text = Text("{Referent} " + " ".join(["word"] * 18), SOUND_ZH)
    asked = questionnaire(scale(item("X1", text), referent="management"))
    assert "too_many_words" not in found(check_questionnaire(asked))
    asked = questionnaire(scale(item("X1", text), referent="leader"))
    assert "too_many_words" in found(check_questionnaire(asked))


def test_the_longest_words_of_all_forms_are_filled_in() -> None:
    text = Text("The {product} " + " ".join(["word"] * 17), "该{product}很好。")
    short = NamedForm("a", Text("A", "甲"), (Word("product", Text("car", "车")),), ())
    words = (Word("product", Text("new electric car", "新能源车")),)
    long = NamedForm("b", Text("B", "乙"), words, ())
    asked = questionnaire(scale(item("X1", text)), forms=(short,))
    assert "too_many_words" not in found(check_questionnaire(asked))
    asked = replace(asked, forms=(short, long))
    assert "too_many_words" in found(check_questionnaire(asked))


def test_hard_words_are_found_only_in_enough_of_them() -> None:
    hard = "Organizational accountability necessitates institutional transparency."
    items = [item(f"X{n}", Text(hard, SOUND_ZH)) for n in range(25)]
    assert "hard_to_read" in found(check_questionnaire(questionnaire(scale(*items))))
    few = questionnaire(scale(*items[:15]))
    assert "hard_to_read" not in found(check_questionnaire(few))


# --- negation ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "wording",
    [
        "{Referent} does not help me.",
        "{Referent} doesn't help me.",
        "{Referent} doesn’t help me.",
        "{Referent} cant be relied on.",
        "{Referent} never helps me.",
        "I get no help from {referent}.",
        "I manage without {referent}.",
        "I rely on neither {referent} nor the boss.",
    ],
)
def test_an_english_negation_should_go(wording: str) -> None:
    assert found(about(wording, SOUND_ZH), "en")["negation"] == "should"


@pytest.mark.parametrize(
    "wording",
    [
        "{referent}不帮助我。",
        "{referent}没有帮助我。",
        "{referent}从未帮助我。",
        "{referent}并非我的依靠。",
        "{referent}别想帮助我。",
        "{referent}不同意我的看法。",
        "{referent}既不帮我，也不听我。",
    ],
)
def test_a_chinese_negation_should_go(wording: str) -> None:
    assert found(about(SOUND_EN, wording), "zh-hans")["negation"] == "should"


@pytest.mark.parametrize(
    ("en", "zh"),
    [
        ("It is not true that {referent} never helps.", "{referent}不得不帮助我。"),
        ("{Referent} is not unfair to me.", "{referent}对我没有不公平。"),
        ("I am not dissatisfied with {referent}.", "我对{referent}没有不满。"),
        ("{Referent} never fails to help me.", "{referent}不会拒绝帮助我。"),
    ],
)
def test_a_double_negation_must_go(en: str, zh: str) -> None:
    findings = about(en, zh)
    assert found(findings, "en")["double_negation"] == "must"
    assert found(findings, "zh-hans")["double_negation"] == "must"


@pytest.mark.parametrize(
    ("en", "zh"),
    [
        ("{Referent} is unfair to me.", "我对{referent}感到不满。"),
        ("{Referent} helps, no matter when.", "无论何时{referent}会帮我。"),
        ("I understand {referent} until the end.", "{referent}不断改进，非常好。"),
        ("{Referent} notes my knots.", "{referent}特别重视别人的未来。"),
        ("United, unique: {referent}.", "{referent}能分别、识别不同的需要。"),
        ("{Referent} discusses things with me.", "{referent}是不是可靠？"),
    ],
)
def test_what_only_looks_like_a_negation_is_let_pass(en: str, zh: str) -> None:
    assert not {"negation", "double_negation"} & found(about(en, zh)).keys()


# --- two ideas in one item --------------------------------------------------------


@pytest.mark.parametrize(
    ("en", "zh"),
    [
        ("I trust {referent} and I buy there.", "我信任{referent}并且购买产品。"),
        ("{Referent} listens and they act.", "{referent}既专业又热情。"),
        ("{Referent} fails or {referent} waits.", "{referent}说明理由并给出方案。"),
    ],
)
def test_two_statements_in_one_item_must_be_parted(en: str, zh: str) -> None:
    findings = about(en, zh)
    assert found(findings, "en")["two_statements"] == "must"
    assert found(findings, "zh-hans")["two_statements"] == "must"


@pytest.mark.parametrize(
    ("en", "zh"),
    [
        ("{Referent} is honest and fair.", "{referent}诚实和公正。"),
        ("{Referent} sells goods or services.", "{referent}出售产品或服务。"),
        ("{Referent} is kind as well as able.", "{referent}的产品与服务很好。"),
        ("{Referent} is dear but good.", "{referent}的价格、质量很好。"),
        ("I like the price/quality of {referent}.", "{referent}诚实，同时公正。"),
        ("{Referent} helps and/or listens.", "{referent}的产品以及服务很好。"),
    ],
)
def test_two_objects_in_one_item_should_be_parted(en: str, zh: str) -> None:
    findings = about(en, zh)
    assert found(findings, "en")["joined"] == "should"
    assert found(findings, "zh-hans")["joined"] == "should"


@pytest.mark.parametrize(
    ("en", "zh"),
    [
        ("Things between {referent} and me are good.", "我与{referent}之间很好。"),
        ("The words and actions of {referent} match.", "{referent}的承诺与行动一致。"),
        ("I ask {referent} again and again.", "与{referent}打交道很自在。"),
        ("I met {referent} two or three times.", "我和{referent}相处融洽。"),
        ("{Referent} understands sand.", "{referent}及时参与，或许温和。"),
    ],
)
def test_one_idea_said_with_and_is_let_pass(en: str, zh: str) -> None:
    assert not {"joined", "two_statements"} & found(about(en, zh)).keys()


# --- loaded words -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "en", "zh"),
    [
        ("absolute", "{Referent} always helps me.", "{referent}总是帮助我。"),
        ("absolute", "All of {referent} is good.", "{referent}的所有产品很好。"),
        ("absolute", "Every talk with {referent} helps.", "{referent}从来很好。"),
        ("vague", "{Referent} often helps me.", "{referent}经常帮助我。"),
        ("leading", "Of course {referent} helps me.", "{referent}当然帮助我。"),
        ("leading", "Clearly, {referent} helps me.", "显然{referent}帮助我。"),
    ],
)
def test_a_loaded_word_should_go(rule: str, en: str, zh: str) -> None:
    findings = about(en, zh)
    assert found(findings, "en")[rule] == "should"
    assert found(findings, "zh-hans")[rule] == "should"


def test_idioms_with_a_loaded_word_are_let_pass() -> None:
    assert about("All in all, {referent} explains clearly.", SOUND_ZH) == ()
    assert about("How often did you meet {referent}?", SOUND_ZH) == ()


# --- likeness ---------------------------------------------------------------------


def test_the_same_wording_twice_must_go() -> None:
    findings = about(SOUND[0].en.upper(), SOUND[0].zh_hans)
    assert found(findings, "en")["same_wording"] == "must"
    assert found(findings, "zh-hans")["same_wording"] == "must"
    assert {f.params["other"] for f in findings if f.rule == "same_wording"} == {"S0"}


def test_nearly_the_same_wording_should_go() -> None:
    findings = about(
        "{Referent} keeps promises given to me.", "{referent}会信守对我的承诺。"
    )
    assert found(findings, "en")["near_identical"] == "should"
    assert found(findings, "zh-hans")["near_identical"] == "should"


def test_scales_about_different_referents_may_ask_the_same() -> None:
    same = questionnaire(
        scale(item("A1", SOUND[0]), code="A", referent="leader"),
        scale(item("B1", SOUND[0]), code="B", referent="leader"),
    )
    assert "same_wording" in found(check_questionnaire(same))
    other = replace(
        same, scales=(same.scales[0], replace(same.scales[1], referent="management"))
    )
    assert "same_wording" not in found(check_questionnaire(other))


def test_wording_like_a_licensed_one_must_go_and_its_record_is_named() -> None:
    licensed = (
        LicensedWording(
            "P7", "en", "This company keeps promises it made to me.", "Rec-1"
        ),
        LicensedWording("P7", "zh-hans", "该公司会兑现对我所作的承诺。", "Rec-1"),
    )
    asked = questionnaire(scale(*(item(f"S{n}", text) for n, text in enumerate(SOUND))))
    findings = check_questionnaire(asked, licensed=licensed)
    assert found(findings, "en") == {"like_licensed": "must"}
    assert found(findings, "zh-hans") == {"like_licensed": "must"}
    for finding in findings:
        assert finding.where == "S0"
        assert "P7" in finding.in_("en")
        assert "Rec-1" in finding.in_("zh-hans")
    loaded = replace(asked, catalogue="Rec-1")
    assert check_questionnaire(loaded, licensed=licensed) == ()


def test_wording_unlike_a_licensed_one_may_stay() -> None:
    licensed = [
        LicensedWording("P1", "en", "Honest answers come from this company.", "R"),
        LicensedWording("P1", "zh-hans", "该公司的回答很诚实。", "R"),
    ]
    asked = questionnaire(scale(*(item(f"S{n}", text) for n, text in enumerate(SOUND))))
    assert check_questionnaire(asked, licensed=licensed) == ()


# --- scales -----------------------------------------------------------------------


def with_reverse(items: int, reverse: int, **more: Any) -> dict[str, str]:
    wordings = [item.text for asked in LIBRARY for item in asked.items]
    chosen = [item(f"X{n}", wordings[n], reverse=n < reverse) for n in range(items)]
    wanted = {
        "all_reversed", "reverse_in_short", "too_many_reverse",
        "one_item", "two_items", "many_items",
    }  # fmt: skip
    asked = questionnaire(scale(*chosen, **more))
    return {
        rule: severity
        for rule, severity in found(check_questionnaire(asked)).items()
        if rule in wanted
    }


def test_one_reverse_item_in_four_and_none_in_three() -> None:
    assert with_reverse(4, 1) == {}
    assert with_reverse(4, 2) == {"too_many_reverse": "should"}
    assert with_reverse(3, 0) == {}
    assert with_reverse(3, 1) == {"reverse_in_short": "should"}
    assert with_reverse(4, 4) == {"all_reversed": "must"}


def test_scales_of_one_two_and_very_many_items_are_noted() -> None:
    assert with_reverse(1, 0) == {"one_item": "should"}
    assert with_reverse(2, 0) == {"two_items": "should"}
    assert with_reverse(12, 0) == {}
    assert with_reverse(13, 0) == {"many_items": "should"}
    assert with_reverse(1, 0, model="checklist") == {}
    assert with_reverse(2, 0, model="formative") == {}


# --- labels -----------------------------------------------------------------------


def labelled(*labels: Text, **more: Any) -> tuple[Finding, ...]:
    fields: dict[str, Any] = {"low": 1, "high": len(labels), "kind": "rating"} | more
    answered = ResponseFormat("f", labels=labels, not_applicable=False, **fields)
    asked = scale(item("X1", SOUND[0]), model="checklist", format=answered)
    return check_questionnaire(questionnaire(asked))


def test_every_point_or_both_ends_are_labelled() -> None:
    low, middle, high = Text("low", "低"), Text("middle", "中"), Text("high", "高")
    assert labelled(low, middle, high) == ()
    assert labelled(low, high, high=10) == ()
    findings = labelled(low, middle, high, high=5)
    assert [(f.rule, f.severity, f.where) for f in findings] == [
        ("label_count", "must", "formats.f")
    ]
    assert rules(labelled(low, high, high=3, kind="choice")) == ["label_count"]


def test_labels_differ_and_none_is_blank() -> None:
    findings = labelled(Text("low", "低"), Text("Low", "高"))
    assert [(f.rule, f.where, f.language) for f in findings] == [
        ("repeated_label", "formats.f.labels[1]", "en")
    ]
    findings = labelled(Text("low", "低"), Text("high", "低"))
    assert found(findings, "zh-hans") == {"repeated_label": "must"}
    findings = labelled(Text("low", "低"), Text("high", " "))
    assert found(findings, "zh-hans") == {"blank": "must"}
    findings = labelled(Text("", "低"), Text("high", "高"), kind="choice")
    assert [(f.rule, f.where, f.language) for f in findings] == [
        ("blank", "formats.f.options[0]", "en")
    ]


def test_value_labels_beyond_the_limit_of_spss_are_shown_cut() -> None:
    assert labelled(Text("a" * 120, "字" * 40), Text("high", "高")) == ()
    findings = labelled(Text("a" * 121, "字" * 41), Text("high", "高"))
    assert found(findings, "en") == {"value_label_cut": "should"}
    assert found(findings, "zh-hans") == {"value_label_cut": "should"}
    assert [f.params["cut"] for f in findings] == ["a" * 120, "字" * 40]
    assert "字" * 40 + "”" in findings[1].in_("zh-hans")


def test_variable_labels_beyond_the_limit_of_spss_are_shown_cut() -> None:
    assert "variable_label_cut" not in found(about("a" * 256, "字" * 85))
    findings = [
        f for f in about("a" * 257, "字" * 86) if f.rule == "variable_label_cut"
    ]
    assert [f.params["cut"] for f in findings] == ["a" * 256, "字" * 85]


# --- translations -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("en", "zh", "rule", "severity"),
    [
        ("Trust", "trust", "same_text", "must"),
        ("信任", "信任", "same_text", "must"),
        ("I trust them.", "Trust.", "no_chinese", "must"),
        ("I 信任 them.", "我信任。", "chinese_in_english", "must"),
        ("{Referent} helps me.", "得到了帮助。", "placeholder_missing", "must"),
        ("Help came to me.", "{referent}帮助我。", "placeholder_missing", "must"),
        ("Within 24 hours help came.", "48 小时内得到帮助。", "numbers_differ", "should"),
        ("Help came within the time.", "48 小时内得到帮助。", "numbers_differ", "should"),
        ("Help came in 48 hours.", "及时得到了帮助。", "numbers_differ", "should"),
        ("I would like to have help from there today.", "好。", "length_differs", "should"),
        ("I would help.", "我愿意在今后的日子里继续为这里的工作提供更多帮助。", "length_differs", "should"),
    ],
)  # fmt: skip
def test_a_missing_or_doubtful_translation_is_found(
    en: str, zh: str, rule: str, severity: str
) -> None:
    assert found(about(en, zh))[rule] == severity


def test_numbers_may_be_spelled_out_in_one_language() -> None:
    assert about("In three days I met {referent}.", "3 天内我见过{referent}。") == ()
    assert about("In 3 days I met {referent}.", "三天内我见过{referent}。") == ()


def test_names_may_be_the_same_in_both_languages() -> None:
    assert found(labelled(Text("WeChat", "WeChat"), Text("other", "其他"))) == {
        "same_text": "should"
    }
    assert labelled(Text("1", "1"), Text("2", "2")) == ()


def test_a_questionnaire_in_one_language_needs_no_other() -> None:
    asked = questionnaire(
        replace(
            scale(item("X1", Text("", "我信任{referent}。"))), name=Text("", "信任")
        ),
        languages=("zh-hans",),
        name=Text("", "量表"),
        description=Text("", "说明。"),
    )
    assert rules(check_questionnaire(asked)) == ["one_item"]


def test_a_translation_left_behind_is_found_by_lineage() -> None:
    old = questionnaire(scale(*(item(f"S{n}", text) for n, text in enumerate(SOUND))))
    first, second, third = old.scales[0].items
    english = item(
        "N0", Text("{Referent} breaks promises.", first.text.zh_hans), lineage="S0"
    )
    chinese = replace(second, text=Text(second.text.en, "{referent}让我放心。"))
    both = replace(third, text=Text("{Referent} is able.", "{referent}有能力。"))
    new = replace(old, scales=(replace(old.scales[0], items=(english, chinese, both)),))
    assert [(f.where, f.language, f.rule) for f in stale_translations(old, new)] == [
        ("N0", "zh-hans", "stale_translation"),
        ("S1", "en", "stale_translation"),
    ]
    assert stale_translations(old, old) == ()


def test_labels_and_names_are_compared_between_versions_too() -> None:
    old = questionnaire(scale(item("S0", SOUND[0])))
    labels = (Text("not at all", "非常不同意"), *AGREEMENT[1:])
    changed = replace(
        old.scales[0], name=Text("Trust", "信赖"), format=replace(RATING, labels=labels)
    )
    new = replace(old, name=Text("Small scales!", "小量表"), scales=(changed,))
    places = [(f.where, f.language) for f in stale_translations(old, new)]
    assert places == [
        ("name", "zh-hans"),
        ("formats.agreement.labels[0]", "zh-hans"),
        ("S", "en"),
    ]
    spaced = replace(old, name=Text("small scale.", "小量表"))
    assert stale_translations(old, spaced) == ()


# --- instructed items and conditions ----------------------------------------------


def instructed(en: str, zh: str, expect: int = 2) -> dict[str, str]:
    findings = about(en, zh, expect=expect)
    return {f.language: f.rule for f in findings if f.where == "X1"}


def test_an_instructed_item_names_its_point() -> None:
    assert instructed("Please choose “disagree” here.", "此题请选“不同意”。") == {}
    assert instructed("Please choose point 2 here.", "此题请选第 2 项。") == {}
    assert instructed("Please choose “agree” here.", "此题请选“同意”。") == {
        "en": "point_not_named",
        "zh-hans": "point_not_named",
    }
    # the label asked for lies inside a longer label that is named
    assert instructed(
        "Choose “strongly disagree” here.", "请选“非常不同意”。", expect=4
    ) == {"en": "point_not_named", "zh-hans": "point_not_named"}


def conditional(
    condition: Condition, *, around: Condition | None = None, kind: Any = "rating"
) -> list[tuple[str, str]]:
    first = item("A1", SOUND[0], format=replace(RATING, kind=kind))
    second = item("A2", SOUND[1], show_if=Condition("A1", (1, 2)))
    third = item("B1", SOUND[2], show_if=condition)
    asked = questionnaire(
        scale(first, second, code="A", model="checklist"),
        scale(third, code="B", model="checklist", show_if=around),
    )
    return [(f.where, f.rule) for f in check_questionnaire(asked)]


def test_a_condition_refers_to_an_earlier_closed_item() -> None:
    assert conditional(Condition("A1", (1,))) == []
    assert conditional(Condition("B1", (1,))) == [("B1", "unknown_condition")]
    assert conditional(Condition("Z9", (1,))) == [("B1", "unknown_condition")]
    assert ("B1", "open_condition") in conditional(Condition("A1", (1,)), kind="text")


def test_a_condition_that_cannot_hold_is_found() -> None:
    assert conditional(Condition("A1", (5,))) == []
    assert conditional(Condition("A1", (6,))) == [("B1", "unreachable")]
    assert conditional(Condition("A1", ())) == [("B1", "unreachable")]
    # A2 is shown after 1 or 2 alone, and the scale after 3
    around = Condition("A1", (3,))
    assert conditional(Condition("A2", (1,)), around=around) == [("B1", "unreachable")]
    assert conditional(Condition("A2", (1,)), around=Condition("A1", (2,))) == []


# --- sentences, robustness, speed -------------------------------------------------


def test_every_sentence_is_told_in_both_languages() -> None:
    finding = Finding("joined", "should", "T1", "en", {"found": "and"})
    assert finding.in_("en").startswith("T1 (English): 'and' may join")
    assert finding.in_("zh-hans").startswith("T1（英文）：“and”可能")
    for sentence in SENTENCES.values():
        assert sentence.en.endswith(".")
        assert sentence.zh_hans.endswith("。")


WORDS = st.sampled_from(
    [*"不没和、或并又{}%$", "not", "and", "or", "never", "{referent}", "{x}", "2", "I"]
)
WORDINGS = st.one_of(
    st.text(max_size=40),
    st.lists(WORDS, max_size=12).map(" ".join),
    st.lists(WORDS, max_size=12).map("".join),
)
TEXTS = st.builds(Text, WORDINGS, WORDINGS)
CODES = st.sampled_from(["A1", "A2", "B1", "f"])
CONDITIONS = st.none() | st.builds(
    Condition, CODES, st.lists(st.integers(0, 4), max_size=3).map(tuple)
)
FORMATS = st.builds(
    ResponseFormat,
    code=st.sampled_from(["f", "g"]),
    low=st.integers(0, 1),
    high=st.integers(1, 4),
    labels=st.lists(TEXTS, max_size=4).map(tuple),
    not_applicable=st.booleans(),
    kind=st.sampled_from(["rating", "choice", "number", "text"]),
)
ITEMS = st.builds(
    Item,
    code=CODES,
    text=TEXTS,
    reverse=st.booleans(),
    facet=TEXTS,
    short=st.booleans(),
    format=st.none() | FORMATS,
    expect=st.none() | st.integers(-1, 5),
    show_if=CONDITIONS,
    lineage=st.none() | CODES,
)
SCALES = st.builds(
    Scale,
    code=CODES,
    name=TEXTS,
    description=TEXTS,
    model=st.sampled_from(["reflective", "formative", "checklist"]),
    format=FORMATS,
    items=st.lists(ITEMS, max_size=4).map(tuple),
    referent=st.sampled_from([None, "leader", "somebody"]),
    show_if=CONDITIONS,
)
LANGUAGE_CHOICES = st.sampled_from([("en",), ("zh-hans",), LANGUAGES])
QUESTIONNAIRES = st.builds(
    lambda scales, languages, name: questionnaire(
        *scales, languages=languages, name=name
    ),
    st.lists(SCALES, max_size=2),
    LANGUAGE_CHOICES,
    TEXTS,
)


@settings(max_examples=150, deadline=None)
@given(asked=QUESTIONNAIRES, later=QUESTIONNAIRES, protected=WORDINGS)
def test_the_gate_never_raises(
    asked: Questionnaire, later: Questionnaire, protected: str
) -> None:
    licensed = [LicensedWording("P{1}", one, protected, "{R}") for one in LANGUAGES]
    findings = check_questionnaire(asked, licensed=licensed)
    for finding in (*findings, *stale_translations(asked, later)):
        assert finding.severity in {"must", "should"}
        for language in LANGUAGES:
            assert finding.in_(language)


def large(wordings: Sequence[Text], *, chained: bool = False) -> Questionnaire:
    items = [
        item(
            f"I{n}",
            text,
            show_if=Condition(f"I{n - 1}", (1,)) if chained and n else None,
        )
        for n, text in enumerate(wordings)
    ]
    return questionnaire(scale(*items, model="checklist"))


def seconds(asked: Questionnaire) -> float:
    """Processor time of the gate, which other work on the machine does not lengthen."""
    started = time.process_time()
    check_questionnaire(asked)
    return time.process_time() - started


def random_wordings(count: int) -> list[Text]:
    rng = random.Random(1)
    english = ["".join(rng.choices("abcdefghiknoprst", k=6)) for _ in range(400)]
    chinese = [chr(0x4E00 + n) for n in range(800)]
    return [
        Text(" ".join(rng.choices(english, k=10)), "".join(rng.choices(chinese, k=18)))
        for _ in range(count)
    ]


@pytest.mark.long
@pytest.mark.parametrize("alike", [False, True])
def test_ten_thousand_items_take_seconds(alike: bool) -> None:
    wordings = random_wordings(10_000)
    if alike:
        wordings = [
            Text(f"Item number {n} of a long list.", f"长列表中的第{n}道题。")
            for n in range(10_000)
        ]
    assert seconds(large(wordings)) < 5


def test_the_cost_grows_with_the_number_of_items_and_not_with_its_square() -> None:
    wordings = random_wordings(2_000)
    few = min(seconds(large(wordings[:250], chained=True)) for _ in range(3))
    # eight times the items; a search of every pair would take 64 times as long
    assert seconds(large(wordings, chained=True)) < 24 * few


# --- the command ------------------------------------------------------------------


def test_the_command_prints_findings_in_either_language(tmp_path: Path) -> None:
    shipped = FOLDER / "trust_building_elements.yaml"
    out = StringIO()
    call_command("check_questionnaire", str(shipped), "--language=zh-hans", stdout=out)
    assert "[should] A4（英文）：每个人对“often”" in out.getvalue()
    faulty = tmp_path / "faulty.yaml"
    wording = "explains the reasons behind decisions that affect me"
    document = shipped.read_text(encoding="utf-8")
    assert wording in document
    faulty.write_text(
        document.replace(wording, "is not unfair to me"), encoding="utf-8"
    )
    out = StringIO()
    with pytest.raises(CommandError, match="1 must be corrected") as refused:
        call_command("check_questionnaire", str(faulty), stdout=out)
    assert refused.value.returncode == 1
    assert "[must] T1 (English): 'not', 'unfair' negate twice" in out.getvalue()


def test_the_command_refuses_what_is_no_questionnaire(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="name a YAML file"):
        call_command("check_questionnaire", str(tmp_path / "none.yaml"))
    empty = tmp_path / "empty.yaml"
    empty.write_text("[]", encoding="utf-8")
    with pytest.raises(CommandError, match=r"empty\.yaml"):
        call_command("check_questionnaire", str(empty))
