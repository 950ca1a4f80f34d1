"""docs/coverage.md answers every row of the sources with scales that exist."""

import re
from pathlib import Path

import pytest

from surveys.definition import Questionnaire, load_library

TABLE = Path(__file__).resolve().parents[2] / "docs" / "coverage.md"
LIBRARY = load_library()
LENGTHS = {
    "A": 9,
    "B": 11,
    "C": 18,
    "D": 16,
    "E": 11,
    "F": 15,
    "G": 6,
    "H": 10,
    "I": 7,
    "J": 8,
}
STATES = {
    "built",
    "people and waves",
    "exports",
    "out of scope",
}
SCALE = re.compile(r"`([A-Z]+(?:-[A-Z])?\.[A-Z0-9]+)`")


def rows() -> list[list[str]]:
    """Cells of every row whose first cell is a code such as C1."""
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    cells = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in lines
        if line.startswith("| ")
    ]
    return [row for row in cells if re.fullmatch(r"[A-J]\d+", row[0])]


ROWS = rows()
COVERED = {row[0]: row[3] for row in ROWS}


def test_every_row_of_the_sources_stands_once_and_in_order() -> None:
    expected = [
        f"{part}{number}"
        for part, length in LENGTHS.items()
        for number in range(1, length + 1)
    ]
    assert [row[0] for row in ROWS] == expected


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_a_row_says_in_both_languages_what_and_in_one_word_how_far(
    row: list[str],
) -> None:
    code, chinese, english, covered, state = row
    assert re.search(r"[\u4e00-\u9fff]|CRM", chinese), code
    assert re.search(r"[a-zA-Z]", english), code
    assert covered, code
    assert set(state.split("; ")) <= STATES, code
    # what names a scale can be asked today
    if SCALE.search(covered):
        assert "built" in state or state == "out of scope", code


def test_the_scales_named_are_the_scales_there_are() -> None:
    named = {scale for row in ROWS for scale in SCALE.findall(row[3])}
    shipped = {f"{q.code}.{scale.code}" for q in LIBRARY for scale in q.scales}
    assert named - shipped == set()
    assert shipped - named == set()


@pytest.mark.parametrize("questionnaire", LIBRARY, ids=[q.code for q in LIBRARY])
def test_a_row_that_a_questionnaire_claims_names_it(
    questionnaire: Questionnaire,
) -> None:
    for row in questionnaire.covers:
        assert f"`{questionnaire.code}." in COVERED[row], row
