"""The public counts of an anonymous wave, read as the collector's role.

They stand where the organization's rows are, written once with the end of the wave
(surveys/handover.py). Numbers are exact: rounded ones could not be compared with what
people of a group say, nor answers with rights.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self
from uuid import UUID

from django.db import connections, transaction

from surveys.definition import Text
from surveys.parts import intake

# In the order of a reader: every group, then those below it.
PUBLISHED = """
WITH RECURSIVE tree AS (
    SELECT c.id, 0 AS depth, ARRAY[c.name_en, c.id::text] AS place
    FROM surveys_cell c WHERE c.parent_id IS NULL
    UNION ALL
    SELECT c.id, t.depth + 1, t.place || ARRAY[c.name_en, c.id::text]
    FROM surveys_cell c JOIN tree t ON c.parent_id = t.id)
SELECT c.id, c.name_en, c.name_zh_hans, t.depth, c.printed,
       c.invited, c.issued, c.reissued, c.answered
FROM tree t JOIN surveys_cell c ON c.id = t.id ORDER BY t.place
"""


@dataclass(frozen=True, slots=True)
class Counts:
    """What is published of one group.

    Attributes
    ----------
    depth : int
        How many groups stand above it.
    on_paper : bool
        Whether its rights were printed codes: all of them count as given out.
    invited : int
        0 where nobody belongs to the group itself, only to those below it.
    issued, reissued : int
        Rights to answer given out, and given out again to another device.
    """

    cell_id: UUID
    name: Text
    depth: int
    on_paper: bool
    invited: int
    issued: int
    reissued: int
    answered: int


@dataclass(frozen=True, slots=True)
class Total:
    """All groups together."""

    invited: int
    issued: int
    reissued: int
    answered: int

    @classmethod
    def of(cls, groups: Sequence[Counts]) -> Self:
        return cls(
            sum(group.invited for group in groups),
            sum(group.issued for group in groups),
            sum(group.reissued for group in groups),
            sum(group.answered for group in groups),
        )


def published(wave_id: UUID) -> list[Counts]:
    """Counts of every group of a wave; empty until they are published."""
    with (
        transaction.atomic(using=intake(), durable=True),
        connections[intake()].cursor() as cursor,
    ):
        cursor.execute(
            "SELECT set_config('trustsurvey.wave', %s, true)", [str(wave_id)]
        )
        cursor.execute(PUBLISHED)
        return [
            Counts(cell_id, Text(english, chinese), *numbers)
            for cell_id, english, chinese, *numbers in cursor.fetchall()
        ]


def as_json(wave_id: UUID, groups: Sequence[Counts]) -> str:
    """Write the counts for programs; ids are those of the manifest."""
    content = {
        "wave": str(wave_id),
        "published": bool(groups),
        "groups": [
            {
                "id": str(group.cell_id),
                "name": {"en": group.name.en, "zh-hans": group.name.zh_hans},
                "on_paper": group.on_paper,
                "invited": group.invited,
                "issued": group.issued,
                "reissued": group.reissued,
                "answered": group.answered,
            }
            for group in groups
        ],
    }
    return json.dumps(content, ensure_ascii=False, sort_keys=True, indent=1)
