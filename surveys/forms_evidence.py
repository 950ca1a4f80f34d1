"""What an owner says of a sample, and lines that are not computed here."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from surveys import definition
from surveys.dossier import HTML_LANGUAGES, SOURCES
from surveys.dossier_tables import LANGUAGE_NAMES

LONGEST = 500
PARTS = ("who", "where", "when", "recruited")
LABELS: Mapping[str, Mapping[str, Any]] = {
    "en": {
        "who": gettext_lazy("Who they were, in English"),
        "where": gettext_lazy("Where, in English"),
        "when": gettext_lazy("When, in English"),
        "recruited": gettext_lazy("How they were found, in English"),
    },
    "zh-hans": {
        "who": gettext_lazy("Who they were, in Chinese"),
        "where": gettext_lazy("Where, in Chinese"),
        "when": gettext_lazy("When, in Chinese"),
        "recruited": gettext_lazy("How they were found, in Chinese"),
    },
}


def field_name(part: str, language: str) -> str:
    return f"{part}_{language.replace('-', '_')}"


class SampleForm(forms.Form):
    """Who answered, where, when and how they were found, in one language at least.

    `described` hands the descriptions over by language.
    """

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        for language, labels in LABELS.items():
            for part in PARTS:
                self.fields[field_name(part, language)] = forms.CharField(
                    label=labels[part],
                    max_length=LONGEST,
                    required=False,
                    widget=forms.TextInput(attrs={"lang": HTML_LANGUAGES[language]}),
                )
        self.fields[field_name(PARTS[0], "en")].help_text = _(
            "Describe the sample in one language at least; in both if you can."
        )

    def clean(self) -> dict[str, Any]:
        """Ask for all four in each language that was begun, and for one language."""
        begun = [language for language in LABELS if self._filled(language)]
        for language in begun or ["en"]:
            filled = self._filled(language)
            for part in PARTS:
                name = field_name(part, language)
                if part not in filled and name not in self.errors:
                    sentence = _("Describe the sample: who, where, when, how found.")
                    self.add_error(name, sentence)
        return self.cleaned_data

    def described(self) -> dict[str, dict[str, str]]:
        return {
            language: self._filled(language)
            for language in LABELS
            if self._filled(language)
        }

    def _filled(self, language: str) -> dict[str, str]:
        values = {
            part: self.cleaned_data.get(field_name(part, language), "")
            for part in PARTS
        }
        return {part: value for part, value in values.items() if value}


class EnteredForm(forms.Form):
    """What every entered line has: its language, one of the questionnaire's."""

    language = forms.ChoiceField(label=gettext_lazy("Language of the questionnaire"))

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        questionnaire: definition.Questionnaire,
        reader: str,
    ) -> None:
        super().__init__(data)
        self.questionnaire, self.reader = questionnaire, reader
        language = self.fields["language"]
        assert isinstance(language, forms.ChoiceField)  # noqa: S101, narrows the type
        language.choices = [
            (one, LANGUAGE_NAMES[one]) for one in questionnaire.languages
        ]

    def figures(self) -> dict[str, Any]:
        return {"n": self.cleaned_data["n"]}

    def sample(self) -> dict[str, Any]:
        return {"n": self.cleaned_data["n"], "part": "whole"}

    def noted(self) -> str:
        return str(self.cleaned_data.get("note", ""))

    def scale(self) -> str:
        return str(self.cleaned_data.get("scale", ""))

    def source(self, kind_source: str) -> str:
        """Return the source of evidence; most kinds have one of their own."""
        return kind_source


class InterviewsForm(SampleForm, EnteredForm):
    """Cognitive interviews: people think aloud while they answer."""

    n = forms.IntegerField(
        label=gettext_lazy("People interviewed"), min_value=1, max_value=100_000
    )
    note = forms.CharField(
        label=gettext_lazy("What was asked, found and changed"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def sample(self) -> dict[str, Any]:
        return {**super().sample(), "described": self.described()}


class NormsForm(SampleForm, EnteredForm):
    """Mean and spread of one scale in a described sample."""

    scale_code = forms.ChoiceField(label=gettext_lazy("Scale"))
    n = forms.IntegerField(
        label=gettext_lazy("People in the sample"), min_value=2, max_value=100_000_000
    )
    mean = forms.FloatField(
        label=gettext_lazy("Mean of the scores"),
        help_text=gettext_lazy("On the answer scale, such as 1 to 7."),
    )
    sd = forms.FloatField(label=gettext_lazy("Standard deviation"), min_value=0)

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        scale = self.fields["scale_code"]
        assert isinstance(scale, forms.ChoiceField)  # noqa: S101, narrows the type
        self.scored = {
            one.code: one
            for one in self.questionnaire.scales
            if one.model != "checklist"
        }
        scale.choices = [
            (code, one.name.in_(self.reader)) for code, one in self.scored.items()
        ]

    def clean(self) -> dict[str, Any]:
        super().clean()
        mean = self.cleaned_data.get("mean")
        scale = self.scored.get(self.cleaned_data.get("scale_code", ""))
        if mean is not None and scale is not None:
            low, high = scale.format.low, scale.format.high
            if not low <= mean <= high:
                sentence = _("A mean of this scale lies between %(low)s and %(high)s.")
                self.add_error("mean", sentence % {"low": low, "high": high})
        return self.cleaned_data

    def figures(self) -> dict[str, Any]:
        return {key: self.cleaned_data[key] for key in ("n", "mean", "sd")}

    def sample(self) -> dict[str, Any]:
        return {**super().sample(), "described": self.described()}

    def scale(self) -> str:
        return str(self.cleaned_data["scale_code"])


class StudyForm(EnteredForm):
    """A study that was published or made elsewhere; nothing of it is computed here."""

    from_source = forms.ChoiceField(
        label=gettext_lazy("What it is evidence of"), choices=list(SOURCES.items())
    )
    n = forms.IntegerField(
        label=gettext_lazy("People in the study"), min_value=1, max_value=100_000_000
    )
    reference = forms.CharField(
        label=gettext_lazy("Where it can be read"),
        help_text=gettext_lazy("Authors, year, title, and a DOI or an address."),
        max_length=1000,
    )
    note = forms.CharField(
        label=gettext_lazy("What it found"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def sample(self) -> dict[str, Any]:
        return {**super().sample(), "reference": self.cleaned_data["reference"]}

    def source(self, kind_source: str) -> str:
        return str(self.cleaned_data["from_source"])


FORMS: Mapping[str, type[EnteredForm]] = {
    "interviews": InterviewsForm,
    "norms": NormsForm,
    "study": StudyForm,
}
