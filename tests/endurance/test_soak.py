"""R15: answers without a pause; what was accepted is stored, and memory stays flat."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest

from tests.endurance.conftest import Say
from tests.endurance.rights import WAYS, Request, Right, Way, make_rights, once, stored
from tests.endurance.web import Web

WRITERS = 4
# What a worker may have gained. Python gives memory back in arenas of 1 MB and glibc
# keeps some for each of the four threads: that scatters by a few megabytes and does not
# grow with the number of requests, which a leak does. A leak of 1 kB a request would
# gain 10 MB within a minute.
TOLERANCE = 10_000_000


class Crowd:
    """People of all three ways, each to answer once."""

    def __init__(self, size: int) -> None:
        self._rights = [right for way in WAYS for right in make_rights(way, size)]
        Random(size).shuffle(self._rights)

    def answer(self, web: Web) -> Counter[Way]:
        """Let everybody answer, from several writers; returns what was accepted."""
        with ThreadPoolExecutor(WRITERS) as writers:
            replied = writers.map(lambda right: self._sends(web, right), self._rights)
            return Counter(replied)

    def _sends(self, web: Web, right: Right) -> Way:
        """Look at the page, send, and send again."""
        page = f"/s/{right.wave.pk}/en/"
        assert web.ask(Request(page, b"", {})).status in (200, 302)
        assert web.ask(right.request()).status == 201
        assert web.ask(right.request()).status == 200
        return right.way

    def assert_stored(self, accepted: Counter[Way]) -> None:
        for right in {right.way: right for right in self._rights}.values():
            assert stored(right.wave) == once(right, accepted[right.way]), right.way


def resident(web: Web) -> dict[int, int]:
    """Bytes of memory of each worker."""
    return {worker.pid: worker.memory_info().rss for worker in web.workers()}


@pytest.mark.parametrize(
    ("seconds", "size"), [(0, 20), pytest.param(600, 200, marks=pytest.mark.long)]
)
def test_what_was_accepted_is_stored_and_memory_stays_flat(
    database: None, web: Web, seconds: float, size: int, say: Say
) -> None:
    """New waves come all the time, so that what is kept for each is seen to be bounded."""
    began = time.monotonic()
    Crowd(size).answer(web)
    before = resident(web)
    total = Counter[Way]()
    while not total or time.monotonic() < began + seconds:
        crowd = Crowd(size)
        accepted = crowd.answer(web)
        crowd.assert_stored(accepted)
        total += accepted
    after = resident(web)
    assert set(after) == set(before)  # no worker was replaced
    gained = max(after[worker] - before[worker] for worker in before)
    say(
        f"{total.total():,} answers accepted and stored in"
        f" {time.monotonic() - began:,.0f} s {dict(total)}; a worker of"
        f" {max(before.values()) / 1e6:.0f} MB gained {gained / 1e6:.1f} MB at most"
    )
    assert gained < TOLERANCE
