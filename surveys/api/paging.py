"""Pages of long lists: an opaque, signed cursor over random keys.

Rows are ordered by their id, which is a random UUID and never changes. So whatever is
added or removed between two pages, no row is told twice and none that was there all
the time is missed.
"""

import base64
import binascii
import hashlib
import hmac
from typing import Any, TypeVar
from uuid import UUID

from django.conf import settings
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from rest_framework import serializers

from surveys.api.problems import Problem, invalid
from surveys.api.shapes import Shape

M = TypeVar("M", bound=Model)

MOST = 200
USUAL = 50
_SEAL = 16  # bytes of the seal of a cursor


class PageQuery(Shape):
    """Where a page begins and how long it is; lists with filters extend it."""

    cursor = serializers.CharField(
        required=False, max_length=200, help_text="`next` of the page before."
    )
    limit = serializers.IntegerField(
        required=False, min_value=1, max_value=MOST, default=USUAL
    )


def page_of(
    rows: QuerySet[M, M],
    request: HttpRequest,
    query: dict[str, Any],
    *,
    key: str = "id",
) -> tuple[list[M], str | None]:
    """Return one page of `rows` and the cursor of the next, None after the last.

    Raises
    ------
    Problem
        400: the cursor was not made for this list and these filters.
    """
    seal = _seal_of(request, query)
    limit = query["limit"]
    if "cursor" in query:
        rows = rows.filter(**{f"{key}__gt": _read(query["cursor"], seal)})
    found = list(rows.order_by(key)[: limit + 1])
    if len(found) <= limit:
        return found, None
    last = getattr(found[limit - 1], key)
    return found[:limit], _written(last, seal)


def _seal_of(request: HttpRequest, query: dict[str, Any]) -> bytes:
    """Key of cursors of this list for this organization with these filters."""
    filters = sorted(
        (name, str(value))
        for name, value in query.items()
        if name not in {"cursor", "limit"}
    )
    holder = request.membership.organization_id  # type: ignore[attr-defined]
    about = repr((str(holder), request.path, filters)).encode()
    return hmac.new(settings.SECRET_KEY.encode(), b"cursor" + about, "sha256").digest()


def _written(last: UUID, seal: bytes) -> str:
    mark = hmac.new(seal, last.bytes, hashlib.sha256).digest()[:_SEAL]
    return base64.urlsafe_b64encode(last.bytes + mark).decode().rstrip("=")


def _read(cursor: str, seal: bytes) -> UUID:
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise _unknown() from None
    key, mark = raw[:16], raw[16:]
    expected = hmac.new(seal, key, hashlib.sha256).digest()[:_SEAL]
    if len(key) != 16 or not hmac.compare_digest(mark, expected):
        raise _unknown()
    return UUID(bytes=key)


def _unknown() -> Problem:
    sentence = _("This cursor is not of this list: begin again without one.")
    return invalid({"cursor": [sentence]}, query=True)
