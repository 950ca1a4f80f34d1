"""A report as Vega-Lite specifications: drawn once for wide, once for narrow screens.

Page, file and pictures share them. A specification names roles, never colours: the
theme (here, or read from the page's tokens by the browser) gives ink and series. Every
mark has its number beside it and every interval is drawn.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analytics import readings, thresholds
from analytics.marks import (
    DIGITS,
    OUTCOME,
    TRUST,
    Bar,
    Spec,
    intervals,
    lines,
    whole_ticks,
    x_axis,
)
from analytics.plan import Text
from analytics.results import Figure, Report, Result
from analytics.sentences import label
from analytics.tables import Table, Tables, by_share, by_size


@dataclass(frozen=True, slots=True)
class Chart:
    """One picture: its specifications, its words, and the table behind it."""

    code: str
    title: str
    description: str
    wide: Spec
    narrow: Spec
    table: Table


def dimension_charts(report: Report, language: str) -> tuple[Chart, ...]:
    """Return means with intervals, one chart for every range of points."""
    tables = Tables(report, language, DIGITS)
    ranges: dict[tuple[int, int], list[Bar]] = {}
    for code, scale in report.constructs.items():
        series = OUTCOME if code in report.outcomes else TRUST
        if bar := _bar(scale.name, scale.mean, language, series):
            ranges.setdefault((scale.low, scale.high), []).append(bar)
    return tuple(
        _chart(
            f"dimensions-{low}-{high}",
            label("dimensions", language),
            bars,
            tables.levels(),
            language,
            axis=label("axis_mean", language, low=low, high=high),
            domain=(low, high),
            whole=True,
        )
        for (low, high), bars in ranges.items()
    )


def loyalty_chart(report: Report, outcome: str, language: str) -> Chart | None:
    """Return correlations with one outcome, closest first; None without any."""
    bars = []
    for code, found in by_size(report.loyalty[outcome]):
        if found.r is None or found.low is None or found.high is None:
            continue
        name = report.scales[code].name.in_language(language)
        ring = found.disattenuated
        bars.append(Bar(name, found.r, found.low, found.high, ring=ring))
    if not bars:
        return None
    corrected = any(bar.ring is not None for bar in bars)
    ends = [end for bar in bars for end in (bar.low, bar.ring or bar.value)]
    return _chart(
        f"loyalty-{outcome}",
        label("loyalty", language, outcome=report.outcomes[outcome].name),
        bars,
        Tables(report, language, DIGITS).loyalty(outcome),
        language,
        axis=label("axis_r" if corrected else "axis_r_plain", language),
        domain=(-1 if min(ends) < 0 else 0, max(1.0, *ends)),
        guides=((0.0, ""),) if min(ends) < 0 else (),
    )


def weights_chart(report: Report, outcome: str, language: str) -> Chart | None:
    """Return the shares of the trust scales in one outcome; None without weights."""
    table = Tables(report, language, DIGITS).weights(outcome)
    if table is None:
        return None
    bars = [
        Bar(
            report.scales[code].name.in_language(language),
            one.share,
            one.share if one.low is None else one.low,
            one.share if one.high is None else one.high,
        )
        for code, one in by_share(report, outcome)
    ]
    return _chart(
        f"weights-{outcome}",
        table.title,
        bars,
        table,
        language,
        axis=label("axis_share", language),
        domain=(0, 1),
    )


def reliability_chart(report: Report, language: str) -> Chart | None:
    """Return the coefficient each scale is read by, with its guide values."""
    bars = []
    for code, scale in report.constructs.items():
        _, result = readings.best_reliability(scale)
        series = OUTCOME if code in report.outcomes else TRUST
        if bar := _bar(scale.name, result, language, series):
            bars.append(bar)
    if not bars:
        return None
    return _chart(
        "reliability",
        label("reliability", language),
        bars,
        Tables(report, language, DIGITS).reliability(),
        language,
        axis=label("axis_reliability", language),
        domain=(min(0.0, *(bar.low for bar in bars)), 1),
        guides=(
            (thresholds.RESEARCH, label("guide_research", language)),
            (thresholds.COMPARE, label("guide_compare", language)),
        ),
    )


def eigenvalue_chart(report: Report, language: str) -> Chart | None:
    """Return factor eigenvalues beside those of random data; None without votes."""
    parallel = report.dimensionality.parallel
    table = Tables(report, language, DIGITS).eigenvalues()
    if parallel is None or table is None:
        return None
    observed, chance = label("observed", language), label("by_chance", language)
    series_shown = (
        (observed, TRUST, parallel.factor_observed),
        (chance, OUTCOME, parallel.factor_thresholds),
    )
    values = [
        {"line": name, "series": series, "number": k + 1, "value": round(value, 4)}
        for name, series, row in series_shown
        for k, value in enumerate(row)
    ]
    title = label("structure", language)
    points = ", ".join(f"{value:.2f}" for value in parallel.factor_observed[:5])
    said = label("chart_of", language, title=title, values=f"{observed} {points} ...")
    return Chart(
        "eigenvalues",
        title,
        said,
        wide=lines(values, said, language, height=230),
        narrow=lines(values, said, language, height=200),
        table=table,
    )


def _bar(name: Text, result: Result, language: str, series: str) -> Bar | None:
    if not isinstance(result, Figure) or result.low is None or result.high is None:
        return None
    return Bar(
        name.in_language(language),
        result.estimate,
        result.low,
        result.high,
        series,
        approximate=result.approximate is not None,
    )


def _chart(
    code: str,
    title: str,
    bars: Sequence[Bar],
    table: Table,
    language: str,
    *,
    axis: str,
    domain: tuple[float, float],
    guides: Iterable[tuple[float, str]] = (),
    whole: bool = False,
) -> Chart:
    said = ("；" if language == "zh-hans" else "; ").join(
        label(
            "chart_value_approximate" if bar.approximate else "chart_value",
            language,
            name=bar.name,
            value=bar.value,
            low=bar.low,
            high=bar.high,
        )
        for bar in bars
    )
    description = label("chart_of", language, title=title, values=said)
    marks = tuple(guides)
    wide = x_axis(axis, domain, whole_ticks(*domain, most=11) if whole else 8)
    narrow = x_axis(axis, domain, whole_ticks(*domain, most=5) if whole else 4)
    return Chart(
        code=code,
        title=title,
        description=description,
        wide=intervals(bars, description, wide, marks, narrow=False),
        narrow=intervals(bars, description, narrow, marks, narrow=True),
        table=table,
    )
