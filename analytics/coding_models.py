"""Tags of comments, who coded which comment with which, and comments hidden by an owner.

A comment is named by its id in the wave; nothing here leads to an answer or a person
who was asked. The database ties each row to its comment by a composite key.
"""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from surveys.models import Membership, Organization, Survey, Wave


class CommentTag(models.Model):
    """A theme that comments of a survey may have; named in one language or in both."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    # composite foreign key (organization, survey): migration 0004
    survey = models.ForeignKey(
        Survey, on_delete=models.CASCADE, related_name="tags", db_constraint=False
    )
    name_en = models.CharField(_("English name"), max_length=60, blank=True, default="")
    name_zh_hans = models.CharField(
        _("Chinese name"), max_length=60, blank=True, default=""
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "id"], name="tag_key_of_organization"
            ),
            models.UniqueConstraint(
                "organization",
                "survey",
                Lower("name_en"),
                condition=~Q(name_en=""),
                name="tag_english_name_unique",
            ),
            models.UniqueConstraint(
                "organization",
                "survey",
                Lower("name_zh_hans"),
                condition=~Q(name_zh_hans=""),
                name="tag_chinese_name_unique",
            ),
            models.CheckConstraint(
                condition=~Q(name_en="") | ~Q(name_zh_hans=""), name="tag_has_a_name"
            ),
        ]

    def __str__(self) -> str:
        return self.name("en")

    def name(self, language: str) -> str:
        """Name in a language, or in the other one where it has none."""
        first, second = self.name_en, self.name_zh_hans
        if language == "zh-hans":
            first, second = second, first
        return first or second


class CodedComment(models.Model):
    """A member has decided which tags a comment has; perhaps none."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    # composite foreign keys (organization, wave), (organization, wave, comment),
    # (organization, coder): migration 0004
    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, db_constraint=False)
    comment_id = models.UUIDField()
    coder = models.ForeignKey(Membership, on_delete=models.CASCADE, db_constraint=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "id"], name="coded_key_of_organization"
            ),
            models.UniqueConstraint(
                fields=["organization", "wave", "comment_id", "coder"],
                name="coded_once_by_each",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.comment_id} by {self.coder_id}"


class CommentCoding(models.Model):
    """One tag that a coder gave to a comment."""

    pk = models.CompositePrimaryKey("organization_id", "coded_id", "tag_id")
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, db_index=False
    )
    # composite foreign keys (organization, coded), (organization, tag): migration 0004
    coded = models.ForeignKey(
        CodedComment,
        on_delete=models.CASCADE,
        related_name="codings",
        db_constraint=False,
        db_index=False,
    )
    tag = models.ForeignKey(
        CommentTag,
        on_delete=models.CASCADE,
        related_name="codings",
        db_constraint=False,
    )

    def __str__(self) -> str:
        return f"{self.coded_id}: {self.tag_id}"


class CodingReveal(models.Model):
    """Coders of a wave saw each other's work from here on; their agreement until then.

    `agreement` is the JSON text of `analytics.coding_agreement.Agreement`. Kept as it
    was: later changes of codings are no longer independent.
    """

    pk = models.CompositePrimaryKey("organization_id", "wave_id")
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, db_index=False
    )
    # composite foreign key (organization, wave): migration 0004
    wave = models.ForeignKey(
        Wave, on_delete=models.CASCADE, db_constraint=False, db_index=False
    )
    agreement = models.TextField()
    revealed_by = models.EmailField()
    revealed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(agreement="") & ~Q(revealed_by=""),
                name="reveal_says_what_and_who",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.wave_id}: {self.revealed_by}"


class CommentHiding(models.Model):
    """An owner hid a comment from the report, or showed it again; the last one counts."""

    pk = models.CompositePrimaryKey(
        "organization_id", "wave_id", "comment_id", "number"
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, db_index=False
    )
    # composite foreign keys (organization, wave), (organization, wave, comment): 0004
    wave = models.ForeignKey(
        Wave, on_delete=models.CASCADE, db_constraint=False, db_index=False
    )
    comment_id = models.UUIDField()
    number = models.PositiveSmallIntegerField()
    hidden = models.BooleanField()
    decided_by = models.EmailField()
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(number__gte=1), name="hiding_number_from_one"
            ),
            models.CheckConstraint(
                condition=~Q(decided_by=""), name="hiding_says_who_decided"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.comment_id}: {'hidden' if self.hidden else 'shown'}"
