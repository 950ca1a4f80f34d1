"""Groups and thresholds of a wave, turned into typed values."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from surveys.definition import Text
from surveys.launching import NewCell
from surveys.models.promise import LEAST_INVITED
from surveys.promise import Thresholds

if TYPE_CHECKING:
    _FormSet = forms.BaseFormSet["GroupForm"]
else:
    _FormSet = forms.BaseFormSet

MOST_GROUPS = 400
MOST_INVITED = 1_000_000
ROWS = 3  # empty rows of a fresh page, and how many "more rows" adds


class ThresholdsForm(forms.Form):
    """Least numbers of people; they may be raised above `floors`, never lowered."""

    least_for_scores = forms.IntegerField(
        label=gettext_lazy("Scores are shown from (people)")
    )
    least_for_comments = forms.IntegerField(
        label=gettext_lazy("Comments and distributions are shown from (people)")
    )
    least_for_sensitive = forms.IntegerField(
        label=gettext_lazy("Sensitive yes/no questions are shown from (people)")
    )
    least_batch = forms.IntegerField(
        label=gettext_lazy("Answers are mixed from (number of answers)")
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        floors: Thresholds,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial={**asdict(floors), **(initial or {})})
        for name, least in asdict(floors).items():
            field = self.fields[name]
            field.widget.attrs |= {"min": least, "inputmode": "numeric"}
            field.validators.append(self._at_least(least))

    @staticmethod
    def _at_least(least: int) -> Any:
        def check(value: int) -> None:
            if not least <= value <= MOST_INVITED:
                sentence = _(
                    "Take %(least)s or more: what was promised once can only rise."
                )
                raise forms.ValidationError(sentence % {"least": least})

        return check

    def thresholds(self) -> Thresholds:
        return Thresholds(**self.cleaned_data)


class GroupForm(forms.Form):
    """One group; all fields empty: no group."""

    name_en = forms.CharField(
        label=gettext_lazy("Name in English"),
        max_length=200,
        widget=forms.TextInput(attrs={"lang": "en"}),
    )
    name_zh_hans = forms.CharField(
        label=gettext_lazy("Name in Chinese"),
        max_length=200,
        widget=forms.TextInput(attrs={"lang": "zh-Hans"}),
    )
    invited = forms.IntegerField(
        label=gettext_lazy("People invited"),
        widget=forms.NumberInput(attrs={"min": 0, "inputmode": "numeric"}),
    )
    above = forms.TypedChoiceField(
        label=gettext_lazy("Belongs to"), required=False, coerce=int, empty_value=None
    )
    printed = forms.BooleanField(
        label=gettext_lazy("Codes on paper, drawn by hand, instead of links"),
        required=False,
    )

    def clean_invited(self) -> int:
        invited = int(self.cleaned_data["invited"])
        if invited != 0 and not LEAST_INVITED <= invited <= MOST_INVITED:
            sentence = _(
                "Invite %(least)s people or more, or 0 where the group only stands "
                "above others."
            )
            raise forms.ValidationError(sentence % {"least": LEAST_INVITED})
        return invited


class BaseGroups(_FormSet):
    """Rows of groups; a group may belong to one of an earlier row."""

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        rows: Sequence[dict[str, Any]],
        with_paper: bool,
    ) -> None:
        self.with_paper = with_paper
        super().__init__(data, prefix="groups", initial=rows)
        self.extra = len(rows) + ROWS

    def initial_form_count(self) -> int:
        """None: every row may stay empty."""
        return 0

    def add_fields(self, form: GroupForm, index: int | None) -> None:
        super().add_fields(form, index)
        if not self.with_paper:
            # every code of a confidential wave is typed, wherever it stands
            del form.fields["printed"]
        above = form.fields["above"]
        assert isinstance(above, forms.ChoiceField)  # noqa: S101, narrows the type
        above.choices = [("", _("no other group"))] + [
            (row, _("group %(number)s") % {"number": row + 1})
            for row in range(index or 0)
        ]

    def clean(self) -> None:
        """A group can only belong to one that is there."""
        for form in self.forms:
            above = form.cleaned_data.get("above") if form.is_valid() else None
            if above is not None and not self._is_filled(self.forms[above]):
                form.add_error("above", _("This group has no name yet."))

    def _is_filled(self, form: GroupForm) -> bool:
        return form.has_changed() or not form.empty_permitted

    def cells(self) -> list[NewCell]:
        """Groups of the filled rows, those above before those below."""
        filled = [at for at, form in enumerate(self.forms) if form.cleaned_data]
        position = {row: at for at, row in enumerate(filled)}
        found = []
        for row in filled:
            given = self.forms[row].cleaned_data
            above = given["above"]
            found.append(
                NewCell(
                    Text(given["name_en"], given["name_zh_hans"]),
                    given["invited"],
                    None if above is None else position[above],
                    given.get("printed", False),
                )
            )
        return found


Groups: type[BaseGroups] = forms.formset_factory(  # type: ignore[assignment]
    GroupForm,
    formset=BaseGroups,
    extra=ROWS,
    max_num=MOST_GROUPS,
    validate_max=True,
    absolute_max=MOST_GROUPS + ROWS,
)


def rows_sent(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What stands in the rows of a page that was sent to get some more of them."""
    rows = int(data["groups-TOTAL_FORMS"]) if _is_count(data) else 0
    return [
        {name: data.get(f"groups-{row}-{name}", "") for name in GroupForm.base_fields}
        for row in range(min(rows, MOST_GROUPS - ROWS))
    ]


def _is_count(data: Mapping[str, Any]) -> bool:
    return str(data.get("groups-TOTAL_FORMS", "")).isdecimal()
