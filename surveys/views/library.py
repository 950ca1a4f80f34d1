"""The library: which questionnaires there are, for what, and what is known about them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from surveys import browsing, needs
from surveys.access import ANALYSTS, EVERYBODY, OWNERS, MemberRequest, for_members
from surveys.browsing import Entry, Suggested, Wanted
from surveys.definition import EVIDENCE_LEVELS, REFERENTS, Scale, Text
from surveys.evidence import in_words
from surveys.forms import starting_with, starting_with_all_of
from surveys.models import QuestionnaireDraft, QuestionnaireVersion

LONGEST_SEARCH = 100
MINUTES = (2, 3, 4)


@dataclass(frozen=True, slots=True)
class ShownSuggestion:
    """A suggestion in the words of the reader, with where it leads."""

    suggested: Suggested
    scales: tuple[Scale, ...]
    wording: Text | None
    referent: Text | None
    minutes: int
    preview: str
    start: str


@dataclass(frozen=True, slots=True)
class ShownNeed:
    """A need with what can be asked for it."""

    need: needs.Need
    suggestions: list[ShownSuggestion]


class LibraryFilter(forms.Form):
    """What somebody looks for; every field may be empty. Sent by GET."""

    text = forms.CharField(
        label=gettext_lazy("Word or topic"),
        max_length=LONGEST_SEARCH,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    asked = forms.ChoiceField(label=gettext_lazy("Who is asked"), required=False)
    minutes = forms.TypedChoiceField(
        label=gettext_lazy("Length"), required=False, coerce=int
    )
    evidence = forms.ChoiceField(label=gettext_lazy("Evidence"), required=False)
    referent = forms.ChoiceField(label=gettext_lazy("Trust in"), required=False)
    whose = forms.ChoiceField(label=gettext_lazy("From"), required=False)

    def __init__(self, data: Any, *, language: str) -> None:
        super().__init__(data)
        self.language = language
        offered: dict[str, Iterable[tuple[Any, object]]] = {
            "asked": [
                (code, text.in_(language)) for code, text in needs.AUDIENCES.items()
            ],
            "minutes": [(number, _up_to(number)) for number in MINUTES],
            # nothing is below the first level
            "evidence": [(level, in_words(level)) for level in EVIDENCE_LEVELS[1:]],
            "referent": [
                (code, text.in_(language)) for code, text in REFERENTS.items()
            ],
            "whose": [("own", _("our own")), ("library", _("the library"))],
        }
        for name, choices in offered.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101, for the types
            field.choices = [("", _("all")), *choices]

    def wanted(self) -> Wanted:
        """What can be understood of the request; the rest stands as an error."""
        self.is_valid()
        minutes = self.cleaned_data.pop("minutes", None) or 0
        return Wanted(self.language, minutes=minutes, **self.cleaned_data)


@require_safe
@for_members(EVERYBODY)
def library(request: MemberRequest) -> HttpResponse:
    language = get_language() or "en"
    form = LibraryFilter(request.GET, language=language)
    wanted = form.wanted()
    shelf = browsing.shelf()
    found = [entry for entry in shelf if wanted.fits(entry)]
    role = request.membership.role
    context = {
        "form": form,
        "searching": not wanted.anything or bool(form.errors),
        "needs": _needs(shelf, wanted, language),
        "found": found,
        "total": len(shelf),
        "groups": _groups(found),
        "drafts": _drafts(wanted) if role in ANALYSTS else (),
        "may_write": role in ANALYSTS,
        "may_use": role in OWNERS,
    }
    return render(request, "surveys/library.html", context)


def _up_to(minutes: int) -> str:
    return ngettext(
        "up to %(minutes)s minute", "up to %(minutes)s minutes", minutes
    ) % {"minutes": minutes}


def _drafts(wanted: Wanted) -> Iterable[QuestionnaireDraft]:
    """Drafts are shown beside the shelf as a whole, not among the results of a search."""
    return QuestionnaireDraft.objects.order_by("code") if wanted.anything else ()


def _groups(found: list[Entry]) -> list[tuple[str, str, list[tuple[Entry, str]]]]:
    """Anchor, heading and entries of every part of the shelf that has any.

    With each entry stands the query of a new survey that asks it.
    """
    kinds = QuestionnaireVersion.Kind
    theirs = [entry for entry in found if not entry.is_own]
    groups = [
        ("own", _("Our own questionnaires"), [e for e in found if e.is_own]),
        *(
            (anchor, heading, [e for e in theirs if e.version.kind == kind])
            for anchor, heading, kind in (
                ("questionnaires", _("Questionnaires"), kinds.QUESTIONNAIRE),
                ("outcomes", _("Outcome packs"), kinds.OUTCOMES),
                ("controls", _("Control questions"), kinds.CONTROLS),
            )
        ),
    ]
    return [
        (anchor, heading, [(one, starting_with_all_of(one.version)) for one in entries])
        for anchor, heading, entries in groups
        if entries
    ]


def _needs(
    shelf: tuple[Entry, ...], wanted: Wanted, language: str
) -> list[tuple[str, str, list[ShownNeed]]]:
    """Code and name of who is asked with their needs, where the library can answer."""
    found: dict[str, list[ShownNeed]] = {code: [] for code in needs.AUDIENCES}
    if wanted.evidence or wanted.whose == "own":
        return []
    for need in needs.NEEDS:
        suggested = browsing.suggested(need, shelf)
        if suggested and wanted.fits_need(need, suggested):
            shown = [_suggestion(one, language) for one in suggested]
            found[need.asked].append(ShownNeed(need, shown))
    return [
        (code, text.in_(language), found[code])
        for code, text in needs.AUDIENCES.items()
        if found[code]
    ]


def _suggestion(found: Suggested, language: str) -> ShownSuggestion:
    asks, ask = found.asks.asks, found.suggestion.asks
    referent = found.suggestion.referent
    variant = next((form for form in asks.forms if form.code == ask.form), None)
    address = reverse("surveys:preview", args=[found.asks.version.pk, language])
    query = {
        "length": "short" if ask.short else "",
        "form": ask.form or "",
        "scale": ask.scales[0] if len(ask.scales) == 1 else "",
        "referent": referent or "",
    }
    told = urlencode({name: value for name, value in query.items() if value})
    return ShownSuggestion(
        found,
        tuple(scale for scale in asks.scales if scale.code in ask.scales),
        variant.name if variant else None,
        REFERENTS[referent] if referent else None,
        found.extent.minutes[language],
        f"{address}?{told}" if told else address,
        f"{reverse('surveys:new')}?{starting_with(found)}",
    )
