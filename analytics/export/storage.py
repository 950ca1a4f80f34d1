"""Where files of exports lie: a private folder, names that tell nothing.

A file is written in a folder of its own attempt and moved to its name when it is whole
and on the disk: whoever dies in between leaves nothing that could be taken for a file.
"""

import errno
import hashlib
import os
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from django.conf import settings

WORKPLACE: Final = ".part"
CHUNK: Final = 1 << 20
# What no row names is removed when it is older: younger, its row may be on its way.
ORPHANED: Final = timedelta(hours=1)
NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
# ReadStat says only this of a disk that takes no more.
UNWRITABLE: Final = "Unable to write data"


class NoRoom(Exception):
    """The disk has no room for the file; nothing of it is left."""


def folder() -> Path:
    """Return the folder of the files, which nobody else on the machine may enter."""
    found = Path(settings.EXPORTS_DIR)
    found.mkdir(mode=0o700, parents=True, exist_ok=True)
    if found.stat().st_mode & 0o077:
        found.chmod(0o700)
    return found


def file_of(run: UUID) -> Path:
    return folder() / run.hex


@contextmanager
def workplace(run: UUID) -> Iterator[Path]:
    """Give an attempt a folder; it is gone afterwards, with all that was not kept.

    Raises
    ------
    NoRoom
        In place of what a library makes of a full disk.
    """
    place = folder() / f"{run.hex}{WORKPLACE}"
    place.mkdir(mode=0o700)
    try:
        require_room()
        yield place
    except Exception as problem:
        if not isinstance(problem, NoRoom) and is_about_room(problem):
            raise NoRoom(str(problem)) from problem
        raise
    finally:
        shutil.rmtree(place, ignore_errors=True)


def require_room() -> None:
    """Raise NoRoom where less is left than answers that arrive may need."""
    free = shutil.disk_usage(folder()).free
    if free < settings.EXPORTS_SPARE_MB << 20:
        raise NoRoom(f"Only {free >> 20} MB are free.")


def is_about_room(problem: BaseException) -> bool:
    """Whether a full disk is among the causes; some libraries keep only its words."""
    seen: BaseException | None = problem
    while seen is not None:
        if isinstance(seen, OSError) and seen.errno in NO_ROOM:
            return True
        told = [UNWRITABLE, *map(os.strerror, NO_ROOM)]
        if any(words in str(seen) for words in told):
            return True
        seen = seen.__cause__ or seen.__context__
    return False


def keep(written: Path, run: UUID) -> tuple[int, str]:
    """Bring a whole file to the disk and to its name; return its size and sha256."""
    digest, size = hashlib.sha256(), 0
    with written.open("rb+") as file:
        while data := file.read(CHUNK):
            digest.update(data)
            size += len(data)
        os.fsync(file.fileno())
    written.chmod(0o600)
    written.replace(file_of(run))
    handle = os.open(folder(), os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    return size, digest.hexdigest()


def forget(run: UUID) -> None:
    """Remove a file, where there is one."""
    file_of(run).unlink(missing_ok=True)


def remove_orphans(living: Collection[UUID], now: datetime) -> int:
    """Remove what belongs to no row; return how much there was."""
    names = {run.hex for run in living}
    before = (now - ORPHANED).timestamp()
    removed = 0
    for entry in list(folder().iterdir()):
        # another process may have removed it
        with suppress(FileNotFoundError):
            known = entry.name.removesuffix(WORKPLACE) in names
            if known or entry.stat().st_mtime > before:
                continue
            if entry.is_dir():
                shutil.rmtree(entry)
            else:
                entry.unlink()
            removed += 1
    return removed
