"""Answers from elsewhere: the file on its way in, and what is kept of where from.

The file lies in the database for a day, as lists of people do (people_lists.py). What
stays of it is one row a wave: which file, who answered, how its columns were read.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from surveys.models.fieldwork import Form, Survey, Wave
from surveys.models.people import Organization


class AnswerFile(models.Model):
    """A file of answers: what its columns mean, what was found, how far it is.

    `version` is the questionnaire that becomes a survey of its own; `survey` and `form`
    the survey that the waves join and what they were answers to.
    """

    class State(models.TextChoices):
        UPLOADED = "uploaded"
        CHECKING = "checking"
        CHECKED = "checked"
        IMPORTING = "importing"
        DONE = "done"
        FAILED = "failed"

    class Kind(models.TextChoices):
        CSV = "csv", "CSV"
        WORKBOOK = "xlsx", "Excel"
        SPSS = "sav", "SPSS"
        STATA = "dta", "Stata"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    version = models.UUIDField(null=True, blank=True)
    # composite foreign keys (organization, survey), (organization, form, survey): 0021
    survey = models.ForeignKey(
        Survey,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
    )
    form = models.ForeignKey(
        Form,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
    )
    filename = models.CharField(max_length=200)
    kind = models.CharField(max_length=4, choices=Kind.choices)
    # of the file as it came, and how many bytes of it as CSV are kept
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    uploaded_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    encoding = models.CharField(max_length=20)
    separator = models.CharField(max_length=1)
    formulas = models.PositiveIntegerField(default=0)
    # surveys.brought.source.Source as data: who wrote the file, its columns
    source = models.JSONField(default=dict)
    # surveys.brought.mapping.Mapping as data: what was guessed, then corrected
    mapping = models.JSONField(default=dict)
    # titles, who answered, promise, days: what the owner says of the answers
    said = models.JSONField(default=dict)
    state = models.CharField(
        max_length=10, choices=State.choices, default=State.UPLOADED
    )
    # who works at it: a second worker that takes over has another key
    run = models.UUIDField(null=True, blank=True)
    progress = models.PositiveSmallIntegerField(default=0)
    # surveys.brought.looking.Looked as data
    looked = models.JSONField(default=dict)
    # code of a sentence, and what it names
    failure = models.JSONField(null=True, blank=True)
    # the survey that the answers went to
    result = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "id"], name="answer_file_key_of_organization"
            ),
            models.CheckConstraint(
                condition=Q(version__isnull=False, survey=None, form=None)
                | Q(version=None, survey__isnull=False, form__isnull=False),
                name="answer_file_has_one_target",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["csv", "xlsx", "sav", "dta"]),
                name="answer_file_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"),
                name="answer_file_digest_is_sha256",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        "uploaded",
                        "checking",
                        "checked",
                        "importing",
                        "done",
                        "failed",
                    ]
                ),
                name="answer_file_state_known",
            ),
            models.CheckConstraint(
                condition=Q(progress__lte=100), name="answer_file_progress_in_percent"
            ),
            models.CheckConstraint(
                condition=Q(state="failed", failure__isnull=False)
                | (~Q(state="failed") & Q(failure__isnull=True)),
                name="answer_file_says_why_iff_failed",
            ),
            models.CheckConstraint(
                condition=Q(state="done", result__isnull=False)
                | (~Q(state="done") & Q(result__isnull=True)),
                name="answer_file_leads_somewhere_iff_done",
            ),
        ]

    def __str__(self) -> str:
        return self.filename

    @property
    def is_under_way(self) -> bool:
        return self.state in (self.State.CHECKING, self.State.IMPORTING)


class AnswerFilePart(models.Model):
    """A piece of the file, at most a mebibyte."""

    pk = models.CompositePrimaryKey("organization", "answer_file", "number")
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, db_index=False, db_constraint=False
    )
    # composite foreign key (organization, answer_file): migration 0021
    answer_file = models.ForeignKey(
        AnswerFile,
        on_delete=models.CASCADE,
        related_name="parts",
        db_constraint=False,
        db_index=False,
    )
    number = models.PositiveIntegerField()
    data = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.answer_file_id}: {self.number}"


class BroughtWave(models.Model):
    """Where the answers of a past wave come from; never changes.

    `promised` is what its owner says those people were promised; `lineage` how the file
    was read: column, coding and counts of every item.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    # composite foreign key (organization, wave): migration 0021
    wave = models.OneToOneField(
        Wave, on_delete=models.CASCADE, related_name="brought", db_constraint=False
    )
    filename = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    sample = models.TextField()
    promised = models.CharField(max_length=20, choices=Survey.Mode.choices)
    lineage = models.JSONField()
    brought_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "wave"], name="brought_wave_comes_once"
            ),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"),
                name="brought_wave_digest_is_sha256",
            ),
            models.CheckConstraint(
                condition=Q(
                    promised__in=["anonymous", "confidential", "identified", "open"]
                ),
                name="brought_wave_promise_known",
            ),
            models.CheckConstraint(
                condition=~Q(sample=""), name="brought_wave_says_who_answered"
            ),
            models.CheckConstraint(
                condition=Q(rows__gte=1), name="brought_wave_has_answers"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.wave_id}: {self.filename}"
