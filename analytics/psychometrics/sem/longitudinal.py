"""Measurement over time: the same people and items at two or more waves.

One model of all waves: each factor once a wave, all factors correlated, and the same
item's residuals correlated over waves, because what is peculiar to an item stays.
Configural, metric, scalar and strict then mean what they do between groups, wave by
wave, and the first wave is the reference: its factor means are 0.

References
----------
Meredith & Horn (2001), in New Methods for the Analysis of Change; Widaman, Ferrer &
Conger (2010), Child Development Perspectives 4, doi:10.1111/j.1750-8606.2009.00110.x;
Little (2013), Longitudinal Structural Equation Modeling, chapter 5.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from analytics.psychometrics.data import Matrix, ResponseMatrix
from analytics.psychometrics.errors import TooFewData
from analytics.psychometrics.sem.fit import Sample, fit_model
from analytics.psychometrics.sem.invariance import (
    InvarianceLevel,
    Level,
    compare,
)
from analytics.psychometrics.sem.modification import Modification, equality_tests
from analytics.psychometrics.sem.result import Estimator, SemFit, Value
from analytics.psychometrics.sem.saturated import Errors

Scales = Mapping[str, Sequence[str]]
LEVELS: tuple[Level, ...] = ("configural", "metric", "scalar", "strict")
_ADDED: Mapping[Level, str] = {"metric": "=~", "scalar": "~1", "strict": "~~"}


@dataclass(frozen=True, slots=True, eq=False)
class LinkedWaves:
    """Answers of the same people side by side.

    Attributes
    ----------
    values : (n, p * waves) float64, read-only
        Points after keying, wave by wave; NaN where missing, and throughout a wave
        that a person left out.
    items : tuple of str
        Names of the columns, such as "t1_2": item t1 at wave 2.
    people : tuple of n str
        Pseudonyms, sorted.
    answered : (n, waves) bool, read-only
        Who has a row in which wave.
    """

    values: Matrix
    items: tuple[str, ...]
    people: tuple[str, ...]
    answered: np.typing.NDArray[np.bool_]

    def __post_init__(self) -> None:
        self.values.setflags(write=False)
        self.answered.setflags(write=False)

    @property
    def in_all(self) -> int:
        """How many people have a row in every wave."""
        return int(self.answered.all(axis=1).sum())


@dataclass(frozen=True, slots=True)
class LatentChange:
    """How far a factor's mean moved from the first wave to a later one.

    Attributes
    ----------
    factor, wave : str
    change : Value
        In points of the factor's first item.
    standardized : Value
        In standard deviations of the factor at the first wave; delta method.
    stability : Value
        Correlation of the factor at both waves.
    """

    factor: str
    wave: str
    change: Value
    standardized: Value
    stability: Value


def at_wave(name: str, wave: str) -> str:
    """Name of an item or a factor at a wave: "t1" at "2" is "t1_2"."""
    return f"{name}_{wave}"


def linked_waves(
    waves: Mapping[str, ResponseMatrix], people: Mapping[str, Sequence[str]]
) -> LinkedWaves:
    """Put the answers of linked pseudonyms side by side.

    Parameters
    ----------
    waves : mapping of wave -> ResponseMatrix
        The same items in all of them.
    people : mapping of wave -> (n,) pseudonyms, one a row

    Raises
    ------
    TooFewData
        Nobody answered two waves.
    """
    if len(waves) < 2 or waves.keys() != people.keys():
        raise ValueError("Two or more waves are needed, each with its pseudonyms.")
    codes = next(iter(waves.values())).item_codes
    everybody = tuple(sorted({name for names in people.values() for name in names}))
    row = {name: i for i, name in enumerate(everybody)}
    values = np.full((len(everybody), len(codes) * len(waves)), np.nan)
    answered = np.zeros((len(everybody), len(waves)), dtype=bool)
    for w, (wave, data) in enumerate(waves.items()):
        names = people[wave]
        if len(names) != data.n or len(set(names)) < len(names):
            raise ValueError(f"Wave {wave} needs one pseudonym a row, each once.")
        at = [row[name] for name in names]
        answered[at, w] = True
        block = slice(w * len(codes), (w + 1) * len(codes))
        values[at, block] = data.select(codes).values()
    if not (answered.sum(axis=1) > 1).any():
        raise TooFewData("needs-answers", statistic="longitudinal", needs=2, has=0)
    items = tuple(at_wave(code, wave) for wave in waves for code in codes)
    return LinkedWaves(values, items, everybody, answered)


def longitudinal_text(
    scales: Scales,
    waves: Sequence[str],
    *,
    level: Level,
    apart: Collection[str] = (),
) -> str:
    """Give the text of a model of several waves.

    The first loading of every factor is 1. Up to metric all factor means are 0; from
    scalar on those of later waves are free. What is equal shares a label.

    Parameters
    ----------
    scales : mapping of factor -> its items, named without a wave
    waves : names of two or more waves, the first the reference
    apart : parameters of later waves that stay free, such as "trust_2=~t3_2",
        "t3_2~1" or "t3_2~~t3_2"
    """
    if level not in LEVELS:
        raise ValueError(f"There is no level {level} for waves.")
    if len(set(waves)) < 2 or len(set(waves)) < len(waves):
        raise ValueError("Two or more different waves are needed.")
    lines = [
        line
        for factor, items in scales.items()
        for line in _lines(factor, items, waves, LEVELS.index(level), set(apart))
    ]
    unknown = set(apart) - set(_names(scales, waves))
    if unknown:
        raise ValueError(f"No later wave has a parameter {min(unknown)}.")
    return "\n".join(lines)


def _names(scales: Scales, waves: Sequence[str]) -> Iterator[str]:
    """Names of all parameters that can be held equal to the first wave."""
    for factor, items in scales.items():
        for wave in waves[1:]:
            for item in items:
                own = at_wave(item, wave)
                if item != items[0]:
                    yield f"{at_wave(factor, wave)}=~{own}"
                yield f"{own}~1"
                yield f"{own}~~{own}"


def _lines(
    factor: str, items: Sequence[str], waves: Sequence[str], level: int, apart: set[str]
) -> Iterator[str]:
    for wave in waves:
        name = at_wave(factor, wave)
        terms = [f"1*{at_wave(items[0], wave)}"]
        for item in items[1:]:
            own = at_wave(item, wave)
            tied = level >= 1 and f"{name}=~{own}" not in apart
            terms.append(f"loading_{factor}_{item}*{own}" if tied else own)
        yield f"{name} =~ {' + '.join(terms)}"
        yield from _held(factor, items, wave, waves[0], level, apart)
    for item in items:
        for first, second in combinations(waves, 2):
            yield f"{at_wave(item, first)} ~~ {at_wave(item, second)}"
    if level >= 2:
        start = at_wave(factor, waves[0])
        yield f"{start} ~~ variance_{factor}*{start}"
        for wave in waves[1:]:
            name = at_wave(factor, wave)
            yield f"change_{name} := mean_{name} / sqrt(variance_{factor})"


def _held(
    factor: str,
    items: Sequence[str],
    wave: str,
    first: str,
    level: int,
    apart: set[str],
) -> Iterator[str]:
    """Means and residual variances of one factor's items at one wave."""
    name = at_wave(factor, wave)
    if level >= 2:
        yield f"{name} ~ {'0' if wave == first else f'mean_{name}'}*1"
    for item in items:
        own = at_wave(item, wave)
        if level >= 2 and f"{own}~1" not in apart:
            yield f"{own} ~ intercept_{item}*1"
        if level >= 3 and f"{own}~~{own}" not in apart:
            yield f"{own} ~~ residual_{item}*{own}"


