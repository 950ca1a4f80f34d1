"""Isolation of the stored analyses, as surveys/migrations/0002_isolation.py."""

from django.db import migrations

ISOLATION = """
ALTER TABLE analytics_analysis ADD CONSTRAINT analysis_wave_of_organization
    FOREIGN KEY (organization_id, wave_id)
    REFERENCES surveys_wave (organization_id, id);
ALTER TABLE analytics_analysis ADD CONSTRAINT analysis_key_of_organization
    UNIQUE (organization_id, id);
REVOKE ALL ON analytics_analysis FROM PUBLIC, trustsurvey_runtime;
GRANT SELECT, INSERT, UPDATE ON analytics_analysis TO trustsurvey_runtime;
ALTER TABLE analytics_analysis ENABLE ROW LEVEL SECURITY;
ALTER TABLE analytics_analysis FORCE ROW LEVEL SECURITY;
CREATE POLICY analysis_own ON analytics_analysis TO trustsurvey_runtime
    USING (organization_id = current_organization())
    WITH CHECK (organization_id = current_organization());
CREATE TRIGGER analysis_result_is_immutable BEFORE UPDATE ON analytics_analysis
    FOR EACH ROW WHEN (OLD.status = 'done') EXECUTE FUNCTION refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("analytics", "0001_initial"),
        ("surveys", "0002_isolation"),
    ]

    operations = [migrations.RunSQL(ISOLATION)]
