"""What is known about a version of a questionnaire, line by line, and who judged it.

A version of the library belongs to no organization, so these rows name a version by
code, number and digest instead of by a foreign key.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from surveys import evidence
from surveys.models.fieldwork import Wave
from surveys.models.instrument import QuestionnaireVersion
from surveys.models.people import Organization

SHA256 = r"^[0-9a-f]{64}$"


class EvidenceLineQuerySet(models.QuerySet["EvidenceLine"]):
    def standing(self) -> Self:
        return self.filter(withdrawn_at=None)

    def about(self, *versions: QuestionnaireVersion) -> Self:
        """Lines of these versions in the order of their release."""
        digests = [version.digest for version in versions]
        return self.filter(questionnaire_digest__in=digests).order_by(
            "released_at", "id"
        )

    def released_with(self, line: EvidenceLine) -> Self:
        """The line and all that were released in the same step."""
        release = line.sample.get("release")
        if release is None:
            return self.filter(pk=line.pk)
        return self.filter(
            questionnaire_digest=line.questionnaire_digest, sample__release=release
        )

    def withdraw(self, at: datetime) -> int:
        """Withdraw these lines; return how many there were."""
        return self.update(withdrawn_at=at)

    def levels(
        self, versions: Iterable[QuestionnaireVersion]
    ) -> dict[uuid.UUID, dict[str, str]]:
        """Evidence level of every version in each of its languages, in one query."""
        wanted = list(versions)
        lines = list(self.standing().about(*wanted))
        return {
            version.pk: evidence.levels_of(
                version, lines, version.questionnaire().languages
            )
            for version in wanted
        }


class EvidenceLine(models.Model):
    """One finding about one version in one language, released by an owner.

    `kind` says what was found (`surveys.evidence` lists them), `figures` the numbers,
    `sample` who answered. A wave of simulated answers is refused by the database.
    A withdrawn line stays for the record and counts for nothing.
    """

    class Source(models.TextChoices):
        """The five sources of validity evidence of the Standards (2014)."""

        CONTENT = "content"
        RESPONSE = "response processes"
        STRUCTURE = "internal structure"
        RELATIONS = "relations to other variables"
        CONSEQUENCES = "consequences"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    questionnaire_code = models.CharField(max_length=40)
    questionnaire_version = models.PositiveSmallIntegerField()
    questionnaire_digest = models.CharField(max_length=64)
    # blank: a comparison between the languages
    language = models.CharField(max_length=10, blank=True)
    source = models.CharField(max_length=40, choices=Source.choices)
    kind = models.CharField(max_length=40)
    scale = models.CharField(max_length=40, blank=True, default="")
    figures = models.JSONField()
    sample = models.JSONField()
    note = models.TextField(blank=True, default="")
    # composite foreign key (organization, wave): migration 0004
    wave = models.ForeignKey(
        Wave,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="evidence",
        db_constraint=False,
    )
    released_by = models.EmailField()
    released_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = models.Manager.from_queryset(EvidenceLineQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "id"], name="evidence_key_of_organization"
            ),
            models.CheckConstraint(
                condition=Q(language__in=["", "en", "zh-hans"]),
                name="evidence_language_known",
            ),
            models.CheckConstraint(
                condition=Q(questionnaire_digest__regex=SHA256),
                name="evidence_digest_is_sha256",
            ),
            models.CheckConstraint(
                condition=Q(
                    source__in=[
                        "content",
                        "response processes",
                        "internal structure",
                        "relations to other variables",
                        "consequences",
                    ]
                ),
                name="evidence_source_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.questionnaire_code} {self.questionnaire_version}: {self.kind}"


class ContentReviewQuerySet(models.QuerySet["ContentReview"]):
    def about(self, version: QuestionnaireVersion) -> Self:
        """Rounds of this version, the newest first."""
        return self.filter(
            questionnaire_code=version.code,
            questionnaire_version=version.version,
            questionnaire_digest=version.digest,
        ).order_by("-opened_at", "id")


class ContentReview(models.Model):
    """A round in which experts rate the items of a version; its id is the address."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    questionnaire_code = models.CharField(max_length=40)
    questionnaire_version = models.PositiveSmallIntegerField()
    questionnaire_digest = models.CharField(max_length=64)
    language = models.CharField(max_length=10)
    item_count = models.PositiveSmallIntegerField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = models.Manager.from_queryset(ContentReviewQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "id", "item_count"],
                name="review_key_with_length",
            ),
            models.CheckConstraint(
                condition=Q(language__in=["en", "zh-hans"]),
                name="review_language_known",
            ),
            models.CheckConstraint(
                condition=Q(questionnaire_digest__regex=SHA256),
                name="review_digest_is_sha256",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.questionnaire_code} {self.questionnaire_version}: experts"


class ExpertRating(models.Model):
    """One expert's judgement: relevance 1 to 4 of every item, 0 where none was given.

    `comments` holds item code to remark. An excluded rating stays for the record.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    # composite foreign key (organization, review, item_count): migration 0004
    review = models.ForeignKey(
        ContentReview,
        on_delete=models.CASCADE,
        related_name="ratings",
        db_constraint=False,
    )
    item_count = models.PositiveSmallIntegerField()
    expert = models.CharField(max_length=200)
    expertise = models.CharField(max_length=400, blank=True)
    relevance = ArrayField(models.SmallIntegerField())
    comments = models.JSONField(default=dict)
    given_at = models.DateTimeField()
    excluded = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "id"], name="rating_key_of_organization"
            ),
            models.CheckConstraint(
                condition=Q(relevance__len=models.F("item_count")),
                name="rating_has_one_value_per_item",
            ),
            models.CheckConstraint(
                condition=~Q(expert=""), name="rating_has_an_expert"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.review_id}: {self.expert}"