def longitudinal_invariance(
    scales: Scales,
    waves: Sequence[str],
    data: Sample,
    *,
    estimator: Estimator,
    levels: tuple[Level, ...] = LEVELS,
    apart: tuple[str, ...] = (),
    release: float | None = None,
    errors: Errors = "observed",
) -> tuple[InvarianceLevel, ...]:
    """Fit the levels of invariance over waves, each held against the one before.

    Parameters
    ----------
    scales, waves, apart
        As for `longitudinal_text`. An item stands in one scale.
    data : FourthMoments, SurveyMoments or Moments of complete rows; FIML: the answers
        Columns named as in `LinkedWaves.items`. With FIML people who left out a wave
        stay in.
    estimator : "ML", "MLR" or "FIML"
    release : float, optional
        Partial invariance: while the level's largest score test has a p below this
        value divided by the number of tests, its parameter of that wave is let go; two
        items a factor and wave stay equal.
    errors : "observed" or "robust"
        Of FIML alone.

    Returns
    -------
    levels : tuple of InvarianceLevel
        Stops after a level that did not converge. Parameters are named with their
        wave; labels say what is equal.
    """
    if estimator not in ("ML", "MLR", "FIML"):
        raise ValueError(f"Waves are compared by ML, MLR or FIML, not {estimator}.")
    found: list[InvarianceLevel] = []
    free = apart
    for level in levels:
        while True:
            text = longitudinal_text(scales, waves, level=level, apart=free)
            fit = fit_model(text, data, estimator=estimator, errors=errors, means=True)
            tests = _score_tests(fit, level)
            worst = _worst(tests, free, scales, release)
            if worst is None:
                break
            free = (*free, worst)
        before = found[-1].fit if found else None
        both = before is not None and before.converged and fit.converged
        difference = compare(before, fit) if before is not None and both else None
        gone = tuple(name for name in free if name not in apart)
        found.append(InvarianceLevel(level, fit, difference, gone, tests))
        if not fit.converged:
            break
    return tuple(found)


