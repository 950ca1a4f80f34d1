"""Who is asked, the outbox of what is sent to them, and in whose name."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

COMPOSITE_KEYS = """
ALTER TABLE surveys_invitation ADD CONSTRAINT invitation_wave_of_organization
    FOREIGN KEY (organization_id, wave_id) REFERENCES surveys_wave (organization_id, id);
ALTER TABLE surveys_invitation ADD CONSTRAINT invitation_cell_of_wave
    FOREIGN KEY (organization_id, wave_id, cell_id)
    REFERENCES surveys_cell (organization_id, wave_id, id);
-- who is erased leaves an invitation of nobody, so that counts stay true
ALTER TABLE surveys_invitation ADD CONSTRAINT invitation_participant_of_organization
    FOREIGN KEY (organization_id, participant_id)
    REFERENCES surveys_participant (organization_id, id)
    ON DELETE SET NULL (participant_id);
ALTER TABLE surveys_message ADD CONSTRAINT message_wave_of_organization
    FOREIGN KEY (organization_id, wave_id) REFERENCES surveys_wave (organization_id, id);
ALTER TABLE surveys_message ADD CONSTRAINT message_invitation_of_wave
    FOREIGN KEY (organization_id, wave_id, invitation_id)
    REFERENCES surveys_invitation (organization_id, wave_id, id) ON DELETE CASCADE;
ALTER TABLE surveys_reminder ADD CONSTRAINT reminder_wave_of_organization
    FOREIGN KEY (organization_id, wave_id) REFERENCES surveys_wave (organization_id, id);
ALTER TABLE surveys_mailtext ADD CONSTRAINT mail_text_survey_of_organization
    FOREIGN KEY (organization_id, survey_id)
    REFERENCES surveys_survey (organization_id, id);
"""

FROZEN = """
CREATE TRIGGER invitation_is_frozen BEFORE UPDATE ON surveys_invitation
    FOR EACH ROW WHEN (
        (to_jsonb(OLD) - '{state,channel,participant_id}'::text[])
            <> (to_jsonb(NEW) - '{state,channel,participant_id}'::text[])
        OR (NEW.participant_id IS NOT NULL
            AND NEW.participant_id IS DISTINCT FROM OLD.participant_id))
    EXECUTE FUNCTION refuse_change();

CREATE FUNCTION refuse_too_many_of_a_cell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.number >= (SELECT c.invited FROM surveys_cell c
            WHERE (c.organization_id, c.wave_id, c.id)
                = (NEW.organization_id, NEW.wave_id, NEW.cell_id)) THEN
        RAISE EXCEPTION 'invitation_has_a_code: the cell has fewer codes'
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'invitation_has_a_code';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER invitation_has_a_code BEFORE INSERT ON surveys_invitation
    FOR EACH ROW WHEN (NEW.number IS NOT NULL)
    EXECUTE FUNCTION refuse_too_many_of_a_cell();
"""

RIGHTS = {
    "surveys_invitation": "SELECT, INSERT, UPDATE",
    "surveys_message": "SELECT, INSERT, UPDATE, DELETE",
    "surveys_reminder": "SELECT, INSERT, UPDATE, DELETE",
    "surveys_mailtext": "SELECT, INSERT, UPDATE, DELETE",
    "surveys_sender": "SELECT, INSERT, UPDATE",
}
OWN_ROWS = "organization_id = current_organization()"

# The worker asks as the owner whose turn it is, and works as the application.
DUE = """
CREATE POLICY message_due ON surveys_message FOR SELECT TO trustsurvey_owner
    USING (true);
