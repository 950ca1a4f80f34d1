"""What the owner fills in, turned into typed values."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django import forms
from django.forms.boundfield import BoundField, BoundWidget
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from surveys import evidence
from surveys.actions import AskedVersion
from surveys.browsing import Entry, Extent, Suggested
from surveys.definition import REFERENTS, DefinitionError, Questionnaire, Text
from surveys.definition.compile import MOST_OTHERS
from surveys.forms_titles import TitlesForm
from surveys.models import QuestionnaireVersion, Survey
from surveys.needs import Ask
from surveys.promise import IN_SHORT

OWN_REFERENT = "own"
# Where the sentence of a DefinitionError belongs on the page.
FIELD_OF: Mapping[str, str] = {
    "title.en": "title_en",
    "title.zh-hans": "title_zh_hans",
    "referent.en": "own_en",
    "referent.zh-hans": "own_zh_hans",
    "referent": "referent",
    "languages": "languages",
    "languages[0]": "languages",
    "others": "others",
    **{f"others[{index}]": "others" for index in range(MOST_OTHERS)},
}
# The field that offers a kind of questionnaire.
OFFERED_IN: Mapping[str, str] = {
    QuestionnaireVersion.Kind.QUESTIONNAIRE: "questionnaire",
    QuestionnaireVersion.Kind.OUTCOMES: "outcomes",
    QuestionnaireVersion.Kind.CONTROLS: "controls",
}
FULL, SHORT = "full", "short"
# Parts of the page with their fields.
SECTIONS: Mapping[str, tuple[str, ...]] = {
    "purpose": ("title_en", "title_zh_hans"),
    "questions": ("questionnaire", "referent", "own_en", "own_zh_hans", "others"),
    "outcomes": ("outcomes", "controls"),
    "words": ("languages", "comment"),
    "promise": ("mode",),
}


class SurveyParts(TypedDict):
    """Arguments of `surveys.actions.start_survey` that the owner chooses."""

    key: UUID
    title: Text
    questionnaire: AskedVersion
    outcomes: list[AskedVersion]
    referent: Text | str
    languages: Sequence[str] | None
    comment: bool
    others: Sequence[Text]
    mode: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A questionnaire to tick, with the fields that say how much of it is asked."""

    choice: BoundWidget
    fields: tuple[BoundField, ...]


