"""Where other systems hear that something happened, and what became of each message.

An event names what happened by ids and holds nothing that anybody answered.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Final, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from surveys.models.people import Organization


class EventKind(models.TextChoices):
    """What an endpoint may ask to hear of."""

    WAVE_OPENED = "wave.opened", _("A wave was opened")
    WAVE_CLOSED = "wave.closed", _("A wave has ended and its answers are complete")
    RELEASE_PUBLISHED = "release.published", _("A release was published")
    ANALYSIS_FINISHED = "analysis.finished", _("An analysis has finished")
    EXPORT_READY = "export.ready", _("An export is ready")
    ALARM_RAISED = "alarm.raised", _("A release raised an alarm")
    SCORES_READY = "scores.ready", _("Scores of an identified wave are ready")


TEST: Final = "test"  # what is sent on request, to one endpoint


class WebhookEndpoint(models.Model):
    """An address of another system, and the secret that our messages are signed with.

    `former_secret` signs beside `secret` until `former_until`. Disabled is what we did
    after it had not answered for a day; `told_at` is when its owners were told.
    """

    class State(models.TextChoices):
        ON = "on", _("on")
        OFF = "off", _("switched off")
        DISABLED = "disabled", _("stopped, because it did not answer")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    name = models.CharField(_("name"), max_length=100, blank=True, default="")
    url = models.URLField(_("address"), max_length=500)
    kinds = ArrayField(models.CharField(max_length=30))
    # sealed with the site's secret (surveys.credentials.seal)
    secret = models.BinaryField()
    former_secret = models.BinaryField(null=True, blank=True)
    former_until = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ON)
    disabled_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "id"],
                name="webhook_endpoint_key_of_organization",
            ),
            models.CheckConstraint(
                condition=Q(url__startswith="https://"),
                name="webhook_endpoint_is_https",
            ),
            models.CheckConstraint(
                condition=Q(kinds__contained_by=EventKind.values)
                & Q(kinds__len__gte=1),
                name="webhook_endpoint_kinds_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["on", "off", "disabled"]),
                name="webhook_endpoint_state_known",
            ),
            models.CheckConstraint(
                condition=Q(former_secret=None, former_until=None)
                | Q(former_secret__isnull=False, former_until__isnull=False),
                name="webhook_endpoint_former_secret_ends",
            ),
            models.CheckConstraint(
                condition=Q(state="disabled", disabled_at__isnull=False)
                | ~Q(state="disabled") & Q(disabled_at=None, told_at=None),
                name="webhook_endpoint_disabled_has_its_time",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.url


class WebhookEvent(models.Model):
    """Something that happened, once; its id is that of the message, however often sent.

    `subject` is the id of what it is about. `content` is the JSON text that is sent,
    the same bytes every time.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    kind = models.CharField(max_length=30)
    subject = models.UUIDField()
    content = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "id"], name="webhook_event_key_of_organization"
            ),
            models.UniqueConstraint(
                fields=["organization", "kind", "subject"], name="webhook_event_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[*EventKind.values, TEST]),
                name="webhook_event_kind_known",
            ),
            models.CheckConstraint(
                condition=~Q(content=""), name="webhook_event_says_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.subject}"


class WebhookDeliveryQuerySet(models.QuerySet["WebhookDelivery"]):
    def due_at(self, moment: datetime) -> Self:
        """What may be sent now, and what a worker that died was about to send."""
        return self.filter(
            state__in=[WebhookDelivery.State.WAITING, WebhookDelivery.State.SENDING],
            next_try_at__lte=moment,
            endpoint__state=WebhookEndpoint.State.ON,
        )

    def newest_first(self) -> Self:
        return self.order_by("-event__created_at", "-pk")


class WebhookDelivery(models.Model):
    """An event on its way to one endpoint.

    `log` holds one {at, status, answer} a try, the oldest first; the status is 0 where
    nobody answered. While it is being sent, `next_try_at` is the time from which the
    worker that took it counts as dead.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENDING = "sending", _("being sent")
        DELIVERED = "delivered", _("delivered")
        FAILED = "failed", _("given up")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    # composite foreign keys (organization, endpoint), (organization, event): 0019
    endpoint = models.ForeignKey(
        WebhookEndpoint,
        on_delete=models.CASCADE,
        related_name="deliveries",
        db_constraint=False,
    )
    event = models.ForeignKey(
        WebhookEvent,
        on_delete=models.CASCADE,
        related_name="deliveries",
        db_constraint=False,
    )
    state = models.CharField(
        max_length=10, choices=State.choices, default=State.WAITING
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True, blank=True)
    log = models.JSONField(default=list, blank=True)

    objects = models.Manager.from_queryset(WebhookDeliveryQuerySet)()

    class Meta:
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=Q(state__in=["waiting", "sending"]),
                name="webhook_delivery_due",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "endpoint", "event"],
                name="webhook_delivery_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "sending", "delivered", "failed"]),
                name="webhook_delivery_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state="delivered", delivered_at__isnull=False)
                | ~Q(state="delivered") & Q(delivered_at=None),
                name="webhook_delivery_delivered_has_its_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} to {self.endpoint_id}: {self.state}"
