"""Send what is due: each message at least once, under one id, in no promised order.

A few rows are taken and committed as "being sent", sent outside of any transaction,
and what became of each is committed at once. A worker that dies leaves a message in
doubt, which is sent again under the same id once its lease is over.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ssl import SSLContext
from typing import Any
from uuid import UUID

from django.utils import timezone

from surveys import parts
from surveys.fieldwork import gateway
from surveys.fieldwork.gateway import AddressRefused, Answer, NotDelivered, Target
from surveys.models import WebhookDelivery, WebhookEndpoint
from surveys.tenancy import organization_scope
from surveys.webhooks.endpoints import secrets_of

BATCH = 5
LEASE = timedelta(minutes=10)
# Between the tries, eight in all: 23.4 hours from the first to the last.
PAUSES = tuple(timedelta(minutes=one) for one in (1, 5, 20, 60, 180, 420, 720))
MOST_TRIES = 1 + len(PAUSES)
GONE = 410  # the other side says that it will never want anything again
RUN_SECONDS = 20.0  # then other jobs have their turn
LONGEST_ANSWER = 300  # characters that are kept
MOST_LOGGED = 40  # tries that are kept; who sends again by hand may have more
KEPT = timedelta(days=30)

Clock = Callable[[], datetime]
Find = Callable[[str], Target]
State = WebhookDelivery.State


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message that was taken, with all that is needed to send it."""

    organization_id: UUID
    delivery_id: UUID
    endpoint_id: UUID
    event_id: UUID
    url: str
    body: bytes
    secrets: tuple[str, ...]


@dataclass(slots=True)
class Tally:
    """What a run did."""

    delivered: int = 0
    later: int = 0
    failed: int = 0
    more: bool = False


@dataclass(slots=True)
class Courier:
    """How messages leave.

    Attributes
    ----------
    find : callable
        From an address to where it is reached, refusing what is not public.
    silent : set of UUID
        Endpoints that did not answer in this run: the others have their turn first.
    """

    clock: Clock
    find: Find = gateway.target_of
    context: SSLContext | None = None
    silent: set[UUID] = field(default_factory=set)
    tally: Tally = field(default_factory=Tally)

    def carry(self, parcel: Parcel) -> None:
        """Send one message and write down what was answered."""
        if parcel.endpoint_id in self.silent:
            _put_back(parcel, self.clock())
            return
        answer = self._send(parcel)
        if answer.status == 0:
            self.silent.add(parcel.endpoint_id)
        state = _note(parcel, answer, self.clock())
        self.tally.delivered += state == State.DELIVERED
        self.tally.later += state == State.WAITING
        self.tally.failed += state == State.FAILED

    def _send(self, parcel: Parcel) -> Answer:
        try:
            return gateway.deliver(
                self.find(parcel.url),
                parcel.body,
                id=str(parcel.event_id),
                secrets=parcel.secrets,
                timestamp=int(self.clock().timestamp()),
                context=self.context,
            )
        except (NotDelivered, AddressRefused) as problem:
            return Answer(0, str(problem))


def run(
    *,
    clock: Clock = timezone.now,
    find: Find = gateway.target_of,
    context: SSLContext | None = None,
    seconds: float = RUN_SECONDS,
) -> Tally:
    """Send what is due, organization by organization, a few messages at a time."""
    courier = Courier(clock, find, context)
    end = time.monotonic() + seconds
    waiting = _organizations_due(clock())
    while waiting:
        organization_id = waiting.pop(0)
        batch = _take(organization_id, courier)
        for parcel in batch:
            courier.carry(parcel)
        if time.monotonic() > end:
            courier.tally.more = True
            break
        if batch:
            waiting.append(organization_id)
    return courier.tally


def forget_old(now: datetime) -> int:
    """Forget what became of messages of more than a month ago; the events stay told."""
    old = WebhookDelivery.objects.using(parts.MAIN).filter(
        event__created_at__lt=now - KEPT
    )
    number = 0
    for organization_id in set(old.values_list("organization_id", flat=True)):
        with organization_scope(organization_id):
            number += WebhookDelivery.objects.filter(
                event__created_at__lt=now - KEPT
            ).delete()[0]
    return number


