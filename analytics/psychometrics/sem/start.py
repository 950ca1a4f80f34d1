"""Where the estimation begins: one principal axis a factor, in units of the items."""

from collections.abc import Sequence

import numpy as np

from analytics.psychometrics.data import Matrix
from analytics.psychometrics.sem.estimation import Problem
from analytics.psychometrics.sem.model import Row

_HIGHEST = 0.9  # loading of a standardized indicator at the start, at most
_LIKEST = 0.8  # correlation of two factors
_LOWEST = 0.2
_WIDENINGS = 6


def start_values(problem: Problem) -> Matrix:
    """Return a point where Sigma is, if possible, positive definite, (t,)."""
    model = problem.model
    theta = np.zeros(model.n_free)
    for g, group in enumerate(problem.groups):
        rows = [row for row in model.rows if row.group == g]
        guess = _guesses(rows, model.observed, model.factors, group.S, group.mean)
        for row, value in zip(rows, guess, strict=True):
            if row.free >= 0:
                theta[row.free] = value if row.start is None else row.start
    own = [
        row.free
        for row in model.rows
        if row.free >= 0 and row.left == row.right and row.left in model.observed
    ]
    for _ in range(_WIDENINGS):
        x = problem.basis.T @ (theta - problem.origin)
        point = problem.origin + problem.basis @ x
        if problem.implied(point) is not None:
            break
        # covariances that the text fixes may ask for more variance
        theta[own] *= 2
    return point


def _guesses(
    rows: list[Row],
    observed: Sequence[str],
    factors: Sequence[str],
    S: Matrix,
    mean: Matrix,
) -> list[float]:
    sd = dict(zip(observed, np.sqrt(np.diag(S)).tolist(), strict=True))
    loading, spread, left_over = _axes(rows, observed, factors, S)
    between = _between(loading, spread, observed, S)
    outcomes = {row.left for row in rows if row.operator == "~"}
    index = {item: i for i, item in enumerate(observed)}
    found = []
    for row in rows:
        value = 0.0
        if row.operator == "=~":
            value = loading.get((row.left, row.right), 0.5)
        elif row.operator == "~1" and row.left in sd:
            value = float(mean[index[row.left]])
        elif row.operator == "~~" and row.left == row.right:
            share = 0.5 if row.left in outcomes else 1.0
            if row.left in sd:
                value = sd[row.left] ** 2 * left_over.get(row.left, share)
            else:
                value = spread.get(row.left, 1.0) * share
        elif row.operator == "~~" and row.left in sd and row.right in sd:
            exogenous = not outcomes & {row.left, row.right}
            if exogenous and not left_over.keys() & {row.left, row.right}:
                value = float(S[index[row.left], index[row.right]])
        elif row.operator == "~~" and not outcomes & {row.left, row.right}:
            value = between.get((row.left, row.right), 0.0)
        found.append(value)
    return found


def _between(
    loading: dict[tuple[str, str], float],
    spread: dict[str, float],
    observed: Sequence[str],
    S: Matrix,
) -> dict[tuple[str, str], float]:
    """Least squares covariances of factors that share no indicator, not near 1."""
    names = list(spread)
    column = {name: j for j, name in enumerate(names)}
    row = {item: i for i, item in enumerate(observed)}
    L = np.zeros((len(observed), len(names)))
    for (f, item), value in loading.items():
        if f in column and item in row:
            L[row[item], column[f]] = value
    squares = np.maximum((L**2).sum(axis=0), 1e-300)
    limit = _LIKEST * np.sqrt(np.outer(list(spread.values()), list(spread.values())))
    covariance = np.clip(L.T @ S @ L / np.outer(squares, squares), -limit, limit)
    apart = np.abs(L).T @ np.abs(L) == 0
    found = np.where(apart, covariance, 0.0).tolist()
    return {
        (f, g): found[i][j]
        for i, f in enumerate(names)
        for j, g in enumerate(names)
        if i != j
    }


def _axes(
    rows: list[Row], observed: Sequence[str], factors: Sequence[str], S: Matrix
) -> tuple[dict[tuple[str, str], float], dict[str, float], dict[str, float]]:
    """Give loadings and variance of each factor, and each indicator's share left over."""
    sd = np.sqrt(np.diag(S))
    rest = S / np.outer(sd, sd)
    loading: dict[tuple[str, str], float] = {}
    spread: dict[str, float] = {}
    left_over: dict[str, float] = {}
    index = {item: i for i, item in enumerate(observed)}
    measured: dict[str, list[Row]] = {factor: [] for factor in factors}
    for row in rows:
        if row.operator == "=~":
            measured[row.left].append(row)
    for factor, own in measured.items():
        items = [row for row in own if row.right in index]
        if not items:
            loading.update({(factor, row.right): 1.0 for row in own})
            continue
        at = np.array([index[row.right] for row in items])
        axis = _axis(rest[at][:, at])
        rest[at[:, None], at] -= axis[:, None] * axis
        scaled = axis * sd[at]
        unit = _unit(items, scaled)
        for row, value in zip(items, (scaled / unit).tolist(), strict=True):
            loading[factor, row.right] = value
        spread[factor] = unit**2
        for row, value in zip(items, axis.tolist(), strict=True):
            before = left_over.get(row.right, 1.0)
            left_over[row.right] = max(before - value**2, 0.1)
    return loading, spread, left_over


def _unit(items: list[Row], scaled: Matrix) -> float:
    """Give the standard deviation of the factor in the unit that a fixed loading sets."""
    for row, value in zip(items, scaled, strict=True):
        if row.value:
            return float(abs(value / row.value)) or 1.0
    return 1.0


def _axis(R: Matrix) -> Matrix:
    """First principal axis of (m, m) correlations, turned to a positive first."""
    if len(R) == 1:
        return np.sqrt(np.maximum(np.diag(R), _LOWEST)) * 0.7
    values, vectors = np.linalg.eigh(R - 0.5 * np.diag(np.diag(R)))
    axis = vectors[:, -1] * np.sqrt(max(float(values[-1]), 0.1))
    axis = axis if axis[0] >= 0 else -axis
    size = np.clip(np.abs(axis), _LOWEST, _HIGHEST)
    signed: Matrix = np.where(axis < 0, -size, size)
    return signed
