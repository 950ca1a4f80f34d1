"""Questionnaires as values for the tests of the quality gate."""

from collections.abc import Sequence
from typing import Any

from surveys.definition import (
    LANGUAGES,
    Questionnaire,
    Text,
    load_library,
)
from surveys.definition.quality import (
    Finding,
    check_questionnaire,
)
from surveys.definition.questionnaire import (
    Item,
    ResponseFormat,
    Scale,
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
