"""Simulation: what FIML gives where nobody answered everything, or gaps have causes."""

from dataclasses import dataclass

import numpy as np
import pytest

from analytics.psychometrics import Matrix, moments
from analytics.psychometrics.errors import TooFewData
from analytics.psychometrics.sem import fit_model, missing_patterns, saturated_moments

# four blocks of three items: everybody answers X and two of A, B and C
BLOCKS = {block: [f"{block}{j}" for j in (1, 2, 3)] for block in "xabc"}
ITEMS = [item for items in BLOCKS.values() for item in items]
FORMS = ("xab", "xac", "xbc")
# every factor has items of every block
MODEL = "\n".join(
    f"f{j} =~ " + " + ".join(f"{block}{j}" for block in BLOCKS) for j in (1, 2, 3)
)
LOADINGS = {"x": 1.0, "a": 0.8, "b": 1.2, "c": 0.6}
MEANS = {"x": 3.0, "a": 2.0, "b": 4.0, "c": 3.5}
PHI = np.array([[1.0, 0.4, 0.3], [0.4, 1.0, 0.5], [0.3, 0.5, 1.0]])
RESIDUAL = 0.64


def planted() -> dict[str, float]:
    """Values of the population, by the names of the parameters."""
    found = {f"{item}~1": MEANS[item[0]] for item in ITEMS}
    found |= {f"f{item[1]}=~{item}": LOADINGS[item[0]] for item in ITEMS}
    found |= {f"{item}~~{item}": RESIDUAL for item in ITEMS}
    for i in range(3):
        for j in range(i, 3):
            found[f"f{i + 1}~~f{j + 1}"] = PHI[i, j]
    return found


def people(rng: np.random.Generator, n: int) -> Matrix:
    """Complete answers of n people, (n, 12)."""
    factors = rng.standard_normal((n, 3)) @ np.linalg.cholesky(PHI).T
    own = [int(item[1]) - 1 for item in ITEMS]
    loadings = np.array([LOADINGS[item[0]] for item in ITEMS])
    centre = np.array([MEANS[item[0]] for item in ITEMS])
    noise = np.sqrt(RESIDUAL) * rng.standard_normal((n, len(ITEMS)))
    found: Matrix = centre + factors[:, own] * loadings + noise
    return found


def three_forms(values: Matrix, rng: np.random.Generator) -> Matrix:
    """Take away what each person's form does not ask."""
    form = rng.integers(3, size=len(values))
    asked = np.array([[item[0] in one for item in ITEMS] for one in FORMS])
    return np.where(asked[form], values, np.nan)


@dataclass(frozen=True, slots=True)
class Spread:
    """Estimates, standard errors and chi-squares of many samples."""

    estimates: dict[str, Matrix]
    errors: dict[str, Matrix]
    chi2: Matrix
    df: int


def simulated(n: int, samples: int, seed: int) -> Spread:
    rng = np.random.default_rng(seed)
    estimates: dict[str, list[float]] = {name: [] for name in planted()}
    errors: dict[str, list[float]] = {name: [] for name in planted()}
    chi2, df = [], 0
    for _ in range(samples):
        values = three_forms(people(rng, n), rng)
        assert np.isnan(values).any(axis=1).all()
        fit = fit_model(MODEL, missing_patterns(values, ITEMS), estimator="FIML")
        assert fit.measures is not None
        chi2.append(fit.measures.chi2)
        df = fit.measures.df
        for name in planted():
            value = fit.parameter(name).value
            estimates[name].append(value.estimate)
            errors[name].append(value.se or 0.0)
    return Spread(
        {name: np.array(found) for name, found in estimates.items()},
        {name: np.array(found) for name, found in errors.items()},
        np.array(chi2),
        df,
    )


def hold(found: Spread, *, sigmas: float, error_of_error: float) -> None:
    """Means at what was planted, errors as the spread, chi-square as its df."""
    samples = len(found.chi2)
    for name, value in planted().items():
        estimates, errors = found.estimates[name], found.errors[name]
        spread = float(estimates.std(ddof=1))
        if name.startswith("f") and name.endswith(("x1", "x2", "x3")):
            assert spread == 0  # the loading that sets the unit
            continue
        # maximum likelihood is biased in the order of 1 / n, beside the chance of means
        allowed = sigmas * spread / np.sqrt(samples) + 0.1 * spread
        assert abs(estimates.mean() - value) < allowed, name
        assert errors.mean() / spread == pytest.approx(1, abs=error_of_error), name
    off = (found.chi2.mean() - found.df) / np.sqrt(2 * found.df / samples)
    # the mean of a chi-square of 500 people is about 2 % too large
    assert abs(off - 0.02 * found.df / np.sqrt(2 * found.df / samples)) < sigmas


def test_three_forms_give_what_was_planted_and_listwise_has_nobody() -> None:
    # relative error of a standard deviation of 40 samples: 1 / sqrt(80) = .11
    hold(simulated(500, 40, seed=11), sigmas=4, error_of_error=0.45)
    rng = np.random.default_rng(1)
    values = three_forms(people(rng, 500), rng)
    assert moments(values, ITEMS, missing="listwise").n == 0
    with pytest.raises(TooFewData, match="there are 0"):
        fit_model(MODEL, moments(values, ITEMS, missing="listwise"), estimator="ML")


@pytest.mark.long
def test_three_forms_in_many_samples_cover_as_often_as_they_say() -> None:
    found = simulated(500, 600, seed=12)
    hold(found, sigmas=4, error_of_error=0.13)
    covered = []
    for name, value in planted().items():
        errors = found.errors[name]
        if errors.any():
            inside = np.abs(found.estimates[name] - value) < 1.96 * errors
            covered.append(inside.mean())
            # four standard errors of a share of .95 among 600
            assert inside.mean() == pytest.approx(0.95, abs=0.036), name
    print(f"\ncoverage over {len(covered)} parameters: {np.mean(covered):.3f}")
    assert np.mean(covered) == pytest.approx(0.95, abs=0.015)


def test_gaps_that_depend_on_an_answer_mislead_only_those_who_drop_people() -> None:
    """Missing at random: who answered x low leaves out y more often."""
    rng = np.random.default_rng(5)
    n, samples = 400, 60
    whole, dropped = [], []
    for _ in range(samples):
        x = rng.standard_normal(n)
        y = 0.6 * x + 0.8 * rng.standard_normal(n)
        gone = rng.random(n) < 1 / (1 + np.exp(2 * x))
        values = np.column_stack([x, np.where(gone, np.nan, y)])
        found = saturated_moments(missing_patterns(values, "xy"), errors="observed")
        whole.append([found.mean[1], found.covariance[1, 1], found.covariance[0, 1]])
        dropped.append(float(y[~gone].mean()))
    spread = np.std(whole, axis=0, ddof=1) / np.sqrt(samples)
    assert (np.abs(np.mean(whole, axis=0) - [0.0, 1.0, 0.6]) < 4 * spread).all()
    assert np.mean(dropped) > 0.2
