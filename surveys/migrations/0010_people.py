"""People who may be asked, and the units they belong to."""

import uuid

import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

COMPOSITE_KEYS = """
ALTER TABLE surveys_unit ADD CONSTRAINT unit_parent_of_organization
    FOREIGN KEY (organization_id, parent_id)
    REFERENCES surveys_unit (organization_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE surveys_participant ADD CONSTRAINT participant_unit_of_organization
    FOREIGN KEY (organization_id, unit_id)
    REFERENCES surveys_unit (organization_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE surveys_participant ADD CONSTRAINT participant_attributes_are_an_object
    CHECK (jsonb_typeof(attributes) = 'object');
ALTER TABLE surveys_peoplelistpart ADD CONSTRAINT people_part_of_list
    FOREIGN KEY (organization_id, people_list_id)
    REFERENCES surveys_peoplelist (organization_id, id) ON DELETE CASCADE;
ALTER TABLE surveys_peoplerow ADD CONSTRAINT people_row_of_list
    FOREIGN KEY (organization_id, people_list_id)
    REFERENCES surveys_peoplelist (organization_id, id) ON DELETE CASCADE;
ALTER TABLE surveys_peoplerow ADD CONSTRAINT people_row_fate_known
    CHECK (fate IN ('', 'new', 'changed', 'unchanged', 'rejected'));
-- made again from the file at need, so nothing of it goes through the log
ALTER TABLE surveys_peoplerow SET UNLOGGED;

-- Looked at when the transaction commits: two units may change places in between.
-- Single steps up: each is found by the key, however many units there are.
CREATE FUNCTION refuse_unit_cycle() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    here uuid := (SELECT parent_id FROM surveys_unit WHERE id = NEW.id);
    seen uuid[] := '{}';
BEGIN
    -- a circle that this unit only leads into is refused at its own units
    WHILE here IS NOT NULL AND NOT here = ANY (seen) LOOP
        IF here = NEW.id THEN
            RAISE EXCEPTION 'unit_has_no_cycle: a unit cannot stand above itself'
                USING ERRCODE = 'integrity_constraint_violation',
                      CONSTRAINT = 'unit_has_no_cycle';
        END IF;
        seen := seen || here;
        here := (SELECT parent_id FROM surveys_unit WHERE id = here);
    END LOOP;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER unit_has_no_cycle AFTER INSERT OR UPDATE ON surveys_unit
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_unit_cycle();
"""

RIGHTS = "SELECT, INSERT, UPDATE, DELETE"
TABLES = (
    "surveys_unit",
    "surveys_attribute",
    "surveys_participant",
    "surveys_peoplelist",
    "surveys_peoplelistpart",
    "surveys_peoplerow",
)
OWN_ROWS = "organization_id = current_organization()"

# The worker asks as the owner which lists are old or were left behind.
DUE = """
CREATE POLICY people_list_due ON surveys_peoplelist FOR SELECT TO trustsurvey_owner
    USING (true);
"""


def isolate() -> str:
    """Rights, forced row-level security and the policy of one's own rows."""
    lines = []
    for table in TABLES:
        name = table.removeprefix("surveys_")
        lines += [
            f"REVOKE ALL ON {table} FROM PUBLIC, trustsurvey_runtime;",
            f"GRANT {RIGHTS} ON {table} TO trustsurvey_runtime;",
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY;",
            f"CREATE POLICY {name}_own ON {table} TO trustsurvey_runtime"
            f" USING ({OWN_ROWS}) WITH CHECK ({OWN_ROWS});",
        ]
    return "\n".join(lines)


