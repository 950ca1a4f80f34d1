"""Whose rows a transaction may see.

PostgreSQL decides, by row-level security, from settings that live exactly as long as
the transaction (`SET LOCAL`). Code outside such a transaction sees no rows at all.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import connections, transaction


@contextmanager
def organization_scope(organization_id: UUID) -> Iterator[None]:
    """Open a transaction that sees the rows of one organization.

    Never nested: the inner organization would outlive its block.

    Raises
    ------
    RuntimeError
        Inside another transaction.
    """
    with transaction.atomic(durable=True):
        set_local("trustsurvey.organization", str(organization_id))
        yield


def set_local(name: str, value: str, *, using: str = "default") -> None:
    """Set `name` for the rest of the current transaction."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [name, value])
