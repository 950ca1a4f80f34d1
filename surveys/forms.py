"""What the owner fills in, turned into typed values."""

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from surveys import evidence
from surveys.definition import REFERENTS, DefinitionError, Text
from surveys.models import QuestionnaireVersion

OWN_REFERENT = "own"
# Where the sentence of a DefinitionError belongs on the page.
FIELD_OF: Mapping[str, str] = {
    "title.en": "title_en",
    "title.zh-hans": "title_zh_hans",
    "referent.en": "own_en",
    "referent.zh-hans": "own_zh_hans",
    "referent": "referent",
}


class SurveyParts(TypedDict):
    """Arguments of `surveys.actions.start_survey` that the owner chooses."""

    key: UUID
    title: Text
    questionnaire: QuestionnaireVersion
    outcomes: list[QuestionnaireVersion]
    referent: Text | str
    comment: bool


class NewSurvey(forms.Form):
    """A survey of one questionnaire with outcome packs; `parts` hands it over typed."""

    # made with the page, so that sending it twice makes one survey
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    title_en = forms.CharField(
        label=gettext_lazy("Title in English"),
        max_length=200,
        widget=forms.TextInput(attrs={"lang": "en"}),
    )
    title_zh_hans = forms.CharField(
        label=gettext_lazy("Title in Chinese"),
        max_length=200,
        widget=forms.TextInput(attrs={"lang": "zh-Hans"}),
    )
    questionnaire = forms.ChoiceField(
        label=gettext_lazy("Questionnaire"), widget=forms.RadioSelect
    )
    outcomes = forms.MultipleChoiceField(
        label=gettext_lazy("Outcomes"),
        help_text=gettext_lazy("What trust is to be related to, such as loyalty."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    referent = forms.ChoiceField(
        label=gettext_lazy("Whom the trust is in"),
        help_text=gettext_lazy("Every statement names it."),
    )
    own_en = forms.CharField(
        label=gettext_lazy("Your own words in English"),
        help_text=gettext_lazy("One singular name, such as Harbour Tea."),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"lang": "en"}),
    )
    own_zh_hans = forms.CharField(
        label=gettext_lazy("Your own words in Chinese"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"lang": "zh-Hans"}),
    )
    comment = forms.BooleanField(
        label=gettext_lazy("End with a box for a comment"),
        help_text=gettext_lazy("Comments are stored apart, without their answers."),
        required=False,
        initial=True,
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        library: Sequence[QuestionnaireVersion],
        language: str,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        self.language = language
        self.versions = {str(version.pk): version for version in library}
        kinds = QuestionnaireVersion.Kind
        self._offer("questionnaire", self._named(kinds.QUESTIONNAIRE))
        self._offer("outcomes", self._named(kinds.OUTCOMES))
        self._offer(
            "referent",
            [(code, text.in_(language)) for code, text in REFERENTS.items()]
            + [(OWN_REFERENT, _("your own words, below"))],
        )

    def _named(self, kind: str) -> list[tuple[str, str]]:
        """Return choices of one kind, each with its length and its evidence level."""
        return [
            (key, self._described(version))
            for key, version in self.versions.items()
            if version.kind == kind
        ]

    def _described(self, version: QuestionnaireVersion) -> str:
        asks = version.questionnaire()
        items = ngettext("%(items)s item", "%(items)s items", len(asks.items)) % {
            "items": len(asks.items)
        }
        level = evidence.in_words(version.evidence_level)
        return f"{asks.name.in_(self.language)} · {items} · {level}"

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101, narrows the type
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("referent") == OWN_REFERENT:
            for name in ("own_en", "own_zh_hans"):
                if not self.cleaned_data.get(name) and name not in self.errors:
                    self.add_error(name, _("Write whom the trust is in."))
        return self.cleaned_data

    def parts(self) -> SurveyParts:
        chosen = self.cleaned_data
        referent: Text | str = chosen["referent"]
        if referent == OWN_REFERENT:
            referent = Text(chosen["own_en"], chosen["own_zh_hans"])
        return SurveyParts(
            key=chosen["key"],
            title=Text(chosen["title_en"], chosen["title_zh_hans"]),
            questionnaire=self.versions[chosen["questionnaire"]],
            outcomes=[self.versions[key] for key in chosen["outcomes"]],
            referent=referent,
            comment=chosen["comment"],
        )

    def refuse(self, problem: DefinitionError) -> None:
        """Show why the parts make no form, beside the field that it is about."""
        problem_here = DefinitionError(problem.code, params=problem.params)
        self.add_error(FIELD_OF.get(problem.where), problem_here.in_(self.language))
