"""The shipped questionnaires keep the rules for writing items, in both languages."""

import re
from itertools import combinations

import pytest

from surveys.definition import (
    LANGUAGES,
    REFERENTS,
    FormPart,
    Questionnaire,
    Text,
    compile_form,
    load_library,
)
from surveys.definition.referents import fill

LIBRARY = {questionnaire.code: questionnaire for questionnaire in load_library()}
ITEMS = {
    f"{code}.{item.code}": item
    for code, questionnaire in LIBRARY.items()
    for item in questionnaire.items
}
# Scales that ask about a referent of their own, whatever the survey asks about.
OWN_REFERENT = {
    f"{code}.{item.code}": scale.referent
    for code, questionnaire in LIBRARY.items()
    for scale in questionnaire.scales
    for item in scale.items
}
MOST_WORDS = 20
MOST_CHARACTERS = 30
NEGATIONS = re.compile(
    r"\b(not|no|never|none|nothing|nobody|neither|nor|without|hardly|cannot)\b|n['’]t\b",
    re.IGNORECASE,
)
CHINESE_NEGATIONS = re.compile("[不没无未非别勿莫]")
PRONOUNS = re.compile(r"\b(he|she|his|her|its|they|their|them)\b", re.IGNORECASE)
HALF_WIDTH = re.compile(r"[,.?!;:()]")
AGREEMENT = {
    "en": (
        "strongly disagree",
        "disagree",
        "slightly disagree",
        "not sure",
        "slightly agree",
        "agree",
        "strongly agree",
    ),
    "zh-hans": (
        "非常不同意",
        "不同意",
        "有点不同意",
        "不确定",
        "有点同意",
        "同意",
        "非常同意",
    ),
}

each_item = pytest.mark.parametrize("code", ITEMS)


def test_the_library_holds_what_it_promises() -> None:
    assert {code: len(q.items) for code, q in LIBRARY.items()} == {
        "TBE": 20,
        "TBF": 27,
        "RTS": 16,
        "ABI": 16,
        "EOT": 26,
        "DAT": 21,
        "OUT-C": 9,
    }
    assert LIBRARY["TBE"].covers == ("C1", "C2", "C3", "C4", "C5")


@pytest.mark.parametrize("questionnaire", LIBRARY.values(), ids=LIBRARY)
def test_every_instrument_says_how_little_is_proven(
    questionnaire: Questionnaire,
) -> None:
    assert questionnaire.evidence_level == "E0"
    assert questionnaire.native_review == "owed"
    assert questionnaire.licence == "CC BY 4.0"
    assert questionnaire.languages == LANGUAGES
    assert questionnaire.nearest_published
    assert questionnaire.known_risks
    for text in (questionnaire.name, questionnaire.description, questionnaire.theory):
        for language in LANGUAGES:
            assert "validated" not in text.in_(language)
            assert "经验证" not in text.in_(language)


@each_item
def test_an_item_is_short_with_every_referent(code: str) -> None:
    for referent in REFERENTS.values():
        text = fill(ITEMS[code].text, referent)
        assert len(text.en.split()) <= MOST_WORDS, text.en
        assert len(re.sub(r"\s", "", text.zh_hans)) <= MOST_CHARACTERS, text.zh_hans


@each_item
def test_an_item_negates_nothing(code: str) -> None:
    text = ITEMS[code].text
    assert not NEGATIONS.search(text.en)
    assert not CHINESE_NEGATIONS.search(text.zh_hans)


@each_item
def test_an_item_names_the_referent_once_and_by_no_pronoun(code: str) -> None:
    text = ITEMS[code].text
    assert len(re.findall(r"\{referent\}", text.en, re.IGNORECASE)) == 1
    assert len(re.findall(r"\{referent\}", text.zh_hans)) == 1
    assert not PRONOUNS.search(text.en)
    assert text.en.startswith("{Referent}") == ("{Referent}" in text.en)


