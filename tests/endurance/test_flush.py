"""R11: mixing is killed anywhere, its process or its backend, and loses nothing."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from itertools import count, cycle
from random import Random

import pytest

from surveys import mixing
from surveys.models import Survey, Wave
from tests.attack.people import until_clean
from tests.endurance.conftest import Say
from tests.endurance.installation import Installation
from tests.endurance.mixer import Mixer, Order, mixing_apart
from tests.endurance.patience import patiently
from tests.endurance.writers import Task, Writers, number_of, writing
from tests.factories import NOW
from tests.surveys.promised import answer_typed, cell, cells_of, codes, launch

LONGEST_DELAY = 0.02  # seconds, as the longer statements take; most take a hundredth
VICTIMS = ("process", "backend", "both")
BATCH = 12  # new answers before each attempt, so that there is something to mix
# one statement, one snapshot: true at every moment or not at all
BOOK = """
SELECT (SELECT count(*) FROM collector.spent WHERE wave_id = %(wave)s),
       (SELECT count(*) FROM collector.mixed WHERE wave_id = %(wave)s),
       (SELECT count(*) FROM collector.staged WHERE wave_id = %(wave)s),
       (SELECT count(*) FROM surveys_response WHERE wave_id = %(wave)s),
       (SELECT state FROM collector.wave WHERE id = %(wave)s)
""".replace("%(wave)s", "%s::uuid")
ANSWERS = """
SELECT answers FROM collector.mixed UNION ALL SELECT answers FROM collector.staged
"""
Book = tuple[int, int, int, int, str]


def book(installation: Installation, wave: Wave) -> Book:
    ((spent, mixed, staged, handed, state),) = installation.ask(BOOK, *[wave.pk] * 5)
    return spent, mixed, staged, handed, state


def strike(mixer: Mixer, order: Callable[[], Order]) -> None:
    """Carry out orders until one is struck; one that ends before counts for nothing."""
    for _ in range(20):
        if mixer.carry_out(order()).struck:
            return
    raise AssertionError("Mixing ended twenty times before anybody struck.")


def drawn(wave: Wave, what: str, statements: int, victim: str, random: Random) -> Order:
    return Order(
        what,
        str(wave.pk),
        random.randint(1, statements),
        LONGEST_DELAY * 10 ** -random.uniform(0, 3),
        victim,
    )


def flushed(
    installation: Installation, mixer: Mixer, writers: Writers, wave: Wave, kills: int
) -> Counter[str]:
    """Kill flushes; the book is right after each."""
    random, victims = Random(11), cycle(VICTIMS)
    writers.wait_for(BATCH)
    calm = mixer.carry_out(Order("flush", str(wave.pk)))
    assert calm.statements > 10
    seen: Counter[str] = Counter()
    for _ in range(kills):
        victim = next(victims)

        def order(victim: str = victim) -> Order:
            writers.wait_for(BATCH)
            return drawn(wave, "flush", calm.statements, victim, random)

        strike(mixer, order)
        spent, mixed, staged, handed, state = book(installation, wave)
        assert spent == mixed + staged
        assert (handed, state) == (0, "open")
        seen[victim] += 1
    return seen


def flushes_hold(installation: Installation, say: Say, kills: int) -> None:
    people = 400 * kills
    wave = launch([cell(people)], mode=Survey.Mode.CONFIDENTIAL)
    (team,) = cells_of(wave)
    known = codes(wave, team)
    half = people // 2
    tasks = [
        Task(str(wave.pk), first, half, known[first : first + half], pause=0.02)
        for first in (0, half)
    ]
    with mixing_apart(installation) as mixer, writing(installation, tasks) as writers:
        seen = flushed(installation, mixer, writers, wave, kills)
    patiently(lambda: mixing.flush(wave.pk))
    until_clean(wave.pk)
    stored = Counter(number_of(a) for (a,) in installation.ask(ANSWERS))
    assert stored == Counter(writers.acknowledged)
    spent, mixed, staged, _, _ = book(installation, wave)
    assert spent == mixed + staged == len(writers.receipts)
    say(
        f"R11: {kills} kills of a flush {dict(seen)}, spent = mixed + staged after each;"
        f" {spent:,} answers acknowledged meanwhile, all there once"
    )


def ends_hold(installation: Installation, say: Say, kills: int) -> None:
    """Each wave ends once: begun again after a kill, every answer is handed over once."""
    random, victims, rolled, wanted = Random(12), cycle(VICTIMS), 0, kills
    with mixing_apart(installation) as mixer:
        calm = mixer.carry_out(Order("finish", str(in_its_grace().pk)))
        for number in count():
            wave, victim = patiently(in_its_grace), next(victims)
            order = drawn(wave, "finish", calm.statements, victim, random)
            killed = mixer.carry_out(order).struck
            state = told(book(installation, wave))
            rolled += killed and state != "closed"
            patiently(partial(mixing.finish, wave.pk))
            until_clean(wave.pk)
            assert book(installation, wave) == (0, 0, 0, BATCH, "closed")
            kills -= killed
            if not kills:
                break
            assert number < 500
    say(
        f"R11: {wanted} kills of the end of a wave, {rolled} of them before it had ended;"
        f" begun again, all {wanted} waves closed with every answer once"
    )


def told(found: Book) -> str:
    """State of a wave of one batch, whose answers must be in one place or the other."""
    spent, mixed, staged, handed, state = found
    if state == "closed":
        assert (spent, mixed, staged, handed) == (0, 0, 0, BATCH)
    else:
        # handed over already where the kill came before the collector forgot
        assert spent == mixed + staged == BATCH
        assert handed in (0, BATCH if state == "ending" else 0)
    return state


def in_its_grace() -> Wave:
    wave = launch([cell(BATCH)], mode=Survey.Mode.CONFIDENTIAL)
    (team,) = cells_of(wave)
    list(answer_typed(wave, team, BATCH))
    assert mixing.close_issuing(wave.organization_id, wave.pk, at=NOW)
    return wave


def test_a_flush_may_die_anywhere(installation: Installation, say: Say) -> None:
    flushes_hold(installation, say, kills=8)


def test_the_end_of_a_wave_may_die_anywhere(
    installation: Installation, say: Say
) -> None:
    ends_hold(installation, say, kills=3)


@pytest.mark.long
def test_fifty_flushes_may_die_anywhere(installation: Installation, say: Say) -> None:
    flushes_hold(installation, say, kills=50)


@pytest.mark.long
def test_fifty_ends_may_die_anywhere(installation: Installation, say: Say) -> None:
    ends_hold(installation, say, kills=50)
