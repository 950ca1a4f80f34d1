"""Who is asked in a wave, and every message that goes out about it.

An invitation never knows what was answered, and no time of opening or answering stands
here: only times of sending. Codes are derived (`surveys.launching.codes_of`), not stored.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from surveys.models.fieldwork import Survey, Wave
from surveys.models.participants import Participant
from surveys.models.people import Organization
from surveys.models.promise import Cell


class Invitation(models.Model):
    """A person asked in a wave; frozen but for its state and the person's erasure.

    Its code is the one at position `number` among those of its cell. The position was
    drawn at random, so that order tells nothing. Slips drawn by hand have no number.
    """

    class Channel(models.TextChoices):
        EMAIL = "email", _("e-mail")
        PHONE = "phone", _("text message")
        PAPER = "paper", _("paper")
        NONE = "none", _("cannot be reached")

    class State(models.TextChoices):
        LISTED = "listed", _("not asked yet")
        ASKED = "asked", _("asked")
        UNREACHABLE = "unreachable", _("could not be reached")
        WITHDRAWN = "withdrawn", _("does not want to be asked")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    # composite foreign keys (organization, wave), (organization, wave, cell) and
    # (organization, participant), which becomes null on erasure: migration 0011
    wave = models.ForeignKey(
        Wave, on_delete=models.CASCADE, related_name="invitations", db_constraint=False
    )
    participant = models.ForeignKey(
        Participant,
        on_delete=models.SET_NULL,
        related_name="invitations",
        null=True,
        blank=True,
        db_constraint=False,
    )
    # null where nobody has a code: identified and open waves
    cell = models.ForeignKey(
        Cell, on_delete=models.PROTECT, null=True, blank=True, db_constraint=False
    )
    number = models.PositiveIntegerField(null=True, blank=True)
    # "": not known when the wave was prepared; both languages are offered
    language = models.CharField(max_length=10, blank=True, default="")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    state = models.CharField(max_length=20, choices=State.choices, default=State.LISTED)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "wave", "id"], name="invitation_key_of_wave"
            ),
            models.UniqueConstraint(
                fields=["organization", "wave", "participant"],
                name="invitation_one_per_participant",
            ),
            models.UniqueConstraint(
                fields=["organization", "wave", "cell", "number"],
                name="invitation_code_is_of_one",
            ),
            models.CheckConstraint(
                condition=Q(number=None) | Q(cell__isnull=False),
                name="invitation_number_needs_a_cell",
            ),
            models.CheckConstraint(
                condition=Q(language__in=["", "en", "zh-hans"]),
                name="invitation_language_known",
            ),
            models.CheckConstraint(
                condition=Q(channel__in=["email", "phone", "paper", "none"]),
                name="invitation_channel_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["listed", "asked", "unreachable", "withdrawn"]),
                name="invitation_state_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.wave_id}: {self.pk}"


class MessageQuerySet(models.QuerySet["Message"]):
    def due_at(self, moment: datetime) -> Self:
        """What may be sent now, and what a worker that died was about to send."""
        return self.filter(
            state__in=[Message.State.WAITING, Message.State.SENDING],
            next_try_at__lte=moment,
            wave__state=Wave.State.OPEN,
            wave__paused_at=None,
        )

    def late(self) -> Self:
        """What still waits although its wave takes no more answers."""
        return self.filter(
            state__in=[Message.State.WAITING, Message.State.SENDING],
            wave__state__in=[Wave.State.GRACE, Wave.State.CLOSED],
        )

    def telling(self) -> Self:
        """Reminders of promised waves that are over: who got one had not opened."""
        return self.filter(
            wave__state=Wave.State.CLOSED,
            wave__survey__mode__in=[Survey.Mode.ANONYMOUS, Survey.Mode.CONFIDENTIAL],
        ).exclude(kind=Message.Kind.INVITATION)


class Message(models.Model):
    """The outbox: at most one message for each invitation, kind and round.

    `message_id` is decided here and never again, so that whatever is sent twice is
    known to be the same. While it is being sent, `next_try_at` is the time from which
    the worker that took it counts as dead.
    """

    class Kind(models.TextChoices):
        INVITATION = "invitation", _("invitation")
        REMINDER = "reminder", _("reminder")
        LAST_CALL = "last_call", _("last call")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")
        BOUNCED = "bounced", _("came back")
        SKIPPED = "skipped", _("not needed any more")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    # composite foreign keys (organization, wave), (organization, wave, invitation): 0011
    wave = models.ForeignKey(
        Wave, on_delete=models.CASCADE, related_name="messages", db_constraint=False
    )
    invitation = models.ForeignKey(
        Invitation,
        on_delete=models.CASCADE,
        related_name="messages",
        db_constraint=False,
    )
    kind = models.CharField(max_length=20, choices=Kind.choices)
    round = models.PositiveSmallIntegerField(default=0)
    message_id = models.CharField(max_length=300)
    state = models.CharField(
        max_length=10, choices=State.choices, default=State.WAITING
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    problem = models.TextField(blank=True, default="")

    objects = models.Manager.from_queryset(MessageQuerySet)()

    class Meta:
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=Q(state__in=["waiting", "sending"]),
                name="message_due",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "invitation", "kind", "round"],
                name="message_one_per_kind_and_round",
            ),
            models.UniqueConstraint(
                fields=["organization", "message_id"], name="message_id_unique"
            ),
            models.CheckConstraint(
                condition=Q(message_id__regex=r"^<[0-9a-f-]{36}@[^<>@ ]+>$"),
                name="message_id_is_random_at_a_host",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["invitation", "reminder", "last_call"]),
                name="message_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        "waiting",
                        "sending",
                        "sent",
                        "failed",
                        "bounced",
                        "skipped",
                    ]
                ),
                name="message_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(sent_at__isnull=False),
                name="message_sent_has_its_time",
            ),
        ]

    def __str__(self) -> str:
        return self.message_id


class Reminder(models.Model):
    """A day on which those who have not opened yet are reminded; done once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    # composite foreign key (organization, wave): migration 0011
    wave = models.ForeignKey(
        Wave, on_delete=models.CASCADE, related_name="reminders", db_constraint=False
    )
    kind = models.CharField(max_length=20, choices=Message.Kind.choices)
    round = models.PositiveSmallIntegerField()
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "wave", "kind", "round"],
                name="reminder_one_per_round",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["reminder", "last_call"]),
                name="reminder_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(done_at=None) | Q(done_at__gte=F("due_at")),
                name="reminder_done_when_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.wave_id}: {self.kind} {self.round}"


