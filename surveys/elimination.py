"""What is left possible once everything is put together: who may have given an answer.

People with the same past are one group with a number, and so are answers. An answer may
be of a group if all answers can be shared out so that it is, nobody giving two. Found
from one way of sharing them out (a flow): another pair is possible if it lies on a path
to somebody without an answer, or on a cycle, along which answers change hands.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping
from typing import Generic, TypeVar

A = TypeVar("A", bound=Hashable)
P = TypeVar("P", bound=Hashable)


class Sharing(Generic[A, P]):
    """One way of giving `answers` of each kind to `people` of the groups they fit."""

    def __init__(
        self,
        fits: Mapping[A, frozenset[P]],
        answers: Mapping[A, int],
        people: Mapping[P, int],
    ) -> None:
        self.fits = fits
        self.given: dict[A, Counter[P]] = {answer: Counter() for answer in fits}
        self.kinds: defaultdict[P, set[A]] = defaultdict(set)
        for answer, groups in fits.items():
            for group in groups:
                self.kinds[group].add(answer)
        self.free = {group: people[group] for group in self.kinds}
        # the choosy first, so that little has to change hands
        self.works = all(
            self._give(answer, answers[answer])
            for answer in sorted(fits, key=lambda answer: len(fits[answer]))
        )

    def possible(self) -> dict[A, frozenset[P]]:
        """Groups each answer may be of; where nothing works, all that it fits."""
        if not self.works:
            return dict(self.fits)
        spare = self._reached({group for group, left in self.free.items() if left})
        if len(spare) == len(self.free):
            return dict(self.fits)
        reach = {g: self._reached({g}) for g in self.free if g not in spare}
        return {
            answer: frozenset(
                group
                for group in groups
                if group in spare
                or any(group in reach.get(own, ()) for own in +self.given[answer])
            )
            for answer, groups in self.fits.items()
        }

    def _give(self, answer: A, number: int) -> bool:
        for group in self.fits[answer]:
            some = min(number, self.free[group])
            self.given[answer][group] += some
            self.free[group] -= some
            number -= some
        while number:
            path = self._way(answer)
            if path is None:
                return False
            # answer, group, the answer that leaves it, the group it goes to, ...
            number -= self._along(path, number)
        return True

    def _way(self, answer: A) -> list[tuple[A, P]] | None:
        """Shortest way to a free place: which answer goes to which group."""
        came: dict[P, tuple[A, P | None]] = dict.fromkeys(
            self.fits[answer], (answer, None)
        )
        waiting = list(came)
        for group in waiting:
            if self.free[group]:
                return self._back(came, group)
            for kind in self.kinds[group]:
                if not self.given[kind][group]:
                    continue
                for other in self.fits[kind]:
                    if other not in came:
                        came[other] = kind, group
                        waiting.append(other)
        return None

    def _back(self, came: Mapping[P, tuple[A, P | None]], last: P) -> list[tuple[A, P]]:
        path = []
        group: P | None = last
        while group is not None:
            answer, before = came[group]
            path.append((answer, group))
            group = before
        return path[::-1]

    def _along(self, path: list[tuple[A, P]], most: int) -> int:
        moves = list(zip(path[1:], path, strict=False))
        left = [self.given[answer][group] for (answer, _), (_, group) in moves]
        number = min(most, self.free[path[-1][1]], *left)
        for answer, group in path:
            self.given[answer][group] += number
        for (answer, _), (_, group) in moves:
            self.given[answer][group] -= number
        self.free[path[-1][1]] -= number
        return number

    def _reached(self, start: set[P]) -> set[P]:
        """Groups that could give an answer away to those of `start`, or through others."""
        seen, waiting = set(start), list(start)
        while waiting:
            for kind in self.kinds[waiting.pop()]:
                for group in +self.given[kind]:
                    if group not in seen:
                        seen.add(group)
                        waiting.append(group)
        return seen
