"""Parallel analysis against psych, and its random part against direct simulation."""

import numpy as np
import pytest

from analytics.psychometrics import (
    BurtTable,
    Moments,
    NotDefined,
    TooFewData,
    compiled,
    moments,
    parallel_analysis,
    polychoric,
    polychoric_parallel_analysis,
)
from analytics.psychometrics.minres import minres
from analytics.psychometrics.parallel import (
    _random_correlations,
    _shuffle,
    one_factor_loadings,
)

from .cases import bfi, hs_moments, likert, reference

CASES = ["parallel_bfi", "parallel_hs9"]


def data(name: str) -> Moments:
    return moments(bfi(), missing="listwise") if "bfi" in name else hs_moments()


@pytest.mark.parametrize("name", CASES)
def test_observed_eigenvalues_equal_psych(name: str, rng: np.random.Generator) -> None:
    stored = reference(name)
    found = parallel_analysis(data(name), rng=rng, n_draws=50)
    np.testing.assert_allclose(
        found.observed_components, stored["pc.values"], rtol=0, atol=1e-12
    )
    # the communalities come from psych's looser minimum
    np.testing.assert_allclose(
        found.observed_factors, stored["fa.values"], rtol=0, atol=2e-6
    )


@pytest.mark.parametrize("name", CASES)
def test_numbers_of_factors_and_components_equal_psych(
    name: str, rng: np.random.Generator
) -> None:
    stored = reference(name)
    found = parallel_analysis(data(name), rng=rng)
    assert found.n_factors == stored["nfact"]
    assert found.n_components == stored["ncomp"]


@pytest.mark.parametrize("name", CASES)
def test_random_eigenvalues_equal_psych_within_monte_carlo_error(
    name: str, rng: np.random.Generator
) -> None:
    """Psych stores the means of 100 draws; ours are the means of 2,000.

    The standard error of a mean of 100 is a tenth of the spread of a draw. The spread
    is estimated from our own quantile (1.645 standard deviations above the mean for a
    normal shape); allowed are four standard errors. The first random factor is often
    improper (one item explained completely) and its shape far from normal, so it is
    compared with the coarser limit of a tenth.
    """
    stored = reference(name)
    found = parallel_analysis(data(name), rng=rng, n_draws=2000)
    for ours, threshold, theirs in (
        (found.mean_components, found.threshold_components, stored["pc.sim"]),
        (found.mean_factors, found.threshold_factors, stored["fa.sim"]),
    ):
        error = (threshold - ours) / 1.645 / np.sqrt(100)
        away = np.abs(ours - np.array(theirs))
        assert (away[1:] < 4 * error[1:]).all()
        assert away[0] < 0.1


def test_random_correlations_have_the_distribution_of_correlated_normals(
    rng: np.random.Generator,
) -> None:
    n, p, draws = 20, 4, 4000
    drawn = _random_correlations(rng, draws, n, p)
    direct = np.array(
        [np.corrcoef(rng.standard_normal((n, p)), rowvar=False) for _ in range(draws)]
    )
    np.testing.assert_allclose(drawn[:, range(p), range(p)], 1, atol=1e-14)
    ours, theirs = np.linalg.eigvalsh(drawn), np.linalg.eigvalsh(direct)
    error = theirs.std(axis=0) * np.sqrt(2 / draws)
    assert (np.abs(ours.mean(axis=0) - theirs.mean(axis=0)) < 4 * error).all()
    np.testing.assert_allclose(ours.std(axis=0), theirs.std(axis=0), rtol=0.08)
    # r of independent normals has variance 1 / (n - 1)
    assert drawn[:, 2, 0].var() == pytest.approx(1 / (n - 1), rel=0.1)


def test_one_factor_of_many_matrices_equals_one_at_a_time(
    rng: np.random.Generator,
) -> None:
    x = rng.standard_normal((6, 200, 1)) + rng.standard_normal((6, 200, 8))
    R = np.array([np.corrcoef(rows, rowvar=False) for rows in x])
    for drawn, together in zip(R, one_factor_loadings(R), strict=True):
        alone = minres(drawn, 1).loadings[:, 0]
        signed = together * np.sign(together.sum())
        # sweeps stop at a change of 1e-5
        np.testing.assert_allclose(signed, alone, rtol=0, atol=1e-4)


def test_the_same_seed_gives_the_same_thresholds() -> None:
    found = [
        parallel_analysis(hs_moments(), rng=np.random.default_rng(7), n_draws=30)
        for _ in range(2)
    ]
    np.testing.assert_array_equal(
        found[0].threshold_factors, found[1].threshold_factors
    )


