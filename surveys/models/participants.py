"""Whom an organization may ask: its people and the units they belong to.

Nothing here is ever joined with an answer, but in the identified mode, where everybody
who is asked knows it.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from surveys.models.people import Organization


class Unit(models.Model):
    """A part of the organization: a tree without cycles (trigger in migration 0010)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # the composite keys begin with it; an index of its own would mislead the planner
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, db_index=False
    )
    # composite foreign key (organization, parent): migration 0010
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, db_constraint=False
    )
    # how lists name it; unlike the names it never changes by translation
    code = models.CharField(_("code"), max_length=100)
    name_en = models.CharField(_("English name"), max_length=200)
    name_zh_hans = models.CharField(_("Chinese name"), max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "id"], name="unit_key_of_organization"
            ),
            models.UniqueConstraint(
                Lower("code"), "organization", name="unit_code_unique"
            ),
            models.CheckConstraint(
                condition=~Q(code="") & ~Q(name_en="") & ~Q(name_zh_hans=""),
                name="unit_is_named",
            ),
        ]

    def __str__(self) -> str:
        return self.name_en

    def name(self, language: str) -> str:
        return self.name_zh_hans if language == "zh-hans" else self.name_en


class Attribute(models.Model):
    """Something else known of people, such as the site or the year of entry."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # the composite keys begin with it; an index of its own would mislead the planner
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, db_index=False
    )
    # key in `Participant.attributes`
    code = models.SlugField(_("code"), max_length=50)
    name_en = models.CharField(_("English name"), max_length=200)
    name_zh_hans = models.CharField(_("Chinese name"), max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "code"], name="attribute_code_unique"
            ),
            models.CheckConstraint(
                condition=~Q(code="") & ~Q(name_en="") & ~Q(name_zh_hans=""),
                name="attribute_is_named",
            ),
        ]

    def __str__(self) -> str:
        return self.name_en

    def name(self, language: str) -> str:
        return self.name_zh_hans if language == "zh-hans" else self.name_en


class Participant(models.Model):
    """Somebody who may be asked.

    `key` is the organization's own name for the person (a staff or customer number);
    it tells people apart first, the e-mail address second.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # the composite keys begin with it; an index of its own would mislead the planner
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, db_index=False
    )
    key = models.CharField(_("number"), max_length=100, blank=True, default="")
    email = models.EmailField(_("e-mail"), blank=True, default="")
    phone = models.CharField(_("phone"), max_length=40, blank=True, default="")
    name = models.CharField(_("name"), max_length=200, blank=True, default="")
    # "": the organization does not know; both languages are offered
    language = models.CharField(_("language"), max_length=10, blank=True, default="")
    # composite foreign key (organization, unit): migration 0010
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, db_constraint=False
    )
    # code of an attribute -> what is known, as text
    attributes = models.JSONField(default=dict, blank=True)
    # who has left is kept out of new waves without being forgotten
    active = models.BooleanField(_("active"), default=True)
    opted_out_at = models.DateTimeField(null=True, blank=True)
    # mail came back for good; cleared when the address is corrected
    bounced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "id"], name="participant_key_of_organization"
            ),
            models.UniqueConstraint(
                Lower("key"),
                "organization",
                condition=~Q(key=""),
                name="participant_number_unique",
            ),
            models.UniqueConstraint(
                Lower("email"),
                "organization",
                condition=~Q(email=""),
                name="participant_email_unique",
            ),
            models.CheckConstraint(
                condition=~Q(key="") | ~Q(email="") | ~Q(phone="") | ~Q(name=""),
                name="participant_can_be_told_apart",
            ),
            models.CheckConstraint(
                condition=Q(language__in=["", "en", "zh-hans"]),
                name="participant_language_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.key or self.email or self.phone

    @property
    def may_be_asked(self) -> bool:
        return self.active and self.opted_out_at is None
