"""What a report of people in teams, or with weights, says, and what never changes it."""

import html
import json
from typing import Any

import numpy as np
import pytest
from django.template.loader import render_to_string

from analytics import page, thresholds
from analytics.answers import Answers
from analytics.export.bundle.reach import Held, reach_of
from analytics.factor_sample import sample_of
from analytics.factor_tables import FactorTables
from analytics.invariance import GroupColumn, invariance_of
from analytics.plan import ModelFile, PlanGroup
from analytics.psychometrics import (
    Design,
    ResponseMatrix,
    describe,
    design_correlation,
)
from analytics.report import build_report
from analytics.results import Absent, Figure, Report
from analytics.sampling import Sampling
from analytics.sentences import Sentence
from analytics.terminal import report_as_text
from tests.analytics.sampled import RAW, SMALL, TEAMS, UNEQUAL, N, made
from tests.analytics.samples import (
    CARE,
    LOYALTY,
    SKILL,
    answers,
    matrix,
    plan,
    scale,
)


def figures(report: Report) -> dict[str, Figure]:
    """Everything of the scales that has an interval by design."""
    found = {}
    for code, one in report.constructs.items():
        for name in ("mean", "omega_total", "ave", "composite_reliability"):
            found[f"{code} {name}"] = getattr(one, name)
        found[f"{code} alpha"] = one.alpha.raw
    assert all(isinstance(one, Figure) for one in found.values())
    return found


def close(first: Report, second: Report, *, rel: float = 1e-6) -> None:
    """The same estimates and intervals; what is drawn is of another generator's use."""
    for name, one in figures(first).items():
        other = figures(second)[name]
        assert one.estimate == pytest.approx(other.estimate, rel=rel), name
        assert one.low == pytest.approx(other.low, rel=rel), name
        assert one.high == pytest.approx(other.high, rel=rel), name
    assert first.cfa is not None
    assert second.cfa is not None
    for name in ("chi2_scaled", "cfi_scaled", "tli_scaled", "srmr"):
        value = getattr(second.cfa, name)
        assert getattr(first.cfa, name) == pytest.approx(value, rel=rel, abs=1e-6), name
    for code, one_relation in first.loyalty["LOY"].items():
        relation = second.loyalty["LOY"][code]
        for name in ("r", "low", "high", "disattenuated"):
            value = getattr(relation, name)
            assert getattr(one_relation, name) == pytest.approx(value, rel=rel), name


def test_equal_weights_change_nothing_but_what_assumes_normal_answers() -> None:
    plain, same = made(), made(weights=np.full(N, 3.0))
    for code, described_scale in plain.constructs.items():
        other = same.constructs[code]
        for name in ("mean", "sd"):
            one, two = getattr(described_scale, name), getattr(other, name)
            assert (one.estimate, one.low, one.high) == pytest.approx(
                (two.estimate, two.low, two.high)
            )
        for item, described in described_scale.items.items():
            twin = other.items[item]
            for name in ("mean", "sd", "skew", "kurtosis", "floor", "item_rest_r"):
                value = getattr(twin, name)
                assert getattr(described, name) == pytest.approx(value), (item, name)
    assert plain.cfa is not None
    assert same.cfa is not None
    for name in ("chi2", "chi2_scaled", "cfi_scaled", "srmr", "loadings"):
        assert getattr(same.cfa, name) == pytest.approx(
            getattr(plain.cfa, name), rel=1e-6
        )
    pairs = zip(plain.scales.values(), same.scales.values(), strict=True)
    for one_scale, two_scale in pairs:
        one, two = one_scale.composite_reliability, two_scale.composite_reliability
        assert isinstance(one, Figure)
        assert isinstance(two, Figure)
        assert (one.low, one.high) == pytest.approx((two.low, two.high))


def test_the_unit_of_weights_does_not_matter() -> None:
    close(made(weights=UNEQUAL), made(weights=90 * UNEQUAL))


def test_a_team_for_each_person_is_no_team_but_for_its_factor() -> None:
    alone = made(np.arange(N, dtype=np.int32))
    equal = made(weights=np.ones(N))
    assert alone.cfa is not None
    assert equal.cfa is not None
    assert alone.cfa.chi2 == pytest.approx(equal.cfa.chi2, rel=1e-6)
    # CR1: G/(G - 1), and means in the model
    scaled = equal.cfa.chi2_scaled or 0.0
    assert alone.cfa.chi2_scaled == pytest.approx(scaled * (N - 1) / N, rel=1e-3)
    for name, one in figures(alone).items():
        other = figures(equal)[name]
        assert one.estimate == pytest.approx(other.estimate, rel=1e-6), name
        assert one.low == pytest.approx(other.low, rel=2e-3), name
    assert alone.design is not None
    effects = np.array(list(alone.design.effects.values()))
    assert effects == pytest.approx(np.ones(3))


