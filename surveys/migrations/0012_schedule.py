"""When surveys ask, what falls due, events, and waves that pause or plan to close."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

OWN = [
    (
        "id",
        models.UUIDField(
            default=uuid.uuid4, editable=False, primary_key=True, serialize=False
        ),
    ),
    (
        "organization",
        models.ForeignKey(
            on_delete=django.db.models.deletion.CASCADE, to="surveys.organization"
        ),
    ),
]

KEYS = """
ALTER TABLE surveys_schedule ADD CONSTRAINT schedule_survey_of_organization
    FOREIGN KEY (organization_id, survey_id)
    REFERENCES surveys_survey (organization_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE surveys_schedule ADD CONSTRAINT schedule_people_are_an_object
    CHECK (jsonb_typeof(people) = 'object' AND length(people::text) <= 100000);
ALTER TABLE surveys_event ADD CONSTRAINT event_survey_of_organization
    FOREIGN KEY (organization_id, survey_id)
    REFERENCES surveys_survey (organization_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE surveys_due ADD CONSTRAINT due_survey_of_organization
    FOREIGN KEY (organization_id, survey_id)
    REFERENCES surveys_survey (organization_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE surveys_due ADD CONSTRAINT due_wave_of_organization
    FOREIGN KEY (organization_id, wave_id)
    REFERENCES surveys_wave (organization_id, id) DEFERRABLE INITIALLY DEFERRED;
"""

# What was done or missed stays as it was said.
DONE = """
CREATE TRIGGER due_done_is_done BEFORE UPDATE ON surveys_due
    FOR EACH ROW WHEN (OLD.done_at IS NOT NULL) EXECUTE FUNCTION refuse_change();
"""

# A paused open link takes nothing; waves with credentials never come this way.
PAUSED = """
DROP POLICY response_while_open ON surveys_response;
CREATE POLICY response_while_open ON surveys_response FOR INSERT
    TO trustsurvey_collector
    WITH CHECK (id = current_response() AND cell_id IS NULL AND wave_id IN
                (SELECT w.id FROM surveys_wave w JOIN surveys_survey s
                     ON (s.organization_id, s.id) = (w.organization_id, w.survey_id)
                 WHERE w.state = 'open' AND w.paused_at IS NULL AND s.mode = 'open'));
DROP POLICY comment_while_open ON surveys_comment;
CREATE POLICY comment_while_open ON surveys_comment FOR INSERT
    TO trustsurvey_collector
    WITH CHECK (wave_id IN
                (SELECT w.id FROM surveys_wave w
                 WHERE w.state = 'open' AND w.paused_at IS NULL));
"""

RIGHTS = "SELECT, INSERT, UPDATE, DELETE"
TABLES = ("surveys_schedule", "surveys_event", "surveys_due")
OWN_ROWS = "organization_id = current_organization()"
# The sweeper looks for what is due above the organizations, and for nothing else there.
SWEPT = """
CREATE POLICY due_swept ON surveys_due TO trustsurvey_owner
    USING (true) WITH CHECK (true);
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
    return "\n".join(lines) + SWEPT


class Migration(migrations.Migration):
    dependencies = [("surveys", "0011_invitations")]

    operations = [
        migrations.CreateModel(
            name="Schedule",
            fields=[
                *OWN,
                (
                    "survey",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="schedule",
                        to="surveys.survey",
                    ),
                ),
                (
                    "repeat",
                    models.CharField(
                        choices=[
                            ("once", "once"),
                            ("weeks", "every so many weeks"),
                            ("months", "every so many months"),
                            ("around", "before and after an event"),
                        ],
                        max_length=10,
                    ),
                ),
                ("first", models.DateField()),
                ("opens", models.TimeField()),
                ("zone", models.CharField(max_length=64)),
                ("days", models.PositiveSmallIntegerField()),
                ("every", models.PositiveSmallIntegerField(default=1)),
                ("nth", models.SmallIntegerField(blank=True, null=True)),
                ("weekday", models.PositiveSmallIntegerField(default=0)),
                ("after", models.PositiveSmallIntegerField(default=1)),
                ("until", models.DateField(blank=True, null=True)),
                ("waves", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "reminders",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "free_dates",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.DateField(),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("country", models.CharField(blank=True, default="", max_length=10)),
                (
                    "free_rule",
                    models.CharField(
                        choices=[
                            ("ask", "ask all the same"),
                            ("move", "ask on the next working day"),
                            ("skip", "leave that wave out"),
                        ],
                        default="ask",
                        max_length=10,
                    ),
                ),
                ("people", models.JSONField(blank=True, default=dict)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "survey"),
                        name="schedule_one_per_survey",
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            ("repeat__in", ["once", "weeks", "months", "around"])
                        ),
                        name="schedule_repeat_known",
                    ),
                    models.CheckConstraint(
                        condition=Q(("days__gte", 1), ("days__lte", 92)),
                        name="schedule_wave_has_a_length",
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            ("every__gte", 1),
                            ("every__lte", 92),
                            ("after__gte", 1),
                            ("after__lte", 92),
                        ),
                        name="schedule_distance_is_sensible",
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            ("nth", None),
                            ("nth__in", [1, 2, 3, 4, -1]),
                            _connector="OR",
                        ),
                        name="schedule_nth_known",
                    ),
                    models.CheckConstraint(
                        condition=Q(("weekday__lte", 6)), name="schedule_weekday_known"
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            ("until", None), ("until__gte", F("first")), _connector="OR"
                        ),
                        name="schedule_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            ("waves", None), ("waves__gte", 1), _connector="OR"
                        ),
                        name="schedule_has_a_wave",
                    ),
                    models.CheckConstraint(
                        condition=Q(("free_rule__in", ["ask", "move", "skip"])),
                        name="schedule_free_rule_known",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                *OWN,
                (
                    "survey",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="surveys.survey",
                    ),
                ),
                ("date", models.DateField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("training", "training"),
                            ("crisis", "crisis"),
                            ("repair", "repair of trust"),
                            ("other", "other event"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "title_en",
                    models.CharField(max_length=200, verbose_name="English title"),
                ),
                (
                    "title_zh_hans",
                    models.CharField(max_length=200, verbose_name="Chinese title"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "id"), name="event_key_of_organization"
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            ("kind__in", ["training", "crisis", "repair", "other"])
                        ),
                        name="event_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            Q(("title_en", ""), _negated=True),
                            Q(("title_zh_hans", ""), _negated=True),
                        ),
                        name="event_has_both_titles",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Due",
            fields=[
                *OWN,
                (
                    "survey",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="due",
                        to="surveys.survey",
                    ),
                ),
                (
                    "wave",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="due",
                        to="surveys.wave",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("open", "opens"),
                            ("close", "closes"),
                            ("finish", "late answers end"),
                        ],
                        max_length=10,
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("due_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                ("missed", models.BooleanField(default=False)),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("problem", models.CharField(blank=True, default="", max_length=200)),
                ("next_try_at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=Q(("done_at", None)),
                        fields=["next_try_at"],
                        name="due_waiting",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "survey", "kind", "number"),
                        name="due_once",
                    ),
                    models.CheckConstraint(
                        condition=Q(("kind__in", ["open", "close", "finish"])),
                        name="due_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=Q(("number__gte", 1)), name="due_number_from_one"
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            ("kind", "open"), ("wave__isnull", False), _connector="OR"
                        ),
                        name="due_is_of_a_wave",
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            ("missed", False),
                            Q(("done_at__isnull", False), ("wave", None)),
                            _connector="OR",
                        ),
                        name="due_missed_opened_nothing",
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            ("done_at", None),
                            ("done_at__gte", F("due_at")),
                            _connector="OR",
                        ),
                        name="due_is_not_done_early",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="wave",
            name="closes_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="wave",
            name="paused_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="wave",
            constraint=models.CheckConstraint(
                condition=Q(
                    ("closes_at", None),
                    ("closes_at__gt", F("opened_at")),
                    _connector="OR",
                ),
                name="wave_plans_to_close_after_it_opens",
            ),
        ),
        migrations.AddConstraint(
            model_name="wave",
            constraint=models.CheckConstraint(
                condition=Q(
                    ("paused_at", None),
                    ("paused_at__gte", F("opened_at")),
                    _connector="OR",
                ),
                name="wave_pauses_after_it_opens",
            ),
        ),
        migrations.RunSQL(KEYS),
        migrations.RunSQL(DONE),
        migrations.RunSQL(PAUSED),
        migrations.RunSQL(isolate()),
    ]
