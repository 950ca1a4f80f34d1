"""The log of exports: written by the actions, read by owners and auditors."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from analytics.export.models import Export, ExportEntry
from surveys.models import Survey

What = ExportEntry.What
LONGEST: Final = 300  # characters of what a line is about


def note(
    export: Export,
    what: ExportEntry.What,
    *,
    at: datetime,
    who: str = "",
    download: UUID | None = None,
    first_byte: int | None = None,
    sent: int | None = None,
    complete: bool | None = None,
) -> None:
    """Add a line about an export, in the transaction under way."""
    ExportEntry.objects.create(
        organization_id=export.organization_id,
        survey_id=export.survey_id,
        export_id=export.pk,
        what=what,
        who=who,
        at=at,
        about=about_of(export.kind, export.format, export.survey),
        download=download,
        first_byte=first_byte,
        sent=sent,
        complete=complete,
    )


def about_of(kind: str, form: str, survey: Survey) -> str:
    """Return what a line keeps of its export; a page puts it into words (`shown`)."""
    return f"{kind} ({form}): {survey.title_en}"[:LONGEST]


def second_person_needed() -> bool:
    """Whether exports of the organization need approval by a second person."""
    newest = ExportEntry.objects.of_rule().newest_first().first()
    return newest is not None and newest.what == What.RULE_ON


def entries_of(survey: Survey, *, most: int) -> Iterable[ExportEntry]:
    """Return the newest lines about a survey, and about the rule, newest first."""
    found = ExportEntry.objects.filter(survey_id=survey.pk)
    rules = ExportEntry.objects.of_rule()
    return (found | rules).newest_first()[:most]
