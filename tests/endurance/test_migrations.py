"""R13: answers go on while the tables under them change.

The intake of some migrations ago takes answers; `manage.py migrate` brings its tables up to
date, at first beside a backup that holds them.
"""

import math
import os
import secrets
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from itertools import cycle
from threading import Condition, Event
from uuid import uuid4

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connections
from django.db.migrations.executor import MigrationExecutor
from pytest_django.plugin import DjangoDbBlocker

from surveys.credentials import printed_digest
from tests.attack.people import quick_keys
from tests.endurance.conftest import Say
from tests.endurance.former import Person
from tests.endurance.older import copied, make_older
from tests.endurance.test_crashes import STORED
from tests.endurance.web import PROJECT, _surroundings
from tests.endurance.writers import answers_of, number_of
from tests.factories import make_wave
from tests.surveys.promised import cell, cells_of, codes, launch
from trustsurvey import roles
from trustsurvey.management.commands import migrate

PATIENCE = 120.0  # seconds; the machine may be busy with other tests
LONGEST = 2.0  # seconds, as stated
OURS = ("manage.py", "migrate", "--database", "owner")
DJANGOS = (
    "-c",
    "import django; django.setup()\n"
    "from django.core.management import call_command\n"
    "from django.core.management.commands.migrate import Command\n"
    "call_command(Command(), database='owner')",
)
AGAIN = "trying again"
WAITING = """
SELECT pid, usename, relation::regclass::text,
       coalesce(extract(epoch FROM clock_timestamp() - waitstart), 0)::float8
FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE NOT granted AND datname = current_database()
"""
EARLIER = 99_999_999  # number of those who answered before
FILL = """
INSERT INTO surveys_response (organization_id, wave_id, form_id, id, item_count, answers,
                              language)
SELECT organization_id, id, form_id, gen_random_uuid(), %s, %s, 'en'
FROM surveys_wave, generate_series(1, %s) WHERE state = 'open' LIMIT %s
"""


def name_of(kind: str) -> str:
    return f"trustsurvey_test_{kind}_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"


