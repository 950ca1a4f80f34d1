"""Formulas of parameters: numbers, labels, `+ - * / ^`, brackets, exp, log, sqrt.

A formula is evaluated together with its derivatives, exactly, for the delta method.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analytics.psychometrics.data import Matrix

_FUNCTIONS = ("exp", "log", "sqrt")
_PRIORITY = {"+": 1, "-": 1, "*": 2, "/": 2, "^": 4}


@dataclass(frozen=True, slots=True)
class Formula:
    """A node: an operation with its parts, a label ("label") or a number ("number")."""

    operation: str
    parts: tuple["Formula", ...] = ()
    label: str = ""
    number: float = 0.0

    def labels(self) -> frozenset[str]:
        """Return the labels that the formula needs."""
        if self.operation == "label":
            return frozenset([self.label])
        return frozenset().union(*(part.labels() for part in self.parts))

    def value(self, at: Mapping[str, tuple[float, Matrix]]) -> tuple[float, Matrix]:
        """Evaluate value and gradient.

        Parameters
        ----------
        at : mapping of label -> (value, (t,) gradient)

        Raises
        ------
        ArithmeticError, ValueError
            Division by zero, or the logarithm or root of a negative number.
        """
        if self.operation == "label":
            return at[self.label]
        if self.operation == "number":
            size = next(iter(at.values()))[1] if at else np.zeros(0)
            return self.number, np.zeros_like(size)
        values = [part.value(at) for part in self.parts]
        if len(values) == 1:
            return _single(self.operation, *values[0])
        return _pair(self.operation, *values[0], *values[1])


def _single(operation: str, x: float, dx: Matrix) -> tuple[float, Matrix]:
    if operation == "-":
        return -x, -dx
    if operation == "exp":
        return math.exp(x), math.exp(x) * dx
    if operation == "log":
        return math.log(x), dx / x
    root = math.sqrt(x)
    return root, dx / (2 * root)


def _pair(
    operation: str, x: float, dx: Matrix, y: float, dy: Matrix
) -> tuple[float, Matrix]:
    if operation == "+":
        return x + y, dx + dy
    if operation == "-":
        return x - y, dx - dy
    if operation == "*":
        return x * y, x * dy + y * dx
    if operation == "/":
        return x / y, (dx - x / y * dy) / y
    power = x**y
    gradient = y * x ** (y - 1) * dx
    if dy.any():
        gradient = gradient + power * math.log(x) * dy
    return power, gradient


def read_formula(words: Sequence[str]) -> tuple[Formula, int | None]:
    """Read the words of a formula.

    Returns
    -------
    formula : Formula
    at : int or None
        None when every word was understood, else the place of the first that was not
        (the number of words when the end came too early).
    """
    reader = _Reader(words)
    try:
        formula = reader.sum(1)
    except _Wrong as wrong:
        return Formula("number"), wrong.at
    return formula, None if reader.at == len(words) else reader.at


class _Wrong(Exception):
    def __init__(self, at: int) -> None:
        self.at = at
        super().__init__(at)


class _Reader:
    """Precedence climbing over the words; `^` binds tightest and to the right."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = words
        self.at = 0

    def _peek(self) -> str:
        return self.words[self.at] if self.at < len(self.words) else ""

    def sum(self, priority: int) -> Formula:
        left = self._factor()
        while _PRIORITY.get(self._peek(), 0) >= priority:
            operation = self._peek()
            self.at += 1
            right_first = operation == "^"
            right = self.sum(_PRIORITY[operation] + (0 if right_first else 1))
            left = Formula(operation, (left, right))
        return left

    def _factor(self) -> Formula:
        word = self._peek()
        if not word:
            raise _Wrong(self.at)
        if word in ("-", "+"):
            self.at += 1
            inner = self.sum(3)
            return Formula("-", (inner,)) if word == "-" else inner
        if word == "(":
            return self._bracket()
        if word[0].isdigit() or (word[0] == "." and word[1:2].isdigit()):
            self.at += 1
            return Formula("number", number=float(word))
        if word in _FUNCTIONS:
            self.at += 1
            return Formula(word, (self._bracket(),))
        if word[0].isalpha() or word[0] in "._":
            self.at += 1
            return Formula("label", label=word)
        raise _Wrong(self.at)

    def _bracket(self) -> Formula:
        if self._peek() != "(":
            raise _Wrong(self.at)
        self.at += 1
        inner = self.sum(1)
        if self._peek() != ")":
            raise _Wrong(self.at)
        self.at += 1
        return inner
