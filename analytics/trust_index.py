"""The trust index: one number beside the dimensions, made of what is published of them.

Every reflective trust scale is put on 0 to 100 by (score - lowest point) / (highest -
lowest) x 100; the index is their plain mean. It needs no answers, only published
scores, so it tells nothing that they do not. Its interval is the mean of their
intervals: of estimates with any correlation the standard error of the mean is at most
the mean of the standard errors (triangle inequality), so it is never too narrow.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analytics.release_parts import SegmentScore
from analytics.results import Report
from analytics.sentences import Sentence, say


@dataclass(frozen=True, slots=True)
class TrustIndex:
    """Index with its interval, 0 to 100, of `n_scales` scales."""

    value: float
    low: float
    high: float
    n_scales: int


def index_scales(report: Report | None, codes: Sequence[str]) -> tuple[str, ...]:
    """Return which trust scales count: the reflective ones, where a report tells."""
    if report is None:
        return tuple(codes)
    return tuple(
        code
        for code in codes
        if code in report.scales and report.scales[code].model == "reflective"
    )


def trust_index(
    scores: Mapping[str, SegmentScore],
    ranges: Mapping[str, tuple[int, ...]],
    codes: Sequence[str],
) -> TrustIndex | Sentence:
    """Return the index of one segment, or why there is none.

    Parameters
    ----------
    scores : mapping of scale code -> score of the segment
    ranges : mapping of scale code -> (lowest, highest point)
    codes : sequence of scale codes
        From `index_scales`. Where one has no value there is no index: an index of
        other scales would be another number under the same name.
    """
    if not codes:
        return say("release_index_no_scales")
    values: list[float] = []
    lows: list[float] = []
    highs: list[float] = []
    for code in codes:
        score = scores.get(code)
        if score is None or score.mean is None or score.low is None:
            return say("release_index_hidden")
        first, last = ranges[code][0], ranges[code][-1]
        for ends, point in ((values, score.mean), (lows, score.low)):
            ends.append(100 * (point - first) / (last - first))
        high = score.mean if score.high is None else score.high
        highs.append(100 * (high - first) / (last - first))
    n = len(codes)
    return TrustIndex(
        sum(values) / n, max(0.0, sum(lows) / n), min(100.0, sum(highs) / n), n
    )
