"""Progress of a job that is inside a long transaction, told beside it.

What the job's own transaction writes nobody sees before its end; so its sign of life goes
over a connection of its own.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

TELL = """
UPDATE analytics_export SET rows_done = %s, rows = coalesce(%s, rows), worked_at = %s
WHERE id = %s AND run = %s AND state = 'running'
"""


class Teller:
    """Writes how far an attempt is into its row."""

    def __init__(
        self, connection: BaseDatabaseWrapper, organization_id: UUID, *key: UUID | None
    ) -> None:
        self._connection = connection
        self._organization = str(organization_id)
        self._key = key

    def tell(self, done: int, rows: int | None, at: datetime) -> bool:
        """Return whether the attempt still owns its row."""
        self._connection.ensure_connection()
        with (
            self._connection.connection.transaction(),
            self._connection.cursor() as cursor,
        ):
            cursor.execute(
                "SELECT set_config('trustsurvey.organization', %s, true)",
                [self._organization],
            )
            cursor.execute(TELL, [done, rows, at, *self._key])
            return bool(cursor.rowcount)


@contextmanager
def telling(
    organization_id: UUID, export_id: UUID, run: UUID | None
) -> Iterator[Teller]:
    """Open a connection for signs of life; it is closed afterwards."""
    connection = connections["default"].copy()
    try:
        yield Teller(connection, organization_id, export_id, run)
    finally:
        connection.close()
