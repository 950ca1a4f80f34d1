"""The report of a wave, from the wish for one to the finished page."""

import json
from collections.abc import Sequence
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from analytics import page
from analytics.actions import PATIENCE, request_analysis
from analytics.form_plan import plan_of
from analytics.forms import Estimation, PlannedSize
from analytics.models import Analysis
from analytics.planner import Size, planned
from analytics.publishing import NotEnded, request_release
from analytics.report import Report, UnknownReport
from analytics.sentences import BadInput, Sentence, label
from surveys.access import (
    ANALYSTS,
    FIELDWORKERS,
    OWNERS,
    READERS,
    MemberRequest,
    for_members,
)
from surveys.models import Form, Survey, Wave


@require_POST
@for_members(ANALYSTS)
def analyse(request: MemberRequest, wave_id: UUID) -> HttpResponse:
    wave = get_object_or_404(Wave.objects.select_related("survey"), pk=wave_id)
    if wave.survey.only_releases:
        return _as_release(request, wave)
    chosen = Estimation(request.POST).chosen
    if chosen is None:
        messages.error(request, _unknown_estimator())
    elif wave.shows_answers:
        request_analysis(wave=wave, at=timezone.now(), estimator=chosen)
    else:
        messages.error(request, _("Close the wave first; then it can be analysed."))
    return redirect("analytics:analysis", wave_id=wave.pk)


@require_POST
@for_members(ANALYSTS)
def publish(request: MemberRequest, wave_id: UUID) -> HttpResponse:
    """Ask for another release of an ended wave."""
    wave = get_object_or_404(Wave, pk=wave_id)
    chosen = Estimation(request.POST).chosen
    try:
        if chosen is None:
            messages.error(request, _unknown_estimator())
        else:
            request_release(wave=wave, at=timezone.now(), estimator=chosen)
    except NotEnded:
        messages.error(request, _("Only a wave that has ended has a release."))
    return redirect("analytics:report", wave_id=wave.pk)


def _unknown_estimator() -> str:
    return _("Choose how the factor model takes the items from the list.")


@require_safe
@for_members(READERS)
def wave_analysis(request: MemberRequest, wave_id: UUID) -> HttpResponse:
    """Show the newest analysis of a wave, beside its release."""
    wave = get_object_or_404(Wave.objects.select_related("survey"), pk=wave_id)
    if wave.survey.only_releases:
        return _as_release(request, wave)
    return show_analysis(request, wave)


def _as_release(request: MemberRequest, wave: Wave) -> HttpResponse:
    """Send to the report: of promised answers nothing is shown outside of a release."""
    messages.info(
        request, _("Results of this survey are shown as audited releases only.")
    )
    return redirect("analytics:report", wave_id=wave.pk)


def show_analysis(request: MemberRequest, wave: Wave) -> HttpResponse:
    """Show the newest analysis of a wave: its report, how far it is, or why not."""
    analyses = _analyses(wave)
    newest = analyses[0] if analyses else None
    if newest is not None and newest.is_under_way:
        return _under_way(request, newest, analyses)
    if request.htmx:
        # the page that polls has something better to show now
        return HttpResponseClientRefresh()
    if newest is not None and newest.status == Analysis.Status.DONE:
        return _report(request, newest, analyses)
    failure = _said(newest.failure) if newest is not None else ""
    return _waiting(request, wave, analyses, failure=failure)


@require_safe
@for_members(READERS)
def stored_report(request: MemberRequest, analysis_id: UUID) -> HttpResponse:
    """Show one finished analysis, also when a newer one exists."""
    found = Analysis.objects.done().select_related("wave__survey")
    analysis = get_object_or_404(found, pk=analysis_id)
    if analysis.wave.survey.only_releases:
        return _as_release(request, analysis.wave)
    return _report(request, analysis, _analyses(analysis.wave))


