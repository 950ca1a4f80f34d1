"""Turn a solution into parameters, measures and warnings."""

from collections.abc import Mapping, Sequence

import numpy as np

from analytics.psychometrics.data import Matrix
from analytics.psychometrics.errors import Reason
from analytics.psychometrics.sem.estimation import Problem, place_of
from analytics.psychometrics.sem.formula import Formula
from analytics.psychometrics.sem.indices import (
    Chi2Pair,
    absolute,
    incremental,
    relative_noncentrality,
    residuals,
)
from analytics.psychometrics.sem.kernel import Implied, Matrices, Places
from analytics.psychometrics.sem.least_squares import LeastSquares
from analytics.psychometrics.sem.measures import (
    Measures,
    ScaledMeasures,
    cfi,
    rmsea,
    robust_rmsea,
    tail,
    tli,
)
from analytics.psychometrics.sem.model import Model, Row
from analytics.psychometrics.sem.result import (
    Estimator,
    GroupResult,
    Parameter,
    Value,
)
from analytics.psychometrics.sem.robust import Correction
from analytics.psychometrics.sem.shifted import Adjustment
from analytics.psychometrics.sem.standardize import standardized

_METHODS: Mapping[Estimator, str] = {
    "MLR": "Yuan-Bentler",
    "FIML": "Yuan-Bentler",
    "MLM": "Satorra-Bentler",
    "MLMV": "scaled and shifted",
}
Known = dict[str, tuple[float, Matrix]]


def measure(
    problem: Problem,
    ats: Sequence[Implied],
    scale: float,
    correction: Correction | None,
    *,
    estimator: Estimator,
) -> Measures:
    """Compute chi-square and fit indices; `scale` multiplies the discrepancy."""
    p, n_groups = problem.p, len(problem.groups)
    k = int(problem.basis.shape[1])
    pair = Chi2Pair(
        chi2=max(scale * problem.value(ats), 0.0),
        df=problem.n_moments - k,
        baseline_chi2=scale * problem.baseline(),
        baseline_df=sum(len(group.lower[0]) - p for group in problem.groups),
        n=scale,
        groups=n_groups,
    )
    # the chi-square of ULS depends on the units of the items
    tested = estimator != "ULS"
    probability, log_p = tail(pair.chi2, pair.df) if tested else (None, None)
    loglik, unrestricted = _logliks(problem, ats)
    n = sum(g.n for g in problem.groups)
    return Measures(
        chi2=pair.chi2,
        df=pair.df,
        p=probability,
        log_p=log_p,
        baseline_chi2=pair.baseline_chi2,
        baseline_df=pair.baseline_df,
        cfi=cfi(pair) if pair.df else None,
        tli=tli(pair),
        rmsea=rmsea(pair),
        srmr=_srmr(problem, ats),
        loglik=loglik,
        loglik_unrestricted=unrestricted,
        aic=_criterion(loglik, 2.0 * k),
        bic=_criterion(loglik, float(np.log(n)) * k),
        bic_adjusted=_criterion(loglik, float(np.log((n + 2) / 24)) * k),
        baseline_p=tail(pair.baseline_chi2, pair.baseline_df)[0] if tested else None,
        incremental=incremental(pair),
        absolute=absolute(problem, ats, pair, k),
        residuals=residuals(problem, ats),
        scaled=_scaled(pair, correction, estimator) if correction else None,
    )


def _scaled(
    pair: Chi2Pair, correction: Correction, estimator: Estimator
) -> ScaledMeasures | None:
    c, b = correction.factor, correction.baseline_factor
    if c is None or b is None or not correction.usable:
        return None
    moved = correction.adjusted or Adjustment(c)
    baseline_moved = correction.baseline_adjusted or Adjustment(b)
    chi2, baseline = moved.of(pair.chi2), baseline_moved.of(pair.baseline_chi2)
    changed = Chi2Pair(chi2, pair.df, baseline, pair.baseline_df, pair.n, pair.groups)
    probability, log_p = tail(chi2, pair.df)
    return ScaledMeasures(
        method=_METHODS[estimator],
        factor=moved.factor,
        baseline_factor=baseline_moved.factor,
        shift=moved.shift,
        baseline_shift=baseline_moved.shift,
        chi2=chi2,
        p=probability,
        log_p=log_p,
        baseline_chi2=baseline,
        cfi=cfi(changed),
        tli=tli(changed),
        rmsea=rmsea(changed) if correction.adjusted else rmsea(pair, c),
        cfi_robust=cfi(pair, c, b),
        tli_robust=tli(pair, c, b),
        rmsea_robust=robust_rmsea(changed, moved.factor),
        rni_robust=relative_noncentrality(pair, c, b),
        incremental=incremental(changed),
        baseline_p=tail(baseline, pair.baseline_df)[0],
        model_factor=correction.model_factor,
        unrestricted_factor=correction.unrestricted_factor,
    )


