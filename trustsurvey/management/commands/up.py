"""The whole site in one command: database, web server and background worker."""

import http.client
import os
import signal
import socket
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from surveys import parts
from trustsurvey import roles
from trustsurvey.postgres import Hold, PostgresError, StartFailed
from trustsurvey.processes import AlreadyRunning, Family
from trustsurvey.static_files import collect_if_changed

STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PATIENCE = 60.0  # seconds until the web server must answer
REVIVAL_PAUSE = 5.0  # seconds before the next attempt to start a database that ended


class Stopped(BaseException):
    """Somebody wants us to stop; not an Exception, so that nothing swallows it."""


class Command(BaseCommand):
    help = "Run database, web server and background worker until Ctrl-C."
    requires_system_checks = []
    family: Family | None = None
    hold: Hold | None = None
    parent: int | None = None
    again = 0.0  # time.monotonic() before which the database is not started again

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--no-demo", action="store_false", dest="demo")
        parser.add_argument(
            "--with-parent",
            action="store_true",
            help="stop when the process that started this one is gone",
        )

    def handle(self, *, host: str, port: int, demo: bool, **options: Any) -> None:
        self.parent = os.getppid() if options["with_parent"] else None
        with stoppable():
            try:
                self._start(host, port, demo=demo)
                self._supervise()
            except Stopped:
                self._say("Stopping ...")
            except (AlreadyRunning, PostgresError) as error:
                raise CommandError(str(error), returncode=2) from None
            finally:
                ignore_signals()
                self._stop()
        self._say("Stopped.")

    def _start(self, host: str, port: int, *, demo: bool) -> None:
        self.family = Family(Path(settings.VAR_DIR))
        refuse_taken_port(host, port)
        self._prepare_database()
        if collect_if_changed():
            self._say("Collected the static files.")
        near = local(host)
        url = f"http://{f'[{near}]' if ':' in near else near}:{port}"
        self.family.start("web server", web_server(host, port))
        self.family.start("background worker", worker())
        self._await_answer(host, port)
        if demo and "demo" in get_commands():
            call_command("demo", site=url)
        connections.close_all()
        self._say(f"The site is at {url}/ (Ctrl-C stops everything).")

    def _prepare_database(self) -> None:
        cluster = roles.embedded_cluster(settings.BASE_DIR, os.environ)
        if cluster:
            self._say("Starting the database ...")
            self.hold = Hold(cluster)
        roles.prepare(settings.BASE_DIR, os.environ, settings.SECRET_KEY)
        self._say("Bringing the tables up to date ...")
        for alias in parts.owners():
            call_command("migrate", database=alias, interactive=False, verbosity=0)
        if "load_library" in get_commands():
            call_command("load_library")

    def _await_answer(self, host: str, port: int) -> None:
        deadline = time.monotonic() + PATIENCE
        while (status := answer(host, port)) is None or status >= 500:
            self._refuse_death()
            if time.monotonic() > deadline:
                found = f"answers with status {status}" if status else "does not answer"
                raise CommandError(
                    f"The web server {found} after {PATIENCE:.0f} seconds; see the"
                    " messages above."
                )
            time.sleep(0.1)

    def _supervise(self) -> None:
        while True:
            self._refuse_death()
            if self.hold and not self.hold.alive() and time.monotonic() >= self.again:
                self._revive(self.hold)
            if self.parent and os.getppid() != self.parent:
                raise Stopped
            time.sleep(0.25)

    def _revive(self, hold: Hold) -> None:
        """Start the database again; until it runs, pages ask to come back later.

        A full disk may keep it from starting until somebody made room.
        """
        self._say("The database ended unexpectedly; starting it again ...")
        try:
            hold.revive()
        except (OSError, StartFailed) as error:
            self._say(f"{error} Trying again in {REVIVAL_PAUSE:.0f} seconds.")
            self.again = time.monotonic() + REVIVAL_PAUSE
        else:
            self._say("The database runs again.")

    def _refuse_death(self) -> None:
        """Raise when a child has ended."""
        dead = self.family.dead() if self.family else None
        if dead:
            raise CommandError(f"{dead} Everything else was stopped; start again.")

    def _stop(self) -> None:
        """End the children first, so that they can finish, then the database."""
        connections.close_all()
        if self.family:
            self.family.stop()
        if self.hold:
            self.hold.release()

    def _say(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()


def web_server(host: str, port: int) -> list[str]:
    """Return the arguments of gunicorn; no access log, for it would time answers.

    With sendfile, which that worker does without a thread, for slow takers too.
    """
    return [
        *("-m", "gunicorn", "trustsurvey.wsgi:application"),
        *("--bind", f"[{host}]:{port}" if ":" in host else f"{host}:{port}"),
        *("--worker-class", "trustsurvey.gathering.GatheringWorker"),
        *("--workers", "2", "--threads", "4", "--worker-connections", "2000"),
        *("--graceful-timeout", "5", "--timeout", "60", "--log-level", "warning"),
        "--no-control-socket",
    ]


def worker() -> list[str]:
    """Return the arguments of the worker; a job may finish within the grace."""
    return [str(settings.BASE_DIR / "manage.py"), "worker", "--grace", "5"]


def answer(host: str, port: int) -> int | None:
    """Return the status of the front page, or None while nobody answers."""
    connection = http.client.HTTPConnection(local(host), port, timeout=30)
    try:
        connection.request("GET", "/", headers={"Host": f"localhost:{port}"})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def local(host: str) -> str:
    """Return an address at which a server bound to `host` answers on this machine."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104


def refuse_taken_port(host: str, port: int) -> None:
    """Raise CommandError, status 2, unless we can listen there."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM
        )[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise CommandError(
            f"Cannot listen at {host} port {port} ({error.strerror}): choose another"
            " with --port, or PORT=... for make run.",
            returncode=2,
        ) from None


@contextmanager
def stoppable() -> Iterator[None]:
    """Turn the signals that ask for an end into Stopped, inside the block."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise Stopped

    before = {number: signal.signal(number, stop) for number in STOPS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def ignore_signals() -> None:
    """Let nobody interrupt the tidying up."""
    for number in STOPS:
        signal.signal(number, signal.SIG_IGN)
