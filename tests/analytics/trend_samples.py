"""Waves of a small organization as their releases keep them, for tests of the trend."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np

from analytics.plan import AnalysisPlan, PlanItem, PlanScale, Text
from analytics.psychometrics import Item, Matrix, ResponseMatrix
from analytics.psychometrics.distributions import t_quantile
from analytics.release_parts import (
    EVERYONE,
    BasisPart,
    Count,
    Measured,
    Members,
    Moments,
    Segment,
    SegmentScore,
    SegmentsPart,
    WaveAnswers,
)
from analytics.trend import TrendEvent

CARE, SKILL = "CARE", "SKILL"
SCALES: Final = {CARE: Text("Care", "关怀"), SKILL: Text("Skill", "能力")}
DATES: Final = ("2026-01-30", "2026-03-30", "2026-05-30", "2026-07-30", "2026-09-30")
TEAM: Final = "unit:sales"
NAMES: Final = {EVERYONE: Text("Everyone", "全体"), TEAM: Text("Sales", "销售部")}
# n, mean, variance
Triple = tuple[int, float, float]
Told = Mapping[str, Mapping[str, Triple]]
SAME: Final = Measured("items", "words")


def wave(
    number: int,
    told: Told,
    *,
    opened: str = "",
    measured: Mapping[str, Measured] | None = None,
) -> BasisPart:
    moments = {
        key: {code: Moments(*one) for code, one in scales.items()}
        for key, scales in told.items()
    }
    asked = dict.fromkeys(SCALES, SAME) if measured is None else measured
    return BasisPart(number, DATES[number - 1], moments, asked, opened)


def score_of(one: Triple) -> SegmentScore:
    n, mean, variance = one
    half = t_quantile(0.975, n - 1) * (variance / n) ** 0.5
    return SegmentScore(
        mean, mean - half, mean + half, None, None, Count(n, n), 0.8, None
    )


def segments(told: Told, **changes: Mapping[str, Any]) -> SegmentsPart:
    """Show what is told; `changes` of segments by the last part of their key."""
    found = []
    for key, scales in told.items():
        everyone = key == EVERYONE
        n = max((one[0] for one in scales.values()), default=0)
        one = Segment(
            key=key,
            kind="everyone" if everyone else "unit",
            name=NAMES.get(key, Text.same(key)),
            parent=None if everyone else EVERYONE,
            depth=0 if everyone else 1,
            cell=None,
            invited=n + 2,
            answered=Count(n, n),
            rate=0.9,
            reason=None,
            scores={code: score_of(one) for code, one in scales.items()},
        )
        found.append(replace(one, **changes.get(key.rpartition(":")[2], {})))
    return SegmentsPart(
        segments=tuple(found),
        scales=SCALES,
        ranges=dict.fromkeys(SCALES, (1, 7)),
        outcomes=(),
        spread={},
        gates={},
        least=5,
    )


def told(
    care: Triple, skill: Triple = (60, 5.0, 1.0), *, team: Triple | None = None
) -> Told:
    """Everyone's two scales and, where given, the team's care."""
    found = {EVERYONE: {CARE: care, SKILL: skill}}
    return found if team is None else {**found, TEAM: {CARE: team}}


def event(date: str, kind: str = "other", title: str = "Move") -> TrendEvent:
    return TrendEvent(date, kind, Text(title, f"{title}事件"))


def plan_of_two() -> AnalysisPlan:
    def scale(code: str) -> PlanScale:
        items = tuple(
            PlanItem(f"{code}{k}", Text.same(f"{code} {k}"), 1, 7) for k in (1, 2, 3)
        )
        return PlanScale(code, SCALES[code], items)

    return AnalysisPlan(Text("Trust", "信任"), (scale(CARE), scale(SKILL)))


def answers(
    number: int,
    latent: Matrix,
    teams: Sequence[int],
    *,
    seed: int = 1,
    pseudonyms: tuple[bytes | None, ...] | None = None,
) -> WaveAnswers:
    """Seven-point answers around (n, 2) levels; people of a team stand together."""
    rng = np.random.default_rng(seed)
    plan = plan_of_two()
    spread = np.repeat(latent, 3, axis=1) + 0.7 * rng.standard_normal((len(latent), 6))
    points = np.clip(np.rint(spread), 1, 7).astype(np.int8) - 1
    items = tuple(Item(one.code, 1, 7) for one in plan.items())
    n = len(latent)
    ends = np.cumsum(teams)
    members = [
        Members(
            EVERYONE, "everyone", NAMES[EVERYONE], None, 0, None, n, np.ones(n, bool)
        )
    ]
    for k, (start, end) in enumerate(zip(ends - teams, ends, strict=True)):
        rows = np.zeros(n, bool)
        rows[start:end] = True
        name = Text.same(f"Team {k + 1}")
        members.append(
            Members(f"unit:{k + 1}", "unit", name, EVERYONE, 1, None, end - start, rows)
        )
    return WaveAnswers(
        wave=number,
        date=DATES[number - 1],
        data=ResponseMatrix(points, items),
        plan=plan,
        languages=np.zeros(n, np.int8),
        asked_codes=(),
        asked=np.zeros((n, 0), np.int16),
        expected={},
        durations=None,
        pseudonyms=pseudonyms,
        segments=tuple(members),
    )
