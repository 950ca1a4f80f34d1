"""Measurement invariance: the same model in several groups, ever more of it equal."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from analytics.psychometrics.errors import Reason
from analytics.psychometrics.sem.fit import Sample, fit_model
from analytics.psychometrics.sem.measures import Measures, ScaledMeasures, tail
from analytics.psychometrics.sem.model import Equal
from analytics.psychometrics.sem.modification import Modification, equality_tests
from analytics.psychometrics.sem.ordered_problem import OrderedProblem
from analytics.psychometrics.sem.ordered_scores import (
    ordered_equality_tests,
    shifted_difference,
)
from analytics.psychometrics.sem.ordinal_moments import OrdinalMoments
from analytics.psychometrics.sem.result import Estimator, SemFit
from analytics.psychometrics.sem.saturated import Errors
from analytics.psychometrics.sem.syntax import read_model

Level = Literal["configural", "thresholds", "metric", "scalar", "strict"]
EQUAL: Mapping[Level, tuple[Equal, ...]] = {
    "configural": (),
    "metric": ("loadings",),
    "scalar": ("loadings", "intercepts"),
    "strict": ("loadings", "intercepts", "residuals"),
}
# ordered items: thresholds first, for without them the later equalities mean nothing
ORDERED_EQUAL: Mapping[Level, tuple[Equal, ...]] = {
    "configural": (),
    "thresholds": ("thresholds",),
    "metric": ("thresholds", "loadings"),
    "scalar": ("thresholds", "loadings", "intercepts"),
    "strict": ("thresholds", "loadings", "intercepts", "residuals"),
}
_SHIFTED = ("WLSMV", "ULSMV")
_NO_DIFFERENCE = ("ULS", "DWLS")
_ADDED: Mapping[Level, str] = {
    "thresholds": "|",
    "metric": "=~",
    "scalar": "~1",
    "strict": "~~",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """Comparison of two nested models.

    Attributes
    ----------
    chi2, p : float or None
        Difference of the chi-squares; with MLR, MLM, MLMV, WLSM and ULSM scaled by
        Satorra & Bentler (2001), with WLSMV and ULSMV scaled and shifted by Satorra
        (2000). None where the scaling is not positive, nothing is added, or the
        difference has no known distribution (ULS, DWLS).
    df : int
    cfi, rmsea : float or None
        Stricter minus laxer; scaled indices where there are some.
    srmr : float
    rmsea_of_difference : float or None
        The RMSEA of what the stricter model adds, from the chi-square of the
        difference; None with scaled chi-squares.
    reason : Reason or None
        Why there is no chi-square.
    """

    chi2: float | None
    df: int
    p: float | None
    cfi: float | None
    rmsea: float | None
    srmr: float
    rmsea_of_difference: float | None
    reason: Reason | None


@dataclass(frozen=True, slots=True)
class InvarianceLevel:
    """One model of the sequence.

    Attributes
    ----------
    level : Level
    fit : SemFit
    difference : Difference or None
        From the model before; None for the first and where one did not converge.
    released : tuple of str
        Parameters that were let go for partial invariance.
    tests : tuple of Modification
        Score tests of the equalities that this level added, largest first.
    """

    level: Level
    fit: SemFit
    difference: Difference | None
    released: tuple[str, ...]
    tests: tuple[Modification, ...]

    @property
    def warnings(self) -> tuple[Reason, ...]:
        """What has to be said beside the numbers."""
        return self.fit.warnings


def invariance(
    text: str,
    data: Mapping[str, Sample],
    *,
    estimator: Estimator,
    levels: tuple[Level, ...] | None = None,
    apart: tuple[str, ...] = (),
    release: float | None = None,
    errors: Errors = "observed",
    known: tuple[InvarianceLevel, ...] = (),
) -> tuple[InvarianceLevel, ...]:
    """Fit the levels of invariance, each held against the one before.

    Parameters
    ----------
    text : str
        The model of one group.
    data : mapping of group -> Moments, FourthMoments or OrdinalMoments; FIML: answers
        The first group is the reference: its factors have mean 0.
    levels : tuple of Level, optional
        Configural, metric, scalar, strict; for ordered items thresholds come before
        metric, by Wu & Estabrook (2016), and where an item has two categories, which
        can only be held equal in all of this, scalar follows configural at once.
    apart : tuple of str
        Parameters such as "x3~1" that may differ from the start.
    release : float, optional
        Partial invariance: while the level's largest score test has a p below this
        value divided by the number of tests, its parameter is let go; two indicators a
        factor stay equal.
    errors : "observed" or "robust"
        Of FIML alone: see `fit_fiml`.
    known : tuple of InvarianceLevel
        What this function said of the same arguments without `release`: what is the
        same is not fitted anew.

    Returns
    -------
    levels : tuple of InvarianceLevel
        Stops after a level that did not converge.

    References
    ----------
    Meredith (1993), Psychometrika 58, 525-543; Byrne, Shavelson & Muthen (1989),
    Psychol. Bull. 105, 456-466, for partial invariance. Wu & Estabrook (2016),
    Psychometrika 81, 1014-1045, for ordered items: see `ordered_model`.
    """
    if len(data) < 2:
        raise ValueError("Invariance needs two or more groups.")
    levels = _levels(text, data) if levels is None else levels
    found: list[InvarianceLevel] = []
    free = apart
    for level in levels:
        same = [one for one in known if one.level == level and free == apart]
        fit, free, tests = _level(
            text, data, estimator, level, free, release, errors, *same
        )
        before = found[-1].fit if found else None
        difference = (
            compare(before, fit)
            if before and before.converged and fit.converged
            else None
        )
        gone = tuple(name for name in free if name not in apart)
        found.append(InvarianceLevel(level, fit, difference, gone, tests))
        if not fit.converged:
            break
    return tuple(found)


def _levels(text: str, data: Mapping[str, Sample]) -> tuple[Level, ...]:
    """Return the levels that these data can be held to."""
    whole: tuple[Level, ...] = tuple(ORDERED_EQUAL)
    used = {name for s in read_model(text).statements for name in (s.left, s.right)}
    for one in data.values():
        if not isinstance(one, OrdinalMoments):
            return tuple(EQUAL)
        for item, cuts in zip(one.names, one.thresholds, strict=True):
            if item in used and len(cuts) == 1:
                return ("configural", "scalar", "strict")
    return whole


def _level(
    text: str,
    data: Mapping[str, Sample],
    estimator: Estimator,
    level: Level,
    apart: tuple[str, ...],
    release: float | None,
    errors: Errors,
    known: InvarianceLevel | None = None,
) -> tuple[SemFit, tuple[str, ...], tuple[Modification, ...]]:
    while True:
        fit = known.fit if known else _fit(text, data, estimator, level, apart, errors)
        if not fit.converged:
            return fit, apart, ()
        added = _ADDED.get(level)
        tests = (
            known.tests
            if known
            else tuple(one for one in _score_tests(fit) if one.operator == added)
        )
        known = None
        if release is None:
            return fit, apart, tests
        worst = next((one for one in tests if _may_go(one, fit, apart)), None)
        if worst is None or worst.p >= release / len(tests):
            return fit, apart, tests
        apart = (*apart, worst.name)


def _score_tests(fit: SemFit) -> tuple[Modification, ...]:
    if isinstance(fit.problem, OrderedProblem):
        return ordered_equality_tests(fit)
    return equality_tests(fit)


def _fit(
    text: str,
    data: Mapping[str, Sample],
    estimator: Estimator,
    level: Level,
    apart: tuple[str, ...],
    errors: Errors,
) -> SemFit:
    if any(isinstance(one, OrdinalMoments) for one in data.values()):
        return fit_model(
            text,
            data,
            estimator=estimator,
            # equal residual variances are no condition on total ones
            parameterization="theta" if level == "strict" else "delta",
            std_lv=True,
            equal=ORDERED_EQUAL[level],
            apart=apart if level != "configural" else (),
        )
    return fit_model(
        text,
        data,
        estimator=estimator,
        errors=errors,
        means=True,
        equal=EQUAL[level],
        apart=apart,
    )


def _may_go(one: Modification, fit: SemFit, apart: tuple[str, ...]) -> bool:
    """Whether two equal indicators would stay for every factor of the parameter."""
    indicator = one.right if one.operator == "=~" else one.left
    mark = "~1" if one.operator == "~1" else ""
    if one.operator == "~~":
        return True
    if one.operator == "|":  # two thresholds say what mean and scale are
        own = {
            row.name
            for row in fit.problem.model.rows
            if row.operator == "|" and row.left == one.left
        }
        return len(own - set(apart)) > 2
    for factor in fit.factors:
        items = {
            row.right
            for row in fit.problem.model.rows
            if row.operator == "=~" and row.left == factor
        }
        if indicator in items:
            names = {f"{i}{mark}" if mark else f"{factor}=~{i}" for i in items}
            if len(names - set(apart)) <= 2:
                return False
    return True


def compare(laxer: SemFit, stricter: SemFit) -> Difference:
    r"""Compare two converged fits, the second a special case of the first.

    The scaled difference of MLR, MLM, MLMV, WLSM and ULSM is :math:`(X_0 - X_1) / c_d,
    c_d = (df_0 c_0 - df_1 c_1) / (df_0 - df_1)`, c the factor that corrects the mean
    alone: that of MLMV is that of MLM.

    References
    ----------
    Satorra & Bentler (2001), Psychometrika 66, 507-514, doi:10.1007/BF02296192.
    Satorra (2000): see `ordered_tests.difference`.
    Browne & Du Toit (1992), Multivariate Behav. Res. 27: the RMSEA of a difference.
    """
    first, second = laxer.measures, stricter.measures
    if first is None or second is None:
        raise ValueError("Only fits that converged can be compared.")
    df = second.df - first.df
    worse = second.chi2 - first.chi2
    chi2: float | None = worse
    if (first.scaled or second.scaled) and df:
        scale = _scale(first, second)
        chi2 = worse / scale if scale else None
    reason = Reason("sem-no-scaled-statistics") if df > 0 and chi2 is None else None
    if df > 0 and stricter.estimator in _NO_DIFFERENCE:
        chi2, reason = None, Reason("sem-no-difference")
    if df > 0 and stricter.estimator in _SHIFTED:
        chi2 = shifted_difference(laxer, stricter)
        reason = Reason("sem-no-scaled-statistics") if chi2 is None else None
    p = tail(max(chi2, 0.0), df)[0] if chi2 is not None and df > 0 else None
    one, two = first.scaled or first, second.scaled or second
    return Difference(
        chi2=chi2 if df > 0 else None,
        df=df,
        p=p,
        cfi=None if one.cfi is None or two.cfi is None else two.cfi - one.cfi,
        rmsea=(
            None
            if one.rmsea is None or two.rmsea is None
            else two.rmsea.estimate - one.rmsea.estimate
        ),
        srmr=second.srmr - first.srmr,
        rmsea_of_difference=(
            _rmsea(chi2, df, stricter)
            if chi2 is not None and df > 0 and not second.scaled
            else None
        ),
        reason=reason,
    )


def _scale(laxer: Measures, stricter: Measures) -> float | None:
    """Return what divides the difference; None where it is not positive or unknown."""
    means = []
    for one in (laxer, stricter):
        if one.df and (one.scaled is None or one.scaled.factor is None):
            return None
        # so much is expected of the unscaled chi-square, also where it was shifted
        means.append(_expected(one.scaled, one.df) if one.scaled else 0.0)
    scale = (means[1] - means[0]) / (stricter.df - laxer.df)
    return scale if scale > 0 else None


def _expected(scaled: ScaledMeasures, df: int) -> float:
    return (scaled.factor or 0.0) * (df - scaled.shift)


def _rmsea(chi2: float, df: int, fit: SemFit) -> float:
    """Root of the misfit that each added degree of freedom brings."""
    groups = len(fit.problem.groups)
    return float(np.sqrt(groups * max(chi2 - df, 0.0) / (fit.scale * df)))
