"""Whether the background works: a page for owners, a file for monitoring."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from surveys.access import OWNERS, MemberRequest, for_members
from surveys.health import Check, Status, look, whole

TITLES: Mapping[str, Lazy | str] = {
    "database": gettext_lazy("Database"),
    "worker": gettext_lazy("Background worker"),
    "jobs": gettext_lazy("Jobs"),
    "due": gettext_lazy("Waves that open and close by themselves"),
    "mail": gettext_lazy("Messages to people"),
    "mixing": gettext_lazy("Mixing of answers"),
    "log": gettext_lazy("Copies of the database's log"),
    "disk": gettext_lazy("Room on the disk"),
}
FINE: Mapping[str, Lazy | str] = {
    "database": gettext_lazy("All parts of the database answer."),
    "worker": gettext_lazy("A worker gave a sign of life %(seconds)s seconds ago."),
    "jobs": gettext_lazy("No job has failed in the last seven days, and none waits."),
    "due": gettext_lazy("Nothing is overdue."),
    "mail": gettext_lazy("No message is stuck; %(waiting)s wait for their turn."),
    "mixing": gettext_lazy("Nothing is left behind where answers were mixed."),
    "log": gettext_lazy("No copy of the log shows in which order answers arrive."),
    "disk": gettext_lazy("%(megabytes)s MB are free."),
}
# What is wrong, and what to do about it.
WRONG: Mapping[str, Lazy | str] = {
    "database": gettext_lazy(
        "%(lost)s parts of the database do not answer. See whether PostgreSQL runs and"
        " whether the addresses in the settings are right."
    ),
    "worker": gettext_lazy(
        "No worker has given a sign of life for a minute: waves do not open or close, and"
        " no message is sent. Start manage.py up or manage.py procrastinate worker"
        " again; what was missed is then done."
    ),
    "jobs": gettext_lazy(
        "%(failed)s jobs have failed in the last seven days and %(waiting)s wait for more"
        " than ten minutes. The log of the worker says why; one worker more helps where"
        " they only wait."
    ),
    "due": gettext_lazy(
        "%(late)s openings or closings are overdue, %(failing)s of them were tried several"
        " times. The page of the survey's schedule says what stands in the way."
    ),
    "mail": gettext_lazy(
        "%(late)s messages are overdue, %(retried)s were refused several times and"
        " %(failed)s were given up. See whether the mail server is reached and takes"
        " the sender's address; the wave's page of messages names the reasons."
    ),
    "mixing": gettext_lazy(
        "%(unclean)s waves have traces of the order of arrival left in the database's"
        " files or log. A long backup or transaction is in the way, or a right is missing"
        " (check --deploy --database owner names it); the next mixing tries again. Do"
        " not copy the database now."
    ),
    "log": gettext_lazy(
        "The database's log is archived, replicated or kept while a wave is under way:"
        " it shows in which order answers arrive, so that they can be linked to people."
        " Stop that now and destroy what was kept since the wave was opened."
    ),
    "disk": gettext_lazy(
        "Only %(megabytes)s MB are free. Without room no answer can be stored: make"
        " room, or move the data to a larger disk."
    ),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One check as the page shows it."""

    title: str
    word: str
    sentence: str


@require_safe
@for_members(OWNERS)
def health(request: MemberRequest) -> HttpResponse:
    """Say how the site is, and what to do; counts are of one's own organization."""
    checks = look(timezone.now(), using="default")
    context = {"lines": [_line(check) for check in checks], "whole": whole(checks).word}
    return render(request, "surveys/health.html", context)


@require_safe
def health_json(request: HttpRequest) -> HttpResponse:
    """Words for a monitor, without a number or a name; 503 where something fails."""
    checks = look(timezone.now())
    status = whole(checks)
    response = JsonResponse(
        {
            "status": status.word,
            "checks": {check.name: check.status.word for check in checks},
        },
        status=503 if status is Status.FAILING else 200,
    )
    patch_cache_control(response, no_store=True)
    return response


def _line(check: Check) -> Line:
    sentences = FINE if check.status is Status.OK else WRONG
    sentence = str(sentences[check.name]) % {"seconds": 0, **check.figures}
    return Line(str(TITLES[check.name]), check.status.word, sentence)
