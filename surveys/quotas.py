"""Quotas: most answers by a choice or the language, and how many there are.

Stored as {"SEX.A1": {"1": 100, "2": 100}, "language": {"en": 50}}, with the survey for the
next waves and with the wave that is open. Never in anonymous and confidential waves: a
full quota tells, while the wave is open, what others have answered. The database refuses
them there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F
from django.utils.translation import gettext as _

from surveys.collect.page import OWN_NAME
from surveys.definition import Form
from surveys.models import Response, Survey, Wave

LANGUAGE = "language"
ALLOWED = frozenset({Survey.Mode.OPEN, Survey.Mode.IDENTIFIED})

Most = Mapping[str, Mapping[str, int]]
Answered = Mapping[tuple[str, str], int]
NOBODY: Answered = {}


@dataclass(frozen=True, slots=True)
class Cell:
    """One answer: how many have given it, and how many may; None: as many as come."""

    value: str
    label: str
    answered: int
    most: int | None

    @property
    def is_full(self) -> bool:
        return self.most is not None and self.answered >= self.most


@dataclass(frozen=True, slots=True)
class Quota:
    """A question with single answers, or the language of the answers."""

    code: str
    question: str
    cells: tuple[Cell, ...]


def every(
    form: Form, language: str, most: Most, answered: Answered = NOBODY
) -> tuple[Quota, ...]:
    """Everything that can have quotas, in the order of the form, the language last."""
    found = [
        (item.code, item.text.in_(language), _options(item.low, item.labels, language))
        for item in form.items
        if item.kind == "choice"
    ]
    if len(form.languages) > 1:
        spoken = [(code, OWN_NAME[code]) for code in form.languages]
        found.append((LANGUAGE, _("Language of the answers"), spoken))
    return tuple(
        Quota(
            code,
            question,
            tuple(
                Cell(
                    value,
                    label,
                    answered.get((code, value), 0),
                    most.get(code, {}).get(value),
                )
                for value, label in options
            ),
        )
        for code, question, options in found
    )


def _options(low: int, labels: Any, language: str) -> list[tuple[str, str]]:
    return [(str(n), label.in_(language)) for n, label in enumerate(labels, start=low)]


def of_wave(wave: Wave, language: str) -> tuple[Quota, ...]:
    """What a wave takes so many of, and how many have answered so."""
    if not wave.quotas:
        return ()
    form = wave.form.asked()
    quotas = every(form, language, wave.quotas, count(wave, form, wave.quotas))
    chosen = (
        Quota(q.code, q.question, tuple(c for c in q.cells if c.most is not None))
        for q in quotas
    )
    return tuple(quota for quota in chosen if quota.cells)


def count(wave: Wave, form: Form, codes: Mapping[str, object]) -> Answered:
    """How many have given each answer to these questions."""
    places = {item.code: f"answers__{n}" for n, item in enumerate(form.items)}
    places[LANGUAGE] = LANGUAGE
    found: dict[tuple[str, str], int] = {}
    for code in codes:
        if code not in places:
            continue
        rows = Response.objects.filter(wave=wave).values(given=F(places[code]))
        for row in rows.annotate(number=Count("*")).order_by():
            found[code, str(row["given"])] = row["number"]
    return found
