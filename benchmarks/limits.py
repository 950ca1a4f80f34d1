"""How long the statistics take, beside plain NumPy, SciPy and factor_analyzer.

Data: five correlated factors, 40 seven-point items, 2 % of the answers missing. Ours
start from the answers (codes with gaps, complete rows used); the peers start from the
float matrix of the same complete rows, which is made for them outside of the clock.
"""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass

# first, because it sets the threads of the linear algebra
from benchmarks import in_turn, print_row, seconds_text, surroundings, wanted, write

# isort: split
import numpy as np
from factor_analyzer import Rotator
from factor_analyzer.factor_analyzer import calculate_bartlett_sphericity as fa_bartlett
from factor_analyzer.factor_analyzer import calculate_kmo as fa_kmo
from scipy import optimize

from analytics.psychometrics import (
    Item,
    Matrix,
    Moments,
    ResponseMatrix,
    align,
    bartlett,
    cronbach_alpha,
    efa,
    kmo,
    moments,
    omega_total,
    parallel_analysis,
)

REPEATS = {1_000: 15, 10_000: 9, 100_000: 5, 1_000_000: 3}  # by number of people
ITEMS, FACTORS, POINTS, MISSING_SHARE = 40, 5, 7, 0.02
DRAWS = 100
PEER_NORMALS = 40_000_000  # of direct parallel analysis: fewer draws where n is large
SEED = 20261121
WIDTHS = (30, 10, 11, 11, 10, 12)


@dataclass(frozen=True, slots=True)
class Case:
    """One statistic: our call, the peer's, and how far apart their results are.

    `share` is the part of the work that the peer does; its time is scaled up by it.
    """

    name: str
    peer_name: str
    ours: Callable[[], object]
    peer: Callable[[], object]
    difference: Callable[[], float] | None = None
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Row:
    """Medians in seconds, and the largest difference of the results."""

    name: str
    peer: str
    n: int
    seconds: float
    peer_seconds: float
    ratio: float
    difference: float | None