def test_the_order_of_rows_does_not_matter() -> None:
    order = np.random.default_rng(4).permutation(N)
    first = made(TEAMS, UNEQUAL)
    close(first, made(TEAMS[order], UNEQUAL[order], RAW[order]))


def test_people_of_a_team_who_answer_alike_tell_less() -> None:
    """Everybody four times as a team of four: intervals as if asked once."""
    again = np.repeat(RAW, 4, axis=0)
    teams = np.repeat(np.arange(N, dtype=np.int32), 4)
    once, shared = made(np.arange(N, dtype=np.int32)), made(teams, raw=again)
    for name in ("CARE mean", "CARE alpha", "SKILL mean"):
        one, other = figures(once)[name], figures(shared)[name]
        assert other.low == pytest.approx(one.low, rel=2e-3), name
        assert other.n == 4 * N
    assert shared.design is not None
    assert shared.design.effects["CARE"] == pytest.approx(4, rel=0.01)


def test_items_are_described_with_their_weights() -> None:
    """A weight of two is two people, but for the divisor."""
    held = matrix(RAW, SMALL)
    weights = np.where(np.arange(N) < 100, 2.0, 1.0)
    twice = matrix(np.vstack([RAW, RAW[:100]]), SMALL)
    for one, two in zip(describe(held, weights=weights), describe(twice), strict=True):
        assert one.n == N
        assert (one.mean, one.floor, one.ceiling) == pytest.approx(
            (two.mean, two.floor, two.ceiling)
        )
        assert one.sd is not None
        assert two.sd is not None
        scale = np.sqrt((N / (N - 1)) / (340 / 339))
        assert one.sd == pytest.approx(two.sd * scale)
        assert one.skew == pytest.approx((two.skew or 0.0) / scale**3)
    with pytest.raises(ValueError, match="one weight above zero"):
        describe(held, weights=np.zeros(N))


# ---- what is said where


def codes(report: Report) -> list[str]:
    return [notice.code for notice in report.notices]


def faces(report: Report) -> dict[str, tuple[str, str]]:
    """Words of terminal and page by language; lines may break between characters."""
    found = {}
    for language in ("en", "zh-hans"):
        shown = render_to_string(
            "analytics/_report.html", page.context(report, language)
        )
        texts = (report_as_text(report, language), html.unescape(shown))
        gap = "" if language == "zh-hans" else " "
        first, second = (gap.join(text.split()) for text in texts)
        found[language] = (first, second)
    return found


def require(found: dict[str, tuple[str, str]], english: str, chinese: str) -> None:
    """Every face says it in its language."""
    for text in found["en"]:
        assert english in text
    for text in found["zh-hans"]:
        assert chinese in text


def test_every_face_says_teams_and_weights() -> None:
    report = made(TEAMS, UNEQUAL)
    found = faces(report)
    for english, chinese in (
        ("in 30 teams (team), 8.0 a team on average", "平均每队8.0人"),
        ("Answers are weighted (w, sum 360.0)", "作答经过加权（w，权重之和360.0）"),
        ("team: 30 teams, 8.0 people each", "team：30个团队，平均每队8.0人"),
        ("it allows for teams and weights", "可以考虑团队和权重"),
        ("and so are the indices. The guides", "各指数亦然。参考值"),
        ("there is no BIC for people in teams", "对团队或加权作答没有BIC"),
        ("95 %, linearised, for teams and weights", "95%，线性化，考虑团队和权重"),
    ):
        require(found, english, chinese)
    assert Report.from_json(json.loads(json.dumps(report.to_json()))) == report
    context = page.context(report, "en")["page"]
    assert any("in 30 teams" in text for text in context.sample_notices)


def test_what_takes_people_as_independent_says_so() -> None:
    both = faces(made(TEAMS, UNEQUAL))
    for english, chinese in (
        ("Shares, R squared and the plain mean", "份额、决定系数以及与之对照"),
        ("Spearman's r counts everybody alike", "Spearman相关对每个人"),
        ("The correlations are weighted", "相关经过加权"),
        ("and Bartlett's test take people as independent", "Bartlett检验把人当作"),
        ("No intervals of HTMT and of the corrected r", "没有HTMT和校正后"),
    ):
        require(both, english, chinese)
    weighted = faces(made(weights=UNEQUAL, correlation="polychoric"))
    require(weighted, "Polychoric correlations, and what rests", "多分相关以及基于它")
    for text in weighted["en"]:
        assert "Bartlett's test take people as independent" not in text
    for text in faces(made(TEAMS))["en"]:
        assert "Spearman's r counts" not in text
        assert "correlations are weighted" not in text


