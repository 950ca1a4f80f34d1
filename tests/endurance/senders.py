"""Workers that send mail and are killed, as the test sees them (see sender.py)."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from tests.endurance.web import PROJECT, _surroundings


class Senders:
    """The running program, as the test sees it."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.worker = 0

    def start(self, how: str = "careful") -> None:
        """Start a worker; the one before must have been killed."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{how}\n")
        self._process.stdin.flush()
        self.worker = int(self._process.stdout.readline())

    def kill(self) -> None:
        """`kill -9` to the worker."""
        if self.worker:
            with suppress(ProcessLookupError):
                os.kill(self.worker, signal.SIGKILL)
        self.worker = 0


@contextmanager
def senders(surroundings: dict[str, str]) -> Iterator[Senders]:
    """Run the program inside the block; its last worker is killed at the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.endurance.sender"],
        cwd=PROJECT,
        env={**os.environ, **_surroundings(), **surroundings},
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    running = Senders(process)
    try:
        yield running
    finally:
        running.kill()
        process.communicate(timeout=60)