class MailText(models.Model):
    """What the owner of a survey writes in place of the shipped words."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    # composite foreign key (organization, survey): migration 0011
    survey = models.ForeignKey(
        Survey, on_delete=models.CASCADE, related_name="texts", db_constraint=False
    )
    kind = models.CharField(max_length=20, choices=Message.Kind.choices)
    language = models.CharField(max_length=10)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"), max_length=5000)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "survey", "kind", "language"],
                name="mail_text_one_per_language",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["invitation", "reminder", "last_call"]),
                name="mail_text_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(language__in=["en", "zh-hans"]),
                name="mail_text_language_known",
            ),
            models.CheckConstraint(
                condition=~Q(subject="") & ~Q(body=""), name="mail_text_says_something"
            ),
        ]

    def __str__(self) -> str:
        return self.subject


class Sender(models.Model):
    """In whose name an organization writes, and its gateway for text messages."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.OneToOneField(
        Organization, on_delete=models.CASCADE, related_name="sender"
    )
    # "": the organization's own name
    name = models.CharField(_("name of the sender"), max_length=100, blank=True)
    reply_to = models.EmailField(_("replies go to"), blank=True)
    gateway_url = models.URLField(
        _("address of the gateway"), max_length=500, blank=True
    )
    # sealed with the site's secret (surveys.credentials.seal)
    gateway_secret = models.BinaryField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(gateway_url="") | Q(gateway_url__startswith="https://"),
                name="sender_gateway_is_https",
            ),
            models.CheckConstraint(
                condition=Q(gateway_url="") | Q(gateway_secret__isnull=False),
                name="sender_gateway_has_a_secret",
            ),
        ]

    def __str__(self) -> str:
        return self.name
