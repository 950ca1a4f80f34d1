"""What a list would change, and changing it: statements over whole sets of rows.

Rows lie in an unlogged table of the organization's, because row-level security forbids
COPY into it and the application may make no temporary tables; they arrive in arrays.
Rules: the number tells people apart first, the address second, both whatever their
case. An empty cell changes nothing. Of two rows for one person the first one counts.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from surveys.models import Attribute, PeopleList, Unit
from surveys.people.findings import ListError
from surveys.people.mapping import ATTRIBUTE, attribute_code
from surveys.people.rows import Row
from surveys.people.tree import KnownUnit, Plan, Wanted, plan_codes, plan_paths

MOST_UNITS = 10_000

_TEXTS = (
    "key",
    "email",
    "phone",
    "name",
    "language",
    "unit",
    "unit_parent",
    "unit_name",
    "attributes",
    "wrong",
)
# No value holds this character (rows.py refuses it), so that a column is one string:
# arrays of texts take the client ten times as long to write.
_BETWEEN = "\x1f"
_END = "."
_PARTED = ", ".join([r"string_to_array(%s, E'\x1f')"] * len(_TEXTS))
_STORE = f"""
INSERT INTO surveys_peoplerow (organization_id, people_list_id, line,
    {", ".join(_TEXTS)}, conflict, fate, moved)
SELECT %s, %s, line, {", ".join(_TEXTS[:8])}, attributes::jsonb, wrong::jsonb, '[]',
    CASE WHEN wrong = '[]' THEN '' ELSE 'rejected' END, false
FROM unnest(%s::int[], {_PARTED})
    AS row (line, {", ".join(_TEXTS)})
WHERE line IS NOT NULL
"""  # noqa: S608 - names of our own columns

# A second row that meets the person of an earlier one, by number and by address.
_REPEATED_PERSON = """
WITH counted AS (
    SELECT line, min(line) OVER (PARTITION BY target) AS first
    FROM surveys_peoplerow
    WHERE people_list_id = %(list)s AND fate IN ('changed', 'unchanged'))
UPDATE surveys_peoplerow r SET fate = 'rejected', moved = false, conflict =
    jsonb_build_array(jsonb_build_array('same_person', 'email', c.first::text))
FROM counted c
WHERE r.people_list_id = %(list)s AND r.line = c.line AND c.first < c.line
"""

# Of the rows with one number or one address the first counts. Whom it means (by number,
# else by address), and what it would change. One statement, because each rewrites all.
_MATCH = """
WITH plan AS (
    SELECT * FROM unnest(%(units)s::text[], %(parents)s::text[], %(keys)s::uuid[],
        %(problems)s::text[]) AS plan (unit, parent, key, problem)),
numbered AS (
    SELECT line, key, email, unit, unit_parent, CASE WHEN key = '' THEN line
        ELSE min(line) OVER (PARTITION BY lower(key)) END AS number_first
    FROM surveys_peoplerow WHERE people_list_id = %(list)s AND wrong = '[]'),
addressed AS (
    SELECT *, CASE WHEN email = '' OR number_first < line THEN line
        ELSE min(line) OVER (PARTITION BY lower(email), number_first < line)
        END AS address_first
    FROM numbered),
met AS (
    SELECT r.line, plan.key AS unit_key, plan.problem, r.number_first, r.address_first,
        CASE WHEN e.id IS NOT NULL AND (e.id <> k.id
                OR (k.id IS NULL AND r.key <> '' AND e.key <> ''))
            THEN coalesce(nullif(e.key, ''), nullif(e.name, ''), e.email) END AS other,
        coalesce(k.id, e.id) AS target
    FROM addressed r
    LEFT JOIN surveys_participant k ON r.key <> '' AND lower(k.key) = lower(r.key)
    LEFT JOIN surveys_participant e ON r.email <> '' AND lower(e.email) = lower(r.email)
    LEFT JOIN plan ON r.unit <> '' AND plan.unit = r.unit
        AND plan.parent = r.unit_parent),
judged AS (
    SELECT met.*, met.number_first < met.line OR met.address_first < met.line
            OR met.other IS NOT NULL OR met.problem IS NOT NULL AS is_out, p.id IS NOT NULL
            AND met.unit_key IS DISTINCT FROM p.unit_id
            AND met.unit_key IS NOT NULL AS moved, p.id AS known,
        p.key AS p_key, p.email AS p_email, p.phone AS p_phone, p.name AS p_name,
        p.language AS p_language, p.attributes AS p_attributes, p.active AS p_active
    FROM met LEFT JOIN surveys_participant p ON p.id = met.target)
