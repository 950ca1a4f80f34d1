"""Whoever answered may read the counts that the promise says are published.

The intake sees them of the wave it was asked for, once they are written, and only where
answers were promised to be anonymous; of a group no more than what is published.
"""

from django.db import migrations

COUNTS = """
CREATE POLICY cell_counted ON surveys_cell FOR SELECT TO trustsurvey_collector
    USING (answered IS NOT NULL AND wave_id IN
           (SELECT w.id FROM surveys_wave w JOIN surveys_survey s
                ON (s.organization_id, s.id) = (w.organization_id, w.survey_id)
            WHERE w.state = 'closed' AND s.mode = 'anonymous'));
GRANT SELECT (id, wave_id, parent_id, name_en, name_zh_hans, printed,
              invited, issued, reissued, answered)
    ON surveys_cell TO trustsurvey_collector;
"""


class Migration(migrations.Migration):
    dependencies = [("surveys", "0023_quotas")]

    operations = [migrations.RunSQL(COUNTS)]