@pytest.fixture(scope="module")
def template(
    django_db_setup: None,
    administrator: roles.Login,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[str]:
    """Name of a database with older tables and no rows."""
    name = name_of("older")
    with django_db_blocker.unblock():
        make_older(administrator, name)
    yield name
    roles.drop_database(administrator, name)


@contextmanager
def program(*given: str) -> Iterator["subprocess.Popen[str]"]:
    """Run `python GIVEN` inside the block."""
    running = subprocess.Popen(
        [sys.executable, "-u", *given],
        cwd=PROJECT,
        env={
            **os.environ,
            **_surroundings(),
            "DJANGO_SETTINGS_MODULE": "trustsurvey.settings",
        },
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        yield running
    finally:
        running.kill()
        running.communicate()


def hear(running: "subprocess.Popen[str]", words: str, times: int = 1) -> None:
    """Return when the program has said it so often."""
    assert running.stdout is not None
    said: list[str] = []
    while sum(words in line for line in said) < times:
        line = running.stdout.readline()
        assert line, "".join(said)
        said.append(line)


def end(running: "subprocess.Popen[str]") -> None:
    said, _ = running.communicate(timeout=PATIENCE)
    assert running.returncode == 0, said
    assert not pending()


def pending() -> bool:
    """Whether a migration is left to do."""
    executor = MigrationExecutor(connections["owner"])
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


@contextmanager
def backup(login: roles.Login) -> Iterator[None]:
    """Hold the answers for reading, as `pg_dump` does, until the block is left."""
    with psycopg.connect(**login) as connection:
        connection.execute("LOCK TABLE surveys_response IN ACCESS SHARE MODE")
        yield


class Load:
    """Writers whose people answer one after the other, and then send it again."""

    def __init__(self, pause: float) -> None:
        self._pause = pause
        self.told: Counter[bool] = Counter()
        self.longest = 0.0
        self._news = Condition()
        self._stop = Event()

    def write(self, people: Sequence[Person]) -> None:
        for number, person in enumerate(cycle(people)):
            if self._stop.is_set() and number >= len(people):
                break
            began = time.perf_counter()
            stored = person.answer()
            took = time.perf_counter() - began
            assert stored == (number < len(people))
            with self._news:
                self.told[stored] += 1
                self.longest = max(self.longest, took)
                self._news.notify_all()
            time.sleep(self._pause)
        connections.close_all()

    def wait_for(self, more: int) -> None:
        with self._news:
            wanted = self.told.total() + more
            assert self._news.wait_for(lambda: self.told.total() >= wanted, PATIENCE)

    def stop(self) -> None:
        """Let everybody be sent once."""
        self._stop.set()

    def __str__(self) -> str:
        return (
            f"{self.told[True]:,} answers and {self.told[False]:,} repetitions,"
            f" the longest {self.longest:.2f} s"
        )


@contextmanager
def writing(parts: Sequence[Sequence[Person]], pause: float) -> Iterator[Load]:
    """One writer for each part inside the block; raises what one of them met."""
    load = Load(pause)
    with ThreadPoolExecutor(len(parts)) as pool:
        writers = [pool.submit(load.write, part) for part in parts]
        try:
            yield load
        finally:
            load.stop()
        for writer in writers:
            writer.result()


@contextmanager
def watching(login: roles.Login) -> Iterator[dict[str, float]]:
    """Longest wait for a lock by role, in seconds, looked at all the time."""
    longest: dict[str, float] = defaultdict(float)
    over = Event()

    def watch() -> None:
        with psycopg.connect(**login, autocommit=True) as connection:
            while not over.wait(0.02):
                for _, role, _, seconds in connection.execute(WAITING.encode()):
                    longest[role] = max(longest[role], seconds)

    with ThreadPoolExecutor(1) as pool:
        watcher = pool.submit(watch)
        try:
            yield longest
        finally:
            over.set()
        watcher.result()


def waiting(login: roles.Login, role: str) -> tuple[int, str]:
    """Process and table of a backend of `role`, as soon as one waits for a lock."""
    deadline = time.monotonic() + PATIENCE
    with psycopg.connect(**login, autocommit=True) as connection:
        while time.monotonic() < deadline:
            for pid, name, table, _ in connection.execute(WAITING.encode()):
                if name == role:
                    return pid, table
            time.sleep(0.02)
    raise AssertionError(f"{role} waits for nothing.")


def fill(login: roles.Login, number: int) -> None:
    """Let so many have answered before."""
    answers = list(answers_of(EARLIER))
    with psycopg.connect(**login) as connection:
        connection.execute("SET session_replication_role = replica")
        values = [len(answers), answers, number, number]
        connection.execute(FILL.encode(), values)


def make_people(number: int) -> list[list[Person]]:
    """So many for an open link, with signatures and with typed codes."""
    opened = make_wave()
    with quick_keys():
        wave = launch([cell(8), cell(max(number, 8), printed=True)])
    linked, printed = sorted(cells_of(wave), key=lambda one: one.printed)
    typed = [printed_digest(code) for code in codes(wave, printed)[:number]]
    return [
        [Person("open", opened.pk, n, uuid4()) for n in range(number)],
        [
            Person("sealed", wave.pk, number + n, secrets.token_bytes(32), linked.pk)
            for n in range(number)
        ],
        [Person("typed", wave.pk, 2 * number + n, key) for n, key in enumerate(typed)],
    ]


def numbers_stored(login: roles.Login) -> list[int]:
    with psycopg.connect(**login) as connection:
        found = connection.execute(STORED.encode()).fetchall()
    return sorted(number_of(answers) for (answers,) in found)


@pytest.mark.parametrize(
    ("people", "writers", "pause", "times", "stored_before", "limit"),
    [
        (20, 1, 0.05, 1, 0, math.inf),
        pytest.param(6_000, 2, 0.0, 20, 500_000, LONGEST, marks=pytest.mark.long),
    ],
)
def test_answers_go_on_while_the_tables_change(
    database: None,
    administrator: roles.Login,
    template: str,
    people: int,
    writers: int,
    pause: float,
    times: int,
    stored_before: int,
    limit: float,
    say: Say,
) -> None:
    """`migrate` tries `times` times beside a backup, and then has the tables."""
    given = make_people(people)
    parts = [way[i :: 2 * writers] for way in given for i in range(2 * writers)]
    with copied(administrator, template, name_of("upgraded")) as login:
        fill(login, stored_before)
        with ExitStack() as held:
            held.enter_context(backup(login))
            with program(*OURS) as migration, watching(login) as waits:
                with writing(parts[::2], pause) as beside:
                    hear(migration, AGAIN, times)
                    beside.wait_for(len(parts))
                with writing(parts[1::2], pause) as meanwhile:
                    meanwhile.wait_for(len(parts))
                    held.close()
                    end(migration)
        found = numbers_stored(login)
    assert found == sorted([*range(3 * people), *[EARLIER] * stored_before])
    say(
        f"R13: {beside} beside a backup; {meanwhile} while the tables changed;"
        f" longest wait for a lock: answers {waits[roles.COLLECTOR]:.2f} s,"
        f" migration {waits[roles.OWNER]:.2f} s"
    )
    assert max(beside.longest, meanwhile.longest, *waits.values()) < limit


def test_behind_djangos_own_command_answers_wait_for_the_backup(
    database: None, administrator: roles.Login, template: str
) -> None:
    """The control: what the test above would see."""
    person = Person("open", make_wave().pk, 0, uuid4())
    with (
        copied(administrator, template, name_of("upgraded")) as login,
        ThreadPoolExecutor(1) as pool,
    ):
        with backup(login), program(*DJANGOS):
            assert waiting(login, roles.OWNER)[1] == "surveys_response"
            sent = pool.submit(person.answer)
            waiting(login, roles.COLLECTOR)
            assert not sent.done()
        assert sent.result(PATIENCE)
        pool.submit(connections.close_all).result()


def test_it_gives_up_in_words_and_half_does_nothing(
    database: None,
    administrator: roles.Login,
    template: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(migrate, "PATIENCE", 0.0)
    with copied(administrator, template, name_of("upgraded")) as login:
        with backup(login), pytest.raises(CommandError, match="A backup or a long"):
            call_command("migrate", database="owner", verbosity=0)
        assert pending()


def test_a_migration_is_one_message(
    database: None, administrator: roles.Login, template: str
) -> None:
    """So that tables are not locked while Django prepares the next statement."""
    said: list[str] = []

    def listen(execute: Callable[..., object], sql: object, *given: object) -> object:
        said.append(str(sql))
        return execute(sql, *given)

    with copied(administrator, template, name_of("upgraded")):
        with connections["owner"].execute_wrapper(listen):
            call_command("migrate", database="owner", verbosity=0)
        assert not pending()
    changed = [text for text in said if 'ADD COLUMN "joins_outcomes"' in text]
    assert [text.count('ADD COLUMN "joins_outcomes"') for text in changed] == [2]


def test_what_is_no_lock_is_told_at_once(
    database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*args: object, **options: object) -> None:
        raise OperationalError("the database is away")

    djangos = "django.core.management.commands.migrate.Command.handle"
    monkeypatch.setattr(djangos, away)
    with pytest.raises(OperationalError, match="away"):
        call_command("migrate", database="owner", verbosity=0)
