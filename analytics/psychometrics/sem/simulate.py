"""Answers drawn from a population that a model text with numbers describes.

For checking estimators and for planning a survey. Simulated answers never say anything
about an instrument.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from analytics.psychometrics.bivariate import Cells
from analytics.psychometrics.data import Item, Matrix, ResponseMatrix
from analytics.psychometrics.errors import NotDefined
from analytics.psychometrics.moments import Moments
from analytics.psychometrics.sem.kernel import total_effects
from analytics.psychometrics.sem.syntax import ModelText, Statement, read_model

Shares = Sequence[float] | Mapping[str, Sequence[float]]
PEOPLE = 10**9  # n of a population where a formula asks for one


@dataclass(frozen=True, slots=True, eq=False)
class Population:
    """Means and covariances that a model text with numbers implies.

    Attributes
    ----------
    text : str
    items : tuple of p str
        In the order in which the text names them.
    covariance : (p, p), mean : (p,)
        Read-only.
    """

    text: str
    items: tuple[str, ...]
    covariance: Matrix
    mean: Matrix

    def moments(self) -> Moments:
        """Return the moments as if of very many people, for what takes moments."""
        return exact_moments(self.items, self.covariance, self.mean)


@dataclass(frozen=True, slots=True)
class Normal:
    """Multivariate normal values."""


@dataclass(frozen=True, slots=True)
class StudentT:
    """Multivariate t with these degrees of freedom, above 2: elliptical, heavy tails.

    Its excess kurtosis is 6 / (df - 4) for df above 4, else infinite.
    """

    df: float

    def __post_init__(self) -> None:
        if not self.df > 2:
            raise ValueError(f"Student's t needs df above 2, not {self.df}.")


@dataclass(frozen=True, slots=True)
class ValeMaurelli:
    """Values of this skew and excess kurtosis, made from normal ones by cubics.

    References
    ----------
    Fleishman (1978), Psychometrika 43, 521-532; Vale & Maurelli (1983), Psychometrika
    48, 465-471.
    """

    skew: float
    kurtosis: float


Distribution = Normal | StudentT | ValeMaurelli


def read_population(text: str) -> Population:
    r"""Turn a model text with a number before every variable into moments.

    What the text does not name: a variance is whatever makes the variance of the item
    or factor one; a covariance, a mean and an intercept are 0.

    Raises
    ------
    NotDefined
        Misspelt; a parameter without one number (the sentence names line and column);
        a variance that would have to be zero or below; or covariances that are not
        positive definite.
    """
    known = read_model(text)
    for one in known.statements:
        _require_number(one)
    items, names = _names(known)
    place = {name: i for i, name in enumerate(names)}
    q, p = len(names), len(items)
    A, S, alpha = np.zeros((q, q)), np.full((q, q), np.nan), np.zeros(q)
    S[~np.eye(q, dtype=bool)] = 0
    for one in known.statements:
        value, left = _number(one), place[one.left]
        if one.operator == "=~":
            A[place[one.right], left] = value
        elif one.operator == "~":
            A[left, place[one.right]] = value
        elif one.operator == "~1":
            alpha[left] = value
        else:
            S[left, place[one.right]] = S[place[one.right], left] = value
    try:
        B = total_effects(A)
    except np.linalg.LinAlgError:
        raise NotDefined("population-not-positive") from None
    _fill_variances(S, B, names)
    covariance: Matrix = (B @ S @ B.T)[:p, :p]
    mean: Matrix = (B @ alpha)[:p]
    if np.linalg.eigvalsh(S)[0] < 0 or np.linalg.eigvalsh(covariance)[0] <= 1e-10:
        raise NotDefined("population-not-positive")
    for array in (covariance, mean):
        array.setflags(write=False)
    return Population(text, items, covariance, mean)


def freed(text: str) -> str:
    """Return the model text of a population without its numbers, for estimating it.

    Labels, derived quantities and constraints stay, and so does a number 0. It is to be
    fitted with factors of variance 1 (`std_lv`).
    """
    known = read_model(text)
    lines = []
    for one in known.statements:
        marks = [f"{label}*" for label in one.labels if label]
        if one.values and _number(one) == 0:
            marks.append("0*")
        left = one.left if one.operator != "~1" else f"{one.left}"
        operator = "~" if one.operator == "~1" else one.operator
        lines.append(f"{left} {operator} {''.join(marks[:1])}{one.right or '1'}")
    lines += [f"{one.name} := {one.text}" for one in known.definitions]
    lines += [one.text for one in known.constraints]
    return "\n".join(lines)


def draw_values(
    population: Population, n: int, rng: np.random.Generator, *, shape: Distribution
) -> Matrix:
    """Draw n people's real values, (n, p), with the population's moments.

    Raises
    ------
    NotDefined
        No cubic has that skew and kurtosis, or none has these correlations.
    """
    p = len(population.items)
    if isinstance(shape, ValeMaurelli):
        spread = np.sqrt(np.diag(population.covariance))
        values: Matrix = _cubic(population, shape, rng.standard_normal((n, p))) * spread
        return values + population.mean
    values = rng.standard_normal((n, p)) @ np.linalg.cholesky(population.covariance).T
    if isinstance(shape, StudentT):
        stretch = rng.chisquare(shape.df, n) / (shape.df - 2)
        values /= np.sqrt(stretch)[:, None]
    return values + population.mean


def draw_answers(
    population: Population, n: int, rng: np.random.Generator, *, shares: Shares
) -> ResponseMatrix:
    """Draw n people's answers on a scale of points, from 1 on.

    Normal values are cut so that in the population of a mean 0 and variance 1 each
    point gets its share of the answers. An item of another mean is answered higher or
    lower, as where it drifts.

    Parameters
    ----------
    shares : k numbers that add up to 1, lowest point first; or such a list for each item
    """
    values = draw_values(population, n, rng, shape=Normal())
    codes = np.empty(values.shape, dtype=np.int8)
    items = []
    for j, (name, cuts) in enumerate(_cuts(population, shares).items()):
        codes[:, j] = np.searchsorted(cuts, values[:, j], side="right")
        items.append(Item(name, 1, len(cuts) + 1))
    return ResponseMatrix(codes, tuple(items))


def answer_moments(population: Population, *, shares: Shares) -> Moments:
    """Return exact moments of the answers of `draw_answers`, scored 1, 2, 3 ...

    From the bivariate normal probabilities of every pair of points (Plackett).
    """
    cuts = list(_cuts(population, shares).values())
    if len({len(one) for one in cuts}) > 1:
        raise ValueError("All items need the same number of points.")
    sd = np.sqrt(np.diag(population.covariance))
    inner = (np.array(cuts) - population.mean[:, None]) / sd[:, None]
    below = _normal_below(inner)
    score = np.arange(1.0, inner.shape[1] + 2)
    share = np.diff(np.pad(below, ((0, 0), (1, 1)), constant_values=(0, 1)), axis=1)
    mean: Matrix = share @ score
    covariance = np.diag(share @ score**2 - mean**2)
    i, j = np.triu_indices(len(mean), 1)
    r = (population.covariance / np.outer(sd, sd))[i, j]
    cells = Cells.of(inner[i], inner[j], below[i], below[j], r).probability
    products = np.einsum("a,qab,b->q", score, cells, score)
    covariance[i, j] = covariance[j, i] = products - mean[i] * mean[j]
    return exact_moments(population.items, covariance, mean)


def exact_moments(items: tuple[str, ...], covariance: Matrix, mean: Matrix) -> Moments:
    """Make `Moments` of a population."""
    sd = np.sqrt(np.diag(covariance))
    p = len(items)
    return Moments(
        items=items,
        mean=mean.copy(),
        covariance=covariance.copy(),
        correlation=covariance / np.outer(sd, sd),
        pair_n=np.full((p, p), PEOPLE, dtype=np.int64),
        n=PEOPLE,
        rule="listwise",
    )


def _require_number(one: Statement) -> None:
    if len(one.values) > 1:
        raise NotDefined(
            "model-groups",
            line=one.line,
            column=one.column,
            has=len(one.values),
            needs=1,
        )
    if not one.values or one.values[0] == "NA":
        raise NotDefined(
            "population-number",
            line=one.line,
            column=one.column,
            item=one.right or "1",
        )


def _number(one: Statement) -> float:
    return float(one.values[0])


def _names(known: ModelText) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the items, and the items followed by the factors."""
    factors = dict.fromkeys(s.left for s in known.statements if s.operator == "=~")
    named = dict.fromkeys(
        name for s in known.statements for name in (s.left, s.right) if name
    )
    items = tuple(name for name in named if name not in factors)
    return items, (*items, *factors)


