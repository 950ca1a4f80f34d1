"""``datapackage.json``: a data file described for programs, as Frictionless has it.

A tabular data package 1.0 (https://specs.frictionlessdata.io/tabular-data-package/).
Codes of missing answers stand with each field, as Data Package 2.0 has it: at the level
of the file they would take away a revenue of -1.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from analytics.export.codebook.shown import OTHER
from analytics.export.codebook.values import Codebook, Entry
from analytics.export.dataset import Kind, Variable
from analytics.sentences import label

TYPES: Final[Mapping[Kind, str]] = {
    "whole": "integer",
    "number": "number",
    "text": "string",
}
SPDX: Final = {
    "CC BY 4.0": ("CC-BY-4.0", "https://creativecommons.org/licenses/by/4.0/"),
    "CC0": ("CC0-1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
}


def write_datapackage(
    book: Codebook, path: Path, *, data_file: Path, language: str
) -> None:
    """Write ``datapackage.json`` beside a CSV file of the same data.

    `data_file` is read for its size and digest; the descriptor names it without folders.
    """
    described = package_of(book, data_file.name, language)
    resource = described["resources"][0]
    resource["bytes"] = data_file.stat().st_size
    with data_file.open("rb") as file:
        resource["hash"] = f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"
    text = json.dumps(described, ensure_ascii=False, indent=2, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")


def package_of(book: Codebook, file_name: str, language: str) -> dict[str, Any]:
    """Return the descriptor, its titles in "en" or "zh-hans"."""
    study = book.study
    described: dict[str, Any] = {
        "profile": "tabular-data-package",
        "name": f"survey-{study.id}",
        "id": study.id,
        "title": study.title.in_language(language),
        "description": _description(book, language),
        "resources": [_resource(book, file_name, language)],
    }
    if study.about.organization:
        described["contributors"] = [{"title": study.about.organization}]
    if known := SPDX.get(study.facts.get("licence", "")):
        described["licenses"] = [{"name": known[0], "path": known[1]}]
    return described


def _description(book: Codebook, language: str) -> str:
    study = book.study
    said = [one.text(language) for one in study.notes]
    if study.about.simulated:
        said.insert(0, label("codebook_simulated", language))
    other = study.title.in_language(OTHER[language])
    return "\n".join(filter(None, (other, *said)))


def _resource(book: Codebook, file_name: str, language: str) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": "data",
        "path": file_name,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {
            "fields": [_field(entry, language) for entry in book.entries],
            "missingValues": [""],
        },
    }


def _field(entry: Entry, language: str) -> dict[str, Any]:
    one = entry.variable
    field: dict[str, Any] = {
        "name": one.name,
        "type": TYPES[one.kind],
        "title": one.label.in_language(language),
    }
    if described := _words(entry, language):
        field["description"] = described
    if one.missing:
        codes = [str(missing.value) for missing in one.missing]
        field["missingValues"] = ["", *codes]
    if limits := _constraints(one):
        field["constraints"] = limits
    return field


def _words(entry: Entry, language: str) -> str:
    variable = entry.variable
    labels = [
        f"{one.value} = {one.text.in_language(language)}"
        for one in (*variable.values, *variable.missing)
    ]
    return "\n".join([*(one.text(language) for one in entry.said), *labels])


def _constraints(one: Variable) -> dict[str, Any]:
    if one.kind == "text" or one.low is None or one.high is None:
        return {}
    ends = (one.low, one.high)
    low, high = ends if one.kind == "number" else (int(ends[0]), int(ends[1]))
    return {"minimum": low, "maximum": high}
