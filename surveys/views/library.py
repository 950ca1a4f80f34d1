"""The library: which instruments there are, and what is known about them."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from surveys import definition
from surveys.access import EVERYBODY, OWNERS, MemberRequest, for_members
from surveys.definition.referents import fill
from surveys.models import QuestionnaireVersion

# Items name their referent; the library shows them about this one.
EXAMPLE = "company"


@dataclass(frozen=True, slots=True)
class Entry:
    """One questionnaire of the library, and how long it takes in the reader's language."""

    version: QuestionnaireVersion
    asks: definition.Questionnaire
    minutes: int


@dataclass(frozen=True, slots=True)
class ShownItem:
    """An item with an example filled in for whom the trust is in."""

    item: definition.Item
    text: definition.Text


@require_safe
@for_members(EVERYBODY)
def library(request: MemberRequest) -> HttpResponse:
    entries = [_entry(version) for version in QuestionnaireVersion.objects.newest()]
    kinds = QuestionnaireVersion.Kind
    context = {
        "questionnaires": [e for e in entries if e.version.kind == kinds.QUESTIONNAIRE],
        "outcome_packs": [e for e in entries if e.version.kind == kinds.OUTCOMES],
    }
    return render(request, "surveys/library.html", context)


@require_safe
@for_members(EVERYBODY)
def instrument(request: MemberRequest, version_id: UUID) -> HttpResponse:
    version = get_object_or_404(QuestionnaireVersion, pk=version_id)
    entry = _entry(version)
    example = definition.REFERENTS[EXAMPLE]
    context = {
        "entry": entry,
        "example": example,
        "scales": [
            (scale, [ShownItem(i, fill(i.text, example)) for i in scale.items])
            for scale in entry.asks.scales
        ],
        "may_use": request.membership.role in OWNERS,
    }
    return render(request, "surveys/instrument.html", context)


def _entry(version: QuestionnaireVersion) -> Entry:
    asks = version.questionnaire()
    form = definition.compile_form(
        [definition.FormPart(asks, short=False)],
        title=asks.name,
        referent=EXAMPLE,
        languages=asks.languages,
        comment=False,
    )
    return Entry(version, asks, form.minutes(get_language() or "en"))
