"""The way out: a signed address in every mail, which works without signing in.

The token names organization and person and opens nothing else; it stays good after the
wave is over, because mails are read late.
"""

import base64
import binascii
import hashlib
import hmac
from datetime import datetime
from uuid import UUID

from django.conf import settings

from surveys.models import Invitation, Message, Participant
from surveys.tenancy import organization_scope

MAC_BYTES = 16


def token_for(organization_id: UUID, participant_id: UUID) -> str:
    """Token of a person, in letters that an address may hold."""
    named = organization_id.bytes + participant_id.bytes
    return base64.urlsafe_b64encode(named + _mac(named)).decode().rstrip("=")


def read_token(token: str) -> tuple[UUID, UUID] | None:
    """Organization and participant; None where we did not make the token."""
    try:
        content = base64.b64decode(
            token + "=" * (-len(token) % 4), altchars=b"-_", validate=True
        )
    except (binascii.Error, ValueError):
        return None
    named, mac = content[:32], content[32:]
    if len(named) != 32 or not hmac.compare_digest(mac, _mac(named)):
        return None
    return UUID(bytes=named[:16]), UUID(bytes=named[16:])


def is_out(organization_id: UUID, participant_id: UUID) -> bool | None:
    """Whether somebody asked not to be asked; None where nobody is known any more."""
    with organization_scope(organization_id):
        found = Participant.objects.filter(pk=participant_id).first()
        return None if found is None else found.opted_out_at is not None


def opt_out(organization_id: UUID, participant_id: UUID, *, at: datetime) -> None:
    """Never ask somebody again; what waits for them is not sent. Repeating is harmless."""
    with organization_scope(organization_id):
        withdraw(participant_id, at=at)


def withdraw(participant_id: UUID, *, at: datetime) -> None:
    """`opt_out` inside the organization's transaction."""
    Participant.objects.filter(pk=participant_id, opted_out_at=None).update(
        opted_out_at=at
    )
    theirs = Invitation.objects.filter(participant_id=participant_id)
    Message.objects.filter(invitation__in=theirs, state=Message.State.WAITING).update(
        state=Message.State.SKIPPED
    )
    theirs.exclude(state=Invitation.State.WITHDRAWN).update(
        state=Invitation.State.WITHDRAWN
    )


def undo(organization_id: UUID, participant_id: UUID) -> None:
    """Let somebody be asked again, from the next wave on."""
    with organization_scope(organization_id):
        Participant.objects.filter(pk=participant_id).update(opted_out_at=None)


def _mac(named: bytes) -> bytes:
    key = hashlib.sha256(b"trustsurvey opt-out" + settings.SECRET_KEY.encode()).digest()
    return hmac.new(key, named, hashlib.sha256).digest()[:MAC_BYTES]
