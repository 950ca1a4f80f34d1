"""The site's application in a worker that kills itself at a step of taking an answer.

Gunicorn loads this module in place of the site's own. The step stands in a header of the
request, so that only that request dies. Nothing of it is in the product.
"""

import os
import signal
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from tests.endurance.steps import STEPS
from trustsurvey.wsgi import application as site

_asked = threading.local()
UNREAD, FIRST, AFTER_FIRST, UNCOMMITTED, COMMITTED = STEPS
_commit = BaseDatabaseWrapper.commit


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    _asked.step = environ.get("HTTP_X_DIE_AT", "")
    _asked.inserted = False
    _die_at(UNREAD)
    found: Iterable[bytes] = site(environ, start_response)
    return found


def _die_at(step: str) -> None:
    if getattr(_asked, "step", "") == step:
        os.kill(os.getpid(), signal.SIGKILL)


def _around_statements(
    execute: Callable[..., Any],
    sql: str,
    params: Any,
    many: bool,
    context: Mapping[str, Any],
) -> Any:
    if not sql.startswith("INSERT"):
        return execute(sql, params, many, context)
    _die_at(FIRST)
    found = execute(sql, params, many, context)
    _die_at(AFTER_FIRST)
    _asked.inserted = True
    return found


def _watch(connection: BaseDatabaseWrapper, **rest: Any) -> None:
    if connection.alias == "collector":
        connection.execute_wrappers.append(_around_statements)


def _commit_or_die(connection: BaseDatabaseWrapper) -> None:
    writes = connection.alias == "collector" and getattr(_asked, "inserted", False)
    if writes:
        _die_at(UNCOMMITTED)
    _commit(connection)
    if writes:
        _die_at(COMMITTED)


connection_created.connect(_watch, dispatch_uid="dying")
BaseDatabaseWrapper.commit = _commit_or_die  # type: ignore[method-assign, assignment]
