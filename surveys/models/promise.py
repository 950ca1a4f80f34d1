"""What respondents of a wave were promised, and the cells that may be reported."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from surveys.models.fieldwork import Survey, Wave
from surveys.models.people import Organization

# Floors in code: settings may raise them, nothing may lower them.
LEAST_FOR_SCORES = 5
LEAST_FOR_COMMENTS = 10
LEAST_FOR_SENSITIVE = 20
LEAST_BATCH = 10
LEAST_INVITED = 8


class Promise(models.Model):
    """The text shown to respondents of a wave, and its thresholds; never changes.

    `digest` is the sha256 of mode, texts and thresholds as `surveys.promise` writes
    them; `manifest` is the public list of cells and keys of an anonymous wave.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    # composite foreign key (organization, wave): migration 0008
    wave = models.OneToOneField(
        Wave, on_delete=models.CASCADE, related_name="promise", db_constraint=False
    )
    mode = models.CharField(max_length=20, choices=Survey.Mode.choices)
    text_en = models.TextField()
    text_zh_hans = models.TextField()
    digest = models.CharField(max_length=64)
    least_for_scores = models.PositiveSmallIntegerField(default=LEAST_FOR_SCORES)
    least_for_comments = models.PositiveSmallIntegerField(default=LEAST_FOR_COMMENTS)
    least_for_sensitive = models.PositiveSmallIntegerField(default=LEAST_FOR_SENSITIVE)
    least_batch = models.PositiveSmallIntegerField(default=LEAST_BATCH)
    manifest = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "wave"], name="promise_one_per_wave"
            ),
            models.CheckConstraint(
                condition=Q(digest__regex=r"^[0-9a-f]{64}$"),
                name="promise_digest_is_sha256",
            ),
            models.CheckConstraint(
                condition=Q(
                    least_for_scores__gte=LEAST_FOR_SCORES,
                    least_for_comments__gte=LEAST_FOR_COMMENTS,
                    least_for_sensitive__gte=LEAST_FOR_SENSITIVE,
                    least_batch__gte=LEAST_BATCH,
                ),
                name="promise_keeps_the_floors",
            ),
            models.CheckConstraint(
                condition=~Q(text_en="") & ~Q(text_zh_hans=""),
                name="promise_in_both_languages",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.wave_id}: {self.mode}"

    def text(self, language: str) -> str:
        return self.text_zh_hans if language == "zh-hans" else self.text_en


class Cell(models.Model):
    """The smallest group that a wave may ever report; formed before inviting.

    Nobody is invited (0) into a cell that only stands above others. With `printed` its
    codes are on paper, drawn by hand. The public counts are written once, when the wave is finished.

    `key` names what the cell is made of, the same in every wave (`FormedCell.key`); blank
    where somebody typed the cell in.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    # composite foreign keys (organization, wave), (organization, wave, parent): 0008
    wave = models.ForeignKey(
        Wave, on_delete=models.CASCADE, related_name="cells", db_constraint=False
    )
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, db_constraint=False
    )
    name_en = models.CharField(max_length=200)
    name_zh_hans = models.CharField(max_length=200)
    key = models.CharField(max_length=64, blank=True, default="")
    invited = models.PositiveIntegerField()
    printed = models.BooleanField(default=False)
    issued = models.PositiveIntegerField(null=True, blank=True)
    reissued = models.PositiveIntegerField(null=True, blank=True)
    answered = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "wave", "id"], name="cell_key_of_wave"
            ),
            models.UniqueConstraint(
                fields=["organization", "wave", "key"],
                condition=~Q(key=""),
                name="cell_is_made_of_its_own",
            ),
            models.CheckConstraint(
                condition=Q(key="") | Q(key__regex=r"^[0-9a-f]{64}$"),
                name="cell_made_of_is_sha256",
            ),
            models.CheckConstraint(
                condition=~Q(name_en="") & ~Q(name_zh_hans=""),
                name="cell_has_both_names",
            ),
            models.CheckConstraint(
                condition=Q(invited=0) | Q(invited__gte=LEAST_INVITED),
                name="cell_is_large_enough",
            ),
            models.CheckConstraint(
                condition=Q(issued=None, reissued=None, answered=None)
                | Q(answered__lte=F("issued") + F("reissued")),
                name="cell_answered_with_credentials",
            ),
        ]

    def __str__(self) -> str:
        return self.name_en

    def name(self, language: str) -> str:
        return self.name_zh_hans if language == "zh-hans" else self.name_en
