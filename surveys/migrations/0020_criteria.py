"""Business outcomes of people, and the promise that lets answers meet them."""

import uuid

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

COMPOSITE_KEYS = """
ALTER TABLE surveys_criterionvalue ADD CONSTRAINT criterion_value_of_participant
    FOREIGN KEY (organization_id, participant_id)
    REFERENCES surveys_participant (organization_id, id) ON DELETE CASCADE;
ALTER TABLE surveys_criterionvalue ADD CONSTRAINT criterion_value_of_criterion
    FOREIGN KEY (organization_id, criterion_id, kind)
    REFERENCES surveys_criterion (organization_id, id, kind) ON DELETE CASCADE;
ALTER TABLE surveys_criterionwindow ADD CONSTRAINT criterion_window_of_survey
    FOREIGN KEY (organization_id, survey_id)
    REFERENCES surveys_survey (organization_id, id) ON DELETE CASCADE;
"""

# What respondents were told decides; nobody may say afterwards that they were told.
TOLD = """
CREATE TRIGGER wave_joining_is_frozen BEFORE UPDATE ON surveys_wave
    FOR EACH ROW WHEN (OLD.joins_outcomes <> NEW.joins_outcomes)
    EXECUTE FUNCTION refuse_change();
CREATE FUNCTION refuse_joining_of_the_promised() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM surveys_survey s
                   WHERE (s.organization_id, s.id) = (NEW.organization_id, NEW.survey_id)
                     AND s.mode = 'identified') THEN
        RAISE EXCEPTION 'wave_joins_outcomes_where_identified: not in this mode'
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'wave_joins_outcomes_where_identified';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER wave_joins_outcomes_where_identified BEFORE INSERT ON surveys_wave
    FOR EACH ROW WHEN (NEW.joins_outcomes)
    EXECUTE FUNCTION refuse_joining_of_the_promised();
"""

RIGHTS = {
    "surveys_criterion": "SELECT, INSERT, UPDATE, DELETE",
    "surveys_criterionvalue": "SELECT, INSERT, UPDATE, DELETE",
    "surveys_criterionwindow": "SELECT, INSERT, UPDATE, DELETE",
    "surveys_criterionfile": "SELECT, INSERT, UPDATE, DELETE",
}
OWN_ROWS = "organization_id = current_organization()"

# Files that nobody decided about are forgotten, by the owning role.
SWEPT = """
CREATE POLICY criterionfile_swept ON surveys_criterionfile FOR SELECT
    TO trustsurvey_owner USING (true);
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


class Migration(migrations.Migration):
    dependencies = [("surveys", "0019_webhooks")]

    operations = [
        migrations.CreateModel(
            name="Criterion",
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
                    "code",
                    models.CharField(
                        max_length=40,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Za-z][A-Za-z0-9_]{0,39}$"
                            )
                        ],
                        verbose_name="code",
                    ),
                ),
                (
                    "name_en",
                    models.CharField(max_length=200, verbose_name="English name"),
                ),
                (
                    "name_zh_hans",
                    models.CharField(max_length=200, verbose_name="Chinese name"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("binary", "yes or no, as 1 or 0"),
                            ("number", "a number"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "direction",
                    models.CharField(
                        choices=[
                            ("more", "more is better"),
                            ("less", "less is better"),
                        ],
                        max_length=10,
                        verbose_name="direction",
                    ),
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
                        fields=("organization", "id", "kind"),
                        name="criterion_key_with_kind",
                    ),
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("code"),
                        models.F("organization"),
                        name="criterion_code_unique",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("code__regex", "^[A-Za-z][A-Za-z0-9_]{0,39}$")
                        ),
                        name="criterion_code_is_a_name",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name_en", ""), _negated=True),
                            models.Q(("name_zh_hans", ""), _negated=True),
                        ),
                        name="criterion_is_named",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["binary", "number"])),
                        name="criterion_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("direction__in", ["more", "less"])),
                        name="criterion_direction_known",
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="CriterionFile",
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
                ("uploaded_at", models.DateTimeField()),
                ("encoding", models.CharField(max_length=20)),
                ("separator", models.CharField(max_length=1)),
                ("header", models.JSONField(default=list)),
                ("mapping", models.JSONField(default=list)),
                ("data", models.BinaryField()),
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
                        name="criterion_file_key_of_organization",
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="CriterionValue",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "organization_id",
                        "participant_id",
                        "criterion_id",
                        "date",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("kind", models.CharField(max_length=10)),
                ("date", models.DateField()),
                ("value", models.FloatField()),
                (
                    "criterion",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="values",
                        to="surveys.criterion",
                    ),
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
                    "participant",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="criterion_values",
                        to="surveys.participant",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("value__gte", -1000000000000000.0),
                            ("value__lte", 1000000000000000.0),
                        ),
                        name="criterion_value_is_finite",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "binary"), _negated=True),
                            ("value__in", [0.0, 1.0]),
                            _connector="OR",
                        ),
                        name="criterion_value_is_yes_or_no",
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="CriterionWindow",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "organization_id",
                        "survey_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "first_day",
                    models.PositiveSmallIntegerField(verbose_name="from day"),
                ),
                ("last_day", models.PositiveSmallIntegerField(verbose_name="to day")),
                (
                    "take",
                    models.CharField(
                        choices=[
                            ("last", "the last one"),
                            (
                                "highest",
                                "the highest one; of yes or no: whether it ever was",
                            ),
                            ("sum", "their sum; of yes or no: how often"),
                        ],
                        max_length=10,
                    ),
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
                    "survey",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="surveys.survey",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("first_day__gte", 1)),
                        name="criterion_window_is_after",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("last_day__gte", models.F("first_day")),
                            ("last_day__lte", 3650),
                        ),
                        name="criterion_window_has_days",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("take__in", ["last", "highest", "sum"])),
                        name="criterion_window_take_known",
                    ),
                ]
            },
        ),
        migrations.AddField(
            model_name="survey",
            name="joins_outcomes",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="wave",
            name="joins_outcomes",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddConstraint(
            model_name="survey",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("joins_outcomes", False), ("mode", "identified"), _connector="OR"
                ),
                name="survey_joins_outcomes_where_identified",
            ),
        ),
        migrations.AddIndex(
            model_name="criterionvalue",
            index=models.Index(
                fields=["organization", "criterion", "date"], name="criterion_by_date"
            ),
        ),
        migrations.RunSQL(COMPOSITE_KEYS + TOLD + isolate() + SWEPT),
    ]
