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

Index = NDArray[np.int32]

ROWS_AT_ONCE = 2_048  # keeps the codes of a block in the second-level cache


@numba.njit(cache=True, nogil=True)
def count_pairs(codes: Codes, left: Index, right: Index, size: Index) -> Index:
    """Count the joint states of every two super-items.

    Super-item a is the item `left[a]`, merged with `right[a]` unless that is -1;
    `size[0, a]` is its number of states, `size[1, a]` that of the right item (1 for
    none). Returns the tables (a, b), a <= b, row after row, one after another.
    """
    n, q = len(codes), len(left)
    length = 0
    for a in range(q):
        for b in range(a, q):
            length += size[0, a] * size[0, b]
    counts = np.zeros(length, np.int32)
    state = np.empty((q, ROWS_AT_ONCE), np.int32)
    for start in range(0, n, ROWS_AT_ONCE):
        rows = min(ROWS_AT_ONCE, n - start)
        for r in range(rows):
            row = codes[start + r]
            for a in range(q):
                merged = (row[left[a]] + 1) * size[1, a]
                if right[a] >= 0:
                    merged += row[right[a]] + 1
                state[a, r] = merged
        first = 0
        for a in range(q):
            of_a = state[a]
            for b in range(a, q):
                of_b, width = state[b], size[0, b]
                table = counts[first : first + size[0, a] * width]
                for r in range(rows):
                    table[of_a[r] * width + of_b[r]] += 1
                first += size[0, a] * width
    return counts


@numba.njit(cache=True, nogil=True)
def fit_pairs(
    tables: Matrix,
    i: Index,
    j: Index,
    tau: Matrix,
    below: Matrix,
    start: Matrix,
    nodes: Matrix,
    limits: Matrix,
) -> Matrix:
    """Polychoric correlation of every pair: `polychoric._fit_pairs`, pair by pair.

    Arguments as there; `nodes` (4, x) holds few nodes and their weights, filled up
    with zeros, then many; `limits` are bound, tolerance, steps, steep and floor.
    Returns (pairs, 3): correlation, iterations, last step.
    """
    found = np.empty((len(tables), 3))
    k = tables.shape[1]
    area, density = np.zeros((k + 1, k + 1)), np.zeros((k + 1, k + 1))
    bound, tolerance, most, steep, floor = limits
    for q in range(len(tables)):
        area[1:k, k], area[k, 1:k], area[k, k] = below[i[q]], below[j[q]], 1.0
        low, high, r = -bound, bound, start[q]
        step, done = np.inf, 0
        while done < most and abs(step) > tolerance:
            done += 1
            rule = nodes[:2] if abs(r) < steep else nodes[2:]
            for a in range(k - 1):
                for b in range(k - 1):
                    h, g = tau[i[q], a], tau[j[q], b]
                    independent = area[a + 1, k] * area[k, b + 1]
                    area[a + 1, b + 1] = independent + _beyond(h, g, r, rule)
                    density[a + 1, b + 1] = _density(h, g, r)
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
def _beyond(h: float, g: float, r: float, rule: Matrix) -> float:
    """Bivariate normal probability below (h, g) minus that for r = 0."""
    half, product, squares = math.asin(r) / 2, h * g, (h * h + g * g) / 2
    total = 0.0
    for x in range(rule.shape[1]):
        if rule[1, x] == 0.0:
            break
        sine = math.sin(half * (rule[0, x] + 1))
        total += rule[1, x] * math.exp((sine * product - squares) / (1 - sine * sine))
    return total * half / (2 * math.pi)


@numba.njit(cache=True, nogil=True)
def _density(h: float, g: float, r: float) -> float:
    rest = 1 - r * r
    power = (r * h * g - (h * h + g * g) / 2) / rest
    return math.exp(power) / (2 * math.pi * math.sqrt(rest))


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
