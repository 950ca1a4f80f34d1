"""Formulas of reproduce.py: scores, reliability, factors, correlations.

Needs NumPy and SciPy only. Each function names the source of its formula. An answer
that is not there is NaN. With "pairwise" every pair of items takes the people who
answered both; the divisor of variances and covariances is n - 1.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, stats

Matrix = NDArray[np.float64]
Z = float(stats.norm.ppf(0.975))
LOWEST_UNIQUENESS = 0.005


def described(x: Matrix, low: float, high: float) -> dict[str, Any]:
    """Describe one item: skew and kurtosis are b1 and b2 of Joanes & Gill (1998)."""
    x = x[~np.isnan(x)]
    n = len(x)
    deviation, sd = x - x.mean(), x.std(ddof=1)
    return {
        "n": n,
        "mean": x.mean(),
        "sd": sd,
        "skew": (deviation**3).mean() / sd**3,
        "kurtosis": (deviation**4).mean() / sd**4 - 3,
        "floor": (x == low).mean(),
        "ceiling": (x == high).mean(),
    }


def score(X: Matrix) -> Matrix:
    """Mean of a person's answers to (n, k) items; NaN below half of the items."""
    answered = (~np.isnan(X)).sum(axis=1)
    enough = answered >= max(0.5 * X.shape[1], 1)
    total = np.nansum(X, axis=1)
    return np.asarray(np.where(enough, total / np.maximum(answered, 1), np.nan))


def mean_with_interval(x: Matrix) -> dict[str, Any]:
    """Mean with Student's interval."""
    x = x[~np.isnan(x)]
    half = stats.t.ppf(0.975, len(x) - 1) * x.std(ddof=1) / math.sqrt(len(x))
    return _figure(x.mean(), x.mean() - half, x.mean() + half, len(x))


def pairwise(X: Matrix) -> tuple[Matrix, Matrix, NDArray[np.int64]]:
    """Covariances, correlations and numbers of people of every pair of columns."""
    there = (~np.isnan(X)).astype(np.float64)
    # moved by a constant near the middle, so that the sums of squares stay small
    x = np.where(there > 0, X - np.nanmean(X, axis=0), 0)
    n = there.T @ there
    total, square, product = x.T @ there, (x**2).T @ there, x.T @ x
    cross = product - total * total.T / n
    spread = square - total**2 / n
    covariance = cross / (n - 1)
    correlation = cross / np.sqrt(spread * spread.T)
    np.fill_diagonal(correlation, 1)
    return covariance, correlation, np.rint(n).astype(np.int64)


def alpha(S: Matrix) -> float:
    """Cronbach (1951): p / (p - 1) * (1 - trace / sum)."""
    p = len(S)
    return float(p / (p - 1) * (1 - np.trace(S) / S.sum()))


def alpha_with_interval(value: float, n: int, p: int) -> dict[str, Any]:
    """Attach the interval of Feldt, Woodruff & Salih (1987)."""
    low, high = (
        1 - (1 - value) * float(stats.f.ppf(tail, n - 1, (n - 1) * (p - 1)))
        for tail in (0.975, 0.025)
    )
    return _figure(value, low, high, n)


def unit_variances(S: Matrix) -> Matrix:
    """Scale covariances to variances of one."""
    sd = np.sqrt(np.diag(S))
    return np.asarray(S / np.outer(sd, sd))


def item_rest(S: Matrix, j: int) -> float:
    """Correlation of item j with the sum of the others, from covariances."""
    others = [k for k in range(len(S)) if k != j]
    rest = S[np.ix_(others, others)].sum()
    return float(S[j, others].sum() / math.sqrt(S[j, j] * rest))


def without(S: Matrix, j: int) -> Matrix:
    """Leave one item out."""
    return np.delete(np.delete(S, j, axis=0), j, axis=1)


def fisher(r: float, n: int) -> tuple[float, float]:
    """Fisher's (1921) interval of a correlation."""
    half = Z / math.sqrt(n - 3)
    return math.tanh(math.atanh(r) - half), math.tanh(math.atanh(r) + half)


def spearman_brown(r: float, n: int) -> dict[str, Any]:
    """Reliability of two items, 2r / (1 + r); the interval of r by the same formula."""
    value, low, high = (2 * x / (1 + x) for x in (r, *fisher(r, n)))
    return _figure(value, low, high, n)


