"""Isolation of the library's tables, as 0002_isolation.py; answers may be imported."""

from django.db import migrations

COMPOSITE_KEYS = """
ALTER TABLE surveys_evidenceline ADD CONSTRAINT evidence_wave_of_organization
    FOREIGN KEY (organization_id, wave_id)
    REFERENCES surveys_wave (organization_id, id);
ALTER TABLE surveys_expertrating ADD CONSTRAINT rating_review_of_organization
    FOREIGN KEY (organization_id, review_id, item_count)
    REFERENCES surveys_contentreview (organization_id, id, item_count)
    ON DELETE CASCADE;
ALTER TABLE surveys_expertrating ADD CONSTRAINT rating_values_are_relevances
    CHECK (array_position(relevance, NULL) IS NULL
           AND 0 <= ALL (relevance) AND 4 >= ALL (relevance));
"""

RUNTIME_RIGHTS = {
    "surveys_questionnairedraft": "SELECT, INSERT, UPDATE, DELETE",
    "surveys_evidenceline": "SELECT, INSERT, UPDATE",
    "surveys_contentreview": "SELECT, INSERT, UPDATE",
    "surveys_expertrating": "SELECT, INSERT, UPDATE",
}
OWN_ROWS = "organization_id = current_organization()"

# An expert holds the address of one review and nothing else.
POLICIES = """
CREATE FUNCTION current_review() RETURNS uuid LANGUAGE sql STABLE
    RETURN nullif(current_setting('trustsurvey.review', true), '')::uuid;
CREATE POLICY review_held ON surveys_contentreview FOR SELECT TO trustsurvey_runtime
    USING (id = current_review());

-- Answers reach the application only through the intake, or by an import.
GRANT INSERT ON surveys_response TO trustsurvey_runtime;
CREATE POLICY response_imported ON surveys_response AS RESTRICTIVE FOR INSERT
    TO trustsurvey_runtime
    WITH CHECK (wave_id IN
        (SELECT w.id FROM surveys_wave w JOIN surveys_survey s
             ON (s.organization_id, s.id) = (w.organization_id, w.survey_id)
         WHERE s.origin = 'imported'));
"""

# Simulated answers carry their mark from birth: no evidence is made of them.
EVIDENCE = """
CREATE FUNCTION refuse_simulated_evidence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM surveys_wave w JOIN surveys_survey s
                   ON (s.organization_id, s.id) = (w.organization_id, w.survey_id)
               WHERE w.id = NEW.wave_id AND s.simulated) THEN
        RAISE EXCEPTION 'evidence_is_not_simulated: simulated answers are no evidence'
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'evidence_is_not_simulated';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER evidence_is_not_simulated BEFORE INSERT OR UPDATE
    ON surveys_evidenceline
    FOR EACH ROW EXECUTE FUNCTION refuse_simulated_evidence();
-- a line may be withdrawn, never reworded
CREATE TRIGGER evidence_is_immutable BEFORE UPDATE ON surveys_evidenceline
    FOR EACH ROW WHEN (OLD.withdrawn_at IS NOT NULL
        OR (to_jsonb(OLD) - 'withdrawn_at') <> (to_jsonb(NEW) - 'withdrawn_at'))
    EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rating_is_immutable BEFORE UPDATE ON surveys_expertrating
    FOR EACH ROW WHEN (
        (to_jsonb(OLD) - 'excluded') <> (to_jsonb(NEW) - 'excluded'))
    EXECUTE FUNCTION refuse_change();
CREATE TRIGGER survey_origin_is_immutable BEFORE UPDATE ON surveys_survey
    FOR EACH ROW WHEN (OLD.origin <> NEW.origin)
    EXECUTE FUNCTION refuse_change();
"""


def isolate() -> str:
    """Rights, forced row-level security and the policy of one's own rows."""
    lines = []
    for table, rights in RUNTIME_RIGHTS.items():
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
    dependencies = [("surveys", "0003_library")]

    operations = [
        migrations.RunSQL(COMPOSITE_KEYS),
        migrations.RunSQL(isolate()),
        migrations.RunSQL(POLICIES),
        migrations.RunSQL(EVIDENCE),
    ]
