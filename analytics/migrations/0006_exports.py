"""Exports and their log: who asked, who agreed, who took which bytes away."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

OWN = """
ALTER TABLE analytics_export ADD CONSTRAINT export_survey_of_organization
    FOREIGN KEY (organization_id, survey_id)
    REFERENCES surveys_survey (organization_id, id) ON DELETE CASCADE;
"""
# What was asked and who decided stay; a file that is gone does not come back.
FROZEN = """
CREATE TRIGGER export_wish_is_frozen BEFORE UPDATE ON analytics_export
    FOR EACH ROW WHEN (
        (OLD.organization_id, OLD.survey_id, OLD.kind, OLD.format, OLD.language,
         OLD.waves, OLD.options, OLD.needs_approval, OLD.asked_by, OLD.asked_at)
        IS DISTINCT FROM
        (NEW.organization_id, NEW.survey_id, NEW.kind, NEW.format, NEW.language,
         NEW.waves, NEW.options, NEW.needs_approval, NEW.asked_by, NEW.asked_at))
    EXECUTE FUNCTION refuse_change();
CREATE TRIGGER export_decision_is_final BEFORE UPDATE ON analytics_export
    FOR EACH ROW WHEN (
        OLD.decided_by <> '' AND (OLD.decided_by, OLD.decided_at)
        IS DISTINCT FROM (NEW.decided_by, NEW.decided_at)
        OR OLD.state = 'refused')
    EXECUTE FUNCTION refuse_change();
CREATE TRIGGER export_file_is_frozen BEFORE UPDATE ON analytics_export
    FOR EACH ROW WHEN (
        OLD.state = 'expired'
        OR OLD.state = 'ready' AND (
            NEW.state <> ALL ('{ready,expired}')
            OR to_jsonb(OLD) - 'state' IS DISTINCT FROM to_jsonb(NEW) - 'state'))
    EXECUTE FUNCTION refuse_change();
CREATE TRIGGER export_log_is_immutable BEFORE UPDATE ON analytics_exportentry
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
# The sweeper looks for what is due, and for files of no row, over all organizations.
SWEPT = """
CREATE POLICY export_swept ON analytics_export FOR SELECT TO trustsurvey_owner
    USING (true);
"""
RIGHTS = {
    "analytics_export": "SELECT, INSERT, UPDATE",
    "analytics_exportentry": "SELECT, INSERT",
}
OWN_ROWS = "organization_id = current_organization()"


