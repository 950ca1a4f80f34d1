"""Who answered what? Guess by comparing two traces, and judge the guess against chance.

A trace gives each person of a wave a number: when or where something of theirs lies. Two
traces are compared by rank. When nothing links them, the guess is a random pairing of n
people: the number of right pairs is Poisson(1) to within 1/n!, whatever the traces are.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

ALPHA = 0.01
LEAST_VARIED = 10  # people off the most frequent value, for a correlation to mean much

Matrix = NDArray[np.float64]
Trace = Sequence[float]
"""One number a person, in an order only the test knows; people without it share one."""


@dataclass(frozen=True, slots=True)
class Guess:
    """What two traces of one wave gave away.

    Attributes
    ----------
    people, hits : int
        How many could be linked, and how many of them were linked rightly.
    z : float or None
        Normal score of the rank correlation over true pairs; None where the traces
        hardly vary.
    """

    people: int
    hits: int
    z: float | None


@dataclass(frozen=True, slots=True)
class Finding:
    """A channel over all waves: two traces, a share linked and how unlikely it is."""

    channel: str
    share: float
    chance: float
    p: float
    statistic: str


def is_constant(trace: Trace) -> bool:
    return len(set(trace)) < 2


def guesses(
    traces: Sequence[Trace], rng: np.random.Generator
) -> Callable[[int, int], Guess]:
    """Prepare the comparison of any two of the traces by rank, ties at random."""
    ranks = np.array([stats.rankdata(trace) for trace in traces])
    orders = [np.lexsort((rng.random(len(row)), row)) for row in ranks]
    scores = _scores(ranks)

    def compare(left: int, right: int) -> Guess:
        hits = int(np.count_nonzero(orders[left] == orders[right]))
        z = float(scores[left, right])
        return Guess(ranks.shape[1], hits, None if math.isnan(z) else z)

    return compare


def _scores(ranks: Matrix) -> Matrix:
    """Normal scores of all rank correlations; nan where one trace hardly varies."""
    n = ranks.shape[1]
    r = np.clip(np.corrcoef(ranks), -1 + 1e-12, 1 - 1e-12)
    t = r * np.sqrt((n - 2) / (1 - r * r))
    tails = np.maximum(stats.t.sf(np.abs(t), n - 2), 1e-190)
    scores: Matrix = np.sign(t) * stats.norm.isf(tails)
    still = [_varied(list(row)) < LEAST_VARIED for row in ranks]
    scores[still, :] = scores[:, still] = math.nan
    return scores


def _varied(trace: Trace) -> int:
    return len(trace) - Counter(trace).most_common(1)[0][1]


def findings(guesses: Iterable[tuple[str, Guess]]) -> list[Finding]:
    """Pool guesses of the same channel over waves; two tests a channel, Holm over all."""
    pooled: dict[str, list[Guess]] = defaultdict(list)
    for channel, one in guesses:
        pooled[channel].append(one)
    raw = [finding for item in pooled.items() for finding in unadjusted(*item)]
    return holm(raw)


def unadjusted(channel: str, waves: Sequence[Guess]) -> list[Finding]:
    """Test one channel by pairs linked rightly and, where it varies, by correlation."""
    hits, people = sum(w.hits for w in waves), sum(w.people for w in waves)
    share, chance = hits / people, len(waves) / people
    p = float(stats.poisson.sf(hits - 1, len(waves)))
    found = [Finding(channel, share, chance, p, "linked pairs")]
    scores = [w.z for w in waves if w.z is not None]
    if scores:
        p = 2 * float(stats.norm.sf(abs(sum(scores)) / math.sqrt(len(scores))))
        found.append(Finding(channel, share, chance, p, "rank correlation"))
    return found


def holm(raw: Sequence[Finding]) -> list[Finding]:
    """Adjust p for the number of tests (Holm 1979); the least likely first."""
    adjusted, highest = [], 0.0
    for rank, one in enumerate(sorted(raw, key=lambda f: f.p)):
        highest = max(highest, min(1.0, one.p * (len(raw) - rank)))
        adjusted.append(
            Finding(one.channel, one.share, one.chance, highest, one.statistic)
        )
    return adjusted


def above_chance(found: Iterable[Finding]) -> list[Finding]:
    return [one for one in found if one.p < ALPHA]


def table(found: Iterable[Finding], *, lines: int) -> str:
    """The channels that gave away most, as text."""
    rows = [
        f"{one.p:9.2g} {one.share:7.1%} {one.chance:7.1%}  {one.statistic:16}"
        f"  {one.channel}"
        for one in found
    ]
    head = f"{'p (Holm)':>9} {'linked':>7} {'chance':>7}  test"
    return "\n".join([head, *rows[:lines]])
