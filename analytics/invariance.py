"""The part of a report about measuring alike in several groups of people.

The gate of every comparison of means: below 200 complete answers a group nothing is
tested, and above it the highest level that holds says what may be compared.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analytics import thresholds
from analytics.answers import Answers
from analytics.factor_model import Measured
from analytics.factor_results import Invariance, LevelFit, Verdict
from analytics.factor_sample import FactorSample, options, samples_of
from analytics.psychometrics import PsychometricsError, ResponseMatrix
from analytics.psychometrics.data import MISSING
from analytics.psychometrics.sem import (
    InvarianceLevel,
    Level,
    OrdinalMoments,
    correlated,
    invariance,
)
from analytics.sampling import Sampling
from analytics.sentences import Sentence, say

FEWEST: Final = thresholds.COMPARABLE_N
MOST_GROUPS: Final = thresholds.MOST_GROUPS
CFI_CONFIGURAL: Final = thresholds.CONFIGURAL_CFI
CFI_FALL: Final = thresholds.CFI_FALL
RMSEA_RISE: Final = thresholds.RMSEA_RISE
CHANCE_P: Final = thresholds.ALIKE_P
RELEASE_P: Final = 0.05
MOST_SEARCHED: Final = thresholds.MOST_SEARCHED  # each release is another fit
LEVELS: Final[tuple[Level, ...]] = ("configural", "metric", "scalar")
# thresholds first, or equal loadings of ordered items mean nothing: Wu & Estabrook (2016)
ORDERED_LEVELS: Final[tuple[Level, ...]] = (
    *("configural", "thresholds", "metric", "scalar"),
)


@dataclass(frozen=True, slots=True, eq=False)
class GroupColumn:
    """The groups of a column: `numbers` (n,) int32 are places in `names`, -1 = none."""

    names: tuple[str, ...]
    numbers: NDArray[np.int32]


Groups = Mapping[str, GroupColumn]


def invariance_of(answers: Answers, groups: Groups) -> dict[str, Invariance]:
    """Test each column of groups with the model of correlated factors.

    Raises
    ------
    ValueError
        A column does not have a group for every row of the data.
    """
    return {column: _of_a_column(answers, one) for column, one in groups.items()}


def _of_a_column(answers: Answers, column: GroupColumn) -> Invariance:
    data = answers.data
    if len(column.numbers) != data.n:
        raise ValueError(
            f"{data.n} rows need as many groups, not {len(column.numbers)}."
        )
    measured = Measured.of(answers.plan)
    if not measured.scales:
        return _untested(say("cfa_no_scales"), {})
    parts = {
        name: measured.answers(
            ResponseMatrix(data.codes[column.numbers == k], data.items), answers.plan
        )
        for k, name in enumerate(column.names)
    }
    chosen, notices = _chosen(parts)
    if len(chosen) < 2:
        reason = say("invariance_few", needs=FEWEST, has=len(chosen))
        return _untested(reason, {name: part.n for name, part in chosen.items()})
    sizes = {name: part.n for name, part in chosen.items()}
    sampled = _sampled(answers, measured, column, chosen)
    if sampled:
        notices = (*notices, *_sampled_notices(sampled))
    samples = samples_of(chosen, answers.plan, sampled)
    if isinstance(samples, Sentence):
        return _untested(measured.named(samples), sizes, notices)
    return _tested(answers, measured, samples, sizes, notices)


def _sampled(
    answers: Answers,
    measured: Measured,
    column: GroupColumn,
    chosen: Mapping[str, ResponseMatrix],
) -> dict[str, Sampling]:
    """Return how the people of each group who answered every item were sampled."""
    if answers.sampling is None:
        return {}
    codes = answers.data.select(measured.items).codes
    complete = (codes != MISSING).all(axis=1)
    return {
        name: answers.sampling.of(complete & (column.numbers == k))
        for k, name in enumerate(column.names)
        if name in chosen
    }


def _sampled_notices(sampled: Mapping[str, Sampling]) -> tuple[Sentence, ...]:
    """Say what of the comparison takes people as independent."""
    said = [say("invariance_sampled")]
    teams = [
        set(one.clusters.tolist())
        for one in sampled.values()
        if one.clusters is not None
    ]
    across = sum(sum(team in one for one in teams) > 1 for team in set().union(*teams))
    if across:
        said.append(say("invariance_teams_across", count=across))
    return tuple(said)


def _chosen(
    parts: Mapping[str, ResponseMatrix],
) -> tuple[dict[str, ResponseMatrix], tuple[Sentence, ...]]:
    """Return the groups that are large enough, at most so many, and what is left out."""
    large = [name for name, part in parts.items() if part.n >= FEWEST]
    small = len(parts) - len(large)
    largest = sorted(large, key=lambda name: parts[name].n, reverse=True)
    rest = len(largest[MOST_GROUPS:])
    notices = []
    if small and len(large) > 1:
        notices.append(say("invariance_left", needs=FEWEST, count=small))
    if rest:
        notices.append(say("invariance_most", most=MOST_GROUPS, count=rest))
    return {name: parts[name] for name in largest[:MOST_GROUPS]}, tuple(notices)


def _untested(
    reason: Sentence, sizes: Mapping[str, int], notices: tuple[Sentence, ...] = ()
) -> Invariance:
    return Invariance(sizes, None, None, None, "not_testable", reason, (), notices)


def _tested(
    answers: Answers,
    measured: Measured,
    samples: Mapping[str, FactorSample],
    sizes: Mapping[str, int],
    notices: tuple[Sentence, ...],
) -> Invariance:
    text = correlated(measured.factors)
    asked = {**options(answers.plan.estimator), "levels": _levels(samples)}
    released: tuple[str, ...] = ()
    try:
        levels = invariance(text, samples, **asked)
        verdict = _highest(levels)
        if verdict in ("metric", "configural"):
            if len(measured.items) * len(samples) > MOST_SEARCHED:
                notices = (*notices, say("invariance_no_search", most=MOST_SEARCHED))
                released = _rejected(levels, verdict)
            else:
                partial = invariance(
                    text, samples, **asked, release=RELEASE_P, known=levels
                )
                released = partial[-1].released
                if _highest(partial) == "scalar":
                    verdict = "partial_scalar"
    except PsychometricsError as error:
        return _untested(measured.say(error), sizes, notices)
    if not levels[0].fit.converged:
        why = measured.say(levels[0].fit.warnings[0])
        return _untested(why, sizes, notices)
    return _result(measured, levels, verdict, released, sizes, notices)


def _result(
    measured: Measured,
    levels: tuple[InvarianceLevel, ...],
    verdict: Verdict,
    released: tuple[str, ...],
    sizes: Mapping[str, int],
    notices: tuple[Sentence, ...],
) -> Invariance:
    drifting = tuple(dict.fromkeys(measured.code(_item(name)) for name in released))
    names = (one.level for one in levels)
    fits = dict(zip(names, _level_fits(levels), strict=True))
    said = {str(w): measured.say(w) for one in levels for w in one.warnings}
    return Invariance(
        n=sizes,
        configural=fits.get("configural"),
        metric=fits.get("metric"),
        scalar=fits.get("scalar"),
        thresholds=fits.get("thresholds"),
        verdict=verdict,
        reason=_reason(verdict, drifting),
        drifting=drifting,
        notices=(*notices, *said.values()),
    )


def _levels(samples: Mapping[str, FactorSample]) -> tuple[Level, ...]:
    """Return the levels that the samples can be held to."""
    ordered = [one for one in samples.values() if isinstance(one, OrdinalMoments)]
    if not ordered:
        return LEVELS
    if min(len(cuts) for cuts in ordered[0].thresholds) == 1:
        # of two categories everything is held equal at once, or nothing
        return ("configural", "scalar")
    return ORDERED_LEVELS


def _highest(levels: tuple[InvarianceLevel, ...]) -> Verdict:
    """Return the highest level whose fit is hardly worse than that of the one before.

    The chance of a false alarm is divided among the steps, by Bonferroni.
    """
    fits = _level_fits(levels)
    before = fits[0]
    if before is None or (before.cfi is not None and before.cfi < CFI_CONFIGURAL):
        return "none"
    chance = CHANCE_P / max(len(levels) - 1, 1)
    verdict: Verdict = "configural"
    for one, now in zip(levels[1:], fits[1:], strict=True):
        if now is None or not _hardly_worse(before, now, chance):
            break
        if one.level in ("metric", "scalar"):
            verdict = one.level
        before = now
    return verdict


def _hardly_worse(before: LevelFit, now: LevelFit, chance: float) -> bool:
    """Cheung & Rensvold (2002) and Chen (2007); without df the fit is perfect.

    What chance does as often as that is no drift, however far an index moved: the RMSEA
    of few degrees of freedom moves far (Kenny, Kaniskan & McCoach 2015). Without a p the
    indices decide.
    """
    if now.difference_p is not None and now.difference_p >= chance:
        return True
    fall = (1.0 if before.cfi is None else before.cfi) - (
        1.0 if now.cfi is None else now.cfi
    )
    rise = (now.rmsea or 0.0) - (before.rmsea or 0.0)
    return fall <= CFI_FALL and rise <= RMSEA_RISE


def _level_fits(levels: tuple[InvarianceLevel, ...]) -> tuple[LevelFit | None, ...]:
    """Return the fit of every level: scaled where the estimator is robust.

    Where one level has no scaled indices, those of all are unscaled: the two kinds are
    not held against each other.
    """
    known = [one.fit.measures for one in levels if one.fit.measures]
    scaled = all(one.scaled is not None for one in known if one.df)
    return tuple(_level_fit(one, scaled=scaled) for one in levels)


def _level_fit(level: InvarianceLevel, *, scaled: bool) -> LevelFit | None:
    found = level.fit.measures
    if found is None:
        return None
    one = (found.scaled if scaled else None) or found
    rmsea = one.rmsea.estimate if one.rmsea else None
    p = level.difference.p if level.difference else None
    return LevelFit(one.chi2, found.df, one.cfi, rmsea, found.srmr, p)


def _rejected(levels: tuple[InvarianceLevel, ...], verdict: Verdict) -> tuple[str, ...]:
    """Name the equalities that are rejected at the level that does not hold."""
    failing = {"configural": ("thresholds", "metric"), "metric": ("scalar",)}.get(
        verdict, ()
    )
    return tuple(
        test.name
        for one in levels
        if one.level in failing
        for test in one.tests
        if test.p < RELEASE_P / len(one.tests)
    )


def _item(name: str) -> str:
    """Return the item of a released parameter: "f1=~i2", "i2~1" or "i2|t1"."""
    return name.partition("=~")[2] or name.partition("~")[0].partition("|")[0]


def _reason(verdict: Verdict, drifting: tuple[str, ...]) -> Sentence:
    if verdict == "partial_scalar":
        return say("invariance_partial_scalar", items=drifting)
    return say(f"invariance_{verdict}")
