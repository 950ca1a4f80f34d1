"""Which numbers of a report the exported data determine: each by its JSON pointer."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from analytics.export.bundle.rules import CHECKED, ROBUST, RULES

# Of several that match the first holds. Pointers are of RFC 6901.
_SCALE: Final = r"/(scales|outcomes|others/\d+/scales)/[^/]+"
_FIT: Final = r"(/cfa|/models/[^/]+|/by_instrument/\d+/fit)"
_PATTERNS: Final = tuple(
    (re.compile(pattern), rule)
    for pattern, rule in (
        (r"/(schema_version|settings/.*)", "setting"),
        (r".*/(n_draws|n_resamples)", "setting"),
        (r".*/(notices|reasons?|reason_params|warnings|approximate)(/.*)?", "words"),
        (r"/(n_rows|n_complete)", "count"),
        (rf"{_SCALE}/(low|high|n|n_items)", "count"),
        (rf"{_SCALE}/(mean|sd)/.*", "level"),
        (rf"{_SCALE}/alpha/.*", "alpha"),
        (rf"{_SCALE}/omega_total/.*", "omega"),
        (rf"{_SCALE}/spearman_brown/.*", "spearman_brown"),
        (rf"{_SCALE}/recommend_index/.*", "recommend"),
        (r"/(scales|outcomes)/[^/]+/(ave|composite_reliability)/.*", "estimates"),
        (rf"{_SCALE}/items/[^/]+/(n|missing)", "count"),
        (rf"{_SCALE}/items/[^/]+/(item_rest_r|alpha_if_dropped)", "alpha"),
        (rf"{_SCALE}/items/[^/]+/[a-z]+", "item"),
        (r"/dimensionality/parallel/(factors|components)", "votes"),
        (r"/dimensionality/parallel/(factor|component)_thresholds/\d+", "draws"),
        (r"/dimensionality/parallel/(factor|component)_observed/\d+", "adequacy"),
        (r"/dimensionality/(kmo|bartlett/.*|eigenvalues/\d+)", "adequacy"),
        (r"/factors/n_factors", "votes"),
        (r"/factors/(loadings|communalities|phi)/.*", "factors"),
        (rf"{_SCALE}/item_response/.*", "item_response"),
        (r"/groups/[^/]+/dif/.*", "item_response"),
        (r"/htmt/[^/]+", "htmt"),
        (r"/htmt_intervals/.*", "bootstrap"),
        (r"/loyalty/[^/]+/[^/]+/(r|low|high|n|spearman|disattenuated)", "correlation"),
        (r"/loyalty/[^/]+/[^/]+/relative_weight/share", "weights"),
        (r"/loyalty/[^/]+/[^/]+/relative_weight/.*", "bootstrap"),
        (r"/loyalty/[^/]+/[^/]+/disattenuated_(low|high)", "bootstrap"),
        (r"/weights/[^/]+/r_squared/(estimate|n)", "weights"),
        (r"/weights/[^/]+/r_squared/(low|high)", "bootstrap"),
        (r"/weights/[^/]+/equal_weights/.*", "correlation"),
        (rf"{_FIT}/(n|df)", "count"),
        (r"/cfa/(loadings|factor_correlations)/.*", "estimates"),
        (rf"{_FIT}/[a-z0-9]+_scaled(/.*)?", "robust"),
        (rf"{_FIT}/(chi2|p|cfi|tli|srmr|aic|bic|rmsea/[a-z]+)", "fit"),
        (r"/groups/language/invariance/n/[^/]+", "count"),
        (r"/groups/language/invariance/[a-z]+/df", "count"),
        (r"/groups/language/invariance/[a-z]+/difference_p", "worse"),
        (r"/groups/language/invariance/[a-z]+/[a-z0-9]+", "fit"),
        (r"/groups/.*", "other_groups"),
        (r"/(aggregation|model|design)/.*", "not_of_surveys"),
        (r"/by_instrument/\d+/(n|n_complete)", "count"),
        (r"/by_instrument/\d+/reliability/[^/]+/(n|n_items)", "count"),
        (r"/by_instrument/\d+/reliability/[^/]+/alpha/.*", "alpha"),
        (r"/by_instrument/\d+/reliability/[^/]+/omega/.*", "omega"),
        (r"/by_instrument/\d+/relations/.*", "correlation"),
        (r"/others/\d+/differences/.*", "difference"),
        (r"/others/\d+/relations/.*", "correlation"),
    )
)
# What another estimator than ML changes of them
_SCALED_LEVEL: Final = re.compile(
    r"/groups/language/invariance/[a-z]+/(chi2|cfi|rmsea)"
)
_INTERVAL: Final = re.compile(r".*/(ave|composite_reliability)/(low|high)")
_STRUCTURE: Final = re.compile(r"/(dimensionality|factors)/.*")
_MODELS: Final = re.compile(
    r"(/cfa|/models|/groups|/by_instrument/\d+/fit)/.*|.*/(ave|composite_reliability)/.*"
)
_BY_LANGUAGE: Final = re.compile(r"/(by_instrument|groups/language)/.*")
_IMPROPER: Final = ("sem-negative-", "sem-factors-not-", "sem-residuals-not-")
_JOINT: Final = re.compile(
    r"/(n_complete|dimensionality|factors|cfa|models|weights|by_instrument).*"
    r"|/loyalty/[^/]+/[^/]+/relative_weight/.*"
)


@dataclass(frozen=True, slots=True)
class Held:
    """What the exported data hold of a report.

    Attributes
    ----------
    rows : int
    items : frozenset of str
        Codes of the items whose answers are there as they were given.
    languages : bool
        Whether the language of each answer is there.
    """

    rows: int
    items: frozenset[str]
    languages: bool


def reach_of(report: Mapping[str, Any], held: Held) -> dict[str, str]:
    """Return for every number of the report the code of its rule."""
    limits = _Limits(report, held)
    return {
        pointer: limits.applied(pointer, _rule_of(pointer))
        for pointer, _ in numbers_of(report)
    }


def numbers_of(value: Any, pointer: str = "") -> Iterator[tuple[str, float]]:
    """Yield every number with its JSON pointer; truth values are none."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            escaped = key.replace("~", "~0").replace("/", "~1")
            yield from numbers_of(inner, f"{pointer}/{escaped}")
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from numbers_of(inner, f"{pointer}/{place}")
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield pointer, value


