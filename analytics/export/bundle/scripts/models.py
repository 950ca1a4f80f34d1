"""Factor models of reproduce.py.

A model is a list of paths and covariances between p items and m factors: with A the
paths, S the covariances and G = (I - A)^-1 the items have covariance (G S G')[items]
(McArdle & McDonald 1984).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
PATH, BOTH, MEAN = 0, 1, 2


@dataclass
class Model:
    """Free and fixed elements; `free` has rows (kind, i, j, number of parameter)."""

    p: int
    names: list[str]  # of the factors, which stand behind the items
    free: list[tuple[int, int, int, int]] = field(default_factory=list)
    fixed: list[tuple[int, int, int, float]] = field(default_factory=list)
    start: list[float] = field(default_factory=list)

    def at(self, factor: str) -> int:
        return self.p + self.names.index(factor)

    def add(self, kind: int, i: int, j: int, start: float) -> None:
        self.free.append((kind, i, j, len(self.start)))
        self.start.append(start)

    def residuals(self, variance: Matrix, share: float = 0.5) -> None:
        for i in range(self.p):
            self.add(BOTH, i, i, share * float(variance[i]))

    def measured(self, factor: str, items: Sequence[int], sd: Matrix) -> None:
        """First loading 1, the others near the ratio of the deviations."""
        f = self.at(factor)
        self.fixed.append((PATH, items[0], f, 1.0))
        for i in items[1:]:
            self.add(PATH, i, f, float(sd[i] / sd[items[0]]))

    def correlated(self, factors: Sequence[str], variance: Sequence[float]) -> None:
        for k, (factor, own) in enumerate(zip(factors, variance, strict=True)):
            self.add(BOTH, self.at(factor), self.at(factor), own)
            for other, its in zip(factors[:k], variance[:k], strict=True):
                near = 0.4 * math.sqrt(own * its)
                self.add(BOTH, self.at(factor), self.at(other), near)


@dataclass
class Group:
    """A sample: covariances with divisor n, means, and how many people."""

    S: Matrix
    mean: Matrix
    n: int

    @classmethod
    def of(cls, X: Matrix) -> "Group":
        X = X[~np.isnan(X).any(axis=1)]
        return cls(np.cov(X.T, ddof=0), X.mean(axis=0), len(X))


def standard_models(scales: dict[str, list[int]], S: Matrix) -> dict[str, Model]:
    """Return the models that a report compares, for items numbered from 0."""
    models = {"correlated": _correlated(scales, S)}
    if len(scales) > 1:
        models["one_factor"] = _correlated({"general": list(range(len(S)))}, S)
        models["method"] = _method(scales, S)
    if len(scales) > 2:
        models["second_order"] = _second_order(scales, S)
        models["bifactor"] = _bifactor(scales, S)
    return models


def _correlated(scales: dict[str, list[int]], S: Matrix) -> Model:
    model = Model(len(S), list(scales))
    variance = np.diag(S)
    for name, items in scales.items():
        model.measured(name, items, np.sqrt(variance))
    model.correlated(
        list(scales), [0.5 * float(variance[items[0]]) for items in scales.values()]
    )
    model.residuals(variance)
    return model


def _second_order(scales: dict[str, list[int]], S: Matrix) -> Model:
    model = Model(len(S), [*scales, "general"])
    variance = np.diag(S)
    for name, items in scales.items():
        model.measured(name, items, np.sqrt(variance))
    size = {name: 0.5 * float(variance[items[0]]) for name, items in scales.items()}
    first, general = next(iter(scales)), model.at("general")
    for name in scales:
        if name == first:
            model.fixed.append((PATH, model.at(name), general, 1.0))
        else:
            near = math.sqrt(size[name] / size[first])
            model.add(PATH, model.at(name), general, near)
        model.add(BOTH, model.at(name), model.at(name), 0.5 * size[name])
    model.add(BOTH, general, general, 0.5 * size[first])
    model.residuals(variance)
    return model


def _bifactor(scales: dict[str, list[int]], S: Matrix) -> Model:
    special_ones = {name: items for name, items in scales.items() if len(items) > 1}
    model = Model(len(S), ["general", *special_ones])
    variance = np.diag(S)
    sd = np.sqrt(variance)
    general = model.at("general")
    model.fixed.append((BOTH, general, general, 1.0))
    for i in range(len(S)):
        model.add(PATH, i, general, 0.55 * float(sd[i]))
    for name, items in special_ones.items():
        own = model.at(name)
        if len(items) == 2:
            # two equal loadings, and the variance free
            model.fixed += [(PATH, i, own, 1.0) for i in items]
            model.add(BOTH, own, own, 0.2 * float(variance[items[0]]))
        else:
            model.fixed.append((BOTH, own, own, 1.0))
            for i in items:
                model.add(PATH, i, own, 0.4 * float(sd[i]))
    model.residuals(variance)
    return model


def _method(scales: dict[str, list[int]], S: Matrix) -> Model:
    model = _correlated(scales, S)
    model.names.append("method")
    method = model.at("method")
    model.fixed += [(PATH, i, method, 1.0) for i in range(len(S))]
    model.add(BOTH, method, method, 0.0)
    return model


def invariance_models(
    scales: dict[str, list[int]], groups: Sequence[Group]
) -> dict[str, list[Model]]:
    """Models of all groups at once: nothing, loadings, intercepts too equal."""
    levels = {}
    for level in ("configural", "metric", "scalar"):
        shared: dict[tuple[int, int, int], int] = {}
        models: list[Model] = []
        start: list[float] = []
        for g, group in enumerate(groups):
            model = _correlated(scales, group.S)
            for i in range(model.p):
                model.add(MEAN, i, 0, float(group.mean[i]))
            if level == "scalar" and g:
                for name in scales:
                    model.add(MEAN, model.at(name), 0, 0.0)
            numbered = []
            for kind, i, j, number in model.free:
                same = (kind == PATH and level != "configural") or (
                    kind == MEAN and i < model.p and level == "scalar"
                )
                key = (kind, i, j) if same else (kind, i, j + 1000 * (g + 1))
                if key not in shared:
                    shared[key] = len(start)
                    start.append(model.start[number])
                numbered.append((kind, i, j, shared[key]))
            model.free = numbered
            models.append(model)
        for model in models:
            model.start = start
        levels[level] = models
    return levels
