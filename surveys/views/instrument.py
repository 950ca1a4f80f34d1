"""One questionnaire of the library: everything it asks, and what is known about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from surveys import browsing, needs
from surveys.access import ANALYSTS, EVERYBODY, OWNERS, MemberRequest, for_members
from surveys.catalogue import Record, catalogue
from surveys.definition import (
    REFERENTS,
    Condition,
    Item,
    NamedForm,
    Questionnaire,
    ResponseFormat,
    Scale,
    Text,
)
from surveys.definition.quality import Finding, check_questionnaire
from surveys.definition.referents import fill
from surveys.forms import starting_with_all_of
from surveys.loading import may_export
from surveys.models import QuestionnaireVersion
from surveys.nearest import nearest_to
from surveys.versions import versions_of
from surveys.views.files import LABELS


@dataclass(frozen=True, slots=True)
class ShownItem:
    """An item with whom the trust is in filled in, and what is special about it.

    Attributes
    ----------
    marks : tuple of str
        What distinguishes it, in the reader's language, such as "reverse".
    own_format : ResponseFormat or None
        Where it is answered otherwise than its scale.
    """

    item: Item
    text: Text
    marks: tuple[str, ...]
    own_format: ResponseFormat | None


@dataclass(frozen=True, slots=True)
class ShownScale:
    """A scale with its items; `referent` is its own, None: the survey's."""

    scale: Scale
    items: tuple[ShownItem, ...]
    referent: Text | None
    note: str
    only_if: str


@require_safe
@for_members(EVERYBODY)
def instrument(request: MemberRequest, version_id: UUID) -> HttpResponse:
    version = get_object_or_404(QuestionnaireVersion, pk=version_id)
    (entry,) = browsing.entries([version])
    asks = entry.asks
    variant = _variant(asks, request.GET.get("form"))
    role = request.membership.role
    context = {
        "entry": entry,
        "variant": variant,
        "example": REFERENTS[needs.example_referent(asks)],
        "has_slot": needs.has_slot(asks),
        "scales": [_scale(scale, asks, variant) for scale in asks.scales],
        "answers_needs": {need.code: need for need, _ in needs.reaching(asks.code)},
        "nearest": nearest_to(asks.nearest_published, get_language() or "en"),
        "record": _record(asks),
        "remarks": _remarks(asks),
        "files": LABELS if may_export(version) else (),
        "start_with": starting_with_all_of(version),
        "versions": versions_of(version),
        "may_use": role in OWNERS,
        "may_write": role in ANALYSTS,
    }
    return render(request, "surveys/instrument.html", context)


def _variant(asks: Questionnaire, wanted: str | None) -> NamedForm | None:
    """The wording asked for, else the first; None where there is one for all."""
    named = {form.code: form for form in asks.forms}
    return named.get(wanted or "", asks.forms[0] if asks.forms else None)


def _record(asks: Questionnaire) -> Record | None:
    """Record of the published scale whose wording this is."""
    return catalogue().get(asks.catalogue) if asks.catalogue else None


def _remarks(asks: Questionnaire) -> list[str]:
    """What a careful editor would still say, in the reader's language."""
    language = get_language() or "en"
    findings: tuple[Finding, ...] = check_questionnaire(asks)
    return [finding.in_(language) for finding in findings]


def _scale(scale: Scale, asks: Questionnaire, variant: NamedForm | None) -> ShownScale:
    notes = {
        "formative": _("A profile: the items make up the score, they need not agree."),
        "checklist": _("Questions, not a scale: no score is computed."),
    }
    own = REFERENTS[scale.referent] if scale.referent else None
    referent = own or REFERENTS[needs.example_referent(asks)]
    return ShownScale(
        scale,
        tuple(_item(item, scale, asks, variant, referent) for item in scale.items),
        own,
        notes.get(scale.model, ""),
        _only_if(scale.show_if, asks),
    )


def _item(
    item: Item,
    scale: Scale,
    asks: Questionnaire,
    variant: NamedForm | None,
    referent: Text,
) -> ShownItem:
    words: Mapping[str, Text] = {}
    if variant is not None:
        words = {word.slot: word.text for word in variant.words}
    text = item.text_in(variant.code if variant else None)
    marks = [
        (item.reverse, _("reverse")),
        (item.short and browsing.has_short_form(asks), _("short form")),
        (item.expect is not None, _("attention check: expects %s") % item.expect),
        (
            variant is not None and item.code in variant.leave_out,
            _("not asked in this wording"),
        ),
        (item.show_if is not None, _only_if(item.show_if, asks)),
        (item.lineage is not None, _("was %s") % item.lineage),
    ]
    return ShownItem(
        item,
        fill(text, referent, words),
        tuple(mark for applies, mark in marks if applies),
        item.format,
    )


def _only_if(condition: Condition | None, asks: Questionnaire) -> str:
    """Say of a condition which answers to which item it takes, by their labels."""
    if condition is None:
        return ""
    format = next(
        scale.format_of(item)
        for scale in asks.scales
        for item in scale.items
        if item.code == condition.item
    )
    language = get_language() or "en"
    answers = [
        format.labels[code - format.low].in_(language)
        if len(format.labels) == format.points
        else str(code)
        for code in condition.codes
    ]
    quoted = " / ".join(f"“{answer}”" for answer in answers)
    said = {"item": condition.item, "answers": quoted}
    return _("only if %(item)s was answered %(answers)s") % said
