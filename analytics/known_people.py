"""Who gave which row of an identified wave: its unit, its number, its outcomes.

Beside `responses`, the one other module that reads rows of answers, and never the
answers themselves. Everything is in the order of the keys of the rows, as there.
Inside the organization's transaction; of other modes nobody is known.
"""

from collections import Counter
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db import connections

from surveys.models import Wave

# Who is known by name answers under the id of the invitation (decision 39).
_PEOPLE: Final = """
FROM surveys_response r
LEFT JOIN surveys_invitation i
    ON (i.organization_id, i.wave_id, i.id) = (r.organization_id, r.wave_id, r.id)
LEFT JOIN surveys_participant p
    ON (p.organization_id, p.id) = (i.organization_id, i.participant_id)
WHERE r.wave_id = %s ORDER BY r.id
"""
UNITS: Final = f"SELECT p.unit_id {_PEOPLE}"
NUMBERS: Final = f"SELECT p.key, p.id {_PEOPLE}"
OUTCOMES: Final = """
SELECT a.place, v.criterion_id, v.date, v.value
FROM (SELECT organization_id, wave_id, id, row_number() OVER (ORDER BY id) - 1 AS place
      FROM surveys_response WHERE wave_id = %s) a
JOIN surveys_invitation i
    ON (i.organization_id, i.wave_id, i.id) = (a.organization_id, a.wave_id, a.id)
JOIN surveys_criterionvalue v
    ON (v.organization_id, v.participant_id) = (i.organization_id, i.participant_id)
WHERE v.date BETWEEN %s AND %s
ORDER BY v.date
"""


def units_of_rows(wave: Wave) -> tuple[UUID | None, ...]:
    """Return the unit of everybody who answered; None for who has none or was erased."""
    return tuple(unit for (unit,) in _asked(UNITS, wave.pk))


def answered_by_unit(wave: Wave) -> dict[UUID | None, int]:
    """Count the answers of each unit."""
    return dict(Counter(units_of_rows(wave)))


def numbers_of_rows(wave: Wave) -> list[tuple[str | None, UUID | None]]:
    """Return number and id of everybody who answered; None and None for the erased."""
    return _asked(NUMBERS, wave.pk)


def outcomes_of_rows(
    wave: Wave, first: date, last: date
) -> list[tuple[int, UUID, date, float]]:
    """Return place of the row, criterion, day and value of all outcomes, by day."""
    return _asked(OUTCOMES, wave.pk, first, last)


def _asked(query: str, *values: Any) -> list[Any]:
    with connections["default"].cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())
