"""Fourth moments, and what the robust corrections make of them."""

import numpy as np
import pytest

from analytics.psychometrics import Matrix, TooFewData
from analytics.psychometrics.sem import fit_model, fourth_moments
from analytics.psychometrics.sem import fourth as module
from analytics.psychometrics.sem.robust import score_weights
from tests.psychometrics.cases import likert

from .cases import HS_MODEL, hs, hs_values


def naive(x: Matrix) -> Matrix:
    """Covariance, divisor n, of the values and their products, row by row."""
    centred = x - x.mean(axis=0)
    p = x.shape[1]
    rows = [
        np.concatenate(
            [c, [c[i] * c[j] for i in range(p) for j in range(i + 1)]],
        )
        for c in centred
    ]
    gamma: Matrix = np.cov(np.array(rows), rowvar=False, bias=True)
    return gamma


def test_chunks_add_up_to_the_naive_matrix(
    rng: np.random.Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    x = rng.standard_normal((57, 4)) ** 3
    expected = naive(x)
    for chunk in (1, 10, 57, 1000):
        monkeypatch.setattr(module, "_CHUNK", chunk)
        found = fourth_moments(x, list("abcd"))
        np.testing.assert_allclose(found.gamma, expected, rtol=1e-11, atol=1e-11)
        assert found.moments.n == 57


def test_whole_numbers_give_the_same_about_any_origin(
    rng: np.random.Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = likert(rng, 3000, 5)
    expected = naive(data.values())
    for chunk in (700, 8192, 100):  # the last sums in float64
        monkeypatch.setattr(module, "_CHUNK", chunk)
        found = fourth_moments(data).gamma
        np.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-12)


def test_rows_with_a_gap_are_left_out(rng: np.random.Generator) -> None:
    data = likert(rng, 300, 4, holes=0.1)
    complete = data.complete_rows()
    found = fourth_moments(data)
    assert found.moments.n == complete.n < 300
    np.testing.assert_allclose(found.gamma, naive(complete.values()), atol=1e-10)


def test_no_complete_row_is_too_few(rng: np.random.Generator) -> None:
    data = likert(rng, 20, 4, holes=1.0)
    with pytest.raises(TooFewData, match="there are 0"):
        fourth_moments(data)


def test_selected_items_have_the_moments_they_would_have_alone() -> None:
    names = ["x7", "x2", "x5"]
    at = [6, 1, 4]
    alone = fourth_moments(hs_values()[:, at], names)
    chosen = hs().select(names)
    np.testing.assert_allclose(chosen.gamma, alone.gamma, atol=1e-12)
    assert chosen.moments.items == tuple(names)


def test_the_score_weights_are_those_of_every_respondent() -> None:
    """The meat from Gamma equals the mean outer product of the scores, row by row."""
    fit = fit_model(HS_MODEL, hs(), estimator="MLR", means=True)
    problem, at = fit.problem, fit.implied()[0]
    by = problem.slopes([at])[0]
    Q = score_weights(at, by, problem.distance(problem.groups[0], at))
    rest = hs_values() - at.mu
    scores = []
    for row in rest:
        inner = at.W @ (np.outer(row, row) - at.sigma) @ at.W
        scores.append((by.U * (inner @ by.V)).sum(axis=0) + by.M.T @ at.W @ row)
    outer = np.array(scores).T @ np.array(scores) / len(rest)
    np.testing.assert_allclose(Q.T @ hs().gamma @ Q, outer, atol=1e-8, rtol=1e-8)


def test_normal_answers_need_hardly_a_correction(rng: np.random.Generator) -> None:
    trait = rng.standard_normal((20_000, 1))
    x = 0.7 * trait + rng.standard_normal((20_000, 6)) * 0.7
    data = fourth_moments(x, list("abcdef"))
    text = "f =~ a + b + c + d + e + f1".replace("f1", "f").replace("f =~", "g =~")
    plain = fit_model(text, data, estimator="ML")
    for estimator in ("MLR", "MLM"):
        fit = fit_model(text, data, estimator=estimator)
        assert fit.measures is not None
        assert fit.measures.scaled is not None
        assert fit.measures.scaled.factor == pytest.approx(1, abs=0.05)
        found = fit.parameter("g=~c").value.se
        assert found == pytest.approx(plain.parameter("g=~c").value.se, rel=0.05)
