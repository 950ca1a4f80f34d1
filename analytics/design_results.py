"""What a report says about how its people came into the sample; see `results`."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DesignResult:
    """Teams whose people answer alike, and weights.

    Attributes
    ----------
    clusters, weights : str or None
        The columns of the file.
    n_clusters : int or None
        Teams.
    mean_size : float or None
        People a team.
    sum_of_weights, effective_n : float or None
        Kish's: equally weighted answers that would tell as much.
    left : int
        Rows left out because they have no team or no weight; `without_cluster` and
        `without_weight` count each.
    effects : mapping of scale code -> design effect of its mean
        The variance of the mean over that of as many independent, equally weighted
        people; scales without one are left out.
    """

    clusters: str | None
    weights: str | None
    n_clusters: int | None
    mean_size: float | None
    sum_of_weights: float | None
    effective_n: float | None
    left: int
    without_cluster: int
    without_weight: int
    effects: Mapping[str, float]
