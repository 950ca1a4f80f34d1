"""R5: the disk is full while answers come in, and the site is the real one (`up`)."""

import signal
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

import psycopg
import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests.endurance.clients import BUSY, Pauses, Told, attempt, deliver_all, finished
from tests.endurance.conftest import Say
from tests.endurance.installation import Installation, copy_cluster, new_folder
from tests.endurance.narrow import Narrow, SizeLimit, SmallDisk, can_mount, mounted
from tests.endurance.rights import Request, make_rights, once, stored

WAY = "small disk" if can_mount() else "size limit"
PAUSES = Pauses(0.2, 2.0)


@contextmanager
def site(installation: Installation) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """`manage.py up` inside the block; its process and port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    up = installation.program(
        *("manage.py", "up", "--no-demo", "--port", str(port)),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert up.stdout is not None
    said = []
    try:
        for line in up.stdout:
            said.append(line)
            if "The site is at" in line:
                break
        else:
            raise AssertionError("".join(said))
        # what it says later must not fill the pipe
        reader = subprocess.Popen(["cat"], stdin=up.stdout, stdout=subprocess.DEVNULL)
        try:
            yield up, port
            up.send_signal(signal.SIGTERM)
            up.wait(60)
        finally:
            # what outlives the site keeps the pipe open
            reader.kill()
            reader.wait()
    finally:
        up.kill()
        up.wait()
        up.stdout.close()


async def meanwhile(
    port: int, requests: Sequence[Request], told: Told, refusals: int
) -> list[Request]:
    """Send one after the other until so many were refused; what is left to deliver."""
    left = []
    for number, request in enumerate(requests):
        if not told.hear(*await attempt(port, request)):
            left.append(request)
        if len(left) == refusals:
            return left + list(requests[number + 1 :])
    raise AssertionError(f"Only {len(left)} of {len(requests)} were refused.")


def fill_the_log(installation: Installation) -> None:
    """Make the server need another file of its write-ahead log."""
    patient: dict[str, Any] = {
        "connect_timeout": 10,
        "options": "-c statement_timeout=10s",
    }
    with (
        suppress(psycopg.Error),
        psycopg.connect(**installation.login, **patient) as connection,
    ):
        connection.execute("SELECT pg_switch_wal()")
        connection.execute("CREATE TABLE one_more ()")


def endure(installation: Installation, say: Say, way: str, people: int) -> None:
    rights = make_rights("sealed", people)
    requests = [right.request() for right in rights]
    with site(installation) as (up, port):
        disk: Narrow = (
            SmallDisk(installation.var / "postgres")
            if way == "small disk"
            else SizeLimit(installation, up.pid)
        )
        calm, full = Told(), Told()
        some = people // 10
        finished(deliver_all(port, requests[:some], pauses=PAUSES, told=calm))
        assert calm.statuses == {201: some}
        disk.fill()
        left = finished(meanwhile(port, requests[some:], full, some))
        fill_the_log(installation)
        left = finished(meanwhile(port, left, full, some))
        dead = installation.cluster.postmaster() is None
        disk.make_room()
        after = Told()
        finished(deliver_all(port, left, pauses=PAUSES, told=after))
        assert up.poll() is None
    say(
        f"R5 ({way}): {people} people, {full.received} received and"
        f" {full.statuses[BUSY]} told 503 while it was full"
        f" ({full.without_retry_after} without Retry-After; the database itself"
        f" {'ended' if dead else 'went on'}); all delivered after there was room"
    )
    assert full.statuses[BUSY] == 2 * some
    assert full.without_retry_after == 0
    received = calm.received + full.received + after.received
    assert received == people
    with installation.held(), installation.connected():
        assert stored(rights[0].wave) == once(rights[0], people)


@contextmanager
def narrow(pristine: Installation, way: str) -> Iterator[Installation]:
    with ExitStack() as stack:
        var = stack.enter_context(new_folder())
        if way == "small disk":
            stack.enter_context(mounted(var / "postgres"))
        copy_cluster(pristine, var / "postgres")
        made = Installation(var)
        with made.held(), made.connected():
            yield made
            made.kill()


def test_a_full_disk_refuses_and_loses_nothing(
    pristine: Installation, django_db_blocker: DjangoDbBlocker, say: Say
) -> None:
    with django_db_blocker.unblock(), narrow(pristine, WAY) as installation:
        endure(installation, say, WAY, people=100)


@pytest.mark.long
def test_a_thousand_answers_and_a_full_disk(
    pristine: Installation, django_db_blocker: DjangoDbBlocker, say: Say
) -> None:
    with django_db_blocker.unblock(), narrow(pristine, WAY) as installation:
        endure(installation, say, WAY, people=1_000)
