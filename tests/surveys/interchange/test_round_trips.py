"""A questionnaire written to a file of another product comes back as it was."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings

from surveys.definition import (
    Questionnaire,
    load_library,
    parse_questionnaire,
    questionnaire_to_yaml,
)
from surveys.interchange import (
    read_file,
    to_limesurvey_tsv,
    to_lss,
    to_xlsform,
)
from surveys.interchange.findings import Imported
from surveys.interchange.reading import read_bytes
from tests.surveys.test_definition_kinds import every_kind
from tests.surveys.test_write import questionnaires

Write = Callable[[Questionnaire], bytes]
WRITERS: dict[str, Write] = {
    "q.yaml": lambda asked: questionnaire_to_yaml(asked).encode(),
    "q.xlsx": to_xlsform,
    "q.lss": to_lss,
    "q.txt": to_limesurvey_tsv,
}
LIBRARY = [*load_library(), parse_questionnaire(every_kind(), source="every kind")]
each_writer = pytest.mark.parametrize("filename", WRITERS)


def back(found: Imported) -> Questionnaire:
    return parse_questionnaire(found.content, source="read back")


@each_writer
@pytest.mark.parametrize("asked", LIBRARY, ids=lambda q: f"{q.code}-{q.version}")
def test_a_shipped_questionnaire_comes_back(
    asked: Questionnaire, filename: str
) -> None:
    found = read_bytes(WRITERS[filename](asked), filename)
    assert back(found) == asked
    assert found.findings == ()


@each_writer
@settings(deadline=None, max_examples=25)  # time is the machine's
@given(data=questionnaires())
def test_any_questionnaire_comes_back(data: dict[str, Any], filename: str) -> None:
    asked = parse_questionnaire(data, source="drawn")
    found = read_bytes(WRITERS[filename](asked), filename)
    assert back(found) == asked
    assert found.findings == ()


@each_writer
def test_the_confined_reader_gives_the_same(filename: str) -> None:
    asked = LIBRARY[-1]
    found = read_file(WRITERS[filename](asked), filename=filename)
    assert back(found) == asked


@each_writer
def test_one_language_alone_comes_back(filename: str) -> None:
    data = every_kind()
    data |= {"languages": ["zh-hans"], "forms": {}}
    del data["forms"]
    _drop_english(data)
    data["scales"][0]["items"] = data["scales"][0]["items"][:2]
    asked = parse_questionnaire(data, source="Chinese alone")
    assert back(read_bytes(WRITERS[filename](asked), filename)) == asked


@each_writer
def test_awkward_wordings_come_back(filename: str) -> None:
    """What a spreadsheet would compute, HTML, expressions and quotes are words here."""
    awkward = [
        "=1+1",
        "+ more",
        "-2 points",
        "@home",
        "＝全角",
        "'=quoted'",
        "<b>bold</b> & <script>alert(1)</script>",
        "a &lt; b",
        'tab "quoted"; comma, semicolon',
        "two  spaces and\xa0none",
        "]]> ends nothing",
        "_x0041_ is no A",
        "no characters: \ufffe\uffff",
    ]
    data = every_kind()
    items = [
        {
            "code": f"N{number}",
            "facet": {"en": word, "zh-hans": word},
            "text": {"en": word, "zh-hans": f"{word}。"},
        }
        for number, word in enumerate(awkward)
    ]
    data["scales"][0] |= {"items": items, "name": {"en": "=A1", "zh-hans": "<i>甲</i>"}}
    data["formats"]["agreement"]["labels"][0] = {"en": "=no", "zh-hans": "-不"}
    for form in data["forms"].values():
        form["leave_out"] = []
    asked = parse_questionnaire(data, source="awkward")
    found = read_bytes(WRITERS[filename](asked), filename)
    assert back(found) == asked


@each_writer
def test_formats_with_unusual_names_and_codes_with_hyphens_come_back(
    filename: str,
) -> None:
    data = every_kind()
    data["formats"] = {
        "同意/不同意": data["formats"].pop("agreement"),
        **data["formats"],
    }
    data["scales"][0]["format"] = "同意/不同意"
    checklist = data["scales"][1]
    checklist["items"][-1]["format"] = "同意/不同意"
    # two codes that are one without hyphens, and a scale called like an item
    checklist["items"][0]["code"] = "B-1"
    checklist["items"][1] |= {"code": "B1", "show_if": {"item": "B-1", "in": [1, 2]}}
    data["scales"][2] |= {"code": "P1", "show_if": {"item": "B-1", "in": [2]}}
    asked = parse_questionnaire(data, source="names")
    assert back(read_bytes(WRITERS[filename](asked), filename)) == asked


@each_writer
def test_an_item_that_asks_for_the_point_0_comes_back(filename: str) -> None:
    data = every_kind()
    data["scales"][1]["items"][-1] |= {"format": "stages", "expect": 0}
    asked = parse_questionnaire(data, source="zero")
    found = back(read_bytes(WRITERS[filename](asked), filename))
    assert found == asked
    assert found.items[8].expect == 0


def _drop_english(data: object) -> None:
    """Take the English out of every text."""
    if isinstance(data, dict):
        if "zh-hans" in data:
            data.pop("en", None)
        for value in data.values():
            _drop_english(value)
    elif isinstance(data, list):
        for value in data:
            _drop_english(value)
