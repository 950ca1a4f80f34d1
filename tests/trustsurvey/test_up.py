"""`manage.py up` as a person runs it: the real site, from the first start to the end."""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import psycopg
import pytest

from tests.trustsurvey.listing import live_commands
from trustsurvey.postgres import Cluster

PROJECT = Path(__file__).resolve().parents[2]
FIRST_START = 120.0  # seconds; the machine may be busy with other tests
Site = subprocess.Popen[str]


@pytest.fixture(scope="module")
def var() -> Iterator[Path]:
    """State folder of one installation, started and stopped by the tests in turn."""
    made = Path(tempfile.mkdtemp(prefix="ts", dir="/tmp")).resolve()
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


@pytest.fixture(scope="module")
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number


@pytest.fixture(scope="module")
def start(var: Path, port: int) -> Iterator[Callable[..., Site]]:
    sites: list[Site] = []

    def one(*options: str) -> Site:
        without = {"DATABASE_URL", "TRUSTSURVEY_DATABASE_HELD"}
        environ = {key: text for key, text in os.environ.items() if key not in without}
        site = subprocess.Popen(
            [
                *(sys.executable, "manage.py", "up", "--no-demo"),
                *("--port", str(port), *options),
            ],
            cwd=PROJECT,
            env=environ | {"TRUSTSURVEY_VAR": str(var)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        sites.append(site)
        return site

    yield one
    for site in sites:
        end(site)


@pytest.fixture(scope="module")
def kept() -> list[Site]:
    """The site that the last test left running, if it did."""
    return []


@pytest.fixture
def running(
    start: Callable[..., Site], kept: list[Site], port: int
) -> Callable[[], Site]:
    """A site that answers: the one that runs, or a new one. A start takes long."""

    def one() -> Site:
        if not kept or kept[-1].poll() is not None:
            kept.append(start())
            assert answers(kept[-1], port)
        return kept[-1]

    return one


@pytest.fixture
def up(start: Callable[..., Site], kept: list[Site]) -> Iterator[Callable[..., Site]]:
    """Start a site where none runs; it is stopped after the test."""
    for site in kept:
        end(site)
    sites: list[Site] = []

    def one(*options: str) -> Site:
        sites.append(start(*options))
        return sites[-1]

    yield one
    for site in sites:
        end(site)


def end(site: Site) -> None:
    if site.poll() is None:
        site.terminate()
        site.communicate(timeout=60)
    if site.stdout is not None:
        site.stdout.close()  # also of a site that ended by itself


def answers(site: Site, port: int) -> bool:
    """Wait until the site says where it is, then ask it."""
    assert site.stdout is not None
    said: list[str] = []
    for line in site.stdout:
        said.append(line)
        if "The site is at" in line:
            return status_of(port) < 400
    raise AssertionError("".join(said))


def status_of(port: int) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", "/")
    status = connection.getresponse().status
    connection.close()
    return status


def ours(var: Path) -> dict[int, str]:
    return live_commands(f"{var}/") | live_commands(f" {var} ")


def child(var: Path, program: str) -> int:
    """Return the number of the child that runs `program`: its session's leader."""
    found = [
        process
        for process, text in live_commands(f"trustsurvey.processes {var} ").items()
        if program in text and os.getsid(process) == process
    ]
    assert len(found) == 1, ours(var)
    return found[0]


def has_loaded(process: int, library: str) -> bool:
    return any(library in part.path for part in psutil.Process(process).memory_maps())


def worker_listens(var: Path) -> bool:
    """Wait until the worker waits for jobs; it starts beside the pages."""
    asked = "select exists (select from pg_stat_activity where query ilike 'listen%')"
    deadline = time.monotonic() + FIRST_START
    with psycopg.connect(
        **Cluster(var / "postgres").address()._asdict(), autocommit=True
    ) as connection:
        while time.monotonic() < deadline:
            found = connection.execute(asked).fetchone()
            if found and found[0]:
                return True
            time.sleep(0.1)
    return False


def gone_within(seconds: float, var: Path) -> bool:
    deadline = time.monotonic() + seconds
    while ours(var) and time.monotonic() < deadline:
        time.sleep(0.1)
    return not ours(var)


def test_a_second_site_on_the_same_folder_is_refused(
    running: Callable[[], Site], start: Callable[..., Site]
) -> None:
    site = running()
    second = start()
    said, _ = second.communicate(timeout=60)
    assert second.returncode == 2
    assert f"is running already (process {site.pid})" in said


def test_after_kill_9_nothing_stays_and_a_new_start_works(
    running: Callable[[], Site], var: Path
) -> None:
    first = running()
    # the next site may take the database server over
    left = {pid for pid, text in ours(var).items() if "postgres" not in text}
    assert len(left) > 3
    first.kill()
    first.wait()
    second = running()  # at once: it meets the first one's dying children
    assert second is not first
    deadline = time.monotonic() + 10
    while left & set(ours(var)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not left & set(ours(var))


def test_a_dead_database_is_started_again(
    running: Callable[[], Site], var: Path, port: int
) -> None:
    site = running()
    assert worker_listens(var)
    pid_file = var / "postgres" / "data" / "postmaster.pid"
    os.kill(int(pid_file.read_text().split()[0]), signal.SIGKILL)
    assert site.stdout is not None
    awaited = {"The database runs again.", "The worker lost the database"}
    for line in site.stdout:
        awaited = {sentence for sentence in awaited if sentence not in line}
        if not awaited:
            break
    assert not awaited
    assert status_of(port) < 400
    site.terminate()
    said, _ = site.communicate(timeout=30)
    assert "Stopped." in said
    assert site.returncode == 0
    assert gone_within(10, var)


@pytest.mark.parametrize(
    "program", ["gunicorn", pytest.param("manage.py worker", marks=pytest.mark.long)]
)
def test_a_dead_child_stops_everything(
    running: Callable[[], Site], var: Path, program: str
) -> None:
    site = running()
    os.kill(child(var, program), signal.SIGKILL)
    said, _ = site.communicate(timeout=30)
    assert "ended unexpectedly with signal 9" in said
    assert "Traceback" not in said
    assert site.returncode == 1
    assert ours(var) == {}


@pytest.mark.parametrize(
    "number",
    [
        signal.SIGTERM,
        pytest.param(signal.SIGINT, marks=pytest.mark.long),
        pytest.param(signal.SIGHUP, marks=pytest.mark.long),
    ],
    ids=lambda n: n.name,
)
def test_a_signal_stops_everything_cleanly(
    running: Callable[[], Site], var: Path, number: signal.Signals
) -> None:
    site = running()
    assert len(ours(var)) > 5  # two children, two workers, server and guardian
    site.send_signal(number)
    said, _ = site.communicate(timeout=30)
    assert (said, site.returncode) == ("Stopping ...\nStopped.\n", 0)
    assert ours(var) == {}


@pytest.mark.long
def test_the_worker_loads_the_compiled_statistics_and_the_pages_do_not(
    up: Callable[[], Site], var: Path, port: int
) -> None:
    assert answers(up(), port)
    worker = child(var, "manage.py worker")
    deadline = time.monotonic() + FIRST_START
    while not has_loaded(worker, "llvmlite") and time.monotonic() < deadline:
        time.sleep(0.1)
    assert has_loaded(worker, "llvmlite")
    pages = [pid for pid, text in ours(var).items() if "gunicorn" in text]
    assert len(pages) > 2
    assert not any(has_loaded(pid, "llvmlite") for pid in pages)


@pytest.mark.long
def test_a_second_start_is_quick(up: Callable[[], Site], var: Path, port: int) -> None:
    """On a machine that does nothing else: the clock decides nothing in the short form."""
    began = time.monotonic()
    assert answers(up(), port)
    took = time.monotonic() - began
    print(f"A second start took {took:.1f} s.")
    assert took < 15


@pytest.mark.long
def test_the_site_follows_the_process_that_started_it(
    up: Callable[..., Site], var: Path, port: int
) -> None:
    """As under `make run` when make is killed."""
    command = " ".join(
        [
            *(sys.executable, "manage.py", "up", "--no-demo", "--with-parent"),
            *("--port", str(port)),
        ]
    )
    shell = subprocess.Popen(
        ["/bin/sh", "-c", f"{command}; true"],
        cwd=PROJECT,
        env={**os.environ, "TRUSTSURVEY_VAR": str(var)},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert answers(shell, port)
    finally:
        shell.kill()
        shell.communicate(timeout=30)
    assert gone_within(15, var)


def test_a_taken_port_is_one_sentence(
    up: Callable[[], Site], var: Path, port: int
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        site = up()
        said, _ = site.communicate(timeout=60)
    assert site.returncode == 2
    assert f"Cannot listen at 127.0.0.1 port {port}" in said
    assert "Traceback" not in said
    assert ours(var) == {}
