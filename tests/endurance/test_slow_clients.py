"""R10: slow clients and no connection to the database; others are served, none is lost.

Slow are: who says nothing, who stops within the head, who stops within the body, and who
does not read. There are more of each kind than the site has threads.
"""

import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from statistics import median

import psycopg
import pytest
from django.db import OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

from tests.endurance.conftest import Say
from tests.endurance.rights import WAYS, Request, Right, Way, make_rights, once, stored
from tests.endurance.slow import SlowClient, await_first_bytes, read_all, written
from tests.endurance.web import Web
from trustsurvey.roles import Login

THREADS = 8  # of the site: two workers of four
MOST = 2.0  # seconds, the 99th percentile of the others
OTHERS = 3  # clients at a time
# Seconds in which the others come: well within the patience for the slow ones, which are
# cut off after a minute (trustsurvey/gathering.py), on a busy machine too.
WHILE = 30.0
WARM = 10  # people whose first pages each worker renders, templates loaded


@pytest.fixture
def closing() -> Iterator[list[socket.socket]]:
    """Lines that are closed after the test, whatever came of it."""
    lines: list[socket.socket] = []
    yield lines
    for line in lines:
        line.close()


def stopped_clients(web: Web, rights: list[Right], each: int) -> list[SlowClient]:
    """`each` of the four kinds, everyone stuck; the answers in them are of `rights`."""
    page = written(Request(f"/s/{rights[0].wave.pk}/zh-hans/", b"", {}))
    reading = [SlowClient(web.port, page) for _ in range(each)]
    for client in reading:
        client.send(len(page))
    # their pages are work like any other: only what comes after it is slow
    await_first_bytes(reading)
    sending = [written(right.request()) for right in rights[: 2 * each]]
    in_head = [SlowClient(web.port, text) for text in sending[:each]]
    in_body = [SlowClient(web.port, text) for text in sending[each:]]
    silent = [SlowClient(web.port, b"") for _ in range(each)]
    for client in in_head:
        client.send(30)
    for client in in_body:
        client.send(len(client.left) - 10)
    return in_head + in_body + reading + silent


def seconds_of_others(web: Web, rights: list[Right]) -> list[float]:
    """Let the others look at the page and answer; how long each of two requests took.

    Those whose turn has not come after `WHILE` stay away.
    """
    end = time.monotonic() + WHILE

    def serve(right: Right) -> list[float]:
        taken: list[float] = []
        if time.monotonic() > end:
            return taken
        page = Request(f"/s/{right.wave.pk}/en/", b"", {})
        for request, status in ((page, 200), (right.request(), 201)):
            began = time.monotonic()
            assert web.ask(request).status == status
            taken.append(time.monotonic() - began)
        return taken

    with ThreadPoolExecutor(OTHERS) as others:
        return [one for taken in others.map(serve, rights) for one in taken]


def beside_slow_clients(
    web: Web, closing: list[socket.socket], say: Say, *, each: int, others: int
) -> tuple[list[float], list[float]]:
    """Serve everybody, count what was stored; seconds of the others before and beside."""
    rights = make_rights("sealed", 2 * each + others + WARM)
    slow, quick = rights[: 2 * each], rights[2 * each : -WARM]
    warm = seconds_of_others(web, rights[-WARM:])
    before = seconds_of_others(web, quick[: others // 2])
    clients = stopped_clients(web, slow, each)
    closing.extend(client.line for client in clients)
    taken = seconds_of_others(web, quick[others // 2 :])
    with_answers, reading = clients[: 2 * each], clients[2 * each : 3 * each]
    for client in with_answers:
        client.send(len(client.left))
    read_all(with_answers + reading)
    assert {client.status() for client in with_answers} == {201}
    assert {client.status() for client in reading} == {200}
    answered = len(slow) + sum(map(len, (warm, before, taken))) // 2
    assert stored(slow[0].wave) == once(slow[0], answered)
    say(
        f"{len(clients)} slow clients, {THREADS} threads: {len(taken)} requests of others"
        f" took {median(taken):.2f} s (median), {p99(taken):.2f} s (p99; {p99(before):.2f}"
        f" s without the slow); {answered} answers stored"
    )
    return before, taken


def test_slow_clients_keep_nobody_from_being_served(
    database: None, web: Web, closing: list[socket.socket], say: Say
) -> None:
    """With a thread for each slow client nobody else would be answered at all."""
    beside_slow_clients(web, closing, say, each=2 * THREADS, others=50)


@pytest.mark.long
def test_slow_clients_hold_up_nobody(
    database: None, web: Web, closing: list[socket.socket], say: Say
) -> None:
    before, taken = beside_slow_clients(web, closing, say, each=400, others=500)
    # two seconds on a quiet machine; where others keep it busy, twice what it took before
    assert p99(taken) < max(MOST, 2 * p99(before))


def p99(seconds: list[float]) -> float:
    return sorted(seconds)[int(0.99 * len(seconds))]


@contextmanager
def exhausted(login: Login) -> Iterator[None]:
    """Leave the site no connection to its database."""
    name = sql.Identifier(connections["default"].settings_dict["NAME"])
    limit = sql.SQL("ALTER DATABASE {} CONNECTION LIMIT {}")
    connections.close_all()
    with psycopg.connect(**login, autocommit=True) as administrator:
        # of this database alone: other tests use the same server
        administrator.execute(limit.format(name, sql.Literal(1)))
        holding = connections["collector"].copy()
        _take_the_last(holding)
        try:
            yield
        finally:
            holding.close()
            administrator.execute(limit.format(name, sql.Literal(-1)))


def _take_the_last(connection: BaseDatabaseWrapper) -> None:
    """Connect, as soon as the site's last request has left."""
    for _ in range(200):
        with suppress(OperationalError):
            connection.ensure_connection()
            return
        time.sleep(0.05)
    raise AssertionError("Somebody keeps a connection.")


@pytest.mark.parametrize("way", WAYS)
def test_without_a_connection_nothing_is_acknowledged_and_all_is_taken_later(
    database: None, web: Web, administrator: Login, way: Way, say: Say
) -> None:
    rights = make_rights(way, 20)
    began = time.monotonic()
    with exhausted(administrator), ThreadPoolExecutor(OTHERS) as others:
        replies = list(others.map(lambda right: web.ask(right.request()), rights))
    took = time.monotonic() - began
    assert {reply.status for reply in replies} == {503}
    assert all(5 <= int(reply.headers["Retry-After"]) < 15 for reply in replies)
    assert set(stored(rights[0].wave)) == {0}
    assert [web.ask(right.request()).status for right in rights] == [201] * len(rights)
    assert stored(rights[0].wave) == once(rights[0], len(rights))
    say(f"{way}: {len(rights)} refused with 503 in {took:.1f} s, then all stored")
