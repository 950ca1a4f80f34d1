"""Answers of people who are known: the id of the invitation is the id of the answer.

Whoever has the link answers as the person it was made for; the page says so, and asks
for consent before anything is stored.
"""

from collections.abc import Mapping
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils import translation
from django.utils.translation import gettext as _

from surveys.collect import beside, page, replies
from surveys.collect.intake import Beside, OpenedWave, is_invited, receive
from surveys.definition import AnswerError, clean, decode_answers, decode_texts

CONSENT = "consent"
AGREED = "yes"


def invited(request: HttpRequest, wave_id: UUID) -> UUID | None:
    """Id of the invitation in the address, None where the wave has no such one."""
    try:
        key = UUID(request.GET.get("r", ""))
    except ValueError:
        return None
    return key if is_invited(wave_id, key) else None


def form(
    request: HttpRequest, wave: OpenedWave, key: UUID, language: str
) -> HttpResponse:
    """Show the form of a known person, or take the answers."""
    if request.method == "POST":
        return _take(request, wave, key, language)
    if not wave.is_open:
        return replies.closed(request, language)
    if wave.is_paused:
        return replies.paused(request, language)
    offered = replies.offered(wave.form, language)
    if offered != language:
        target = replies.address("form", wave_id=wave.wave_id, language=offered)
        return HttpResponseRedirect(replies.with_query(target, {"r": str(key)}))
    if ("language", language) in wave.enough:
        return replies.enough(request, wave.wave_id, language)
    return _page(wave, language, {}, errors={})


def _take(
    request: HttpRequest, wave: OpenedWave, key: UUID, language: str
) -> HttpResponse:
    if int(request.META.get("CONTENT_LENGTH") or 0) > replies.body_limit(wave.form):
        return replies.refused(_("This form is too large to be an answer."), status=413)
    fields, more = replies.sent_fields(request)
    filled = {**fields, **more}
    if more["switch"]:
        language = replies.offered(wave.form, more["switch"])
        return _page(wave, language, filled, errors={})
    language = replies.offered(wave.form, more["language"], language)
    with translation.override(language):
        errors: dict[str, str] = {}
        if more[CONSENT] != AGREED:
            errors[CONSENT] = _(
                "Please tick that you agree; without it nothing can be stored."
            )
        try:
            answers = decode_answers(wave.form, fields)
            texts = decode_texts(wave.form, fields, answers)
        except AnswerError as problem:
            errors[problem.item] = problem.in_(language)
        if errors and replies.wants_json(request):
            return JsonResponse({"errors": errors}, status=422)
        if errors:
            return _page(wave, language, filled, errors=errors, status=422)
        comment = clean(more["comment"])[: page.LONGEST_COMMENT]
        if wave.form.comment and comment:
            texts[""] = comment
        found = receive(
            wave,
            key=key,
            answers=answers,
            language=language,
            texts=texts,
            beside=Beside(
                None, beside.duration(more["duration"]), beside.device(more["device"])
            ),
        )
        return replies.receipt(request, wave.wave_id, language, found)


def _page(
    wave: OpenedWave,
    language: str,
    answers: Mapping[str, str],
    *,
    errors: Mapping[str, str],
    status: int = 200,
) -> HttpResponse:
    with translation.override(language):
        context = page.form_context(
            wave.form,
            wave_id=wave.wave_id,
            language=language,
            simulated=wave.simulated,
            answers=answers,
            errors={n: text for n, text in errors.items() if n != CONSENT},
        )
        context |= page.told(wave.notice, language, study=None, paradata=wave.paradata)
        context |= page.enough(wave.form, language, wave.enough)
        context["identified"] = True
        context["frozen_promise"] = wave.promise.in_(language) if wave.promise else ""
        context["consented"] = answers.get(CONSENT) == AGREED
        context["consent_error"] = errors.get(CONSENT, "")
        return replies.page("form", language, context, status=status)
