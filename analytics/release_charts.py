"""Charts of the scores of one group: means with intervals, and a ring to compare with."""

from collections.abc import Mapping, Sequence

from analytics.charts import Chart
from analytics.marks import OUTCOME, TRUST, Bar, intervals, whole_ticks, x_axis
from analytics.release_parts import Segment, SegmentsPart
from analytics.sentences import label
from analytics.tables import Table


def score_charts(
    segment: Segment,
    part: SegmentsPart,
    language: str,
    *,
    code: str,
    title: str,
    rings: Mapping[str, float | None],
    ring_name: str,
    table: Table,
) -> tuple[Chart, ...]:
    """Return the scores of one group, one chart for every range of points.

    Parameters
    ----------
    rings : mapping of scale code -> second mean
        What the scores are compared with, named by `ring_name`.
    """
    ranges: dict[tuple[int, int], list[Bar]] = {}
    for scale, score in segment.scores.items():
        if score.mean is None or score.low is None or score.high is None:
            continue
        bar = Bar(
            part.scales[scale].in_language(language),
            score.mean,
            score.low,
            score.high,
            OUTCOME if scale in part.outcomes else TRUST,
            rings.get(scale),
        )
        points = part.ranges[scale]
        ranges.setdefault((points[0], points[-1]), []).append(bar)
    return tuple(
        _chart(
            f"{code}-{ends[0]}-{ends[1]}", title, bars, ends, ring_name, table, language
        )
        for ends, bars in ranges.items()
    )


def _chart(
    code: str,
    title: str,
    bars: Sequence[Bar],
    ends: tuple[int, int],
    ring_name: str,
    table: Table,
    language: str,
) -> Chart:
    ringed = any(bar.ring is not None for bar in bars)
    between = "；" if language == "zh-hans" else "; "
    values = between.join(_value(bar, ring_name, language) for bar in bars)
    said = label("chart_of", language, title=title, values=values)
    low, high = ends
    if ringed:
        axis = label("release_axis_ring", language, low=low, high=high, ring=ring_name)
    else:
        axis = label("axis_mean", language, low=low, high=high)
    wide = x_axis(axis, ends, whole_ticks(*ends, most=11))
    narrow = x_axis(axis, ends, whole_ticks(*ends, most=5))
    return Chart(
        code=code,
        title=title,
        description=said,
        wide=intervals(bars, said, wide, (), narrow=False),
        narrow=intervals(bars, said, narrow, (), narrow=True),
        table=table,
    )


def _value(bar: Bar, ring_name: str, language: str) -> str:
    words = label(
        "chart_value",
        language,
        name=bar.name,
        value=bar.value,
        low=bar.low,
        high=bar.high,
    )
    if bar.ring is None:
        return words
    return label("release_ring", language, words=words, ring=ring_name, value=bar.ring)
