"""The form of quotas: a number for every answer that can have one."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.db import connection, transaction
from django.http import QueryDict
from django.utils.translation import gettext as _

from surveys.definition import Form
from surveys.models import Survey, Wave
from surveys.quotas import NOBODY, Answered, Cell, Most, Quota, count, every

LARGEST = 1_000_000


class QuotasForm(forms.Form):
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
