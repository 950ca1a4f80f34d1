"""A family of real processes: all live, or none."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.trustsurvey.listing import live_commands
from trustsurvey.processes import AlreadyRunning, Family

# a line is one write, so that those of parent and child do not mix
CHILD = "import os, time; os.write(1, b'alive\\n'); time.sleep(600)"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);" + CHILD
PARENT = """
import os, sys, time
from pathlib import Path
from trustsurvey.processes import Family
family = Family(Path(sys.argv[1]))
family.start("sleeper", [sys.argv[2]])
os.write(1, b"started\\n")
time.sleep(600)
"""


def ours(var: Path) -> list[int]:
    """Return the live children of any `up` on `var`."""
    return list(live_commands(f"trustsurvey.processes {var} "))


def wait_until(true: Callable[[], bool], seconds: float = 15) -> bool:
    deadline = time.monotonic() + seconds
    while not true() and time.monotonic() < deadline:
        time.sleep(0.05)
    return true()


@pytest.fixture
def script(tmp_path: Path) -> Callable[[str], list[str]]:
    def write(text: str) -> list[str]:
        path = tmp_path / "child.py"
        path.write_text(text)
        return [str(path)]

    return write


@pytest.fixture
def family(tmp_path: Path) -> Iterator[Family]:
    made = Family(tmp_path / "var")
    yield made
    made.stop()


def test_stopping_ends_every_child(
    family: Family, tmp_path: Path, script: Callable[[str], list[str]]
) -> None:
    family.start("first", script(CHILD))
    family.start("second", script(CHILD))
    assert len(ours(tmp_path / "var")) == 2
    assert family.dead() is None
    family.stop()
    assert ours(tmp_path / "var") == []
    assert not (tmp_path / "var" / "up.json").exists()


def test_a_dead_child_is_named_with_its_status(
    family: Family, script: Callable[[str], list[str]]
) -> None:
    family.start("background worker", script("raise SystemExit(3)"))
    assert wait_until(lambda: family.dead() is not None)
    assert family.dead() == "The background worker ended unexpectedly with status 3."


def test_a_second_family_is_refused(family: Family, tmp_path: Path) -> None:
    with pytest.raises(AlreadyRunning, match="is running already"):
        Family(tmp_path / "var")


def killed_parent(var: Path, child: list[str]) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(var), *child],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout
    with parent.stdout:
        said = {parent.stdout.readline() for _ in range(2)}
    assert said == {"started\n", "alive\n"}
    parent.kill()
    parent.wait()


def test_children_follow_a_killed_parent(
    tmp_path: Path, script: Callable[[str], list[str]]
) -> None:
    killed_parent(tmp_path / "var", script(CHILD))
    assert wait_until(lambda: ours(tmp_path / "var") == [])


def test_a_new_start_ends_what_a_killed_parent_left(
    tmp_path: Path, script: Callable[[str], list[str]]
) -> None:
    killed_parent(tmp_path / "var", script(STUBBORN))
    assert ours(tmp_path / "var") != []
    Family(tmp_path / "var").stop()
    assert ours(tmp_path / "var") == []


def test_a_reused_process_number_is_left_alone(tmp_path: Path) -> None:
    stranger = subprocess.Popen([sys.executable, "-c", CHILD], start_new_session=True)
    var = tmp_path / "var"
    var.mkdir()
    (var / "up.json").write_text(json.dumps({"up": 1, "children": {"x": stranger.pid}}))
    Family(var).stop()
    assert stranger.poll() is None
    os.killpg(stranger.pid, signal.SIGKILL)
    stranger.wait()
