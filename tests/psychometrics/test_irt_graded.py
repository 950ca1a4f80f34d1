"""Graded responses: R's plain likelihood, mirt of PyPI, brute force, edges."""

import json

import mirt
import numpy as np
import pytest
from scipy import integrate, optimize

from analytics.psychometrics import (
    BurtTable,
    InvalidData,
    Item,
    Matrix,
    NotConverged,
    NotDefined,
    ResponseMatrix,
    TooFewData,
    efa,
    normal_ogive,
    polychoric,
)
from analytics.psychometrics.irt import (
    GradedResponse,
    category_probabilities,
    eap_scores,
    graded_response,
    item_information,
    marginal_reliability,
    scale_information,
)
from analytics.psychometrics.irt import estimation as climbing
from analytics.psychometrics.irt.estimation import Grid
from analytics.psychometrics.irt.kernel import (
    Layout,
    complete_information,
    gradient,
    log_probabilities,
    slopes,
)
from analytics.psychometrics.irt.patterns import Patterns, expected, log_likelihood

from .cases import REFERENCE, bfi
from .irt_cases import Planted, drawn, planted, stored

# Richardson's differences of R reach a gradient of 1e-6
R_ESTIMATE, R_ERROR = 1e-6, 1e-5


def of_r() -> ResponseMatrix:
    """The first 500 of bfi on C1 to C5, the two highest points of C5 joined."""
    data = bfi().select([f"C{j}" for j in range(1, 6)])
    codes = data.codes[:500].copy()
    codes[:, 4] = np.minimum(codes[:, 4], 4)
    return ResponseMatrix(codes, (*data.items[:4], Item("C5", 1, 5)))


@pytest.fixture(scope="module")
def fitted() -> GradedResponse:
    return graded_response(of_r())


def test_it_is_at_the_top_of_the_likelihood_that_r_writes_down(
    fitted: GradedResponse,
) -> None:
    r = stored("graded")
    assert fitted.n == r["n"]
    assert fitted.log_likelihood == pytest.approx(r["log_likelihood"], rel=1e-10)
    for item in fitted.items:
        theirs = r["items"][item.code]
        assert item.slope == pytest.approx(theirs["slope"], abs=R_ESTIMATE)
        assert item.slope_error == pytest.approx(theirs["slope_se"], rel=R_ERROR)
        for ours, name in (
            (item.intercepts, "intercepts"),
            (item.thresholds, "thresholds"),
        ):
            assert ours == pytest.approx(theirs[name], rel=R_ESTIMATE, abs=R_ESTIMATE)
        for ours, name in (
            (item.intercept_errors, "intercept_se"),
            (item.threshold_errors, "threshold_se"),
        ):
            assert ours == pytest.approx(theirs[name], rel=R_ERROR)
    diagonal = np.diag(fitted.covariance)
    assert diagonal == pytest.approx(r["vcov_diagonal"], rel=2 * R_ERROR)


def test_scores_and_information_equal_those_of_r(fitted: GradedResponse) -> None:
    r = stored("graded")
    scores = eap_scores(fitted, of_r())
    assert scores.scores[:20] == pytest.approx(r["eap"], abs=R_ESTIMATE)
    assert scores.errors[:20] == pytest.approx(r["psd"], abs=R_ESTIMATE)
    found = item_information(fitted, np.array(r["theta"]))
    assert found == pytest.approx(np.array(r["information"]), abs=1e-5)
    assert scale_information(fitted, np.array(r["theta"])) == pytest.approx(
        found.sum(axis=0), rel=1e-14
    )


def mirt_likelihood(theirs: mirt.results.FitResult, data: ResponseMatrix) -> float:
    """Evaluate our likelihood at the parameters that mirt found."""
    known = theirs.model.parameters
    a, b = known["discrimination"], known["thresholds"]
    at = np.concatenate(
        [
            [s, *(-s * t[: size - 1])]
            for s, t, size in zip(
                a, b, (item.n_categories for item in data.items), strict=True
            )
        ]
    )
    layout = Layout(tuple(item.n_categories for item in data.items))
    grid = Grid.even(61, 6.0)
    log_p = log_probabilities(at, layout, grid.x)
    patterns = Patterns.of(data.codes, layout)
    return log_likelihood(patterns, log_p, grid.log_weights, 1)