def _criterion(loglik: float | None, cost: float) -> float | None:
    return None if loglik is None else cost - 2 * loglik


def _logliks(
    problem: Problem, ats: Sequence[Implied]
) -> tuple[float, float] | tuple[None, None]:
    """Return normal log-likelihoods, model and unrestricted; least squares: none."""
    if isinstance(problem, LeastSquares):
        return None, None
    loglik = unrestricted = 0.0
    for g, at in zip(problem.groups, ats, strict=True):
        d = problem.distance(g, at)
        constant = problem.p * float(np.log(2 * np.pi))
        fit = at.log_det + float((g.S * at.W).sum()) + float(d @ at.W @ d)
        loglik -= g.n / 2 * (constant + fit)
        unrestricted -= g.n / 2 * (constant + g.log_det + problem.p)
    return loglik, unrestricted


def _srmr(problem: Problem, ats: Sequence[Implied]) -> float:
    """Bentler's standardized root mean square residual, means included."""
    total = 0.0
    for g, at in zip(problem.groups, ats, strict=True):
        lower = g.lower
        sd = np.sqrt(np.diag(g.S))
        residual = ((g.S - at.sigma) / np.outer(sd, sd))[lower]
        squares, count = float(residual @ residual), len(residual)
        if problem.model.settings.means:
            off = problem.distance(g, at) / sd
            squares, count = squares + float(off @ off), count + problem.p
        total += g.weight * float(np.sqrt(squares / count))
    return total


def parameters(
    problem: Problem,
    ats: Sequence[Implied],
    theta: Matrix,
    vcov: Matrix | None,
    confidence: float,
) -> tuple[tuple[Parameter, ...], tuple[Reason, ...]]:
    """List every parameter and derived quantity, raw and standardized."""
    model = problem.model
    listed = Listed(model, vcov, confidence)
    names = {name: i for i, name in enumerate(model.names)}
    for g, at in enumerate(ats):
        rows = [row for row in model.rows if row.group == g]
        places = Places.of([place_of(row, names) for row in rows])
        values = np.array([_value(row, theta) for row in rows])
        std, jacobian = _standardized(problem, g, at, places, values, theta)
        listed.add(g, rows, values, std, jacobian)
    return listed.whole()


class Listed:
    """Gathers the parameters of all groups, then what is derived from them."""

    def __init__(self, model: Model, vcov: Matrix | None, confidence: float) -> None:
        self._model = model
        self._vcov = vcov
        self._confidence = confidence
        self._found: list[Parameter] = []
        self._raw: Known = {}
        self._unit: Known = {}

    def add(
        self, g: int, rows: Sequence[Row], values: Matrix, std: Matrix, jacobian: Matrix
    ) -> None:
        """Add r rows of group g: raw and standardized values, (r, q) slopes of those."""
        numbers = np.array([row.free for row in rows])
        slopes = (numbers[:, None] == np.arange(jacobian.shape[1])).astype(np.float64)
        own = np.zeros(len(rows))
        if self._vcov is not None:
            own[numbers >= 0] = np.diag(self._vcov)[numbers[numbers >= 0]]
        raws = with_variances(values, own, self._confidence)
        units = with_errors(std, jacobian, self._vcov, self._confidence)
        for i, (row, value, standard) in enumerate(zip(rows, raws, units, strict=True)):
            if row.label and row.label not in self._raw:
                self._raw[row.label] = (float(values[i]), slopes[i])
                self._unit[row.label] = (float(std[i]), jacobian[i])
            self._found.append(
                Parameter(
                    left=row.left,
                    operator=row.operator,
                    right=row.right,
                    group=self._model.settings.groups[g],
                    label=row.label,
                    free=row.free >= 0,
                    value=value or Value.of(float(values[i]), None, self._confidence),
                    standardized=standard,
                )
            )

    def whole(self) -> tuple[tuple[Parameter, ...], tuple[Reason, ...]]:
        """Return everything, and what is derived but not defined."""
        extra, undefined = derived(
            self._model, self._raw, self._unit, self._vcov, self._confidence
        )
        return tuple(self._found) + extra, undefined


def derived(
    model: Model, raw: Known, unit: Known, vcov: Matrix | None, confidence: float
) -> tuple[tuple[Parameter, ...], tuple[Reason, ...]]:
    found, undefined = [], []
    for definition in model.definitions:
        name = definition.name
        value = _derived(definition.formula, name, raw, vcov, confidence)
        if value is None:
            undefined.append(Reason("sem-undefined", {"item": name}))
            continue
        found.append(
            Parameter(
                left=name,
                operator=":=",
                right=definition.text,
                group="",
                label=name,
                free=False,
                value=value,
                standardized=_derived(definition.formula, name, unit, vcov, confidence),
            )
        )
    return tuple(found), tuple(undefined)


