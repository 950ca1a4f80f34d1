"""A request that is sent twice under one Idempotency-Key is done once."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import connection, connections
from django.http import HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.request import Request

from surveys import parts
from surveys.api.problems import Problem, invalid
from surveys.models import KeptReply, Membership
from surveys.models.tokens import MOST_KEY

KEPT: Final = timedelta(hours=24)
HEADERS: Final = ("Content-Type", "Location")


def once(
    request: Request,
    membership: Membership,
    holder: UUID,
    act: Callable[[], HttpResponseBase],
) -> HttpResponseBase:
    """Act, or return what the same request of this caller was answered before.

    Only what was done is kept: a refusal changed nothing and is thought over again.

    Raises
    ------
    Problem
        400: no such key can be; 409: the first is still under way; 422: the key was
        used for another request.
    """
    key = _key_of(request)
    _lock(holder, key)
    mark = _mark_of(request)
    kept = KeptReply.objects.filter(holder=holder, key=key).first()
    if kept is not None and kept.kept_at > timezone.now() - KEPT:
        return _again(kept, mark)
    if kept is not None:
        kept.delete()
    reply = act()
    if 200 <= reply.status_code < 300 and isinstance(reply, HttpResponse):
        KeptReply.objects.create(
            organization_id=membership.organization_id,
            holder=holder,
            key=key,
            request_sha256=mark,
            status=reply.status_code,
            headers={name: reply[name] for name in HEADERS if name in reply},
            body=reply.content.decode(),
            kept_at=timezone.now(),
        )
    return reply


def _key_of(request: Request) -> str:
    key = str(request.META["HTTP_IDEMPOTENCY_KEY"])
    if 0 < len(key) <= MOST_KEY and key.isascii() and key.isprintable():
        return key
    sentence = _("Take 1 to %(most)s printable ASCII characters.") % {"most": MOST_KEY}
    raise invalid({"Idempotency-Key": [sentence]}, query=True)


def _lock(holder: UUID, key: str) -> None:
    """Hold the key until the transaction ends, or say that somebody else does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 1))",
            [f"{holder} {key}"],
        )
        (alone,) = cursor.fetchone() or (False,)
    if not alone:
        sentence = _("The first request with this key is still under way.")
        raise Problem(409, sentence, "under-way", headers={"Retry-After": "1"})


def _mark_of(request: Request) -> str:
    whole = hashlib.sha256()
    for part in (request.method or "", request.get_full_path()):
        whole.update(part.encode() + b"\0")
    whole.update(request._request.body)
    return whole.hexdigest()


def _again(kept: KeptReply, mark: str) -> HttpResponse:
    if kept.request_sha256 != mark:
        sentence = _(
            "This Idempotency-Key was used for another request: take a new one."
        )
        raise Problem(422, sentence)
    headers = {**kept.headers, "Idempotent-Replayed": "true"}
    return HttpResponse(kept.body, status=kept.status, headers=headers)


def forget_replies() -> None:
    """Remove what was kept a day ago, of every organization."""
    with connections[parts.MAIN].cursor() as cursor:
        # row security shows the owner what is older than a day, and nothing else
        cursor.execute("DELETE FROM surveys_keptreply")
