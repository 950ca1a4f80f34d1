#!/usr/bin/env python
"""Django's commands, with the embedded database running where one is needed."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import execute_from_command_line

from trustsurvey import roles
from trustsurvey.postgres import PostgresError, running

BASE_DIR = Path(__file__).resolve().parent
WITHOUT_DATABASE = {
    *("analyse", "collectstatic", "compilemessages", "diffsettings", "findstatic"),
    *("help", "makemessages", "spectacular", "startapp", "version"),
}


def needs_database(arguments: Sequence[str]) -> bool:
    """Tell whether the command may ask the database anything."""
    command = next(iter(arguments), "help")
    if command.startswith("-") or {"--help", "-h"} & set(arguments):
        return False
    if command == "check":
        return any(argument.startswith("--database") for argument in arguments)
    return command not in WITHOUT_DATABASE


@contextmanager
def database(arguments: Sequence[str]) -> Iterator[None]:
    """Hold the embedded server while the command runs, with its roles prepared.

    `up` holds it by itself, its children live under it, and a server named by
    DATABASE_URL is prepared where tables are made: by `migrate` and by `up`.
    """
    if not needs_database(arguments) or os.environ.get("TRUSTSURVEY_DATABASE_HELD"):
        yield
        return
    cluster = roles.embedded_cluster(BASE_DIR, os.environ)
    if cluster:
        cluster.settle()  # before the settings are read: they name its socket
    if arguments[0] == "up":
        yield
    elif cluster:
        with running(cluster):
            roles.prepare(BASE_DIR, os.environ, settings.SECRET_KEY)
            yield
    else:
        if arguments[0] == "migrate":
            roles.prepare(BASE_DIR, os.environ, settings.SECRET_KEY)
        yield


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "trustsurvey.settings")
    try:
        with database(sys.argv[1:]):
            execute_from_command_line(sys.argv)
    except PostgresError as error:
        sys.exit(f"{error}")


if __name__ == "__main__":
    main()