def _derived(
    formula: Formula, name: str, known: Known, vcov: Matrix | None, confidence: float
) -> Value | None:
    """Evaluate a formula and remember it by its name; None where it is not defined."""
    try:
        value, slope = formula.value(known)
    except (ArithmeticError, ValueError, KeyError):
        return None
    known[name] = (value, slope)
    return with_errors(np.array([value]), slope[None], vcov, confidence)[0]


def _value(row: Row, theta: Matrix) -> float:
    return float(theta[row.free]) if row.free >= 0 else float(row.value or 0.0)


def with_errors(
    values: Matrix, slopes: Matrix, vcov: Matrix | None, confidence: float
) -> list[Value | None]:
    """Attach first-order standard errors; None where a value does not exist."""
    if vcov is None:
        variances = np.zeros(len(values))
    else:
        variances = ((slopes @ vcov) * slopes).sum(axis=1)
    return with_variances(values, variances, confidence)


def with_variances(
    values: Matrix, variances: Matrix, confidence: float
) -> list[Value | None]:
    """Pair values with their sampling variances; None where a value does not exist."""
    # rounding noise of what the model fixes is no variance
    usable = np.isfinite(variances) & (variances > 1e-20 * values**2)
    finite = np.isfinite(values)
    found = Value.several(values, np.where(usable, variances, 0.0), confidence)
    return [value if real else None for value, real in zip(found, finite, strict=True)]


def _standardized(
    problem: Problem,
    g: int,
    at: Implied,
    places: Places,
    values: Matrix,
    theta: Matrix,
) -> tuple[Matrix, Matrix]:
    layout = problem.layouts[g]
    S = matrices_of(problem, g, theta).S
    std, by_element = standardized(at, places, values, layout, S)
    jacobian = np.zeros((len(values), len(theta)))
    if layout.shared:
        np.add.at(jacobian.T, layout.parameter, by_element.T)
    else:
        jacobian[:, layout.parameter] = by_element
    return std, jacobian


def matrices_of(problem: Problem, g: int, theta: Matrix) -> Matrices:
    """Return the filled matrices of one group."""
    return problem.matrices(g, theta)


def group_results(
    problem: Problem, ats: Sequence[Implied], theta: Matrix
) -> tuple[GroupResult, ...]:
    """Collect observed and implied moments."""
    p, found = problem.p, []
    for g, (group, at) in enumerate(zip(problem.groups, ats, strict=True)):
        sd = np.sqrt(np.diag(group.S))
        residual = (group.S - at.sigma) / np.outer(sd, sd)
        m = matrices_of(problem, g, theta)
        r2 = {}
        for i, name in enumerate(problem.model.names):
            if m.A[i].any() and m.S[i, i] >= 0:
                r2[name] = float(1 - m.S[i, i] / at.P[i, i])
        found.append(
            GroupResult(
                name=group.name,
                n=group.n,
                covariance=group.S,
                implied_covariance=at.sigma.copy(),
                mean=group.mean,
                implied_mean=group.mean - problem.distance(group, at),
                residual_correlation=residual,
                factor_covariance=at.P[p:, p:].copy(),
                factor_mean=at.centre[p:].copy(),
                r2=r2,
            )
        )
    return tuple(found)


def improper(
    model: Model, problem: Problem, ats: Sequence[Implied], theta: Matrix
) -> tuple[Reason, ...]:
    """Name negative variances and factors that cannot be told apart."""
    found: list[Reason] = []
    p = problem.p
    for g, at in enumerate(ats):
        S = matrices_of(problem, g, theta).S
        variances = np.diag(S)
        for i, name in enumerate(model.names):
            if variances[i] < 0:
                factor = name in model.factors
                code = (
                    "sem-negative-factor-variance"
                    if factor
                    else ("sem-negative-variance")
                )
                found.append(Reason(code, {"item": name}))
        if (variances[:p] >= 0).all() and np.linalg.eigvalsh(S[:p, :p])[0] < -1e-10:
            found.append(Reason("sem-residuals-not-positive"))
        P = at.P[p:, p:]
        if len(P):
            sd = np.sqrt(np.maximum(np.diag(P), 1e-300))
            if np.linalg.eigvalsh(P / np.outer(sd, sd))[0] <= 1e-10:
                found.append(Reason("sem-factors-not-positive"))
    # the same sentence is said once, however many groups it holds for
    return tuple({str(reason): reason for reason in found}.values())
