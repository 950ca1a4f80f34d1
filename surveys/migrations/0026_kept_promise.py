"""What respondents were promised cannot be changed or taken away, by the owner neither.

The organization's copy was guarded against changes, what the collector shows against
nothing but missing rights, which whoever mixes has. There only the state of a wave moves,
forward, and the mark of what is still to be cleaned up.
"""

from django.db import migrations

KEPT = """
CREATE TRIGGER promise_is_kept BEFORE DELETE ON surveys_promise
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER cell_is_kept BEFORE DELETE ON surveys_cell
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""

# One row a wave, nobody's: what fires here leaves no trace of a person.
SHOWN = """
CREATE FUNCTION collector.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%: what respondents are shown never changes', TG_NAME
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME;
END $$;
CREATE TRIGGER collected_wave_is_frozen BEFORE UPDATE ON collector.wave
    FOR EACH ROW WHEN (
        (to_jsonb(OLD) - '{state,unclean}'::text[])
            <> (to_jsonb(NEW) - '{state,unclean}'::text[])
        OR array_position('{open,grace,ending,closed}'::text[], NEW.state)
            < array_position('{open,grace,ending,closed}'::text[], OLD.state))
    EXECUTE FUNCTION collector.refuse_change();
CREATE TRIGGER collected_wave_is_kept BEFORE DELETE ON collector.wave
    FOR EACH ROW EXECUTE FUNCTION collector.refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("surveys", "0025_paused_issuer")]

    operations = [
        migrations.RunSQL(KEPT),
        migrations.RunSQL(SHOWN, hints={"part": "collector"}),
    ]