def _score_tests(fit: SemFit, level: Level) -> tuple[Modification, ...]:
    """Test the equalities that a level added."""
    if not fit.converged or level not in _ADDED:
        return ()
    added = _ADDED[level]
    return tuple(one for one in equality_tests(fit) if one.operator == added)


def _worst(
    tests: Sequence[Modification],
    apart: Sequence[str],
    scales: Scales,
    release: float | None,
) -> str | None:
    """Name the parameter to let go; None where all may stay or have to."""
    if release is None:
        return None
    for one in tests:
        if one.p >= release / len(tests):
            return None
        if _may_go(one, apart, scales):
            return one.name
    return None


def _may_go(one: Modification, apart: Sequence[str], scales: Scales) -> bool:
    """Whether two equal items of the factor would stay at this wave."""
    if one.operator == "~~":
        return True
    own = one.right if one.operator == "=~" else one.left
    item, wave = own.rsplit("_", 1)
    (factor, items) = next(pair for pair in scales.items() if item in pair[1])
    names = [
        f"{at_wave(factor, wave)}=~{at_wave(other, wave)}"
        if one.operator == "=~"
        else f"{at_wave(other, wave)}~1"
        for other in items
    ]
    return len(set(names) - set(apart)) > 2


def latent_changes(
    fit: SemFit, scales: Scales, waves: Sequence[str]
) -> tuple[LatentChange, ...]:
    """Read the changes of the factors from a scalar or strict fit that converged.

    Parameters
    ----------
    fit : SemFit
        Of a level of `longitudinal_invariance`.

    Raises
    ------
    ValueError
        The fit has no free factor means, or did not converge.
    """
    names = {row.left for row in fit.parameters if row.operator == ":="}
    found = []
    for factor in scales:
        for wave in waves[1:]:
            name = at_wave(factor, wave)
            if f"change_{name}" not in names:
                raise ValueError("Only a converged scalar or strict fit has changes.")
            start = at_wave(factor, waves[0])
            together = fit.parameter(f"{start}~~{name}").standardized
            if together is None:
                raise ValueError(f"The variance of {start} or {name} is not positive.")
            found.append(
                LatentChange(
                    factor,
                    wave,
                    fit.parameter(f"{name}~1").value,
                    fit.parameter(f"change_{name}").value,
                    together,
                )
            )
    return tuple(found)
