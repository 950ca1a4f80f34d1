"""How many have answered, by the rules of the mode (docs/anonymity.md).

Anonymous and confidential: once a day, for groups of at least eight invited, rounded
down to fives; never live, never who. Identified and open: what stands in the table.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import connections, transaction
from django.db.models import Max

from surveys import parts
from surveys.actions import WITH_CREDENTIALS
from surveys.models import Cell, Participation, Response, Wave
from surveys.models.participation import STEP
from surveys.models.promise import LEAST_INVITED

# Only waves with credentials have cells. A day has its figures once a wave as a whole has.
UNCOUNTED = """
SELECT w.organization_id, w.id FROM surveys_wave w
    WHERE w.state IN ('open', 'grace')
    AND EXISTS (SELECT FROM surveys_cell c
        WHERE (c.organization_id, c.wave_id) = (w.organization_id, w.id))
    AND NOT EXISTS (SELECT FROM surveys_participation p
        WHERE (p.organization_id, p.wave_id) = (w.organization_id, w.id)
        AND p.cell_id IS NULL AND p.day = %s)
"""
INVITED = "SELECT id, invited FROM surveys_cell WHERE wave_id = %s"
ANSWERED = "SELECT cell_id, count(*) FROM collector.spent WHERE wave_id = %s GROUP BY 1"
STORE = """
INSERT INTO surveys_participation (id, organization_id, wave_id, cell_id, day, answered)
    VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class Figure:
    """What may be said of a wave now.

    Attributes
    ----------
    invited : int or None
        None where nobody knows, as with an open link.
    answered : int or None
        None where nothing was counted yet.
    day : date or None
        Of the count, rounded down to fives; None: exact.
    """

    invited: int | None
    answered: int | None
    day: date | None

    @property
    def percent(self) -> int | None:
        if not self.invited or self.answered is None:
            return None
        return 100 * self.answered // self.invited


def rounded(answered: int) -> int:
    """The figure that may be shown: down to the next five, so that it is never more."""
    return answered // STEP * STEP


def rounded_by_cell(
    invited: Mapping[UUID, int], answered: Mapping[UUID, int]
) -> dict[UUID | None, int]:
    """Figures of the cells that are large enough, and of all together under None."""
    found: dict[UUID | None, int] = {
        cell: rounded(answered.get(cell, 0))
        for cell, people in invited.items()
        if people >= LEAST_INVITED
    }
    if sum(invited.values()) >= LEAST_INVITED:
        found[None] = rounded(sum(answered.values()))
    return found


def count_due(now: datetime) -> None:
    """Write today's figures of every wave that has none, as the owning role."""
    day = now.date()
    with connections[parts.MAIN].cursor() as cursor:
        cursor.execute(UNCOUNTED, [day])
        waves = cursor.fetchall()
    for organization_id, wave_id in waves:
        _count(organization_id, wave_id, day)


def _count(organization_id: UUID, wave_id: UUID, day: date) -> None:
    with connections[parts.owner_of("collector")].cursor() as cursor:
        cursor.execute(ANSWERED, [wave_id])
        answered = dict(cursor.fetchall())
    with (
        transaction.atomic(using=parts.MAIN),
        connections[parts.MAIN].cursor() as cursor,
    ):
        cursor.execute(INVITED, [wave_id])
        figures = rounded_by_cell(dict(cursor.fetchall()), answered)
        for cell_id, number in figures.items():
            row = [uuid4(), organization_id, wave_id, cell_id, day, number]
            cursor.execute(STORE, row)


def of_wave(wave: Wave, cells: list[Cell]) -> dict[UUID | None, Figure]:
    """Figures by cell, the wave as a whole under None; within the organization."""
    if wave.survey.mode not in WITH_CREDENTIALS:
        return {None: _live(wave)}
    if wave.state == Wave.State.CLOSED:
        return _published(cells)
    return _of_the_last_day(wave, cells)


def last_share(wave: Wave) -> int | None:
    """How many percent answered in the wave before; None where that is not known."""
    earlier = Wave.objects.collected().filter(
        survey=wave.survey_id, number__lt=wave.number, state=Wave.State.CLOSED
    )
    last = earlier.select_related("survey").newest_first().first()
    if last is None:
        return None
    return of_wave(last, list(Cell.objects.filter(wave=last)))[None].percent


def _live(wave: Wave) -> Figure:
    asked = wave.invitations.count() or None
    return Figure(asked, Response.objects.filter(wave=wave).count(), None)


def _published(cells: list[Cell]) -> dict[UUID | None, Figure]:
    """The public counts, which were written when the wave was finished."""
    found: dict[UUID | None, Figure] = {
        cell.pk: Figure(cell.invited, cell.answered, None)
        for cell in cells
        if cell.invited
    }
    answered = sum(cell.answered or 0 for cell in cells)
    found[None] = Figure(sum(cell.invited for cell in cells), answered, None)
    return found


def _of_the_last_day(wave: Wave, cells: list[Cell]) -> dict[UUID | None, Figure]:
    rows = Participation.objects.filter(wave=wave)
    newest = rows.aggregate(day=Max("day"))["day"]
    last = rows.filter(day=newest) if newest else ()
    stored = {row.cell_id: row.answered for row in last}
    found: dict[UUID | None, Figure] = {
        cell.pk: Figure(cell.invited, stored.get(cell.pk), newest)
        for cell in cells
        if cell.invited
    }
    found[None] = Figure(sum(cell.invited for cell in cells), stored.get(None), newest)
    return found