def isolate() -> str:
    """Rights, the composite key and forced row-level security."""
    lines = [OWN]
    for table, rights in RIGHTS.items():
        name = table.removeprefix("analytics_")
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
    dependencies = [("analytics", "0005_release_mails"), ("surveys", "0017_managers")]

    operations = [
        migrations.CreateModel(
            name="Export",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("data", "All answers"),
                            ("microdata", "Checked microdata"),
                            ("comments", "Comments"),
                            ("codebook", "Codebook"),
                            ("questionnaire", "Questionnaire"),
                            ("bundle", "Reproducible bundle"),
                        ],
                        max_length=20,
                    ),
                ),
                ("format", models.CharField(max_length=20)),
                ("language", models.CharField(max_length=10)),
                (
                    "waves",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(), size=None
                    ),
                ),
                ("options", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("awaiting", "awaiting approval"),
                            ("refused", "refused"),
                            ("queued", "waiting"),
                            ("running", "being written"),
                            ("ready", "ready"),
                            ("failed", "failed"),
                            ("expired", "removed"),
                        ],
                        max_length=10,
                    ),
                ),
                ("needs_approval", models.BooleanField(default=False)),
                ("asked_by", models.EmailField(max_length=254)),
                ("asked_at", models.DateTimeField()),
                (
                    "decided_by",
                    models.EmailField(blank=True, default="", max_length=254),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("rows_done", models.PositiveBigIntegerField(default=0)),
                ("rows", models.PositiveBigIntegerField(blank=True, null=True)),
                ("run", models.UUIDField(blank=True, null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("worked_at", models.DateTimeField()),
                ("ready_at", models.DateTimeField(blank=True, null=True)),
                ("expires_at", models.DateTimeField(blank=True, null=True)),
                ("filename", models.CharField(blank=True, default="", max_length=200)),
                ("size", models.PositiveBigIntegerField(blank=True, null=True)),
                ("sha256", models.CharField(blank=True, default="", max_length=64)),
                ("reason", models.TextField(blank=True, default="")),
                ("remarks", models.JSONField(blank=True, default=list)),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        to="surveys.organization",
                    ),
                ),
                (
                    "survey",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="exports",
                        to="surveys.survey",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "id"), name="export_key_of_organization"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                (
                                    "data",
                                    "microdata",
                                    "comments",
                                    "codebook",
                                    "questionnaire",
                                    "bundle",
                                ),
                            )
                        ),
                        name="export_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("language__in", ["en", "zh-hans"])),
                        name="export_language_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "awaiting",
                                    "refused",
                                    "queued",
                                    "running",
                                    "ready",
                                    "failed",
                                    "expired",
                                ],
                            )
                        ),
                        name="export_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("asked_by", ""), _negated=True),
                        name="export_says_who_asked",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("decided_by", "")),
                            models.Q(
                                models.Q(("decided_by", ""), _negated=True),
                                ("decided_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="export_decision_is_dated",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("needs_approval", False),
                            models.Q(
                                ("state__in", ["queued", "running", "ready", "failed"]),
                                _negated=True,
                            ),
                            models.Q(("decided_by", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="export_approved_before_it_runs",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by", ""),
                            models.Q(
                                models.Q(
                                    (
                                        "decided_by",
                                        django.db.models.functions.text.Lower(
                                            models.F("asked_by")
                                        ),
                                    ),
                                    _negated=True,
                                ),
                                (
                                    "decided_by",
                                    django.db.models.functions.text.Lower(
                                        models.F("decided_by")
                                    ),
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="export_decided_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state", "failed"),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("state", "failed"), _negated=True),
                                ("reason", ""),
                            ),
                            _connector="OR",
                        ),
                        name="export_says_why_iff_failed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "ready"), _negated=True),
                            models.Q(
                                ("expires_at__isnull", False),
                                ("ready_at__isnull", False),
                                ("rows__isnull", False),
                                ("run__isnull", False),
                                ("sha256__regex", "^[0-9a-f]{64}$"),
                                ("size__isnull", False),
                                models.Q(("filename", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="export_ready_is_complete",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ExportEntry",
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
                ("survey_id", models.UUIDField(blank=True, db_index=True, null=True)),
                ("export_id", models.UUIDField(blank=True, null=True)),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("asked", "asked for"),
                            ("approved", "approved"),
                            ("refused", "refused"),
                            ("ready", "written"),
                            ("failed", "failed"),
                            ("begun", "download begun"),
                            ("ended", "download ended"),
                            ("removed", "removed"),
                            ("expired", "expired"),
                            ("rule_on", "approval by a second person switched on"),
                            ("rule_off", "approval by a second person switched off"),
                        ],
                        max_length=10,
                    ),
                ),
                ("who", models.EmailField(blank=True, default="", max_length=254)),
                ("at", models.DateTimeField()),
                ("about", models.CharField(blank=True, default="", max_length=300)),
                ("download", models.UUIDField(blank=True, null=True)),
                ("first_byte", models.PositiveBigIntegerField(blank=True, null=True)),
                ("sent", models.PositiveBigIntegerField(blank=True, null=True)),
                ("complete", models.BooleanField(blank=True, null=True)),
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
                        name="export_entry_key_of_organization",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "what__in",
                                [
                                    "asked",
                                    "approved",
                                    "refused",
                                    "ready",
                                    "failed",
                                    "begun",
                                    "ended",
                                    "removed",
                                    "expired",
                                    "rule_on",
                                    "rule_off",
                                ],
                            )
                        ),
                        name="export_entry_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("what__in", ["ready", "failed", "expired"]),
                            models.Q(("who", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="export_entry_says_who",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("export_id", None),
                                ("what__in", ["rule_on", "rule_off"]),
                            ),
                            models.Q(
                                models.Q(
                                    ("what__in", ["rule_on", "rule_off"]), _negated=True
                                ),
                                ("export_id__isnull", False),
                                ("survey_id__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="export_entry_says_of_what",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("complete", None),
                                ("download__isnull", False),
                                ("first_byte__isnull", False),
                                ("sent", None),
                                ("what", "begun"),
                            ),
                            models.Q(
                                ("complete__isnull", False),
                                ("download__isnull", False),
                                ("sent__isnull", False),
                                ("what", "ended"),
                            ),
                            models.Q(
                                models.Q(
                                    ("what__in", ["begun", "ended"]), _negated=True
                                ),
                                ("download", None),
                                ("sent", None),
                            ),
                            _connector="OR",
                        ),
                        name="export_entry_counts_bytes",
                    ),
                    models.UniqueConstraint(
                        fields=("organization", "download", "what"),
                        name="export_entry_once_a_download",
                    ),
                ],
            },
        ),
        migrations.RunSQL(isolate() + FROZEN + SWEPT),
    ]