CREATE POLICY reminder_due ON surveys_reminder FOR SELECT TO trustsurvey_owner
    USING (true);
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
    dependencies = [("surveys", "0010_people")]

    operations = [
        migrations.CreateModel(
            name="Invitation",
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
                ("number", models.PositiveIntegerField(blank=True, null=True)),
                ("language", models.CharField(blank=True, default="", max_length=10)),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("email", "e-mail"),
                            ("phone", "text message"),
                            ("paper", "paper"),
                            ("none", "cannot be reached"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("listed", "not asked yet"),
                            ("asked", "asked"),
                            ("unreachable", "could not be reached"),
                            ("withdrawn", "does not want to be asked"),
                        ],
                        default="listed",
                        max_length=20,
                    ),
                ),
                (
                    "cell",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="surveys.cell",
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
                    "participant",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="invitations",
                        to="surveys.participant",
                    ),
                ),
                (
                    "wave",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to="surveys.wave",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "wave", "id"),
                        name="invitation_key_of_wave",
                    ),
                    models.UniqueConstraint(
                        fields=("organization", "wave", "participant"),
                        name="invitation_one_per_participant",
                    ),
                    models.UniqueConstraint(
                        fields=("organization", "wave", "cell", "number"),
                        name="invitation_code_is_of_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("number", None), ("cell__isnull", False), _connector="OR"
                        ),
                        name="invitation_number_needs_a_cell",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("language__in", ["", "en", "zh-hans"])),
                        name="invitation_language_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("channel__in", ["email", "phone", "paper", "none"])
                        ),
                        name="invitation_channel_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ["listed", "asked", "unreachable", "withdrawn"],
                            )
                        ),
                        name="invitation_state_known",
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="MailText",
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
                            ("invitation", "invitation"),
                            ("reminder", "reminder"),
                            ("last_call", "last call"),
                        ],
                        max_length=20,
                    ),
                ),
                ("language", models.CharField(max_length=10)),
                ("subject", models.CharField(max_length=200, verbose_name="subject")),
                ("body", models.TextField(max_length=5000, verbose_name="text")),
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
                        related_name="texts",
                        to="surveys.survey",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "survey", "kind", "language"),
                        name="mail_text_one_per_language",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["invitation", "reminder", "last_call"])
                        ),
                        name="mail_text_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("language__in", ["en", "zh-hans"])),
                        name="mail_text_language_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("subject", ""), _negated=True),
                            models.Q(("body", ""), _negated=True),
                        ),
                        name="mail_text_says_something",
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="Message",
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
                            ("invitation", "invitation"),
                            ("reminder", "reminder"),
                            ("last_call", "last call"),
                        ],
                        max_length=20,
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(default=0)),
                ("message_id", models.CharField(max_length=300)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("sending", "being sent"),
                            ("sent", "sent"),
                            ("failed", "failed"),
                            ("bounced", "came back"),
                            ("skipped", "not needed any more"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("next_try_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("problem", models.TextField(blank=True, default="")),
                (
                    "invitation",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to="surveys.invitation",
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
                        related_name="messages",
                        to="surveys.wave",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "invitation", "kind", "round"),
                        name="message_one_per_kind_and_round",
                    ),
                    models.UniqueConstraint(
                        fields=("organization", "message_id"), name="message_id_unique"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("message_id__regex", "^<[0-9a-f-]{36}@[^<>@ ]+>$")
                        ),
                        name="message_id_is_random_at_a_host",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["invitation", "reminder", "last_call"])
                        ),
                        name="message_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "waiting",
                                    "sending",
                                    "sent",
                                    "failed",
                                    "bounced",
                                    "skipped",
                                ],
                            )
                        ),
                        name="message_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "sent"), _negated=True),
                            ("sent_at__isnull", False),
                            _connector="OR",
                        ),
                        name="message_sent_has_its_time",
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="Reminder",
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
                            ("invitation", "invitation"),
                            ("reminder", "reminder"),
                            ("last_call", "last call"),
                        ],
                        max_length=20,
                    ),
                ),
                ("round", models.PositiveSmallIntegerField()),
                ("due_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(blank=True, null=True)),
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
                        related_name="reminders",
                        to="surveys.wave",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "wave", "kind", "round"),
                        name="reminder_one_per_round",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["reminder", "last_call"])),
                        name="reminder_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("done_at", None),
                            ("done_at__gte", models.F("due_at")),
                            _connector="OR",
                        ),
                        name="reminder_done_when_due",
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="Sender",
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
                        blank=True, max_length=100, verbose_name="name of the sender"
                    ),
                ),
                (
                    "reply_to",
                    models.EmailField(
                        blank=True, max_length=254, verbose_name="replies go to"
                    ),
                ),
                (
                    "gateway_url",
                    models.URLField(
                        blank=True,
                        max_length=500,
                        verbose_name="address of the gateway",
                    ),
                ),
                ("gateway_secret", models.BinaryField(blank=True, null=True)),
                (
                    "organization",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sender",
                        to="surveys.organization",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("gateway_url", ""),
                            ("gateway_url__startswith", "https://"),
                            _connector="OR",
                        ),
                        name="sender_gateway_is_https",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("gateway_url", ""),
                            ("gateway_secret__isnull", False),
                            _connector="OR",
                        ),
                        name="sender_gateway_has_a_secret",
                    ),
                ]
            },
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("state__in", ["waiting", "sending"])),
                fields=["next_try_at"],
                name="message_due",
            ),
        ),
        migrations.RunSQL(COMPOSITE_KEYS),
        migrations.RunSQL(FROZEN),
        migrations.RunSQL(isolate()),
        migrations.RunSQL(DUE),
    ]
