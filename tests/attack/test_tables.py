"""The tables of issuer and collector cannot tell a time or an order, by their making."""

from tests.surveys.test_mixing import rows

THROUGH_WHICH_PEOPLE_PASS = {
    "issuer.invitation",
    "collector.printed",
    "collector.spent",
    "collector.staged",
    "collector.staged_text",
    "collector.mixed",
    "collector.mixed_text",
}
COLUMNS = """
SELECT n.nspname || '.' || c.relname, a.attname, format_type(a.atttypid, null),
       a.attstattarget, pg_get_expr(d.adbin, d.adrelid), a.attidentity::text
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_attrdef d ON (d.adrelid, d.adnum) = (a.attrelid, a.attnum)
WHERE n.nspname IN ('issuer', 'collector') AND c.relkind = 'r'
  AND a.attnum > 0 AND NOT a.attisdropped
"""


def test_no_column_tells_a_time_or_an_order(database: None) -> None:
    for table, column, kind, _, default, identity in rows(COLUMNS):
        assert "time" not in kind, (table, column)
        assert "date" not in kind, (table, column)
        assert default in (None, "0", "false"), (table, column)
        assert identity == "", (table, column)


def test_no_column_is_sampled(database: None) -> None:
    sampled = {table for table, _, _, target, *_ in rows(COLUMNS) if target != 0}
    assert sampled == {"issuer.wave", "issuer.key", "collector.wave", "collector.cell"}
    every = {table for table, *_ in rows(COLUMNS)}
    assert every - sampled == THROUGH_WHICH_PEOPLE_PASS


def test_nothing_fires_and_nothing_refers_to_what_people_leave(database: None) -> None:
    """A trigger or a foreign key would write the number of a transaction elsewhere.

    Cells refer to their wave, and a wave is guarded against changes: rows of nobody.
    """
    query = """
        SELECT c.oid::regclass::text FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        WHERE NOT t.tgisinternal AND c.relnamespace::regnamespace::text
            IN ('issuer', 'collector')
        UNION ALL SELECT conrelid::regclass::text FROM pg_constraint
        WHERE contype = 'f' AND connamespace::regnamespace::text = 'collector'
    """
    assert set(rows(query)) == {("collector.cell",), ("collector.wave",)}


def test_the_two_halves_see_nothing_of_each_other(database: None) -> None:
    query = """
        SELECT r.rolname, n.nspname FROM pg_roles r, pg_namespace n
        WHERE r.rolname IN ('trustsurvey_issuer', 'trustsurvey_collector')
          AND n.nspname IN ('issuer', 'collector')
          AND has_schema_privilege(r.oid, n.oid, 'usage')
    """
    assert sorted(rows(query)) == [
        ("trustsurvey_collector", "collector"),
        ("trustsurvey_issuer", "issuer"),
    ]
