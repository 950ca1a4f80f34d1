"""Equal answers counted once, and sums over them at the points of the trait."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from analytics.psychometrics.compiled import in_threads
from analytics.psychometrics.data import MISSING, Codes, Matrix
from analytics.psychometrics.irt.kernel import Layout, Slopes

Found = TypeVar("Found")

_ROWS = 2_048  # patterns at a time; fixed, so that threads cannot change a sum
_BLOCKS_HELD = 8  # tables of pairs in memory at once
_NOTHING = 1e-13  # posterior probability that is left out of second derivatives


@dataclass(frozen=True, slots=True, eq=False)
class Patterns:
    """The different answers of all people.

    Attributes
    ----------
    codes : (m, p) int8
        Category of every item among those in use, -1 = missing; ordered by how high
        the answers are, so that neighbours have much the same trait.
    counts : (m,) float64
        People with each pattern.
    of_person : (n,) intp
        The pattern of each person.
    layout : Layout
    """

    codes: Codes
    counts: Matrix
    of_person: NDArray[np.intp]
    layout: Layout

    @classmethod
    def of(cls, codes: Codes, layout: Layout) -> "Patterns":
        """Collapse (n, p) categories."""
        rows = np.ascontiguousarray(codes)
        whole = rows.view(np.dtype((np.void, max(rows.shape[1], 1)))).ravel()
        _, first, inverse, counts = np.unique(
            whole, return_index=True, return_inverse=True, return_counts=True
        )
        found = rows[first]
        answered = found != MISSING
        share = np.where(answered, found, 0) / np.maximum(np.array(layout.sizes) - 1, 1)
        height = share.sum(axis=1) / np.maximum(answered.sum(axis=1), 1)
        order = np.argsort(height, kind="stable")
        place = np.empty(len(order), dtype=np.intp)
        place[order] = np.arange(len(order))
        return cls(
            found[order], counts[order].astype(np.float64), place[inverse], layout
        )

    def thinned(self, enough: int) -> tuple["Patterns", float]:
        """Return about `enough` patterns, evenly spread, and the share of the people.

        They have no people of their own: `of_person` is empty.
        """
        step = max(1, len(self.codes) // enough)
        counts = self.counts[::step]
        nobody = np.zeros(0, dtype=np.intp)
        part = Patterns(self.codes[::step], counts, nobody, self.layout)
        return part, float(counts.sum() / self.counts.sum())

    def blocks(self) -> list[slice]:
        """Cut the patterns into slices of a fixed length."""
        return [slice(i, i + _ROWS) for i in range(0, len(self.codes), _ROWS)]

    def one_hot(self, rows: slice) -> Matrix:
        """1 where a pattern has a category, (b, C); a missing answer has none."""
        codes, missing = self.codes[rows], self.layout.total
        place = np.array(self.layout.starts[:-1]) + codes
        place[codes == MISSING] = missing
        found = np.zeros((len(codes), missing + 1))
        found[np.arange(len(codes))[:, None], place] = 1.0
        return found[:, :missing]

    def over(self, work: Callable[[slice], Found], threads: int) -> list[Found]:
        """Apply `work` to every block."""
        return in_threads(work, self.blocks(), threads)


@dataclass(frozen=True, slots=True, eq=False)
class Expected:
    """What the people look like, given parameters.

    Attributes
    ----------
    log_likelihood : float
    counts : (C, q) float64
        Expected number of people with each category at each point of the trait.
    """

    log_likelihood: float
    counts: Matrix


def posterior(
    one_hot: Matrix, log_p: Matrix, log_weights: Matrix
) -> tuple[Matrix, Matrix]:
    """Return log-likelihoods (b,) and probabilities of the points (b, q)."""
    joint = one_hot @ log_p
    joint += log_weights
    top = joint.max(axis=1, keepdims=True)
    joint -= top
    np.exp(joint, out=joint)
    total = joint.sum(axis=1, keepdims=True)
    joint /= total
    return (top + np.log(total))[:, 0], joint


def expected(
    patterns: Patterns, log_p: Matrix, log_weights: Matrix, threads: int
) -> Expected:
    """Sum over people: log-likelihood and expected counts (the E step)."""

    def work(rows: slice) -> tuple[float, Matrix]:
        hot, people = patterns.one_hot(rows), patterns.counts[rows]
        values, share = posterior(hot, log_p, log_weights)
        share *= people[:, None]
        return float(people @ values), hot.T @ share

    parts = patterns.over(work, threads)
    return Expected(sum(value for value, _ in parts), sum_of([one for _, one in parts]))


def log_likelihood(
    patterns: Patterns, log_p: Matrix, log_weights: Matrix, threads: int
) -> float:
    """Sum over people of the log-likelihood alone."""

    def work(rows: slice) -> float:
        values, _ = posterior(patterns.one_hot(rows), log_p, log_weights)
        return float(patterns.counts[rows] @ values)

    return sum(patterns.over(work, threads))


def missing_information(
    patterns: Patterns,
    log_p: Matrix,
    log_weights: Matrix,
    at: Sequence[Slopes],
    threads: int,
) -> Matrix:
    r"""Information that is lost because the traits are not known, (C, C).

    :math:`\sum_i \operatorname{cov}(S_i(x) \mid y_i)`, S_i(x) being the first
    derivatives of person i's log-likelihood if the trait were x, the covariance over
    the posterior of x.
    """
    layout, blocks = patterns.layout, patterns.blocks()
    pairs = np.zeros((len(log_weights), layout.total, layout.total))
    found = np.zeros((layout.total, layout.total))
    for i in range(0, len(blocks), _BLOCKS_HELD):
        for pair, product in in_threads(
            lambda rows: _products(patterns, rows, log_p, log_weights, at),
            blocks[i : i + _BLOCKS_HELD],
            threads,
        ):
            pairs += pair
            found -= product
    by_category = np.zeros((len(log_weights), layout.total, layout.total))
    for part, own in zip(layout.parts, at, strict=True):
        by_category[:, part, part] = own.first.transpose(2, 0, 1)
    for pair, first in zip(pairs, by_category, strict=True):
        found += first.T @ pair @ first
    return found


def _products(
    patterns: Patterns,
    rows: slice,
    log_p: Matrix,
    log_weights: Matrix,
    at: Sequence[Slopes],
) -> tuple[Matrix, Matrix]:
    """Return expected pairs of categories (q, C, C), products of the scores (C, C)."""
    hot, people = patterns.one_hot(rows), patterns.counts[rows]
    _, share = posterior(hot, log_p, log_weights)
    scores = np.zeros((len(hot), patterns.layout.total))
    for j, (part, own) in enumerate(zip(patterns.layout.parts, at, strict=True)):
        codes = patterns.codes[rows, j]
        k = len(own.first)
        mean = (share @ own.first.reshape(k * k, -1).T).reshape(-1, k, k)
        given = np.nonzero(codes != MISSING)[0]
        scores[given, part] = mean[given, codes[given]]
    scores *= np.sqrt(people)[:, None]
    pairs = np.zeros((len(log_weights), hot.shape[1], hot.shape[1]))
    for point in np.nonzero(share.max(axis=0) > _NOTHING)[0]:
        weighed = hot * np.sqrt(share[:, point] * people)[:, None]
        pairs[point] = weighed.T @ weighed
    return pairs, scores.T @ scores


def sum_of(parts: Sequence[Matrix]) -> Matrix:
    """Add arrays of one shape, from the first to the last."""
    total = parts[0].copy()
    for part in parts[1:]:
        total += part
    return total
