"""Issuer and collector in databases of their own, on another server than the rest.

The wave goes its whole way over three databases, and whoever works on it is killed at
every step between two of them: no answer is lost, none counts twice.
"""

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from pytest_django.plugin import DjangoDbBlocker

from surveys import handover, launching, mixing, parts
from surveys.collect.counts import published
from surveys.collect.intake import Receipt, find_wave, receive
from surveys.collect.sealed import Sheet
from surveys.fieldwork import periods
from surveys.fieldwork.launch import stop_due
from surveys.handover import NotHandedOver
from surveys.issue.issuer import Paused, cell_of
from surveys.models import Comment, Response, Survey, Wave
from surveys.tenancy import organization_scope
from tests.attack.people import quick_keys
from tests.attack.test_machine import LEFT, crashing
from tests.factories import NOW, make_form, make_survey, make_wave
from tests.surveys.promised import (
    cell,
    cells_of,
    codes,
    collected,
    launch,
    obtain,
    public_key_of,
    submit,
)
from trustsurvey import roles
from trustsurvey.checks import the_server_keeps_the_promise
from trustsurvey.postgres import Cluster, running
from trustsurvey.postgres.holding import remove

Environ = dict[str, str]
KEEPER = "keeper"
ACCESS = "local all postgres peer map=trustsurvey\nlocal all all scram-sha-256\n"
PEOPLE = 12
AFTER_THE_GRACE = NOW + mixing.GRACE + timedelta(minutes=1)


@contextmanager
def server() -> Iterator[Cluster]:
    """A server of its own that asks for passwords, with an administrator."""
    var = Path(tempfile.mkdtemp(prefix="ts", dir="/tmp"))
    var.chmod(0o755)
    cluster = Cluster(var / "postgres", throw_away=True)
    with running(cluster):
        login = cluster.address()._asdict()
        with psycopg.connect(**login, autocommit=True) as connection:
            connection.execute(f"create role {KEEPER} login superuser password 'k'")
            (cluster.data / "pg_hba.conf").write_text(ACCESS)
            connection.execute("select pg_reload_conf()")
        yield cluster
    remove(cluster)  # waits for the server's end
    shutil.rmtree(var)


def url(cluster: Cluster, database: str) -> str:
    return f"postgresql://{KEEPER}:k@{quote(str(cluster.sockets), safe='')}/{database}"


@pytest.fixture(scope="module")
def environ() -> Iterator[Environ]:
    with server() as here, server() as elsewhere:
        yield {
            "DATABASE_URL": url(here, "trustsurvey"),
            "ISSUER_DATABASE_URL": url(elsewhere, "issuing"),
            "COLLECTOR_DATABASE_URL": url(elsewhere, "collecting"),
        }