@require_safe
@for_members(READERS | FIELDWORKERS)
def planner(request: MemberRequest, survey_id: UUID) -> HttpResponse:
    """Say what the survey's newest form will show at a size that the reader chooses."""
    survey = get_object_or_404(Survey, pk=survey_id)
    form = Form.objects.filter(survey=survey).latest("number").asked()
    size = PlannedSize(_begun(request.GET) if request.GET else None)
    context: dict[str, object] = {"survey": survey, "form": size}
    try:
        plan = plan_of(form, simulated=survey.simulated, seed=settings.ANALYSIS_SEED)
    except BadInput as refused:
        context["failure"] = refused.sentence.text(get_language() or "en")
    else:
        chosen = _size(size)
        context["size"] = chosen
        context["lines"] = [
            {
                "question": line.question.text(get_language() or "en"),
                "expect": line.expect.text(get_language() or "en"),
                "needs": line.needs,
                "tone": line.tone,
                "enough": line.needs is None or chosen.answers >= line.needs,
            }
            for line in planned(plan, chosen)
        ]
    part = "analytics/_planned.html" if request.htmx else "analytics/planner.html"
    return render(request, part, context)


def _begun(query: QueryDict) -> dict[str, str]:
    """Take what the address says; the example where it is silent."""
    example = {name: str(f.initial) for name, f in PlannedSize.base_fields.items()}
    return example | {name: str(query[name]) for name in query if name in example}


def _size(form: PlannedSize) -> Size:
    """Size that was filled in, or the one that the empty page begins with."""
    if form.is_valid():
        given = form.cleaned_data
    else:
        given = {name: field.initial for name, field in form.fields.items()}
    return Size(given["asked"], given["percent"] / 100, given["teams"] or 0)


def _analyses(wave: Wave) -> list[Analysis]:
    """Analyses of a wave, newest first, without their long results."""
    found = Analysis.objects.filter(wave=wave).newest_first().defer("result")
    analyses = list(found)
    for analysis in analyses:
        analysis.wave = wave
    return analyses


def _report(
    request: MemberRequest, analysis: Analysis, analyses: Sequence[Analysis]
) -> HttpResponse:
    try:
        report = Report.from_json(json.loads(analysis.result))
    except UnknownReport:
        failure = _(
            "An older version of this site made this report, and it can no longer be"
            " shown. Run the analysis again."
        )
        return _waiting(request, analysis.wave, analyses, failure=failure)
    wave = analysis.wave
    context = {
        **page.context(report, get_language() or "en"),
        **_frame(request, wave, analyses),
        "analysis": analysis,
        "preview": wave.closed_at is None or analysis.requested_at < wave.closed_at,
    }
    return render(request, "analytics/report.html", context)


def _under_way(
    request: MemberRequest, analysis: Analysis, analyses: Sequence[Analysis]
) -> HttpResponse:
    step = label(analysis.step, get_language() or "en") if analysis.step else ""
    context = {"analysis": analysis, "step": step}
    if request.htmx:
        return render(request, "analytics/_progress.html", context)
    stuck = timezone.now() - analysis.requested_at > PATIENCE
    frame = _frame(request, analysis.wave, analyses)
    return render(
        request, "analytics/waiting.html", {**context, **frame, "stuck": stuck}
    )


def _waiting(
    request: MemberRequest, wave: Wave, analyses: Sequence[Analysis], *, failure: str
) -> HttpResponse:
    context = {**_frame(request, wave, analyses), "failure": failure}
    return render(request, "analytics/waiting.html", context)


def _frame(
    request: MemberRequest, wave: Wave, analyses: Sequence[Analysis]
) -> dict[str, object]:
    """Gather what stands around a report: whose it is, and which others there are."""
    return {
        "wave": wave,
        "survey": wave.survey,
        "reports": [a for a in analyses if a.status == Analysis.Status.DONE],
        "may_analyse": request.membership.role in ANALYSTS,
        "estimation": Estimation(),
        "may_release": request.membership.role in OWNERS,
    }


def _said(failure: str) -> str:
    return Sentence.from_plain(json.loads(failure)).text(get_language() or "en")
