"""Business outcomes of people, such as a repurchase: known from elsewhere, not asked.

They belong to participants. Only in the identified mode they are ever set beside
answers, and only in waves whose promise said so (`Wave.joins_outcomes`).
"""

from __future__ import annotations

import uuid

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from surveys.models.fieldwork import Survey
from surveys.models.participants import Participant
from surveys.models.people import Organization

CODE = r"^[A-Za-z][A-Za-z0-9_]{0,39}$"
LARGEST = 1e15  # of a value; NaN and infinity lie beyond it
LONGEST_WINDOW = 3650  # days


class Criterion(models.Model):
    """Something that an organization knows of its customers or staff, by date."""

    class Kind(models.TextChoices):
        BINARY = "binary", _("yes or no, as 1 or 0")
        NUMBER = "number", _("a number")

    class Direction(models.TextChoices):
        """Whether more of it is welcome."""

        MORE = "more", pgettext_lazy("of an outcome", "more is better")
        LESS = "less", pgettext_lazy("of an outcome", "less is better")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, db_index=False
    )
    code = models.CharField(_("code"), max_length=40, validators=[RegexValidator(CODE)])
    name_en = models.CharField(_("English name"), max_length=200)
    name_zh_hans = models.CharField(_("Chinese name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    direction = models.CharField(
        _("direction"), max_length=10, choices=Direction.choices
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "id", "kind"],
                name="criterion_key_with_kind",
            ),
            models.UniqueConstraint(
                Lower("code"), "organization", name="criterion_code_unique"
            ),
            models.CheckConstraint(
                condition=Q(code__regex=CODE), name="criterion_code_is_a_name"
            ),
            models.CheckConstraint(
                condition=~Q(name_en="") & ~Q(name_zh_hans=""),
                name="criterion_is_named",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["binary", "number"]),
                name="criterion_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(direction__in=["more", "less"]),
                name="criterion_direction_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name_en

    def name(self, language: str) -> str:
        return self.name_zh_hans if language == "zh-hans" else self.name_en


class CriterionValue(models.Model):
    """What was so of a person on a day."""

    pk = models.CompositePrimaryKey(
        "organization_id", "participant_id", "criterion_id", "date"
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, db_index=False
    )
    # composite foreign keys (organization, participant) and (organization, criterion,
    # kind): migration 0020
    participant = models.ForeignKey(
        Participant,
        on_delete=models.CASCADE,
        related_name="criterion_values",
        db_constraint=False,
        db_index=False,
    )
    criterion = models.ForeignKey(
        Criterion,
        on_delete=models.CASCADE,
        related_name="values",
        db_constraint=False,
        db_index=False,
    )
    kind = models.CharField(max_length=10)
    date = models.DateField()
    value = models.FloatField()

    class Meta:
        indexes = [
            models.Index(
                fields=["organization", "criterion", "date"], name="criterion_by_date"
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(value__gte=-LARGEST, value__lte=LARGEST),
                name="criterion_value_is_finite",
            ),
            models.CheckConstraint(
                condition=~Q(kind="binary") | Q(value__in=[0.0, 1.0]),
                name="criterion_value_is_yes_or_no",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion_id} of {self.participant_id} on {self.date}"


class CriterionWindow(models.Model):
    """Which values count for the waves of a survey: an explicit choice, no default.

    Days are counted from the day on which a wave closed; that day itself still belongs
    to the answers. `take` says what stands for a person with several values.
    """

    class Take(models.TextChoices):
        LAST = "last", _("the last one")
        HIGHEST = "highest", _("the highest one; of yes or no: whether it ever was")
        SUM = "sum", _("their sum; of yes or no: how often")

    pk = models.CompositePrimaryKey("organization_id", "survey_id")
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, db_index=False
    )
    # composite foreign key (organization, survey): migration 0020
    survey = models.ForeignKey(
        Survey, on_delete=models.CASCADE, db_constraint=False, db_index=False
    )
    first_day = models.PositiveSmallIntegerField(_("from day"))
    last_day = models.PositiveSmallIntegerField(_("to day"))
    take = models.CharField(max_length=10, choices=Take.choices)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(first_day__gte=1), name="criterion_window_is_after"
            ),
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day"), last_day__lte=LONGEST_WINDOW),
                name="criterion_window_has_days",
            ),
            models.CheckConstraint(
                condition=Q(take__in=["last", "highest", "sum"]),
                name="criterion_window_take_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.survey_id}: {self.first_day} to {self.last_day}"


class CriterionFile(models.Model):
    """A file of values between its upload and the decision; gone after a day.

    `mapping` says of each column "number", "date", the code of a criterion, or "".
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    filename = models.CharField(max_length=200)
    uploaded_at = models.DateTimeField()
    encoding = models.CharField(max_length=20)
    separator = models.CharField(max_length=1)
    header = models.JSONField(default=list)
    mapping = models.JSONField(default=list)
    data = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "id"],
                name="criterion_file_key_of_organization",
            ),
        ]

    def __str__(self) -> str:
        return self.filename
