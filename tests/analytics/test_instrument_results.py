"""Each questionnaire by itself, in each language by itself."""

import json

import numpy as np
import pytest

from analytics.instrument_results import (
    FEWEST_OF_LANGUAGE,
    LANGUAGE_COLUMN,
    language_groups,
)
from analytics.plan import AnalysisPlan, PlanInstrument, Text
from analytics.psychometrics import Item, ResponseMatrix
from analytics.report import Report, build_report
from analytics.results import Absent, Figure, InstrumentResult
from tests.analytics.samples import CARE, LOYALTY, SKILL, answers, plan, scale

ELEMENTS = PlanInstrument("TBE", Text("Elements", "要素"), "E0")
OUTCOMES = PlanInstrument("OUT-C", Text("Customers", "顾客"), "E0")


def asked() -> AnalysisPlan:
    return plan(
        scales=(scale("TBE.CARE", CARE), scale("TBE.SKILL", SKILL)),
        outcomes=(scale("OUT-C.LOY", LOYALTY, 3, group="outcome"),),
        instruments=(ELEMENTS, OUTCOMES),
    )


def matrix(n: int) -> ResponseMatrix:
    described = asked()
    items = [Item(i.code, i.low, i.high, i.reverse) for i in described.items()]
    raw = answers(described, n)
    return ResponseMatrix.from_raw(raw, items, missing=np.zeros(raw.shape, dtype=bool))


def report(n: int, chinese: int) -> Report:
    """Report of `n` people of whom the last `chinese` answered in Chinese."""
    languages = np.zeros(n, dtype=np.int8)
    languages[n - chinese :] = 1
    return build_report(
        matrix(n), asked(), groups=language_groups(languages), languages=languages
    )


@pytest.fixture(scope="module")
def english() -> Report:
    return report(300, 0)


@pytest.fixture(scope="module")
def both() -> Report:
    return report(500, 210)


def of(found: Report, instrument: str, language: str = "en") -> InstrumentResult:
    return next(
        one
        for one in found.by_instrument
        if (one.instrument, one.language) == (instrument, language)
    )


def test_one_language_repeats_what_the_report_says(english: Report) -> None:
    found = of(english, "TBE")
    assert (found.n, found.n_complete) == (300, 300)
    assert list(found.reliability) == ["TBE.CARE", "TBE.SKILL"]
    for code, one in found.reliability.items():
        assert one.alpha == english.scales[code].alpha.raw
        assert one.omega == english.scales[code].omega_total
        relation = found.relations["OUT-C.LOY"][code]
        assert isinstance(relation, Figure)
        stored = english.loyalty["OUT-C.LOY"][code]
        assert (relation.estimate, relation.low, relation.n) == (
            stored.r,
            stored.low,
            stored.n,
        )


def test_a_questionnaire_is_fitted_without_the_others(english: Report) -> None:
    fit = of(english, "TBE").fit
    assert fit is not None
    assert fit.df == 19  # two correlated factors of four items each
    assert english.cfa is not None
    assert english.cfa.df == 41  # the same beside the outcome's three items
    # three items of one factor fit by construction: there is nothing to reject
    outcome = of(english, "OUT-C").fit
    assert outcome is not None
    assert (outcome.df, outcome.cfi, outcome.rmsea) == (0, None, None)
    assert of(english, "OUT-C").relations == {}


def test_languages_are_described_by_themselves(both: Report) -> None:
    sizes = {(o.instrument, o.language): o.n for o in both.by_instrument}
    assert sizes == {
        ("TBE", "en"): 290,
        ("OUT-C", "en"): 290,
        ("TBE", "zh-hans"): 210,
        ("OUT-C", "zh-hans"): 210,
    }
    assert of(both, "TBE") != of(both, "TBE", "zh-hans")


def test_enough_of_both_languages_are_compared(both: Report) -> None:
    found = both.groups[LANGUAGE_COLUMN].invariance
    assert found.n == {"English": 290, "中文": 210}
    # both are drawn from one population
    assert found.verdict == "scalar"


def test_fewer_are_not_compared_and_a_handful_is_not_described() -> None:
    few = report(300, FEWEST_OF_LANGUAGE - 1)
    assert few.groups == {}
    assert {one.language for one in few.by_instrument} == {"en"}
    assert of(few, "TBE").n == 300 - FEWEST_OF_LANGUAGE + 1


def test_it_survives_json(both: Report) -> None:
    stored = json.loads(json.dumps(both.to_json(), allow_nan=False))
    assert Report.from_json(stored) == both


def test_a_file_without_languages_has_none_of_it() -> None:
    assert build_report(matrix(100), asked()).by_instrument == ()


def test_what_cannot_be_had_has_its_reason() -> None:
    data = matrix(120)
    codes = data.codes.copy()
    codes[:, :4] = 3
    constant = ResponseMatrix(codes, data.items)
    found = build_report(constant, asked(), languages=np.zeros(120, dtype=np.int8))
    elements = of(found, "TBE")
    assert isinstance(elements.reliability["TBE.CARE"].alpha, Absent)
    assert elements.fit is not None
    assert elements.fit.reason is not None
    assert elements.fit.cfi is None
