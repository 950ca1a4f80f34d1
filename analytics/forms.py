"""What an owner fills in beside an analysis."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from analytics.models import ReportMailChoice


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


class MailChoice(forms.Form):
    """Whether a member gets a mail about each report, and in which language."""

    mail = forms.ChoiceField(
        label=_("Mail when a report is published"),
        choices=[
            ("both", _("English and Chinese")),
            ("en", _("English")),
            ("zh-hans", _("Chinese")),
            ("none", _("No mail")),
        ],
    )

    @staticmethod
    def of(known: ReportMailChoice | None) -> dict[str, str]:
        """Return initial values for what is stored; nothing stored means both."""
        if known is None:
            return {"mail": "both"}
        return {"mail": known.language or "both" if known.wanted else "none"}

    def chosen(self) -> dict[str, Any]:
        """Fields of the row for a valid form."""
        mail = self.cleaned_data["mail"]
        spoken = "" if mail in {"both", "none"} else mail
        return {"wanted": mail != "none", "language": spoken}
