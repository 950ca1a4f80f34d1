"""Vega-Lite specifications to SVG, without a browser and without fonts of the machine.

The colours of the drawing are those of the page's tokens; `inline_svg` turns them into
the tokens themselves, so that one picture follows light and dark.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

import pylopdf_fonts_zh_cn
import vl_convert

Theme = Literal["light", "dark"]

FONT: Final = "Noto Sans SC"
WIDE_PIXELS: Final = 720
NARROW_PIXELS: Final = 292

# The tokens of static/css/tokens.css that a drawing uses; a test holds them equal.
PALETTE: Final[dict[Theme, dict[str, str]]] = {
    "light": {
        "ink": "#1c2126",
        "soft": "#565f68",
        "line": "#dedbd4",
        "series-1": "#0b6e66",
        "series-2": "#c46210",
        "series-3": "#3b5fa8",
        "series-4": "#8a5a9e",
        "series-5": "#6b7780",
    },
    "dark": {
        "ink": "#eceff1",
        "soft": "#a9b4bc",
        "line": "#343b41",
        "series-1": "#5cc4b8",
        "series-2": "#f0a35c",
        "series-3": "#8fb0f0",
        "series-4": "#c79ad8",
        "series-5": "#a5b0b8",
    },
}


def config(theme: Theme) -> dict[str, Any]:
    """Return ink, lines and series of a theme as a Vega-Lite configuration."""
    colour = PALETTE[theme]
    text = {
        "labelColor": colour["soft"],
        "titleColor": colour["soft"],
        "labelFontSize": 12,
        "titleFontSize": 12,
    }
    return {
        "background": None,
        "font": FONT,
        "axis": {
            **text,
            "domainColor": colour["line"],
            "gridColor": colour["line"],
            "tickColor": colour["line"],
        },
        "text": {"color": colour["ink"]},
        "rule": {"color": colour["soft"]},
        "view": {"stroke": None},
        "range": {"category": [colour[f"series-{number}"] for number in range(1, 6)]},
    }


def svg(spec: dict[str, Any], *, pixels: int, theme: Theme) -> str:
    """Draw a specification `pixels` wide, as a document of its own."""
    _register_font()
    sized = {**spec, "width": pixels}
    return str(vl_convert.vegalite_to_svg(sized, config=config(theme)))


def inline_svg(spec: dict[str, Any], *, pixels: int) -> str:
    """Draw a specification to stand inside a page that has the tokens and a font."""
    drawing = svg(spec, pixels=pixels, theme="light")
    for token, colour in PALETTE["light"].items():
        drawing = drawing.replace(f'"{colour}"', f'"var(--{token})"')
    return re.sub(
        rf' font-family="&quot;{FONT}&quot;| font-family="{FONT}"', "", drawing
    )


@cache
def _register_font() -> None:
    vl_convert.register_font_directory(str(Path(pylopdf_fonts_zh_cn.__file__).parent))
