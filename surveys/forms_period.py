"""Forms beside a schedule: what happened, and until when an open wave takes answers."""

from django import forms
from django.utils.translation import gettext_lazy

from surveys.models import Event


class EventForm(forms.Form):
    """Something that happened and may show in a trend."""

    date = forms.DateField(
        label=gettext_lazy("Day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Event.Kind.choices)
    title_en = forms.CharField(label=gettext_lazy("Title in English"), max_length=200)
    title_zh_hans = forms.CharField(
        label=gettext_lazy("Title in Chinese"), max_length=200
    )


class CloseForm(forms.Form):
    """Until when an open wave takes answers, in a time zone."""

    day = forms.DateField(
        label=gettext_lazy("Closes on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    clock = forms.TimeField(
        label=gettext_lazy("Time of day"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
