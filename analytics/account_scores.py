"""Scores of single people of an identified wave, by their customer number.

The mode's promise says that those who asked see the answers as the person's own; in
every other mode nothing of a single person exists that could be given.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from django.conf import settings

from analytics.known_people import numbers_of_rows
from analytics.plan import PlanScale
from analytics.psychometrics import (
    Matrix,
    PsychometricsError,
    cronbach_alpha,
    moments,
    scale_scores,
    standard_error_of_measurement,
)
from analytics.release_parts import WaveAnswers
from analytics.responses import load_wave_answers
from analytics.thresholds import DRIVERS_N
from surveys.models import Survey, Wave


class NotOfPeople(Exception):
    """The mode of the wave does not know whose answers are whose."""


class NotYet(Exception):
    """The wave takes answers still."""


@dataclass(frozen=True, slots=True)
class AccountScore:
    """One scale of one person: mean of the items, and the standard error of the scale.

    `standard_error` is that of measurement, from the spread and alpha of the wave; None
    where fewer than 20 answered or alpha does not exist. `score` is None where fewer
    than half of the items were answered.
    """

    scale: str
    score: float | None
    standard_error: float | None


@dataclass(frozen=True, slots=True)
class Account:
    """A person who answered; `number` is "" where the organization gave none."""

    number: str
    participant: str
    scores: tuple[AccountScore, ...]


def scores_of(wave: Wave) -> tuple[Account, ...]:
    """Return the scores of everybody who answered and is still known, by number.

    Inside the organization's transaction. Who was erased since is left out.

    Raises
    ------
    NotOfPeople, NotYet
    """
    if wave.survey.mode != Survey.Mode.IDENTIFIED:
        raise NotOfPeople
    if not wave.shows_answers:
        raise NotYet
    seed = settings.ANALYSIS_SEED
    now = load_wave_answers(wave, wave.form.asked(), seed=seed)
    people = numbers_of_rows(wave)
    columns = dict(_columns(now))
    found = [
        Account(
            key or "",
            str(person),
            tuple(
                AccountScore(code, _number(values[place]), error)
                for code, (values, error) in columns.items()
            ),
        )
        for place, (key, person) in enumerate(people)
        if person is not None
    ]
    return tuple(sorted(found, key=lambda one: (one.number.casefold(), one.number)))


def _columns(now: WaveAnswers) -> Iterator[tuple[str, tuple[Matrix, float | None]]]:
    for scale in now.plan.constructs:
        values = scale_scores(now.data, scale.item_codes)
        yield scale.code, (values, standard_error(now, scale, values))


def standard_error(now: WaveAnswers, scale: PlanScale, values: Matrix) -> float | None:
    """Return the standard error of measurement of a scale, from raw alpha."""
    known = values[~np.isnan(values)]
    if len(known) < DRIVERS_N:
        return None
    part = now.data.select(scale.item_codes)
    try:
        alpha = cronbach_alpha(moments(part, missing=now.plan.missing)).raw
    except PsychometricsError:
        return None
    spread = float(known.std(ddof=1))
    return standard_error_of_measurement(spread, alpha).estimate


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
