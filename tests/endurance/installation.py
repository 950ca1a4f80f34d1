"""An installation of the site whose PostgreSQL is its own and may be broken.

Unlike the server of the other tests it waits for the disk, as a real one does.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]
import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connections

from trustsurvey import roles
from trustsurvey.postgres import Cluster, Hold
from trustsurvey.postgres.holding import starting

PATIENCE = 60.0  # seconds
NOT_ITS_OWN = ("DATABASE_URL", "TRUSTSURVEY_DATABASE_HELD")


@dataclass(frozen=True)
class Installation:
    """State folder `var` of a site; this process may use it beside others."""

    var: Path

    @property
    def cluster(self) -> Cluster:
        return Cluster(self.var / "postgres")

    @property
    def environ(self) -> dict[str, str]:
        """Environment of the site's programs."""
        kept = {key: text for key, text in os.environ.items() if key not in NOT_ITS_OWN}
        return kept | {
            "TRUSTSURVEY_VAR": str(self.var),
            "SECRET_KEY": settings.SECRET_KEY,
            "DJANGO_SETTINGS_MODULE": "trustsurvey.settings",
        }

    @property
    def login(self) -> dict[str, Any]:
        """The administrator's, who sees every row."""
        return self.cluster.address(roles.DATABASE)._asdict()

    def prepare(self) -> None:
        """Make roles, database and tables as `up` does; the server is running."""
        roles.prepare(settings.BASE_DIR, self.environ, settings.SECRET_KEY)
        with self.connected():
            call_command("migrate", database="owner", verbosity=0)

    @contextmanager
    def connected(self) -> Iterator[None]:
        """Point Django's four connections at this installation."""
        connections.close_all()
        before = {a: dict(connections[a].settings_dict) for a in roles.ALIASES}
        given = roles.logins(settings.BASE_DIR, self.environ, settings.SECRET_KEY)
        for alias, login in given.items():
            connections[alias].settings_dict.update(roles.django_database(login))
        try:
            yield
        finally:
            connections.close_all()
            for alias, values in before.items():
                connections[alias].settings_dict.clear()
                connections[alias].settings_dict.update(values)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep the server running inside the block, unless it is broken there."""
        hold = Hold(self.cluster)
        try:
            yield
        finally:
            hold.release()

    def kill(self) -> None:
        """`kill -9` to all processes of the server."""
        number = self.cluster.postmaster()
        if number is None:
            return
        postmaster = psutil.Process(number)
        for process in (postmaster, *postmaster.children()):
            with suppress(psutil.NoSuchProcess):
                process.kill()

    def start(self) -> None:
        """Start the server again; recovery is over when it returns."""
        with starting(self.cluster):
            self.cluster.start()

    def ask(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Rows of `query` as the administrator, once the server lets us in."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                with psycopg.connect(**self.login, autocommit=True) as connection:
                    cursor = connection.execute(query.encode(), values)
                    return cursor.fetchall() if cursor.description else []
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    raise
            time.sleep(0.05)

    def program(self, *arguments: str, **options: Any) -> subprocess.Popen[str]:
        """Start `python ARGUMENTS` of this site."""
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=settings.BASE_DIR,
            env=self.environ,
            text=True,
            **options,
        )


@contextmanager
def new_folder() -> Iterator[Path]:
    """A short folder that the server's OS user may enter."""
    made = Path(tempfile.mkdtemp(prefix="ts", dir="/tmp")).resolve()
    made.chmod(0o755)
    try:
        yield made
    finally:
        shutil.rmtree(made)


def copy_cluster(given: Installation, target: Path) -> None:
    """Copy the stopped server of an installation with its owners and modes."""
    source = given.cluster.home
    target.mkdir(exist_ok=True)
    target.chmod(0o755)
    for name in ("data", "programs"):
        if (source / name).exists():
            copied = ["cp", "-pR", str(source / name), str(target / name)]
            subprocess.run(copied, check=True)
