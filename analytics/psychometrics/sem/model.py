"""From statements to parameters: what is free, what is fixed, what is equal.

The automatic rules are those of lavaan's `cfa` and `sem`: the first loading of a factor
is 1 (or its variance, with `std_lv`), residual variances are free but that of a single
indicator, exogenous factors correlate, and so do the outcomes that predict nothing.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Literal

from analytics.psychometrics.errors import NotDefined
from analytics.psychometrics.sem.syntax import (
    Definition,
    ModelText,
    Operator,
    Statement,
)

Equal = Literal[
    "loadings",
    "intercepts",
    "residuals",
    "residual covariances",
    "factor variances",
    "factor covariances",
    "means",
    "regressions",
    "thresholds",
]
Key = tuple[str, Operator, str]


@dataclass(frozen=True, slots=True)
class Settings:
    """What the text does not say.

    Attributes
    ----------
    std_lv : bool
        Factors have variance 1, instead of a first loading of 1.
    means : bool
        Whether the model has intercepts and means.
    groups : tuple of str
        Names of the groups; ("",) for one sample.
    equal : frozenset
        Kinds of parameters that are the same in all groups.
    apart : frozenset of str
        Parameters such as "visual=~x2" or "x3~1" that nevertheless differ.
    """

    std_lv: bool = False
    means: bool = False
    groups: tuple[str, ...] = ("",)
    equal: frozenset[Equal] = frozenset()
    apart: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Row:
    """One parameter of one group.

    Attributes
    ----------
    left, operator, right : str
        As in `Statement`.
    group : int
        Index of the group.
    value : float or None
        Fixed value; None = free.
    label : str
        Rows with the same label share one free parameter.
    free : int
        Index of the free parameter, -1 when fixed.
    start : float or None
        Where the text wants the estimation to begin.
    """

    left: str
    operator: Operator
    right: str
    group: int
    value: float | None
    label: str = ""
    free: int = -1
    start: float | None = None

    @property
    def name(self) -> str:
        """The parameter as written in a model text, e.g. "visual=~x2"."""
        return f"{self.left}{self.operator}{self.right}"


@dataclass(frozen=True, slots=True)
class Model:
    """A model whose parameters are all known by name.

    Attributes
    ----------
    observed, factors : tuple of str
        Observed variables and factors, in the order of the matrices.
    settings : Settings
    rows : tuple of Row
        Every parameter of every group, group by group.
    n_free : int
        Number of different free parameters, before linear constraints.
    definitions, constraints : tuple of Definition
    """

    observed: tuple[str, ...]
    factors: tuple[str, ...]
    settings: Settings
    rows: tuple[Row, ...]
    n_free: int
    definitions: tuple[Definition, ...]
    constraints: tuple[Definition, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Observed variables, then factors."""
        return self.observed + self.factors


def build_model(text: ModelText, items: Sequence[str], settings: Settings) -> Model:
    """Complete a model text for data with the given items.

    Raises
    ------
    NotDefined
        A variable is neither item nor factor, or a label of a formula is unknown.
    """
    roles = _roles(text, items)
    rows: list[Row] = []
    for group in range(len(settings.groups)):
        named = dict(_named(text, settings, group))
        for key in _automatic(roles, settings.means):
            left, operator, right = key
            if (right, operator, left) not in named:
                named.setdefault(key, _default(key, roles, settings, group))
        rows += named.values()
    numbered, n_free = _numbered(_tied(rows), settings, roles)
    known = {row.label for row in numbered if row.label}
    for definition in text.definitions + text.constraints:
        for label in sorted(definition.formula.labels() - known):
            raise NotDefined(
                "model-label",
                line=definition.line,
                column=definition.column,
                item=label,
            )
        known.add(definition.name)
    return Model(
        observed=roles.observed,
        factors=roles.factors,
        settings=settings,
        rows=numbered,
        n_free=n_free,
        definitions=text.definitions,
        constraints=text.constraints,
    )


@dataclass(frozen=True, slots=True)
class _Roles:
    """Which variable does what in the text; `alone` are items that are a factor."""

    observed: tuple[str, ...]
    factors: tuple[str, ...]
    indicators: frozenset[str]
    outcomes: frozenset[str]
    predictors: frozenset[str]
    alone: frozenset[str]

    @property
    def exogenous(self) -> tuple[list[str], list[str]]:
        """Factors, and observed predictors, that nothing in the model explains."""
        explained = self.indicators | self.outcomes
        factors = [name for name in self.factors if name not in explained]
        observed = [
            name
            for name in self.observed
            if name in self.predictors and name not in explained
        ]
        return factors, observed

    @property
    def ends(self) -> list[str]:
        """Outcomes that predict nothing and measure nothing."""
        passing = self.predictors | self.indicators
        names = self.observed + self.factors
        return [name for name in names if name in self.outcomes - passing]


def _roles(text: ModelText, items: Sequence[str]) -> _Roles:
    statements = text.statements
    loadings = [s for s in statements if s.operator == "=~"]
    factors = tuple(dict.fromkeys(s.left for s in loadings))
    observed: dict[str, None] = {}
    for s in loadings + [s for s in statements if s.operator != "=~"]:
        for name, line, column in (
            (s.left, s.left_line, s.left_column),
            (s.right, s.line, s.column),
        ):
            if name and name not in factors:
                if name not in items:
                    raise NotDefined(
                        "model-unknown", line=line, column=column, item=name
                    )
                observed[name] = None
    _refuse_both(items, loadings)
    paths = [s for s in statements if s.operator == "~"]
    return _Roles(
        observed=tuple(observed),
        factors=factors,
        indicators=frozenset(s.right for s in loadings),
        outcomes=frozenset(s.left for s in paths),
        predictors=frozenset(s.right for s in paths),
        alone=_alone(loadings),
    )