class Migration(migrations.Migration):
    dependencies = [("surveys", "0009_no_statistics")]

    operations = [
        migrations.CreateModel(
            name="Unit",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("code", models.CharField(max_length=100, verbose_name="code")),
                (
                    "name_en",
                    models.CharField(max_length=200, verbose_name="English name"),
                ),
                (
                    "name_zh_hans",
                    models.CharField(max_length=200, verbose_name="Chinese name"),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="surveys.organization",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="surveys.unit",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "id"), name="unit_key_of_organization"
                    ),
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("code"),
                        models.F("organization"),
                        name="unit_code_unique",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("code", ""), _negated=True),
                            models.Q(("name_en", ""), _negated=True),
                            models.Q(("name_zh_hans", ""), _negated=True),
                        ),
                        name="unit_is_named",
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="Participant",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        blank=True, default="", max_length=100, verbose_name="number"
                    ),
                ),
                (
                    "email",
                    models.EmailField(
                        blank=True, default="", max_length=254, verbose_name="e-mail"
                    ),
                ),
                (
                    "phone",
                    models.CharField(
                        blank=True, default="", max_length=40, verbose_name="phone"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        blank=True, default="", max_length=200, verbose_name="name"
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        blank=True, default="", max_length=10, verbose_name="language"
                    ),
                ),
                ("attributes", models.JSONField(blank=True, default=dict)),
                ("active", models.BooleanField(default=True, verbose_name="active")),
                ("opted_out_at", models.DateTimeField(blank=True, null=True)),
                ("bounced_at", models.DateTimeField(blank=True, null=True)),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="surveys.organization",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="surveys.unit",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "id"),
                        name="participant_key_of_organization",
                    ),
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("key"),
                        models.F("organization"),
                        condition=models.Q(("key", ""), _negated=True),
                        name="participant_number_unique",
                    ),
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("email"),
                        models.F("organization"),
                        condition=models.Q(("email", ""), _negated=True),
                        name="participant_email_unique",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("key", ""), _negated=True),
                            models.Q(("email", ""), _negated=True),
                            models.Q(("phone", ""), _negated=True),
                            models.Q(("name", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="participant_can_be_told_apart",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("language__in", ["", "en", "zh-hans"])),
                        name="participant_language_known",
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="Attribute",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("code", models.SlugField(verbose_name="code")),
                (
                    "name_en",
                    models.CharField(max_length=200, verbose_name="English name"),
                ),
                (
                    "name_zh_hans",
                    models.CharField(max_length=200, verbose_name="Chinese name"),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="surveys.organization",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "code"), name="attribute_code_unique"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("code", ""), _negated=True),
                            models.Q(("name_en", ""), _negated=True),
                            models.Q(("name_zh_hans", ""), _negated=True),
                        ),
                        name="attribute_is_named",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PeopleList",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("filename", models.CharField(max_length=200)),
                ("size", models.PositiveIntegerField()),
                ("uploaded_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("encoding", models.CharField(max_length=20)),
                ("separator", models.CharField(max_length=1)),
                ("formulas", models.PositiveIntegerField(default=0)),
                ("header", models.JSONField(default=list)),
                ("mapping", models.JSONField(default=list)),
                ("create_units", models.BooleanField(default=True)),
                ("mark_missing", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("uploaded", "Uploaded"),
                            ("checking", "Checking"),
                            ("checked", "Checked"),
                            ("importing", "Importing"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                        ],
                        default="uploaded",
                        max_length=10,
                    ),
                ),
                ("run", models.UUIDField(blank=True, null=True)),
                ("progress", models.PositiveSmallIntegerField(default=0)),
                ("counts", models.JSONField(default=dict)),
                ("failure", models.JSONField(blank=True, null=True)),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        to="surveys.organization",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "id"),
                        name="people_list_key_of_organization",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "uploaded",
                                    "checking",
                                    "checked",
                                    "importing",
                                    "done",
                                    "failed",
                                ],
                            )
                        ),
                        name="people_list_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("progress__lte", 100)),
                        name="people_list_progress_in_percent",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("failure__isnull", False), ("state", "failed")),
                            models.Q(
                                models.Q(("state", "failed"), _negated=True),
                                ("failure__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="people_list_says_why_iff_failed",
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="PeopleListPart",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "organization",
                        "people_list",
                        "number",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("data", models.BinaryField()),
                (
                    "organization",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="surveys.organization",
                    ),
                ),
                (
                    "people_list",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="surveys.peoplelist",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PeopleRow",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "organization",
                        "people_list",
                        "line",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("line", models.PositiveIntegerField()),
                ("key", models.TextField()),
                ("email", models.TextField()),
                ("phone", models.TextField()),
                ("name", models.TextField()),
                ("language", models.TextField()),
                ("unit", models.TextField()),
                ("unit_parent", models.TextField()),
                ("unit_name", models.TextField()),
                ("attributes", models.JSONField()),
                ("wrong", models.JSONField()),
                ("conflict", models.JSONField(default=list)),
                ("fate", models.TextField(default="")),
                ("moved", models.BooleanField(default=False)),
                ("target", models.UUIDField(null=True)),
                ("unit_target", models.UUIDField(null=True)),
                (
                    "organization",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="surveys.organization",
                    ),
                ),
                (
                    "people_list",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="surveys.peoplelist",
                    ),
                ),
            ],
        ),
        migrations.RunSQL(COMPOSITE_KEYS),
        migrations.RunSQL(isolate() + DUE),
    ]
