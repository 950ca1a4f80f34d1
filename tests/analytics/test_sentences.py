import re
from string import Formatter

import pytest

from analytics.plan import Text
from analytics.psychometrics import SENTENCES as CORE_SENTENCES
from analytics.psychometrics import STATISTICS, Reason
from analytics.sentences import SENTENCES, BadInput, Sentence, joined, label, say
from analytics.sentences.actions import ACTIONS
from analytics.sentences.comments import COMMENTS
from analytics.sentences.comparison import COMPARISON
from analytics.sentences.core import CORE, STATISTICS_ZH, core_params
from analytics.sentences.disclosure import DISCLOSURE
from analytics.sentences.drivers import DRIVERS
from analytics.sentences.factor_model import FACTOR_MODEL
from analytics.sentences.glance_release import GLANCE_RELEASE
from analytics.sentences.groups_release import GROUPS_RELEASE
from analytics.sentences.labels import LABELS
from analytics.sentences.notices import NOTICES
from analytics.sentences.own_model import OWN_MODEL
from analytics.sentences.planner import PLANNER
from analytics.sentences.quality import QUALITY
from analytics.sentences.quality_labels import QUALITY_LABELS
from analytics.sentences.refusals import REFUSALS
from analytics.sentences.segments import SEGMENTS
from analytics.sentences.teams import TEAMS
from analytics.sentences.trend import TREND
from analytics.sentences.verdicts import VERDICTS
from analytics.sentences.weights import WEIGHTS

SUBJECTS = (
    ACTIONS,
    COMMENTS,
    COMPARISON,
    CORE,
    DISCLOSURE,
    DRIVERS,
    FACTOR_MODEL,
    GLANCE_RELEASE,
    GROUPS_RELEASE,
    LABELS,
    NOTICES,
    OWN_MODEL,
    PLANNER,
    QUALITY,
    QUALITY_LABELS,
    REFUSALS,
    SEGMENTS,
    TEAMS,
    TREND,
    VERDICTS,
    WEIGHTS,
)
CAUSAL = ("because of trust", " causes", "caused by", " drives", "driver")
CAUSAL_ZH = ("导致忠诚", "驱动", "促进", "提升忠诚")


def gaps(template: str) -> dict[str, str]:
    """Names of the gaps with their number formats."""
    fields = Formatter().parse(template)
    return {name: form or "" for _, name, form, _ in fields if name}


def filling(template: str) -> dict[str, str | float]:
    return {name: 0.5 if form else "X" for name, form in gaps(template).items()}


@pytest.mark.parametrize("code", SENTENCES)
def test_both_languages_have_the_same_gaps_and_fill(code: str) -> None:
    english, chinese = SENTENCES[code]
    assert gaps(english) == gaps(chinese)
    sentence = Sentence(code, filling(english))
    assert sentence.text("en")
    assert "{" not in sentence.text("en") + sentence.text("zh-hans")


@pytest.mark.parametrize("code", [*NOTICES, *REFUSALS, *CORE])
def test_chinese_is_chinese_and_english_is_not(code: str) -> None:
    english, chinese = SENTENCES[code]
    assert re.search("[\u4e00-\u9fff]", chinese)
    assert not re.search("[\u4e00-\u9fff]", english)


def test_no_code_stands_in_two_subjects() -> None:
    assert len(SENTENCES) == sum(len(subject) for subject in SUBJECTS)


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


def test_no_reading_claims_a_cause() -> None:
    for english, chinese in (*VERDICTS.values(), *NOTICES.values(), *WEIGHTS.values()):
        assert not any(word in english.lower() for word in CAUSAL), english
        assert not any(word in chinese for word in CAUSAL_ZH), chinese


def test_sentences_are_joined_as_their_language_does() -> None:
    two = (say("one_item"), say("one_item"))
    assert "one. A single" in joined(two, "en")
    assert "。单个" in joined(two, "zh-hans")


def test_a_refusal_is_its_english_sentence() -> None:
    refusal = BadInput("file_missing", path="x.csv")
    assert str(refusal) == "There is no file at x.csv; check the path."


def test_a_label_is_filled() -> None:
    assert label("factor", "zh-hans", number=2) == "因子 2"
