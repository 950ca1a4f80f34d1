"""The promise attacked with everything there is (and found to hold after mixing).

Nothing may tell who answered what: neither to somebody with the whole server nor to
somebody who, besides, watched from outside in which order people opened and sent. What
cannot be seeded here (the database mixes with a cryptographic generator) is chance, so
that a finding counts when it comes back in fresh waves.
"""

import gc
from collections.abc import Callable, Iterator
from hashlib import sha256
from itertools import product
from typing import Any

import numpy as np
import pytest

from surveys import mixing
from surveys.collect.intake import Receipt
from tests.attack.conftest import Attacker, ForgetAll, MakeField
from tests.attack.evidence import Evidence
from tests.attack.linking import Finding, Guess, above_chance, findings, table
from tests.attack.people import LEAST_BATCH, OTHERS_IN_FLIGHT, until_clean
from tests.surveys.promised import sheet, submit
from tests.surveys.test_mixing import rows

SIZE = 60
OF_THE_SITE = {
    "surveys_participant",
    "surveys_invitation",
    "surveys_message",
    "bytes of public.message_one_per_kind_and_round",
}
Guesses = list[tuple[str, Guess]]
Attack = Callable[[int, int], Guesses]


@pytest.fixture
def attack(new_field: MakeField, attacker: Attacker, forget_all: ForgetAll) -> Attack:
    """Attack waves of 60 at each overlap: open after a flush, every fifth finished."""

    def run(waves: int, seed: int) -> Guesses:
        rng = np.random.default_rng(seed)
        found: Guesses = []
        for others, number in product(OTHERS_IN_FLIGHT, range(waves)):
            field = new_field(SIZE, seed * 10_000 + others * 1_000 + number)
            field.run(others)
            until_clean(field.wave.pk)
            state = f"[{others} others, open]"
            found += named(state, Evidence(field, attacker).guesses(rng))
            if number % 5 == 0:
                field.close()
                state = f"[{others} others, finished]"
                found += named(state, Evidence(field, attacker).guesses(rng))
            forget_all()
            gc.collect()
        return found

    return run


def named(state: str, found: Iterator[tuple[str, Guess]]) -> Guesses:
    return [(f"{state} {channel}", one) for channel, one in found]


def repeated(first: list[Finding], again: list[Finding]) -> list[Finding]:
    """Findings above chance that fresh waves show too."""
    seen = {one.channel for one in above_chance(again)}
    return [one for one in above_chance(first) if one.channel in seen]


def test_after_a_flush_nobody_can_be_linked(attack: Attack) -> None:
    found = findings(attack(1, 1))
    if above_chance(found):
        found = repeated(found, findings(attack(1, 2)))
        assert not found, table(found, lines=20)


@pytest.mark.long
def test_twelve_thousand_people_cannot_be_linked(attack: Attack) -> None:
    found = findings(attack(50, 3))
    print(f"\n{4 * 50 * SIZE} people, {len(found)} tests\n{table(found, lines=12)}")
    linked = [one for one in found if one.statistic == "linked pairs"]
    for others in OTHERS_IN_FLIGHT:
        shares = [o.share for o in linked if o.channel.startswith(f"[{others} others")]
        print(
            f"{others:2} others in flight: {len(shares)} channels link"
            f" {np.mean(shares):.2%} on average, {max(shares):.2%} at most;"
            f" chance {1 / SIZE:.2%}"
        )
    if above_chance(found):
        found = repeated(found, findings(attack(10, 4)))
        assert not found, table(found, lines=20)


@pytest.mark.parametrize("others", OTHERS_IN_FLIGHT)
def test_before_a_flush_the_order_links_and_we_say_so(
    new_field: MakeField, attacker: Attacker, others: int
) -> None:
    """Nothing watched, nothing mixed: the figures published in docs/anonymity.md."""
    field = new_field(SIZE, others)
    field.run(others, flushing=False)
    rng = np.random.default_rng(others)
    found = findings(Evidence(field, attacker).guesses(rng, oracles=False))
    best = max(
        (one for one in found if of_people_and_answers(one.channel)),
        key=lambda one: one.share,
    )
    print(
        f"\n{others:2} others in flight, before a flush: {best.share:.1%} of"
        f" {SIZE} linked (chance {best.chance:.1%}) by {best.channel}"
    )
    assert above_chance(found)


def test_the_copy_is_one_of_a_site_that_runs(
    new_field: MakeField, attacker: Attacker
) -> None:
    """People stand in lists, invitations and messages; the worker has done its jobs."""
    field = new_field(SIZE, 7)
    field.run(1)
    places = {place for _, place in Evidence(field, attacker).traces(oracles=False)}
    found = {name for name in OF_THE_SITE if any(name in place for place in places)}
    print(f"\n{len(places)} places tell people apart")
    assert found == OF_THE_SITE
    reminded = rows("SELECT count(*) FROM surveys_message WHERE kind = 'reminder'")
    assert 0 < reminded[0][0] < SIZE / 2
    jobs = {name for (name,) in rows("SELECT task_name FROM procrastinate_jobs")}
    assert {"open_prepared_wave", "send_messages", "sweep_waves", "mix_waves"} <= jobs


def test_whoever_keeps_every_backup_sees_batches_of_ten_and_no_less(
    new_field: MakeField,
) -> None:
    """What two backups differ in: ten who opened, ten answers; hence keep the last only."""
    field = new_field(SIZE, 5)
    opened, arrived = set[Any](), set[Any]()
    batches = []
    for first in range(0, SIZE, LEAST_BATCH + 2):
        for index in range(first, first + LEAST_BATCH + 2):
            field.open(index)
            field.submit(index)
        mixing.flush(field.wave.pk)
        now_opened = column("SELECT code FROM issuer.invitation WHERE issues > 0")
        now_arrived = column("SELECT answers::text FROM collector.mixed")
        batches.append((len(now_opened - opened), len(now_arrived - arrived)))
        opened, arrived = now_opened, now_arrived
    print(f"\nbackups after every flush show batches of {batches}")
    assert batches == [(LEAST_BATCH + 2,) * 2] * 5


def test_what_was_sent_is_not_recognised_by_its_digest(new_field: MakeField) -> None:
    """Padding is known, so that every pair of answers and remark could be tried."""
    field = new_field(SIZE, 6)
    same = sheet(field.collected)
    for index in range(LEAST_BATCH):
        field.open(index)
        held = field.people[index].held
        assert held is not None
        assert submit(field.collected, held, same) is Receipt.STORED
        assert submit(field.collected, held, same) is Receipt.SAME
    kept = column("SELECT body FROM collector.spent")
    assert len(kept) == LEAST_BATCH
    assert sha256(same.body).digest() not in kept


def column(query: str) -> set[Any]:
    return {bytes(v) if isinstance(v, memoryview) else v for (v,) in rows(query)}


def of_people_and_answers(channel: str) -> bool:
    """Not of what only one side holds: a token, or answers and remarks together."""
    left, right = (side.split()[0] for side in channel.split(" ~ "))
    return left == "answers" and right in ("blinded", "code")
