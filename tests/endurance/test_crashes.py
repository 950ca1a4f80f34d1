"""R1: all processes of PostgreSQL are killed while eight writers submit."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import pytest

from surveys.models import Survey
from tests.attack.people import quick_keys
from tests.endurance.conftest import Say
from tests.endurance.installation import Installation
from tests.endurance.writers import Task, number_of, writing
from tests.factories import make_wave
from tests.surveys.promised import cell, cells_of, codes, launch

APART = 1_000_000  # between the first numbers of two writers
STORED = """
SELECT answers FROM surveys_response
UNION ALL SELECT answers FROM collector.staged
UNION ALL SELECT answers FROM collector.mixed
"""
SPENT = "SELECT count(*) FROM collector.spent"
# What is acknowledged stays in memory for long, so that a kill surely takes some.
CARELESS = (
    "ALTER ROLE trustsurvey_collector IN DATABASE trustsurvey"
    " SET synchronous_commit = off",
    "ALTER SYSTEM SET wal_writer_delay = '10s'",
    "ALTER SYSTEM SET wal_writer_flush_after = '1GB'",
)


@dataclass(frozen=True)
class Counted:
    """Figures of one run; `repeated` were stored before their kill, replied to after."""

    kills: int
    acknowledged: int
    missing: int
    doubled: int
    repeated: int

    def __str__(self) -> str:
        return (
            f"{self.kills} kills, {self.acknowledged:,} acknowledged,"
            f" {self.missing} missing, {self.doubled} doubled"
            f" ({self.repeated} replies came with the second attempt)"
        )


def tasks(people: int) -> list[Task]:
    """Three writers at open links, three with typed codes, two with signatures."""
    with quick_keys():
        promised = launch([cell(2 * people)])
    typed = launch([cell(3 * people)], mode=Survey.Mode.CONFIDENTIAL)
    (team,), (other,) = cells_of(promised), cells_of(typed)
    opened = str(make_wave().pk)
    given = [Task(opened, 0, people, []) for _ in range(3)]
    for wave, of, key in ((typed, other, ""), (promised, team, str(team.pk))):
        known = codes(wave, of)
        given += [
            Task(str(wave.pk), 0, people, known[start : start + people], key)
            for start in range(0, len(known), people)
        ]
    return [
        Task(t.wave, APART * writer, t.count, t.codes, t.cell)
        for writer, t in enumerate(given)
    ]


def endure(
    installation: Installation,
    *,
    kills: int,
    most: int,
    seed: int,
    changes: Sequence[str] = (),
) -> Counted:
    """Kill after at most `most` more answers each time; count when all is quiet."""
    random = Random(seed)
    given = tasks(kills * most + 200)
    for change in changes:
        installation.ask(change)
    installation.ask("SELECT pg_reload_conf()")
    with writing(installation, given) as writers:
        for _ in range(kills):
            writers.wait_for(random.randint(most // 4, most))
            installation.kill()
            installation.start()
        writers.wait_for(20)
    stored = Counter(number_of(a) for (a,) in installation.ask(STORED))
    acknowledged = set(writers.acknowledged)
    assert len(acknowledged) == len(writers.receipts)
    return Counted(
        kills,
        len(acknowledged),
        missing=len(acknowledged - stored.keys()),
        doubled=sum(stored.values()) - len(stored),
        repeated=sum(receipt == "same" for _, receipt in writers.receipts),
    )


def holds(installation: Installation, say: Say, *, kills: int, most: int) -> None:
    counted = endure(installation, kills=kills, most=most, seed=1)
    say(f"R1: {counted}")
    assert counted.missing == counted.doubled == 0
    assert counted.acknowledged >= kills * (most // 4)


def loses(installation: Installation, say: Say, *, kills: int, most: int) -> None:
    counted = endure(installation, kills=kills, most=most, seed=2, changes=CARELESS)
    say(f"R1, control with synchronous_commit = off: {counted}")
    assert counted.missing > 0
    assert counted.doubled == 0


def test_no_answer_is_lost_when_postgresql_is_killed(
    installation: Installation, say: Say
) -> None:
    holds(installation, say, kills=3, most=200)


def test_the_control_without_synchronous_commit_loses_some(
    installation: Installation, say: Say
) -> None:
    loses(installation, say, kills=1, most=200)


@pytest.mark.long
def test_no_answer_is_lost_in_twenty_kills(
    installation: Installation, say: Say
) -> None:
    holds(installation, say, kills=20, most=800)


@pytest.mark.long
def test_the_control_loses_in_twenty_kills(
    installation: Installation, say: Say
) -> None:
    loses(installation, say, kills=20, most=800)
