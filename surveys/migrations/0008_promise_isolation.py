"""The two halves of the anonymous mode: schema `issuer` and schema `collector`.

They share no key, no foreign key and no role. The issuer knows who may answer and never
sees an answer; the collector knows the answers and never sees who. What either needs of
the other is public: a wave's form, its cells and their public keys.
No time, no sequence and no trigger on these tables (tests hold it).
Each half is made where it lies (surveys/parts.py): the router reads the hint `part`. Its
owner is whoever makes it, under whatever name.
"""

from collections.abc import Iterable

from django.db import migrations

PUBLIC_SIDE = """
ALTER TABLE surveys_promise ADD CONSTRAINT promise_wave_of_organization
    FOREIGN KEY (organization_id, wave_id) REFERENCES surveys_wave (organization_id, id);
ALTER TABLE surveys_cell ADD CONSTRAINT cell_wave_of_organization
    FOREIGN KEY (organization_id, wave_id) REFERENCES surveys_wave (organization_id, id);
ALTER TABLE surveys_cell ADD CONSTRAINT cell_parent_of_wave
    FOREIGN KEY (organization_id, wave_id, parent_id)
    REFERENCES surveys_cell (organization_id, wave_id, id)
    DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE surveys_response ADD CONSTRAINT response_cell_of_wave
    FOREIGN KEY (organization_id, wave_id, cell_id)
    REFERENCES surveys_cell (organization_id, wave_id, id);

CREATE TRIGGER promise_is_immutable BEFORE UPDATE ON surveys_promise
    FOR EACH ROW WHEN (
        OLD.manifest <> '' OR NEW.digest <> OLD.digest
        OR (to_jsonb(OLD) - 'manifest') <> (to_jsonb(NEW) - 'manifest'))
    EXECUTE FUNCTION refuse_change();
-- the public counts are written once, everything else never again
CREATE TRIGGER cell_is_immutable BEFORE UPDATE ON surveys_cell
    FOR EACH ROW WHEN (OLD.answered IS NOT NULL
        OR (to_jsonb(OLD) - '{issued,reissued,answered}'::text[])
            <> (to_jsonb(NEW) - '{issued,reissued,answered}'::text[]))
    EXECUTE FUNCTION refuse_change();

CREATE FUNCTION refuse_lower_thresholds() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM surveys_wave w
        JOIN surveys_wave earlier
            ON (earlier.organization_id, earlier.survey_id)
             = (w.organization_id, w.survey_id) AND earlier.number < w.number
        JOIN surveys_promise p
            ON (p.organization_id, p.wave_id) = (earlier.organization_id, earlier.id)
        WHERE w.id = NEW.wave_id
          AND (p.least_for_scores > NEW.least_for_scores
            OR p.least_for_comments > NEW.least_for_comments
            OR p.least_for_sensitive > NEW.least_for_sensitive
            OR p.least_batch > NEW.least_batch)) THEN
        RAISE EXCEPTION 'promise_thresholds_only_rise: an earlier wave promised more'
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'promise_thresholds_only_rise';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER promise_thresholds_only_rise BEFORE INSERT ON surveys_promise
    FOR EACH ROW EXECUTE FUNCTION refuse_lower_thresholds();

CREATE FUNCTION refuse_other_mode() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM surveys_wave w JOIN surveys_survey s
            ON (s.organization_id, s.id) = (w.organization_id, w.survey_id)
        WHERE w.id = NEW.wave_id AND s.mode <> NEW.mode) THEN
        RAISE EXCEPTION 'promise_is_of_the_surveys_mode: the survey has another mode'
            USING ERRCODE = 'integrity_constraint_violation',
                  CONSTRAINT = 'promise_is_of_the_surveys_mode';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER promise_is_of_the_surveys_mode BEFORE INSERT ON surveys_promise
    FOR EACH ROW EXECUTE FUNCTION refuse_other_mode();
"""

RUNTIME_RIGHTS = {
    "surveys_promise": "SELECT, INSERT, UPDATE",
    "surveys_cell": "SELECT, INSERT, UPDATE",
}
OWN_ROWS = "organization_id = current_organization()"

