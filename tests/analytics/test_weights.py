import json
from dataclasses import replace

import numpy as np
import pytest

from analytics import charts, page, readings
from analytics.answers import FEWEST_RESAMPLES, Answers, generator, resamples
from analytics.plan import Text
from analytics.psychometrics import importance, moments
from analytics.results import Absent, Figure, Report
from analytics.sentences import joined
from analytics.tables import Tables
from analytics.terminal import report_as_text
from analytics.weights import plain_mean
from tests.analytics.samples import CARE, LOYALTY, answers, matrix, plan, report, scale

THREE = plan(
    scales=(
        scale("CARE", CARE),
        scale("SKILL", Text("Skill", "能力")),
        scale("OPEN", Text("Openness", "开放"), 3, low=0, high=10),
    )
)


@pytest.fixture(scope="module")
def sample() -> Report:
    return report(THREE, answers(THREE))


def said(found: Report, language: str = "en") -> str:
    return joined(readings.weights(found, "LOY"), language)


def test_the_shares_are_johnson_s_and_add_up_to_one(sample: Report) -> None:
    held = Answers.of(matrix(answers(THREE), THREE), THREE)
    codes = ["CARE", "SKILL", "OPEN", "LOY"]
    scores = np.column_stack([held.scores[code] for code in codes])
    exact = importance(
        moments(scores, codes, missing="listwise"),
        codes[:3],
        "LOY",
        weighting="relative-weights",
    )
    total = 0.0
    for one in exact.predictors:
        weight = sample.loyalty["LOY"][one.item].relative_weight
        assert weight is not None
        assert weight.share == pytest.approx(one.share.estimate, abs=1e-12)
        assert weight.low is not None
        assert weight.high is not None
        assert weight.low < weight.share < weight.high
        assert weight.rank_low is not None
        assert weight.rank_high is not None
        assert weight.rank_low <= one.rank <= weight.rank_high
        total += weight.share
    assert total == pytest.approx(1, abs=1e-12)
    shared = sample.weights["LOY"]
    assert isinstance(shared.r_squared, Figure)
    assert shared.r_squared.estimate == pytest.approx(exact.r_squared.estimate)
    assert shared.n_draws == 100


def test_the_contract_of_the_weights(sample: Report) -> None:
    stored = json.loads(json.dumps(sample.to_json(), allow_nan=False))
    weight = stored["loyalty"]["LOY"]["CARE"]["relative_weight"]
    assert {"share", "low", "high", "rank_low", "rank_high"} == set(weight)
    assert {"r_squared", "equal_weights", "n_draws"} == set(stored["weights"]["LOY"])
    assert stored["settings"]["n_resamples"] == 100
    assert Report.from_json(stored) == sample


def test_a_report_from_before_the_weights_is_still_read(sample: Report) -> None:
    stored = sample.to_json()
    del stored["weights"], stored["settings"]["n_resamples"]
    for relation in stored["loyalty"]["LOY"].values():
        del relation["relative_weight"]
    old = Report.from_json(stored)
    assert old.weights == {}
    assert old.loyalty["LOY"]["CARE"].relative_weight is None
    assert readings.weights(old, "LOY") == ()
    assert charts.weights_chart(old, "LOY", "en") is None
    assert "How the dimensions share" not in report_as_text(old, "en")
    assert page.context(old, "en")["page"].outcomes[0].weights is None


def test_the_plain_mean_counts_other_points_alike() -> None:
    held = Answers.of(matrix(answers(THREE), THREE), THREE)
    parts = [(held.scores[code] - 1) / 6 for code in ("CARE", "SKILL")]
    parts.append(held.scores["OPEN"] / 10)
    assert plain_mean(held) == pytest.approx(np.mean(parts, axis=0))
    same = plan()
    two = Answers.of(matrix(answers(same), same), same)
    total = two.scores["CARE"] + two.scores["SKILL"]
    assert np.corrcoef(plain_mean(two), total)[0, 1] == pytest.approx(1)


def test_the_plain_mean_stands_beside(sample: Report) -> None:
    equal = sample.weights["LOY"].equal_weights
    assert isinstance(equal, Figure)
    words = said(sample).replace("\u00a0", " ")
    assert f"goes with Loyalty at r = {equal.estimate:.2f}" in words
    assert f"{equal.estimate**2:.2f} of its variance" in words


