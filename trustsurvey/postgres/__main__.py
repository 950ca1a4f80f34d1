"""`python -m trustsurvey.postgres remove FOLDER`, and the guardian process."""

import os
import sys
from pathlib import Path

from trustsurvey.postgres.cluster import Cluster
from trustsurvey.postgres.errors import InUse, PostgresError
from trustsurvey.postgres.holding import guard, remove

USAGE = "usage: python -m trustsurvey.postgres remove FOLDER"


def main(arguments: list[str]) -> int:
    match arguments:
        case ["remove", folder]:
            return _remove(Path(folder))
        case ["guard", folder, descriptor]:
            return _guard(Path(folder), int(descriptor))
    print(USAGE, file=sys.stderr)
    return 2


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
