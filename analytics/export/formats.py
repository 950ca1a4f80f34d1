"""Every format that an export may have, and who writes it.

Writers are named, not imported: pages list formats and load no library for files.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

ROWS: Final = ("data", "microdata")


@dataclass(frozen=True, slots=True)
class Format:
    """A format and the kinds of export it serves.

    Attributes
    ----------
    name : str
        As the database and the interface of programs have it.
    label, help : lazy str
        For pages: its name, and in one line whom it serves.
    ending, media_type : str
    writers : mapping of str to str
        Kind of export -> dotted name of the function that writes it, as
        `analytics.export.writing` calls it for that kind.
    """

    name: str
    label: str | Lazy
    help: str | Lazy
    ending: str
    media_type: str
    writers: Mapping[str, str]


def _rows(writer: str) -> dict[str, str]:
    return dict.fromkeys(ROWS, f"analytics.export.{writer}")


_CODEBOOK: Final = "analytics.export.codebook"
_FORMATS: Final = (
    Format(
        "csv",
        "CSV",
        _("Opens everywhere, also in spreadsheets; codes as numbers, UTF-8."),
        "csv",
        "text/csv; charset=utf-8",
        {
            **_rows("text_files.write_csv"),
            "comments": "analytics.export.writing.write_comments",
        },
    ),
    Format(
        "xlsx",
        _("Excel workbook"),
        _("With a sheet that explains the columns; up to 1,048,575 answers."),
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _rows("workbook.write_xlsx"),
    ),
    Format(
        "sav",
        _("SPSS file"),
        _(
            "Labels, measurement levels and missing codes are inside; for SPSS and PSPP."
        ),
        "sav",
        "application/x-spss-sav",
        _rows("spss.write_sav"),
    ),
    Format(
        "dta",
        _("Stata file"),
        _("Labels and missing codes are inside; for Stata 14 or later."),
        "dta",
        "application/x-stata-dta",
        _rows("stata.write_dta"),
    ),
    Format(
        "parquet",
        "Parquet",
        _("Small and fast, for Python, R and databases; everything explained inside."),
        "parquet",
        "application/vnd.apache.parquet",
        _rows("parquet.write_parquet"),
    ),
    Format(
        "jsonl",
        _("JSON lines"),
        _("One answer a line, for programs."),
        "jsonl",
        "application/x-ndjson",
        _rows("text_files.write_jsonl"),
    ),
    Format(
        "html",
        _("Web page"),
        _("To read: every question, code and scale on one page."),
        "html",
        "text/html; charset=utf-8",
        {"codebook": f"{_CODEBOOK}.write_html"},
    ),
    Format(
        "pdf",
        "PDF",
        _("To print and to hand on."),
        "pdf",
        "application/pdf",
        {
            "codebook": f"{_CODEBOOK}.write_pdf",
            "questionnaire": "analytics.export.writing.write_questionnaire",
        },
    ),
    Format(
        "json",
        "JSON",
        _("The codebook for programs."),
        "json",
        "application/json",
        {"codebook": f"{_CODEBOOK}.write_json"},
    ),
    Format(
        "ddi",
        "DDI-Codebook 2.5",
        _("For data archives and catalogues."),
        "xml",
        "application/xml",
        {"codebook": f"{_CODEBOOK}.write_ddi"},
    ),
    Format(
        "zip",
        "ZIP",
        _("Data, codebook, report and scripts in R and Python that compute it again."),
        "zip",
        "application/zip",
        {"bundle": "analytics.export.bundle.stored.write_bundle"},
    ),
)
FORMATS: Final[Mapping[str, Format]] = {one.name: one for one in _FORMATS}


def formats_of(kind: str) -> tuple[Format, ...]:
    """Return the formats in which a kind of export is offered, plainest first."""
    return tuple(one for one in _FORMATS if kind in one.writers)
