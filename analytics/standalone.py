"""The report as one file: styles and drawings inside, no script, nothing fetched."""

from pathlib import Path
from typing import Final

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from analytics import page
from analytics.results import Report

STYLES: Final = Path(__file__).resolve().parent.parent / "static" / "css"
SHEETS: Final = ("tokens.css", "base.css", "report.css")


def standalone_page(report: Report, language: str) -> str:
    """Return a whole HTML document in "en" or "zh-hans"."""
    styles = "\n".join((STYLES / name).read_text("utf-8") for name in SHEETS)
    context = page.context(report, language, drawn=True)
    context["styles"] = mark_safe(styles)  # noqa: S308
    return render_to_string("analytics/standalone.html", context)
