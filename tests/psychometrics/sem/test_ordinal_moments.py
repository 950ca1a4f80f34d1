"""Thresholds, polychoric correlations and their covariance, against lavaan."""

import json
from functools import cache
from itertools import product
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import optimize, special

from analytics.psychometrics import (
    BurtTable,
    Item,
    Matrix,
    NotDefined,
    ResponseMatrix,
    TooFewData,
    polychoric,
)
from analytics.psychometrics.compiled import Engine
from analytics.psychometrics.moments import MissingRule
from analytics.psychometrics.polychoric import Pairs
from analytics.psychometrics.sem import (
    OrdinalMoments,
    fit_model,
    ordinal_moments,
    score_products,
)
from analytics.psychometrics.sem.influence import Influence
from analytics.psychometrics.sem.score_products import people
from tests.psychometrics.cases import (
    REFERENCE,
    SCALES,
    bfi,
    coded,
    likert,
    read_columns,
)

MIXED = {"two": 2, "three": 3, "five": 5, "seven": 7}


@cache
def lavaan() -> Any:
    return json.loads((REFERENCE / "ordinal" / "moments.json").read_text("utf-8"))


@cache
def mixed_values() -> Matrix:
    """600 people of two groups; items of 2, 3, 5 and 7 points with gaps."""
    return read_columns(REFERENCE / "ordinal" / "mixed.csv", [*MIXED, "group"])


def mixed(group: int | None = None) -> ResponseMatrix:
    values = mixed_values()
    rows = np.full(len(values), True) if group is None else values[:, -1] == group
    items = [Item(name, 1, points) for name, points in MIXED.items()]
    return coded(values[rows, :-1], items)


def assert_equal_to_lavaan(found: OrdinalMoments, stored: Any) -> None:
    assert found.n == stored["n"]
    np.testing.assert_allclose(
        np.concatenate(found.thresholds),
        list(stored["thresholds"].values()),
        rtol=0,
        atol=1e-13,
    )
    # lavaan's search for a correlation stops at a relative tolerance of 1e-8 or so
    np.testing.assert_allclose(
        found.correlations, stored["correlations"], rtol=0, atol=2e-7
    )
    gamma = np.array(stored["gamma"])
    assert_close(found.gamma, gamma, atol=1e-6)


def assert_close(found: Matrix, gamma: Matrix, *, atol: float) -> None:
    """Compare covariances on the scale of correlations."""
    sd = np.sqrt(np.diag(gamma))
    np.testing.assert_allclose(
        found / np.outer(sd, sd), gamma / np.outer(sd, sd), rtol=0, atol=atol
    )


@pytest.mark.parametrize("missing", ["listwise", "pairwise"])
def test_moments_of_six_points_equal_lavaan(missing: MissingRule) -> None:
    found = ordinal_moments(bfi().select(SCALES["N"]), missing=missing)
    assert found.names == tuple(SCALES["N"])
    assert_equal_to_lavaan(found, lavaan()[f"bfi_{missing}"])


@pytest.mark.parametrize("missing", ["listwise", "pairwise"])
def test_moments_of_unequal_items_equal_lavaan(missing: MissingRule) -> None:
    found = ordinal_moments(mixed(), missing=missing)
    assert [len(of) for of in found.thresholds] == [1, 2, 4, 6]
    assert_equal_to_lavaan(found, lavaan()[f"mixed_{missing}"])


@pytest.mark.parametrize("missing", ["listwise", "pairwise"])
@pytest.mark.parametrize("group", [1, 2])
def test_moments_of_groups_equal_lavaan(missing: MissingRule, group: int) -> None:
    stored = lavaan()[f"mixed_groups_{missing}"][group - 1]
    assert_equal_to_lavaan(ordinal_moments(mixed(group), missing=missing), stored)


LEGENDRE = np.polynomial.legendre.leggauss(40)


