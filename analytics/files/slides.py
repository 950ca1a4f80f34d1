"""A report as slides: native text, tables and charts, one message on each.

The title of a slide is its sentence. What does not fit on it, and how the numbers were
made, stands in the speaker's notes.
"""

import io
from collections.abc import Sequence
from typing import Any, Final

from pptx import Presentation
from pptx.enum.text import MSO_ANCHOR
from pptx.util import Emu

from analytics.drawing import WIDE_PIXELS
from analytics.files import fitting, pictures
from analytics.files.document import Document, Picture
from analytics.files.scenes import Scene, scenes_of
from analytics.files.slide_charts import interval_chart, is_native
from analytics.files.slide_parts import (
    ACCENT,
    INK,
    POINT,
    SOFT,
    TONES,
    TONGUE,
    Box,
    Run,
    Tile,
    describe,
    frame,
    paragraphs,
    set_runs,
    table,
)
from analytics.release_sections.heat import HeatRow
from analytics.sentences import label
from analytics.shown import Said, Shown

WIDE, HIGH = 960.0, 540.0  # points of a slide of 16:9
LEFT: Final = 44.0
FULL: Final = WIDE - 2 * LEFT
KICKER: Final = Box(LEFT, 26, FULL, 20)
TITLE: Final = Box(LEFT, 46, FULL, 74)
BODY: Final = Box(LEFT, 134, FULL, 356)
FOOT: Final = Box(LEFT, 504, FULL - 60, 18)
NUMBER: Final = Box(WIDE - LEFT - 60, 504, 60, 18)
TITLE_SIZES: Final = (28, 26, 24, 22, 20)
TITLE_LINES: Final = 2
PANEL: Final = 330.0  # the width beside a chart
GAP: Final = 22.0
ENLARGED: Final = 1.1  # a drawing on a slide
PANEL_COLUMNS: Final = 3
PANEL_ROWS: Final = 9
GRID_COLUMNS: Final = 8
TITLE_ONLY: Final = 5  # of the default template's layouts


def report_slides(document: Document) -> bytes:
    """Return a .pptx of the title slide and at most fourteen others."""
    return _Talk(document).made()


