"""The part of a report about each questionnaire by itself, language by language.

A wave asks a questionnaire of trust beside its outcomes, and in two languages. What is
known about one questionnaire in one language is read from here and nowhere else.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analytics.answers import Answers, attempt
from analytics.factor_model import fit_of_scales, has_factor
from analytics.invariance import FEWEST, GroupColumn, Groups
from analytics.plan import LANGUAGES, PlanInstrument, PlanScale
from analytics.psychometrics import Estimate, ResponseMatrix, correlate
from analytics.results import InstrumentResult, Reliability, Result
from analytics.scale_results import scale_result

# Below it a part of a wave says little, and its figures would be about few people.
FEWEST_OF_LANGUAGE: Final = 50
LANGUAGE_COLUMN: Final = "language"
LANGUAGE_GROUPS: Final = {"en": "English", "zh-hans": "中文"}

Languages = NDArray[np.int8]


def language_groups(languages: Languages) -> Groups:
    """Return the column of languages, where both have enough answers to compare.

    `languages` (n,) are places in `LANGUAGES`.
    """
    if np.bincount(languages, minlength=len(LANGUAGES)).min() < FEWEST:
        return {}
    names = tuple(LANGUAGE_GROUPS[language] for language in LANGUAGES)
    return {LANGUAGE_COLUMN: GroupColumn(names, languages.astype(np.int32))}


def instrument_results_of(
    answers: Answers, languages: Languages | None
) -> tuple[InstrumentResult, ...]:
    """Describe every questionnaire of the plan in every language with enough answers."""
    if languages is None:
        return ()
    return tuple(
        _result(part, instrument, own, language)
        for language, part in _parts(answers, languages)
        for instrument in answers.plan.instruments
        if (own := scales_of(part.plan.constructs, instrument))
    )


def scales_of(
    scales: tuple[PlanScale, ...], instrument: PlanInstrument
) -> tuple[PlanScale, ...]:
    """Return the scales of one questionnaire; their codes begin with its own."""
    return tuple(s for s in scales if s.code.startswith(f"{instrument.code}."))


def _parts(answers: Answers, languages: Languages) -> Iterator[tuple[str, Answers]]:
    data = answers.data
    for k, language in enumerate(LANGUAGES):
        chosen = languages == k
        n = int(np.count_nonzero(chosen))
        if n < FEWEST_OF_LANGUAGE:
            continue
        if n == data.n:
            yield language, answers
        else:
            part = ResponseMatrix(data.codes[chosen], data.items)
            yield language, Answers.of(part, answers.plan)


def _result(
    part: Answers,
    instrument: PlanInstrument,
    own: tuple[PlanScale, ...],
    language: str,
) -> InstrumentResult:
    plan = part.plan
    alone = replace(part, plan=replace(plan, scales=own, outcomes=()))
    codes = part.data.select(tuple(i for s in own for i in s.item_codes)).codes
    outcomes = [o for o in plan.outcomes if o not in own]
    return InstrumentResult(
        instrument=instrument.code,
        language=language,
        n=int(np.count_nonzero((codes >= 0).any(axis=1))),
        n_complete=int(np.count_nonzero((codes >= 0).all(axis=1))),
        reliability={
            scale.code: _reliability(part, scale)
            for scale in own
            if scale.model == "reflective" and len(scale.items) > 1
        },
        fit=fit_of_scales(alone) if any(map(has_factor, own)) else None,
        relations={
            outcome.code: {s.code: _relation(part, s, outcome) for s in own}
            for outcome in outcomes
            if any(scale.group == "trust" for scale in own)
        },
    )


def _reliability(part: Answers, scale: PlanScale) -> Reliability:
    found = scale_result(part, scale)
    return Reliability(found.n, found.n_items, found.alpha.raw, found.omega_total)


def _relation(part: Answers, scale: PlanScale, outcome: PlanScale) -> Result:
    def estimate() -> Estimate:
        found = correlate(part.scores[scale.code], part.scores[outcome.code])
        return Estimate(found.r, found.low, found.high, found.n, "Pearson", 0.95)

    return attempt(estimate)
