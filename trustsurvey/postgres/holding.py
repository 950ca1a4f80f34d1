"""Several processes of ours may want the same server: the last one stops it.

Each holder has a shared lock on `holders.lock`. Starting and stopping happen under
`start.lock`. A guardian process, one a server, waits for an exclusive lock on
`holders.lock`, which it gets when the last holder has left or was killed, and stops
the server then. The kernel drops the locks of a killed process, so nothing can stay.
"""

import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from trustsurvey.postgres.cluster import PATIENCE, Address, Cluster
from trustsurvey.postgres.errors import InUse, NotOurs

PROJECT = Path(__file__).resolve().parents[2]


@contextmanager
def running(cluster: Cluster) -> Iterator[Address]:
    """Hold the server of `cluster` inside the block; yields the administrator's address."""
    hold = Hold(cluster)
    try:
        yield cluster.address()
    finally:
        hold.release()


class Hold:
    """One process's claim on a running server. `release` may be called again."""

    def __init__(self, cluster: Cluster) -> None:
        cluster.settle()
        self.cluster = cluster
        self._holders = _open(cluster.home / "holders.lock")
        try:
            with starting(cluster):
                fcntl.flock(self._holders, fcntl.LOCK_SH)
                _ensure_guardian(cluster)  # first: we may be killed while starting
                cluster.start()
        except BaseException:
            os.close(self._holders)
            raise

    def alive(self) -> bool:
        return self.cluster.postmaster() is not None

    def revive(self) -> None:
        """Start the server again after it ended unexpectedly; StartFailed if it cannot."""
        with starting(self.cluster):
            self.cluster.start()

    def release(self) -> None:
        """Leave; stops the server when nobody else holds it."""
        if self._holders < 0:
            return
        holders, self._holders = self._holders, -1
        try:
            with starting(self.cluster):
                fcntl.flock(holders, fcntl.LOCK_UN)
                stopped = stop_if_unheld(self.cluster, holders)
        finally:
            os.close(holders)
        if stopped:
            _await_guardian(self.cluster)


def stop_if_unheld(cluster: Cluster, holders: int) -> bool:
    """Stop the server unless somebody holds it; the caller is `starting`."""
    try:
        fcntl.flock(holders, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    cluster.stop()
    fcntl.flock(holders, fcntl.LOCK_UN)
    return True


@contextmanager
def starting(cluster: Cluster) -> Iterator[None]:
    """Keep others from starting or stopping the server."""
    lock = _open(cluster.home / "start.lock")
    try:
        _lock_patiently(lock, cluster)
        yield
    finally:
        os.close(lock)


def guard(cluster: Cluster, guardian: int) -> None:
    """Wait until nobody holds `cluster`, then stop it. Body of the guardian process.

    `guardian` is the descriptor whose lock says that a guardian lives.
    """
    holders = _open(cluster.home / "holders.lock")
    while True:
        fcntl.flock(holders, fcntl.LOCK_EX)
        fcntl.flock(holders, fcntl.LOCK_UN)
        with starting(cluster):
            cluster.await_launch()
            if stop_if_unheld(cluster, holders):
                os.close(guardian)
                return


def remove(cluster: Cluster) -> None:
    """Delete the cluster and its data; InUse while somebody holds it."""
    if not cluster.home.exists():
        return
    holders = _open(cluster.home / "holders.lock")
    try:
        with starting(cluster):
            if not stop_if_unheld(cluster, holders):
                raise InUse(
                    f"The database in {cluster.home} is in use: stop the site first."
                )
            cluster.remove()
    finally:
        os.close(holders)


def _ensure_guardian(cluster: Cluster) -> None:
    """Start a guardian unless one lives; it inherits the lock, so there is no gap."""
    lock = _open(cluster.home / "guardian.lock")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return
    try:
        subprocess.run(  # noqa: S603 - our own module
            [
                *(sys.executable, "-m", "trustsurvey.postgres", "guard"),
                *(str(cluster.folder), str(lock)),
            ],
            pass_fds=[lock],
            env={"PYTHONPATH": str(PROJECT), "PATH": os.defpath},
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=True,
        )
    finally:
        os.close(lock)


def _await_guardian(cluster: Cluster) -> None:
    """Let the guardian leave too, so that no process of ours outlives us."""
    path = cluster.home / "guardian.lock"
    deadline = time.monotonic() + 5
    while path.exists() and time.monotonic() < deadline:
        lock = _open(path)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.02)
        else:
            return
        finally:
            os.close(lock)


def _lock_patiently(lock: int, cluster: Cluster) -> None:
    deadline = time.monotonic() + 2 * PATIENCE
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise InUse(
                    f"Another process has been starting or stopping the database in"
                    f" {cluster.home} for two minutes: end it and try again."
                ) from None
            time.sleep(0.02)
        else:
            return


def _open(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except PermissionError:
        raise NotOurs(
            f"{path} belongs to another OS user: use that user, or set TRUSTSURVEY_VAR"
            " to a folder of your own."
        ) from None
