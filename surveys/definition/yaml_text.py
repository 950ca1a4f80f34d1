"""YAML text to plain data; what is unclear or dangerous is refused with its place."""

from collections.abc import Hashable
from typing import Any

import yaml

from surveys.definition.errors import DefinitionError

LARGEST_DOCUMENT = 5_000_000


def read_yaml(document: str, *, source: str) -> Any:
    """Plain data of a YAML text; duplicate keys and aliases are refused."""
    if len(document) > LARGEST_DOCUMENT:
        params = {"size": len(document), "limit": LARGEST_DOCUMENT}
        raise DefinitionError("too_large", source=source, params=params)
    try:
        _refuse_aliases(document)
        return yaml.load(document, Loader=_StrictLoader)  # noqa: S506, a SafeLoader
    except _Refused as refused:
        raise DefinitionError(
            refused.code,
            where=_line(refused.mark),
            source=source,
            params={"key": refused.key},
        ) from None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or type(error).__name__
        raise DefinitionError(
            "not_yaml", where=_line(mark), source=source, params={"problem": problem}
        ) from error


def _line(mark: Any) -> str:
    return f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""


class _Refused(Exception):
    """Carries a place out of the loader; never leaves this module."""

    def __init__(self, code: str, mark: Any, key: object = "") -> None:
        self.code = code
        self.mark = mark
        self.key = key
        super().__init__(code)


# libyaml is some eight times as fast, and limits how deep a document nests
_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _refuse_aliases(document: str) -> None:
    """Refuse the means by which a small text stands for a huge one."""
    for event in yaml.parse(document, Loader=_SafeLoader):
        if isinstance(event, yaml.AliasEvent):
            raise _Refused("alias", event.start_mark)


class _StrictLoader(_SafeLoader):  # type: ignore[misc]
    """The safe loader without silently lost keys."""

    def construct_mapping(
        self, node: yaml.MappingNode, deep: bool = False
    ) -> dict[Hashable, Any]:
        seen: set[object] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if isinstance(key, Hashable) and key in seen:
                raise _Refused("duplicate_key", key_node.start_mark, key)
            if isinstance(key, Hashable):
                seen.add(key)
        found: dict[Hashable, Any] = super().construct_mapping(node, deep)
        return found
