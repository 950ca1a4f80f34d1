"""Waves with rows and a release, and what plain Python sees in a file made of them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import comb, log2, prod

import numpy as np
from numpy.typing import NDArray

from analytics.disclosure import Measure, Publication, Rules, decide
from analytics.disclosure.microdata import Microdata, Wanted
from analytics.release_parts import EVERYONE, Members
from tests.disclosure.attacker import LEAST, Flags, Known, named, recovered
from tests.disclosure.organizations import segment

SCALES, ITEMS = 4, 3


@dataclass(frozen=True, eq=False)
class Wave:
    """Segments, scores and answers of a wave, and what its release has told."""

    segments: tuple[Members, ...]
    measures: Mapping[str, Measure]
    answers: NDArray[np.int16]
    scales: tuple[str, ...]
    told: tuple[Publication, ...]

    @property
    def wanted(self) -> Wanted:
        return Wanted(
            self.segments, self.measures, self.answers, self.scales, self.told
        )

    def without(self, left_out: Sequence[str]) -> "Wave":
        """Return the wave as a file shows it in which these scales are not."""
        kept = [k for k, scale in enumerate(self.scales) if scale not in left_out]
        return Wave(
            self.segments,
            {c: one for c, one in self.measures.items() if c not in left_out},
            self.answers[:, kept],
            tuple(self.scales[k] for k in kept),
            self.told,
        )


def wave_of(
    segments: Sequence[Members],
    answers: NDArray[np.int16],
    items: int = ITEMS,
    least: int = LEAST,
) -> Wave:
    """Publish a release of scales of so many items each."""
    known = np.where(answers < 0, np.nan, answers)
    measures = {}
    for place in range(0, answers.shape[1], items):
        part = known[:, place : place + items]
        enough = (~np.isnan(part)).sum(axis=1) * 2 >= items
        total = np.nansum(part, axis=1) / np.maximum((~np.isnan(part)).sum(axis=1), 1)
        values = np.where(enough, total, np.nan)
        measures[f"s{place // items}"] = Measure(values, 1.0, 5.0)
    decision = decide(segments, measures, rules=Rules(least=least))
    scales = tuple(f"s{place // items}" for place in range(answers.shape[1]))
    return Wave(tuple(segments), measures, answers, scales, (decision.publication,))


def drawn(number: int) -> Wave:
    """Return wave `number`, always the same: a tree, two languages, questions."""
    rng = np.random.default_rng((11, number))
    n_teams = int(rng.integers(2, 13))
    sizes = rng.integers(4, int(rng.choice((9, 16, 60))), n_teams)
    team = np.repeat(np.arange(n_teams), sizes)
    n, unit = len(team), team // int(rng.integers(2, 5))
    found = [segment(EVERYONE, np.ones(n, dtype=bool), None, "everyone")]
    for one in np.unique(unit):
        found.append(segment(f"unit:{one}", unit == one))
        found += [
            segment(f"team:{t}", team == t, f"unit:{one}")
            for t in np.unique(team[unit == one])
        ]
    if rng.random() < 0.5:
        speaks = rng.random(n) < rng.uniform(0.05, 0.5)
        found.append(segment("language:zh-hans", speaks, kind="language"))
        found.append(segment("language:en", ~speaks, kind="language"))
    for question in range(int(rng.choice((0, 0, 1, 2)))):
        points = int(rng.integers(2, 5))
        chosen = rng.integers(0, points, n)
        found += [
            segment(f"question:Q{question}:{p}", chosen == p, kind="question")
            for p in range(points)
        ]
    level = 3.3 + rng.normal(0, 0.4, n_teams)[team] + rng.normal(0, 0.6, n)
    noise = rng.normal(0, 0.8, (n, SCALES * ITEMS))
    answers = np.clip(np.rint(level[:, None] + noise), 1, 5).astype(np.int16)
    answers[rng.random(answers.shape) < rng.uniform(0, 0.05)] = -1
    return wave_of(found, answers)


@dataclass(frozen=True)
class Seen:
    """What is wrong with a file; everything is empty or zero where nothing is."""

    small: int  # classes of fewer rows than promised
    uniform: int  # classes with one answer only to an item
    unshown: tuple[str, ...]  # groups in the file that the release hides somewhere
    crossed: int  # crossings of few rows once what is surely found is counted in
    hidden: tuple[str, ...]  # hidden groups that classes make up
    recovered: int  # totals of few people from classes and published means

    @property
    def anything(self) -> bool:
        return bool(
            self.small
            or self.uniform
            or self.unshown
            or self.crossed
            or self.hidden
            or self.recovered
        )


def seen(wave: Wave, found: Microdata, least: int = LEAST) -> Seen:
    """Look at a file in plain Python, knowing everything that was published."""
    columns = [one.codes.tolist() for one in found.attributes]
    n = len(wave.answers)
    classes: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for row in range(n):
        classes[tuple(column[row] for column in columns)].append(row)
    # the release decides what may be named, whatever the file leaves out
    shown = _shown(wave)
    wave = wave.without(found.left_out)
    in_file = {
        one.keys[value]
        for one in found.attributes
        for group in one.groups
        for value in group
        if len(group) == 1 and one.keys[value]
    }
    open_sets = {
        frozenset(np.flatnonzero(s.rows)) for s in wave.segments if s.key in shown
    }
    hidden = [
        one.key
        for one in wave.segments
        if one.key not in shown
        and one.rows.any()
        and frozenset(np.flatnonzero(one.rows)) not in open_sets
        and all(
            len({bool(one.rows[row]) for row in rows}) == 1 for rows in classes.values()
        )
    ]
    return Seen(
        small=sum(len(rows) < least for rows in classes.values()),
        uniform=sum(_is_uniform(wave, rows) for rows in classes.values()),
        unshown=tuple(sorted(in_file - shown)),
        crossed=_crossed(wave, classes, least),
        hidden=tuple(hidden),
        recovered=_recovered(wave, list(classes.values())),
    )


def _shown(wave: Wave) -> set[str]:
    pieces = {
        (one.segment, one.measure) for one in wave.told[0].pieces if not one.is_bound
    }
    return {
        one.key
        for one in wave.segments
        if all((one.key, code) in pieces for code in wave.measures)
    }


def _is_uniform(wave: Wave, rows: list[int]) -> bool:
    for item in range(wave.answers.shape[1]):
        given = {int(wave.answers[row, item]) for row in rows} - {-1, -2, -3}
        if len(given) == 1:
            return True
    return False


def _crossed(
    wave: Wave, classes: Mapping[tuple[int, ...], list[int]], least: int
) -> int:
    """Count small crossings with groups that fewer than a thousand choices can be."""
    told = {one.segment for one in wave.told[0].pieces}
    certain = []
    for one in wave.segments:
        inside = [sum(bool(one.rows[r]) for r in rows) for rows in classes.values()]
        ways = prod(
            comb(len(rows), k) for rows, k in zip(classes.values(), inside, strict=True)
        )
        if one.key in told and log2(ways) < 10:
            certain.append(one.rows)
    crossings: dict[tuple[object, ...], int] = defaultdict(int)
    for label, rows in classes.items():
        for row in rows:
            crossings[label, tuple(bool(one[row]) for one in certain)] += 1
    return sum(count < least for count in crossings.values())


def _recovered(wave: Wave, classes: Sequence[list[int]]) -> int:
    """Count groups of few people whose totals follow from classes and the release."""
    n, number = len(wave.answers), 0
    flags: list[Flags] = []
    for rows in classes:
        one = np.zeros(n, dtype=bool)
        one[rows] = True
        flags.append(one)
    groups = [one.rows for one in wave.segments]
    for code, measure in wave.measures.items():
        has = ~np.isnan(measure.values)
        told = [
            wave.told[0].rows(piece)
            for piece in wave.told[0].pieces
            if piece.measure == code and not piece.is_bound
        ]
        known = Known(np.array([*told, *(one & has for one in flags)]), measure.values)
        wanted = named([*groups, *flags], measure.values)
        small, _ = recovered(known, wanted[wanted.sum(axis=1) < LEAST])
        number += len(small)
    return number
