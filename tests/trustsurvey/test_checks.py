"""Combinations of settings that would break a promise stop a deployment."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.checks import run_checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connections

from surveys import arrivals
from tests.surveys.promised import cell, launch
from tests.surveys.test_mixing import no_right_to_cut_the_log
from trustsurvey import checks
from trustsurvey.checks import (
    every_role_has_its_login,
    no_access_log,
    the_server_keeps_the_promise,
)
from trustsurvey.roles import Login

pytestmark = pytest.mark.usefixtures("durable")


def ids(found: list[Any]) -> set[str]:
    return {message.id for message in found}


def asked() -> set[str]:
    return ids(the_server_keeps_the_promise(databases=["owner"]))


def test_four_logins_are_fine() -> None:
    assert every_role_has_its_login() == []


@pytest.mark.parametrize("alias", ["default", "collector"])
def test_a_shared_login_is_an_error_with_a_hint(
    monkeypatch: pytest.MonkeyPatch, alias: str
) -> None:
    owner = settings.DATABASES["owner"]["USER"]
    monkeypatch.setitem(settings.DATABASES[alias], "USER", owner)
    (error,) = every_role_has_its_login()
    assert error.id == "trustsurvey.E001"
    assert "RUNTIME_DATABASE_URL" in str(error.hint)


@pytest.mark.parametrize(
    "arguments", ["--access-logfile -", "--workers 2 --access-logfile=/tmp/a.log"]
)
def test_an_access_log_asked_for_is_an_error(arguments: str) -> None:
    assert no_access_log({}) == []
    assert no_access_log({"GUNICORN_CMD_ARGS": "--workers 2"}) == []
    found = no_access_log({"GUNICORN_CMD_ARGS": arguments})
    assert ids(found) == {"trustsurvey.E002"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("accesslog = '-'", {"trustsurvey.E002"}),
        ("accesslog = None", set()),
        ("# accesslog = '-'", set()),
    ],
)
def test_an_access_log_in_a_file_is_an_error(
    tmp_path: Path, settings: Any, text: str, found: set[str]
) -> None:
    (tmp_path / "gunicorn.conf.py").write_text(f"workers = 2\n{text}\n")
    settings.BASE_DIR = tmp_path
    assert ids(no_access_log({})) == found


def test_the_embedded_server_keeps_the_promise(database: None) -> None:
    assert asked() == set()
    launch([cell(8)])
    assert asked() == set()


@pytest.mark.parametrize("value", ["local", "remote_write", "remote_apply"])
def test_other_ways_to_wait_for_the_disk_are_fine(
    database: None, administrator: Login, value: str
) -> None:
    role = "trustsurvey_collector"
    with for_role(administrator, role, "synchronous_commit", value):
        assert asked() == set()


def test_the_server_is_asked_only_when_it_is_named(
    database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    # E011 is about mails, not the server
    monkeypatch.setattr(settings, "SITE_URL", "https://example.org")
    found = run_checks(include_deployment_checks=True, databases=["owner"])
    assert not any(str(m.id).startswith("trustsurvey.") for m in found)
    assert the_server_keeps_the_promise(databases=None) == []


@pytest.mark.parametrize(
    ("role", "name", "value", "found"),
    [
        ("collector", "log_statement", "all", "trustsurvey.E003"),
        ("issuer", "log_min_duration_statement", "0", "trustsurvey.E003"),
        ("owner", "log_duration", "on", "trustsurvey.E003"),
        ("collector", "log_min_error_statement", "error", "trustsurvey.E004"),
        ("collector", "log_error_verbosity", "default", "trustsurvey.E004"),
        ("issuer", "log_parameter_max_length", "-1", "trustsurvey.E004"),
        ("issuer", "log_parameter_max_length_on_error", "-1", "trustsurvey.E004"),
        ("collector", "synchronous_commit", "off", "trustsurvey.E012"),
        ("owner", "synchronous_commit", "off", "trustsurvey.E012"),
        ("runtime", "synchronous_commit", "off", "trustsurvey.E012"),
    ],
)
def test_what_a_role_would_log_or_lose_is_an_error(
    database: None, administrator: Login, role: str, name: str, value: str, found: str
) -> None:
    with for_role(administrator, f"trustsurvey_{role}", name, value):
        assert asked() == {found}


@contextmanager
def for_role(administrator: Login, role: str, name: str, value: str) -> Iterator[None]:
    """Change a setting of a role in this database; its next connection obeys."""
    where = (
        f"ALTER ROLE {role} IN DATABASE {connections['owner'].settings_dict['NAME']}"
    )
    for text in (f"{where} SET {name} = '{value}'", f"{where} RESET {name}"):
        with psycopg.connect(**administrator, autocommit=True) as connection:
            connection.execute(text.encode())
        connections.close_all()
        if "RESET" not in text:
            yield


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("track_commit_timestamp", "on", {"trustsurvey.E005"}),
        ("wal_recycle", "on", {"trustsurvey.E008"}),
        ("fsync", "off", {"trustsurvey.E012"}),
        ("full_page_writes", "off", {"trustsurvey.E012"}),
        ("auto_explain.log_min_duration", "0", {"trustsurvey.E007"}),
        ("pgaudit.log", "write", {"trustsurvey.E007"}),
    ],
)
def test_what_the_server_would_keep_or_lose_is_named(
    database: None,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    value: str,
    found: set[str],
) -> None:
    """These hold for a whole server, or from its next start: so they are made up."""
    launch([cell(8)])
    real = checks._settings_of

    def changed(alias: str) -> checks.Value:
        given = real(alias)
        return lambda asked_for: value if asked_for == name else given(asked_for)

    monkeypatch.setattr(checks, "_settings_of", changed)
    assert asked() == found


def test_an_archive_is_an_error_over_a_wave_and_a_warning_before(
    database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrivals, "COPIED", "SELECT true")
    assert asked() == {"trustsurvey.W001"}
    launch([cell(8)])
    assert asked() == {"trustsurvey.E013"}


def test_deploying_over_an_archived_wave_fails(
    database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As an operator runs it: warnings pass, errors do not."""
    monkeypatch.setattr(settings, "SITE_URL", "https://example.org")
    monkeypatch.setattr(arrivals, "COPIED", "SELECT true")
    asking = ("check", "--deploy", "--tag", "database", "--database", "owner")
    call_command(*asking, stderr=(told := StringIO()))
    assert "trustsurvey.W001" in told.getvalue()
    launch([cell(8)])
    with pytest.raises(SystemCheckError, match="E013"):
        call_command(*asking)


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("pg_settings", "'archive_mode' AS name, 'always' AS setting"),
        ("pg_settings", "'archive_mode' AS name, 'on' AS setting"),
        ("pg_settings", "'wal_keep_size' AS name, '64' AS setting"),
        ("pg_replication_slots", "'standby' AS slot_name"),
    ],
)
def test_what_copies_the_log_is_seen(database: None, table: str, row: str) -> None:
    """A server would have to start again for it: so the catalogue is made up."""
    assert not arrivals.are_copied()
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"CREATE TEMP VIEW {table} AS SELECT {row}")
        try:
            assert arrivals.are_copied()
        finally:
            cursor.execute(f"DROP VIEW pg_temp.{table}")


def test_an_owner_who_cannot_cut_the_log_is_an_error(
    database: None, administrator: Login
) -> None:
    with no_right_to_cut_the_log(administrator):
        assert asked() == {"trustsurvey.E006"}
