"""What owners decide about members: a manager's units, and the sections of each role."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from surveys.models.managers import NEVER_FOR_MANAGERS, SECTIONS_AT_FIRST, Section
from surveys.models.people import Role
from surveys.people.forms import unit_choices
from surveys.people.units import Branch


class UnitsForm(forms.Form):
    """The units of one manager."""

    units = forms.MultipleChoiceField(
        label=gettext_lazy("Units"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self,
        data: Any = None,
        *,
        tree: Sequence[Branch],
        held: Sequence[UUID],
        language: str,
    ) -> None:
        super().__init__(data, initial={"units": [str(unit) for unit in held]})
        choices = unit_choices(tree, language, empty="")[1:]
        self.fields["units"].choices = choices  # type: ignore[attr-defined]

    def chosen(self) -> list[UUID]:
        return [UUID(one) for one in self.cleaned_data["units"]]


class SectionsForm(forms.Form):
    """Which sections of every report each role sees; one field a role."""

    def __init__(
        self, data: Any = None, *, seen: Mapping[str, frozenset[Section]]
    ) -> None:
        super().__init__(data)
        for role in SECTIONS_AT_FIRST:
            offered = [
                (one.value, one.label)
                for one in Section
                if role != Role.MANAGER or one not in NEVER_FOR_MANAGERS
            ]
            self.fields[role] = forms.MultipleChoiceField(
                label=self.names()[role],
                choices=offered,
                initial=sorted(seen[role]),
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
        self.fields[Role.MANAGER].help_text = _(
            "Comments are never shown to managers, who know how their people write."
        )

    @staticmethod
    def names() -> dict[str, str]:
        return {
            Role.ANALYST: _("Analysts see"),
            Role.MANAGER: _("Managers see, of their units and everything above them"),
            Role.AUDITOR: _("Auditors see"),
        }

    def chosen(self) -> dict[str, list[str]]:
        return {role: self.cleaned_data[role] for role in SECTIONS_AT_FIRST}