UPDATE surveys_peoplerow r SET
    target = coalesce(j.target, gen_random_uuid()),
    unit_target = j.unit_key,
    moved = j.moved AND NOT j.is_out,
    conflict = CASE
        WHEN j.number_first < j.line THEN jsonb_build_array(
            jsonb_build_array('same_person', 'key', j.number_first::text))
        WHEN j.address_first < j.line THEN jsonb_build_array(
            jsonb_build_array('same_email', 'email', j.address_first::text))
        WHEN j.other IS NOT NULL THEN jsonb_build_array(
            jsonb_build_array('email_of_other', 'email', j.other))
        WHEN j.problem IS NOT NULL THEN jsonb_build_array(
            jsonb_build_array(j.problem, 'unit', left(r.unit, 60)))
        ELSE '[]' END,
    fate = CASE
        WHEN j.is_out THEN 'rejected'
        WHEN j.known IS NULL THEN 'new'
        WHEN j.moved OR NOT j.p_active
            OR (r.key <> '' AND r.key <> j.p_key)
            OR (r.email <> '' AND r.email <> j.p_email)
            OR (r.phone <> '' AND r.phone <> j.p_phone)
            OR (r.name <> '' AND r.name <> j.p_name)
            OR (r.language <> '' AND r.language <> j.p_language)
            OR NOT j.p_attributes @> r.attributes THEN 'changed'
        ELSE 'unchanged' END
FROM judged j WHERE r.people_list_id = %(list)s AND r.line = j.line
"""

# People who are not in the list: neither accepted nor recognisable in a rejected row.
_MISSING = """
FROM surveys_participant p WHERE p.active
    AND NOT EXISTS (SELECT FROM surveys_peoplerow r
        WHERE r.people_list_id = %(list)s AND r.target = p.id)
    AND NOT EXISTS (SELECT FROM surveys_peoplerow r WHERE r.people_list_id = %(list)s
        AND r.fate = 'rejected' AND r.key <> '' AND lower(r.key) = lower(p.key))
    AND NOT EXISTS (SELECT FROM surveys_peoplerow r WHERE r.people_list_id = %(list)s
        AND r.fate = 'rejected' AND r.email <> '' AND lower(r.email) = lower(p.email))
"""
_COUNT = """
SELECT count(*), count(*) FILTER (WHERE fate = 'new'),
    count(*) FILTER (WHERE fate = 'changed'),
    count(*) FILTER (WHERE fate = 'unchanged'),
    count(*) FILTER (WHERE fate <> 'rejected' AND moved),
    count(*) FILTER (WHERE fate = 'rejected'),
    count(*) FILTER (WHERE fate = 'rejected' AND key = '' AND email = '')
FROM surveys_peoplerow WHERE people_list_id = %(list)s
"""
_COUNTED = (
    "rows",
    "new",
    "changed",
    "unchanged",
    "moved",
    "rejected",
    "unrecognised",
)

_CHANGE = """
UPDATE surveys_participant p SET
    key = coalesce(nullif(r.key, ''), p.key),
    email = coalesce(nullif(r.email, ''), p.email),
    phone = coalesce(nullif(r.phone, ''), p.phone),
    name = coalesce(nullif(r.name, ''), p.name),
    language = coalesce(nullif(r.language, ''), p.language),
    unit_id = coalesce(r.unit_target, p.unit_id),
    attributes = p.attributes || r.attributes,
    active = true,
    bounced_at = CASE WHEN r.email <> '' AND lower(r.email) <> lower(p.email)
        THEN NULL ELSE p.bounced_at END
FROM surveys_peoplerow r
WHERE r.people_list_id = %(list)s AND r.fate = 'changed' AND r.target = p.id
"""
_ADD = """
INSERT INTO surveys_participant (id, organization_id, key, email, phone, name, language,
    unit_id, attributes, active)
SELECT target, organization_id, key, email, phone, name, language, unit_target,
    attributes, true
