"""Opening and closing waves."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from surveys import actions
from surveys.access import FIELDWORKERS, MemberRequest, for_members
from surveys.models import Survey, Wave


@require_POST
@for_members(FIELDWORKERS)
def open_wave(request: MemberRequest, survey_id: UUID) -> HttpResponse:
    survey = get_object_or_404(Survey, pk=survey_id)
    try:
        wave = actions.open_wave(survey=survey, at=timezone.now())
    except actions.WaveAlreadyOpen:
        messages.info(request, _("A wave is open already; nothing was changed."))
    except actions.NotCollectedHere:
        messages.info(request, _("Imported surveys take no answers."))
    else:
        messages.success(
            request,
            _("Wave %(number)s is open. Share its link.") % {"number": wave.number},
        )
    return redirect("surveys:survey", survey_id=survey.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@for_members(FIELDWORKERS)
def close_wave(request: MemberRequest, wave_id: UUID) -> HttpResponse:
    """Ask first, then close; a second click finds it closed and changes nothing."""
    wave = get_object_or_404(Wave.objects.select_related("survey"), pk=wave_id)
    if request.method != "POST" and wave.is_open:
        return render(request, "surveys/close.html", {"wave": wave})
    if request.method == "POST" and actions.close_wave(
        wave_id=wave.pk, at=timezone.now()
    ):
        messages.success(
            request, _("Wave %(number)s is closed.") % {"number": wave.number}
        )
    else:
        messages.info(
            request,
            _("Wave %(number)s was closed before.") % {"number": wave.number},
        )
    return redirect("surveys:survey", survey_id=wave.survey_id)
