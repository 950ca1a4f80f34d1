"""What two naive releases of the same organizations give away."""

import math
from dataclasses import dataclass
from itertools import permutations

import numpy as np

from analytics.disclosure import Measure
from tests.disclosure.attacker import LEAST, Flags, Known, determined
from tests.disclosure.organizations import organization


@dataclass
class Naive:
    """Cells hidden and recovered; differences of one person, and answers recovered."""

    hidden: int = 0
    recovered: int = 0
    single: int = 0
    answers: int = 0


def hiding_small_cells(number: int, tally: Naive) -> None:
    """Publish every exact mean of five people or more, for each wave by itself."""
    for wave in organization(number).waves:
        for measure in wave.measures.values():
            has = ~np.isnan(measure.values)
            groups = [member.rows & has for member in wave.segments]
            told = np.array([one for one in groups if one.sum() >= LEAST])
            small = [one for one in groups if 0 < one.sum() < LEAST]
            if not small or not len(told):
                continue
            found = determined(Known(told, measure.values), np.array(small))
            tally.hidden += len(small)
            tally.recovered += int(found.sum())


def one_decimal(number: int, tally: Naive) -> None:
    """Publish every mean at one decimal; subtract groups that differ by one person."""
    for wave in organization(number).waves:
        for measure in wave.measures.values():
            has = ~np.isnan(measure.values)
            groups = [member.rows & has for member in wave.segments]
            step = 0.25 if "scale" in wave.measures else 1.0
            for whole, part in permutations(groups, 2):
                inside = not (part & ~whole).any()
                if inside and whole.sum() - part.sum() == 1:
                    tally.single += 1
                    tally.answers += _is_told(whole, part, measure, step)


def _is_told(whole: Flags, part: Flags, measure: Measure, step: float) -> bool:
    """Whether two rounded means leave one possible answer to the person between."""
    low, high = 0.0, 0.0
    for group, sign in ((whole, 1), (part, -1)):
        n = int(group.sum())
        if not n:
            continue
        mean = round(float(measure.values[group].mean()), 1)
        ends = (n * (mean - 0.05), n * (mean + 0.05))
        low += sign * ends[sign < 0]
        high += sign * ends[sign > 0]
    first = math.ceil((max(low, measure.low) - 1e-9) / step)
    last = math.floor((min(high, measure.high) + 1e-9) / step)
    return first == last
