import re
from string import Formatter

import pytest

from analytics import thresholds
from analytics.plan import Text
from analytics.psychometrics import SENTENCES as CORE_SENTENCES
from analytics.psychometrics import STATISTICS, Reason
from analytics.sentences import SENTENCES, BadInput, Sentence, joined, label, say
from analytics.sentences.core import CORE, STATISTICS_ZH, core_params
from analytics.sentences.notices import NOTICES
from analytics.sentences.refusals import REFUSALS
from analytics.sentences.subjects import CORE as CORE_SUBJECT
from analytics.sentences.subjects import NOT_IN_A_REPORT, SUBJECTS

EVERY_SUBJECT = (*SUBJECTS.values(), CORE_SUBJECT, *NOT_IN_A_REPORT.values())
CAUSAL = re.compile(
    r"\b(because|caus\w*|driv(e|es|en|ers?|ing)|effects?|impact\w*|influenc\w*|due to|"
    r"leads?|led|results? in|affect\w*|thanks to|boost\w*|contribut\w*|makes?|made|"
    r"improv\w*|rais\w*)\b",
    re.IGNORECASE,
)
CAUSAL_ZH = re.compile(
    "导致|驱动|促进|促成|提升|影响|因为|使得|造成|引起|带来|作用|改善|由于|贡献|拉动|归因"
)
# words of cause that are denied, or that speak of a rule, a number or a mail and not of
# what moves people
MEANT = {
    "same_source": "says that correlations do not tell what leads to what",
    "trend_event_guide": "says that a difference in time is no effect",
    "actions_rule": "says that a change is not said to come from a note",
    "loading_guide": "a loading makes an item hard to place",
    "drivers_formula_together": "why no order is told",
    "hidden_alike": "why a score is hidden",
    "hidden_bounded": "why a score is hidden",
    "release_audit_hidden": "why a score is hidden",
    "cfa_robust_items": "why a model is not fitted",
    "cfa_robust": "for whom the guides were made",
    "cfa_robust_mlmv": "for whom the guides were made",
    "cfa_robust_fiml": "for whom the guides were made",
    "cfa_ordered": "for whom the guides were made",
    "model_not_identified_at": "why a model is refused",
    "model_too_large_at": "why a model is refused",
    "cfa_robust_sampled": "for whom the guides were made",
    "sampling_effects": "the name of a statistic",
    "setting_design_effects": "the name of a statistic",
    "invariance_left": "why groups are not compared",
    "invariance_no_search": "what is not searched for",
    "alarm_rate": "a wave raises an alarm",
    "alarm_mail_lead": "a report raised an alarm",
    "trend_below_guide": "an alarm was raised",
    "trend_scattered": "what chance would make of waves",
    "missing_little": "whether gaps matter",
    "missing_some": "whether gaps matter",
    "weighted_rule": "what weights do to units",
    "design_effect": "the name of a statistic",
    "release_methods_settings": "how numbers were made",
    "sign_size": "what a sign is made from",
}


def gaps(template: str) -> dict[str, str]:
    """Names of the gaps with their number formats."""
    fields = Formatter().parse(template)
    return {name: form or "" for _, name, form, _ in fields if name}


def filling(template: str) -> dict[str, str | float]:
    values: dict[str, str | float] = {"": "X", "d": 5}
    return {name: values.get(form, 0.5) for name, form in gaps(template).items()}


def numbers(template: str) -> list[float]:
    """Numbers that stand in the words themselves; .80 and 0.80 are one."""
    words = re.sub(r"\{.*?\}", "", template)
    found = re.findall(r"(?<![\w.])\.?\d[\d,]*(?:\.\d+)?", words)
    return sorted(float(one.replace(",", "")) for one in found)


def test_both_languages_have_the_same_gaps_and_fill() -> None:
    for code, (english, chinese) in SENTENCES.items():
        assert gaps(english) == gaps(chinese), code
        sentence = Sentence(code, filling(english))
        assert sentence.text("en"), code
        assert "{" not in sentence.text("en") + sentence.text("zh-hans"), code


def test_chinese_is_chinese_and_english_is_not() -> None:
    for code in (*NOTICES, *REFUSALS, *CORE):
        english, chinese = SENTENCES[code]
        assert re.search("[\u4e00-\u9fff]", chinese), code
        assert not re.search("[\u4e00-\u9fff]", english), code


def test_no_code_stands_in_two_subjects() -> None:
    assert len(SENTENCES) == sum(len(one.sentences) for one in EVERY_SUBJECT)


def test_every_sentence_of_the_core_is_said_in_both_languages() -> None:
    assert set(CORE) == set(CORE_SENTENCES)
    assert set(STATISTICS_ZH) == set(STATISTICS)


def test_the_english_of_a_core_reason_is_the_core_s_own() -> None:
    reason = Reason("needs-items", {"statistic": "omega-total", "needs": 3, "has": 1})
    sentence = Sentence(reason.code, core_params(reason))
    assert sentence.text("en") == str(reason)
    assert sentence.text("zh-hans") == "omega 总系数至少需要 3 个题目，现有 1 个。"


