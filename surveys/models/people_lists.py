"""Lists of people on their way from a file into the organization; gone after a day.

The file lies in the database and not in a folder: the worker may run on another
machine, and nothing personal is left behind where row-level security does not reach.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from surveys.models.people import Organization


class PeopleList(models.Model):
    """A file of people: what its columns mean, what was found, how far it is."""

    class State(models.TextChoices):
        UPLOADED = "uploaded"
        CHECKING = "checking"
        CHECKED = "checked"
        IMPORTING = "importing"
        DONE = "done"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    filename = models.CharField(max_length=200)
    size = models.PositiveIntegerField()
    uploaded_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    encoding = models.CharField(max_length=20)
    separator = models.CharField(max_length=1)
    # cells with a formula in a workbook, whose last values were taken
    formulas = models.PositiveIntegerField(default=0)
    # the first row, and for each column a role of surveys.people.mapping
    header = models.JSONField(default=list)
    mapping = models.JSONField(default=list)
    create_units = models.BooleanField(default=True)
    mark_missing = models.BooleanField(default=False)
    state = models.CharField(
        max_length=10, choices=State.choices, default=State.UPLOADED
    )
    # who works at it: a second worker that takes over has another key
    run = models.UUIDField(null=True, blank=True)
    progress = models.PositiveSmallIntegerField(default=0)
    counts = models.JSONField(default=dict)
    # code of a sentence, and what it names
    failure = models.JSONField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "id"], name="people_list_key_of_organization"
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
                name="people_list_state_known",
            ),
            models.CheckConstraint(
                condition=Q(progress__lte=100), name="people_list_progress_in_percent"
            ),
            models.CheckConstraint(
                condition=Q(state="failed", failure__isnull=False)
                | (~Q(state="failed") & Q(failure__isnull=True)),
                name="people_list_says_why_iff_failed",
            ),
        ]

    def __str__(self) -> str:
        return self.filename

    @property
    def is_under_way(self) -> bool:
        return self.state in (self.State.CHECKING, self.State.IMPORTING)


class PeopleListPart(models.Model):
    """A piece of the file, at most a mebibyte."""

    pk = models.CompositePrimaryKey("organization", "people_list", "number")
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, db_index=False, db_constraint=False
    )
    # composite foreign key (organization, people_list): migration 0010
    people_list = models.ForeignKey(
        PeopleList,
        on_delete=models.CASCADE,
        related_name="parts",
        db_constraint=False,
        db_index=False,
    )
    number = models.PositiveIntegerField()
    data = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.people_list_id}: {self.number}"


class PeopleRow(models.Model):
    """A row of the file as it was understood; an unlogged table, made again at need.

    `wrong` is what the row itself has wrong, `conflict` what is wrong beside other rows
    and people: lists of [code, column, value], see surveys.people.findings.
    """

    pk = models.CompositePrimaryKey("organization", "people_list", "line")
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, db_index=False, db_constraint=False
    )
    # composite foreign key (organization, people_list): migration 0010
    people_list = models.ForeignKey(
        PeopleList,
        on_delete=models.CASCADE,
        related_name="rows",
        db_constraint=False,
        db_index=False,
    )
    line = models.PositiveIntegerField()
    key = models.TextField()
    email = models.TextField()
    phone = models.TextField()
    name = models.TextField()
    language = models.TextField()
    unit = models.TextField()
    unit_parent = models.TextField()
    unit_name = models.TextField()
    attributes = models.JSONField()
    wrong = models.JSONField()
    conflict = models.JSONField(default=list)
    # "": not compared yet; else new, changed, unchanged, rejected
    fate = models.TextField(default="")
    moved = models.BooleanField(default=False)
    target = models.UUIDField(null=True)
    unit_target = models.UUIDField(null=True)

    def __str__(self) -> str:
        return f"{self.people_list_id}: {self.line}"
