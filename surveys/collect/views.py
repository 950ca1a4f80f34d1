"""What a respondent can ask for. Every answer says plainly what became of it."""

import secrets
from collections.abc import Mapping
from uuid import UUID

from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from surveys.collect import beside, credentialed, identified, keys, page, replies
from surveys.collect import panel as panels
from surveys.collect.intake import Beside, OpenedWave, find_wave, receive
from surveys.collect.methods import require_http_methods, require_safe
from surveys.collect.sealed import CollectedWave, find_collected
from surveys.definition import AnswerError, clean, decode_answers, decode_texts

COMMENT_LIMIT = 4000  # characters, as comment_is_bounded in the database


@require_safe
def landing(request: HttpRequest, wave_id: UUID) -> HttpResponse:
    """Send to the form in the browser's language, under a fresh random key."""
    language = translation.get_language() or "en"
    return _with_fresh_key(request, wave_id, language)


@require_http_methods(["GET", "HEAD", "POST"])
def form(request: HttpRequest, wave_id: UUID, language: str) -> HttpResponse:
    """Show the form, the same bytes for everybody, or take the answers."""
    with translation.override(language):
        wave = find_wave(wave_id)
        if wave is None:
            return _other_mode(request, wave_id, language)
        if request.method == "POST":
            return _take(request, wave, language)
        if not wave.is_open:
            return replies.closed(request, language, panel=wave.panel)
        if wave.is_paused:
            return replies.paused(request, language)
        if wave.is_full:
            return replies.full(request, language, panel=wave.panel)
        if language not in wave.form.languages:
            return _with_fresh_key(request, wave_id, replies.offered(wave.form))
        if ("language", language) in wave.enough:
            return replies.enough(request, wave_id, language, panel=wave.panel)
        if _key(request, wave_id) is None:
            return _with_fresh_key(request, wave_id, language)
        return _form_page(request, wave, language)


def _other_mode(request: HttpRequest, wave_id: UUID, language: str) -> HttpResponse:
    """Show or take the form of a wave that is no open link."""
    if (asked := find_collected(wave_id)) is not None:
        return credentialed.form(request, asked, language)
    known = find_wave(wave_id, "identified")
    key = identified.invited(request, wave_id) if known is not None else None
    if known is None or key is None:
        return unknown(request)
    return identified.form(request, known, key, language)


@require_safe
def manifest(request: HttpRequest, wave_id: UUID) -> HttpResponse:
    """Send the public list of cells and keys of a wave with credentials."""
    wave = find_collected(wave_id)
    return unknown(request) if wave is None else credentialed.manifest(wave)


@require_safe
def counts(request: HttpRequest, wave_id: UUID, language: str) -> HttpResponse:
    """Show the public counts of an anonymous wave; before its end, when they come."""
    wave = _with_counts(wave_id)
    if wave is None:
        return unknown(request)
    return credentialed.counts_page(request, wave, language)


@require_safe
def own_counts(request: HttpRequest, wave_id: UUID) -> HttpResponse:
    """Send to the public counts in the browser's language."""
    if _with_counts(wave_id) is None:
        return unknown(request)
    language = translation.get_language() or "en"
    target = replies.address("counts", wave_id=wave_id, language=language)
    return HttpResponseRedirect(target)


@require_safe
def counts_json(request: HttpRequest, wave_id: UUID) -> HttpResponse:
    """Send the public counts for programs."""
    wave = _with_counts(wave_id)
    return unknown(request) if wave is None else credentialed.counts_json(wave)


def _with_counts(wave_id: UUID) -> CollectedWave | None:
    """Return the wave if its promise says that counts are published."""
    wave = find_collected(wave_id)
    return wave if wave is not None and wave.publishes_counts else None


@require_safe
def offline_worker(request: HttpRequest) -> HttpResponse:
    """Send the service worker; from here its scope may be a survey's address."""
    with staticfiles_storage.open("built/offline.js") as file:
        response = HttpResponse(file.read(), content_type="text/javascript")
    patch_cache_control(response, no_cache=True)
    return response


def sealed(request: HttpRequest, wave_id: UUID) -> HttpResponse:
    """Take answers that come with a blind signature."""
    if request.method != "POST":
        return unknown(request)
    try:
        wave = find_collected(wave_id)
        if wave is None:
            return unknown(request)
        return credentialed.take_sealed(request, wave)
    except OperationalError:
        return credentialed.sealed_try_again(seconds=5 + secrets.randbelow(10))


@require_safe
def received(request: HttpRequest, wave_id: UUID, language: str) -> HttpResponse:
    """Say that the answers arrived; nothing here tells whose."""
    with translation.override(language):
        context: dict[str, object] = {
            "stored_before_differs": request.GET.get("before") == "other"
        }
        if replies.is_kiosk(request):
            context["start"] = replies.with_query(
                replies.address("landing", wave_id=wave_id), replies.carried(request)
            )
        if who := panels.person(request):
            wave = find_wave(wave_id)
            end: panels.End = (
                "screened" if request.GET.get("end") == "screened" else "complete"
            )
            if wave is not None:
                context["way_back"] = panels.way_back(wave.panel, end, who)
        return replies.page("received", language, context)


