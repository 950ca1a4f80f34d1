"""From a stored report to lines of evidence. Reads attributes; computes nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from analytics.factor_results import ModelFit, RmseaResult
from analytics.instrument_results import LANGUAGE_COLUMN, LANGUAGE_GROUPS
from analytics.plan import Text
from analytics.results import Figure, InstrumentResult, Reliability, Report
from surveys import definition


@dataclass(frozen=True, slots=True)
class FoundLine:
    """A line that a report supports, about one questionnaire.

    `language` is blank where languages are compared; `scale` is the questionnaire's own
    code; `figures` are as `surveys.evidence.Line` says.
    """

    instrument: str
    language: str
    kind: str
    scale: str
    figures: dict[str, Any]


def lines_of(report: Report) -> tuple[FoundLine, ...]:
    """Every line that the report supports, by questionnaire and language."""
    return tuple(
        line
        for instrument in report.instruments
        for line in (
            *_by_language(report, instrument.code),
            *_comparison(report, instrument.code),
        )
    )


def is_whole(form: definition.Form, questionnaire: definition.Questionnaire) -> bool:
    """Whether a form asks everything of a questionnaire that is scored.

    A short form, or single scales, are evidence about themselves alone. A named variant
    of the wording is whole with the items that it keeps.
    """
    asked = next(one for one in form.instruments if one.code == questionnaire.code)
    whole = definition.compile_form(
        [definition.FormPart(questionnaire, short=False, form=asked.form)],
        referent=form.referent,
        languages=form.languages,
        comment=False,
        title=form.title,
    )
    codes = {item.code for item in form.scored_items}
    return {item.code for item in whole.scored_items} <= codes


def _by_language(report: Report, code: str) -> Iterator[FoundLine]:
    for found in report.by_instrument:
        if found.instrument != code:
            continue
        sizes = {"n": found.n, "n_complete": found.n_complete}
        yield FoundLine(code, found.language, "pilot", "", sizes)
        for scale, one in found.reliability.items():
            if figures := _reliability(one):
                own = _own(scale)
                yield FoundLine(code, found.language, "reliability", own, figures)
        if found.fit is not None and (figures := _structure(found, found.fit)):
            yield FoundLine(code, found.language, "structure", "", figures)
        yield from _relations(report, found)


def _reliability(one: Reliability) -> dict[str, Any]:
    """Figures of a scale; empty where it has neither alpha nor omega."""
    figures: dict[str, Any] = {}
    for name, result in (("alpha", one.alpha), ("omega", one.omega)):
        if isinstance(result, Figure):
            figures |= {
                name: result.estimate,
                f"{name}_low": result.low,
                f"{name}_high": result.high,
            }
    if not figures:
        return {}
    return {"n": one.n, "n_items": one.n_items, **figures}


def _structure(found: InstrumentResult, fit: ModelFit) -> dict[str, Any]:
    """Figures of the factor model; empty where nothing in it could be rejected."""
    if not fit.converged or not fit.df:
        return {}
    scales = [_own(scale) for scale in found.reliability]
    rmsea = fit.as_read("rmsea")
    ends = rmsea if isinstance(rmsea, RmseaResult) else None
    return {
        "n": fit.n,
        "model": "one_factor" if len(scales) == 1 else "correlated",
        "estimator": fit.estimator,
        "scales": scales,
        "chi2": fit.as_read("chi2"),
        "df": fit.df,
        "p": fit.as_read("p"),
        "cfi": fit.as_read("cfi"),
        "tli": fit.as_read("tli"),
        "rmsea": ends.estimate if ends else None,
        "rmsea_low": ends.low if ends else None,
        "rmsea_high": ends.high if ends else None,
        "srmr": fit.srmr,
    }


def _relations(report: Report, found: InstrumentResult) -> Iterator[FoundLine]:
    for outcome, scales in found.relations.items():
        for scale, result in scales.items():
            if isinstance(result, Figure):
                figures = {
                    "n": result.n,
                    "r": result.estimate,
                    "r_low": result.low,
                    "r_high": result.high,
                    "outcome": outcome,
                    "outcome_name": _both(report.outcomes[outcome].name),
                }
                yield FoundLine(
                    found.instrument, found.language, "relation", _own(scale), figures
                )


def _comparison(report: Report, code: str) -> Iterator[FoundLine]:
    """Whether both languages measure alike; the model holds all scales of the wave."""
    column = report.groups.get(LANGUAGE_COLUMN)
    measured = [
        scale
        for scale, one in report.constructs.items()
        if one.model == "reflective" and one.n_items > 1
    ]
    own = [scale for scale in measured if scale.startswith(f"{code}.")]
    if column is None or not own or column.invariance.verdict == "not_testable":
        return
    found = column.invariance
    yield FoundLine(
        code,
        "",
        "invariance",
        "",
        {
            "verdict": found.verdict,
            "n": {
                language: found.n[name]
                for language, name in LANGUAGE_GROUPS.items()
                if name in found.n
            },
            "scales": [_own(scale) for scale in own],
            "beside": [scale for scale in measured if scale not in own],
            "drifting": [one for one in found.drifting if one.startswith(f"{code}.")],
        },
    )


def _own(scale: str) -> str:
    """Return the code that a questionnaire itself gives a scale of a form."""
    return scale.partition(".")[2]


def _both(name: Text) -> dict[str, str]:
    return name.to_plain()
