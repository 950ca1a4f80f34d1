"""What respondents are told before they answer, limits and panels of open links.

Notice and paradata of a wave are frozen when it opens. Duration and device are stored in
coarse bands, in open and identified waves that say so and nowhere else.
"""

from django.db import migrations, models
from django.db.models import Q

TOLD = """
CREATE TRIGGER wave_terms_are_frozen BEFORE UPDATE ON surveys_wave
    FOR EACH ROW WHEN (OLD.notice <> NEW.notice OR OLD.paradata <> NEW.paradata
                       OR OLD.links_waves <> NEW.links_waves)
    EXECUTE FUNCTION refuse_change();
ALTER TABLE surveys_survey ADD CONSTRAINT survey_notice_is_bounded
    CHECK (jsonb_typeof(notice) = 'object' AND length(notice::text) <= 40000);
ALTER TABLE surveys_wave ADD CONSTRAINT wave_notice_is_bounded
    CHECK (jsonb_typeof(notice) = 'object' AND length(notice::text) <= 40000);
ALTER TABLE surveys_survey ADD CONSTRAINT survey_panel_is_https
    CHECK (jsonb_typeof(panel) = 'object' AND length(panel::text) <= 4000
           AND NOT jsonb_path_exists(
               panel, '$.* ? (!(@ like_regex "^https://[^/ ]+[^ ]*$"))'));

CREATE FUNCTION refuse_paradata_of_the_promised() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM surveys_survey s
                   WHERE (s.organization_id, s.id) = (NEW.organization_id, NEW.survey_id)
                     AND s.mode IN ('open', 'identified')) THEN
        RAISE EXCEPTION 'wave_paradata_where_allowed: not in this mode'
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'wave_paradata_where_allowed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER wave_paradata_where_allowed BEFORE INSERT ON surveys_wave
    FOR EACH ROW WHEN (NEW.paradata)
    EXECUTE FUNCTION refuse_paradata_of_the_promised();

CREATE FUNCTION refuse_untold_paradata() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM surveys_wave w
                   WHERE (w.organization_id, w.id) = (NEW.organization_id, NEW.wave_id)
                     AND w.paradata) THEN
        RAISE EXCEPTION 'response_paradata_where_told: the wave does not say so'
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'response_paradata_where_told';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER response_paradata_where_told BEFORE INSERT ON surveys_response
    FOR EACH ROW WHEN (NEW.duration IS NOT NULL OR NEW.device IS NOT NULL)
    EXECUTE FUNCTION refuse_untold_paradata();
"""

# The intake sees only the answer whose key it holds, so it cannot count: the owning role
# counts for it, no further than the limit.
LIMIT = """
CREATE POLICY response_counted ON surveys_response FOR SELECT TO trustsurvey_owner
    USING (wave_id = current_wave());
CREATE FUNCTION current_wave_is_full() RETURNS boolean LANGUAGE sql VOLATILE
    SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
    SELECT w.limit IS NOT NULL AND (
        SELECT count(*) FROM (
            SELECT FROM surveys_response r
            WHERE (r.organization_id, r.wave_id) = (w.organization_id, w.id)
            LIMIT w.limit) AS counted) >= w.limit
    FROM surveys_wave w WHERE w.id = current_wave()
    $$;
REVOKE EXECUTE ON FUNCTION current_wave_is_full() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION current_wave_is_full() TO trustsurvey_collector;
"""

COLLECTOR = """
ALTER TABLE collector.wave ADD COLUMN notice text NOT NULL DEFAULT '{}';
ALTER TABLE collector.wave ALTER COLUMN notice DROP DEFAULT;
"""

BANDS = {
    "duration": [
        (0, "under 2 minutes"),
        (1, "2 to 5 minutes"),
        (2, "5 to 10 minutes"),
        (3, "10 minutes or more"),
    ],
    "device": [(0, "phone"), (1, "computer")],
}


class Migration(migrations.Migration):
    dependencies = [("surveys", "0013_linking")]

    operations = [
        *(
            migrations.AddField(model, name, field)
            for model in ("survey", "wave")
            for name, field in (
                ("notice", models.JSONField(blank=True, default=dict)),
                ("paradata", models.BooleanField(default=False)),
                ("limit", models.PositiveIntegerField(blank=True, null=True)),
            )
        ),
        migrations.AddField(
            "survey", "panel", models.JSONField(blank=True, default=dict)
        ),
        *(
            migrations.AddField(
                "response",
                name,
                models.PositiveSmallIntegerField(blank=True, choices=bands, null=True),
            )
            for name, bands in BANDS.items()
        ),
        migrations.AddConstraint(
            "survey",
            models.CheckConstraint(
                condition=Q(paradata=False) | Q(mode__in=["identified", "open"]),
                name="survey_paradata_where_allowed",
            ),
        ),
        *(
            migrations.AddConstraint(
                model,
                models.CheckConstraint(
                    condition=Q(limit=None) | Q(limit__gte=1),
                    name=f"{model}_limit_is_positive",
                ),
            )
            for model in ("survey", "wave")
        ),
        migrations.AddConstraint(
            "response",
            models.CheckConstraint(
                condition=Q(duration=None) | Q(duration__lte=3),
                name="response_duration_known",
            ),
        ),
        migrations.AddConstraint(
            "response",
            models.CheckConstraint(
                condition=Q(device=None) | Q(device__lte=1),
                name="response_device_known",
            ),
        ),
        migrations.RunSQL(TOLD),
        migrations.RunSQL(LIMIT),
        migrations.RunSQL(COLLECTOR, hints={"part": "collector"}),
    ]
