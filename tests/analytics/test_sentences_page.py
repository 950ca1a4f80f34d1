"""docs/sentences.md lists every sentence of a report with its condition."""

import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from analytics.sentences import SENTENCES
from analytics.sentences.subjects import (
    CORE,
    NOT_IN_A_REPORT,
    SUBJECTS,
    is_name,
)

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "sentences.md").read_text("utf-8")


def program() -> ModuleType:
    spec = importlib.util.spec_from_file_location("page", DOCS / "sentences.py")
    assert spec is not None
    assert spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


def test_the_page_is_what_the_program_writes() -> None:
    assert program().page() == PAGE, "run: python docs/sentences.py"


def test_the_program_checks_and_writes_nothing() -> None:
    before = (DOCS / "sentences.md").stat().st_mtime_ns
    done = subprocess.run([sys.executable, DOCS / "sentences.py", "--check"])
    assert done.returncode == 0
    assert (DOCS / "sentences.md").stat().st_mtime_ns == before


def test_every_sentence_belongs_to_a_subject() -> None:
    named = {
        code
        for one in (*SUBJECTS.values(), CORE, *NOT_IN_A_REPORT.values())
        for code in one.sentences
    }
    assert named == set(SENTENCES)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_every_sentence_of_a_report_has_a_condition(subject: str) -> None:
    one = SUBJECTS[subject]
    sentences = {c for c, (english, _) in one.sentences.items() if not is_name(english)}
    assert sentences - set(one.conditions) == set()


@pytest.mark.parametrize("subject", SUBJECTS)
def test_every_condition_is_of_a_sentence_of_its_subject(subject: str) -> None:
    one = SUBJECTS[subject]
    assert set(one.conditions) - set(one.sentences) == set()


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_condition_is_one_plain_line(subject: str) -> None:
    for code, condition in SUBJECTS[subject].conditions.items():
        assert condition == condition.strip(), code
        assert "\n" not in condition, code
        assert "{" not in condition, code
        assert condition.endswith("."), code
        assert not condition[0].islower(), code


def test_every_sentence_of_a_report_stands_on_the_page() -> None:
    listed = re.findall(r"^\| `(\w[\w-]*)` \|", PAGE, flags=re.MULTILINE)
    assert sorted(listed) == sorted(
        code for one in (*SUBJECTS.values(), CORE) for code in one.sentences
    )


def test_a_name_is_no_sentence() -> None:
    assert is_name("Trust by dimension")
    assert not is_name("No outcome was named.")
    assert not is_name("The waves are not compared: {reason}")


def sources() -> str:
    """Everything that can say a sentence."""
    root = DOCS.parent
    found = [
        *(
            path
            for path in (root / "analytics").rglob("*.py")
            if path.parent.name not in ("sentences", "migrations")
        ),
        *(root / "templates" / "analytics").rglob("*.html"),
    ]
    return "\n".join(path.read_text("utf-8") for path in found)


def test_every_sentence_of_a_report_is_said_somewhere() -> None:
    text = sources()
    whole = set(re.findall(r"\w+", text))
    begun = tuple(set(re.findall(r'f"(\w+_)\{', text)))
    unsaid = [
        code
        for one in SUBJECTS.values()
        for code in one.sentences
        if code not in whole and not code.startswith(begun)
    ]
    assert unsaid == []
