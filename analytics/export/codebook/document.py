"""A codebook as PDF: title page, contents, tables, every variable."""

import dataclasses
from pathlib import Path
from typing import Any, Final

from analytics.export.codebook.shown import ShownCodebook, shown
from analytics.export.codebook.values import Codebook
from analytics.files.pdf import TYPST_LANGUAGE, laid_out

TEMPLATE: Final = Path(__file__).parents[2] / "files" / "papers" / "codebook.typ"


def write_pdf(book: Codebook, path: Path, *, language: str) -> None:
    """Write the codebook as PDF in "en" or "zh-hans"; PDF/UA-1 where glyphs allow."""
    path.write_bytes(laid_out(TEMPLATE, data_of(shown(book, language))))


def data_of(book: ShownCodebook) -> dict[str, Any]:
    """Return what the template reads: words, never markup."""
    language, region = TYPST_LANGUAGE[book.language]
    other, _ = TYPST_LANGUAGE["en" if book.language == "zh-hans" else "zh-hans"]
    data = {"lang": language, "region": region, "other": other}
    return {**data, **dataclasses.asdict(book)}
