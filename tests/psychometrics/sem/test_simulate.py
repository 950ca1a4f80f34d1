"""Populations, and the answers that are drawn from them."""

import numpy as np
import pytest
from scipy import stats

from analytics.psychometrics import BurtTable, NotDefined, moments, polychoric
from analytics.psychometrics.sem import (
    Normal,
    StudentT,
    ValeMaurelli,
    answer_moments,
    draw_answers,
    draw_values,
    fit_model,
    freed,
    read_population,
)

MEDIATION = """
    x =~ 0.8*x1 + 0.7*x2 + 0.6*x3
    m =~ 0.7*m1 + 0.7*m2 + 0.8*m3
    y =~ 0.6*y1 + 0.9*y2 + 0.7*y3
    m ~ a*x + 0.5*x
    y ~ b*m + 0.4*m + 0.2*x
    indirect := a*b
"""
SHARES = (0.05, 0.10, 0.20, 0.30, 0.35)


def test_the_moments_of_a_population_are_those_of_its_equations() -> None:
    """Wright's rules by hand: every total variance is one."""
    found = read_population(MEDIATION)
    assert found.items == ("x1", "x2", "x3", "m1", "m2", "m3", "y1", "y2", "y3")
    np.testing.assert_allclose(np.diag(found.covariance), 1, atol=1e-14)
    x_y = 0.5 * 0.4 + 0.2  # of the factors
    m_y = 0.4 + 0.5 * 0.2
    assert found.covariance[0, 4] == pytest.approx(0.8 * 0.5 * 0.7, abs=1e-14)
    assert found.covariance[0, 7] == pytest.approx(0.8 * x_y * 0.9, abs=1e-14)
    assert found.covariance[3, 8] == pytest.approx(0.7 * m_y * 0.7, abs=1e-14)


def test_what_the_text_says_of_variances_and_means_is_kept() -> None:
    text = "f =~ 1*a + 0.5*b + 2*c\nf ~~ 4*f\na ~~ 1*a + 0.3*b\na ~ 3*1\nf ~ 0.5*1"
    found = read_population(f"{text}\nb ~~ 2*b\nc ~~ 5*c")
    expected = np.array([[5.0, 2.3, 8.0], [2.3, 3.0, 4.0], [8.0, 4.0, 21.0]])
    np.testing.assert_allclose(found.covariance, expected, atol=1e-14)
    np.testing.assert_allclose(found.mean, [3.5, 0.25, 1], atol=1e-14)


def test_the_model_fits_its_own_population_perfectly() -> None:
    """A third way to the same moments: the estimator, which never reads the numbers."""
    found = read_population(MEDIATION)
    fit = fit_model(
        freed(MEDIATION), found.moments(), estimator="ML", likelihood="wishart"
    )
    assert fit.measures is not None
    assert fit.measures.srmr < 1e-7
    standard = fit.parameter("y~m").standardized
    assert standard is not None
    assert standard.estimate == pytest.approx(0.4, abs=1e-6)
    indirect = fit.parameter("indirect").standardized
    assert indirect is not None
    assert indirect.estimate == pytest.approx(0.2, abs=1e-6)


def test_freeing_keeps_labels_zeros_and_formulas() -> None:
    text = "f =~ u*a + 0.7*a + 0.6*b\na ~~ 0*b\na ~ 2*1\nd := u^2\nu == 0.5"
    assert freed(text).splitlines() == [
        "f =~ u*a",
        "f =~ b",
        "a ~~ 0*b",
        "a ~ 1",
        "d := u^2",
        "u==0.5",
    ]


@pytest.mark.parametrize("shape", [Normal(), StudentT(8), ValeMaurelli(1.5, 4.0)])
def test_values_have_the_moments_of_the_population(
    shape: Normal | StudentT | ValeMaurelli, rng: np.random.Generator
) -> None:
    found = read_population(f"{MEDIATION}\nx1 ~ 2*1\ny1 ~~ 3*y1")
    drawn = draw_values(found, 60_000, rng, shape=shape)
    np.testing.assert_allclose(drawn.mean(axis=0), found.mean, atol=0.03)
    np.testing.assert_allclose(np.cov(drawn.T), found.covariance, rtol=0.04, atol=0.02)


def test_skew_and_kurtosis_are_those_asked_for(rng: np.random.Generator) -> None:
    found = read_population("f =~ 0.5*a + 0.5*b + 0.5*c")
    drawn = draw_values(found, 120_000, rng, shape=ValeMaurelli(1.5, 4.0))
    np.testing.assert_allclose(stats.skew(drawn), 1.5, atol=0.06)
    np.testing.assert_allclose(stats.kurtosis(drawn), 4.0, atol=0.7)
    heavy = draw_values(found, 120_000, rng, shape=StudentT(12))
    np.testing.assert_allclose(stats.skew(heavy), 0, atol=0.06)
    np.testing.assert_allclose(stats.kurtosis(heavy), 6 / 8, atol=0.15)


