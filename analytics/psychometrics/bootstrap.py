"""Bias-corrected and accelerated bootstrap intervals of what moments determine."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from analytics.psychometrics.data import Matrix, ResponseMatrix
from analytics.psychometrics.distributions import normal_quantile
from analytics.psychometrics.errors import NotDefined, PsychometricsError, TooFewData
from analytics.psychometrics.estimate import Estimate, check_confidence
from analytics.psychometrics.moments import MissingRule, Moments, Sums
from analytics.psychometrics.resampling import (
    Precision,
    exact_precision,
    weighted_sums,
)

Statistic = Callable[[Moments], float]
Progress = Callable[[int, int], None]

_FEWEST_DRAWS = 100
_FEWEST_PEOPLE = 10
_LARGEST_FAILURE = 0.05  # share of the samples
_JACKKNIFE_GROUPS = 200
_BLOCK_ELEMENTS = 4_000_000  # 32 MB of counts at a time


@dataclass(frozen=True, slots=True, eq=False)
class Bootstrap:
    """A statistic with its bootstrap interval.

    Attributes
    ----------
    interval : Estimate
        The statistic of the data, with its BCa interval.
    standard_error : float
        Standard deviation of the draws.
    bias_correction, acceleration : float
        z0 and a of Efron's interval.
    draws : (n_draws - n_failed,) float64
        The statistic in each sample.
    n_failed : int
        Samples in which it did not exist.
    """

    interval: Estimate
    standard_error: float
    bias_correction: float
    acceleration: float
    draws: Matrix
    n_failed: int


def bootstrap(
    data: ResponseMatrix,
    statistic: Statistic,
    *,
    rng: np.random.Generator,
    missing: MissingRule,
    n_draws: int = 1_000,
    confidence: float = 0.95,
    progress: Progress | None = None,
) -> Bootstrap:
    """Resample respondents and give a statistic of the moments its BCa interval.

    A sample is a count of every respondent, and its moments are weighted sums, so
    that many draws cost one matrix product. The acceleration comes from a jackknife,
    each respondent or, above 200, each of 200 random groups being left out.

    Parameters
    ----------
    statistic : callable
        Moments -> float, for example `lambda m: omega_total(m).estimate`.
    rng : numpy Generator
    missing : "pairwise" or "listwise"
    n_draws : int
        At least 100; the ends of the interval carry a Monte-Carlo error.
    progress : callable, optional
        Called with (draws done, n_draws) after each draw.

    Raises
    ------
    TooFewData
        Fewer than ten respondents.
    NotDefined
        The statistic did not exist in more than 5 % of the samples.
    PsychometricsError
        Whatever the statistic raises for the data themselves.

    References
    ----------
    Efron (1987), Journal of the American Statistical Association 82,
    doi:10.1080/01621459.1987.10478410.
    """
    check_confidence(confidence)
    if n_draws < _FEWEST_DRAWS:
        raise ValueError(f"n_draws must be {_FEWEST_DRAWS} or more, not {n_draws}.")
    if missing == "listwise":
        data = data.complete_rows()
    if data.n < _FEWEST_PEOPLE:
        raise TooFewData(
            "needs-answers", statistic="bootstrap", needs=_FEWEST_PEOPLE, has=data.n
        )
    rows = _Rows.of(data, missing)
    whole = next(rows.moments(np.ones((1, data.n))))
    value = statistic(whole)
    draws = _values(_samples(rng, data.n, n_draws), rows, statistic, progress, n_draws)
    left_out = _values(_left_out(rng, data.n), rows, statistic, None, 0)
    z0 = _bias_correction(draws, value)
    a = _acceleration(left_out)
    low, high = _ends(draws, z0, a, confidence)
    failed = n_draws - len(draws)
    return Bootstrap(
        interval=Estimate(
            estimate=value,
            low=low,
            high=high,
            n=whole.n,
            method=(
                f"BCa bootstrap, {n_draws} samples, {100 * confidence:g} %, {missing}"
                + (f", {failed} samples without a value" if failed else "")
            ),
            confidence=confidence,
        ),
        standard_error=float(draws.std(ddof=1)),
        bias_correction=z0,
        acceleration=a,
        draws=draws,
        n_failed=failed,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """Respondents: their (n, p) answers less the lowest, 0 where there is none."""

    data: ResponseMatrix
    x: Matrix
    present: NDArray[np.bool_]
    precision: Precision
    rule: MissingRule

    @classmethod
    def of(cls, data: ResponseMatrix, rule: MissingRule) -> "_Rows":
        present = data.codes >= 0
        x = np.where(present, data.codes, 0).astype(np.float64)
        return cls(data, x, present, exact_precision(x), rule)

    def moments(self, counts: Matrix) -> Iterator[Moments]:
        """Yield the moments of the samples that hold each respondent `counts` times.

        `counts` is (samples, n).
        """
        p = self.data.p
        low = np.array([item.low for item in self.data.items], dtype=np.float64)
        sums = weighted_sums(counts, self.x, self.present, exact=self.precision)
        parts = (np.broadcast_to(part, (len(counts), p, p)) for part in sums)
        for pair_n, total, square, product in zip(*parts, strict=True):
            yield Sums(
                items=self.data.item_codes,
                origin=low,
                pair_n=np.rint(pair_n).astype(np.int64),
                total=np.rint(total),
                square=np.rint(square),
                product=np.rint(product),
                rule=self.rule,
            ).moments()


def _samples(rng: np.random.Generator, n: int, n_draws: int) -> Iterator[Matrix]:
    for _ in range(n_draws):
        drawn = np.bincount(rng.integers(0, n, n), minlength=n)
        yield drawn.astype(np.float64)


def _left_out(rng: np.random.Generator, n: int) -> Iterator[Matrix]:
    """Yield everybody but one respondent, or but one of 200 random groups."""
    group = rng.permutation(np.arange(n) % min(n, _JACKKNIFE_GROUPS))
    for out in range(min(n, _JACKKNIFE_GROUPS)):
        yield (group != out).astype(np.float64)


def _values(
    samples: Iterator[Matrix],
    rows: _Rows,
    statistic: Statistic,
    progress: Progress | None,
    n_draws: int,
) -> Matrix:
    """Return the statistic of every sample in which it exists."""
    values, drawn = [], 0
    at_once = max(1, _BLOCK_ELEMENTS // rows.data.n)
    while block := list(islice(samples, at_once)):
        for sample in rows.moments(np.array(block)):
            drawn += 1
            # what fails is counted below; too much of it ends the interval
            with suppress(PsychometricsError):
                values.append(statistic(sample))
            if progress is not None:
                progress(drawn, n_draws)
    failed = drawn - len(values)
    if failed > _LARGEST_FAILURE * drawn:
        raise NotDefined("draws-failed", statistic="bootstrap", has=failed, needs=drawn)
    return np.array(values, dtype=np.float64)


def _bias_correction(draws: Matrix, value: float) -> float:
    """Quantile of the share of draws below the value, ties counting half."""
    below = float((draws < value).mean() + (draws == value).mean() / 2)
    least = 0.5 / len(draws)
    return normal_quantile(min(max(below, least), 1 - least))


def _acceleration(left_out: Matrix) -> float:
    r""":math:`\sum d^3 / (6 (\sum d^2)^{3/2})` with d = mean - value left out."""
    d = left_out.mean() - left_out
    spread = float((d**2).sum())
    return float((d**3).sum()) / (6 * spread**1.5) if spread > 0 else 0.0


def _ends(draws: Matrix, z0: float, a: float, confidence: float) -> tuple[float, float]:
    from scipy import special

    z = normal_quantile((1 + confidence) / 2)
    low, high = (
        float(
            np.quantile(draws, special.ndtr(z0 + (z0 + side) / (1 - a * (z0 + side))))
        )
        for side in (-z, z)
    )
    return low, high
