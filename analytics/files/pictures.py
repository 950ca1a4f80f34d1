"""Charts as files: SVG with title and description, PNG with both as metadata."""

import io
import json
import re
from functools import lru_cache
from typing import Any, Final
from xml.sax.saxutils import escape

import vl_convert
from PIL import Image, PngImagePlugin

from analytics import drawing
from analytics.drawing import FONT, WIDE_PIXELS
from analytics.files.document import Picture
from analytics.files.fitting import PIECE
from analytics.files.fonts import width

# Readers of an SVG rarely have the font that it was measured with.
STACK: Final = (
    f"{FONT}, PingFang SC, Microsoft YaHei, Noto Sans CJK SC, Segoe UI, sans-serif"
)
HTML_LANGUAGES: Final = {"en": "en", "zh-hans": "zh-Hans"}
# Names beside the rows of a chart, in pixels.
NAME_SIZE, NAME_WIDTH, NAME_LINE, NAME_GAP = 14.0, 200.0, 18.0, 12.0
PAPER: Final = "#ffffff"
# The seven steps of grids, light, as in static/css/release.css; a test holds them equal.
STEPS: Final = (
    *("#e6b273", "#efcb9c", "#f6e3c9", "#f0eee8"),
    *("#d6ebe8", "#aedad3", "#7fc4ba"),
)


def drawn(picture: Picture, *, pixels: int = WIDE_PIXELS) -> str:
    """Draw a chart in the light theme, as SVG that names our font."""
    return _drawn(json.dumps(picture.spec, sort_keys=True), pixels)


def svg_file(picture: Picture, language: str) -> bytes:
    """Return an SVG document that says what it shows, for any browser or editor."""
    body = drawn(picture).replace(f'font-family="{FONT}"', f'font-family="{STACK}"')
    head = (
        f' role="img" xml:lang="{HTML_LANGUAGES[language]}"'
        ' aria-labelledby="title" aria-describedby="desc">'
        f'<title id="title">{escape(picture.title)}</title>'
        f'<desc id="desc">{escape(picture.description)}</desc>'
        f'<rect width="100%" height="100%" fill="{PAPER}"/>'
    )
    return re.sub(r"(<svg[^>]*)>", lambda m: m[1] + head, body, count=1).encode()


def png_file(
    picture: Picture, *, scale: float = 2.0, pixels: int = WIDE_PIXELS
) -> bytes:
    """Return a PNG on white with the title and the description in its metadata."""
    raw = _png(drawn(picture, pixels=pixels), scale)
    with Image.open(io.BytesIO(raw)) as found:
        image = Image.new("RGB", found.size, PAPER)
        image.paste(found, mask=found.getchannel("A"))
    said = PngImagePlugin.PngInfo()
    said.add_itxt("Title", picture.title)
    said.add_itxt("Description", picture.description)
    target = io.BytesIO()
    image.save(target, "PNG", pnginfo=said, dpi=(96 * scale, 96 * scale), optimize=True)
    return target.getvalue()


def size_of(svg: str) -> tuple[float, float]:
    """Return width and height of a drawing in pixels."""
    found = re.search(r'width="([\d.]+)" height="([\d.]+)"', svg)
    if found is None:
        raise ValueError("The drawing has no width and height; draw it with `drawn`.")
    return float(found[1]), float(found[2])


def whole_names(spec: dict[str, Any]) -> dict[str, Any]:
    """Break long names beside the rows into lines; a page would cut them short.

    On paper nobody can point at a name to read the rest of it.
    """
    y = spec.get("encoding", {}).get("y", {})
    rows = spec.get("data", {}).get("values", [])
    if y.get("field") != "name" or not y.get("axis"):
        return spec
    broken = {one["name"]: _broken(one["name"]) for one in rows}
    most = max(name.count("\n") + 1 for name in broken.values())
    if most == 1:
        return spec
    step = max(spec["height"] / len(rows), most * NAME_LINE + NAME_GAP)
    axis = {**y["axis"], "labelExpr": "split(datum.label, '\\n')", "labelLimit": 0}
    order = [broken.get(name, name) for name in y["sort"]]
    return {
        **spec,
        "height": step * len(rows),
        "data": {"values": [{**one, "name": broken[one["name"]]} for one in rows]},
        "encoding": {**spec["encoding"], "y": {**y, "axis": axis, "sort": order}},
    }


def _broken(name: str) -> str:
    lines = [""]
    for piece in PIECE.findall(name):
        if lines[-1] and width(lines[-1] + piece.rstrip(), NAME_SIZE) > NAME_WIDTH:
            lines.append("")
        lines[-1] += piece
    return "\n".join(line.strip() for line in lines)


@lru_cache(maxsize=512)
def _drawn(spec: str, pixels: int) -> str:
    return drawing.svg(whole_names(json.loads(spec)), pixels=pixels, theme="light")


@lru_cache(maxsize=64)
def _png(svg: str, scale: float) -> bytes:
    return bytes(vl_convert.svg_to_png(svg, scale=scale))
