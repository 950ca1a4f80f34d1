"""Change within people who let their waves be linked."""

from dataclasses import replace

import numpy as np
import pytest

from analytics import plain
from analytics.linked import LinkedPart, linked_of
from analytics.psychometrics import cronbach_alpha, moments, scale_scores
from analytics.release_parts import WaveAnswers
from analytics.thresholds import LINKED_N
from tests.analytics.trend_samples import CARE, SKILL, answers

LEAST = 5


def keys(numbers: range, unlinked: int = 0) -> tuple[bytes | None, ...]:
    return (*(bytes([k]) for k in numbers), *([None] * unlinked))


def two(
    first: tuple[bytes | None, ...] | None, second: tuple[bytes | None, ...] | None
) -> tuple[WaveAnswers, WaveAnswers]:
    rng = np.random.default_rng(9)
    level = 4.5 + rng.standard_normal((80, 2))
    one, other = len(first or range(40)), len(second or range(40))
    return (
        answers(1, level[:one], [one], seed=1, pseudonyms=first),
        answers(
            2, level[:other] + np.array([0.8, 0.0]), [other], seed=2, pseudonyms=second
        ),
    )


def linked(
    first: tuple[bytes | None, ...] | None, second: tuple[bytes | None, ...] | None
) -> LinkedPart | None:
    before, now = two(first, second)
    return linked_of(before, now, codes=(CARE, SKILL), least=LEAST)


def test_people_are_followed_through_any_order() -> None:
    before, now = two(keys(range(40)), keys(range(40)))
    turned = np.argsort(np.random.default_rng(3).random(40))
    mixed = replace(
        now,
        data=type(now.data)(now.data.codes[turned], now.data.items),
        pseudonyms=tuple((now.pseudonyms or ())[k] for k in turned),
    )
    known = linked_of(before, now, codes=(CARE,), least=LEAST)
    found = linked_of(before, mixed, codes=(CARE,), least=LEAST)
    assert found is not None
    assert known is not None
    one, other = found.scales[CARE], known.scales[CARE]
    assert one.change.estimate == pytest.approx(other.change.estimate)


def test_change_and_shares_are_those_counted_by_hand() -> None:
    before, now = two(keys(range(40)), keys(range(40)))
    found = linked_of(before, now, codes=(CARE,), least=LEAST)
    assert found is not None
    one = found.scales[CARE]
    items = ("CARE1", "CARE2", "CARE3")
    x, y = (scale_scores(data, items) for data in (before.data, now.data))
    alpha = cronbach_alpha(
        moments(before.data.select(items), missing="pairwise")
    ).raw.estimate
    limit = 1.959963984540054 * (2 * (1 - alpha)) ** 0.5 * x.std(ddof=1)
    assert one.threshold == pytest.approx(limit, rel=1e-9)
    assert one.improved == pytest.approx(np.mean(y - x > limit))
    assert one.worsened == pytest.approx(np.mean(x - y > limit))
    assert one.change.estimate == pytest.approx((y - x).mean())
    assert found.n == 40


def test_waves_without_pseudonyms_have_no_part() -> None:
    assert linked(None, keys(range(40))) is None
    assert linked(keys(range(40)), None) is None


@pytest.mark.parametrize(("people", "told"), [(LINKED_N - 1, False), (LINKED_N, True)])
def test_twenty_linked_people_are_enough(people: int, told: bool) -> None:
    same = keys(range(people))
    found = linked(same, same)
    assert found is not None
    assert (found.reason is None) is told
    assert found.n == (people if told else 0)


@pytest.mark.parametrize(("unlinked", "told"), [(0, True), (4, False), (5, True)])
def test_few_others_would_be_told_by_the_difference(unlinked: int, told: bool) -> None:
    for first, second in (
        (keys(range(30), unlinked), keys(range(30))),
        (keys(range(30)), keys(range(30), unlinked)),
    ):
        found = linked(first, second)
        assert found is not None
        assert (found.reason is None) is told


def test_others_who_skipped_a_scale_count_as_well() -> None:
    """Thirty are linked, ten are not, of whom two answered care."""
    before, now = two(keys(range(30), 10), keys(range(30), 10))
    codes = now.data.codes.copy()
    codes[32:, :3] = -1
    now = replace(now, data=type(now.data)(codes, now.data.items))
    found = linked_of(before, now, codes=(CARE, SKILL), least=LEAST)
    assert found is not None
    assert found.refused[CARE].code == "linked_few"
    assert list(found.scales) == [SKILL]


def test_a_pseudonym_that_stands_twice_is_nobodys() -> None:
    twice = (*keys(range(30)), b"\x00")
    found = linked(twice, (*keys(range(30)), b"\x00"))
    assert found is not None
    # 29 are linked; the two that share a pseudonym are fewer than five others
    assert found.reason is not None


def test_a_scale_on_other_items_is_left_out() -> None:
    before, now = two(keys(range(40)), keys(range(40)))
    care = before.plan.scales[0]
    turned = replace(
        care, items=(replace(care.items[0], reverse=True), *care.items[1:])
    )
    plan = replace(before.plan, scales=(turned, before.plan.scales[1]))
    found = linked_of(replace(before, plan=plan), now, codes=(CARE, SKILL), least=LEAST)
    assert found is not None
    assert list(found.scales) == [SKILL]


def test_a_part_survives_being_stored() -> None:
    found = linked(keys(range(40)), keys(range(40)))
    assert plain.from_plain(LinkedPart, plain.to_plain(found)) == found