@each_item
def test_an_item_is_punctuated_in_its_own_language(code: str) -> None:
    text = ITEMS[code].text
    assert text.en.endswith((".", "?"))
    assert text.zh_hans.endswith(("。", "？"))
    assert not HALF_WIDTH.search(text.zh_hans)
    assert not re.search(r"[\u3000-\uffef]", text.en)


@each_item
def test_an_item_holds_one_idea(code: str) -> None:
    text = ITEMS[code].text
    # "between A and me" and "words and actions" are one idea each
    plain = re.sub(r"and me\b|words and actions", "", text.en)
    assert not re.search(r"\b(and|or)\b", plain)
    assert not re.search("[、]|并且|以及|或者", text.zh_hans)


def test_no_two_items_are_nearly_the_same() -> None:
    def pairs(wording: str) -> set[str]:
        return {wording[i : i + 2] for i in range(len(wording) - 1)}

    for language in LANGUAGES:
        bare = {
            code: pairs(
                re.sub(r"\{referent\}", "", item.text.in_(language), flags=re.I)
            )
            for code, item in ITEMS.items()
        }
        for one, other in combinations(bare, 2):
            if _parallel(one, other):
                continue
            shared = len(bare[one] & bare[other]) / len(bare[one] | bare[other])
            assert shared < 0.6, (one, other)


def _parallel(one: str, other: str) -> bool:
    """Whether two items say the same of two referents, as they are meant to."""
    return (
        OWN_REFERENT[one] != OWN_REFERENT[other]
        and ITEMS[one].text == ITEMS[other].text
    )


def test_each_trust_dimension_has_four_items_and_one_of_them_reversed() -> None:
    scales = LIBRARY["TBE"].scales
    assert [scale.code for scale in scales] == ["T", "C", "A", "H", "E"]
    for scale in scales:
        assert len(scale.items) == 4
        assert sum(item.reverse for item in scale.items) == 1
        assert scale.model == "reflective"
        assert len({item.facet for item in scale.items}) == 4


def test_agreement_has_seven_labelled_points_and_not_applicable() -> None:
    for questionnaire in LIBRARY.values():
        for scale in questionnaire.scales:
            if scale.format.code != "agreement":
                continue
            assert (scale.format.low, scale.format.high) == (1, 7)
            assert scale.format.not_applicable
            for language, labels in AGREEMENT.items():
                shown = tuple(label.in_(language) for label in scale.format.labels)
                assert shown == labels


def test_loyalty_has_three_items_and_the_recommendation_stands_beside_it() -> None:
    scales = {scale.code: scale for scale in LIBRARY["OUT-C"].scales}
    assert {code: len(scale.items) for code, scale in scales.items()} == {
        "SAT": 2,
        "LOY": 3,
        "REP": 3,
        "REC": 1,
    }
    recommend = scales["REC"].format
    assert (recommend.low, recommend.high, len(recommend.labels)) == (0, 10, 2)
    assert not any(item.reverse for item in LIBRARY["OUT-C"].items)
    assert len(LIBRARY["OUT-C"].short_form) == 9


@pytest.mark.parametrize("code", REFERENTS)
def test_a_referent_is_one_singular_phrase_that_fits_every_item(code: str) -> None:
    referent = REFERENTS[code]
    assert re.match(r"(this|my|the) \w", referent.en)
    assert not referent.en.endswith("s") or referent.en.startswith("my group of ")
    form = compile_form(
        [FormPart(questionnaire, short=False) for questionnaire in LIBRARY.values()],
        title=Text("Study", "调查"),
        referent=code,
        languages=LANGUAGES,
        comment=True,
    )
    for item in form.items:
        assert "{" not in item.text.en + item.text.zh_hans
        own = OWN_REFERENT[item.code]
        assert (REFERENTS[own] if own else referent).zh_hans in item.text.zh_hans
        assert item.text.en[0].isupper()
