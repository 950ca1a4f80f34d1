"""The form that asks for an export, turned into a typed wish."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from analytics.export.formats import Format, formats_of
from analytics.export.models import Export
from analytics.export.offers import WITHOUT_ANSWERS, Wish, refusal_of
from surveys.models import Survey, Wave

LANGUAGES: Final = (("en", "English"), ("zh-hans", "简体中文"))
COLUMNS: Final = ("raw", "keyed", "scores")
SAID: Final = {
    Export.Kind.DATA: gettext_lazy("Every answer, one row a person."),
    Export.Kind.MICRODATA: gettext_lazy(
        "One row a person, made coarser until nobody stands out; one wave at a time."
    ),
    Export.Kind.COMMENTS: gettext_lazy("What people wrote, apart from their answers."),
    Export.Kind.CODEBOOK: gettext_lazy("What every column and every code means."),
    Export.Kind.QUESTIONNAIRE: gettext_lazy(
        "What was asked, in both languages, as on paper."
    ),
    Export.Kind.BUNDLE: gettext_lazy(
        "Everything that proves the report; one wave at a time."
    ),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One button: a format of a kind."""

    value: str
    format: Format
    chosen: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A kind with its formats, or with the reason why it is not offered."""

    kind: Export.Kind
    said: str
    reason: str
    choices: tuple[Choice, ...]


class WishForm(forms.Form):
    """What to export: one format of one kind, labels, waves, columns."""

    what = forms.CharField(label=gettext_lazy("What"))
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the labels"), choices=LANGUAGES
    )
    waves = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Waves"), coerce=int, required=False
    )
    raw = forms.BooleanField(
        label=gettext_lazy("Answers as they were given"), required=False
    )
    keyed = forms.BooleanField(
        label=gettext_lazy("Answers turned so that more means more trust"),
        required=False,
    )
    scores = forms.BooleanField(label=gettext_lazy("Scores of scales"), required=False)

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        survey: Survey,
        waves: Sequence[Wave],
        language: str,
    ) -> None:
        shown = [wave.number for wave in waves if wave.shows_answers]
        start = "microdata:csv" if survey.only_releases else "data:csv"
        chosen = shown[-1:] if survey.only_releases else shown
        super().__init__(
            data,
            initial={
                "what": start if shown else "questionnaire:pdf",
                "language": language,
                "waves": [str(number) for number in chosen],
                **dict.fromkeys(COLUMNS, True),
            },
        )
        self._survey, self._waves, self._language = survey, waves, language
        field = self.fields["waves"]
        field.choices = [  # type: ignore[attr-defined]
            (str(number), _("Wave %(number)s") % {"number": number}) for number in shown
        ]

    def groups(self) -> list[Group]:
        """Return the kinds with their formats, for the page."""
        chosen = str(self["what"].value() or "")
        return [self._group(kind, chosen) for kind in Export.Kind]

    def _group(self, kind: Export.Kind, chosen: str) -> Group:
        reason = refusal_of(kind, self._survey, self._waves)
        choices = tuple(
            Choice(f"{kind}:{one.name}", one, chosen == f"{kind}:{one.name}")
            for one in formats_of(kind)
        )
        return Group(
            kind,
            str(SAID[kind]),
            reason.text(self._language) if reason else "",
            () if reason else choices,
        )

    def wave_choices(self) -> list[tuple[str, str, bool]]:
        """Return value, name and whether it is chosen."""
        chosen = {str(one) for one in self["waves"].value() or ()}
        field = self.fields["waves"]
        return [
            (value, name, value in chosen)
            for value, name in field.choices  # type: ignore[attr-defined]
        ]

    def clean_what(self) -> str:
        what = str(self.cleaned_data["what"])
        kind, _colon, name = what.partition(":")
        if name not in {one.name for one in formats_of(kind)}:
            raise forms.ValidationError(_("Choose one of the files."))
        return what

    def wish(self) -> Wish:
        """Return what was asked; the form is valid."""
        given = self.cleaned_data
        kind, _colon, name = given["what"].partition(":")
        waves = () if kind in WITHOUT_ANSWERS else tuple(given["waves"])
        return Wish(
            kind=kind,
            format=name,
            language=given["language"],
            waves=waves,
            **{column: given[column] for column in COLUMNS},
        )