def test_mirt_of_pypi_finds_the_same_top(rng: np.random.Generator) -> None:
    data = drawn(rng, 600, planted(rng, 6, 5), holes=0.05)
    ours = graded_response(data)
    theirs = mirt.fit_mirt(
        data.codes.astype(int), model="GRM", n_quadpts=61, tol=1e-7, max_iter=3000
    )
    # the two likelihoods, by other quadratures, at the same place
    assert mirt_likelihood(theirs, data) == pytest.approx(
        theirs.log_likelihood, abs=1e-6 * data.n
    )
    # the mark is 1e-3 a person; both climb to 1e-7
    assert abs(ours.log_likelihood - theirs.log_likelihood) < 1e-7 * data.n
    slopes_, thresholds = (
        theirs.model.parameters[name] for name in ("discrimination", "thresholds")
    )
    errors = theirs.standard_errors
    for j, item in enumerate(ours.items):
        assert item.slope == pytest.approx(slopes_[j], abs=2e-3 * item.slope_error)
        assert item.thresholds == pytest.approx(thresholds[j], abs=1e-3)
        assert item.slope_error == pytest.approx(errors["discrimination"][j], rel=1e-3)
        assert item.threshold_errors == pytest.approx(errors["thresholds"][j], rel=2e-3)


def test_the_marginal_likelihood_equals_an_integral(rng: np.random.Generator) -> None:
    data = drawn(rng, 12, planted(rng, 3, 4), holes=0.1)
    at, layout = np.array([1.2, 1.5, 0.2, -1, 0.8, 1, 0, -2, 2.1, 2, 1, -1]), (4, 4, 4)
    p, starts = Layout(layout), (0, 4, 8)

    def density(x: float, row: Matrix) -> float:
        found = np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi)
        for start, code in zip(starts, row, strict=True):
            if code >= 0:
                above = 1 / (1 + np.exp(-(at[start] * x + at[start + 1 : start + 4])))
                edges = np.concatenate([[1.0], above, [0.0]])
                found *= edges[code] - edges[code + 1]
        return float(found)

    by_force = sum(
        np.log(integrate.quad(density, -9, 9, (row,), epsabs=1e-14, epsrel=1e-12)[0])
        for row in data.codes
    )
    grid = Grid.even(61, 6.0)
    log_p = log_probabilities(at, p, grid.x)
    patterns = Patterns.of(data.codes, p)
    found = log_likelihood(patterns, log_p, grid.log_weights, 1)
    assert found == pytest.approx(by_force, abs=1e-7)


def test_the_derivatives_equal_differences(rng: np.random.Generator) -> None:
    data = drawn(rng, 60, planted(rng, 3, 4), holes=0.1)
    layout, grid = Layout((4, 4, 4)), Grid.even(31, 5.0)
    patterns = Patterns.of(data.codes, layout)
    at = np.array([1.2, 1.5, 0.2, -1, 0.8, 1, 0, -2, -2.1, 2, 1, -1])

    def value(point: Matrix) -> float:
        log_p = log_probabilities(point, layout, grid.x)
        return log_likelihood(patterns, log_p, grid.log_weights, 1)

    def slope(point: Matrix) -> Matrix:
        log_p = log_probabilities(point, layout, grid.x)
        now = expected(patterns, log_p, grid.log_weights, 1)
        first = climbing.derivatives(point, layout, grid.x)
        return gradient(first, layout, now.counts)

    assert slope(at) == pytest.approx(optimize.approx_fprime(at, value, 1e-7), abs=2e-4)
    steps = 1e-5 * np.eye(len(at))
    second = np.array([(slope(at + h) - slope(at - h)) / 2e-5 for h in steps])
    log_p = log_probabilities(at, layout, grid.x)
    counts = expected(patterns, log_p, grid.log_weights, 1).counts
    found = climbing.information(patterns, at, counts, grid, 1)
    assert -found == pytest.approx(second, abs=1e-6)


