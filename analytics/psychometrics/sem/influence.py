r"""What one person's answers move in thresholds and polychoric correlations.

The estimates solve stacked equations, first the thresholds, then these given each
correlation; what a person in cell (a, b) of a pair's table moves in its correlation
is :math:`(s_{ab} - \sum_t A_t J_{at} - \sum_u A_u J_{bu}) / \sum n s^2`, s being the
derivative of the log-probability by the correlation, J what the person moves in the
thresholds and A the sums of s times the derivative by a threshold. Kernels: no checks.
"""

from dataclasses import dataclass
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from analytics.psychometrics.bivariate import Cells
from analytics.psychometrics.compiled import in_threads, slices
from analytics.psychometrics.data import Codes, Matrix
from analytics.psychometrics.polychoric import Pairs

States = NDArray[np.uint8]

_PAIRS_AT_ONCE = 128  # so that the nodes of all their cells stay in the caches


@dataclass(frozen=True, slots=True, eq=False)
class Influence:
    """Tables that turn the answers of a person into what they move in each estimate.

    Attributes
    ----------
    sizes : tuple of p int
        Categories of each item.
    of_thresholds : (t, k + 1) float64
        One row a threshold, item by item; the columns are the states of its item:
        missing, then k categories.
    of_correlations : (q, (k + 1) ** 2) float64
        One row a pair, (0, 1), (0, 2), .., (1, 2), ..; the columns are the states of
        the first item times k + 1 plus those of the second.
    """

    sizes: tuple[int, ...]
    of_thresholds: Matrix
    of_correlations: Matrix

    @classmethod
    def of(
        cls, pairs: Pairs, sizes: tuple[int, ...], r: Matrix, threads: int
    ) -> "Influence":
        """Evaluate at the correlations r (q,) of the pairs."""
        J = _thresholds_moved(pairs)
        parts = slices(len(r), -(-len(r) // _PAIRS_AT_ONCE), smallest=1)
        moved = in_threads(
            lambda part: _correlations_moved(pairs, J, part, r[part]), parts, threads
        )
        by_item = [of[:, : size - 1].T for of, size in zip(J, sizes, strict=True)]
        return cls(sizes, np.concatenate(by_item), np.concatenate(moved))

    @property
    def size(self) -> int:
        """Number of estimates."""
        return len(self.of_thresholds) + len(self.of_correlations)

    def scores(self, codes: Codes, compiled: ModuleType | None) -> Matrix:
        """Look up m people, (t + q, m), given their codes (m, p)."""
        state = np.add(codes.T, 1, order="C", dtype=np.uint8, casting="unsafe")
        moved = np.empty((self.size, len(codes)))
        first = 0
        for j, size in enumerate(self.sizes):
            last = first + size - 1
            moved[first:last] = self.of_thresholds[first:last, state[j]]
            first = last
        width = self.of_thresholds.shape[1]
        look_up = _look_up_pairs if compiled is None else compiled.look_up_pairs
        look_up(state, self.of_correlations, width, moved[first:])
        return moved


def _look_up_pairs(state: States, tables: Matrix, width: int, out: Matrix) -> None:
    """Fill (q, m) by NumPy, one item with all later ones at once."""
    wide = state.astype(np.intp)
    first = 0
    for i in range(len(wide) - 1):
        last = first + len(wide) - 1 - i
        joint = wide[i] * width + wide[i + 1 :]
        joint += np.arange(last - first)[:, None] * width**2
        np.take(tables[first:last], joint, out=out[first:last], mode="clip")
        first = last


def _thresholds_moved(pairs: Pairs) -> Matrix:
    r"""Give J, (p, k + 1, k - 1): :math:`(1[a \le t] - P_t) / (n \varphi(\tau_t))`."""
    p, inner = pairs.tau.shape
    reached = np.arange(inner + 1)[:, None] <= np.arange(inner)
    weight = _normal_density(pairs.tau) * pairs.answers[:, None]
    moved = np.zeros((p, inner + 2, inner))
    np.divide(
        reached - pairs.below[:, None, :],
        weight[:, None, :],
        out=moved[:, 1:],
        where=weight[:, None, :] > 0,  # a threshold that the item does not have
    )
    return moved


def _correlations_moved(pairs: Pairs, J: Matrix, part: slice, r: Matrix) -> Matrix:
    """Rows of `Influence.of_correlations` of one slice of the pairs."""
    i, j = pairs.i[part], pairs.j[part]
    h, g = pairs.tau[i], pairs.tau[j]
    cells = Cells.of(h, g, pairs.below[i], pairs.below[j], r)
    s = cells.score
    n = pairs.tables[part, 1:, 1:]
    weighted = n * s / cells.probability
    by_row = _by_thresholds(weighted, h, g, r)
    by_column = _by_thresholds(weighted.transpose(0, 2, 1), g, h, r)
    moved = np.pad(s, ((0, 0), (1, 0), (1, 0)))
    moved -= J[i] @ by_row[:, :, None]
    moved -= (J[j] @ by_column[:, :, None]).transpose(0, 2, 1)
    moved /= (n * s**2).sum(axis=(1, 2))[:, None, None]
    flat: Matrix = moved.reshape(len(r), -1)
    return flat


def _by_thresholds(weighted: Matrix, h: Matrix, g: Matrix, r: Matrix) -> Matrix:
    """Sum of s times the derivative of the log-probability by h, (q, k - 1)."""
    from scipy import special  # slow to import: see `distributions`

    root = np.sqrt(1 - r**2)[:, None, None]
    below = special.ndtr((g[:, None, :] - r[:, None, None] * h[:, :, None]) / root)
    edges = np.pad(below, ((0, 0), (0, 0), (1, 0)))
    share = np.diff(np.pad(edges, ((0, 0), (0, 0), (0, 1)), constant_values=1), axis=2)
    beside = weighted[:, :-1] - weighted[:, 1:]
    by: Matrix = (beside * share).sum(axis=2) * _normal_density(h)
    return by


def _normal_density(x: Matrix) -> Matrix:
    density: Matrix = np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi)
    return density
