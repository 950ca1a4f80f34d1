"""Tags and codings of comments, comments hidden by an owner, and action notes."""

import uuid

import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
from django.db import migrations, models


def tied(
    table: str, name: str, columns: str, target: str, keys: str = "organization_id, id"
) -> str:
    """Tie a table to another by a foreign key that carries the organization."""
    return (
        f"ALTER TABLE analytics_{table} ADD CONSTRAINT {name}"
        f" FOREIGN KEY (organization_id, {columns}) REFERENCES {target} ({keys})"
        " ON DELETE CASCADE;\n"
    )


COMMENT_KEY = "organization_id, wave_id, id"
COMPOSITE_KEYS = "".join(
    [
        tied("commenttag", "tag_survey_of_organization", "survey_id", "surveys_survey"),
        tied("codedcomment", "coded_wave_of_organization", "wave_id", "surveys_wave"),
        tied(
            "codedcomment",
            "coded_comment_of_wave",
            "wave_id, comment_id",
            "surveys_comment",
            COMMENT_KEY,
        ),
        tied(
            "codedcomment",
            "coded_by_member_of_organization",
            "coder_id",
            "surveys_membership",
        ),
        tied(
            "commentcoding",
            "coding_of_coded_comment",
            "coded_id",
            "analytics_codedcomment",
        ),
        tied(
            "commentcoding",
            "coding_tag_of_organization",
            "tag_id",
            "analytics_commenttag",
        ),
        tied("codingreveal", "reveal_wave_of_organization", "wave_id", "surveys_wave"),
        tied("commenthiding", "hiding_wave_of_organization", "wave_id", "surveys_wave"),
        tied(
            "commenthiding",
            "hiding_comment_of_wave",
            "wave_id, comment_id",
            "surveys_comment",
            COMMENT_KEY,
        ),
        tied(
            "actionnote", "note_survey_of_organization", "survey_id", "surveys_survey"
        ),
        tied("actionnote", "note_wave_of_organization", "wave_id", "surveys_wave"),
        tied("actionentry", "entry_of_note", "note_id", "analytics_actionnote"),
    ]
)

