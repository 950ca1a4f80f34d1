"""What an event may say, and how it comes to be.

The rule: an event holds ids of ours, the number and the mode of a wave, and whether it
was simulated; nothing that anybody answered and no count of it. It says what the
organization or its schedule did, never what a respondent did: nothing is emitted when
somebody opens, answers or is reminded, in no mode. So neither content nor time of an
event depends on a single person. Whoever wants more asks the API, where rights decide.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from surveys.models import (
    EventKind,
    Wave,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookEvent,
)
from surveys.models.webhooks import TEST

# What an event is about, besides its wave: kind -> name of the id
ABOUT: Mapping[str, str] = MappingProxyType(
    {
        EventKind.RELEASE_PUBLISHED: "release",
        EventKind.ALARM_RAISED: "release",
        EventKind.SCORES_READY: "release",
        EventKind.ANALYSIS_FINISHED: "analysis",
        EventKind.EXPORT_READY: "export",
    }
)


@dataclass(frozen=True, slots=True)
class About:
    """A wave, as far as an event names it; `survey` alone for what spans waves."""

    survey: UUID
    wave: UUID | None = None
    number: int | None = None
    mode: str = ""
    simulated: bool = False


def about(wave: Wave) -> About:
    """Name a wave, whose survey is loaded."""
    survey = wave.survey
    return About(survey.pk, wave.pk, wave.number, survey.mode, survey.simulated)


def emit(
    organization_id: UUID,
    kind: EventKind,
    subject: UUID,
    told: About,
    *,
    at: datetime,
) -> WebhookEvent | None:
    """Queue an event for every endpoint that wants it, in the caller's transaction.

    Told once of each subject, however often it is called; None where it was told
    before or nobody wants it. An endpoint that is switched off gets nothing, one that
    was stopped gets it when its owner lets it go on.
    """
    wanted = WebhookEndpoint.objects.filter(
        organization=organization_id, kinds__contains=[kind]
    ).exclude(state=WebhookEndpoint.State.OFF)
    endpoints = list(wanted.order_by("pk"))
    if not endpoints:
        return None
    event = WebhookEvent(
        organization_id=organization_id,
        kind=kind.value,
        subject=subject,
        content=_content(kind.value, _ids(kind, subject, told), at),
        created_at=at,
    )
    WebhookEvent.objects.bulk_create([event], ignore_conflicts=True)
    if not WebhookEvent.objects.filter(pk=event.pk).exists():
        return None
    WebhookDelivery.objects.bulk_create(_way(event, one, at) for one in endpoints)
    return event


def emit_test(endpoint: WebhookEndpoint, *, at: datetime) -> WebhookDelivery:
    """Queue a message that says nothing but that it is one."""
    event = WebhookEvent(
        organization_id=endpoint.organization_id,
        kind=TEST,
        subject=endpoint.pk,
        created_at=at,
    )
    # each test is a message of its own
    event.subject = event.pk
    event.content = _content(TEST, {"endpoint": str(endpoint.pk)}, at)
    event.save(force_insert=True)
    delivery = _way(event, endpoint, at)
    delivery.save(force_insert=True)
    return delivery


def _way(
    event: WebhookEvent, endpoint: WebhookEndpoint, at: datetime
) -> WebhookDelivery:
    return WebhookDelivery(
        organization_id=event.organization_id,
        event=event,
        endpoint=endpoint,
        next_try_at=at,
    )


def _ids(kind: EventKind, subject: UUID, told: About) -> dict[str, object]:
    data: dict[str, object] = {"survey": str(told.survey)}
    if told.wave is not None:
        data |= {"wave": str(told.wave), "wave_number": told.number}
    if told.mode:
        data["mode"] = told.mode
    data["simulated"] = told.simulated
    if kind in ABOUT:
        data[ABOUT[kind]] = str(subject)
    return data


def _content(kind: str, data: Mapping[str, object], at: datetime) -> str:
    said = {"type": kind, "timestamp": at.isoformat(), "data": data}
    return json.dumps(said, separators=(",", ":"))
