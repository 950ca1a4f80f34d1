"""Alpha, omega and Spearman-Brown against psych and against their definitions."""

from typing import Any

import numpy as np
import pytest

from analytics.psychometrics import (
    MissingRule,
    Moments,
    NotDefined,
    TooFewData,
    cronbach_alpha,
    moments,
    omega_total,
    spearman_brown,
)
from analytics.psychometrics.minres import minres
from analytics.psychometrics.reliability import (
    _standard_error,
    feldt_interval,
    omega_gradient,
)

from .cases import (
    HS_ITEMS,
    HS_SCALES,
    SCALES,
    bfi,
    correlated,
    hs_moments,
    likert,
    reference,
)


def bfi_scale(scale: str, rule: MissingRule) -> Moments:
    # complete on all 25 items, as in the R script
    return moments(bfi(), missing=rule).select(SCALES[scale])


ALPHA_CASES: list[tuple[str, str]] = [
    *(("alpha_bfi_pairwise", scale) for scale in SCALES),
    *(("alpha_bfi_complete", scale) for scale in SCALES),
    *(("alpha_hs", scale) for scale in [*HS_SCALES, "all9"]),
]


def case(name: str, scale: str) -> tuple[Moments, Any]:
    stored = reference(name)[scale]
    if name == "alpha_hs":
        return hs_moments().select(HS_SCALES.get(scale, HS_ITEMS)), stored
    rule: MissingRule = "pairwise" if name.endswith("pairwise") else "listwise"
    return bfi_scale(scale, rule), stored


@pytest.mark.parametrize(("name", "scale"), ALPHA_CASES)
def test_alpha_and_its_items_equal_psych(name: str, scale: str) -> None:
    m, stored = case(name, scale)
    alpha = cronbach_alpha(m)
    # closed forms in double precision on both sides
    total = stored["total"]
    assert alpha.raw.estimate == pytest.approx(total["raw_alpha"], rel=0, abs=1e-12)
    assert alpha.standardized.estimate == pytest.approx(
        total["std.alpha"], rel=0, abs=1e-12
    )
    assert alpha.mean_inter_item_r == pytest.approx(
        total["average_r"], rel=0, abs=1e-12
    )
    items = zip(
        alpha.items.items(), stored["item.stats"], stored["alpha.drop"], strict=True
    )
    for (code, item), stats, drop in items:
        assert code == stats["item"] == drop["item"]
        assert item.item_rest_r == pytest.approx(stats["r.drop"], rel=0, abs=1e-12)
        assert item.alpha_if_dropped == pytest.approx(
            drop["raw_alpha"], rel=0, abs=1e-12
        )


@pytest.mark.parametrize(("name", "scale"), ALPHA_CASES)
def test_feldt_interval_equals_psych(name: str, scale: str) -> None:
    m, stored = case(name, scale)
    feldt = stored["feldt"]
    # psych counts every row, also those with gaps; so its n goes in here
    low, high = feldt_interval(feldt["alpha"], n=stored["n"], p=m.p, confidence=0.95)
    assert low == pytest.approx(feldt["lower"], rel=0, abs=1e-12)
    assert high == pytest.approx(feldt["upper"], rel=0, abs=1e-12)
    if m.rule == "listwise":
        assert cronbach_alpha(m).raw.low == pytest.approx(low, abs=1e-12)
        assert cronbach_alpha(m).raw.n == stored["n"]


def test_the_interval_counts_the_rows_after_deletion(rng: np.random.Generator) -> None:
    data = likert(rng, 60, 4, holes=0.1)
    complete = data.complete_rows()
    listwise = cronbach_alpha(moments(data, missing="listwise"))
    alone = cronbach_alpha(moments(complete, missing="listwise"))
    assert listwise.raw == alone.raw
    assert listwise.raw.n == complete.n < 60
    pairwise = cronbach_alpha(moments(data, missing="pairwise"))
    assert complete.n < pairwise.raw.n < 60


