"""Questionnaires being written: drafts may be unfinished, versions never are."""

import uuid

from django.db import models
from django.db.models import Q

from surveys.models.people import Organization


class QuestionnaireDraft(models.Model):
    """A questionnaire under work; publishing makes the next version of its code.

    `content` is shaped as surveys/definition/draft.py says: like the YAML of a
    questionnaire, but texts may be blank and scales empty. `revision` counts the saves: whoever saves an older one is told so
    instead of overwriting. `base` names the version it was begun from, such as "TBE 1".
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE)
    code = models.CharField(max_length=40)
    base = models.CharField(max_length=60, blank=True, default="")
    content = models.JSONField()
    revision = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "id"], name="draft_key_of_organization"
            ),
            models.UniqueConstraint(
                fields=["organization", "code"], name="draft_one_per_code"
            ),
            models.CheckConstraint(condition=~Q(code=""), name="draft_has_a_code"),
        ]

    def __str__(self) -> str:
        return f"{self.code} (draft)"
