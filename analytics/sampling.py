"""How the rows of a file came into the sample: teams that answer alike, and weights."""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from analytics.psychometrics import Design, Matrix


@dataclass(frozen=True, slots=True, eq=False)
class Sampling:
    """Teams and weights of n rows; None where the plan names no such column.

    Attributes
    ----------
    clusters : (n,) int32 or None
        The number of everybody's team; -1 = not known.
    weights : (n,) float64 or None
        Above zero; NaN = not known.
    without_cluster, without_weight : int
        Rows of the file that were left out for that; a row may lack both.
    left : int
        Rows that were left out for the one or the other.
    """

    clusters: NDArray[np.int32] | None
    weights: Matrix | None
    without_cluster: int = 0
    without_weight: int = 0
    left: int = 0

    def of(self, rows: NDArray[np.bool_]) -> Self:
        """Return the same of some rows."""
        return replace(
            self,
            clusters=None if self.clusters is None else self.clusters[rows],
            weights=None if self.weights is None else self.weights[rows],
        )

    @property
    def design(self) -> Design:
        """What the core takes."""
        return Design(self.clusters, self.weights)

    @property
    def n_clusters(self) -> int | None:
        """Number of teams."""
        return None if self.clusters is None else len(np.unique(self.clusters))


def known_rows(
    clusters: NDArray[np.int32] | None, weights: Matrix | None
) -> tuple[NDArray[np.bool_], Sampling]:
    """Return which rows have a team and a weight, and how those were sampled."""
    parts = [one for one in (clusters, weights) if one is not None]
    nobody = np.zeros(len(parts[0]), dtype=np.bool_)
    teamless = nobody if clusters is None else clusters < 0
    weightless = nobody if weights is None else np.isnan(weights)
    kept = ~(teamless | weightless)
    whole = Sampling(
        clusters,
        weights,
        without_cluster=int(teamless.sum()),
        without_weight=int(weightless.sum()),
        left=int((~kept).sum()),
    )
    return kept, whole.of(kept)