def test_negative_numbers_have_a_minus_and_texts_keep_their_hyphen() -> None:
    said = say("negative_item", item="A-1", scale=Text.same("S"), r=-0.25).text("en")
    assert said.startswith("A-1 runs against")
    assert "r \u22120.25" in said


def test_a_sentence_survives_json() -> None:
    sentence = say(
        "close", pairs=(Text("A and B", "甲与乙"), Text("A and C", "甲与丙"))
    )
    assert Sentence.from_plain(sentence.to_plain()) == sentence
    assert sentence.text("zh-hans").startswith("甲与乙、甲与丙：")


def test_latin_names_get_their_spaces_in_chinese_and_chinese_names_none() -> None:
    latin = say("glance_none", outcome=Text.same("LOYALTY")).text("zh-hans")
    assert "与 LOYALTY 的关系" in latin
    chinese = say("glance_none", outcome=Text("Loyalty", "忠诚")).text("zh-hans")
    assert "与忠诚的关系" in chinese


def test_no_sentence_of_a_report_claims_a_cause() -> None:
    found = {
        code
        for one in SUBJECTS.values()
        for code, (english, chinese) in one.sentences.items()
        if CAUSAL.search(re.sub(r"\{.*?\}", "", english)) or CAUSAL_ZH.search(chinese)
    }
    assert found - set(MEANT) == set()
    assert set(MEANT) - found == set(), "not needed"


def test_both_languages_say_the_same_numbers() -> None:
    for one in SUBJECTS.values():
        for english, chinese in one.sentences.values():
            assert numbers(english) == numbers(chinese), english


@pytest.mark.parametrize(
    ("mark", "code"),
    [
        (thresholds.REDUNDANT, "redundant"),
        (thresholds.HTMT_SAME, "not_separable"),
        (thresholds.HTMT_SAME, "not_separable_outcome"),
        (thresholds.HTMT_SAME, "not_separable_many"),
        (thresholds.HTMT_SAME, "glance_twins"),
        (thresholds.HTMT_SAME, "glance_not_separable"),
        (thresholds.HTMT_SAME, "glance_not_separable_many"),
        (thresholds.HTMT_SAME, "weights_not_separable"),
        (thresholds.HTMT_SAME, "release_level_same"),
        (thresholds.HTMT_SAME, "close"),
        (thresholds.HTMT_CLOSE, "close"),
        (thresholds.HTMT_CLOSE, "separate"),
        (thresholds.INDIVIDUAL, "reliability_individual"),
        (thresholds.COMPARE, "reliability_compare"),
        (thresholds.RESEARCH, "reliability_research"),
        (thresholds.RESEARCH, "reliability_weak"),
        (thresholds.REPEATING, "reliability_repeating"),
        (thresholds.KMO_GOOD, "kmo_good"),
        (thresholds.KMO_FAIR, "kmo_fair"),
        (thresholds.KMO_FAIR, "kmo_low"),
        (thresholds.LOADING, "loading_guide"),
        (thresholds.COMMUNALITY, "loading_guide"),
        (thresholds.CROSS_GAP, "loading_guide"),
        (thresholds.LOADING, "loading_low"),
        (thresholds.CROSS_GAP, "loading_cross"),
        (thresholds.AGREEMENT, "team_guide"),
        (thresholds.TEAM_P, "team_guide"),
        (thresholds.CFI_FALL, "invariance_scalar"),
        (thresholds.RMSEA_RISE, "invariance_scalar"),
        (thresholds.CONFIGURAL_CFI, "invariance_none"),
        (thresholds.DIFFERENCE_P, "compare_higher"),
        (thresholds.DIFFERENCE_P, "compare_lower"),
        (thresholds.CODING_RELIABLE, "coding_rule"),
        (thresholds.CODING_TENTATIVE, "coding_rule"),
        (thresholds.COMPARABLE_N, "release_rule_compare"),
        (100 * thresholds.CARELESS_SHARE, "careless_many"),
        (thresholds.RESEARCH, "guide_research"),
        (thresholds.COMPARE, "guide_compare"),
    ],
)
def test_a_mark_in_words_is_the_threshold(mark: float, code: str) -> None:
    for words in SENTENCES[code]:
        assert mark in numbers(words)


def test_sentences_are_joined_as_their_language_does() -> None:
    two = (say("one_item"), say("one_item"))
    assert "one. A single" in joined(two, "en")
    assert "。单个" in joined(two, "zh-hans")


def test_a_refusal_is_its_english_sentence() -> None:
    refusal = BadInput("file_missing", path="x.csv")
    assert str(refusal) == "There is no file at x.csv; check the path."


def test_a_label_is_filled() -> None:
    assert label("factor", "zh-hans", number=2) == "因子 2"
