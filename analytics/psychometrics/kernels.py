"""The compiled inner loops. Imports numba: only `compiled` may import this module.

Every function releases the interpreter's lock and is cached on disk; the callers run
several at once on slices of rows or of pairs. Threads of Python rather than numba's
own: its default threading layer ends the process when two requests use it at once.
"""

import math

import numba
import numpy as np
from numpy.typing import NDArray

from analytics.psychometrics.data import Codes, Matrix
from analytics.psychometrics.moments import Counts

Index = NDArray[np.int32]
States = NDArray[np.uint8]
Bits = NDArray[np.uint32]

ROWS_AT_ONCE = 2_048  # keeps the codes of a block in the second-level cache


@numba.njit(cache=True, nogil=True)
def count_pairs(
    codes: Codes, left: Index, right: Index, size: Index, starts: Index
) -> Counts:
    """Count the answers to every two items, (m, m).

    Counts super-items, then takes them apart. Super-item a is the item `left[a]`,
    merged with `right[a]` unless that is -1; `size[0, a]` is its number of states,
    `size[1, a]` that of the right item (1 for none). `starts` (p + 1,) are the first
    rows of the items in the result, and m.
    """
    n, q = len(codes), len(left)
    length = 0
    for a in range(q):
        for b in range(a, q):
            length += size[0, a] * size[0, b]
    counts = np.zeros(length, np.int32)
    state = np.empty((q, ROWS_AT_ONCE), np.uint8)
    for start in range(0, n, ROWS_AT_ONCE):
        rows = min(ROWS_AT_ONCE, n - start)
        _merge(codes[start : start + rows], left, right, size[1], state)
        first = 0
        for a in range(q):
            for b in range(a, q, 2):
                middle = first + size[0, a] * size[0, b]
                if b + 1 == q:
                    _count_one(state[a, :rows], state[b], size[0, b], counts[first:])
                    first = middle
                    continue
                last = middle + size[0, a] * size[0, b + 1]
                _count_two(
                    state[a, :rows],
                    state[b : b + 2],
                    size[0, b : b + 2],
                    counts[first:middle],
                    counts[middle:last],
                )
                first = last
    return _taken_apart(counts, left, right, size, starts)


@numba.njit(cache=True, nogil=True)
def _taken_apart(
    joint: Index, left: Index, right: Index, size: Index, starts: Index
) -> Counts:
    """Tables of items from those of super-items (a, b), a <= b, one after another."""
    m, largest = starts[-1], size[0].max()
    counts = np.zeros((m, m), np.int64)
    of_left, of_right = np.empty((2, largest, largest), np.int32)
    first = 0
    for a in range(len(left)):
        for b in range(a, len(left)):
            table = joint[first : first + size[0, a] * size[0, b]]
            first += len(table)
            of_left[:], of_right[:] = 0, 0
            _add_rows(table, size[1, a], size[0, b], of_left, of_right)
            for item, rows in ((left[a], of_left), (right[a], of_right)):
                if item >= 0:
                    into = counts[starts[item] : starts[item + 1]]
                    _add_columns(rows, left[b], right[b], size[1, b], starts, into)
    for row in range(m):
        for column in range(row):
            counts[row, column] = counts[column, row]
    return counts


