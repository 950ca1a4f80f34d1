"""Mediation by resampling."""

import numpy as np
import pytest

from analytics.psychometrics import NotConverged
from analytics.psychometrics.sem import Bootstrap, SemFit, bootstrap, fit_model
from tests.psychometrics.cases import reference

from .cases import DEMOCRACY_ITEMS, MEDIATION, democracy, democracy_values

DRAWS = 300


def mediation() -> SemFit:
    return fit_model(MEDIATION, democracy().moments, estimator="ML")


def resampled(seed: int, draws: int = DRAWS) -> Bootstrap:
    fit = mediation()
    return bootstrap(
        fit,
        in_order(fit),
        rng=np.random.default_rng(seed),
        draws=draws,
        names=["indirect", "total", "dem60~ind60", "dem65~dem60"],
    )


def in_order(fit: SemFit) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return democracy_values()[:, [DEMOCRACY_ITEMS.index(i) for i in fit.observed]]


def test_resampled_mediation_agrees_with_lavaan_up_to_the_draws() -> None:
    found = {one.name: one for one in resampled(1).intervals}
    stored = {
        row["lhs"] if row["op"] == ":=" else f"{row['lhs']}~{row['rhs']}": row
        for row in reference("sem_pd_mediation_boot")["percentile"]
        if row["op"] in (":=", "~")
    }
    for name, one in found.items():
        row = stored[name]
        assert one.estimate == pytest.approx(row["est"], abs=1e-5)
        # 300 draws here, 500 there: the standard error of a standard error is 4 % and
        # 3 %, that of a 2.5 % point about twice as much
        assert one.se == pytest.approx(row["se"], rel=0.15)
        assert one.low == pytest.approx(row["ci.lower"], abs=0.5 * row["se"])
        assert one.high == pytest.approx(row["ci.upper"], abs=0.5 * row["se"])
        assert one.low < one.estimate < one.high
        assert one.corrected_low < one.estimate < one.corrected_high


def test_the_same_seed_gives_the_same_intervals() -> None:
    assert resampled(7, 20) == resampled(7, 20)
    assert resampled(7, 20) != resampled(8, 20)


def test_the_standardized_solution_can_be_resampled() -> None:
    fit = mediation()
    found = bootstrap(
        fit, in_order(fit), rng=np.random.default_rng(3), draws=60, standardized=True
    )
    assert found.draws + found.failures == 60
    names = [one.name for one in found.intervals]
    assert "indirect" in names
    assert "ind60=~x1" not in names  # fixed in the model
    indirect = found.intervals[names.index("indirect")]
    standard = fit.parameter("indirect").standardized
    assert standard is not None
    assert indirect.estimate == standard.estimate
    assert indirect.se == pytest.approx(standard.se, rel=0.5)


def test_only_a_fit_that_converged_can_be_resampled() -> None:
    text = "f =~ x1 + x2 + x3 + y1\nx1 ~~ start(-50)*x1"
    fit = fit_model(text, democracy().moments, estimator="ML")
    with pytest.raises(NotConverged):
        bootstrap(fit, in_order(fit), rng=np.random.default_rng(1), draws=5)


def test_the_values_must_be_those_of_the_fit() -> None:
    with pytest.raises(ValueError, match="behind a fit"):
        bootstrap(
            mediation(),
            democracy_values()[:70],
            rng=np.random.default_rng(1),
            draws=5,
        )
