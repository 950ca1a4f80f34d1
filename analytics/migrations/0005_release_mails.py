"""Mail about releases: one row a release, member and kind makes that it is sent once."""

import uuid

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

OWN = """
ALTER TABLE {table} ADD CONSTRAINT {name}
    FOREIGN KEY (organization_id, {column})
    REFERENCES {target} (organization_id, id) ON DELETE CASCADE;
"""
FINAL = """
CREATE TRIGGER release_mail_sent_is_final BEFORE UPDATE ON analytics_releasemail
    FOR EACH ROW WHEN (OLD.sent_at IS NOT NULL) EXECUTE FUNCTION refuse_change();
"""
# The sender looks for what is due over all organizations.
SWEPT = """
CREATE POLICY release_mail_swept ON analytics_releasemail FOR SELECT
    TO trustsurvey_owner USING (true);
"""
RIGHTS = {
    "analytics_reportmailchoice": "SELECT, INSERT, UPDATE, DELETE",
    "analytics_releasemail": "SELECT, INSERT, UPDATE",
}
OWN_ROWS = "organization_id = current_organization()"


def isolate() -> str:
    """Rights, composite keys and forced row-level security."""
    membership = {"column": "membership_id", "target": "surveys_membership"}
    lines = [
        OWN.format(
            table="analytics_reportmailchoice",
            name="mail_choice_of_organization",
            **membership,
        ),
        OWN.format(
            table="analytics_releasemail",
            name="release_mail_to_organization",
            **membership,
        ),
        OWN.format(
            table="analytics_releasemail",
            name="release_mail_of_organization",
            column="release_id",
            target="analytics_release",
        ),
    ]
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


def _key() -> "models.UUIDField[uuid.UUID, uuid.UUID]":
    return models.UUIDField(
        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
    )


def _organization() -> "models.ForeignKey[object, object]":
    return models.ForeignKey(
        on_delete=django.db.models.deletion.CASCADE, to="surveys.organization"
    )


def _membership() -> "models.ForeignKey[object, object]":
    return models.ForeignKey(
        db_constraint=False,
        on_delete=django.db.models.deletion.CASCADE,
        related_name="+",
        to="surveys.membership",
    )


class Migration(migrations.Migration):
    dependencies = [("analytics", "0004_comments_actions"), ("surveys", "0017_managers")]

    operations = [
        migrations.CreateModel(
            name="ReportMailChoice",
            fields=[
                ("id", _key()),
                ("wanted", models.BooleanField(default=True)),
                ("language", models.CharField(blank=True, default="", max_length=10)),
                ("membership", _membership()),
                ("organization", _organization()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "membership"),
                        name="mail_choice_one_a_member",
                    ),
                    models.CheckConstraint(
                        condition=Q(language__in=["", "en", "zh-hans"]),
                        name="mail_choice_language_known",
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="ReleaseMail",
            fields=[
                ("id", _key()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("digest", "summary of a report"),
                            ("alarm", "alarm"),
                        ],
                        max_length=10,
                    ),
                ),
                ("next_try_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("problem", models.TextField(blank=True, default="")),
                ("membership", _membership()),
                ("organization", _organization()),
                (
                    "release",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mails",
                        to="analytics.release",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "release", "membership", "kind"),
                        name="release_mail_once",
                    ),
                    models.CheckConstraint(
                        condition=Q(kind__in=["digest", "alarm"]),
                        name="release_mail_kind_known",
                    ),
                ]
            },
        ),
        migrations.RunSQL(isolate()),
        migrations.RunSQL(FINAL),
        migrations.RunSQL(SWEPT),
    ]