def test_a_cubic_of_no_skew_is_the_normal_distribution() -> None:
    found = read_population("f =~ 0.5*a + 0.5*b + 0.5*c")
    left, right = (
        draw_values(found, 50, np.random.default_rng(4), shape=shape)
        for shape in (Normal(), ValeMaurelli(0.0, 0.0))
    )
    np.testing.assert_allclose(left, right, atol=1e-9)


def test_answers_have_the_shares_and_the_latent_correlations(
    rng: np.random.Generator,
) -> None:
    found = read_population(MEDIATION)
    drawn = draw_answers(found, 40_000, rng, shares=SHARES)
    assert (drawn.codes.min(), drawn.codes.max()) == (0, 4)
    for column in drawn.codes.T:
        shares = np.bincount(column) / drawn.n
        np.testing.assert_allclose(shares, SHARES, atol=0.01)
    latent = polychoric(BurtTable.of(drawn, missing="listwise")).rho
    np.testing.assert_allclose(latent, found.covariance, atol=0.025)


def test_moments_of_answers_are_those_of_very_many(rng: np.random.Generator) -> None:
    found = read_population(f"{MEDIATION}\nx2 ~ 0.4*1")
    exact = answer_moments(found, shares=SHARES)
    drawn = moments(
        draw_answers(found, 200_000, rng, shares=SHARES), missing="listwise"
    )
    np.testing.assert_allclose(exact.mean, drawn.mean, atol=0.01)
    np.testing.assert_allclose(exact.covariance, drawn.covariance, atol=0.015)


def test_two_points_have_the_covariance_of_sheppard() -> None:
    """Both above their median: 1/4 + asin(r) / (2 pi)."""
    found = read_population("f =~ 0.8*a + 0.5*b + 0.5*c")
    exact = answer_moments(found, shares=(0.5, 0.5))
    assert exact.covariance[0, 1] == pytest.approx(np.arcsin(0.4) / (2 * np.pi))
    assert exact.covariance[0, 0] == pytest.approx(0.25)


def test_an_item_may_have_shares_of_its_own(rng: np.random.Generator) -> None:
    found = read_population("f =~ 0.8*a + 0.5*b + 0.5*c")
    shares = {"a": (0.5, 0.5), "b": (0.2, 0.3, 0.5), "c": (0.1, 0.9)}
    drawn = draw_answers(found, 20_000, rng, shares=shares)
    assert [item.high for item in drawn.items] == [2, 3, 2]
    assert np.mean(drawn.codes[:, 1] == 2) == pytest.approx(0.5, abs=0.02)
    with pytest.raises(ValueError, match="same number of points"):
        answer_moments(found, shares=shares)


def test_the_same_seed_draws_the_same_answers() -> None:
    found = read_population(MEDIATION)
    one, two = (
        draw_answers(found, 30, np.random.default_rng(9), shares=SHARES).codes
        for _ in range(2)
    )
    np.testing.assert_array_equal(one, two)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("f =~ 0.7*a + b", "Line 1, column 14 .* needs a number before b"),
        ("f =~ 0.7*a + 0.6*b\na ~ 1", "before 1"),
        ("f =~ NA*a + 0.6*b", "before a"),
        ("f =~ c(0.7, 0.6)*a + 0.6*b", "2 entries, but there are 1"),
        ("f =~ 1.2*a + 0.6*b", "more than the whole variance of a"),
        ("f =~ 0.7*a + 0.6*b\na ~~ 0.9*b", "not positive definite"),
        ("a ~ 1*b\nb ~ 1*a", "No population"),
    ],
)
def test_no_population_is_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(NotDefined, match=sentence):
        read_population(text)


def test_impossible_shapes_are_refused(rng: np.random.Generator) -> None:
    found = read_population("f =~ 0.8*a + 0.5*b + 0.5*c")
    with pytest.raises(NotDefined, match="take less skew"):
        draw_values(found, 10, rng, shape=ValeMaurelli(3.0, 1.0))
    apart = read_population("f =~ 0.99*a - 0.99*b + 0.5*c".replace("- 0", "+ -0"))
    with pytest.raises(NotDefined, match="these correlations"):
        draw_values(apart, 10, rng, shape=ValeMaurelli(2.0, 6.0))
    with pytest.raises(ValueError, match="above 2"):
        StudentT(2)
    for shares in ((1.0,), (0.5, 0.6), (1.0, 0.0)):
        with pytest.raises(ValueError, match="Two shares or more"):
            draw_answers(found, 10, rng, shares=shares)
