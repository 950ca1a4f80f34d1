"""Files of a release: PDF, slides and pictures, made when they are asked for.

They show what the member sees on the page and nothing else.
"""

from collections.abc import Callable
from typing import Final
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import get_valid_filename
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from analytics.files.document import Document
from analytics.files.of_release import document_of
from analytics.files.pdf import report_pdf
from analytics.files.pictures import png_file, svg_file
from analytics.files.slides import report_slides
from analytics.forms import MailChoice
from analytics.managing import require_something
from analytics.models import Release, ReportMailChoice
from analytics.release_reading import read_parts
from analytics.release_sections import SECTIONS
from analytics.release_views import VIEWERS
from surveys.access import ANALYSTS, MemberRequest, for_members
from surveys.definition import LANGUAGES
from surveys.models import Membership, Promise
from surveys.models.people import Role
from surveys.reading import sections_of

MAILED = ANALYSTS | {Role.MANAGER}
PDF: Final = "application/pdf"
PPTX: Final = (
    "application/vnd.openxmlformats-officedocument.presentationml.presentation"
)


@require_safe
@for_members(VIEWERS)
def pdf(request: MemberRequest, release_id: UUID) -> HttpResponse:
    return _file(request, release_id, report_pdf, "pdf", PDF)


@require_safe
@for_members(VIEWERS)
def slides(request: MemberRequest, release_id: UUID) -> HttpResponse:
    return _file(request, release_id, report_slides, "pptx", PPTX)


@require_safe
@for_members(VIEWERS)
def figure(
    request: MemberRequest, release_id: UUID, code: str, ending: str
) -> HttpResponse:
    """Send one chart of the report as SVG or PNG."""
    document = _document(request, _release(release_id))
    picture = document.pictures().get(code)
    if picture is None or ending not in {"svg", "png"}:
        raise Http404
    if ending == "svg":
        body, kind = svg_file(picture, document.language), "image/svg+xml"
    else:
        body, kind = png_file(picture), "image/png"
    name = f"{document.title} · {picture.title}"
    return _attached(body, kind, name, f"{_plain(code)}.{ending}")


@require_safe
@for_members(VIEWERS)
def files(request: MemberRequest, release_id: UUID) -> HttpResponse:
    """List what can be downloaded of a release, and let the member choose mail."""
    release = _release(release_id)
    membership = request.membership
    known = ReportMailChoice.objects.filter(membership=membership).first()
    initial = MailChoice.of(known)
    context = {
        "release": release,
        "wave": release.wave,
        "survey": release.wave.survey,
        "pictures": _document(request, release).pictures().values(),
        "choice": MailChoice(initial=initial) if _mailed(membership) else None,
    }
    return render(request, "analytics/release/files.html", context)


@require_POST
@for_members(MAILED)
def choose_mail(request: MemberRequest, release_id: UUID) -> HttpResponse:
    """Keep whether and in which language the member wants mail about reports."""
    release = _release(release_id)
    form = MailChoice(request.POST)
    if form.is_valid():
        ReportMailChoice.objects.update_or_create(
            organization_id=request.membership.organization_id,
            membership=request.membership,
            defaults=form.chosen(),
        )
        messages.success(request, _("Saved."))
    else:
        messages.error(request, _("Choose one of the answers."))
    return redirect("analytics:release-files", release_id=release.pk)


def _mailed(membership: Membership) -> bool:
    return membership.role in MAILED


def _release(release_id: UUID) -> Release:
    found = Release.objects.published().select_related("wave__survey", "wave__promise")
    return get_object_or_404(found, pk=release_id)


def _document(request: MemberRequest, release: Release) -> Document:
    promise = Promise.objects.filter(wave=release.wave_id).first()
    seen = {str(one) for one in sections_of(request.membership)}
    parts = read_parts(release, promise, request.membership)
    require_something(parts)
    return document_of(
        parts,
        _language(request),
        organization=request.membership.organization.name,
        hidden=frozenset(kind.key for kind in SECTIONS if kind.key not in seen),
    )


def _language(request: MemberRequest) -> str:
    """Return the language of the file: what the address asks for, else the page's."""
    asked = request.GET.get("lang", "")
    return asked if asked in LANGUAGES else (get_language() or "en")


def _file(
    request: MemberRequest,
    release_id: UUID,
    make: Callable[[Document], bytes],
    ending: str,
    kind: str,
) -> HttpResponse:
    release = _release(release_id)
    document = _document(request, release)
    name = f"{document.title} · {document.subtitle}.{ending}"
    plain = f"report-wave-{release.wave.number}.{ending}"
    return _attached(make(document), kind, name, plain)


def _attached(body: bytes, kind: str, name: str, plain: str) -> HttpResponse:
    """Send a file under its name, and under a plain one for old programs (RFC 6266)."""
    ending = "." + plain.rpartition(".")[2]
    full = name if name.endswith(ending) else name + ending
    encoded = quote(get_valid_filename(full.replace("/", "-")), safe="")
    response = HttpResponse(body, content_type=kind)
    response["Content-Disposition"] = (
        f"attachment; filename=\"{plain}\"; filename*=utf-8''{encoded}"
    )
    # an SVG is a document: opened from here it may run and fetch nothing
    response["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'"
    )
    return response


def _plain(code: str) -> str:
    """Return a code as a name in ASCII."""
    return "".join(one if one.isascii() and one.isalnum() else "-" for one in code)
