"""Questionnaires as published: a version never changes."""

from __future__ import annotations

import uuid
from functools import lru_cache
from typing import Self

from django.db import models
from django.db.models import Q

from surveys import definition
from surveys.models.people import Organization


class QuestionnaireVersionQuerySet(models.QuerySet["QuestionnaireVersion"]):
    def newest(self) -> Self:
        """The last version of every questionnaire, by code."""
        return self.order_by("code", "-version").distinct("code")


class QuestionnaireVersion(models.Model):
    """One immutable version of a questionnaire; without organization: the library's.

    `source` is the YAML as published, read by `surveys.definition.parse_questionnaire`;
    `digest` is the sha256 of what it says. Wording loaded for a published scale carries
    the statement of the right to use it, and who stated it when.
    """

    class Kind(models.TextChoices):
        QUESTIONNAIRE = "questionnaire"
        OUTCOMES = "outcomes"
        CONTROLS = "controls"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.CASCADE
    )
    code = models.CharField(max_length=40)
    version = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20, choices=Kind.choices)
    evidence_level = models.CharField(max_length=2)
    source = models.TextField()
    digest = models.CharField(max_length=64)
    right_statement = models.TextField(blank=True, default="")
    right_stated_by = models.EmailField(blank=True, default="")
    published_at = models.DateTimeField(null=True, blank=True)

    objects = models.Manager.from_queryset(QuestionnaireVersionQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "code", "version"],
                nulls_distinct=False,
                name="questionnaire_version_unique",
            ),
            models.CheckConstraint(
                condition=Q(version__gte=1), name="questionnaire_version_from_one"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["questionnaire", "outcomes", "controls"]),
                name="questionnaire_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(evidence_level__regex=r"^E[0-5]$"),
                name="questionnaire_evidence_level_known",
            ),
            models.CheckConstraint(
                condition=Q(digest__regex=r"^[0-9a-f]{64}$"),
                name="questionnaire_digest_is_sha256",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"

    def named(self) -> dict[str, str | int]:
        """The columns by which evidence names a version."""
        return {
            "questionnaire_code": self.code,
            "questionnaire_version": self.version,
            "questionnaire_digest": self.digest,
        }

    def questionnaire(self) -> definition.Questionnaire:
        return _read(self.source, str(self))


@lru_cache(maxsize=256)
def _read(source: str, name: str) -> definition.Questionnaire:
    """Parse a version once a process: YAML takes 30 ms and a version never changes."""
    return definition.parse_questionnaire(source, source=name)
