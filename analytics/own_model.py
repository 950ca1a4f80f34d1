"""The part of a report about the model that a researcher brings as a text of lavaan's.

The text is checked before any answer is read; only whether the data identify it shows
when it is fitted. Then, too, the model is refused with the place in the text.
"""

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from analytics.answers import Answers, reason_of
from analytics.approximate_intervals import Shape, of_loadings
from analytics.factor_model import NO_INDICES, english, indices_of, rmsea_of
from analytics.factor_results import ModelParameter, OwnModel, PossibleParameter
from analytics.factor_sample import (
    FactorSample,
    options,
    people_of,
    rows_of,
    sample_of,
    sampled_notices,
    small_sample,
)
from analytics.plan import AnalysisPlan, ModelFile
from analytics.psychometrics import (
    NotDefined,
    PsychometricsError,
    ResponseMatrix,
    describe,
)
from analytics.psychometrics.sem import (
    ModelText,
    Modification,
    Parameter,
    SemFit,
    check_model,
    fit_model,
    modification_indices,
    read_model,
)
from analytics.sentences import BadInput, Sentence, say
from analytics.textfile import text_of

MOST_INDICES: Final = 10
_UNIDENTIFIED: Final = ("model-too-large", "model-not-identified")
_NO_ROBUST: Final[dict[str, Any]] = dict.fromkeys(
    ("chi2_scaling_factor", "cfi_robust", "tli_robust", "rmsea_robust")
)


def read_model_file(path: Path, plan: AnalysisPlan) -> ModelFile:
    """Read a model text and check its grammar, its names and its labels.

    Raises
    ------
    BadInput
        The file cannot be read, is misspelt, or names what is no item of the plan;
        with line and column.
    """
    text = text_of(path)
    try:
        known = read_model(text)
        _require_items(known, plan.item_codes)
        check_model(text, plan.item_codes, means=_has_means(known))
    except NotDefined as error:
        raise _refusal(error) from error
    return ModelFile(path.name, text)


def own_model_of(answers: Answers) -> OwnModel | None:
    """Fit the plan's model text to the answers that the plan's estimator uses.

    Raises
    ------
    BadInput
        The model is not identified.
    """
    file = answers.plan.own_model
    if file is None:
        return None
    rows = _rows(answers, read_model(file.text))
    notices = _notices(rows, answers)
    sample = sample_of(rows, answers.plan, answers.sampling_of(rows.item_codes))
    if isinstance(sample, Sentence):
        return _without_numbers(file, answers.plan, rows.n, sample, notices)
    found = fitted(file, sample, answers.plan, notices)
    if not any(one.op == "=~" and one.low is not None for one in found.parameters):
        return found
    shape = Shape.of(describe(rows))
    return replace(found, approximate=of_loadings(found.estimator, found.n, shape))


def fitted(
    file: ModelFile,
    sample: FactorSample,
    plan: AnalysisPlan,
    notices: tuple[Sentence, ...] = (),
) -> OwnModel:
    """Fit a model text to moments with the estimator of the plan.

    Raises
    ------
    BadInput
        The model is misspelt or not identified.
    """
    known = read_model(file.text)
    n = people_of(sample)
    try:
        fit = fit_model(
            file.text, sample, means=_has_means(known), **options(plan.estimator)
        )
    except PsychometricsError as error:
        if error.code in _UNIDENTIFIED:
            raise _unidentified(error, known) from error
        if error.code.startswith("model-"):
            raise _refusal(error) from error
        return _without_numbers(file, plan, n, reason_of(error), notices)
    if not fit.converged:
        why = reason_of(fit.warnings[0])
        return _without_numbers(file, plan, n, why, notices)
    return _own_model(file, plan, fit, notices)


def _own_model(
    file: ModelFile, plan: AnalysisPlan, fit: SemFit, notices: tuple[Sentence, ...]
) -> OwnModel:
    said = notices + tuple(reason_of(one) for one in fit.warnings)
    parameters = tuple(_parameter(row) for row in fit.parameters)
    return OwnModel(
        **indices_of(fit, plan),
        **_robust(fit),
        estimator=plan.estimator,
        n=fit.n,
        converged=True,
        warnings=english(said),
        notices=said,
        reason=None,
        file=file.name,
        text=file.text,
        items=fit.observed,
        factors=fit.factors,
        parameters=tuple(one for one in parameters if one.op != ":="),
        defined=tuple(one for one in parameters if one.op == ":="),
        modification_indices=_possibles(fit),
    )


