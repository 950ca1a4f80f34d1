"""A report as PDF: A4, contents, page numbers, vector charts, readable by machines.

Typst lays it out and checks PDF/UA-1 while doing so: every picture has words, every
table its headings, every character a glyph.
"""

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Literal

import typst

from analytics.files import fonts, pictures
from analytics.files.document import (
    Block,
    Chapter,
    Document,
    Heading,
    Legend,
    Picture,
    Words,
)
from analytics.release_sections.glance import Big
from analytics.release_sections.heat import Heat
from analytics.sentences import label
from analytics.shown import Said, Shown

TEMPLATE: Final = Path(__file__).parent / "papers" / "report.typ"
# Typst's names of languages, which decide line breaks and the forms of characters.
TYPST_LANGUAGE: Final = {"en": ("en", "gb"), "zh-hans": ("zh", "cn")}
STANDARD: Final[Literal["ua-1"]] = "ua-1"
NO_GLYPH: Final = "could not be displayed"  # in Typst's refusal
SHORT: Final = 2  # paragraphs of a chapter that begins on no new page
LEAST_SHARE: Final = 0.6  # of the text's width, for charts that are drawn smaller
LINE_PIXELS: Final = 720.0  # of a chart as wide as the text


def report_pdf(document: Document) -> bytes:
    """Lay a document out as PDF/UA-1.

    A character that no face has (an emoji in a comment) would break the standard: the
    file is then made without the claim, and shows a box.
    """
    return laid_out(TEMPLATE, _data(document))


def laid_out(template: Path, data: Mapping[str, Any]) -> bytes:
    """Lay data out by a Typst template, as PDF/UA-1 where every character has a glyph."""
    text = json.dumps(data, ensure_ascii=False)
    try:
        return _compiled(template, text, standard=STANDARD)
    except typst.TypstError as refusal:
        if NO_GLYPH not in str(refusal):
            raise
        return _compiled(template, text, standard=None)


def _compiled(template: Path, data: str, *, standard: Literal["ua-1"] | None) -> bytes:
    made = typst.compile(
        template,
        root=template.parent,
        font_paths=[*fonts.FOLDERS],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": data},
        pdf_standards=[standard] if standard else [],
    )
    if not isinstance(made, bytes):
        raise TypeError(f"Typst made {type(made)} of {template.name}, not one file.")
    return made


def _data(document: Document) -> dict[str, Any]:
    language, region = TYPST_LANGUAGE[document.language]
    return {
        "lang": language,
        "region": region,
        "organization": document.organization,
        "title": document.title,
        "subtitle": document.subtitle,
        "note": document.note,
        "facts": document.facts,
        "promise": [one for one in document.promise.splitlines() if one.strip()],
        "promised": label("file_promise", document.language),
        "group": label("file_group", document.language),
        "answered": label("file_answers", document.language),
        "steps": list(pictures.STEPS),
        "contents": label("file_contents", document.language),
        "chapters": [
            {
                "title": chapter.title,
                "short": _is_short(chapter),
                "blocks": _blocks_of(chapter),
            }
            for chapter in document.chapters
        ],
    }


def _is_short(chapter: Chapter) -> bool:
    few = len(chapter.blocks) <= SHORT
    return few and all(isinstance(block, Words) for block in chapter.blocks)


def _blocks_of(chapter: Chapter) -> list[dict[str, Any]]:
    """Blocks as the template reads them; a title said just above is said once."""
    plain = []
    above = chapter.title
    for block in chapter.blocks:
        one = _block(block)
        if one.get("title") == above:
            one["title"] = ""
        plain.append(one)
        above = one.get("text", "") if one["kind"] == "heading" else above
        if "title" in one:
            above = one["title"] or above
    return plain


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Heading(text, level):
            return {"kind": "heading", "text": text, "level": level}
        case Words(text, listed):
            return {"kind": "words", "text": text, "listed": listed}
        case Big():
            return {"kind": "big", **dataclasses.asdict(block)}
        case Said(chip, tone, text, name):
            return {
                "kind": "reading",
                "chip": chip,
                "tone": tone,
                "text": text,
                "name": name,
            }
        case Picture():
            return _picture(block)
        case Heat():
            return _heat(block)
        case Legend(steps):
            return {
                "kind": "legend",
                "steps": [{"step": one.step, "words": one.words} for one in steps],
            }
        case _:
            return _table(block)


def _picture(picture: Picture) -> dict[str, Any]:
    svg = pictures.drawn(picture)
    wide, _ = pictures.size_of(svg)
    return {
        "kind": "picture",
        "title": picture.title,
        "alt": picture.description,
        "svg": svg,
        "width": min(1.0, max(LEAST_SHARE, wide / LINE_PIXELS)),
    }


def _table(table: Shown) -> dict[str, Any]:
    rows = [[row.head, *(cell for _, cell in row.cells)] for row in table.rows]
    return {
        "kind": "table",
        "title": table.title,
        "columns": [
            {"label": column.label, "numeric": column.numeric}
            for column in table.columns
        ],
        "widths": _widths(table),
        "rows": [
            [{"text": c.text, "tone": c.tone, "chip": c.chip} for c in row]
            for row in rows
        ],
        "notes": table.notes,
    }


def _heat(heat: Heat) -> dict[str, Any]:
    return {
        "kind": "heat",
        "title": heat.title,
        "columns": [{"name": one.name, "points": one.points} for one in heat.columns],
        "rows": [
            {
                "name": row.name,
                "depth": row.depth,
                "answered": row.answered,
                "invited": row.invited,
                "reason": row.reason,
                "cells": [
                    {
                        "value": one.value,
                        "interval": one.interval,
                        "step": one.step,
                        "mark": one.mark,
                    }
                    for one in row.cells
                ],
            }
            for row in heat.rows
        ],
        "reasons": [(one.mark, one.text) for one in heat.reasons],
    }


def _widths(table: Shown) -> list[float]:
    """Shares of the columns of words; 0 for those that are as wide as their numbers."""
    longest = [0.0] * len(table.columns)
    for row in table.rows:
        cells = [row.head, *(cell for _, cell in row.cells)]
        for place, cell in enumerate(cells):
            longest[place] = max(longest[place], fonts.width(cell.text, 1))
    words = [
        place == 0 or (not column.numeric and longest[place] > 9)
        for place, column in enumerate(table.columns)
    ]
    return [
        max(6.0, min(30.0, wide)) if is_words else 0.0
        for wide, is_words in zip(longest, words, strict=True)
    ]
