"""Past waves brought from elsewhere: files on their way in, where answers come from."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

RULES = """
ALTER TABLE surveys_answerfile ADD CONSTRAINT answer_file_survey_of_organization
    FOREIGN KEY (organization_id, survey_id)
    REFERENCES surveys_survey (organization_id, id) ON DELETE CASCADE;
ALTER TABLE surveys_answerfile ADD CONSTRAINT answer_file_form_of_survey
    FOREIGN KEY (organization_id, form_id, survey_id)
    REFERENCES surveys_form (organization_id, id, survey_id) ON DELETE CASCADE;
ALTER TABLE surveys_answerfilepart ADD CONSTRAINT answer_part_of_file
    FOREIGN KEY (organization_id, answer_file_id)
    REFERENCES surveys_answerfile (organization_id, id) ON DELETE CASCADE;
ALTER TABLE surveys_broughtwave ADD CONSTRAINT brought_wave_of_organization
    FOREIGN KEY (organization_id, wave_id) REFERENCES surveys_wave (organization_id, id);
-- as surveys.brought.days counts: numbers stay in the order of time
ALTER TABLE surveys_wave ADD CONSTRAINT wave_brought_is_numbered_by_its_day
    CHECK (number > 0
           OR number = (closed_at AT TIME ZONE 'UTC')::date - DATE '2070-01-01');

CREATE FUNCTION refuse_brought_among_collected() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM surveys_wave w
        WHERE (w.organization_id, w.survey_id) = (NEW.organization_id, NEW.survey_id)
          AND w.number > 0 AND w.opened_at < NEW.closed_at) THEN
        RAISE EXCEPTION 'wave_brought_before_the_collected: a past wave ended later'
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'wave_brought_before_the_collected';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER wave_brought_before_the_collected BEFORE INSERT ON surveys_wave
    FOR EACH ROW WHEN (NEW.number < 0)
    EXECUTE FUNCTION refuse_brought_among_collected();

-- Looked at when the transaction commits: the wave stands before its row here.
CREATE FUNCTION refuse_brought_from_nowhere() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM surveys_broughtwave b
        WHERE (b.organization_id, b.wave_id) = (NEW.organization_id, NEW.id)) THEN
        RAISE EXCEPTION 'wave_brought_says_from_where: a past wave names no file'
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'wave_brought_says_from_where';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER wave_brought_says_from_where AFTER INSERT ON surveys_wave
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.number < 0)
    EXECUTE FUNCTION refuse_brought_from_nowhere();

-- Whoever was promised anonymity elsewhere keeps it here.
CREATE FUNCTION refuse_broken_promise() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM surveys_wave w JOIN surveys_survey s
            ON (s.organization_id, s.id) = (w.organization_id, w.survey_id)
        WHERE (w.organization_id, w.id) = (NEW.organization_id, NEW.wave_id)
          AND (w.number > 0
               OR s.mode NOT IN ('anonymous', 'confidential')
              AND NEW.promised IN ('anonymous', 'confidential'))) THEN
        RAISE EXCEPTION 'brought_wave_keeps_its_promise: the survey shows single answers'
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'brought_wave_keeps_its_promise';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER brought_wave_keeps_its_promise BEFORE INSERT ON surveys_broughtwave
    FOR EACH ROW EXECUTE FUNCTION refuse_broken_promise();
CREATE TRIGGER brought_wave_is_immutable BEFORE UPDATE ON surveys_broughtwave
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""

RIGHTS = {
    "surveys_answerfile": "SELECT, INSERT, UPDATE, DELETE",
    "surveys_answerfilepart": "SELECT, INSERT, DELETE",
    "surveys_broughtwave": "SELECT, INSERT",
}
OWN_ROWS = "organization_id = current_organization()"

