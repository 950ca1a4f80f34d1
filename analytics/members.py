"""Which answers of a wave are whose: the segments before anything is decided.

Units come from the cells of the wave, in the identified mode from the units of those
who were asked. Who joined or left is counted among the invited alone and never meets
an answer.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from analytics.plan import Text
from analytics.release_parts import EVERYONE, Members
from surveys import definition
from surveys.actions import WITH_CREDENTIALS
from surveys.fieldwork.cells import EVERYONE as EVERYBODY
from surveys.fieldwork.cells import key_of_unit
from surveys.models import Cell, Invitation, Promise, Survey, Unit, Wave

LANGUAGE_NAMES: Final = {
    "en": Text("Answers in English", "用英文作答"),
    "zh-hans": Text("Answers in Chinese", "用中文作答"),
}
MOST_OPTIONS: Final = 12  # a longer list of options makes no segments

People = Mapping[str, frozenset[UUID]]


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """What is known of the n rows of a wave.

    Attributes
    ----------
    languages : (n,) int16
        Places in `definition.LANGUAGES`.
    cells : (n,) int16
        Places in the wave's cells, -1 = none.
    asked : (n, q) int16
        Raw codes of the questions that are not scored.
    units : tuple of n, or None
        Units of those who answered by name.
    """

    languages: NDArray[np.int16]
    cells: NDArray[np.int16]
    asked: NDArray[np.int16]
    units: tuple[UUID | None, ...] | None


@dataclass(frozen=True, slots=True)
class Node:
    """A cell or a unit; `invited` are those of itself, without what is below."""

    id: UUID
    parent: UUID | None
    key: str
    name: Text
    cell: str | None
    invited: int


def members_of(
    wave: Wave,
    questions: Sequence[definition.FormItem],
    cells: Sequence[Cell],
    rows: Rows,
) -> tuple[Members, ...]:
    """Return every segment of a wave, everyone first.

    Parameters
    ----------
    questions : sequence of q FormItem
        As the columns of `rows.asked`.
    cells : sequence of Cell
        As `rows.cells` counts them.
    """
    nodes, own = _cell_nodes(cells), rows.cells
    if rows.units is not None:
        nodes = _unit_nodes(wave)
        places = {node.id: place for place, node in enumerate(nodes)}
        own = np.array(
            [-1 if unit is None else places[unit] for unit in rows.units],
            dtype=np.int16,
        )
    return (
        *_tree(wave, nodes, own),
        *_languages(rows.languages),
        *_questions(questions, rows.asked),
    )


def _cell_nodes(cells: Sequence[Cell]) -> tuple[Node, ...]:
    by_id = {cell.pk: cell for cell in cells}
    return tuple(
        Node(
            cell.pk,
            cell.parent_id,
            f"unit:{cell.key or _typed_key(cell, by_id)}",
            Text(cell.name_en, cell.name_zh_hans),
            str(cell.pk),
            cell.invited,
        )
        for cell in cells
    )


def _typed_key(cell: Cell, by_id: Mapping[UUID, Cell]) -> str:
    """Name a cell that was typed in by its names and those above it."""
    path: list[list[str]] = []
    at: Cell | None = cell
    while at is not None:
        path.append([at.name_en, at.name_zh_hans])
        at = None if at.parent_id is None else by_id[at.parent_id]
    return sha256(json.dumps(path).encode()).hexdigest()


def _unit_nodes(wave: Wave) -> tuple[Node, ...]:
    """Units of the organization in which somebody was asked, and those above them."""
    asked = _asked(wave, "participant__unit_id")
    units = {unit.pk: unit for unit in Unit.objects.all()}
    needed: set[UUID] = set()
    for place in asked:
        at = place
        while at is not None and at not in needed:
            needed.add(at)
            at = units[at].parent_id
    return tuple(
        Node(
            unit.pk,
            unit.parent_id,
            f"unit:{key_of_unit(unit.pk)}",
            Text(unit.name_en, unit.name_zh_hans),
            None,
            len(asked.get(unit.pk, ())),
        )
        for unit in units.values()
        if unit.pk in needed
    )


def _asked(wave: Wave, place: str) -> dict[UUID | None, frozenset[UUID]]:
    """Return who was asked by their place, without those who were erased since."""
    found: dict[UUID | None, set[UUID]] = {}
    known = Invitation.objects.filter(wave=wave, participant__isnull=False)
    for at, person in known.values_list(place, "participant_id"):
        found.setdefault(at, set()).add(person)
    return {at: frozenset(people) for at, people in found.items()}


def _least_batch(wave: Wave) -> int | None:
    """How many answers are mixed at least; None where they are not."""
    promise = Promise.objects.filter(wave=wave).first()
    # answers of a past wave were never mixed here: each is where it belongs
    mixes = wave.survey.mode in WITH_CREDENTIALS and not wave.is_brought
    return promise.least_batch if promise and mixes else None


def _tree(
    wave: Wave, nodes: Sequence[Node], own: NDArray[np.int16]
) -> Iterator[Members]:
    """Everyone, then the nodes from above to below, siblings by name."""
    places = {node.id: place for place, node in enumerate(nodes)}
    below: dict[UUID | None, list[Node]] = {}
    for node in sorted(nodes, key=lambda one: one.name.en.casefold()):
        below.setdefault(node.parent, []).append(node)
    top = below.get(None, [])
    # one group above all others is everybody
    root = top[0] if len(top) == 1 else None
    start = below.get(root.id, []) if root else top
    now = _people(wave, nodes)
    before = _people_before(wave, nodes) if now else None
    invited = _totals(nodes, below)
    asked = _invited_in_all(wave, nodes)
    batch = _least_batch(wave)

    def member(node: Node, parent: str, depth: int) -> Iterator[Members]:
        held = _below(node, below)
        joined, left = _turnover(node.key, now, before)
        rows = np.isin(own, [places[one.id] for one in held])
        yield Members(
            node.key,
            "unit",
            node.name,
            parent,
            depth,
            node.cell,
            None if wave.is_brought else invited[node.id],
            rows,
            joined,
            left,
            mixed_from=batch if node.parent and node.cell else None,
        )
        for one in below.get(node.id, []):
            yield from member(one, node.key, depth + 1)

    joined, left = _turnover(EVERYONE, now, before)
    yield Members(
        EVERYONE,
        "everyone",
        Text(EVERYBODY.en, EVERYBODY.zh_hans),
        None,
        0,
        root.cell if root else None,
        asked,
        np.ones(len(own), dtype=bool),
        joined,
        left,
    )
    for one in start:
        yield from member(one, EVERYONE, 1)


def _below(node: Node, below: Mapping[UUID | None, Sequence[Node]]) -> list[Node]:
    """Return a node and everything under it."""
    found = [node]
    for one in found:
        found.extend(below.get(one.id, []))
    return found


def _totals(
    nodes: Iterable[Node], below: Mapping[UUID | None, Sequence[Node]]
) -> dict[UUID, int]:
    return {node.id: sum(one.invited for one in _below(node, below)) for node in nodes}


def _invited_in_all(wave: Wave, nodes: Sequence[Node]) -> int | None:
    if wave.survey.mode == Survey.Mode.OPEN or wave.is_brought:
        return None
    if any(node.cell for node in nodes):
        return sum(node.invited for node in nodes)
    return Invitation.objects.filter(wave=wave).count() or None


def _people(wave: Wave, nodes: Sequence[Node]) -> People | None:
    """Return who was asked by the key of a segment; None where nobody was by name."""
    by_cell = any(node.cell for node in nodes)
    asked = _asked(wave, "cell_id" if by_cell else "participant__unit_id")
    if not asked:
        return None
    below: dict[UUID | None, list[Node]] = {}
    for node in nodes:
        below.setdefault(node.parent, []).append(node)
    found = {
        node.key: frozenset().union(
            *(asked.get(one.id, frozenset()) for one in _below(node, below))
        )
        for node in nodes
    }
    return {**found, EVERYONE: frozenset().union(*asked.values())}


def _people_before(wave: Wave, nodes: Sequence[Node]) -> People | None:
    """Return who was asked in the wave before of the same survey."""
    earlier = Wave.objects.filter(survey=wave.survey_id, number__lt=wave.number)
    before = earlier.newest_first().first()
    if before is None:
        return None
    if any(node.cell for node in nodes):
        return _people(before, _cell_nodes(tuple(Cell.objects.filter(wave=before))))
    return _people(before, nodes)


def _turnover(
    key: str, now: People | None, before: People | None
) -> tuple[int | None, int | None]:
    if now is None or before is None or key not in now or key not in before:
        return None, None
    return len(now[key] - before[key]), len(before[key] - now[key])


def _languages(languages: NDArray[np.int16]) -> Iterator[Members]:
    """Yield a segment for each language, where both were used."""
    if len(np.unique(languages)) < 2:
        return
    for place, code in enumerate(definition.LANGUAGES):
        yield Members(
            f"language:{code}",
            "language",
            LANGUAGE_NAMES[code],
            EVERYONE,
            1,
            None,
            None,
            languages == place,
        )


def _questions(
    questions: Sequence[definition.FormItem], asked: NDArray[np.int16]
) -> Iterator[Members]:
    """Yield a segment for each option of the choices that describe the respondent."""
    for column, item in enumerate(questions):
        if item.kind != "choice" or item.role != "control":
            continue
        if len(item.labels) > MOST_OPTIONS:
            continue
        for point, words in enumerate(item.labels, start=item.low):
            yield Members(
                f"question:{item.code}:{point}",
                "question",
                Text(words.in_("en"), words.in_("zh-hans")),
                EVERYONE,
                1,
                None,
                None,
                asked[:, column] == point,
            )
