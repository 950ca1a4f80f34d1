"""Send what is due: everybody at least one message, at most one more per crash.

A few rows are taken and committed as "being sent"; each is committed as sent right after
the server took it. A worker that dies leaves one message in doubt, which is sent again
under the same Message-ID once its lease is over. One run at a time holds the advisory
lock, so that the pace is that of the whole site.
"""

import logging
import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connections
from django.db.models import Q, QuerySet
from django.utils import timezone

from surveys import parts
from surveys.fieldwork import gateway, mail
from surveys.fieldwork.composing import NEEDED, Composer
from surveys.fieldwork.mail import Bounced, Envelope, Postman, ServerDown, TryLater
from surveys.fieldwork.reminding import no_longer_needed
from surveys.models import Invitation, Message, Participant, Sender, Wave
from surveys.tenancy import organization_scope

BATCH = 10
LEASE = timedelta(minutes=10)
HALTED = timedelta(minutes=1)  # until a server that is away is asked again
FIRST_PAUSE = timedelta(minutes=1)  # after a refusal, doubled each time
LONGEST_PAUSE = timedelta(hours=4)
MOST_ATTEMPTS = 14  # about two days
RUN_SECONDS = 20.0  # then other jobs have their turn
LOCK = 0x6F7574626F78  # "outbox" in ASCII

logger = logging.getLogger(__name__)

Clock = Callable[[], datetime]
State = Message.State


@dataclass(slots=True)
class Tally:
    """What a run did; `halted` says why a server took nothing more."""

    sent: int = 0
    later: int = 0
    failed: int = 0
    bounced: int = 0
    halted: str = ""
    more: bool = False