# The plain intake is for open links only: nothing falls from one mode into another.
POLICIES = """
DROP POLICY response_while_open ON surveys_response;
CREATE POLICY response_while_open ON surveys_response FOR INSERT
    TO trustsurvey_collector
    WITH CHECK (id = current_response() AND cell_id IS NULL AND wave_id IN
                (SELECT w.id FROM surveys_wave w JOIN surveys_survey s
                     ON (s.organization_id, s.id) = (w.organization_id, w.survey_id)
                 WHERE w.state = 'open' AND s.mode = 'open'));
CREATE POLICY response_mixed ON surveys_response FOR INSERT TO trustsurvey_owner
    WITH CHECK (true);
CREATE POLICY comment_mixed ON surveys_comment FOR INSERT TO trustsurvey_owner
    WITH CHECK (true);
CREATE POLICY wave_finished ON surveys_wave TO trustsurvey_owner
    USING (true) WITH CHECK (true);
CREATE POLICY cell_finished ON surveys_cell TO trustsurvey_owner
    USING (true) WITH CHECK (true);
CREATE POLICY promise_asked ON surveys_promise FOR SELECT TO trustsurvey_collector
    USING (wave_id = current_wave());
GRANT SELECT ON surveys_promise TO trustsurvey_collector;
"""

ISSUER = """
CREATE SCHEMA issuer;
CREATE TABLE issuer.wave (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    is_open boolean NOT NULL
);
CREATE TABLE issuer.key (
    wave_id uuid NOT NULL REFERENCES issuer.wave ON DELETE CASCADE,
    cell_id uuid NOT NULL,
    sealed bytea,
    PRIMARY KEY (wave_id, cell_id)
);
CREATE TABLE issuer.invitation (
    wave_id uuid NOT NULL,
    cell_id uuid NOT NULL,
    code bytea NOT NULL,
    blinded bytea,
    issues smallint NOT NULL DEFAULT 0,
    CONSTRAINT invitation_code_is_sha256 CHECK (length(code) = 32),
    CONSTRAINT invitation_issues_few CHECK (issues BETWEEN 0 AND 3),
    CONSTRAINT invitation_issued_iff_blinded CHECK ((issues = 0) = (blinded IS NULL)),
    PRIMARY KEY (wave_id, code),
    FOREIGN KEY (wave_id, cell_id) REFERENCES issuer.key ON DELETE CASCADE
);
GRANT USAGE ON SCHEMA issuer TO trustsurvey_issuer;
GRANT SELECT ON issuer.wave, issuer.key, issuer.invitation TO trustsurvey_issuer;
GRANT UPDATE (blinded, issues) ON issuer.invitation TO trustsurvey_issuer;
"""

