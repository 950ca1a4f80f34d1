"""Whom a survey asks and when, on the page of its design."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from surveys.forms_schedule import People, ScheduleForm
from surveys.models import Participant, Survey

PREFIX = "plan"
BY_HAND, PLANNED = "hand", "planned"


class PlanForm(ScheduleForm):
    """Waves by hand, or by a schedule; then also whom of the list they ask.

    By hand everything else counts for nothing, and stays in the page all the same.
    """

    how = forms.ChoiceField(
        label=gettext_lazy("Who opens a wave, and who is asked"),
        choices=[
            (
                BY_HAND,
                gettext_lazy(
                    "I open each wave myself, and hand out its link, links or codes"
                ),
            ),
            (
                PLANNED,
                gettext_lazy(
                    "Waves open and close by themselves, and invite people of our list"
                ),
            ),
        ],
        initial=BY_HAND,
        widget=forms.RadioSelect,
    )
    field_order = (  # type: ignore[assignment]  # one field more than there
        "how",
        "repeat",
        "every",
        "nth",
        "first",
        "opens",
        "zone",
        "days",
        "after",
        "until",
        "waves",
        "country",
        "free_dates",
        "free_rule",
        "reminders",
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        people: People,
        rest: int = 0,
    ) -> None:
        super().__init__(data, people=people, rest=rest, prefix=PREFIX)

    @property
    def is_planned(self) -> bool:
        return bool(self.data.get(self.add_prefix("how")) == PLANNED)

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound and not self.is_planned:
            self._errors = ErrorDict()
            self.cleaned_data = {"how": BY_HAND}

    def suits(self, mode: str) -> bool:
        """Whether people, time and mode go together; else an error says why not."""
        if self.is_planned:
            if mode != Survey.Mode.OPEN and not Participant.objects.exists():
                sentence = _("Your list of people is empty: bring people in first.")
                self.add_error("how", sentence)
        elif mode == Survey.Mode.IDENTIFIED:
            sentence = _("An identified survey invites people of your list by name.")
            self.add_error("how", sentence)
        return not self.errors
