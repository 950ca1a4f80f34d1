import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analytics.answers import Answers
from analytics.datafile import read_answers
from analytics.factor_results import Invariance
from analytics.factor_tables import FactorTables, invariance_reading
from analytics.invariance import GroupColumn, invariance_of
from analytics.page import context
from analytics.plain import from_plain, to_plain
from analytics.plan import AnalysisPlan
from analytics.report import build_report
from analytics.results import Report
from analytics.sentences import joined, say
from analytics.specification import read_specification
from analytics.terminal import report_as_text
from tests.analytics.samples import answers, matrix, of_a_file, plan, write

HELPING = """
points: [1, 7]
estimator: ML
where: {country: [NZ, TAIW]}
groups: [{column: country}]
scales:
  HELP: {items: [help1m, help2m, help3m, help4m, help5m, help6m, help7m]}
  VOICE: {items: [voice1m, voice2m, voice3m, voice4m, voice5m]}
"""


def test_helping_and_voice_measure_alike_in_two_countries(
    shared_data: Path, tmp_path: Path
) -> None:
    path = shared_data / "fischer_help_voice_8countries.csv"
    held, groups = of_a_file(path, HELPING, tmp_path)
    found = invariance_of(held, groups)["country"]
    assert set(found.n) == {"NZ", "TAIW"}
    levels = (found.configural, found.metric, found.scalar)
    for level, expected in zip(levels, (0.958, 0.957, 0.952), strict=True):
        assert level is not None
        assert level.cfi == pytest.approx(expected, abs=5e-4)
    assert (found.verdict, found.drifting) == ("scalar", ())


def two_groups(
    n: int = 300, *, shift: float = 0.0, items: tuple[int, ...] = ()
) -> tuple[AnalysisPlan, Any, list[str]]:
    """One group twice as large; `items` lie `shift` points higher in the second."""
    asked = plan(outcomes=())
    raw = answers(asked, 2 * n, seed=21)
    raw[n:, items] = np.clip(raw[n:, items] + shift, 1, 7)
    return asked, raw, ["a"] * n + ["b"] * n


def judged(asked: AnalysisPlan, raw: Any, names: list[str]) -> Invariance:
    known = tuple(dict.fromkeys(names))
    numbers = np.array([known.index(name) for name in names], dtype=np.int32)
    held = Answers.of(matrix(raw, asked), asked)
    return invariance_of(held, {"site": GroupColumn(known, numbers)})["site"]


def test_groups_of_one_kind_measure_alike() -> None:
    found = judged(*two_groups())
    assert (found.verdict, found.drifting, found.n) == (
        "scalar",
        (),
        {"a": 300, "b": 300},
    )


def test_items_that_drift_are_named_and_means_compared_without_them() -> None:
    found = judged(*two_groups(shift=2, items=(1,)))
    assert found.verdict == "partial_scalar"
    assert found.drifting == ("CARE2",)
    assert "once CARE2 may differ" in found.reason.text("en")
    assert "CARE2" in found.reason.text("zh-hans")


def test_a_factor_without_two_equal_items_compares_no_means() -> None:
    asked, raw, names = two_groups()
    raw[300:, 0] = np.clip(raw[300:, 0] + 3, 1, 7)
    raw[300:, 1] = np.clip(raw[300:, 1] + 2, 1, 7)
    raw[300:, 2] = np.clip(raw[300:, 2] - 2, 1, 7)
    found = judged(asked, raw, names)
    assert found.verdict in ("metric", "configural")
    assert found.drifting


def test_other_factors_in_another_group_fit_nowhere() -> None:
    asked, raw, names = two_groups()
    raw[:, :] = raw[:, [0, 4, 1, 5, 2, 6, 3, 7]]
    assert judged(asked, raw, names).verdict == "none"


def test_small_groups_are_not_tested_and_not_named() -> None:
    asked, raw, names = two_groups(150)
    found = judged(asked, raw, names)
    assert (found.verdict, found.configural, found.n) == ("not_testable", None, {})
    assert "200 people" in found.reason.text("en")
    asked, raw, names = two_groups(250)
    names[:30] = ["c"] * 30
    found = judged(asked, raw, names)
    assert set(found.n) == {"a", "b"}
    assert found.notices[0].code == "invariance_left"


def test_large_designs_name_what_drifts_without_a_search(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("analytics.invariance.MOST_SEARCHED", 15)
    found = judged(*two_groups(shift=2, items=(1,)))
    assert found.verdict == "metric"
    assert found.drifting[0] == "CARE2"
    assert found.notices[-1].code == "invariance_no_search"
    reading = invariance_reading(found)
    assert "Items that drift: CARE2" in joined(reading.sentences, "en")


def test_every_row_needs_its_group() -> None:
    asked, raw, names = two_groups(200)
    with pytest.raises(ValueError, match="400 rows need as many groups, not 399"):
        judged(asked, raw, names[1:])


def test_the_report_shows_what_may_be_compared(tmp_path: Path) -> None:
    asked, raw, names = two_groups(shift=2, items=(1,))
    rows = [",".join((*asked.item_codes, "site"))]
    rows += [
        ",".join([*map(str, row), name]) for row, name in zip(raw, names, strict=True)
    ]
    data = write(tmp_path / "d.csv", "\n".join(rows) + "\n,,,,,,,,\n")
    spec = """
estimator: ML
groups: [{column: site}]
scales:
  CARE: {items: [CARE1, CARE2, CARE3, CARE4]}
  SKILL: {items: [SKILL1, SKILL2, SKILL3, SKILL4]}
"""
    asked = read_specification(write(tmp_path / "s.yaml", spec))
    file = read_answers(data, asked)
    made = build_report(file.responses, asked, groups=file.groups)
    stored = json.loads(json.dumps(made.to_json(), allow_nan=False))
    found = stored["groups"]["site"]["invariance"]
    assert found["verdict"] == "partial_scalar"
    assert found["drifting"] == ["CARE2"]
    assert {"chi2", "df", "cfi", "rmsea", "srmr", "difference_p"} == set(
        found["scalar"]
    )
    assert Report.from_json(stored) == made
    page = context(made, "zh-hans")["page"]
    assert "CARE2" in page.groups[0].reading.text
    assert "measure alike by site?" in report_as_text(made, "en")
    table = FactorTables(made, "en", 2).invariance("site")
    assert table is not None
    assert len(table.rows) == 3


def test_a_report_of_before_keeps_its_verdict() -> None:
    """It has no p of a worse fit, and its RMSEA may have risen further."""
    asked, raw, names = two_groups()
    found = judged(asked, raw, names)
    assert found.metric is not None
    assert found.scalar is not None
    plain = to_plain(found)
    for level in ("configural", "metric", "scalar"):
        del plain[level]["difference_p"]
    plain["scalar"]["rmsea"] = 0.2
    plain["verdict"] = "metric"
    plain["reason"] = to_plain(say("invariance_metric"))
    kept = from_plain(Invariance, plain)
    assert kept.verdict == "metric"
    assert kept.scalar == replace(found.scalar, rmsea=0.2, difference_p=None)
