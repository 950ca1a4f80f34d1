"""Waves with planted carelessness, gaps and units that answer unevenly."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analytics import plain
from analytics.disclosure.telling import band, rate_of
from analytics.plan import AnalysisPlan, PlanItem, PlanScale, Text
from analytics.psychometrics import ResponseMatrix, mean_interval, scale_scores
from analytics.quality import quality_of
from analytics.quality_results import QualityPart
from analytics.release_parts import (
    EVERYONE,
    Gate,
    Members,
    Segment,
    SegmentScore,
    SegmentsPart,
    WaveAnswers,
)
from analytics.report import build_report
from analytics.results import Report
from analytics.sentences import say
from tests.analytics import samples

UNITS: Final = ("north", "south", "west")
INVITED: Final = (60, 120, 90)


def plan_with_reversed() -> AnalysisPlan:
    """The small study, in which the last item of each trust scale is reversed."""
    found = samples.plan()
    return replace(found, scales=tuple(_turned(one) for one in found.scales))


def _turned(scale: PlanScale) -> PlanScale:
    *others, last = scale.items
    turned = PlanItem(last.code, last.text, last.low, last.high, reverse=True)
    return replace(scale, items=(*others, turned))


def raw_answers(
    plan: AnalysisPlan, n: int, *, straight: int = 0, holes: float = 0.0, seed: int = 5
) -> NDArray[np.int64]:
    """(n, p) as shown; the first `straight` people press 6 throughout."""
    raw = samples.answers(plan, n, seed=seed)
    for column, item in enumerate(plan.items()):
        if item.reverse:
            raw[:, column] = item.low + item.high - raw[:, column]
    raw[:straight] = 6
    rng = np.random.default_rng(seed)
    raw[rng.random(raw.shape) < holes] = -1
    return raw


def wave(
    plan: AnalysisPlan | None = None,
    raw: NDArray[np.int64] | None = None,
    *,
    n: int = 200,
    units: Sequence[int] = (0, 1, 2),
    invited: Sequence[int] = INVITED,
    expected: Mapping[str, int] | None = None,
    asked: NDArray[np.int16] | None = None,
    durations: NDArray[np.int8] | None = None,
) -> WaveAnswers:
    """A wave of three units; person i belongs to `units[i % len(units)]`."""
    plan = plan or samples.plan()
    raw = raw_answers(plan, n) if raw is None else raw
    n = len(raw)
    place = np.array([units[i % len(units)] for i in range(n)])
    everyone = Members(
        EVERYONE,
        "everyone",
        Text("Everyone", "全体"),
        None,
        0,
        None,
        sum(invited),
        np.ones(n, dtype=bool),
    )
    groups = tuple(
        Members(
            f"unit:{name}",
            "unit",
            Text(name.title(), {"north": "北", "south": "南", "west": "西"}[name]),
            EVERYONE,
            1,
            None,
            invited[k],
            place == k,
        )
        for k, name in enumerate(UNITS)
    )
    return WaveAnswers(
        wave=1,
        date="2026-06-30",
        data=samples.matrix(raw, plan),
        plan=plan,
        languages=np.zeros(n, dtype=np.int8),
        asked_codes=tuple(expected or ()),
        asked=np.zeros((n, 0), dtype=np.int16) if asked is None else asked,
        expected=expected or {},
        durations=durations,
        pseudonyms=None,
        segments=(everyone, *groups),
    )


def segments(now: WaveAnswers, *, hidden: Sequence[str] = ()) -> SegmentsPart:
    """What is told of the segments; `hidden` units show nothing."""
    constructs = now.plan.constructs
    return SegmentsPart(
        segments=tuple(
            _segment(one, now, hidden=one.key.removeprefix("unit:") in hidden)
            for one in now.segments
        ),
        scales={one.code: one.name for one in constructs},
        ranges={one.code: (1, 7) for one in constructs},
        outcomes=tuple(one.code for one in now.plan.outcomes),
        spread={},
        gates={"unit": Gate("not testable", say("invariance_few", needs=200, has=0))},
        least=5,
    )


def _segment(one: Members, now: WaveAnswers, *, hidden: bool) -> Segment:
    n = int(one.rows.sum())
    scores: dict[str, SegmentScore] = {}
    if not hidden:
        for scale in now.plan.constructs:
            found = scale_scores(now.data, scale.item_codes)[one.rows]
            mean = mean_interval(found)
            scores[scale.code] = SegmentScore(
                mean.estimate, mean.low, mean.high, None, None, band(n), None, None
            )
    return Segment(
        key=one.key,
        kind=one.kind,
        name=one.name,
        parent=one.parent,
        depth=one.depth,
        cell=None,
        invited=one.invited,
        answered=None if hidden else band(n),
        rate=None if hidden else rate_of(n, one.invited),
        reason=say("missing_few", needs=5) if hidden else None,
        scores=scores,
    )


def report_of(now: WaveAnswers) -> Report:
    return build_report(now.data, now.plan)


def quality(
    now: WaveAnswers, told: SegmentsPart | None = None, found: Report | None = None
) -> QualityPart:
    return quality_of(now, found or report_of(now), told or segments(now))


def without(data: ResponseMatrix, rows: NDArray[np.bool_]) -> ResponseMatrix:
    return ResponseMatrix(data.codes[~rows], data.items)


def careless_wave() -> WaveAnswers:
    """Three units that answer unevenly; 20 of 216 press 6 throughout; gaps."""
    plan = plan_with_reversed()
    raw = raw_answers(plan, 216, straight=20, holes=0.03)
    return wave(plan, raw, units=(0, 0, 1, 1, 1, 2), invited=(80, 180, 60))


def part_texts() -> dict[str, str]:
    """The stored parts of a release of that wave."""
    now = careless_wave()
    told, report = segments(now), report_of(now)
    found = {"segments": told, "quality": quality(now, told, report)}
    texts = {
        name: json.dumps(plain.to_plain(part), allow_nan=False)
        for name, part in found.items()
    }
    return {**texts, "report": json.dumps(report.to_json())}
