"""A disk that is full for a while, or a limit on files that does what a full disk does."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

import psutil  # type: ignore[import-untyped]

from tests.endurance.installation import Installation, new_folder

SIZE = "256m"  # of the small disk: a fresh server takes about 100
BLOCK = bytes(1 << 20)


class Narrow(Protocol):
    """Where the server keeps its data."""

    def fill(self) -> None:
        """Leave no room."""

    def make_room(self) -> None:
        """Take that back."""


class SmallDisk:
    """A file system of its own that something else fills."""

    def __init__(self, folder: Path) -> None:
        self._ballast = folder / "ballast"

    def fill(self) -> None:
        with self._ballast.open("wb", buffering=0) as file:
            # the last bytes too
            for block in (BLOCK, BLOCK[:4096], BLOCK[:1]):
                with suppress(OSError):
                    while file.write(block) == len(block):
                        pass

    def make_room(self) -> None:
        self._ballast.unlink()


class SizeLimit:
    """No file of the server may grow, for whoever may not mount anything."""

    def __init__(self, installation: Installation, site: int) -> None:
        self._installation, self._site = installation, site

    def fill(self) -> None:
        self._limit("16384")

    def make_room(self) -> None:
        self._limit("unlimited")

    def _limit(self, size: str) -> None:
        """The site too, because it starts the server again."""
        postmaster = self._installation.cluster.postmaster()
        processes = [psutil.Process(self._site)]
        if postmaster is not None:
            server = psutil.Process(postmaster)
            processes += [server, *server.children()]
        for process in processes:
            with suppress(psutil.NoSuchProcess, subprocess.CalledProcessError):
                _limit_files(process, size)


def _limit_files(process: psutil.Process, size: str) -> None:
    """As the user whose process it is: being root does not always suffice."""
    owner: dict[str, Any] = {}
    if os.geteuid() == 0:
        user, group = process.uids().real, process.gids().real
        owner = {"user": user, "group": group, "extra_groups": []}
    limit = ["prlimit", f"--fsize={size}:", f"--pid={process.pid}"]
    subprocess.run(limit, check=True, **owner)


@contextmanager
def mounted(folder: Path) -> Iterator[None]:
    """A small file system in memory at `folder`."""
    folder.mkdir()
    options = ["-t", "tmpfs", "-o", f"size={SIZE},mode=0755", "tmpfs", str(folder)]
    subprocess.run(["mount", *options], check=True, capture_output=True)
    try:
        yield
    finally:
        # lazily: what was killed may take a moment to leave
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def can_mount() -> bool:
    if os.geteuid() != 0:
        return False
    with new_folder() as folder:
        try:
            with mounted(folder / "disk"):
                return True
        except (OSError, subprocess.CalledProcessError):
            return False
