"""The surveys of an organization, one of them, and a new one."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Max, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from surveys import actions, browsing, definition, needs
from surveys.access import (
    ANALYSTS,
    FIELDWORKERS,
    OWNERS,
    READERS,
    MemberRequest,
    for_members,
)
from surveys.browsing import Entry
from surveys.collect.replies import address
from surveys.forms import NewSurvey
from surveys.models import Form, Response, Survey, Wave
from surveys.versions import newer_versions
from surveys.views.sharing import qr_code


@require_safe
@for_members(READERS | FIELDWORKERS)
def survey_list(request: MemberRequest) -> HttpResponse:
    surveys = Survey.objects.order_by("-created_at", "pk").prefetch_related(
        Prefetch("waves", _waves_with_numbers())
    )
    may_make = request.membership.role in OWNERS
    context = {"surveys": surveys, "may_make": may_make}
    return render(request, "surveys/list.html", context)


@require_safe
@for_members(READERS | FIELDWORKERS)
def survey(request: MemberRequest, survey_id: UUID) -> HttpResponse:
    shown = get_object_or_404(Survey, pk=survey_id)
    waves = list(_waves_with_numbers().filter(survey=shown).select_related("survey"))
    opened = next((wave for wave in waves if wave.is_open), None)
    under_way = next((w for w in waves if w.state != Wave.State.CLOSED), None)
    newest = Form.objects.filter(survey=shown).latest("number")
    form = newest.asked()
    role = request.membership.role
    may_revise = role in OWNERS and shown.origin == Survey.Origin.COLLECTED
    context = {
        "survey": shown,
        "waves": waves,
        "opened": opened,
        "under_way": under_way,
        "with_groups": shown.mode in actions.WITH_CREDENTIALS,
        "form": form,
        "form_number": newest.number,
        "from_next_wave": opened is not None and opened.form_id != newest.pk,
        "newer": newer_versions(form) if may_revise else [],
        "merged": sum(wave.shows_answers for wave in waves) > 1,
        "minutes": form.minutes(get_language() or "en"),
        "may_field": role in FIELDWORKERS,
        "may_analyse": role in ANALYSTS,
        "may_read": role in READERS,
    }
    if opened is not None and shown.mode == Survey.Mode.OPEN:
        link = request.build_absolute_uri(address("landing", wave_id=opened.pk))
        context |= {"link": link, "code": qr_code(link)}
    return render(request, "surveys/survey.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_members(OWNERS)
def new_survey(request: MemberRequest) -> HttpResponse:
    shelf = browsing.shelf()
    form = NewSurvey(
        request.POST if request.method == "POST" else None,
        shelf=shelf,
        language=get_language() or "en",
        initial=_filled_in(request.GET, shelf),
    )
    if form.is_valid():
        try:
            made = actions.start_survey(
                organization=request.membership.organization,
                at=timezone.now(),
                **form.parts(),
            )
        except definition.DefinitionError as problem:
            form.refuse(problem)
        else:
            messages.success(request, _("The survey is ready. Open its first wave."))
            return redirect("surveys:survey", survey_id=made.pk)
    return render(request, "surveys/new.html", {"form": form})


def _filled_in(query: QueryDict, shelf: Iterable[Entry]) -> dict[str, Any]:
    """What the address fills in: a questionnaire, and what a need suggests with it."""
    one = ("questionnaire", "referent", "length-", "form-")
    filled: dict[str, Any] = {n: query[n] for n in query if n.startswith(one)}
    several = ("outcomes", "controls", "scales-")
    filled |= {n: query.getlist(n) for n in query if n.startswith(several)}
    for entry in shelf:
        if str(entry.version.pk) == filled.get("questionnaire"):
            filled.setdefault("referent", needs.example_referent(entry.asks))
    return filled


def _waves_with_numbers() -> QuerySet[Wave]:
    """Waves, newest first, with `answered` and `reported_at` (None without report).

    `analyses` is the relation that the app of that name adds; nothing of it is
    imported here.
    """
    answered = (
        Response.objects.filter(wave=OuterRef("pk"))
        .order_by()
        .values("wave_id")
        .annotate(number=Count("id"))
        .values("number")
    )
    return Wave.objects.newest_first().annotate(
        answered=Coalesce(Subquery(answered), 0),
        reported_at=Max("analyses__requested_at", filter=Q(analyses__status="done")),
    )
