"""Make the trend of every group from the basis of its waves. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from analytics import thresholds
from analytics.answers import reason_of
from analytics.measured import sameness
from analytics.psychometrics import (
    PsychometricsError,
    SampleMoments,
    interrupted_series,
    mean_change,
    recovery,
)
from analytics.psychometrics.distributions import t_quantile
from analytics.release_parts import (
    EVERYONE,
    BasisPart,
    Moments,
    Segment,
    SegmentsPart,
)
from analytics.results import Absent
from analytics.sentences import Sentence, say
from analytics.trend import (
    ChildSteps,
    EventStep,
    Recovered,
    ScaleTrend,
    Shift,
    Step,
    TrendEvent,
    TrendPart,
    TrendPoint,
    shift,
)

CRISIS: Final = "crisis"
REPAIR: Final = "repair"


def trend_parts(
    segments: SegmentsPart,
    basis: BasisPart,
    earlier: Sequence[BasisPart],
    events: Sequence[TrendEvent] = (),
) -> dict[str, TrendPart]:
    """Return part name -> trend for everyone and every group with a published score.

    Parameters
    ----------
    basis : BasisPart
        Of this wave.
    earlier : sequence of BasisPart
        Of the newest published release of each earlier wave of the survey.
    events : sequence of TrendEvent
        Of the survey and of the whole organization.
    """
    series = _Series.of(segments, basis, earlier, events)
    shown = [one for one in segments.segments if one.scores]
    return {
        "trend" if one.key == EVERYONE else f"trend/{one.key}": series.part(one)
        for one in shown
    }


@dataclass(frozen=True, slots=True)
class _Series:
    """The waves of a survey, oldest first, this one last; events by date."""

    segments: SegmentsPart
    waves: tuple[BasisPart, ...]
    events: tuple[TrendEvent, ...]

    @classmethod
    def of(
        cls,
        segments: SegmentsPart,
        basis: BasisPart,
        earlier: Sequence[BasisPart],
        events: Sequence[TrendEvent],
    ) -> "_Series":
        before = sorted((one for one in earlier if one.wave < basis.wave), key=_number)
        waves = (*before, basis)
        first, last = waves[0].opened or waves[0].date, basis.date
        within = [one for one in events if first <= one.date <= last]
        return cls(
            segments,
            waves,
            tuple(sorted(within, key=lambda one: (one.date, one.title.en))),
        )

    @property
    def now(self) -> BasisPart:
        return self.waves[-1]

    def part(self, segment: Segment) -> TrendPart:
        below = [
            one
            for one in self.segments.segments
            if one.parent == segment.key and one.kind == "unit" and one.scores
        ]
        return TrendPart(
            segment=segment.key,
            name=segment.name,
            waves=tuple(one.wave for one in self.waves),
            scales={code: self._scale(segment, code) for code in self._codes(segment)},
            events=self.events,
            mixing=_mixing(segment) if len(self.waves) > 1 else None,
            children=tuple(
                ChildSteps(
                    one.key,
                    one.name,
                    {code: self._step(one.key, code) for code in self._codes(one)},
                )
                for one in below
            ),
        )

    def _codes(self, segment: Segment) -> tuple[str, ...]:
        return tuple(code for code in self.segments.scales if code in segment.scores)

    def _scale(self, segment: Segment, code: str) -> ScaleTrend:
        return ScaleTrend(
            points=self._points(segment, code),
            step=self._step(segment.key, code),
            events=tuple(
                self._event(segment.key, code, place)
                for place in range(len(self.events))
            ),
            recovery=tuple(self._recovery(segment.key, code)),
        )

    def _points(self, segment: Segment, code: str) -> tuple[TrendPoint, ...]:
        points: list[TrendPoint] = []
        for place, wave in enumerate(self.waves):
            found = self._moments(place, segment.key, code)
            score = segment.scores.get(code) if wave is self.now else None
            reason = None
            mean = low = high = None
            if found is None:
                reason = _why_not(wave, segment.key, code)
                if score is not None and score.reason is not None:
                    reason = score.reason
            elif score is not None and score.mean is not None:
                mean, low, high = score.mean, score.low, score.high
            else:
                mean, low, high = _interval(found)
            joined = bool(points) and self._alike(place - 1, place, code)
            joined = joined and mean is not None and points[-1].mean is not None
            points.append(
                TrendPoint(wave.wave, wave.date, mean, low, high, reason, joined)
            )
        return tuple(points)

    def _alike(self, before: int, now: int, code: str) -> bool:
        kinds = sameness(
            self.waves[before].measured.get(code), self.waves[now].measured.get(code)
        )
        return kinds in ("same", "reworded")

    def _moments(self, place: int, key: str, code: str) -> Moments | None:
        """Return what may be compared: not where everybody answered alike."""
        wave = self.waves[place]
        found = wave.moments.get(key, {}).get(code)
        if found is None or found.n < 2 or found.variance <= 0:
            return None
        score = self.segments.of(key)
        if wave is self.now and (
            score is None or code not in score.scores or score.scores[code].mean is None
        ):
            return None
        return found

    def _comparable(self, key: str, code: str) -> list[tuple[int, SampleMoments]]:
        """Return places and moments of the waves that asked what this one asks."""
        last = len(self.waves) - 1
        return [
            (place, SampleMoments(found.n, found.mean, found.variance))
            for place in range(len(self.waves))
            if (found := self._moments(place, key, code)) is not None
            and self._alike(place, last, code)
        ]

    def _step(self, key: str, code: str) -> Step:
        last = len(self.waves) - 1
        there = self._comparable(key, code)
        earlier = [one for one in there if one[0] != last]
        if last == 0:
            return _no_step(say("trend_first"))
        if not there or there[-1][0] != last:
            return _no_step(say("trend_hidden_now"))
        if not earlier:
            return _no_step(self._nothing_before(key, code))
        place, before = earlier[-1]
        words = sameness(
            self.waves[place].measured.get(code), self.now.measured.get(code)
        )
        since = self.waves[place].wave
        try:
            found = mean_change(before, there[-1][1])
        except PsychometricsError as error:
            return _no_step(reason_of(error))
        return Step(
            since,
            shift(found.difference),
            shift(found.standardized),
            words == "reworded",
        )

    def _nothing_before(self, key: str, code: str) -> Sentence:
        """Say why no earlier wave can be compared: hidden, or asked otherwise."""
        shown = any(
            self._moments(place, key, code) is not None
            for place in range(len(self.waves) - 1)
        )
        return say("trend_changed" if shown else "trend_hidden_before")

    def _event(self, key: str, code: str, event: int) -> EventStep:
        day = self.events[event].date
        there = [
            (place, one)
            for place, one in self._comparable(key, code)
            if not self._spans(place, day)
        ]
        try:
            found = interrupted_series(
                [self._day(place) for place, _ in there],
                [one for _, one in there],
                # a wave that closed on the day was answered before it
                date.fromisoformat(day).toordinal() + 0.5,
            )
        except PsychometricsError as error:
            absent = Absent(_event_reason(error))
            return EventStep(event, absent, None, len(there), scattered=False)
        scattered = found.misfit_p is not None and (
            found.misfit_p < thresholds.SCATTER_P
        )
        return EventStep(event, shift(found.change), found.model, len(there), scattered)

    def _spans(self, place: int, day: str) -> bool:
        """Whether the wave was in the field when it happened, before its last day."""
        wave = self.waves[place]
        return bool(wave.opened) and wave.opened <= day < wave.date

    def _day(self, place: int) -> float:
        # waves that closed on one day keep their order
        return date.fromisoformat(self.waves[place].date).toordinal() + place * 1e-3

    def _recovery(self, key: str, code: str) -> list[Recovered]:
        """Return what came back for every breach that a repair followed."""
        found = []
        for breach, one in enumerate(self.events):
            later = range(breach + 1, len(self.events))
            if one.kind != CRISIS:
                continue
            repair = next((k for k in later if self.events[k].kind == REPAIR), None)
            if repair is not None:
                share = self._regained(key, code, breach, repair)
                found.append(Recovered(breach, repair, share))
        return found

    def _regained(
        self, key: str, code: str, breach: int, repair: int
    ) -> Shift | Absent:
        there = self._comparable(key, code)
        broke, mended = self.events[breach].date, self.events[repair].date
        if not there or there[-1][0] != len(self.waves) - 1:
            return Absent(say("trend_hidden_now"))
        before = [one for place, one in there if self.waves[place].date <= broke]
        between = [
            one
            for place, one in there
            if self._opened(place) > broke and self.waves[place].date <= mended
        ]
        if not before:
            return Absent(say("trend_recovery_no_before"))
        if not between:
            return Absent(say("trend_recovery_no_between"))
        if self._opened(there[-1][0]) <= mended:
            return Absent(say("trend_recovery_too_soon"))
        try:
            return shift(recovery(before[-1], between[-1], there[-1][1]))
        except PsychometricsError as error:
            return Absent(reason_of(error))

    def _opened(self, place: int) -> str:
        return self.waves[place].opened or self.waves[place].date


def _number(wave: BasisPart) -> int:
    return wave.wave


def _interval(found: Moments) -> tuple[float, float, float]:
    half = t_quantile(0.975, found.n - 1) * (found.variance / found.n) ** 0.5
    return found.mean, found.mean - half, found.mean + half


def _why_not(wave: BasisPart, key: str, code: str) -> Sentence:
    if code not in wave.measured:
        return say("trend_not_asked")
    if wave.moments.get(key, {}).get(code) is not None:
        return say("trend_alike")
    return say("trend_hidden")


def _no_step(reason: Sentence) -> Step:
    absent = Absent(reason)
    return Step(None, absent, absent, reworded=False)


def _event_reason(error: PsychometricsError) -> Sentence:
    if error.code == "needs-waves":
        return say("trend_event_one_side")
    return reason_of(error)


def _mixing(segment: Segment) -> Sentence | None:
    """Say that the comparison mixes people: always in small groups, else from a tenth."""
    if not segment.joined and not segment.left:
        return None
    joined, left = segment.joined or 0, segment.left or 0
    people = segment.invited or (segment.answered.high if segment.answered else 0)
    small = people < thresholds.SMALL_N
    if not small and joined + left < thresholds.TURNOVER * people:
        return None
    return say("trend_mixes", joined=joined, left=left)
