"""Every need leads somewhere, and every questionnaire is found from a need."""

import pytest

from surveys import definition, needs
from surveys.definition import REFERENTS, FormPart, Questionnaire, compile_form
from surveys.needs import AUDIENCES, NEEDS, Ask, Need, Suggestion

LIBRARY: dict[str, Questionnaire] = {
    asks.code: asks
    for asks in sorted(definition.load_library(), key=lambda asks: asks.version)
}


def part(ask: Ask) -> FormPart:
    return FormPart(LIBRARY[ask.code], ask.short, ask.scales or None, ask.form)


SUGGESTIONS = [
    pytest.param(suggested, id=f"{need.code}-{number}")
    for need in NEEDS
    for number, suggested in enumerate(need.suggestions, start=1)
]


@pytest.mark.parametrize("suggested", SUGGESTIONS)
def test_what_is_suggested_can_be_asked(suggested: Suggestion) -> None:
    asked = [suggested.asks, *([suggested.outcomes] if suggested.outcomes else [])]
    form = compile_form(
        [part(ask) for ask in asked],
        title=definition.Text("T", "题"),
        referent=suggested.referent or "company",
        languages=definition.LANGUAGES,
        comment=False,
    )
    named = {scale for ask in asked for scale in ask.scales}
    found = {scale.code.split(".")[1] for scale in form.scales}
    assert named <= found
    # nobody should be asked for more than a quarter of an hour
    assert form.minutes("en") <= 8
    assert form.minutes("zh-hans") <= 8


@pytest.mark.parametrize("suggested", SUGGESTIONS)
def test_a_referent_is_named_where_the_items_have_a_place_for_it(
    suggested: Suggestion,
) -> None:
    assert suggested.referent is None or suggested.referent in REFERENTS
    if needs.has_slot(LIBRARY[suggested.asks.code]) and suggested.outcomes:
        assert suggested.referent is not None


@pytest.mark.parametrize("need", NEEDS, ids=lambda need: need.code)
def test_a_need_speaks_both_languages(need: Need) -> None:
    assert need.asked in AUDIENCES
    assert need.suggestions
    for text in (need.question, need.advice):
        assert text.en
        assert text.zh_hans
    assert need.question.en.endswith("?")
    assert need.question.zh_hans.endswith("？")


def test_needs_are_told_apart_by_code() -> None:
    assert len({need.code for need in NEEDS}) == len(NEEDS)


@pytest.mark.parametrize("code", sorted(LIBRARY))
def test_every_questionnaire_is_found_from_a_need(code: str) -> None:
    assert needs.reaching(code)
    assert needs.audiences(code)


def test_outcomes_are_suggested_for_those_who_can_tell() -> None:
    audiences = {code: needs.audiences(code) for code in LIBRARY}
    assert audiences["OUT-E"] == {"team", "everybody"}
    assert audiences["OUT-C"] == {"customers", "everybody"}
    assert audiences["OUT-P"] == {"partners"}


def test_examples_name_whom_a_questionnaire_is_meant_for() -> None:
    examples = {code: needs.example_referent(asks) for code, asks in LIBRARY.items()}
    assert examples["RTS"] == "salesperson"
    assert examples["TBE"] == "brand"
    assert examples["CTL"] == examples["EOT"] == "company"


def test_referents_are_those_suggested_and_those_of_scales() -> None:
    assert needs.referents(LIBRARY["EOT"]) == {
        "management",
        "colleagues",
        "leader",
        "employer",
    }
    assert "ai_service" in needs.referents(LIBRARY["DAT"])
    assert needs.referents(LIBRARY["CTL"]) == frozenset()


def test_a_slot_for_the_referent_is_seen() -> None:
    assert needs.has_slot(LIBRARY["TBE"])
    assert not needs.has_slot(LIBRARY["EOT"])
