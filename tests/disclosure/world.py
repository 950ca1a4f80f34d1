"""Everything that would be published of a random organization, and the attack on it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from analytics.disclosure import Decision, Publication, Rules, decide
from tests.disclosure.attacker import (
    ALIKE_BELOW,
    LEAST,
    Flags,
    Known,
    bounded,
    named,
    recovered,
    tells_all,
)
from tests.disclosure.organizations import Organization, organization, pooled

LARGE = 8  # respondents of the cells that should keep their score


@dataclass
class Tally:
    """What was seen in many organizations; `wanted` are groups that must stay hidden."""

    organizations: int = 0
    wanted: int = 0
    small: int = 0
    alike: int = 0
    bounded: int = 0
    programs: int = 0
    large: int = 0
    kept: int = 0
    bounds: int = 0
    cells: int = 0
    shown: int = 0
    leaking: list[int] = field(default_factory=list)

    @property
    def leaks(self) -> int:
        return self.small + self.alike + self.bounded

    @property
    def share_kept(self) -> float:
        return self.kept / self.large


@dataclass(frozen=True, eq=False)
class Published:
    """One measure over the rows of all waves: published groups, and what to attack."""

    known: Known
    wanted: Flags


def releases(one: Organization, rules: Rules) -> tuple[list[Decision], Decision]:
    """Decide the three waves, the third again with a question more, and all pooled.

    Returns the four decisions of waves, and that of the pooled result.
    """
    found = [decide(w.segments, w.measures, rules=rules) for w in one.waves]
    last = one.waves[-1]
    before = (found[-1].publication,)
    found.append(decide(last.late, last.measures, rules=rules, earlier=before))
    segments, measures = pooled(one)
    n = len(segments[0].rows)
    placed = tuple(
        publication.placed(first, n) for first, publication in _places(one, found)
    )
    return found, decide(segments, measures, rules=rules, earlier=placed)


def _places(
    one: Organization, found: list[Decision]
) -> Iterator[tuple[int, Publication]]:
    first = np.cumsum([0, *(wave.n for wave in one.waves)]).tolist()
    for place, decision in zip((0, 1, 2, 2), found, strict=True):
        yield first[place], decision.publication


def published(
    one: Organization, found: list[Decision], all_: Decision
) -> list[Published]:
    """Lay everything published over the rows of all waves."""
    segments, measures = pooled(one)
    n = len(segments[0].rows)
    first = np.cumsum([0, *(wave.n for wave in one.waves)]).tolist()
    groups: list[tuple[Decision, str, Flags]] = []
    for place, decision in zip((0, 1, 2, 2), found, strict=True):
        wave = one.waves[place]
        members = wave.late if decision is found[-1] else wave.segments
        for member in members:
            rows = np.zeros(n, dtype=bool)
            rows[first[place] : first[place] + wave.n] = member.rows
            groups.append((decision, member.key, rows))
    groups += [(all_, member.key, member.rows) for member in segments]
    result = []
    for code, measure in measures.items():
        has = ~np.isnan(measure.values)
        told = [rows & has for d, key, rows in groups if d.shows(key, code)]
        told = [rows for rows in told if rows.any()]
        wanted = np.vstack(
            [
                named([rows for d, _, rows in groups if d is decision], measure.values)
                for decision in (*found[:2], found[3], all_)
            ]
        )
        sizes = wanted.sum(axis=1)
        wanted = wanted[(sizes > 0) & (sizes < ALIKE_BELOW)]
        known = Known(np.array(told).reshape(len(told), n), measure.values)
        result.append(Published(known, wanted))
    return result


def attack(number: int, tally: Tally, rules: Rules, programs: int = 0) -> None:
    """Publish organization `number` under rules and count what is recovered.

    `programs` is how many hidden groups are bounded by linear programming, of those
    near an end of the scale: spread evenly from the smallest to the largest.
    """
    one = organization(number)
    found, all_ = releases(one, rules)
    before = tally.leaks
    for part in published(one, found, all_):
        small, alike = recovered(part.known, part.wanted)
        tally.small += len(small)
        tally.alike += len(alike)
        tally.wanted += int((part.wanted.sum(axis=1) < LEAST).sum())
        near = _nearest(part)
        near = near[:: max(len(near) // programs, 1)][:programs] if programs else []
        tally.programs += len(near)
        tally.bounded += sum(bounded(part.known, part.wanted[i]) for i in near)
    if tally.leaks > before:
        tally.leaking.append(number)
    tally.organizations += 1
    _count(one, found, tally)


def _nearest(part: Published) -> list[int]:
    """Return the groups near an end of the scale, fewest people first."""
    found = [
        i
        for i, group in enumerate(part.wanted)
        if tells_all(part.known.values[group], part.known)
        and not _has_middle(part.known.values[group])
    ]
    return sorted(found, key=lambda i: int(part.wanted[i].sum()))


def _has_middle(values: np.ndarray) -> bool:
    return bool(((values > 1.8) & (values < 4.2)).any())


def _count(one: Organization, found: list[Decision], tally: Tally) -> None:
    for wave, decision in zip(one.waves, found, strict=False):
        for member in wave.segments:
            if member.kind not in ("everyone", "unit"):
                continue
            n = int(member.rows.sum())
            for code in wave.measures:
                tally.cells += 1
                tally.shown += decision.shows(member.key, code)
                if n >= LARGE:
                    tally.large += 1
                    tally.kept += decision.shows(member.key, code)
                    tally.bounds += decision.bound(member.key, code) is not None