def reach_json(numbers: Mapping[str, str]) -> dict[str, Any]:
    """Return what ``reach.json`` says: the rules that are used, and each number's."""
    used = set(numbers.values())
    return {
        "about": "JSON pointer of each number of report.json -> its rule; a tolerance "
        "is relative to the larger of 1 and the number; null: out of reach.",
        "rules": {
            code: {
                "how": rule.how.to_plain(),
                "python": rule.python,
                "r": rule.r,
                "why": rule.why.to_plain() if rule.why else None,
            }
            for code, rule in RULES.items()
            if code in used
        },
        "numbers": dict(numbers),
    }


def _rule_of(pointer: str) -> str:
    for pattern, rule in _PATTERNS:
        if pattern.fullmatch(pointer):
            return rule
    return "unknown"


class _Limits:
    """What settings and the exported columns put out of reach."""

    def __init__(self, report: Mapping[str, Any], held: Held) -> None:
        self.held = held
        self.settings = report["settings"]
        self.sampled = report.get("design") is not None
        self.same_rows = held.rows == report["n_rows"]
        self.improper = tuple(_improper(report))
        self.lacking = {
            code for code, items in _items_of(report) if not items <= held.items
        }

    def applied(self, pointer: str, rule: str) -> str:
        if rule not in CHECKED and rule not in ROBUST:
            return rule
        if not self.same_rows:
            return "rows_differ"
        if self._has_other_settings(pointer):
            return "other_settings"
        if rule in ("fit", "worse", "robust") and pointer.startswith(self.improper):
            return "improper"
        if _BY_LANGUAGE.fullmatch(pointer) and not self.held.languages:
            return "language_not_exported"
        named = set(re.split("/|~0~0", pointer))
        joint = _JOINT.fullmatch(pointer) or _MODELS.fullmatch(pointer)
        lacks = self.lacking if joint else self.lacking & named
        return "not_exported" if lacks else self._estimated(pointer, rule)

    def _estimated(self, pointer: str, rule: str) -> str:
        """Return the rule by the estimator: what is scaled is apart."""
        if self.settings["estimator"] in ("MLMV", "MLR"):
            if _SCALED_LEVEL.fullmatch(pointer):
                return "robust"
            if rule == "worse":
                return "robust_worse"
            if _INTERVAL.fullmatch(pointer):
                return "robust_interval"
        return rule

    def _has_other_settings(self, pointer: str) -> bool:
        told = self.settings
        if told["missing"] != "pairwise" or self.sampled:
            return True
        if _STRUCTURE.fullmatch(pointer):
            return (told["correlation"], told["rotation"]) != ("pearson", "oblimin")
        known = told["estimator"] in ("ML", "MLMV", "MLR")
        return bool(_MODELS.fullmatch(pointer)) and not known


def _improper(report: Mapping[str, Any]) -> Iterator[str]:
    """Yield where models stand that are only compared, and whose solution is improper."""
    for name, model in report["models"].items():
        said = (notice["code"] for notice in model["notices"])
        if name != "correlated" and any(code.startswith(_IMPROPER) for code in said):
            yield f"/models/{name}/"


def _items_of(report: Mapping[str, Any]) -> Iterator[tuple[str, set[str]]]:
    parts = [report["scales"], report["outcomes"]]
    parts += [other["scales"] for other in report["others"]]
    for part in parts:
        for code, scale in part.items():
            yield code, set(scale["items"])
