"""The answers of a wave as files; however many, they stream in constant memory."""

from collections.abc import Iterable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from surveys import csv_files
from surveys.access import ANALYSTS, MemberRequest, for_members
from surveys.models import Wave


@require_GET
@for_members(ANALYSTS)
def answers_csv(request: MemberRequest, wave_id: UUID) -> HttpResponseBase:
    wave = _wave(wave_id)
    if not wave.shows_answers:
        return _not_yet(request, wave)
    if wave.survey.only_releases:
        return only_released(request, wave.survey_id)
    form = wave.form.asked()
    lines = csv_files.answer_lines(
        wave.organization_id, wave.pk, form, paradata=wave.paradata
    )
    return _download(wave, "answers", lines)


@require_GET
@for_members(ANALYSTS)
def comments_csv(request: MemberRequest, wave_id: UUID) -> HttpResponseBase:
    wave = _wave(wave_id)
    if not wave.shows_answers:
        return _not_yet(request, wave)
    if wave.survey.only_releases:
        words = _("The comments of this survey are read in its report, from ten on.")
        messages.error(request, words)
        return redirect("surveys:survey", survey_id=wave.survey_id)
    lines = csv_files.comment_lines(wave.organization_id, wave.pk)
    return _download(wave, "comments", lines)


@require_GET
@for_members(ANALYSTS)
def codebook_csv(request: MemberRequest, wave_id: UUID) -> HttpResponseBase:
    wave = _wave(wave_id)
    return _download(wave, "codebook", csv_files.item_lines(wave.form.asked()))


def _wave(wave_id: UUID) -> Wave:
    return get_object_or_404(Wave.objects.select_related("survey", "form"), pk=wave_id)


def only_released(request: MemberRequest, survey_id: UUID) -> HttpResponseBase:
    """Say where the results of a survey stand that promised not to look."""
    words = _(
        "The answers of this survey are not handed out one by one: its people were"
        " promised that. What they tell together stands in the report."
    )
    messages.error(request, words)
    return redirect("surveys:survey", survey_id=survey_id)


def _not_yet(request: MemberRequest, wave: Wave) -> HttpResponseBase:
    messages.error(request, _("The answers can be read once the wave is closed."))
    return redirect("surveys:survey", survey_id=wave.survey_id)


def _download(wave: Wave, what: str, lines: Iterable[str]) -> StreamingHttpResponse:
    parts = [
        slugify(wave.survey.title_en)[:60] or "survey",
        f"wave-{wave.number}",
        what,
        "simulated" if wave.survey.simulated else "",
    ]
    name = "-".join(part for part in parts if part)
    return StreamingHttpResponse(
        csv_files.in_blocks(lines),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )
