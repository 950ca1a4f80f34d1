import math
from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from analytics.psychometrics import (
    alpha_sample_size,
    correlation_power,
    correlation_sample_size,
    difference_power,
    icc,
    icc2_groups,
    icc2_members,
    interval_sample_size,
    moments,
    omega_sample_size,
    omega_total,
    regression_power,
    regression_sample_size,
    rmsea_power,
    rmsea_sample_size,
    smallest_difference,
)
from analytics.psychometrics.estimate import fisher_interval
from tests.psychometrics.cases import correlated, reference


def test_sizes_agree_with_semtools_and_pwr() -> None:
    stored = reference("power")
    power = rmsea_power(301, 24, null=0.05, true=0.08)
    assert power == pytest.approx(stored["findRMSEApower"], rel=1e-12)
    n = rmsea_sample_size(24, null=0.05, true=0.08, power=0.8)
    assert np.ceil(n) == stored["findRMSEAsamplesize"]
    n = correlation_sample_size(0.2, power=0.8)
    assert n == pytest.approx(stored["pwr_r"], rel=1e-8)
    n = regression_sample_size(3, 0.05, power=0.8)
    assert n - 4 == pytest.approx(stored["pwr_f2"], rel=1e-8)


def test_the_table_of_maccallum_browne_and_sugawara() -> None:
    """Least n for power .80 at df 5, 50, 100: 1,463, 214 and 132 (their table 4)."""
    sizes = [
        np.ceil(rmsea_sample_size(df, null=0.05, true=0.08, power=0.8))
        for df in (5, 50, 100)
    ]
    np.testing.assert_allclose(sizes, [1463, 214, 132], atol=1)


@pytest.mark.parametrize(
    ("size", "reached"),
    [
        (
            rmsea_sample_size(50, null=0.05, true=0.01, power=0.7),
            lambda n: rmsea_power(n, 50, null=0.05, true=0.01),
        ),
        (
            correlation_sample_size(-0.3, power=0.7),
            lambda n: correlation_power(n, -0.3),
        ),
        (
            regression_sample_size(5, 0.1, power=0.7),
            lambda n: regression_power(n, 5, 0.1),
        ),
    ],
)
def test_a_size_has_just_the_power_asked_for(
    size: float, reached: Callable[[float], float]
) -> None:
    assert reached(size) == pytest.approx(0.7, abs=1e-7)
    assert reached(size - 1) < 0.7 < reached(size + 1)


def test_two_groups_need_twice_the_people_less_one() -> None:
    one = rmsea_sample_size(24, null=0.05, true=0.08, power=0.8)
    two = rmsea_sample_size(24, null=0.05, true=0.08, power=0.8, groups=2)
    assert two - 1 == pytest.approx(2 * (one - 1))


def test_an_interval_is_as_wide_as_planned() -> None:
    n = interval_sample_size(0.4, width=0.1)
    low, high = fisher_interval(0.4, round(n), 0.95)
    assert high - low == pytest.approx(0.1, abs=1e-4)


def feldt_quantiles(n: float) -> list[float]:
    """Of six items, from SciPy."""
    return [float(stats.f.ppf(tail, n - 1, (n - 1) * 5)) for tail in (0.025, 0.975)]


def test_the_size_for_an_alpha_is_the_first_whose_interval_is_narrow_enough() -> None:
    def width(n: int) -> float:
        ends = feldt_quantiles(n)
        return 0.2 * (ends[1] - ends[0])

    first = next(n for n in range(10, 2000) if width(n) <= 0.08)
    assert math.ceil(alpha_sample_size(0.8, 6, width=0.08)) == first


def test_the_size_for_an_alpha_is_near_bonetts_formula() -> None:
    """Bonett (2002): n = 8k/(k - 1) (z / ln e)^2 + 2, e = (1 - L)/(1 - U)."""
    n = alpha_sample_size(0.8, 6, width=0.08)
    ends = feldt_quantiles(n)
    about = 8 * 6 / 5 * (1.959964 / np.log(ends[1] / ends[0])) ** 2 + 2
    assert n == pytest.approx(about, rel=0.01)


def test_the_interval_of_omega_is_as_wide_as_planned() -> None:
    loadings = np.array([0.5, 0.6, 0.7, 0.8])
    R = np.outer(loadings, loadings)
    np.fill_diagonal(R, 1)
    n = omega_sample_size(loadings, width=0.1)
    for people, within in ((math.floor(n), False), (math.ceil(n), True)):
        found = omega_total(correlated(R, n=people))
        assert found.high is not None
        assert found.low is not None
        assert (found.high - found.low <= 0.1) is within


