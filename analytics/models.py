"""Stored analyses and releases: what was asked of the numbers, and what faces read."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from analytics.coding_models import CodedComment as CodedComment
from analytics.coding_models import CodingReveal as CodingReveal
from analytics.coding_models import CommentCoding as CommentCoding
from analytics.coding_models import CommentHiding as CommentHiding
from analytics.coding_models import CommentTag as CommentTag
from analytics.export.models import Export as Export
from analytics.export.models import ExportEntry as ExportEntry
from analytics.mail_models import ReleaseMail as ReleaseMail
from analytics.mail_models import ReportMailChoice as ReportMailChoice
from analytics.note_models import ActionEntry as ActionEntry
from analytics.note_models import ActionNote as ActionNote
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


class ReleaseQuerySet(models.QuerySet["Release"]):
    def newest_first(self) -> Self:
        return self.order_by("-number")

    def published(self) -> Self:
        """Keep what readers may see."""
        return self.filter(state=Release.State.PUBLISHED)

    def under_way(self) -> Self:
        return self.filter(state__in=[Release.State.QUEUED, Release.State.BUILDING])


class Release(models.Model):
    """What is published of a wave: made once, audited, and never changed again.

    Its parts are complete before it is published; withdrawing it changes its state and
    nothing else. `reason` is the JSON text of an `analytics.sentences.Sentence`: why
    it was refused or failed. `worked_at` is the last sign of life of the worker.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting")
        BUILDING = "building", _("being made")
        PUBLISHED = "published", _("published")
        REFUSED = "refused", _("not published")
        FAILED = "failed", _("failed")
        WITHDRAWN = "withdrawn", _("withdrawn")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    # composite foreign key (organization, wave): migration 0003
    wave = models.ForeignKey(
        Wave, on_delete=models.PROTECT, related_name="releases", db_constraint=False
    )
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    progress = models.PositiveSmallIntegerField(default=0)
    step = models.CharField(max_length=40, blank=True, default="")
    settings = models.JSONField()
    software = models.JSONField(default=dict)
    input_sha256 = models.CharField(max_length=64, blank=True, default="")
    # sha256 of the parts' names and contents
    digest = models.CharField(max_length=64, blank=True, default="")
    audited = models.BooleanField(default=False)
    reason = models.TextField(blank=True, default="")
    requested_at = models.DateTimeField()
    worked_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    seconds = models.FloatField(null=True, blank=True)

    objects = models.Manager.from_queryset(ReleaseQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "id"], name="release_key_of_organization"
            ),
            models.UniqueConstraint(
                fields=["organization", "wave", "number"], name="release_number_unique"
            ),
            models.UniqueConstraint(
                fields=["organization", "wave"],
                condition=Q(state__in=["queued", "building"]),
                name="release_one_under_way",
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1), name="release_number_from_one"
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        *("queued", "building", "published"),
                        *("refused", "failed", "withdrawn"),
                    ]
                ),
                name="release_state_known",
            ),
            models.CheckConstraint(
                condition=Q(progress__lte=100), name="release_progress_in_percent"
            ),
            models.CheckConstraint(
                condition=Q(input_sha256="") | Q(input_sha256__regex=r"^[0-9a-f]{64}$"),
                name="release_input_is_sha256",
            ),
            models.CheckConstraint(
                condition=Q(digest="") | Q(digest__regex=r"^[0-9a-f]{64}$"),
                name="release_digest_is_sha256",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["published", "withdrawn"]) | Q(audited=True),
                name="release_published_is_audited",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["published", "withdrawn"], published_at__isnull=False
                )
                & ~Q(digest="")
                & ~Q(input_sha256="")
                | ~Q(state__in=["published", "withdrawn"])
                & Q(published_at=None, digest=""),
                name="release_published_is_complete",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["refused", "failed"]) & ~Q(reason="")
                | ~Q(state__in=["refused", "failed"]) & Q(reason=""),
                name="release_says_why_iff_refused",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.wave_id} release {self.number}: {self.state}"

    @property
    def is_under_way(self) -> bool:
        return self.state in {self.State.QUEUED, self.State.BUILDING}

    def withdraw(self) -> bool:
        """Show it no longer; False where it was not published."""
        published = Release.objects.published().filter(pk=self.pk)
        return bool(published.update(state=self.State.WITHDRAWN))


class ReleasePart(models.Model):
    """One part of a release as JSON text; `analytics.release_parts` says which there are.

    Parts come while their release is being made, and stay as they are afterwards.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    # composite foreign key (organization, release): migration 0003
    release = models.ForeignKey(
        Release, on_delete=models.CASCADE, related_name="parts", db_constraint=False
    )
    name = models.CharField(max_length=120)
    content = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "release", "name"], name="release_part_once"
            ),
            models.CheckConstraint(
                condition=Q(name__regex=r"^[a-z]+(/.+)?$"),
                name="release_part_has_a_name",
            ),
            models.CheckConstraint(
                condition=~Q(content=""), name="release_part_says_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.release_id}: {self.name}"
