"""Endpoints of other systems, events, and their way there."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

COMPOSITE_KEYS = """
ALTER TABLE surveys_webhookdelivery ADD CONSTRAINT webhook_delivery_endpoint_of_organization
    FOREIGN KEY (organization_id, endpoint_id)
    REFERENCES surveys_webhookendpoint (organization_id, id) ON DELETE CASCADE;
ALTER TABLE surveys_webhookdelivery ADD CONSTRAINT webhook_delivery_event_of_organization
    FOREIGN KEY (organization_id, event_id)
    REFERENCES surveys_webhookevent (organization_id, id) ON DELETE CASCADE;
CREATE TRIGGER webhook_event_is_immutable BEFORE UPDATE ON surveys_webhookevent
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""

RIGHTS = {
    "surveys_webhookendpoint": "SELECT, INSERT, UPDATE, DELETE",
    "surveys_webhookevent": "SELECT, INSERT, DELETE",
    "surveys_webhookdelivery": "SELECT, INSERT, UPDATE, DELETE",
}
OWN_ROWS = "organization_id = current_organization()"

# Whose messages are due is asked over all organizations, by the owning role.
SWEPT = """
CREATE POLICY webhookendpoint_swept ON surveys_webhookendpoint FOR SELECT
    TO trustsurvey_owner USING (true);
CREATE POLICY webhookevent_swept ON surveys_webhookevent FOR SELECT
    TO trustsurvey_owner USING (true);
CREATE POLICY webhookdelivery_swept ON surveys_webhookdelivery FOR SELECT
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
    dependencies = [("surveys", "0018_tokens")]

    operations = [
        migrations.CreateModel(
            name="WebhookEndpoint",
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
                    "name",
                    models.CharField(
                        blank=True, default="", max_length=100, verbose_name="name"
                    ),
                ),
                ("url", models.URLField(max_length=500, verbose_name="address")),
                (
                    "kinds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30), size=None
                    ),
                ),
                ("secret", models.BinaryField()),
                ("former_secret", models.BinaryField(blank=True, null=True)),
                ("former_until", models.DateTimeField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("on", "on"),
                            ("off", "switched off"),
                            ("disabled", "stopped, because it did not answer"),
                        ],
                        default="on",
                        max_length=10,
                    ),
                ),
                ("disabled_at", models.DateTimeField(blank=True, null=True)),
                ("told_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField()),
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
                        name="webhook_endpoint_key_of_organization",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("url__startswith", "https://")),
                        name="webhook_endpoint_is_https",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kinds__contained_by",
                                [
                                    "wave.opened",
                                    "wave.closed",
                                    "release.published",
                                    "analysis.finished",
                                    "export.ready",
                                    "alarm.raised",
                                    "scores.ready",
                                ],
                            ),
                            ("kinds__len__gte", 1),
                        ),
                        name="webhook_endpoint_kinds_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["on", "off", "disabled"])),
                        name="webhook_endpoint_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("former_secret", None), ("former_until", None)),
                            models.Q(
                                ("former_secret__isnull", False),
                                ("former_until__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="webhook_endpoint_former_secret_ends",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("disabled_at__isnull", False), ("state", "disabled")
                            ),
                            models.Q(
                                models.Q(("state", "disabled"), _negated=True),
                                ("disabled_at", None),
                                ("told_at", None),
                            ),
                            _connector="OR",
                        ),
                        name="webhook_endpoint_disabled_has_its_time",
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="WebhookEvent",
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
                ("kind", models.CharField(max_length=30)),
                ("subject", models.UUIDField()),
                ("content", models.TextField()),
                ("created_at", models.DateTimeField()),
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
                        name="webhook_event_key_of_organization",
                    ),
                    models.UniqueConstraint(
                        fields=("organization", "kind", "subject"),
                        name="webhook_event_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "wave.opened",
                                    "wave.closed",
                                    "release.published",
                                    "analysis.finished",
                                    "export.ready",
                                    "alarm.raised",
                                    "scores.ready",
                                    "test",
                                ],
                            )
                        ),
                        name="webhook_event_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("content", ""), _negated=True),
                        name="webhook_event_says_something",
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="WebhookDelivery",
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
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("sending", "being sent"),
                            ("delivered", "delivered"),
                            ("failed", "given up"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("next_try_at", models.DateTimeField()),
                ("delivered_at", models.DateTimeField(blank=True, null=True)),
                ("log", models.JSONField(blank=True, default=list)),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        to="surveys.organization",
                    ),
                ),
                (
                    "endpoint",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="surveys.webhookendpoint",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="surveys.webhookevent",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "endpoint", "event"),
                        name="webhook_delivery_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["waiting", "sending", "delivered", "failed"])
                        ),
                        name="webhook_delivery_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("delivered_at__isnull", False), ("state", "delivered")
                            ),
                            models.Q(
                                models.Q(("state", "delivered"), _negated=True),
                                ("delivered_at", None),
                            ),
                            _connector="OR",
                        ),
                        name="webhook_delivery_delivered_has_its_time",
                    ),
                ]
            },
        ),
        migrations.AddIndex(
            model_name="webhookdelivery",
            index=models.Index(
                condition=models.Q(("state__in", ["waiting", "sending"])),
                fields=["next_try_at"],
                name="webhook_delivery_due",
            ),
        ),
        migrations.RunSQL(COMPOSITE_KEYS + isolate() + SWEPT),
    ]
