"""The models that are compared for a questionnaire of several scales, as model texts."""

from collections.abc import Mapping, Sequence
from itertools import combinations

from analytics.psychometrics.errors import PsychometricsError, Reason
from analytics.psychometrics.sem.fit import Sample, fit_model
from analytics.psychometrics.sem.result import Estimator, SemFit
from analytics.psychometrics.sem.saturated import Errors

Scales = Mapping[str, Sequence[str]]


def one_factor(items: Sequence[str], name: str = "general") -> str:
    """Give the text of one factor behind all items."""
    return _measured(name, items)


def correlated(scales: Scales) -> str:
    """Give the text of one factor a scale, all of them correlated."""
    return "\n".join(_measured(name, items) for name, items in scales.items())


def second_order(scales: Scales, general: str = "general") -> str:
    """Give the text of one factor a scale, and a general factor behind the factors."""
    return f"{correlated(scales)}\n{_measured(general, list(scales))}"


def bifactor(scales: Scales, general: str = "general") -> str:
    """Give the text of a general factor beside one factor a scale, uncorrelated.

    Factors have variance 1, for beside a general factor a first loading may vanish. The
    two loadings of a two-item scale are equal; a single item has no factor of its own.
    """
    items = [item for scale in scales.values() for item in scale]
    special = {name: scale for name, scale in scales.items() if len(scale) > 1}
    lines = [_unit_variance(general, items)]
    for name, scale in special.items():
        if len(scale) == 2:
            equal = " + ".join(f"1*{item}" for item in scale)
            lines += [f"{name} =~ {equal}", f"{name} ~~ NA*{name}"]
        else:
            lines.append(_unit_variance(name, scale))
    return "\n".join([*lines, *_uncorrelated([general, *special])])


def method_factor(scales: Scales, method: str = "method") -> str:
    """Give the text of correlated factors with a common method factor.

    It loads equally on all items and is uncorrelated with the factors.

    References
    ----------
    Podsakoff et al. (2003), J. Appl. Psychol. 88, 879-903: the unmeasured latent method
    factor.
    """
    items = [item for scale in scales.values() for item in scale]
    equal = f"{method} =~ " + " + ".join(f"1*{item}" for item in items)
    apart = [f"{method} ~~ NA*{method}", *(f"{method} ~~ 0*{name}" for name in scales)]
    return "\n".join([correlated(scales), equal, *apart])


def standard_models(scales: Scales) -> dict[str, str]:
    """Return the texts that make sense for so many scales, by name.

    One scale: one factor. Two: one factor, correlated, method. Three or more: also
    second order and bifactor, which fewer scales do not identify.
    """
    items = [item for scale in scales.values() for item in scale]
    models = {"one_factor": one_factor(items)}
    if len(scales) > 1:
        models["correlated"] = correlated(scales)
    if len(scales) > 2:
        models["second_order"] = second_order(scales)
        models["bifactor"] = bifactor(scales)
    if len(scales) > 1:
        models["method"] = method_factor(scales)
    return models


def fit_models(
    models: Mapping[str, str],
    data: Sample,
    *,
    estimator: Estimator,
    errors: Errors = "observed",
) -> dict[str, SemFit | Reason]:
    """Fit every text; a model that cannot be fitted is the reason why.

    `errors` is of FIML alone: see `fit_model`.
    """
    found: dict[str, SemFit | Reason] = {}
    for name, text in models.items():
        try:
            found[name] = fit_model(text, data, estimator=estimator, errors=errors)
        except PsychometricsError as error:
            found[name] = error.reason
    return found


def _measured(factor: str, indicators: Sequence[str]) -> str:
    return f"{factor} =~ " + " + ".join(indicators)


def _unit_variance(factor: str, indicators: Sequence[str]) -> str:
    first, *others = indicators
    loadings = " + ".join([f"NA*{first}", *others])
    return f"{factor} =~ {loadings}\n{factor} ~~ 1*{factor}"


def _uncorrelated(names: Sequence[str]) -> list[str]:
    return [f"{first} ~~ 0*{second}" for first, second in combinations(names, 2)]
