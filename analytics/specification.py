"""A researcher's specification file (YAML) becomes an `AnalysisPlan`, or a sentence.

Every scalar is read as the text that stands there: a column called NO stays NO, and
001 stays 001. Only `scales` is required; see docs/examples.
"""

import difflib
from collections.abc import Hashable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, get_args

import yaml

from analytics.border_rule import (
    RULE,
    CorrelationChoice,
    EstimatorChoice,
    settled,
)
from analytics.plan import (
    LANGUAGES,
    AnalysisPlan,
    Matching,
    Model,
    PlanGroup,
    PlanItem,
    PlanScale,
    Text,
)
from analytics.psychometrics import MissingRule, Rotation
from analytics.psychometrics.data import MAX_CATEGORIES
from analytics.sentences import BadInput
from analytics.textfile import text_of

POINTS: Final = (1, 7)
TOP_KEYS: Final = (
    "title",
    "points",
    "missing",
    "correlation",
    "n_factors",
    "rotation",
    "estimator",
    "seed",
    "where",
    "scales",
    "outcomes",
    "groups",
    "item_response",
    "dif_matching",
    "clusters",
    "weights",
)
SCALE_KEYS: Final = ("items", "reverse", "points", "name", "model")
GROUP_KEYS: Final = ("column", "team")

Node = Any  # what YAML gives: a text, a list or a mapping


def read_specification(path: Path) -> AnalysisPlan:
    """Read and check the file at `path`.

    Raises
    ------
    BadInput
        The file cannot be read, is no YAML, or does not describe an analysis.
    """
    return plan_of(_mapping(_load(text_of(path), path), str(path)), path.name)


def plan_of(spec: Mapping[str, Node], source: str) -> AnalysisPlan:
    """Turn the mapping of a specification into a plan.

    Raises
    ------
    BadInput
        Something in it is unknown, missing or contradictory.
    """
    _require_known(spec, TOP_KEYS, source)
    points = _points(spec.get("points", ""), "points", POINTS)
    scales = _scales(spec, "scales", points)
    outcomes = _scales(spec, "outcomes", points)
    if not scales:
        raise BadInput("spec_no_scales")
    _require_distinct(scales, outcomes)
    plan = AnalysisPlan(
        title=_name(spec.get("title", ""), "title", Text.same(source)),
        scales=scales,
        outcomes=outcomes,
        missing=_missing(spec),
        n_factors=_n_factors(spec),
        rotation=_rotation(spec),
        seed=_whole(spec.get("seed", "") or "1", "seed", least=0),
        where=_where(spec.get("where", "")),
        groups=_groups(spec.get("groups", "")),
        item_response=_choice(spec, "item_response", ("yes", "no"), "no") == "yes",
        dif_matching=_matching(spec),
        clusters=_column(spec, "clusters"),
        weights=_column(spec, "weights"),
    )
    _require_factors(plan)
    _require_columns_of_their_own(plan)
    return settled(
        plan,
        estimator=_estimator(spec),
        correlation=_correlation(spec),
    )


class _Loader(yaml.BaseLoader):
    """Reads every scalar as text and refuses a key that stands twice."""

    def construct_mapping(
        self, node: yaml.MappingNode, deep: bool = False
    ) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            name = str(key.value)
            if name in seen:
                line = key.start_mark.line + 1
                raise BadInput("spec_key_twice", path=self.name, line=line, key=name)
            seen.add(name)
        return super().construct_mapping(node, deep=deep)


def _load(text: str, path: Path) -> Node:
    loader = _Loader(text)
    loader.name = str(path)
    try:
        content = loader.get_single_data()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise BadInput(
            "spec_yaml",
            path=str(path),
            line=mark.line + 1 if mark else 1,
            column=mark.column + 1 if mark else 1,
            problem=error.problem or "unreadable",
        ) from error
    except yaml.YAMLError as error:
        raise BadInput(
            "spec_yaml", path=str(path), line=1, column=1, problem=str(error)
        ) from error
    finally:
        loader.dispose()
    if not content:
        raise BadInput("spec_empty", path=str(path))
    return content


