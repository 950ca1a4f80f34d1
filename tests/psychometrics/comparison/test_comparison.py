"""The table of `make test-reference` as tests, and what makes it fail."""

from pathlib import Path

import pytest

from .core import Case, compare, held, leaves, skipped
from .registry import CASES, ELSEWHERE, misfits, outcome, recorded


@pytest.mark.parametrize("name", CASES)
def test_every_number_agrees_or_is_left_out_for_a_reason(name: str) -> None:
    assert outcome(name).problems == []


def test_every_file_has_its_place() -> None:
    assert misfits() == []
    assert set(recorded()) == set(CASES)


def test_nothing_that_r_made_is_forgotten(shared_data: Path) -> None:
    made = {path.stem for path in (shared_data.parent / "reference").glob("*.json")}
    away = {name for names in ELSEWHERE.values() for name in names}
    assert made == set(CASES) | away


FILE = {"r": {"values": [[1.0, 0.5]]}, "n": 20, "name": "x", "none": None}


def problems(*rules: object, ours: object = FILE) -> list[str]:
    case = Case("file", lambda _: ours, tuple(rules))  # type: ignore[arg-type]
    return compare(case, FILE).problems


def test_leaves_are_the_numbers_alone() -> None:
    assert dict(leaves(FILE)) == {"r/values/0/0": 1, "r/values/0/1": 0.5, "n": 20}


def test_a_number_without_a_rule_is_wrong() -> None:
    assert problems(held("estimate", "r/*")) == [
        "n is neither compared nor left out for a reason"
    ]
    assert problems(held("estimate", "r/*"), skipped("a setting", "n")) == []


def test_a_rule_without_a_number_is_wrong() -> None:
    rules = held("count", "*"), held("estimate", "gone/*")
    assert problems(*rules) == ["no number is called gone/*"]


@pytest.mark.parametrize("found", [0.50002, float("nan"), float("inf")])
def test_a_difference_beyond_the_tolerance_is_wrong(found: float) -> None:
    ours = {"r": {"values": [[1.0, found]]}, "n": 20}
    (problem,) = problems(held("estimate", "*"), ours=ours)
    assert problem.startswith("r/values/0/1 is ")


def test_a_number_that_is_not_computed_is_wrong() -> None:
    ours = {"r": {"values": [[1.0]]}, "n": 20}
    assert problems(held("estimate", "*"), ours=ours) == [
        "r/values/0/1 is to be compared, but is not computed"
    ]


def test_fewer_numbers_than_before_are_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    more = {name: count + 1 for name, count in recorded().items()}
    monkeypatch.setattr(
        "tests.psychometrics.comparison.registry.recorded", lambda: more
    )
    assert outcome("setcor_lmg_pd").problems == [
        "7 numbers are compared, 8 were before"
    ]


def test_a_loose_tolerance_needs_its_reason() -> None:
    with pytest.raises(ValueError, match="give the reason"):
        held("estimate", "*", to=1e-3)
