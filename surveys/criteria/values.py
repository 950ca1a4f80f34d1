"""Compare values with what is stored, and store them; repeating it does no harm."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models.functions import Lower

from surveys.models import Criterion, CriterionValue, Participant

# One value of a person, a criterion and a day; the newest word counts.
STORE = """
INSERT INTO surveys_criterionvalue
    (organization_id, participant_id, criterion_id, kind, date, value)
SELECT %s, given.* FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::date[],
                               %s::float8[]) AS given
ON CONFLICT (organization_id, participant_id, criterion_id, date)
    DO UPDATE SET value = EXCLUDED.value
    WHERE surveys_criterionvalue.value <> EXCLUDED.value
"""


@dataclass(frozen=True, slots=True)
class Given:
    """A value as it was brought: the organization's number of the person, and a code."""

    number: str
    code: str
    date: date
    value: float


@dataclass(frozen=True, slots=True)
class Compared:
    """What storing would do.

    Attributes
    ----------
    unknown : tuple of str
        Numbers that no participant has; nothing is stored of them.
    """

    new: int
    changed: int
    same: int
    unknown: tuple[str, ...]
    rows: tuple[tuple[UUID, UUID, str, date, float], ...] = field(repr=False)


def compare(given: Sequence[Given], criteria: Mapping[str, Criterion]) -> Compared:
    """Set what was brought beside what is stored; `criteria` has every code used."""
    people = _people({one.number.casefold() for one in given})
    wanted: dict[tuple[UUID, UUID, date], tuple[str, float]] = {}
    unknown: dict[str, None] = {}
    for one in given:
        person = people.get(one.number.casefold())
        if person is None:
            unknown.setdefault(one.number)
            continue
        criterion = criteria[one.code]
        # of a person, a criterion and a day the last word of a list counts
        wanted[(person, criterion.pk, one.date)] = (criterion.kind, one.value)
    known = _stored({key[0] for key in wanted}, {key[1] for key in wanted})
    old = [key for key in wanted if key in known]
    same = sum(known[key] == wanted[key][1] for key in old)
    return Compared(
        new=len(wanted) - len(old),
        changed=len(old) - same,
        same=same,
        unknown=tuple(unknown),
        rows=tuple(
            (person, criterion, kind, day, value)
            for (person, criterion, day), (kind, value) in wanted.items()
        ),
    )


def store(organization_id: UUID, compared: Compared) -> None:
    """Store what was compared, in the caller's transaction."""
    columns = [list(column) for column in zip(*compared.rows, strict=True)]
    if columns:
        with connection.cursor() as cursor:
            cursor.execute(STORE, [organization_id, *columns])


def _people(numbers: set[str]) -> dict[str, UUID]:
    found = Participant.objects.annotate(folded=Lower("key"))
    rows = found.exclude(key="").filter(folded__in=list(numbers))
    return {key.casefold(): pk for key, pk in rows.values_list("key", "pk")}


def _stored(
    people: set[UUID], criteria: set[UUID]
) -> dict[tuple[UUID, UUID, date], float]:
    rows = CriterionValue.objects.filter(
        participant__in=list(people), criterion__in=list(criteria)
    )
    return {
        (person, criterion, day): value
        for person, criterion, day, value in rows.values_list(
            "participant_id", "criterion_id", "date", "value"
        )
    }
