"""Brand against competitor: the same questions about both, compared within people."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from django.template.loader import render_to_string
from scipy import stats

from analytics import page
from analytics.comparison_tables import sentences
from analytics.form_plan import plan_of
from analytics.plan import AnalysisPlan, PlanReferent, PlanScale, Text
from analytics.psychometrics import Item, ResponseMatrix
from analytics.report import Report, build_report
from analytics.results import Absent, Figure
from tests.analytics.samples import answers, plan
from tests.factories import two_brands

HARBOUR, RIVAL = Text("Harbour Tea", "港湾茶"), Text("Rival Tea", "对手茶")


def renamed(scale: PlanScale) -> PlanScale:
    items = tuple(replace(item, code=f"2{item.code}") for item in scale.items)
    return replace(scale, code=f"2{scale.code}", items=items)


def study(*, n: int = 300, gap: int = 1) -> Report:
    """The second block is about the rival: another sample, CARE `gap` points lower."""
    asked = plan()
    other = PlanReferent(HARBOUR, RIVAL, {s.code: renamed(s) for s in asked.constructs})
    first, second = answers(asked, n, seed=5), answers(asked, n, seed=6)
    second[:, :4] = np.clip(second[:, :4] - gap, 1, 7)
    second[0, :] = -1  # one person answered about the first only
    items = [Item(i.code, i.low, i.high, i.reverse) for i in asked.items()]
    again = [replace(item, code=f"2{item.code}") for item in items]
    codes = np.hstack([first, second])
    data = ResponseMatrix.from_raw(codes, items + again, missing=codes == -1)
    return build_report(data, replace(asked, others=(other,)))


@pytest.fixture(scope="module")
def found() -> Report:
    return study()


def scores(seed: int, part: slice, gap: int = 0) -> Any:
    raw = answers(plan(), 300, seed=seed)[:, part]
    return np.clip(raw - gap, 1, 7)[1:].mean(axis=1)


def test_differences_are_those_of_the_paired_t_test(found: Report) -> None:
    (other,) = found.others
    x, y = scores(5, slice(0, 4)), scores(6, slice(0, 4), gap=1)
    test = stats.ttest_rel(x, y)
    ends = test.confidence_interval(0.95)
    difference = other.differences["CARE"]
    assert isinstance(difference.points, Figure)
    assert difference.points.n == 299
    # the same sums in another order
    found_ends = [difference.points.estimate, difference.points.low]
    assert [*found_ends, difference.points.high] == pytest.approx(
        [float(np.mean(x - y)), ends.low, ends.high], rel=1e-12
    )
    assert difference.p == pytest.approx(test.pvalue, rel=1e-9)


def test_the_other_is_described_by_itself(found: Report) -> None:
    (other,) = found.others
    assert set(other.scales) == {"CARE", "SKILL", "LOY"}
    mean = other.scales["SKILL"].mean
    assert isinstance(mean, Figure)
    assert mean.estimate == pytest.approx(scores(6, slice(4, 8)).mean(), rel=1e-12)
    r = other.relations["LOY"]["SKILL"]
    assert isinstance(r, Figure)
    expected = stats.pearsonr(scores(6, slice(4, 8)), scores(6, slice(8, 11)))
    assert r.estimate == pytest.approx(expected.statistic, rel=1e-12)


def test_the_report_about_the_first_stays_what_it_was(found: Report) -> None:
    alone = build_report(
        ResponseMatrix.from_raw(
            answers(plan(), 300), [Item(i.code, i.low, i.high) for i in plan().items()]
        ),
        plan(),
    )
    assert found.scales == alone.scales
    assert found.loyalty == alone.loyalty


def test_a_clear_difference_is_named_and_an_unclear_one_is_not_denied(
    found: Report,
) -> None:
    said = {one.code: one.text("en") for one in sentences(found, found.others[0])}
    assert said["compare_higher"].startswith("Harbour Tea is higher than Rival Tea in")
    assert "Care" in said["compare_higher"]
    assert "compare_lower" not in said
    assert "not the same as no difference" in said["compare_open"]


def test_who_is_lower_is_said_too() -> None:
    turned = study(gap=-1)
    said = {
        one.code: one.text("zh-hans") for one in sentences(turned, turned.others[0])
    }
    assert said["compare_lower"].startswith("港湾茶在关怀上低于对手茶")


def test_two_people_are_too_few_and_the_reason_is_given() -> None:
    (other,) = study(n=2).others
    assert isinstance(other.differences["CARE"].points, Absent)


def test_it_survives_storing(found: Report) -> None:
    assert Report.from_json(found.to_json()) == found


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Beside Rival Tea", "Harbour Tea and Rival Tea", "In SD", "for both"]),
        ("zh-hans", ["与对手茶相比", "港湾茶与对手茶", "标准差单位", "题块顺序随机"]),
    ],
)
def test_the_page_shows_it(found: Report, language: str, words: list[str]) -> None:
    html = render_to_string("analytics/_report.html", page.context(found, language))
    for word in words:
        assert word in html


def test_a_form_about_two_becomes_a_plan_about_two() -> None:
    form = two_brands()
    asked: AnalysisPlan = plan_of(form, simulated=False, seed=1)
    (other,) = asked.others
    assert (other.first.en, other.name.en) == ("Harbour Tea", "Rival Tea")
    assert {s.code for s in asked.scales} == {f"TBE.{code}" for code in "TCAHE"}
    assert set(other.scales) == {s.code for s in asked.constructs}
    assert other.scales["TBE.T"].items[0].code == "TBE_2.T1"
