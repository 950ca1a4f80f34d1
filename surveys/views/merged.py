"""What all waves of a survey asked, as one file."""

from collections.abc import Iterable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from surveys import csv_files, merged_csv
from surveys.access import ANALYSTS, MemberRequest, for_members
from surveys.definition.merging import MergedForm, merge_forms
from surveys.models import Survey, Wave
from surveys.versions import asked_and_between


@require_GET
@for_members(ANALYSTS)
def merged_codebook_csv(request: MemberRequest, survey_id: UUID) -> HttpResponseBase:
    survey = get_object_or_404(Survey, pk=survey_id)
    waves = _shown(survey)
    if not waves:
        return _not_yet(request, survey)
    lines = merged_csv.merged_item_lines(waves, _merged(waves))
    return _download(survey, "codebook", lines)


def _shown(survey: Survey) -> list[Wave]:
    """Waves whose answers may be seen, oldest first, as for the files of one wave."""
    waves = Wave.objects.filter(survey=survey).select_related("survey", "form")
    return [wave for wave in waves.order_by("number") if wave.shows_answers]


def _merged(waves: list[Wave]) -> MergedForm:
    forms = [wave.form.asked() for wave in waves]
    return merge_forms(forms, asked_and_between(forms))


def _not_yet(request: MemberRequest, survey: Survey) -> HttpResponseBase:
    messages.error(request, _("The answers can be read once a wave is closed."))
    return redirect("surveys:survey", survey_id=survey.pk)


def _download(survey: Survey, what: str, lines: Iterable[str]) -> StreamingHttpResponse:
    parts = [
        slugify(survey.title_en)[:60] or "survey",
        "all-waves",
        what,
        "simulated" if survey.simulated else "",
    ]
    name = "-".join(part for part in parts if part)
    return StreamingHttpResponse(
        csv_files.in_blocks(lines),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )
