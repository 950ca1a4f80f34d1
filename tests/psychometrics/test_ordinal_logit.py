"""Proportional odds against MASS::polr, with derivatives against differences."""

import numpy as np
import pytest
from scipy import optimize

from analytics.psychometrics import Matrix, NotDefined, TooFewData, ordinal_logit
from analytics.psychometrics.ordinal_logit import _derivatives, _log_likelihood

from .loyalty_cases import NAMES, item, scores, stored

# polr climbs by BFGS on differences of the likelihood and stops before its top
POLR = 1e-6
# its errors come from second differences of the gradient
POLR_ERROR = 1e-6


def test_it_equals_polr() -> None:
    r = stored("ordinal_logit")
    columns = [NAMES.index(name) for name in "ACE"]
    found = ordinal_logit(scores()[:, columns], list("ACE"), item("N1"), "N1")
    assert found.n == r["n"]
    for name, theirs in r["coefficients"].items():
        one = found.slopes[name]
        assert one.estimate == pytest.approx(theirs["estimate"], abs=POLR)
        assert one.high is not None
        error = (one.high - one.estimate) / 1.959963984540054
        assert error == pytest.approx(theirs["se"], rel=POLR_ERROR)
    assert found.thresholds == pytest.approx(r["thresholds"], abs=POLR)
    assert found.threshold_errors == pytest.approx(r["threshold_se"], rel=POLR_ERROR)
    assert found.log_likelihood == pytest.approx(r["log_likelihood"], rel=1e-10)
    # the log-likelihood cannot lie below that of a model that stopped early
    assert found.log_likelihood >= r["log_likelihood"] - 1e-9
    assert found.log_likelihood_none == pytest.approx(
        r["log_likelihood_none"], rel=1e-10
    )
    assert found.df == 3
    assert found.chi2 == pytest.approx(r["chi2"], rel=1e-7)
    assert found.p == pytest.approx(r["p"], rel=1e-5)


def sample(rng: np.random.Generator, n: int = 80) -> tuple[Matrix, Matrix]:
    x = rng.standard_normal((n, 2))
    latent = x @ [0.8, -0.5] + rng.logistic(size=n)
    return x, np.digitize(latent, [-1, 0, 1.5]).astype(float)


def test_the_derivatives_equal_differences(rng: np.random.Generator) -> None:
    x, y = sample(rng)
    category = y.astype(np.intp)
    at = np.array([-0.9, 0.2, 1.4, 0.7, -0.3])

    def value(point: Matrix) -> float:
        return _log_likelihood(point, x, category, 3)

    def slope(point: Matrix) -> Matrix:
        return _derivatives(point, x, category, 3)[0]

    gradient, information = _derivatives(at, x, category, 3)
    steps = optimize.approx_fprime(at, value, 1e-7)
    assert gradient == pytest.approx(steps, abs=2e-4)
    second = np.array(
        [(slope(at + h) - slope(at - h)) / 2e-5 for h in 1e-5 * np.eye(5)]
    )
    assert -information == pytest.approx(second, abs=1e-6)


def test_two_points_are_a_logistic_regression(rng: np.random.Generator) -> None:
    x, y = sample(rng, 200)
    y = (y > 1).astype(float)
    found = ordinal_logit(x, ["a", "b"], y, "y")
    z = (x - x.mean(0)) / x.std(0, ddof=1)
    design = np.column_stack([np.ones(len(z)), z])

    def loss(b: Matrix) -> float:
        eta = design @ b
        return float(np.logaddexp(0, eta).sum() - y @ eta)

    best = optimize.minimize(loss, np.zeros(3), tol=1e-12)
    ours = [-found.thresholds[0], *(one.estimate for one in found.slopes.values())]
    assert ours == pytest.approx(best.x, abs=1e-4)


def test_turning_the_answers_turns_the_slopes(rng: np.random.Generator) -> None:
    x, y = sample(rng)
    here = ordinal_logit(x, ["a", "b"], y, "y")
    there = ordinal_logit(10 + 3 * x, ["a", "b"], 3 - y, "y")
    for name, one in here.slopes.items():
        assert one.estimate == pytest.approx(-there.slopes[name].estimate, abs=1e-7)
    assert here.thresholds == pytest.approx([-z for z in there.thresholds[::-1]])
    assert here.log_likelihood == pytest.approx(there.log_likelihood)


def test_points_that_nobody_chose_have_no_threshold(rng: np.random.Generator) -> None:
    x, y = sample(rng)
    here = ordinal_logit(x, ["a", "b"], y, "y")
    there = ordinal_logit(x, ["a", "b"], np.where(y == 3, 10, y), "y")
    assert there.points == (0, 1, 2, 10)
    assert there.slopes["a"].estimate == pytest.approx(here.slopes["a"].estimate)


def test_rows_with_a_gap_are_left_out(rng: np.random.Generator) -> None:
    x, y = sample(rng)
    x[3, 0] = np.nan
    y[5] = np.nan
    keep = np.delete(np.arange(80), [3, 5])
    here = ordinal_logit(x, ["a", "b"], y, "y")
    there = ordinal_logit(x[keep], ["a", "b"], y[keep], "y")
    assert (here.n, here.slopes) == (78, there.slopes)


def test_what_has_no_slopes(rng: np.random.Generator) -> None:
    x, y = sample(rng)
    with pytest.raises(NotDefined, match="separate the answers completely"):
        ordinal_logit(np.column_stack([y + 0.01 * x[:, 0], x[:, 1]]), ["a", "b"], y, "")
    with pytest.raises(NotDefined, match="all values of a variable are the same"):
        ordinal_logit(x, ["a", "b"], np.ones(80), "y")
    with pytest.raises(NotDefined, match="can be computed from the others"):
        ordinal_logit(np.column_stack([x[:, 0], 2 * x[:, 0]]), ["a", "b"], y, "y")
    with pytest.raises(TooFewData, match="at least 5 people; there are 4"):
        ordinal_logit(x[:4], ["a", "b"], np.array([0.0, 1, 2, 1]), "y")
    with pytest.raises(ValueError, match="are needed"):
        ordinal_logit(x, ["a", "b"], y[:3], "y")
