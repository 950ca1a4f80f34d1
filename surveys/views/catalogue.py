"""The catalogue of published scales: search, and one page a record. Facts only."""

from collections.abc import Iterable
from dataclasses import dataclass

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from surveys.access import EVERYBODY, OWNERS, MemberRequest, for_members
from surveys.catalogue import (
    LENGTHS,
    TOTAL,
    Displayed,
    Figure,
    Published,
    Record,
    Wanted,
    catalogue,
    find,
    words,
)
from surveys.definition import Text

LONGEST_SEARCH = 100


@dataclass(frozen=True, slots=True)
class Shown:
    """One line of figures of a study: which statistic, of what, the numbers."""

    label: str
    numbers: str


@dataclass(frozen=True, slots=True)
class Study:
    """What a study reports, in the words of the reader."""

    entry: Published
    languages: list[str]
    countries: list[str]
    figures: list[Shown]


class SearchForm(forms.Form):
    """What somebody looks for; every field may be empty. Sent by GET."""

    text = forms.CharField(
        label=gettext_lazy("Name, author or dimension"),
        max_length=LONGEST_SEARCH,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    referent = forms.ChoiceField(label=gettext_lazy("Asks about"), required=False)
    construct = forms.ChoiceField(label=gettext_lazy("Measures"), required=False)
    length = forms.ChoiceField(label=gettext_lazy("Length"), required=False)
    language = forms.ChoiceField(label=gettext_lazy("Evidence in"), required=False)
    licence = forms.ChoiceField(label=gettext_lazy("Rights"), required=False)

    def __init__(
        self, data: object, *, found: Iterable[Displayed], language: str
    ) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        used = {code for displayed in found for code in displayed.languages}
        named = {
            code: words.LANGUAGES[code] for code in words.LANGUAGES if code in used
        }
        offered = {
            "referent": words.REFERENTS,
            "construct": words.CONSTRUCTS,
            "length": LENGTHS,
            "language": named,
            "licence": words.LICENCES,
        }
        for name, texts in offered.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101, for the types
            field.choices = [("", _("all")), *_choices(texts, language)]

    def wanted(self) -> Wanted:
        """What can be understood of the request; the rest stands as an error."""
        self.is_valid()
        return Wanted(**self.cleaned_data)


@require_safe
@for_members(EVERYBODY)
def catalogue_list(request: MemberRequest) -> HttpResponse:
    everything = sorted(
        (record.displayed() for record in catalogue().values()),
        key=lambda displayed: displayed.record.name.en.casefold(),
    )
    language = get_language() or "en"
    form = SearchForm(request.GET, found=everything, language=language)
    found = find(everything, form.wanted())
    context = {
        "form": form,
        "found": [(displayed, _names(displayed, language)) for displayed in found],
        "total": len(everything),
        "searching": any(form.cleaned_data.values()) or bool(form.errors),
    }
    return render(request, "surveys/catalogue.html", context)


@require_safe
@for_members(EVERYBODY)
def catalogue_record(request: MemberRequest, record_id: str) -> HttpResponse:
    stored = catalogue().get(record_id)
    if stored is None:
        raise Http404(f"The catalogue has no record {record_id}.")
    language = get_language() or "en"
    displayed = stored.displayed()
    record = displayed.record
    rights = record.rights
    context = {
        "displayed": displayed,
        "record": record,
        "names": _names(displayed, language),
        "counted": any(d.n_items or d.n_reverse for d in record.structure.dimensions),
        "anchors": _word(words.ANCHORS, record.structure.anchors, language),
        "scoring": _word(words.SCORING, record.structure.scoring, language),
        "studies": [_study(entry, record, language) for entry in record.published],
        "permission": words.PERMISSIONS[rights.licence_class],
        "may_load": request.membership.role in OWNERS,
        "wording": words.WORDING[rights.wording_source],
        "adaptations": [
            (words.LANGUAGES[adaptation.language].in_(language), adaptation.citation)
            for adaptation in record.adaptations
        ],
    }
    return render(request, "surveys/catalogue_record.html", context)


def _choices(texts: words.Words, language: str) -> list[tuple[str, str]]:
    return [(code, text.in_(language)) for code, text in texts.items()]


def _names(displayed: Displayed, language: str) -> dict[str, list[str]]:
    """Words for the codes that the list and the page of a record both show."""
    record = displayed.record
    return {
        "referents": _said(words.REFERENTS, record.referents, language),
        "constructs": _said(words.CONSTRUCTS, record.constructs, language),
        "languages": _said(words.LANGUAGES, displayed.languages, language),
        "licence": _said(words.LICENCES, (record.rights.licence_class,), language),
    }


def _said(texts: words.Words, codes: Iterable[str], language: str) -> list[str]:
    return [texts[code].in_(language) for code in codes]


def _word(texts: words.Words, code: str, language: str) -> str:
    return texts[code].in_(language) if code else ""


def _study(entry: Published, record: Record, language: str) -> Study:
    names = {
        dimension.code: dimension.name for dimension in record.structure.dimensions
    }
    return Study(
        entry,
        _said(words.LANGUAGES, entry.languages, language),
        _said(words.COUNTRIES, entry.countries, language),
        [_shown(figure, names, language) for figure in entry.figures],
    )


def _shown(figure: Figure, names: dict[str, Text], language: str) -> Shown:
    label = words.STATISTICS[figure.statistic].in_(language)
    if figure.of != TOTAL and figure.of in names:
        comma = ", " if language == "en" else "，"
        label = f"{label}{comma}{names[figure.of].in_(language)}"
    numbers = [f"{value:g}" for value in figure.values]
    if figure.statistic == "mean":
        return Shown(label, "{} ({})".format(*numbers))
    return Shown(label, "–".join(numbers))
