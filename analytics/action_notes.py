"""Action notes of a survey: who may write which, and every entry kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from analytics.managing import own_keys
from analytics.models import ActionEntry, ActionNote
from analytics.plan import Text
from analytics.release_parts import EVERYONE, Segment
from analytics.release_sections import Parts
from analytics.release_sections.beside import Note
from surveys.access import ANALYSTS
from surveys.models import Membership, Wave
from surveys.models.managers import Section
from surveys.models.people import Role
from surveys.reading import sections_of


@dataclass(frozen=True, slots=True)
class Writing:
    """What somebody says about a note; one entry."""

    text: str
    who: str
    until: date | None
    status: str


def writable(membership: Membership, wave: Wave, parts: Parts) -> Mapping[str, Segment]:
    """Return the segments about which a member may write, by key.

    Owners and analysts write about everyone and every unit, managers about their own.
    """
    if parts.segments is None or Section.ACTIONS not in sections_of(membership):
        return {}
    if membership.role == Role.MANAGER:
        own = own_keys(membership, wave, parts.segments)
        return {one.key: one for one in parts.segments.segments if one.key in own}
    if membership.role not in ANALYSTS:
        return {}
    kinds = {EVERYONE, "unit"}
    return {one.key: one for one in parts.segments.segments if one.kind in kinds}


def notes_beside(membership: Membership, wave: Wave, parts: Parts) -> list[Note]:
    """Return the notes that a member sees in the report of a wave, as they stand now."""
    found = ActionNote.objects.filter(
        survey=wave.survey_id, wave__number__lte=wave.number
    ).select_related("wave")
    if parts.visible is not None:
        found = found.filter(segment__in=parts.visible)
    notes = list(found.as_they_stand())
    # the segments are read only where there is something to write about
    may_write = writable(membership, wave, parts) if notes else {}
    return [_shown(note, note.segment in may_write) for note in notes]


def noted_trends(wave: Wave) -> list[str]:
    """Return the parts with the changes that stand beside notes of earlier waves."""
    earlier = ActionNote.objects.filter(
        survey=wave.survey_id, wave__number__lt=wave.number
    )
    keys = earlier.order_by().values_list("segment", flat=True).distinct()
    return [f"trend/{key}" for key in keys if key != EVERYONE]


def _shown(note: Any, may_write: bool) -> Note:
    return Note(
        id=str(note.pk),
        segment=note.segment,
        name=Text(note.name_en, note.name_zh_hans),
        wave=note.wave.number,
        text=note.text,
        who=note.who,
        until="" if note.until is None else note.until.isoformat(),
        status=note.status,
        may_write=may_write,
    )


@transaction.atomic
def write(
    wave: Wave, segment: Segment, said: Writing, *, by: str, at: datetime
) -> ActionNote:
    """Begin a note about a segment, beside the report of a wave."""
    note = ActionNote.objects.create(
        organization_id=wave.organization_id,
        survey_id=wave.survey_id,
        wave=wave,
        segment=segment.key,
        name_en=segment.name.en,
        name_zh_hans=segment.name.zh_hans,
    )
    _enter(note, 1, said, by=by, at=at)
    return note


@transaction.atomic
def rewrite(note: ActionNote, said: Writing, *, by: str, at: datetime) -> bool:
    """Add what is said now; whether it differs from what stood there."""
    ActionNote.objects.select_for_update().get(pk=note.pk)
    last = ActionEntry.objects.filter(note=note).latest("number")
    if Writing(last.text, last.who, last.until, last.status) == said:
        return False
    _enter(note, last.number + 1, said, by=by, at=at)
    return True


def _enter(
    note: ActionNote, number: int, said: Writing, *, by: str, at: datetime
) -> None:
    ActionEntry.objects.create(
        organization_id=note.organization_id,
        note=note,
        number=number,
        text=said.text,
        who=said.who,
        until=said.until,
        status=said.status,
        written_by=by,
        written_at=at,
    )
