"""Bytes of a file to the content of a questionnaire; runs in the confined child."""

import contextlib
from pathlib import PurePath
from typing import Any

import yaml

from surveys.definition.errors import DefinitionError
from surveys.definition.parse_scales import MOST_ITEMS
from surveys.definition.yaml_text import read_yaml
from surveys.interchange.assemble import assemble
from surveys.interchange.decoding import decode
from surveys.interchange.findings import Finding, Imported, ImportRefused
from surveys.interchange.items_table import read_items
from surveys.interchange.limesurvey_read import read_limesurvey
from surveys.interchange.limesurvey_table import is_survey_table, table_structure
from surveys.interchange.limesurvey_xml import xml_structure
from surveys.interchange.qualtrics import read_qualtrics
from surveys.interchange.raw import Raw
from surveys.interchange.workbook import Sheets, read_workbook
from surveys.interchange.xlsform_csv import form_sheets, is_form_table
from surveys.interchange.xlsform_read import read_xlsform

# Of YAML; the largest questionnaire has half of these nodes and seven levels.
MOST_NODES = 40_000
MOST_LEVELS = 50
_ZIP = b"PK"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_TABLES = frozenset({".csv", ".tsv", ".tab", ".txt"})
_YAMLS = frozenset({".yaml", ".yml"})


def read_bytes(data: bytes, filename: str) -> Imported:
    """What `read_file` returns, without its protection.

    The content decides what the file is; its name only between kinds of plain text.
    """
    if not data.strip():
        raise ImportRefused("empty")
    if data.startswith(_ZIP):
        return _from_workbook(read_workbook(data), filename)
    if data.startswith(_OLD_EXCEL):
        raise ImportRefused("unknown_kind")
    text, findings = decode(data)
    suffix = PurePath(filename).suffix.lower()
    start = text.lstrip()[:1]
    if start == "<":
        return _made(
            read_limesurvey(xml_structure(text)), "limesurvey", findings, filename
        )
    if suffix in _YAMLS:
        return _from_yaml(text, filename, findings)
    if start == "{":
        return _made(read_qualtrics(text), "qualtrics", findings, filename)
    if suffix in _TABLES:
        if is_form_table(text):
            return _made(read_xlsform(form_sheets(text)), "xlsform", findings, filename)
        if is_survey_table(text):
            raw = read_limesurvey(table_structure(text))
            return _made(raw, "limesurvey", findings, filename)
        return _made(read_items(text), "items", findings, filename)
    raise ImportRefused("unknown_kind")


def _from_workbook(sheets: Sheets, filename: str) -> Imported:
    names = {name.strip().lower() for name in sheets.rows}
    if "survey" in names:
        return _made(read_xlsform(sheets), "xlsform", [], filename)
    rows: list[Any] = next((r for r in sheets.rows.values() if r), [])
    raw = read_items([(row.number, row.cells) for row in rows])
    if sheets.formulas:
        raw.note("formula_cells", "", number=sheets.formulas)
    return _made(raw, "items", [], filename)


def _from_yaml(text: str, filename: str, findings: list[Finding]) -> Imported:
    _check_size(text)
    try:
        content = read_yaml(text, source=PurePath(filename).name)
    except DefinitionError as error:
        if error.params.get("problem") == "RecursionError":
            raise ImportRefused("too_deep") from None
        details = {"detail": error.in_("en"), "detail_zh": error.in_("zh-hans")}
        raise ImportRefused("bad_yaml", details) from None
    if not isinstance(content, dict) or not isinstance(content.get("scales"), list):
        raise ImportRefused("not_a_questionnaire")
    _count(content["scales"])
    return Imported(content, tuple(findings), {}, "yaml")


def _check_size(text: str) -> None:
    """Refuse what the careful reader would be slow at; libyaml counts fast."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    depth = number = 0
    # a mistake is told by the careful reader, with its place
    with contextlib.suppress(yaml.YAMLError):
        for event in yaml.parse(text, Loader=loader):
            number += 1
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > MOST_LEVELS:
                raise ImportRefused("too_deep")
            if number > MOST_NODES:
                raise ImportRefused("too_demanding")


def _count(scales: list[object]) -> None:
    lists = [scale.get("items") for scale in scales if isinstance(scale, dict)]
    number = sum(len(items) for items in lists if isinstance(items, list))
    if number > MOST_ITEMS:
        raise ImportRefused("too_many", {"number": number, "most": MOST_ITEMS})


def _made(raw: Raw, kind: str, before: list[Finding], filename: str) -> Imported:
    raw.name = raw.name or PurePath(filename).stem
    content, codes = assemble(raw)
    return Imported(content, (*before, *raw.findings), codes, kind)
