"""Waves linked by a pseudonym that only the respondent's device can make.

Per survey, chosen before its first wave; a wave keeps what it opened with. The pseudonym
waits and is mixed with the answers, without an index and without column statistics.
"""

from django.db import migrations, models

# A wave knows whether it links, so that mixing, which sees no survey, is bound too.
LINKING = """
ALTER TABLE surveys_response ADD CONSTRAINT response_pseudonym_is_sha256
    CHECK (length(pseudonym) = 32);

CREATE FUNCTION refuse_other_linking() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM surveys_wave w
               WHERE (w.organization_id, w.survey_id) = (NEW.organization_id, NEW.id)) THEN
        RAISE EXCEPTION 'survey_linking_is_frozen: the survey has a wave'
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'survey_linking_is_frozen';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER survey_linking_is_frozen BEFORE UPDATE ON surveys_survey
    FOR EACH ROW WHEN (OLD.links_waves <> NEW.links_waves)
    EXECUTE FUNCTION refuse_other_linking();

CREATE FUNCTION refuse_unpromised_pseudonym() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM surveys_wave w
                   WHERE (w.organization_id, w.id) = (NEW.organization_id, NEW.wave_id)
                     AND w.links_waves) THEN
        RAISE EXCEPTION 'response_pseudonym_where_promised: the wave links nothing'
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'response_pseudonym_where_promised';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER response_pseudonym_where_promised BEFORE INSERT ON surveys_response
    FOR EACH ROW WHEN (NEW.pseudonym IS NOT NULL)
    EXECUTE FUNCTION refuse_unpromised_pseudonym();
"""

# `study` is the salt of the pseudonyms: the survey's id, where its waves are linked.
COLLECTOR = """
ALTER TABLE collector.wave ADD COLUMN study uuid;
ALTER TABLE collector.staged ADD COLUMN pseudonym bytea
    CONSTRAINT staged_pseudonym_is_sha256 CHECK (length(pseudonym) = 32);
ALTER TABLE collector.mixed ADD COLUMN pseudonym bytea;
ALTER TABLE collector.staged ALTER COLUMN pseudonym SET STATISTICS 0;
ALTER TABLE collector.mixed ALTER COLUMN pseudonym SET STATISTICS 0;
"""


class Migration(migrations.Migration):
    dependencies = [("surveys", "0012_schedule")]

    operations = [
        migrations.AddField("survey", "links_waves", models.BooleanField(default=False)),
        migrations.AddField("wave", "links_waves", models.BooleanField(default=False)),
        migrations.AddField(
            "response", "pseudonym", models.BinaryField(blank=True, null=True)
        ),
        migrations.RunSQL(LINKING),
        migrations.RunSQL(COLLECTOR, hints={"part": "collector"}),
    ]
