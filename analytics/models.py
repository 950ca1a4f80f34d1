"""Stored analyses: what was asked of the numbers, and the one result all faces read."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from surveys.models import Organization, Wave


class AnalysisQuerySet(models.QuerySet["Analysis"]):
    def newest_first(self) -> Self:
        return self.order_by("-requested_at", "-id")

    def done(self) -> Self:
        return self.filter(status=Analysis.Status.DONE)

    def under_way(self, *, since: datetime) -> Self:
        return self.filter(
            status__in=[Analysis.Status.QUEUED, Analysis.Status.RUNNING],
            requested_at__gt=since,
        )


class Analysis(models.Model):
    """One run over one wave. A finished result never changes.

    `result` is the JSON text of `analytics.report.Report`: text, not jsonb, because
    the order of scales and items is part of it. `failure` is the JSON text of an
    `analytics.sentences.Sentence`.
    """

    class Status(models.TextChoices):
        QUEUED = "queued", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    # composite foreign key (organization, wave): migration 0002
    wave = models.ForeignKey(
        Wave, on_delete=models.PROTECT, related_name="analyses", db_constraint=False
    )
    status = models.CharField(
        max_length=10, choices=Status.choices, default=Status.QUEUED
    )
    progress = models.PositiveSmallIntegerField(default=0)
    step = models.CharField(max_length=40, blank=True, default="")
    settings = models.JSONField()
    software = models.JSONField(default=dict)
    input_sha256 = models.CharField(max_length=64, blank=True, default="")
    result = models.TextField(blank=True, default="")
    failure = models.TextField(blank=True, default="")
    requested_at = models.DateTimeField()
    seconds = models.FloatField(null=True, blank=True)

    objects = models.Manager.from_queryset(AnalysisQuerySet)()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status="done") & ~Q(result="") & ~Q(input_sha256="")
                | ~Q(status="done") & Q(result=""),
                name="analysis_has_a_result_iff_done",
            ),
            models.CheckConstraint(
                condition=Q(status="failed") & ~Q(failure="")
                | ~Q(status="failed") & Q(failure=""),
                name="analysis_says_why_iff_failed",
            ),
            models.CheckConstraint(
                condition=Q(progress__lte=100), name="analysis_progress_in_percent"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["queued", "running", "done", "failed"]),
                name="analysis_status_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.wave_id}: {self.status}"

    @property
    def is_under_way(self) -> bool:
        return self.status in {self.Status.QUEUED, self.Status.RUNNING}
