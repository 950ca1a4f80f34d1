"""What a token is made for, turned into typed values."""

from datetime import date, timedelta
from typing import Any, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from surveys.api.scopes import Scope

LONGEST: Final = timedelta(days=366)


class TokenForm(forms.Form):
    """Name, scopes and last day of a new token."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=100,
        help_text=gettext_lazy("Of the program that will use it."),
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What it may do"),
        choices=Scope.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    expires_on = forms.DateField(
        label=gettext_lazy("Last day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("A year from now at most."),
    )

    def __init__(self, data: Any = None, *, today: date) -> None:
        super().__init__(data, initial={"expires_on": today + timedelta(days=90)})
        self.today = today

    def clean_expires_on(self) -> date:
        chosen: date = self.cleaned_data["expires_on"]
        if not self.today <= chosen <= self.today + LONGEST:
            raise forms.ValidationError(
                _("Choose a day from today to a year from now.")
            )
        return chosen


def today() -> date:
    """Return the day in UTC, by which tokens end."""
    return timezone.now().date()