@pytest.mark.parametrize("statistic", [cronbach_alpha, omega_total])
def test_the_order_of_the_items_does_not_matter(statistic: Any) -> None:
    m = bfi_scale("E", "pairwise")
    found = statistic(m.select(["E4", "E1", "E5", "E3", "E2"]))
    expected = statistic(m)
    if statistic is cronbach_alpha:
        for code, item in expected.items.items():
            assert found.items[code].item_rest_r == pytest.approx(item.item_rest_r)
        found, expected = found.raw, expected.raw
    assert found.estimate == pytest.approx(expected.estimate, rel=1e-12)
    assert found.low == pytest.approx(expected.low, rel=1e-9)


def test_a_constant_added_does_not_matter(rng: np.random.Generator) -> None:
    x = rng.standard_normal((80, 1)) + rng.standard_normal((80, 4))
    names = list("abcd")
    plain = cronbach_alpha(moments(x, names, missing="listwise"))
    moved = cronbach_alpha(moments(x + 100, names, missing="listwise"))
    assert moved.raw.estimate == pytest.approx(plain.raw.estimate, rel=1e-12)


def test_standardized_alpha_of_two_items_is_spearman_brown() -> None:
    m = bfi_scale("A", "listwise").select(["A2", "A3"])
    expected = spearman_brown(m)
    found = cronbach_alpha(m).standardized
    assert found.estimate == pytest.approx(expected.estimate, rel=1e-12)
    assert expected.low is not None
    assert expected.high is not None
    assert expected.low < expected.estimate < expected.high


def test_alpha_without_one_of_two_items_has_a_reason() -> None:
    m = bfi_scale("A", "listwise").select(["A2", "A3"])
    for item in cronbach_alpha(m).items.values():
        assert item.alpha_if_dropped is None
        assert "not defined for two items" in str(item.reason)
        assert item.item_rest_r == pytest.approx(m.correlation[0, 1])


@pytest.mark.parametrize("scale", SCALES)
def test_omega_equals_psych(scale: str) -> None:
    stored = reference("omega_A_1factor")[scale]
    found = omega_total(bfi_scale(scale, "listwise"))
    # psych's own minimum is loose: its optimizer stops at a relative change of 2e-9
    assert found.estimate == pytest.approx(stored["omega_total"], rel=0, abs=1e-6)


def test_omega_equals_alpha_for_equal_correlations() -> None:
    m = correlated(np.full((5, 5), 0.4) + 0.6 * np.eye(5))
    alpha = cronbach_alpha(m).standardized.estimate
    assert omega_total(m).estimate == pytest.approx(alpha, rel=1e-10)


def test_the_gradient_of_omega_equals_finite_differences() -> None:
    R = bfi_scale("O", "listwise").correlation

    def omega(S: np.ndarray[Any, Any]) -> float:
        loadings = minres(S, 1).loadings[:, 0]
        return float(1 - (1 - loadings**2).sum() / S.sum())

    found = omega_gradient(R, minres(R, 1).loadings[:, 0])
    step = 1e-5
    for i, j in zip(*np.triu_indices(5, 1), strict=True):
        up, down = R.copy(), R.copy()
        up[[i, j], [j, i]] += step
        down[[i, j], [j, i]] -= step
        slope = (omega(up) - omega(down)) / (2 * step)
        assert 2 * found[i, j] == pytest.approx(slope, rel=1e-4, abs=1e-7)


def test_the_standard_error_of_omega_equals_the_spread_of_simulated_samples(
    rng: np.random.Generator,
) -> None:
    loadings = np.array([0.8, 0.7, 0.6, 0.5])
    R = np.outer(loadings, loadings)
    np.fill_diagonal(R, 1)
    n, draws = 400, 600
    lower = np.linalg.cholesky(R)
    estimates = []
    for _ in range(draws):
        x = rng.standard_normal((n, 4)) @ lower.T
        estimates.append(
            omega_total(moments(x, list("abcd"), missing="listwise")).estimate
        )
    found = _standard_error(omega_gradient(R, loadings), R, n)
    # the spread of 600 estimates is known to 1 / sqrt(1200) = 3 %; allow 3 of these
    assert found == pytest.approx(np.std(estimates), rel=0.09)


