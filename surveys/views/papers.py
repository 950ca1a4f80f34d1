"""Links and codes to hand out, as lists and on paper.

Whoever holds them can answer in the place of those who are meant: only fieldworkers and
owners get them, and nothing of it is kept by a browser.
"""

import csv
import io
from collections.abc import Iterable
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from surveys.access import FIELDWORKERS, MemberRequest, for_members
from surveys.actions import WITH_CREDENTIALS
from surveys.collect.replies import address
from surveys.credentials import fingerprint
from surveys.csv_files import BYTE_ORDER_MARK
from surveys.definition import LANGUAGES, Text
from surveys.fieldwork.printing import Paper, poster, slips
from surveys.fieldwork.sheet import Sheet, sheet
from surveys.launching import codes_of, is_typed
from surveys.models import Cell, Promise, Survey, Wave


@require_GET
@for_members(FIELDWORKERS)
def codes_csv(request: MemberRequest, cell_id: UUID) -> HttpResponse:
    """Personal links of a group, or its codes to type where it has no links."""
    cell = _cell(cell_id)
    wave = cell.wave
    link = _link(request, wave)
    if is_typed(cell, wave.survey.mode):
        heading, lines = _("code"), codes_of(cell, wave.survey.mode)
    else:
        heading = _("link")
        lines = (f"{link}#{code}" for code in codes_of(cell, wave.survey.mode))
    content = _csv([heading, *lines])
    return _download(content, f"{_name(cell)}.csv", "text/csv; charset=utf-8")


@require_GET
@for_members(FIELDWORKERS)
def codes_pdf(request: MemberRequest, cell_id: UUID) -> HttpResponse:
    """Codes of a group to cut up; links are not printed."""
    cell = _cell(cell_id)
    if not is_typed(cell, cell.wave.survey.mode):
        raise Http404
    promise = get_object_or_404(Promise, wave=cell.wave)
    pdf = slips(
        _paper(request, cell.wave),
        codes_of(cell, cell.wave.survey.mode),
        fingerprint=fingerprint(promise.manifest.encode()),
    )
    return _download(pdf, f"{_name(cell)}.pdf", "application/pdf")


@require_GET
@for_members(FIELDWORKERS)
def poster_pdf(request: MemberRequest, wave_id: UUID) -> HttpResponse:
    """Poster of an open link; the other modes have no link for everybody."""
    wave = get_object_or_404(
        Wave.objects.select_related("survey__organization"), pk=wave_id
    )
    if wave.survey.mode != Survey.Mode.OPEN:
        raise Http404
    frozen = get_object_or_404(Promise, wave=wave)
    promise = Text(frozen.text_en, frozen.text_zh_hans)
    pdf = poster(_paper(request, wave), promise=promise)
    name = slugify(wave.survey.title_en)[:60] or "survey"
    return _download(pdf, f"{name}-poster.pdf", "application/pdf")


@require_GET
@for_members(FIELDWORKERS)
def sheet_pdf(request: MemberRequest, wave_id: UUID) -> HttpResponse:
    """What an anonymous wave promises and how to check it, to hand out or to keep."""
    waves = Wave.objects.select_related("survey__organization")
    wave = get_object_or_404(waves, pk=wave_id, survey__mode=Survey.Mode.ANONYMOUS)
    # before the keys are made there are no six words
    frozen = get_object_or_404(Promise.objects.exclude(manifest=""), wave=wave)
    survey = wave.survey
    pdf = sheet(
        Sheet(
            organization=survey.organization.name,
            title=Text(survey.title_en, survey.title_zh_hans),
            label=wave.label,
            promise=Text(frozen.text_en, frozen.text_zh_hans),
            manifest=frozen.manifest,
            addresses={
                "survey": _link(request, wave),
                "manifest": _at(request, "manifest", wave),
                "counts": _at(request, "own-counts", wave),
            },
            languages=_languages(request),
        )
    )
    name = slugify(survey.title_en)[:40] or "survey"
    return _download(pdf, f"{name}-wave-{wave.number}-promise.pdf", "application/pdf")


def _cell(cell_id: UUID) -> Cell:
    """A cell whose codes are handed out: the wave is open, nobody has one by mail."""
    cells = Cell.objects.select_related("wave__survey__organization")
    cell = get_object_or_404(
        cells,
        pk=cell_id,
        wave__state=Wave.State.OPEN,
        wave__survey__mode__in=WITH_CREDENTIALS,
    )
    if not hands_out(cell.wave):
        raise Http404
    return cell


def hands_out(wave: Wave) -> bool:
    """Whether codes are given out by hand; else each belongs to somebody invited."""
    return not wave.invitations.exclude(number=None).exists()


def _link(request: MemberRequest, wave: Wave) -> str:
    return _at(request, "landing", wave)


def _at(request: MemberRequest, name: str, wave: Wave) -> str:
    """One of a wave's addresses for everybody, in full."""
    return request.build_absolute_uri(address(name, wave_id=wave.pk))


def _languages(request: MemberRequest) -> tuple[str, ...]:
    """Return the language that is asked for, else both."""
    wanted = request.GET.get("language", "")
    return (wanted,) if wanted in LANGUAGES else LANGUAGES


def _paper(request: MemberRequest, wave: Wave) -> Paper:
    survey = wave.survey
    return Paper(
        organization=survey.organization.name,
        title=Text(survey.title_en, survey.title_zh_hans),
        address=_link(request, wave),
        mode=survey.mode,
        languages=_languages(request),
    )


def _name(cell: Cell) -> str:
    survey = slugify(cell.wave.survey.title_en)[:40] or "survey"
    return f"{survey}-wave-{cell.wave.number}-{slugify(cell.name_en)[:40] or 'group'}"


def _csv(lines: Iterable[str]) -> bytes:
    file = io.StringIO()
    csv.writer(file).writerows([line] for line in lines)
    return (BYTE_ORDER_MARK + file.getvalue()).encode()


def _download(content: bytes, name: str, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