def test_the_agreement_of_teams_says_what_it_counts() -> None:
    asked = plan(clusters="team", estimator="MLR", n_draws=20)
    report = build_report(
        matrix(RAW, asked),
        asked,
        sampling=Sampling(TEAMS, None),
        teams={"team": TEAMS},
    )
    require(
        faces(report), "Agreement counts everybody alike", "一致性对每个人的计数相同"
    )


def test_single_items_are_not_modelled() -> None:
    report = made(TEAMS, item_response=True)
    found = report.scales["CARE"].item_response
    assert found is not None
    assert found.reason is not None
    assert found.items == {}
    require(faces(report), found.reason.text("en"), found.reason.text("zh-hans"))


def test_a_report_without_teams_and_weights_says_nothing_of_them() -> None:
    report = made()
    text = report_as_text(report, "en")
    for word in ("weighted (", "Design effects", "count alike", "allow for teams"):
        assert word not in text
    assert report.design is None
    stored = report.to_json()
    del stored["design"]  # as an earlier version stored it
    assert Report.from_json(stored) == report


def test_no_interval_is_left_that_resamples_people_one_by_one() -> None:
    report = made(TEAMS)
    for ends in report.htmt_intervals.values():
        assert (ends.low, ends.high) == (None, None)
        assert ends.reason is not None
        assert ends.reason.code == "sampling_no_resampling"
    relation = report.loyalty["LOY"]["CARE"]
    assert relation.disattenuated is not None
    assert relation.disattenuated_low is None
    standardized = report.scales["CARE"].alpha.standardized
    assert isinstance(standardized, Figure)
    assert standardized.low is None


@pytest.mark.parametrize(("count", "warned"), [(19, True), (20, False)])
def test_few_teams_are_warned_of(count: int, warned: bool) -> None:
    report = made((np.arange(N) % count).astype(np.int32))
    assert ("few-clusters" in codes(report)) is warned
    assert report.cfa is not None
    of_model = [one.code for one in report.cfa.notices]
    assert ("few-clusters" in of_model) is warned


def test_only_scaled_indices_are_shown() -> None:
    report = made(TEAMS)
    assert report.cfa is not None
    table = FactorTables(report, "en", 2).fit()
    assert table is not None
    rows = {row[0].text: row[1].text for row in table.rows}
    assert list(rows) == ["CFI, scaled", "TLI, scaled", "RMSEA, scaled", "SRMR"]
    assert rows["CFI, scaled"] == f"{report.cfa.cfi_scaled:.3f}"
    models = FactorTables(report, "en", 2).models()
    assert models is not None
    assert {row[-1].text for row in models.rows} == {"–"}


def test_items_of_few_points_are_taken_as_numbers_and_that_is_said() -> None:
    points: dict[str, Any] = {"low": 3, "high": 6}
    report = made(
        TEAMS,
        raw=np.clip(RAW, 3, 6),
        scales=(scale("CARE", CARE, **points), scale("SKILL", SKILL, **points)),
        outcomes=(scale("LOY", LOYALTY, 3, group="outcome", **points),),
    )
    assert report.cfa is not None
    found = {one.code: one for one in report.cfa.notices}
    assert found["cfa_sampled_ordered"].params["points"] == 4
    seven = made(TEAMS)
    assert seven.cfa is not None
    assert "cfa_sampled_ordered" not in {one.code for one in seven.cfa.notices}


@pytest.mark.parametrize(("more", "told"), [(0, False), (1, True)])
def test_too_many_items_are_told_without_naming_ml(more: int, told: bool) -> None:
    many = scale("CARE", CARE, thresholds.ROBUST_ITEMS + more)
    asked = plan(scales=(many,), outcomes=(), clusters="team", estimator="MLR")
    held = matrix(answers(asked, 90), asked)
    found = sample_of(held, asked, Sampling(TEAMS[:90], None))
    code = found.code if isinstance(found, Sentence) else ""
    assert code == ("cfa_sampled_items" if told else "")