POLICIES = """
-- The worker asks as the owner which files are old or were left behind.
CREATE POLICY answer_file_due ON surveys_answerfile FOR SELECT TO trustsurvey_owner
    USING (true);
CREATE POLICY brought_wave_due ON surveys_broughtwave FOR SELECT TO trustsurvey_owner
    USING (true);

-- Answers reach the application only through the intake, by an import, or as a past
-- wave; a wave that was in the field takes none.
DROP POLICY response_imported ON surveys_response;
CREATE POLICY response_imported ON surveys_response AS RESTRICTIVE FOR INSERT
    TO trustsurvey_runtime
    WITH CHECK (wave_id IN
        (SELECT w.id FROM surveys_wave w JOIN surveys_survey s
             ON (s.organization_id, s.id) = (w.organization_id, w.survey_id)
         WHERE s.origin = 'imported' OR w.number < 0));
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
    dependencies = [("surveys", "0020_criteria")]

    operations = [
        migrations.CreateModel(
            name="AnswerFile",
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
                ("version", models.UUIDField(blank=True, null=True)),
                ("filename", models.CharField(max_length=200)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("csv", "CSV"),
                            ("xlsx", "Excel"),
                            ("sav", "SPSS"),
                            ("dta", "Stata"),
                        ],
                        max_length=4,
                    ),
                ),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.PositiveIntegerField()),
                ("uploaded_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("encoding", models.CharField(max_length=20)),
                ("separator", models.CharField(max_length=1)),
                ("formulas", models.PositiveIntegerField(default=0)),
                ("source", models.JSONField(default=dict)),
                ("mapping", models.JSONField(default=dict)),
                ("said", models.JSONField(default=dict)),
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
                ("looked", models.JSONField(default=dict)),
                ("failure", models.JSONField(blank=True, null=True)),
                ("result", models.UUIDField(blank=True, null=True)),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        to="surveys.organization",
                    ),
                ),
                (
                    "form",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="surveys.form",
                    ),
                ),
                (
                    "survey",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="surveys.survey",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "id"),
                        name="answer_file_key_of_organization",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("form", None),
                                ("survey", None),
                                ("version__isnull", False),
                            ),
                            models.Q(
                                ("form__isnull", False),
                                ("survey__isnull", False),
                                ("version", None),
                            ),
                            _connector="OR",
                        ),
                        name="answer_file_has_one_target",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["csv", "xlsx", "sav", "dta"])),
                        name="answer_file_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")),
                        name="answer_file_digest_is_sha256",
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
                        name="answer_file_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("progress__lte", 100)),
                        name="answer_file_progress_in_percent",
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
                        name="answer_file_says_why_iff_failed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("result__isnull", False), ("state", "done")),
                            models.Q(
                                models.Q(("state", "done"), _negated=True),
                                ("result__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="answer_file_leads_somewhere_iff_done",
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="AnswerFilePart",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "organization",
                        "answer_file",
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
                    "answer_file",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="surveys.answerfile",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="BroughtWave",
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
                ("sha256", models.CharField(max_length=64)),
                ("rows", models.PositiveIntegerField()),
                ("sample", models.TextField()),
                (
                    "promised",
                    models.CharField(
                        choices=[
                            ("anonymous", "anonymous"),
                            ("confidential", "confidential"),
                            ("identified", "identified"),
                            ("open", "open link"),
                        ],
                        max_length=20,
                    ),
                ),
                ("lineage", models.JSONField()),
                ("brought_at", models.DateTimeField()),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        to="surveys.organization",
                    ),
                ),
                (
                    "wave",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="brought",
                        to="surveys.wave",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "wave"), name="brought_wave_comes_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")),
                        name="brought_wave_digest_is_sha256",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "promised__in",
                                ["anonymous", "confidential", "identified", "open"],
                            )
                        ),
                        name="brought_wave_promise_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sample", ""), _negated=True),
                        name="brought_wave_says_who_answered",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("rows__gte", 1)),
                        name="brought_wave_has_answers",
                    ),
                ]
            },
        ),
        migrations.AlterField(
            model_name="wave",
            name="number",
            field=models.SmallIntegerField(),
        ),
        migrations.AddConstraint(
            model_name="wave",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("number__gte", 1),
                    models.Q(("number__lt", 0), ("state", "closed")),
                    _connector="OR",
                ),
                name="wave_brought_is_closed",
            ),
        ),
        migrations.RunSQL(RULES),
        migrations.RunSQL(isolate() + POLICIES),
    ]
