"""Random organizations: trees, languages, a question, three waves with turnover."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from analytics.disclosure import Measure
from analytics.plan import Text
from analytics.release_parts import EVERYONE, Members, SegmentKind

Flags = NDArray[np.bool_]
QUARTERLY_TURNOVER = 1 - 0.8**0.25  # of 20 % a year


@dataclass(frozen=True, eq=False)
class Wave:
    """Segments and values of the people who answered.

    `late` are the segments of a second release of the same answers: neighbouring teams
    joined, and another question.
    """

    segments: tuple[Members, ...]
    late: tuple[Members, ...]
    measures: Mapping[str, Measure]

    @property
    def n(self) -> int:
        return len(self.segments[0].rows)


@dataclass(frozen=True, eq=False)
class Organization:
    waves: tuple[Wave, ...]


def segment(
    key: str, rows: Flags, parent: str | None = EVERYONE, kind: SegmentKind = "unit"
) -> Members:
    depth = 0 if parent is None else 1
    return Members(key, kind, Text(key, key), parent, depth, None, None, rows)


def organization(number: int) -> Organization:
    """Return organization `number`, always the same."""
    rng = np.random.default_rng((7, number))
    n_units = int(rng.integers(2, 4))
    teams = np.repeat(np.arange(n_units), rng.integers(2, 4, n_units))
    sizes = rng.integers(4, 15, len(teams))
    team = np.repeat(np.arange(len(teams)), sizes)
    n = len(team)
    spread = rng.normal(0, 0.4, len(teams))
    tone = rng.choice((0.0, 0.6, 1.4)) + spread
    speaks = rng.random(n) < rng.uniform(0.03, 0.4)
    chosen = rng.integers(0, int(rng.integers(2, 4)), n)
    tenure = rng.integers(0, 3, n)
    trust = rng.normal(0, 0.5, n)
    response = rng.uniform(0.55, 0.95)
    silent = rng.uniform(0, 0.08)
    waves = []
    for turn in range(3):
        if turn:
            new = rng.random(n) < QUARTERLY_TURNOVER
            trust = np.where(new, rng.normal(0, 0.5, n), trust)
            speaks = np.where(new, rng.random(n) < 0.2, speaks)
            # somebody leaves without being replaced, somebody joins another team
            team = np.where(new, rng.integers(0, len(teams), n), team)
        here = rng.random(n) < response
        groups = _segments(teams[team[here]], team[here], speaks[here], chosen[here])
        level = 3.4 + tone[team[here]] + trust[here]
        measures = _measure(rng, level, silent, is_item=number % 3 == 0)
        waves.append(Wave(groups, _regrouped(groups, tenure[here]), measures))
    return Organization(tuple(waves))


def _segments(
    unit: NDArray[np.int64],
    team: NDArray[np.int64],
    speaks: Flags,
    chosen: NDArray[np.int64],
) -> tuple[Members, ...]:
    found = [segment(EVERYONE, np.ones(len(team), dtype=bool), None, "everyone")]
    for number in np.unique(unit):
        inside = unit == number
        found.append(segment(f"unit:{number}", inside))
        found += [
            segment(f"team:{one}", team == one, f"unit:{number}")
            for one in np.unique(team[inside])
        ]
    found += [
        segment("language:zh-hans", speaks, kind="language"),
        segment("language:en", ~speaks, kind="language"),
    ]
    found += [
        segment(f"question:{point}", chosen == point, kind="question")
        for point in np.unique(chosen)
    ]
    return tuple(found)


def _regrouped(
    groups: tuple[Members, ...], tenure: NDArray[np.int64]
) -> tuple[Members, ...]:
    teams = [one for one in groups if one.key.startswith("team:")]
    joint = [
        segment(f"{one.key}+{other.key}", one.rows | other.rows, one.parent)
        for one, other in pairwise(teams)
        if one.parent == other.parent
    ]
    points = [
        segment(f"tenure:{point}", tenure == point, kind="question")
        for point in range(3)
    ]
    kept = [one for one in groups if one not in teams]
    return (*kept, *joint, *points)


def _measure(
    rng: np.random.Generator, level: NDArray[np.float64], silent: float, is_item: bool
) -> dict[str, Measure]:
    """Return a single item from 1 to 5, or a scale of four."""
    n_items = 1 if is_item else 4
    noise = rng.normal(0, 0.5 if is_item else 0.7, (len(level), n_items))
    values = np.clip(np.rint(level[:, None] + noise), 1, 5).mean(axis=1)
    values[rng.random(len(level)) < silent] = np.nan
    return {"item" if is_item else "scale": Measure(values, 1.0, 5.0)}


def pooled(one: Organization) -> tuple[tuple[Members, ...], dict[str, Measure]]:
    """Return segments and measures over the rows of all waves behind one another."""
    keys = dict.fromkeys(m.key for wave in one.waves for m in wave.segments)
    segments = []
    for key in keys:
        parts = []
        found = None
        for wave in one.waves:
            same = next((m for m in wave.segments if m.key == key), None)
            found = same or found
            parts.append(np.zeros(wave.n, dtype=bool) if same is None else same.rows)
        assert found is not None
        rows = np.concatenate(parts)
        segments.append(segment(f"pooled {key}", rows, found.parent, found.kind))
    measures = {
        code: Measure(
            np.concatenate([wave.measures[code].values for wave in one.waves]), 1.0, 5.0
        )
        for code in one.waves[0].measures
    }
    return tuple(segments), measures
