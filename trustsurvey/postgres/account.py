"""The OS user that the server runs as: ourselves, or an unprivileged one for root."""

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

from trustsurvey.postgres.errors import NotOurs, PostgresError

UNPRIVILEGED = ("postgres", "_postgres", "nobody")


@dataclass(frozen=True, slots=True)
class Account:
    name: str
    uid: int
    gid: int


def own_name() -> str:
    """Return the name of the calling OS user; peer authentication needs one."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        raise PostgresError(
            f"The OS user {os.geteuid()} has no name on this machine, which PostgreSQL"
            " needs: add it to /etc/passwd or set DATABASE_URL."
        ) from None


def server_account(data: Path) -> Account | None:
    """Return the account that shall run the server on `data`; None means ourselves.

    PostgreSQL refuses to run as root, so root lends it to the owner of existing data
    or else to an unprivileged user.
    """
    if os.geteuid() != 0:
        return None
    if data.exists() and (owner := data.stat().st_uid):
        return _by_uid(owner)
    for name in UNPRIVILEGED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    raise PostgresError(
        "PostgreSQL does not run as root and this machine has neither a user"
        " 'postgres' nor 'nobody': run as an ordinary user or set DATABASE_URL."
    )


def _by_uid(uid: int) -> Account:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        raise NotOurs(
            f"The database belongs to OS user {uid}, who has no name on this machine:"
            " give the folder to an existing user with chown."
        ) from None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def reachable(path: Path, account: Account) -> bool:
    """Tell by mode bits whether `account` may read `path` and enter its parents.

    Access lists are not read: where they would open more, we merely use a folder
    of our own without need.
    """
    path = path.resolve()
    for folder in path.parents:
        if folder.exists() and not _allowed(folder, account, stat.S_IXUSR):
            return False
    wanted = stat.S_IRUSR | (stat.S_IXUSR if path.is_dir() else 0)
    return not path.exists() or _allowed(path, account, wanted)


def _allowed(path: Path, account: Account, wanted: int) -> bool:
    """Check `wanted`, given as the owner's bits, in the class that fits `account`."""
    status = path.stat()
    if status.st_uid == account.uid:
        shift = 0
    elif status.st_gid == account.gid:
        shift = 3
    else:
        shift = 6
    return (status.st_mode << shift) & wanted == wanted
