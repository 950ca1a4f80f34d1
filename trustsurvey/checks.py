"""System checks: combinations of settings that would break a promise.

`check --deploy` asks the settings; with `--database owner` it asks the server too, as
each of the roles, because a server may log one role and not another.
"""

import os
import re
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connections

from surveys import arrivals, parts
from trustsurvey.mail import NOT_SET_UP
from trustsurvey.roles import ROLES

# aliases whose statements carry answers, or the codes of those who give them
TELLING = (
    *("owner", "issuer", "collector"),
    *("issuer_owner", "collector_owner", "intake"),
)
# settings of loaded libraries that record statements, and where these record none
SPYING = {
    "auto_explain.log_min_duration": "-1",
    "pgaudit.log": "none",
    "pg_stat_monitor.pgsm_max": "",
}
LOGGED_ABOVE_ERROR = ("log", "fatal", "panic")
RIGHTS = """
SELECT has_function_privilege(current_user, 'pg_switch_wal()', 'execute')
   AND pg_has_role(current_user, 'pg_checkpoint', 'usage')
"""
OPEN_TO_ALL = "SELECT has_database_privilege('public', current_database(), 'connect')"
STAYED = "SELECT to_regnamespace(%s) IS NOT NULL"

Value = Callable[[str], str]
"""Value of a server setting, by name."""


@register(Tags.security, deploy=True)
def every_role_has_its_login(**kwargs: Any) -> list[Error]:
    """The application and the intake must not connect as the owner of the tables."""
    # the intake is the collector, in the main database where the collector lies apart
    users = [settings.DATABASES[a]["USER"] for a in settings.DATABASES if a != "intake"]
    if len(set(users)) == len(users):
        return []
    return [
        Error(
            "Two database connections share one login.",
            hint="Give DATABASE_URL, RUNTIME_DATABASE_URL, ISSUER_DATABASE_URL and "
            "COLLECTOR_DATABASE_URL different users, and likewise the owners of "
            "databases apart; only then row-level security isolates, and nobody who "
            "issues can collect.",
            id="trustsurvey.E001",
        )
    ]


@register(Tags.security, deploy=True)
def no_access_log(
    environ: Mapping[str, str] = os.environ, **kwargs: Any
) -> list[CheckMessage]:
    """A line for each request would tell who answered when."""
    given = shlex.split(environ.get("GUNICORN_CMD_ARGS", ""))
    asked = any(word.startswith(("--access-log", "--statsd")) for word in given)
    file = Path(settings.BASE_DIR) / "gunicorn.conf.py"
    written = file.is_file() and re.search(
        r"^\s*accesslog\s*=(?!\s*None\b)", file.read_text(), re.MULTILINE
    )
    if not asked and not written:
        return []
    return [
        Error(
            "gunicorn is told to write an access log.",
            hint="Take --access-logfile out of GUNICORN_CMD_ARGS and accesslog out of "
            "gunicorn.conf.py; the proxy in front must not log addresses under /s/ and "
            "/i/ either.",
            id="trustsurvey.E002",
        )
    ]


@register(Tags.security, deploy=True)
def mails_lead_to_the_site(**kwargs: Any) -> list[CheckMessage]:
    """The worker sends mails without a request that could tell where the site is."""
    named = urlsplit(settings.SITE_URL).hostname not in {"localhost", "127.0.0.1"}
    if named or settings.EMAIL_BACKEND == NOT_SET_UP:
        return []
    return [
        Error(
            f"Mails would lead people to {settings.SITE_URL}.",
            hint="Set SITE_URL to the address at which people reach this site.",
            id="trustsurvey.E011",
        )
    ]


