"""Leaks planted on purpose: each must be found, or the attack proves nothing."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import numpy as np
import psycopg
import pytest
from django.db import connections

from surveys import mixing
from surveys.mixing import clean_up
from tests.attack.conftest import Attacker, ForgetAll, MakeField
from tests.attack.evidence import Evidence
from tests.attack.linking import Finding, above_chance, findings, table
from tests.attack.people import Field, Person, until_clean
from tests.surveys.test_mixing import rows

SIZE, OTHERS = 30, 1
FAINT = {"statistics of columns": 60}  # more people where a leak tells less of each
Plant = Callable[[pytest.MonkeyPatch, Attacker, Field], AbstractContextManager[None]]


@contextmanager
def nothing(*given: object) -> Iterator[None]:
    yield


@contextmanager
def column(kind: str, attacker: Attacker) -> Iterator[None]:
    """A further column on staged and mixed answers, carried along by the flush."""
    login = psycopg.connect(**attacker, autocommit=True)
    with login as connection:
        connection.execute(
            f"ALTER TABLE collector.staged ADD COLUMN planted {kind};"
            "ALTER TABLE collector.mixed ADD COLUMN planted text;"
            "GRANT USAGE ON ALL SEQUENCES IN SCHEMA collector TO trustsurvey_collector"
        )
    try:
        yield
    finally:
        connections.close_all()
        with psycopg.connect(**attacker, autocommit=True) as connection:
            connection.execute(
                "ALTER TABLE collector.staged DROP COLUMN planted;"
                "ALTER TABLE collector.mixed DROP COLUMN planted"
            )


@contextmanager
def created_at(
    patch: pytest.MonkeyPatch, attacker: Attacker, field: Field
) -> Iterator[None]:
    patch.setitem(mixing.KINDS, "", f"{mixing.KINDS['']}, planted::text")
    patch.setattr(mixing, "MIX", carrying(mixing.MIX))
    with column("timestamptz DEFAULT clock_timestamp()", attacker):
        yield


@contextmanager
def serial_key(
    patch: pytest.MonkeyPatch, attacker: Attacker, field: Field
) -> Iterator[None]:
    patch.setitem(mixing.KINDS, "", f"{mixing.KINDS['']}, planted::text")
    patch.setattr(mixing, "MIX", carrying(mixing.MIX))
    with column("bigserial", attacker):
        yield


def carrying(statements: str) -> str:
    """INSERT names the column without the cast that SELECT needs."""
    return statements.replace(
        "INSERT INTO collector.mixed{suffix} (wave_id, cell_id, {columns})",
        "INSERT INTO collector.mixed{suffix}",
    )


@contextmanager
def job_for_each_answer(
    patch: pytest.MonkeyPatch, attacker: Attacker, field: Field
) -> Iterator[None]:
    def defer(field: Field, person: Person) -> None:
        assert person.held is not None
        rows(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args) VALUES"
            " ('default', 'score', jsonb_build_object('answers', %s::smallint[]))"
            " RETURNING id",
            list(person.answers),
        )

    field.after_submit = defer
    yield
    rows("DELETE FROM procrastinate_jobs RETURNING id")


@contextmanager
def access_log(
    patch: pytest.MonkeyPatch, attacker: Attacker, field: Field
) -> Iterator[None]:
    def line(field: Field, person: Person) -> None:
        with field.log.open("a") as log:
            log.write(f'{person.address} "POST /s/sealed/ HTTP/1.1" 201\n')

    field.after_submit = line
    yield


@contextmanager
def mark_of_who_answered(
    patch: pytest.MonkeyPatch, attacker: Attacker, field: Field
) -> Iterator[None]:
    """A row of the person is written when they answer, and says nothing itself."""
    with psycopg.connect(**attacker, autocommit=True) as connection:

        def touch(field: Field, person: Person) -> None:
            connection.execute(
                "UPDATE surveys_participant SET active = active WHERE id = %s",
                [person.participant],
            )

        field.after_submit = touch
        yield


def replaced(name: str, by: object) -> Plant:
    @contextmanager
    def plant(
        patch: pytest.MonkeyPatch, attacker: Attacker, field: Field
    ) -> Iterator[None]:
        patch.setattr(mixing, name, by)
        yield

    return plant


@contextmanager
def statistics(
    patch: pytest.MonkeyPatch, attacker: Attacker, field: Field
) -> Iterator[None]:
    sampled = {"issuer.invitation": "blinded", "collector.staged": "answers"}
    # what was sampled stays in pg_statistic, hence seeds of its own for each leak
    for target in ("DEFAULT", "0"):
        with connections["owner"].cursor() as cursor:
            for name, column_name in sampled.items():
                cursor.execute(
                    f"ALTER TABLE {name} ALTER COLUMN {column_name}"
                    f" SET STATISTICS {target}"
                )
        if target == "DEFAULT":
            yield


IN_ORDER = mixing.MIX.replace("ORDER BY gen_random_uuid()", "")
LEAKS: dict[str, Plant] = {
    "a time beside each answer": created_at,
    "a serial key": serial_key,
    "a job for each answer": job_for_each_answer,
    "an access log": access_log,
    "no flush": replaced("flush", lambda wave_id: False),
    "files and log not cleaned up": replaced("clean_up", lambda wave_id: True),
    "answers mixed in the order of arrival": replaced("MIX", IN_ORDER),
    "invitations left in place": replaced("REWRITE_INVITATIONS", "SELECT 1"),
    "credentials left in place": replaced("REWRITE_SPENT", "SELECT 1"),
    "files not rewritten": replaced("_rewrite_file", lambda cursor, name: True),
    "the log not cut off": replaced("_cut_log", lambda cursor: True),
    "statistics of columns": statistics,
    "a mark of who answered": mark_of_who_answered,
}


def attacked(field: Field, attacker: Attacker) -> list[Finding]:
    field.run(OTHERS)
    return findings(Evidence(field, attacker).guesses(np.random.default_rng(1)))


@pytest.mark.parametrize("leak", LEAKS)
def test_a_planted_leak_is_found(
    leak: str,
    new_field: MakeField,
    attacker: Attacker,
    forget_all: ForgetAll,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In one wave or a fresh one: digests are drawn by chance, and a trace may be faint.

    Nobody else's answers come from the same seeds: the server may remember what an
    earlier leak had it remember (samples of a column), and that is none of this one.
    """
    first = 100 + 2 * list(LEAKS).index(leak)
    for seed in (first, first + 1):
        field = new_field(FAINT.get(leak, SIZE), seed)
        with monkeypatch.context() as patch, LEAKS[leak](patch, attacker, field):
            found = attacked(field, attacker)
        print(f"\n{leak}:\n{table(found, lines=2)}")
        if above_chance(found):
            return
        forget_all()
    pytest.fail(f"Nobody was linked by {leak}.")


def test_what_an_old_snapshot_still_sees_is_removed_after_it(
    new_field: MakeField, attacker: Attacker
) -> None:
    """Dead rows that somebody may look at survive VACUUM FULL; the flush notices."""
    field = new_field(SIZE, 8)
    with psycopg.connect(**attacker) as backup:
        backup.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        backup.execute("SELECT 1")
        assert above_chance(attacked(field, attacker))
        assert not clean_up(field.wave.pk)
        assert rows("SELECT unclean FROM collector.wave") == [(True,)]
    until_clean(field.wave.pk)
    assert rows("SELECT unclean FROM collector.wave") == [(False,)]
    evidence = Evidence(field, attacker)
    assert not above_chance(findings(evidence.guesses(np.random.default_rng(2))))


def test_a_backup_that_locks_the_tables_delays_no_answer(
    new_field: MakeField, attacker: Attacker
) -> None:
    field = new_field(SIZE, 9)
    with psycopg.connect(**attacker) as backup:
        backup.execute("LOCK TABLE collector.staged IN ACCESS SHARE MODE")
        field.run(OTHERS)
        assert rows("SELECT unclean FROM collector.wave") == [(True,)]
    until_clean(field.wave.pk)
