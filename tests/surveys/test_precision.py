"""The precision that is forecast, against the design-based variance itself."""

from dataclasses import dataclass
from itertools import combinations
from math import sqrt
from statistics import mean, pvariance, variance

import pytest

from surveys.fieldwork.precision import forecasts, half_width
from tests.factories import brand_form


@dataclass(frozen=True)
class Known:
    invited: int | None
    answered: int | None


# qnorm(.975) * S * sqrt((1 - n / N) / n) in R 4.2.2 (Cochran 1977, eq. 2.16)
@pytest.mark.parametrize(
    ("answers", "invited", "deviation", "expected"),
    [
        (50, 200, 1.0, 0.2400455838),
        (180, 250, 1.5, 0.1159530330),
        (12, 40, 1.0, 0.4733762751),
        (400, None, 2.5, 0.2449954981),
    ],
)
def test_the_half_width_agrees_with_r(
    answers: int, invited: int | None, deviation: float, expected: float
) -> None:
    found = half_width(answers=answers, invited=invited, deviation=deviation)
    assert found == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("answers", [2, 3, 5])
def test_the_half_width_is_that_of_all_possible_samples(answers: int) -> None:
    """Every sample of a small population drawn once: its means vary as it says."""
    people = [1.0, 2.0, 2.0, 3.0, 5.0, 5.0, 4.0]
    means = [mean(drawn) for drawn in combinations(people, answers)]
    found = half_width(
        answers=answers, invited=len(people), deviation=sqrt(variance(people))
    )
    assert found == pytest.approx(1.959963984540054 * sqrt(pvariance(means)))


def test_everybody_asked_and_answered_leaves_nothing_to_chance() -> None:
    assert half_width(answers=30, invited=30, deviation=1.0) == 0


@pytest.mark.parametrize(("answers", "invited"), [(0, 10), (11, 10), (-1, None)])
def test_impossible_numbers_are_refused(answers: int, invited: int | None) -> None:
    with pytest.raises(ValueError, match="have no precision"):
        half_width(answers=answers, invited=invited, deviation=1.0)


def test_a_forecast_tells_now_and_what_more_answers_would_bring() -> None:
    found = forecasts(brand_form(), Known(invited=200, answered=120))
    assert found is not None
    assert (found.low, found.high) == (1, 7)
    assert found.deviation == 1.5
    told = [(one.answers, one.percent) for one in found.outlooks]
    # half of the people have answered already
    assert told == [(120, None), (140, 70), (180, 90)]
    widths = [one.half_width for one in found.outlooks]
    assert widths == sorted(widths, reverse=True)
    assert widths[0] == pytest.approx(1.959964 * 1.5 / sqrt(120) * sqrt(0.4), rel=1e-6)


def test_what_the_last_wave_reached_is_told_in_its_place() -> None:
    known = Known(invited=200, answered=60)
    found = forecasts(brand_form(), known, last=62)
    assert found is not None
    told = [(one.answers, one.percent, one.as_before) for one in found.outlooks]
    assert told == [
        (60, None, False),
        (100, 50, False),
        (124, 62, True),
        (140, 70, False),
        (180, 90, False),
    ]
    same = forecasts(brand_form(), known, last=70)
    assert same is not None
    assert [one.percent for one in same.outlooks if one.as_before] == [70]
    passed = forecasts(brand_form(), known, last=30)
    assert passed is not None
    assert not any(one.as_before for one in passed.outlooks)


def test_an_open_link_has_no_population_to_correct_for() -> None:
    found = forecasts(brand_form(), Known(invited=None, answered=100))
    assert found is not None
    (now,) = found.outlooks
    assert now.half_width == pytest.approx(1.959964 * 1.5 / 10, rel=1e-6)


def test_nothing_is_forecast_from_nothing() -> None:
    assert forecasts(brand_form(), Known(invited=None, answered=0)) is None
