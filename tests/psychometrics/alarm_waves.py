"""Simulated waves of 100 cells, for the rate of false alarms and the power.

People answer four items a scale from 1 to 7; scales are means of items, correlated and
leaning to the upper end. Cells: 80 teams of 8 to 40 answers, 15 departments, four
divisions and everyone, each team at a level of its own that stays.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import special

from analytics.psychometrics import CellMoments, DropAlarm, Matrix, drop_alarm

TEAMS: Final = 80
SCALES: Final = 4
ITEMS: Final = 4
POOL: Final = 20_000  # people a level
LEVELS: Final = (-0.5, -0.25, 0.0, 0.25, 0.5)
CEILING: Final = (0.7, 0.9, 1.1, 1.3, 1.5)  # means of 6.0, skewness of -1.0
CUTS: Final = np.array([-2.0, -1.4, -0.8, -0.2, 0.5, 1.3])
SAME_PERSON: Final = 0.7  # of what is behind the answers, from wave to wave
DEPARTMENT: Final = np.repeat(np.arange(15), [6] * 5 + [5] * 10)
DIVISION: Final = np.repeat(np.arange(4), [4, 4, 4, 3])[DEPARTMENT]
RATE: Final = 0.05


def _inside() -> Matrix:
    """(100, 80): which team lies in which cell."""
    found = np.zeros((100, TEAMS))
    teams = np.arange(TEAMS)
    for cells in (teams, TEAMS + DEPARTMENT, TEAMS + 15 + DIVISION, np.full(TEAMS, 99)):
        found[cells, teams] = 1
    return found


INSIDE: Final = _inside()


@dataclass(frozen=True, slots=True, eq=False)
class People:
    """Scores that one and the same pool of people gives in two waves.

    `scores` is (2, levels * POOL, scales); `sd` their standard deviation in a level.
    """

    scores: Matrix
    invited: NDArray[np.int64]
    level: NDArray[np.int64]
    sd: float

    @classmethod
    def of(
        cls,
        rng: np.random.Generator,
        *,
        levels: Sequence[float] = LEVELS,
        most_invited: int = 50,
    ) -> "People":
        factor = np.linalg.cholesky(0.5 * (np.ones((SCALES, SCALES)) + np.eye(SCALES)))
        pools = []
        for level in levels:
            first, other = rng.standard_normal((2, POOL, SCALES)) @ factor.T
            second = SAME_PERSON * first + np.sqrt(1 - SAME_PERSON**2) * other
            pools.append(np.stack([_points(rng, z, level) for z in (first, second)]))
        return cls(
            scores=np.concatenate(pools, axis=1),
            invited=rng.integers(9, most_invited + 1, TEAMS),
            level=rng.integers(0, len(levels), TEAMS),
            sd=float(np.mean([pool.std(axis=1).mean() for pool in pools])),
        )

    def answers(
        self, rng: np.random.Generator, wave: int, same: "Wave | None" = None
    ) -> "Wave":
        """Draw who answers; with `same` the people of that wave answer again."""
        if same is not None:
            return Wave(same.n, same.who, self.scores[wave, same.who])
        n = np.clip(rng.binomial(self.invited, 0.8), 8, 40)
        who = np.repeat(self.level, n) * POOL + rng.integers(0, POOL, int(n.sum()))
        return Wave(n, who, self.scores[wave, who])


@dataclass(frozen=True, slots=True, eq=False)
class Wave:
    """People a team (teams,), their places in the pool and scores (people, scales)."""

    n: NDArray[np.int64]
    who: NDArray[np.int64]
    scores: Matrix

    def lower_by(self, points: Matrix) -> "Wave":
        """Lower the scores of every team by its points, (teams,)."""
        return Wave(
            self.n, self.who, self.scores - np.repeat(points, self.n)[:, np.newaxis]
        )

    def moments(self) -> CellMoments:
        starts = np.concatenate([[0], np.cumsum(self.n)[:-1]])
        n = (INSIDE @ self.n)[:, np.newaxis]
        mean = INSIDE @ np.add.reduceat(self.scores, starts) / n
        squares = INSIDE @ np.add.reduceat(self.scores**2, starts)
        shape = (len(INSIDE), SCALES)
        return CellMoments(
            np.broadcast_to(n, shape).astype(np.float64),
            mean,
            (squares - n * mean**2) / (n - 1),
        )

    def overlap(self) -> Matrix:
        shared = INSIDE @ (self.n[:, np.newaxis] * INSIDE.T)
        size = np.sqrt(np.diag(shared))
        found: Matrix = shared / np.outer(size, size)
        return found

    def correlations(self) -> Matrix:
        starts = np.concatenate([[0], np.cumsum(self.n)[:-1]])
        centre = np.add.reduceat(self.scores, starts) / self.n[:, np.newaxis]
        apart = self.scores - np.repeat(centre, self.n, axis=0)
        return np.asarray(np.corrcoef(apart, rowvar=False), dtype=np.float64)


def _points(rng: np.random.Generator, behind: Matrix, level: float) -> Matrix:
    noise = rng.standard_normal((*behind.shape, ITEMS))
    answered = level + 0.75 * behind[..., np.newaxis] + 0.66 * noise
    steps = (answered[..., np.newaxis] > CUTS).sum(axis=-1)
    found: Matrix = 1 + steps.mean(axis=-1)
    return found


def alarm(
    before: Wave, now: Wave, rng: np.random.Generator, *, draws: int = 20_000
) -> DropAlarm:
    return drop_alarm(
        before.moments(),
        now.moments(),
        overlap=now.overlap(),
        correlations=now.correlations(),
        rate=RATE,
        draws=draws,
        rng=rng,
    )


def tails(before: CellMoments, now: CellMoments) -> Matrix:
    """Welch's upper tail of a drop, written out for whole arrays of waves."""
    a, b = before.variance / before.n, now.variance / now.n
    t = (before.mean - now.mean) / np.sqrt(a + b)
    df = (a + b) ** 2 / (a**2 / (before.n - 1) + b**2 / (now.n - 1))
    found: Matrix = special.stdtr(df, -t)
    return found


def shares(
    people: People,
    rng: np.random.Generator,
    *,
    replications: int,
    drop: Matrix | None = None,
    same_people: bool = False,
    each: int = 250,
) -> NDArray[np.bool_]:
    """(replications, 100) whether an alarm fired in a cell, on any scale.

    The reference is made anew from every `each`-th pair of waves; in between only the
    numbers of answers and the estimated correlations would differ.
    """
    fired = np.zeros((replications, len(INSIDE)), dtype=bool)
    critical = 0.0
    for k in range(replications):
        before = people.answers(rng, 0)
        now = people.answers(rng, 1, same=before if same_people else None)
        if k % each == 0:
            critical = alarm(before, now, rng).critical_p
        if drop is not None:
            now = now.lower_by(drop)
        fired[k] = (tails(before.moments(), now.moments()) <= critical).any(axis=1)
    return fired