def test_the_information_of_known_traits_equals_differences() -> None:
    x = np.linspace(-3, 3, 7)
    counts = np.abs(np.sin(np.arange(28.0))).reshape(4, 7)
    own, alone = np.array([1.3, 1.0, 0.4, -2.0]), Layout((4,))

    def slope(point: Matrix) -> Matrix:
        return gradient([slopes(point, x)], alone, counts)

    steps = 1e-5 * np.eye(4)
    second = np.array([(slope(own + h) - slope(own - h)) / 2e-5 for h in steps])
    found = complete_information(slopes(own, x), counts, x)
    assert -found == pytest.approx(second, abs=1e-7)


def test_more_points_of_the_trait_change_nothing(rng: np.random.Generator) -> None:
    data = drawn(rng, 400, planted(rng, 8, 5))
    some, many = graded_response(data), graded_response(data, points=241, reach=8.0)
    assert some.quadrature_error < 1e-8
    assert some.log_likelihood == pytest.approx(many.log_likelihood, abs=1e-5)
    assert some.parameters == pytest.approx(many.parameters, abs=1e-5)


def test_the_quadrature_error_is_honest(rng: np.random.Generator) -> None:
    steep = Planted(np.full(8, 4.0), np.linspace(-1.5, 1.5, 5) + np.zeros((8, 1)))
    data = drawn(rng, 300, steep)
    coarse = graded_response(data, points=21)
    exact = graded_response(data, points=241).log_likelihood
    assert [remark.code for remark in coarse.remarks] == ["graded-coarse"]
    assert coarse.quadrature_error > 1e-4
    assert abs(coarse.log_likelihood - exact) < 4 * coarse.quadrature_error * data.n


def test_order_of_people_and_items_does_not_matter(rng: np.random.Generator) -> None:
    data = drawn(rng, 300, planted(rng, 5, 4), holes=0.1)
    ours = graded_response(data)
    people = ResponseMatrix(data.codes[rng.permutation(data.n)], data.items)
    assert graded_response(people).parameters == pytest.approx(
        ours.parameters, abs=1e-8
    )
    turned = graded_response(data.select(list(data.item_codes[::-1])))
    assert turned.log_likelihood == pytest.approx(ours.log_likelihood, rel=1e-13)
    for item in ours.items:
        other = turned.item(item.code)
        assert other.slope == pytest.approx(item.slope, abs=1e-8)
        assert other.thresholds == pytest.approx(item.thresholds, abs=1e-7)


def test_everybody_twice_is_the_same_with_half_the_variance(
    rng: np.random.Generator,
) -> None:
    data = drawn(rng, 250, planted(rng, 4, 4))
    once, twice = graded_response(data), graded_response(data.stack([data, data]))
    assert twice.n_patterns == once.n_patterns
    assert twice.parameters == pytest.approx(once.parameters, abs=1e-8)
    assert twice.covariance * 2 == pytest.approx(once.covariance, rel=1e-6)


def test_threads_do_not_change_a_digit(rng: np.random.Generator) -> None:
    data = drawn(rng, 6_000, planted(rng, 6, 5))
    one, two = (graded_response(data, threads=threads) for threads in (1, 2))
    assert one.n_patterns > 2_048  # more than one block
    assert np.array_equal(one.parameters, two.parameters)
    assert np.array_equal(one.covariance, two.covariance)


def test_turning_every_item_turns_the_slopes_not_the_fit(
    rng: np.random.Generator,
) -> None:
    data = drawn(rng, 300, planted(rng, 5, 4))
    turned = ResponseMatrix(3 - data.codes, data.items)
    ours, other = graded_response(data), graded_response(turned)
    # the trait is turned with them
    assert other.log_likelihood == pytest.approx(ours.log_likelihood, rel=1e-13)
    for one, two in zip(ours.items, other.items, strict=True):
        assert two.slope == pytest.approx(one.slope, abs=1e-8)
        assert two.thresholds == pytest.approx(-one.thresholds[::-1], abs=1e-7)