class TwoSteps:
    """The estimator written anew: a weight for each of the patterns of three items."""

    LOADINGS = np.array([0.8, 0.7, 0.6])
    CUTS = (np.array([-0.6, 0.7]), np.array([-0.2, 1.0]), np.array([-1.0, 0.1]))

    def __init__(self) -> None:
        self.patterns = np.array(list(product(range(3), repeat=3)))

    def probabilities(self) -> Matrix:
        """Of the patterns, by Gauss-Hermite quadrature over the common factor."""
        nodes, weights = np.polynomial.hermite_e.hermegauss(60)
        rest = np.sqrt(1 - self.LOADINGS**2)
        of_items = []
        for cuts, loading, sd in zip(self.CUTS, self.LOADINGS, rest, strict=True):
            below = special.ndtr((cuts - loading * nodes[:, None]) / sd)
            of_items.append(np.diff(np.pad(below, ((0, 0), (1, 0))), append=1.0))
        joint = np.einsum("x,xa,xb,xc->abc", weights / weights.sum(), *of_items)
        found: Matrix = joint.ravel()
        return found

    def estimates(self, weights: Matrix) -> Matrix:
        """Thresholds, then correlations, (9,)."""
        cuts, found = [], []
        for j in range(3):
            shares = np.bincount(self.patterns[:, j], weights) / weights.sum()
            cuts.append(special.ndtri(np.cumsum(shares)[:-1]))
        for i, j in ((0, 1), (0, 2), (1, 2)):
            joint = self.patterns[:, i] * 3 + self.patterns[:, j]
            table = np.bincount(joint, weights).astype(np.float64)
            found.append(self.correlation(table, cuts[i], cuts[j]))
        return np.array([*np.concatenate(cuts), *found])

    def correlation(self, table: Matrix, h: Matrix, g: Matrix) -> float:
        def slope(r: float, step: float = 1e-4) -> float:
            up, down = (np.log(self.cells(h, g, r + of)) for of in (step, -step))
            return float(table @ (up - down)) / (2 * step)

        return float(optimize.newton(slope, 0.4, x1=0.5, tol=1e-13))

    def cells(self, h: Matrix, g: Matrix, r: float) -> Matrix:
        """Integrate over the first variable, one interval between cuts at a time."""
        nodes, weights = LEGENDRE
        edges = np.array([-8.0, *h, 8.0])
        half = np.diff(edges)[:, None] / 2
        x = edges[:-1, None] + half * (nodes + 1)
        density = np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi) * weights * half
        below = special.ndtr((g[:, None, None] - r * x) / np.sqrt(1 - r**2))
        a, b = (below * density).sum(axis=2)
        return np.stack([a, b - a, density.sum(axis=1) - b], axis=1).ravel()


def test_where_the_normal_model_holds_gamma_is_the_infinitesimal_jackknife() -> None:
    """Derivatives of the whole estimator by the weight of each pattern.

    Sums of products of scores stand for second derivatives only where the shares of
    the cells are those of the model: hence counts proportional to probabilities.
    """
    two_steps = TwoSteps()
    counts = np.rint(two_steps.probabilities() * 400_000)
    codes = np.repeat(two_steps.patterns, counts.astype(np.int64), axis=0)
    data = ResponseMatrix(
        codes.astype(np.int8), tuple(Item(name, 1, 3) for name in "abc")
    )
    found = ordinal_moments(data, missing="listwise")
    np.testing.assert_allclose(
        np.concatenate([*found.thresholds, found.correlations[[0, 0, 1], [1, 2, 2]]]),
        two_steps.estimates(counts),
        rtol=0,
        atol=1e-8,
    )
    step = counts.sum() * 1e-5
    moved = np.array(
        [
            two_steps.estimates(counts + step * unit)
            - two_steps.estimates(counts - step * unit)
            for unit in np.eye(len(counts))
        ]
    ) / (2 * step)
    # the rounding of the counts is what is left
    assert_close(found.gamma, counts.sum() * (moved.T * counts) @ moved, atol=2e-4)
    se = polychoric(BurtTable.of(data, missing="listwise")).se[[0, 0, 1], [1, 2, 2]]
    ours = np.sqrt(np.diag(found.gamma)[6:] / found.n)
    np.testing.assert_allclose(ours, se, rtol=2e-4)


def parts(found: OrdinalMoments) -> tuple[Matrix, Matrix, Matrix]:
    return np.concatenate(found.thresholds), found.correlations, found.gamma


def assert_same(one: OrdinalMoments, other: OrdinalMoments) -> None:
    """Equal up to the rounding of sums in another order."""
    assert one.n == other.n
    for ours, theirs in zip(parts(one), parts(other), strict=True):
        np.testing.assert_allclose(
            ours, theirs, rtol=0, atol=1e-12 * np.abs(theirs).max()
        )


