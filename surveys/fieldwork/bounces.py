"""What is told afterwards: mails that came back, and complaints.

A provider tells through anymail's address under a secret (trustsurvey/urls.py); the
message is found by the reference that left with it. Over plain SMTP a mail may come back
to somebody's mailbox, which nobody reads for us: owners say it by hand.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from anymail.signals import tracking  # type: ignore[import-untyped]
from django.dispatch import receiver
from django.utils import timezone

from surveys import parts
from surveys.fieldwork.optout import withdraw
from surveys.fieldwork.outbox import mark_unreachable
from surveys.models import Invitation, Message, Participant, Wave
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


def came_back(person: Participant, *, at: datetime) -> None:
    """Write no more to somebody whose mail came back, as an owner saw.

    Inside the organization's transaction. Invitations of open waves count as not
    delivered, so that they can be sent again to a corrected address.
    """
    Participant.objects.filter(pk=person.pk, bounced_at=None).update(bounced_at=at)
    asked = Invitation.objects.filter(
        participant=person,
        channel=Invitation.Channel.EMAIL,
        state=Invitation.State.ASKED,
        wave__state=Wave.State.OPEN,
    )
    ids = list(asked.values_list("pk", flat=True))
    Message.objects.filter(
        invitation__in=ids, kind=Message.Kind.INVITATION, state=Message.State.SENT
    ).update(state=Message.State.BOUNCED, problem="came back, as an owner saw")
    Invitation.objects.filter(pk__in=ids).update(state=Invitation.State.UNREACHABLE)


def arrives(person: Participant) -> None:
    """Take `came_back` back: the address was right after all."""
    Participant.objects.filter(pk=person.pk).update(bounced_at=None)
