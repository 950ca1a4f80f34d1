"""The graded response model by marginal maximum likelihood."""

import numpy as np

from analytics.psychometrics.compiled import n_threads
from analytics.psychometrics.data import MISSING, Codes, Matrix, ResponseMatrix
from analytics.psychometrics.errors import NotDefined, Param, Reason, TooFewData
from analytics.psychometrics.irt.estimation import (
    STATISTIC,
    Grid,
    fit,
    start,
)
from analytics.psychometrics.irt.kernel import Layout, log_probabilities
from analytics.psychometrics.irt.patterns import Patterns, log_likelihood
from analytics.psychometrics.irt.result import (
    GradedItem,
    GradedResponse,
    categories,
)

_FEWEST_ITEMS = 3
_FEWEST_POINTS = 11
_COARSE = 1e-6  # log-likelihood a person


def graded_response(
    data: ResponseMatrix,
    *,
    points: int = 61,
    reach: float = 6.0,
    threads: int | None = None,
) -> GradedResponse:
    r"""Fit Samejima's graded response model.

    .. math:: P(Y_{ij} \ge k \mid \theta_i) = \frac{1}{1 + e^{-(a_j \theta_i + d_{jk})}},
       \quad b_{jk} = -d_{jk} / a_j, \quad \theta_i \sim N(0, 1)

    The integral over the trait is a sum over evenly spaced points with normal weights,
    whose error vanishes exponentially as their distance falls below the standard errors
    of the people's traits; `quadrature_error` states it. EM, then Newton's steps with
    the observed information, to 1e-7 standard errors from the top. Equal answers are
    counted once; sums are the same on any number of threads.

    Missing answers are left out of a person's likelihood, which is right where they are
    missing at random given the other answers. People without an answer do not count.
    Points that nobody chose have no threshold: the likelihood is highest where their
    probability is 0, and the model of the other points is the same. Reverse items are
    to be keyed before; the trait points where most items point.

    Parameters
    ----------
    data : ResponseMatrix
        3 items or more; their numbers of points may differ.
    points, reach : int, float
        Points of the trait, from -reach to reach.
    threads : int, optional
        One a processor without it.

    Raises
    ------
    TooFewData
        Fewer than 3 items, an item without answers, or no more people than parameters.
    NotDefined
        An item with one answer only, or answers that leave a parameter open.
    NotConverged
        The top of the likelihood was not reached.

    References
    ----------
    Samejima (1969), Psychometrika Monograph 17. Bock & Aitkin (1981), Psychometrika 46,
    443-459, doi:10.1007/BF02293801. Louis (1982), Journal of the Royal Statistical
    Society B 44, 226-233.
    """
    if points < _FEWEST_POINTS or not reach > 0:
        raise ValueError(
            f"points must be {_FEWEST_POINTS} or more and reach above 0, "
            f"not {points} and {reach}."
        )
    used = _used_points(data)
    answered = (data.codes != MISSING).any(axis=1)
    codes = categories(data, used)[answered]
    layout = Layout(tuple(len(own) for own in used))
    if len(codes) <= layout.total:
        needs = layout.total + 1
        raise TooFewData(
            "needs-answers", statistic=STATISTIC, needs=needs, has=len(codes)
        )
    threads, grid = n_threads(threads), Grid.even(points, reach)
    patterns = Patterns.of(codes, layout)
    first = start(codes, layout)
    found = fit(patterns, first, grid, data.item_codes, threads)
    log_p = log_probabilities(found.at, layout, (between := _between(grid)).x)
    other = log_likelihood(patterns, log_p, between.log_weights, threads)
    apart = abs(other - found.log_likelihood) / len(codes)
    covariance = np.asarray(np.linalg.inv(found.information), dtype=np.float64)
    items = _items(data, codes, used, found.at, covariance)
    return GradedResponse(
        items=items,
        parameters=found.at,
        covariance=covariance,
        log_likelihood=found.log_likelihood,
        aic=2 * layout.total - 2 * found.log_likelihood,
        bic=float(np.log(len(codes))) * layout.total - 2 * found.log_likelihood,
        n=len(codes),
        n_parameters=layout.total,
        n_patterns=len(patterns.codes),
        points=points,
        reach=reach,
        quadrature_error=apart,
        em_steps=found.em_steps,
        newton_steps=found.newton_steps,
        remarks=_remarks(data, items, apart),
    )


def _between(grid: Grid) -> Grid:
    return Grid.even(len(grid.x), float(grid.x[-1]), shifted=True)


def _used_points(data: ResponseMatrix) -> list[tuple[int, ...]]:
    """Points of each item that somebody chose."""
    if data.p < _FEWEST_ITEMS:
        raise TooFewData(
            "needs-items", statistic=STATISTIC, needs=_FEWEST_ITEMS, has=data.p
        )
    found = []
    for j, item in enumerate(data.items):
        own = data.codes[:, j]
        counts = np.bincount(own[own != MISSING], minlength=item.n_categories)
        chosen = tuple((np.flatnonzero(counts) + item.low).tolist())
        if not chosen:
            raise TooFewData("graded-no-answers", statistic=STATISTIC, item=item.code)
        if len(chosen) == 1:
            raise NotDefined("constant-item", item=item.code)
        found.append(chosen)
    return found


def _items(
    data: ResponseMatrix,
    codes: Codes,
    used: list[tuple[int, ...]],
    at: Matrix,
    covariance: Matrix,
) -> tuple[GradedItem, ...]:
    layout = Layout(tuple(len(own) for own in used))
    answered = (codes != MISSING).sum(axis=0)
    return tuple(
        _item(item.code, points, int(n), at[part], covariance[part, part])
        for item, points, n, part in zip(
            data.items, used, answered, layout.parts, strict=True
        )
    )


def _item(
    code: str, points: tuple[int, ...], n: int, own: Matrix, covariance: Matrix
) -> GradedItem:
    a, d = float(own[0]), own[1:]
    variance, mixed = np.diag(covariance)[1:], covariance[0, 1:]
    b = -d / a
    # delta method on -d / a
    of_b = (variance + 2 * b * mixed + b**2 * covariance[0, 0]) / a**2
    return GradedItem(
        code=code,
        points=points,
        n=n,
        slope=a,
        slope_error=float(np.sqrt(covariance[0, 0])),
        thresholds=b,
        threshold_errors=np.sqrt(of_b),
        intercepts=d.copy(),
        intercept_errors=np.sqrt(variance),
    )


def _remarks(
    data: ResponseMatrix, items: tuple[GradedItem, ...], apart: float
) -> tuple[Reason, ...]:
    found = []
    for item, fitted in zip(data.items, items, strict=True):
        for value in range(item.low, item.high + 1):
            if value not in fitted.points:
                params: dict[str, Param] = {"item": item.code, "value": value}
                found.append(Reason("graded-unused-point", params))
        if fitted.slope < 0:
            found.append(Reason("graded-negative", {"item": item.code}))
    if apart > _COARSE:
        found.append(Reason("graded-coarse"))
    return tuple(found)
