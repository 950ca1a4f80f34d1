"""What was answered: no time, no order, nothing about the person.

The keys are random (UUIDv4). A test forbids dates, sequences and ordered keys here.
"""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from surveys.models.fieldwork import Form, Wave
from surveys.models.people import Organization
from surveys.models.promise import Cell


class Duration(models.IntegerChoices):
    """How long answering took, as coarse as can be of use."""

    UNDER_2 = 0, _("under 2 minutes")
    UNDER_5 = 1, _("2 to 5 minutes")
    UNDER_10 = 2, _("5 to 10 minutes")
    LONGER = 3, _("10 minutes or more")


class Device(models.IntegerChoices):
    """What was answered on."""

    PHONE = 0, _("phone")
    COMPUTER = 1, _("computer")


class Response(models.Model):
    """One person's answers, in the order of the form.

    A code is the point as shown (1..k, 0..10); -1 skipped, -2 not applicable, -3 not
    shown. Reverse keying lives in the form: stored codes are never recoded.

    `pseudonym` is there only where the respondent let the device link the waves of the
    survey (32 bytes that mean nothing elsewhere); duration and device only in open and
    identified waves that say so. Triggers of 0013 and 0014 hold it.
    """

    pk = models.CompositePrimaryKey("organization_id", "wave_id", "id")
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, db_index=False
    )
    # composite foreign keys (organization, wave, form), (organization, form,
    # item_count): migration 0002
    wave = models.ForeignKey(
        Wave, on_delete=models.PROTECT, db_constraint=False, db_index=False
    )
    form = models.ForeignKey(
        Form, on_delete=models.PROTECT, db_constraint=False, db_index=False
    )
    # composite foreign key (organization, wave, cell): migration 0008
    cell = models.ForeignKey(
        Cell,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_constraint=False,
        db_index=False,
    )
    id = models.UUIDField(default=uuid.uuid4, editable=False)
    item_count = models.PositiveSmallIntegerField()
    answers = ArrayField(models.SmallIntegerField())
    language = models.CharField(max_length=10)
    pseudonym = models.BinaryField(null=True, blank=True)
    duration = models.PositiveSmallIntegerField(
        choices=Duration.choices, null=True, blank=True
    )
    device = models.PositiveSmallIntegerField(
        choices=Device.choices, null=True, blank=True
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(duration=None) | Q(duration__lte=3),
                name="response_duration_known",
            ),
            models.CheckConstraint(
                condition=Q(device=None) | Q(device__lte=1),
                name="response_device_known",
            ),
            models.CheckConstraint(
                condition=Q(answers__len=F("item_count")),
                name="response_has_one_answer_per_item",
            ),
            models.CheckConstraint(
                condition=Q(language__in=["en", "zh-hans"]),
                name="response_language_known",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Comment(models.Model):
    """A free text, apart from the answers and without a link to them.

    `question` is the code of a free-text question of the form, blank for the box that
    ends it. Several texts of one person are as many rows, each under its own id.
    """

    pk = models.CompositePrimaryKey("organization_id", "wave_id", "id")
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, db_index=False
    )
    # composite foreign key (organization, wave): migration 0002
    wave = models.ForeignKey(
        Wave, on_delete=models.PROTECT, db_constraint=False, db_index=False
    )
    id = models.UUIDField(default=uuid.uuid4, editable=False)
    question = models.CharField(max_length=40, blank=True, default="")
    text = models.TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="comment_is_not_empty"),
            models.CheckConstraint(
                condition=Q(question="")
                | Q(question__regex=r"^[A-Z][A-Z0-9-]*\.[A-Z][A-Z0-9-]*$"),
                name="comment_question_is_a_code",
            ),
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("text"), 4000),
                name="comment_is_bounded",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
