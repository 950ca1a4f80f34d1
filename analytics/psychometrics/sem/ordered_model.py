r"""Models of ordered items: thresholds, scales, and what identifies them.

Behind item i stands a normal variable y*_i, of which only the category is seen. Its
mean and scale are conventions. The scale is set by

delta: :math:`\delta_i = 1/SD(y^*_i)` is 1, the residual variance is what is left over;
theta: the residual variance :math:`\theta_i` is 1, the scale follows.

Intercepts are 0. Where thresholds are equal in several groups, they say what mean and
scale are, so that the later groups' intercepts and scales are free; equal loadings free
the later factor variances, equal intercepts the later factor means. These are conditions
under which the model says no more than the equalities themselves.

References
----------
Wu & Estabrook (2016), Psychometrika 81, 1014-1045, doi:10.1007/s11336-016-9506-0:
which equalities identify what. Millsap & Yun-Tein (2004), Multivariate Behav. Res. 39,
479-515. Muthen & Asparouhov (2002), Mplus Web Notes 4: delta and theta.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal

from analytics.psychometrics.errors import NotDefined
from analytics.psychometrics.sem.model import Model, Row, Settings, build_model
from analytics.psychometrics.sem.syntax import ModelText

Parameterization = Literal["delta", "theta"]
_BELONG = {  # equal kinds of ordered items -> what has to be equal before
    "loadings": "thresholds",
    "intercepts": "loadings",
    "residuals": "intercepts",
}


def build_ordered(
    text: ModelText,
    items: Sequence[str],
    settings: Settings,
    cuts: Mapping[str, int],
    parameterization: Parameterization,
) -> Model:
    """Complete a model text for ordered items with so many thresholds each.

    Raises
    ------
    NotDefined
        As `build_model`; an item predicts something, or its intercept or variance
        stands in the text; an item of two categories where thresholds are held equal
        before loadings and intercepts are.
    """
    _refuse(text, items)
    settings = replace(settings, means=True)
    _require_order(settings, parameterization)
    plain = build_model(text, items, settings)
    if "thresholds" in settings.equal and "intercepts" not in settings.equal:
        for item in plain.observed:
            if cuts[item] == 1:
                raise NotDefined("ordered-two-categories", item=item)
    rows: list[Row] = []
    for g in range(len(settings.groups)):
        own = [row for row in plain.rows if row.group == g]
        rows += [_identified(row, plain, parameterization) for row in own]
        rows += _thresholds(plain, g, cuts)
        rows += [_scale(item, g, settings, parameterization) for item in plain.observed]
    numbered, n_free = _numbered(rows, settings)
    return replace(plain, rows=numbered, n_free=n_free)


def _refuse(text: ModelText, items: Sequence[str]) -> None:
    """Raise for what a text may not say of ordered items."""
    for s in text.statements:
        place = {"line": s.line, "column": s.column}
        if s.operator == "~" and s.right in items:
            raise NotDefined("ordered-predictor", item=s.right, **place)
        if s.left in items and (s.operator == "~1" or s.left == s.right):
            raise NotDefined("ordered-set", item=s.left, **place)


def _require_order(settings: Settings, parameterization: Parameterization) -> None:
    """Raise ValueError for equalities that mean nothing without those before them."""
    equal = settings.equal
    for kind, before in _BELONG.items():
        if kind in equal and before not in equal:
            raise ValueError(f"Equal {kind} of ordered items need equal {before}.")
    if "residuals" in equal and parameterization == "delta":
        raise ValueError("Equal residuals of ordered items need theta.")


def _identified(row: Row, model: Model, parameterization: Parameterization) -> Row:
    """Fix or free intercept and residual variance of an item; others stay."""
    if row.left not in model.observed:
        return row
    later = row.group > 0 and "thresholds" in model.settings.equal
    equal, apart = model.settings.equal, row.name in model.settings.apart
    if row.operator == "~1":
        freed = later and ("intercepts" not in equal or apart)
        return replace(row, value=None if freed else 0.0, free=-1)
    if row.operator == "~~" and row.left == row.right:
        if parameterization == "delta":
            return replace(row, value=0.0, free=-1)  # what is left over
        freed = later and ("residuals" not in equal or apart)
        return replace(row, value=None if freed else 1.0, free=-1)
    return row


def _thresholds(model: Model, g: int, cuts: Mapping[str, int]) -> list[Row]:
    return [
        Row(item, "|", f"t{t + 1}", g, None)
        for item in model.observed
        for t in range(cuts[item])
    ]


def _scale(
    item: str, g: int, settings: Settings, parameterization: Parameterization
) -> Row:
    """Give the inverse standard deviation of y*: with theta it follows."""
    freed = g > 0 and "thresholds" in settings.equal and parameterization == "delta"
    return Row(item, "~*~", item, g, None if freed else 1.0)


def _numbered(rows: list[Row], settings: Settings) -> tuple[tuple[Row, ...], int]:
    """Give new numbers to the free parameters; what was equal stays equal."""
    numbers: dict[str, int] = {}
    done = []
    for row in rows:
        if row.value is not None:
            done.append(replace(row, free=-1))
            continue
        tied = row.operator == "|" and "thresholds" in settings.equal
        if row.free >= 0:
            key = f"plain {row.free}"
        elif tied and row.name not in settings.apart:
            key = row.name
        else:
            key = f"{row.name} {row.group}"
        done.append(replace(row, free=numbers.setdefault(key, len(numbers))))
    return tuple(done), len(numbers)
