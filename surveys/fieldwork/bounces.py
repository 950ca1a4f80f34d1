"""What a mail provider tells afterwards: mails that came back, and complaints.

It comes through anymail's address under a secret (trustsurvey/urls.py); the message is
found by the reference that left with it.
"""

from typing import Any
from uuid import UUID

from anymail.signals import tracking  # type: ignore[import-untyped]
from django.dispatch import receiver
from django.utils import timezone

from surveys import parts
from surveys.fieldwork.optout import withdraw
from surveys.fieldwork.outbox import mark_unreachable
from surveys.models import Message
from surveys.tenancy import organization_scope

CAME_BACK = frozenset({"bounced", "rejected"})
UNWANTED = frozenset({"complained", "unsubscribed"})
LONGEST_PROBLEM = 300


@receiver(tracking, dispatch_uid="surveys.bounces")
def hear(sender: object, event: Any, **more: object) -> None:
    """Write down what became of a mail; what opens or follows it is not listened to."""
    reference = (event.metadata or {}).get("message", "")
    if event.event_type in CAME_BACK | UNWANTED:
        note(str(reference), event.event_type, str(event.description or ""))


def note(reference: str, kind: str, description: str) -> bool:
    """Mark a message and its person; False where it is none of ours."""
    try:
        message_id = UUID(reference)
    except ValueError:
        return False
    found = Message.objects.using(parts.MAIN).filter(pk=message_id).first()
    if found is None:
        return False
    now = timezone.now()
    with organization_scope(found.organization_id):
        if kind in CAME_BACK:
            Message.objects.filter(pk=message_id).update(
                state=Message.State.BOUNCED,
                problem=f"{kind}: {description}"[:LONGEST_PROBLEM],
            )
            mark_unreachable(message_id, now)
        else:
            person = Message.objects.values_list(
                "invitation__participant_id", flat=True
            ).get(pk=message_id)
            if person is not None:
                withdraw(person, at=now)
    return True
