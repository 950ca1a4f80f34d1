"""Measurement invariance: the same model in several groups, ever more of it equal."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from analytics.psychometrics.errors import Reason
from analytics.psychometrics.sem.fit import Data, fit_model
from analytics.psychometrics.sem.measures import tail
from analytics.psychometrics.sem.model import Equal
from analytics.psychometrics.sem.modification import Modification, equality_tests
from analytics.psychometrics.sem.result import Estimator, SemFit

Level = Literal["configural", "metric", "scalar", "strict"]
EQUAL: Mapping[Level, tuple[Equal, ...]] = {
    "configural": (),
    "metric": ("loadings",),
    "scalar": ("loadings", "intercepts"),
    "strict": ("loadings", "intercepts", "residuals"),
}
_NO_DIFFERENCE = ("MLMV", "ULS", "DWLS")
_ADDED: Mapping[Level, str] = {"metric": "=~", "scalar": "~1", "strict": "~~"}


@dataclass(frozen=True, slots=True)
class Difference:
    """Comparison of two nested models.

    Attributes
    ----------
    chi2, p : float or None
        Difference of the chi-squares; with MLR and MLM scaled by Satorra & Bentler
        (2001). None where the scaling is not positive, nothing is added, or the
        difference has no known distribution (MLMV, ULS, DWLS).
    df : int
    cfi, rmsea : float or None
        Stricter minus laxer; scaled indices with MLR and MLM.
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
    data: Mapping[str, Data],
    *,
    estimator: Estimator,
    levels: tuple[Level, ...] = ("configural", "metric", "scalar", "strict"),
    apart: tuple[str, ...] = (),
    release: float | None = None,
) -> tuple[InvarianceLevel, ...]:
    """Fit the levels of invariance, each held against the one before.

    Parameters
    ----------
    text : str
        The model of one group.
    data : mapping of group -> Moments or FourthMoments
        The first group is the reference: its factors have mean 0.
    apart : tuple of str
        Parameters such as "x3~1" that may differ from the start.
    release : float, optional
        Partial invariance: while the level's largest score test has a p below this
        value divided by the number of tests, its parameter is let go; two indicators a
        factor stay equal.

    Returns
    -------
    levels : tuple of InvarianceLevel
        Stops after a level that did not converge.

    References
    ----------
    Meredith (1993), Psychometrika 58, 525-543; Byrne, Shavelson & Muthen (1989),
    Psychol. Bull. 105, 456-466, for partial invariance.
    """
    if len(data) < 2:
        raise ValueError("Invariance needs two or more groups.")
    found: list[InvarianceLevel] = []
    free = apart
    for level in levels:
        fit, free, tests = _level(text, data, estimator, level, free, release)
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


def _level(
    text: str,
    data: Mapping[str, Data],
    estimator: Estimator,
    level: Level,
    apart: tuple[str, ...],
    release: float | None,
) -> tuple[SemFit, tuple[str, ...], tuple[Modification, ...]]:
    while True:
        fit = fit_model(
            text,
            data,
            estimator=estimator,
            means=True,
            equal=EQUAL[level],
            apart=apart,
        )
        if not fit.converged:
            return fit, apart, ()
        added = _ADDED.get(level)
        tests = tuple(one for one in equality_tests(fit) if one.operator == added)
        if release is None:
            return fit, apart, tests
        worst = next((one for one in tests if _may_go(one, fit, apart)), None)
        if worst is None or worst.p >= release / len(tests):
            return fit, apart, tests
        apart = (*apart, worst.name)


def _may_go(one: Modification, fit: SemFit, apart: tuple[str, ...]) -> bool:
    """Whether two equal indicators would stay for every factor of the parameter."""
    indicator = one.right if one.operator == "=~" else one.left
    mark = "~1" if one.operator == "~1" else ""
    if one.operator == "~~":
        return True
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

    The scaled difference is :math:`(X_0 - X_1) / c_d, c_d = (df_0 c_0 - df_1 c_1) /
    (df_0 - df_1)`.

    References
    ----------
    Satorra & Bentler (2001), Psychometrika 66, 507-514, doi:10.1007/BF02296192.
    Browne & Du Toit (1992), Multivariate Behav. Res. 27: the RMSEA of a difference.
    """
    first, second = laxer.measures, stricter.measures
    if first is None or second is None:
        raise ValueError("Only fits that converged can be compared.")
    df = second.df - first.df
    chi2: float | None = second.chi2 - first.chi2
    if second.scaled and chi2 is not None and df:
        c1 = (first.scaled.factor or 0.0) * first.df if first.scaled else 0.0
        scale = ((second.scaled.factor or 0.0) * second.df - c1) / df
        chi2 = chi2 / scale if scale > 0 else None
    reason = Reason("sem-no-scaled-statistics") if df > 0 and chi2 is None else None
    if df > 0 and stricter.estimator in _NO_DIFFERENCE:
        chi2, reason = None, Reason("sem-no-difference")
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


def _rmsea(chi2: float, df: int, fit: SemFit) -> float:
    """Root of the misfit that each added degree of freedom brings."""
    groups = len(fit.problem.groups)
    return float(np.sqrt(groups * max(chi2 - df, 0.0) / (fit.scale * df)))
