"""`migrate` for a site that takes answers meanwhile."""

import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import OperationalError, connections
from django.db.backends.postgresql.schema import DatabaseSchemaEditor
from psycopg.errors import DeadlockDetected, LockNotAvailable

# less than the server's deadlock_timeout (1 s): in a deadlock we give way, not an answer
LOCK_TIMEOUT = "300ms"
PAUSE = 2.0  # seconds between two attempts, in which whoever queued behind us goes on
PATIENCE = 300.0  # seconds
HELD = (DeadlockDetected, LockNotAvailable)


class Command(migrate.Command):
    """Django's, which gives up its place in the queue for a table and comes again.

    Who waits to change a table lets everybody after it wait, so that answers would stand
    still for as long as a backup takes. What an attempt did not finish is rolled back.
    """

    def handle(self, *args: Any, **options: Any) -> None:
        deadline = time.monotonic() + PATIENCE
        while (held := self._attempt(*args, **options)) is not None:
            if time.monotonic() >= deadline:
                raise CommandError(
                    f"The tables are not up to date: for {PATIENCE / 60:.0f} minutes"
                    f" something held what a migration changes ({held}). A backup or a"
                    " long transaction does that: see pg_stat_activity. Nothing is half"
                    " done and answers are taken; run this again when it has ended."
                )
            self.stdout.write(
                f"\nA table that is to change is in use, a backup perhaps ({held});"
                f" trying again in {PAUSE:.0f} seconds ..."
            )
            self.stdout.flush()
            time.sleep(PAUSE)

    def _attempt(self, *args: Any, **options: Any) -> str | None:
        """What PostgreSQL said of a lock that was not to be had; None at the end."""
        connection = connections[options["database"]]
        connection.SchemaEditorClass = AtOnce
        try:
            with connection.cursor() as cursor:
                cursor.execute(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
            super().handle(*args, **options)
        except OperationalError as problem:
            if not isinstance(problem.__cause__, HELD):
                raise
            return str(problem).splitlines()[0]
        finally:
            connection.SchemaEditorClass = DatabaseSchemaEditor
            connection.close()  # and with it what was set
        return None


class AtOnce(DatabaseSchemaEditor):
    """Sends the statements of a migration in one message, when all of them are known.

    Django thinks for a tenth of a second between two statements, and longer where the
    machine is busy. For as long the tables changed before would be locked.
    """

    def __enter__(self) -> Self:
        self._waiting: list[str] = []
        self.connection.execute_wrappers.append(self._send_before)
        super().__enter__()
        return self

    def execute(self, sql: Any, params: Any = ()) -> None:
        if self.collect_sql or not self.atomic_migration:
            super().execute(sql, params)
            return
        text = str(sql)
        if params is not None:
            text = self.connection.ops.compose_sql(text, params)
        self._waiting.append(text)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                self._waiting += map(str, self.deferred_sql)
                self.deferred_sql.clear()
                self._send()
        except BaseException as failure:
            kind, error, trace = type(failure), failure, failure.__traceback__
            raise
        finally:
            self.connection.execute_wrappers.remove(self._send_before)
            super().__exit__(kind, error, trace)

    def _send(self) -> None:
        if self._waiting:
            text = "\n;\n".join(self._waiting)
            self._waiting = []
            super().execute(text, None)

    def _send_before(self, execute: Callable[..., Any], *given: Any) -> Any:
        """Whoever asks the database finds what was changed until here."""
        self._send()
        return execute(*given)