def test_the_largest_share_stands_first_with_its_rank_interval(sample: Report) -> None:
    table = Tables(sample, "en", 4).weights("LOY")
    assert table is not None
    shares = [float(row[1].text) for row in table.rows]
    assert shares == sorted(shares, reverse=True)
    assert table.columns[-1].label.startswith("Rank")
    assert {len(row) for row in table.rows} == {len(table.columns)}
    for language, word in (("en", "Care"), ("zh-hans", "关怀")):
        chart = charts.weights_chart(sample, "LOY", language)
        assert chart is not None
        assert word in chart.description


def test_overlapping_rank_intervals_leave_the_order_open(sample: Report) -> None:
    relations = sample.loyalty["LOY"]
    ends = {"CARE": (1, 2), "SKILL": (2, 2), "OPEN": (3, 3)}

    def ranks(ends: dict[str, tuple[int, int]]) -> Report:
        changed = {}
        for code, (low, high) in ends.items():
            weight = relations[code].relative_weight
            assert weight is not None
            weight = replace(weight, rank_low=low, rank_high=high)
            changed[code] = replace(relations[code], relative_weight=weight)
        return replace(sample, loyalty={"LOY": changed})

    assert "rank intervals of Care, Skill overlap" in said(ranks(ends))
    assert "No two rank intervals overlap" in said(ranks({**ends, "CARE": (1, 1)}))


def test_scales_that_are_one_are_not_ranked() -> None:
    asked = plan()
    found = report(asked, answers(asked, shared=1.0))
    words = said(found)
    assert "Not separable: Care and Skill" in words
    assert "not ranked here" in words
    assert "plain mean" in words
    table = Tables(found, "en", 2).weights("LOY")
    assert table is not None
    assert [row[0].text for row in table.rows] == ["Care", "Skill"]
    assert "Rank" not in " ".join(column.label for column in table.columns)
    assert found.loyalty["LOY"]["CARE"].relative_weight is not None


def test_one_dimension_has_no_shares() -> None:
    asked = plan(scales=(scale("CARE", CARE),))
    found = report(asked, answers(asked))
    assert said(found) == "Shares compare at least 2 dimensions; there is 1."
    reason = found.loyalty["LOY"]["CARE"].reasons["relative_weight"]
    assert reason.code == "weights_need_two"
    assert said(found) in report_as_text(found, "en")
    html_page = page.context(found, "zh-hans")["page"]
    assert html_page.outcomes[0].weights_sentences == (
        "份额至少比较 2 个维度，现有 1 个。",
    )
    # the reason is said once, not below every table
    assert Tables(found, "en", 2).loyalty("LOY").notes == ()


def test_dimensions_that_repeat_one_another_are_named() -> None:
    asked = plan()
    raw = answers(asked)
    raw[:, 4:8] = raw[:, :4]
    found = report(asked, raw)
    shared = found.weights["LOY"].r_squared
    assert isinstance(shared, Absent)
    assert shared.reason.code == "collinear"
    assert "Care" in said(found) or "Skill" in said(found)


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_too_few_people_are_told_so(n: int) -> None:
    found = report(raw=answers(plan(), n))
    assert isinstance(found.weights["LOY"].r_squared, Absent)
    assert found.loyalty["LOY"]["CARE"].relative_weight is None
    assert said(found)


def test_another_outcome_moves_no_interval() -> None:
    one = plan()
    two = plan(outcomes=(scale("AAA", LOYALTY, 3, group="outcome"), *one.outcomes))
    raw = answers(one)
    wider = np.column_stack([raw[:, :8], raw[:, 8:11], raw[:, 8:11]])
    first, second = report(one, raw), report(two, wider)
    assert first.weights["LOY"] == second.weights["LOY"]
    assert first.loyalty["LOY"] == second.loyalty["LOY"]


def test_each_purpose_has_its_own_chance_from_one_seed() -> None:
    asked = plan()
    assert generator(asked, "a").random() == generator(asked, "a").random()
    assert generator(asked, "a").random() != generator(asked, "b").random()
    assert generator(asked, "a").random() != generator(plan(seed=4), "a").random()


def test_many_people_get_fewer_resamples() -> None:
    asked = plan(n_resamples=1000)
    assert resamples(asked, 0) == resamples(asked, 20_000) == 1000
    assert resamples(asked, 40_000) == 500
    assert resamples(asked, 1_000_000) == FEWEST_RESAMPLES
