"""The embedded server: real processes in throw-away folders.

As root each life of a server is tested twice: on root's behalf, and on behalf of an
ordinary user, who gets a copy of the code because the clone may be private.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from tests.trustsurvey.listing import live_commands
from trustsurvey.postgres import (
    BinariesMissing,
    Cluster,
    InUse,
    NotOurs,
    binaries,
    running,
)
from trustsurvey.postgres import cluster as cluster_module
from trustsurvey.postgres import holding as holding_module
from trustsurvey.postgres.account import Account, reachable, server_account
from trustsurvey.postgres.configuration import ROLES

PROJECT = Path(__file__).resolve().parents[2]
HOLDER = """
import sys
from pathlib import Path
from trustsurvey.postgres import Cluster, running
with running(Cluster(Path(sys.argv[1]), throw_away=True)):
    print("holding", flush=True)
    sys.stdin.read()
"""
Holder = subprocess.Popen[str]


def ordinary_python() -> str | None:
    """Return a Python that root's lodger `nobody` can run; None where we are not root."""
    nobody = server_account(Path("/nonexistent"))
    if nobody is None:
        return None
    found = [shutil.which(f"python3{minor}") for minor in ("", ".11", ".12", ".13")]
    usual = [f"/usr/{place}bin/python3" for place in ("", "local/")]
    for python in (sys.executable, *found, *usual):
        if python and Path(python).exists() and reachable(Path(python), nobody):
            return python
    return None


ORDINARY_PYTHON = ordinary_python()
OS_USERS = ["ourselves", *(["ordinary"] if ORDINARY_PYTHON else [])]


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short folder that the server's OS user may enter."""
    made = Path(tempfile.mkdtemp(prefix="ts", dir="/tmp")).resolve()
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


