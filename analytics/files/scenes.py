"""What goes on which slide: one message each, the sentence as its title.

PURE. A scene is a picture with its table, a grid, or words; a chapter has at least one.
When there are more than fit into a talk, every chapter keeps its first ones.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from analytics.files.document import (
    Block,
    Chapter,
    Document,
    Heading,
    Legend,
    Picture,
    Words,
)
from analytics.release_sections.glance import Big
from analytics.release_sections.heat import Heat
from analytics.shown import Said, Shown

MOST: Final = 14  # scenes in a talk, with the title slide 15
SHORT: Final = {"methods": 1}  # chapters that are shown by their first scenes only
LATER: Final = 4  # places
ROWS_OF_TABLE: Final = 12
ROWS_OF_GRID: Final = 11


@dataclass(frozen=True, slots=True)
class Scene:
    """What one slide shows.

    Attributes
    ----------
    heading : str
        What it is about, where no sentence can be its title.
    said : tuple of Said
        Readings; the first is the message.
    words : tuple of str
        Further sentences.
    rows : tuple of int
        First row that is shown of the table or grid, and the one after the last.
    gathered : bool
        Readings of several questions: no single one is the message.
    """

    chapter: str
    heading: str
    said: tuple[Said, ...] = ()
    words: tuple[str, ...] = ()
    numbers: tuple[Big, ...] = ()
    picture: Picture | None = None
    table: Shown | None = None
    grid: Heat | None = None
    rows: tuple[int, int] = (0, 0)
    gathered: bool = False

    @property
    def is_visual(self) -> bool:
        return bool(self.picture or self.table or self.grid)

    @property
    def lateness(self) -> int:
        """How much later than its place it comes when there are too many scenes."""
        goes_on = self.rows[0] > 0
        bare = self.table is not None and not (self.picture or self.said)
        return LATER * (goes_on or bare)

    @property
    def is_only_read(self) -> bool:
        return bool(self.said) and not (self.is_visual or self.numbers)

    @property
    def is_only_words(self) -> bool:
        return not (self.is_visual or self.said or self.numbers)


def scenes_of(document: Document) -> tuple[Scene, ...]:
    """Return the scenes of a talk, at most `MOST`, in the order of the report."""
    chapters = [
        _merged(_told_apart(_of_chapter(chapter)))[: SHORT.get(chapter.key, MOST)]
        for chapter in document.chapters
    ]
    ranked = sorted(
        (place + scene.lateness, number, place)
        for number, scenes in enumerate(chapters)
        for place, scene in enumerate(scenes)
    )
    kept = {(number, place) for _, number, place in ranked[:MOST]}
    return tuple(
        scene
        for number, scenes in enumerate(chapters)
        for place, scene in enumerate(scenes)
        if (number, place) in kept
    )


def _told_apart(scenes: Iterable[Scene]) -> Iterator[Scene]:
    """Bring a reading that names a picture of the chapter to that picture."""
    found = list(scenes)
    titles = {one.picture.title for one in found if one.picture}
    readings = [said for one in found for said in one.said]
    for scene in found:
        title = scene.picture.title if scene.picture else ""
        own = [one for one in readings if one.name == title and title]
        others = [one for one in scene.said if one.name not in titles]
        yield replace(scene, said=(*own, *others))


def _merged(scenes: Iterable[Scene]) -> list[Scene]:
    """Put readings that follow each other on one slide; words alone need none."""
    found: list[Scene] = []
    words: tuple[str, ...] = ()
    for scene in scenes:
        if scene.is_only_words:
            words += scene.words
            continue
        above = found[-1] if found else None
        if above is not None and above.is_only_read and scene.is_only_read:
            found[-1] = replace(
                above,
                heading=above.chapter,
                gathered=True,
                said=(*above.said, *scene.said),
                words=(*above.words, *words, *scene.words),
            )
        else:
            found.append(replace(scene, words=(*words, *scene.words)))
        words = ()
    if found and words:
        found[-1] = replace(found[-1], words=(*found[-1].words, *words))
    return found


def _of_chapter(chapter: Chapter) -> Iterator[Scene]:
    """Split a chapter at its headings, then at what is shown."""
    heading = chapter.title
    blocks: list[Block] = []
    for block in chapter.blocks:
        if isinstance(block, Heading):
            yield from _of_blocks(chapter.title, heading, blocks)
            heading, blocks = block.text, []
        else:
            blocks.append(block)
    yield from _of_blocks(chapter.title, heading, blocks)


def _of_blocks(chapter: str, heading: str, blocks: Iterable[Block]) -> Iterator[Scene]:
    """Yield scenes of one stretch; what is said after a picture belongs to it."""
    empty = Scene(chapter, heading)
    scene = empty
    for block in blocks:
        match block:
            case Big():
                scene = replace(scene, numbers=(*scene.numbers, block))
            case Said():
                scene = replace(scene, said=(*scene.said, block))
            case Words(text):
                scene = replace(scene, words=(*scene.words, text))
            case Picture():
                if scene.is_visual or scene.said:
                    yield from _cut(scene)
                    scene = empty
                scene = replace(scene, picture=block)
            case Shown():
                if scene.table or scene.grid:
                    yield from _cut(scene)
                    scene = empty
                scene = replace(scene, table=block)
            case Heat():
                if scene.is_visual:
                    yield from _cut(scene)
                    scene = empty
                scene = replace(scene, grid=block)
            case Heading() | Legend():
                pass
    if scene != empty:
        yield from _cut(scene)


def _cut(scene: Scene) -> Iterator[Scene]:
    """Split what has more rows than a slide; a long table follows its picture."""
    if scene.grid is not None:
        yield from _windows(scene, len(scene.grid.rows), ROWS_OF_GRID)
    elif scene.table is not None and scene.picture is None:
        yield from _windows(scene, len(scene.table.rows), ROWS_OF_TABLE)
    else:
        count = 0 if scene.table is None else len(scene.table.rows)
        yield replace(scene, rows=(0, count))


def _windows(scene: Scene, count: int, most: int) -> Iterator[Scene]:
    for first in range(0, count, most):
        yield replace(scene, rows=(first, min(first + most, count)))
