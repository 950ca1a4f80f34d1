"""A small family of processes: all live, or none.

`up` is the parent. Each child runs under `python -m trustsurvey.processes`, whose
watcher ends it when the parent is gone, even by kill -9: the parent alone holds the
write end of a pipe, and the kernel closes that for it. What nevertheless stayed is
named in `var/up.json` and swept by the next start, if its command line proves that
it is ours. Standard library only.
"""

import fcntl
import json
import os
import runpy
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from trustsurvey.proc import command_of

PROJECT = Path(__file__).resolve().parent.parent
GRACE = 8.0  # seconds for a child to finish what it is doing


class AlreadyRunning(Exception):
    """Another `up` uses the same state folder."""


class Family:
    """The children of one `up` on one state folder."""

    def __init__(self, var: Path) -> None:
        var = var.resolve()
        self._var = var
        self._record = var / "up.json"
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        var.mkdir(parents=True, exist_ok=True)
        self._lock = os.open(var / "up.lock", os.O_RDWR | os.O_CREAT, 0o600)
        self._take_lock()
        self._sweep()
        self._read_end, self._write_end = os.pipe()

    def start(self, name: str, arguments: Sequence[str]) -> None:
        """Start `python ARGUMENTS` in a session of its own, so that Ctrl-C is ours."""
        watched = ["-m", "trustsurvey.processes", str(self._var), str(self._read_end)]
        self._children[name] = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, *watched, *arguments],
            cwd=PROJECT,
            env={**os.environ, "TRUSTSURVEY_DATABASE_HELD": "true"},
            stdin=subprocess.DEVNULL,
            pass_fds=[self._read_end],
            start_new_session=True,
        )
        self._write_record(stopping=False)

    def dead(self) -> str | None:
        """Return one sentence about a child that has ended, or None."""
        for name, child in self._children.items():
            if child.poll() is not None:
                status = child.returncode
                how = f"signal {-status}" if status < 0 else f"status {status}"
                return f"The {name} ended unexpectedly with {how}."
        return None

    def stop(self) -> None:
        """End all children, by force at last, and give up the state folder."""
        if self._lock < 0:
            return
        self._write_record(stopping=True)
        for child in self._children.values():
            _signal_group(child.pid, signal.SIGTERM)
        deadline = time.monotonic() + GRACE + 2
        for child in self._children.values():
            with suppress(subprocess.TimeoutExpired):
                child.wait(max(0.0, deadline - time.monotonic()))
            _signal_group(child.pid, signal.SIGKILL)  # also what the child left
            child.wait()
        self._record.unlink(missing_ok=True)
        for descriptor in (self._read_end, self._write_end, self._lock):
            os.close(descriptor)
        self._lock = -1

    def _take_lock(self) -> None:
        """Be the only one, waiting for another that is just stopping."""
        deadline = time.monotonic() + 2
        while True:
            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                record = self._recorded()
                more = 2 * GRACE if record.get("stopping") else 0
                if time.monotonic() > deadline + more:
                    os.close(self._lock)
                    raise AlreadyRunning(
                        f"The site of {self._var} is running already (process"
                        f" {record.get('up', 'unknown')}): stop it first."
                    ) from None
                time.sleep(0.1)
            else:
                return

    def _write_record(self, *, stopping: bool) -> None:
        record = {
            "up": os.getpid(),
            "stopping": stopping,
            "children": {name: child.pid for name, child in self._children.items()},
        }
        unfinished = self._record.with_suffix(".new")
        unfinished.write_text(json.dumps(record) + "\n")
        unfinished.replace(self._record)

    def _sweep(self) -> None:
        """End what an earlier `up` left behind."""
        left = [
            process
            for process in self._recorded().get("children", {}).values()
            if self._is_ours(process)
        ]
        for process in left:
            _signal_group(process, signal.SIGTERM)
        deadline = time.monotonic() + GRACE + 2
        for process in left:
            while self._is_ours(process) and time.monotonic() < deadline:
                time.sleep(0.05)
            if self._is_ours(process):
                _signal_group(process, signal.SIGKILL)
        self._record.unlink(missing_ok=True)

    def _recorded(self) -> dict[str, Any]:
        try:
            record: dict[str, Any] = json.loads(self._record.read_text())
        except (FileNotFoundError, ValueError):
            return {}
        return record

    def _is_ours(self, process: int) -> bool:
        command = command_of(process) or ""
        return f"trustsurvey.processes {self._var} " in command


def _signal_group(process: int, number: signal.Signals) -> None:
    """Signal a child's whole group; a child leads its own."""
    # macOS forbids signals to a group of zombies
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process, number)


def _watch(descriptor: int) -> None:
    """Wait for the parent's end, then end this process and its group."""
    while os.read(descriptor, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE)
    os.killpg(os.getpgid(0), signal.SIGKILL)


def main(arguments: list[str]) -> None:
    """Run `VAR DESCRIPTOR -m MODULE ...` or `VAR DESCRIPTOR SCRIPT ...` while watched."""
    _var, descriptor, *rest = arguments
    watcher = threading.Thread(target=_watch, args=[int(descriptor)], daemon=True)
    watcher.start()
    if rest[0] == "-m":
        sys.argv = rest[1:]
        runpy.run_module(rest[1], run_name="__main__", alter_sys=True)
    else:
        sys.argv = rest
        runpy.run_path(rest[0], run_name="__main__")


if __name__ == "__main__":
    main(sys.argv[1:])