COLLECTOR = """
CREATE SCHEMA collector;
CREATE FUNCTION collector.asked_wave() RETURNS uuid LANGUAGE sql STABLE
    RETURN nullif(current_setting('trustsurvey.wave', true), '')::uuid;
CREATE TABLE collector.wave (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    form_id uuid NOT NULL,
    mode text NOT NULL,
    state text NOT NULL,
    simulated boolean NOT NULL,
    item_count smallint NOT NULL,
    least_batch smallint NOT NULL,
    form text NOT NULL,
    manifest text NOT NULL,
    promise_en text NOT NULL,
    promise_zh_hans text NOT NULL,
    unclean boolean NOT NULL DEFAULT false,
    CONSTRAINT collected_mode_known CHECK (mode IN ('anonymous', 'confidential')),
    CONSTRAINT collected_state_known CHECK (
        state IN ('open', 'grace', 'ending', 'closed'))
);
CREATE TABLE collector.cell (
    wave_id uuid NOT NULL REFERENCES collector.wave ON DELETE CASCADE,
    id uuid NOT NULL,
    parent_id uuid,
    public_key bytea,
    PRIMARY KEY (wave_id, id)
);
-- No foreign keys below: each check would leave the number of its transaction in the
-- row of the cell. Printed codes are drawn by hand: the paper is the credential
CREATE TABLE collector.printed (
    wave_id uuid NOT NULL,
    cell_id uuid NOT NULL,
    token bytea NOT NULL,
    PRIMARY KEY (wave_id, token)
);
CREATE TABLE collector.spent (
    wave_id uuid NOT NULL,
    cell_id uuid NOT NULL,
    token bytea NOT NULL,
    body bytea NOT NULL,
    CONSTRAINT spent_token_is_sha256 CHECK (length(token) = 32 AND length(body) = 32),
    PRIMARY KEY (wave_id, token)
);
CREATE TABLE collector.staged (
    wave_id uuid NOT NULL,
    cell_id uuid NOT NULL,
    answers smallint[] NOT NULL,
    language text NOT NULL
);
CREATE TABLE collector.staged_text (
    wave_id uuid NOT NULL,
    cell_id uuid NOT NULL,
    question text NOT NULL,
    text text NOT NULL
);
CREATE TABLE collector.mixed (LIKE collector.staged);
CREATE TABLE collector.mixed_text (LIKE collector.staged_text);

GRANT USAGE ON SCHEMA collector TO trustsurvey_collector;
GRANT EXECUTE ON FUNCTION collector.asked_wave() TO trustsurvey_collector;
GRANT SELECT ON collector.wave, collector.cell, collector.printed, collector.spent
    TO trustsurvey_collector;
GRANT INSERT ON collector.spent, collector.staged, collector.staged_text
    TO trustsurvey_collector;
"""

# One wave at a time for whoever serves respondents; the owner mixes all of them.
ISSUER_TABLES = ("wave", "key", "invitation")
COLLECTOR_TABLES = (
    *("wave", "cell", "printed", "spent"),
    *("staged", "staged_text", "mixed", "mixed_text"),
)
ASKED = {
    "issuer": "nullif(current_setting('trustsurvey.wave', true), '')::uuid",
    "collector": "collector.asked_wave()",
}


def isolate() -> str:
    """Forced row-level security and the policies of the organization's own rows."""
    lines = []
    for table, rights in RUNTIME_RIGHTS.items():
        name = table.removeprefix("surveys_")
        lines += [
            f"REVOKE ALL ON {table} FROM PUBLIC, trustsurvey_runtime;",
            f"GRANT {rights} ON {table} TO trustsurvey_runtime;",
            *_forced(table),
            f"CREATE POLICY {name}_own ON {table} TO trustsurvey_runtime"
            f" USING ({OWN_ROWS}) WITH CHECK ({OWN_ROWS});",
        ]
    return "\n".join(lines)


def isolate_part(schema: str, tables: Iterable[str]) -> str:
    """Forced row-level security and the policies of who serves and who owns a part."""
    lines = []
    asked = ASKED[schema]
    for table in tables:
        column = "id" if table == "wave" else "wave_id"
        lines += [
            *_forced(f"{schema}.{table}"),
            f"CREATE POLICY {table}_asked ON {schema}.{table} TO trustsurvey_{schema}"
            f" USING ({column} = {asked}) WITH CHECK ({column} = {asked});",
            f"CREATE POLICY {table}_kept ON {schema}.{table} TO CURRENT_USER"
            " USING (true) WITH CHECK (true);",
        ]
    return "\n".join(lines)


def _forced(table: str) -> list[str]:
    return [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY;",
    ]


class Migration(migrations.Migration):
    dependencies = [("surveys", "0007_promise")]

    operations = [
        migrations.RunSQL(PUBLIC_SIDE),
        migrations.RunSQL(POLICIES),
        migrations.RunSQL(isolate()),
        migrations.RunSQL(
            ISSUER + isolate_part("issuer", ISSUER_TABLES), hints={"part": "issuer"}
        ),
        migrations.RunSQL(
            COLLECTOR + isolate_part("collector", COLLECTOR_TABLES),
            hints={"part": "collector"},
        ),
    ]
