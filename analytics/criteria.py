"""Part ``criteria``: business outcomes of people of an identified wave, beside trust.

Only values dated after the close are a prediction; what is dated on that day or before
was known already and stands apart. Pure, of all answers of a wave together.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from analytics.answers import figure, reason_of
from analytics.plan import AnalysisPlan, Text
from analytics.psychometrics import (
    Correlation,
    Matrix,
    PsychometricsError,
    correlate,
    holm,
    ordinal_logit,
    scale_scores,
)
from analytics.release_parts import WaveAnswers
from analytics.results import Absent, Figure, Report, Result
from analytics.sentences import Sentence, say
from analytics.thresholds import DRIVERS_N

Kind = Literal["binary", "number"]
Direction = Literal["more", "less"]  # whether more of it is welcome
When = Literal["later", "earlier"]
WHENS: Final[tuple[When, ...]] = ("later", "earlier")


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """One outcome by the rows of the answers.

    `later`, `earlier`: (n,) float64 in the order of the rows, NaN without a value.
    """

    code: str
    name: Text
    kind: Kind
    direction: Direction
    later: Matrix
    earlier: Matrix


@dataclass(frozen=True, slots=True)
class Window:
    """Days that count, as they were chosen: `until` is the last, in ISO form.

    `over`: whether that day lay behind when the values were read.
    """

    first: int
    last: int
    take: str
    closed: str
    until: str
    over: bool


@dataclass(frozen=True, slots=True, eq=False)
class CriteriaFacts:
    """What was read for a release: outcomes of the people who answered, or why none."""

    window: Window | None
    known: tuple[Known, ...]
    reason: Sentence | None = None


@dataclass(frozen=True, slots=True)
class ScaleBeside:
    """A trust scale beside one outcome.

    Attributes
    ----------
    r : Figure or Absent
        Pearson's correlation with Fisher's interval; of yes or no the point-biserial.
    odds : Figure, Absent or None
        Log odds of yes that go with one standard deviation of the scale, by logistic
        regression on it alone; None of numbers.
    p, holm : float or None
        Of no correlation; adjusted for all correlations with later values.
    """

    r: Result
    odds: Result | None
    p: float | None
    holm: float | None


@dataclass(frozen=True, slots=True)
class OutcomeBeside:
    """One outcome, dated later or earlier, beside every scale; or why not.

    `matched` of `total` people have a value; of yes or no `yes` of them have yes.
    """

    code: str
    name: Text
    kind: Kind
    direction: Direction
    when: When
    matched: int
    total: int
    yes: int | None
    scales: Mapping[str, ScaleBeside]
    reason: Sentence | None


@dataclass(frozen=True, slots=True)
class CriteriaPart:
    """The part; `names` of the scales by code. Without a window there is a reason."""

    window: Window | None
    outcomes: tuple[OutcomeBeside, ...]
    names: Mapping[str, Text]
    reason: Sentence | None


def criteria_of(now: WaveAnswers, report: Report, facts: CriteriaFacts) -> CriteriaPart:
    """Set every told trust scale beside every outcome of the people who answered.

    In the identified mode the organization sees answers as those of a person, so that
    nothing is hidden for smallness but what would say nothing.
    """
    if facts.reason is not None or facts.window is None:
        return CriteriaPart(None, (), {}, facts.reason)
    scores = _scores(now, report)
    found = [
        _outcome(one, when, scores, facts.window.take)
        for when in WHENS
        for one in facts.known
        if not np.isnan(_values(one, when)).all()
    ]
    if not found:
        window = facts.window
        none = say("criteria_no_values", last=window.last, closed=window.closed)
        return CriteriaPart(window, (), {}, none)
    names = {one.code: one.name for one in now.plan.scales if one.code in scores}
    return CriteriaPart(facts.window, _corrected(found), names, None)


def _values(one: Known, when: When) -> Matrix:
    return one.later if when == "later" else one.earlier


def _scores(now: WaveAnswers, report: Report) -> dict[str, Matrix]:
    """Score the told scales on every row; NaN on rows that the missing rule drops."""
    plan: AnalysisPlan = now.plan
    answered = now.data.select(plan.item_codes).codes >= 0
    kept = np.logical_or(answered.all(axis=1), plan.missing != "listwise")
    found = {}
    for one in plan.scales:
        if one.code in report.scales:
            values = scale_scores(now.data, one.item_codes)
            found[one.code] = np.where(kept, values, np.nan)
    return found


def _outcome(
    known: Known, when: When, scores: Mapping[str, Matrix], take: str
) -> OutcomeBeside:
    values = _values(known, when)
    matched = int((~np.isnan(values)).sum())
    # counted up, a yes or no is a number
    binary = known.kind == "binary" and take != "sum"
    enough = matched >= DRIVERS_N
    few = say("criteria_few", matched=matched, total=len(values), needs=DRIVERS_N)
    return OutcomeBeside(
        code=known.code,
        name=known.name,
        kind="binary" if binary else "number",
        direction=known.direction,
        when=when,
        matched=matched,
        total=len(values),
        yes=int(np.nansum(values)) if binary and enough else None,
        scales={c: beside(x, values, c, binary) for c, x in scores.items()}
        if enough
        else {},
        reason=None if enough else few,
    )


def beside(x: Matrix, y: Matrix, code: str, binary: bool) -> ScaleBeside:
    both = ~np.isnan(x) & ~np.isnan(y)
    n = int(both.sum())
    if n < DRIVERS_N:
        few = Absent(say("criteria_few", matched=n, total=len(x), needs=DRIVERS_N))
        return ScaleBeside(few, few if binary else None, None, None)
    p: float | None = None
    r: Result
    try:
        found = correlate(x, y)
        r, p = _figure(found), found.p
    except PsychometricsError as error:
        r = Absent(reason_of(error))
    odds = _attempt(lambda: _odds(x[both], y[both], code)) if binary else None
    return ScaleBeside(r, odds, p, None)


def _figure(found: Correlation) -> Figure:
    return Figure(found.r, found.low, found.high, found.n, found.method)


def _odds(x: Matrix, y: Matrix, code: str) -> Figure:
    """Logistic regression is the proportional-odds model of two answers."""
    found = ordinal_logit(x[:, None], [code], y, "yes")
    return figure(found.slopes[code])


def _attempt(compute: Callable[[], Figure]) -> Result:
    try:
        return compute()
    except PsychometricsError as error:
        return Absent(reason_of(error))


def _corrected(found: Sequence[OutcomeBeside]) -> tuple[OutcomeBeside, ...]:
    """Adjust the tests of later values for all of them together."""
    places = [
        (at, code, one.p)
        for at, outcome in enumerate(found)
        if outcome.when == "later"
        for code, one in outcome.scales.items()
        if one.p is not None
    ]
    if not places:
        return tuple(found)
    adjusted = holm(np.array([p for _, _, p in places], dtype=np.float64))
    scales = [dict(one.scales) for one in found]
    for (at, code, _), p in zip(places, adjusted, strict=True):
        scales[at][code] = replace(scales[at][code], holm=float(p))
    return tuple(
        replace(one, scales=own) for one, own in zip(found, scales, strict=True)
    )
