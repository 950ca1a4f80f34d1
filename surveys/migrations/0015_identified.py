"""Participation in rounded figures, and answers of people who are known by name."""

import uuid

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

PARTICIPATION = """
ALTER TABLE surveys_participation ADD CONSTRAINT participation_wave_of_organization
    FOREIGN KEY (organization_id, wave_id) REFERENCES surveys_wave (organization_id, id);
ALTER TABLE surveys_participation ADD CONSTRAINT participation_cell_of_wave
    FOREIGN KEY (organization_id, wave_id, cell_id)
    REFERENCES surveys_cell (organization_id, wave_id, id);
CREATE TRIGGER participation_is_immutable BEFORE UPDATE ON surveys_participation
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

REVOKE ALL ON surveys_participation FROM PUBLIC, trustsurvey_runtime;
GRANT SELECT ON surveys_participation TO trustsurvey_runtime;
ALTER TABLE surveys_participation ENABLE ROW LEVEL SECURITY;
ALTER TABLE surveys_participation FORCE ROW LEVEL SECURITY;
CREATE POLICY participation_own ON surveys_participation TO trustsurvey_runtime
    USING (organization_id = current_organization())
    WITH CHECK (organization_id = current_organization());
CREATE POLICY participation_counted ON surveys_participation TO trustsurvey_owner
    USING (true) WITH CHECK (true);
"""

# A person who is known by name answers under the id of their own invitation; of the
# invitations the collector sees that one and nothing but that it is there.
IDENTIFIED = """
CREATE POLICY invitation_answering ON surveys_invitation FOR SELECT
    TO trustsurvey_collector
    USING (wave_id = current_wave() AND id = current_response());
GRANT SELECT (organization_id, wave_id, id) ON surveys_invitation
    TO trustsurvey_collector;
DROP POLICY response_while_open ON surveys_response;
CREATE POLICY response_while_open ON surveys_response FOR INSERT
    TO trustsurvey_collector
    WITH CHECK (id = current_response() AND cell_id IS NULL AND wave_id IN
                (SELECT w.id FROM surveys_wave w JOIN surveys_survey s
                     ON (s.organization_id, s.id) = (w.organization_id, w.survey_id)
                 WHERE w.state = 'open' AND w.paused_at IS NULL
                   AND (s.mode = 'open' OR (s.mode = 'identified' AND EXISTS
                        (SELECT FROM surveys_invitation i
                         WHERE (i.organization_id, i.wave_id, i.id)
                             = (w.organization_id, w.id, current_response()))))));
"""


class Migration(migrations.Migration):
    dependencies = [("surveys", "0014_open_links")]

    operations = [
        migrations.CreateModel(
            name="Participation",
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
                ("day", models.DateField()),
                ("answered", models.PositiveIntegerField()),
                (
                    "cell",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
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
                    "wave",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="participation",
                        to="surveys.wave",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=["organization", "wave", "cell", "day"],
                        name="participation_one_a_day",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=Q(answered=F("answered") / 5 * 5),
                        name="participation_in_steps_of_five",
                    ),
                ],
            },
        ),
        migrations.RunSQL(PARTICIPATION),
        migrations.RunSQL(IDENTIFIED),
    ]
