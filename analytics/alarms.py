"""Part ``alarms``: which published scores fell since the wave before, at one rate.

Watched is what both waves publish: every group, every scale that asked the same items.
An alarm belongs to its wave: it is made from two waves that no longer change, and a
later one makes alarms of its own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from analytics import thresholds
from analytics.answers import generator
from analytics.measured import sameness
from analytics.plan import Text
from analytics.psychometrics import (
    CellMoments,
    DropAlarm,
    Matrix,
    PsychometricsError,
    SampleMoments,
    drop_alarm,
    mean_change,
    scale_scores,
)
from analytics.release_parts import (
    BasisPart,
    Members,
    Segment,
    SegmentsPart,
    WaveAnswers,
)
from analytics.sentences import Sentence, say
from analytics.trend import Shift, shift


@dataclass(frozen=True, slots=True)
class Alarm:
    """A drop that fired: of which group and scale, and how far.

    `chance`: how often the smallest p of all that is watched would lie as low, were
    nothing different anywhere.
    """

    segment: str
    name: Text
    scale: str
    scale_name: Text
    points: Shift
    standardized: Shift
    chance: float


@dataclass(frozen=True, slots=True)
class AlarmsPart:
    """What was watched in a wave, and what fired.

    Attributes
    ----------
    before : int or None
        Number of the wave that was compared with.
    rate : float
        Stated chance of one or more false alarms in the wave.
    watched, segments, scales : int
        Pairs of group and scale; groups; scales.
    fired : tuple of Alarm
        In the order of the groups.
    reason : Sentence or None
        Why nothing was watched.
    """

    wave: int
    before: int | None
    rate: float
    watched: int
    segments: int
    scales: int
    fired: tuple[Alarm, ...]
    reason: Sentence | None
    draws: int


def alarms_of(
    now: WaveAnswers,
    segments: SegmentsPart,
    basis: BasisPart,
    earlier: Sequence[BasisPart],
) -> AlarmsPart:
    """Watch this wave against the newest published one before it.

    Of the answers only two things are used, how groups overlap and how scales
    correlate: they set the threshold, and no number of theirs is stored.
    """
    waves = [one for one in earlier if one.wave < basis.wave]
    if not waves:
        return _nothing(basis.wave, None, say("alarm_first"))
    before = max(waves, key=lambda one: one.wave)
    codes = [
        code
        for code in segments.scales
        if sameness(before.measured.get(code), basis.measured.get(code))
        in ("same", "reworded")
    ]
    shown = [one for one in segments.segments if one.scores]
    if not codes or not shown:
        return _nothing(basis.wave, before.wave, say("alarm_nothing"))
    try:
        found = drop_alarm(
            _moments(before, shown, codes),
            _moments(basis, shown, codes),
            overlap=_overlap(now.segments, [one.key for one in shown]),
            correlations=_correlations(now, codes),
            rate=thresholds.ALARM_RATE,
            draws=thresholds.ALARM_DRAWS,
            rng=generator(now.plan, f"alarm {basis.wave}"),
        )
    except PsychometricsError:
        return _nothing(basis.wave, before.wave, say("alarm_nothing"))
    watched = ~np.isnan(found.p)
    return AlarmsPart(
        wave=basis.wave,
        before=before.wave,
        rate=found.rate,
        watched=found.watched,
        segments=int(watched.any(axis=1).sum()),
        scales=int(watched.any(axis=0).sum()),
        fired=tuple(_fired(found, before, basis, segments, shown, codes)),
        reason=None,
        draws=found.draws,
    )


def _nothing(wave: int, before: int | None, reason: Sentence) -> AlarmsPart:
    return AlarmsPart(
        wave=wave,
        before=before,
        rate=thresholds.ALARM_RATE,
        watched=0,
        segments=0,
        scales=0,
        fired=(),
        reason=reason,
        draws=0,
    )


def _moments(
    wave: BasisPart, shown: Sequence[Segment], codes: Sequence[str]
) -> CellMoments:
    """(C, S) of one wave; NaN where nothing was published or all answered alike."""
    n, mean, variance = (np.full((len(shown), len(codes)), np.nan) for _ in range(3))
    for row, segment in enumerate(shown):
        for column, code in enumerate(codes):
            found = wave.moments.get(segment.key, {}).get(code)
            if found is None or found.variance <= 0:
                continue
            if code not in segment.scores or segment.scores[code].mean is None:
                continue
            n[row, column] = found.n
            mean[row, column] = found.mean
            variance[row, column] = found.variance
    return CellMoments(n, mean, variance)


def _overlap(members: Sequence[Members], keys: Sequence[str]) -> Matrix:
    """(C, C) share of people that two groups have in common, as a correlation."""
    rows = {one.key: one.rows for one in members}
    inside = np.stack([rows[key] for key in keys]).astype(np.float64)
    shared = inside @ inside.T
    size = np.sqrt(np.maximum(np.diag(shared), 1))
    found: Matrix = shared / np.outer(size, size)
    np.fill_diagonal(found, 1.0)
    return found


def _correlations(now: WaveAnswers, codes: Sequence[str]) -> Matrix:
    """(S, S) correlations of scales among people of the same smallest unit."""
    scales = {scale.code: scale for scale in now.plan.constructs}
    scores = np.column_stack(
        [scale_scores(now.data, scales[code].item_codes) for code in codes]
    )
    apart = scores - _centres(scores, now.segments)
    there = ~np.isnan(apart)
    filled = np.where(there, apart, 0.0)
    squares = np.square(filled).T @ there
    found: Matrix = filled.T @ filled / np.sqrt(np.maximum(squares * squares.T, 1e-300))
    np.fill_diagonal(found, 1.0)
    return found


def _centres(scores: Matrix, members: Sequence[Members]) -> Matrix:
    """(n, S) mean of the deepest unit that each person is in, everyone elsewhere."""
    kinds = [one for one in members if one.kind in ("everyone", "unit")]
    found: Matrix = np.zeros_like(scores)
    for one in sorted(kinds, key=lambda member: member.depth):
        part = scores[one.rows]
        count = np.maximum((~np.isnan(part)).sum(axis=0), 1)
        found[one.rows] = np.nansum(part, axis=0) / count
    return found


def _fired(
    found: DropAlarm,
    before: BasisPart,
    basis: BasisPart,
    segments: SegmentsPart,
    shown: Sequence[Segment],
    codes: Sequence[str],
) -> Iterator[Alarm]:
    for row, column in np.argwhere(found.fired):
        segment, code = shown[row], codes[column]
        one, two = (
            SampleMoments(moments.n, moments.mean, moments.variance)
            for moments in (wave.moments[segment.key][code] for wave in (before, basis))
        )
        change = mean_change(one, two)
        yield Alarm(
            segment=segment.key,
            name=segment.name,
            scale=code,
            scale_name=segments.scales[code],
            points=shift(change.difference),
            standardized=shift(change.standardized),
            chance=float(found.adjusted_p[row, column]),
        )