@pytest.fixture(params=OS_USERS)
def hold(
    request: pytest.FixtureRequest, folder: Path
) -> Iterator[Callable[[], Holder]]:
    """Start a process that holds the cluster in `folder`; it ends with its input."""
    account = server_account(folder) if request.param == "ordinary" else None
    code = ordinary_code(folder, account) if account else PROJECT
    holders: list[Holder] = []

    def start() -> Holder:
        holder = subprocess.Popen(
            [
                *((ORDINARY_PYTHON if account else None) or sys.executable, "-c"),
                *(HOLDER, str(folder / "postgres")),
            ],
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            env={"PYTHONPATH": str(code)} if account else None,
            cwd=code,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        holders.append(holder)
        return holder

    yield start
    for holder in holders:
        leave(holder)


def ordinary_code(folder: Path, account: Account) -> Path:
    """Copy what the ordinary user needs: our modules and the wheel's programs."""
    code = folder / "code"
    ours = PROJECT / "trustsurvey"
    shutil.copytree(ours / "postgres", code / "trustsurvey" / "postgres")
    for name in ("__init__.py", "proc.py"):
        shutil.copy(ours / name, code / "trustsurvey" / name)
    wheel = binaries.wheel_folder()
    for package in (wheel, wheel.with_name(f"{wheel.name}.libs")):
        if package.is_dir():
            shutil.copytree(package, code / package.name, symlinks=True)
    os.chown(folder, account.uid, account.gid)
    return code


def holding(holder: Holder) -> bool:
    assert holder.stdout is not None
    return holder.stdout.readline() == "holding\n"


def leave(holder: Holder) -> int:
    """Let a holder end by itself."""
    holder.communicate(timeout=60)
    return holder.returncode


def kill(holder: Holder) -> None:
    holder.kill()
    holder.communicate(timeout=10)


def processes_of(folder: Path) -> list[str]:
    """Return the command lines of live processes that name the cluster."""
    return list(live_commands(str(folder / "postgres")).values())


def gone_within(seconds: float, folder: Path) -> bool:
    deadline = time.monotonic() + seconds
    while processes_of(folder) and time.monotonic() < deadline:
        time.sleep(0.1)
    return not processes_of(folder)


def ask(cluster: Cluster, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(**cluster.address()._asdict()) as connection:
        cursor = connection.execute(query)
        return cursor.fetchall() if cursor.description else []


def test_the_first_holder_starts_the_server_and_the_last_one_stops_it(
    hold: Callable[[], Holder], folder: Path
) -> None:
    cluster = Cluster(folder / "postgres")
    first, second = hold(), hold()
    assert holding(first)
    assert holding(second)
    ask(cluster, "create table kept as select 1 as one")
    assert leave(first) == 0
    assert ask(cluster, "select one from kept") == [(1,)]
    assert leave(second) == 0
    assert gone_within(5, folder)  # the guardian is on its way out
    assert holding(hold())
    assert ask(cluster, "select one from kept") == [(1,)]


def test_a_killed_holder_takes_the_server_with_it(
    hold: Callable[[], Holder], folder: Path
) -> None:
    first, second = hold(), hold()
    assert holding(first)
    assert holding(second)
    kill(first)
    time.sleep(0.3)
    assert ask(Cluster(folder / "postgres"), "select 1") == [(1,)]
    kill(second)
    assert gone_within(10, folder)


def test_a_holder_killed_while_starting_leaves_nothing(
    hold: Callable[[], Holder], folder: Path
) -> None:
    first = hold()
    assert holding(first)
    leave(first)
    second = hold()
    launching = folder / "postgres" / "launching"
    while not launching.exists() and second.poll() is None:
        time.sleep(0.001)
    time.sleep(0.03)  # its pg_ctl is at work now, and outlives it
    kill(second)
    assert gone_within(15, folder)
    assert holding(hold())


def test_committed_rows_survive_a_killed_server(
    hold: Callable[[], Holder], folder: Path
) -> None:
    cluster = Cluster(folder / "postgres")
    first = hold()
    assert holding(first)
    ask(cluster, "create table kept as select generate_series(1, 1000) as number")
    postmaster = cluster.postmaster()
    assert postmaster is not None
    os.kill(postmaster, signal.SIGKILL)
    kill(first)
    assert holding(hold())
    assert ask(cluster, "select count(*) from kept") == [(1000,)]


def test_a_server_that_lost_its_guardian_is_adopted(folder: Path) -> None:
    cluster = Cluster(folder / "postgres", throw_away=True)
    cluster.start()  # nobody holds it, nobody guards it
    before = cluster.postmaster()
    with running(cluster):
        assert cluster.postmaster() == before is not None
        assert any(" guard " in command for command in processes_of(folder))
    assert gone_within(5, folder)  # the guardian is on its way out


def test_what_a_broken_start_left_does_not_matter(folder: Path) -> None:
    cluster = Cluster(folder / "postgres", throw_away=True)
    (folder / "postgres" / "data.new-1" / "base").mkdir(parents=True)
    with running(cluster):
        pass
    # a process that is not ours has got the number of the dead server
    (cluster.data / "postmaster.pid").write_text(f"{os.getpid()}\n{cluster.data}\n")
    with running(cluster):
        assert ask(cluster, "select 1") == [(1,)]
    assert not list(cluster.home.glob("data.new-*"))


def test_a_private_parent_folder_stays_private(folder: Path) -> None:
    private = folder / "private"
    private.mkdir(mode=0o700)
    cluster = Cluster(private / "clone" / "var" / "postgres", throw_away=True)
    with running(cluster):
        assert ask(cluster, "select 1") == [(1,)]
        found = Cluster(cluster.folder)  # as another process finds it
        assert (found.home, found.sockets) == (cluster.home, cluster.sockets)
        elsewhere = private not in cluster.home.parents
        assert elsewhere == (os.geteuid() == 0)
    assert private.stat().st_mode & 0o777 == 0o700
    home = cluster.home
    holding_module.remove(cluster)
    assert not home.exists()
    assert not cluster.folder.exists()


def test_what_killed_tests_left_elsewhere_is_swept(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    system = folder / "system"
    monkeypatch.setattr(cluster_module, "SYSTEM_HOME", system)
    for name, mark in (("abandoned", "throw-away"), ("real", "data")):
        (system / name).mkdir(parents=True)
        (system / name / mark).write_text(str(folder / "no longer there"))
    private = folder / "private"
    private.mkdir(mode=0o700)
    Cluster(private / "postgres", throw_away=True).settle()
    left = {home.name for home in system.iterdir()}
    assert "real" in left
    assert ("abandoned" in left) == (os.geteuid() != 0)


def test_programs_in_a_private_environment_are_copied(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    private = folder / "private"
    private.mkdir(mode=0o700)
    wheel = binaries.wheel_folder()
    for package in (wheel, wheel.with_name(f"{wheel.name}.libs")):
        if package.is_dir():
            shutil.copytree(package, private / package.name, symlinks=True)
    monkeypatch.setattr(binaries, "wheel_folder", lambda: private / wheel.name)
    cluster = Cluster(folder / "postgres", throw_away=True)
    with running(cluster):
        assert ask(cluster, "select 1") == [(1,)]
        assert (cluster.home / "programs").exists() == (os.geteuid() == 0)
    assert private.stat().st_mode & 0o777 == 0o700


def test_a_deep_clone_gets_a_short_socket_folder(folder: Path) -> None:
    cluster = Cluster(folder / ("deep" * 30) / "postgres", throw_away=True)
    with running(cluster):
        assert len(os.fsencode(cluster.sockets)) < 80
        assert cluster.sockets.stat().st_mode & 0o777 == 0o700
        assert ask(cluster, "select 1") == [(1,)]
    assert not cluster.sockets.exists()


def test_where_it_lies_is_never_read_half_written(folder: Path) -> None:
    """Another process may be reading: the file is replaced, not written over."""
    deep = Cluster(folder / ("d" * 100), throw_away=True)
    deep.settle()
    place = deep.folder / "location"
    whole = place.read_text()
    place.write_text("{}")
    with place.open() as reader:
        deep.settle()
        assert reader.read() == "{}"
    assert place.read_text() == whole
    before = place.stat().st_ino
    deep.settle()
    assert place.stat().st_ino == before
    shutil.rmtree(deep.sockets)


def test_a_taken_socket_folder_is_not_trusted(folder: Path) -> None:
    cluster = Cluster(folder / ("deep" * 30) / "postgres", throw_away=True)
    squatted = cluster.sockets
    squatted.symlink_to(folder)
    try:
        with running(cluster):
            assert cluster.sockets != squatted
            assert ask(cluster, "select 1") == [(1,)]
    finally:
        squatted.unlink()


def test_only_our_roles_may_sign_in_and_only_by_the_socket(folder: Path) -> None:
    cluster = Cluster(folder / "postgres", throw_away=True)
    with running(cluster) as address:
        ask(cluster, "create role stranger login superuser")
        with pytest.raises(psycopg.OperationalError, match="Peer authentication"):
            psycopg.connect(**address._asdict() | {"user": "stranger"})
        for role in ROLES[1:]:
            ask(cluster, f"create role {role} login")
            psycopg.connect(**address._asdict() | {"user": role}).close()
        assert ask(cluster, "show listen_addresses") == [("",)]
        assert cluster.sockets.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("throw_away", [True, False])
def test_what_is_acknowledged_is_on_disk_and_nothing_else_is_kept(
    folder: Path, throw_away: bool
) -> None:
    cluster = Cluster(folder / "postgres", throw_away=throw_away)
    wanted = {
        "fsync": "off" if throw_away else "on",
        "synchronous_commit": "on",
        "data_checksums": "on",
        "wal_recycle": "off",
        "track_commit_timestamp": "off",
        "log_statement": "none",
        "log_min_duration_statement": "-1",
        "log_parameter_max_length": "0",
    }
    with running(cluster):
        found = {name: ask(cluster, f"show {name}")[0][0] for name in wanted}
    assert found == wanted


def test_no_answer_reaches_the_log(folder: Path) -> None:
    cluster = Cluster(folder / "postgres", throw_away=True)
    with running(cluster):
        ask(cluster, "create table answers (secret text primary key)")
        ask(cluster, "insert into answers values ('a bitter remark')")
        with pytest.raises(psycopg.errors.UniqueViolation, match="a bitter remark"):
            ask(cluster, "insert into answers values ('a bitter remark')")
    logs = "".join(file.read_text() for file in (cluster.home / "log").iterdir())
    assert "duplicate key" in logs
    assert "bitter" not in logs


def test_a_missing_wheel_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "find_spec", lambda name: None)
    with pytest.raises(BinariesMissing, match="set DATABASE_URL"):
        binaries.wheel_folder()


def test_data_of_another_version_are_refused(folder: Path) -> None:
    cluster = Cluster(folder / "postgres", throw_away=True)
    with running(cluster):
        pass
    (cluster.data / "PG_VERSION").write_text("17\n")
    with pytest.raises(NotOurs, match="PostgreSQL 17"), running(cluster):
        pass
    assert gone_within(5, folder)


def test_data_that_became_unreachable_are_refused_not_replaced(folder: Path) -> None:
    inner = folder / "inner"
    inner.mkdir(mode=0o755)
    with running(Cluster(inner / "postgres", throw_away=True)) as address:
        pass
    inner.chmod(0o700)
    cluster = Cluster(inner / "postgres", throw_away=True)
    if os.geteuid() == 0:
        with pytest.raises(NotOurs, match="no longer within reach"), running(cluster):
            pass
    inner.chmod(0o755)
    with running(cluster) as again:
        assert again == address


def test_a_held_cluster_is_not_removed(folder: Path) -> None:
    cluster = Cluster(folder / "postgres", throw_away=True)
    with running(cluster):
        with pytest.raises(InUse, match="stop the site first"):
            holding_module.remove(cluster)
        assert ask(cluster, "select 1") == [(1,)]
