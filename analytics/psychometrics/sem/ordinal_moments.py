"""Thresholds and polychoric correlations with their joint sampling covariance."""

from dataclasses import dataclass

from analytics.psychometrics.data import Matrix
from analytics.psychometrics.moments import MissingRule


@dataclass(frozen=True, slots=True, eq=False)
class OrdinalMoments:
    """First and second moments of the normal variables behind p ordered items.

    Attributes
    ----------
    names : tuple of p str
        Item codes.
    n : int
        People counted: the complete rows (listwise), or all rows (pairwise).
    thresholds : tuple of p float64 arrays
        One fewer than the item's categories, increasing.
    correlations : (p, p) float64
        Two-step polychoric correlations; ones on the diagonal.
    gamma : (q, q) float64
        Asymptotic covariance of sqrt(n) times the estimates: the thresholds item by
        item, then the correlations of the strict lower triangle column by column,
        (1, 0), (2, 0), .., (p - 1, 0), (2, 1), ..
    missing : "listwise" or "pairwise"
    """

    names: tuple[str, ...]
    n: int
    thresholds: tuple[Matrix, ...]
    correlations: Matrix
    gamma: Matrix
    missing: MissingRule

    def __post_init__(self) -> None:
        for array in (*self.thresholds, self.correlations, self.gamma):
            array.setflags(write=False)

    @property
    def p(self) -> int:
        """Number of items."""
        return len(self.names)
