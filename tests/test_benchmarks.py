"""The comparison with other packages runs, lists every peer, and judges fairly."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks._marks import marks
from benchmarks._peers import IN_PYTHON, IN_R, versions
from benchmarks.psychometrics import COMPARED, Row, cells, markdown

PROJECT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    path = tmp_path_factory.mktemp("bench") / "quick.json"
    subprocess.run(
        [sys.executable, "-m", "benchmarks.psychometrics", "--quick", str(path)],
        cwd=PROJECT,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        check=True,
        capture_output=True,
    )
    assert "780 polychorics" in path.with_suffix(".md").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def test_the_quick_form_measures_every_statistic(quick: dict[str, Any]) -> None:
    once = {one[:2] for one in COMPARED if one[0] not in ("bootstrap", "parallel")}
    for points, gaps in ((5, False), (7, True)):
        rows = [row for row in quick["rows"] if row["points"] == points]
        assert {(row["statistic"], row["peer"]) for row in rows} == once
        assert all(row["gaps"] is gaps and row["n"] == 1_000 for row in rows)
        assert all(0 < row["seconds"] < 60 for row in rows)


def test_peers_are_listed_even_where_none_was_asked(quick: dict[str, Any]) -> None:
    assert set(quick["peers"]) == {*IN_R, *IN_PYTHON}
    named = [row for row in quick["rows"] if row["peer"]]
    assert {row["note"] for row in named} == {"left out"}
    assert all(row["ratio"] is None for row in named)
    assert {mark["state"] for mark in quick["marks"]} == {"not measured"}


def test_a_machine_without_r_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks._peers.shutil.which", lambda name: None)
    known = versions()
    assert {known[name] for name in IN_R} == {"not installed"}


def row(**changed: Any) -> dict[str, Any]:
    plain = {
        "statistic": "polychoric",
        "peer": "lavaan",
        "n": 1_000_000,
        "seconds": 0.3,
        "seconds_two_threads": 0.2,
        "over_limit": False,
        "ratio": 600.0,
    }
    return plain | changed


@pytest.mark.parametrize(
    ("changed", "state"),
    [
        ({}, "reached"),
        ({"ratio": 499.0}, "missed"),
        ({"ratio": 600.0, "over_limit": True}, "reached"),
        # the peer was stopped: nobody knows
        ({"ratio": 499.0, "over_limit": True}, "not measured"),
        ({"ratio": None}, "not measured"),
        ({"n": 100_000}, "not measured"),
    ],
)
def test_a_ratio_is_held_against_its_mark(changed: dict[str, Any], state: str) -> None:
    (found,) = (m for m in marks([row(**changed)]) if "lavCor" in m.name)
    assert found.state == state


def test_the_slowest_data_set_decides() -> None:
    chain = {"statistic": "chain", "peer": "", "ratio": None}
    rows = [row(**chain), row(**chain, seconds=0.9, seconds_two_threads=0.6)]
    (found,) = (m for m in marks(rows) if "chain" in m.name)
    assert (found.state, found.measured) == ("missed", "0.20 s and 0.60 s")
    (found,) = (m for m in marks(rows[:1]) if "chain" in m.name)
    assert found.state == "reached"


def test_a_peer_over_its_limit_gives_a_lower_bound() -> None:
    stopped = Row(
        statistic="polychoric",
        peer="lavaan",
        n=1_000_000,
        points=7,
        gaps=True,
        seconds=0.5,
        seconds_two_threads=0.4,
        peer_seconds=120.0,
        over_limit=True,
        ratio=300.0,
        note="over 120 s",
    )
    shown = cells(stopped)
    assert shown[1:3] == ["7 points, gaps", "1,000,000"]
    assert shown[5:7] == ["> 120 s", "> 300"]
    assert shown[7].strip() == "lavaan (over 120 s)"
    assert "400 ms; >120 s: **>300**" in markdown([stopped], [])
