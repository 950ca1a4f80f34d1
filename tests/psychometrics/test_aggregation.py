"""ICC(1) and ICC(2) against R, and against the likelihood written out in full."""

from pathlib import Path

import numpy as np
import pytest
from scipy import optimize, stats

from analytics.psychometrics import IccMethod, Matrix, NotDefined, TooFewData, icc
from analytics.psychometrics.aggregation import _deviance, _deviance_slope, _layout

from .cases import REFERENCE, read_columns, reference

METHODS: list[IccMethod] = ["anova", "anova-unbiased", "reml"]

# Shrout & Fleiss (1979), Psychological Bulletin 86, table 2: six targets, four judges
JUDGED = np.array(
    [
        [9, 2, 5, 8],
        [6, 1, 3, 2],
        [8, 4, 6, 8],
        [7, 1, 2, 6],
        [10, 5, 6, 9],
        [6, 2, 4, 7],
    ],
    dtype=np.float64,
)


def unequal(rng: np.random.Generator, between: float) -> tuple[Matrix, list[str]]:
    """Values in nine groups of 1 to 20 members."""
    sizes = [1, 1, 2, 3, 4, 7, 12, 15, 20]
    groups = [f"g{i}" for i, size in enumerate(sizes) for _ in range(size)]
    effect = np.repeat(between * rng.standard_normal(9), sizes)
    return 50 + effect + rng.standard_normal(len(groups)), groups


def test_anova_equals_multilevel() -> None:
    stored = reference("multilevel_rwg_icc")
    table = read_columns(REFERENCE / "data" / "bh1996_sub.csv", ["LEAD", "GRP"])
    found = icc(table[:, 0], table[:, 1].astype(int).tolist(), method="anova")
    assert found.icc1.estimate == pytest.approx(stored["ICC1"], abs=1e-12)
    assert found.icc2.estimate == pytest.approx(stored["ICC2"], abs=1e-12)
    assert found.f == pytest.approx(stored["anova"]["F"], abs=1e-12)
    assert found.ms_between == pytest.approx(stored["anova"]["MSB"], abs=1e-12)
    assert found.ms_within == pytest.approx(stored["anova"]["MSW"], abs=1e-12)
    assert (found.n, found.n_groups, found.n_single) == (7382, 99, 0)
    assert 0 < found.p < 1e-100


def test_one_size_of_groups_equals_psych() -> None:
    # psych takes its mean squares from lmer, whose optimum is good to six digits
    close = 1e-5
    stored = {row["type"]: row for row in reference("icc_psych_sf")}
    one, many = stored["ICC1"], stored["ICC1k"]
    for method in METHODS:
        found = icc(JUDGED.ravel(), np.repeat(range(6), 4).tolist(), method=method)
        for ours, theirs in ((found.icc1, one), (found.icc2, many)):
            expected = [theirs[key] for key in ("ICC", "lower.bound", "upper.bound")]
            assert [ours.estimate, ours.low, ours.high] == pytest.approx(
                expected, rel=0, abs=close
            )
        assert found.f == pytest.approx(one["F"], rel=0, abs=close)
        assert found.p == pytest.approx(one["p"], rel=0, abs=close)
        assert (found.df_between, found.df_within) == (one["df1"], one["df2"])
        assert found.group_size == found.mean_size == 4


def test_one_size_of_groups_equals_the_closed_forms() -> None:
    # Shrout & Fleiss (1979), the intervals of ICC(1,1) and ICC(1,k)
    k, targets = 4, JUDGED.mean(axis=1)
    msb = k * targets.var(ddof=1)
    msw = np.square(JUDGED - targets[:, None]).sum() / 18
    f = msb / msw
    low, high = f / stats.f.ppf([0.95, 0.05], 5, 18)
    expected = np.array([f, low, high])
    for method in METHODS:
        found = icc(
            JUDGED.ravel(),
            np.repeat(range(6), 4).tolist(),
            method=method,
            confidence=0.9,
        )
        for ours, theirs in (
            (found.icc1, (expected - 1) / (expected + k - 1)),
            (found.icc2, 1 - 1 / expected),
        ):
            assert [ours.estimate, ours.low, ours.high] == pytest.approx(
                theirs, rel=0, abs=1e-12
            )
        assert found.p == pytest.approx(stats.f.sf(f, 5, 18), rel=1e-12)


