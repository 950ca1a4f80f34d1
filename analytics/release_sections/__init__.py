"""The sections of a release's report, each made from its parts in one language.

A section is a frozen dataclass of finished words, tables and figures; its template
only places them. Page, file and slides ask the same builders.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final, cast

from analytics.plan import Text
from analytics.release_sections.parts import Facts, Parts

# (parts, language, *, drawn=False) -> section
Builder = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class SectionKind:
    """One section of the report: its id on the page, and its name in the contents."""

    key: str
    name: Text

    @property
    def template(self) -> str:
        return f"analytics/release/_{self.key}.html"

    @property
    def builder(self) -> Builder | None:
        module = f"{__name__}.{self.key}"
        if find_spec(module) is None:
            return None
        return cast(Builder, getattr(import_module(module), f"{self.key}_section"))


SECTIONS: Final = (
    SectionKind("glance", Text("At a glance", "概览")),
    SectionKind("teams", Text("Teams and groups", "团队与群体")),
    SectionKind("loyalty", Text("What goes with loyalty", "与忠诚相关的因素")),
    SectionKind("trend", Text("Trend", "趋势")),
    SectionKind("trust", Text("Can I trust these numbers?", "这些数字可信吗？")),
    SectionKind("comments", Text("Comments", "评论")),
    SectionKind("actions", Text("What was agreed", "行动记录")),
    SectionKind("methods", Text("Methods", "方法")),
)


def sections() -> Iterator[tuple[SectionKind, Builder]]:
    """Return the sections that can be built, in the order of the page."""
    for kind in SECTIONS:
        builder = kind.builder
        if builder is not None:
            yield kind, builder


__all__ = ["SECTIONS", "Builder", "Facts", "Parts", "SectionKind", "sections"]
