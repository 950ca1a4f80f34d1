import json
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analytics.datafile import read_answers
from analytics.plan import PlanScale, Text
from analytics.report import build_report
from analytics.results import Absent, Figure, Report, UnknownReport
from analytics.specification import read_specification
from tests.analytics.samples import CARE, answers, matrix, plan, report, scale

EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "examples" / "mobi.yaml"


@pytest.fixture(scope="module")
def mobi(shared_data: Path) -> dict[str, Any]:
    asked = read_specification(EXAMPLE)
    found = read_answers(shared_data / "mobi.csv", asked)
    return build_report(found.responses, asked).to_json()


@pytest.fixture(scope="module")
def sample() -> Report:
    return report()


def codes(found: Report) -> list[str]:
    return [notice.code for notice in found.notices]


def numbers(plain: Any) -> list[float]:
    """Every number in JSON values, however deep."""
    if isinstance(plain, dict):
        return [one for part in plain.values() for one in numbers(part)]
    if isinstance(plain, list):
        return [one for part in plain for one in numbers(part)]
    return [plain] if isinstance(plain, int | float) else []


@pytest.mark.parametrize(
    ("scale_code", "raw", "standardized"),
    [
        ("IMAGE", 0.7144, 0.7228),
        ("VALUE", 0.8167, 0.8236),
        ("SATISFACTION", 0.7701, 0.7792),
        ("EXPECTATION", 0.4326, 0.4519),
    ],
)
def test_alphas_of_a_published_study(
    mobi: dict[str, Any], scale_code: str, raw: float, standardized: float
) -> None:
    alpha = mobi["scales"][scale_code]["alpha"]
    assert round(alpha["raw"]["estimate"], 4) == raw
    assert round(alpha["standardized"]["estimate"], 4) == standardized
    assert alpha["raw"]["low"] < raw < alpha["raw"]["high"]


def test_structure_and_relations_of_a_published_study(mobi: dict[str, Any]) -> None:
    assert round(mobi["dimensionality"]["kmo"], 4) == 0.9200
    assert round(mobi["dimensionality"]["eigenvalues"][0], 3) == 8.453
    assert len(mobi["dimensionality"]["eigenvalues"]) == 20
    loyalty = mobi["loyalty"]["LOYALTY"]
    assert round(loyalty["IMAGE"]["r"], 4) == 0.4864
    assert round(loyalty["SATISFACTION"]["r"], 4) == 0.5581
    assert round(mobi["htmt"]["IMAGE~~SATISFACTION"], 4) == 0.9101


def test_the_contract_of_the_result(sample: Report) -> None:
    stored = sample.to_json()
    assert stored["schema_version"] == 1
    assert {"n_rows", "n_complete", "warnings", "notices"} <= set(stored)
    care = stored["scales"]["CARE"]
    assert {"n", "n_items", "mean", "sd", "omega_total"} <= set(care)
    named = {"estimate", "low", "high", "n", "method", "approximate"}
    for estimate in (care["mean"], care["alpha"]["raw"], care["omega_total"]):
        assert set(estimate) == named
    for of_the_model in (care["ave"], care["composite_reliability"]):
        assert set(of_the_model) == named
    for key in ("mean", "sd", "missing", "item_rest_r", "alpha_if_dropped"):
        assert isinstance(care["items"]["CARE1"][key], int | float)
    structure = stored["dimensionality"]
    assert set(structure["bartlett"]) == {"chi2", "df", "log_p"}
    assert len(structure["eigenvalues"]) == 8
    assert {"factors", "components"} <= set(structure["parallel"])
    factors = stored["factors"]
    assert len(factors["loadings"]["CARE1"]) == factors["n_factors"]
    assert len(factors["phi"]) == factors["n_factors"]
    assert "CARE1" in factors["communalities"]
    assert set(stored["htmt"]) == {"CARE~~SKILL", "CARE~~LOY", "SKILL~~LOY"}
    relation = stored["loyalty"]["LOY"]["CARE"]
    assert {"r", "low", "high", "spearman", "disattenuated"} <= set(relation)


def test_the_correction_divides_by_the_raw_alphas(sample: Report) -> None:
    relation = sample.loyalty["LOY"]["CARE"]
    alphas = [sample.constructs[code].alpha.raw for code in ("CARE", "LOY")]
    product = math.prod(a.estimate for a in alphas if isinstance(a, Figure))
    assert relation.r is not None
    assert relation.disattenuated == pytest.approx(relation.r / math.sqrt(product))


def test_a_report_survives_json(sample: Report) -> None:
    text = json.dumps(sample.to_json(), allow_nan=False)
    assert Report.from_json(json.loads(text)) == sample


