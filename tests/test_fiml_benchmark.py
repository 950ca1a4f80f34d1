"""The comparison of FIML with lavaan: what it prints, and its quick form."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analytics.psychometrics.sem import fit_model
from benchmarks.fiml import (
    HEAD,
    ITEMS,
    MODEL,
    PATTERNS,
    Row,
    cells,
    differences,
    simulated,
    verdicts,
)

PROJECT = Path(__file__).resolve().parents[1]


def row(**changed: Any) -> Row:
    plain: dict[str, Any] = {
        "errors": "observed",
        "n": 10_000,
        "patterns": 194,
        "seconds": 0.5,
        "processor": 0.4,
        "peer_seconds": 30.0,
        "peer_processor": 20.0,
        "peer_alone": 12.0,
        "ratio": 60.0,
        "processor_ratio": 50.0,
        "differences": {"chi2": 1.3e-8},
    }
    return Row(**(plain | changed))


def test_a_row_says_everything() -> None:
    shown = cells(row())
    assert shown[:6] == ["observed", "10,000", "194", "500 ms", "400 ms", "30 s"]
    assert shown[6:9] == ["12 s", "60", "50 times"]
    assert shown[9].strip() == "chi2 1e-08"
    assert len(shown) == len(HEAD)


def test_lavaan_that_was_not_asked_is_named() -> None:
    absent = row(
        peer_seconds=None,
        peer_processor=None,
        peer_alone=None,
        ratio=None,
        processor_ratio=None,
        note="not asked",
        differences={},
    )
    assert cells(absent)[5:9] == ["not asked", "not asked", "", ""]
    assert list(verdicts([absent])) == []


@pytest.mark.parametrize(("ratio", "state"), [(10.0, "reached"), (9.9, "missed")])
def test_ten_times_are_wanted(ratio: float, state: str) -> None:
    (said,) = verdicts([row(ratio=ratio), row(n=1_000)])
    assert said.startswith(f"{state}: observed errors, 10,000 people, 194 patterns")


def test_the_answers_have_so_many_patterns_and_gaps() -> None:
    data = simulated(4_000)
    assert data.codes.shape == (4_000, ITEMS)
    patterns = len(np.unique(data.codes < 0, axis=0))
    assert 0.9 * PATTERNS < patterns <= PATTERNS
    # a share of .2 in each of 200 sets of 20 items, give or take 4 standard errors
    assert (data.codes < 0).mean() == pytest.approx(0.2, abs=4 * 0.4 / np.sqrt(4_000))


def test_parameters_are_compared_by_name() -> None:
    fit = fit_model(MODEL, simulated(400), estimator="FIML")
    assert fit.measures is not None
    corrected = fit.measures.corrected
    assert corrected is not None
    assert corrected.rmsea is not None
    assert fit.measures.rmsea is not None
    value = fit.parameter("f1=~i2").value
    theirs = {
        "names": ["f1=~i2"],
        "estimates": [value.estimate + 0.25],
        "errors": [value.se],
        "chi2": fit.measures.chi2 / 2,
        "cfi": fit.measures.cfi,
        "rmsea": fit.measures.rmsea.estimate,
        "srmr": fit.measures.srmr - 0.01,
        "cfi_corrected": corrected.cfi,
        "rmsea_corrected": corrected.rmsea.estimate,
    }
    found = differences(fit, theirs)
    assert found["estimates"] == pytest.approx(0.25)
    assert found["chi2"] == pytest.approx(1)
    assert found["srmr"] == pytest.approx(0.01)
    assert [found[name] for name in ("errors", "cfi", "cfi_corrected")] == [0, 0, 0]


@pytest.mark.long
def test_the_quick_form_fits_a_thousand_people(tmp_path: Path) -> None:
    path = tmp_path / "quick.json"
    subprocess.run(
        [sys.executable, "-m", "benchmarks.fiml", "--quick", str(path)],
        cwd=PROJECT,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        check=True,
        capture_output=True,
    )
    rows = json.loads(path.read_text(encoding="utf-8"))["rows"]
    assert [(one["errors"], one["n"]) for one in rows] == [
        ("observed", 1_000),
        ("robust", 1_000),
    ]
    for found in rows:
        assert 0 < found["processor"] < 30
        assert found["ratio"] is None
