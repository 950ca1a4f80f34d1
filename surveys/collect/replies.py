"""What every page of a respondent shares: addresses, headers, plain words."""

import gzip
import hashlib
from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import gettext as _

from surveys.collect import panel as panels
from surveys.collect.intake import Receipt
from surveys.collect.page import frame
from surveys.definition import Form

URLCONF = "surveys.collect.urls"
BODY_LIMIT = 64 * 1024  # bytes; 100 items and a long comment need about 10,000
BYTES_OF_CHARACTER = 12  # at most, as a form field: four bytes, each written as %XX
# no person sees it: what fills it in fills in everything
TRAP = "further"
# fields of the form that are no items
BESIDE_ITEMS = (
    "comment",
    "language",
    "switch",
    "code",
    "pseudonym",
    "duration",
    "device",
    "consent",
    TRAP,
)
# how long a cache may show the page after the wave was closed; the intake decides
PAGE_AGE = 60  # seconds
PAUSE = 3600  # seconds after which a browser may ask again while a wave is paused
KIOSK = "kiosk"  # in the address of a device that many people answer on
NO_PANEL: Mapping[str, str] = MappingProxyType({})
NOTHING: Mapping[str, object] = MappingProxyType({})


def address(name: str, **where: object) -> str:
    return reverse(name, urlconf=URLCONF, kwargs=where)


def sent_fields(request: HttpRequest) -> tuple[dict[str, str], dict[str, str]]:
    """Fields of items that hold something, and those beside them ("" where missing)."""
    fields = {n: str(value) for n, value in request.POST.items() if value != ""}
    beside = {name: fields.pop(name, "") for name in BESIDE_ITEMS}
    return fields, beside


def offered(form: Form, *wanted: str) -> str:
    """First of the languages `wanted` that the form has, else its default."""
    return next((one for one in wanted if one in form.languages), form.languages[0])


def body_limit(form: Form) -> int:
    return BODY_LIMIT + BYTES_OF_CHARACTER * sum(t.longest for t in form.texts)


def page(
    name: str, language: str, context: Mapping[str, object], *, status: int = 200
) -> HttpResponse:
    html = render_to_string(f"collect/{name}.html", {**frame(language), **context})
    response = HttpResponse(html, status=status)
    patch_cache_control(response, no_store=True)
    return response


def cacheable(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Let a page that is nobody's be kept for a while, under a tag of its bytes.

    It holds no secret and nothing that was sent, so it may be compressed.
    """
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    tag = hashlib.sha256(response.content).hexdigest()[:32]
    etag = f'"{tag}-gzip"' if packed else f'"{tag}"'
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponse(status=304)
    elif packed:
        response.content = gzip.compress(response.content, compresslevel=6, mtime=0)
        response["Content-Encoding"] = "gzip"
    response["ETag"] = etag
    # replaces the no-store of filled pages: an empty form is nobody's
    del response["Cache-Control"]
    patch_cache_control(response, public=True, max_age=PAGE_AGE)
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


def receipt(
    request: HttpRequest,
    wave_id: UUID,
    language: str,
    found: Receipt,
    *,
    panel: Mapping[str, str] = NO_PANEL,
    end: panels.End = "complete",
) -> HttpResponse:
    """Say what became of answers from the plain form, or of an open link."""
    if found is Receipt.CLOSED:
        return closed(request, language, panel=panel)
    if found is Receipt.PAUSED:
        return paused(request, language)
    if found is Receipt.FULL:
        return full(request, language, panel=panel)
    if found is Receipt.ENOUGH:
        return enough(request, wave_id, language, panel=panel)
    if wants_json(request):
        status = {Receipt.STORED: 201, Receipt.SAME: 200, Receipt.OTHER: 409}[found]
        said = {"receipt": found.value}
        if end != "complete":
            said["end"] = end
        return JsonResponse(said, status=status)
    target = address("received", wave_id=wave_id, language=language)
    query = carried(request)
    if found is Receipt.OTHER:
        query["before"] = "other"
    if end != "complete":
        query["end"] = end
    response = HttpResponseRedirect(with_query(target, query))
    response.status_code = 303
    return response


def carried(request: HttpRequest) -> dict[str, str]:
    """What an address hands on to the next: the panel's id, and that it is a kiosk."""
    query = {}
    if who := panels.person(request):
        query[panels.FIELD] = who
    if is_kiosk(request):
        query[KIOSK] = "1"
    return query


def is_kiosk(request: HttpRequest) -> bool:
    return KIOSK in request.GET


def with_query(target: str, query: Mapping[str, str]) -> str:
    return f"{target}?{urlencode(query)}" if query else target


def closed(
    request: HttpRequest,
    language: str,
    *,
    panel: Mapping[str, str] = NO_PANEL,
    more: Mapping[str, object] = NOTHING,
) -> HttpResponse:
    """Say that the wave is over; `more` is what else the page may tell."""
    sentence = _("This survey is closed; it takes no more answers.")
    return _ended(request, language, "closed", sentence, panel, more)


def paused(request: HttpRequest, language: str) -> HttpResponse:
    """Say that nothing is taken for a while; a browser keeps the answers until then."""
    sentence = _("This survey is paused; it takes answers again later.")
    if wants_json(request):
        said = {"detail": sentence, "problem": "paused"}
        response: HttpResponse = JsonResponse(said, status=503)
    else:
        context = {"not_stored": request.method == "POST"}
        response = page("paused", language, context, status=503)
    response["Retry-After"] = str(PAUSE)
    return response


def full(
    request: HttpRequest, language: str, *, panel: Mapping[str, str] = NO_PANEL
) -> HttpResponse:
    sentence = _("This survey has as many answers as it takes; yours were not stored.")
    return _ended(request, language, "full", sentence, panel)


def enough(
    request: HttpRequest,
    wave_id: UUID,
    language: str,
    *,
    panel: Mapping[str, str] = NO_PANEL,
) -> HttpResponse:
    """Say that enough people have answered alike; others may still be wanted."""
    if wants_json(request):
        sentence = _("Enough people like you have answered; nothing was stored.")
        way_back = panel.get("full", "")
        said = {"detail": sentence, "end": "enough", "way_back": way_back}
        return JsonResponse(said, status=410)
    context = {
        "way_back": panels.way_back(panel, "full", panels.person(request)),
        "not_stored": request.method == "POST",
    }
    if is_kiosk(request):
        landing = address("landing", wave_id=wave_id)
        context["start"] = with_query(landing, carried(request))
    return page("enough", language, context, status=410)


def _ended(
    request: HttpRequest,
    language: str,
    end: panels.End,
    sentence: str,
    panel: Mapping[str, str],
    more: Mapping[str, object] = NOTHING,
) -> HttpResponse:
    if wants_json(request):
        # the panel's id is not sent here: the browser puts it in
        said = {"detail": sentence, "end": end, "way_back": panel.get(end, "")}
        return JsonResponse(said, status=410)
    sent = request.method == "POST"
    context = {
        "way_back": panels.way_back(panel, end, panels.person(request)),
        "not_stored": sent,
        **more,
    }
    return page(end, language, context, status=410)


def refused(sentence: str, *, status: int) -> HttpResponse:
    return JsonResponse({"detail": sentence}, status=status)


def wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")
