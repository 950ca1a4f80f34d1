"""Frozen dataclasses to plain JSON values and back, by their type annotations.

A class with `to_plain` and `from_plain` writes itself; of a union of classes the one
that says `fits` reads.
"""

import math
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, Union, cast, get_args, get_origin, get_type_hints


def to_plain(value: Any) -> Any:
    """Return a value of dataclasses, mappings, tuples and numbers as JSON values.

    Raises
    ------
    ValueError
        A number is not finite: a statistic has failed to say that it is undefined.
    """
    if hasattr(value, "to_plain"):
        return value.to_plain()
    if is_dataclass(value):
        return {one.name: to_plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {key: to_plain(part) for key, part in value.items()}
    if isinstance(value, tuple):
        return [to_plain(part) for part in value]
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("A report holds finite numbers only; null needs a reason.")
    return value


def from_plain(kind: Any, plain: Any) -> Any:
    """Return the value of type `kind` that `to_plain` turned into `plain`."""
    if plain is None:
        return None
    if hasattr(kind, "from_plain"):
        return kind.from_plain(plain)
    if is_dataclass(kind):
        hints = _hints(cast(type, kind))
        return cast(type, kind)(
            **{
                name: from_plain(hint, plain[name])
                for name, hint in hints.items()
                # what an older version did not write keeps its default
                if name in plain
            }
        )
    return _generic_from_plain(kind, plain)


def _generic_from_plain(kind: Any, plain: Any) -> Any:
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        members = [member for member in arguments if member is not type(None)]
        if len(members) > 1:
            members = [m for m in members if hasattr(m, "fits") and m.fits(plain)]
        return from_plain(members[0], plain) if members else plain
    if origin is tuple:
        return tuple(from_plain(arguments[0], part) for part in plain)
    if origin is Mapping:
        return {key: from_plain(arguments[1], part) for key, part in plain.items()}
    return plain


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)