def unknown(request: HttpRequest) -> HttpResponse:
    """Answer the same to a mistyped address and to a survey that never was."""
    language = translation.get_language() or "en"
    context = {"others": page.other_languages(language)}
    return replies.page("unknown", language, context, status=404)


def try_again(request: HttpRequest, *, seconds: int) -> HttpResponse:
    """Say that nothing can be stored or shown now, and when to come again."""
    language = translation.get_language() or "en"
    sentence = _("The answers could not be stored just now. Please send them again.")
    if replies.wants_json(request):
        response: HttpResponse = JsonResponse({"detail": sentence}, status=503)
    else:
        context = {
            "sent": request.method == "POST",
            "others": page.other_languages(language),
        }
        response = replies.page("try_again", language, context, status=503)
    response["Retry-After"] = str(seconds)
    return response


def _take(request: HttpRequest, wave: OpenedWave, language: str) -> HttpResponse:
    if int(request.META.get("CONTENT_LENGTH") or 0) > replies.body_limit(wave.form):
        return replies.refused(_("This form is too large to be an answer."), status=413)
    fields, more = replies.sent_fields(request)
    if more["switch"]:
        return _switched(wave, more["switch"], {**fields, **more})
    # without JavaScript a switched page still posts to its first address
    language = replies.offered(wave.form, more["language"], language)
    translation.activate(language)
    key = _key(request, wave.wave_id)
    if key is None or more[replies.TRAP]:
        return _once_more(request, wave, language, key, {**fields, **more})
    try:
        answers = decode_answers(wave.form, fields)
        texts = decode_texts(wave.form, fields, answers)
    except AnswerError as problem:
        return _unreadable(request, wave, language, problem, {**fields, **more})
    comment = clean(more["comment"])[:COMMENT_LIMIT]
    if wave.form.comment and comment:
        texts[""] = comment
    found = receive(
        wave,
        key=key,
        answers=answers,
        language=language,
        texts=texts,
        beside=Beside(
            beside.pseudonym(more["pseudonym"]),
            beside.duration(more["duration"]),
            beside.device(more["device"]),
        ),
    )
    end = panels.end_of(wave.form, answers)
    return replies.receipt(
        request, wave.wave_id, language, found, panel=wave.panel, end=end
    )


def _once_more(
    request: HttpRequest,
    wave: OpenedWave,
    language: str,
    key: UUID | None,
    answers: Mapping[str, str],
) -> HttpResponse:
    """Refuse what looks like a program, so that a person loses nothing by it.

    The answers stand in the page again, with a key that is good.
    """
    if key is None:
        sentence = _(
            "This page was out of date. Your answers are still here: please send them"
            " once more."
        )
    else:
        sentence = _(
            "A field that people do not see had been filled in; it is empty again. Your"
            " answers are still here: please send them once more."
        )
    fresh = request.GET.get("r", "") if key else keys.fresh(wave.wave_id)
    if replies.wants_json(request):
        return JsonResponse({"detail": sentence, "key": fresh}, status=403)
    query = {"r": fresh, **replies.carried(request)}
    return _filled_form(
        wave,
        language,
        answers,
        errors={"": sentence},
        status=403,
        send_to=replies.with_query("", query),
    )


def _switched(
    wave: OpenedWave, language: str, answers: Mapping[str, str]
) -> HttpResponse:
    """Show the answers so far in the other language; nothing is stored."""
    language = replies.offered(wave.form, language)
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
    if replies.wants_json(request):
        return JsonResponse({"errors": errors}, status=422)
    return _filled_form(wave, language, answers, errors=errors, status=422)


def _filled_form(
    wave: OpenedWave,
    language: str,
    answers: Mapping[str, str],
    *,
    errors: Mapping[str, str],
    status: int = 200,
    send_to: str = "",
) -> HttpResponse:
    context = page.form_context(
        wave.form,
        wave_id=wave.wave_id,
        language=language,
        simulated=wave.simulated,
        answers=answers,
        errors=errors,
    )
    if wave.promise is not None:
        context["frozen_promise"] = wave.promise.in_(language)
    context |= page.told(
        wave.notice, language, study=wave.study, paradata=wave.paradata
    )
    context |= page.enough(
        wave.form, language, wave.enough, way_back=wave.panel.get("full", "")
    )
    context |= {"is_open_link": True, "send_to": send_to}
    return replies.page("form", language, context, status=status)


def _form_page(request: HttpRequest, wave: OpenedWave, language: str) -> HttpResponse:
    return replies.cacheable(request, _filled_form(wave, language, {}, errors={}))


def _with_fresh_key(request: HttpRequest, wave_id: UUID, language: str) -> HttpResponse:
    target = replies.address("form", wave_id=wave_id, language=language)
    query = {"r": keys.fresh(wave_id), **replies.carried(request)}
    response = HttpResponseRedirect(replies.with_query(target, query))
    patch_cache_control(response, no_store=True)
    return response


def _key(request: HttpRequest, wave_id: UUID) -> UUID | None:
    """Key in the address, None where it is missing or was not made here."""
    return keys.read(wave_id, request.GET.get("r", ""))