def test_reml_equals_the_published_share_of_well_being() -> None:
    # Bliese's manual of multilevel, section on the null model of well-being:
    # lme gives 0.03580079 between and 0.78949727 within
    table = read_columns(REFERENCE / "data" / "bh1996_sub.csv", ["WBEING", "GRP"])
    found = icc(table[:, 0], table[:, 1].astype(int).tolist(), method="reml")
    published = 0.03580079 / (0.03580079 + 0.78949727)
    assert found.icc1.estimate == pytest.approx(published, abs=2e-6)


@pytest.mark.parametrize("between", [0.3, 1.0, 5.0])
def test_reml_maximises_the_likelihood_written_out(
    rng: np.random.Generator, between: float
) -> None:
    x, groups = unequal(rng, between)
    same = np.array([[a == b for b in groups] for a in groups], dtype=np.float64)
    ones = np.ones((len(x), 1))

    def deviance(logs: Matrix) -> float:
        V = np.exp(logs[0]) * same + np.exp(logs[1]) * np.eye(len(x))
        inside = ones.T @ np.linalg.solve(V, ones)
        centred = x - np.linalg.solve(inside, ones.T @ np.linalg.solve(V, x))
        log_dets = np.linalg.slogdet(V)[1] + np.linalg.slogdet(inside)[1]
        return float(log_dets + centred @ np.linalg.solve(V, centred))

    best = optimize.minimize(
        deviance,
        [0, 0],
        method="Nelder-Mead",
        options={"xatol": 1e-9, "fatol": 1e-12, "maxiter": 5000},
    )
    expected = np.exp(best.x[0]) / np.exp(best.x).sum()
    found = icc(x, groups, method="reml")
    assert found.icc1.estimate == pytest.approx(expected, abs=1e-6)
    assert not found.at_boundary


def test_the_slope_of_the_likelihood_equals_finite_differences(
    rng: np.random.Generator,
) -> None:
    layout = _layout(*unequal(rng, 1.0))
    for ratio in (0.01, 0.3, 2.0, 40.0):
        step = 1e-6 * ratio
        ahead, behind = _deviance(layout, ratio + step), _deviance(layout, ratio - step)
        slope = (ahead - behind) / (2 * step)
        assert _deviance_slope(layout, ratio) == pytest.approx(slope, rel=1e-5)


def test_the_two_group_sizes_of_anova_are_those_of_their_formulas(
    rng: np.random.Generator,
) -> None:
    x, groups = unequal(rng, 1.0)
    sizes = np.array([groups.count(name) for name in sorted(set(groups))])
    n, g = len(x), len(sizes)
    plain, unbiased = (icc(x, groups, method=method) for method in METHODS[:2])
    assert plain.group_size == plain.mean_size == n / g
    assert unbiased.group_size == pytest.approx((n - (sizes**2).sum() / n) / (g - 1))
    for found in (plain, unbiased):
        between = (found.ms_between - found.ms_within) / found.group_size
        share = between / (between + found.ms_within)
        assert found.icc1.estimate == pytest.approx(share)
    assert plain.icc2.estimate == pytest.approx(1 - 1 / plain.f)
    assert plain.n_single == 2


def test_the_interval_covers_unequal_groups_as_often_as_it_says() -> None:
    rng = np.random.default_rng(31)
    hits = 0
    for _ in range(1000):
        x, groups = unequal(rng, 0.7)
        low = (found := icc(x, groups, method="anova").icc1).low
        assert low is not None
        assert found.high is not None
        hits += low <= 0.49 / 1.49 <= found.high
    # 95 % with a standard error of 0.7 points
    assert 928 <= hits <= 971


