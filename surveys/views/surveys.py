"""The surveys of an organization, one of them, and a new one."""

from uuid import UUID

from django.db.models import Count, Max, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from surveys import actions
from surveys.access import (
    ANALYSTS,
    EVERYBODY,
    FIELDWORKERS,
    OWNERS,
    READERS,
    MemberRequest,
    for_members,
)
from surveys.collect import page
from surveys.collect.replies import address
from surveys.fieldwork.linking import matches_of
from surveys.models import Due, Form, Response, Schedule, Survey, Wave
from surveys.models.people import Role
from surveys.versions import newer_versions
from surveys.views.sharing import qr_code


@require_safe
@for_members(EVERYBODY)
def survey_list(request: MemberRequest) -> HttpResponse:
    if request.membership.role == Role.MANAGER:
        # who manages units reads reports and nothing of the fieldwork
        return redirect("analytics:reports")
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
    planned = Due.objects.waiting().filter(survey=shown, kind=Due.Kind.OPEN).first()
    role = request.membership.role
    may_revise = role in OWNERS and shown.origin == Survey.Origin.COLLECTED
    found = matches_of(waves)
    context = {
        "survey": shown,
        "waves": waves,
        "opened": opened,
        "under_way": under_way,
        "with_groups": shown.mode in actions.WITH_CREDENTIALS,
        "schedule": Schedule.objects.filter(survey=shown).first(),
        "planned": planned,
        "languages": [(one, page.OWN_NAME[one]) for one in form.languages],
        "form": form,
        "form_number": newest.number,
        "from_next_wave": opened is not None and opened.form_id != newest.pk,
        "newer": newer_versions(form) if may_revise else [],
        "merged": sum(wave.shows_answers for wave in waves) > 1,
        "minutes": form.minutes(get_language() or "en"),
        "may_set": may_revise,
        "may_bring": role in OWNERS,
        "linked": [(w, found[w.pk]) for w in waves if w.pk in found],
        "may_field": role in FIELDWORKERS,
        "may_analyse": role in ANALYSTS,
        "may_read": role in READERS,
    }
    if opened is not None and shown.mode == Survey.Mode.OPEN:
        link = request.build_absolute_uri(address("landing", wave_id=opened.pk))
        context |= {"link": link, "code": qr_code(link)}
    return render(request, "surveys/survey.html", context)


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