@register(Tags.database, deploy=True)
def the_server_keeps_the_promise(
    databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Ask the server, where `--database owner` was given."""
    if "owner" not in (databases or ()):
        return []
    found: list[CheckMessage] = []
    for alias in (*TELLING, "default"):
        if alias not in connections:
            continue
        value = _settings_of(alias)
        found += (_error(*one) for one in _hasty(alias, value))
        if alias in TELLING:
            found += (_error(*one) for one in _logged(alias, value))
    for alias in parts.owners():
        value = _settings_of(alias)
        found += (_error(*one) for one in (*_kept(value), *_fragile(value)))
        if not _truth(RIGHTS, alias):
            found.append(_error(*_cannot_cut(ROLES[alias])))
    return [*found, *_copied()] + [
        _error(*one) for part in parts.PARTS for one in _apart(part)
    ]


Problem = tuple[str, str, str]
"""Sentence, hint, id."""


def _cannot_cut(owner: str) -> Problem:
    return (
        f"{owner} cannot cut off the write-ahead log after mixing.",
        f"As an administrator run `grant pg_checkpoint to {owner}` and, in the "
        f"database, `grant execute on function pg_switch_wal() to {owner}`; "
        "until then the order of arrival stays in the log for a while, and waves stay "
        "marked as unclean.",
        "trustsurvey.E006",
    )


def _apart(part: str) -> Iterator[Problem]:
    """What would bring together what lies in two databases."""
    owner = parts.owner_of(part)
    if owner == parts.MAIN:
        return
    if _truth(OPEN_TO_ALL, owner):
        yield (
            f"Every role of its server may enter the database of the {part}.",
            "In that database run `revoke all on database ... from public` and grant "
            f"`connect` to {ROLES[owner]} and {ROLES[part]} only.",
            "trustsurvey.E009",
        )
    if _truth(STAYED, parts.MAIN, [part]):
        yield (
            f"The main database still has the schema of the {part}, which lies apart.",
            "Finish all waves with the settings from before; then, in the main "
            f"database, run `drop schema {part} cascade` and change the settings.",
            "trustsurvey.E010",
        )


def _logged(alias: str, value: Value) -> Iterator[Problem]:
    """What would bring statements of a role, and so answers, into the server's log."""
    role = ROLES[alias]
    logged = (
        value("log_statement") != "none"
        or value("log_duration") == "on"
        or any(
            value(f"log_min_duration_{kind}") != "-1"
            for kind in ("statement", "sample")
        )
        or float(value("log_transaction_sample_rate")) > 0
    )
    if logged:
        yield (
            f"PostgreSQL logs statements of {role}.",
            f"Run `alter role {role} set log_statement = 'none'`, and likewise "
            "log_duration = off, log_min_duration_statement = -1, "
            "log_min_duration_sample = -1, log_transaction_sample_rate = 0.",
            "trustsurvey.E003",
        )
    if (
        value("log_min_error_statement") not in LOGGED_ABOVE_ERROR
        or value("log_error_verbosity") != "terse"
        or value("log_parameter_max_length_on_error") != "0"
        or value("log_parameter_max_length") != "0"
    ):
        yield (
            f"An error of {role} would bring values into PostgreSQL's log.",
            f"Run `alter role {role} set log_min_error_statement = 'panic'`, and "
            "likewise log_error_verbosity = 'terse', log_parameter_max_length = 0, "
            "log_parameter_max_length_on_error = 0.",
            "trustsurvey.E004",
        )
    spying = [name for name, off in SPYING.items() if value(name) not in ("", off)]
    if spying:
        yield (
            f"A library of PostgreSQL records statements of {role}.",
            f"Take {spying[0].split('.')[0]} out of shared_preload_libraries and "
            "session_preload_libraries.",
            "trustsurvey.E007",
        )


def _kept(value: Value) -> Iterator[Problem]:
    """What would keep the time or the order of arrivals for ever."""
    if value("track_commit_timestamp") == "on":
        yield (
            "PostgreSQL keeps the time of every transaction.",
            "Set track_commit_timestamp = off and restart the server.",
            "trustsurvey.E005",
        )
    if value("wal_recycle") == "on":
        yield (
            "PostgreSQL keeps used files of the write-ahead log to write over them.",
            "Set wal_recycle = off (and wal_init_zero = on) and reload the server.",
            "trustsurvey.E008",
        )


def _hasty(alias: str, value: Value) -> Iterator[Problem]:
    """What would acknowledge an answer before it is on the disk."""
    role = ROLES[alias]
    if value("synchronous_commit") == "off":
        yield (
            f"PostgreSQL does not wait for the disk before it confirms to {role}.",
            f"Run `alter role {role} set synchronous_commit = 'on'`; until then answers "
            "that were acknowledged are lost when the server ends suddenly.",
            "trustsurvey.E012",
        )


def _fragile(value: Value) -> Iterator[Problem]:
    """What would not survive the end of the whole machine."""
    for name in ("fsync", "full_page_writes"):
        if value(name) == "off":
            yield (
                f"The server would lose answers when its machine fails: {name} is off.",
                f"Set {name} = on and reload the server.",
                "trustsurvey.E012",
            )


def _copied() -> Iterator[CheckMessage]:
    """What carries the log away while answers wait to be mixed, or would do so.

    What holds neither half may be archived at any time.
    """
    if not arrivals.are_copied():
        return
    hint = (
        "An archive, a replication slot or wal_keep_size keeps the order in which answers "
        "arrive, so that they can be linked to people. "
    )
    if arrivals.are_under_way():
        yield _error(
            "The write-ahead log is kept or copied while a wave is in the field.",
            hint
            + "Stop it now, destroy what it has kept since the wave was opened, and "
            "back up right after a flush.",
            "trustsurvey.E013",
        )
    else:
        yield Warning(
            "The write-ahead log of a database that takes answers is kept or copied.",
            hint=hint + "Stop it before a wave is opened.",
            id="trustsurvey.W001",
        )


def _error(sentence: str, hint: str, identifier: str) -> Error:
    return Error(sentence, hint=hint, id=identifier)


def _settings_of(alias: str) -> Value:
    """Settings as they hold for the role of `alias`."""
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT name, setting FROM pg_settings")
        values = dict(cursor.fetchall())
    return lambda name: str(values.get(name, ""))


def _truth(query: str, alias: str, values: Sequence[str] = ()) -> bool:
    with connections[alias].cursor() as cursor:
        cursor.execute(query, values)
        return bool(cursor.fetchone()[0])