@numba.njit(cache=True, nogil=True)
def _add_rows(
    table: Index, inner: int, width: int, of_left: Index, of_right: Index
) -> None:
    """Sum the rows of a super-item's states over either of its items."""
    for row in range(len(table) // width):
        upper, lower = of_left[row // inner], of_right[row % inner]
        for t in range(width):
            found = table[row * width + t]
            upper[t] += found
            lower[t] += found


@numba.njit(cache=True, nogil=True)
def _add_columns(
    rows: Index, left: int, right: int, inner: int, starts: Index, into: Counts
) -> None:
    """Sum the columns of a super-item's states over either of its items."""
    column = starts[left]
    other = starts[right] if right >= 0 else 0
    for row in range(len(into)):
        t = 0
        for u in range(starts[left + 1] - column):
            for v in range(inner):
                into[row, column + u] += rows[row, t]
                if right >= 0:
                    into[row, other + v] += rows[row, t]
                t += 1


@numba.njit(cache=True, nogil=True)
def shuffle(by_item: Codes, bits: Bits) -> None:
    """Shuffle each row of (p, n) answers in place by n - 1 or more 32-bit numbers.

    Fisher and Yates; the place of an answer is the upper half of its number times
    the places that are left, which is even to n / 2**32.
    """
    for row in range(len(by_item)):
        values, numbers = by_item[row], bits[row]
        for last in range(len(values) - 1, 0, -1):
            scaled = np.uint64(numbers[last - 1]) * np.uint64(last + 1)
            place = scaled >> np.uint64(32)
            values[last], values[place] = values[place], values[last]


@numba.njit(cache=True, nogil=True)
def _merge(
    codes: Codes, left: Index, right: Index, inner: Index, state: States
) -> None:
    for a in range(len(left)):
        for r in range(len(codes)):
            merged = (codes[r, left[a]] + 1) * inner[a]
            if right[a] >= 0:
                merged += codes[r, right[a]] + 1
            state[a, r] = merged


@numba.njit(cache=True, nogil=True)
def _count_two(
    of_a: States, of_b: States, size: Index, one: Index, other: Index
) -> None:
    """Two tables in turn: the next increment need not wait for the last to be stored."""
    width, other_width = np.uint32(size[0]), np.uint32(size[1])
    for r in range(len(of_a)):
        a = np.uint32(of_a[r])
        # unsigned, so that no index is looked at for being negative
        one[np.uint64(a * width + of_b[0, r])] += 1
        other[np.uint64(a * other_width + of_b[1, r])] += 1


@numba.njit(cache=True, nogil=True)
def _count_one(of_a: States, of_b: States, size: int, table: Index) -> None:
    width = np.uint32(size)
    for r in range(len(of_a)):
        table[np.uint64(np.uint32(of_a[r]) * width + of_b[r])] += 1


@numba.njit(cache=True, nogil=True)
def fit_pairs(
    tables: Matrix,
    i: Index,
    j: Index,
    tau: Matrix,
    below: Matrix,
    start: Matrix,
    rules: Matrix,
    limits: Matrix,
) -> Matrix:
    """Polychoric correlation of every pair: `polychoric._fit_pairs`, pair by pair.

    Arguments as there; `rules` of `bivariate.packed_rules`; `limits` are bound,
    tolerance, steps and floor.
    Returns (pairs, 3): correlation, iterations, last step.
    """
    found = np.empty((len(tables), 3))
    k = tables.shape[1]
    area, density = np.zeros((k + 1, k + 1)), np.zeros((k + 1, k + 1))
    bound, tolerance, most, floor = limits
    sines, weights = np.empty(rules.shape[2]), np.empty(rules.shape[2])
    for q in range(len(tables)):
        area[1:k, k], area[k, 1:k], area[k, k] = below[i[q]], below[j[q]], 1.0
        low, high, r = -bound, bound, start[q]
        step, done = np.inf, 0
        while done < most and abs(step) > tolerance:
            done += 1
            count = _prepare(r, rules, sines, weights)
            for a in range(k - 1):
                for b in range(k - 1):
                    h, g = tau[i[q], a], tau[j[q], b]
                    product, squares = h * g, (h * h + g * g) / 2
                    total = 0.0
                    for x in range(count):
                        sine = sines[x]
                        power = (sine * product - squares) / (1 - sine * sine)
                        total += weights[x] * math.exp(power)
                    independent = area[a + 1, k] * area[k, b + 1]
                    area[a + 1, b + 1] = independent + total
                    density[a + 1, b + 1] = _density(product, squares, r)
            score, information = _slope(tables[q], area, density, floor)
            if score > 0:
                low = r
            else:
                high = r
            moved = r + score / max(information, 1e-300)
            if not low <= moved <= high:
                moved = (low + high) / 2
            step = moved - r
            r = moved
        found[q, 0], found[q, 1], found[q, 2] = r, done, abs(step)
    return found


@numba.njit(cache=True, nogil=True)
def look_up_pairs(state: States, tables: Matrix, width: int, out: Matrix) -> None:
    """Fill (q, m): row by row what a pair's table holds for the states (p, m) of people.

    As `sem.influence.Influence.scores`: `tables` are (q, width ** 2).
    """
    row = 0
    for i in range(len(state) - 1):
        first = state[i]
        for j in range(i + 1, len(state)):
            second, table, moved = state[j], tables[row], out[row]
            for x in range(len(first)):
                cell = np.uint32(first[x]) * np.uint32(width) + np.uint32(second[x])
                # unsigned, so that no index is looked at for being negative
                moved[x] = table[np.uint64(cell)]
            row += 1


@numba.njit(cache=True, nogil=True)
def _prepare(r: float, rules: Matrix, sines: Matrix, weights: Matrix) -> int:
    """Sines and weights of Plackett's integral for r; returns how many."""
    kind = 0
    while abs(r) >= rules[kind, 2, 0]:
        kind += 1
    half = math.asin(r) / 2
    count = int(rules[kind, 2, 1])
    for x in range(count):
        sines[x] = math.sin(half * (rules[kind, 0, x] + 1))
        weights[x] = rules[kind, 1, x] * half / (2 * math.pi)
    return count


@numba.njit(cache=True, nogil=True)
def _density(product: float, squares: float, r: float) -> float:
    rest = 1 - r * r
    return math.exp((r * product - squares) / rest) / (2 * math.pi * math.sqrt(rest))


@numba.njit(cache=True, nogil=True)
def _slope(
    n: Matrix, area: Matrix, density: Matrix, floor: float
) -> tuple[float, float]:
    """Slope of the log-likelihood by r, and its expected curvature."""
    score, information = 0.0, 0.0
    for a in range(n.shape[0]):
        for b in range(n.shape[1]):
            p = area[a + 1, b + 1] - area[a, b + 1] - area[a + 1, b] + area[a, b]
            d = density[a + 1, b + 1] - density[a, b + 1]
            d += density[a, b] - density[a + 1, b]
            p = max(p, floor)
            score += n[a, b] * d / p
            information += d * d / p
    return score, information * n.sum()