def test_two_items_have_no_omega() -> None:
    with pytest.raises(TooFewData) as caught:
        omega_total(bfi_scale("A", "listwise").select(["A1", "A2"]))
    assert caught.value.code == "two-items"
    assert "Spearman-Brown" in str(caught.value)


def test_an_improper_factor_is_no_omega() -> None:
    R = np.array([[1, 0.9, 0.9], [0.9, 1, 0.3], [0.9, 0.3, 1]])
    with pytest.raises(NotDefined) as caught:
        omega_total(correlated(R, items=["a", "b", "c"]))
    assert caught.value.params["item"] == "a"


@pytest.mark.parametrize("statistic", [cronbach_alpha, omega_total])
@pytest.mark.parametrize(("n", "p"), [(1, 4), (0, 4), (50, 1)])
def test_too_few_data_are_a_sentence(
    rng: np.random.Generator, statistic: Any, n: int, p: int
) -> None:
    with pytest.raises(TooFewData):
        statistic(moments(likert(rng, n, p), missing="pairwise"))


@pytest.mark.parametrize("statistic", [cronbach_alpha, omega_total])
def test_a_constant_item_is_named(rng: np.random.Generator, statistic: Any) -> None:
    x = rng.standard_normal((30, 3))
    x[:, 2] = 4
    with pytest.raises(NotDefined, match="answered c gave the same"):
        statistic(moments(x, ["a", "b", "c"], missing="pairwise"))


def test_items_whose_sum_does_not_vary_have_no_alpha(rng: np.random.Generator) -> None:
    x = rng.standard_normal(30)
    m = moments(np.column_stack([x, -x]), ["a", "b"], missing="listwise")
    with pytest.raises(NotDefined, match="do not vary together"):
        cronbach_alpha(m)
    with pytest.raises(NotDefined, match="do not vary together"):
        spearman_brown(m)


def test_items_whose_rest_does_not_vary_have_a_reason(rng: np.random.Generator) -> None:
    x, y = rng.standard_normal((2, 30))
    m = moments(np.column_stack([x, -x, y]), ["a", "b", "c"], missing="listwise")
    assert cronbach_alpha(m).items["c"].item_rest_r is None
    assert "do not vary together" in str(cronbach_alpha(m).items["c"].reason)


def test_spearman_brown_is_for_two_items(rng: np.random.Generator) -> None:
    with pytest.raises(ValueError, match="two items, not 3"):
        spearman_brown(moments(likert(rng, 30, 3), missing="pairwise"))


@pytest.mark.parametrize("confidence", [0, 1, 95])
def test_a_confidence_is_a_share(confidence: float) -> None:
    with pytest.raises(ValueError, match="confidence"):
        cronbach_alpha(bfi_scale("A", "listwise"), confidence=confidence)


@pytest.mark.parametrize("items", [["A2", "A3"], SCALES["A"]])
def test_more_confidence_is_a_wider_interval(items: list[str]) -> None:
    m = bfi_scale("A", "listwise").select(items)
    for share in (0.8, 0.99):
        raw = cronbach_alpha(m, confidence=share).raw
        single = (spearman_brown if m.p == 2 else omega_total)(m, confidence=share)
        for found in (raw, single):
            assert found.low is not None
            assert found.high is not None
            assert found.low < found.estimate < found.high
            assert found.confidence == share
    wide, narrow = (cronbach_alpha(m, confidence=c).raw.low for c in (0.99, 0.8))
    assert wide is not None
    assert narrow is not None
    assert wide < narrow