def test_answers_may_be_given_instead_of_moments(rng: np.random.Generator) -> None:
    answers = likert(rng, 200, 6, holes=0.1)
    for rule in ("pairwise", "listwise"):
        direct = parallel_analysis(
            answers, rng=np.random.default_rng(1), n_draws=20, missing=rule
        )
        through = parallel_analysis(
            moments(answers, missing=rule), rng=np.random.default_rng(1), n_draws=20
        )
        assert direct.n == through.n < 200
        np.testing.assert_array_equal(direct.observed_factors, through.observed_factors)
        assert direct.n_factors == through.n_factors == 1


def test_progress_is_told_until_the_last_draw(rng: np.random.Generator) -> None:
    told: list[tuple[int, int]] = []
    parallel_analysis(
        hs_moments(),
        rng=rng,
        n_draws=501,
        progress=lambda done, total: told.append((done, total)),
    )
    assert told == [(250, 501), (500, 501), (501, 501)]


def test_edges_are_sentences(rng: np.random.Generator) -> None:
    with pytest.raises(TooFewData, match="there are 5"):
        parallel_analysis(moments(likert(rng, 5, 5), missing="listwise"), rng=rng)
    with pytest.raises(TooFewData, match="at least 3 items"):
        parallel_analysis(hs_moments().select(["x1", "x2"]), rng=rng)
    x = rng.standard_normal((30, 4))
    x[:, 0] = 3
    with pytest.raises(NotDefined, match="answered a"):
        parallel_analysis(moments(x, list("abcd"), missing="listwise"), rng=rng)
    for quantile, draws in ((1.0, 10), (0.95, 0)):
        with pytest.raises(ValueError, match="quantile"):
            parallel_analysis(hs_moments(), rng=rng, n_draws=draws, quantile=quantile)


def test_polychoric_eigenvalues_are_held_against_shuffled_answers(
    rng: np.random.Generator,
) -> None:
    answers = likert(rng, 400, 8, holes=0.05)
    found = polychoric_parallel_analysis(
        answers, rng=rng, missing="pairwise", n_draws=30
    )
    rho = polychoric(BurtTable.of(answers, missing="pairwise")).rho
    np.testing.assert_allclose(
        found.observed_components, np.linalg.eigvalsh(rho)[::-1], atol=1e-9
    )
    assert found.n_factors == found.n_components == 1
    assert found.mean_components.sum() == pytest.approx(8)
    assert "polychoric" in found.method
    # the noise of polychoric correlations is larger than that of Pearson's
    pearson = parallel_analysis(answers, rng=rng, n_draws=200)
    assert found.mean_components[0] > pearson.mean_components[0]


def test_the_same_seed_gives_the_same_polychoric_thresholds() -> None:
    answers = likert(np.random.default_rng(8), 150, 5)
    found = [
        polychoric_parallel_analysis(
            answers,
            rng=np.random.default_rng(7),
            missing="listwise",
            n_draws=10,
            threads=threads,
        )
        for threads in (1, 2)
    ]
    np.testing.assert_array_equal(
        found[0].threshold_factors, found[1].threshold_factors
    )


@pytest.mark.parametrize("n", [2, 3, 10])
def test_both_shuffles_are_the_same_permutation(n: int) -> None:
    rng = np.random.default_rng(n)
    bits = rng.integers(0, 2**32, (400, n), dtype=np.uint32)
    by_item = np.tile(np.arange(n, dtype=np.int8), (400, 1))
    compiled_too = by_item.copy()
    _shuffle(by_item, bits)
    fast = compiled.kernels("compiled")
    assert fast is not None
    fast.shuffle(compiled_too, bits)
    np.testing.assert_array_equal(by_item, compiled_too)
    np.testing.assert_array_equal(np.sort(by_item), np.tile(np.arange(n), (400, 1)))
    # every place is as likely: 400 draws, five standard errors
    share = (by_item == 0).mean(axis=0)
    assert np.abs(share - 1 / n).max() < 5 * np.sqrt(1 / n * (1 - 1 / n) / 400)


def test_polychoric_edges_are_sentences(rng: np.random.Generator) -> None:
    with pytest.raises(TooFewData, match="there are 5"):
        polychoric_parallel_analysis(likert(rng, 5, 5), rng=rng, missing="listwise")
    with pytest.raises(ValueError, match="quantile"):
        polychoric_parallel_analysis(
            likert(rng, 50, 5), rng=rng, missing="listwise", n_draws=0
        )
