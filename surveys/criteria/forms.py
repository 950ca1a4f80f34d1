"""What an owner fills in about business outcomes."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from surveys.criteria.files import DATE, NUMBER
from surveys.models import Criterion, CriterionFile, CriterionWindow
from surveys.models.criteria import LONGEST_WINDOW


class CriterionForm(forms.ModelForm):  # type: ignore[type-arg]
    """Something that is known of people; code and kind stay as they are."""

    class Meta:
        model = Criterion
        fields = ("code", "name_en", "name_zh_hans", "kind", "direction")
        labels = {
            "name_en": gettext_lazy("Name in English"),
            "name_zh_hans": gettext_lazy("Name in Chinese"),
        }
        widgets = {
            "kind": forms.RadioSelect,
            "direction": forms.RadioSelect,
        }
        help_texts = {
            "code": gettext_lazy(
                "Letters, digits, underscores; your files and programs name it so."
            )
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("kind", "direction"):
            # no choice is made for anybody
            field = self.fields[name]
            field.choices = [one for one in field.choices if one[0]]  # type: ignore[attr-defined]

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if Criterion.objects.filter(code__iexact=code).exists():
            raise forms.ValidationError(_("Another outcome has this code."))
        return code


class ValuesFileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "CSV or .xlsx, up to 8 MB. The first row names the columns: number (as under"
            " People), date (year first), and one column for each outcome."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
    )


class ValueColumnsForm(forms.Form):
    """What each column of a file of values means."""

    def __init__(
        self,
        data: Any = None,
        *,
        kept: CriterionFile,
        criteria: Mapping[str, Criterion],
        language: str,
    ) -> None:
        self.kept = kept
        super().__init__(data)
        choices = [
            ("", _("left out")),
            (NUMBER, pgettext("of a person", "number")),
            (DATE, _("date")),
            *((code, one.name(language)) for code, one in criteria.items()),
        ]
        for at, title in enumerate(kept.header):
            self.fields[f"column-{at}"] = forms.ChoiceField(
                label=title,
                required=False,
                choices=choices,
                initial=kept.mapping[at],
            )

    def columns(self) -> list[forms.BoundField]:
        return [self[f"column-{at}"] for at in range(len(self.kept.header))]

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        roles = [data.get(f"column-{at}", "") for at in range(len(self.kept.header))]
        if problem := problem_of(roles):
            raise forms.ValidationError(problem)
        data["mapping"] = roles
        return data


def problem_of(roles: list[str]) -> str:
    """Say what is wrong with a choice of columns; "" where nothing is."""
    used = [role for role in roles if role]
    if len(set(used)) < len(used):
        return _("Two columns mean the same; leave one of them out.")
    if NUMBER not in used or DATE not in used:
        return _("Choose a column for the number and one for the date.")
    if len(used) < 3:
        return _("Choose a column for at least one outcome.")
    return ""


class WindowForm(forms.Form):
    """Whether answers of a survey meet outcomes, and which; nothing is chosen already."""

    joins_outcomes = forms.BooleanField(
        label=gettext_lazy("Set answers beside business outcomes"),
        help_text=gettext_lazy(
            "The promise of the next waves says so, in words that cannot be changed. Only"
            " waves that opened with these words are joined; earlier ones never are."
        ),
        required=False,
    )
    first_day = forms.IntegerField(
        label=gettext_lazy("From day"),
        help_text=gettext_lazy(
            "Counted from the day on which the wave closed: 1 is the day after."
        ),
        min_value=1,
        max_value=LONGEST_WINDOW,
        required=False,
    )
    last_day = forms.IntegerField(
        label=gettext_lazy("To day"),
        help_text=gettext_lazy("Such as 90: about three months after."),
        min_value=1,
        max_value=LONGEST_WINDOW,
        required=False,
    )
    take = forms.ChoiceField(
        label=gettext_lazy("Of several values of one person, take"),
        choices=CriterionWindow.Take.choices,
        widget=forms.RadioSelect,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        names = ("first_day", "last_day", "take")
        chosen = [name for name in names if given.get(name)]
        if self.errors or (not chosen and not given.get("joins_outcomes")):
            return given
        for name in names:
            if name not in chosen:
                self.add_error(name, _("Please choose; nothing is assumed here."))
        if len(chosen) == len(names) and given["last_day"] < given["first_day"]:
            self.add_error("last_day", _("The last day lies before the first one."))
        return given
