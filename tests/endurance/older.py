"""A database as it was some migrations ago, with rows of today in it."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.core.management import call_command
from django.db import connections

from tests.conftest import copy_database
from trustsurvey import roles

# The oldest tables that the statements of former.py know.
OLDEST = (("surveys", "0014_open_links"), ("analytics", "0002_isolation"))
KEPT = {
    f"public.{name}"
    for name in ("django_migrations", "django_content_type", "auth_permission")
}
COLUMNS = """
SELECT schemaname || '.' || quote_ident(tablename),
       ARRAY(SELECT quote_ident(attname) FROM pg_attribute
             WHERE attrelid = (schemaname || '.' || quote_ident(tablename))::regclass
               AND attnum > 0 AND NOT attisdropped AND attgenerated = '')
FROM pg_tables WHERE schemaname IN ('public', 'issuer', 'collector')
"""


def make_older(login: roles.Login, name: str) -> None:
    """Make a database and migrate it as far as OLDEST."""
    roles.drop_database(login, name)
    roles.create_database(login, name)
    with pointed_at(name):
        for app, migration in OLDEST:
            call_command("migrate", app, migration, database="owner", verbosity=0)


@contextmanager
def copied(login: roles.Login, known: str, name: str) -> Iterator[roles.Login]:
    """A copy of `known` with the rows of the tests' database; Django points at it."""
    rows = {**login, "dbname": connections["default"].settings_dict["NAME"]}
    roles.drop_database(login, name)
    copy_database(login, known, name)
    try:
        with pointed_at(name):
            copy_rows(rows, {**login, "dbname": name})
            yield {**login, "dbname": name}
    finally:
        roles.drop_database(login, name)


@contextmanager
def pointed_at(name: str) -> Iterator[None]:
    before = connections["default"].settings_dict["NAME"]
    try:
        _point(name)
        yield
    finally:
        _point(before)


def _point(name: str) -> None:
    connections.close_all()
    for alias in roles.ALIASES:
        connections[alias].settings_dict["NAME"] = name


def copy_rows(source: roles.Login, target: roles.Login) -> None:
    """Copy what the older tables have columns for, past triggers and row security."""
    with psycopg.connect(**source) as today, psycopg.connect(**target) as older:
        known = dict(today.execute(COLUMNS).fetchall())
        wanted = dict(older.execute(COLUMNS).fetchall())
        older.execute("SET session_replication_role = replica")
        for table in wanted.keys() - KEPT:
            columns = ", ".join(name for name in wanted[table] if name in known[table])
            with (
                today.cursor().copy(
                    f"COPY (SELECT {columns} FROM {table}) TO STDOUT".encode()
                ) as rows,
                older.cursor().copy(
                    f"COPY {table} ({columns}) FROM STDIN".encode()
                ) as into,
            ):
                for block in rows:
                    into.write(block)
