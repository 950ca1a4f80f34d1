"""Maximum likelihood of the models of reproduce.py, and how well they fit.

Fisher scoring, then BFGS. NumPy and SciPy only.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from models import BOTH, PATH, Group, Matrix, Model, standard_models
from scipy import optimize, special, stats


@dataclass
class Fit:
    """A solution: parameters, and per group what the model implies."""

    model: Model
    groups: list[Group]
    models: list[Model]
    theta: Matrix
    value: float
    converged: bool
    means: bool


def implied(model: Model, theta: Matrix) -> tuple[Matrix, Matrix, Matrix]:
    """G of the items, covariances and means of all variables."""
    size = model.p + len(model.names)
    A, S, m = np.zeros((size, size)), np.zeros((size, size)), np.zeros(size)
    known = [*model.fixed, *((k, i, j, float(theta[t])) for k, i, j, t in model.free)]
    for kind, i, j, value in known:
        if kind == PATH:
            A[i, j] = value
        elif kind == BOTH:
            S[i, j] = S[j, i] = value
        else:
            m[i] = value
    G: Matrix = np.asarray(np.linalg.inv(np.eye(size) - A), dtype=np.float64)
    return G, G @ S @ G.T, G @ m


def slopes(model: Model, theta: Matrix) -> tuple[Matrix, Matrix]:
    """Return derivatives of covariances (t, p, p) and means (t, p) by the parameters."""
    G, P, centre = implied(model, theta)
    p = model.p
    sigma, mu = np.zeros((len(theta), p, p)), np.zeros((len(theta), p))
    for kind, i, j, t in model.free:
        if kind == PATH:
            part = np.outer(G[:p, i], P[j, :p])
            sigma[t] += part + part.T
            mu[t] += G[:p, i] * centre[j]
        elif kind == BOTH:
            part = np.outer(G[:p, i], G[:p, j])
            sigma[t] += part if i == j else part + part.T
        else:
            mu[t] += G[:p, i]
    return sigma, mu


def fit_standard(
    scales: dict[str, list[int]], group: Group, wanted: set[str]
) -> dict[str, Fit]:
    """Fit the models that are wanted; the method factor is added to what fits without."""
    models = standard_models(scales, group.S)
    fits: dict[str, Fit] = {}
    for name in ("correlated", "one_factor", "second_order", "bifactor", "method"):
        if name not in wanted:
            continue
        if name == "method":
            models[name].start[: len(models["correlated"].start)] = list(
                fits["correlated"].theta
            )
        fits[name] = fit([models[name]], [group], means=False)
    return fits


def fit(models: Sequence[Model], groups: Sequence[Group], *, means: bool) -> Fit:
    """Minimise the discrepancy of maximum likelihood, groups weighted by size."""
    theta = np.array(models[0].start)
    value, damping = _value(models, groups, theta, means), 1e-3
    for _ in range(200):
        gradient, H = _curvatures(models, groups, theta, means)
        if _slope(gradient, H) < 1e-11:
            break
        for _ in range(40):
            damped = H + damping * np.diag(np.diag(H))
            trial = theta - np.linalg.solve(damped, gradient)
            after = _value(models, groups, trial, means)
            if after < value + 1e-14:
                break
            damping *= 4
        else:
            break
        slow = value - after < 1e-3 * _slope(gradient, H)
        theta, value, damping = trial, after, max(damping / 6, 1e-12)
        if slow and _slope(gradient, H) > 1e-5:
            break
    theta = _finished(models, groups, theta, means)
    value = _value(models, groups, theta, means)
    converged = _slope(*_curvatures(models, groups, theta, means)) < 1e-6
    return Fit(models[0], list(groups), list(models), theta, value, converged, means)


def _finished(
    models: Sequence[Model], groups: Sequence[Group], theta: Matrix, means: bool
) -> Matrix:
    """Follow the discrepancy to its minimum by BFGS, the information as first metric."""
    gradient, H = _curvatures(models, groups, theta, means)
    if _slope(gradient, H) < 1e-11:
        return theta
    values, vectors = np.linalg.eigh(H)
    metric = vectors / np.sqrt(np.maximum(values, 1e-10 * values[-1]))

    def along(z: Matrix) -> tuple[float, Matrix]:
        at = theta + metric @ z
        value = _value(models, groups, at, means)
        if not math.isfinite(value):
            return 1e10, np.zeros(len(z))
        return value, metric.T @ _gradient(models, groups, at, means)

    found = optimize.minimize(
        along,
        np.zeros(len(theta)),
        jac=True,
        method="BFGS",
        options={"gtol": 1e-11, "maxiter": 2000},
    )
    moved: Matrix = theta + metric @ np.asarray(found.x)
    return moved


def _slope(gradient: Matrix, H: Matrix) -> float:
    return float(np.abs(gradient / np.sqrt(np.diag(H))).max())


def _curvatures(
    models: Sequence[Model], groups: Sequence[Group], theta: Matrix, means: bool
) -> tuple[Matrix, Matrix]:
    """Gradient and expected second derivative over all groups."""
    total = sum(group.n for group in groups)
    gradient, H = np.zeros(len(theta)), np.zeros((len(theta),) * 2)
    for model, group in zip(models, groups, strict=True):
        by_theta, own = _curvature(model, group, theta, means)
        gradient += group.n / total * by_theta
        H += group.n / total * own
    return gradient, H


def _gradient(
    models: Sequence[Model], groups: Sequence[Group], theta: Matrix, means: bool
) -> Matrix:
    total = sum(group.n for group in groups)
    found = np.zeros(len(theta))
    for model, group in zip(models, groups, strict=True):
        W, d, by_sigma, by_mean = _at(model, group, theta, means)
        found += group.n / total * _by_theta(group, W, d, by_sigma, by_mean)
    return found


def _value(
    models: Sequence[Model], groups: Sequence[Group], theta: Matrix, means: bool
) -> float:
    total = sum(group.n for group in groups)
    found = 0.0
    for model, group in zip(models, groups, strict=True):
        p = model.p
        _, P, centre = implied(model, theta)
        try:
            lower = np.linalg.cholesky(P[:p, :p])
        except np.linalg.LinAlgError:
            return math.inf
        log_det = 2 * float(np.log(np.diag(lower)).sum())
        W = np.linalg.inv(P[:p, :p])
        F = log_det + float((W * group.S).sum()) - np.linalg.slogdet(group.S)[1] - p
        if means:
            d = group.mean - centre[:p]
            F += float(d @ W @ d)
        found += group.n / total * float(F)
    return found


def _curvature(
    model: Model, group: Group, theta: Matrix, means: bool
) -> tuple[Matrix, Matrix]:
    """Gradient of the discrepancy and its expected second derivative."""
    W, d, by_sigma, by_mean = _at(model, group, theta, means)
    part = W @ by_sigma
    V = part.reshape(len(theta), -1)
    H = V @ part.transpose(0, 2, 1).reshape(len(theta), -1).T
    if means:
        H = H + 2 * by_mean @ W @ by_mean.T
    return _by_theta(group, W, d, by_sigma, by_mean), H


def _at(
    model: Model, group: Group, theta: Matrix, means: bool
) -> tuple[Matrix, Matrix, Matrix, Matrix]:
    """Inverse of the implied covariances, distance of the means, and the slopes."""
    p = model.p
    _, P, centre = implied(model, theta)
    d = group.mean - centre[:p] if means else np.zeros(p)
    W: Matrix = np.asarray(np.linalg.inv(P[:p, :p]), dtype=np.float64)
    return (W, d, *slopes(model, theta))


def _by_theta(
    group: Group, W: Matrix, d: Matrix, by_sigma: Matrix, by_mean: Matrix
) -> Matrix:
    E = W - W @ (group.S + np.outer(d, d)) @ W
    found = by_sigma.reshape(len(by_sigma), -1) @ E.ravel()
    return np.asarray(found - 2 * by_mean @ (W @ d))


def measures(found: Fit) -> dict[str, Any]:
    """Chi-square and indices of fit by lavaan's conventions."""
    groups, g = found.groups, len(found.groups)
    n, p, k = sum(one.n for one in groups), found.model.p, len(found.theta)
    chi2 = n * found.value
    df = g * (p * (p + 1) // 2 + (p if found.means else 0)) - k
    base = sum(
        one.n * (np.log(np.diag(one.S)).sum() - np.linalg.slogdet(one.S)[1])
        for one in groups
    )
    base_df = g * p * (p - 1) // 2
    excess, most = max(chi2 - df, 0.0), max(base - base_df, chi2 - df, 0.0)
    unrestricted = sum(
        -one.n / 2 * (p * math.log(2 * math.pi) + np.linalg.slogdet(one.S)[1] + p)
        for one in groups
    )
    loglik = unrestricted - chi2 / 2
    low, high = (_noncentrality(chi2, df, q) for q in (0.95, 0.05))
    return {
        "n": n,
        "chi2": chi2,
        "df": df,
        "p": float(stats.chi2.sf(chi2, df)) if df else None,
        "cfi": 1 - excess / most if most > 0 else 1.0,
        "tli": 1 - (chi2 - df) * base_df / ((base - base_df) * df) if df else None,
        "rmsea": {
            name: math.sqrt(value * g / (n * df)) if df else None
            for name, value in (("estimate", excess), ("low", low), ("high", high))
        },
        "srmr": sum(one / n for one in _srmr(found)),
        "aic": 2 * k - 2 * loglik,
        "bic": math.log(n) * k - 2 * loglik,
    }


def difference_p(laxer: dict[str, Any], stricter: dict[str, Any]) -> float:
    """Tail of the chi-square by which the stricter of two nested models fits worse."""
    worse, more = (stricter[name] - laxer[name] for name in ("chi2", "df"))
    return float(stats.chi2.sf(worse, more))


def _noncentrality(chi2: float, df: int, q: float) -> float:
    """Noncentrality at which the chi-square is the point of probability q."""
    if not df or stats.chi2.cdf(chi2, df) <= q:
        return 0.0
    end = chi2
    while special.chndtr(chi2, df, end) > q:
        end *= 2
    return float(
        optimize.brentq(lambda x: special.chndtr(chi2, df, x) - q, 0, end, xtol=1e-12)
    )


def _srmr(found: Fit) -> list[float]:
    """Bentler's standardized residual of each group times its size."""
    parts = []
    for model, group in zip(found.models, found.groups, strict=True):
        p = model.p
        _, P, centre = implied(model, found.theta)
        sd = np.sqrt(np.diag(group.S))
        residual = ((group.S - P[:p, :p]) / np.outer(sd, sd))[np.tril_indices(p)]
        squares, count = float(residual @ residual), len(residual)
        if found.means:
            off = (group.mean - centre[:p]) / sd
            squares, count = squares + float(off @ off), count + p
        parts.append(group.n * math.sqrt(squares / count))
    return parts


def standardized(found: Fit, scales: dict[str, list[int]]) -> dict[str, Any]:
    """Return loadings and factor correlations with all variances at one."""
    model, p = found.model, found.model.p
    G, P, _ = implied(model, found.theta)
    sd = np.sqrt(np.diag(P))
    loadings = {}
    for name, items in scales.items():
        f = model.at(name)
        for i in items:
            loadings[i] = float(G[i, f] * sd[f] / sd[i])
    pairs = {
        (a, b): float(P[model.at(a), model.at(b)] / (sd[model.at(a)] * sd[model.at(b)]))
        for a, b in combinations(scales, 2)
    }
    return {"loadings": loadings, "correlations": pairs, "p": p}


def reliability(found: Fit, factor: str, items: list[int]) -> dict[str, Any]:
    """Composite reliability and average variance extracted of one factor.

    Omega = (sum of loadings)^2 times the factor's variance over the observed variance
    of the sum; AVE = sum of squared loadings times it over the observed variances.
    Intervals: delta method on the logit scale, normal answers; observed covariances
    count directly and through the estimates.
    """
    model, group = found.model, found.groups[0]
    p, f = model.p, model.at(factor)
    G, P, _ = implied(model, found.theta)
    loadings, variance = G[items, f], P[f, f]
    square = np.zeros((p, p))
    square[np.ix_(items, items)] = 1
    own = square * np.eye(p)
    by_sigma, _ = slopes(model, found.theta)
    W = np.linalg.inv(P[:p, :p])
    V = W @ by_sigma
    information = np.einsum("aij,bji->ab", V, V) / 2
    numbers = {(k, i, j): t for k, i, j, t in model.free}
    figures = {}
    for name, top, mask in (
        ("composite_reliability", loadings.sum() ** 2 * variance, square),
        ("ave", (loadings**2).sum() * variance, own),
    ):
        below = float((group.S * mask).sum())
        value = float(top / below)
        by_theta = np.zeros(len(found.theta))
        by_theta[numbers[BOTH, f, f]] = value / variance
        for i, loading in zip(items, loadings, strict=True):
            if (PATH, i, f) in numbers:
                each = loadings.sum() if name == "composite_reliability" else loading
                by_theta[numbers[PATH, i, f]] = 2 * each * variance / below
        weights = np.linalg.solve(information, by_theta)
        M = (
            -value / below * mask
            + W @ np.einsum("t,tij->ij", weights, by_sigma) @ W / 2
        )
        error = math.sqrt(2 * np.trace(M @ P[:p, :p] @ M @ P[:p, :p]) / group.n)
        half = stats.norm.ppf(0.975) * error / (value * (1 - value))
        ends = special.expit(special.logit(value) + np.array([-half, half]))
        low, high = (float(end) for end in ends)
        figures[name] = {"estimate": value, "low": low, "high": high, "n": group.n}
    return figures