def test_a_report_of_another_schema_is_not_guessed_at(sample: Report) -> None:
    with pytest.raises(UnknownReport, match="schema version 99"):
        Report.from_json({**sample.to_json(), "schema_version": 99})


def test_the_same_seed_gives_the_same_report() -> None:
    assert report() == report()


def test_the_order_of_the_rows_does_not_matter() -> None:
    raw = answers(plan())
    forwards, backwards = report(raw=raw), report(raw=raw[::-1])
    assert backwards.scales["CARE"].alpha == forwards.scales["CARE"].alpha
    assert backwards.dimensionality == forwards.dimensionality


def test_a_reversed_item_counts_the_other_way() -> None:
    asked = plan()
    turned = replace(asked.scales[0].items[1], reverse=True)
    items = (asked.scales[0].items[0], turned, *asked.scales[0].items[2:])
    reversed_plan = plan(
        scales=(replace(asked.scales[0], items=items), asked.scales[1])
    )
    raw = answers(asked)
    mirrored = raw.copy()
    mirrored[:, 1] = 8 - raw[:, 1]
    same = report(reversed_plan, mirrored).scales["CARE"]
    assert same.alpha == report(asked, raw).scales["CARE"].alpha
    assert "negative_item" in codes(report(reversed_plan, raw))


def test_listwise_takes_the_same_people_everywhere() -> None:
    raw = answers(plan())
    raw[:20, 0] = -1
    found = report(plan(missing="listwise"), raw)
    assert (found.n_rows, found.n_complete) == (300, 280)
    assert {scale.n for scale in found.constructs.values()} == {280}
    assert found.loyalty["LOY"]["SKILL"].n == 280
    pairwise = report(raw=raw)
    assert pairwise.loyalty["LOY"]["SKILL"].n == 300
    assert pairwise.scales["CARE"].items["CARE1"].missing == 20


def test_progress_is_told_in_stages_and_ends() -> None:
    told: list[tuple[str, float]] = []
    asked = plan()
    data = matrix(answers(asked), asked)
    build_report(data, asked, progress=lambda stage, share: told.append((stage, share)))
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert told[-1] == ("progress_loyalty", 1.0)


def test_provenance_is_kept() -> None:
    asked = plan()
    data = matrix(answers(asked), asked)
    found = build_report(data, asked, input_sha256="ab", software={"numpy": "2"})
    assert (found.input_sha256, found.software) == ("ab", {"numpy": "2"})
    assert found.settings.seed == 3


# --- what cannot be computed is said, and nothing else falls with it


def constant(raw: np.ndarray[Any, Any]) -> None:
    raw[:, 0] = 4


def unanswered(raw: np.ndarray[Any, Any]) -> None:
    raw[:, 0] = -1


def all_the_same(raw: np.ndarray[Any, Any]) -> None:
    raw[:] = 4


def all_missing(raw: np.ndarray[Any, Any]) -> None:
    raw[:] = -1


def twins(raw: np.ndarray[Any, Any]) -> None:
    raw[:, 1] = raw[:, 0]


def no_overlap(raw: np.ndarray[Any, Any]) -> None:
    raw[:150, :4] = -1
    raw[150:, 4:] = -1


def opposed(raw: np.ndarray[Any, Any]) -> None:
    raw[:, 1] = 8 - raw[:, 0]
    raw[:, 3] = 8 - raw[:, 2]


@pytest.mark.parametrize(
    "spoil",
    [constant, unanswered, all_the_same, all_missing, twins, no_overlap, opposed],
)
@pytest.mark.parametrize("missing", ["pairwise", "listwise"])
def test_spoilt_answers_make_sentences_not_crashes(
    spoil: Callable[[np.ndarray[Any, Any]], None], missing: str
) -> None:
    raw = answers(plan())
    spoil(raw)
    found = report(plan(missing=missing), raw)
    stored = found.to_json()
    assert all(math.isfinite(one) for one in numbers(stored))
    assert Report.from_json(json.loads(json.dumps(stored, allow_nan=False))) == found


@pytest.mark.parametrize("n", [1, 2, 3, 4, 8, 12])
def test_few_respondents_make_sentences_not_crashes(n: int) -> None:
    found = report(raw=answers(plan(), n))
    assert all(math.isfinite(one) for one in numbers(found.to_json()))
    assert ("one_respondent" if n == 1 else "small_sample") in codes(found)