class _Talk:
    """Sets the slides of one document, one after the other."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.language = document.language
        self.messages: set[str] = set()  # what was said needs no second slide
        self.deck = Presentation()
        self.deck.slide_width = Emu(round(WIDE * POINT))
        self.deck.slide_height = Emu(round(HIGH * POINT))

    def made(self) -> bytes:
        self._properties()
        self._first()
        for scene in scenes_of(self.document):
            self._scene(scene)
        target = io.BytesIO()
        self.deck.save(target)
        return target.getvalue()

    def _properties(self) -> None:
        core = self.deck.core_properties
        core.title = f"{self.document.title} · {self.document.subtitle}"
        core.author = self.document.organization
        core.subject = self.document.subtitle
        core.language = TONGUE[self.language]
        core.keywords = core.comments = ""

    def _first(self) -> None:
        """Set the title slide: whose, what, when, and what was promised."""
        one = self.document
        slide = self._slide(one.title, Box(LEFT, 150, FULL, 90), (40, 36, 32, 28))
        self._line(slide, Box(LEFT, 120, FULL, 24), one.organization, 18, SOFT)
        self._line(slide, Box(LEFT, 246, FULL, 28), one.subtitle, 20, ACCENT)
        facts = [
            [Run(f"{name}  ", colour=SOFT), Run(value)] for name, value in one.facts
        ]
        if one.note:
            facts.insert(0, [Run(one.note, bold=True, colour=TONES["watch"])])
        box = Box(LEFT, 300, FULL, 180)
        paragraphs(
            slide, box, facts, self.language, sizes=(16, 15, 14, 13, 12), gap=0.3
        )
        promise = f"{label('file_promise', self.language)}: {one.promise}"
        self._note(slide, [promise] if one.promise else [])

    def _scene(self, scene: Scene) -> None:
        message, said = self._message(scene)
        slide = self._slide(message, TITLE, TITLE_SIZES)
        self._line(slide, KICKER, scene.chapter, 13, ACCENT)
        self._foot(slide)
        rest = self._shown(slide, scene, said)
        self._note(slide, [*self._spoken(scene), *rest])

    def _message(self, scene: Scene) -> tuple[str, tuple[Said, ...]]:
        """Return the sentence that is the title, and the readings that are left."""
        if scene.said and not scene.gathered:
            first = scene.said[0]
            text = f"{first.name}: {first.text}" if first.name else first.text
            size = fitting.fitted(text, FULL, TITLE_SIZES, TITLE_LINES, bold=True)
            if size is not None and text not in self.messages:
                self.messages.add(text)
                return text, scene.said[1:]
        shown = scene.picture or scene.table or scene.grid
        title = shown.title if shown is not None else ""
        return title or scene.heading, scene.said

    def _shown(self, slide: Any, scene: Scene, said: Sequence[Said]) -> list[str]:
        """Fill the body; return the sentences that found no place."""
        fresh = [one for one in said if one.text not in self.messages]
        self.messages |= {one.text for one in fresh}
        lines = [self._reading(one) for one in fresh]
        if scene.grid is not None:
            return self._grid(slide, scene, lines)
        if scene.picture is not None:
            return self._picture(slide, scene.picture, scene, lines)
        if scene.table is not None:
            return self._table(slide, scene.table, scene, lines)
        lines += [[Run(text)] for text in scene.words]
        top = self._numbers(slide, scene)
        return self._lines(slide, _below(BODY, top), lines)

    def _numbers(self, slide: Any, scene: Scene) -> float:
        """Set the big numbers side by side; return the height they take."""
        if not scene.numbers:
            return 0.0
        wide = FULL / max(2, len(scene.numbers))
        for place, one in enumerate(scene.numbers):
            left = LEFT + place * wide
            box = Box(left, BODY.top, wide - GAP, 22)
            self._line(slide, box, one.label, 15, SOFT)
            big = Box(left, BODY.top + 24, wide - GAP, 60)
            shape = slide.shapes.add_textbox(*big.emu())
            runs = [Run(one.value, bold=True, colour=ACCENT)]
            paragraph = frame(shape).paragraphs[0]
            set_runs(paragraph, runs, 40, self.language)
            set_runs(
                paragraph, [Run(f"  {one.beside}", colour=SOFT)], 15, self.language
            )
            below = Box(left, BODY.top + 84, wide - GAP, 22)
            self._line(slide, below, one.below, 14, SOFT)
        return 128.0

    def _picture(
        self, slide: Any, picture: Picture, scene: Scene, lines: list[list[Run]]
    ) -> list[str]:
        """Set a chart, beside it its numbers, and readings where there is room."""
        tiles = self._tiles(scene.table, PANEL_COLUMNS) if scene.table else []
        beside = 1 < len(tiles) <= PANEL_ROWS + 1
        panel = Box(LEFT + FULL - PANEL, BODY.top, PANEL, BODY.height)
        wide = FULL - PANEL - GAP if beside or lines else FULL
        self._chart(slide, Box(LEFT, BODY.top, wide, BODY.height), picture)
        top = 0.0
        if beside and scene.table is not None:
            high = 170.0 if lines else BODY.height
            box = Box(panel.left, panel.top, PANEL, high)
            if table(slide, box, tiles, self.language, scene.table.title):
                top = slide.shapes[-1].height / POINT + GAP
        return self._lines(slide, _below(panel, top), lines, largest=15)

    def _chart(self, slide: Any, box: Box, picture: Picture) -> None:
        """Set a native chart, or a picture at twice its size where it is no bar."""
        if is_native(picture.spec):
            rows = len(picture.spec["data"]["values"])
            high = min(box.height, 70 + 48.0 * rows)
            place = Box(box.left, box.top, box.width, high)
            words = picture.description
            interval_chart(slide, place, picture.spec, self.language, words)
            return
        # drawn for its place, so that the words are as large as those beside it
        pixels = round(min(WIDE_PIXELS, box.width / ENLARGED))
        wide, high = pictures.size_of(pictures.drawn(picture, pixels=pixels))
        scale = min(box.width / wide, box.height / high)
        place = Box(box.left, box.top, wide * scale, high * scale)
        data = io.BytesIO(pictures.png_file(picture, pixels=pixels))
        describe(slide.shapes.add_picture(data, *place.emu()), picture.description)

    def _table(
        self, slide: Any, shown: Shown, scene: Scene, lines: list[list[Run]]
    ) -> list[str]:
        first, last = scene.rows
        room = 90.0 if lines else 0.0
        box = Box(LEFT, BODY.top, FULL, BODY.height - room)
        for columns in range(len(shown.columns), 1, -1):
            tiles = self._tiles(shown, columns)
            part = [tiles[0], *tiles[1 + first : 1 + last]]
            if table(slide, box, part, self.language, shown.title):
                top = slide.shapes[-1].height / POINT + GAP
                return self._lines(slide, _below(BODY, top), lines, largest=15)
        return self._lines(slide, BODY, lines)

    def _tiles(self, shown: Shown, columns: int) -> list[list[Tile]]:
        head = [
            Tile(one.label, one.numeric, True, SOFT) for one in shown.columns[:columns]
        ]
        rows = []
        for row in shown.rows:
            cells = [Tile(row.head.text, bold=True)]
            for column, cell in row.cells[: columns - 1]:
                colour = TONES[cell.tone] if cell.tone else INK
                cells.append(Tile(cell.text, column.numeric, cell.chip, colour))
            rows.append(cells)
        return [head, *rows]

    def _grid(self, slide: Any, scene: Scene, lines: list[list[Run]]) -> list[str]:
        """Set groups and scales as a native table with the colours of the page."""
        grid = scene.grid
        if grid is None:
            return []
        columns = grid.columns[:GRID_COLUMNS]
        head = [
            Tile(label("file_group", self.language), bold=True, colour=SOFT),
            Tile(label("file_answers", self.language), True, True, SOFT),
            *(
                Tile(f"{one.name}\n{one.points}", bold=True, colour=SOFT, centred=True)
                for one in columns
            ),
        ]
        first, last = scene.rows
        rows = [self._grid_row(row, len(columns)) for row in grid.rows[first:last]]
        room = 64.0 if lines else 0.0
        box = Box(LEFT, BODY.top, FULL, BODY.height - room)
        top = 0.0
        while rows:
            tiles = [head, *rows]
            if table(slide, box, tiles, self.language, grid.title, even=2):
                break
            rows.pop()
        if rows:
            top = slide.shapes[-1].height / POINT + 12
        left = self._lines(slide, _below(BODY, top), lines, largest=14)
        return [*left, *(f"{one.mark} {one.text}" for one in grid.reasons)]

    def _grid_row(self, row: HeatRow, columns: int) -> list[Tile]:
        name = Tile("\u2003" * row.depth + row.name, bold=True)
        answered = Tile(row.answered, right=True)
        if row.reason or not row.cells:
            empty = [Tile("–", centred=True, colour=SOFT)] * columns
            return [name, answered, *empty]
        cells = []
        for one in row.cells[:columns]:
            ends = f"\n{one.interval}" if one.interval else ""
            mark = f" ({one.mark})" if one.mark else ""
            fill = pictures.STEPS[one.step - 1][1:].upper() if one.step else ""
            cells.append(Tile(f"{one.value}{mark}{ends}", fill=fill, centred=True))
        return [name, answered, *cells]

    def _lines(
        self, slide: Any, box: Box, lines: list[list[Run]], *, largest: int = 20
    ) -> list[str]:
        """Set as many lines as fit; return the others as text for the notes."""
        count = 0
        if lines and box.height > 30:
            sizes = [size for size in (20, 18, 16, 15, 14, 13, 12) if size <= largest]
            count = paragraphs(slide, box, lines, self.language, sizes=sizes)
        return ["".join(run.text for run in one) for one in lines[count:]]

    def _reading(self, one: Said) -> list[Run]:
        name = [Run(f"{one.name} · ", bold=True)] if one.name else []
        chip = Run(f"{one.chip}  ", bold=True, colour=TONES[one.tone])
        return [chip, *name, Run(one.text)]

    def _spoken(self, scene: Scene) -> list[str]:
        """Return what the speaker may want to say: numbers, notes and methods."""
        notes = [_in_full(one) for one in scene.said]
        if scene.picture is not None:
            notes.append(scene.picture.description)
        if scene.is_visual:
            notes += scene.words
        if scene.table is not None:
            notes += scene.table.notes
        if scene.grid is not None:
            first, last = scene.rows
            notes += [
                f"{row.name}: {row.reason}"
                for row in scene.grid.rows[first:last]
                if row.reason
            ]
        return [*notes, label("file_notes_methods", self.language)]

    def _slide(self, title: str, box: Box, sizes: Sequence[float]) -> Any:
        slide = self.deck.slides.add_slide(self.deck.slide_layouts[TITLE_ONLY])
        shape = slide.shapes.title
        shape.left, shape.top, shape.width, shape.height = box.emu()
        size = fitting.fitted(title, box.width, sizes, TITLE_LINES, bold=True)
        size = size or sizes[-1]
        title = fitting.cut(title, box.width, size, TITLE_LINES, bold=True)
        paragraph = frame(shape, anchor=MSO_ANCHOR.TOP).paragraphs[0]
        paragraph.alignment = 1  # left, as the words below
        set_runs(paragraph, [Run(title, bold=True)], size, self.language)
        return slide

    def _line(self, slide: Any, box: Box, text: str, size: float, colour: str) -> None:
        """Set one line, cut where it is too long."""
        short = fitting.cut(text, box.width, size, 1)
        shape = slide.shapes.add_textbox(*box.emu())
        set_runs(
            frame(shape).paragraphs[0],
            [Run(short, colour=colour)],
            size,
            self.language,
        )

    def _foot(self, slide: Any) -> None:
        one = self.document
        words = [one.organization, one.title, one.subtitle, one.note]
        self._line(slide, FOOT, " · ".join(filter(None, words)), 10, SOFT)
        shape = slide.shapes.add_textbox(*NUMBER.emu())
        paragraph = frame(shape).paragraphs[0]
        paragraph.alignment = 3  # right
        number = Run(str(len(self.deck.slides)), colour=SOFT)
        set_runs(paragraph, [number], 10, self.language)

    def _note(self, slide: Any, lines: Sequence[str]) -> None:
        text = slide.notes_slide.notes_text_frame
        text.text = "\n".join(dict.fromkeys(line for line in lines if line))


def _below(box: Box, height: float) -> Box:
    return Box(box.left, box.top + height, box.width, box.height - height)


def _in_full(one: Said) -> str:
    return (
        f"{one.chip}: {one.name} {one.text}" if one.name else f"{one.chip}: {one.text}"
    )
