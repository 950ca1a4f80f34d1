"""What somebody with a credential can ask for: the manifest, the page, taking answers.

The page is the same bytes for everybody: whose it is stands in the fragment of the link,
which no server sees. Answers come sealed from a browser that holds a signature, or from
the plain form with a code that was typed.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from surveys.collect import beside, counts, page, replies
from surveys.collect.intake import Receipt
from surveys.collect.sealed import (
    CollectedWave,
    NoCredential,
    Sheet,
    receive_signed,
    receive_typed,
)
from surveys.credentials import fingerprint
from surveys.definition import AnswerError, clean, decode_answers, decode_texts
from surveys.remains import remains

STEP = 4096  # bytes; sealed answers are padded to a multiple, so that sizes tell little
REPLY_SIZE = 2048  # bytes of every reply to sealed answers
STATUS = {
    Receipt.STORED: 201,
    Receipt.SAME: 200,
    Receipt.OTHER: 409,
    Receipt.CLOSED: 410,
}
CODE = "code"


class Unreadable(ValueError):
    """What was sent is no sealed answer."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A request with a signature, decoded but not yet believed."""

    cell_id: UUID
    prepared: bytes
    signature: bytes
    body: bytes


def manifest(wave: CollectedWave) -> HttpResponse:
    """Send the public list of cells and keys exactly as it was published."""
    response = HttpResponse(wave.manifest, content_type="application/json")
    patch_cache_control(response, public=True, max_age=replies.PAGE_AGE)
    return response


def counts_page(
    request: HttpRequest, wave: CollectedWave, language: str
) -> HttpResponse:
    """Show the public counts, or that they come with the end; the same for everybody."""
    groups = counts.published(wave.wave_id)
    with translation.override(language):
        context = {
            "title": wave.form.title.in_(replies.offered(wave.form, language)),
            "groups": [(group.name.in_(language), group) for group in groups],
            "total": counts.Total.of(groups),
            "several": sum(1 for group in groups if group.invited) > 1,
            "on_paper": any(group.on_paper for group in groups),
            "others": [
                (other, _counts_address(wave, other.code))
                for other in page.other_languages(language)
            ],
            "promise": _promised(wave, language),
        }
        return replies.cacheable(request, replies.page("counts", language, context))


def counts_json(wave: CollectedWave) -> HttpResponse:
    """Send the public counts for programs."""
    text = counts.as_json(wave.wave_id, counts.published(wave.wave_id))
    response = HttpResponse(text, content_type="application/json")
    patch_cache_control(response, public=True, max_age=replies.PAGE_AGE)
    return response


def form(request: HttpRequest, wave: CollectedWave, language: str) -> HttpResponse:
    """Show the form of a wave with credentials, or take what the plain form sends."""
    if request.method == "POST":
        return _take_typed(request, wave, language)
    if not wave.takes_answers:
        return _closed(request, wave, language)
    offered = replies.offered(wave.form, language)
    if request.GET or offered != language:
        # nothing random stands in the address of an anonymous page
        target = replies.address("form", wave_id=wave.wave_id, language=offered)
        return HttpResponseRedirect(target)
    return replies.cacheable(request, _page(wave, language, {}, errors={}))


def take_sealed(request: HttpRequest, wave: CollectedWave) -> HttpResponse:
    """Take sealed answers; every reply has one size."""
    limit = replies.body_limit(wave.form)
    if int(request.META.get("CONTENT_LENGTH") or 0) > 2 * limit:
        return _said({"problem": "too_large"}, 413)
    try:
        sent = _sealed(request.body)
        fields, comment, language, linked = _opened(wave, sent.body)
    except Unreadable:
        return _said({"problem": "unreadable"}, 400)
    try:
        sheet = _decoded(wave, sent.body, fields, comment, language, linked)
    except AnswerError as problem:
        return _said({"errors": {problem.item: problem.in_(language)}}, 422)
    try:
        receipt = receive_signed(
            wave,
            cell_id=sent.cell_id,
            prepared=sent.prepared,
            signature=sent.signature,
            sheet=sheet,
        )
    except NoCredential:
        return _said({"problem": "no_credential"}, 403)
    return _said({"receipt": receipt.value}, STATUS[receipt])


def sealed_try_again(*, seconds: int) -> HttpResponse:
    """Say that nothing was stored now, in a reply of the one size."""
    response = _said({"problem": "try_again"}, 503)
    response["Retry-After"] = str(seconds)
    return response


