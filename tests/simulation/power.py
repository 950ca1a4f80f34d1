"""What the gate of invariance says about two groups in which one item drifts."""

from dataclasses import dataclass

import numpy as np

from analytics.answers import Answers
from analytics.invariance import GroupColumn, invariance_of
from analytics.plan import AnalysisPlan, PlanItem, PlanScale, Text
from analytics.psychometrics import ResponseMatrix
from analytics.psychometrics.sem import Population, draw_answers
from tests.simulation.coverage import SEED
from tests.simulation.populations import SEVEN, drifting

DRIFTS = {
    "none": {},
    "loading .3 lower": {"loading": 0.3},
    "loading .5 lower": {"loading": 0.5},
    "intercept .3 sd": {"intercept": 0.3},
    "intercept .5 sd": {"intercept": 0.5},
}


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
    n: int
    replications: int
    seen: float
    named: float
    alone: float
    wrong: float


def verdicts(drift: str, n: int, replications: int) -> Verdicts:
    """Draw two groups of n on seven points; the third item drifts in the second."""
    plan = _plan()
    codes = [item.code for item in plan.items()]
    populations = drifting(), drifting(**DRIFTS[drift])
    column = GroupColumn(("one", "two"), np.repeat([0, 1], n).astype(np.int32))
    seen, named, alone, wrong = [], [], [], []
    root = np.random.default_rng([SEED, n, *drift.encode()])
    for rng in root.spawn(replications):
        data = ResponseMatrix.stack([_group(one, n, rng) for one in populations])
        found = invariance_of(Answers.of(data, plan), {"site": column})["site"]
        seen.append(found.verdict != "scalar")
        named.append(codes[2] in found.drifting)
        alone.append(found.drifting == (codes[2],))
        wrong.append(bool(set(found.drifting) - {codes[2]}))
    shares = (float(np.mean(one)) for one in (seen, named, alone, wrong))
    return Verdicts(drift, n, replications, *shares)


def _group(population: Population, n: int, rng: np.random.Generator) -> ResponseMatrix:
    return draw_answers(population, n, rng, shares=SEVEN)


def _plan() -> AnalysisPlan:
    items = tuple(
        PlanItem(f"x{k}", Text(f"Item {k}", f"题目 {k}"), 1, 7) for k in range(1, 7)
    )
    scale = PlanScale("F", Text("Trust", "信任"), items)
    return AnalysisPlan(title=Text("Drift", "漂移"), scales=(scale,))
