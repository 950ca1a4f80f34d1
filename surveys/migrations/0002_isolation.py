"""Isolation between organizations: composite keys, rights and row-level security.

What the ORM cannot say. Roles exist before migrations run (trustsurvey/roles.py).
"""

from django.db import migrations

COMPOSITE_KEYS = """
ALTER TABLE surveys_form ADD CONSTRAINT form_survey_of_organization
    FOREIGN KEY (organization_id, survey_id)
    REFERENCES surveys_survey (organization_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE surveys_wave ADD CONSTRAINT wave_survey_of_organization
    FOREIGN KEY (organization_id, survey_id)
    REFERENCES surveys_survey (organization_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE surveys_wave ADD CONSTRAINT wave_form_of_survey
    FOREIGN KEY (organization_id, form_id, survey_id)
    REFERENCES surveys_form (organization_id, id, survey_id)
    DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE surveys_response ADD CONSTRAINT response_wave_and_form
    FOREIGN KEY (organization_id, wave_id, form_id)
    REFERENCES surveys_wave (organization_id, id, form_id);
ALTER TABLE surveys_response ADD CONSTRAINT response_form_and_length
    FOREIGN KEY (organization_id, form_id, item_count)
    REFERENCES surveys_form (organization_id, id, item_count);
ALTER TABLE surveys_response ADD CONSTRAINT response_answers_are_codes
    CHECK (array_ndims(answers) = 1 AND array_lower(answers, 1) = 1
           AND array_position(answers, NULL) IS NULL AND -3 <= ALL (answers));
ALTER TABLE surveys_response ADD CONSTRAINT response_id_is_random
    CHECK (substring(id::text, 15, 1) = '4');
ALTER TABLE surveys_wave ADD CONSTRAINT wave_key_of_organization
    UNIQUE (organization_id, id);
ALTER TABLE surveys_comment ADD CONSTRAINT comment_wave_of_organization
    FOREIGN KEY (organization_id, wave_id)
    REFERENCES surveys_wave (organization_id, id);
ALTER TABLE surveys_comment ADD CONSTRAINT comment_id_is_random
    CHECK (substring(id::text, 15, 1) = '4');
"""

# SET LOCAL leaves an empty string behind after its transaction: nullif.
SETTINGS = """
CREATE FUNCTION current_organization() RETURNS uuid LANGUAGE sql STABLE
    RETURN nullif(current_setting('trustsurvey.organization', true), '')::uuid;
CREATE FUNCTION current_member() RETURNS bigint LANGUAGE sql STABLE
    RETURN nullif(current_setting('trustsurvey.member', true), '')::bigint;
CREATE FUNCTION current_wave() RETURNS uuid LANGUAGE sql STABLE
    RETURN nullif(current_setting('trustsurvey.wave', true), '')::uuid;
CREATE FUNCTION current_response() RETURNS uuid LANGUAGE sql STABLE
    RETURN nullif(current_setting('trustsurvey.response', true), '')::uuid;
"""

# What the application may do with each table; everything else is taken back.
RUNTIME_RIGHTS = {
    "surveys_organization": "SELECT, INSERT, UPDATE",
    "surveys_membership": "SELECT, INSERT, UPDATE, DELETE",
    "surveys_questionnaireversion": "SELECT, INSERT",
    "surveys_survey": "SELECT, INSERT, UPDATE",
    "surveys_form": "SELECT, INSERT",
    "surveys_wave": "SELECT, INSERT, UPDATE",
    "surveys_response": "SELECT",
    "surveys_comment": "SELECT",
}
OWN_ROWS = "organization_id = current_organization()"