def one_factor(R: Matrix) -> Matrix:
    """Return loadings of one factor that minimise the squared residual correlations."""
    p = len(R)
    i, j = np.triu_indices(p, 1)

    def residuals(x: Matrix) -> Matrix:
        return np.asarray(R[i, j] - x[i] * x[j])

    def slopes(x: Matrix) -> Matrix:
        found = np.zeros((len(i), p))
        rows = np.arange(len(i))
        found[rows, i], found[rows, j] = -x[j], -x[i]
        return found

    # no loading beyond a uniqueness of .005
    end = math.sqrt(1 - LOWEST_UNIQUENESS)
    values, vectors = np.linalg.eigh(R)
    start = np.clip(np.abs(vectors[:, -1]) * math.sqrt(values[-1]) * 0.9, 0.05, 0.95)
    start *= np.where(vectors[:, -1] * np.sign(vectors[:, -1].sum()) < 0, -1, 1)
    found = optimize.least_squares(
        residuals, start, slopes, bounds=(-end, end), xtol=1e-15, ftol=1e-15, gtol=1e-15
    )
    return _polished(R, np.asarray(found.x), end)


def _polished(R: Matrix, x: Matrix, end: float) -> Matrix:
    """Newton steps on the loadings that are not at the end of their range."""
    for _ in range(20):
        free = np.abs(x) < end * (1 - 1e-9)
        E = R - np.outer(x, x)
        np.fill_diagonal(E, 0)
        slope = -(E @ x)
        curvature = np.outer(x, x) - E
        np.fill_diagonal(curvature, x @ x - x**2)
        step = np.zeros(len(x))
        step[free] = np.linalg.solve(curvature[np.ix_(free, free)], -slope[free])
        if np.abs(step).max() > 0.01:
            break
        x = np.clip(x + step, -end, end)
        if np.abs(step).max() < 1e-14:
            break
    return x


def omega(R: Matrix, n: int) -> dict[str, Any]:
    """Omega total of one minres factor (McDonald 1999), 1 - sum(u) / sum(R).

    Interval: delta method on log(1 - omega) for normal answers. The slopes by the
    correlations are taken numerically, the factor being fitted anew for each.
    """
    p = len(R)

    def value(R: Matrix) -> float:
        return float(1 - (p - (one_factor(R) ** 2).sum()) / R.sum())

    gradient = np.zeros((p, p))
    step = 1e-4
    for i in range(p):
        for j in range(i):
            ends = []
            for move in (step, -step, 2 * step, -2 * step):
                moved = R.copy()
                moved[i, j] = moved[j, i] = R[i, j] + move
                ends.append(value(moved))
            slope = (8 * (ends[0] - ends[1]) - (ends[2] - ends[3])) / (12 * step)
            gradient[i, j] = gradient[j, i] = slope / 2
    # variance of a function of correlations: 2 tr(ARAR) / (n - 1), Wishart
    A = gradient - np.diag((gradient * R).sum(axis=1))
    error = math.sqrt(2 * np.trace(A @ R @ A @ R) / (n - 1))
    estimate = value(R)
    rest = 1 - estimate
    half = Z * error / rest
    return _figure(estimate, 1 - rest * math.exp(half), 1 - rest * math.exp(-half), n)


def kmo(R: Matrix) -> float:
    """Kaiser & Rice (1974): squared correlations over them and squared partial ones."""
    inverse = np.linalg.inv(R)
    scale = np.sqrt(np.diag(inverse))
    partial = inverse / np.outer(scale, scale)
    off = ~np.eye(len(R), dtype=bool)
    r2, q2 = (R[off] ** 2).sum(), (partial[off] ** 2).sum()
    return float(r2 / (r2 + q2))


def bartlett(R: Matrix, n: int) -> dict[str, Any]:
    """Bartlett (1951): -(n - 1 - (2p + 5) / 6) log det R."""
    p = len(R)
    chi2 = -(n - 1 - (2 * p + 5) / 6) * np.linalg.slogdet(R)[1]
    df = p * (p - 1) // 2
    return {"chi2": chi2, "df": df, "log_p": log_tail(chi2, df)}