def _scales(
    spec: Mapping[str, Node], key: str, points: tuple[int, int]
) -> tuple[PlanScale, ...]:
    described = _mapping(spec.get(key, "") or {}, key)
    return tuple(
        _scale(code, value, points, outcome=key == "outcomes")
        for code, value in described.items()
    )


def _scale(
    code: str, value: Node, points: tuple[int, int], *, outcome: bool
) -> PlanScale:
    if "~~" in code:
        raise BadInput("spec_scale_code", scale=code)
    described = _mapping(value, code)
    _require_known(described, SCALE_KEYS, code)
    items = _words(described.get("items", ""), f"{code}.items")
    if not items:
        raise BadInput("spec_no_items", scale=code)
    reverse = _words(described.get("reverse", ""), f"{code}.reverse")
    for item in reverse:
        if item not in items:
            raise BadInput("spec_reverse_unknown", scale=code, item=item, items=items)
    low, high = _points(described.get("points", ""), f"{code}.points", points)
    return PlanScale(
        code=code,
        name=_name(described.get("name", ""), f"{code}.name", Text.same(code)),
        items=tuple(
            PlanItem(item, None, low, high, reverse=item in reverse) for item in items
        ),
        model=_model(described, code),
        group="outcome" if outcome else "trust",
    )


def _require_distinct(
    scales: Sequence[PlanScale], outcomes: Sequence[PlanScale]
) -> None:
    for outcome in outcomes:
        if any(scale.code == outcome.code for scale in scales):
            raise BadInput("spec_scale_twice", scale=outcome.code)
    home: dict[str, str] = {}
    for scale in (*scales, *outcomes):
        for item in scale.item_codes:
            if home.get(item) == scale.code:
                raise BadInput("spec_item_twice", item=item, scale=scale.code)
            if item in home:
                first = home[item]
                raise BadInput(
                    "spec_item_shared", item=item, first=first, second=scale.code
                )
            home[item] = scale.code


def _require_factors(plan: AnalysisPlan) -> None:
    """Refuse a number of factors that leaves fewer than 0 degrees of freedom."""
    if plan.n_factors == "parallel":
        return
    p = len(plan.structure_items)
    most = max((m for m in range(p) if (p - m) ** 2 >= p + m), default=0)
    if plan.n_factors > most:
        raise BadInput(
            "spec_too_many_factors", n_factors=plan.n_factors, n_items=p, most=most
        )


def _points(value: Node, place: str, default: tuple[int, int]) -> tuple[int, int]:
    if value == "":
        return default
    if not isinstance(value, list) or len(value) != 2:
        raise BadInput("spec_points_shape", place=place)
    try:
        low, high = (int(str(part)) for part in value)
    except ValueError:
        raise BadInput("spec_points_shape", place=place) from None
    if low >= high:
        raise BadInput("spec_points_order", place=place, low=low, high=high)
    if high - low + 1 > MAX_CATEGORIES:
        raise BadInput(
            "spec_points_span", place=place, low=low, high=high, most=MAX_CATEGORIES
        )
    return low, high


def _name(value: Node, place: str, default: Text) -> Text:
    if value == "":
        return default
    if isinstance(value, str):
        return Text.same(value)
    if not isinstance(value, dict) or not value:
        raise BadInput("spec_text", place=place)
    _require_known(value, LANGUAGES, place)
    if not all(isinstance(words, str) and words for words in value.values()):
        raise BadInput("spec_text", place=place)
    return Text.of(value)


def _missing(spec: Mapping[str, Node]) -> MissingRule:
    value = _choice(spec, "missing", get_args(MissingRule), "pairwise")
    return "listwise" if value == "listwise" else "pairwise"


def _model(described: Mapping[str, Node], scale: str) -> Model:
    value = _choice(described, "model", get_args(Model), "reflective", f"{scale}.model")
    known: tuple[Model, ...] = get_args(Model)
    return next(model for model in known if model == value)


def _rotation(spec: Mapping[str, Node]) -> Rotation:
    value = _choice(spec, "rotation", get_args(Rotation), "oblimin")
    known: tuple[Rotation, ...] = get_args(Rotation)
    return next(rotation for rotation in known if rotation == value)