def test_a_reverse_item_that_was_not_turned_is_named(rng: np.random.Generator) -> None:
    data = drawn(rng, 400, planted(rng, 5, 4))
    codes = data.codes.copy()
    codes[:, 2] = 3 - codes[:, 2]
    found = graded_response(ResponseMatrix(codes, data.items))
    assert [item.slope < 0 for item in found.items] == [
        False, False, True, False, False,
    ]  # fmt: skip
    [remark] = found.remarks
    assert str(remark) == (
        "Higher answers to t3 go with less of the trait; "
        "check the direction of its coding."
    )
    assert found.log_likelihood == pytest.approx(
        graded_response(data).log_likelihood, rel=1e-13
    )


def test_points_that_nobody_chose_are_named_and_left_out(
    rng: np.random.Generator,
) -> None:
    data = drawn(rng, 300, planted(rng, 4, 4))
    wider = tuple(Item(item.code, 1, 6) for item in data.items)
    codes = data.codes.copy()
    codes[:, 0] += codes[:, 0] > 1  # points 1, 2, 4, 5
    found = graded_response(ResponseMatrix(codes, wider))
    narrow = graded_response(data)
    assert found.items[0].points == (1, 2, 4, 5)
    assert found.log_likelihood == pytest.approx(narrow.log_likelihood, rel=1e-14)
    assert found.parameters == pytest.approx(narrow.parameters, abs=1e-10)
    assert "Nobody chose point 3 of t1, so that point has no threshold." in {
        str(remark) for remark in found.remarks
    }


def test_people_without_an_answer_do_not_count(rng: np.random.Generator) -> None:
    data = drawn(rng, 300, planted(rng, 4, 4))
    nobody = ResponseMatrix(np.full((7, 4), -1), data.items)
    ours, with_nobody = (
        graded_response(data),
        graded_response(data.stack([data, nobody])),
    )
    assert with_nobody.n == 300
    assert with_nobody.bic == pytest.approx(ours.bic, rel=1e-14)
    scores = eap_scores(ours, data.stack([nobody, data]))
    assert np.isnan(scores.scores[:7]).all()
    assert scores.n == 300
    assert scores.scores[7:] == pytest.approx(eap_scores(ours, data).scores)


def test_probabilities_add_up_and_reliabilities_agree(rng: np.random.Generator) -> None:
    data = drawn(rng, 3_000, planted(rng, 8, 5))
    found = graded_response(data)
    p = category_probabilities(found.items[0], np.linspace(-8, 8, 9))
    assert p.sum(axis=0) == pytest.approx(np.ones(9), abs=1e-14)
    # one from the people, one from the curve
    assert marginal_reliability(found) == pytest.approx(
        eap_scores(found, data).reliability, abs=0.02
    )


def test_fewer_answers_draw_a_score_to_the_mean(fitted: GradedResponse) -> None:
    codes = np.array([[5, 5, 5, 5, 4], [5, -1, -1, -1, -1]])
    scores = eap_scores(fitted, ResponseMatrix(codes, of_r().items))
    assert scores.scores[0] > scores.scores[1] > 0
    assert scores.errors[0] < scores.errors[1] < 1
    assert scores.answered.tolist() == [5, 1]


def test_wlsmv_comes_near_by_another_way() -> None:
    """A probit model of limited information; RMSEA .14, so not the same place."""
    data = bfi().complete_rows().select([f"N{j}" for j in range(1, 6)])
    found = graded_response(data)
    r = json.loads((REFERENCE / "grm_lavaan_wlsmv_N.json").read_text("utf-8"))
    loading = {row["rhs"]: row["est"] for row in r["parameters"] if row["op"] == "=~"}
    for item in found.items:
        cuts = [
            row["est"]
            for row in r["parameters"]
            if (row["lhs"], row["op"]) == (item.code, "|")
        ]
        assert item.slope / 1.702 == pytest.approx(loading[item.code], rel=0.12)
        ours = np.array(cuts) / loading[item.code]
        assert item.thresholds == pytest.approx(ours, abs=0.11)


