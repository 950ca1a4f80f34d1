"""What members see of reports: a manager's units, and the sections of every role."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from surveys.models.fieldwork import Wave
from surveys.models.participants import Unit
from surveys.models.people import Membership, Organization, Role
from surveys.models.promise import Cell


class Section(models.TextChoices):
    """A section of the report of a release, in the order of the page."""

    GLANCE = "glance", _("At a glance")
    TEAMS = "teams", _("Teams and groups")
    LOYALTY = "loyalty", _("What goes with loyalty")
    TREND = "trend", _("Trend")
    TRUST = "trust", _("Can I trust these numbers?")
    COMMENTS = "comments", _("Comments")
    ACTIONS = "actions", _("What was agreed")
    METHODS = "methods", _("Methods")


EVERY_SECTION: Final = frozenset(Section)
# Roles whose sections the owners choose, and what they see until then. Owners see all.
SECTIONS_AT_FIRST: Final[Mapping[str, frozenset[Section]]] = {
    Role.ANALYST: EVERY_SECTION,
    Role.MANAGER: frozenset(
        {Section.GLANCE, Section.TEAMS, Section.TREND, Section.ACTIONS}
    ),
    Role.AUDITOR: EVERY_SECTION - {Section.COMMENTS},
}
# Words of colleagues could be told by whoever works with them every day.
NEVER_FOR_MANAGERS: Final = frozenset({Section.COMMENTS})


class ManagedUnit(models.Model):
    """A unit whose results a manager sees, with those of the units above it.

    `role` makes the key that only a manager's membership can meet: somebody who has
    units stays a manager until they are taken away.
    """

    pk = models.CompositePrimaryKey("organization_id", "membership_id", "unit_id")
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, db_index=False
    )
    # composite foreign keys (organization, membership, role), (organization, unit):
    # migration 0017
    membership = models.ForeignKey(
        Membership,
        on_delete=models.CASCADE,
        related_name="managed_units",
        db_constraint=False,
        db_index=False,
    )
    role = models.CharField(max_length=20, default=Role.MANAGER)
    unit = models.ForeignKey(
        Unit, on_delete=models.CASCADE, db_constraint=False, db_index=False
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(role="manager"), name="managed_unit_is_of_a_manager"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership_id}: {self.unit_id}"


class CellUnit(models.Model):
    """The smallest cell of a wave that holds everybody of a unit.

    Written when the wave's cells are formed, so that it says what the unit was then.
    """

    pk = models.CompositePrimaryKey("organization_id", "wave_id", "unit_id")
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, db_index=False
    )
    wave = models.ForeignKey(
        Wave, on_delete=models.CASCADE, db_constraint=False, db_index=False
    )
    # composite foreign keys (organization, unit), (organization, wave, cell): 0017;
    # with a unit that is removed the database removes this, which nobody else may
    unit = models.ForeignKey(
        Unit, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False
    )
    cell = models.ForeignKey(
        Cell, on_delete=models.CASCADE, db_constraint=False, db_index=False
    )

    def __str__(self) -> str:
        return f"{self.unit_id} in {self.cell_id}"


class RoleSections(models.Model):
    """The sections of every report that owners let a role see; without a row, as first."""

    pk = models.CompositePrimaryKey("organization_id", "role")
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, db_index=False
    )
    role = models.CharField(max_length=20, choices=Role.choices)
    sections = ArrayField(models.CharField(max_length=20), default=list, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=["analyst", "manager", "auditor"]),
                name="role_sections_of_a_reader",
            ),
            models.CheckConstraint(
                condition=Q(sections__contained_by=Section.values),
                name="role_sections_known",
            ),
            models.CheckConstraint(
                condition=~Q(role="manager") | ~Q(sections__contains=["comments"]),
                name="role_sections_spare_comments",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role}: {', '.join(self.sections)}"