def test_an_own_model_has_errors_of_teams() -> None:
    text = "care =~ CARE1 + CARE2 + CARE3 + CARE4"
    own = ModelFile("own.txt", text)
    shared, alone = made(TEAMS, own_model=own), made(own_model=own)
    assert shared.model is not None
    assert alone.model is not None
    assert "own_sampled" in {one.code for one in shared.model.notices}
    assert "own_sampled" not in {one.code for one in alone.model.notices}
    errors = [
        {(one.lhs, one.op, one.rhs): one for one in found.parameters}
        for found in (shared.model, alone.model)
    ]
    loading = ("care", "=~", "CARE2")
    first, second = errors[0][loading], errors[1][loading]
    assert first.estimate == pytest.approx(second.estimate, rel=1e-6)
    assert first.se != pytest.approx(second.se, rel=1e-3)


def test_teams_across_groups_are_counted() -> None:
    asked = plan(clusters="team", estimator="MLR", groups=(PlanGroup("site"),))
    raw = answers(asked, 800)
    teams = (np.arange(800) // 10).astype(np.int32)
    site = (np.arange(800) >= 405).astype(np.int32)
    held = Answers.of(matrix(raw, asked), asked, Sampling(teams, None))
    found = invariance_of(held, {"site": GroupColumn(("a", "b"), site)})["site"]
    notices = {one.code: one for one in found.notices}
    assert notices["invariance_teams_across"].params["count"] == 1
    assert "invariance_sampled" in notices


def test_a_plan_and_its_sampling_go_together() -> None:
    with pytest.raises(ValueError, match="names their columns"):
        Answers.of(matrix(RAW, SMALL), SMALL, Sampling(TEAMS, None))
    asked = plan(clusters="team")
    with pytest.raises(ValueError, match="names their columns"):
        Answers.of(matrix(RAW, asked), asked)


def test_listwise_answers_keep_their_teams_and_weights() -> None:
    """Left out before or by the rule: the same numbers."""
    raw = RAW.copy()
    held = matrix(raw, SMALL)
    codes_held = held.codes.copy()
    codes_held[:30, 2] = -1
    asked = plan(clusters="team", weights="w", estimator="MLR", missing="listwise")
    gaps = ResponseMatrix(codes_held, held.items)
    rest = ResponseMatrix(held.codes[30:], held.items)
    first = build_report(gaps, asked, sampling=Sampling(TEAMS, UNEQUAL))
    second = build_report(rest, asked, sampling=Sampling(TEAMS[30:], UNEQUAL[30:]))
    close(first, second)


def test_a_recommend_index_is_that_of_weighted_people() -> None:
    outcome = scale("LOY", LOYALTY, 1, low=0, high=10, group="outcome")
    asked = plan(outcomes=(outcome,))
    raw = answers(asked, N)
    report = made(TEAMS, UNEQUAL, raw, outcomes=(outcome,))
    found = report.outcomes["LOY"].recommend_index
    assert isinstance(found, Figure)
    points = raw[:, -1]
    share = 100 * np.average((points >= 9) * 1.0 - (points <= 6), weights=UNEQUAL)
    assert found.estimate == pytest.approx(share)
    assert found.low is not None
    assert -100 <= found.low < share


def test_a_constant_scale_keeps_its_mean() -> None:
    raw = RAW.copy()
    raw[:, :4] = 5
    report = made(TEAMS, UNEQUAL, raw)
    mean = report.scales["CARE"].mean
    assert isinstance(mean, Figure)
    assert mean.estimate == 5
    assert isinstance(report.scales["CARE"].alpha.raw, Absent)
    assert report.design is not None
    assert set(report.design.effects) == {"SKILL", "LOY"}
    assert faces(report)


def test_two_items_have_the_interval_of_their_correlation() -> None:
    two = scale("CARE", CARE, 2)
    asked = plan(scales=(two, scale("SKILL", SKILL)))
    raw = answers(asked, N)
    report = made(TEAMS, UNEQUAL, raw, scales=asked.scales)
    found = report.scales["CARE"].spearman_brown
    x = raw[:, :2].astype(float)
    r = design_correlation(x[:, 0], x[:, 1], Design(TEAMS, UNEQUAL)).estimate
    assert isinstance(found, Figure)
    assert r.low is not None
    assert found.estimate == pytest.approx(2 * r.estimate / (1 + r.estimate))
    assert found.low == pytest.approx(2 * r.low / (1 + r.low))


def test_the_numbers_of_such_a_report_are_out_of_reach_of_the_scripts() -> None:
    report = made(TEAMS, UNEQUAL).to_json()
    items = {
        code
        for s in ("scales", "outcomes")
        for one in report[s].values()
        for code in one["items"]
    }
    found = reach_of(report, Held(N, frozenset(items), languages=True))
    assert found["/scales/CARE/mean/low"] == "other_settings"
    assert found["/design/effects/CARE"] == "not_of_surveys"
    assert "unknown" not in found.values()
