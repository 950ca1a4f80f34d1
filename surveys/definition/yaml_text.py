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


def _line(mark: yaml.Mark | None) -> str:
    return f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""


class _Refused(Exception):
    """Carries a place out of the loader; never leaves this module."""

    def __init__(self, code: str, mark: yaml.Mark, key: object = "") -> None:
        self.code = code
        self.mark = mark
        self.key = key
        super().__init__(code)


class _StrictLoader(yaml.SafeLoader):
    """The safe loader without aliases (bombs) and without silently lost keys."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call]
            raise _Refused("alias", event.start_mark)
        return super().compose_node(parent, index)

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
        return super().construct_mapping(node, deep)
