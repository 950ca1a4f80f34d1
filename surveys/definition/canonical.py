"""Definitions as plain data, canonical JSON and digests."""

import json
from dataclasses import Field, fields, is_dataclass
from hashlib import sha256
from typing import Any

from surveys.definition.text import Text


def plain(value: object) -> Any:
    """JSON-ready data of a frozen definition: dataclass -> dict, tuple -> list.

    A field at its default is left out, so that what was published before the field
    existed keeps its digest.
    """
    if isinstance(value, Text):
        return value.wordings
    if is_dataclass(value):
        return {
            field.name: plain(getattr(value, field.name))
            for field in fields(value)
            if not _at_default(field, getattr(value, field.name))
        }
    if isinstance(value, tuple):
        return [plain(part) for part in value]
    return value


def _at_default(field: "Field[Any]", value: object) -> bool:
    # a field without default has MISSING here, which equals nothing
    return bool(value == field.default)


def canonical_json(data: object) -> str:
    """One text for equal data: sorted keys, no spaces, characters unescaped."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(definition: object) -> str:
    """Hexadecimal sha256 of the canonical JSON of a questionnaire or form."""
    return sha256(canonical_json(plain(definition)).encode()).hexdigest()
