"""Keys of programs, and the replies kept for requests that are sent twice."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

SCOPES = [
    "library:read",
    "surveys:read",
    "surveys:write",
    "waves:write",
    "participants:read",
    "participants:write",
    "invitations:read",
    "invitations:write",
    "responses:read",
    "responses:write",
    "releases:read",
    "analyses:read",
    "analyses:write",
    "exports:read",
    "exports:write",
    "outcomes:read",
    "outcomes:write",
    "webhooks:read",
    "webhooks:write",
]

RULES = """
ALTER TABLE surveys_apitoken ADD CONSTRAINT api_token_membership_of_organization
    FOREIGN KEY (organization_id, membership_id)
    REFERENCES surveys_membership (organization_id, id) ON DELETE CASCADE;

-- what a token may do was decided when it was made; revoked it stays revoked
CREATE FUNCTION refuse_other_token() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.id, OLD.organization_id, OLD.membership_id, OLD.name, OLD.digest,
        OLD.scopes, OLD.made_at, OLD.expires_on)
       IS DISTINCT FROM
       (NEW.id, NEW.organization_id, NEW.membership_id, NEW.name, NEW.digest,
        NEW.scopes, NEW.made_at, NEW.expires_on)
       OR OLD.revoked_at IS NOT NULL
          AND NEW.revoked_at IS DISTINCT FROM OLD.revoked_at
    THEN
        RAISE EXCEPTION 'api_token_is_immutable: make a new token instead'
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'api_token_is_immutable';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER api_token_is_immutable BEFORE UPDATE ON surveys_apitoken
    FOR EACH ROW EXECUTE FUNCTION refuse_other_token();
"""

# A token is looked up by the hash of its secret before its organization is known.
POLICIES = """
CREATE POLICY apitoken_held ON surveys_apitoken FOR SELECT TO trustsurvey_runtime
    USING (digest = current_setting('trustsurvey.token', true));
CREATE POLICY keptreply_old ON surveys_keptreply TO trustsurvey_owner
    USING (kept_at < now() - interval '24 hours');
"""

RIGHTS = {
    "surveys_apitoken": "SELECT, INSERT, UPDATE (last_used_on, revoked_at)",
    "surveys_keptreply": "SELECT, INSERT, DELETE",
}
OWN_ROWS = "organization_id = current_organization()"


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
    dependencies = [("surveys", "0017_managers")]

    operations = [
        migrations.CreateModel(
            name="ApiToken",
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
                ("name", models.CharField(max_length=100)),
                ("digest", models.CharField(editable=False, max_length=64)),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30), size=None
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("expires_on", models.DateField(blank=True, null=True)),
                ("last_used_on", models.DateField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "membership",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tokens",
                        to="surveys.membership",
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
                        fields=("organization", "id"),
                        name="api_token_key_of_organization",
                    ),
                    models.UniqueConstraint(
                        fields=("digest",), name="api_token_digest_unique"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("digest__regex", "^[0-9a-f]{64}$")),
                        name="api_token_digest_is_sha256",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True),
                        name="api_token_has_a_name",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("scopes__contained_by", SCOPES)),
                        name="api_token_scopes_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("scopes__len__gte", 1)),
                        name="api_token_is_for_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("revoked_at", None))
                        | models.Q(("revoked_at__gte", models.F("made_at"))),
                        name="api_token_revoked_after_it_was_made",
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="KeptReply",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "organization_id",
                        "holder",
                        "key",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("holder", models.UUIDField()),
                ("key", models.CharField(max_length=200)),
                ("request_sha256", models.CharField(max_length=64)),
                ("status", models.PositiveSmallIntegerField()),
                ("headers", models.JSONField(default=dict)),
                ("body", models.TextField(blank=True)),
                ("kept_at", models.DateTimeField()),
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
                    models.CheckConstraint(
                        condition=models.Q(("request_sha256__regex", "^[0-9a-f]{64}$")),
                        name="kept_reply_request_is_sha256",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__gte", 200), ("status__lt", 300)),
                        name="kept_reply_is_of_something_done",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("key", ""), _negated=True),
                        name="kept_reply_key_not_empty",
                    ),
                ]
            },
        ),
        migrations.RunSQL(RULES + isolate() + POLICIES),
    ]