class NewSurvey(TitlesForm):
    """A survey of one questionnaire with outcome packs; `parts` hands it over typed.

    Beside the fields below every questionnaire of the shelf brings those that say how
    it is asked, where it leaves a choice: ``length-ID``, ``form-ID``, ``scales-ID``.
    What belongs to a questionnaire that is not ticked counts for nothing.
    """

    # made with the page, so that sending it twice makes one survey
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    questionnaire = forms.ChoiceField(
        label=gettext_lazy("Questionnaire"), widget=forms.RadioSelect
    )
    outcomes = forms.MultipleChoiceField(
        label=gettext_lazy("Outcomes"),
        help_text=gettext_lazy("What trust is to be related to, such as loyalty."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    controls = forms.MultipleChoiceField(
        label=gettext_lazy("Control questions"),
        help_text=gettext_lazy(
            "What else may explain the answers, and whether they were given with care."
        ),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    referent = forms.ChoiceField(
        label=gettext_lazy("Whom the trust is in"),
        help_text=gettext_lazy(
            "Every statement names it, except in scales about somebody else."
        ),
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
    others = forms.CharField(
        label=gettext_lazy("Ask the same about others"),
        help_text=gettext_lazy(
            "Competitors, say: one a line, the English name | the Chinese name. "
            "Everybody is asked about all of them, in random order."
        ),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    languages = forms.ChoiceField(
        label=gettext_lazy("Languages to answer in"), required=False
    )
    mode = forms.ChoiceField(
        label=gettext_lazy("Mode"),
        help_text=gettext_lazy(
            "They read these words before they answer. A survey keeps its mode for good."
        ),
        initial=Survey.Mode.OPEN,
        widget=forms.RadioSelect,
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
        shelf: Sequence[Entry],
        language: str,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        self.language = language
        self.shelf = {str(entry.version.pk): entry for entry in shelf}
        for kind, name in OFFERED_IN.items():
            self._offer(name, self._named(kind))
        self._offer(
            "referent",
            [(code, text.in_(language)) for code, text in REFERENTS.items()]
            + [(OWN_REFERENT, _("your own words, below"))],
        )
        self._offer(
            "languages",
            [
                ("", _("all they have in common")),
                ("en", _("English only")),
                ("zh-hans", _("Chinese only")),
            ],
        )
        self._offer(
            "mode", [(mode, text.in_(language)) for mode, text in IN_SHORT.items()]
        )
        for key, entry in self.shelf.items():
            self.fields |= _fields_of(key, entry, language)

    def _named(self, kind: str) -> list[tuple[str, str]]:
        """Return choices of one kind, one's own first."""
        return [
            (key, _described(entry, self.language))
            for key, entry in self.shelf.items()
            if entry.version.kind == kind
        ]

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101, narrows the type
        field.choices = choices

    def sections(
        self,
    ) -> Iterator[tuple[str, str, list[tuple[BoundField, tuple[Offer, ...]]]]]:
        """Anchor, heading and fields of each part of the page.

        Fields that offer questionnaires come with those offers.
        """
        headings = {
            "purpose": _("What it is called"),
            "questions": _("What it asks"),
            "outcomes": _("What trust is related to"),
            "words": _("Languages and a comment"),
            "promise": _("What people are promised"),
        }
        for anchor, names in SECTIONS.items():
            fields = [self[name] for name in names]
            shown = [
                (field, tuple(self._offers(field)))
                for field in fields
                if field.name != "controls" or len(field)
            ]
            yield anchor, headings[anchor], shown

    def _offers(self, field: BoundField) -> Iterator[Offer]:
        if field.name not in OFFERED_IN.values():
            return
        for choice in field.subwidgets:
            key = str(choice.data["value"])
            yield Offer(choice, tuple(self[name] for name in self._names_of(key)))

    def _names_of(self, key: str) -> list[str]:
        names = [f"{what}-{key}" for what in ("form", "length", "scales")]
        return [name for name in names if name in self.fields]

    def clean_others(self) -> tuple[Text, ...]:
        """Names in both languages; one alone stands for both."""
        lines = str(self.cleaned_data["others"]).replace("｜", "|").splitlines()
        found = []
        for line in filter(None, map(str.strip, lines)):
            english, _between, chinese = (part.strip() for part in line.partition("|"))
            if not english and not chinese:
                raise forms.ValidationError(_("A line names nobody; write a name."))
            found.append(Text(english or chinese, chinese or english))
        return tuple(found)

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("referent") == OWN_REFERENT:
            for name in ("own_en", "own_zh_hans"):
                if not self.cleaned_data.get(name) and name not in self.errors:
                    self.add_error(name, _("Write whom the trust is in."))
        elif self.cleaned_data.get("others"):
            sentence = _(
                "Name yours too, in your own words: beside others it needs one."
            )
            self.add_error("referent", sentence)
        ticked = self._ticked()
        for key in self.shelf.keys() - ticked:
            for name in self._names_of(key):
                self.errors.pop(name, None)
        for key in ticked:
            self._refuse_scales_without_short_form(key)
        return self.cleaned_data

    def _ticked(self) -> list[str]:
        """Keys of the questionnaires to ask, in the order of the page."""
        chosen = self.cleaned_data
        one = [chosen["questionnaire"]] if "questionnaire" in chosen else []
        return [*one, *chosen.get("outcomes", ()), *chosen.get("controls", ())]

    def _refuse_scales_without_short_form(self, key: str) -> None:
        """Nothing that was ticked may silently stay out."""
        chosen = self.cleaned_data.get(f"scales-{key}") or []
        if not chosen or self._length(key) != SHORT:
            return
        for scale in self.shelf[key].asks.scales:
            if scale.code in chosen and not any(item.short for item in scale.items):
                sentence = _(
                    "The short form does not ask %(scale)s: take the full form."
                )
                name = scale.name.in_(self.language)
                self.add_error(f"scales-{key}", sentence % {"scale": name})

    def _length(self, key: str) -> str:
        """Length that was chosen; pages that do not send one get the default."""
        name = f"length-{key}"
        if name not in self.fields:
            return FULL
        return self.cleaned_data.get(name) or str(self.fields[name].initial)

    def parts(self) -> SurveyParts:
        chosen = self.cleaned_data
        referent: Text | str = chosen["referent"]
        if referent == OWN_REFERENT:
            referent = Text(chosen["own_en"], chosen["own_zh_hans"])
        questionnaire, *beside = [self._asked(key) for key in self._ticked()]
        return SurveyParts(
            key=chosen["key"],
            title=Text(chosen["title_en"], chosen["title_zh_hans"]),
            questionnaire=questionnaire,
            outcomes=beside,
            referent=referent,
            languages=[chosen["languages"]] if chosen["languages"] else None,
            comment=chosen["comment"],
            others=chosen["others"],
            mode=chosen["mode"],
        )

    def _asked(self, key: str) -> AskedVersion:
        return AskedVersion(
            self.shelf[key].version,
            short=self._length(key) == SHORT,
            scales=tuple(self.cleaned_data.get(f"scales-{key}") or ()) or None,
            form=self.cleaned_data.get(f"form-{key}") or None,
        )

    def refuse(self, problem: DefinitionError) -> None:
        """Show why the parts make no form, beside the field that it is about."""
        problem_here = DefinitionError(problem.code, params=problem.params)
        self.add_error(FIELD_OF.get(problem.where), problem_here.in_(self.language))


def starting_with_all_of(version: QuestionnaireVersion) -> str:
    """Query of the page of a new survey that offers one questionnaire as it is."""
    return urlencode({OFFERED_IN[version.kind]: version.pk})


def starting_with(found: Suggested) -> str:
    """Query of the page of a new survey that fills a suggestion in."""
    query: dict[str, object] = {}
    if found.suggestion.referent is not None:
        query["referent"] = found.suggestion.referent
    query |= _chosen(found.asks, found.suggestion.asks)
    if found.outcomes is not None and found.suggestion.outcomes is not None:
        query |= _chosen(found.outcomes, found.suggestion.outcomes)
    return urlencode(query, doseq=True)


def _chosen(entry: Entry, ask: Ask) -> dict[str, object]:
    key = entry.version.pk
    query: dict[str, object] = {OFFERED_IN[entry.version.kind]: key}
    if entry.short is not None:
        query[f"length-{key}"] = SHORT if ask.short else FULL
    if ask.form is not None:
        query[f"form-{key}"] = ask.form
    if ask.scales:
        query[f"scales-{key}"] = ask.scales
    return query


def _fields_of(key: str, entry: Entry, language: str) -> dict[str, forms.Field]:
    """Fields that say how much of a questionnaire is asked, where there is a choice."""
    asks, fields = entry.asks, dict[str, forms.Field]()
    if len(asks.forms) > 1:
        fields[f"form-{key}"] = forms.ChoiceField(
            label=_("Wording"),
            choices=[(form.code, form.name.in_(language)) for form in asks.forms],
            initial=asks.forms[0].code,
            widget=forms.RadioSelect,
            required=False,
        )
    if entry.short is not None:
        is_pack = asks.kind != "questionnaire"
        fields[f"length-{key}"] = forms.ChoiceField(
            label=_("Length"),
            choices=[
                (FULL, _long(_("full form"), entry.full, language)),
                (SHORT, _long(_("short form"), entry.short, language)),
            ],
            # outcomes come on top of a questionnaire: the less the better
            initial=SHORT if is_pack else FULL,
            widget=forms.RadioSelect,
            required=False,
        )
    if asks.modules:
        fields[f"scales-{key}"] = forms.MultipleChoiceField(
            label=_("Only these scales"),
            help_text=_("Nothing ticked: all of them."),
            choices=list(_scales(asks, language)),
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )
    return fields


def _scales(asks: Questionnaire, language: str) -> Iterable[tuple[str, str]]:
    for scale in asks.scales:
        number = len(scale.items)
        items = ngettext("%(items)s item", "%(items)s items", number)
        items %= {"items": number}
        yield scale.code, f"{scale.name.in_(language)} · {items}"


def _long(name: str, extent: Extent, language: str) -> str:
    """Name of a form with its length in items and minutes."""
    items = ngettext("%(items)s item", "%(items)s items", extent.questions)
    minutes = extent.minutes[language]
    about = ngettext("about %(minutes)s minute", "about %(minutes)s minutes", minutes)
    items, about = items % {"items": extent.questions}, about % {"minutes": minutes}
    return f"{name} · {items} · {about}"


def _described(entry: Entry, language: str) -> str:
    """Name of a questionnaire with its evidence level, and whether it is one's own."""
    own = [_("our own")] if entry.is_own else []
    name, level = entry.asks.name.in_(language), evidence.badge(entry.levels)
    return " · ".join([name, *own, level])
