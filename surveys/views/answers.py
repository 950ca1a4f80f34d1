"""What a wave asked, as a file; answers leave by the page of exports alone."""

from collections.abc import Iterable
from uuid import UUID

from django.http import HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils.text import slugify
from django.views.decorators.http import require_GET

from surveys import csv_files
from surveys.access import ANALYSTS, MemberRequest, for_members
from surveys.models import Wave


@require_GET
@for_members(ANALYSTS)
def codebook_csv(request: MemberRequest, wave_id: UUID) -> HttpResponseBase:
    wave = _wave(wave_id)
    return _download(wave, "codebook", csv_files.item_lines(wave.form.asked()))


def _wave(wave_id: UUID) -> Wave:
    return get_object_or_404(Wave.objects.select_related("survey", "form"), pk=wave_id)


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
