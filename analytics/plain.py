"""Frozen dataclasses to plain JSON values and back, by their type annotations.

A class with `to_plain` and `from_plain` writes itself; of a union of classes the one
that says `fits` reads.
"""

import math
import types
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, Union, cast, get_args, get_origin, get_type_hints

Reader = Callable[[Any], Any]


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
    read = _reader(kind)
    return plain if read is None else read(plain)


# A release has thousands of values of few types, so each type is looked at once.
@cache
def _reader(kind: Any) -> Reader | None:
    """Return what reads values of one type that are there; None: they stay as they are."""
    if hasattr(kind, "from_plain"):
        return cast(Reader, kind.from_plain)
    if is_dataclass(kind):
        return _dataclass_reader(cast(type, kind))
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        members = [member for member in arguments if member is not type(None)]
        return _reader(members[0]) if len(members) == 1 else _union_reader(members)
    if origin is tuple:
        return _tuple_reader(_reader(arguments[0]))
    if origin is Mapping:
        return _mapping_reader(_reader(arguments[1]))
    return None


def _tuple_reader(read: Reader | None) -> Reader:
    if read is None:
        return tuple
    return lambda plain: tuple(None if one is None else read(one) for one in plain)


def _mapping_reader(read: Reader | None) -> Reader:
    if read is None:
        return dict
    return lambda plain: {
        key: None if one is None else read(one) for key, one in plain.items()
    }


def _dataclass_reader(kind: type) -> Reader:
    @cache  # at first use: a type may hold itself
    def readers() -> tuple[tuple[str, Reader | None], ...]:
        return tuple(
            (name, _reader(hint)) for name, hint in get_type_hints(kind).items()
        )

    def read(plain: Any) -> Any:
        # what an older version did not write keeps its default
        values = {}
        for name, inner in readers():
            if name in plain:
                value = plain[name]
                values[name] = value if inner is None or value is None else inner(value)
        return kind(**values)

    return read


def _union_reader(members: list[Any]) -> Reader | None:
    """Return what lets the first class read that says `fits`; else values stay."""
    classes = [one for one in members if hasattr(one, "fits")]

    def read(plain: Any) -> Any:
        found = next((one for one in classes if one.fits(plain)), None)
        return plain if found is None else from_plain(found, plain)

    return read if classes else None
