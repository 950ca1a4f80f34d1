"""A customer survey with outcomes and a control, made from a seed."""

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.plan import AnalysisPlan, Text
from analytics.psychometrics import Item, ResponseMatrix
from analytics.release_parts import EVERYONE, Count, Segment, SegmentsPart, WaveAnswers
from analytics.report import build_report
from analytics.results import Report
from analytics.sentences import Sentence
from tests.analytics.samples import plan, scale

TRUST = (
    ("BT.COM", Text("Competence", "能力")),
    ("BT.CARE", Text("Care for customers", "对顾客的关怀")),
    ("BT.CON", Text("Consistency", "言行一致")),
    ("BT.OPEN", Text("Openness", "开放沟通")),
)
SATISFACTION = Text("Satisfaction", "满意度")
REPURCHASE = Text("Repurchase intention", "再次购买意愿")
RECOMMEND = Text("Likelihood to recommend", "推荐意愿")
PROPENSITY = Text("Propensity to trust", "信任倾向")


def customers(**settings: Any) -> AnalysisPlan:
    """Four trust scales, satisfaction, repurchase, recommendation, propensity."""
    described: dict[str, Any] = {
        "title": Text("Customers", "顾客"),
        "scales": tuple(scale(code, name) for code, name in TRUST),
        "outcomes": (
            scale("OUT-C.SAT", SATISFACTION, 3, group="outcome"),
            scale("OUT-C.REP", REPURCHASE, 3, group="outcome"),
            scale("OUT-C.REC", RECOMMEND, 1, low=0, high=10, group="outcome"),
        ),
        "controls": (scale("CTL.PRO", PROPENSITY, 4, group="control"),),
    }
    return plan(**{**described, **settings})


# how far each scale goes with the common factor, with satisfaction's own, alone
LOADINGS = {
    "BT.COM": (0.6, 0.1),
    "BT.CARE": (0.55, 0.2),
    "BT.CON": (0.55, 0.6),
    "BT.OPEN": (0.5, 0.0),
    "OUT-C.SAT": (0.55, 0.55),
    "OUT-C.REP": (0.5, 0.6),
    "OUT-C.REC": (0.5, 0.5),
    "CTL.PRO": (0.25, 0.0),
}
MEANS = {"BT.COM": 0.6, "BT.CON": -0.7, "BT.OPEN": 0.3}


def raw_answers(asked: AnalysisPlan, n: int, seed: int) -> NDArray[np.int64]:
    rng = np.random.default_rng(seed)
    common, liked = rng.standard_normal((2, n))
    columns = []
    for one in (*asked.constructs, *asked.controls):
        a, b = LOADINGS[one.code]
        left = np.sqrt(1 - a**2 - b**2)
        factor = MEANS.get(one.code, 0) + a * common + b * liked
        factor = factor + left * rng.standard_normal(n)
        for item in one.items:
            middle, spread = (item.low + item.high) / 2, (item.high - item.low) / 5
            points = middle + spread * (factor + 0.6 * rng.standard_normal(n))
            columns.append(np.clip(np.rint(points), item.low, item.high))
    return np.array(columns, dtype=np.int64).T


def wave(asked: AnalysisPlan, raw: NDArray[np.int64]) -> WaveAnswers:
    """Return a wave of these raw answers: trust, outcomes, controls."""
    described = [
        item for one in (*asked.constructs, *asked.controls) for item in one.items
    ]
    items = [Item(i.code, i.low, i.high, i.reverse) for i in described]
    return WaveAnswers(
        wave=1,
        date="2026-11-01",
        data=ResponseMatrix.from_raw(raw, items),
        plan=asked,
        languages=np.zeros(len(raw), dtype=np.int8),
        asked_codes=(),
        asked=np.zeros((len(raw), 0), dtype=np.int16),
        expected={},
        durations=None,
        pseudonyms=None,
        segments=(),
    )


def sample(
    n: int = 300, *, seed: int = 7, **settings: Any
) -> tuple[WaveAnswers, Report]:
    asked = customers(**settings)
    now = wave(asked, raw_answers(asked, n, seed))
    return now, build_report(now.data, asked)


@cache
def known() -> tuple[WaveAnswers, Report]:
    """One sample that many tests look at; nobody changes it."""
    return sample()


def everyone(
    low: int = 300, high: int | None = None, reason: Sentence | None = None
) -> SegmentsPart:
    """Return the segments of a wave that has no groups."""
    one = Segment(
        key=EVERYONE,
        kind="everyone",
        name=Text("Everyone", "全体"),
        parent=None,
        depth=0,
        cell=None,
        invited=None,
        answered=Count(low, low if high is None else high),
        rate=None,
        reason=reason,
        scores={},
    )
    return SegmentsPart((one,), {}, {}, (), {}, {}, 5)


def without_outcomes(found: Report) -> Report:
    return replace(found, outcomes={}, loyalty={}, weights={})
