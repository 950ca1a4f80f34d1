"""Fields of a rotation, on the page where a survey is designed."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from surveys.definition import Form
from surveys.definition.rotation import FEWEST_BLOCKS, MOST_BLOCKS, Rotation

NONE, SCALES, ITEMS = "", "scales", "items"
WAVE, RESPONDENT = "wave", "respondent"


class RotationFields(forms.Form):
    """Whether waves take turns in what they ask; gives a `Rotation` or None."""

    rotate = forms.ChoiceField(
        label=gettext_lazy("Short pulses"),
        help_text=gettext_lazy(
            "Questions can take turns, so that a wave is short and all are asked over"
            " time. What a wave does not ask is missing by plan, not by choice."
        ),
        choices=[
            (NONE, gettext_lazy("every wave asks everything")),
            (SCALES, gettext_lazy("whole scales take turns")),
            (ITEMS, gettext_lazy("the items of every scale take turns")),
        ],
        widget=forms.RadioSelect,
        required=False,
    )
    drawn = forms.ChoiceField(
        label=gettext_lazy("Who takes turns"),
        help_text=gettext_lazy(
            "Drawn by chance in every browser, one wave asks everything of somebody;"
            " a page without JavaScript asks everything."
        ),
        choices=[
            (WAVE, gettext_lazy("the waves: everybody is asked the same")),
            (RESPONDENT, gettext_lazy("the respondents: everybody draws a turn")),
        ],
        initial=WAVE,
        widget=forms.RadioSelect,
        required=False,
    )
    blocks = forms.IntegerField(
        label=gettext_lazy("Blocks"),
        initial=3,
        min_value=FEWEST_BLOCKS,
        max_value=MOST_BLOCKS,
        required=False,
    )
    asked = forms.IntegerField(
        label=gettext_lazy("Blocks that are asked at a time"),
        help_text=gettext_lazy(
            "Three blocks of which two are asked let every pair of questions meet."
        ),
        initial=2,
        min_value=1,
        max_value=MOST_BLOCKS - 1,
        required=False,
    )
    keeps_outcomes = forms.BooleanField(
        label=gettext_lazy("Always ask the outcomes"),
        initial=True,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("rotate") and not self.errors:
            plan = self._plan(())
            if plan.asked >= plan.blocks:
                self.add_error("asked", _("Ask fewer blocks than there are."))
        return given

    def _plan(self, outcomes: Iterable[str]) -> Rotation:
        given = self.cleaned_data
        return Rotation(
            blocks=given["blocks"] or 3,
            asked=given["asked"] or 2,
            whole_scales=given["rotate"] == SCALES,
            core=frozenset(outcomes if given["keeps_outcomes"] else ()),
            by_respondent=given["drawn"] == RESPONDENT,
        )

    def rotation(self, asked: Form) -> Rotation | None:
        """How `asked` is cut; None where everything is always asked."""
        outcomes = (scale.code for scale in asked.scales if scale.role == "outcome")
        return self._plan(outcomes) if self.cleaned_data["rotate"] else None
