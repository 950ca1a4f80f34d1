"""A wave in the field: opening it, looking after it, closing it."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
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

from surveys import actions, quotas
from surveys.access import (
    FIELDWORKERS,
    OWNERS,
    READERS,
    MemberRequest,
    for_members,
)
from surveys.collect.replies import address
from surveys.credentials import fingerprint
from surveys.fieldwork import participation
from surveys.fieldwork.launch import request_close
from surveys.fieldwork.participation import Figure
from surveys.fieldwork.precision import forecasts
from surveys.fieldwork.reportable import of_cells
from surveys.launching import is_typed
from surveys.mixing import GRACE
from surveys.models import Cell, Promise, Survey, Wave
from surveys.promise import Thresholds
from surveys.views.papers import hands_out
from surveys.views.sharing import qr_code


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
    except actions.NeedsGroups:
        return redirect("surveys:launch", survey_id=survey.pk)
    else:
        messages.success(
            request,
            _("Wave %(number)s is open. Share its link.") % {"number": wave.number},
        )
    return redirect("surveys:survey", survey_id=survey.pk)


@require_safe
@for_members(READERS | FIELDWORKERS)
def wave(request: MemberRequest, wave_id: UUID) -> HttpResponse:
    """Links and codes, participation, and what can be done about the wave."""
    shown = get_object_or_404(Wave.objects.select_related("survey", "form"), pk=wave_id)
    preparing = shown.state == Wave.State.PREPARING
    if request.htmx and preparing:
        return render(request, "surveys/_preparing.html", {"wave": shown})
    if request.htmx:
        # opened meanwhile: the whole page is another one
        return HttpResponseClientRefresh()
    return render(request, "surveys/wave.html", _about(request, shown))


def _about(request: MemberRequest, wave: Wave) -> dict[str, Any]:
    cells = list(Cell.objects.filter(wave=wave).order_by("name_en", "pk"))
    figures = participation.of_wave(wave, cells)
    promise = Promise.objects.filter(wave=wave).first()
    with_credentials = wave.survey.mode in actions.WITH_CREDENTIALS
    may_field = request.membership.role in FIELDWORKERS
    language = get_language() or "en"
    # what a respondent opens; absolute, to be copied and photographed
    link = request.build_absolute_uri(address("landing", wave_id=wave.pk))
    return {
        "wave": wave,
        "preparing": wave.state == Wave.State.PREPARING,
        "with_credentials": with_credentials,
        "hands_out": may_field
        and wave.is_open
        and with_credentials
        and hands_out(wave),
        "promise": promise.text(language) if promise else "",
        "fingerprint": _words(promise),
        "sheet": may_field and wave.survey.mode == Survey.Mode.ANONYMOUS,
        "groups": _groups(wave, cells, figures, promise),
        "counts": _public_counts(wave, language),
        "counted": wave.survey.mode == Survey.Mode.ANONYMOUS
        and wave.state == Wave.State.CLOSED,
        "whole": figures[None],
        "forecast": forecasts(
            wave.form.asked(), figures[None], last=participation.last_share(wave)
        ),
        "hours": int(GRACE.total_seconds() // 3600),
        "link": link,
        "code": qr_code(link) if wave.is_open else "",
        "may_field": may_field,
        "quotas": quotas.of_wave(wave, language),
        "may_set_quotas": request.membership.role in OWNERS,
    }


def _groups(
    wave: Wave,
    cells: list[Cell],
    figures: Mapping[UUID | None, Figure],
    promise: Promise | None,
) -> list[dict[str, Any]]:
    """What the table says of each group: how many there are, answered and are needed."""
    if promise is None:
        return []
    thresholds = Thresholds(
        **{field.name: getattr(promise, field.name) for field in fields(Thresholds)}
    )
    by_id = {cell.pk: cell for cell in cells}
    return [
        {
            "cell": by_id[key],
            "name": by_id[key].name(get_language() or "en"),
            "depth": found.depth,
            "invited": found.invited,
            "needed": found.scores,
            "typed": is_typed(by_id[key], wave.survey.mode),
            "figure": figures.get(key),
        }
        for key, found in of_cells(cells, thresholds).items()
    ]


def _public_counts(wave: Wave, language: str) -> str:
    """Where everybody may read the numbers of each group; empty where nobody may."""
    if wave.survey.mode != Survey.Mode.ANONYMOUS:
        return ""
    return address("counts", wave_id=wave.pk, language=language)


def _words(promise: Promise | None) -> str:
    """Six words for the manifest of a wave; empty before it is published."""
    if promise is None or not promise.manifest:
        return ""
    return fingerprint(promise.manifest.encode())


@require_http_methods(["GET", "HEAD", "POST"])
@for_members(FIELDWORKERS)
def close_wave(request: MemberRequest, wave_id: UUID) -> HttpResponse:
    """Ask first, then close; a second click finds it closed and changes nothing."""
    wave = get_object_or_404(Wave.objects.select_related("survey"), pk=wave_id)
    with_credentials = wave.survey.mode in actions.WITH_CREDENTIALS
    if request.method != "POST" and wave.is_open:
        hours = int(GRACE.total_seconds() // 3600)
        context = {"wave": wave, "with_grace": with_credentials, "hours": hours}
        return render(request, "surveys/close.html", context)
    if request.method == "POST" and _closed_now(wave, with_credentials):
        messages.success(
            request, _("Wave %(number)s is closed.") % {"number": wave.number}
        )
    else:
        messages.info(
            request,
            _("Wave %(number)s was closed before.") % {"number": wave.number},
        )
    return redirect("surveys:survey", survey_id=wave.survey_id)


def _closed_now(wave: Wave, with_credentials: bool) -> bool:
    if with_credentials:
        return request_close(wave, at=timezone.now())
    return actions.close_wave(wave_id=wave.pk, at=timezone.now())