def _robust(fit: SemFit) -> dict[str, Any]:
    scaled = fit.measures.scaled if fit.measures else None
    if scaled is None:
        return _NO_ROBUST
    return {
        "chi2_scaling_factor": scaled.factor,
        "cfi_robust": scaled.cfi_robust,
        "tli_robust": scaled.tli_robust,
        "rmsea_robust": rmsea_of(scaled.rmsea_robust),
    }


def _parameter(row: Parameter) -> ModelParameter:
    value, standardized = row.value, row.standardized
    return ModelParameter(
        lhs=row.left,
        op=row.operator,
        rhs=row.right,
        label=row.label,
        estimate=value.estimate,
        se=value.se,
        z=value.z,
        p=value.p,
        low=value.low,
        high=value.high,
        standardized=standardized.estimate if standardized else None,
    )


def _possibles(fit: SemFit) -> tuple[PossibleParameter, ...]:
    """Return the largest score tests; none of ordered items, which have no such test."""
    if fit.estimator == "WLSMV":
        return ()
    return tuple(_possible(one) for one in modification_indices(fit)[:MOST_INDICES])


def _possible(one: Modification) -> PossibleParameter:
    return PossibleParameter(
        lhs=one.left,
        op=one.operator,
        rhs=one.right,
        index=one.index,
        p=one.p,
        change=one.change,
        standardized_change=one.standardized_change,
    )


def _without_numbers(
    file: ModelFile,
    plan: AnalysisPlan,
    n: int,
    reason: Sentence,
    notices: tuple[Sentence, ...],
) -> OwnModel:
    return OwnModel(
        **NO_INDICES,
        **_NO_ROBUST,
        estimator=plan.estimator,
        n=n,
        converged=False,
        warnings=english(notices),
        notices=notices,
        reason=reason,
        file=file.name,
        text=file.text,
        items=(),
        factors=(),
        parameters=(),
        defined=(),
        modification_indices=(),
    )


def _rows(answers: Answers, known: ModelText) -> ResponseMatrix:
    """Return the rows that the plan's estimator uses of the items of the model."""
    named = {name for name, _, _ in _names(known)}
    items = [code for code in answers.plan.item_codes if code in named]
    return rows_of(answers.data.select(items), answers.plan.estimator)


def _notices(rows: ResponseMatrix, answers: Answers) -> tuple[Sentence, ...]:
    said = []
    left = answers.data.n - rows.n
    if left and answers.plan.estimator != "FIML":
        said.append(say("own_complete", n=rows.n, items=rows.p, left=left))
    if answers.sampling:
        said += [*sampled_notices(rows), say("own_sampled")]
    return (*said, *small_sample(rows.n))


def _has_means(known: ModelText) -> bool:
    return any(one.operator == "~1" for one in known.statements)


def _names(known: ModelText) -> Iterator[tuple[str, int, int]]:
    """Yield every variable with line and column, in the order of the text."""
    for one in known.statements:
        yield one.left, one.left_line, one.left_column
        if one.right:
            yield one.right, one.line, one.column


def _require_items(known: ModelText, items: Sequence[str]) -> None:
    factors = {one.left for one in known.statements if one.operator == "=~"}
    unknown: dict[str, tuple[int, int]] = {}
    for name, line, column in _names(known):
        if name not in factors and name not in items:
            unknown.setdefault(name, (line, column))
    if not unknown:
        return
    first = next(iter(unknown))
    line, column = unknown[first]
    close = difflib.get_close_matches(first, items, n=1)
    if len(unknown) == 1 and close:
        raise BadInput(
            "model_item_close", line=line, column=column, item=first, close=close[0]
        )
    raise BadInput("model_items", line=line, column=column, items=tuple(unknown))


def _refusal(error: PsychometricsError) -> BadInput:
    said = reason_of(error)
    return BadInput(said.code, **said.params)


def _unidentified(error: PsychometricsError, known: ModelText) -> BadInput:
    """Say where the parameter stands that has no single value."""
    parameter = str(error.params.get("item", ""))
    line, column = _place(known, parameter)
    params = {**error.params, "line": line, "column": column}
    return BadInput(f"{error.code.replace('-', '_')}_at", **params)


def _place(known: ModelText, parameter: str) -> tuple[int, int]:
    """Return line and column of a parameter, else of the first of its variables."""
    variables = [name for name in re.split("=~|~~|~1|~", parameter) if name]
    for one in known.statements:
        if f"{one.left}{one.operator}{one.right}" == parameter:
            return one.line, one.column
    for name, line, column in _names(known):
        if not variables or name in variables:
            return line, column
    return 1, 1