def _estimator(spec: Mapping[str, Node]) -> EstimatorChoice:
    value = _choice(spec, "estimator", get_args(EstimatorChoice), RULE)
    known: tuple[EstimatorChoice, ...] = get_args(EstimatorChoice)
    return next(estimator for estimator in known if estimator == value)


def _correlation(spec: Mapping[str, Node]) -> CorrelationChoice:
    value = _choice(spec, "correlation", get_args(CorrelationChoice), RULE)
    known: tuple[CorrelationChoice, ...] = get_args(CorrelationChoice)
    return next(correlation for correlation in known if correlation == value)


def _matching(spec: Mapping[str, Node]) -> Matching:
    value = _choice(spec, "dif_matching", get_args(Matching), "theta")
    return "rest" if value == "rest" else "theta"


def _n_factors(spec: Mapping[str, Node]) -> Any:
    value = _single(spec.get("n_factors", ""), "n_factors") or "parallel"
    if value == "parallel":
        return value
    if not value.isdecimal():
        raise BadInput(
            "spec_choice", place="n_factors", value=value, choices="parallel, 1, 2, ..."
        )
    return _whole(value, "n_factors", least=1)


def _where(value: Node) -> dict[str, tuple[str, ...]]:
    filters = _mapping(value or {}, "where")
    return {
        column: _words(wanted if isinstance(wanted, list) else [wanted], column)
        for column, wanted in filters.items()
    }


def _groups(value: Node) -> tuple[PlanGroup, ...]:
    groups = []
    for entry in _list(value, "groups"):
        described = _mapping(entry, "groups")
        _require_known(described, GROUP_KEYS, "groups")
        column = _single(described.get("column", ""), "groups.column")
        if not column:
            raise BadInput("spec_not_word", place="groups.column")
        team = _choice(described, "team", ("true", "false"), "false", "groups.team")
        groups.append(PlanGroup(column, team=team == "true"))
    return tuple(groups)


def _column(spec: Mapping[str, Node], key: str) -> str:
    return _single(spec.get(key, ""), key).strip()


def _require_columns_of_their_own(plan: AnalysisPlan) -> None:
    """Refuse a column of teams or weights that is an item, or both at once."""
    for key, column in (("clusters", plan.clusters), ("weights", plan.weights)):
        for scale in plan.constructs:
            if column in scale.item_codes:
                raise BadInput(
                    "spec_column_is_item", key=key, column=column, scale=scale.code
                )
    if plan.clusters and plan.clusters == plan.weights:
        raise BadInput("spec_column_twice", column=plan.clusters)


def _choice(
    described: Mapping[str, Node],
    key: str,
    choices: Sequence[str],
    default: str,
    place: str = "",
) -> str:
    value = _single(described.get(key, ""), place or key) or default
    if value not in choices:
        raise BadInput(
            "spec_choice", place=place or key, value=value, choices=tuple(choices)
        )
    return value


def _whole(value: Node, place: str, *, least: int) -> int:
    if not str(value).isdecimal() or int(value) < least:
        raise BadInput("spec_whole_number", place=place, value=str(value), least=least)
    return int(value)


def _mapping(value: Node, place: str) -> dict[str, Node]:
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        raise BadInput("spec_not_mapping", place=place)
    return value


def _list(value: Node, place: str) -> list[Node]:
    if value == "":
        return []
    if not isinstance(value, list):
        raise BadInput("spec_not_list", place=place)
    return value


def _words(value: Node, place: str) -> tuple[str, ...]:
    words = _list(value, place)
    if not all(isinstance(word, str) for word in words):
        raise BadInput("spec_not_list", place=place)
    return tuple(word.strip() for word in words)


def _single(value: Node, place: str) -> str:
    if not isinstance(value, str):
        raise BadInput("spec_not_word", place=place)
    return value


def _require_known(
    described: Mapping[str, Node], known: Sequence[str], place: str
) -> None:
    for key in described:
        if key not in known:
            close = difflib.get_close_matches(key, known, n=1, cutoff=0.6)
            if close:
                raise BadInput(
                    "spec_unknown_key_close", place=place, key=key, close=close[0]
                )
            raise BadInput("spec_unknown_key", place=place, key=key, known=tuple(known))