POLICIES = """
CREATE POLICY organization_own ON surveys_organization TO trustsurvey_runtime
    USING (id = current_organization()) WITH CHECK (id = current_organization());
CREATE POLICY membership_of_member ON surveys_membership FOR SELECT
    TO trustsurvey_runtime USING (user_id = current_member());
-- operators add members as the owning role (manage.py add_member)
CREATE POLICY organization_operated ON surveys_organization TO trustsurvey_owner
    USING (true) WITH CHECK (true);
CREATE POLICY membership_operated ON surveys_membership TO trustsurvey_owner
    USING (true) WITH CHECK (true);
CREATE POLICY questionnaireversion_library ON surveys_questionnaireversion FOR SELECT
    TO trustsurvey_runtime USING (organization_id IS NULL);
CREATE POLICY questionnaireversion_publish ON surveys_questionnaireversion
    TO trustsurvey_owner
    USING (organization_id IS NULL) WITH CHECK (organization_id IS NULL);

-- The intake sees one wave, the one it was asked for, and of its answers only the
-- one row whose key the request holds.
CREATE POLICY wave_asked ON surveys_wave FOR SELECT TO trustsurvey_collector
    USING (id = current_wave());
CREATE POLICY form_asked ON surveys_form FOR SELECT TO trustsurvey_collector
    USING ((organization_id, id) IN
           (SELECT w.organization_id, w.form_id FROM surveys_wave w));
CREATE POLICY survey_asked ON surveys_survey FOR SELECT TO trustsurvey_collector
    USING ((organization_id, id) IN
           (SELECT w.organization_id, w.survey_id FROM surveys_wave w));
CREATE POLICY response_held ON surveys_response FOR SELECT TO trustsurvey_collector
    USING (wave_id = current_wave() AND id = current_response());
CREATE POLICY response_while_open ON surveys_response FOR INSERT
    TO trustsurvey_collector
    WITH CHECK (id = current_response() AND wave_id IN
                (SELECT w.id FROM surveys_wave w WHERE w.state = 'open'));
CREATE POLICY comment_while_open ON surveys_comment FOR INSERT
    TO trustsurvey_collector
    WITH CHECK (wave_id IN
                (SELECT w.id FROM surveys_wave w WHERE w.state = 'open'));
GRANT SELECT ON surveys_wave, surveys_form, surveys_survey TO trustsurvey_collector;
GRANT SELECT, INSERT ON surveys_response TO trustsurvey_collector;
GRANT INSERT ON surveys_comment TO trustsurvey_collector;
"""

IMMUTABLE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%: a row of % never changes', TG_NAME, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME;
END $$;
CREATE TRIGGER questionnaire_version_is_immutable
    BEFORE UPDATE OR DELETE ON surveys_questionnaireversion
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER form_is_immutable BEFORE UPDATE OR DELETE ON surveys_form
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER response_is_immutable BEFORE UPDATE ON surveys_response
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER survey_promise_is_immutable BEFORE UPDATE ON surveys_survey
    FOR EACH ROW WHEN (OLD.mode <> NEW.mode OR OLD.simulated <> NEW.simulated
                       OR OLD.organization_id <> NEW.organization_id)
    EXECUTE FUNCTION refuse_change();
CREATE TRIGGER wave_asks_one_form BEFORE UPDATE ON surveys_wave
    FOR EACH ROW WHEN (OLD.form_id <> NEW.form_id OR OLD.survey_id <> NEW.survey_id
                       OR OLD.organization_id <> NEW.organization_id
                       OR OLD.number <> NEW.number
                       OR (OLD.state = 'closed' AND NEW.state = 'open'))
    EXECUTE FUNCTION refuse_change();
"""


def isolate() -> str:
    """Rights, forced row-level security and the policy of one's own rows."""
    lines = []
    for table, rights in RUNTIME_RIGHTS.items():
        lines += [
            f"REVOKE ALL ON {table} FROM PUBLIC, trustsurvey_runtime;",
            f"GRANT {rights} ON {table} TO trustsurvey_runtime;",
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY;",
        ]
        if table != "surveys_organization":
            name = table.removeprefix("surveys_")
            lines.append(
                f"CREATE POLICY {name}_own ON {table} TO trustsurvey_runtime"
                f" USING ({OWN_ROWS}) WITH CHECK ({OWN_ROWS});"
            )
    return "\n".join(lines)


class Migration(migrations.Migration):
    dependencies = [("surveys", "0001_initial")]

    operations = [
        migrations.RunSQL(COMPOSITE_KEYS),
        migrations.RunSQL(SETTINGS),
        migrations.RunSQL(isolate()),
        migrations.RunSQL(POLICIES),
        migrations.RunSQL(IMMUTABLE),
    ]