def _fill_variances(S: Matrix, B: Matrix, names: Sequence[str]) -> None:
    """Choose what stands as NaN on the diagonal so that total variances are one.

    The total variances B S B' are linear in the diagonal of S.
    """
    open_ = np.flatnonzero(np.isnan(np.diag(S)))
    S[open_, open_] = 0
    rest = 1 - np.diag(B @ S @ B.T)[open_]
    found = np.linalg.solve(B[np.ix_(open_, open_)] ** 2, rest)
    if len(found) and found.min() <= 0:
        item = names[open_[int(found.argmin())]]
        raise NotDefined("population-variance", item=item)
    S[open_, open_] = found


def _cuts(population: Population, shares: Shares) -> dict[str, Matrix]:
    """Return the thresholds of every item."""
    if isinstance(shares, Mapping):
        return {name: thresholds_of(shares[name]) for name in population.items}
    same = thresholds_of(shares)
    return dict.fromkeys(population.items, same)


def thresholds_of(shares: Sequence[float]) -> Matrix:
    """Return the normal quantiles between k shares of answers, (k - 1,).

    Raises
    ------
    ValueError
        Fewer than two shares, one that is not positive, or a sum that is not 1.
    """
    from scipy import special  # slow to import: see `distributions`

    given = np.asarray(shares, dtype=np.float64)
    if len(given) < 2 or not (given > 0).all() or abs(given.sum() - 1) > 1e-9:
        raise ValueError("Two shares or more, all above 0, with a sum of 1.")
    cuts: Matrix = special.ndtri(np.cumsum(given)[:-1])
    return cuts


