"""R6: the database is away while clients want to deliver."""

import asyncio
from collections.abc import Sequence
from random import Random

import pytest

from tests.endurance.clients import BUSY, NO_REPLY, Pauses, Told, deliver, finished
from tests.endurance.conftest import Say
from tests.endurance.installation import Installation
from tests.endurance.rights import Request, make_rights, once, stored
from tests.endurance.web import gunicorn


async def outage(
    installation: Installation,
    port: int,
    requests: Sequence[Request],
    *,
    away: float,
    pauses: Pauses,
    told: Told,
) -> float:
    """Stop the database for `away` seconds; return how long the last needed after.

    A twentieth of the clients deliver before; the others begin one after the other until
    shortly before its return.
    """
    random = Random(6)
    early = len(requests) // 20
    stopping = asyncio.Event()

    async def client(place: int, request: Request) -> None:
        if place >= early:
            await stopping.wait()
            await asyncio.sleep(random.uniform(0, 0.9 * away))
        await deliver(port, request, pauses=pauses, random=random, told=told)

    clients = [asyncio.create_task(client(*one)) for one in enumerate(requests)]
    while told.received < early:
        await asyncio.sleep(0.01)
    stopping.set()
    await asyncio.to_thread(installation.cluster.stop)
    before = told.received
    await asyncio.sleep(away)
    assert told.received == before
    await asyncio.to_thread(installation.start)
    back = asyncio.get_running_loop().time()
    await asyncio.gather(*clients)
    return asyncio.get_running_loop().time() - back


def holds(
    installation: Installation, say: Say, *, clients: int, away: float, pauses: Pauses
) -> None:
    rights = make_rights("sealed", clients)
    requests = [right.request() for right in rights]
    told = Told()
    with gunicorn(installation.var / "web.log") as web:
        last = finished(
            outage(
                installation, web.port, requests, away=away, pauses=pauses, told=told
            ),
            within=away + 240,
        )
    say(
        f"R6: database away for {away:.0f} s, {clients:,} clients:"
        f" {told.received:,} delivered, the last {last:.1f} s after its return;"
        f" {told.statuses[BUSY]:,} replies 503 ({told.without_retry_after} without"
        f" Retry-After), {told.statuses[NO_REPLY]} attempts without a reply"
    )
    assert told.received == clients
    assert told.statuses[BUSY] >= clients // 2
    assert told.without_retry_after == 0
    # what this process kept open ended with the database
    with installation.connected():
        assert stored(rights[0].wave) == once(rights[0], clients)


def test_what_could_not_be_stored_is_delivered_later(
    installation: Installation, say: Say
) -> None:
    holds(installation, say, clients=50, away=2.5, pauses=Pauses(0.1, 0.8))


@pytest.mark.long
def test_a_thousand_clients_deliver_after_ten_minutes(
    installation: Installation, say: Say
) -> None:
    holds(installation, say, clients=1_000, away=600.0, pauses=Pauses.of_the_browser())
