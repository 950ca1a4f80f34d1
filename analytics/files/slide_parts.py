"""The parts of a slide: native text and tables, each measured before it is set.

python-pptx knows nothing of East Asian faces and of words for pictures; those are set in
the XML it leaves behind.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from lxml import etree
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Emu, Pt

from analytics.files import fitting
from analytics.readings import Tone

LATIN: Final = {"en": "Arial", "zh-hans": "Microsoft YaHei"}
EAST_ASIAN: Final = "Microsoft YaHei"
TONGUE: Final = {"en": "en-GB", "zh-hans": "zh-CN"}
INK, SOFT, LINE, ACCENT = "1C2126", "565F68", "DEDBD4", "0B6E66"
WHITE, WASH = "FFFFFF", "F7F6F3"
TONES: Final[dict[Tone, str]] = {
    "good": "0B6E66",
    "plain": "565F68",
    "watch": "8A4E00",
    "stop": "A8322A",
}
CELL_MARGIN: Final = 5.0  # points left and right inside a cell
CELL_HEIGHT: Final = 3.0  # points above and below
POINT: Final = 12700  # EMU


@dataclass(frozen=True, slots=True)
class Box:
    """A place on a slide, in points."""

    left: float
    top: float
    width: float
    height: float

    def emu(self) -> tuple[Emu, Emu, Emu, Emu]:
        return (
            Emu(round(self.left * POINT)),
            Emu(round(self.top * POINT)),
            Emu(round(self.width * POINT)),
            Emu(round(self.height * POINT)),
        )


@dataclass(frozen=True, slots=True)
class Run:
    """Words of one look within a paragraph."""

    text: str
    bold: bool = False
    colour: str = INK


@dataclass(frozen=True, slots=True)
class Tile:
    """One cell of a table; `fill` is a colour behind it."""

    text: str
    right: bool = False
    bold: bool = False
    colour: str = INK
    fill: str = ""
    centred: bool = False


def set_runs(paragraph: Any, runs: Sequence[Run], size: float, language: str) -> None:
    """Write runs with the faces of both scripts and the language of the words."""
    for one in runs:
        run = paragraph.add_run()
        run.text = one.text
        run.font.size = Pt(size)
        run.font.bold = one.bold
        run.font.color.rgb = RGBColor.from_string(one.colour)
        run.font.name = LATIN[language]
        properties = run._r.get_or_add_rPr()
        properties.set("lang", TONGUE[language])
        properties.set("altLang", TONGUE["en"])
        face_of_east_asia(properties)


def face_of_east_asia(properties: Any) -> None:
    """Name the face of Chinese in a run or in a default, after the Latin one."""
    face = etree.SubElement(properties, qn("a:ea"))
    face.set("typeface", EAST_ASIAN)
    latin = properties.find(qn("a:latin"))
    if latin is not None:
        latin.addnext(face)


def frame(shape: Any, *, anchor: MSO_ANCHOR = MSO_ANCHOR.TOP) -> Any:
    """Return the text frame of a shape without margins, wrapping, empty."""
    text = shape.text_frame
    text.clear()
    text.word_wrap = True
    text.vertical_anchor = anchor
    for side in ("left", "right", "top", "bottom"):
        setattr(text, f"margin_{side}", 0)
    return text


def paragraphs(
    slide: Any,
    box: Box,
    content: Sequence[Sequence[Run]],
    language: str,
    *,
    sizes: Sequence[float] = (18, 17, 16, 15, 14, 13, 12),
    gap: float = 0.45,
) -> int:
    """Set paragraphs at the largest size that holds them all; return how many fitted."""
    count = len(content)
    size = sizes[-1]
    while count:
        heights = [_height(content[:count], box, one, gap) for one in sizes]
        fits = [
            one
            for one, height in zip(sizes, heights, strict=True)
            if height <= box.height
        ]
        if fits:
            size = fits[0]
            break
        count -= 1
    if not count:
        return 0
    shape = slide.shapes.add_textbox(*box.emu())
    text = frame(shape)
    for place, runs in enumerate(content[:count]):
        paragraph = text.paragraphs[0] if not place else text.add_paragraph()
        paragraph.space_after = Pt(size * gap)
        set_runs(paragraph, runs, size, language)
    return count


def _height(
    content: Sequence[Sequence[Run]], box: Box, size: float, gap: float
) -> float:
    """Return the height of paragraphs in points, the bold counted as bold."""
    height = 0.0
    for runs in content:
        text = "".join(one.text for one in runs)
        bold = any(one.bold for one in runs)
        lines = fitting.lines_of(text, box.width, size, bold=bold)
        height += (lines * fitting.LINE + gap) * size
    return height


def table(
    slide: Any,
    box: Box,
    tiles: Sequence[Sequence[Tile]],
    language: str,
    words: str,
    *,
    even: int = 0,
) -> bool:
    """Set a native table, the first row its heading; False where it cannot fit.

    With `even` the columns from that one on are equally wide.
    """
    for size in (16.0, 15.0, 14.0, 13.0, 12.0, 11.0, 10.0, 9.0, 8.0):
        widths = _widths(tiles, box.width, size)
        if even:
            widths = _even(widths, even)
        heights = [_row_height(row, widths, size) for row in tiles]
        if sum(heights) <= box.height:
            break
    else:
        return False
    shape = slide.shapes.add_table(
        len(tiles), len(widths), *Box(box.left, box.top, box.width, sum(heights)).emu()
    )
    describe(shape, words)
    made = shape.table
    _plain_style(made)
    for place, wide in enumerate(widths):
        made.columns[place].width = Emu(round(wide * POINT))
    for place, (row, high) in enumerate(zip(tiles, heights, strict=True)):
        made.rows[place].height = Emu(round(high * POINT))
        for column, tile in enumerate(row):
            _tile(made.cell(place, column), tile, size, language, head=not place)
    return True


def _widths(tiles: Sequence[Sequence[Tile]], width: float, size: float) -> list[float]:
    """Give numbers what they need and the words the rest, in points."""
    need = []
    for column in zip(*tiles, strict=True):
        longest = max(
            fitting.wide(part, size, bold=tile.bold)
            for tile in column
            for part in tile.text.split("\n")
        )
        need.append(longest + 2 * CELL_MARGIN + 1)
    spare = width - sum(need)
    if spare >= 0:
        return [wide + spare / len(need) for wide in need]
    return _shared(need, width)


def _even(widths: Sequence[float], first: int) -> list[float]:
    """Make the later columns alike; the others together take a third at most."""
    total = sum(widths)
    words = [min(wide, total / 3) for wide in widths[:first]]
    each = (total - sum(words)) / (len(widths) - first)
    return [*words, *[each] * (len(widths) - first)]


def _shared(need: Sequence[float], width: float) -> list[float]:
    """Give the narrow columns what they need, and the others the same of the rest."""
    given = dict.fromkeys(range(len(need)), 0.0)
    open_places, left = sorted(given, key=need.__getitem__), width
    while open_places:
        share = left / len(open_places)
        place = open_places.pop(0)
        given[place] = min(need[place], share)
        left -= given[place]
    return [given[place] for place in range(len(need))]


def _row_height(row: Sequence[Tile], widths: Sequence[float], size: float) -> float:
    most = 1
    for tile, wide in zip(row, widths, strict=True):
        lines = sum(
            fitting.lines_of(part, wide - 2 * CELL_MARGIN, size, bold=tile.bold)
            for part in tile.text.split("\n")
        )
        most = max(most, lines)
    return most * size * fitting.LINE + 2 * CELL_HEIGHT + 1


def _tile(cell: Any, tile: Tile, size: float, language: str, *, head: bool) -> None:
    cell.margin_left = cell.margin_right = Pt(CELL_MARGIN)
    cell.margin_top = cell.margin_bottom = Pt(CELL_HEIGHT)
    cell.vertical_anchor = MSO_ANCHOR.BOTTOM if head else MSO_ANCHOR.MIDDLE
    for place, part in enumerate(tile.text.split("\n")):
        text = cell.text_frame
        paragraph = text.paragraphs[0] if not place else text.add_paragraph()
        if tile.centred:
            paragraph.alignment = PP_ALIGN.CENTER
        else:
            paragraph.alignment = PP_ALIGN.RIGHT if tile.right else PP_ALIGN.LEFT
        set_runs(paragraph, [Run(part, tile.bold, tile.colour)], size, language)
    if tile.fill:
        cell.fill.solid()
        cell.fill.fore_color.rgb = RGBColor.from_string(tile.fill)
    else:
        cell.fill.background()
    _rule(cell, SOFT if head else LINE)


def _rule(cell: Any, colour: str) -> None:
    """Draw the line below a cell, and no other."""
    properties = cell._tc.get_or_add_tcPr()
    fill = properties[0] if len(properties) else None
    for side in ("lnL", "lnR", "lnT", "lnB"):
        line = etree.Element(qn(f"a:{side}"), w="9525" if side == "lnB" else "0")
        if side == "lnB":
            solid = etree.SubElement(line, qn("a:solidFill"))
            etree.SubElement(solid, qn("a:srgbClr"), val=colour)
        else:
            etree.SubElement(line, qn("a:noFill"))
        if fill is None:
            properties.append(line)
        else:
            fill.addprevious(line)


def _plain_style(made: Any) -> None:
    """Take the coloured style of the program away; the first row stays the heading."""
    properties = made._tbl.tblPr
    properties.set("bandRow", "0")
    style = properties.find(qn("a:tableStyleId"))
    if style is not None:
        style.text = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # "No Style, No Grid"


def describe(shape: Any, words: str) -> None:
    """Say in words what a picture, chart or table shows."""
    shape._element.xpath(".//p:cNvPr")[0].set("descr", words)
