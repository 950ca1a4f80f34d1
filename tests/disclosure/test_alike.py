"""Determined groups that all answered alike, against a search over every group."""

from itertools import chain, combinations

import numpy as np
import pytest

from analytics.disclosure import Rules, alike, decide
from analytics.disclosure.systems import Flags
from analytics.disclosure.values import Measure
from analytics.release_parts import EVERYONE
from tests.disclosure.attacker import spans
from tests.disclosure.organizations import segment

SEEDS = range(60)
LEAST = 5


def random_answers(seed: int) -> tuple[Flags, alike.Answers]:
    """Return pieces (p, atoms) and answers of which many agree."""
    rng = np.random.default_rng(seed)
    pieces = rng.random((int(rng.integers(2, 6)), int(rng.integers(5, 9)))) < 0.5
    pieces = pieces[:, pieces.any(axis=0)]
    values = [
        np.full(int(rng.integers(2, 8)), rng.choice((4.0, 4.9)))
        if rng.random() < 0.7
        else rng.integers(1, 6, int(rng.integers(2, 8))).astype(float)
        for _ in range(pieces.shape[1])
    ]
    return pieces, alike.Answers(
        people=np.array([len(one) for one in values]),
        sums=np.array([one.sum() for one in values]),
        squares=np.array([(one**2).sum() for one in values]),
        ends=(1.0, 5.0),
        least=LEAST,
    )


def searched(pieces: Flags, answers: alike.Answers) -> list[Flags]:
    """Return every group of atoms that is alike and a combination of pieces."""
    n = pieces.shape[1]
    found = []
    rows = pieces.astype(int).tolist()
    for chosen in chain.from_iterable(
        combinations(range(n), size) for size in range(1, n + 1)
    ):
        group = np.isin(np.arange(n), chosen)
        if answers.is_alike(group) and spans(rows, group.astype(int).tolist()):
            found.append(group)
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_a_group_is_found_where_a_search_over_all_groups_finds_one(seed: int) -> None:
    pieces, answers = random_answers(seed)
    found = alike.told(pieces, answers)
    expected = searched(pieces, answers)
    assert bool(found) == bool(expected)
    sizes = {int(answers.people[group].sum()) for group in expected}
    assert {n for n, _ in found} <= sizes
    for _, used in found:
        assert set(used) <= set(range(len(pieces)))


def test_the_samples_hold_groups_and_none() -> None:
    """The comparison above would be empty without both."""
    found = [bool(searched(*random_answers(seed))) for seed in SEEDS]
    assert 10 < sum(found) < len(SEEDS) - 10


def test_everyone_without_two_teams_is_not_told_when_alike() -> None:
    """No pair of groups shows these eight: it takes three published means."""
    n = 6 + 5 + 5 + 3
    team = np.repeat(range(4), (6, 5, 5, 3))
    values = np.where(team < 2, np.tile([2.0, 5.0, 3.0, 4.0], 5)[:n], 4.0)
    everyone = segment(EVERYONE, np.ones(n, dtype=bool), None, "everyone")
    # the other half crosses the teams, so that hiding it changes nothing
    crossing = segment("question:0", np.arange(n) % 2 == 0, kind="question")
    teams = [segment(f"team:{one}", team == one) for one in range(4)]
    decision = decide(
        (everyone, *teams, crossing), {"s": Measure(values, 1.0, 5.0)}, rules=Rules()
    )
    told = [decision.shows(key, "s") for key in (EVERYONE, "team:0", "team:1")]
    assert not all(told)
    assert "alike" in {one.attack for one in decision.trail.findings}
