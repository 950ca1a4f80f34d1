"""The comparison of WLSMV with lavaan: what it prints, and its quick form."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks.wlsmv import HEAD, Row, cells, differences, verdicts

PROJECT = Path(__file__).resolve().parents[1]


def row(**changed: Any) -> Row:
    plain: dict[str, Any] = {
        "points": 5,
        "n": 100_000,
        "moments": 2.0,
        "seconds": 4.0,
        "two_threads": 2.5,
        "processor": 4.0,
        "peak": 340_000_000,
        "peer_seconds": 50.0,
        "peer_processor": 60.0,
        "ratio": 20.0,
        "processor_ratio": 15.0,
        "differences": {"chi2": 1.3e-8},
    }
    return Row(**(plain | changed))


def test_a_row_says_everything() -> None:
    assert cells(row())[:-1] == [
        "5 points",
        "100,000",
        "2 s",
        "4 s",
        "2.5 s",
        "4 s",
        "340 MB",
        "50 s",
        "60 s",
        "20",
    ]
    assert cells(row())[-1].strip() == "chi2 1e-08"
    assert len(cells(row())) == len(HEAD)


def test_lavaan_that_was_not_asked_is_named() -> None:
    absent = row(
        peer_seconds=None,
        peer_processor=None,
        ratio=None,
        processor_ratio=None,
        note="not asked",
        differences={},
    )
    assert cells(absent)[7:10] == ["not asked", "not asked", ""]
    assert list(verdicts([absent])) == []


@pytest.mark.parametrize(("ratio", "state"), [(20.0, "reached"), (19.9, "missed")])
def test_twenty_times_are_wanted(ratio: float, state: str) -> None:
    (said,) = verdicts([row(ratio=ratio), row(n=10_000)])
    assert said.startswith(f"{state}: 5 points, 100,000 people, wanted 20 times")


@pytest.mark.parametrize(
    ("peak", "state"), [(3_999_999_999, "reached"), (4_000_000_000, "missed")]
)
def test_four_gigabytes_are_wanted_at_a_million(peak: int, state: str) -> None:
    (said,) = verdicts([row(n=1_000_000, peak=peak)])
    assert said.startswith(f"{state}: 5 points, 1,000,000 people, wanted under 4 GB")


def test_parameters_are_compared_by_name() -> None:
    ours = {
        "estimates": {"f=~a": 1.0, "f=~b": 0.8, "f~~g": 0.3},
        "errors": {"f=~a": 0.0, "f=~b": 0.02, "f~~g": 0.01},
        "chi2": 101.0,
        "factor": 0.5,
        "cfi": 0.99,
        "rmsea": 0.02,
        "srmr": 0.01,
    }
    theirs = {
        "names": ["f=~b", "g~~f"],
        "estimates": [0.8, 0.25],
        "errors": [0.02, 0.01],
        "chi2": 100.0,
        "factor": 0.5,
        "cfi": 0.98,
        "rmsea": 0.02,
        "srmr": 0.01,
    }
    found = differences(ours, theirs)
    assert found["estimates"] == pytest.approx(0.05)
    assert found["errors"] == 0
    assert found["chi2"] == pytest.approx(0.01)
    assert found["cfi"] == pytest.approx(0.01)


@pytest.mark.long
def test_the_quick_form_fits_a_thousand_people(tmp_path: Path) -> None:
    path = tmp_path / "quick.json"
    subprocess.run(
        [sys.executable, "-m", "benchmarks.wlsmv", "--quick", str(path)],
        cwd=PROJECT,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        check=True,
        capture_output=True,
    )
    rows = json.loads(path.read_text(encoding="utf-8"))["rows"]
    assert [(row["points"], row["n"]) for row in rows] == [(5, 1_000), (7, 1_000)]
    for found in rows:
        assert 0 < found["moments"] < 60
        assert found["peak"] < 1e9
        assert found["ratio"] is None
