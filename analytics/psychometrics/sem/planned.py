"""Planned missingness: what short forms cost before anybody answers one.

Everybody gets some of the items, drawn at random, so the gaps depend on nothing, and
full information (FIML) uses what is there. The price is exact for normal answers and a
given model: the expected information is that of each form, weighted by its share.

References
----------
Graham et al. (2006), Psychological Methods 11, doi:10.1037/1082-989X.11.4.323;
Rhemtulla & Little (2012), Journal of Cognition and Development 13,
doi:10.1080/15248372.2012.717340.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analytics.psychometrics.data import Matrix
from analytics.psychometrics.errors import NotDefined
from analytics.psychometrics.sem.estimation import Problem
from analytics.psychometrics.sem.kernel import (
    Implied,
    Slopes,
    information,
    inverse,
    slopes,
)
from analytics.psychometrics.sem.result import SemFit, refuse_ordered

_SINGULAR = 1e-10


@dataclass(frozen=True, slots=True)
class Form:
    """Items that some of the people get.

    Attributes
    ----------
    items : tuple of str
    share : float
        Of the people; the shares of all forms add up to 1.
    """

    items: tuple[str, ...]
    share: float


@dataclass(frozen=True, slots=True, eq=False)
class PlannedErrors:
    """Standard errors of a model when everybody answers one form only.

    Attributes
    ----------
    names : tuple of t str
        Free parameters, as written in a model text.
    complete, planned : (t,)
        Expected standard errors with all items and with the forms, n people each.
    efficiency : (t,)
        (complete / planned)^2: n people with forms are worth this share of n people
        who answer everything.
    together : (p, p)
        Share of the people who answer both items, in the order of `items`.
    items : tuple of p str
    n : int
    """

    names: tuple[str, ...]
    complete: Matrix
    planned: Matrix
    efficiency: Matrix
    together: Matrix
    items: tuple[str, ...]
    n: int


def planned_forms(
    blocks: Mapping[str, Sequence[str]], *, always: Sequence[str] = ()
) -> tuple[Form, ...]:
    """Leave out one block a form: with three blocks the three-form design.

    With three blocks or more every two items stand together in some form, so that every
    covariance can be estimated.

    Parameters
    ----------
    blocks : mapping of name -> items, three or more
        An item stands in one block; the items of a scale are best spread over blocks.
    always : items that everybody gets
    """
    if len(blocks) < 3:
        raise ValueError("Items of two blocks would never meet: take three or more.")
    named = [*always, *(item for block in blocks.values() for item in block)]
    if len(set(named)) < len(named):
        raise ValueError("Every item stands in one block, or is given always.")
    return tuple(
        Form(
            (
                *always,
                *(
                    item
                    for name, block in blocks.items()
                    if name != left_out
                    for item in block
                ),
            ),
            1 / len(blocks),
        )
        for left_out in blocks
    )


def planned_errors(fit: SemFit, forms: Sequence[Form], *, n: int) -> PlannedErrors:
    r"""Compute standard errors of a model under forms, at its estimates.

    :math:`I = \sum_f s_f I_f`, with :math:`I_f` the expected information of one person
    who answers the items of form f.

    Parameters
    ----------
    fit : SemFit
        Of one sample that converged, by ML, MLR or FIML: an earlier study, or a model
        fitted to assumed moments. Its errors and n are not used.
    forms : sequence of Form
        Together they hold every item of the model.
    n : int
        People to plan for.

    Raises
    ------
    NotDefined
        The forms leave a parameter undetermined.
    NotConverged
        The fit did not converge.
    """
    refuse_ordered(fit)
    problem = fit.problem
    if len(problem.groups) > 1 or fit.estimator not in ("ML", "MLR", "FIML"):
        raise ValueError("Forms are planned for one sample, by ML, MLR or FIML.")
    observed = fit.observed
    if n < 1:
        raise ValueError(f"Forms are planned for one person or more, not {n}.")
    rows, there = _rows(forms, observed)
    at = fit.implied()[0]
    weights = np.array([form.share for form in forms])
    everything = [list(range(len(observed)))]
    whole = _errors(problem, at, everything, np.ones(1), n)
    planned = _errors(problem, at, rows, weights, n)
    free: dict[int, str] = {}
    for row in problem.model.rows:
        if row.free >= 0:
            free.setdefault(row.free, row.name)
    return PlannedErrors(
        names=tuple(free[i] for i in range(len(free))),
        complete=whole,
        planned=planned,
        efficiency=(whole / planned) ** 2,
        together=there.T @ (weights[:, None] * there),
        items=observed,
        n=n,
    )


def _rows(
    forms: Sequence[Form], observed: Sequence[str]
) -> tuple[list[list[int]], Matrix]:
    """Places of each form's items, and (forms, p) ones where it holds them."""
    shares = sum(form.share for form in forms)
    if not np.isclose(shares, 1) or any(form.share <= 0 for form in forms):
        raise ValueError("The shares of the forms are positive and add up to 1.")
    rows = [
        [observed.index(item) for item in form.items if item in observed]
        for form in forms
    ]
    there = np.zeros((len(forms), len(observed)))
    for form, columns in enumerate(rows):
        there[form, columns] = 1
    held = there.any(axis=0)
    if not held.all():
        missing = observed[int(np.argmin(held))]
        raise ValueError(f"No form holds {missing}, which the model needs.")
    return rows, there


def _errors(
    problem: Problem,
    at: Implied,
    forms: Sequence[Sequence[int]],
    shares: Matrix,
    n: int,
) -> Matrix:
    """Compute (t,) errors from the weighted information of rows of items."""
    layout = problem.layouts[0]
    by = slopes(at, layout.places)
    total = np.zeros((problem.model.n_free,) * 2)
    for rows, share in zip(forms, shares, strict=True):
        if rows:
            W = inverse(at.sigma[np.ix_(rows, rows)])
            own = Slopes(by.U[rows], by.V[rows], by.M[rows])
            layout.collect(total, share * information(W, own, own))
    H = problem.along(total) * (n / 2)
    root = np.sqrt(np.diag(H))
    if not (root > 0).all():
        raise NotDefined("sem-no-standard-errors")
    values, vectors = np.linalg.eigh(H / np.outer(root, root))
    if values[0] <= _SINGULAR * values[-1]:
        raise NotDefined("sem-no-standard-errors")
    inverted = (vectors / values) @ vectors.T / np.outer(root, root)
    errors: Matrix = np.sqrt(np.diag(problem.spread(inverted)))
    return errors
