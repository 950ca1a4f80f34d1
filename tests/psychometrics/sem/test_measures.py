"""Indices of fit at their borders."""

import numpy as np
import pytest
from scipy import stats

from analytics.psychometrics.sem import fit_model
from analytics.psychometrics.sem.indices import (
    Chi2Pair,
    incremental,
    relative_noncentrality,
)
from analytics.psychometrics.sem.measures import (
    cfi,
    noncentralities,
    rmsea,
    robust_rmsea,
    tail,
    tli,
)

from .cases import hs


def pair(chi2: float, df: int = 24) -> Chi2Pair:
    return Chi2Pair(chi2, df, 900.0, 36, 300.0, 1)


@pytest.mark.parametrize("chi2", [40.0, 85.3, 400.0, 4165.0, 90_000.0])
def test_the_noncentralities_make_chi_square_a_five_percent_point(chi2: float) -> None:
    low, high = noncentralities(chi2, 24)
    assert stats.ncx2.cdf(chi2, 24, low) == pytest.approx(0.95, abs=1e-7)
    assert stats.ncx2.cdf(chi2, 24, high) == pytest.approx(0.05, abs=1e-7)


def test_a_chi_square_below_its_degrees_of_freedom_has_an_rmsea_of_zero() -> None:
    found = rmsea(pair(10.0))
    assert found is not None
    assert (found.estimate, found.low) == (0, 0)
    assert found.high == 0
    assert 0.95 < found.close_p <= 1
    assert cfi(pair(10.0)) == 1
    assert (tli(pair(10.0)) or 0) > 1


def test_without_degrees_of_freedom_there_is_nothing_to_judge() -> None:
    assert tail(0.0, 0) == (None, None)
    assert rmsea(pair(0.0, 0)) is None
    assert robust_rmsea(pair(0.0, 0), 1.1) is None
    assert tli(pair(0.0, 0)) is None


def test_a_small_tail_keeps_its_logarithm() -> None:
    p, log_p = tail(90_000.0, 24)
    assert p == 0
    assert log_p is not None
    assert log_p < -44_000


def test_a_factor_of_one_changes_nothing() -> None:
    one, other = rmsea(pair(85.0)), robust_rmsea(pair(85.0), 1.0)
    assert one is not None
    assert other is not None
    assert one == rmsea(pair(85.0), 1.0)
    np.testing.assert_allclose(
        [one.estimate, one.low, one.high, one.close_p],
        [other.estimate, other.low, other.high, other.close_p],
    )
    assert cfi(pair(85.0), 1.0, 1.0) == cfi(pair(85.0))


def test_incremental_indices_follow_their_formulas() -> None:
    found = incremental(pair(85.0))
    assert found.nfi == pytest.approx((900 - 85) / 900)
    assert found.pnfi == pytest.approx(24 / 36 * (900 - 85) / 900)
    assert found.rfi == pytest.approx(1 - (85 / 24) / (900 / 36))
    assert found.ifi == pytest.approx((900 - 85) / (900 - 24))
    assert found.rni == pytest.approx(cfi(pair(85.0)))
    # where the CFI stops at 1, the RNI goes on
    assert (incremental(pair(10.0)).rni or 0) > 1
    assert incremental(pair(0.0, 0)).nfi is None
    assert relative_noncentrality(Chi2Pair(5.0, 2, 3.0, 6, 100.0, 1)) is None


def test_a_saturated_model_has_no_adjusted_indices() -> None:
    fit = fit_model("f =~ x1 + x2 + x3", hs(), estimator="ML")
    assert fit.measures is not None
    absolute, residuals = fit.measures.absolute, fit.measures.residuals
    assert (absolute.agfi, absolute.cn_05) == (None, None)
    assert absolute.gfi == pytest.approx(1)
    assert absolute.pgfi == 0
    assert residuals.rmr == pytest.approx(0, abs=1e-8)


def test_residual_indices_do_not_mind_the_order_of_the_items() -> None:
    """And only the raw one minds their units."""
    one = fit_model("f =~ x1 + x2 + x3 + x4", hs(), estimator="ML")
    other = fit_model("f =~ x4 + x3 + x2 + x1", hs(), estimator="ML")
    assert one.measures is not None
    assert other.measures is not None
    for name in ("rmr", "srmr_nomean", "crmr", "srmr_mplus"):
        assert getattr(one.measures.residuals, name) == pytest.approx(
            getattr(other.measures.residuals, name), abs=1e-9
        )
    assert one.measures.absolute.gfi == pytest.approx(other.measures.absolute.gfi)
