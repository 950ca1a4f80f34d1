"""A survey of which no wave has begun can be thrown away.

The application still may not delete a form or a survey: it asks a function of the owning
role, which looks itself whether there is a wave, in the organization of the transaction
and in no other.
"""

from django.db import migrations

FORMS = """
CREATE FUNCTION refuse_change_once_asked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM surveys_wave w
               WHERE (w.organization_id, w.survey_id)
                     = (OLD.organization_id, OLD.survey_id)) THEN
        RAISE EXCEPTION 'form_stays_once_asked: a wave of the survey has begun'
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'form_stays_once_asked';
    END IF;
    RETURN OLD;
END $$;
DROP TRIGGER form_is_immutable ON surveys_form;
CREATE TRIGGER form_is_immutable BEFORE UPDATE ON surveys_form
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER form_stays_once_asked BEFORE DELETE ON surveys_form
    FOR EACH ROW EXECUTE FUNCTION refuse_change_once_asked();
"""

THROWN_AWAY = """
CREATE POLICY form_found ON surveys_form FOR SELECT TO trustsurvey_owner
    USING (organization_id = current_organization());
CREATE POLICY form_thrown_away ON surveys_form FOR DELETE TO trustsurvey_owner
    USING (organization_id = current_organization());
CREATE POLICY survey_thrown_away ON surveys_survey FOR DELETE TO trustsurvey_owner
    USING (organization_id = current_organization());

CREATE FUNCTION throw_away_survey(thrown uuid) RETURNS boolean LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM surveys_wave w
               WHERE w.organization_id = current_organization()
                 AND w.survey_id = thrown) THEN
        RETURN false;
    END IF;
    DELETE FROM surveys_form f
        WHERE f.organization_id = current_organization() AND f.survey_id = thrown;
    DELETE FROM surveys_survey s
        WHERE s.organization_id = current_organization() AND s.id = thrown;
    RETURN FOUND;
END $$;
REVOKE EXECUTE ON FUNCTION throw_away_survey(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION throw_away_survey(uuid) TO trustsurvey_runtime;
"""


class Migration(migrations.Migration):
    dependencies = [("surveys", "0026_kept_promise")]

    operations = [migrations.RunSQL(FORMS), migrations.RunSQL(THROWN_AWAY)]
