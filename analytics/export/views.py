"""The page of exports of a survey: what may be taken, what was, and by whom."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)
from django_htmx.http import HttpResponseClientRefresh

from analytics.export import actions
from analytics.export.downloads import Gone, response_of
from analytics.export.form import WishForm
from analytics.export.log import entries_of, second_person_needed
from analytics.export.models import Export
from analytics.export.offers import NotOffered, reason_of_mode
from analytics.export.shown import entry_shown, export_shown
from surveys.access import ANALYSTS, OWNERS, READERS, MemberRequest, for_members
from surveys.models import Membership, Survey, Wave
from surveys.models.people import Role

MOST_EXPORTS: Final = 50
MOST_ENTRIES: Final = 200
LOG_READERS: Final = OWNERS | {Role.AUDITOR}


@require_http_methods(["GET", "HEAD", "POST"])
@for_members(READERS)
def survey_exports(request: MemberRequest, survey_id: UUID) -> HttpResponse:
    """Show what may be exported and what was; a POST asks for one."""
    survey = get_object_or_404(Survey, pk=survey_id)
    waves = tuple(
        Wave.objects.filter(survey=survey).select_related("survey").order_by("number")
    )
    may_ask = request.membership.role in ANALYSTS
    asked = request.POST if request.method == "POST" and may_ask else None
    form = WishForm(asked, survey=survey, waves=waves, language=_language())
    if asked is not None and form.is_valid() and _asked_for(request, survey, form):
        return redirect("analytics:export", survey_id=survey.pk)
    context = _page(request, survey, form if may_ask else None)
    return render(request, "analytics/export/page.html", context)


def _asked_for(request: MemberRequest, survey: Survey, form: WishForm) -> bool:
    """Store the wish, or tell the form why not."""
    try:
        export = actions.request_export(
            survey=survey,
            wish=form.wish(),
            who=request.membership,
            at=timezone.now(),
        )
    except NotOffered as refused:
        form.add_error(None, refused.sentence.text(_language()))
        return False
    if export.state == Export.State.AWAITING:
        messages.info(request, _("Another owner has to approve it first."))
    else:
        messages.success(request, _("The file is being written."))
    return True


def _page(
    request: MemberRequest, survey: Survey, form: WishForm | None
) -> dict[str, Any]:
    member, language, now = request.membership, _language(), timezone.now()
    exports = actions.exports_of(survey, most=MOST_EXPORTS)
    reads_log = member.role in LOG_READERS
    return {
        "survey": survey,
        "form": form,
        "allowed": reason_of_mode(survey).text(language),
        "exports": [export_shown(one, member, language, now) for one in exports],
        "may_set": member.role in OWNERS,
        "reads_log": reads_log,
        "rule": second_person_needed(),
        "alone": _owners(member) < 2,
        "log": _log(survey, language) if reads_log else (),
        "most": MOST_ENTRIES,
    }


def _owners(member: Membership) -> int:
    """Return how many owners the organization has."""
    owners = Membership.objects.filter(role=Role.OWNER)
    return owners.filter(organization_id=member.organization_id).count()


def _log(survey: Survey, language: str) -> Sequence[dict[str, Any]]:
    entries = entries_of(survey, most=MOST_ENTRIES)
    return [entry_shown(entry, survey, language) for entry in entries]


@require_safe
@for_members(READERS)
def export_progress(request: MemberRequest, export_id: UUID) -> HttpResponse:
    """Tell how far an export is; its page loads again when that is over."""
    export = _export(export_id)
    if not request.htmx:
        return redirect("analytics:export", survey_id=export.survey_id)
    if not export.is_under_way:
        return HttpResponseClientRefresh()
    return render(request, "analytics/export/_progress.html", {"export": export})


@require_safe
@for_members(ANALYSTS)
def export_file(request: MemberRequest, export_id: UUID) -> HttpResponseBase:
    """Send the file, from the byte on that is asked for."""
    export = _export(export_id)
    now = timezone.now()
    if export.state in {Export.State.READY, Export.State.EXPIRED}:
        try:
            if not export.has_file_at(now):
                raise Gone
            return response_of(
                export,
                request.membership,
                asked=request.headers.get("Range"),
                if_range=request.headers.get("If-Range"),
                head=request.method == "HEAD",
                at=now,
            )
        except Gone:
            context = {"survey": export.survey}
            return render(request, "analytics/export/gone.html", context, status=410)
    messages.error(request, _("This file is not ready."))
    return redirect("analytics:export", survey_id=export.survey_id)


@require_POST
@for_members(OWNERS)
def export_decide(request: MemberRequest, export_id: UUID) -> HttpResponse:
    """Approve or refuse what somebody else asked for."""
    export = _export(export_id)
    approve = request.POST.get("decision") == "approve"
    if not approve and request.POST.get("decision") != "refuse":
        messages.error(request, _("Choose one of the answers."))
        return redirect("analytics:export", survey_id=export.survey_id)
    try:
        actions.decide(
            export_id=export.pk,
            approve=approve,
            who=request.membership,
            at=timezone.now(),
        )
    except actions.MayNotDecide:
        messages.error(
            request,
            _("Only another owner than whoever asked decides, and only once."),
        )
    else:
        messages.success(request, _("Approved.") if approve else _("Refused."))
    return redirect("analytics:export", survey_id=export.survey_id)


@require_POST
@for_members(ANALYSTS)
def export_remove(request: MemberRequest, export_id: UUID) -> HttpResponse:
    """Remove a file, or take back the wish for one."""
    export = _export(export_id)
    if actions.remove(export=export, who=request.membership, at=timezone.now()):
        messages.success(request, _("Removed. The log keeps that there was one."))
    return redirect("analytics:export", survey_id=export.survey_id)


@require_POST
@for_members(OWNERS)
def export_rule(request: MemberRequest, survey_id: UUID) -> HttpResponse:
    """Switch approval by a second person on or off, for the whole organization."""
    survey = get_object_or_404(Survey, pk=survey_id)
    wanted = request.POST.get("second") == "on"
    actions.set_second_person(
        organization=request.membership.organization,
        wanted=wanted,
        who=request.membership,
        at=timezone.now(),
    )
    messages.success(request, _("Saved."))
    return redirect("analytics:export", survey_id=survey.pk)


def _export(export_id: UUID) -> Export:
    return get_object_or_404(Export.objects.select_related("survey"), pk=export_id)


def _language() -> str:
    return "zh-hans" if get_language() == "zh-hans" else "en"