@pytest.mark.parametrize("method", METHODS)
def test_shift_scale_order_and_names_do_not_matter(
    rng: np.random.Generator, method: IccMethod
) -> None:
    x, groups = unequal(rng, 1.0)
    here = icc(x, groups, method=method)
    order = rng.permutation(len(x))
    renamed = [f"team {groups[i][::-1]}" for i in order]
    there = icc(1000 - 3 * x[order], renamed, method=method)
    for ours, theirs in ((here.icc1, there.icc1), (here.icc2, there.icc2)):
        assert [ours.estimate, ours.low, ours.high] == pytest.approx(
            [theirs.estimate, theirs.low, theirs.high], rel=1e-8
        )
    assert there.ms_within == pytest.approx(9 * here.ms_within)


def test_missing_values_leave_with_their_row(rng: np.random.Generator) -> None:
    x, groups = unequal(rng, 1.0)
    gaps = np.append(x, [np.nan, np.nan])
    there = icc(gaps, [*groups, "g3", "of nobody"], method="anova")
    assert there == icc(x, groups, method="anova")


def test_members_less_alike_than_people_at_large_are_said_to_be_so() -> None:
    x = np.array([1.0, 5, 2, 5, 1, 4.5])
    groups = list("aabbcc")
    plain, reml = (icc(x, groups, method=method) for method in ("anova", "reml"))
    assert plain.icc1.estimate < 0
    assert plain.icc2.estimate < 0
    assert reml.icc1.estimate == reml.icc2.estimate == 0
    assert reml.at_boundary
    assert not plain.at_boundary


def test_edges_are_sentences() -> None:
    four = np.array([1.0, 2, 3, 4])
    for method in METHODS:
        with pytest.raises(TooFewData, match="at least 2 groups; there are 1"):
            icc(four, list("aaaa"), method=method)
        with pytest.raises(TooFewData, match="every group has only one"):
            icc(four, list("abcd"), method=method)
        with pytest.raises(TooFewData, match="there are 0"):
            icc(np.full(4, np.nan), list("abcd"), method=method)
        with pytest.raises(NotDefined, match="all values of a variable"):
            icc(np.full(4, 0.1), list("aabb"), method=method)
        with pytest.raises(NotDefined, match="within every group all values"):
            icc(np.array([0.1, 0.1, 7, 7]), list("aabb"), method=method)
        with pytest.raises(NotDefined, match="means of all groups are the same"):
            icc(np.array([0.1, 0.3, 0.3, 0.1]), list("aabb"), method=method)


UNIT_CLIMATE = ["AF06", "AF07", "AP12", "AP17", "AP33", "AP34"]


def test_icc_of_99_army_units_equals_plain_loops(shared_data: Path) -> None:
    items = ["AS14", "AS15", "AS16", "AS17", "AS28", *UNIT_CLIMATE]
    table = read_columns(shared_data / "bhr2000.csv", [*items, "GRP"])
    score, unit = table[:, :-1].mean(axis=1), table[:, -1].astype(int).tolist()
    members: dict[int, list[float]] = {}
    for name, value in zip(unit, score.tolist(), strict=True):
        members.setdefault(name, []).append(value)
    mean = sum(score) / len(score)
    between = within = 0.0
    for values in members.values():
        own = sum(values) / len(values)
        between += len(values) * (own - mean) ** 2
        within += sum((value - own) ** 2 for value in values)
    k = len(score) / len(members)
    msb, msw = between / (len(members) - 1), within / (len(score) - len(members))
    found = icc(score, unit, method="anova")
    assert found.n_groups == 99
    assert found.n == 5400
    expected = (msb - msw) / (msb + (k - 1) * msw)
    assert found.icc1.estimate == pytest.approx(expected, rel=1e-10)
    assert found.icc2.estimate == pytest.approx((msb - msw) / msb, rel=1e-10)
