"""The sections of a release's report, each made from its parts in one language.

A section is a frozen dataclass of finished words, tables and figures; its template
only places them. Page, file and slides ask the same builders.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from analytics.plan import Text
from analytics.release_sections.actions import actions_section
from analytics.release_sections.comments import comments_section
from analytics.release_sections.glance import glance_section
from analytics.release_sections.loyalty import loyalty_section
from analytics.release_sections.methods import methods_section
from analytics.release_sections.parts import Facts, Parts
from analytics.release_sections.teams import teams_section
from analytics.release_sections.trend import trend_section
from analytics.release_sections.trust import trust_section

# (parts, language, *, drawn=False) -> section; those of groups take a `focus` too
Builder = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class SectionKind:
    """One section of the report: its id on the page, its name, and what makes it.

    `of_groups` where it shows one group that the reader has chosen. `frozen`, and
    therefore kept, where it reads nothing that goes on changing beside the release.
    """

    key: str
    name: Text
    builder: Builder
    of_groups: bool = False
    frozen: bool = False

    @property
    def template(self) -> str:
        return f"analytics/release/_{self.key}.html"


SECTIONS: Final = (
    SectionKind("glance", Text("At a glance", "概览"), glance_section, frozen=True),
    SectionKind(
        "teams",
        Text("Teams and groups", "团队与群体"),
        teams_section,
        of_groups=True,
        frozen=True,
    ),
    SectionKind(
        "loyalty",
        Text("What goes with loyalty", "与忠诚相关的因素"),
        loyalty_section,
        frozen=True,
    ),
    SectionKind(
        "trend", Text("Trend", "趋势"), trend_section, of_groups=True, frozen=True
    ),
    SectionKind(
        "trust",
        Text("Can I trust these numbers?", "这些数字可信吗？"),
        trust_section,
        frozen=True,
    ),
    SectionKind("comments", Text("Comments", "评论"), comments_section),
    SectionKind("actions", Text("What was agreed", "行动记录"), actions_section),
    SectionKind("methods", Text("Methods", "方法"), methods_section, frozen=True),
)


def sections() -> Iterator[tuple[SectionKind, Builder]]:
    """Return the sections with their builders, in the order of the page."""
    for kind in SECTIONS:
        yield kind, kind.builder


__all__ = ["SECTIONS", "Builder", "Facts", "Parts", "SectionKind", "sections"]
