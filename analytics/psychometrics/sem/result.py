"""What a fitted model says."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from analytics.psychometrics.data import Matrix
from analytics.psychometrics.distributions import normal_quantile
from analytics.psychometrics.errors import NotConverged, NotDefined, Reason
from analytics.psychometrics.moments import MissingRule
from analytics.psychometrics.sem.estimation import Problem
from analytics.psychometrics.sem.kernel import Implied
from analytics.psychometrics.sem.least_squares import LeastSquares
from analytics.psychometrics.sem.measures import Measures
from analytics.psychometrics.sem.ordered_problem import OrderedProblem

Estimator = Literal[
    "ML",
    "MLR",
    "MLM",
    "MLMV",
    "ULS",
    "GLS",
    "WLS",
    "DWLS",
    "FIML",
    "WLSM",
    "WLSMV",
    "ULSM",
    "ULSMV",
]
Likelihood = Literal["normal", "wishart"]


@dataclass(frozen=True, slots=True)
class Value:
    """An estimate with its uncertainty.

    Attributes
    ----------
    estimate : float
    se, z, p, low, high : float or None
        Standard error, estimate / se, two-sided tail, Wald interval; None for fixed
        values and where there are no standard errors.
    """

    estimate: float
    se: float | None
    z: float | None
    p: float | None
    low: float | None
    high: float | None

    @classmethod
    def of(cls, estimate: float, variance: float | None, confidence: float) -> "Value":
        """Make from an estimate and its sampling variance, None = not estimated."""
        return cls.several(np.array([estimate]), np.array([variance or 0]), confidence)[
            0
        ]

    @classmethod
    def several(
        cls, estimates: Matrix, variances: Matrix, confidence: float
    ) -> list["Value"]:
        """Make from e estimates and their sampling variances, 0 = not estimated."""
        quantile, root = normal_quantile((1 + confidence) / 2), math.sqrt(2)
        found = []
        for estimate, variance in zip(
            estimates.tolist(), variances.tolist(), strict=True
        ):
            if not variance > 0:
                found.append(cls(estimate, None, None, None, None, None))
                continue
            se = math.sqrt(variance)
            z, half = estimate / se, quantile * se
            p = math.erfc(abs(z) / root)
            found.append(cls(estimate, se, z, p, estimate - half, estimate + half))
        return found


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of one group, or a derived quantity.

    Attributes
    ----------
    left, operator, right : str
        As in the model text; "~1" is an intercept (right = ""), ":=" a derived
        quantity (left = its name, right = its formula).
    group : str
        Name of the group; "" for one sample and for derived quantities.
    label : str
    free : bool
    value : Value
    standardized : Value or None
        Every variable with variance 1; None where a variance is not positive.
    """

    left: str
    operator: str
    right: str
    group: str
    label: str
    free: bool
    value: Value
    standardized: Value | None


@dataclass(frozen=True, slots=True, eq=False)
class GroupResult:
    """Observed and implied moments of one group, divisor of the likelihood.

    Attributes
    ----------
    name : str
    n : int
    covariance, implied_covariance : (p, p)
    mean, implied_mean : (p,)
        Without a mean structure the implied means are the observed ones.
    residual_correlation : (p, p)
        Observed minus implied covariance, over the observed standard deviations.
    factor_covariance : (m, m)
        Implied covariance matrix of the factors.
    factor_mean : (m,)
    r2 : mapping of variable -> float
        Explained share of the variance of every indicator and outcome; variables with
        a negative residual variance are left out.
    """

    name: str
    n: int
    covariance: Matrix
    implied_covariance: Matrix
    mean: Matrix
    implied_mean: Matrix
    residual_correlation: Matrix
    factor_covariance: Matrix
    factor_mean: Matrix
    r2: Mapping[str, float]


@dataclass(frozen=True, slots=True, eq=False)
class SemFit:
    """A structural equation model fitted to one or several groups.

    Attributes
    ----------
    text : str
        The model as written.
    observed, factors : tuple of str
    estimator : Estimator
    likelihood : "normal" (divisor n) or "wishart" (divisor n - 1)
    missing : "listwise", "pairwise" or "fiml"
        What was done about gaps before the covariances were given.
    n : int
        Respondents in all groups.
    n_free : int
        Free parameters, after equalities.
    converged : bool
        Where it is False there are no parameters, measures and groups.
    iterations : int
    gradient_norm : float or None
        Largest derivative of the discrepancy, in units of its curvature; None where
        not even the start was admissible.
    parameters : tuple of Parameter
    measures : Measures or None
    groups : tuple of GroupResult
    vcov : (t, t) or None
        Covariance of the free parameters, in the order of `problem.model`.
    warnings : tuple of Reason
        What has to be said beside the numbers.
    confidence : float
        Coverage of the parameters' intervals.
    problem : Problem
        Model and data as functions, for what is computed from a fit.
    theta : (t,)
        Values of the free parameters.
    """

    text: str
    observed: tuple[str, ...]
    factors: tuple[str, ...]
    estimator: Estimator
    likelihood: Likelihood
    missing: MissingRule | Literal["fiml"]
    n: int
    n_free: int
    converged: bool
    iterations: int
    gradient_norm: float | None
    parameters: tuple[Parameter, ...]
    measures: Measures | None
    groups: tuple[GroupResult, ...]
    vcov: Matrix | None
    warnings: tuple[Reason, ...]
    confidence: float
    problem: Problem
    theta: Matrix

    def parameter(self, name: str, group: str = "") -> Parameter:
        """Return a parameter as written, e.g. "visual=~x2", "x1~1" or "indirect".

        Raises
        ------
        KeyError
            There is none of that name.
        """
        for row in self.parameters:
            whole = row.left if row.operator == ":=" else _name(row)
            if whole == name and row.group in (group, ""):
                return row
        raise KeyError(name)

    def implied(self) -> list[Implied]:
        """Return the implied moments of every group.

        Raises
        ------
        NotConverged
            The estimation did not converge.
        """
        ats = self.problem.implied(self.theta) if self.converged else None
        if ats is None:
            raise NotConverged("sem-not-converged")
        return ats

    @property
    def scale(self) -> float:
        """Multiplier of the discrepancy in the chi-square."""
        return multiplier(self.problem, self.likelihood)


def multiplier(problem: Problem, likelihood: Likelihood) -> float:
    """Return what the discrepancy is multiplied by to give the chi-square."""
    n = sum(group.n for group in problem.groups)
    squares = isinstance(problem, LeastSquares | OrderedProblem)
    unbiased = likelihood == "wishart" or squares
    return float(n - len(problem.groups)) if unbiased else float(n)


def refuse_ordered(fit: SemFit) -> None:
    """Raise NotDefined for a fit of ordered items."""
    if isinstance(fit.problem, OrderedProblem):
        raise NotDefined("ordered-not-offered")


def _name(row: Parameter) -> str:
    return f"{row.left}{row.operator}{row.right}"
