"""A long list is imported in under a minute, in the memory of a short one.

The measurement runs in processes of its own: `benchmarks.people` keeps their peak.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).resolve().parents[2]
FLAT = 30_000_000  # bytes above the idle process, however long the list


def measured(folder: Path, *arguments: str) -> list[dict[str, Any]]:
    path = folder / "people.json"
    subprocess.run(
        [sys.executable, "-m", "benchmarks.people", *arguments, str(path)],
        cwd=PROJECT,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        check=True,
        capture_output=True,
    )
    imports: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))["imports"]
    for one in imports:
        print(
            f"\n{one['people']:,} people: {one['seconds']:.1f} s"
            f" ({one['processor_seconds']:.1f} s of processor time),"
            f" peak {one['peak_bytes'] / 1e6:.1f} MB"
        )
    return imports


def held(imports: list[dict[str, Any]], people: int) -> None:
    last = imports[-1]
    assert last["people"] == people
    assert last["wrong"] == people // 100
    assert last["seconds"] < 60
    assert max(one["peak_bytes"] for one in imports) < FLAT


@pytest.mark.long
def test_twenty_thousand_people_come_in_quickly(tmp_path: Path) -> None:
    held(measured(tmp_path, "--quick"), 20_000)


@pytest.mark.long
def test_two_hundred_thousand_people_come_in_under_a_minute(tmp_path: Path) -> None:
    held(measured(tmp_path), 200_000)
