"""The resampled moments are those of rows that really are copied."""

import os
import subprocess
import sys

import numpy as np
import pytest

from analytics.psychometrics import MissingRule, NotDefined, moments
from analytics.psychometrics.resampling import interval, resample

from .cases import likert


@pytest.mark.parametrize("missing", ["listwise", "pairwise"])
@pytest.mark.parametrize("holes", [0.0, 0.1])
def test_a_draw_equals_the_moments_of_the_copied_rows(
    rng: np.random.Generator, missing: MissingRule, holes: float
) -> None:
    x = 100 + 0.01 * rng.standard_normal((60, 4)) @ rng.standard_normal((4, 4))
    x[rng.random(x.shape) < holes] = np.nan
    names = list("abcd")
    drawn = resample(x, np.random.default_rng(5), 3, missing=missing)
    rows = x if missing == "pairwise" else x[~np.isnan(x).any(axis=1)]
    again = np.random.default_rng(5)
    for draw in range(3):
        copied = rows[again.integers(len(rows), size=len(rows))]
        m = moments(copied, names, missing=missing)
        np.testing.assert_allclose(drawn.covariance[draw], m.covariance, rtol=1e-9)
        np.testing.assert_allclose(drawn.correlation[draw], m.correlation, rtol=1e-9)
    assert drawn.n == len(rows)


def test_the_order_of_the_columns_does_not_matter(rng: np.random.Generator) -> None:
    data = likert(rng, 80, 4, holes=0.1)
    there = resample(data, np.random.default_rng(1), 5, missing="pairwise")
    codes = data.item_codes[::-1]
    back = resample(data.select(codes), np.random.default_rng(1), 5, missing="pairwise")
    turned = back.select([3, 2, 1, 0])
    np.testing.assert_array_equal(there.covariance, turned.covariance)
    np.testing.assert_array_equal(there.correlation, turned.correlation)


def test_a_block_of_draws_does_not_change_the_sums(
    rng: np.random.Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = likert(rng, 700, 3, holes=0.05)
    whole = resample(data, np.random.default_rng(2), 9, missing="pairwise")
    monkeypatch.setattr("analytics.psychometrics.resampling._BLOCK_ELEMENTS", 1500)
    pieces = resample(data, np.random.default_rng(2), 9, missing="pairwise")
    np.testing.assert_array_equal(whole.correlation, pieces.correlation)


def test_a_constant_variable_has_no_correlations() -> None:
    x = np.column_stack([np.arange(9.0), np.full(9, 0.1)])
    drawn = resample(x, np.random.default_rng(2), 4, missing="listwise")
    assert np.isnan(drawn.correlation[:, 1]).all()
    assert (drawn.correlation[:, 0, 0] == 1).all()


def test_an_interval_says_when_too_many_draws_are_undefined() -> None:
    draws = np.arange(100.0)[:, None]
    draws[:5] = np.nan
    low, high, used = interval(draws, 0.5, "htmt")
    assert used == 95
    assert (low[0], high[0]) == tuple(np.quantile(np.arange(5, 100), [0.25, 0.75]))
    draws[5] = np.nan
    with pytest.raises(NotDefined, match="not defined in 6 of 100 resamples"):
        interval(draws, 0.5, "htmt")
    with pytest.raises(ValueError, match="needs draws"):
        resample(draws, np.random.default_rng(1), 0, missing="listwise")


def test_one_and_two_threads_draw_the_same_numbers() -> None:
    code = (
        "import numpy as np; rng = np.random.default_rng(8)\n"
        "from analytics.psychometrics.resampling import resample\n"
        "x = rng.integers(1, 8, (5000, 12)).astype(float)\n"
        "drawn = resample(x, rng, 40, missing='listwise')\n"
        "print(drawn.correlation.sum().hex(), drawn.covariance.sum().hex())"
    )
    printed = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "OPENBLAS_NUM_THREADS": threads},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for threads in ("1", "2")
    }
    assert len(printed) == 1
