"""The codebook of a data set: what it holds, and the files it is written to."""

from analytics.export.codebook.ddi import write_ddi
from analytics.export.codebook.document import write_pdf
from analytics.export.codebook.json_file import json_of, write_json
from analytics.export.codebook.making import codebook_of
from analytics.export.codebook.page import page_of, write_html
from analytics.export.codebook.values import (
    About,
    Codebook,
    Entry,
    Frequency,
    Promised,
    ScaleTold,
    Statistics,
    Study,
)

__all__ = [
    "About",
    "Codebook",
    "Entry",
    "Frequency",
    "Promised",
    "ScaleTold",
    "Statistics",
    "Study",
    "codebook_of",
    "json_of",
    "page_of",
    "write_ddi",
    "write_html",
    "write_json",
    "write_pdf",
]
