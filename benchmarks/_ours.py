"""Our side of the comparison with other packages: data, calls, differences."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import benchmarks  # noqa: F401  first: it sets the threads of the linear algebra

# isort: split
import numpy as np

from analytics.psychometrics import (
    BurtTable,
    Item,
    Matrix,
    MissingRule,
    Moments,
    ResponseMatrix,
    align,
    bootstrap,
    cronbach_alpha,
    efa,
    moments,
    omega_total,
    polychoric,
    polychoric_parallel_analysis,
)
from analytics.psychometrics.sem import SemFit, fit_model

ITEMS, FACTORS, MISSING_SHARE, SEED = 40, 8, 0.02, 20261121
TABLE = 50_000  # people from whom on the table of counts is faster than the sums
MODEL = "\n".join(
    f"f{f} =~ " + " + ".join(f"i{j}" for j in range(5 * f - 4, 5 * f + 1))
    for f in range(1, FACTORS + 1)
)
Found = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is drawn."""

    bootstrap: int
    parallel: int


def simulated(n: int, points: int, *, gaps: bool) -> ResponseMatrix:
    """Answers of n people, seeded: loading .7, factors correlated .4, uneven means."""
    rng = np.random.default_rng([SEED, n, points, gaps])
    items = tuple(Item(f"i{j}", 1, points) for j in range(1, ITEMS + 1))
    root = np.linalg.cholesky(0.4 + 0.6 * np.eye(FACTORS))
    centre = np.linspace(-0.8, 0.8, ITEMS)
    chunks = []
    for start in range(0, n, 50_000):
        m = min(50_000, n - start)
        factors = rng.standard_normal((m, FACTORS)) @ root.T
        noise = rng.standard_normal((m, ITEMS)) * np.sqrt(1 - 0.7**2)
        agreement = 0.7 * np.repeat(factors, ITEMS // FACTORS, axis=1) + noise + centre
        scaled = (points - 1) / 2 + agreement * (points - 1) / 3.7
        codes = np.clip(np.rint(scaled), 0, points - 1).astype(np.int8)
        if gaps:
            codes[rng.random((m, ITEMS)) < MISSING_SHARE] = -1
        chunks.append(ResponseMatrix(codes, items))
    return ResponseMatrix.stack(chunks)


def call(
    statistic: str, data: ResponseMatrix, rule: MissingRule, sizes: Sizes, threads: int
) -> Callable[[], Any]:
    """Return what computes a statistic from the answers, counting included."""

    def table() -> BurtTable:
        return BurtTable.of(data, missing=rule, threads=threads)

    def first_two() -> Moments:
        """By the faster of the two ways, which give the same numbers."""
        return table().moments() if data.n >= TABLE else moments(data, missing=rule)

    rng = np.random.default_rng
    calls: dict[str, Callable[[], Any]] = {
        "pearson": lambda: first_two().correlation,
        "polychoric": lambda: polychoric(table(), threads=threads).rho,
        "efa": lambda: efa(first_two(), FACTORS, rotation="oblimin").loadings,
        "cfa": lambda: fit_model(MODEL, first_two(), estimator="ML"),
        "alpha": lambda: cronbach_alpha(first_two()),
        "bootstrap": lambda: bootstrap(
            data,
            lambda m: omega_total(m).estimate,
            rng=rng(SEED),
            missing=rule,
            n_draws=sizes.bootstrap,
        ),
        "parallel": lambda: polychoric_parallel_analysis(
            data,
            rng=rng(SEED),
            missing=rule,
            n_draws=sizes.parallel,
            threads=threads,
        ),
        "chain": lambda: _chain(table(), threads),
    }
    return calls[statistic]


def _chain(table: BurtTable, threads: int) -> SemFit:
    """Pearson, polychorics, EFA and CFA from one table."""
    m = table.moments()
    polychoric(table, threads=threads)
    efa(m, FACTORS, rotation="oblimin")
    return fit_model(MODEL, m, estimator="ML")


def differences(statistic: str, ours: Any, theirs: Found) -> dict[str, float]:
    """Return the largest absolute difference of every kind of number."""
    if statistic in ("pearson", "polychoric"):
        return {"correlations": _apart(ours, _matrix(theirs))}
    if statistic == "efa":
        return {"loadings": _apart(ours, align(_matrix(theirs), ours)[0])}
    if statistic == "alpha":
        dropped = [item.alpha_if_dropped for item in ours.items.values()]
        return {"alphas": _apart([ours.raw.estimate, *dropped], theirs["alphas"])}
    return _of_models(ours, theirs) if statistic == "cfa" else {}


def _of_models(ours: SemFit, theirs: Found) -> dict[str, float]:
    rows = {f"{p.left}{p.operator}{p.right}": p.value for p in ours.parameters}
    rows |= {f"{p.right}{p.operator}{p.left}": p.value for p in ours.parameters}
    values = [rows[name] for name in theirs["names"]]
    assert ours.measures is not None
    fit = {
        "chi2": ours.measures.chi2,
        "CFI": ours.measures.cfi,
        "RMSEA": ours.measures.rmsea.estimate if ours.measures.rmsea else None,
        "SRMR": ours.measures.srmr,
    }
    found = {
        "estimates": _apart([v.estimate for v in values], theirs["estimates"]),
        "SE": _apart([v.se or 0.0 for v in values], theirs["errors"]),
    }
    for name, value in fit.items():
        key = "chi2" if name == "chi2" else name.lower()
        if key in theirs and value is not None:
            found[name] = _apart([value], [theirs[key]])
    return found


def _matrix(theirs: Found) -> Matrix:
    return np.array(theirs["matrix"], dtype=np.float64)


def _apart(first: Any, second: Any) -> float:
    return float(np.abs(np.asarray(first) - np.asarray(second, dtype=float)).max())
