"""When a survey asks, the periods of its waves, and what happened in between."""

from collections.abc import Mapping
from datetime import datetime, tzinfo
from itertools import islice
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise as Lazy
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from surveys.access import FIELDWORKERS, MemberRequest, for_members
from surveys.actions import WITH_CREDENTIALS
from surveys.fieldwork import calendar, periods
from surveys.forms_period import CloseForm, EventForm
from surveys.forms_schedule import People, ScheduleForm, filled
from surveys.models import (
    Attribute,
    Due,
    Event,
    Participant,
    Schedule,
    Survey,
    Unit,
    Wave,
)
from surveys.tasks import follow_pauses

SHOWN_AHEAD = 6  # occasions
SHOWN_BACK = 20  # rows of what was due
MOST_VALUES = 40  # of an attribute

# Why something that was due is not done yet, or was missed; else it failed.
PROBLEMS: Mapping[str, str | Lazy] = {
    "too_late": gettext_lazy(
        "No worker ran during its whole period. It was not asked later."
    ),
    "left_out": gettext_lazy("The days off have changed: this day is left out now."),
    "wave_open": gettext_lazy("Another wave is open; it has to be closed first."),
    "late_answers": gettext_lazy("Late answers of the wave before still arrive."),
    "preparing": gettext_lazy("The wave is still being prepared."),
    "NobodyToAsk": gettext_lazy(
        "Nobody could be asked: no people with an address match, or all of them rest."
    ),
    "TooFewPeople": gettext_lazy(
        "Fewer than eight people could be asked, too few for this mode."
    ),
}
# Why the period of a wave cannot be changed so.
REFUSALS: Mapping[str, str | Lazy] = {
    "closed": gettext_lazy("This wave is closed. A closed wave never opens again."),
    "past": gettext_lazy("That moment has passed. A wave closes in the future."),
    "next_opens": gettext_lazy(
        "The next wave opens on %(opens)s; this one has to close before."
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
@for_members(FIELDWORKERS)
def schedule(request: MemberRequest, survey_id: UUID) -> HttpResponse:
    """Show and set the rules by which a survey asks."""
    survey = get_object_or_404(Survey, pk=survey_id)
    kept = Schedule.objects.filter(survey=survey).first()
    form = ScheduleForm(
        request.POST if request.method == "POST" else None,
        people=None if survey.mode == Survey.Mode.OPEN else people_of(),
        rest=periods.rest_of(survey),
        initial=filled(kept) if kept else None,
    )
    if request.method == "POST" and form.is_valid():
        try:
            periods.set_schedule(
                survey=survey, rule=form.rule(), whom=form.whom(), at=timezone.now()
            )
        except calendar.ScheduleError as problem:
            form.refuse(problem)
        else:
            messages.success(request, _("The schedule is set."))
            return redirect("surveys:schedule", survey_id=survey.pk)
    place: tzinfo = ZoneInfo(kept.zone) if kept else timezone.get_default_timezone()
    context = {
        "survey": survey,
        "schedule": kept,
        "form": form,
        "place": place,
        "ahead": _ahead(kept, timezone.now()) if kept else [],
        "rows": _rows(survey),
        "events": Event.objects.filter(survey=survey).order_by("date", "pk"),
        "event_form": EventForm(),
        "language": get_language() or "en",
    }
    return render(request, "surveys/schedule.html", context)


def people_of() -> People:
    """What people can be chosen by: units and attributes with their values."""
    language = get_language() or "en"
    units = Unit.objects.order_by("code")
    attributes = []
    for attribute in Attribute.objects.order_by("code"):
        key = f"attributes__{attribute.code}"
        values = Participant.objects.filter(**{f"{key}__isnull": False}).order_by(key)
        found = values.values_list(key, flat=True).distinct()[:MOST_VALUES]
        attributes.append((attribute.code, attribute.name(language), list(found)))
    return People([(unit.pk, unit.name(language)) for unit in units], attributes)


def _ahead(kept: Schedule, now: datetime) -> list[calendar.Occasion]:
    coming = (o for o in calendar.occasions(kept.rule()) if o.opens_at > now)
    return list(islice(coming, SHOWN_AHEAD))


def _rows(survey: Survey) -> list[tuple[Due, str]]:
    """What was due, newest first, each with a sentence where something is wrong."""
    found = Due.objects.filter(survey=survey).select_related("wave")
    newest = found.exclude(done_at=None, problem="").order_by("-due_at", "-kind")
    return [(row, _sentence(row)) for row in newest[:SHOWN_BACK]]


def _sentence(row: Due) -> str:
    if not row.problem:
        return ""
    if row.problem in PROBLEMS:
        return str(PROBLEMS[row.problem])
    sentence = _("It failed (%(problem)s) and is tried again.")
    return sentence % {"problem": row.problem}


@require_POST
@for_members(FIELDWORKERS)
def stop(request: MemberRequest, survey_id: UUID) -> HttpResponse:
    survey = get_object_or_404(Survey, pk=survey_id)
    if periods.stop_schedule(survey):
        messages.success(
            request, _("No more waves are planned. An open wave ends as planned.")
        )
    return redirect("surveys:schedule", survey_id=survey.pk)


@require_POST
@for_members(FIELDWORKERS)
def add_event(request: MemberRequest, survey_id: UUID) -> HttpResponse:
    survey = get_object_or_404(Survey, pk=survey_id)
    form = EventForm(request.POST)
    if form.is_valid():
        Event.objects.create(
            organization=request.membership.organization,
            survey=survey,
            **form.cleaned_data,
        )
        messages.success(request, _("The event is noted."))
    else:
        messages.error(
            request, _("An event needs a day and a title in both languages.")
        )
    return redirect("surveys:schedule", survey_id=survey.pk)


@require_POST
@for_members(FIELDWORKERS)
def remove_event(request: MemberRequest, event_id: UUID) -> HttpResponse:
    event = get_object_or_404(Event, pk=event_id)
    survey_id = event.survey_id
    event.delete()
    messages.success(request, _("The event is removed."))
    if survey_id is None:
        return redirect("surveys:list")
    return redirect("surveys:schedule", survey_id=survey_id)


@require_http_methods(["GET", "HEAD", "POST"])
@for_members(FIELDWORKERS)
def period(request: MemberRequest, wave_id: UUID) -> HttpResponse:
    """Until when a wave is open: extend, pause, go on."""
    wave = get_object_or_404(Wave.objects.select_related("survey"), pk=wave_id)
    place = _place(wave)
    form = CloseForm(
        request.POST if "move" in request.POST else None, initial=_closing(wave, place)
    )
    if request.method == "POST":
        if "pause" in request.POST or "resume" in request.POST:
            _pause_or_resume(request, wave)
            return redirect("surveys:period", wave_id=wave.pk)
        if form.is_valid() and _moved(request, wave, form, place):
            return redirect("surveys:period", wave_id=wave.pk)
    with_credentials = wave.survey.mode in WITH_CREDENTIALS
    context = {
        "wave": wave,
        "form": form,
        "place": place,
        "with_credentials": with_credentials,
    }
    return render(request, "surveys/period.html", context)


def _place(wave: Wave) -> ZoneInfo:
    """Time zone in which the wave is planned."""
    kept = Schedule.objects.filter(survey=wave.survey_id).first()
    return ZoneInfo(kept.zone if kept else timezone.get_default_timezone_name())


def _closing(wave: Wave, place: ZoneInfo) -> dict[str, object]:
    if wave.closes_at is None:
        return {}
    local = wave.closes_at.astimezone(place)
    return {"day": local.date(), "clock": local.time()}


def _moved(
    request: MemberRequest, wave: Wave, form: CloseForm, place: ZoneInfo
) -> bool:
    given = form.cleaned_data
    closes_at = calendar.moment(given["day"], given["clock"], place.key)
    try:
        periods.move_close(wave=wave, closes_at=closes_at, at=timezone.now())
    except periods.PeriodError as problem:
        params = {
            name: date_format(timezone.localtime(value, place), "DATETIME_FORMAT")
            for name, value in problem.params.items()
            if isinstance(value, datetime)
        }
        form.add_error(None, str(REFUSALS[problem.code]) % params)
        return False
    messages.success(request, _("The wave closes at the time you set."))
    return True


def _pause_or_resume(request: MemberRequest, wave: Wave) -> None:
    """Change the wave; the issuer follows in the job, or a minute later."""
    if "pause" in request.POST:
        changed = periods.pause(wave, at=timezone.now())
        sentence = _("The wave is paused.")
    else:
        changed = periods.resume(wave)
        sentence = _("The wave goes on.")
    if changed:
        if wave.survey.mode in WITH_CREDENTIALS:
            follow_pauses.defer()
        messages.success(request, sentence)
    else:
        messages.info(request, _("Nothing was changed: the wave was so already."))