def test_polychoric_factors_come_near_where_the_model_holds(
    rng: np.random.Generator,
) -> None:
    data = drawn(rng, 4_000, planted(rng, 6, 5))
    found = graded_response(data)
    correlations = polychoric(BurtTable.of(data, missing="listwise"))
    ogive = normal_ogive(correlations, efa(correlations.moments(), 1, rotation="none"))
    slope = np.abs(ogive.discrimination[:, 0])
    assert [item.slope / 1.702 for item in found.items] == pytest.approx(
        slope.tolist(), rel=0.06
    )


def test_an_item_without_curvature_stays_where_it_is() -> None:
    at, x = np.array([30.0, 9.0, 5.0, -9.0]), np.linspace(-6, 6, 61)
    found = climbing.m_step(at, Layout((4,)), np.zeros((4, 61)), x)
    assert np.array_equal(found, at)


class TestWhatIsRefused:
    def test_two_items(self, rng: np.random.Generator) -> None:
        with pytest.raises(TooFewData, match="at least 3 items; there are 2"):
            graded_response(drawn(rng, 100, planted(rng, 2, 4)))

    def test_no_more_people_than_parameters(self, rng: np.random.Generator) -> None:
        data = drawn(rng, 12, planted(rng, 3, 2))
        assert data.n > 6
        few = ResponseMatrix(data.codes[:6], data.items)
        with pytest.raises(TooFewData, match="at least 7 people; there are 6"):
            graded_response(few)

    def test_an_item_that_everybody_answered_alike(
        self, rng: np.random.Generator
    ) -> None:
        data = drawn(rng, 100, planted(rng, 4, 4))
        codes = data.codes.copy()
        codes[:, 1] = 2
        with pytest.raises(NotDefined, match="Everybody who answered t2"):
            graded_response(ResponseMatrix(codes, data.items))

    def test_an_item_that_nobody_answered(self, rng: np.random.Generator) -> None:
        data = drawn(rng, 100, planted(rng, 4, 4))
        codes = data.codes.copy()
        codes[:, 3] = -1
        with pytest.raises(TooFewData, match="Nobody answered t4"):
            graded_response(ResponseMatrix(codes, data.items))

    def test_no_people_at_all(self, rng: np.random.Generator) -> None:
        data = drawn(rng, 0, planted(rng, 4, 4))
        with pytest.raises(TooFewData, match="Nobody answered t1"):
            graded_response(data)

    def test_answers_that_repeat_one_another(self, rng: np.random.Generator) -> None:
        one = drawn(rng, 200, planted(rng, 1, 4)).codes
        items = tuple(Item(code, 1, 4) for code in "abcd")
        data = ResponseMatrix(np.repeat(one, 4, axis=1), items)
        with pytest.raises(NotDefined, match="determine the answers to a"):
            graded_response(data)

    def test_a_point_that_the_model_does_not_know(self, fitted: GradedResponse) -> None:
        items = (*of_r().items[:4], Item("C5", 1, 6))
        data = ResponseMatrix(np.array([[0, 0, 0, 0, 5]]), items)
        with pytest.raises(InvalidData, match="chose point 6 of C5"):
            eap_scores(fitted, data)

    def test_an_item_that_is_not_there(self, fitted: GradedResponse) -> None:
        with pytest.raises(InvalidData, match="no item C1"):
            eap_scores(fitted, of_r().select(["C2", "C3", "C4", "C5"]))
        with pytest.raises(InvalidData, match="no item N1"):
            fitted.item("N1")

    def test_too_few_steps(
        self, rng: np.random.Generator, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(climbing, "_NEWTON_STEPS", 1)
        with pytest.raises(NotConverged, match="did not converge"):
            graded_response(drawn(rng, 200, planted(rng, 4, 4)))

    def test_too_few_points_of_the_trait(self, rng: np.random.Generator) -> None:
        data = drawn(rng, 100, planted(rng, 4, 4))
        with pytest.raises(ValueError, match="points must be 11 or more"):
            graded_response(data, points=7)
