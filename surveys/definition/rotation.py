"""Short pulses: a core that every wave asks, and blocks that take turns.

Planned missingness (Graham, Taylor, Olchowski and Cumsille, 2006, Psychological Methods
11, 323-343): with three blocks of which two are asked at a time every pair of blocks is
asked together once in a round, so that every pair of items has common answers.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import combinations

from surveys.definition.errors import DefinitionError
from surveys.definition.form import Form, FormItem, FormTurn

FEWEST_BLOCKS, MOST_BLOCKS = 2, 6


@dataclass(frozen=True, slots=True)
class Rotation:
    """How a form is cut.

    Attributes
    ----------
    blocks : int
        Into how many parts what is not in the core is cut.
    asked : int
        How many of them a wave asks; fewer than `blocks`.
    whole_scales : bool
        Whether scales stay together, or every scale is spread over all blocks.
    core : frozenset of str
        Codes of the scales that every wave asks whole.
    by_respondent : bool
        Every respondent draws a turn, so that one wave asks everything; else the waves
        take turns.
    """

    blocks: int = 3
    asked: int = 2
    whole_scales: bool = False
    core: frozenset[str] = frozenset()
    by_respondent: bool = False


def rotated(form: Form, rotation: Rotation) -> Form:
    """`form` with its turns, standing at the first.

    Controls, free texts and what conditions speak of stay in the core.

    Raises
    ------
    DefinitionError
        ``rotation_blocks`` or ``rotation_few``: too little to cut into so many blocks.
    """
    if not FEWEST_BLOCKS <= rotation.blocks <= MOST_BLOCKS or not (
        1 <= rotation.asked < rotation.blocks
    ):
        raise DefinitionError("rotation_blocks", where="rotation")
    blocks = cut(form, rotation)
    if not all(blocks):
        raise DefinitionError("rotation_few", where="rotation")
    turns = tuple(
        FormTurn(_in_order(form, set(range(rotation.blocks)) - set(asked), blocks))
        for asked in combinations(range(rotation.blocks), rotation.asked)
    )
    return replace(form, rotation=turns, turn=0, drawn=rotation.by_respondent)


def cut(form: Form, rotation: Rotation) -> list[list[str]]:
    """Item codes by block; dealt out in turn, so that sizes differ as little as they can."""
    bound = _bound(form)
    blocks: list[list[str]] = [[] for _ in range(rotation.blocks)]
    for scale in form.scales:
        if scale.code in rotation.core:
            continue
        movable = [code for code in scale.items if code not in bound]
        if rotation.whole_scales:
            min(blocks, key=len).extend(movable)
            continue
        for code in movable:
            min(blocks, key=len).append(code)
    return blocks


def at_turn(form: Form, number: int) -> Form:
    """`form` as the wave of this number, from 0, asks it."""
    if not form.rotation or form.drawn:
        return form
    return replace(form, turn=number % len(form.rotation))


def asked_together(form: Form) -> Counter[frozenset[str]]:
    """How often in a round each pair of items is asked together."""
    every = {item.code for item in form.items}
    return Counter(
        frozenset(pair)
        for turn in form.rotation
        for pair in combinations(sorted(every - set(turn.away)), 2)
    )


def _bound(form: Form) -> set[str]:
    """Items that must not go away: controls, and those that conditions tie together."""
    tied = {one.item for question in form.questions for one in question.show_if}
    return tied | {item.code for item in form.items if _stays(item)}


def _stays(item: FormItem) -> bool:
    return item.role == "control" or item.expect is not None or bool(item.show_if)


def _in_order(
    form: Form, away: Iterable[int], blocks: list[list[str]]
) -> tuple[str, ...]:
    gone = {code for block in away for code in blocks[block]}
    return tuple(item.code for item in form.items if item.code in gone)
