"""A report as one value: chapters of headings, words, tables and charts, in order.

PDF, slides and pictures are made from it and from nothing else. A chapter is read off
the section that the page shows: what stands there in words, tables and figures comes
here in the same order, so that a section never has to be written twice.
"""

import dataclasses
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from analytics.page import Figure, Page
from analytics.release_sections.actions import NoteSaid
from analytics.release_sections.glance import Big
from analytics.release_sections.heat import Heat, LegendStep
from analytics.shown import Said, Shown

# Fields of a section that hold no words to read: anchors, addresses, codes.
NOT_WORDS: Final = frozenset(
    {"anchor", "code", "html_language", "id", "key", "language", "next", "previous"}
    | {"query", "template", "url", "window", "words"}
)
# Fields of the section itself that stand on the title page already.
ON_THE_TITLE_PAGE: Final = frozenset({"facts", "simulated"})
# What a report's page shows of the statistics: the word or field that is the heading,
# and the fields below it. For a section that holds a whole page.
STATISTICS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("reliability", ("reliability", "reliability_table", "reliability_approximate")),
    ("", ("reliability_readings",)),
    ("structure", ("adequacy", "votes", "structure_notices", "eigenvalues")),
    ("loadings", ("loading_sentences", "loadings", "factor_correlations")),
    ("separability", ("separability_sentences", "separability")),
    ("fit_title", ("fit_reading", "fit", "model_loadings", "model_correlations")),
    ("", ("composites", "composites_guide", "models", "models_guide", "groups")),
    ("items", ("items", "item_notices")),
)
OWN: Final = 2  # level of what stands in a section and not deeper
DEEPEST: Final = 3  # level of headings below which the document goes no deeper


@dataclass(frozen=True, slots=True)
class Heading:
    """`level` 2 stands right below the title of a chapter."""

    text: str
    level: int


@dataclass(frozen=True, slots=True)
class Words:
    """One paragraph, or with `listed` one line of a list."""

    text: str
    listed: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart for paper: a Vega-Lite specification and what it says in words."""

    code: str
    title: str
    description: str
    spec: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Legend:
    """What the colours of the grids below mean, from the lowest to the highest."""

    steps: tuple[LegendStep, ...]


Block = Heading | Words | Said | Big | Shown | Heat | Legend | Picture


@dataclass(frozen=True, slots=True)
class Chapter:
    """One section of the report."""

    key: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A report in one language, ready to be laid out.

    Attributes
    ----------
    subtitle : str
        Which wave and release it is.
    facts : tuple of (name, value)
        What stands on the title page: when, how many, which mode.
    promise : str
        What respondents were told, as it was shown; empty where nobody was.
    note : str
        What every page must say, such as that answers are simulated.
    """

    language: str
    organization: str
    title: str
    subtitle: str
    facts: tuple[tuple[str, str], ...]
    promise: str
    note: str
    chapters: tuple[Chapter, ...]

    def pictures(self) -> dict[str, Picture]:
        """Return every chart by its code."""
        return {
            block.code: block
            for chapter in self.chapters
            for block in chapter.blocks
            if isinstance(block, Picture)
        }


def chapter_of(key: str, title: str, section: object) -> Chapter:
    """Read a section of the page as a chapter."""
    blocks = _pruned(_once(_blocks(section, level=1)), title)
    return Chapter(key, title, tuple(_stepped(blocks)))


def _blocks(value: object, *, level: int, name: str = "") -> Iterator[Block]:
    """Yield what a reader of `value` sees, in the order of its fields."""
    match value:
        case str():
            yield from _words(str(value), name, level)
        case Said() | Shown() | Heat() | Big():
            yield value
        case Figure():
            yield Picture(
                value.code, value.title, value.description, json.loads(value.wide)
            )
            yield value.table
        case NoteSaid():
            facts = " · ".join(value.facts)
            yield Said(value.status, value.tone, f"{value.text} ({facts})")
        case Page():
            yield from _statistics(value)
        case (LegendStep(), *_) as steps:
            yield Legend(tuple(one for one in steps if isinstance(one, LegendStep)))
        case tuple() | list():
            listed = len(value) > 1 and all(isinstance(one, str) for one in value)
            for one in value:
                for block in _blocks(one, level=level, name=name):
                    is_words = listed and isinstance(block, Words)
                    yield Words(str(one), listed=True) if is_words else block
        case _ if dataclasses.is_dataclass(value) and not isinstance(value, type):
            parts = [getattr(value, field.name) for field in dataclasses.fields(value)]
            if level > 1 and all(isinstance(part, str) for part in parts):
                yield Words(" · ".join(part for part in parts if part.strip()))
                return
            for field in dataclasses.fields(value):
                own = level if field.name == "title" else min(level + 1, DEEPEST)
                yield from _blocks(
                    getattr(value, field.name), level=own, name=field.name
                )


def _statistics(page: Page) -> Iterator[Block]:
    """Yield the statistics that stand behind a reader's verdicts."""
    for word, names in STATISTICS:
        if word:
            text = page.words.get(word) or getattr(page, word)
            yield Heading(str(text), DEEPEST)
        for name in names:
            yield from _blocks(getattr(page, name), level=DEEPEST, name=name)


def _words(text: str, name: str, level: int) -> Iterator[Block]:
    if not text.strip() or name in NOT_WORDS:
        return
    if level == OWN and name in ON_THE_TITLE_PAGE:
        return
    if name in {"title", "question"} or name.endswith(("_title", "heading")):
        yield Heading(text, level)
    else:
        yield Words(text)


def _once(blocks: Iterable[Block]) -> Iterator[Block]:
    """Leave out a table that stood behind a chart already."""
    seen: list[Shown] = []
    for block in blocks:
        if isinstance(block, Shown):
            if block in seen or not block.rows:
                continue
            seen.append(block)
        yield block


def _pruned(blocks: Iterable[Block], title: str) -> list[Block]:
    """Leave out headings with nothing below, and the one that repeats the chapter."""
    kept: list[Block] = []
    for block in reversed(list(blocks)):
        if isinstance(block, Heading):
            below = kept[-1] if kept else None
            empty = below is None or (
                isinstance(below, Heading) and below.level <= block.level
            )
            if empty or block.level == 1 or block.text == title:
                continue
        kept.append(block)
    return kept[::-1]


def _stepped(blocks: Iterable[Block]) -> Iterator[Block]:
    """Let no level of headings be skipped: readers by ear find their way by them."""
    above = 1
    for block in blocks:
        if isinstance(block, Heading):
            above = min(block.level, above + 1)
            yield Heading(block.text, above)
        else:
            yield block