FROM surveys_peoplerow WHERE people_list_id = %(list)s AND fate = 'new'
"""
_LEAVE = f"UPDATE surveys_participant SET active = false WHERE id IN (SELECT p.id {_MISSING})"  # noqa: S608
_FORGET_ACCEPTED = """
DELETE FROM surveys_peoplerow WHERE people_list_id = %(list)s AND fate <> 'rejected'
"""


def clear(people_list: PeopleList) -> None:
    _run("DELETE FROM surveys_peoplerow WHERE people_list_id = %(list)s", people_list)


def store(people_list: PeopleList, rows: Sequence[Row]) -> None:
    """Put rows aside, to be compared once all are there."""
    # the end keeps a column of one empty value from being no column
    columns = [
        _BETWEEN.join([*(getattr(row, name) for row in rows), _END]) for name in _TEXTS
    ]
    lines = [row.line for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(
            _STORE, [people_list.organization_id, people_list.pk, lines, *columns]
        )


def compare(people_list: PeopleList) -> tuple[Plan, dict[str, int]]:
    """Decide what becomes of each row; return the plan for the units, and counts."""
    with transaction.atomic(), _hashing():
        plan = _plan(people_list)
        _run(_MATCH, people_list, **_as_columns(plan))
        _run(_REPEATED_PERSON, people_list)
        counts = dict(zip(_COUNTED, _row(_COUNT, people_list), strict=True))
        counts["missing"] = _row(f"SELECT count(*) {_MISSING}", people_list)[0]
    counts["new_units"] = len(plan.new)
    counts["moved_units"] = len(plan.moved)
    return plan, counts


def apply(people_list: PeopleList) -> dict[str, int]:
    """Compare once more and store everything that is accepted, or nothing."""
    with transaction.atomic():
        plan, counts = compare(people_list)
        _store_units(people_list, plan)
        _store_attributes(people_list)
        counts["left"] = 0
        with _hashing():
            # before the new ones: a number may pass from one person to another
            _run(_CHANGE, people_list)
            _run(_ADD, people_list)
            if people_list.mark_missing and not counts["unrecognised"]:
                counts["left"] = _run(_LEAVE, people_list)
        _run(_FORGET_ACCEPTED, people_list)
    return counts


@contextmanager
def _hashing() -> Iterator[None]:
    """Hash, never loop: row-level security lets the planner expect a handful of rows.

    What comes after, such as the check for cycles at the commit, looks single rows up.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off; SET LOCAL work_mem = '64MB'")
        yield
        cursor.execute("SET LOCAL enable_nestloop = on")


def _run(statement: str, people_list: PeopleList, **values: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"list": people_list.pk, **values})
        return int(cursor.rowcount)


def _row(statement: str, people_list: PeopleList) -> Sequence[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"list": people_list.pk})
        (found,) = cursor.fetchall()
    return [int(number) for number in found]


def _plan(people_list: PeopleList) -> Plan:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT unit, unit_parent, max(unit_name) FROM surveys_peoplerow"
            " WHERE people_list_id = %s AND wrong = '[]' AND unit <> ''"
            " GROUP BY unit, unit_parent ORDER BY min(line) LIMIT %s",
            [people_list.pk, MOST_UNITS + 1],
        )
        wanted = [Wanted(*found) for found in cursor.fetchall()]
    if len(wanted) > MOST_UNITS:
        raise ListError("too_many_units", params={"most": f"{MOST_UNITS:,}"})
    known = [
        KnownUnit(unit.pk, unit.parent_id, unit.code, (unit.name_en, unit.name_zh_hans))
        for unit in Unit.objects.order_by("code")
    ]
    planned = plan_codes if "unit_code" in people_list.mapping else plan_paths
    return planned(known, wanted, create=people_list.create_units)


def _as_columns(plan: Plan) -> Mapping[str, list[Any]]:
    named = [*plan.unit_of, *plan.problems]
    return {
        "units": [unit for unit, _ in named],
        "parents": [parent for _, parent in named],
        "keys": [plan.unit_of.get(one) for one in named],
        "problems": [plan.problems.get(one) for one in named],
    }


def _store_units(people_list: PeopleList, plan: Plan) -> None:
    Unit.objects.bulk_create(
        Unit(
            id=unit.key,
            organization_id=people_list.organization_id,
            parent_id=unit.parent,
            code=unit.code,
            name_en=unit.name,
            name_zh_hans=unit.name,
        )
        for unit in plan.new
    )
    _move(plan.moved.items())


def _move(moved: Iterable[tuple[UUID, UUID | None]]) -> None:
    for key, parent in moved:
        Unit.objects.filter(pk=key).update(parent_id=parent)


def _store_attributes(people_list: PeopleList) -> None:
    columns = zip(people_list.mapping, people_list.header, strict=True)
    Attribute.objects.bulk_create(
        (
            Attribute(
                organization_id=people_list.organization_id,
                code=attribute_code(title),
                name_en=title[:200],
                name_zh_hans=title[:200],
            )
            for role, title in columns
            if role == ATTRIBUTE
        ),
        ignore_conflicts=True,
    )
