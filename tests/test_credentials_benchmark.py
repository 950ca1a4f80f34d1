"""The benchmark of credentials runs, names its limits, and judges by the stated marks."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.credentials import SIGNATURE, SUBMIT, TAKEN, Row, marks

PROJECT = Path(__file__).resolve().parents[1]


@pytest.mark.long
def test_the_quick_form_measures_each_beside_its_limit(tmp_path: Path) -> None:
    path = tmp_path / "quick.json"
    subprocess.run(
        [sys.executable, "-m", "benchmarks.credentials", "--quick", str(path)],
        cwd=PROJECT,
        check=True,
        capture_output=True,
    )
    found = json.loads(path.read_text(encoding="utf-8"))
    assert [row["name"] for row in found["rows"]] == [SIGNATURE, TAKEN, SUBMIT]
    assert all(0 < row["limit_seconds"] < row["seconds"] < 1 for row in found["rows"])
    assert [mark["wanted"] for mark in found["marks"]] == ["< 6 ms", "< 3 ms"]


def row(name: str, seconds: float, core_seconds: float) -> Row:
    return Row(name, seconds, core_seconds, "a limit", 1e-3, seconds / 1e-3)


def test_a_row_is_held_against_its_mark() -> None:
    found = marks([row(SIGNATURE, 9e-3, 5.99e-3), row(TAKEN, 3e-3, 1e-3)])
    assert [mark.state for mark in found] == ["reached", "missed"]
    assert [mark.measured for mark in found] == ["5.99 ms", "3.00 ms"]
