"""The linear attack against exact fractions and exhaustive search."""

from itertools import combinations

import numpy as np
import pytest

from analytics.disclosure import algebra, systems
from tests.disclosure.attacker import spans

SEEDS = range(40)


def random_groups(seed: int) -> tuple[systems.Flags, systems.Labels]:
    """Return groups with distinct columns (p, atoms) and the people of each atom."""
    rng = np.random.default_rng(seed)
    groups = rng.random((int(rng.integers(3, 7)), 30)) < 0.4
    columns = np.unique(groups, axis=1)
    columns = columns[:, columns.any(axis=0)][:, : int(rng.integers(6, 11))]
    people = np.array(rng.integers(1, 8, columns.shape[1]), dtype=np.int64)
    return columns, people


def searched(groups: systems.Flags, people: systems.Labels) -> set[frozenset[int]]:
    """Return the least sets of atoms, under five people, of which something is told.

    Something is told about a set where the other columns alone have a smaller rank.
    """
    atoms = range(groups.shape[1])
    rank = np.linalg.matrix_rank(groups.astype(float))
    found: list[frozenset[int]] = []
    for size in range(1, 5):
        for chosen in combinations(atoms, size):
            others = [a for a in atoms if a not in chosen]
            if people[list(chosen)].sum() >= 5 or any(
                one <= set(chosen) for one in found
            ):
                continue
            if np.linalg.matrix_rank(groups[:, others].astype(float)) < rank:
                found.append(frozenset(chosen))
    return set(found)


@pytest.mark.parametrize("seed", SEEDS)
def test_light_vectors_are_those_of_an_exhaustive_search(seed: int) -> None:
    groups, people = random_groups(seed)
    found = algebra.light_vectors(groups.astype(np.int64), people, 5)
    supports = {frozenset(np.flatnonzero(vector).tolist()) for vector in found.vectors}
    least = {s for s in supports if not any(other < s for other in supports)}
    assert least == searched(groups, people)
    for vector in found.vectors:
        whole = np.rint(vector * 27720).astype(int).tolist()
        assert spans(groups.astype(int).tolist(), whole)


def test_the_samples_hold_leaks_and_none() -> None:
    """The comparison above would be empty without both."""
    counts = [len(searched(*random_groups(seed))) for seed in SEEDS]
    assert 0 in counts
    assert max(counts) > 1


def test_rank_modulo_the_prime_is_the_rank() -> None:
    for seed in SEEDS:
        groups, _ = random_groups(seed)
        order = np.arange(groups.shape[1])
        rows, pivots = algebra.reduced(groups.astype(np.int64), order)
        assert len(rows) == np.linalg.matrix_rank(groups.astype(float))
        np.testing.assert_array_equal(rows[:, pivots], np.eye(len(rows)))


def test_atoms_do_not_grow_with_people() -> None:
    groups = np.tile(np.random.default_rng(1).random((6, 20)) < 0.5, 50)
    labels, atoms = systems.atoms_of(groups)
    assert atoms.shape[1] <= 20
    np.testing.assert_array_equal(atoms[:, labels], groups)


def test_a_tree_of_hidden_teams_is_searched_completely() -> None:
    """Without crossing groups the attack rules every combination out."""
    sizes = np.tile([3, 4, 6, 9], 25)
    team = np.repeat(np.arange(100), sizes)
    groups = [np.ones(len(team), dtype=bool)]
    groups += [team // 4 == unit for unit in range(25)]
    groups += [team == one for one in range(100) if sizes[one] >= 5]
    labels, atoms = systems.atoms_of(np.array(groups))
    found = systems.combined(atoms, np.bincount(labels), 5)
    assert found.exhaustive
    assert not found.leaks
