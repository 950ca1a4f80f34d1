"""Mail to members about a release: a row a mail, sent once, tried again after a refusal.

A row is locked while its mail is handed over, so that two workers never send the same
one. A worker that dies in between leaves the row due: the mail may then come twice,
under the same Message-ID.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from analytics.alarm_mail import alarm_mail, alarms_for
from analytics.files.digest import digest
from analytics.mail_models import MOST_ATTEMPTS
from analytics.models import Release, ReleaseMail, ReportMailChoice
from analytics.release_reading import read_parts
from surveys import parts
from surveys.fieldwork.mail import (
    Bounced,
    Envelope,
    Postman,
    ServerDown,
    TryLater,
    is_set_up,
)
from surveys.fieldwork.outbox import pause_after
from surveys.fieldwork.texts import Mail
from surveys.models import Membership, Promise
from surveys.models.people import Role
from surveys.reading import sections_of
from surveys.tenancy import organization_scope

# kind of mail -> roles that may get some
ADDRESSED: Final[Mapping[str, frozenset[Role]]] = {
    ReleaseMail.Kind.DIGEST: frozenset({Role.OWNER, Role.ANALYST}),
    ReleaseMail.Kind.ALARM: frozenset({Role.OWNER, Role.ANALYST, Role.MANAGER}),
}
# kind of mail -> what writes it: (release, membership, language) -> mail
Writer = Callable[[Release, Membership, str], Mail]


def queue(release: Release, kind: ReleaseMail.Kind, *, at: datetime) -> int:
    """Queue one mail to every member whom it concerns and who wants mail; return how many.

    A summary goes to owners and analysts; an alarm also to managers of a unit that it
    is about, and to nobody where none was raised.

    Runs in the transaction that publishes the release. Where the site sends no mail
    nothing is queued, so that nothing old leaves once it does.
    """
    if not is_set_up():
        return 0
    unwanted = ReportMailChoice.objects.filter(wanted=False).values("membership")
    members = Membership.objects.filter(
        organization=release.organization_id, role__in=ADDRESSED[kind]
    ).exclude(pk__in=unwanted)
    rows = [
        ReleaseMail(
            organization_id=release.organization_id,
            release=release,
            membership=one,
            kind=kind,
            next_try_at=at,
        )
        for one in members.order_by("pk")
        if kind != ReleaseMail.Kind.ALARM or alarms_for(release, one)
    ]
    ReleaseMail.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def send_due(now: datetime, postman: Postman | None = None) -> int:
    """Send what is due, organization by organization; return how many were sent."""
    if not is_set_up():
        return 0
    postman = postman or Postman()
    sent = 0
    try:
        for organization_id in _organizations_due(now):
            while (was := _send_one(organization_id, now, postman)) is not None:
                sent += was
    except ServerDown:
        return sent  # the next run asks the server again
    finally:
        postman.close()
    return sent


def _organizations_due(now: datetime) -> Iterable[UUID]:
    """Whose mail is due, asked as the owning role."""
    due = ReleaseMail.objects.using(parts.MAIN).due_at(now)
    return list(due.values_list("organization_id", flat=True).distinct())


def _send_one(organization_id: UUID, now: datetime, postman: Postman) -> bool | None:
    """Send one mail: whether it left; None where nothing is due.

    Raises
    ------
    ServerDown
        The row stays as it was.
    """
    with organization_scope(organization_id):
        due = ReleaseMail.objects.due_at(now).order_by("next_try_at", "pk")
        row = due.select_for_update(skip_locked=True, of=("self",)).first()
        if row is None:
            return None
        envelope = _envelope(row)
        try:
            if envelope is not None:
                postman.send(envelope)
        except Bounced as refusal:
            _tried(row, MOST_ATTEMPTS, now, str(refusal))
        except TryLater as problem:
            _tried(row, row.attempts + 1, now, str(problem))
        else:
            ReleaseMail.objects.filter(pk=row.pk).update(sent_at=now, problem="")
            return envelope is not None
    return False


def _tried(row: ReleaseMail, attempts: int, now: datetime, problem: str) -> None:
    ReleaseMail.objects.filter(pk=row.pk).update(
        attempts=attempts, next_try_at=now + pause_after(attempts), problem=problem
    )


def _envelope(row: ReleaseMail) -> Envelope | None:
    """Return the mail of a row; None where nobody may or wants to have it any more."""
    release = Release.objects.select_related("wave__survey").get(pk=row.release_id)
    membership = Membership.objects.select_related("user", "organization").get(
        pk=row.membership_id
    )
    choice = ReportMailChoice.objects.filter(membership=membership).first()
    withdrawn = release.state != Release.State.PUBLISHED
    if withdrawn or membership.role not in ADDRESSED[row.kind]:
        return None
    if choice and not choice.wanted:
        return None
    if row.kind == ReleaseMail.Kind.ALARM and not alarms_for(release, membership):
        return None
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    return Envelope(
        to=membership.user.email,
        name="",
        mail=WRITERS[row.kind](release, membership, choice.language if choice else ""),
        message_id=f"<{row.pk}@{host}>",
        unsubscribe="",
        sender=membership.organization.name,
        reply_to="",
        reference=str(row.pk),
    )


def _digest(release: Release, membership: Membership, language: str) -> Mail:
    promise = Promise.objects.filter(wave=release.wave_id).first()
    link = settings.SITE_URL + reverse("analytics:release", args=[release.pk])
    return digest(
        read_parts(release, promise, membership),
        language,
        organization=membership.organization.name,
        link=link,
        tells="glance" in {str(one) for one in sections_of(membership)},
    )


WRITERS: Final[Mapping[str, Writer]] = {
    ReleaseMail.Kind.DIGEST: _digest,
    ReleaseMail.Kind.ALARM: alarm_mail,
}