def log_tail(chi2: float, df: int) -> float:
    """Logarithm of the upper tail of chi-square, also where the tail underflows."""
    tail = float(stats.chi2.sf(chi2, df))
    if tail > 1e-290:
        return math.log(tail)
    # Legendre's continued fraction of the incomplete gamma function
    a, x = df / 2, chi2 / 2
    fraction = 0.0
    for k in range(2000, 0, -1):
        fraction = k * (k - a) / (x + 2 * k + 1 - a - fraction)
    return a * math.log(x) - x - math.lgamma(a) - math.log(x + 1 - a - fraction)


def eigenvalues(R: Matrix) -> Matrix:
    """Return eigenvalues, largest first."""
    return np.asarray(np.linalg.eigvalsh(R)[::-1])


def leading(observed: Sequence[float], thresholds: Sequence[float]) -> int:
    """Count the leading values above their thresholds: the vote of parallel analysis."""
    above = [a > b for a, b in zip(observed, thresholds, strict=True)]
    return above.index(False) if False in above else len(above)


def most_factors(p: int) -> int:
    """Most factors that leave at least no degree of freedom below zero."""
    return max((m for m in range(p) if (p - m) ** 2 >= p + m), default=0)


def minres(R: Matrix, m: int) -> Matrix:
    """Unrotated loadings of m factors, (p, m): Harman & Jones (1966).

    The unique variances minimise half the sum of the squared small eigenvalues of R
    less them (Joreskog 1977).
    """

    def criterion(psi: Matrix) -> tuple[float, Matrix]:
        values, vectors = np.linalg.eigh(R - np.diag(psi))
        rest, axes = values[:-m], vectors[:, :-m]
        return 0.5 * float(rest @ rest), -(axes**2) @ rest

    start = np.clip(1 / np.diag(np.linalg.inv(R)), LOWEST_UNIQUENESS, 1)
    bounds = [(LOWEST_UNIQUENESS, 1.0)] * len(R)
    found = start
    for _ in range(5):  # the search ends early where the criterion is flat
        found = optimize.minimize(
            criterion,
            found,
            jac=True,
            method="L-BFGS-B",
            bounds=bounds,
            options={"maxiter": 5000, "maxfun": 20000, "ftol": 0, "gtol": 1e-13},
        ).x
    values, vectors = np.linalg.eigh(R - np.diag(found))
    loadings = vectors[:, : -m - 1 : -1] * np.sqrt(np.maximum(values[: -m - 1 : -1], 0))
    return np.asarray(loadings)


def quartimin(A: Matrix) -> tuple[Matrix, Matrix]:
    """Oblimin with gamma 0, not normalized (Jennrich & Sampson 1966).

    From the unrotated loadings, and from a small turn away if that leads lower; the
    factors are ordered by variance accounted for and turned to positive sums.
    """
    m = A.shape[1]
    T = np.eye(m)
    if m > 1:
        first, aside = _projected(A, T), _projected(A, _small_turn(m))
        T = (aside if aside[0] < first[0] - 1e-9 else first)[1]
    L, phi = A @ np.linalg.inv(T).T, T.T @ T
    order = np.argsort(-np.diag(phi @ L.T @ L), kind="stable")
    signs = np.where(L[:, order].sum(axis=0) < 0, -1.0, 1.0)
    return L[:, order] * signs, phi[np.ix_(order, order)] * np.outer(signs, signs)


def _small_turn(m: int) -> Matrix:
    above = np.triu(np.ones((m, m)), 1)
    return np.asarray(np.linalg.qr(np.eye(m) + 0.05 * (above - above.T))[0])


def _projected(A: Matrix, T: Matrix) -> tuple[float, Matrix]:
    """Follow the criterion over the T with columns of length one, by BFGS."""
    m = len(T)

    def value(x: Matrix) -> tuple[float, Matrix]:
        X = x.reshape(m, m)
        lengths = np.sqrt((X**2).sum(axis=0))
        T = X / lengths
        inverse = np.linalg.inv(T)
        L = A @ inverse.T
        others = (L**2).sum(axis=1, keepdims=True) - L**2
        G = -(L.T @ (L * others) @ inverse).T
        along = (G - T * (T * G).sum(axis=0)) / lengths
        return float((L**2 * others).sum()) / 4, along.ravel()

    x = T.ravel()
    for _ in range(3):  # begun anew where the line search trembled
        found = optimize.minimize(
            value, x, jac=True, method="BFGS", options={"gtol": 1e-10}
        )
        x = found.x
    X = np.asarray(x).reshape(m, m)
    return float(found.fun), X / np.sqrt((X**2).sum(axis=0))


