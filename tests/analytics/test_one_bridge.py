"""Answers reach numbers over one bridge, and faces only through a release."""

import ast
import re
from pathlib import Path

import pytest

from analytics.release_parts import UNSEEN
from tests.conftest import ROOT

MODULES = sorted((ROOT / "analytics").rglob("*.py"))
# The one bridge, and those who may call it: analyses and exports of open and known
# answers, checked rows, and the job of releases.
BRIDGE = "analytics/responses.py"
# Who gave a row, where the mode tells it; reads no answers.
PEOPLE = "analytics/known_people.py"
CALLERS = {
    "analytics/account_scores.py",
    "analytics/actions.py",
    "analytics/export/microdata.py",
    "analytics/export/gathering.py",
    "analytics/export/records.py",
    "analytics/export/rows.py",
    "analytics/merging.py",
    "analytics/publishing.py",
    "analytics/release_registry.py",
}
# Comments are read where a release shows them, and answers nowhere else.
ROWS_OF_ANSWERS = re.compile(r"surveys_response\b|collector\.(staged|mixed|spent)")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imported(path: Path) -> set[str]:
    """Everything a module imports, as dotted names."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{one.name}" for one in node.names}
    return found


def test_one_module_reads_answers() -> None:
    readers = {
        name_of(path)
        for path in MODULES
        if "surveys.models.Response" in imported(path)
        or "surveys.models.answers.Response" in imported(path)
        or ROWS_OF_ANSWERS.search(path.read_text(encoding="utf-8"))
    }
    assert readers == {BRIDGE, PEOPLE}
    assert ".answers" not in (ROOT / PEOPLE).read_text(encoding="utf-8")


def test_only_jobs_cross_the_bridge() -> None:
    callers = {
        name_of(path)
        for path in MODULES
        if any(
            one == "analytics.responses" or one.startswith("analytics.responses.")
            for one in imported(path)
        )
    }
    assert callers == CALLERS


@pytest.mark.parametrize("part", sorted(UNSEEN))
def test_the_basis_of_a_release_is_read_by_its_job_alone(part: str) -> None:
    """Its name stands nowhere else, so no face can ask for it."""
    named = re.compile(f"[\"']{part}[\"']")
    readers = {
        name_of(path)
        for path in MODULES
        if named.search(path.read_text(encoding="utf-8"))
    }
    writer = {"basis": "analytics/publishing.py", "publication": "analytics/told.py"}
    assert readers == {writer[part], "analytics/release_parts.py"}


def test_no_template_asks_a_row_of_answers() -> None:
    templates = (ROOT / "templates" / "analytics").rglob("*.html")
    words = re.compile(r"response_set|\.answers\.|\bbasis\b")
    assert [
        name_of(path) for path in templates if words.search(path.read_text("utf-8"))
    ] == []