def test_one_respondent_is_told_what_is_missing() -> None:
    found = report(raw=answers(plan(), 1))
    assert isinstance(found.scales["CARE"].mean, Absent)
    assert "needs the answers of at least 2 people; there are 1" in (
        found.scales["CARE"].mean.reason.text("en")
    )
    assert found.factors.reason is not None
    assert found.loyalty["LOY"]["CARE"].reasons["r"].text("zh-hans").endswith("1 人。")


def test_a_constant_item_is_named_and_the_structure_stands_without_it() -> None:
    raw = answers(plan())
    constant(raw)
    found = report(raw=raw)
    assert "constant_item" in codes(found)
    assert "CARE1" not in found.dimensionality.items
    assert found.dimensionality.kmo is not None
    assert isinstance(found.scales["CARE"].alpha.raw, Absent)
    assert isinstance(found.scales["SKILL"].alpha.raw, Figure)
    assert found.htmt["CARE~~SKILL"] is None


def test_two_items_have_spearman_brown_instead_of_omega() -> None:
    asked = plan(scales=(scale("CARE", CARE, 2),))
    found = report(asked, answers(asked)).scales["CARE"]
    assert isinstance(found.omega_total, Absent)
    assert found.omega_total.reason.code == "omega_two_items"
    assert isinstance(found.spearman_brown, Figure)
    assert isinstance(found.alpha.raw, Figure)
    assert found.items["CARE1"].alpha_if_dropped is None
    assert found.items["CARE1"].reason is not None


def test_one_item_has_a_mean_and_no_reliability() -> None:
    asked = plan(outcomes=(scale("LOY", CARE, 1, group="outcome"),))
    found = report(asked, answers(asked))
    assert isinstance(found.outcomes["LOY"].mean, Figure)
    assert isinstance(found.outcomes["LOY"].alpha.raw, Absent)
    relation = found.loyalty["LOY"]["CARE"]
    assert relation.r is not None
    assert relation.disattenuated is None
    assert relation.reasons["disattenuated"].code == "one_item"


def test_formative_blocks_have_neither_alpha_nor_factor() -> None:
    formative: PlanScale = scale("STEP", Text("Steps", "步骤"), model="formative")
    asked = plan(scales=(scale("CARE", CARE), formative))
    found = report(asked, answers(asked))
    assert isinstance(found.scales["STEP"].alpha.raw, Absent)
    assert found.scales["STEP"].alpha.raw.reason.code == "formative"
    assert not any(code.startswith("STEP") for code in found.factors.loadings)
    assert "CARE~~STEP" not in found.htmt
    assert found.loyalty["LOY"]["STEP"].r is not None


def test_only_formative_blocks_leave_no_structure() -> None:
    asked = plan(scales=(scale("STEP", CARE, model="checklist"),))
    found = report(asked, answers(asked))
    assert found.dimensionality.reasons["kmo"].code == "no_structure_items"
    assert found.factors.n_factors is None


def test_the_number_of_factors_can_be_asked_for() -> None:
    found = report(plan(n_factors=1))
    assert found.factors.n_factors == 1
    assert not any(code.startswith("votes") for code in codes(found))
    assert found.dimensionality.parallel is not None


def test_without_a_common_cause_one_factor_is_still_shown() -> None:
    asked = plan()
    rng = np.random.default_rng(1)
    raw = rng.integers(1, 8, size=(200, len(asked.item_codes)))
    found = report(asked, raw)
    assert found.dimensionality.parallel is not None
    assert found.dimensionality.parallel.factors == 0
    assert found.factors.n_factors == 1
    assert "votes_none" in codes(found)


def test_no_outcome_is_said() -> None:
    found = report(plan(outcomes=()), answers(plan(outcomes=())))
    assert found.loyalty == {}
    assert "no_outcomes" in codes(found)
    assert "same_source" not in codes(found)


def test_the_same_thing_asked_twice_is_not_praised() -> None:
    asked = plan()
    raw = answers(asked)
    raw[:, 8:11] = raw[:, 0:3]
    found = report(asked, raw)
    assert {"redundant", "corrected_above_one", "not_separable_outcome"} <= set(
        codes(found)
    )


def test_scales_that_are_one_are_called_not_separable() -> None:
    asked = plan()
    found = report(asked, answers(asked, shared=1.0))
    assert "not_separable" in codes(found)


def test_simulated_answers_are_marked() -> None:
    assert codes(report(plan(simulated=True)))[0] == "simulated"


def test_a_number_that_is_not_finite_is_a_loud_error(sample: Report) -> None:
    wrong = replace(sample, htmt={"CARE~~SKILL": math.nan})
    with pytest.raises(ValueError, match="finite numbers only"):
        wrong.to_json()
