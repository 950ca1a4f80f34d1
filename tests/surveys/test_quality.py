"""The rules for wording bite in each language, at their boundary and not before."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from surveys.definition import (
    Questionnaire,
    Text,
)
from surveys.definition.quality import (
    LicensedWording,
    check_questionnaire,
)
from surveys.definition.questionnaire import (
    NamedForm,
    Word,
)
from tests.surveys.quality_cases import (
    LIBRARY,
    SOUND,
    SOUND_EN,
    SOUND_ZH,
    about,
    found,
    item,
    questionnaire,
    scale,
)


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
