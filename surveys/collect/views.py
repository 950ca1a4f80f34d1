"""What a respondent can ask for. Every answer says plainly what became of it."""

import hashlib
from collections.abc import Mapping
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from surveys.collect import page
from surveys.collect.intake import OpenedWave, Receipt, find_wave, receive
from surveys.definition import (
    AnswerError,
    Form,
    clean,
    decode_answers,
    decode_texts,
)

URLCONF = "surveys.collect.urls"
BODY_LIMIT = 64 * 1024  # bytes; 100 items and a long comment need about 10,000
BYTES_OF_CHARACTER = 12  # at most, as a form field: four bytes, each written as %XX
COMMENT_LIMIT = 4000  # characters, as comment_is_bounded in the database
# fields of the form that are no items
BESIDE_ITEMS = ("comment", "language", "switch")
# how long a cache may show the page after the wave was closed; the intake decides
PAGE_AGE = 60  # seconds


def address(name: str, **where: object) -> str:
    return reverse(name, urlconf=URLCONF, kwargs=where)


@require_safe
def landing(request: HttpRequest, wave_id: UUID) -> HttpResponse:
    """Send to the form in the browser's language, under a fresh random key."""
    language = translation.get_language() or "en"
    return _with_fresh_key(wave_id, language)


@require_http_methods(["GET", "HEAD", "POST"])
def form(request: HttpRequest, wave_id: UUID, language: str) -> HttpResponse:
    """Show the form, the same bytes for everybody, or take the answers."""
    with translation.override(language):
        wave = find_wave(wave_id)
        if wave is None:
            return unknown(request)
        if request.method == "POST":
            return _take(request, wave, language)
        if not wave.is_open:
            return _closed(request, language)
        if language not in wave.form.languages:
            return _with_fresh_key(wave_id, _offered(wave.form))
        if _key(request) is None:
            return _with_fresh_key(wave_id, language)
        return _form_page(request, wave, language)


@require_safe
def received(request: HttpRequest, wave_id: UUID, language: str) -> HttpResponse:
    """Say that the answers arrived; nothing here tells whose."""
    with translation.override(language):
        other = request.GET.get("before") == "other"
        return _page("received", language, {"stored_before_differs": other})


def unknown(request: HttpRequest) -> HttpResponse:
    """Answer the same to a mistyped address and to a survey that never was."""
    language = translation.get_language() or "en"
    return _page("unknown", language, {}, status=404)


def try_again(request: HttpRequest, *, seconds: int) -> HttpResponse:
    """Say that nothing was stored now and when to send again."""
    language = translation.get_language() or "en"
    sentence = _("The answers could not be stored just now. Please send them again.")
    if _wants_json(request):
        response: HttpResponse = JsonResponse({"detail": sentence}, status=503)
    else:
        response = _page("try_again", language, {"detail": sentence}, status=503)
    response["Retry-After"] = str(seconds)
    return response


def _take(request: HttpRequest, wave: OpenedWave, language: str) -> HttpResponse:
    if int(request.META.get("CONTENT_LENGTH") or 0) > _body_limit(wave.form):
        return _refused(_("This form is too large to be an answer."), status=413)
    fields = {n: str(value) for n, value in request.POST.items() if value != ""}
    beside = {name: fields.pop(name, "") for name in BESIDE_ITEMS}
    if beside["switch"]:
        return _switched(wave, beside["switch"], {**fields, **beside})
    # without JavaScript a switched page still posts to its first address
    language = _offered(wave.form, beside["language"], language)
    translation.activate(language)
    try:
        answers = decode_answers(wave.form, fields)
        texts = decode_texts(wave.form, fields, answers)
    except AnswerError as problem:
        return _unreadable(request, wave, language, problem, {**fields, **beside})
    comment = clean(beside["comment"])[:COMMENT_LIMIT]
    if wave.form.comment and comment:
        texts[""] = comment
    receipt = receive(
        wave,
        key=_key(request) or uuid4(),
        answers=answers,
        language=language,
        texts=texts,
    )
    return _receipt(request, wave, language, receipt)


def _offered(form: Form, *wanted: str) -> str:
    """First of the languages `wanted` that the form has, else its default."""
    return next((one for one in wanted if one in form.languages), form.languages[0])


def _body_limit(form: Form) -> int:
    return BODY_LIMIT + BYTES_OF_CHARACTER * sum(t.longest for t in form.texts)


def _receipt(
    request: HttpRequest, wave: OpenedWave, language: str, receipt: Receipt
) -> HttpResponse:
    if receipt is Receipt.CLOSED:
        return _closed(request, language)
    if _wants_json(request):
        status = {Receipt.STORED: 201, Receipt.SAME: 200, Receipt.OTHER: 409}[receipt]
        return JsonResponse({"receipt": receipt.value}, status=status)
    target = address("received", wave_id=wave.wave_id, language=language)
    if receipt is Receipt.OTHER:
        target += "?before=other"
    response = HttpResponseRedirect(target)
    response.status_code = 303
    return response


def _switched(
    wave: OpenedWave, language: str, answers: Mapping[str, str]
) -> HttpResponse:
    """Show the answers so far in the other language; nothing is stored."""
    language = _offered(wave.form, language)
    with translation.override(language):
        return _filled_form(wave, language, answers, errors={})


def _unreadable(
    request: HttpRequest,
    wave: OpenedWave,
    language: str,
    problem: AnswerError,
    answers: Mapping[str, str],
) -> HttpResponse:
    errors = {problem.item: problem.in_(language)}
    if _wants_json(request):
        return JsonResponse({"errors": errors}, status=422)
    return _filled_form(wave, language, answers, errors=errors, status=422)


def _filled_form(
    wave: OpenedWave,
    language: str,
    answers: Mapping[str, str],
    *,
    errors: Mapping[str, str],
    status: int = 200,
) -> HttpResponse:
    context = page.form_context(
        wave.form,
        wave_id=wave.wave_id,
        language=language,
        simulated=wave.simulated,
        answers=answers,
        errors=errors,
    )
    return _page("form", language, context, status=status)


def _form_page(request: HttpRequest, wave: OpenedWave, language: str) -> HttpResponse:
    response = _filled_form(wave, language, {}, errors={})
    etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponse(status=304)
    response["ETag"] = etag
    # replaces the no-store of filled pages: an empty form is nobody's
    del response["Cache-Control"]
    patch_cache_control(response, public=True, max_age=PAGE_AGE)
    return response


def _closed(request: HttpRequest, language: str) -> HttpResponse:
    if _wants_json(request):
        sentence = _("This survey is closed; it takes no more answers.")
        return JsonResponse({"detail": sentence}, status=410)
    return _page("closed", language, {}, status=410)


def _page(
    name: str, language: str, context: Mapping[str, object], *, status: int = 200
) -> HttpResponse:
    html = render_to_string(f"collect/{name}.html", {**page.frame(language), **context})
    response = HttpResponse(html, status=status)
    patch_cache_control(response, no_store=True)
    return response


def _refused(sentence: str, *, status: int) -> HttpResponse:
    return JsonResponse({"detail": sentence}, status=status)


def _with_fresh_key(wave_id: UUID, language: str) -> HttpResponse:
    target = address("form", wave_id=wave_id, language=language)
    response = HttpResponseRedirect(f"{target}?r={uuid4()}")
    patch_cache_control(response, no_store=True)
    return response


def _key(request: HttpRequest) -> UUID | None:
    """Random key of the address, None where it is missing or not random."""
    try:
        key = UUID(request.GET.get("r", ""))
    except ValueError:
        return None
    return key if key.version == 4 else None


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")
