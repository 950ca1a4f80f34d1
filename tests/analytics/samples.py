"""Small studies with known structure, made from a seed."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.answers import Answers
from analytics.datafile import read_answers
from analytics.invariance import Groups
from analytics.plan import AnalysisPlan, PlanInstrument, PlanItem, PlanScale, Text
from analytics.psychometrics import Item, ResponseMatrix
from analytics.report import Report, build_report
from analytics.specification import read_specification

CARE = Text("Care", "关怀")
SKILL = Text("Skill", "能力")
LOYALTY = Text("Loyalty", "忠诚")


def scale(
    code: str, name: Text, n_items: int = 4, *, low: int = 1, high: int = 7, **more: Any
) -> PlanScale:
    items = tuple(
        PlanItem(f"{code}{k}", Text(f"Item {k}", f"题目 {k}"), low, high)
        for k in range(1, n_items + 1)
    )
    return PlanScale(code, name, items, **more)


def plan(**settings: Any) -> AnalysisPlan:
    """Two trust scales of four items, one outcome of three, seven points."""
    described: dict[str, Any] = {
        "title": Text("A small study", "小型研究"),
        "scales": (scale("CARE", CARE), scale("SKILL", SKILL)),
        "outcomes": (scale("LOY", LOYALTY, 3, group="outcome"),),
        "instruments": (PlanInstrument("TBE", Text("Elements", "要素"), "E0"),),
        "seed": 3,
        "n_draws": 50,
        "n_resamples": 100,
    }
    return AnalysisPlan(**{**described, **settings})


def answers(
    asked: AnalysisPlan, n: int = 300, *, seed: int = 5, shared: float = 0.4
) -> NDArray[np.int64]:
    """(n, p) answers: a factor per scale, one common factor, unit noise."""
    rng = np.random.default_rng(seed)
    common = rng.standard_normal(n)
    columns = []
    for one in asked.constructs:
        own = shared * common + (1 - shared) * rng.standard_normal(n)
        for item in one.items:
            middle = (item.low + item.high) / 2
            spread = (item.high - item.low) / 5
            points = middle + spread * (1.3 * own + 0.8 * rng.standard_normal(n))
            columns.append(np.clip(np.rint(points), item.low, item.high))
    return np.array(columns, dtype=np.int64).T


def matrix(raw: NDArray[np.int64], asked: AnalysisPlan) -> ResponseMatrix:
    items = [Item(i.code, i.low, i.high, i.reverse) for i in asked.items()]
    return ResponseMatrix.from_raw(raw, items)


def report(
    asked: AnalysisPlan | None = None, raw: NDArray[np.int64] | None = None
) -> Report:
    asked = asked or plan()
    raw = answers(asked) if raw is None else raw
    return build_report(matrix(raw, asked), asked)


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def of_a_file(data: Path, spec: str, folder: Path) -> tuple[Answers, Groups]:
    """The answers of a real file, and its groups."""
    asked = read_specification(write(folder / "spec.yaml", spec))
    found = read_answers(data, asked)
    return Answers.of(found.responses, asked), found.groups
