"""Text that every format can hold.

XML 1.0 has no place for most control characters, UTF-8 none for half of a surrogate
pair. Both become U+FFFD, which says that something stood there.
"""

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, Final, TypeVar, cast

REPLACEMENT: Final = "\ufffd"
# https://www.w3.org/TR/xml/#charsets, turned round
_FORBIDDEN: Final = re.compile(
    "[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)
Value = TypeVar("Value")


def clean(text: str) -> str:
    """Return the text with a replacement for every character that XML cannot hold."""
    return _FORBIDDEN.sub(REPLACEMENT, text)


def cleaned(value: Value) -> Value:
    """Return a value of dataclasses, mappings and tuples with every text clean."""
    return cast(Value, _cleaned(value))


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, tuple):
        return tuple(_cleaned(one) for one in value)
    if isinstance(value, Mapping):
        return {
            clean(str(key)) if isinstance(key, str) else key: _cleaned(one)
            for key, one in value.items()
        }
    if is_dataclass(value) and not isinstance(value, type):
        parts = {one.name: _cleaned(getattr(value, one.name)) for one in fields(value)}
        return replace(value, **parts)
    return value
