"""The description of the API (OpenAPI 3.1): written beside each view, checked by tests.

`operation` says what a method takes and gives; the problems that any of them can end
in are added here, so that no status is undocumented.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, TypeVar

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
)
from rest_framework import serializers

from surveys.api.problems import PROBLEM_JSON
from surveys.api.shapes import Shape
from surveys.models.tokens import MOST_KEY

F = TypeVar("F", bound=Callable[..., Any])

MEANINGS: Final[Mapping[int, str]] = {
    400: "The body or the parameters of the address are wrong.",
    401: "No token, or one that is unknown, revoked or past its last day.",
    403: "The token's scopes or the role do not allow this, or the mode never does.",
    404: "There is nothing of your organization with this address.",
    405: "This address does not know that method.",
    406: "Only application/json is sent.",
    409: "Not possible in this state, or the same request is still under way.",
    412: "It was changed since `If-Match`.",
    413: "The body is larger than 2 MB.",
    415: "The body is not application/json.",
    416: "The file has no such bytes.",
    422: "The Idempotency-Key was used for another request.",
    429: "Too many requests a minute; see `Retry-After`.",
    500: "Our mistake; nothing was changed.",
    503: "Not available for a moment; see `Retry-After`.",
}
ALWAYS: Final = (400, 401, 403, 405, 406, 429, 500, 503)
OF_BODIES: Final = (409, 412, 413, 415, 422)


class FaultOut(Shape):
    """One fault: `pointer` into the body (RFC 6901), or `parameter` of the address."""

    pointer = serializers.CharField(required=False)
    parameter = serializers.CharField(required=False)
    detail = serializers.CharField()


class ProblemOut(Shape):
    """What went wrong (RFC 9457), in the language of `Accept-Language`."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    errors = FaultOut(many=True, required=False)  # type: ignore[assignment]


@lru_cache(maxsize=256)
def paged(shape: type[Shape]) -> type[Shape]:
    """Return the shape of one page of a list of `shape`."""
    fields = {
        "__doc__": "One page; `next` is the cursor of the one after it.",
        "items": shape(many=True),
        "next": serializers.CharField(allow_null=True),
    }
    name = shape.__name__.removesuffix("Out")
    return type(f"{name}PageOut", (Shape,), fields)


IDEMPOTENCY_KEY: Final = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "maxLength": MOST_KEY, "pattern": "^[ -~]+$"},
    OpenApiParameter.HEADER,
    description="Under one key a request is done once; kept for 24 hours.",
)


def operation(
    name: str,
    summary: str,
    *,
    tag: str,
    gives: Any = None,
    status: int = 200,
    body: type[Shape] | None = None,
    query: type[Shape] | None = None,
    changes: bool = False,
    keyed: bool = True,
    more: Mapping[int, Any] | None = None,
    refuses: Sequence[int] = (),
    example: Any = None,
    asks: Any = None,
    media_type: str | Sequence[str] = "application/json",
) -> Callable[[F], F]:
    """Describe one method of a view.

    Parameters
    ----------
    gives
        Shape of the reply with `status`; None: it has no body.
    body, query
        Shapes of what comes in.
    changes : bool
        Whether it changes something (with `keyed`: takes an Idempotency-Key).
    more
        Shapes of further replies by status.
    refuses
        Statuses of problems beside those that any method of its kind may end in.
    example, asks
        An example of the reply and of the body.
    media_type
        Type of the replies, or the types one of which they have.
    """
    parameters: list[Any] = [] if query is None else [query]
    if changes and keyed:
        parameters.append(IDEMPOTENCY_KEY)
    types = (media_type,) if isinstance(media_type, str) else media_type
    shapes = {**({} if gives is None else {status: gives}), **(more or {})}
    given: dict[Any, Any] = {} if gives is not None else {status: None}
    given |= {(code, one): shape for code, shape in shapes.items() for one in types}
    codes = {*ALWAYS, 404, *(OF_BODIES if changes else ()), *refuses}
    if not changes:
        given[304] = OpenApiResponse(description="You have it (`If-None-Match`).")
    problems = {
        (code, PROBLEM_JSON): OpenApiResponse(ProblemOut, MEANINGS[code])
        for code in sorted(codes)
    }
    return extend_schema(
        operation_id=name,
        summary=summary,
        tags=[tag],
        parameters=parameters,
        request=body,
        responses={**given, **problems},
        examples=_examples(example, asks, status),
    )


def _examples(reply: Any, asks: Any, status: int) -> Sequence[OpenApiExample]:
    found = []
    if reply is not None:
        found.append(
            OpenApiExample(
                "Reply", reply, response_only=True, status_codes=[str(status)]
            )
        )
    if asks is not None:
        found.append(OpenApiExample("Body", asks, request_only=True))
    return found


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How a program signs in."""

    target_class = "surveys.api.tokens.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {"type": "http", "scheme": "bearer"}


class MemberScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How somebody signed in with a browser calls."""

    target_class = "surveys.api.tokens.MemberAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": "session",
            "description": "Of the site; with X-CSRFToken where something changes.",
        }
