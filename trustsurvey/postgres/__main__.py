"""`python -m trustsurvey.postgres run FOLDER COMMAND`, `remove FOLDER`; the guardian."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from trustsurvey.postgres.binaries import programs
from trustsurvey.postgres.cluster import Cluster
from trustsurvey.postgres.errors import InUse, PostgresError
from trustsurvey.postgres.holding import guard, remove, running

USAGE = """usage: python -m trustsurvey.postgres run FOLDER COMMAND [ARGUMENT ...]
       python -m trustsurvey.postgres remove FOLDER"""


def main(arguments: list[str]) -> int:
    match arguments:
        case ["run", folder, program, *rest]:
            return _run(Cluster(Path(folder)), [program, *rest])
        case ["remove", folder]:
            return _remove(Path(folder))
        case ["guard", folder, descriptor]:
            return _guard(Path(folder), int(descriptor))
    print(USAGE, file=sys.stderr)
    return 2


def _run(cluster: Cluster, command: Sequence[str]) -> int:
    """Run a program of PostgreSQL, or one that uses them, as the administrator.

    The server is started if need be and stops afterwards unless others hold it.
    """
    try:
        with running(cluster) as address:
            found = programs(cluster.account, cluster.home)
            given = {
                "PATH": f"{found}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
                "PGHOST": address.host,
                "PGPORT": str(address.port),
                "PGUSER": address.user,
            }
            # S603: what the operator asks for; env finds it in the new PATH
            return subprocess.run(  # noqa: S603
                ["/usr/bin/env", *command], env=os.environ | given, check=False
            ).returncode
    except PostgresError as error:
        print(error, file=sys.stderr)
        return 1


def _remove(folder: Path) -> int:
    """Delete the cluster of `folder`, wherever its data lie."""
    if not folder.exists():
        return 0
    try:
        remove(Cluster(folder))
    except PostgresError as error:
        print(error, file=sys.stderr)
        return 2 if isinstance(error, InUse) else 1
    return 0


def _guard(folder: Path, descriptor: int) -> int:
    """Leave the starter's process and session, then guard."""
    if os.fork():
        os._exit(0)
    os.setsid()
    guard(Cluster(folder), descriptor)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
