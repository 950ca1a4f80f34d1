"""Whatever can be read can be written, and is read back as the same questionnaire."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.definition import (
    DefinitionError,
    Questionnaire,
    load_library,
    parse_questionnaire,
    questionnaire_to_data,
    questionnaire_to_yaml,
)
from tests.surveys.test_definition import formats, small, texts, words
from tests.surveys.test_definition_kinds import every_kind

LIBRARY = [*load_library(), parse_questionnaire(every_kind(), source="every kind")]


@pytest.mark.parametrize("asked", LIBRARY, ids=lambda q: f"{q.code}-{q.version}")
def test_a_shipped_questionnaire_survives_being_written(asked: Questionnaire) -> None:
    written = questionnaire_to_yaml(asked)
    assert parse_questionnaire(written, source="written") == asked
    assert parse_questionnaire(questionnaire_to_data(asked), source="data") == asked


def test_what_is_written_is_readable_and_leaves_out_what_is_not_said() -> None:
    data = questionnaire_to_data(LIBRARY[-1])
    assert data["formats"]["happened"] == {
        "kind": "choice",
        "not_applicable": False,
        "options": [{"en": "yes", "zh-hans": "是"}, {"en": "no", "zh-hans": "否"}],
    }
    assert "expect" not in data["scales"][0]["items"][0]
    written = questionnaire_to_yaml(LIBRARY[-1])
    assert "信守承诺" in written
    assert "&" not in written


def test_two_formats_of_one_code_cannot_be_written() -> None:

    asked = LIBRARY[-1]
    first, *others = asked.scales
    other = replace(first, format=replace(first.format, not_applicable=False))
    with pytest.raises(DefinitionError, match="agreement"):
        questionnaire_to_data(replace(asked, scales=(other, *others)))


@st.composite
def choices(draw: st.DrawFn) -> dict[str, Any]:
    word = draw(words)
    options = [
        {"en": f"{word}{n}", "zh-hans": f"选{n}{word}"}
        for n in range(draw(st.integers(2, 5)))
    ]
    return {"kind": "choice", "options": options, "not_applicable": draw(st.booleans())}


@st.composite
def questionnaires(draw: st.DrawFn) -> dict[str, Any]:
    """A checklist that begins with a choice, and a scale that may depend on it."""
    number = {
        "kind": "number",
        "low": draw(st.integers(0, 100)),
        "high": draw(st.integers(101, 32_000)),
        "unit": draw(texts),
    }
    text = {"kind": "text", "longest": draw(st.integers(1, 4000))}
    first = {"code": "C1", "text": draw(texts), "facet": draw(texts)}
    others = [
        {
            "code": f"C{place}",
            "text": draw(texts),
            "facet": draw(texts),
            "format": draw(st.sampled_from(["choice", "number", "text", "rating"])),
            **draw(st.sampled_from([{}, {"show_if": {"item": "C1", "in": [2, 1]}}])),
            **draw(st.sampled_from([{}, {"lineage": f"OLD-{place}"}])),
        }
        for place in range(2, draw(st.integers(2, 6)))
    ]
    scored = [
        {
            "code": f"R{place}",
            "text": draw(texts),
            "facet": draw(texts),
            "reverse": draw(st.booleans()),
            "texts": {"one": draw(texts)},
        }
        for place in range(draw(st.integers(1, 3)))
    ]
    scales = [
        {
            "code": "C",
            "model": "checklist",
            "format": "choice",
            "items": [first, *others],
        },
        {"code": "R", "model": "reflective", "format": "rating", "items": scored},
    ]
    named = {"name": draw(texts), "description": draw(texts)}
    used = {"choice", "rating", *(str(item["format"]) for item in others)}
    offered: dict[str, dict[str, Any]] = {
        "choice": draw(choices()),
        "rating": draw(formats()),
        "number": number,
        "text": text,
    }
    return small() | {
        "formats": {code: offered[code] for code in sorted(used)},
        "scales": [scale | named for scale in scales],
        "order": draw(st.sampled_from(["fixed", "shuffled"])),
        "modules": draw(st.booleans()),
        "catalogue": "ipip-trust",
        "modified": draw(st.booleans()),
        "licence": draw(words),
        "lineage": {"code": "DEMO", "version": draw(st.integers(1, 9))},
        "forms": {"one": {"name": draw(texts), "words": {}, "leave_out": []}},
    }


@settings(deadline=None, max_examples=50)  # time is the machine's, not the writer's
@given(questionnaires())
def test_any_questionnaire_survives_being_written(data: dict[str, Any]) -> None:
    asked = parse_questionnaire(data, source="drawn")
    assert parse_questionnaire(questionnaire_to_yaml(asked), source="yaml") == asked
    assert parse_questionnaire(questionnaire_to_data(asked), source="data") == asked
