"""Whether a scale asked the same in two waves, from what the plan says of its items."""

import hashlib
from collections.abc import Mapping
from typing import Literal

from analytics.plan import AnalysisPlan, PlanScale
from analytics.release_parts import Measured

Sameness = Literal["same", "reworded", "changed", "not asked"]


def measured_by(plan: AnalysisPlan) -> Mapping[str, Measured]:
    """Return for every scale of the plan what it asked."""
    return {scale.code: _measured(scale) for scale in plan.constructs}


def sameness(before: Measured | None, now: Measured | None) -> Sameness:
    """Say whether two waves may be joined by a line.

    ``changed`` where an item came, went, changed its points or its keying;
    ``reworded`` where only words differ, because no program knows whether the meaning
    changed.
    """
    if before is None or now is None:
        return "not asked"
    if before.items != now.items:
        return "changed"
    return "same" if before.words == now.words else "reworded"


def _measured(scale: PlanScale) -> Measured:
    by_code = sorted(scale.items, key=lambda item: item.code)
    items = [(one.code, one.low, one.high, one.reverse) for one in by_code]
    words = [(one.text.en, one.text.zh_hans) for one in by_code if one.text]
    return Measured(items=_digest(items), words=_digest(words))


def _digest(facts: object) -> str:
    return hashlib.sha256(repr(facts).encode()).hexdigest()