def test_simulated_intervals_of_omega_are_as_wide_as_planned(
    rng: np.random.Generator,
) -> None:
    loadings = np.array([0.5, 0.6, 0.7, 0.8])
    n = round(omega_sample_size(loadings, width=0.1))
    widths = []
    for _ in range(100):
        x = rng.standard_normal((n, 1)) * loadings
        x += rng.standard_normal((n, 4)) * np.sqrt(1 - loadings**2)
        found = omega_total(moments(x, list("abcd"), missing="listwise"))
        assert found.high is not None
        assert found.low is not None
        widths.append(found.high - found.low)
    assert np.mean(widths) == pytest.approx(0.1, rel=0.03)


def test_members_for_the_mean_of_a_team_turn_spearman_and_brown_round() -> None:
    k = icc2_members(0.1, icc2=0.7)
    assert k == pytest.approx(21)
    assert k * 0.1 / (1 + (k - 1) * 0.1) == pytest.approx(0.7)


def test_the_interval_of_so_many_equal_groups_is_as_wide_as_planned(
    rng: np.random.Generator,
) -> None:
    """`icc` on balanced groups, whose own ICC(2) the plan is then asked about."""
    groups, members = 40, 10
    level = np.repeat(rng.standard_normal(groups), members)
    values = level + 1.5 * rng.standard_normal(groups * members)
    named = [k for k in range(groups) for _ in range(members)]
    found = icc(values, named, method="anova")
    assert found.icc2.high is not None
    assert found.icc2.low is not None
    width = found.icc2.high - found.icc2.low
    planned = icc2_groups(found.icc2.estimate, members=members, width=width)
    assert planned == pytest.approx(groups, rel=1e-6)


def test_more_is_needed_for_less_width_and_for_less_reliability() -> None:
    assert alpha_sample_size(0.8, 6, width=0.04) > 3 * alpha_sample_size(
        0.8, 6, width=0.08
    )
    assert alpha_sample_size(0.6, 6, width=0.08) > alpha_sample_size(0.8, 6, width=0.08)
    assert omega_sample_size([0.5] * 4, width=0.1) > omega_sample_size(
        [0.7] * 4, width=0.1
    )
    assert icc2_groups(0.7, members=8, width=0.1) > icc2_groups(
        0.7, members=8, width=0.2
    )


def test_the_simulated_power_of_a_correlation() -> None:
    rng, n, r = np.random.default_rng(2), 60, 0.35
    x = rng.standard_normal((4000, n))
    y = r * x + np.sqrt(1 - r**2) * rng.standard_normal((4000, n))
    x, y = (z - z.mean(axis=1, keepdims=True) for z in (x, y))
    found = (x * y).sum(1) / np.sqrt((x**2).sum(1) * (y**2).sum(1))
    t = found * np.sqrt((n - 2) / (1 - found**2))
    share = (np.abs(t) > 2.0017).mean()
    assert share == pytest.approx(correlation_power(n, r), abs=0.02)


def test_what_cannot_be_planned_is_refused() -> None:
    with pytest.raises(ValueError, match="Two different values"):
        rmsea_power(100, 10, null=0.05, true=0.05)
    with pytest.raises(ValueError, match="not be 0"):
        correlation_sample_size(0.0, power=0.8)
    with pytest.raises(ValueError, match="above 0"):
        regression_sample_size(3, 0.0, power=0.8)
    with pytest.raises(ValueError, match="width"):
        interval_sample_size(0.3, width=0.0)
    with pytest.raises(ValueError, match="alpha below 1"):
        alpha_sample_size(1.0, 4, width=0.1)
    with pytest.raises(ValueError, match="Three loadings"):
        omega_sample_size([0.7, 0.7], width=0.1)
    with pytest.raises(ValueError, match="between 0 and 1"):
        icc2_members(0.0, icc2=0.7)
    with pytest.raises(ValueError, match="two members"):
        icc2_groups(0.7, members=1, width=0.1)
    with pytest.raises(ValueError, match="ask for less"):
        correlation_sample_size(0.3, power=1.5)


@pytest.mark.parametrize(
    ("n", "power", "difference"),
    [
        # R 4.5, strict = TRUE: power.t.test(n, delta = .5), power.t.test(n, power = .8)
        (20, 0.33793902892509031, 0.90912903268200318),
        (60, 0.77526588851263367, 0.51570655939240773),
        (300, 0.9999836573488432, 0.22911637115744499),
    ],
)
def test_differences_agree_with_power_t_test(
    n: int, power: float, difference: float
) -> None:
    # as far as R's own noncentral t and its search go
    assert difference_power(n, 0.5) == pytest.approx(power, rel=1e-9)
    assert smallest_difference(n, power=0.8) == pytest.approx(difference, rel=1e-6)


def test_one_person_a_group_shows_no_difference() -> None:
    with pytest.raises(ValueError, match="Two people or more"):
        smallest_difference(1, power=0.8)
