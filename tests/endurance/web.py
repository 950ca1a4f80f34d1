"""A real gunicorn on the database of the tests, with the arguments of `manage.py up`."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPMessage
from pathlib import Path

import psutil  # type: ignore[import-untyped]
from django.conf import settings
from django.db import connections
from psycopg.conninfo import make_conninfo

from tests.endurance.rights import Request
from trustsurvey.management.commands.up import web_server
from trustsurvey.roles import URLS

PROJECT = Path(__file__).resolve().parents[2]
SITE = "trustsurvey.wsgi:application"
PARTS = {"host": "HOST", "port": "PORT", "dbname": "NAME", "user": "USER"}


@dataclass(frozen=True)
class Reply:
    status: int
    headers: HTTPMessage
    body: bytes


@dataclass(frozen=True)
class Web:
    """A running web server.

    Attributes
    ----------
    port : int
    process : psutil.Process
        The parent of its workers.
    said : Path
        Everything that it wrote to its output.
    """

    port: int
    process: psutil.Process
    said: Path

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def workers(self) -> list[psutil.Process]:
        found: list[psutil.Process] = self.process.children()
        return found

    def ask(
        self, request: Request, *, port: int = 0, timeout: float = 60.0, **headers: str
    ) -> Reply:
        """Send one request on a connection of its own; raises where none answers."""
        connection = HTTPConnection("127.0.0.1", port or self.port, timeout=timeout)
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request(
                "POST" if request.body else "GET",
                request.path,
                body=request.body or None,
                headers={**request.headers, **more},
            )
            reply = connection.getresponse()
            return Reply(reply.status, reply.headers, reply.read())
        finally:
            connection.close()


@contextmanager
def gunicorn(said: Path, *, application: str = SITE) -> Iterator[Web]:
    """Run the web server inside the block; the port is ours before it starts.

    The application is loaded before the workers are forked, so that one that was killed
    is replaced at once.
    """
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(512)
        port = listening.getsockname()[1]
        given = web_server("127.0.0.1", port)
        given[given.index("--bind") + 1] = f"fd://{listening.fileno()}"
        given[given.index(SITE)] = application
        with said.open("wb") as output:
            server = subprocess.Popen(
                [sys.executable, *given, "--preload"],
                cwd=PROJECT,
                env={**os.environ, **_surroundings()},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                pass_fds=[listening.fileno()],
                start_new_session=True,
            )
    try:
        yield Web(port, psutil.Process(server.pid), said)
    finally:
        server.terminate()
        try:
            server.wait(20)
        finally:
            if server.poll() is None:
                os.killpg(server.pid, signal.SIGKILL)
                server.wait()


def _surroundings() -> dict[str, str]:
    """Environment in which the site finds this run's database and secret."""
    logins = {}
    for alias in connections:
        known = connections[alias].settings_dict
        parts = {key: known[part] for key, part in PARTS.items() if known[part]}
        if known["PASSWORD"]:
            parts["password"] = known["PASSWORD"]
        logins[URLS[alias]] = make_conninfo(**parts)
    return {
        **logins,
        "SECRET_KEY": settings.SECRET_KEY,
        "DJANGO_SETTINGS_MODULE": "tests.endurance.site_settings",
        "PYTHONPATH": str(PROJECT),
    }
