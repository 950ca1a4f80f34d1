"""The shipped questionnaires keep the rules for writing items, in both languages.

Every wording is held to them: of each named form, with the words of that form filled in.
Rules of single questionnaires stand in test_trust_questionnaires.py and
test_other_questionnaires.py.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

import pytest

from surveys.definition import (
    LANGUAGES,
    REFERENTS,
    FormItem,
    FormPart,
    Item,
    NamedForm,
    Questionnaire,
    Scale,
    Text,
    compile_form,
    load_library,
)
from surveys.definition.referents import fill

VERSIONS = sorted(load_library(), key=lambda asked: (asked.code, asked.version))
# The newest version of each; the older ones are published and no longer ours to change.
LIBRARY = {questionnaire.code: questionnaire for questionnaire in VERSIONS}
# Items and reverse items of each, the screening questions of TCR counted.
PLANNED = {
    "TBE": (20, 5),
    "TBF": (27, 3),
    "RTS": (16, 4),
    "ABI": (16, 4),
    "EOT": (26, 2),
    "DAT": (21, 3),
    "TAP": (33, 0),
    "ABT": (23, 5),
    "TCR": (24 + 3, 0),
    "PPT": (20, 5),
    "OUT-C": (22, 1),
    "OUT-E": (21, 1),
    "OUT-P": (12, 0),
    "CTL": (10, 0),
}
FORMATIVE = {f"TBF.P{stage}" for stage in range(1, 5)} | {
    f"TCR.{acts}" for acts in ("RC", "RR", "RM", "RT")
}
CHECKLISTS = {"TCR.EV", "CTL.REL", "CTL.FRQ", "CTL.ROL", "CTL.ICH"}
# Dispositions, one's own job, and checks of attention are in nobody in particular.
NO_REFERENT = re.compile(r"OUT-E\..*|CTL\.(PRO|ICH)")
MOST_WORDS = 20
MOST_CHARACTERS = 30
NEGATIONS = re.compile(
    r"\b(not|no|never|none|nothing|nobody|neither|nor|without|hardly|cannot)\b|n['’]t\b",
    re.IGNORECASE,
)
CHINESE_NEGATIONS = re.compile("[不没无未非别勿莫]")
PRONOUNS = re.compile(r"\b(he|she|his|her|its|they|their|them)\b", re.IGNORECASE)
HALF_WIDTH = re.compile(r"[,.?!;:()]")
# The name of a point, in an item that asks to choose it.
QUOTED = re.compile("“[^”]*”")
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


@dataclass(frozen=True)
class Wording:
    """What one item says in one named form; `text` still has its slots."""

    questionnaire: Questionnaire
    scale: Scale
    item: Item
    form: NamedForm | None
    text: Text

    @property
    def scale_code(self) -> str:
        return f"{self.questionnaire.code}.{self.scale.code}"

    @property
    def words(self) -> Mapping[str, Text]:
        return {w.slot: w.text for w in self.form.words} if self.form else {}

    def with_referent(self, referent: Text) -> Text:
        return fill(self.text, referent, self.words)

    def bare(self, language: str) -> str:
        """Without its slots."""
        return re.sub(r"\{\w+\}", "", self.text.in_(language))


def kept(asked: Questionnaire, form: NamedForm | None) -> Iterator[tuple[Scale, Item]]:
    left_out = form.leave_out if form else ()
    for scale in asked.scales:
        for item in scale.items:
            if item.code not in left_out:
                yield scale, item


WORDINGS = {
    f"{asked.code}.{item.code}{f' {form.code}' if form else ''}": Wording(
        asked, scale, item, form, item.text_in(form.code if form else None)
    )
    for asked in LIBRARY.values()
    for form in asked.forms or (None,)
    for scale, item in kept(asked, form)
}

each = pytest.mark.parametrize("questionnaire", LIBRARY.values(), ids=LIBRARY)


def wordings_of(asked: Questionnaire) -> list[Wording]:
    return [wording for wording in WORDINGS.values() if wording.questionnaire is asked]


def test_the_library_holds_what_it_promises() -> None:
    assert {
        code: (len(asked.items), sum(item.reverse for item in asked.items))
        for code, asked in LIBRARY.items()
    } == PLANNED
    assert {asked.code for asked in LIBRARY.values() if asked.kind == "outcomes"} == {
        "OUT-C",
        "OUT-E",
        "OUT-P",
    }
    assert LIBRARY["CTL"].kind == "controls"
    assert LIBRARY["TBE"].covers == ("C1", "C2", "C3", "C4", "C5")


def test_only_what_has_one_cause_is_reflective() -> None:
    models = {
        f"{code}.{scale.code}": scale.model
        for code, asked in LIBRARY.items()
        for scale in asked.scales
    }
    assert {code for code, model in models.items() if model == "formative"} == FORMATIVE
    assert {
        code for code, model in models.items() if model == "checklist"
    } == CHECKLISTS


@each
def test_every_instrument_says_how_little_is_proven(
    questionnaire: Questionnaire,
) -> None:
    assert questionnaire.evidence_level == "E0"
    assert questionnaire.native_review == "owed"
    assert questionnaire.licence == "CC BY 4.0"
    assert questionnaire.languages == LANGUAGES
    assert questionnaire.nearest_published
    assert questionnaire.covers
    assert len(questionnaire.known_risks) >= 3
    for text in (questionnaire.name, questionnaire.description, questionnaire.theory):
        for language in LANGUAGES:
            assert "validated" not in text.in_(language)
            assert "经验证" not in text.in_(language)


@each
def test_reverse_items_are_one_in_a_dimension_of_four_or_more(
    questionnaire: Questionnaire,
) -> None:
    for form in questionnaire.forms or (None,):
        for short in (False, True):
            for scale in questionnaire.scales:
                asked = [
                    item
                    for owner, item in kept(questionnaire, form)
                    if owner is scale and (item.short or not short)
                ]
                most = 1 if len(asked) >= 4 else 0
                assert sum(item.reverse for item in asked) <= most, scale.code


@each
def test_every_item_has_a_facet_of_its_own(questionnaire: Questionnaire) -> None:
    for scale in questionnaire.scales:
        for language in LANGUAGES:
            facets = {item.facet.in_(language) for item in scale.items}
            assert len(facets) == len(scale.items), scale.code


@each
def test_an_item_is_short_with_every_referent(questionnaire: Questionnaire) -> None:
    for spoken in wordings_of(questionnaire):
        for referent in REFERENTS.values():
            text = spoken.with_referent(referent)
            characters = re.sub(r"\s", "", text.zh_hans)
            assert len(text.en.split()) <= MOST_WORDS, text.en
            assert len(characters) <= MOST_CHARACTERS, text.zh_hans


@each
def test_an_item_negates_nothing(questionnaire: Questionnaire) -> None:
    for spoken in wordings_of(questionnaire):
        chinese = QUOTED.sub("", spoken.text.zh_hans)
        assert not NEGATIONS.search(spoken.text.en), spoken.text.en
        assert not CHINESE_NEGATIONS.search(chinese), chinese


@each
def test_an_item_names_the_referent_once_and_by_no_pronoun(
    questionnaire: Questionnaire,
) -> None:
    for spoken in wordings_of(questionnaire):
        text = spoken.text
        named = 0 if NO_REFERENT.fullmatch(spoken.scale_code) else 1
        assert len(re.findall(r"\{referent\}", text.en, re.IGNORECASE)) == named, text
        assert len(re.findall(r"\{referent\}", text.zh_hans)) == named, text
        assert not PRONOUNS.search(text.en), text.en
        assert text.en.startswith("{Referent}") == ("{Referent}" in text.en), text.en


@each
def test_an_item_is_punctuated_in_its_own_language(
    questionnaire: Questionnaire,
) -> None:
    for spoken in wordings_of(questionnaire):
        text = spoken.text
        assert text.en.endswith((".", "?")), text.en
        assert text.zh_hans.endswith(("。", "？")), text.zh_hans
        assert not HALF_WIDTH.search(text.zh_hans), text.zh_hans
        assert not re.search(r"[\u3000-\uffef]", text.en), text.en


@each
def test_an_item_holds_one_idea(questionnaire: Questionnaire) -> None:
    for spoken in wordings_of(questionnaire):
        # "between A and me" and "words and actions" are one idea each
        plain = re.sub(r"and me\b|words and actions", "", spoken.text.en)
        assert not re.search(r"\b(and|or)\b", plain), plain
        chinese = spoken.text.zh_hans
        assert not re.search("[、]|并且|以及|或者", chinese), chinese


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_items_are_nearly_the_same(language: str) -> None:
    def pairs(wording: str) -> set[str]:
        return {wording[i : i + 2] for i in range(len(wording) - 1)}

    by_name = {name: pairs(w.bare(language)) for name, w in WORDINGS.items()}
    for (one, ones), (other, others) in combinations(by_name.items(), 2):
        if _meant_alike(WORDINGS[one], WORDINGS[other]):
            continue
        assert len(ones & others) / len(ones | others) < 0.6, (one, other)


def _meant_alike(one: Wording, other: Wording) -> bool:
    """Whether two wordings are one item in two forms, or one statement of two referents."""
    if one.questionnaire is other.questionnaire and one.form is not other.form:
        return True
    return one.scale.referent != other.scale.referent and one.text == other.text


def test_agreement_has_seven_labelled_points_and_not_applicable() -> None:
    for questionnaire in VERSIONS:
        for scale in questionnaire.scales:
            if scale.format.code != "agreement":
                continue
            assert (scale.format.low, scale.format.high) == (1, 7)
            assert scale.format.not_applicable
            for language, labels in AGREEMENT.items():
                shown = tuple(label.in_(language) for label in scale.format.labels)
                assert shown == labels


@pytest.mark.parametrize("code", REFERENTS)
def test_a_referent_is_one_singular_phrase(code: str) -> None:
    referent = REFERENTS[code]
    assert re.match(r"(this|my|the) \w", referent.en)
    assert not referent.en.endswith("s") or referent.en.startswith("my group of ")


@each
def test_every_form_is_asked_about_every_referent(questionnaire: Questionnaire) -> None:
    own = {f"{questionnaire.code}.{s.code}": s.referent for s in questionnaire.scales}
    for code in REFERENTS:
        for variant in questionnaire.forms or (None,):
            part = FormPart(
                questionnaire, short=False, form=variant.code if variant else None
            )
            form = compile_form(
                [part],
                title=Text("Study", "调查"),
                referent=code,
                languages=LANGUAGES,
                comment=True,
            )
            for item in form.items:
                named = REFERENTS[own[item.scale] or code]
                _check_named(item, named)


def _check_named(item: FormItem, referent: Text) -> None:
    assert not re.search("[{}]", item.text.en + item.text.zh_hans), item.text
    assert item.text.en[0].isupper(), item.text.en
    if not NO_REFERENT.fullmatch(item.scale):
        assert referent.zh_hans in item.text.zh_hans
        assert referent.en.casefold() in item.text.en.casefold()
