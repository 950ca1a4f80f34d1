"""Exports and lines of their log in the words of a page."""

import json
import re
from datetime import datetime
from typing import Any, Final

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from analytics.export.actions import REMOVABLE, may_decide
from analytics.export.formats import FORMATS
from analytics.export.log import about_of
from analytics.export.models import KINDS, Export, ExportEntry
from analytics.sentences import Sentence
from surveys.access import ANALYSTS
from surveys.models import Membership, Survey

OPTIONS = ("raw", "keyed", "scores")
# as `log.about_of` writes it
_ABOUT: Final = re.compile(r"([a-z]+) \(([a-z]+)\): (.*)", re.DOTALL)


def export_shown(
    export: Export, member: Membership, language: str, now: datetime
) -> dict[str, Any]:
    """Return what a card says of an export, and what its reader may do about it."""
    fresh = export.has_file_at(now)
    may_take = member.role in ANALYSTS
    return {
        "export": export,
        "what": Export.Kind(export.kind).label,
        "format": FORMATS[export.format].label,
        "labels": "简体中文" if export.language == "zh-hans" else "English",
        "waves": ", ".join(map(str, export.waves)),
        "columns": _columns(export),
        "state": Export.State(export.state).label,
        "tone": _tone(export),
        "under_way": export.is_under_way,
        "fresh": fresh,
        "may_take": fresh and may_take,
        "may_remove": may_take and export.state in REMOVABLE,
        "may_decide": may_decide(export, member),
        "reason": _said(export.reason, language),
        "remarks": [Sentence.from_plain(one).text(language) for one in export.remarks],
    }


def _columns(export: Export) -> str:
    names = {
        "raw": _("answers as given"),
        "keyed": _("turned answers"),
        "scores": _("scores"),
    }
    chosen = [names[one] for one in OPTIONS if export.options.get(one)]
    return pgettext("of a list", ", ").join(chosen)


def _tone(export: Export) -> str:
    if export.state in {Export.State.FAILED, Export.State.REFUSED}:
        return "stop"
    if export.state == Export.State.AWAITING:
        return "watch"
    return "" if export.state == Export.State.READY else "plain"


def _said(reason: str, language: str) -> str:
    if not reason:
        return ""
    return Sentence.from_plain(json.loads(reason)).text(language)


def entry_shown(entry: ExportEntry, survey: Survey, language: str) -> dict[str, Any]:
    """Return what a line of the log of a survey says."""
    return {
        "at": entry.at,
        "what": ExportEntry.What(entry.what).label,
        "who": entry.who or _("the system"),
        "about": _about(entry.about, survey, language),
        "detail": _detail(entry),
    }


def _about(stored: str, survey: Survey, language: str) -> str:
    """Say in the reader's words which file a line is about.

    A line outlives what it tells of: a kind or a format that is offered no more stands
    as it was written, and so does a title that the survey had then.
    """
    found = _ABOUT.fullmatch(stored)
    if found is None:
        return stored
    kind, form, title = found.groups()
    if kind not in KINDS or form not in FORMATS:
        return stored
    is_todays = stored == about_of(kind, form, survey)
    return _("%(kind)s (%(format)s) of %(title)s") % {
        "kind": Export.Kind(kind).label,
        "format": FORMATS[form].label,
        "title": survey.title(language) if is_todays else title,
    }


def _detail(entry: ExportEntry) -> str:
    if entry.what == ExportEntry.What.BEGUN and entry.first_byte:
        return _("from byte %(first)s") % {"first": entry.first_byte}
    if entry.what == ExportEntry.What.ENDED:
        size = filesizeformat(entry.sent or 0)
        if entry.complete:
            return _("%(size)s sent, to the end") % {"size": size}
        return _("%(size)s sent, not to the end") % {"size": size}
    return ""
