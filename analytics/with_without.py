"""The results of a wave with and without the people who were flagged."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.answers import Answers, attempt, figure
from analytics.disclosure.telling import is_alike
from analytics.plan import PlanScale
from analytics.psychometrics import (
    Correlation,
    Estimate,
    Matrix,
    PsychometricsError,
    ResponseMatrix,
    correlate,
    cronbach_alpha,
    mean_interval,
)
from analytics.quality_results import BothWays, ScaleBothWays
from analytics.results import Absent, Figure, Report, Result
from analytics.sentences import Sentence, say


@dataclass(frozen=True, slots=True, eq=False)
class WithWithout:
    """Compares two sets of answers of one wave.

    Attributes
    ----------
    report : Report
        Of everybody; what it does not tell is not told without the flagged either.
    everybody, kept : Answers
    flags : (n,) bool
        Whom `kept` leaves out.
    least : int
        People that each side needs.
    """

    report: Report
    everybody: Answers
    kept: Answers
    flags: NDArray[np.bool_]
    least: int

    @classmethod
    def of(
        cls, report: Report, answers: Answers, flags: NDArray[np.bool_], least: int
    ) -> "WithWithout":
        data = answers.data
        kept = ResponseMatrix(data.codes[~flags], data.items)
        return cls(report, answers, Answers.of(kept, answers.plan), flags, least)

    def scales(self) -> dict[str, ScaleBothWays]:
        return {
            scale.code: self._scale(scale)
            for scale in self.everybody.plan.constructs
            if scale.code in self.report.constructs
        }

    def relations(self) -> dict[str, dict[str, BothWays]]:
        return {
            outcome: {
                scale: self._relation(scale, outcome)
                for scale, found in relations.items()
                if found.r is not None
            }
            for outcome, relations in self.report.loyalty.items()
        }

    def _scale(self, scale: PlanScale) -> ScaleBothWays:
        found = self.report.constructs[scale.code]
        scores = self.kept.scores[scale.code]
        mean = self._unless_few(
            (scale.code,), found.mean, lambda: mean_interval(scores)
        )
        if isinstance(mean, Figure) and is_alike(
            scores[~np.isnan(scores)], found.low, found.high, least=self.least
        ):
            mean = Absent(say("careless_alike"))
        alpha: BothWays | None = None
        if isinstance(found.alpha.raw, Figure):
            other = self._unless_few(
                (scale.code,),
                found.alpha.raw,
                lambda: cronbach_alpha(self.kept.moments.select(scale.item_codes)).raw,
            )
            alpha = BothWays(found.alpha.raw, other)
        both = BothWays(found.mean, mean)
        return ScaleBothWays(
            both, alpha, shift(both, self.everybody.scores[scale.code])
        )

    def _relation(self, scale: str, outcome: str) -> BothWays:
        found = self.report.loyalty[outcome][scale]
        r = found.r or 0.0
        everybody = Figure(r, found.low, found.high, found.n, "Pearson")
        other = self._unless_few(
            (scale, outcome),
            everybody,
            lambda: as_estimate(
                correlate(self.kept.scores[scale], self.kept.scores[outcome])
            ),
        )
        return BothWays(everybody, other)

    def _unless_few(
        self, scales: tuple[str, ...], told: Result, compute: Callable[[], Estimate]
    ) -> Result:
        """Return the number of the kept, where both sides have enough people."""
        if isinstance(told, Absent):
            return told
        reason = self._too_few(scales)
        return Absent(reason) if reason else attempt(compute)

    def _too_few(self, scales: tuple[str, ...]) -> Sentence | None:
        there = ~np.any(
            [np.isnan(self.everybody.scores[code]) for code in scales], axis=0
        )
        without, flagged = (
            int((there & side).sum()) for side in (~self.flags, self.flags)
        )
        if without < self.least or 0 < flagged < self.least:
            return say("careless_few_sides", least=self.least)
        return None


def shift(both: BothWays, scores: Matrix) -> float | None:
    """Return how far the other mean lies from that of all, in SD of all scores."""
    if isinstance(both.all, Absent) or isinstance(both.other, Absent):
        return None
    there = scores[~np.isnan(scores)]
    spread = float(there.std(ddof=1)) if len(there) > 1 else 0.0
    return (both.other.estimate - both.all.estimate) / spread if spread else None


def as_estimate(found: Correlation) -> Estimate:
    return Estimate(
        found.r, found.low, found.high, found.n, found.method, found.confidence
    )


def relation_of(x: Matrix, y: Matrix) -> tuple[Result, float | None]:
    """Return a correlation and its p, or the reason and None."""
    try:
        found = correlate(x, y)
    except PsychometricsError:
        return attempt(lambda: as_estimate(correlate(x, y))), None
    return figure(as_estimate(found)), found.p


def changed(
    scales: Mapping[str, ScaleBothWays],
    relations: Mapping[str, Mapping[str, BothWays]],
    limits: tuple[float, float, float],
) -> tuple[str, ...]:
    """Return the codes of scales that differ by a limit or more, in their order.

    `limits` are for means in SD, alpha and correlations. A correlation names its scale.
    """
    mean, alpha, r = limits
    found = dict.fromkeys(
        code
        for code, one in scales.items()
        if abs(one.shift or 0.0) >= mean or _apart(one.alpha) >= alpha
    )
    for grid in relations.values():
        found |= dict.fromkeys(code for code, one in grid.items() if _apart(one) >= r)
    return tuple(found)


def _apart(both: BothWays | None) -> float:
    if both is None or isinstance(both.all, Absent) or isinstance(both.other, Absent):
        return 0.0
    return abs(both.other.estimate - both.all.estimate)
