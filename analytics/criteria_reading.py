"""Business outcomes of the people who answered a wave, in the order of its rows.

Read in identified waves whose promise named it, and nowhere else.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from django.utils import timezone

from analytics import known_people
from analytics.criteria import CriteriaFacts, Known, Window
from analytics.plan import Text
from analytics.psychometrics import Matrix
from analytics.release_parts import WaveAnswers
from analytics.sentences import say
from surveys.models import Criterion, CriterionWindow, Promise, Survey, Wave
from surveys.promise import OUTCOMES

TAKES: dict[str, Callable[[float, float], float]] = {
    CriterionWindow.Take.LAST: lambda before, value: value,
    CriterionWindow.Take.HIGHEST: max,
    CriterionWindow.Take.SUM: lambda before, value: before + value,
}


def read_criteria(
    wave: Wave, now: WaveAnswers, *, at: datetime | None = None
) -> CriteriaFacts | None:
    """Return the outcomes of those who answered; None where the survey has no use of any.

    Inside the organization's transaction.
    """
    survey = wave.survey
    if survey.mode != Survey.Mode.IDENTIFIED:
        return None
    if not may_join(wave):
        told = say("criteria_not_told") if survey.joins_outcomes else None
        return None if told is None else CriteriaFacts(None, (), told)
    chosen = CriterionWindow.objects.filter(survey=survey).first()
    if chosen is None:
        return CriteriaFacts(None, (), say("criteria_no_window"))
    today = (at or timezone.now()).date()
    return _read(wave, chosen, date.fromisoformat(now.date), now.data.n, today)


def outcomes_of_rows(wave: Wave, n: int) -> tuple[Known, ...]:
    """Return the outcomes of the n rows of a closed wave, in the order of their keys.

    Nothing where they may not be joined, or where no window was chosen.
    """
    chosen = CriterionWindow.objects.filter(survey=wave.survey).first()
    if wave.closed_at is None or chosen is None or not may_join(wave):
        return ()
    return _read(wave, chosen, wave.closed_at.date(), n, timezone.now().date()).known


def may_join(wave: Wave) -> bool:
    """Whether the promise that the wave's people read names the use of outcomes."""
    if not wave.joins_outcomes or wave.survey.mode != Survey.Mode.IDENTIFIED:
        return False
    promise = Promise.objects.filter(wave=wave).first()
    return promise is not None and (
        OUTCOMES.en in promise.text_en and OUTCOMES.zh_hans in promise.text_zh_hans
    )


def _read(
    wave: Wave, chosen: CriterionWindow, closed: date, n: int, today: date
) -> CriteriaFacts:
    until = closed + timedelta(days=chosen.last_day)
    window = Window(
        chosen.first_day,
        chosen.last_day,
        chosen.take,
        closed.isoformat(),
        until.isoformat(),
        until < today,
    )
    columns: dict[tuple[Any, str], Matrix] = {}
    take = TAKES[chosen.take]
    since = closed + timedelta(days=chosen.first_day)
    first = closed - timedelta(days=chosen.last_day)
    for place, criterion, day, value in known_people.outcomes_of_rows(
        wave, first, until
    ):
        when = "earlier" if day <= closed else "later" if day >= since else ""
        if not when:
            continue  # after the close, and before the window begins
        key = (criterion, when)
        column = columns.setdefault(key, np.full(n, np.nan))
        before = column[place]
        column[place] = value if np.isnan(before) else take(before, value)
    return CriteriaFacts(window, _known(columns, n))


def _known(columns: dict[tuple[Any, str], Matrix], n: int) -> tuple[Known, ...]:
    used = {key for key, _ in columns}
    none = np.full(n, np.nan)
    return tuple(
        Known(
            one.code,
            Text(one.name_en, one.name_zh_hans),
            "binary" if one.kind == Criterion.Kind.BINARY else "number",
            "more" if one.direction == Criterion.Direction.MORE else "less",
            later=columns.get((one.pk, "later"), none),
            earlier=columns.get((one.pk, "earlier"), none),
        )
        for one in Criterion.objects.filter(pk__in=used).order_by("code")
    )
