"""Definitions as plain data, canonical JSON and digests."""

import json
from dataclasses import fields, is_dataclass
from hashlib import sha256
from typing import Any

from surveys.definition.text import Text


def plain(value: object) -> Any:
    """JSON-ready data of a frozen definition: dataclass -> dict, tuple -> list."""
    if isinstance(value, Text):
        return {"en": value.en, "zh-hans": value.zh_hans}
    if is_dataclass(value):
        return {
            field.name: plain(getattr(value, field.name)) for field in fields(value)
        }
    if isinstance(value, tuple):
        return [plain(part) for part in value]
    return value


def canonical_json(data: object) -> str:
    """One text for equal data: sorted keys, no spaces, characters unescaped."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(definition: object) -> str:
    """Hexadecimal sha256 of the canonical JSON of a questionnaire or form."""
    return sha256(canonical_json(plain(definition)).encode()).hexdigest()