def _organizations_due(now: datetime) -> list[UUID]:
    """Whose turn it is, asked as the owning role."""
    due = WebhookDelivery.objects.using(parts.MAIN).due_at(now)
    found = due.order_by("organization_id").values_list("organization_id", flat=True)
    return list(found.distinct())


def _take(organization_id: UUID, courier: Courier) -> list[Parcel]:
    """Take a few due messages and commit that they are being sent."""
    now = courier.clock()
    with organization_scope(organization_id):
        due = (
            WebhookDelivery.objects.due_at(now)
            .exclude(endpoint__in=courier.silent)
            .select_related("endpoint", "event")
            .select_for_update(skip_locked=True, of=("self",))
            .order_by("next_try_at", "pk")[:BATCH]
        )
        taken = list(due)
        WebhookDelivery.objects.filter(pk__in=[one.pk for one in taken]).update(
            state=State.SENDING, next_try_at=now + LEASE
        )
        return [_packed(one, now) for one in taken]


def _packed(delivery: WebhookDelivery, now: datetime) -> Parcel:
    return Parcel(
        organization_id=delivery.organization_id,
        delivery_id=delivery.pk,
        endpoint_id=delivery.endpoint_id,
        event_id=delivery.event_id,
        url=delivery.endpoint.url,
        body=delivery.event.content.encode(),
        secrets=secrets_of(delivery.endpoint, now),
    )


def _put_back(parcel: Parcel, now: datetime) -> None:
    """Let a message wait without charging it a try."""
    with organization_scope(parcel.organization_id):
        _sending(parcel).update(state=State.WAITING, next_try_at=now + PAUSES[0])


def _sending(parcel: Parcel) -> Any:
    return WebhookDelivery.objects.filter(pk=parcel.delivery_id, state=State.SENDING)


def _note(parcel: Parcel, answer: Answer, now: datetime) -> str | None:
    """Commit what became of a message; None where somebody removed it meanwhile."""
    with organization_scope(parcel.organization_id):
        row = _sending(parcel).select_for_update().first()
        if row is None:
            return None
        tries = row.attempts + 1
        log = [*row.log, _entry(answer, now)][-MOST_LOGGED:]
        values: dict[str, Any] = {"attempts": tries, "log": log}
        if answer.is_taken:
            values |= {"state": State.DELIVERED, "delivered_at": now}
        elif tries >= MOST_TRIES or answer.status == GONE:
            values |= {"state": State.FAILED}
        else:
            values |= {
                "state": State.WAITING,
                "next_try_at": now + PAUSES[tries - 1],
            }
        _sending(parcel).update(**values)
        if values["state"] == State.FAILED:
            _disable(parcel, row.log, answer, now)
        return str(values["state"])


def _entry(answer: Answer, now: datetime) -> dict[str, Any]:
    shown = "".join(c if c.isprintable() else " " for c in answer.text)
    return {
        "at": now.isoformat(),
        "status": answer.status,
        "answer": " ".join(shown.split())[:LONGEST_ANSWER],
    }


def _disable(
    parcel: Parcel, log: list[dict[str, Any]], answer: Answer, now: datetime
) -> None:
    """Stop an endpoint that took nothing since this message was tried first."""
    since = now
    with suppress(IndexError, KeyError, ValueError):
        since = datetime.fromisoformat(log[-(MOST_TRIES - 1) :][0]["at"])
    took = WebhookDelivery.objects.filter(
        endpoint=parcel.endpoint_id, state=State.DELIVERED, delivered_at__gte=since
    )
    if answer.status != GONE and took.exists():
        return
    WebhookEndpoint.objects.filter(
        pk=parcel.endpoint_id, state=WebhookEndpoint.State.ON
    ).update(state=WebhookEndpoint.State.DISABLED, disabled_at=now)
