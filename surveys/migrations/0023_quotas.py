"""Quotas of open links and identified waves: most answers by a choice or the language.

`quotas` is {"SEX.A1": {"1": 100, "2": 100}, "language": {"en": 50}}: of a question, or of
the language, how many answers of each value are taken at most. Nothing about whoever
comes later is stored, so there is no table of them.
"""

from django.db import migrations, models
from django.db.models import JSONField, Q, Value

NO_QUOTAS = models.JSONField(
    blank=True, default=dict, db_default=Value({}, JSONField())
)

RULES = """
ALTER TABLE surveys_survey ADD CONSTRAINT survey_quotas_are_numbers CHECK (
    jsonb_typeof(quotas) = 'object' AND length(quotas::text) <= 40000
    AND NOT jsonb_path_exists(quotas, 'strict $.* ? (@.type() != "object")', '{}', true)
    AND NOT jsonb_path_exists(quotas, 'strict $.*.* ? (@.type() != "number" || @ < 0
        || @ > 1000000 || @.floor() != @)', '{}', true));
ALTER TABLE surveys_wave ADD CONSTRAINT wave_quotas_are_numbers CHECK (
    jsonb_typeof(quotas) = 'object' AND length(quotas::text) <= 40000
    AND NOT jsonb_path_exists(quotas, 'strict $.* ? (@.type() != "object")', '{}', true)
    AND NOT jsonb_path_exists(quotas, 'strict $.*.* ? (@.type() != "number" || @ < 0
        || @ > 1000000 || @.floor() != @)', '{}', true));

-- A full quota tells, while the wave is open, what others have answered.
CREATE FUNCTION refuse_quotas_of_the_promised() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM surveys_survey s
                   WHERE (s.organization_id, s.id) = (NEW.organization_id, NEW.survey_id)
                     AND s.mode IN ('open', 'identified')) THEN
        RAISE EXCEPTION 'wave_quotas_where_allowed: not in this mode'
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'wave_quotas_where_allowed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER wave_quotas_where_allowed BEFORE INSERT OR UPDATE ON surveys_wave
    FOR EACH ROW WHEN (NEW.quotas <> '{}')
    EXECUTE FUNCTION refuse_quotas_of_the_promised();
"""

# The intake cannot count, as with the limit: the owning role counts for it, once
# through the answers for each question, and says which are full. A question that the form of the wave does not
# ask has no place and fills no quota.
COUNTING = """
CREATE POLICY form_counted ON surveys_form FOR SELECT TO trustsurvey_owner
    USING ((organization_id, id) IN (SELECT w.organization_id, w.form_id
                                     FROM surveys_wave w WHERE w.id = current_wave()));
CREATE FUNCTION current_wave_full_quotas(given smallint[], spoken text)
    RETURNS TABLE (question text, value text) LANGUAGE sql VOLATILE
    SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    SELECT q.key, v.key
    FROM surveys_wave w
    CROSS JOIN jsonb_each(w.quotas) AS q
    LEFT JOIN LATERAL (
        SELECT item.place::int FROM surveys_form f
        CROSS JOIN jsonb_array_elements(f.definition -> 'items')
            WITH ORDINALITY AS item (asked, place)
        WHERE (f.organization_id, f.id) = (w.organization_id, w.form_id)
          AND item.asked ->> 'code' = q.key) AS i ON q.key <> 'language'
    CROSS JOIN LATERAL (
        SELECT v.key FROM jsonb_each_text(q.value) AS v
        LEFT JOIN (
            SELECT r.answers[i.place] AS code,
                   CASE WHEN i.place IS NULL THEN r.language END AS language,
                   count(*) AS number
            FROM surveys_response r
            WHERE (r.organization_id, r.wave_id) = (w.organization_id, w.id)
            GROUP BY 1, 2) AS n ON coalesce(n.language, n.code::text) = v.key
        WHERE coalesce(n.number, 0) >= v.value::int) AS v
    WHERE w.id = current_wave()
      AND (q.key = 'language' OR i.place IS NOT NULL)
      AND (given IS NULL
           OR coalesce(given[i.place]::text, spoken) = v.key)
    $$;
REVOKE EXECUTE ON FUNCTION current_wave_full_quotas(smallint[], text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION current_wave_full_quotas(smallint[], text)
    TO trustsurvey_collector;
"""


class Migration(migrations.Migration):
    dependencies = [("surveys", "0022_no_statistics_of_answers")]

    operations = [
        migrations.AddField("survey", "quotas", NO_QUOTAS),
        migrations.AddField("wave", "quotas", NO_QUOTAS),
        migrations.AddConstraint(
            "survey",
            models.CheckConstraint(
                condition=Q(quotas={}) | Q(mode__in=["identified", "open"]),
                name="survey_quotas_where_allowed",
            ),
        ),
        migrations.RunSQL(RULES),
        migrations.RunSQL(COUNTING),
    ]
