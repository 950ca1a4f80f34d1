"""When a question is shown: after a certain answer to an earlier one."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Condition:
    """The closed question `item` was answered with one of `codes`."""

    item: str
    codes: tuple[int, ...]


def all_met(conditions: tuple[Condition, ...], given: Mapping[str, int]) -> bool:
    """Whether every condition holds for the codes `given`, by item.

    A question that was skipped or not shown itself meets no condition.
    """
    return all(given.get(one.item) in one.codes for one in conditions)
