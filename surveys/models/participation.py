"""How many have answered, told once a day and in steps of five."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from surveys.models.fieldwork import Wave
from surveys.models.people import Organization
from surveys.models.promise import Cell

STEP = 5


class Participation(models.Model):
    """The rounded figure of one day; exact numbers of an open wave stand nowhere.

    Of modes that promise not to look: written by the owning role, never changed, so
    that two looks on one day give the same.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    # composite foreign keys (organization, wave), (organization, wave, cell): 0015
    wave = models.ForeignKey(
        Wave,
        on_delete=models.CASCADE,
        related_name="participation",
        db_constraint=False,
    )
    # null: the wave as a whole
    cell = models.ForeignKey(
        Cell, on_delete=models.CASCADE, null=True, blank=True, db_constraint=False
    )
    day = models.DateField()
    answered = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "wave", "cell", "day"],
                nulls_distinct=False,
                name="participation_one_a_day",
            ),
            models.CheckConstraint(
                condition=Q(answered=F("answered") / STEP * STEP),
                name="participation_in_steps_of_five",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.wave_id} on {self.day}: {self.answered}"
