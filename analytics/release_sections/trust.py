"""Section “Can I trust these numbers?”: verdicts first, then the statistics behind."""

from dataclasses import dataclass, replace
from typing import Final

from analytics import thresholds
from analytics.page import Figure, Page, figure_of, statistics
from analytics.quality_readings import Answer, verdicts
from analytics.quality_results import QualityPart
from analytics.quality_tables import QualityTables
from analytics.release_sections.parts import Parts
from analytics.results import Report
from analytics.sentences import joined, label
from analytics.shown import Said, Shown, maybe_shown

DIGITS: Final = 2
COUNTS: Final = frozenset({2, 3})  # columns of the items: n and missing
WORDS: Final = (
    "trust_statistics",
    "trust_summary_scales",
    "trust_summary_model",
    "trust_summary_items",
    "trust_summary_careless",
    "trust_summary_missing",
    "trust_summary_rates",
    "as_table",
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """One question of a careful reader, and the answers to it."""

    question: str
    readings: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class TrustSection:
    """Everything of the section, in words of one language.

    Attributes
    ----------
    page : Page or None
        The tables of the report itself; None where the release holds none.
    both_figures, rates_figure
        Means with and without the flagged; response rates by unit.
    """

    title: str
    lead: str
    empty: str
    words: dict[str, str]
    verdicts: tuple[Verdict, ...]
    both_figures: tuple[Figure, ...]
    rates_figure: Figure | None
    page: Page | None
    signs: Shown | None
    both_ways: Shown | None
    relations: Shown | None
    missing_scales: Shown | None
    missing_items: Shown | None
    rates: Shown | None
    weighted: Shown | None


def trust_section(parts: Parts, language: str, *, drawn: bool = False) -> TrustSection:
    """Return the section; what the release does not hold is left out or said."""
    quality, report = _seen(parts), parts.report
    found = verdicts(quality, report, parts.segments)
    tables: QualityTables | None = None
    if report is not None and quality is not None:
        tables = QualityTables(report, language, DIGITS, quality)
    rates = tables.rates_chart() if tables else None
    return TrustSection(
        title=label("trust_title", language),
        lead=label("trust_lead", language) if found else "",
        empty=""
        if quality
        else label("trust_absent", language, needs=thresholds.REPORT_N),
        words={code: label(code, language) for code in WORDS},
        verdicts=tuple(
            Verdict(label(code, language), tuple(_said(one, language) for one in all_))
            for code, all_ in found.items()
        ),
        page=None if report is None else _page(report, language, drawn=drawn),
        both_figures=tuple(
            figure_of(chart, drawn=drawn)
            for chart in (tables.both_ways_charts() if tables else ())
        ),
        rates_figure=None if rates is None else figure_of(rates, drawn=drawn),
        signs=maybe_shown(tables.signs() if tables else None),
        both_ways=maybe_shown(tables.both_ways() if tables else None),
        relations=maybe_shown(tables.relations() if tables else None),
        missing_scales=maybe_shown(tables.missing_scales() if tables else None),
        missing_items=maybe_shown(tables.missing_items() if tables else None),
        rates=maybe_shown(tables.rates() if tables else None),
        weighted=maybe_shown(tables.weighted() if tables else None),
    )


def _seen(parts: Parts) -> QualityPart | None:
    """Return the part with the units that the reader may see."""
    quality: QualityPart | None = parts.quality
    segments = parts.segments
    if quality is None or segments is None:
        return quality
    units = {
        key: unit
        for key, unit in quality.nonresponse.units.items()
        if segments.of(key) is not None
    }
    return replace(quality, nonresponse=replace(quality.nonresponse, units=units))


def _page(report: Report, language: str, *, drawn: bool) -> Page:
    """Return the report's own tables; how many answered an item stands as bands."""
    page = statistics(report, language, drawn=drawn)
    columns = tuple(c for k, c in enumerate(page.items.columns) if k not in COUNTS)
    rows = tuple(
        replace(
            row, cells=tuple(c for k, c in enumerate(row.cells, 1) if k not in COUNTS)
        )
        for row in page.items.rows
    )
    return replace(page, items=replace(page.items, columns=columns, rows=rows))


def _said(answer: Answer, language: str) -> Said:
    read = answer.reading
    name = answer.about.text(language) if answer.about else ""
    text = joined(read.sentences, language)
    return Said(read.chip.text(language), read.tone, text, name)
