"""Items and scales of a version laid beside what they were in an older one."""

from dataclasses import dataclass

from surveys.definition.lineage import Descent
from surveys.definition.questionnaire import (
    Item,
    Questionnaire,
    ResponseFormat,
    Scale,
)


@dataclass(frozen=True, slots=True)
class Place:
    """An item where it stands."""

    scale: Scale
    item: Item

    @property
    def format(self) -> ResponseFormat:
        return self.scale.format_of(self.item)


@dataclass(frozen=True, slots=True)
class Matched:
    """Items and scales of the new version with what they were in the old one."""

    items: tuple[tuple[Place, Place], ...]
    added: tuple[Place, ...]
    removed: tuple[Place, ...]
    scales: tuple[tuple[Scale, Scale], ...]

    @property
    def codes(self) -> dict[str, str]:
        """Code of an item in the new version by its code in the old one."""
        return {old.item.code: new.item.code for old, new in self.items}

    @property
    def scale_codes(self) -> dict[str, str]:
        return {old.code: new.code for old, new in self.scales}


def match(old: Questionnaire, new: Questionnaire, descent: Descent) -> Matched:
    """What of `new` continues what of `old`; scales that share a code or their items."""

    def places(asked: Questionnaire) -> dict[object, Place]:
        key = (asked.code, asked.version)
        return {
            descent.first(key, f"{asked.code}.{item.code}"): Place(scale, item)
            for scale in asked.scales
            for item in scale.items
        }

    before, after = places(old), places(new)
    pairs = tuple(
        (before[first], new) for first, new in after.items() if first in before
    )
    return Matched(
        items=pairs,
        added=tuple(place for first, place in after.items() if first not in before),
        removed=tuple(place for first, place in before.items() if first not in after),
        scales=_matched_scales(old, new, pairs),
    )


def _matched_scales(
    old: Questionnaire, new: Questionnaire, items: tuple[tuple[Place, Place], ...]
) -> tuple[tuple[Scale, Scale], ...]:
    """Scales of one code, and those whose code alone changed: they share their items."""
    former = {scale.code: scale for scale in old.scales}
    kept = {scale.code for scale in new.scales}
    found = []
    for scale in new.scales:
        origins = {a.scale.code for a, b in items if b.scale.code == scale.code}
        if scale.code in former:
            found.append((former[scale.code], scale))
        elif len(origins) == 1 and not origins & kept:
            (origin,) = origins
            if not any(origin == taken.code for taken, _ in found):
                found.append((former[origin], scale))
    return tuple(found)
