"""The pseudonyms of an ended wave that must not be kept, asked of the main database.

Only numbers of people are read: who was asked where stands in the same database, so that
whoever has it can count the same (surveys/paths.py has the rule).
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from secrets import SystemRandom
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.backends.utils import CursorWrapper

from surveys.paths import Arrival, Cell, Known, Path, sources_of, telling
from surveys.tenancy import organization_scope

# One wave of a survey at a time, so that two that end together see each other's links.
ONE_AT_A_TIME = """
SELECT organization_id, survey_id,
       pg_advisory_xact_lock(hashtextextended(survey_id::text, 5))
FROM surveys_wave WHERE id = %s
"""
LEAST = """
SELECT least_for_scores FROM surveys_promise WHERE organization_id = %s AND wave_id = %s
"""
LINKED = """
SELECT id FROM surveys_wave WHERE organization_id = %s AND survey_id = %s
    AND (id = %s OR (links_waves AND state = 'closed'))
"""
CELLS = """
SELECT id, wave_id, parent_id, answered FROM surveys_cell
WHERE organization_id = %s AND wave_id = ANY(%s)
"""
ANSWERS = """
SELECT wave_id, cell_id, pseudonym, count(*) FROM surveys_response
WHERE organization_id = %s AND wave_id = ANY(%s) AND cell_id IS NOT NULL
GROUP BY wave_id, cell_id, pseudonym
"""
PEOPLE = """
SELECT cells, count(*) FROM (
    SELECT array_agg(cell_id ORDER BY cell_id) AS cells FROM surveys_invitation
    WHERE organization_id = %s AND wave_id = ANY(%s)
      AND cell_id IS NOT NULL AND participant_id IS NOT NULL AND state <> 'unreachable'
    GROUP BY participant_id) path
GROUP BY cells
"""
# Of whom nothing else is known: erased since, or in a group that somebody typed in. The
# same group in another wave is the one made of the same, or of the same name.
UNKNOWN = """
SELECT c.wave_id, c.id, coalesce(nullif(c.key, ''), c.name_en || ' / ' || c.name_zh_hans),
       CASE WHEN count(i.id) > 0 THEN count(*) - count(i.participant_id)
            ELSE c.invited END
FROM surveys_cell c LEFT JOIN surveys_invitation i
    ON i.organization_id = c.organization_id AND i.wave_id = c.wave_id AND i.cell_id = c.id
WHERE c.organization_id = %s AND c.wave_id = ANY(%s) GROUP BY c.id
"""
Rows = Sequence[tuple[Any, ...]]
Asked = tuple[UUID, list[UUID]]  # an organization, and waves of it
CELL, PSEUDONYM = 3, -1  # places in a row of surveys_response, as it is handed over


def without_telling(
    cursor: CursorWrapper, wave_id: UUID, answers: Rows, answered: Mapping[str, int]
) -> Rows:
    """Take the pseudonyms out of those answers of the wave that they would give away.

    Parameters
    ----------
    cursor
        Of the transaction that hands the answers over; it sees no invitations, so that
        they are asked for as the organization.
    answered
        Numbers of the wave by cell, as published.
    """
    if all(row[PSEUDONYM] is None for row in answers):
        return answers
    cursor.execute(ONE_AT_A_TIME, [wave_id])
    organization_id, survey_id, _ = cursor.fetchone()
    with organization_scope(organization_id), connection.cursor() as own:
        return _kept(own, (organization_id, survey_id, wave_id), answers, answered)


def _kept(
    cursor: CursorWrapper,
    ids: tuple[UUID, UUID, UUID],
    answers: Rows,
    answered: Mapping[str, int],
) -> Rows:
    organization_id, _, wave_id = ids
    ((least,),) = _rows(cursor, LEAST, (organization_id, wave_id))
    asked = organization_id, [wave for (wave,) in _rows(cursor, LINKED, ids)]
    earlier = _Earlier(_rows(cursor, ANSWERS, asked))
    own = [_bytes(row[PSEUDONYM]) for row in answers]
    often = {one for one, number in Counter(own).items() if number > 1}
    useless = (often | earlier.often) - {None}
    arrivals = [
        Arrival(row[CELL], Path() if one in often else earlier.paths.get(one, Path()))
        for row, one in zip(answers, own, strict=True)
    ]
    stored = Counter(row[CELL] for row in answers)
    for path, number in earlier.answers.items():
        for cell in path:
            stored[cell] += number
    cells = [
        # the new wave's counts are being written
        Cell(cell, wave, parent, known or answered.get(str(cell), 0), stored[cell])
        for cell, wave, parent, known in _rows(cursor, CELLS, asked)
    ]
    known = Known(
        _people(cursor, asked),
        earlier.answers,
        sources_of(cells),
        {cell.id: cell.wave for cell in cells},
    )
    gone = telling(known, arrivals, wave=wave_id, least=least, random=SystemRandom())
    return [
        (*row[:PSEUDONYM], None) if number in gone or one in useless else row
        for number, (row, one) in enumerate(zip(answers, own, strict=True))
    ]


class _Earlier:
    """Answers handed over before, by the paths of their pseudonyms.

    A pseudonym that stands twice in one wave (a phrase of two people) links nothing:
    it goes `often`, and its answers count as if they had none.
    """

    def __init__(self, rows: Rows) -> None:
        places: defaultdict[bytes, list[tuple[UUID, UUID]]] = defaultdict(list)
        self.answers: Counter[Path] = Counter()
        for wave, cell, pseudonym, number in rows:
            if pseudonym is None:
                self.answers[Path([cell])] += number
            else:
                places[bytes(pseudonym)] += [(wave, cell)] * number
        self.paths: dict[bytes | None, Path] = {}
        self.often: set[bytes | None] = set()
        for pseudonym, found in places.items():
            if len({wave for wave, _ in found}) < len(found):
                self.often.add(pseudonym)
                self.answers.update(Path([cell]) for _, cell in found)
            else:
                self.paths[pseudonym] = Path(cell for _, cell in found)
        self.answers.update(self.paths.values())


def _people(cursor: CursorWrapper, asked: Asked) -> Counter[Path]:
    people = Counter(_unknown(_rows(cursor, UNKNOWN, asked)))
    for path, number in _rows(cursor, PEOPLE, asked):
        people[Path(path)] += number
    return people


def _unknown(rows: Rows) -> Iterator[Path]:
    """Paths of people of whom only numbers are known: as if they stayed in their group.

    As many as the least of its numbers were there in all waves, and so on.
    """
    groups: defaultdict[object, dict[UUID, tuple[UUID, int]]] = defaultdict(dict)
    for wave, cell, group, number in rows:
        # two groups of one wave with the same name are not told apart in others
        same = groups[group if wave not in groups[group] else cell]
        same[wave] = cell, number
    for group in groups.values():
        for place in range(max(number for _, number in group.values())):
            yield Path(cell for cell, number in group.values() if number > place)


def _rows(cursor: CursorWrapper, query: str, asked: tuple[Any, ...]) -> Rows:
    cursor.execute(query, asked)
    return list(cursor.fetchall())


def _bytes(value: bytes | memoryview | None) -> bytes | None:
    return None if value is None else bytes(value)
