"""Whether everything that works in the background does; for pages and for monitoring."""

import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connections
from django.db.models import Q

from surveys import arrivals, parts
from surveys.models import Due, Message, Wave

SILENT = timedelta(minutes=1)  # without a heartbeat, until a worker counts as gone
LATE = timedelta(minutes=10)
TRIED_OFTEN = 4
LITTLE, TOO_LITTLE = 2 * 1024**3, 256 * 1024**2  # bytes free

HEARTBEAT = "SELECT now() - max(last_heartbeat) FROM procrastinate_workers"
FAILED_JOBS = """
SELECT count(DISTINCT j.id) FROM procrastinate_jobs j
    JOIN procrastinate_events e ON e.job_id = j.id
    WHERE j.status = 'failed' AND e.type = 'failed' AND e.at > now() - interval '7 days'
"""
WAITING_JOBS = """
SELECT count(*) FROM procrastinate_jobs j WHERE j.status = 'todo'
    AND coalesce(j.scheduled_at, (SELECT min(e.at) FROM procrastinate_events e
                                  WHERE e.job_id = j.id)) < now() - interval '10 minutes'
"""
UNCLEAN = "SELECT count(*) FROM collector.wave WHERE unclean"


class Status(IntEnum):
    """How bad it is; the worst counts for the whole."""

    OK = 0
    LATE = 1
    FAILING = 2

    @property
    def word(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at and what was found.

    Attributes
    ----------
    name : str
        ``database``, ``worker``, ``jobs``, ``due``, ``mail``, ``mixing``, ``log`` or
        ``disk``.
    figures : mapping
        Numbers for the sentence; never names or addresses.
    """

    name: str
    status: Status
    figures: Mapping[str, int] = field(default_factory=dict)


def look(now: datetime, *, using: str = parts.MAIN) -> list[Check]:
    """Look at everything; `using` decides whose rows count: all, or one organization's.

    Where the database is not reached nothing that lies there is known.
    """
    reached = _database()
    found = [reached]
    if reached.status is Status.OK:
        found += [_worker(), _jobs(), _due(now, using), _mail(now, using)]
        found += [_mixing(), _log()]
    return [*found, disk(settings.VAR_DIR)]


def whole(checks: Iterable[Check]) -> Status:
    return max(check.status for check in checks)


def _database() -> Check:
    aliases = {"default", parts.owner_of("issuer"), parts.owner_of("collector")}
    lost = 0
    for alias in aliases:
        try:
            with connections[alias].cursor() as cursor:
                cursor.execute("SELECT 1")
        except DatabaseError:
            lost += 1
    return Check("database", Status.FAILING if lost else Status.OK, {"lost": lost})


def _worker() -> Check:
    with connections["default"].cursor() as cursor:
        cursor.execute(HEARTBEAT)
        (silent,) = cursor.fetchone()
    if silent is None:
        return Check("worker", Status.FAILING)
    seconds = {"seconds": int(silent.total_seconds())}
    return Check("worker", Status.FAILING if silent > SILENT else Status.OK, seconds)


def _jobs() -> Check:
    figures = {"failed": _count(FAILED_JOBS), "waiting": _count(WAITING_JOBS)}
    return Check("jobs", Status.LATE if any(figures.values()) else Status.OK, figures)


def _due(now: datetime, using: str) -> Check:
    late = Due.objects.using(using).late_at(now - LATE)
    figures = {
        "late": late.count(),
        "failing": late.filter(attempts__gte=TRIED_OFTEN).count(),
    }
    return Check("due", _worse(figures["failing"], figures["late"]), figures)


def _mail(now: datetime, using: str) -> Check:
    """Messages of open waves: overdue, and given up."""
    mail = Message.objects.using(using).filter(wave__state=Wave.State.OPEN)
    waiting = mail.filter(state=Message.State.WAITING, wave__paused_at=None)
    failed = Q(state=Message.State.FAILED)
    figures = {
        "waiting": waiting.count(),
        "late": waiting.filter(next_try_at__lt=now - LATE).count(),
        "retried": waiting.filter(attempts__gte=TRIED_OFTEN).count(),
        "failed": mail.filter(failed).count(),
    }
    stuck = figures["late"] + figures["retried"]
    return Check("mail", _worse(stuck, figures["failed"]), figures)


def _mixing() -> Check:
    unclean = _count(UNCLEAN, parts.owner_of("collector"))
    status = Status.LATE if unclean else Status.OK
    return Check("mixing", status, {"unclean": unclean})


def _log() -> Check:
    """Nothing may copy the log while answers of a wave stand there as they came."""
    copied = arrivals.are_copied() and arrivals.are_under_way()
    return Check("log", Status.FAILING if copied else Status.OK)


def disk(
    folder: Path, usage: Callable[[Path], tuple[int, int, int]] = shutil.disk_usage
) -> Check:
    """Room where the site keeps its own files and, if embedded, its database."""
    folder.mkdir(parents=True, exist_ok=True)
    _, _, free = usage(folder)
    status = _worse(free < TOO_LITTLE, free < LITTLE)
    return Check("disk", status, {"megabytes": free // 1024**2})


def _worse(failing: int, late: int) -> Status:
    if failing:
        return Status.FAILING
    return Status.LATE if late else Status.OK


def _count(query: str, using: str = "default") -> int:
    with connections[using].cursor() as cursor:
        cursor.execute(query)
        (number,) = cursor.fetchone()
    return int(number)