def test_the_order_of_people_does_not_matter(rng: np.random.Generator) -> None:
    data = likert(rng, 700, 6, holes=0.05)
    other = ResponseMatrix(rng.permutation(data.codes), data.items)
    found = ordinal_moments(data, missing="pairwise")
    assert_same(ordinal_moments(other, missing="pairwise"), found)


def test_the_order_of_items_moves_rows_and_columns() -> None:
    data = mixed()
    found = ordinal_moments(data, missing="pairwise")
    turned = ordinal_moments(
        data.select(["seven", "two", "five", "three"]), missing="pairwise"
    )
    # thresholds of seven, two, five, three; pairs 30 32 31 | 20 10 | 21 of the first
    order = [*range(7, 13), 0, *range(3, 7), 1, 2, 15, 18, 17, 14, 13, 16]
    assert_close(turned.gamma, found.gamma[np.ix_(order, order)], atol=1e-9)


def test_a_reversed_item_turns_its_signs(rng: np.random.Generator) -> None:
    data = likert(rng, 500, 3)
    codes = data.codes.copy()
    codes[:, 1] = 4 - codes[:, 1]
    found = ordinal_moments(data, missing="listwise")
    turned = ordinal_moments(ResponseMatrix(codes, data.items), missing="listwise")
    np.testing.assert_allclose(
        turned.thresholds[1], -found.thresholds[1][::-1], rtol=0, atol=1e-12
    )
    order = [0, 1, 2, 3, 7, 6, 5, 4, *range(8, 15)]
    sign = np.ones(15)
    sign[[4, 5, 6, 7, 12, 14]] = -1
    expected = (np.outer(sign, sign) * found.gamma)[np.ix_(order, order)]
    assert_close(turned.gamma, expected, atol=1e-9)


def test_equal_rows_count_as_often_as_they_come(rng: np.random.Generator) -> None:
    """Teams of one are never collapsed."""
    few = likert(rng, 3_000, 4, holes=0.02)
    found = ordinal_moments(few, missing="pairwise")
    assert people(few).counts is not None
    alone = ordinal_moments(few, missing="pairwise", clusters=range(few.n))
    assert alone.clusters == few.n
    gamma = found.gamma * few.n / (few.n - 1)
    np.testing.assert_allclose(alone.gamma, gamma, rtol=0, atol=1e-11)


def test_everybody_twice_moves_n_only(rng: np.random.Generator) -> None:
    once = likert(rng, 400, 30)
    found = ordinal_moments(once, missing="listwise")
    twice = ordinal_moments(ResponseMatrix.stack([once, once]), missing="listwise")
    assert (found.n, twice.n) == (400, 800)
    assert_close(twice.gamma, found.gamma, atol=1e-10)


@pytest.mark.parametrize("p", [3, 40])
def test_distinct_rows_are_those_of_the_data(rng: np.random.Generator, p: int) -> None:
    """Forty items of six states are more than one whole number holds."""
    codes = likert(rng, 50, p, holes=0.1).codes[rng.integers(0, 50, 300)]
    data = ResponseMatrix(codes, tuple(Item(f"t{j}", 1, 5) for j in range(p)))
    drawn = people(data)
    rows, counts = drawn.codes, drawn.counts
    assert counts is not None
    expected, often = np.unique(codes, axis=0, return_counts=True)
    order = np.lexsort(rows.T[::-1])
    np.testing.assert_array_equal(rows[order], expected)
    np.testing.assert_array_equal(counts[order], often)


def test_rows_that_all_differ_stay_as_they_are(rng: np.random.Generator) -> None:
    data = likert(rng, 60, 40)
    drawn = people(data)
    assert drawn.codes is data.codes
    assert drawn.counts is None


