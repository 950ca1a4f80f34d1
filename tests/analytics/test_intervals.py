from dataclasses import replace

import numpy as np
import pytest

from analytics import readings
from analytics.plan import Text
from analytics.results import Interval, Report
from analytics.tables import Tables
from tests.analytics.samples import CARE, answers, plan, report, scale


@pytest.fixture(scope="module")
def sample() -> Report:
    return report()


def test_every_ratio_lies_in_its_interval(sample: Report) -> None:
    assert list(sample.htmt_intervals) == list(sample.htmt)
    for key, ratio in sample.htmt.items():
        ends = sample.htmt_intervals[key]
        assert ratio is not None
        assert ends.low is not None
        assert ends.high is not None
        assert ends.low < ratio < ends.high
        assert ends.reason is None


def test_every_corrected_correlation_lies_in_its_interval(sample: Report) -> None:
    for relation in sample.loyalty["LOY"].values():
        low, high = relation.disattenuated_low, relation.disattenuated_high
        assert relation.disattenuated is not None
        assert low is not None
        assert high is not None
        assert low < relation.disattenuated < high


def test_the_keys_of_the_result(sample: Report) -> None:
    stored = sample.to_json()
    assert set(stored["htmt_intervals"]["CARE~~SKILL"]) == {"low", "high", "reason"}
    relation = stored["loyalty"]["LOY"]["CARE"]
    assert relation["disattenuated_low"] < relation["disattenuated_high"]
    assert isinstance(stored["htmt"]["CARE~~SKILL"], float)


def test_a_report_from_before_the_intervals_is_still_read(sample: Report) -> None:
    stored = sample.to_json()
    del stored["htmt_intervals"]
    old = Report.from_json(stored)
    table = Tables(old, "en", 2).separability()
    assert table is not None
    assert {row[2].text for row in table.rows} == {"–"}


def test_tables_show_the_intervals(sample: Report) -> None:
    table = Tables(sample, "en", 2).separability()
    ends = sample.htmt_intervals["CARE~~SKILL"]
    assert table is not None
    assert table.rows[0][2].text == f"{ends.low:.2f} to {ends.high:.2f}"
    relation = sample.loyalty["LOY"]["CARE"]
    low, high = relation.disattenuated_low, relation.disattenuated_high
    shown = {row[0].text: row for row in Tables(sample, "en", 2).loyalty("LOY").rows}
    assert shown["Care"][5].text == f"{low:.2f} to {high:.2f}"


def test_a_scale_that_does_not_vary_takes_no_other_interval_with_it() -> None:
    asked = plan(
        scales=(
            scale("CARE", CARE),
            scale("SKILL", Text("Skill", "能力")),
            scale("OPEN", Text("Openness", "开放")),
        )
    )
    raw = answers(asked)
    raw[:, 0] = 4
    found = report(asked, raw)
    assert set(found.htmt_intervals) == {"SKILL~~OPEN", "SKILL~~LOY", "OPEN~~LOY"}
    assert found.htmt["CARE~~SKILL"] is None


def test_an_item_that_hardly_varies_leaves_a_reason_beside_its_pairs() -> None:
    asked = plan()
    raw = answers(asked)
    raw[:, 0] = 4
    raw[0, 0] = 5  # missed by about a third of the resamples
    found = report(asked, raw)
    assert found.htmt["CARE~~SKILL"] is not None
    reason = found.htmt_intervals["CARE~~SKILL"].reason
    assert reason is not None
    assert reason.code == "few-draws"
    assert found.htmt_intervals["SKILL~~LOY"].low is not None
    table = Tables(found, "zh-hans", 2).separability()
    assert table is not None
    assert any("重抽样" in note for note in table.notes)


def test_gaps_that_make_other_people_take_the_corrected_interval() -> None:
    asked = plan()
    raw = answers(asked)
    rng = np.random.default_rng(2)
    # complete answers from those alone whose scales go together the other way
    loyal = raw[:, 8:].sum(axis=1) > np.median(raw[:, 8:].sum(axis=1))
    caring = raw[:, :4].sum(axis=1) > np.median(raw[:, :4].sum(axis=1))
    raw[(loyal == caring) & (rng.random(len(raw)) < 0.98), 0] = -1
    relation = report(asked, raw).loyalty["LOY"]["CARE"]
    assert relation.disattenuated is not None
    assert relation.disattenuated_low is None
    assert relation.reasons["disattenuated_low"].code == "corrected_interval_elsewhere"


@pytest.mark.parametrize(("high", "named"), [(0.99, False), (1.01, True)])
def test_an_interval_that_reaches_one_is_said(
    sample: Report, high: float, named: bool
) -> None:
    wide = replace(
        sample,
        htmt={"CARE~~SKILL": 0.84},
        htmt_intervals={"CARE~~SKILL": Interval(0.5, high, None)},
    )
    codes = [one.code for one in readings.separability_sentences(wide)]
    assert ("htmt_reaches_one" in codes) is named
