"""Everything that can go wrong, as application/problem+json (RFC 9457).

A view raises; `problem_of` turns whatever was raised into one `Problem`. Titles and
details are in the language of the request.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Any, Final

from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
)
from django.db import DataError, IntegrityError, OperationalError
from django.http import Http404, JsonResponse, UnreadablePostError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions

PROBLEM_JSON: Final = "application/problem+json"
KIND: Final = "urn:trustsurvey:problem:"
TITLES: Final[Mapping[int, Promise]] = {
    400: gettext_lazy("The request is not understood"),
    401: gettext_lazy("Not signed in"),
    403: gettext_lazy("Not allowed"),
    404: gettext_lazy("Not found"),
    405: gettext_lazy("Not possible at this address"),
    406: gettext_lazy("Not available in this form"),
    409: gettext_lazy("Not possible in this state"),
    412: gettext_lazy("Changed meanwhile"),
    413: gettext_lazy("Too large"),
    415: gettext_lazy("Sent in an unknown form"),
    416: gettext_lazy("Beyond the end of the file"),
    422: gettext_lazy("Does not fit an earlier request"),
    429: gettext_lazy("Too many requests"),
    500: gettext_lazy("Our mistake"),
    503: gettext_lazy("Not available for a moment"),
}
NAMES: Final[Mapping[int, str]] = {
    400: "invalid",
    401: "not-signed-in",
    403: "not-allowed",
    404: "not-found",
    405: "method",
    406: "not-acceptable",
    409: "state",
    412: "changed",
    413: "too-large",
    415: "media-type",
    416: "range",
    422: "key-used",
    429: "too-many",
    500: "internal",
    503: "unavailable",
}


@dataclass(frozen=True, slots=True)
class FieldError:
    """One fault of the body (`pointer`: RFC 6901) or of the query (`parameter`)."""

    detail: str
    pointer: str | None = None
    parameter: str | None = None

    def to_json(self) -> dict[str, str]:
        place = (
            {"parameter": self.parameter}
            if self.parameter is not None
            else {"pointer": self.pointer or ""}
        )
        return {**place, "detail": self.detail}


@dataclass(eq=False)
class Problem(Exception):
    """A refusal with its status, its kind (`name`) and one sentence that helps."""

    status: int
    detail: str
    name: str = ""
    errors: Sequence[FieldError] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self) -> JsonResponse:
        body: dict[str, Any] = {
            "type": KIND + (self.name or NAMES[self.status]),
            "title": str(TITLES[self.status]),
            "status": self.status,
            "detail": self.detail,
        }
        if self.errors:
            body["errors"] = [error.to_json() for error in self.errors]
        return JsonResponse(
            body,
            status=self.status,
            content_type=PROBLEM_JSON,
            json_dumps_params={"ensure_ascii": False},
            headers=dict(self.headers),
        )


def problem_of(raised: Exception) -> Problem | None:
    """Say what an exception means to the caller; None where it is our mistake."""
    if isinstance(raised, Problem):
        return raised
    if isinstance(raised, exceptions.ValidationError):
        return invalid(raised.detail)
    if isinstance(raised, exceptions.APIException):
        return _of_framework(raised)
    return _of_django(raised)


def invalid(detail: Any, *, query: bool = False) -> Problem:
    """Return the problem of a body or query that did not pass its serializer."""
    name = "invalid-query" if query else "invalid"
    sentence = (
        _("Parameters of the address are wrong; each is named below.")
        if query
        else _("Fields of the body are wrong; each is named below.")
    )
    return Problem(400, sentence, name, tuple(_faults(detail, "", query=query)))


def wrong(pointer: str, sentence: str) -> Problem:
    """Return the problem of one fault of the body."""
    return faulty([FieldError(sentence, pointer=pointer)])


def faulty(faults: Sequence[FieldError]) -> Problem:
    """Return the problem of several faults of the body."""
    sentence = _("Fields of the body are wrong; each is named below.")
    return Problem(400, sentence, "invalid", tuple(faults))


def _faults(detail: Any, place: str, *, query: bool) -> list[FieldError]:
    if isinstance(detail, Mapping):
        found = []
        for name, below in detail.items():
            here = place if name == "non_field_errors" else f"{place}/{_escaped(name)}"
            found += _faults(below, here, query=query)
        return found
    if isinstance(detail, list | tuple):
        if all(isinstance(one, str) for one in detail):
            return [_fault(str(one), place, query=query) for one in detail]
        return [
            fault
            for at, below in enumerate(detail)
            for fault in _faults(below, f"{place}/{at}", query=query)
        ]
    return [_fault(str(detail), place, query=query)]


def _fault(sentence: str, place: str, *, query: bool) -> FieldError:
    if query:
        return FieldError(sentence, parameter=place.lstrip("/"))
    return FieldError(sentence, pointer=place)


def _escaped(name: object) -> str:
    return str(name).replace("~", "~0").replace("/", "~1")


def _of_framework(raised: exceptions.APIException) -> Problem:
    status = raised.status_code
    sentences = {
        401: _("Send a token as 'Authorization: Bearer ...', or sign in first."),
        405: _("This address does not know that method; 'Allow' says which it knows."),
        406: _("Only application/json is sent from here."),
        415: _("Send the body as application/json."),
        429: _("Wait as long as Retry-After says, then go on."),
    }
    if status not in TITLES:
        status = 400
    detail = sentences.get(status) or str(raised.detail)
    headers = {}
    if isinstance(raised, exceptions.AuthenticationFailed):
        detail = str(raised.detail)
    if status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="api"'
    if isinstance(raised, exceptions.Throttled):
        headers["Retry-After"] = str(max(1, ceil(raised.wait)))  # type: ignore[attr-defined]
    return Problem(status, detail, headers=headers)


def _of_django(raised: Exception) -> Problem | None:
    if isinstance(raised, Http404):
        return Problem(404, _("There is nothing with this address."))
    if isinstance(raised, PermissionDenied):
        return Problem(403, str(raised) or _("You may not do this."))
    if isinstance(raised, RequestDataTooBig):
        return too_large()
    if isinstance(raised, SuspiciousOperation | UnreadablePostError):
        return Problem(400, _("The request is broken."))
    if isinstance(raised, IntegrityError):
        sentence = _("This contradicts what is stored; read it again and try anew.")
        return Problem(409, sentence, "contradiction")
    if isinstance(raised, DataError):
        return Problem(400, _("A value is outside of what can be stored."))
    if isinstance(raised, OperationalError):
        sentence = _("The database does not answer; nothing was changed. Try again.")
        return Problem(503, sentence, headers={"Retry-After": "5"})
    return None


def too_large() -> Problem:
    return Problem(413, _("The body is larger than 2 MB: send it in smaller parts."))


def our_mistake() -> Problem:
    sentence = _(
        "Something broke here; nothing was changed. The operator can read why."
    )
    return Problem(500, sentence)
