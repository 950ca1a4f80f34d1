"""Respondents who submit as fast as they can, in processes of their own.

`python -m tests.endurance.writers TASKS.json` writes one line for each answer that was
acknowledged: its number and the receipt. Whoever gets an error instead sends the same
answer with the same credential again, until it is acknowledged.
"""

import json
import os
import secrets
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Condition, Thread
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from tests.endurance.patience import patiently

if TYPE_CHECKING:
    from surveys.collect.intake import Receipt
    from tests.endurance.installation import Installation

PATIENCE = 120.0  # seconds without any acknowledgement
ITEMS = 29  # of the brand study


@dataclass(frozen=True)
class Task:
    """What one writer does: people `first`, `first` + 1, ... answer one wave.

    Without codes it is a wave of an open link; `cell` names the cell whose key signs,
    else the codes are typed.
    """

    wave: str
    first: int
    count: int
    codes: list[str]
    cell: str = ""
    pause: float = 0.0  # seconds between two answers


def answers_of(number: int) -> tuple[int, ...]:
    """Answers that nobody else gives: the number's digits to the base three, plus 2."""
    return tuple(2 + number // 3**place % 3 for place in range(ITEMS))


def number_of(answers: Sequence[int]) -> int:
    return sum((point - 2) * 3**place for place, point in enumerate(answers))


class Writers:
    """The running writers, as the test sees them."""

    def __init__(
        self, installation: "Installation", tasks: Sequence[Task], folder: Path
    ) -> None:
        self.receipts: list[tuple[int, str]] = []
        self._news = Condition()
        self._stop = folder / "stop"
        plan = folder / "tasks.json"
        content = {"stop": str(self._stop), "tasks": [asdict(task) for task in tasks]}
        plan.write_text(json.dumps(content))
        self._process = installation.program(
            *("-m", "tests.endurance.writers", str(plan)), stdout=subprocess.PIPE
        )
        self._reader = Thread(target=self._read)
        self._reader.start()

    @property
    def acknowledged(self) -> list[int]:
        with self._news:
            return [number for number, _ in self.receipts]

    def wait_for(self, more: int) -> None:
        """Return when `more` answers than now have been acknowledged."""
        with self._news:
            wanted = len(self.receipts) + more
            if not self._news.wait_for(lambda: len(self.receipts) >= wanted, PATIENCE):
                raise AssertionError(
                    f"{wanted - len(self.receipts)} of {more} answers did not arrive."
                )

    def stop(self) -> None:
        """Let every writer finish the answer it is at."""
        self._stop.touch()
        try:
            status = self._process.wait(PATIENCE)
        finally:
            self._process.kill()
            self._reader.join()
        assert status == 0

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                number, receipt = line.split()
                with self._news:
                    self.receipts.append((int(number), receipt))
                    self._news.notify_all()


@contextmanager
def writing(installation: "Installation", tasks: Sequence[Task]) -> Iterator[Writers]:
    """Writers at work inside the block; afterwards all have been acknowledged."""
    team = Writers(installation, tasks, installation.var)
    try:
        yield team
    finally:
        team.stop()


# ------------------------------------------------------------- in their processes


def _write(task: Task, stop: Path) -> None:
    for number in range(task.first, task.first + task.count):
        if stop.exists():
            return
        receipt = patiently(_sender(task, number))
        # one write for each line: the writers share the pipe
        os.write(1, f"{number} {receipt.value}\n".encode())
        time.sleep(task.pause)


def _sender(task: Task, number: int) -> Callable[[], "Receipt"]:
    """One person's answer, the same at each call."""
    if not task.codes:
        return _open_link(task, number)
    return _signed(task, number) if task.cell else _typed(task, number)


def _open_link(task: Task, number: int) -> Callable[[], "Receipt"]:
    from surveys.collect.intake import find_wave, receive

    wave = patiently(lambda: find_wave(UUID(task.wave)))
    assert wave is not None
    key, answers = uuid4(), answers_of(number)
    return lambda: receive(wave, key=key, answers=answers, language="en")


def _typed(task: Task, number: int) -> Callable[[], "Receipt"]:
    from surveys.collect.sealed import Sheet, find_collected, receive_typed

    wave = patiently(lambda: find_collected(UUID(task.wave)))
    assert wave is not None
    code = task.codes[number - task.first]
    sheet = Sheet(secrets.token_bytes(32), answers_of(number), "en", {})
    return lambda: receive_typed(wave, typed=code, sheet=sheet)


def _signed(task: Task, number: int) -> Callable[[], "Receipt"]:
    from surveys.collect.sealed import Sheet, find_collected
    from surveys.models import Cell, Wave
    from tests.surveys.promised import Draft, public_key_of, submit

    wave = patiently(lambda: find_collected(UUID(task.wave)))
    assert wave is not None
    key = public_key_of(wave, Cell(pk=UUID(task.cell)))
    draft = Draft(Wave(pk=wave.wave_id), task.codes[number - task.first], key)
    held = patiently(draft.finish)
    sheet = Sheet(secrets.token_bytes(32), answers_of(number), "en", {})
    return lambda: submit(wave, held, sheet)


def main(plan: str) -> None:
    import django

    django.setup()
    content = json.loads(Path(plan).read_text())
    children = []
    for task in content["tasks"]:
        child = os.fork()
        if child == 0:
            status = 1
            try:
                _write(Task(**task), Path(content["stop"]))
                status = 0
            except BaseException:
                traceback.print_exc()
            finally:
                sys.stderr.flush()
                os._exit(status)
        children.append(child)
    failed = [child for child in children if os.waitpid(child, 0)[1]]
    sys.exit(bool(failed))


if __name__ == "__main__":
    main(sys.argv[1])
