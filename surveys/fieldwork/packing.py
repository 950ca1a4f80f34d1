"""Pack small groups into as many joint ones as reach a least size (bin covering)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class Packing(Generic[Thing]):
    """Joint groups that each reach the least size, and what is left out of them."""

    bins: tuple[tuple[Thing, ...], ...] = ()
    left: tuple[Thing, ...] = ()


def packings(
    things: Sequence[Thing], least: int, *, size: Callable[[Thing], int]
) -> list[Packing[Thing]]:
    """Return the ways worth trying.

    Nothing together; most groups, with what is left apart or shared out among them; one
    group fewer.
    """
    alone: Packing[Thing] = Packing(left=tuple(things))
    full = _cover(list(things), least, size)
    if not full.bins:
        return [alone]
    fewer = Packing(full.bins[:-1], (*full.bins[-1], *full.left))
    ways = [alone, full, fewer]
    if full.left:
        ways.insert(2, _shared_out(full, size))
    return ways


def _cover(
    things: list[Thing], least: int, size: Callable[[Thing], int]
) -> Packing[Thing]:
    """Fill one group after another: the largest thing, then the tightest complement."""
    by_size: dict[int, list[Thing]] = {}
    for thing in reversed(things):
        by_size.setdefault(size(thing), []).append(thing)
    remaining = sum(size(thing) for thing in things)
    bins: list[tuple[Thing, ...]] = []
    while remaining >= least:
        largest = max(by_size)
        counts = {each: len(stack) for each, stack in by_size.items()}
        counts[largest] -= 1
        chosen = [largest, *_tightest(counts, least - largest)]
        bins.append(tuple(by_size[each].pop() for each in chosen))
        remaining -= sum(chosen)
        by_size = {each: stack for each, stack in by_size.items() if stack}
    left = tuple(thing for each in sorted(by_size) for thing in by_size[each][::-1])
    return Packing(tuple(bins), left)


def _tightest(counts: dict[int, int], need: int) -> list[int]:
    """Sizes with the least sum that reaches `need`; few and large before many and small."""
    reached: dict[int, list[int]] = {0: []}
    for each in sorted(counts, reverse=True):
        for start, chosen in sorted(reached.items()):
            for copies in range(1, counts[each] + 1):
                total = start + copies * each
                if total not in reached:
                    reached[total] = chosen + [each] * copies
                if total >= need:
                    break
        if need in reached:
            break
    return reached[min(total for total in reached if total >= need)]


def _shared_out(full: Packing[Thing], size: Callable[[Thing], int]) -> Packing[Thing]:
    """Everything left joins the group that is smallest at the time."""
    bins = [list(one) for one in full.bins]
    totals = [sum(size(thing) for thing in one) for one in bins]
    for thing in full.left:
        at = totals.index(min(totals))
        bins[at].append(thing)
        totals[at] += size(thing)
    return Packing(tuple(tuple(one) for one in bins))
