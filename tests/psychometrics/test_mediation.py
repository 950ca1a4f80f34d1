"""The split of a correlation against R's lm, lavaan and copied rows."""

from typing import Any

import numpy as np
import pytest

from analytics.psychometrics import (
    Matrix,
    Mediation,
    NotDefined,
    TooFewData,
    mediation,
)
from analytics.psychometrics.mediation import _ends

from .loyalty_cases import NAMES, scores, stored

NAMED = {
    "first": "a",
    "second": "b",
    "indirect": "indirect",
    "direct": "direct",
    "total": "total",
}


def split(values: Matrix, **more: Any) -> Mediation:
    settings: dict[str, Any] = {
        "ends": "percentile",
        "rng": np.random.default_rng(1),
        "n_draws": 200,
    }
    return mediation(
        values, NAMES, first="A", between="E", outcome="N", **{**settings, **more}
    )


def test_the_paths_equal_lm_and_lavaan() -> None:
    r = stored("mediation")
    found = split(scores(), n_draws=20)
    for name, theirs in NAMED.items():
        ours = getattr(found, name).estimate
        assert ours == pytest.approx(r["all"][theirs], abs=1e-12)
        # lavaan's optimizer stops at a gradient, not at the last digit
        assert ours == pytest.approx(r["lavaan_standardized"][theirs], abs=1e-8)
    assert found.n == r["n"]


@pytest.mark.parametrize(
    ("ends", "stored_as"),
    [("percentile", "percentile"), ("bias-corrected", "bias_corrected")],
)
def test_intervals_are_those_of_r_but_for_chance(ends: str, stored_as: str) -> None:
    r = stored("mediation")["first_300"]
    found = split(scores()[:300], ends=ends, n_draws=4000)
    for name, theirs in NAMED.items():
        one = getattr(found, name)
        assert one.estimate == pytest.approx(r["point"][theirs], abs=1e-12)
        # other draws: four Monte-Carlo errors of an outer quantile at SE .05, 1,000
        assert [one.low, one.high] == pytest.approx(r[stored_as][theirs], abs=0.018)


@pytest.mark.parametrize(
    ("ends", "stored_as"),
    [("percentile", "percentile"), ("bias-corrected", "bias_corrected")],
)
def test_the_ends_of_given_draws_are_r_s(ends: Any, stored_as: str) -> None:
    r = stored("mediation")["first_300"]
    found = _ends(np.array(r["draws"]), r["point"]["indirect"], ends, 0.95)
    assert found == pytest.approx(r[stored_as]["indirect"], abs=1e-12)


def test_the_bootstrap_equals_one_that_copies_rows() -> None:
    values = scores()[:60].copy()
    values[7, 0] = np.nan
    found = split(values, rng=np.random.default_rng(4), n_draws=50)
    whole = np.delete(values, 7, axis=0)
    again = np.random.default_rng(4)
    drawn = []
    for _ in range(50):
        x, m, y = whole[again.integers(59, size=59)][:, [0, 2, 3]].T
        z = [(v - v.mean()) / v.std() for v in (x, m, y)]
        a = np.linalg.lstsq(z[0][:, None], z[1], rcond=None)[0][0]
        b = np.linalg.lstsq(np.column_stack([z[1], z[0]]), z[2], rcond=None)[0][0]
        drawn.append(a * b)
    ends = np.quantile(drawn, [0.025, 0.975])
    assert [found.indirect.low, found.indirect.high] == pytest.approx(ends)
    assert (found.n, found.n_draws) == (59, 50)


def test_the_parts_add_up_whatever_the_units() -> None:
    here = split(scores()[:100])
    there = split(3 - 2 * scores()[:100])
    assert here.indirect.estimate + here.direct.estimate == pytest.approx(
        here.total.estimate
    )
    assert there.indirect.estimate == pytest.approx(here.indirect.estimate)


def made(r: tuple[float, float, float], n: int = 200) -> Matrix:
    """Scores of A, C, E, N, O with these correlations of A-E, A-N, E-N exactly."""
    R = np.array([[1, r[0], r[1]], [r[0], 1, r[2]], [r[1], r[2], 1]])
    x = np.random.default_rng(2).standard_normal((n, 3))
    x -= x.mean(0)
    x = x @ np.linalg.inv(np.linalg.cholesky(x.T @ x / n)).T @ np.linalg.cholesky(R).T
    return np.column_stack([x[:, 0], x[:, 0], x[:, 1], x[:, 2], x[:, 0]])


def test_a_share_is_told_only_where_it_is_a_part() -> None:
    share = split(made((0.6, 0.5, 0.5))).share
    assert share == pytest.approx(0.6 * (0.5 - 0.3) / (1 - 0.36) / 0.5)
    # no total to share, and parts that run against one another
    assert split(made((0.6, 0.05, 0.5))).share is None
    assert split(made((0.6, 0.3, 0.7))).share is None


def test_what_cannot_be_split() -> None:
    same = made((0.5, 0.5, 0.5))
    same[:, 2] = same[:, 0]
    with pytest.raises(NotDefined, match="E can be computed from the others"):
        split(same)
    with pytest.raises(TooFewData, match="at least 5 people; there are 4"):
        split(scores()[:4])
    flat = scores()[:50].copy()
    flat[:, 3] = 2
    with pytest.raises(NotDefined, match="Everybody who answered N"):
        split(flat)
