"""The demo's studies as data sets with their reports: what a bundle is made of. Pure."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.export.dataset import Column, DataSet, Label, Variable, WaveIn
from analytics.form_plan import plan_of
from analytics.instrument_results import language_groups
from analytics.plan import LANGUAGES, AnalysisPlan, PlanItem, PlanScale, Text
from analytics.psychometrics import Item, ResponseMatrix
from analytics.report import build_report
from surveys import definition
from tests.analytics.samples import answers, plan
from tests.factories import brand_form, two_brands
from trustsurvey.demo import customers
from trustsurvey.demo_pulse import sheets, staff

MISSING = (
    Label(-1, Text("skipped", "跳过")),
    Label(-2, Text("not applicable", "不适用")),
    Label(-3, Text("not shown", "未显示")),
)
SEED = 20260115
Codes = NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Study:
    """Answers as a data set, and the report that was made of them."""

    data: DataSet
    report: str


@cache
def of_customers(n: int = 250, n_draws: int = 50) -> Study:
    """The demo's customers of one brand; all 600 have groups by language."""
    form = brand_form()
    people = list(customers(form, n=n))
    codes = np.array([one.answers for one in people], dtype=np.int16)
    languages = [LANGUAGES.index(one.language) for one in people]
    return _study(form, codes, languages, n_draws=n_draws)


@cache
def of_employees(n_draws: int = 50) -> Study:
    """The first wave of the demo's pulse of employees."""
    newest = {q.code: q for q in definition.load_library()}
    form = definition.compile_form(
        [
            definition.FormPart(newest["EOT"], short=False),
            definition.FormPart(newest["OUT-E"], short=True),
        ],
        title=definition.Text("How we trust each other", "员工信任脉搏"),
        referent=definition.Text("Harbour Tea", "港湾茶"),
        languages=definition.LANGUAGES,
        comment=False,
    )
    filled = sheets(form, staff()[0], 1)
    codes = np.array([one.answers for one in filled], dtype=np.int16)
    languages = [LANGUAGES.index(one.language) for one in filled]
    return _study(form, codes, languages, n_draws=n_draws)


@cache
def of_two_brands(n: int = 200) -> Study:
    """Customers who answer about a brand and its competitor."""
    form = two_brands()
    rng = np.random.default_rng(11)
    codes = np.empty((n, form.item_count), dtype=np.int16)
    levels: dict[str, Any] = {}
    for j, item in enumerate(form.items):
        if item.scale not in levels:
            levels[item.scale] = rng.standard_normal(n)
        about = levels.setdefault("everything", rng.standard_normal(n))
        latent = 0.5 * about + 0.6 * levels[item.scale] + 0.6 * rng.standard_normal(n)
        steps = np.rint((item.high - item.low) * (0.5 + latent / 5))
        shown = np.clip(steps, 0, item.high - item.low)
        codes[:, j] = item.high - shown if item.reverse else item.low + shown
        codes[rng.random(n) < 0.02, j] = definition.SKIPPED
    return _study(form, codes, [0] * n, n_draws=20)


@cache
def of_few_questions() -> Study:
    """Two scales and an outcome, for what must not take long."""
    asked = plan()
    return _reported(asked, answers(asked, 200).astype(np.int16), [0] * 200)


def _study(
    form: definition.Form, codes: Codes, languages: list[int], *, n_draws: int
) -> Study:
    asked = replace(plan_of(form, simulated=True, seed=SEED), n_draws=n_draws)
    asked = replace(asked, n_resamples=200)
    order = [one.code for one in form.items]
    columns = [order.index(item.code) for item in _every_item(asked)]
    return _reported(asked, codes[:, columns], languages)


def _reported(asked: AnalysisPlan, codes: Codes, languages: list[int]) -> Study:
    items = [Item(i.code, i.low, i.high, i.reverse) for i in _every_item(asked)]
    data = ResponseMatrix.from_raw(codes, items)
    spoken = np.array(languages, dtype=np.int8)
    report = build_report(
        data,
        asked,
        input_sha256="0" * 64,
        software={"trustsurvey": "0"},
        groups=language_groups(spoken),
        languages=spoken,
    )
    text = json.dumps(report.to_json(), ensure_ascii=False, allow_nan=False)
    return Study(_data_set(asked, codes, spoken), text)


def _every_scale(asked: AnalysisPlan) -> Iterator[PlanScale]:
    yield from asked.constructs
    for other in asked.others:
        yield from other.scales.values()


def _every_item(asked: AnalysisPlan) -> Iterator[PlanItem]:
    for scale in _every_scale(asked):
        yield from scale.items


def _data_set(
    asked: AnalysisPlan, codes: Codes, languages: NDArray[np.int8]
) -> DataSet:
    n = len(codes)
    wave = WaveIn(1, "2026-01-01", "2026-01-15", n, "1" * 64, ("TBE v1",), {}, ())
    columns: tuple[Column, ...] = (
        np.arange(1, n + 1, dtype=np.int32),
        languages.astype(np.int16) + np.int16(1),
        *codes.T,
    )

    def blocks() -> Iterator[tuple[Column, ...]]:
        for start in range(0, n, 100):
            yield tuple(column[start : start + 100] for column in columns)

    return DataSet(
        title=asked.title,
        survey="11111111-2222-4333-8444-555555555555",
        variables=_variables(asked),
        waves=(wave,),
        rows=n,
        blocks=blocks,
        notes=(),
        facts={"mode": "identified", "seed": str(SEED), "licence": "CC BY 4.0"},
    )


def _variables(asked: AnalysisPlan) -> tuple[Variable, ...]:
    spoken = (Label(1, Text("English", "英文")), Label(2, Text("Chinese", "中文")))
    return (
        Variable("row", Text("Row", "行号"), "whole", "nominal", "record"),
        Variable(
            "language", Text("Language", "语言"), "whole", "nominal", "record", spoken
        ),
        *(
            Variable(
                name=re.sub(r"\W", "_", item.code),
                label=item.text or Text.same(item.code),
                kind="whole",
                measure="ordinal",
                role="raw",
                missing=MISSING,
                low=item.low,
                high=item.high,
                item=item.code,
                scale=scale.code,
                reverse=item.reverse,
            )
            for scale in _every_scale(asked)
            for item in scale.items
        ),
    )
