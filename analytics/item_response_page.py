"""Graded response models and items between groups, as the report's page shows them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analytics.charts import Chart
from analytics.item_response_chart import information_chart
from analytics.item_response_readings import (
    dif_guide,
    dif_reading,
    head,
    response_reading,
)
from analytics.item_response_tables import ItemResponseTables, responses_of
from analytics.readings import Reading
from analytics.results import Report
from analytics.sentences import joined, label
from analytics.shown import Said, Shown, maybe_shown

if TYPE_CHECKING:
    from analytics.page import Figure

Draw = Callable[[Chart], "Figure"]
DIGITS = 2


@dataclass(frozen=True, slots=True)
class ScaleResponse:
    """One scale; everything but the reading may be missing."""

    reading: Said
    figure: "Figure | None"
    items: Shown | None
    thresholds: Shown | None
    pairs: Shown | None


@dataclass(frozen=True, slots=True)
class ItemResponseSection:
    """Where the scales measure well."""

    title: str
    sentences: tuple[str, ...]
    table: Shown | None
    scales: tuple[ScaleResponse, ...]


@dataclass(frozen=True, slots=True)
class ScaleDif:
    """The items of one scale between the groups of a column."""

    title: str
    reading: Said
    table: Shown | None
    groups: Shown | None


@dataclass(frozen=True, slots=True)
class DifSection:
    """The items of all scales between the groups of a column."""

    guide: str
    scales: tuple[ScaleDif, ...]


def item_response_section(
    report: Report, language: str, draw: Draw
) -> ItemResponseSection | None:
    """Return the section; None where the plan did not ask for it."""
    sentences = head(report)
    found = responses_of(report)
    if not sentences and not found:
        return None
    tables = ItemResponseTables(report, language, DIGITS)
    scales = []
    for code, one in found.items():
        chart = information_chart(report, code, language)
        scales.append(
            ScaleResponse(
                reading=_said(response_reading(one), language, tables.name(code)),
                figure=None if chart is None else draw(chart),
                items=maybe_shown(tables.parameters(code)),
                thresholds=maybe_shown(tables.thresholds(code)),
                pairs=maybe_shown(tables.pairs(code)),
            )
        )
    return ItemResponseSection(
        title=label("item_response", language),
        sentences=tuple(one.text(language) for one in sentences),
        table=maybe_shown(tables.precision()),
        scales=tuple(scales),
    )


def dif_section(report: Report, column: str, language: str) -> DifSection | None:
    """Return the items between the groups of a column; None where nothing was asked."""
    found = report.groups[column].dif
    if not found:
        return None
    guide = dif_guide(found.values())
    tables = ItemResponseTables(report, language, DIGITS)
    scales = []
    for code, one in found.items():
        scales.append(
            ScaleDif(
                title=label("dif_by", language, scale=tables.name(code)),
                reading=_said(dif_reading(one), language, tables.name(code)),
                table=maybe_shown(tables.dif(column, code)),
                groups=maybe_shown(tables.log_odds(column, code)),
            )
        )
    return DifSection(guide.text(language) if guide else "", tuple(scales))


def _said(read: Reading, language: str, name: str) -> Said:
    text = joined(read.sentences, language)
    return Said(read.chip.text(language), read.tone, text, name)
