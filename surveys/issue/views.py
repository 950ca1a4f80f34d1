"""What an invited browser asks the issuer: its cell, and a signature.

The code travels in the body and stands in no address. An unknown wave, an unknown code
and a request that is none get the same bytes.
"""

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Self
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse

from surveys.credentials import BlindingRefused
from surveys.issue.issuer import (
    IssuedTooOften,
    NoLongerIssued,
    NotInvited,
    Paused,
    cell_of,
    issue,
    was_opened,
)

PAUSE = 600  # seconds after which a browser may ask again while a wave is paused
BODY_LIMIT = 4096  # bytes; a code and a blinded message need about 600


@dataclass(frozen=True, slots=True)
class Asked:
    """What a browser sent; the blinded message is empty where none was."""

    code: str
    blinded: bytes

    @classmethod
    def of(cls, request: HttpRequest) -> Self:
        """Read the body; NotInvited where it is no JSON object with a code."""
        if int(request.META.get("CONTENT_LENGTH") or 0) > BODY_LIMIT:
            raise NotInvited
        try:
            sent = json.loads(request.body)
        except ValueError:
            raise NotInvited from None
        if not isinstance(sent, dict) or not isinstance(sent.get("code"), str):
            raise NotInvited
        return cls(sent["code"], _bytes(sent.get("blinded", "")))


def cell(request: HttpRequest, wave_id: UUID) -> HttpResponse:
    """Tell the cell of an invitation, so that the browser knows its key.

    Whoever holds the code is also told whether it was used, on another device say.
    """
    try:
        code = _asked(request).code
        found, opened = cell_of(wave_id, code), was_opened(wave_id, code)
    except NotInvited:
        return unknown()
    except NoLongerIssued:
        return _no_longer()
    except Paused:
        return _paused()
    return _said({"cell": str(found), "opened": "before" if opened else "never"})


def sign(request: HttpRequest, wave_id: UUID) -> HttpResponse:
    """Sign a blinded message; the same message again gets the same signature."""
    try:
        asked = _asked(request)
        signature = issue(wave_id, asked.code, asked.blinded)
    except NotInvited:
        return unknown()
    except NoLongerIssued:
        return _no_longer()
    except Paused:
        return _paused()
    except IssuedTooOften:
        return _said({"problem": "issued_too_often"}, 409)
    except BlindingRefused:
        return _said({"problem": "blinding_refused"}, 422)
    except ArithmeticError:  # a fault of the machine; nothing left it
        return try_again(seconds=1)
    return _said({"signature": base64.urlsafe_b64encode(signature).decode()})


def unknown() -> HttpResponse:
    """Answer the same to every address and code that is not ours."""
    return _said({"problem": "unknown"}, 404)


def try_again(*, seconds: int) -> HttpResponse:
    """Say that nothing was signed now and when to ask again."""
    return _later("try_again", seconds)


def _asked(request: HttpRequest) -> Asked:
    if request.method != "POST":
        raise NotInvited
    return Asked.of(request)


def _bytes(text: object) -> bytes:
    """Decode base64url; empty where it is none, which no key signs."""
    if not isinstance(text, str):
        return b""
    try:
        padded = text + "=" * (-len(text) % 4)
        return base64.b64decode(padded, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return b""


def _paused() -> HttpResponse:
    return _later("paused", PAUSE)


def _later(problem: str, seconds: int) -> HttpResponse:
    response = _said({"problem": problem}, 503)
    response["Retry-After"] = str(seconds)
    return response


def _no_longer() -> HttpResponse:
    return _said({"problem": "closed"}, 410)


def _said(content: dict[str, str], status: int = 200) -> HttpResponse:
    response = JsonResponse(content, status=status)
    response["Cache-Control"] = "no-store"
    return response
