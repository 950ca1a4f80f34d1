"""What the part ``drivers`` of a release holds: checks beside correlations and shares."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from analytics.plan import Text
from analytics.results import Figure, Result
from analytics.sentences import Sentence

Kind = Literal["linear", "ordinal"]


@dataclass(frozen=True, slots=True)
class GridTest:
    """Two-sided p of no correlation, and adjusted for all tests of the grid."""

    p: float
    holm: float
    bh: float


@dataclass(frozen=True, slots=True)
class Slopes:
    """One outcome regressed on all trust scales at once; never a weight.

    Attributes
    ----------
    kind : str
        ``linear``: standard deviations of the outcome that go with one of the scale;
        ``ordinal``: log odds of a higher answer that do.
    slopes : mapping of scale code -> Figure
        Empty with a `reason`.
    vif : mapping of scale code -> float
        Variance inflation; empty for ``ordinal``.
    r_squared : float or None
    n : int
    """

    kind: Kind
    slopes: Mapping[str, Figure]
    vif: Mapping[str, float]
    r_squared: float | None
    n: int
    reason: Sentence | None


@dataclass(frozen=True, slots=True)
class LatentSplit:
    """The same split between factors; `paths` as in `Split`, empty with a `reason`."""

    paths: Mapping[str, Figure]
    cfi: float | None
    srmr: float | None
    n: int
    reason: Sentence | None


@dataclass(frozen=True, slots=True)
class Split:
    """The correlation of the mean of trust and an outcome, split along satisfaction.

    Attributes
    ----------
    between : str
        Code of the scale of satisfaction.
    paths : mapping of path -> Figure
        ``first``, ``second``, ``indirect``, ``direct``, ``total`` as in
        `analytics.psychometrics.Mediation`; empty with a `reason`.
    share : float or None
        Indirect as a part of the total, where it is a part.
    latent : LatentSplit or None
        Between factors, where there are three trust scales or more.
    """

    between: str
    paths: Mapping[str, Figure]
    share: float | None
    n_draws: int
    reason: Sentence | None
    latent: LatentSplit | None = None


@dataclass(frozen=True, slots=True)
class Marker:
    """What stands in for the way of answering.

    Attributes
    ----------
    first, second : str
        Codes of the two scales that go together least.
    asked : bool
        Whether one of them is a control that was asked beside trust and outcomes.
    size : float
        Their correlation, sign dropped.
    """

    first: str
    second: str
    asked: bool
    size: float


@dataclass(frozen=True, slots=True)
class OutcomeDrivers:
    """Of one outcome, by trust scale."""

    tests: Mapping[str, GridTest]
    given: Mapping[str, Result]
    marked: Mapping[str, Result]
    linear: Slopes
    ordinal: Slopes | None
    split: Split | None


@dataclass(frozen=True, slots=True)
class DriversPart:
    """Part ``drivers``.

    Attributes
    ----------
    outcomes : mapping of outcome code -> OutcomeDrivers
        Empty with a `reason`.
    n_tests : int
        Tests that the p values are adjusted for.
    control : str or None
        Code of the scale that is held constant in `given`.
    names : mapping of code -> name
        Of every scale that is neither trust nor outcome and is named here.
    marker : Marker or None
    satisfaction : str or None
        Code of the scale that correlations are split along.
    """

    outcomes: Mapping[str, OutcomeDrivers]
    n_tests: int
    control: str | None
    names: Mapping[str, Text]
    marker: Marker | None
    satisfaction: str | None
    reason: Sentence | None