def _normal_below(z: Matrix) -> Matrix:
    from scipy import special

    below: Matrix = special.ndtr(z)
    return below


def _cubic(population: Population, shape: ValeMaurelli, z: Matrix) -> Matrix:
    """Transform independent normal (n, p) values into standardized skewed ones."""
    a, b, c, d = _fleishman(shape.skew, shape.kurtosis)
    sd = np.sqrt(np.diag(population.covariance))
    wanted = population.covariance / np.outer(sd, sd)
    try:
        root = np.linalg.cholesky(_intermediate(wanted, b, c, d))
    except np.linalg.LinAlgError:
        raise NotDefined("population-shape") from None
    x = z @ root.T
    values: Matrix = a + x * (b + x * (c + x * d))
    return values


@lru_cache(maxsize=32)
def _fleishman(skew: float, kurtosis: float) -> tuple[float, float, float, float]:
    """Coefficients of a + bz + cz^2 + dz^3 with mean 0, variance 1, skew, kurtosis."""
    from scipy import optimize

    def equations(x: Matrix) -> Matrix:
        b, c, d = x
        return np.array(
            [
                b**2 + 6 * b * d + 2 * c**2 + 15 * d**2 - 1,
                2 * c * (b**2 + 24 * b * d + 105 * d**2 + 2) - skew,
                24
                * (
                    b * d
                    + c**2 * (1 + b**2 + 28 * b * d)
                    + d**2 * (12 + 48 * b * d + 141 * c**2 + 225 * d**2)
                )
                - kurtosis,
            ]
        )

    found = optimize.root(equations, np.array([1.0, 0.1 * np.sign(skew), 0.0]))
    if not found.success or np.abs(equations(found.x)).max() > 1e-9 or found.x[0] <= 0:
        raise NotDefined("population-shape")
    b, c, d = (float(value) for value in found.x)
    return -c, b, c, d


def _intermediate(wanted: Matrix, b: float, c: float, d: float) -> Matrix:
    """Correlations of the normal values that become the wanted ones, by Newton."""
    linear, square, cube = (b + 3 * d) ** 2, 2 * c**2, 6 * d**2
    r = wanted.copy()
    for _ in range(50):
        value = r * (linear + r * (square + r * cube)) - wanted
        r = r - value / (linear + r * (2 * square + 3 * r * cube))
    np.fill_diagonal(r, 1.0)
    value = r * (linear + r * (square + r * cube)) - wanted
    if not (np.abs(value) < 1e-9).all() or (np.abs(r) > 1).any():
        raise NotDefined("population-shape")
    return r
