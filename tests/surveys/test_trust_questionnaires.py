"""Rules of single questionnaires: boundaries, parallel items, stages, short forms."""

import re

import pytest

from surveys.definition import Questionnaire, Scale, load_library

LIBRARY = {questionnaire.code: questionnaire for questionnaire in load_library()}
FIVE = ("TBF", "RTS", "ABI", "EOT", "DAT")
KNOWLEDGE = re.compile(
    r"know|expert|skill|compet|understand|知识|专业|懂|了解|熟悉|能力"
)
MORALS = re.compile(
    r"honest|fair|moral|right|rule|promise|ethic|诚|公平|规矩|守|道德|良心|保密"
)

each = pytest.mark.parametrize("questionnaire", [LIBRARY[c] for c in FIVE], ids=FIVE)


def scales_of(code: str) -> dict[str, Scale]:
    return {scale.code: scale for scale in LIBRARY[code].scales}


def words_of(scale: Scale) -> str:
    return " ".join(
        f"{text.en} {text.zh_hans}"
        for item in scale.items
        for text in (item.text, item.facet)
    )


@pytest.mark.parametrize(
    ("code", "lengths"),
    [
        (
            "TBF",
            {"TR": 5, "CS": 5, "IQ": 5, "P1": 3, "P2": 3, "P3": 3, "P4": 3},
        ),
        ("RTS", {"PC": 4, "EX": 4, "RB": 4, "BE": 4}),
        ("ABI", {"AB": 4, "BE": 4, "IN": 4, "WR": 4}),
        (
            "EOT",
            {"MR": 3, "MC": 3, "CR": 3, "CC": 3, "LR": 3, "LC": 3, "PF": 4, "RF": 4},
        ),
        ("DAT", {"OC": 4, "AI": 4, "DP": 4, "PE": 3, "PA": 3, "SR": 3}),
    ],
)
def test_scales_are_as_long_as_planned(code: str, lengths: dict[str, int]) -> None:
    found = {name: len(scale.items) for name, scale in scales_of(code).items()}
    assert found == lengths


@each
def test_one_item_in_four_or_more_is_reversed(questionnaire: Questionnaire) -> None:
    for scale in questionnaire.scales:
        reversed_items = sum(item.reverse for item in scale.items)
        assert reversed_items == (1 if len(scale.items) >= 4 else 0), scale.code


@each
def test_every_item_has_a_facet_of_its_own(questionnaire: Questionnaire) -> None:
    for scale in questionnaire.scales:
        assert len({item.facet.en for item in scale.items}) == len(scale.items)
        assert len({item.facet.zh_hans for item in scale.items}) == len(scale.items)


@each
def test_a_short_form_takes_two_plain_items_a_dimension(
    questionnaire: Questionnaire,
) -> None:
    for scale in questionnaire.scales:
        short = [item for item in scale.items if item.short]
        assert len(short) == (2 if scale.model == "reflective" else 0), scale.code
        assert not any(item.reverse for item in short)


@each
def test_at_least_three_risks_are_named(questionnaire: Questionnaire) -> None:
    assert len(questionnaire.known_risks) >= 3


def test_stages_are_a_checklist_answered_by_frequency() -> None:
    stages = [scale for code, scale in scales_of("TBF").items() if code[0] == "P"]
    assert len(stages) == 4
    for scale in stages:
        assert scale.model == "formative"
        assert (scale.format.low, scale.format.high) == (1, 5)
        assert scale.format.labels[0].zh_hans == "从不"
        assert scale.format.labels[4].en == "always"


def test_conduct_is_silent_on_knowledge_and_expertise_on_morals() -> None:
    scales = scales_of("RTS")
    assert not KNOWLEDGE.search(words_of(scales["PC"]))
    assert not MORALS.search(words_of(scales["EX"]))


def test_three_referents_are_asked_the_same_six_statements() -> None:
    scales = scales_of("EOT")
    referents = {"M": "management", "C": "colleagues", "L": "leader"}
    for part in "RC":
        wordings = {
            tuple(item.text for item in scales[who + part].items) for who in referents
        }
        assert len(wordings) == 1
        for who, referent in referents.items():
            assert scales[who + part].referent == referent


def test_the_contract_is_with_the_employer() -> None:
    scales = scales_of("EOT")
    assert scales["PF"].referent == scales["RF"].referent == "employer"


def test_each_part_of_digital_trust_may_be_asked_alone() -> None:
    assert LIBRARY["DAT"].modules
    assert {scale.referent for scale in LIBRARY["DAT"].scales} == {None, "ai_service"}
    assert scales_of("DAT")["AI"].referent == "ai_service"
