"""Whatever a wave looks like, the part is built, stored, and tells no small number."""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics import plain
from analytics.quality import QualityPart, quality_of
from analytics.quality_readings import verdicts
from analytics.quality_tables import QualityTables
from analytics.release_parts import Count
from analytics.results import Report
from tests.analytics.quality_samples import (
    UNITS,
    plan_with_reversed,
    raw_answers,
    report_of,
    segments,
    wave,
)

EXACT_FROM, LEAST = 20, 5


@cache
def report() -> Report:
    plan = plan_with_reversed()
    return report_of(wave(plan, raw_answers(plan, 60)))


def counts(value: Any) -> Iterator[Count]:
    """Every number of people inside a part."""
    if isinstance(value, dict):
        if set(value) == {"low", "high"}:
            yield Count(**value)
        for one in value.values():
            yield from counts(one)
    elif isinstance(value, list):
        for one in value:
            yield from counts(one)


@st.composite
def waves(draw: st.DrawFn) -> tuple[Any, Any]:
    plan = plan_with_reversed()
    n = draw(st.integers(2, 90))
    raw = raw_answers(
        plan,
        n,
        straight=draw(st.integers(0, n)),
        holes=draw(st.sampled_from([0.0, 0.05, 0.5, 1.0])),
        seed=draw(st.integers(0, 99)),
    )
    for column in draw(st.sets(st.integers(0, 10), max_size=4)):
        raw[:, column] = draw(st.sampled_from([-3, 4]))
    durations = draw(st.sampled_from([None, 0, 3]))
    now = wave(
        plan,
        raw,
        units=draw(st.sampled_from([(0,), (0, 1), (0, 0, 0, 0, 0, 1, 2)])),
        invited=draw(st.sampled_from([(100, 100, 100), (8, 90, 60), (30, 0, 300)])),
        durations=None if durations is None else np.full(n, durations, dtype=np.int8),
    )
    full = wave(plan, raw_answers(plan, 60))
    hidden = draw(st.sets(st.sampled_from(UNITS)))
    return now, segments(full, hidden=tuple(hidden))


@settings(deadline=None)  # the first example reports on a study
@given(waves())
def test_every_wave_has_its_part(made: tuple[Any, Any]) -> None:
    now, told = made
    part = quality_of(now, report(), told)
    stored = plain.to_plain(part)
    # NaN or infinity would raise
    assert plain.from_plain(QualityPart, json.loads(json.dumps(stored))) == part
    if part.people is not None:
        people_told = {**stored, "nonresponse": None}
        people_told["careless"] = {**stored["careless"], "share": None}
        for one in counts(people_told):
            assert one.high - one.low >= LEAST - 1 or one.low >= EXACT_FROM
    found = verdicts(part, report(), told)
    for language in ("en", "zh-hans"):
        for answers in found.values():
            for answer in answers:
                for sentence in answer.reading.sentences:
                    assert "{" not in sentence.text(language)
        tables = QualityTables(report(), language, 2, part)
        for table in (tables.signs(), tables.both_ways(), tables.relations(),
                      tables.missing_scales(), tables.missing_items(),
                      tables.rates(), tables.weighted()):  # fmt: skip
            assert table is None or "nan" not in str(table.rows)
        tables.rates_chart()
        tables.both_ways_charts()
