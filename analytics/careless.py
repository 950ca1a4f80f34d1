"""Who shows signs of careless answers, by cuts that were fixed before any answer.

Nobody is deleted. Signs that depend on the answers of others are shown and do not
count; so a flag never changes when later answers arrive.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analytics import thresholds
from analytics.answers import reason_of
from analytics.disclosure.telling import band
from analytics.plan import AnalysisPlan
from analytics.psychometrics import (
    PsychometricsError,
    ResponseMatrix,
    as_shown,
    even_odd,
    longstring,
    mahalanobis,
    psychometric_synonyms,
    response_variability,
)
from analytics.psychometrics.data import MISSING
from analytics.quality_results import Sign, SignKind
from analytics.release_parts import Count, WaveAnswers
from analytics.sentences import Sentence, say

Flags = NDArray[np.bool_]
# seconds at which the bands of `surveys.models.answers.Duration` end
BAND_ENDS: Final = (120, 300, 600)
COUNTING: Final[tuple[SignKind, ...]] = (
    "instructed",
    "same",
    "reversed",
    "even_odd",
    "fast",
)
MANY_SCALES: Final = 3  # halves of fewer cannot disagree


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """One sign before it is told.

    Attributes
    ----------
    shown, examined : (n,) bool
        Who shows it, and for whom it exists.
    size : int
        What it was made from.
    reason : Sentence or None
        Why it was not looked for.
    """

    shown: Flags
    examined: Flags
    size: int
    reason: Sentence | None = None

    @classmethod
    def absent(cls, n: int, reason: Sentence) -> "Found":
        nobody = np.zeros(n, dtype=bool)
        return cls(nobody, nobody, 0, reason)


def signs_of(now: WaveAnswers) -> dict[SignKind, Found]:
    """Look for every sign in the answers of a wave."""
    blocks = tuple(_blocks(now.data))
    return {
        "instructed": _instructed(now),
        "same": _same(now.data, blocks),
        "reversed": _reversed(now.data, blocks),
        "even_odd": _even_odd(now.data, now.plan),
        "fast": _fast(now),
        "spread": _spread(now.data, blocks),
        "synonyms": _pairs(now.data, opposite=False),
        "antonyms": _pairs(now.data, opposite=True),
        "distance": _distance(now.data, now.plan),
    }


def flagged(signs: Mapping[SignKind, Found]) -> Flags | None:
    """Return who is flagged, (n,) bool; None where no sign that counts exists.

    An instructed item missed is enough; of the others it takes two.
    """
    counting = [signs[kind] for kind in COUNTING]
    if all(one.reason is not None for one in counting):
        return None
    others = np.sum([one.shown for one in counting[1:]], axis=0)
    flags: Flags = signs["instructed"].shown | (others >= thresholds.SIGNS)
    return flags


def told(signs: Mapping[SignKind, Found], least: int) -> dict[str, Sign]:
    """Return the signs as they may be told."""
    return {
        kind: Sign(
            counts=kind in COUNTING,
            size=one.size,
            examined=None if one.reason else band(int(one.examined.sum())),
            shown=None
            if one.reason
            else people_of(int(one.shown.sum()), int(one.examined.sum()), least),
            reason=one.reason,
        )
        for kind, one in signs.items()
    }


def people_of(count: int, total: int, least: int) -> Count:
    """Tell how many of a total; few, or all but a few, are told as such only."""
    if count < least:
        return Count(0, least - 1)
    whole = band(total)
    if total - count < least:
        return Count(max(least, whole.low - least + 1), whole.high)
    return band(count)


def percent_of(part: Count, whole: Count) -> Count:
    """Return the share in whole percent that two told numbers leave open."""
    low = 100 * part.low / max(whole.high, 1)
    high = 100 * part.high / max(whole.low, 1)
    return Count(round(low), min(100, round(high)))


def _blocks(data: ResponseMatrix) -> Iterator[ResponseMatrix]:
    """Yield the items with equal points that follow one another on the form.

    Also those that nobody answered: a block must not depend on what others did.
    """
    for _, block in groupby(data.items, key=lambda item: (item.low, item.high)):
        yield data.select([item.code for item in block])


def _instructed(now: WaveAnswers) -> Found:
    columns = [code for code in now.asked_codes if code in now.expected]
    if not columns:
        return Found.absent(now.data.n, say("careless_no_instructed"))
    missed = np.zeros(now.data.n, dtype=bool)
    examined = np.zeros(now.data.n, dtype=bool)
    for code in columns:
        answers = now.asked[:, now.asked_codes.index(code)]
        there = answers >= 0
        examined |= there
        missed |= there & (answers != now.expected[code])
    return Found(missed, examined, len(columns))


def _same(data: ResponseMatrix, blocks: tuple[ResponseMatrix, ...]) -> Found:
    """Look for one answer to more than half of a long block."""
    long = [block for block in blocks if block.p >= thresholds.BLOCK_ITEMS]
    if not long:
        reason = say("careless_short_block", needs=thresholds.BLOCK_ITEMS)
        return Found.absent(data.n, reason)
    shown = np.zeros(data.n, dtype=bool)
    for block in long:
        shown |= longstring(block).length > thresholds.RUN_SHARE * block.p
    return Found(shown, _answered(data), max(block.p for block in long))


def _reversed(data: ResponseMatrix, blocks: tuple[ResponseMatrix, ...]) -> Found:
    """Look for one answer, not the middle one, through items of both directions."""
    mixed = [
        block
        for block in blocks
        if block.p >= thresholds.REVERSED_RUN
        and len({item.reverse for item in block.items}) == 2
    ]
    if not mixed:
        return Found.absent(data.n, say("careless_no_reversed"))
    shown = np.zeros(data.n, dtype=bool)
    for block in mixed:
        shown |= _through_both(block)
    return Found(shown, _answered(data), max(block.p for block in mixed))


def _through_both(block: ResponseMatrix) -> Flags:
    run, points = longstring(block), as_shown(block)
    turned = np.array([item.reverse for item in block.items])
    # reversed items among the columns from the first to the last of the run
    before = np.concatenate([[0], np.cumsum(turned)])
    inside = before[run.last + 1] - before[np.maximum(run.first, 0)]
    width = run.last + 1 - np.maximum(run.first, 0)
    middle = (block.items[0].low + block.items[0].high) / 2
    answer = points[np.arange(block.n), np.maximum(run.first, 0)]
    both: Flags = (
        (run.length >= thresholds.REVERSED_RUN)
        & (inside > 0)
        & (inside < width)
        & (answer != middle)
    )
    return both


def _even_odd(data: ResponseMatrix, plan: AnalysisPlan) -> Found:
    scales = [
        scale.item_codes
        for scale in plan.constructs
        if scale.model == "reflective" and len(scale.items) > 1
    ]
    if len(scales) < MANY_SCALES:
        reason = say("careless_few_scales", needs=MANY_SCALES, has=len(scales))
        return Found.absent(data.n, reason)
    index = even_odd(data, scales)
    exists = ~np.isnan(index)
    return Found(
        exists & (np.nan_to_num(index, nan=-1.0) > thresholds.EVEN_ODD),
        exists,
        len(scales),
    )


def _fast(now: WaveAnswers) -> Found:
    """Look for time bands that end before two seconds an answer have passed."""
    n = now.data.n
    if now.durations is None:
        return Found.absent(n, say("careless_no_times"))
    answers = (now.data.codes != MISSING).sum(axis=1)
    answers = answers + (now.asked >= 0).sum(axis=1)
    ends = np.array([*BAND_ENDS, np.inf])
    known = now.durations >= 0
    if not known.any():
        return Found.absent(n, say("careless_no_times"))
    items = BAND_ENDS[0] // thresholds.SECONDS_AN_ITEM
    if answers.max() < items:
        return Found.absent(n, say("careless_coarse_times", needs=items))
    least = thresholds.SECONDS_AN_ITEM * answers
    return Found(known & (ends[now.durations] <= least), known, int(answers.max()))


def _spread(data: ResponseMatrix, blocks: tuple[ResponseMatrix, ...]) -> Found:
    """Look for answers without any spread over the longest block."""
    longest = max(blocks, key=lambda block: block.p, default=None)
    if longest is None or longest.p < thresholds.BLOCK_ITEMS:
        reason = say("careless_short_block", needs=thresholds.BLOCK_ITEMS)
        return Found.absent(data.n, reason)
    spread = response_variability(longest)
    return Found(spread == 0, ~np.isnan(spread), longest.p)


def _pairs(data: ResponseMatrix, *, opposite: bool) -> Found:
    """Look for people in whom pairs run the other way than among all."""
    found = psychometric_synonyms(data, cut=thresholds.SYNONYMS, opposite=opposite)
    exists = ~np.isnan(found.r)
    if not exists.any():
        code = "careless_no_antonyms" if opposite else "careless_no_synonyms"
        return Found.absent(data.n, say(code, cut=thresholds.SYNONYMS))
    r = np.nan_to_num(found.r)
    return Found(exists & (r > 0 if opposite else r < 0), exists, len(found.pairs))


def _distance(data: ResponseMatrix, plan: AnalysisPlan) -> Found:
    items = data.select(plan.item_codes)
    there = (items.codes != MISSING).any(axis=0)
    asked = [code for code, one in zip(items.item_codes, there, strict=True) if one]
    try:
        found = mahalanobis(data.select(asked), p=thresholds.DISTANCE_P)
    except PsychometricsError as error:
        return Found.absent(data.n, reason_of(error))
    return Found(found.beyond, ~np.isnan(found.distance), len(asked))


def _answered(data: ResponseMatrix) -> Flags:
    answered: Flags = (data.codes != MISSING).any(axis=1)
    return answered
