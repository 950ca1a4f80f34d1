"""What every page of a respondent shares: addresses, headers, plain words."""

import hashlib
from collections.abc import Mapping
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from surveys.collect.intake import Receipt
from surveys.collect.page import frame
from surveys.definition import Form

URLCONF = "surveys.collect.urls"
BODY_LIMIT = 64 * 1024  # bytes; 100 items and a long comment need about 10,000
BYTES_OF_CHARACTER = 12  # at most, as a form field: four bytes, each written as %XX
# fields of the form that are no items
BESIDE_ITEMS = ("comment", "language", "switch", "code")
# how long a cache may show the page after the wave was closed; the intake decides
PAGE_AGE = 60  # seconds


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
    """Let a page that is nobody's be kept for a while, under a tag of its bytes."""
    etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponse(status=304)
    response["ETag"] = etag
    # replaces the no-store of filled pages: an empty form is nobody's
    del response["Cache-Control"]
    patch_cache_control(response, public=True, max_age=PAGE_AGE)
    return response


def receipt(
    request: HttpRequest, wave_id: UUID, language: str, found: Receipt
) -> HttpResponse:
    """Say what became of answers from the plain form."""
    if found is Receipt.CLOSED:
        return closed(request, language)
    if wants_json(request):
        status = {Receipt.STORED: 201, Receipt.SAME: 200, Receipt.OTHER: 409}[found]
        return JsonResponse({"receipt": found.value}, status=status)
    target = address("received", wave_id=wave_id, language=language)
    if found is Receipt.OTHER:
        target += "?before=other"
    response = HttpResponseRedirect(target)
    response.status_code = 303
    return response


def closed(request: HttpRequest, language: str) -> HttpResponse:
    if wants_json(request):
        sentence = _("This survey is closed; it takes no more answers.")
        return JsonResponse({"detail": sentence}, status=410)
    return page("closed", language, {}, status=410)


def refused(sentence: str, *, status: int) -> HttpResponse:
    return JsonResponse({"detail": sentence}, status=status)


def wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")
