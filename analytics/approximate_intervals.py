"""Which intervals of a report are approximate, decided when it is made. Pure.

An interval is labelled where the answers are like those of simulated samples in which
intervals called 95 % held the value of the population more than 1.5 points less often
(docs/methods.md, "What the intervals achieve"), or worse. What makes them so was found in
the same samples: of alpha and omega, which take answers as normal, the skew, however many
answered; of loadings by ML likewise, with robust errors heavy tails and few people; of ordered
items few people.

The decision stands in the report, because a release does not tell the skew of all items.
The label itself may be told: it says on which side of a fixed mark a mean over all items
and all people lies, and depends on one person less than the estimate beside it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final, Self

import numpy as np

from analytics.plan import Text
from analytics.psychometrics import ItemDescription
from analytics.results import Absent, Figure, Report, Result, ScaleResult
from analytics.sentences import Sentence, say
from analytics.thresholds import (
    HEAVY_TAILS,
    MORE_SKEWED,
    MOST_SKEWED,
    ORDERED_N,
    ROBUST_N,
    SKEWED,
    SKEWED_N,
    STRONGLY_SKEWED,
)


@dataclass(frozen=True, slots=True)
class Shape:
    """How the answers to several items are distributed.

    Attributes
    ----------
    skew, kurtosis : float
        Means over the items: of the size of the skew, and of the excess kurtosis; 0
        without an item whose answers differ.
    """

    skew: float
    kurtosis: float

    @classmethod
    def of(cls, items: Iterable[ItemDescription]) -> Self:
        """Take the items whose answers differ."""
        known = [
            (abs(one.skew), one.kurtosis)
            for one in items
            if one.skew is not None and one.kurtosis is not None
        ]
        skew, kurtosis = np.mean(known, axis=0) if known else (0.0, 0.0)
        return cls(float(skew), float(kurtosis))


@dataclass(frozen=True, slots=True)
class Like:
    """From which skew and how many people on answers are like simulated ones.

    `alpha` and `omega` say how many of 100 simulated intervals held.
    """

    skew: float
    people: int
    alpha: float
    omega: float


# The last that fits is said. Populations: one factor of six items on five points.
RELIABILITY: Final = (
    Like(SKEWED, SKEWED_N, 93.3, 93.4),
    Like(MORE_SKEWED, 0, 92.3, 92.1),
    Like(MORE_SKEWED, SKEWED_N, 91.5, 91.2),
    Like(STRONGLY_SKEWED, 0, 90.3, 89.4),
    Like(STRONGLY_SKEWED, SKEWED_N, 89.1, 89.0),
    Like(MOST_SKEWED, 0, 86.1, 85.6),
    Like(MOST_SKEWED, SKEWED_N, 84.6, 84.4),
)
# Likewise of loadings. FIML is MLR where no answer is missing.
ORDERED: Final = 93.2
ROBUST: Final = {"MLMV": 91.9, "MLR": 92.3, "FIML": 92.3}
NORMAL_LOADINGS: Final = 91.3
COMPOSITES: Final = (90.9, 90.8)  # composite reliability and AVE, by ML


def of_reliability(n: int, shape: Shape) -> Sentence | None:
    """Return what is said of the intervals of alpha and omega; None of exact ones."""
    found = [one for one in RELIABILITY if shape.skew >= one.skew and n >= one.people]
    if not found:
        return None
    return say("approximate_reliability", alpha=found[-1].alpha, omega=found[-1].omega)


def of_standardized(n: int, shape: Shape) -> Sentence | None:
    """Return what is said of the interval of standardized alpha, which holds longer."""
    return of_reliability(n, shape) if shape.skew >= MORE_SKEWED else None


def of_loadings(estimator: str, n: int, shape: Shape) -> Sentence | None:
    """Return what is said of the intervals of loadings."""
    if estimator == "WLSMV" and n < ORDERED_N:
        return say("approximate_loadings_ordered", achieved=ORDERED)
    if estimator == "ML" and shape.skew >= MORE_SKEWED:
        return say("approximate_loadings_normal", achieved=NORMAL_LOADINGS)
    if estimator in ROBUST and n < ROBUST_N and shape.kurtosis >= HEAVY_TAILS:
        return say("approximate_loadings_robust", achieved=ROBUST[estimator])
    return None


def of_composites(estimator: str, shape: Shape) -> Sentence | None:
    """Return what is said of the intervals of composite reliability and AVE.

    With robust errors they rest on fourth moments, and held.
    """
    if estimator != "ML" or shape.skew < MORE_SKEWED:
        return None
    composite, ave = COMPOSITES
    return say("approximate_composites", composite=composite, ave=ave)


def labelled(result: Result, approximate: Sentence | None) -> Result:
    """Return a result whose interval, where it has one, is said to be approximate."""
    if isinstance(result, Absent) or result.low is None:
        return result
    return replace(result, approximate=approximate)


def reliability_notes(report: Report) -> tuple[Sentence, ...]:
    """Say which scales have approximate intervals of alpha or omega, and why."""
    return _notes(report, lambda scale: (scale.omega_total, scale.alpha.raw))


def composite_notes(report: Report) -> tuple[Sentence, ...]:
    """Say the same of composite reliability and average variance extracted."""
    return _notes(report, lambda scale: (scale.composite_reliability, scale.ave))


def _notes(
    report: Report, results: Callable[[ScaleResult], tuple[Result, ...]]
) -> tuple[Sentence, ...]:
    """Return every sentence once, with the scales of which it holds if not of all."""
    named: dict[str, dict[str, Text]] = {}
    said: dict[str, Sentence] = {}
    with_interval = 0
    for code, scale in report.constructs.items():
        found = [
            one
            for one in results(scale)
            if isinstance(one, Figure) and one.low is not None
        ]
        with_interval += bool(found)
        for sentence in (one.approximate for one in found if one.approximate):
            said[sentence.text("en")] = sentence
            named.setdefault(sentence.text("en"), {})[code] = scale.name
    return tuple(
        said[text]
        if len(scales) == with_interval
        else say(
            "approximate_of",
            scales=tuple(scales.values()),
            sentence=said[text].as_text(),
        )
        for text, scales in named.items()
    )
