"""Quotas: most answers by a choice or the language, and how many there are.

Stored as {"SEX.A1": {"1": 100, "2": 100}, "language": {"en": 50}}, with the survey for the
next waves and with the wave that is open. Never in anonymous and confidential waves: a
full quota tells, while the wave is open, what others have answered. The database refuses
them there.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import connection, transaction
from django.db.models import Count, F
from django.http import QueryDict
from django.utils.translation import gettext as _

from surveys.collect.page import OWN_NAME
from surveys.definition import Form
from surveys.models import Response, Survey, Wave

LANGUAGE = "language"
ALLOWED = frozenset({Survey.Mode.OPEN, Survey.Mode.IDENTIFIED})
LARGEST = 1_000_000

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


class Quotas(forms.Form):
    """A number for every answer; empty: as many as come.

    Raising is free at any time. While a wave is open no number may be less than what is
    there; of known people, whose answers nobody sees before the end, none may be lowered.
    """

    def __init__(
        self,
        data: QueryDict | None,
        *,
        survey: Survey,
        opened: Wave | None,
        form: Form,
        language: str,
    ) -> None:
        self.survey, self.opened, self.asked = survey, opened, form
        self.language = language
        super().__init__(data)
        self.before: Most = survey.quotas if opened is None else opened.quotas
        for quota in every(form, language, self.before):
            for cell in quota.cells:
                self.fields[_field(quota.code, cell.value)] = forms.IntegerField(
                    label=cell.label,
                    initial=cell.most,
                    min_value=0,
                    max_value=LARGEST,
                    required=False,
                )

    @property
    def shows_answered(self) -> bool:
        return self.opened is not None and self.opened.shows_answers

    def questions(self) -> Iterator[tuple[Quota, list[tuple[Cell, forms.BoundField]]]]:
        """What the page draws: each question with its answers and their fields."""
        for quota in every(self.asked, self.language, self.before, self._answered()):
            yield (
                quota,
                [(c, self[_field(quota.code, c.value)]) for c in quota.cells],
            )

    def _answered(self) -> Answered:
        if self.opened is None:
            return NOBODY
        codes = {quota.code: None for quota in every(self.asked, self.language, {})}
        return count(self.opened, self.asked, codes)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.opened is None:
            return given
        for quota in every(self.asked, self.language, self.before, self._answered()):
            for cell in quota.cells:
                wanted = given.get(_field(quota.code, cell.value))
                if wanted is not None and (problem := self._too_low(cell, wanted)):
                    self.add_error(_field(quota.code, cell.value), problem)
        return given

    def _too_low(self, cell: Cell, wanted: int) -> str:
        if self.shows_answered and wanted < cell.answered:
            return _(
                "%(answered)s are there already; please take no smaller number."
            ) % {"answered": cell.answered}
        if not self.shows_answered and cell.most is not None and wanted < cell.most:
            return _("While the wave is open this number can only be raised.")
        return ""

    @transaction.atomic
    def store(self) -> bool:
        """Check and store while no answer arrives; False where something is amiss.

        Answers hold this lock shared, so that none is counted by the old numbers after
        the new ones are there.
        """
        if self.opened is not None:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
                    [str(self.opened.pk)],
                )
        if not self.is_valid():
            return False
        most: dict[str, dict[str, int]] = {}
        for quota in every(self.asked, self.language, {}):
            for cell in quota.cells:
                number = self.cleaned_data[_field(quota.code, cell.value)]
                if number is not None:
                    most.setdefault(quota.code, {})[cell.value] = number
        Survey.objects.filter(pk=self.survey.pk).update(quotas=most)
        if self.opened is not None:
            opened = Wave.objects.filter(pk=self.opened.pk, state=Wave.State.OPEN)
            opened.update(quotas=most)
        return True


def _field(code: str, value: str) -> str:
    return f"most-{code}-{value}"