def test_the_size_of_chunks_does_not_matter(
    rng: np.random.Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = likert(rng, 1_000, 8)
    found = ordinal_moments(data, missing="listwise")
    monkeypatch.setattr(score_products, "_ROWS_AT_ONCE", 7)
    assert_same(ordinal_moments(data, missing="listwise"), found)


@pytest.mark.parametrize("engine", ["numpy", "compiled"])
def test_engines_and_threads_agree(
    rng: np.random.Generator, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = likert(rng, 2_000, 12, holes=0.05)
    monkeypatch.setattr(score_products, "_ROWS_AT_ONCE", 300)
    expected = ordinal_moments(data, missing="pairwise", engine="numpy", threads=1)
    one, two = (
        ordinal_moments(data, missing="pairwise", engine=engine, threads=threads)
        for threads in (1, 2)
    )
    for ours, theirs in zip(parts(one), parts(two), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    assert_same(one, expected)


def teams_of(sizes: list[int]) -> NDArray[np.str_]:
    return np.repeat([f"team {t:03}" for t in range(len(sizes))], sizes)


SIZES = [1, 9, 700, 3, 3, 60, 1, 223]


def test_scores_are_summed_by_team(rng: np.random.Generator) -> None:
    """Person by person from the tables of influence, summed by a dictionary."""
    data = likert(rng, sum(SIZES), 4, holes=0.05)
    names = rng.permutation(teams_of(SIZES))
    found = ordinal_moments(data, missing="pairwise", clusters=names)
    table = BurtTable.of(data, missing="pairwise")
    pairs = Pairs.of(table)
    r = found.correlations[pairs.i, pairs.j]
    influence = Influence.of(pairs, (5,) * 4, r, 1)
    totals: dict[str, Matrix] = {}
    for name, row in zip(names, data.codes + 1, strict=True):
        at = [6 * row[i] + row[j] for i, j in zip(pairs.i, pairs.j, strict=True)]
        moved = [
            *(influence.of_thresholds[t, row[t // 4]] for t in range(16)),
            *influence.of_correlations[range(6), at],
        ]
        totals[name] = totals.get(name, 0) + np.array(moved)
    by_team = np.array(list(totals.values()))
    assert found.clusters == len(SIZES)
    expected = data.n * 8 / 7 * by_team.T @ by_team
    assert_close(found.gamma, expected, atol=1e-11)


@pytest.mark.parametrize("rows", [1, 50, 333, 5_000])
def test_teams_may_begin_and_end_anywhere_in_a_chunk(
    rng: np.random.Generator, monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    data, names = likert(rng, sum(SIZES), 3), teams_of(SIZES)
    found = ordinal_moments(data, missing="listwise", clusters=names)
    monkeypatch.setattr(score_products, "_ROWS_AT_ONCE", rows)
    monkeypatch.setattr(score_products, "_STRIPES", 3)
    one, two = (
        ordinal_moments(data, missing="listwise", clusters=names, threads=threads)
        for threads in (1, 2)
    )
    np.testing.assert_array_equal(one.gamma, two.gamma)
    assert_same(one, found)


def test_teams_of_two_equal_people_double_the_covariance(
    rng: np.random.Generator,
) -> None:
    once = likert(rng, 300, 4)
    twice = ResponseMatrix.stack([once, once])
    clusters = np.tile(np.arange(300), 2)
    found = ordinal_moments(twice, missing="listwise", clusters=clusters)
    plain = ordinal_moments(once, missing="listwise")
    assert_close(found.gamma, 2 * 300 / 299 * plain.gamma, atol=1e-10)


def test_people_who_count_nowhere_leave_their_team(rng: np.random.Generator) -> None:
    data = likert(rng, 400, 3, holes=0.1)
    clusters = np.arange(400) % 50
    found = ordinal_moments(data, missing="listwise", clusters=clusters)
    complete = (data.codes >= 0).all(axis=1)
    expected = ordinal_moments(
        data.complete_rows(), missing="listwise", clusters=clusters[complete]
    )
    assert_same(found, expected)


def test_a_fit_takes_teams_as_they_are(rng: np.random.Generator) -> None:
    """Everybody and a double in one team: errors as of the singles, and few teams."""
    once = likert(rng, 19 * 20, 5)
    model = "f =~ t1 + t2 + t3"  # a part of the items
    twice = ResponseMatrix.stack([once, once])
    clusters = np.tile(np.arange(once.n), 2)
    plain = fit_model(
        model, ordinal_moments(once, missing="listwise"), estimator="WLSMV"
    )
    paired = fit_model(
        model,
        ordinal_moments(twice, missing="listwise", clusters=clusters),
        estimator="WLSMV",
    )
    few = fit_model(
        model,
        ordinal_moments(once, missing="listwise", clusters=np.arange(once.n) % 19),
        estimator="WLSMV",
    )
    # G/(G - 1) of the teams, and n - 1 where the fit divides the covariance by n
    scale = np.sqrt(twice.n / (twice.n - 1))
    for one, other in zip(paired.parameters, plain.parameters, strict=True):
        assert one.value.se == (
            other.value.se and pytest.approx(scale * other.value.se, rel=1e-6)
        )
    assert "few-clusters" not in [reason.code for reason in paired.warnings]
    assert "few-clusters" in [reason.code for reason in few.warnings]


def test_one_team_is_too_few(rng: np.random.Generator) -> None:
    with pytest.raises(TooFewData, match="at least 2 groups; there are 1"):
        ordinal_moments(likert(rng, 100, 3), missing="listwise", clusters=["a"] * 100)


def test_every_row_has_a_team(rng: np.random.Generator) -> None:
    with pytest.raises(ValueError, match="Every row needs the name of its team"):
        ordinal_moments(likert(rng, 100, 3), missing="listwise", clusters=["a", "b"])


def test_without_gaps_pairwise_is_listwise(rng: np.random.Generator) -> None:
    data = likert(rng, 500, 5)
    pairwise = ordinal_moments(data, missing="pairwise")
    for ours, theirs in zip(
        parts(pairwise), parts(ordinal_moments(data, missing="listwise")), strict=True
    ):
        np.testing.assert_array_equal(ours, theirs)


def test_people_without_any_answer_count_nowhere(rng: np.random.Generator) -> None:
    data = likert(rng, 300, 4)
    silent = ResponseMatrix(np.full((20, 4), -1, dtype=np.int8), data.items)
    found = ordinal_moments(ResponseMatrix.stack([data, silent]), missing="pairwise")
    assert_same(found, ordinal_moments(data, missing="pairwise"))


def test_gamma_is_symmetric_and_can_be_inverted(rng: np.random.Generator) -> None:
    found = ordinal_moments(likert(rng, 2_000, 6), missing="listwise")
    np.testing.assert_array_equal(found.gamma, found.gamma.T)
    assert np.linalg.eigvalsh(found.gamma)[0] > 0
    assert not found.gamma.flags.writeable


def answers(rows: list[list[int]], *, reverse: bool = False) -> ResponseMatrix:
    raw: NDArray[np.int64] = np.array(rows)
    items = [Item("a", 1, 3), Item("b", 1, 3, reverse=reverse)]
    return ResponseMatrix.from_raw(raw[:, : len(items)], items[: raw.shape[1]])


@pytest.mark.parametrize("reverse", [False, True])
def test_a_point_that_nobody_chose_is_named_as_it_was_shown(reverse: bool) -> None:
    data = answers([[1, 1], [2, 2], [3, 1], [1, 2], [2, 1]], reverse=reverse)
    with pytest.raises(NotDefined, match="Nobody chose point 3 of b, so its thresh"):
        ordinal_moments(data, missing="listwise")


def test_a_constant_item_has_no_moments() -> None:
    with pytest.raises(NotDefined, match="Everybody who answered b gave the same"):
        ordinal_moments(answers([[1, 2], [2, 2], [3, 2]]), missing="listwise")


def test_items_that_determine_each_other_have_no_moments() -> None:
    data = answers([[1, 1], [2, 2], [3, 3], [1, 1], [2, 2], [3, 3]])
    with pytest.raises(NotDefined, match="The answers to a determine those to b"):
        ordinal_moments(data, missing="listwise")


@pytest.mark.parametrize(
    ("rows", "missing", "sentence"),
    [
        ([[1, 2]], "listwise", "needs the answers of at least 2 people; there are 1"),
        ([[1], [2], [3]], "listwise", "needs at least 2 items; there are 1"),
        (
            [[1, -1], [2, -1], [3, -1], [-1, 1], [-1, 2], [-1, 3]],
            "pairwise",
            "Fewer than two people answered both a and b",
        ),
        ([[1, -1], [-1, 3]], "listwise", "at least 2 people; there are 0"),
    ],
)
def test_too_few_data_are_told(
    rows: list[list[int]], missing: MissingRule, sentence: str
) -> None:
    with pytest.raises(TooFewData, match=sentence):
        ordinal_moments(answers(rows), missing=missing)
