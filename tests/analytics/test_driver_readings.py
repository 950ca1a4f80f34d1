"""Every sentence about outcomes just below, at and above its mark."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from analytics import driver_readings as read
from analytics.driver_readings import Place
from analytics.driver_results import (
    DriversPart,
    GridTest,
    LatentSplit,
    Marker,
    OutcomeDrivers,
    Slopes,
    Split,
)
from analytics.driver_tables import DriverTables
from analytics.drivers import drivers_of
from analytics.plan import Text
from analytics.results import Absent, Figure, OutcomeWeights, RelativeWeight, Report
from analytics.sentences import Sentence, say
from analytics.sentences.drivers import CONDITIONS, DRIVERS
from analytics.thresholds import CFI, GAIN, GRID_P, HTMT_SAME, INFLATED, SRMR
from tests.analytics.driver_samples import TRUST, everyone, known

SAT, REP, REC = "OUT-C.SAT", "OUT-C.REP", "OUT-C.REC"
CODES = [code for code, _ in TRUST]
JUST = 1e-9


def report() -> Report:
    return known()[1]


def part() -> DriversPart:
    return drivers_of(*known(), everyone())


def codes(said: tuple[Sentence, ...]) -> list[str]:
    return [one.code for one in said]


def figure(estimate: float, low: float | None = None, high: float | None = None) -> Any:
    half = 0.1
    ends = (estimate - half if low is None else low, high or estimate + half)
    return Figure(estimate, *ends, 300, "")


# the grid


def gridded(p: list[float]) -> DriversPart:
    """Return a part whose tests have these values after Holm, by outcome."""
    tests: dict[str, dict[str, GridTest]] = {SAT: {}, REP: {}, REC: {}}
    places = [(outcome, scale) for outcome in tests for scale in CODES]
    for (outcome, scale), value in zip(places, p, strict=False):
        tests[outcome][scale] = GridTest(value / 2, value, value / 2)
    found = part()
    return replace(
        found,
        outcomes={
            code: replace(one, tests=tests[code])
            for code, one in found.outcomes.items()
        },
    )


@pytest.mark.parametrize(
    ("p", "said"),
    [
        ([GRID_P - JUST] * 12, ["drivers_grid_all"]),
        ([GRID_P] * 12, ["drivers_grid_none"]),
        ([GRID_P] + [GRID_P - JUST] * 11, ["drivers_grid_some"]),
        ([GRID_P] * 6 + [0.01] * 6, ["drivers_grid_some"]),
        ([GRID_P] * 7 + [0.01] * 5, ["drivers_grid_few"]),
        ([GRID_P] * 2, ["drivers_grid_none"]),
        ([GRID_P], []),
        ([], []),
    ],
)
def test_the_grid_at_its_mark(p: list[float], said: list[str]) -> None:
    assert codes(read.grid(report(), gridded(p))) == said


def test_the_grid_names_what_falls_and_counts_by_both_rules() -> None:
    (found,) = read.grid(report(), gridded([0.06, 0.2, *[0.01] * 10]))
    assert (found.params["holm"], found.params["bh"]) == (10, 11)
    text = found.text("en")
    assert "Competence and Satisfaction, Care for customers and Satisfaction" in text
    assert "能力与满意度、对顾客的关怀与满意度" in found.text("zh-hans")


# the formula


def weighted(
    ranks: Mapping[str, tuple[int, int]],
    *,
    r_squared: float = 0.4,
    equal: float = 0.6,
    htmt: float = 0.5,
) -> Report:
    found = report()
    loyalty = {
        code: replace(
            found.loyalty[REP][code],
            relative_weight=RelativeWeight(0.4 - 0.1 * k, 0.05, 0.5, *ranks[code]),
        )
        for k, code in enumerate(CODES)
    }
    return replace(
        found,
        loyalty={**found.loyalty, REP: loyalty},
        weights={
            **found.weights,
            REP: OutcomeWeights(figure(r_squared), figure(equal), 100),
        },
        htmt={**dict.fromkeys(found.htmt, 0.5), "BT.COM~~BT.CARE": htmt},
    )


APART = {code: (k, k) for k, code in enumerate(CODES, start=1)}
TOUCHING = {**APART, "BT.CARE": (1, 2)}
ALIKE = dict.fromkeys(CODES, (1, 4))


@pytest.mark.parametrize(
    ("htmt", "said"),
    [
        (HTMT_SAME - JUST, ["drivers_formula", "weights_settled"]),
        (HTMT_SAME, ["drivers_formula_together", "weights_not_separable"]),
        (HTMT_SAME + JUST, ["drivers_formula_together", "weights_not_separable"]),
    ],
)
def test_a_formula_is_told_of_what_people_tell_apart(
    htmt: float, said: list[str]
) -> None:
    assert codes(read.formula(weighted(APART, htmt=htmt), REP)) == said


def test_the_formula_is_the_shares_in_order_with_their_intervals() -> None:
    found = read.formula(weighted(APART), REP)[0]
    assert found.text("en") == (
        "Of what the 4 dimensions together share with Repurchase intention "
        "(R²\u00a0=\u00a00.40, 95\u00a0% interval 0.30 to 0.50, 300 people): "
        "about 40\u00a0% goes with Competence [5 to 50], "
        "about 30\u00a0% goes with Care for customers [5 to 50], "
        "about 20\u00a0% goes with Consistency [5 to 50], "
        "about 10\u00a0% goes with Openness [5 to 50]."
    )
    assert "约 40% 与能力相联系 [5 至 50]、约 30%" in found.text("zh-hans")


def test_ranks_that_touch_are_not_separable() -> None:
    assert codes(read.formula(weighted(TOUCHING), REP))[1] == "drivers_formula_open"
    (_, said) = read.formula(weighted(TOUCHING), REP)
    assert said.params["scales"] == (TRUST[0][1], TRUST[1][1])
    assert codes(read.formula(weighted(APART), REP))[1] == "weights_settled"


def test_no_weights_say_why_and_no_outcome_says_nothing() -> None:
    why = say("weights_need_two", has=1)
    found = report()
    none = OutcomeWeights(Absent(why), Absent(why), 0)
    bare = replace(found, weights={REP: none})
    assert read.formula(bare, REP) == (why,)
    assert read.plain_mean(bare, REP) == (why,)
    assert read.places(bare, REP) == why
    old = replace(found, weights={})
    assert read.formula(old, REP) == read.plain_mean(old, REP) == ()
    assert read.places(old, REP) == say("weights_need_two", has=4)


@pytest.mark.parametrize(
    ("f2", "said"),
    [
        (0.0, "drivers_mean_as_well"),
        (GAIN - 1e-6, "drivers_mean_as_well"),
        (GAIN + 1e-12, "drivers_mean_less"),
        (GAIN + 1e-6, "drivers_mean_less"),
    ],
)
def test_the_plain_mean_at_the_mark_of_a_small_gain(f2: float, said: str) -> None:
    # r squared of the mean that leaves exactly this f squared to the weights
    equal = (0.4 - f2 * (1 - 0.4)) ** 0.5
    (found,) = read.plain_mean(weighted(APART, r_squared=0.4, equal=equal), REP)
    assert found.code == said
    assert "0.02" in found.text("en")


def test_the_gain_is_cohen_s_f_squared() -> None:
    gain = read.weighting_gain(OutcomeWeights(figure(0.4), figure(0.6), 1))
    assert gain == pytest.approx((0.04, 0.04 / 0.6))
    # chance may put the mean above the regression by rounding
    assert read.weighting_gain(OutcomeWeights(figure(0.3), figure(0.6), 1)) == (0, 0)
    assert read.weighting_gain(OutcomeWeights(figure(1.0), figure(0.6), 1)) is None


# the map


@pytest.mark.parametrize(
    ("ranks", "htmt", "said"),
    [
        (ALIKE, 0.5, "drivers_map_order_open"),
        (TOUCHING, HTMT_SAME, "drivers_map_not_separable"),
        (TOUCHING, HTMT_SAME - JUST, None),
        (APART, 0.5, None),
    ],
)
def test_a_map_only_where_dimensions_are_separable(
    ranks: Mapping[str, tuple[int, int]], htmt: float, said: str | None
) -> None:
    found = read.places(weighted(ranks, htmt=htmt), REP)
    if said is None:
        assert isinstance(found, tuple)
        assert [one.code for one in found] == CODES
    else:
        assert found == say(said)


def test_a_rating_is_the_mean_on_0_to_100() -> None:
    found = read.places(weighted(APART), REP)
    assert isinstance(found, tuple)
    for one in found:
        scale = report().scales[one.code]
        assert isinstance(scale.mean, Figure)
        assert one.rating == pytest.approx(100 * (scale.mean.estimate - 1) / 6)
        assert one.rating_low < one.rating < one.rating_high


def place(code: str, rating: tuple[float, ...], share: tuple[float, ...]) -> Place:
    return Place(code, Text.same(code), *rating, *share)


def mapped(rating: tuple[float, ...], share: tuple[float, ...]) -> list[str]:
    """Say of one dimension among two; lines lie at the means of both."""
    middle = 2 * 50 - rating[0]
    other = place("b", (middle, 0, 100), (1 - share[0], 0.0, 1.0))
    said = read.map_sentences((place("a", rating, share), other), Text.same("Y"))
    return codes(said)[1:]


@pytest.mark.parametrize(
    ("rating", "share", "said"),
    [
        ((40, 30, 50 - 1e-6), (0.7, 0.5 + 1e-6, 0.8), ["drivers_map_low"]),
        ((40, 30, 50), (0.7, 0.6, 0.8), ["drivers_map_unclear"]),
        ((40, 30, 50 + 1e-6), (0.7, 0.6, 0.8), ["drivers_map_unclear"]),
        ((40, 30, 45), (0.7, 0.5, 0.8), ["drivers_map_unclear"]),
        ((60, 50 + 1e-6, 70), (0.7, 0.6, 0.8), ["drivers_map_high"]),
        ((60, 50, 70), (0.7, 0.6, 0.8), ["drivers_map_unclear"]),
        ((60, 55, 70), (0.7, 0.5, 0.8), ["drivers_map_unclear"]),
        ((40, 30, 45), (0.3, 0.2, 0.4), ["drivers_map_unclear"]),
    ],
)
def test_the_quadrants_at_their_lines(
    rating: tuple[float, ...], share: tuple[float, ...], said: list[str]
) -> None:
    assert mapped(rating, share) == said


# the split


def parts(total: Any, indirect: Any, share: float | None) -> Split:
    paths = dict.fromkeys(("first", "second", "direct"), figure(0.2))
    return Split(SAT, {**paths, "total": total, "indirect": indirect}, share, 100, None)


@pytest.mark.parametrize(
    ("total", "indirect", "share", "said"),
    [
        (figure(0.3, 0.0), figure(0.2), 0.6, "drivers_split_no_total"),
        (figure(-0.3, -0.5, 0.0001), figure(0.2), 0.6, "drivers_split_no_total"),
        (figure(0.3, JUST), figure(0.2, 0.0), 0.6, "drivers_split_unclear"),
        (figure(0.3, JUST), figure(0.2, JUST), 0.6, "drivers_split_part"),
        (
            figure(-0.3, -0.5, -JUST),
            figure(-0.2, -0.3, -JUST),
            1.0,
            "drivers_split_part",
        ),
        (figure(0.3), figure(0.4), None, "drivers_split_against"),
    ],
)
def test_the_split_at_zero(
    total: Any, indirect: Any, share: float | None, said: str
) -> None:
    found = read.split(report(), REP, parts(total, indirect, share))
    assert codes(found) == [said, "drivers_split_guide"]


def test_a_split_without_numbers_says_why() -> None:
    why = say("drivers_few", needs=20)
    assert read.split(report(), REP, Split(SAT, {}, None, 0, why)) == (why,)


def test_a_percentage_is_told_of_the_part() -> None:
    found = read.split(report(), REP, parts(figure(0.5), figure(0.2), 0.4))[0]
    assert "About 40\u00a0% of that goes together with Satisfaction" in found.text("en")
    assert "约 40% 与满意度一同出现" in found.text("zh-hans")


def between_factors(cfi: float | None, srmr: float | None) -> Split:
    found = parts(figure(0.5), figure(0.2), 0.4)
    paths = dict.fromkeys(found.paths, figure(0.3))
    return replace(found, latent=LatentSplit(paths, cfi, srmr, 300, None))


@pytest.mark.parametrize(
    ("cfi", "srmr", "said"),
    [
        (CFI, SRMR, "drivers_latent_part"),
        (CFI + JUST, SRMR - JUST, "drivers_latent_part"),
        (CFI - JUST, SRMR, "drivers_latent_poor"),
        (CFI, SRMR + JUST, "drivers_latent_poor"),
        (None, SRMR, "drivers_latent_improper"),
    ],
)
def test_a_factor_model_at_the_marks_of_its_fit(
    cfi: float | None, srmr: float, said: str
) -> None:
    found = between_factors(cfi, srmr)
    assert codes(read.split(report(), REP, found)) == [
        "drivers_split_part",
        said,
        "drivers_split_guide",
    ]
    # what is said not to be split does not stand in the table either
    table = DriverTables(report(), "en").split(found, REP)
    assert table is not None
    fits = said == "drivers_latent_part"
    assert len(table.columns) == (5 if fits else 3)


def test_a_factor_model_without_numbers_says_why() -> None:
    why = say("drivers_latent_few", needs=200, has=199)
    found = replace(between_factors(1, 0), latent=LatentSplit({}, None, None, 199, why))
    assert why in read.split(report(), REP, found)
    assert read.latent(report(), replace(found, latent=None)) == ()


# control, marker, slopes


def checked(**more: Any) -> tuple[DriversPart, OutcomeDrivers]:
    found = part()
    outcome = replace(found.outcomes[REP], **more)
    return replace(found, outcomes={**found.outcomes, REP: outcome}), outcome


def test_checks_count_the_intervals_that_leave_zero_out() -> None:
    given = {
        "BT.COM": figure(0.3, 0.0),
        "BT.CARE": figure(0.3, JUST),
        "BT.CON": figure(-0.3, -0.5, -JUST),
        "BT.OPEN": Absent(say("drivers_few", needs=20)),
    }
    found, _ = checked(given=given, marked=given)
    said = read.checks(report(), found, REP)
    assert codes(said) == ["drivers_given", "drivers_marker_asked"]
    for one in said:
        assert (one.params["stand"], one.params["count"]) == (2, 3)
    change = max(
        abs(one.estimate - (report().loyalty[REP][code].r or 0))
        for code, one in given.items()
        if isinstance(one, Figure)
    )
    assert said[0].params["change"] == f"{change:.2f}"


def test_the_marker_says_where_it_comes_from() -> None:
    found, _ = checked()
    other = replace(found, control=None, marker=Marker(SAT, REC, False, 0.2))
    said = read.checks(report(), other, REP)
    assert codes(said) == ["drivers_marker_smallest"]
    assert "Satisfaction and Likelihood to recommend (r\u00a0=\u00a00.20)" in (
        said[0].text("en")
    )
    bare, _ = checked(given={}, marked={})
    assert read.checks(report(), bare, REP) == ()


@pytest.mark.parametrize(
    ("vif", "said"),
    [
        (INFLATED - 1e-6, ["drivers_slopes_guide"]),
        (INFLATED, ["drivers_slopes_guide", "drivers_slopes_inflated"]),
        (INFLATED + 1e-6, ["drivers_slopes_guide", "drivers_slopes_inflated"]),
    ],
)
def test_slopes_are_called_unsteady_from_the_mark_on(
    vif: float, said: list[str]
) -> None:
    slopes = Slopes(
        "linear",
        dict.fromkeys(CODES, figure(0.2)),
        {**dict.fromkeys(CODES, 1.0), "BT.CON": vif},
        0.4,
        300,
        None,
    )
    found = read.slopes(report(), slopes)
    assert codes(found) == said
    if len(found) > 1:
        assert found[1].params["scales"] == (TRUST[2][1],)
    why = say("drivers_few", needs=20)
    assert read.slopes(report(), Slopes("linear", {}, {}, None, 0, why)) == (why,)


# the words


# What would make one thing bring about another. "Lead" is a role at work, so only
# with its preposition; "explain" and "predict" claim more than a correlation tells.
CAUSAL = re.compile(
    r"\b(caus\w+|driv(?:e|es|en|ing|er|ers)|effects?|affect\w*|influenc\w+|impact\w*|"
    r"(?:lead|leads|leading|led) to|results? in|resulting|due to|because of trust|"
    r"thanks to|brings? about|improv\w+|increas\w+|boost\w*|rais\w+|strengthen\w*|"
    r"determin\w+|explain\w*|predict\w*|contribut\w+|mediat\w+|produc\w+|"
    r"depends? on|consequen\w+|makes?|made by)\b",
    re.IGNORECASE,
)
CAUSAL_ZH = re.compile(
    "导致|影响|驱动|促进|促使|提升|提高|引起|引发|造成|决定|作用|效应|中介|推动|使得|"
    "带来|贡献|因果|增强|改善|解释|预测|取决|源于|归因|后果"
)


@pytest.mark.parametrize("code", DRIVERS)
def test_no_word_says_that_one_thing_makes_another_happen(code: str) -> None:
    english, chinese = DRIVERS[code]
    assert CAUSAL.findall(english) == []
    assert CAUSAL_ZH.findall(chinese) == []


@pytest.mark.parametrize(
    "text", ["Trust drives loyalty", "leads to loyalty", "the effect of trust"]
)
def test_the_search_finds_such_words(text: str) -> None:
    assert CAUSAL.findall(text)
    assert CAUSAL_ZH.findall("信任影响忠诚，提升复购")


def test_every_sentence_has_its_condition() -> None:
    labels = {code for code in DRIVERS if code not in CONDITIONS}
    assert set(CONDITIONS) <= set(DRIVERS)
    # what has none names a heading, a column, an axis or a row
    assert all(not DRIVERS[code][0].endswith(".") for code in labels)
    assert all(line.endswith(".") for line in CONDITIONS.values())
