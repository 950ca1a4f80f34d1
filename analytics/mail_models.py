"""Mail about releases: who gets some, and what was sent to whom, once each."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from surveys.models import Membership, Organization

MOST_ATTEMPTS = 14  # doubling pauses from a minute: about two days


class ReportMailChoice(models.Model):
    """What a member chose about mail; without a row: every report, in both languages.

    An empty `language` asks for both.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    # composite foreign key (organization, membership): migration 0005
    membership = models.ForeignKey(
        Membership, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    wanted = models.BooleanField(default=True)
    language = models.CharField(max_length=10, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "membership"], name="mail_choice_one_a_member"
            ),
            models.CheckConstraint(
                condition=Q(language__in=["", "en", "zh-hans"]),
                name="mail_choice_language_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership_id}: {self.wanted}"


class ReleaseMailQuerySet(models.QuerySet["ReleaseMail"]):
    def due_at(self, moment: datetime) -> Self:
        """Mails that still go out, and whose pause after a refusal is over."""
        return self.filter(
            sent_at=None, attempts__lt=MOST_ATTEMPTS, next_try_at__lte=moment
        )


class ReleaseMail(models.Model):
    """One mail about a release to one member; the row makes that it is sent once."""

    class Kind(models.TextChoices):
        DIGEST = "digest", _("summary of a report")
        ALARM = "alarm", _("alarm")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    # composite foreign keys (organization, release), (organization, membership): 0005
    release = models.ForeignKey(
        "analytics.Release",
        on_delete=models.CASCADE,
        related_name="mails",
        db_constraint=False,
    )
    membership = models.ForeignKey(
        Membership, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)
    next_try_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    problem = models.TextField(blank=True, default="")

    objects = models.Manager.from_queryset(ReleaseMailQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "release", "membership", "kind"],
                name="release_mail_once",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["digest", "alarm"]),
                name="release_mail_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.release_id}: {self.kind} to {self.membership_id}"
