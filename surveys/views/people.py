"""The people of an organization: found, added, corrected, moved, removed."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from surveys.access import FIELDWORKERS, OWNERS, MemberRequest, for_members
from surveys.fieldwork import bounces
from surveys.models import Attribute, Participant, Unit
from surveys.people.forms import PersonForm, Search, unit_choices
from surveys.people.units import Branch, branches, within

ON_A_PAGE = 50
MOST_SELECTED = 1_000


def reader_language() -> str:
    return get_language() or "en"


def may_write(request: MemberRequest) -> bool:
    return request.membership.role in OWNERS


def refuse_writing(request: MemberRequest) -> None:
    """Let those who may only read do no more than that."""
    if request.method == "POST" and not may_write(request):
        raise PermissionDenied(
            _("Your role in this organization does not open this page.")
        )


@require_safe
@for_members(FIELDWORKERS)
def people(request: MemberRequest) -> HttpResponse:
    """List people page by page, all or those looked for."""
    tree, language = branches(), reader_language()
    form = Search(request.GET or None, tree=tree, language=language)
    found = _found(form, tree)
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "form": form,
        "page": page,
        "query": query.urlencode(),
        "total": page.paginator.count,
        "units": [
            *unit_choices(tree, language, empty=_("choose a unit")),
            ("none", _("no unit")),
        ],
        "may_write": may_write(request),
        "anybody": page.paginator.count or Participant.objects.exists(),
    }
    template = "_people" if request.htmx else "people"
    return render(request, f"surveys/people/{template}.html", context)


def _found(form: Search, tree: list[Branch]) -> QuerySet[Participant]:
    asked: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    found = Participant.objects.select_related("unit").order_by("name", "key", "id")
    if text := asked.get("text", "").strip():
        found = found.filter(
            Q(name__icontains=text) | Q(key__icontains=text) | Q(email__icontains=text)
        )
    unit = asked.get("unit", "")
    if unit == "none":
        found = found.filter(unit=None)
    elif unit:
        found = found.filter(unit__in=within(UUID(unit), tree))
    state = asked.get("state", "") or "active"
    conditions = {
        "active": Q(active=True),
        "left": Q(active=False),
        "unreachable": Q(bounced_at__isnull=False),
        "opted_out": Q(opted_out_at__isnull=False),
        "all": Q(),
    }
    return found.filter(conditions[state])


@require_http_methods(["GET", "HEAD", "POST"])
@for_members(OWNERS)
def new_person(request: MemberRequest) -> HttpResponse:
    person = Participant(organization=request.membership.organization)
    return _edit(request, person, is_new=True)


@require_http_methods(["GET", "HEAD", "POST"])
@for_members(FIELDWORKERS)
def person(request: MemberRequest, participant_id: UUID) -> HttpResponse:
    refuse_writing(request)
    known = get_object_or_404(Participant, pk=participant_id)
    said = _by_hand(request, known)
    if said is not None:
        messages.success(request, said)
        return redirect("surveys:person", participant_id=known.pk)
    return _edit(request, known)


def _by_hand(request: MemberRequest, person: Participant) -> str | None:
    """Do what one of the buttons below the form says; None where none was pressed."""
    if "leave" in request.POST or "back" in request.POST:
        person.active = "back" in request.POST
        person.save(update_fields=["active"])
        return _("Saved.")
    if "returned" in request.POST and person.email:
        bounces.came_back(person, at=timezone.now())
        return _("Nothing more is written to this address.")
    if "arrives" in request.POST:
        bounces.arrives(person)
        return _("This address is written to again.")
    return None


def _edit(
    request: MemberRequest, person: Participant, *, is_new: bool = False
) -> HttpResponse:
    shown = str(person)
    form = PersonForm(
        request.POST if request.method == "POST" else None,
        person=person,
        tree=branches(),
        attributes=list(Attribute.objects.order_by("code")),
        language=reader_language(),
    )
    if form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("surveys:people")
    context = {
        "form": form,
        "person": person,
        "shown": shown,
        "is_new": is_new,
        "may_write": may_write(request),
    }
    return render(request, "surveys/people/person.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_members(OWNERS)
def remove_person(request: MemberRequest, participant_id: UUID) -> HttpResponse:
    """Say what stays, then erase."""
    known = get_object_or_404(Participant, pk=participant_id)
    if request.method == "POST":
        known.delete()
        messages.success(request, _("The person is removed."))
        return redirect("surveys:people")
    return _ask_to_remove(request, [known])


@require_POST
@for_members(OWNERS)
def selected_people(request: MemberRequest) -> HttpResponse:
    """Move, mark or remove the people who are ticked."""
    found = Participant.objects.filter(pk__in=_ticked(request))
    people = list(found.order_by("name", "key", "id"))
    action = request.POST.get("action", "")
    if not people:
        messages.error(request, _("Tick at least one person."))
    elif action == "remove" and "sure" not in request.POST:
        return _ask_to_remove(request, people)
    elif action == "remove":
        found.delete()
        _say(request, len(people), "removed")
    elif action == "move":
        _move(request, found, len(people))
    elif action in ("leave", "back"):
        found.update(active=action == "back")
        _say(request, len(people), "changed")
    return redirect("surveys:people")


def _ticked(request: HttpRequest) -> list[UUID]:
    keys = []
    for written in request.POST.getlist("person")[:MOST_SELECTED]:
        try:
            keys.append(UUID(written))
        except ValueError:
            continue
    return keys


def _move(request: MemberRequest, found: QuerySet[Participant], number: int) -> None:
    unit: Unit | None = None
    written = request.POST.get("unit", "")
    if not written:
        messages.error(request, _("Choose a unit first."))
        return
    if written != "none":
        try:
            unit = Unit.objects.get(pk=UUID(written))
        except (ValueError, Unit.DoesNotExist):
            messages.error(request, _("This unit is not there any more."))
            return
    found.update(unit=unit)
    _say(request, number, "changed")


def _say(request: MemberRequest, number: int, done: str) -> None:
    if done == "removed":
        sentence = ngettext(
            "%(n)s person was removed.", "%(n)s people were removed.", number
        )
    else:
        sentence = ngettext(
            "%(n)s person was changed.", "%(n)s people were changed.", number
        )
    messages.success(request, sentence % {"n": number})


def _ask_to_remove(request: MemberRequest, people: list[Participant]) -> HttpResponse:
    return render(request, "surveys/people/remove.html", {"people": people})
