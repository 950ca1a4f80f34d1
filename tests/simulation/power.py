"""What the gate of invariance says about two groups in which one item drifts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from analytics.answers import Answers
from analytics.border_rule import settled
from analytics.factor_results import Invariance
from analytics.invariance import GroupColumn, invariance_of
from analytics.plan import AnalysisPlan, PlanItem, PlanScale, Text
from analytics.psychometrics import ResponseMatrix
from analytics.psychometrics.sem import draw_answers
from tests.simulation.coverage import SEED
from tests.simulation.populations import SEVEN, drifting

DRIFTS = {
    "none": {},
    "loading .3 lower": {"loading": 0.3},
    "loading .5 lower": {"loading": 0.5},
    "intercept .3 sd": {"intercept": 0.3},
    "intercept .5 sd": {"intercept": 0.5},
}
# points -> shares of the answers; the border rule takes seven as numbers, four as ordered
SHARES = {7: SEVEN, 4: (0.15, 0.30, 0.35, 0.20)}
THIRD = "x3"


@dataclass(frozen=True)
class Verdicts:
    """Shares of the samples with each answer of the gate.

    Attributes
    ----------
    seen : not scalar: the drift is seen, and the means are not compared as they are
    named : the drifting item is among those that are named
    alone : it is the only one named
    wrong : another item is named
    """

    drift: str
    points: int
    n: int
    replications: int
    seen: float
    named: float
    alone: float
    wrong: float

    @classmethod
    def of(
        cls, drift: str, points: int, n: int, samples: Sequence[Invariance]
    ) -> "Verdicts":
        shares = [
            float(np.mean([said(one) for one in samples]))
            for said in (
                lambda one: one.verdict != "scalar",
                lambda one: THIRD in one.drifting,
                lambda one: one.drifting == (THIRD,),
                lambda one: bool(set(one.drifting) - {THIRD}),
            )
        ]
        return cls(drift, points, n, len(samples), *shares)

    @property
    def row(self) -> str:
        """The row of docs/methods.md."""
        shares = (self.seen, self.named, self.alone, self.wrong)
        cells = " | ".join(f"{100 * share:.0f} %" for share in shares)
        start = f"| {self.drift} | {self.points} | {self.n} |"
        return f"{start} {cells} | {self.replications} |"


def verdicts(drift: str, n: int, replications: int, points: int = 7) -> Verdicts:
    """Judge so many samples."""
    found = list(islice(samples(drift, n, points), replications))
    return Verdicts.of(drift, points, n, found)


def samples(drift: str, n: int, points: int = 7, skip: int = 0) -> Iterator[Invariance]:
    """Draw two groups of n without end; the third item drifts in the second.

    Every sample has a generator of its own, so that those after `skip` are the same.
    """
    plan = settled(_plan(points))
    populations = drifting(), drifting(**DRIFTS[drift])
    column = GroupColumn(("one", "two"), np.repeat([0, 1], n).astype(np.int32))
    root = np.random.default_rng([SEED, n, *drift.encode()])
    root.spawn(skip)
    while True:
        rng = root.spawn(1)[0]
        groups = [
            draw_answers(one, n, rng, shares=SHARES[points]) for one in populations
        ]
        data = ResponseMatrix.stack(groups)
        yield invariance_of(Answers.of(data, plan), {"site": column})["site"]


def _plan(points: int) -> AnalysisPlan:
    items = tuple(
        PlanItem(f"x{k}", Text(f"Item {k}", f"题目 {k}"), 1, points)
        for k in range(1, 7)
    )
    scale = PlanScale("F", Text("Trust", "信任"), items)
    return AnalysisPlan(title=Text("Drift", "漂移"), scales=(scale,))
