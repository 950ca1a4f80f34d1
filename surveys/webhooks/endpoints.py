"""Set up endpoints, change their secrets, let them go on, and send by hand."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from surveys.credentials import seal, unseal
from surveys.fieldwork.gateway import new_secret
from surveys.models import WebhookDelivery, WebhookEndpoint

OVERLAP = timedelta(hours=24)  # both secrets sign so long after a change
MOST_ENDPOINTS = 20  # of an organization

State = WebhookEndpoint.State


class TooMany(Exception):
    """The organization has as many endpoints as it may have."""


def create(
    *, organization_id: UUID, url: str, name: str, kinds: Sequence[str], at: datetime
) -> tuple[WebhookEndpoint, str]:
    """Store an endpoint; return it with its secret, which is shown this once.

    Raises
    ------
    TooMany
    """
    known = WebhookEndpoint.objects.filter(organization=organization_id)
    if known.count() >= MOST_ENDPOINTS:
        raise TooMany
    secret = new_secret()
    endpoint = WebhookEndpoint(
        organization_id=organization_id,
        url=url,
        name=name,
        kinds=sorted(set(kinds)),
        created_at=at,
    )
    endpoint.secret = _sealed(endpoint, secret)
    endpoint.save(force_insert=True)
    return endpoint, secret


def change_secret(endpoint: WebhookEndpoint, *, at: datetime) -> str:
    """Make a new secret; the one before signs beside it for a day."""
    secret = new_secret()
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(
        former_secret=bytes(endpoint.secret),
        former_until=at + OVERLAP,
        secret=_sealed(endpoint, secret),
    )
    endpoint.refresh_from_db()
    return secret


def secrets_of(endpoint: WebhookEndpoint, at: datetime) -> tuple[str, ...]:
    """Return the secrets that sign now, the newest first."""
    kept = [bytes(endpoint.secret)]
    if endpoint.former_until is not None and at < endpoint.former_until:
        kept.append(bytes(endpoint.former_secret or b""))
    place = _place(endpoint)
    return tuple(
        unseal(one, secret=settings.SECRET_KEY, place=place).decode() for one in kept
    )


def _sealed(endpoint: WebhookEndpoint, secret: str) -> bytes:
    place = _place(endpoint)
    return seal(secret.encode(), secret=settings.SECRET_KEY, place=place)


def _place(endpoint: WebhookEndpoint) -> bytes:
    return b"webhook" + endpoint.pk.bytes


def switch(endpoint: WebhookEndpoint, *, on: bool, at: datetime) -> None:
    """Let an endpoint go on, also after it was stopped, or switch it off.

    What waits for it goes out once it is on; a message that was given up stays so.
    """
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(
        state=State.ON if on else State.OFF, disabled_at=None, told_at=None
    )
    if on:
        waiting = WebhookDelivery.objects.filter(
            endpoint=endpoint, state=WebhookDelivery.State.WAITING
        )
        # it gets all its tries again: the pause was ours
        waiting.update(attempts=0, next_try_at=at)


def send_again(delivery: WebhookDelivery, *, at: datetime) -> bool:
    """Queue a message once more under the same id; False while it is under way."""
    over = WebhookDelivery.objects.filter(
        pk=delivery.pk,
        state__in=[WebhookDelivery.State.DELIVERED, WebhookDelivery.State.FAILED],
    )
    return bool(
        over.update(
            state=WebhookDelivery.State.WAITING,
            attempts=0,
            next_try_at=at,
            delivered_at=None,
        )
    )
