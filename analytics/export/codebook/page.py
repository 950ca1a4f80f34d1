"""A codebook as one page: styles inside, no script, nothing fetched."""

from pathlib import Path
from typing import Final

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from analytics.export.codebook.shown import shown
from analytics.export.codebook.values import Codebook
from analytics.standalone import STYLES

SHEETS: Final = ("tokens.css", "base.css", "codebook.css")


def write_html(book: Codebook, path: Path, *, language: str) -> None:
    """Write the codebook as a whole HTML document in "en" or "zh-hans"."""
    path.write_text(page_of(book, language), encoding="utf-8")


def page_of(book: Codebook, language: str) -> str:
    """Return the codebook as HTML."""
    sheets = [(STYLES / name).read_text("utf-8") for name in SHEETS]
    return render_to_string(
        "analytics/export/codebook.html",
        {
            "book": shown(book, language),
            "styles": mark_safe("\n".join(sheets)),  # noqa: S308, our own files
        },
    )