@pytest.fixture(scope="module", autouse=True)
def apart(environ: Environ, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Everything as after `migrate` of each, Django pointed at the three databases."""
    secret_key = settings.SECRET_KEY
    roles.prepare(settings.BASE_DIR, environ, secret_key)
    databases = roles.database_settings(settings.BASE_DIR, environ, secret_key)
    with pointed_at(databases), django_db_blocker.unblock():
        for alias in parts.owners():
            call_command("migrate", database=alias, verbosity=0)
        yield
        connections.close_all()


@contextmanager
def pointed_at(databases: dict[str, dict[str, Any]]) -> Iterator[None]:
    known = connections.settings
    before = dict(known)
    forget_connections()
    known.clear()
    known.update(connections.configure_settings(databases))
    try:
        yield
    finally:
        forget_connections()
        known.clear()
        known.update(before)


def forget_connections() -> None:
    for alias in connections:
        with suppress(AttributeError):
            connections[alias].close()
            del connections[alias]


def rows(alias: str, query: str, *values: Any) -> list[tuple[Any, ...]]:
    with connections[alias].cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())


def count(table: str, wave: Wave) -> int:
    owner = parts.owner_of(table.split(".")[0])
    ((found,),) = rows(
        owner, f"SELECT count(*) FROM {table} WHERE wave_id = %s", wave.pk
    )
    return int(found)


@pytest.fixture
def wave() -> Iterator[Wave]:
    """A department of two teams."""
    with quick_keys():
        yield launch([cell(0), cell(PEOPLE, 0), cell(PEOPLE, 0)])


Told = Counter[tuple[int, ...]]


def answer(wave: Wave, *, team: int, number: int) -> Told:
    """Let some of a team answer, each otherwise and with a remark; return what."""
    told: Told = Counter()
    asked, of = collected(wave), cells_of(wave)[team]
    key = public_key_of(asked, of)
    for index, code in enumerate(codes(wave, of)[:number]):
        drawn = [min(i.low + 1, i.high) for i in asked.form.items]
        drawn[: len(f"{index:b}")] = [1 + int(bit) for bit in f"{index:b}"]
        sheet = Sheet(uuid4().bytes, tuple(drawn), "en", {"": f"remark {team}.{index}"})
        held = obtain(wave, code, key)
        assert submit(asked, held, sheet) is Receipt.STORED
        told[sheet.answers] += 1
    return told


def everybody_answers(wave: Wave) -> Told:
    """A batch that is mixed in the field, and a few who come late."""
    first = answer(wave, team=1, number=PEOPLE)
    assert mixing.flush(wave.pk)
    return first + answer(wave, team=2, number=3)


def close(wave: Wave) -> None:
    assert mixing.close_issuing(wave.organization_id, wave.pk, at=NOW)


def assert_all_arrived_once(wave: Wave, told: Told) -> None:
    with organization_scope(wave.organization_id):
        assert Wave.objects.get(pk=wave.pk).state == Wave.State.CLOSED
        answers = Response.objects.filter(wave=wave).values_list("answers", flat=True)
        assert Counter(tuple(given) for given in answers) == told
        remarks = list(Comment.objects.filter(wave=wave).values_list("text", flat=True))
    assert len(set(remarks)) == len(remarks) == told.total()
    department, team, other = cells_of(wave)
    assert [(c.issued, c.reissued, c.answered) for c in (department, team, other)] == [
        (0, 0, 0),
        (PEOPLE, 0, PEOPLE),
        (3, 0, 3),
    ]
    assert {table: count(table, wave) for table in LEFT} == dict.fromkeys(LEFT, 0)
    query = "SELECT state, unclean FROM collector.wave WHERE id = %s"
    assert rows("collector_owner", query, wave.pk) == [("closed", False)]


def test_a_wave_goes_its_way_over_three_databases(wave: Wave) -> None:
    told = everybody_answers(wave)
    close(wave)
    assert mixing.finish(wave.pk)
    assert_all_arrived_once(wave, told)
    assert not mixing.finish(wave.pk)
    assert_all_arrived_once(wave, told)


@pytest.mark.parametrize(
    ("module", "name", "after", "at"),
    [
        (mixing, "_exclusively", False, 1),
        (mixing, "_mix_the_rest", True, 1),
        (mixing, "_stop_issuing", False, 1),
        (mixing, "hand_over", False, 1),
        (handover, "_gather", True, 1),
        (handover, "_write", False, 1),
        (handover, "_write", True, 1),
        (mixing, "hand_over", True, 1),
        (mixing, "_issuing_stopped", False, 2),
        (mixing, "_exclusively", False, 2),
        (mixing, "_forget", True, 1),
        (mixing, "_rewrite_file", True, 3),
        (mixing, "_cut_log", True, 1),
    ],
)
def test_whoever_is_killed_while_ending_a_wave_loses_and_doubles_nothing(
    wave: Wave, module: Any, name: str, after: bool, at: int
) -> None:
    told = everybody_answers(wave)
    close(wave)
    survived = []
    with crashing(module, name, after=after, at=at):
        survived.append(mixing.finish(wave.pk))
    assert survived == []
    mixing.mix_due(AFTER_THE_GRACE)
    assert_all_arrived_once(wave, told)


@pytest.mark.parametrize("name", ["_hand_to_issuer", "_hand_to_collector"])
def test_whoever_is_killed_while_opening_makes_no_second_set_of_keys(name: str) -> None:
    survey = make_survey(mode=Survey.Mode.ANONYMOUS)
    make_form(survey)
    with quick_keys():
        survived = []
        with crashing(launching, name, after=True):
            survived.append(launch([cell(8)], survey=survey))
        assert survived == []
        with organization_scope(survey.organization_id):
            wave = Wave.objects.get(survey=survey)
        assert wave.state == Wave.State.PREPARING
        query = "SELECT sealed FROM issuer.key WHERE wave_id = %s"
        before = rows("issuer_owner", query, wave.pk)
        launching.open_prepared(wave.organization_id, wave.pk)
    assert rows("issuer_owner", query, wave.pk) == before
    with organization_scope(survey.organization_id):
        opened = Wave.objects.select_related("promise").get(survey=survey)
        assert opened.state == Wave.State.OPEN
        assert opened.promise.manifest == collected(wave).manifest


def test_whoever_is_killed_while_closing_closes_both_halves_later(wave: Wave) -> None:
    told = everybody_answers(wave)
    with organization_scope(wave.organization_id):
        Wave.objects.filter(pk=wave.pk).update(state=Wave.State.GRACE, closed_at=NOW)
    survived = []
    with crashing(mixing, "_issuing_stopped"):
        survived.append(mixing.close_issuing(wave.organization_id, wave.pk, at=NOW))
    assert survived == []
    stop_due()
    query = "SELECT is_open FROM issuer.wave WHERE id = %s"
    assert rows("issuer_owner", query, wave.pk) == [(False,)]
    mixing.mix_due(AFTER_THE_GRACE)
    assert_all_arrived_once(wave, told)


def test_a_pause_reaches_the_issuer_and_the_counts_everybody(wave: Wave) -> None:
    """The issuer is told in its database; the counts stand in the main one."""
    (_, team, _) = cells_of(wave)
    code = codes(wave, team)[0]
    with organization_scope(wave.organization_id):
        assert periods.pause(wave, at=NOW + timedelta(minutes=1))
    periods.follow_pauses()
    with pytest.raises(Paused):
        cell_of(wave.pk, code)
    with organization_scope(wave.organization_id):
        assert periods.resume(wave)
    periods.follow_pauses()
    everybody_answers(wave)
    assert published(wave.pk) == []
    close(wave)
    mixing.mix_due(AFTER_THE_GRACE)
    told = {group.cell_id: group for group in published(wave.pk)}
    assert set(told) == {one.pk for one in cells_of(wave)}
    assert told[team.pk].invited == PEOPLE
    assert told[team.pk].answered == told[team.pk].issued > 0


def test_two_who_end_a_wave_at_once_hand_it_over_once(wave: Wave) -> None:
    told = everybody_answers(wave)
    close(wave)
    together, handed = Barrier(2), []

    def end() -> None:
        together.wait(10)
        handed.append(mixing.finish(wave.pk))
        connections.close_all()

    threads = [Thread(target=end) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(handed) == [False, True]
    mixing.mix_due(AFTER_THE_GRACE)
    assert_all_arrived_once(wave, told)


def test_answers_stay_where_the_organization_cannot_take_them(wave: Wave) -> None:
    """The main database may have been restored from a time before the close."""
    told = everybody_answers(wave)
    with connections["collector_owner"].cursor() as cursor:
        cursor.execute(
            "UPDATE collector.wave SET state = 'grace' WHERE id = %s", [wave.pk]
        )
    for _ in range(2):
        with pytest.raises(NotHandedOver, match=str(wave.pk)):
            mixing.finish(wave.pk)
        assert not mixing.flush(wave.pk)
        assert count("collector.mixed", wave) == told.total()
        assert count("collector.spent", wave) == told.total()
    close(wave)
    mixing.mix_due(AFTER_THE_GRACE)
    assert_all_arrived_once(wave, told)


def test_open_links_are_answered_beside_the_organizations_rows() -> None:
    wave = make_wave()
    found = find_wave(wave.pk)
    assert found is not None
    answers = tuple(item.low for item in found.form.items)
    assert receive(found, key=uuid4(), answers=answers, language="en") is Receipt.STORED
    with organization_scope(wave.organization_id):
        assert Response.objects.filter(wave=wave).count() == 1


TABLES = """
SELECT nspname || '.' || relname FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE relkind = 'r' AND nspname !~ '^pg_' AND nspname <> 'information_schema'
"""


def test_each_database_holds_its_own_tables_only() -> None:
    def tables(alias: str) -> set[str]:
        return {table for (table,) in rows(alias, TABLES)}

    kept = {table for table in LEFT if table.startswith("collector.")}
    assert tables("issuer_owner") == {
        *("issuer.wave", "issuer.key", "issuer.invitation"),
        "public.django_migrations",
    }
    assert tables("collector_owner") == {
        *(kept | {"collector.wave", "collector.cell"}),
        "public.django_migrations",
    }
    main = {table.split(".")[0] for table in tables("owner")}
    assert main == {"public"}


@pytest.mark.parametrize(
    ("alias", "database"),
    [
        ("issuer", "collecting"),
        ("issuer_owner", "collecting"),
        ("collector", "issuing"),
        ("collector_owner", "issuing"),
    ],
)
def test_nobody_of_one_half_enters_the_other(
    environ: Environ, alias: str, database: str
) -> None:
    logins = roles.logins(settings.BASE_DIR, environ, settings.SECRET_KEY)
    psycopg.connect(**logins[alias]).close()
    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        psycopg.connect(**{**logins[alias], "dbname": database})


@pytest.mark.parametrize("database", ["issuing", "collecting"])
def test_the_application_is_unknown_on_the_other_server(
    environ: Environ, database: str
) -> None:
    logins = roles.logins(settings.BASE_DIR, environ, settings.SECRET_KEY)
    there = {"host": logins["issuer"]["host"], "dbname": database}
    for alias in ("default", "owner"):
        with pytest.raises(psycopg.OperationalError, match="authentication failed"):
            psycopg.connect(**{**logins[alias], **there})


def test_an_answer_is_nowhere_in_the_issuers_database(wave: Wave) -> None:
    everybody_answers(wave)
    dumped = [
        row
        for table in ("wave", "key", "invitation")
        for row in rows("issuer_owner", f"SELECT t::text FROM issuer.{table} AS t")
    ]
    assert len(dumped) >= 2 * PEOPLE
    assert not any("remark" in text for (text,) in dumped)


def ids() -> set[str | None]:
    return {one.id for one in the_server_keeps_the_promise(databases=["owner"])}


@pytest.mark.usefixtures("durable")
def test_the_deploy_checks_ask_each_server(wave: Wave) -> None:
    assert ids() == set()
    for role, database, setting, found in (
        ("trustsurvey_issuer_owner", "issuing", "log_duration = on", "E003"),
        ("trustsurvey_collector", "collecting", "log_duration = on", "E003"),
        ("trustsurvey_collector", "collecting", "synchronous_commit = off", "E012"),
        ("trustsurvey_collector", "trustsurvey", "synchronous_commit = off", "E012"),
    ):
        where = f"ALTER ROLE {role} IN DATABASE {database}"
        with as_keeper(database) as connection:
            connection.execute(f"{where} SET {setting}".encode())
            connections.close_all()
            assert ids() == {f"trustsurvey.{found}"}
            connection.execute(f"{where} RESET {setting.split()[0]}".encode())
            connections.close_all()
    assert ids() == set()


@pytest.mark.usefixtures("durable")
def test_a_database_that_everybody_may_enter_is_an_error() -> None:
    with as_keeper("collecting") as connection:
        connection.execute("GRANT CONNECT ON DATABASE collecting TO PUBLIC")
        try:
            assert ids() == {"trustsurvey.E009"}
        finally:
            connection.execute("REVOKE CONNECT ON DATABASE collecting FROM PUBLIC")


@pytest.mark.usefixtures("durable")
def test_a_half_left_behind_in_the_main_database_is_an_error() -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("CREATE SCHEMA issuer")
        try:
            assert ids() == {"trustsurvey.E010"}
        finally:
            cursor.execute("DROP SCHEMA issuer")


@contextmanager
def as_keeper(database: str) -> Iterator[psycopg.Connection]:
    of = "owner" if database == "trustsurvey" else "issuer"
    host = connections[of].settings_dict["HOST"]
    with psycopg.connect(
        host=host, dbname=database, user=KEEPER, password="k", autocommit=True
    ) as connection:
        yield connection