@dataclass(frozen=True, slots=True)
class TextMessage:
    """A message to a phone, for the organization's gateway."""

    phone: str
    text: str
    language: str
    message_id: str
    url: str
    secret: str


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message that was taken out of the outbox, with what is to be sent."""

    organization_id: UUID
    message_id: UUID
    invitation_id: UUID
    content: Envelope | TextMessage


@dataclass(slots=True)
class Carrier:
    """Sends parcels at the pace of the site.

    Attributes
    ----------
    closed : set
        Channels that took nothing more: "email", or an organization's gateway.
    """

    postman: Postman
    clock: Clock
    pause: float
    closed: set[object] = field(default_factory=set)
    tally: Tally = field(default_factory=Tally)
    _next: float = 0.0

    def carry(self, parcel: Parcel) -> None:
        """Send one parcel and write down what became of it."""
        self._wait()
        try:
            self._send(parcel.content)
        except Bounced as refusal:
            _bounced(parcel, str(refusal), self.clock())
            self.tally.bounced += 1
        except TryLater as problem:
            failed = _later(parcel, str(problem), self.clock())
            self.tally.failed += failed
            self.tally.later += not failed
        except ServerDown as problem:
            _put_back([parcel], str(problem), self.clock() + HALTED)
            self.closed.add(_way(parcel))
            self.tally.halted = str(problem)
        else:
            _sent(parcel, self.clock())
            self.tally.sent += 1

    def _send(self, content: Envelope | TextMessage) -> None:
        if isinstance(content, Envelope):
            self.postman.send(content)
        else:
            _to_gateway(content, int(self.clock().timestamp()))

    def _wait(self) -> None:
        now = time.monotonic()
        if now < self._next:
            time.sleep(self._next - now)
        self._next = max(now, self._next) + self.pause


def run(
    *,
    clock: Clock = timezone.now,
    postman: Postman | None = None,
    seconds: float = RUN_SECONDS,
) -> Tally:
    """Send what is due, for at most `seconds`; nothing where another run is at it."""
    carrier = Carrier(postman or Postman(), clock, 60.0 / settings.MAIL_PER_MINUTE)
    end = time.monotonic() + seconds
    with _alone() as ours:
        if not ours:
            return carrier.tally
        try:
            skip_the_late()
            _carry_all(carrier, Composer(), end)
        finally:
            carrier.postman.close()
    return carrier.tally


def _carry_all(carrier: Carrier, composer: Composer, end: float) -> None:
    """Give organizations a batch each, in turns, until nothing is due."""
    if not mail.is_set_up():
        carrier.closed.add(Invitation.Channel.EMAIL.value)
    waiting = organizations_due(carrier.clock())
    while waiting:
        organization_id = waiting.pop(0)
        try:
            batch = _take(organization_id, carrier, composer)
        except Exception:
            # whatever is wrong with one organization's rows, the others get their mail
            logger.exception("messages of organization %s wait", organization_id)
            continue
        for place, parcel in enumerate(batch):
            if time.monotonic() > end or _way(parcel) in carrier.closed:
                _put_back_unsent(batch[place:], carrier)
                break
            carrier.carry(parcel)
        if time.monotonic() > end:
            carrier.tally.more = True
            return
        if batch:
            waiting.append(organization_id)


def organizations_due(now: datetime) -> list[UUID]:
    """Whose turn it is, asked as the owner, in an order that favours nobody."""
    found = list(
        Message.objects.using(parts.MAIN)
        .due_at(now)
        .values_list("organization_id", flat=True)
        .distinct()
    )
    random.SystemRandom().shuffle(found)
    return found


def skip_the_late() -> None:
    """Send nothing about waves that take no more answers."""
    late = Message.objects.using(parts.MAIN).late()
    for organization_id in set(late.values_list("organization_id", flat=True)):
        with organization_scope(organization_id):
            ids = Message.objects.late().values_list("pk", flat=True)
            _by_id(set(ids)).update(state=State.SKIPPED)


def _take(organization_id: UUID, carrier: Carrier, composer: Composer) -> list[Parcel]:
    """Take a few due messages out of the outbox and commit that they are being sent."""
    while True:
        parcels, unwanted = _claim(organization_id, carrier, composer)
        if parcels or not unwanted:
            return parcels


def _claim(
    organization_id: UUID, carrier: Carrier, composer: Composer
) -> tuple[list[Parcel], int]:
    """Claim one batch; also return how many of it nobody needs any more."""
    now = carrier.clock()
    with organization_scope(organization_id):
        sender = Sender.objects.first()
        open_ways = _open_ways(organization_id, sender, carrier)
        # forms and manifests are wide: they are read for those few that are taken
        claimed = [
            one.pk
            for one in Message.objects.due_at(now)
            .filter(invitation__channel__in=open_ways)
            .only("pk")
            .select_for_update(skip_locked=True, of=("self",))
            .order_by("next_try_at", "pk")[:BATCH]
        ]
        due = list(_by_id(set(claimed)).select_related(*NEEDED).order_by("pk"))
        opened = no_longer_needed(due, composer.codes)
        _by_id(opened).delete()
        wanted = [one for one in due if one.pk not in opened and is_wanted(one)]
        unwanted = {one.pk for one in due} - {one.pk for one in wanted}
        _by_id(unwanted).update(state=State.SKIPPED)
        _by_id({one.pk for one in wanted}).update(
            state=State.SENDING, next_try_at=now + LEASE
        )
        parcels = [_packed(one, composer, sender) for one in wanted]
    return parcels, len(unwanted)


def is_wanted(message: Message) -> bool:
    """Whether the person is still to be asked, and can be reached that way."""
    person = message.invitation.participant
    if person is None or not person.may_be_asked:
        return False
    if message.invitation.state == Invitation.State.WITHDRAWN:
        return False
    if message.invitation.channel == Invitation.Channel.EMAIL:
        return bool(person.email) and person.bounced_at is None
    return bool(person.phone)


def _open_ways(
    organization_id: UUID, sender: Sender | None, carrier: Carrier
) -> list[str]:
    ways = []
    if Invitation.Channel.EMAIL.value not in carrier.closed:
        ways.append(Invitation.Channel.EMAIL.value)
    if sender and sender.gateway_url and organization_id not in carrier.closed:
        ways.append(Invitation.Channel.PHONE.value)
    return ways


def _packed(message: Message, composer: Composer, sender: Sender | None) -> Parcel:
    person = message.invitation.participant
    assert person is not None  # noqa: S101, is_wanted looked
    content: Envelope | TextMessage
    if message.invitation.channel == Invitation.Channel.EMAIL or sender is None:
        content = composer.envelope(message, person)
    else:
        content = TextMessage(
            phone=person.phone,
            text=composer.text_message(message, person),
            language=message.invitation.language,
            message_id=str(message.pk),
            url=sender.gateway_url,
            secret=gateway.opened(sender),
        )
    return Parcel(message.organization_id, message.pk, message.invitation_id, content)


def _way(parcel: Parcel) -> object:
    if isinstance(parcel.content, Envelope):
        return Invitation.Channel.EMAIL.value
    return parcel.organization_id


def _to_gateway(content: TextMessage, timestamp: int) -> None:
    said = {
        "id": content.message_id,
        "phone": content.phone,
        "text": content.text,
        "language": content.language,
    }
    try:
        gateway.post_signed(
            gateway.target_of(content.url),
            said,
            id=content.message_id,
            secret=content.secret,
            timestamp=timestamp,
        )
    except gateway.Rejected as refusal:
        raise TryLater(str(refusal)) from None
    except (gateway.NotDelivered, gateway.AddressRefused) as problem:
        raise ServerDown(str(problem)) from None


# ---- what became of a message, each committed at once


def _sent(parcel: Parcel, now: datetime) -> None:
    with organization_scope(parcel.organization_id):
        _taken(parcel).update(state=State.SENT, sent_at=now, problem="")
        # by its key: whoever asks by the message reads the whole table for each mail
        Invitation.objects.filter(
            pk=parcel.invitation_id, state=Invitation.State.LISTED
        ).update(state=Invitation.State.ASKED)


def _bounced(parcel: Parcel, problem: str, now: datetime) -> None:
    with organization_scope(parcel.organization_id):
        _taken(parcel).update(state=State.BOUNCED, problem=problem)
        mark_unreachable(parcel.message_id, now)


def mark_unreachable(message_id: UUID, now: datetime) -> None:
    """Write no more to an address that refused for good, until it is corrected.

    Key by key: an UPDATE over joined tables may compare everybody with everybody, as
    long as the server has not counted the rows of a list that was just brought in.
    """
    message = Message.objects.filter(pk=message_id).only("invitation_id").first()
    if message is None:
        return
    invitation = Invitation.objects.filter(pk=message.invitation_id)
    for person_id in invitation.values_list("participant_id", flat=True):
        Participant.objects.filter(pk=person_id, bounced_at=None).update(bounced_at=now)
    invitation.exclude(state=Invitation.State.WITHDRAWN).update(
        state=Invitation.State.UNREACHABLE
    )


def _later(parcel: Parcel, problem: str, now: datetime) -> bool:
    """Charge an attempt; True where it was the last one."""
    with organization_scope(parcel.organization_id):
        message = _taken(parcel).first()
        if message is None:
            return False
        attempts = message.attempts + 1
        last = attempts >= MOST_ATTEMPTS
        _taken(parcel).update(
            state=State.FAILED if last else State.WAITING,
            attempts=attempts,
            next_try_at=now + pause_after(attempts),
            problem=problem,
        )
    return last


def pause_after(attempts: int) -> timedelta:
    """Growing pauses, blurred so that what failed together does not return together."""
    pause: timedelta = min(FIRST_PAUSE * 2 ** (attempts - 1), LONGEST_PAUSE)
    return pause * random.SystemRandom().uniform(0.8, 1.2)


def _put_back(parcels: Sequence[Parcel], problem: str, again_at: datetime) -> None:
    """Let messages wait without charging them: they were not to blame."""
    for organization_id in {one.organization_id for one in parcels}:
        ids = {one.message_id for one in parcels}
        with organization_scope(organization_id):
            _by_id(ids).filter(state=State.SENDING).update(
                state=State.WAITING, next_try_at=again_at, problem=problem
            )


def _put_back_unsent(parcels: Sequence[Parcel], carrier: Carrier) -> None:
    """What this run does not get to is due at once, or once the server is back."""
    now = carrier.clock()
    halted = [one for one in parcels if _way(one) in carrier.closed]
    _put_back(halted, carrier.tally.halted, now + HALTED)
    _put_back([one for one in parcels if one not in halted], "", now)


def _taken(parcel: Parcel) -> QuerySet[Message]:
    return Message.objects.filter(pk=parcel.message_id, state=State.SENDING)


def _by_id(ids: set[UUID]) -> QuerySet[Message]:
    return Message.objects.filter(pk__in=ids)


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether no other run of the site is sending; it stays so inside the block."""
    with connections[parts.MAIN].cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        (ours,) = cursor.fetchone()
        try:
            yield ours
        finally:
            if ours:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def to_send_again(wave: Wave) -> QuerySet[Message]:
    """What failed, and what came back from an address that was corrected since."""
    return Message.objects.filter(
        Q(state=State.FAILED)
        | Q(
            state=State.BOUNCED,
            invitation__participant__isnull=False,
            invitation__participant__bounced_at=None,
        ),
        wave=wave,
    )


def send_again(wave: Wave, *, now: datetime) -> int:
    """Queue once more what `to_send_again` names, under the same Message-IDs."""
    invitations = dict(to_send_again(wave).values_list("pk", "invitation_id"))
    ids = set(invitations)
    Invitation.objects.filter(
        pk__in=set(invitations.values()), state=Invitation.State.UNREACHABLE
    ).update(state=Invitation.State.LISTED)
    return _by_id(ids).update(
        state=State.WAITING, attempts=0, next_try_at=now, sent_at=None, problem=""
    )
