"""Whom a survey would ask now, in which groups, and on which days; nothing is stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from surveys.actions import WITH_CREDENTIALS
from surveys.fieldwork.calendar import Occasion, Rule, occasions
from surveys.fieldwork.cells import TooFewPeople
from surveys.fieldwork.inviting import cells_for
from surveys.fieldwork.reportable import Prospect, prospects
from surveys.fieldwork.sampling import Whom, draw
from surveys.promise import Thresholds

SHOWN = 4  # occasions


@dataclass(frozen=True, slots=True)
class Audience:
    """What a draw would give.

    Attributes
    ----------
    people, unreachable, resting : int
        Asked; without a working address; asked by another wave lately.
    groups : sequence of Prospect
        Of modes that report groups.
    too_few : bool
        Whether there are fewer people than the smallest group.
    small : int
        Units of eight people or more of which the draw takes fewer than eight.
    """

    people: int
    unreachable: int
    resting: int
    groups: Sequence[Prospect]
    too_few: bool
    small: int = 0


def audience(
    whom: Whom, *, mode: str, thresholds: Thresholds, at: datetime
) -> Audience:
    """Try a draw, inside the organization's transaction."""
    drawn = draw(whom, at=at)
    groups: Sequence[Prospect] = ()
    too_few = not drawn.people
    if mode in WITH_CREDENTIALS:
        try:
            formed = cells_for(drawn.people, attribute=whom.split)
            groups = prospects(formed.cells, thresholds)
        except TooFewPeople:
            too_few = True
    return Audience(
        people=len(drawn.people),
        unreachable=drawn.unreachable,
        resting=drawn.resting,
        groups=groups,
        too_few=too_few,
        small=drawn.small,
    )


def next_occasions(rule: Rule, *, after: datetime) -> list[Occasion]:
    """The next few occasions that open after a moment."""
    coming = (one for one in occasions(rule) if one.opens_at > after)
    return list(islice(coming, SHOWN))