def htmt(R: Matrix, first: list[int], second: list[int]) -> float:
    """Mean size of correlations between two scales over the roots of those within."""
    size = np.abs(R)

    def within(at: list[int]) -> float:
        part = size[np.ix_(at, at)]
        return float(part[np.triu_indices(len(at), 1)].mean())

    between = float(size[np.ix_(first, second)].mean())
    return between / math.sqrt(within(first) * within(second))


def correlation(x: Matrix, y: Matrix) -> dict[str, Any]:
    """Pearson with Fisher's interval, and Spearman, over the people who have both."""
    both = ~(np.isnan(x) | np.isnan(y))
    x, y = x[both], y[both]
    r = _pearson(x, y)
    low, high = fisher(r, len(x))
    spearman = _pearson(stats.rankdata(x), stats.rankdata(y))
    return {"r": r, "low": low, "high": high, "n": len(x), "spearman": spearman}


def _pearson(x: Matrix, y: Matrix) -> float:
    x, y = x - x.mean(), y - y.mean()
    return float(x @ y / math.sqrt((x @ x) * (y @ y)))


def relative_weights(X: Matrix, y: Matrix) -> tuple[float, Matrix, int]:
    """R squared, Johnson's (2000) weights as shares of it, and n; complete rows."""
    both = ~(np.isnan(X).any(axis=1) | np.isnan(y))
    R = unit_variances(np.atleast_2d(np.cov(np.column_stack([X, y])[both].T)))
    values, vectors = np.linalg.eigh(R[:-1, :-1])
    root = (vectors * np.sqrt(values)) @ vectors.T
    beta = np.linalg.solve(root, R[:-1, -1])
    weights = root**2 @ beta**2
    return float(weights.sum()), weights / weights.sum(), int(both.sum())


def recommend(x: Matrix) -> dict[str, Any]:
    """Promoters (9, 10) less detractors (0 to 6) of 100, adjusted Wald (Rocks 2016)."""
    x = x[~np.isnan(x)]
    n, up, down = len(x), int((x >= 9).sum()), int((x <= 6).sum())
    p, d = (up + 0.75) / (n + 3), (down + 0.75) / (n + 3)
    half = Z * math.sqrt((p + d - (p - d) ** 2) / (n + 3))
    index = 100 * (up - down) / n
    low = min(max(-100.0, 100 * (p - d - half)), index)
    high = max(min(100.0, 100 * (p - d + half)), index)
    return _figure(index, low, high, n)


def paired(x: Matrix, y: Matrix) -> dict[str, Any]:
    """Difference of two scores of the same people, in points and deviations.

    Standardized by the root of the mean of both variances; interval by the
    noncentrality of t (Cumming 2012).
    """
    both = ~(np.isnan(x) | np.isnan(y))
    x, y = x[both], y[both]
    n, apart = len(x), x - y
    t = float(apart.mean() / (apart.std(ddof=1) / math.sqrt(n)))
    factor = math.sqrt(2 * apart.var(ddof=1) / (n * (x.var(ddof=1) + y.var(ddof=1))))

    def above(q: float) -> Callable[[float], float]:
        return lambda c: float(stats.nct.cdf(t, n - 1, c)) - q

    low, high = _root(above(0.975), t), _root(above(0.025), t)
    return {
        "points": mean_with_interval(apart),
        "standardized": _figure(t * factor, low * factor, high * factor, n),
        "p": 2 * float(stats.t.sf(abs(t), n - 1)),
    }


def _root(function: Callable[[float], float], near: float) -> float:
    return float(optimize.brentq(function, near - 6, near + 6, xtol=1e-13))


def _figure(estimate: float, low: float, high: float, n: int) -> dict[str, Any]:
    return {"estimate": estimate, "low": low, "high": high, "n": n}
