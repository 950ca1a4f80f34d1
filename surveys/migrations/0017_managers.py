"""Managers, their units and the cells these were in, and what every role sees."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

SECTIONS = [
    "glance",
    "teams",
    "loyalty",
    "trend",
    "trust",
    "comments",
    "actions",
    "methods",
]
ROLES = [
    ("owner", "owner"),
    ("analyst", "analyst"),
    ("manager", "manager"),
    ("fieldworker", "fieldworker"),
    ("auditor", "auditor"),
]

COMPOSITE_KEYS = """
ALTER TABLE surveys_membership ADD CONSTRAINT membership_key_of_organization
    UNIQUE (organization_id, id);
ALTER TABLE surveys_membership ADD CONSTRAINT membership_key_with_role
    UNIQUE (organization_id, id, role);
ALTER TABLE surveys_managedunit ADD CONSTRAINT managed_unit_has_its_manager
    FOREIGN KEY (organization_id, membership_id, role)
    REFERENCES surveys_membership (organization_id, id, role) ON DELETE CASCADE;
ALTER TABLE surveys_managedunit ADD CONSTRAINT managed_unit_of_organization
    FOREIGN KEY (organization_id, unit_id)
    REFERENCES surveys_unit (organization_id, id) ON DELETE CASCADE;
ALTER TABLE surveys_cellunit ADD CONSTRAINT cell_unit_of_organization
    FOREIGN KEY (organization_id, unit_id)
    REFERENCES surveys_unit (organization_id, id) ON DELETE CASCADE;
ALTER TABLE surveys_cellunit ADD CONSTRAINT cell_unit_wave_of_organization
    FOREIGN KEY (organization_id, wave_id)
    REFERENCES surveys_wave (organization_id, id) ON DELETE CASCADE;
ALTER TABLE surveys_cellunit ADD CONSTRAINT cell_unit_of_wave
    FOREIGN KEY (organization_id, wave_id, cell_id)
    REFERENCES surveys_cell (organization_id, wave_id, id) ON DELETE CASCADE;
CREATE TRIGGER cell_unit_is_immutable BEFORE UPDATE ON surveys_cellunit
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""

RIGHTS = {
    "surveys_managedunit": "SELECT, INSERT, DELETE",
    "surveys_cellunit": "SELECT, INSERT",
    "surveys_rolesections": "SELECT, INSERT, UPDATE, DELETE",
}
OWN_ROWS = "organization_id = current_organization()"

# An operator who gives a manager another role takes the units away (add_member).
OPERATED = """
CREATE POLICY managed_unit_operated ON surveys_managedunit TO trustsurvey_owner
    USING (true) WITH CHECK (true);
"""


def isolate() -> str:
    """Rights, forced row-level security and the policy of one's own rows."""
    lines = []
    for table, rights in RIGHTS.items():
        name = table.removeprefix("surveys_")
        lines += [
            f"REVOKE ALL ON {table} FROM PUBLIC, trustsurvey_runtime;",
            f"GRANT {rights} ON {table} TO trustsurvey_runtime;",
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY;",
            f"CREATE POLICY {name}_own ON {table} TO trustsurvey_runtime"
            f" USING ({OWN_ROWS}) WITH CHECK ({OWN_ROWS});",
        ]
    return "\n".join(lines)


def foreign(model: str, **options: object) -> models.ForeignKey:
    given = {"on_delete": django.db.models.deletion.CASCADE, **options}
    return models.ForeignKey(db_index=False, to=f"surveys.{model}", **given)


def composite(*fields: str) -> models.CompositePrimaryKey:
    return models.CompositePrimaryKey(
        *fields, blank=True, editable=False, primary_key=True, serialize=False
    )


class Migration(migrations.Migration):
    dependencies = [("surveys", "0016_cell_key")]

    operations = [
        migrations.CreateModel(
            name="ManagedUnit",
            fields=[
                ("pk", composite("organization_id", "membership_id", "unit_id")),
                ("role", models.CharField(default="manager", max_length=20)),
                ("organization", foreign("organization")),
                (
                    "membership",
                    foreign(
                        "membership", db_constraint=False, related_name="managed_units"
                    ),
                ),
                ("unit", foreign("unit", db_constraint=False)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(role="manager"),
                        name="managed_unit_is_of_a_manager",
                    )
                ]
            },
        ),
        migrations.CreateModel(
            name="CellUnit",
            fields=[
                ("pk", composite("organization_id", "wave_id", "unit_id")),
                ("organization", foreign("organization")),
                ("wave", foreign("wave", db_constraint=False)),
                (
                    "unit",
                    foreign(
                        "unit",
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                    ),
                ),
                ("cell", foreign("cell", db_constraint=False)),
            ],
        ),
        migrations.CreateModel(
            name="RoleSections",
            fields=[
                ("pk", composite("organization_id", "role")),
                ("role", models.CharField(choices=ROLES, max_length=20)),
                (
                    "sections",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("organization", foreign("organization")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(role__in=["analyst", "manager", "auditor"]),
                        name="role_sections_of_a_reader",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(sections__contained_by=SECTIONS),
                        name="role_sections_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("role", "manager"), _negated=True)
                        | models.Q(
                            ("sections__contains", ["comments"]), _negated=True
                        ),
                        name="role_sections_spare_comments",
                    ),
                ]
            },
        ),
        migrations.RunSQL(COMPOSITE_KEYS + isolate() + OPERATED),
    ]
