"""Part ``linked``: change within people whose devices, or names, link two waves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics import thresholds
from analytics.answers import reason_of
from analytics.measured import measured_by, sameness
from analytics.psychometrics import (
    Matrix,
    PsychometricsError,
    cronbach_alpha,
    moments,
    paired_difference,
    reliable_change,
    scale_scores,
)
from analytics.release_parts import WaveAnswers
from analytics.sentences import Sentence, say
from analytics.trend import Shift, shift


@dataclass(frozen=True, slots=True)
class LinkedScale:
    """One scale among linked people.

    `improved`, `worsened`: shares beyond the error of measurement; `threshold` in
    points; `reliability` is alpha of the wave before.
    """

    change: Shift
    standardized: Shift
    improved: float
    worsened: float
    threshold: float
    reliability: float


@dataclass(frozen=True, slots=True)
class LinkedPart:
    """Change since the wave before within `n` linked people; or the reason why not.

    `refused`: scales without a number, and why.
    """

    before: int
    n: int
    scales: Mapping[str, LinkedScale]
    refused: Mapping[str, Sentence]
    reason: Sentence | None


def linked_of(
    before: WaveAnswers, now: WaveAnswers, *, codes: Sequence[str], least: int
) -> LinkedPart | None:
    """Follow the people whose pseudonyms stand in both waves; None where none can.

    Parameters
    ----------
    codes : sequence of scale codes
        Told of everyone in both waves.
    least : int
        Answers from which scores are shown. Where those who are not linked are fewer,
        and not nobody, the linked would tell about them: nothing is given then.
    """
    if before.pseudonyms is None or now.pseudonyms is None:
        return None
    old, new = _pairs(before.pseudonyms, now.pseudonyms)
    n = len(old)
    others = (len(before.pseudonyms) - n, len(now.pseudonyms) - n)
    needs = max(thresholds.LINKED_N, least)
    if n < needs or any(0 < one < least for one in others):
        few = say("linked_few", needs=needs, least=least)
        return LinkedPart(before.wave, 0, {}, {}, few)
    earlier, later = measured_by(before.plan), measured_by(now.plan)
    found = {
        code: _scale(before, now, code, (old, new), least)
        for code in codes
        if sameness(earlier.get(code), later.get(code)) in ("same", "reworded")
    }
    return LinkedPart(
        before=before.wave,
        n=n,
        scales={c: one for c, one in found.items() if isinstance(one, LinkedScale)},
        refused={c: one for c, one in found.items() if isinstance(one, Sentence)},
        reason=None,
    )


def _pairs(
    before: tuple[bytes | None, ...], now: tuple[bytes | None, ...]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows of the same people; a pseudonym that stands twice in a wave is nobody's."""
    old, new = _once(before), _once(now)
    both = sorted(old.keys() & new.keys())
    return (
        np.array([old[key] for key in both], dtype=np.intp),
        np.array([new[key] for key in both], dtype=np.intp),
    )


def _once(pseudonyms: tuple[bytes | None, ...]) -> dict[bytes, int]:
    places: dict[bytes, int] = {}
    twice: set[bytes] = set()
    for row, one in enumerate(pseudonyms):
        if one is None:
            continue
        if one in places:
            twice.add(one)
        places[one] = row
    return {key: row for key, row in places.items() if key not in twice}


def _scale(
    before: WaveAnswers,
    now: WaveAnswers,
    code: str,
    rows: tuple[NDArray[np.intp], NDArray[np.intp]],
    least: int,
) -> LinkedScale | Sentence:
    items = next(s.item_codes for s in now.plan.constructs if s.code == code)
    scores = scale_scores(before.data, items), scale_scores(now.data, items)
    first: Matrix = scores[0][rows[0]]
    second: Matrix = scores[1][rows[1]]
    n = int((~np.isnan(first) & ~np.isnan(second)).sum())
    others = [int((~np.isnan(one)).sum()) - n for one in scores]
    needs = max(thresholds.LINKED_N, least)
    if n < needs or any(0 < one < least for one in others):
        return say("linked_few", needs=needs, least=least)
    try:
        paired = paired_difference(second, first)
        part = before.data.select(items)
        alpha = cronbach_alpha(moments(part, missing=before.plan.missing)).raw.estimate
        found = reliable_change(first, second, reliability=alpha)
    except PsychometricsError as error:
        return reason_of(error)
    return LinkedScale(
        change=shift(paired.difference),
        standardized=shift(paired.standardized),
        improved=found.improved / found.n,
        worsened=found.worsened / found.n,
        threshold=found.threshold,
        reliability=alpha,
    )
