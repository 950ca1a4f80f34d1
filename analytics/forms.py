"""What an owner fills in beside an analysis."""

from django import forms
from django.utils.translation import gettext_lazy as _


class PlannedSize(forms.Form):
    """How many people are asked, how many of them answer, in how many teams."""

    asked = forms.IntegerField(
        label=_("People asked"), min_value=1, max_value=10_000_000, initial=100
    )
    percent = forms.IntegerField(
        label=_("Of 100 people, how many will answer?"),
        help_text=_("If you do not know, look at earlier waves, or try several."),
        min_value=1,
        max_value=100,
        initial=60,
    )
    teams = forms.IntegerField(
        label=_("Teams or groups to be shown"),
        help_text=_("0 if only everybody together is reported."),
        min_value=0,
        max_value=1_000_000,
        initial=0,
        required=False,
    )
