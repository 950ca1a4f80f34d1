"""Mixing in a process of its own that dies in the middle, or whose backend does.

`python -m tests.endurance.mixer` reads an order a line, forks, mixes, and answers with a
line of what became of it. What dies is chosen by the number of a statement and by how
long after its start.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from threading import Timer
from typing import TYPE_CHECKING, Any
from uuid import UUID

from tests.endurance.patience import patiently

if TYPE_CHECKING:
    from tests.endurance.installation import Installation

CUT_OFF = 3  # exit status of a process whose backend died


@dataclass(frozen=True)
class Order:
    """Flush or finish a wave and be struck there.

    Attributes
    ----------
    what : str
        ``flush`` or ``finish``, as in surveys/mixing.py.
    statement : int
        Number of the statement during which it happens, from 1; 0 for never.
    delay : float
        Seconds after the start of that statement.
    victim : str
        ``process``, ``backend`` or ``both``.
    """

    what: str
    wave: str
    statement: int = 0
    delay: float = 0.0
    victim: str = ""


@dataclass(frozen=True)
class Fate:
    """How it ended: whether struck, else after how many statements."""

    struck: bool
    statements: int


class Mixer:
    """The running program, as the test sees it."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def carry_out(self, order: Order) -> Fate:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asdict(order)) + "\n")
        self._process.stdin.flush()
        return Fate(**json.loads(self._process.stdout.readline()))


@contextmanager
def mixing_apart(installation: "Installation") -> Iterator[Mixer]:
    process = installation.program(
        *("-m", "tests.endurance.mixer"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with process:
        try:
            yield Mixer(process)
        finally:
            assert process.stdin is not None
            process.stdin.close()
            process.wait(60)


# --------------------------------------------------------------- in its processes


class Striker:
    """Counts the statements of this process and strikes during one of them."""

    def __init__(self, order: Order, backend: int) -> None:
        self.order, self.backend, self.seen = order, backend, 0

    def __call__(
        self, execute: Callable[..., Any], sql: str, *rest: Any, **options: Any
    ) -> Any:
        self.seen += 1
        if self.seen == self.order.statement:
            Timer(self.order.delay, self._strike).start()
        return execute(sql, *rest, **options)

    def _strike(self) -> None:
        if self.order.victim != "process":
            os.kill(self.backend, signal.SIGKILL)
        if self.order.victim != "backend":
            os.kill(os.getpid(), signal.SIGKILL)


def _mix(order: Order, report: int) -> int:
    from django.db import DatabaseError, InterfaceError, connections

    from surveys import mixing

    mix = {"flush": mixing.flush, "finish": mixing.finish}[order.what]
    patiently(connections["owner"].ensure_connection)
    striker = Striker(order, connections["owner"].connection.info.backend_pid)
    try:
        with connections["owner"].execute_wrapper(striker):
            mix(UUID(order.wave))
    except (DatabaseError, InterfaceError):
        if order.statement == 0:
            raise
        return CUT_OFF
    os.write(report, str(striker.seen).encode())
    return 0


def _fork(order: Order) -> Fate:
    """Mix in a child; a strike that came too late is none."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            status = _mix(order, writing)
        finally:
            sys.stderr.flush()
            os._exit(status)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        seen = pipe.read()
    _, status = os.waitpid(child, 0)
    if status and os.waitstatus_to_exitcode(status) not in (CUT_OFF, -signal.SIGKILL):
        raise RuntimeError(f"Mixing failed by itself with status {status}.")
    return Fate(struck=bool(status), statements=int(seen or 0))


def main() -> None:
    import django

    django.setup()
    for line in sys.stdin:
        fate = _fork(Order(**json.loads(line)))
        print(json.dumps(asdict(fate)), flush=True)


if __name__ == "__main__":
    main()