def simulated(n: int, rng: np.random.Generator) -> ResponseMatrix:
    """Answers of n people: loading .7, factors correlated .4, uneven item means."""
    items = tuple(Item(f"i{j}", 1, POINTS) for j in range(1, ITEMS + 1))
    phi = 0.4 + 0.6 * np.eye(FACTORS)
    root = np.linalg.cholesky(phi)
    centre = np.linspace(-0.8, 0.8, ITEMS)
    chunks = []
    for start in range(0, n, 50_000):
        m = min(50_000, n - start)
        factors = rng.standard_normal((m, FACTORS)) @ root.T
        noise = rng.standard_normal((m, ITEMS)) * np.sqrt(1 - 0.7**2)
        agreement = 0.7 * np.repeat(factors, ITEMS // FACTORS, axis=1) + noise + centre
        codes = np.clip(np.rint(3 + agreement / 0.62), 0, POINTS - 1).astype(np.int8)
        codes[rng.random((m, ITEMS)) < MISSING_SHARE] = -1
        chunks.append(ResponseMatrix(codes, items))
    return ResponseMatrix.stack(chunks)


def cases(data: ResponseMatrix) -> Iterator[Case]:
    """Yield the comparisons for one data set."""
    values = data.complete_rows().values()
    m = moments(data, missing="listwise")
    yield from moment_cases(data, values, m)
    yield from statistic_cases(data, values, m)


def moment_cases(data: ResponseMatrix, values: Matrix, m: Moments) -> Iterator[Case]:
    """Yield what everything else starts from."""
    filled = np.where(data.codes < 0, 3.0, data.codes)
    yield Case(
        "moments, pairwise",
        "one pass over the bytes",
        lambda: moments(data, missing="pairwise"),
        lambda: data.codes.sum(dtype=np.int64),
    )
    yield Case(
        "moments, pairwise",
        "np.cov, gaps filled before",
        lambda: moments(data, missing="pairwise"),
        lambda: np.cov(filled, rowvar=False),
    )
    yield Case(
        "moments, listwise",
        "np.cov",
        lambda: moments(data, missing="listwise"),
        lambda: np.cov(values, rowvar=False),
        lambda: _apart(m.covariance, np.cov(values, rowvar=False)),
    )


def statistic_cases(data: ResponseMatrix, values: Matrix, m: Moments) -> Iterator[Case]:
    """Yield the statistics, each with the moments it needs."""
    yield Case(
        "alpha, 40 items if dropped",
        "NumPy, one np.cov",
        lambda: cronbach_alpha(moments(data, missing="listwise")),
        lambda: _plain_alpha(values),
        lambda: abs(cronbach_alpha(m).raw.estimate - _plain_alpha(values)),
    )
    yield Case(
        "omega total",
        "SciPy L-BFGS-B",
        lambda: omega_total(moments(data, missing="listwise")),
        lambda: _plain_omega(values),
        lambda: abs(omega_total(m).estimate - _plain_omega(values)),
    )
    yield Case(
        "KMO and Bartlett",
        "factor_analyzer",
        lambda: (kmo(found := moments(data, missing="listwise")), bartlett(found)),
        lambda: (fa_kmo(values), fa_bartlett(values)),
        lambda: abs(kmo(m).overall - float(fa_kmo(values)[1])),
    )
    yield Case(
        "EFA, 5 factors, oblimin",
        "L-BFGS-B and factor_analyzer",
        lambda: efa(moments(data, missing="listwise"), FACTORS, rotation="oblimin"),
        lambda: _plain_efa(values),
        lambda: _loadings_apart(efa(m, FACTORS, rotation="oblimin").loadings, values),
    )
    draws = max(1, min(DRAWS, PEER_NORMALS // (len(values) * ITEMS)))
    yield Case(
        f"parallel analysis, {DRAWS} draws",
        "drawn normals, components only",
        lambda: parallel_analysis(
            moments(data, missing="listwise"),
            rng=np.random.default_rng(SEED),
            n_draws=DRAWS,
        ),
        lambda: _plain_parallel(len(values), draws),
        share=draws / DRAWS,
    )


def _apart(first: Matrix, second: Matrix) -> float:
    return float(np.abs(first - second).max())


def _plain_alpha(x: Matrix) -> float:
    """Alpha, and all alphas if dropped, from one covariance."""
    S = np.cov(x, rowvar=False)
    p, total, diagonal = len(S), S.sum(), np.diag(S)
    rest = total - 2 * S.sum(axis=0) + diagonal
    dropped = (p - 1) / (p - 2) * (1 - (diagonal.sum() - diagonal) / rest)
    assert np.isfinite(dropped).all()
    return float(p / (p - 1) * (1 - diagonal.sum() / total))


def _correlations(x: Matrix) -> Matrix:
    return np.asarray(np.corrcoef(x, rowvar=False), dtype=np.float64)


def _plain_minres(R: Matrix, m: int) -> Matrix:
    """Loadings (p, m) at the minimum of the criterion of psych's minres."""

    def value_and_gradient(psi: Matrix) -> tuple[float, Matrix]:
        values, vectors = np.linalg.eigh(R - np.diag(psi))
        rest, axes = values[:-m], vectors[:, :-m]
        return 0.5 * float(rest @ rest), -(axes**2) @ rest

    found = optimize.minimize(
        value_and_gradient,
        1 / np.diag(np.linalg.inv(R)),
        jac=True,
        method="L-BFGS-B",
        bounds=[(0.005, 1.0)] * len(R),
        options={"maxiter": 1000, "ftol": 1e-15, "gtol": 1e-9},
    )
    values, vectors = np.linalg.eigh(R - np.diag(found.x))
    loadings: Matrix = vectors[:, -m:] * np.sqrt(values[-m:])
    return loadings


def _plain_omega(x: Matrix) -> float:
    R = _correlations(x)
    return float(1 - (1 - _plain_minres(R, 1)[:, 0] ** 2).sum() / R.sum())


def _plain_efa(x: Matrix) -> Matrix:
    loadings = _plain_minres(_correlations(x), FACTORS)
    rotator = Rotator(method="oblimin", normalize=False, max_iter=1000)
    return np.asarray(rotator.fit_transform(loadings), dtype=np.float64)


def _loadings_apart(ours: Matrix, x: Matrix) -> float:
    return _apart(ours, align(_plain_efa(x), ours)[0])


def _plain_parallel(n: int, draws: int) -> Matrix:
    rng = np.random.default_rng(SEED)
    drawn = (_correlations(rng.standard_normal((n, ITEMS))) for _ in range(draws))
    return np.array([np.linalg.eigvalsh(R) for R in drawn])


def measured(case: Case, n: int, repeats: int) -> Row:
    seconds, peer_seconds = in_turn(case.ours, case.peer, repeats=repeats)
    peer_seconds /= case.share
    return Row(
        name=case.name,
        peer=case.peer_name + ("" if case.share == 1 else " (scaled up)"),
        n=n,
        seconds=seconds,
        peer_seconds=peer_seconds,
        ratio=seconds / peer_seconds,
        difference=case.difference() if case.difference else None,
    )


def main() -> None:
    """Measure every size, print the table, write the file."""
    asked = wanted("limits", __doc__)
    where = surroundings()
    rows = []
    print_row(("statistic", "n", "ours", "peer", "ratio", "difference"), WIDTHS)
    for full, repeats in REPEATS.items():
        n = full // 10 if asked.quick else full
        data = simulated(n, np.random.default_rng(SEED))
        for case in cases(data):
            row = measured(case, n, repeats)
            rows.append(row)
            apart = "" if row.difference is None else f"{row.difference:.1e}"
            times = (seconds_text(row.seconds), seconds_text(row.peer_seconds))
            cells = (row.name, f"{n:,}", *times, f"{row.ratio:.3g}", apart)
            print_row((*cells, f"  {row.peer}"), (*WIDTHS, len(row.peer) + 2))
    write(asked.path, {**where, "rows": [asdict(row) for row in rows]})


if __name__ == "__main__":
    main()