def _sealed(content: bytes) -> Sealed:
    try:
        sent = json.loads(content)
        found = Sealed(
            UUID(sent["cell"]),
            _bytes(sent["prepared"]),
            _bytes(sent["signature"]),
            _bytes(sent["body"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error) as problem:
        raise Unreadable from problem
    if not found.body or len(found.body) % STEP:
        raise Unreadable
    return found


def _bytes(text: str) -> bytes:
    padded = text + "=" * (-len(text) % 4)
    return base64.b64decode(padded, altchars=b"-_", validate=True)


def _opened(
    wave: CollectedWave, body: bytes
) -> tuple[dict[str, str], str, str, bytes | None]:
    """Read the padded JSON ``{"answers": {...}, "comment": "", "language": "en"}``.

    Where waves are linked a ``"pseudonym"`` may be inside.
    """
    try:
        sent = json.loads(body)
        answers, comment = sent["answers"], sent["comment"]
        language = sent["language"]
    except (ValueError, KeyError, TypeError) as problem:
        raise Unreadable from problem
    if not isinstance(answers, dict) or language not in wave.form.languages:
        raise Unreadable
    if not all(isinstance(value, str) for value in (comment, *answers.values())):
        raise Unreadable
    given = {name: value for name, value in answers.items() if value != ""}
    return given, comment, language, beside.pseudonym(sent.get("pseudonym"))


def _decoded(
    wave: CollectedWave,
    body: bytes,
    fields: Mapping[str, str],
    comment: str,
    language: str,
    linked: bytes | None,
) -> Sheet:
    answers = decode_answers(wave.form, fields)
    texts = decode_texts(wave.form, fields, answers)
    comment = clean(comment)[: page.LONGEST_COMMENT]
    if wave.form.comment and comment:
        texts[""] = comment
    return Sheet(body, answers, language, texts, linked)


def _said(content: Mapping[str, Any], status: int) -> HttpResponse:
    text = json.dumps(content).ljust(REPLY_SIZE)
    response = HttpResponse(text, status=status, content_type="application/json")
    patch_cache_control(response, no_store=True)
    return response


# ---- the plain form, with a code that was typed


def _take_typed(
    request: HttpRequest, wave: CollectedWave, language: str
) -> HttpResponse:
    if int(request.META.get("CONTENT_LENGTH") or 0) > replies.body_limit(wave.form):
        return replies.refused(_("This form is too large to be an answer."), status=413)
    fields, more = replies.sent_fields(request)
    if more["switch"]:
        language = replies.offered(wave.form, more["switch"])
        return _page(wave, language, {**fields, **more}, errors={})
    language = replies.offered(wave.form, more["language"], language)
    with translation.override(language):
        errors: dict[str, str] = {}
        if not more[CODE].strip():
            errors[CODE] = _("Please type your code; without it nothing can be stored.")
        try:
            sheet = _decoded(
                wave,
                _digestible(fields, more),
                fields,
                more["comment"],
                language,
                beside.pseudonym(more["pseudonym"]),
            )
        except AnswerError as problem:
            errors[problem.item] = problem.in_(language)
        if not errors:
            try:
                receipt = receive_typed(wave, typed=more[CODE], sheet=sheet)
            except NoCredential:
                if not wave.takes_answers:  # the codes are destroyed by then
                    return _closed(request, wave, language)
                errors[CODE] = _("This code does not belong to this survey.")
            else:
                if receipt is Receipt.CLOSED:
                    return _closed(request, wave, language)
                return replies.receipt(request, wave.wave_id, language, receipt)
        if replies.wants_json(request):
            return JsonResponse({"errors": errors}, status=422)
        filled = {**fields, **more}
        return _page(wave, language, filled, errors=errors, status=422)


def _digestible(fields: Mapping[str, str], more: Mapping[str, str]) -> bytes:
    """What was answered, as bytes whose hash tells a repetition from a change."""
    content = {**fields, "comment": more["comment"], "language": more["language"]}
    return json.dumps(content, sort_keys=True).encode()


def _page(
    wave: CollectedWave,
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
            errors={n: text for n, text in errors.items() if n != CODE},
        )
        context["promise"] = _promised(wave, language)
        context["remains"] = remains()
        context |= page.told(wave.notice, language, study=wave.study)
        context["code"] = answers.get(CODE, "")
        context["code_error"] = errors.get(CODE, "")
        return replies.page("form", language, context, status=status)


def _closed(request: HttpRequest, wave: CollectedWave, language: str) -> HttpResponse:
    """Say that the wave is over, and what can be checked of its promise now."""
    more = {"promise": _promised(wave, language)}
    return replies.closed(request, language, more=more)


def _promised(wave: CollectedWave, language: str) -> dict[str, str]:
    """What was promised, and where it can be checked."""
    where: dict[str, object] = {"wave_id": wave.wave_id}
    listed = {
        "counts": _counts_address(wave, language),
        "counts_json": replies.address("counts-json", **where),
    }
    return {
        "mode": wave.mode,
        "text": wave.promise.in_(language),
        "manifest": replies.address("manifest", **where),
        "fingerprint": fingerprint(wave.manifest.encode()),
        **(listed if wave.publishes_counts else {}),
    }


def _counts_address(wave: CollectedWave, language: str) -> str:
    return replies.address("counts", wave_id=wave.wave_id, language=language)
