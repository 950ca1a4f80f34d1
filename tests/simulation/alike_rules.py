"""Rules by which a level of invariance may be said not to hold, on the same samples.

The rule of the report was chosen among these: docs/decisions.md, 79.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from analytics.factor_results import Invariance, LevelFit

CONFIGURAL_CFI: Final = 0.90
LEVELS: Final = ("configural", "thresholds", "metric", "scalar")


@dataclass(frozen=True)
class Step:
    """How much worse a level fits than the one before.

    Attributes
    ----------
    fall, rise, srmr : of CFI, RMSEA and SRMR
    p : of the difference of the chi-squares
    steps : how many the sequence has
    """

    level: str
    fall: float
    rise: float
    srmr: float
    p: float
    steps: int

    def beyond(self, cfi: float, rmsea: float) -> bool:
        return self.fall > cfi or self.rise > rmsea

    def supplemented(self, cfi: float, rmsea: float, loadings: float) -> bool:
        """Whether CFI falls, and RMSEA or SRMR rises (Chen 2007)."""
        srmr = cfi if self.level == "scalar" else loadings
        return self.fall > cfi and (self.rise > rmsea or self.srmr > srmr)


# whether a level is said not to hold
RULES: Final[dict[str, Callable[[Step], bool]]] = {
    "CFI .010 or RMSEA .015": lambda one: one.beyond(0.010, 0.015),
    "CFI .010": lambda one: one.fall > 0.010,
    "CFI .002": lambda one: one.fall > 0.002,
    "CFI .010, and RMSEA .015 or SRMR": lambda one: one.supplemented(
        0.010, 0.015, 0.030
    ),
    "CFI .005, and RMSEA .010 or SRMR": lambda one: one.supplemented(
        0.005, 0.010, 0.025
    ),
    "p < .05": lambda one: one.p < 0.05,
    "p < .05, and CFI .010": lambda one: one.p < 0.05 and one.fall > 0.010,
    "p < .05, and CFI .010 or RMSEA .015": lambda one: (
        one.p < 0.05 and one.beyond(0.010, 0.015)
    ),
    "p < .05 / steps": lambda one: one.p < 0.05 / one.steps,
    "p < .05 / steps, and CFI .010 or RMSEA .015": lambda one: (
        one.p < 0.05 / one.steps and one.beyond(0.010, 0.015)
    ),
}
CHOSEN: Final = "p < .05 / steps, and CFI .010 or RMSEA .015"


def seen(samples: Sequence[Invariance]) -> dict[str, float]:
    """Return for each rule the share of the samples that it says are not scalar."""
    return {
        name: float(np.mean([not _is_scalar(one, rule) for one in samples]))
        for name, rule in RULES.items()
    }


def _is_scalar(found: Invariance, rule: Callable[[Step], bool]) -> bool:
    first = found.configural
    if first is None or (first.cfi is not None and first.cfi < CONFIGURAL_CFI):
        return False
    return found.scalar is not None and not any(rule(one) for one in _steps(found))


def _steps(found: Invariance) -> Iterator[Step]:
    known = [(level, getattr(found, level)) for level in LEVELS]
    fits: list[tuple[str, LevelFit]] = [(a, b) for a, b in known if b is not None]
    for (_, before), (level, now) in pairwise(fits):
        yield Step(
            level=level,
            fall=(1.0 if before.cfi is None else before.cfi) - (now.cfi or 0.0),
            rise=(now.rmsea or 0.0) - (before.rmsea or 0.0),
            srmr=now.srmr - before.srmr,
            p=0.0 if now.difference_p is None else now.difference_p,
            steps=len(fits) - 1,
        )
