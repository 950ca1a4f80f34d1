"""What a survey of this form and this size will be able to tell, before it is sent.

Pure: a plan and numbers of people in, sentences out. Every assumption stands in its
sentence; nothing here is an estimate from data.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from analytics import thresholds
from analytics.instrument_results import FEWEST_OF_LANGUAGE
from analytics.invariance import FEWEST
from analytics.plan import AnalysisPlan, PlanScale
from analytics.psychometrics import (
    regression_sample_size,
    rmsea_sample_size,
    smallest_difference,
)
from analytics.psychometrics.estimate import fisher_interval
from analytics.readings import Tone
from analytics.sentences import Sentence, say

POWER: Final = 0.80
# Assumed where nothing is known yet; each is said in its sentence.
ASSUMED_R: Final = 0.30
ASSUMED_ICC: Final = 0.10
ASSUMED_F2: Final = 0.15  # medium, Cohen (1988)
CLOSE_FIT, POOR_FIT = 0.05, 0.08
LEAST_TEAM_ICC2: Final = 0.70
ASSUMED_ITEM_R: Final = 0.40
LEAST_RELIABILITY: Final = 0.80
SD_OF_RANGE: Final = 1 / 4  # of the distance from the lowest to the highest point


@dataclass(frozen=True, slots=True)
class Size:
    """How many are asked, what share answers, and in how many teams they are.

    Attributes
    ----------
    least : int
        Answers of a team below which it is never shown.
    """

    asked: int
    share: float
    teams: int = 0
    least: int = 5

    @property
    def answers(self) -> int:
        """Answers to be expected, rounded down."""
        return math.floor(self.asked * self.share + 1e-9)


@dataclass(frozen=True, slots=True)
class Line:
    """One question a survey can be asked, and what to expect.

    Attributes
    ----------
    needs : int or None
        Answers from which on it is well answered; None where more is simply better.
    """

    question: Sentence
    expect: Sentence
    needs: int | None
    tone: Tone


def planned(plan: AnalysisPlan, size: Size) -> tuple[Line, ...]:
    """Say for each question what `size.answers` answers will show."""
    return tuple(_lines(plan, size))


def _lines(plan: AnalysisPlan, size: Size) -> Iterator[Line]:
    n = size.answers
    yield _level(plan, n)
    yield from _items(plan)
    yield _change(n)
    if plan.outcomes:
        yield _correlation(n)
        if len(plan.scales) > 1:
            yield _together(plan, n)
    if any(_is_recommendation(scale) for scale in plan.outcomes):
        yield _counted("plan_recommend", n, thresholds.RECOMMEND_N)
    if df := _degrees_of_freedom(plan):
        yield _structure(n, df)
    yield _counted("plan_languages", n, 2 * FEWEST)
    yield _counted("plan_evidence", n, FEWEST_OF_LANGUAGE)
    if size.teams:
        yield from _teams(size)


def _level(plan: AnalysisPlan, n: int) -> Line:
    scale = plan.scales[0]
    low, high = scale.items[0].low, scale.items[0].high
    question = say("plan_level", low=low, high=high)
    if n < 2:
        return Line(question, say("plan_nothing"), None, "stop")
    sd = (high - low) * SD_OF_RANGE
    half = 1.959963984540054 * sd / math.sqrt(n)
    return Line(question, say("plan_level_expect", half=half, sd=sd), None, "plain")


def _items(plan: AnalysisPlan) -> Iterator[Line]:
    """Reliability of the dimension with the fewest items; no number of people adds to it."""
    asked = [len(s.items) for s in plan.scales if s.model == "reflective"]
    if not asked:
        return
    count = min(asked)
    reliability = _lengthened(ASSUMED_ITEM_R, count)
    # Spearman and Brown turned round
    odds = LEAST_RELIABILITY / (1 - LEAST_RELIABILITY)
    least = math.ceil(odds * (1 - ASSUMED_ITEM_R) / ASSUMED_ITEM_R - 1e-9)
    expect = say(
        "plan_items_expect",
        count=count,
        r=ASSUMED_ITEM_R,
        reliability=reliability,
        least=least,
    )
    tone: Tone = "good" if reliability >= LEAST_RELIABILITY else "watch"
    yield Line(say("plan_items"), expect, None, tone)


def _lengthened(reliability: float, times: float) -> float:
    """Spearman (1910) and Brown (1910): reliability of a measure `times` as long."""
    return times * reliability / (1 + (times - 1) * reliability)


def _change(n: int) -> Line:
    question = say("plan_change")
    if n < 2:
        return Line(question, say("plan_nothing"), None, "stop")
    d = smallest_difference(n, power=POWER)
    return Line(question, say("plan_change_expect", d=d), None, "plain")


def _correlation(n: int) -> Line:
    question, needs = say("plan_correlation"), thresholds.STABLE_N
    if n < 4:
        return Line(question, say("plan_nothing"), needs, "stop")
    low, high = fisher_interval(ASSUMED_R, n, 0.95)
    expect = say("plan_correlation_expect", r=ASSUMED_R, low=low, high=high)
    return Line(question, expect, needs, _tone(n, needs))


def _together(plan: AnalysisPlan, n: int) -> Line:
    count = len(plan.scales)
    needs = math.ceil(regression_sample_size(count, ASSUMED_F2, power=POWER))
    expect = say("plan_together_expect", count=count, needs=needs)
    return Line(say("plan_together"), expect, needs, _tone(n, needs))


def _structure(n: int, df: int) -> Line:
    size = rmsea_sample_size(df, null=CLOSE_FIT, true=POOR_FIT, power=POWER)
    needs = math.ceil(size)
    expect = say("plan_structure_expect", df=df, needs=needs)
    return Line(say("plan_structure"), expect, needs, _tone(n, needs))


def _counted(code: str, n: int, needs: int) -> Line:
    return Line(say(code), say(f"{code}_expect", needs=needs), needs, _tone(n, needs))


def _teams(size: Size) -> Iterator[Line]:
    """Of a team of average size; small teams are worse off, as the sentence says."""
    members = size.answers / size.teams
    shown = members >= size.least
    expect = say("plan_team_expect", members=members, least=size.least)
    yield Line(
        say("plan_team"), expect, size.least * size.teams, "good" if shown else "stop"
    )
    icc2 = _lengthened(ASSUMED_ICC, members)
    # Spearman and Brown turned round
    least = LEAST_TEAM_ICC2 * (1 - ASSUMED_ICC) / (ASSUMED_ICC * (1 - LEAST_TEAM_ICC2))
    expect = say(
        "plan_team_mean_expect",
        icc=ASSUMED_ICC,
        icc2=max(icc2, 0.0),
        least=math.ceil(least - 1e-9),
    )
    yield Line(
        say("plan_team_mean"),
        expect,
        math.ceil(least - 1e-9) * size.teams,
        "good" if icc2 >= LEAST_TEAM_ICC2 else "watch",
    )


def _degrees_of_freedom(plan: AnalysisPlan) -> int:
    """Of correlated factors, one a reflective trust scale of three items or more."""
    scales = [s for s in plan.scales if s.model == "reflective" and len(s.items) > 2]
    items, factors = sum(len(s.items) for s in scales), len(scales)
    free = 2 * items + factors * (factors - 1) // 2
    return max(0, items * (items + 1) // 2 - free)


def _is_recommendation(scale: PlanScale) -> bool:
    return [(i.low, i.high) for i in scale.items] == [(0, 10)]


def _tone(n: int, needs: int) -> Tone:
    return "good" if n >= needs else "watch" if n >= needs / 2 else "stop"
