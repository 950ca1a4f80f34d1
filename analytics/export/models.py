"""Exports: what somebody asked to take away, how far it is, and who took it."""

import uuid
from datetime import datetime
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from surveys.models import Organization, Survey

KINDS = ("data", "microdata", "comments", "codebook", "questionnaire", "bundle")


class ExportQuerySet(models.QuerySet["Export"]):
    def newest_first(self) -> Self:
        return self.order_by("-asked_at", "-id")

    def under_way(self) -> Self:
        return self.filter(state__in=[Export.State.QUEUED, Export.State.RUNNING])

    def ready_at(self, moment: datetime) -> Self:
        """Keep those whose file may be taken at `moment`; the end is exclusive."""
        return self.filter(state=Export.State.READY, expires_at__gt=moment)


class Export(models.Model):
    """A file that somebody asked for, of waves of one survey.

    What was asked never changes, nor does who decided about it. `run` is the attempt
    under way, and of a finished export the name of its file. `reason` and `remarks`
    are JSON of `analytics.sentences.Sentence`: why there is no file, and what must be
    known of the file (labels that a format shortened).
    """

    class Kind(models.TextChoices):
        DATA = "data", _("All answers")
        MICRODATA = "microdata", _("Checked microdata")
        COMMENTS = "comments", _("Comments")
        CODEBOOK = "codebook", _("Codebook")
        QUESTIONNAIRE = "questionnaire", _("Questionnaire")
        BUNDLE = "bundle", _("Reproducible bundle")

    class State(models.TextChoices):
        AWAITING = "awaiting", _("awaiting approval")
        REFUSED = "refused", _("refused")
        QUEUED = "queued", _("waiting")
        RUNNING = "running", _("being written")
        READY = "ready", _("ready")
        FAILED = "failed", _("failed")
        EXPIRED = "expired", _("removed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    # composite foreign key (organization, survey): migration 0006
    survey = models.ForeignKey(
        Survey, on_delete=models.CASCADE, related_name="exports", db_constraint=False
    )
    kind = models.CharField(max_length=20, choices=Kind.choices)
    format = models.CharField(max_length=20)
    language = models.CharField(max_length=10)
    # numbers of the waves
    waves = ArrayField(models.PositiveSmallIntegerField())
    options = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices)
    needs_approval = models.BooleanField(default=False)
    asked_by = models.EmailField()
    asked_at = models.DateTimeField()
    decided_by = models.EmailField(blank=True, default="")
    decided_at = models.DateTimeField(null=True, blank=True)
    rows_done = models.PositiveBigIntegerField(default=0)
    rows = models.PositiveBigIntegerField(null=True, blank=True)
    run = models.UUIDField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    # last sign of life
    worked_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    filename = models.CharField(max_length=200, blank=True, default="")
    size = models.PositiveBigIntegerField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True, default="")
    reason = models.TextField(blank=True, default="")
    remarks = models.JSONField(default=list, blank=True)

    objects = models.Manager.from_queryset(ExportQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "id"], name="export_key_of_organization"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=KINDS), name="export_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(language__in=["en", "zh-hans"]),
                name="export_language_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        *("awaiting", "refused", "queued", "running"),
                        *("ready", "failed", "expired"),
                    ]
                ),
                name="export_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(asked_by=""), name="export_says_who_asked"
            ),
            models.CheckConstraint(
                condition=Q(decided_by="", decided_at=None)
                | ~Q(decided_by="") & Q(decided_at__isnull=False),
                name="export_decision_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(needs_approval=False)
                | ~Q(state__in=["queued", "running", "ready", "failed"])
                | ~Q(decided_by=""),
                name="export_approved_before_it_runs",
            ),
            models.CheckConstraint(
                condition=Q(decided_by="")
                | ~Q(decided_by=Lower(F("asked_by")))
                & Q(decided_by=Lower(F("decided_by"))),
                name="export_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state="failed") & ~Q(reason="")
                | ~Q(state="failed") & Q(reason=""),
                name="export_says_why_iff_failed",
            ),
            models.CheckConstraint(
                condition=~Q(state="ready")
                | Q(
                    run__isnull=False,
                    rows__isnull=False,
                    size__isnull=False,
                    ready_at__isnull=False,
                    expires_at__isnull=False,
                    sha256__regex=r"^[0-9a-f]{64}$",
                )
                & ~Q(filename=""),
                name="export_ready_is_complete",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.survey_id}: {self.kind} as {self.format}, {self.state}"

    @property
    def is_under_way(self) -> bool:
        return self.state in {self.State.QUEUED, self.State.RUNNING}

    def has_file_at(self, moment: datetime) -> bool:
        """Whether the file may be taken at `moment`; the end is exclusive."""
        end = self.expires_at
        return self.state == self.State.READY and end is not None and moment < end

    @property
    def percent(self) -> int:
        """Share of the rows that are written, below 100 until the file is whole."""
        return min(99, 100 * self.rows_done // self.rows) if self.rows else 0


class ExportEntryQuerySet(models.QuerySet["ExportEntry"]):
    def newest_first(self) -> Self:
        return self.order_by("-at", "-id")

    def of_rule(self) -> Self:
        """Entries that switched the rule of the second person."""
        return self.filter(
            what__in=[ExportEntry.What.RULE_ON, ExportEntry.What.RULE_OFF]
        )


class ExportEntry(models.Model):
    """A line of the log of exports; nobody changes or removes one.

    The newest entry about the rule says whether exports need a second person, so that
    it cannot be switched without an entry. `export_id` and `survey_id` are no foreign
    keys: the log outlives what it tells of. A download is two entries with the same
    `download`: its beginning, stored before the first byte leaves, and its end.
    """

    class What(models.TextChoices):
        ASKED = "asked", _("asked for")
        APPROVED = "approved", _("approved")
        REFUSED = "refused", _("refused")
        READY = "ready", _("written")
        FAILED = "failed", _("failed")
        BEGUN = "begun", _("download begun")
        ENDED = "ended", _("download ended")
        REMOVED = "removed", _("removed")
        EXPIRED = "expired", _("expired")
        RULE_ON = "rule_on", _("approval by a second person switched on")
        RULE_OFF = "rule_off", _("approval by a second person switched off")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    survey_id = models.UUIDField(null=True, blank=True, db_index=True)
    export_id = models.UUIDField(null=True, blank=True)
    what = models.CharField(max_length=10, choices=What.choices)
    # empty where the machine did it
    who = models.EmailField(blank=True, default="")
    at = models.DateTimeField()
    # kind, format and title, as they were
    about = models.CharField(max_length=300, blank=True, default="")
    download = models.UUIDField(null=True, blank=True)
    first_byte = models.PositiveBigIntegerField(null=True, blank=True)
    sent = models.PositiveBigIntegerField(null=True, blank=True)
    complete = models.BooleanField(null=True, blank=True)

    objects = models.Manager.from_queryset(ExportEntryQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "id"], name="export_entry_key_of_organization"
            ),
            models.CheckConstraint(
                condition=Q(
                    what__in=[
                        *("asked", "approved", "refused", "ready", "failed"),
                        *("begun", "ended", "removed", "expired"),
                        *("rule_on", "rule_off"),
                    ]
                ),
                name="export_entry_known",
            ),
            models.CheckConstraint(
                condition=Q(what__in=["ready", "failed", "expired"]) | ~Q(who=""),
                name="export_entry_says_who",
            ),
            models.CheckConstraint(
                condition=Q(what__in=["rule_on", "rule_off"], export_id=None)
                | ~Q(what__in=["rule_on", "rule_off"])
                & Q(export_id__isnull=False, survey_id__isnull=False),
                name="export_entry_says_of_what",
            ),
            models.CheckConstraint(
                condition=Q(
                    what="begun",
                    download__isnull=False,
                    first_byte__isnull=False,
                    sent=None,
                    complete=None,
                )
                | Q(
                    what="ended",
                    download__isnull=False,
                    sent__isnull=False,
                    complete__isnull=False,
                )
                | ~Q(what__in=["begun", "ended"]) & Q(download=None, sent=None),
                name="export_entry_counts_bytes",
            ),
            models.UniqueConstraint(
                fields=["organization", "download", "what"],
                name="export_entry_once_a_download",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.what} {self.export_id}"
