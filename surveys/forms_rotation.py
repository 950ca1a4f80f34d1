"""Fields of a rotation, to be included where a survey is designed."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from surveys.definition.rotation import FEWEST_BLOCKS, MOST_BLOCKS, Rotation

NONE, SCALES, ITEMS = "", "scales", "items"


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
    blocks = forms.IntegerField(
        label=gettext_lazy("Blocks"),
        initial=3,
        min_value=FEWEST_BLOCKS,
        max_value=MOST_BLOCKS,
        required=False,
    )
    asked = forms.IntegerField(
        label=gettext_lazy("Blocks that a wave asks"),
        help_text=gettext_lazy(
            "Three blocks of which two are asked let every pair of questions meet."
        ),
        initial=2,
        min_value=1,
        max_value=MOST_BLOCKS - 1,
        required=False,
    )
    core = forms.MultipleChoiceField(
        label=gettext_lazy("Scales that every wave asks"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        scales: Sequence[tuple[str, str]],
        initial: Mapping[str, Any] | None = None,
        prefix: str | None = None,
    ) -> None:
        """`scales` are codes of the form, such as ``TBE.T``, with their names."""
        super().__init__(data, initial=dict(initial or {}), prefix=prefix)
        core = self.fields["core"]
        assert isinstance(core, forms.MultipleChoiceField)  # noqa: S101, narrows the type
        core.choices = list(scales)

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("rotate") and not self.errors:
            plan = self._plan()
            if plan.asked >= plan.blocks:
                self.add_error("asked", _("Ask fewer blocks than there are."))
        return given

    def _plan(self) -> Rotation:
        given = self.cleaned_data
        return Rotation(
            blocks=given["blocks"] or 3,
            asked=given["asked"] or 2,
            whole_scales=given["rotate"] == SCALES,
            core=frozenset(given["core"]),
        )

    def rotation(self) -> Rotation | None:
        return self._plan() if self.cleaned_data["rotate"] else None
