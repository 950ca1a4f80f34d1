"""What an owner fills in beside an analysis."""

from typing import Any, get_args

from django import forms
from django.utils.translation import gettext_lazy as _

from analytics.border_rule import RULE, EstimatorChoice
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


class Estimation(forms.Form):
    """How the factor model of an analysis or a release takes the items."""

    estimator = forms.ChoiceField(
        label=_("How the factor model takes the items"),
        help_text=_(
            "The rule: items of five points or more are numbers, items of fewer are "
            "ordered. The report says what was used."
        ),
        choices=[
            (RULE, _("By their points (the rule)")),
            ("MLMV", _("As numbers, robust, adjusted for mean and variance (MLMV)")),
            ("MLR", _("As numbers, robust, Yuan and Bentler (MLR)")),
            ("ML", _("As normal numbers (ML)")),
            ("FIML", _("As numbers, using answers with gaps (FIML)")),
            ("WLSMV", _("As ordered categories (WLSMV)")),
        ],
        initial=RULE,
        required=False,
    )

    @property
    def chosen(self) -> EstimatorChoice | None:
        """What was chosen, the rule where nothing was; None for an unknown name."""
        if not self.is_valid():
            return None
        known: tuple[EstimatorChoice, ...] = get_args(EstimatorChoice)
        given = self.cleaned_data["estimator"] or RULE
        return next(one for one in known if one == given)


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
