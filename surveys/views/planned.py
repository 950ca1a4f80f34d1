"""Surveys that open their waves by themselves: look, then start."""

from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from surveys import arrivals
from surveys.access import FIELDWORKERS, MemberRequest, for_members
from surveys.actions import WITH_CREDENTIALS
from surveys.collect import page
from surveys.fieldwork import due
from surveys.fieldwork.launch import floors
from surveys.fieldwork.outlook import audience, next_occasions
from surveys.fieldwork.sampling import Whom
from surveys.models import Form, Schedule, Survey
from surveys.promise import promise_text


@require_http_methods(["GET", "HEAD", "POST"])
@for_members(FIELDWORKERS)
def start(request: MemberRequest, survey_id: UUID) -> HttpResponse:
    """Show whom the schedule would ask and when; then plan its first wave."""
    survey = get_object_or_404(Survey, pk=survey_id)
    schedule = Schedule.objects.filter(survey=survey).select_related("survey").first()
    if schedule is None:
        return redirect("surveys:survey", survey_id=survey.pk)
    now = timezone.now()
    if request.method == "POST":
        return _started(request, schedule)
    language = get_language() or "en"
    thresholds = floors(survey)
    asks_people = survey.mode != Survey.Mode.OPEN
    asked = Form.objects.filter(survey=survey).latest("number").asked()
    context = {
        "survey": survey,
        "place": schedule.zone,
        "log_is_copied": survey.mode in WITH_CREDENTIALS and arrivals.are_copied(),
        "occasions": next_occasions(schedule.rule(), after=now),
        "audience": audience(
            Whom.from_data(schedule.people),
            mode=survey.mode,
            thresholds=thresholds,
            at=now,
        )
        if asks_people
        else None,
        "promise": promise_text(
            survey.mode,
            thresholds,
            links_waves=survey.links_waves,
            joins_outcomes=survey.joins_outcomes,
        ).in_(language),
        "languages": [(one, page.OWN_NAME[one]) for one in asked.languages],
    }
    return render(request, "surveys/start.html", context)


def _started(request: MemberRequest, schedule: Schedule) -> HttpResponse:
    planned = due.start(schedule, timezone.now())
    if planned is None:
        sentence = _("No wave would open from now on: its days have gone by.")
        messages.error(request, sentence)
    else:
        day = date_format(
            timezone.localtime(planned.due_at, ZoneInfo(schedule.zone)),
            "DATETIME_FORMAT",
        )
        sentence = _("The next wave opens on %(day)s (%(place)s).")
        told = {"day": day, "place": schedule.zone}
        messages.success(request, sentence % told)
    return redirect("surveys:survey", survey_id=schedule.survey_id)
