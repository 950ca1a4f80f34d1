"""What an owner says about answers from elsewhere, turned into typed values."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from surveys import definition
from surveys.answer_files import AnswersError, Looked, Table
from surveys.catalogue import catalogue, words
from surveys.definition import LANGUAGES, REFERENTS, DefinitionError, Text
from surveys.definition.referents import REFERENT, slots_of
from surveys.imports import Study, form_of
from surveys.models import QuestionnaireVersion

REAL, SIMULATED = "real", "simulated"
LONGEST_SAMPLE = 2_000
LONGEST_MISSING = 200
MISSING = "NA, NaN, ., -9, -99"
EVERYBODY = Text("people in general", "一般的人")


class ImportAnswers(forms.Form):
    """A file of answers, and what they are. `looked` says what the file holds."""

    # made with the page, so that sending it twice makes one survey
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    file = forms.FileField(
        label=gettext_lazy("File with the answers"),
        help_text=gettext_lazy(
            "CSV with one row a person; the first row names the items by their codes. "
            "The file is not kept."
        ),
    )
    missing = forms.CharField(
        label=gettext_lazy("What stands for a missing answer"),
        help_text=gettext_lazy("Parted by commas; an empty cell always does."),
        max_length=LONGEST_MISSING,
        required=False,
        initial=MISSING,
    )
    title_en = forms.CharField(
        label=gettext_lazy("Title in English"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"lang": "en"}),
    )
    title_zh_hans = forms.CharField(
        label=gettext_lazy("Title in Chinese"),
        help_text=gettext_lazy("One of the two titles is enough."),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"lang": "zh-Hans"}),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("They answered in"), widget=forms.RadioSelect
    )
    referent = forms.ChoiceField(label=gettext_lazy("Whom the trust is in"))
    people = forms.ChoiceField(
        label=gettext_lazy("Whose answers these are"),
        help_text=gettext_lazy(
            "The mark stays with them for good. Simulated answers are no evidence."
        ),
        choices=[
            (REAL, gettext_lazy("These are answers of real people")),
            (SIMULATED, gettext_lazy("These answers were simulated")),
        ],
        widget=forms.RadioSelect,
    )
    sample = forms.CharField(
        label=gettext_lazy("Who answered"),
        help_text=gettext_lazy(
            "Who they are, where and when, and how they were found."
        ),
        max_length=LONGEST_SAMPLE,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    leave_out = forms.BooleanField(
        label=gettext_lazy("Leave out the rows that cannot be used"), required=False
    )
    incomplete = forms.BooleanField(
        label=gettext_lazy("Import without the items that the file does not have"),
        required=False,
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        files: MultiValueDict[str, Any] | None = None,
        *,
        version: QuestionnaireVersion,
        language: str,
    ) -> None:
        super().__init__(data, files)
        self.version = version
        self.reads = language
        self.table: Table | None = None
        self.looked: Looked | None = None
        asked = version.questionnaire()
        offered = [
            (one, words.LANGUAGES[one].in_(language))
            for one in LANGUAGES
            if one in asked.languages
        ]
        self._offer("language", offered)
        if len(offered) == 1:
            self.fields["language"].initial = offered[0][0]
        if names_a_referent(asked):
            referents = [(code, text.in_(language)) for code, text in REFERENTS.items()]
            self._offer("referent", referents)
        else:
            del self.fields["referent"]

    def _offer(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101, narrows the type
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        chosen = self.cleaned_data
        if "key" in self.errors:
            self.add_error(None, _("This page was not whole; open it again."))
        if not chosen.get("title_en") and not chosen.get("title_zh_hans"):
            self.add_error("title_en", _("Write a title."))
        file = chosen.get("file")
        if file is not None:
            self._look(file.file)
        return chosen

    def _look(self, file: Any) -> None:
        """Go through the table, whatever is wrong elsewhere on the page."""
        missing = self.cleaned_data.get("missing", "").split(",")
        try:
            self.table = Table(file, self.asked(), missing=missing)
            self.looked = self.table.look()
        except (AnswersError, DefinitionError) as problem:
            self.add_error("file", problem.in_(self.reads))

    def only_the_file(self) -> None:
        """Drop what is wrong elsewhere: only the file was to be looked at."""
        for name in set(self.errors) - {"file", "missing"}:
            del self.errors[name]

    def unclear(self) -> bool:
        """Whether the file holds something that has to be decided first; says so."""
        looked, chosen = self.looked, self.cleaned_data
        if looked is None:
            return True
        if not looked.answered:
            self.add_error("file", _("No row holds an answer that can be used."))
        if looked.wrong and not chosen["leave_out"]:
            self.add_error("leave_out", _("Some rows cannot be used; see below."))
        if looked.columns.missing and not chosen["incomplete"]:
            self.add_error("incomplete", _("The file lacks some items; see below."))
        return bool(self.errors)

    def study(self) -> Study:
        """What is said of the answers; on the way there with gaps filled for a look."""
        chosen = self.cleaned_data
        en, zh = chosen.get("title_en", ""), chosen.get("title_zh_hans", "")
        name = self.version.questionnaire().name
        return Study(
            title=Text(en or zh or name.in_("en"), zh or en or name.in_("zh-hans")),
            sample=chosen.get("sample", ""),
            language=chosen.get("language")
            or self.version.questionnaire().languages[0],
            referent=chosen.get("referent") or self._nobody(),
            simulated=chosen.get("people") == SIMULATED,
        )

    def asked(self) -> definition.Form:
        """What the answers are answers to."""
        return form_of(self.version, self.study())

    def _nobody(self) -> Text:
        """Whom the trust is in where the items name nobody: as the record says."""
        record = catalogue().get(self.version.questionnaire().catalogue or "")
        return words.REFERENTS[record.referents[0]] if record else EVERYBODY


def names_a_referent(asked: definition.Questionnaire) -> bool:
    """Whether its items leave a gap for whom the trust is in."""
    texts = [
        wording
        for item in asked.items
        for text in (item.text, *(one.text for one in item.texts))
        for wording in text.wordings.values()
    ]
    return any(REFERENT in slots_of(text) for text in texts)
