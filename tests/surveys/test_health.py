"""Planted failures are seen, said with what to do, and told to a monitor."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from surveys import arrivals, health
from surveys.health import Status, disk, look, whole
from surveys.models import Due, Message, Organization, Survey
from surveys.tenancy import organization_scope
from tests.factories import make_form, make_survey
from tests.surveys.asked import make_asked
from tests.surveys.promised import cell, launch
from tests.surveys.scheduled import make_schedule

NOW = timezone.now()


def run(statement: str, *values: int, alias: str = "default") -> None:
    with connections[alias].cursor() as cursor:
        cursor.execute(statement, values)


def beat(seconds: int = 0) -> None:
    """A worker that gave its last sign of life so long ago."""
    run("DELETE FROM procrastinate_workers")
    run(
        "INSERT INTO procrastinate_workers (last_heartbeat)"
        " VALUES (now() - make_interval(secs => %s))",
        seconds,
    )


def statuses() -> dict[str, str]:
    return {check.name: check.status.word for check in look(timezone.now())}


def told(client: Client) -> tuple[int, dict[str, object]]:
    reply = client.get("/health.json")
    return reply.status_code, reply.json()


@pytest.mark.usefixtures("database")
def test_a_site_that_works_says_so() -> None:
    beat()
    names = ("database", "worker", "jobs", "due", "mail", "mixing", "log")
    found = statuses()
    assert {name: found[name] for name in names} == dict.fromkeys(names, "ok")


@pytest.mark.usefixtures("database")
def test_a_worker_that_fell_silent_fails_the_site() -> None:
    beat(59)
    assert statuses()["worker"] == "ok"
    beat(61)
    status, body = told(Client())
    assert (status, body["status"]) == (503, "failing")
    run("DELETE FROM procrastinate_workers")
    assert statuses()["worker"] == "failing"


@pytest.mark.usefixtures("database")
def test_what_is_overdue_is_late_and_then_fails() -> None:
    beat()
    schedule = make_schedule()
    with organization_scope(schedule.organization_id):
        rows = Due.objects.filter(survey=schedule.survey_id)
        rows.update(due_at=NOW - timedelta(minutes=11))
    assert statuses()["due"] == "late"
    with organization_scope(schedule.organization_id):
        rows.update(attempts=4)
    assert statuses()["due"] == "failing"


@pytest.mark.usefixtures("database")
def test_mail_that_is_stuck_or_given_up_is_seen() -> None:
    beat()
    wave = make_asked(Survey.Mode.IDENTIFIED, teams=(9,))

    def mail(**values: object) -> str:
        with organization_scope(wave.organization_id):
            Message.objects.update(**values)
        return statuses()["mail"]

    soon = timezone.now() + timedelta(hours=1)
    assert mail(next_try_at=soon) == "ok"
    assert mail(attempts=4) == "failing"
    assert mail(attempts=0, next_try_at=NOW - timedelta(minutes=11)) == "failing"
    assert mail(state="failed") == "late"


@pytest.mark.usefixtures("database")
def test_a_wave_marked_unclean_is_seen() -> None:
    beat()
    survey = make_survey(mode=Survey.Mode.ANONYMOUS)
    make_form(survey)
    launch([cell(8)], survey=survey)
    run("UPDATE collector.wave SET unclean = true", alias="owner")
    assert statuses()["mixing"] == "late"


def test_an_archive_of_the_log_fails_the_site_while_a_wave_is_under_way(
    owner: Client, organization: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    beat()
    monkeypatch.setattr(arrivals, "COPIED", "SELECT true")
    assert statuses()["log"] == "ok"
    launch([cell(8)])
    status, body = told(Client())
    assert (status, body["status"]) == (503, "failing")
    assert "is archived, replicated or kept" in owner.get("/health/").content.decode()
    monkeypatch.undo()
    assert statuses()["log"] == "ok"


@pytest.mark.usefixtures("database")
def test_jobs_that_failed_or_wait_are_seen() -> None:
    from procrastinate.contrib.django import app

    beat()
    app.configure_task("nobody_does_this", queue="nowhere").defer()
    assert statuses()["jobs"] == "ok"
    run("UPDATE procrastinate_events SET at = now() - interval '11 minutes'")
    assert statuses()["jobs"] == "late"
    run("UPDATE procrastinate_jobs SET status = 'failed'")
    run("UPDATE procrastinate_events SET type = 'failed'")
    assert statuses()["jobs"] == "late"
    run("UPDATE procrastinate_events SET at = now() - interval '8 days'")
    assert statuses()["jobs"] == "ok"


@pytest.mark.parametrize(
    ("free", "status"),
    [(4 * 1024**3, Status.OK), (1024**3, Status.LATE), (1024, Status.FAILING)],
)
def test_a_full_disk_is_seen(tmp_path: Path, free: int, status: Status) -> None:
    assert disk(tmp_path, lambda folder: (0, 0, free)).status is status


@contextmanager
def unreachable(alias: str) -> Iterator[None]:
    settings = connections[alias].settings_dict
    before = settings["HOST"], settings["PORT"]
    connections[alias].close()
    settings["HOST"], settings["PORT"] = "127.0.0.1", "1"
    try:
        yield
    finally:
        connections[alias].close()
        settings["HOST"], settings["PORT"] = before


@pytest.mark.usefixtures("database")
def test_a_database_that_is_gone_is_told_without_it() -> None:
    """Nothing that lies there is guessed: only what can be seen is told."""
    with unreachable("default"):
        status, body = told(Client())
    assert status == 503
    checks = body["checks"]
    assert isinstance(checks, dict)
    assert checks["database"] == "failing"
    assert set(checks) == {"database", "disk"}


def test_the_page_says_what_to_do(organization: Organization, owner: Client) -> None:
    beat(120)
    shown = owner.get("/health/").content.decode()
    assert "Something has failed and needs you." in shown
    assert "No worker has given a sign of life" in shown
    assert "manage.py up" in shown


def test_the_page_counts_ones_own_rows_only(
    organization: Organization, owner: Client
) -> None:
    beat()
    theirs = make_schedule()
    with organization_scope(theirs.organization_id):
        Due.objects.update(due_at=NOW - timedelta(days=1), attempts=9)
    assert "Nothing is overdue." in owner.get("/health/").content.decode()
    assert statuses()["due"] == "failing"


@pytest.mark.usefixtures("database")
def test_a_monitor_learns_words_and_nothing_else() -> None:
    beat()
    make_asked(Survey.Mode.IDENTIFIED, teams=(9,))
    _, body = told(Client())
    assert set(body) == {"status", "checks"}
    checks = body["checks"]
    assert isinstance(checks, dict)
    assert {body["status"], *checks.values()} <= {"ok", "late", "failing"}


def test_the_worst_counts() -> None:
    checks = [health.Check("a", Status.OK), health.Check("b", Status.LATE)]
    assert whole(checks) is Status.LATE