# What somebody wrote or decided is added to, never changed.
APPEND_ONLY = """
CREATE TRIGGER reveal_is_immutable BEFORE UPDATE ON analytics_codingreveal
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER hiding_is_immutable BEFORE UPDATE ON analytics_commenthiding
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER note_is_immutable BEFORE UPDATE ON analytics_actionnote
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER entry_is_immutable BEFORE UPDATE ON analytics_actionentry
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""

RIGHTS = {
    "commenttag": "SELECT, INSERT, UPDATE, DELETE",
    "codedcomment": "SELECT, INSERT, DELETE",
    "commentcoding": "SELECT, INSERT, DELETE",
    "codingreveal": "SELECT, INSERT",
    "commenthiding": "SELECT, INSERT",
    # UPDATE is refused by the trigger; the right is needed to lock the row
    "actionnote": "SELECT, INSERT, UPDATE",
    "actionentry": "SELECT, INSERT",
}
OWN_ROWS = "organization_id = current_organization()"


def isolate() -> str:
    """Rights, forced row-level security and the policy of one's own rows."""
    lines = []
    for name, rights in RIGHTS.items():
        table = f"analytics_{name}"
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
    dependencies = [("analytics", "0003_releases"), ("surveys", "0017_managers")]

    operations = [
        migrations.CreateModel(
            name="ActionNote",
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
                ("segment", models.CharField(max_length=200)),
                ("name_en", models.CharField(max_length=200)),
                ("name_zh_hans", models.CharField(max_length=200)),
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
                        related_name="notes",
                        to="surveys.survey",
                    ),
                ),
                (
                    "wave",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="surveys.wave",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "id"), name="note_key_of_organization"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("segment", "everyone"),
                            ("segment__startswith", "unit:"),
                            _connector="OR",
                        ),
                        name="note_is_about_a_unit_or_everyone",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name_en", ""), _negated=True),
                            models.Q(("name_zh_hans", ""), _negated=True),
                        ),
                        name="note_names_its_segment",
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="ActionEntry",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "organization_id",
                        "note_id",
                        "number",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "text",
                    models.TextField(max_length=2000, verbose_name="What will be done"),
                ),
                (
                    "who",
                    models.CharField(
                        blank=True, default="", max_length=200, verbose_name="By whom"
                    ),
                ),
                (
                    "until",
                    models.DateField(blank=True, null=True, verbose_name="Until when"),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("planned", "planned"),
                            ("doing", "under way"),
                            ("done", "done"),
                            ("dropped", "dropped"),
                        ],
                        default="planned",
                        max_length=10,
                        verbose_name="How it stands",
                    ),
                ),
                ("written_by", models.EmailField(max_length=254)),
                ("written_at", models.DateTimeField()),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="surveys.organization",
                    ),
                ),
                (
                    "note",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="entries",
                        to="analytics.actionnote",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1)),
                        name="entry_number_from_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("text", ""), _negated=True),
                            django.db.models.lookups.LessThanOrEqual(
                                django.db.models.functions.text.Length("text"), 2000
                            ),
                        ),
                        name="entry_says_something_bounded",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["planned", "doing", "done", "dropped"])
                        ),
                        name="entry_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("written_by", ""), _negated=True),
                        name="entry_says_who_wrote_it",
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="CodedComment",
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
                ("comment_id", models.UUIDField()),
                (
                    "coder",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="surveys.membership",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        to="surveys.organization",
                    ),
                ),
                (
                    "wave",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="surveys.wave",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "id"), name="coded_key_of_organization"
                    ),
                    models.UniqueConstraint(
                        fields=("organization", "wave", "comment_id", "coder"),
                        name="coded_once_by_each",
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="CodingReveal",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "organization_id",
                        "wave_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("agreement", models.TextField()),
                ("revealed_by", models.EmailField(max_length=254)),
                ("revealed_at", models.DateTimeField()),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="surveys.organization",
                    ),
                ),
                (
                    "wave",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="surveys.wave",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("agreement", ""), _negated=True),
                            models.Q(("revealed_by", ""), _negated=True),
                        ),
                        name="reveal_says_what_and_who",
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="CommentHiding",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "organization_id",
                        "wave_id",
                        "comment_id",
                        "number",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("comment_id", models.UUIDField()),
                ("number", models.PositiveSmallIntegerField()),
                ("hidden", models.BooleanField()),
                ("decided_by", models.EmailField(max_length=254)),
                ("decided_at", models.DateTimeField()),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="surveys.organization",
                    ),
                ),
                (
                    "wave",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="surveys.wave",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1)),
                        name="hiding_number_from_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("decided_by", ""), _negated=True),
                        name="hiding_says_who_decided",
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="CommentTag",
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
                    "name_en",
                    models.CharField(
                        blank=True,
                        default="",
                        max_length=60,
                        verbose_name="English name",
                    ),
                ),
                (
                    "name_zh_hans",
                    models.CharField(
                        blank=True,
                        default="",
                        max_length=60,
                        verbose_name="Chinese name",
                    ),
                ),
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
                        related_name="tags",
                        to="surveys.survey",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "id"), name="tag_key_of_organization"
                    ),
                    models.UniqueConstraint(
                        models.F("organization"),
                        models.F("survey"),
                        django.db.models.functions.text.Lower("name_en"),
                        condition=models.Q(("name_en", ""), _negated=True),
                        name="tag_english_name_unique",
                    ),
                    models.UniqueConstraint(
                        models.F("organization"),
                        models.F("survey"),
                        django.db.models.functions.text.Lower("name_zh_hans"),
                        condition=models.Q(("name_zh_hans", ""), _negated=True),
                        name="tag_chinese_name_unique",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name_en", ""), _negated=True),
                            models.Q(("name_zh_hans", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="tag_has_a_name",
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="CommentCoding",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "organization_id",
                        "coded_id",
                        "tag_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "coded",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="codings",
                        to="analytics.codedcomment",
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
                    "tag",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="codings",
                        to="analytics.commenttag",
                    ),
                ),
            ],
        ),
        migrations.RunSQL(COMPOSITE_KEYS + APPEND_ONLY + isolate()),
    ]
