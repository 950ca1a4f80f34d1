"""The faces of the files: Noto Sans SC, and the bold of the same design.

`pylopdf-fonts-zh-cn` ships Regular only. The bold comes with `noto-cjk-sans-jp-bold`:
the whole of Noto Sans CJK, whose Chinese forms are chosen by the language of the text.
"""

from functools import cache
from pathlib import Path
from typing import Final

import noto_cjk_sans_jp_bold
import pylopdf_fonts_zh_cn
from PIL import ImageFont

REGULAR: Final = "Noto Sans SC"
BOLD: Final = "Noto Sans CJK JP"
FOLDERS: Final = (
    Path(pylopdf_fonts_zh_cn.__file__).parent,
    Path(noto_cjk_sans_jp_bold.__file__).parent,
)
FILES: Final = {
    False: FOLDERS[0] / "NotoSansSC-Regular.otf",
    True: FOLDERS[1] / "NotoSansCJKjp-Bold.otf",
}
UNITS: Final = 1000  # of both faces, to the em


def width(text: str, points: float, *, bold: bool = False) -> float:
    """Return how wide a line is at a size, both in points."""
    return float(_face(bold).getlength(text)) * points / UNITS


@cache
def _face(bold: bool) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FILES[bold], UNITS, layout_engine=ImageFont.Layout.BASIC)
