"""The rules for scales, labels, translations and conditions bite at their boundary."""

from dataclasses import replace
from typing import Any

import pytest

from surveys.definition import (
    Text,
)
from surveys.definition.conditions import Condition
from surveys.definition.quality import (
    Finding,
    check_questionnaire,
    stale_translations,
)
from surveys.definition.questionnaire import (
    ResponseFormat,
)
from tests.surveys.quality_cases import (
    AGREEMENT,
    LIBRARY,
    RATING,
    SOUND,
    about,
    found,
    item,
    questionnaire,
    rules,
    scale,
)

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


def test_a_translation_of_nothing_but_a_gap_has_no_length() -> None:
    findings = found(about("Somebody helped {referent}.", "{referent}"))
    assert "length_differs" not in findings


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
