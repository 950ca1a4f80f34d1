"""Releases and their parts: what is published of a wave, once and for good."""

import uuid

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

OWN = """
ALTER TABLE {table} ADD CONSTRAINT {name}
    FOREIGN KEY (organization_id, {column})
    REFERENCES {target} (organization_id, id);
"""
FROZEN = """
CREATE TRIGGER release_is_frozen BEFORE UPDATE ON analytics_release
    FOR EACH ROW WHEN (
        OLD.state <> 'queued' AND OLD.state <> 'building'
        AND NOT (OLD.state = 'published' AND NEW.state = 'withdrawn'
                 AND to_jsonb(OLD) - 'state' = to_jsonb(NEW) - 'state'))
    EXECUTE FUNCTION refuse_change();

CREATE FUNCTION refuse_release_too_early() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM surveys_wave w
               WHERE (w.organization_id, w.id) = (NEW.organization_id, NEW.wave_id)
                 AND w.state <> 'closed') THEN
        RAISE EXCEPTION 'release_is_of_an_ended_wave: answers may still arrive'
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'release_is_of_an_ended_wave';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER release_is_of_an_ended_wave BEFORE INSERT ON analytics_release
    FOR EACH ROW EXECUTE FUNCTION refuse_release_too_early();

CREATE FUNCTION refuse_later_parts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE part analytics_releasepart;
BEGIN
    part := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    IF TG_OP = 'UPDATE' OR EXISTS (
            SELECT FROM analytics_release r
            WHERE (r.organization_id, r.id) = (part.organization_id, part.release_id)
              AND r.state <> 'building') THEN
        RAISE EXCEPTION 'release_parts_are_frozen: the release is made already'
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'release_parts_are_frozen';
    END IF;
    RETURN part;
END $$;
CREATE TRIGGER release_parts_are_frozen
    BEFORE INSERT OR UPDATE OR DELETE ON analytics_releasepart
    FOR EACH ROW EXECUTE FUNCTION refuse_later_parts();
"""
# The sweeper looks for what a dead worker left behind, over all organizations.
SWEPT = """
CREATE POLICY release_swept ON analytics_release FOR SELECT TO trustsurvey_owner
    USING (true);
"""
RIGHTS = {
    "analytics_release": "SELECT, INSERT, UPDATE",
    "analytics_releasepart": "SELECT, INSERT",
}
OWN_ROWS = "organization_id = current_organization()"


def isolate() -> str:
    """Rights and forced row-level security, as surveys/migrations/0008."""
    lines = [
        OWN.format(
            table="analytics_release",
            name="release_wave_of_organization",
            column="wave_id",
            target="surveys_wave",
        ),
        OWN.format(
            table="analytics_releasepart",
            name="release_part_of_organization",
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


RULES = [
    models.UniqueConstraint(
        fields=("organization", "id"), name="release_key_of_organization"
    ),
    models.UniqueConstraint(
        fields=("organization", "wave", "number"), name="release_number_unique"
    ),
    models.UniqueConstraint(
        condition=Q(state__in=["queued", "building"]),
        fields=("organization", "wave"),
        name="release_one_under_way",
    ),
    models.CheckConstraint(condition=Q(number__gte=1), name="release_number_from_one"),
    models.CheckConstraint(
        condition=Q(
            state__in=[
                *("queued", "building", "published"),
                *("refused", "failed", "withdrawn"),
            ]
        ),
        name="release_state_known",
    ),
    models.CheckConstraint(
        condition=Q(progress__lte=100), name="release_progress_in_percent"
    ),
    models.CheckConstraint(
        condition=Q(input_sha256="") | Q(input_sha256__regex=r"^[0-9a-f]{64}$"),
        name="release_input_is_sha256",
    ),
    models.CheckConstraint(
        condition=Q(digest="") | Q(digest__regex=r"^[0-9a-f]{64}$"),
        name="release_digest_is_sha256",
    ),
    models.CheckConstraint(
        condition=~Q(state__in=["published", "withdrawn"]) | Q(audited=True),
        name="release_published_is_audited",
    ),
    models.CheckConstraint(
        condition=Q(state__in=["published", "withdrawn"], published_at__isnull=False)
        & ~Q(digest="")
        & ~Q(input_sha256="")
        | ~Q(state__in=["published", "withdrawn"]) & Q(published_at=None, digest=""),
        name="release_published_is_complete",
    ),
    models.CheckConstraint(
        condition=Q(state__in=["refused", "failed"]) & ~Q(reason="")
        | ~Q(state__in=["refused", "failed"]) & Q(reason=""),
        name="release_says_why_iff_refused",
    ),
]
PART_RULES = [
    models.UniqueConstraint(
        fields=("organization", "release", "name"), name="release_part_once"
    ),
    models.CheckConstraint(
        condition=Q(name__regex=r"^[a-z]+(/.+)?$"), name="release_part_has_a_name"
    ),
    models.CheckConstraint(
        condition=~Q(content=""), name="release_part_says_something"
    ),
]
STATES = [
    ("queued", "waiting"),
    ("building", "being made"),
    ("published", "published"),
    ("refused", "not published"),
    ("failed", "failed"),
    ("withdrawn", "withdrawn"),
]


class Migration(migrations.Migration):
    dependencies = [("analytics", "0002_isolation"), ("surveys", "0016_cell_key")]

    operations = [
        migrations.CreateModel(
            name="Release",
            fields=[
                ("id", _key()),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "state",
                    models.CharField(choices=STATES, default="queued", max_length=10),
                ),
                ("progress", models.PositiveSmallIntegerField(default=0)),
                ("step", models.CharField(blank=True, default="", max_length=40)),
                ("settings", models.JSONField()),
                ("software", models.JSONField(default=dict)),
                (
                    "input_sha256",
                    models.CharField(blank=True, default="", max_length=64),
                ),
                ("digest", models.CharField(blank=True, default="", max_length=64)),
                ("audited", models.BooleanField(default=False)),
                ("reason", models.TextField(blank=True, default="")),
                ("requested_at", models.DateTimeField()),
                ("worked_at", models.DateTimeField()),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                ("seconds", models.FloatField(blank=True, null=True)),
                ("organization", _organization()),
                (
                    "wave",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="releases",
                        to="surveys.wave",
                    ),
                ),
            ],
            options={"constraints": RULES},
        ),
        migrations.CreateModel(
            name="ReleasePart",
            fields=[
                ("id", _key()),
                ("name", models.CharField(max_length=120)),
                ("content", models.TextField()),
                ("organization", _organization()),
                (
                    "release",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="analytics.release",
                    ),
                ),
            ],
            options={"constraints": PART_RULES},
        ),
        migrations.RunSQL(isolate()),
        migrations.RunSQL(FROZEN),
        migrations.RunSQL(SWEPT),
    ]