def _alone(loadings: list[Statement]) -> frozenset[str]:
    """Return the only indicators of a factor, which measure nothing else."""
    count = Counter(s.left for s in loadings)
    measured = Counter(s.right for s in loadings)
    return frozenset(
        s.right for s in loadings if count[s.left] == 1 and measured[s.right] == 1
    )


def _refuse_both(items: Sequence[str], loadings: list[Statement]) -> None:
    """Raise where a factor is an item, or measures itself."""
    for s in loadings:
        if s.left in items:
            raise NotDefined(
                "model-factor-is-item",
                line=s.left_line,
                column=s.left_column,
                item=s.left,
            )
        if s.left == s.right:
            raise NotDefined("model-twice", line=s.line, column=s.column, item=s.right)


def _named(
    text: ModelText, settings: Settings, group: int
) -> Iterator[tuple[Key, Row]]:
    """Rows of one group that stand in the text."""
    begun: set[str] = set()
    for s in text.statements:
        if s.operator == "~1" and not settings.means:
            raise NotDefined("model-means", line=s.line, column=s.column, item=s.left)
        value = _entry(s.values, s, group, settings)
        label = _entry(s.labels, s, group, settings) or ""
        fixed = value if isinstance(value, float) else None
        unspoken = value is None and not label
        leads = s.operator == "=~" and s.left not in begun
        if leads:
            begun.add(s.left)
        if leads and value is None and not settings.std_lv:
            fixed = 1.0  # a label alone does not free it
        if s.left == s.right and unspoken and settings.std_lv:
            fixed = _unit(s.left, text, settings, group)
        key = (s.left, s.operator, s.right)
        yield key, Row(*key, group, fixed, str(label), -1, s.start)


def _unit(name: str, text: ModelText, settings: Settings, group: int) -> float | None:
    factor = any(s.operator == "=~" and s.left == name for s in text.statements)
    freed = group > 0 and "loadings" in settings.equal
    return 1.0 if factor and not freed else None


def _entry(
    entries: Sequence[float | str], s: Statement, group: int, settings: Settings
) -> float | str | None:
    if not entries:
        return None
    if len(entries) == 1:
        return entries[0]
    if len(entries) != len(settings.groups):
        raise NotDefined(
            "model-groups",
            line=s.line,
            column=s.column,
            has=len(entries),
            needs=len(settings.groups),
        )
    return entries[group]


def _automatic(roles: _Roles, means: bool) -> Iterator[Key]:
    """Parameters that every such model has, in lavaan's order."""
    names = roles.observed + roles.factors
    for name in names:
        yield name, "~~", name
    factors, observed = roles.exogenous
    for group in (factors, observed, roles.ends):
        for first, second in combinations(group, 2):
            yield first, "~~", second
    if means:
        for name in names:
            yield name, "~1", ""


def _default(key: Key, roles: _Roles, settings: Settings, group: int) -> Row:
    left, operator, right = key
    value: float | None = None
    later = group > 0
    if operator == "~1" and left in roles.factors:
        value = None if later and "intercepts" in settings.equal else 0.0
    if operator == "~~" and left == right and left in roles.factors:
        freed = later and "loadings" in settings.equal
        value = 1.0 if settings.std_lv and not freed else None
    elif operator == "~~" and left == right and left in roles.alone:
        value = 0.0  # a single item is its factor
    return Row(left, operator, right, group, value)


def _tied(rows: list[Row]) -> list[Row]:
    """Fix every parameter that shares its label with a fixed one."""
    fixed: dict[str, float] = {}
    for row in rows:
        if row.label and row.value is not None:
            fixed.setdefault(row.label, row.value)
    return [
        replace(row, value=fixed[row.label])
        if row.value is None and row.label in fixed
        else row
        for row in rows
    ]


def _numbered(
    rows: list[Row], settings: Settings, roles: _Roles
) -> tuple[tuple[Row, ...], int]:
    """Give numbers to the free parameters; equal ones share a number and a label."""
    numbers: dict[str, int] = {}
    done: list[Row] = []
    for row in rows:
        if row.value is None:
            key = _identity(row, settings, roles)
            free = numbers.setdefault(key, len(numbers))
            row = Row(
                row.left,
                row.operator,
                row.right,
                row.group,
                None,
                row.label,
                free,
                row.start,
            )
        done.append(row)
    return tuple(done), len(numbers)


def _identity(row: Row, settings: Settings, roles: _Roles) -> str:
    if row.label:
        return row.label
    kind = kind_of(row, roles.factors)
    if kind in settings.equal and row.name not in settings.apart:
        return row.name
    return f"{row.name} {row.group}"


def kind_of(row: Row, factors: Sequence[str]) -> Equal:
    """Return the kind of a parameter, in the words of group equality."""
    if row.operator == "=~":
        return "loadings"
    if row.operator == "~":
        return "regressions"
    factor = row.left in factors
    if row.operator == "~1":
        return "means" if factor else "intercepts"
    if row.left == row.right:
        return "factor variances" if factor else "residuals"
    return "factor covariances" if factor else "residual covariances"
