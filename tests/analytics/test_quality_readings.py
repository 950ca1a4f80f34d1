"""Each verdict just below and at its mark, and when each sentence is said."""

from dataclasses import replace
from typing import Any

import pytest

from analytics import thresholds
from analytics.plan import Text
from analytics.quality_readings import (
    GATES,
    Answer,
    alike,
    careless,
    missing,
    nonresponse,
    people_words,
    structure,
    verdicts,
    weighted,
)
from analytics.quality_results import (
    BothWays,
    Careless,
    Missing,
    NonResponse,
    RateTest,
    ScaleBothWays,
    ScaleMissing,
    UnitRate,
    Weighted,
    WeightedScale,
)
from analytics.readings import Reading
from analytics.release_parts import Count, Gate, SegmentsPart
from analytics.results import Absent, Figure
from analytics.sentences import say
from analytics.sentences.quality import CONDITIONS, QUALITY
from tests.analytics import samples

ALL = UnitRate(Text("Everyone", "全体"), 0, 200, Count(120, 120), 0.6)


def codes(read: Reading) -> list[str]:
    return [one.code for one in read.sentences]


def figure(value: float) -> Figure:
    return Figure(value, value - 0.1, value + 0.1, 100, "")


def of_careless(flagged: Count, share: Count, **changes: Any) -> Careless:
    found = Careless({}, flagged, share, {}, {}, say("careless_not_both", least=5))
    return replace(found, **changes)


def of_missing(share: float, **tails: float) -> Missing:
    scales = {c: ScaleMissing(share, figure(0.1), p) for c, p in tails.items()}
    return Missing(share, Count(90, 90), {}, scales, (), None)


def of_rates(p: float, v: float, expected: float = 9.0) -> NonResponse:
    return NonResponse(ALL, {}, RateTest(4, 0, 8.0, 3, p, v, expected), None)


def of_weights(shift: float) -> Weighted:
    both = BothWays(figure(4.0), figure(4.1))
    return Weighted({"CARE": WeightedScale(both, 3, 90, 1.2, False, shift)}, 5.0, None)


@pytest.mark.parametrize(
    ("flagged", "share", "code", "tone"),
    [
        (Count(0, 4), Count(0, 2), "careless_none", "good"),
        (Count(5, 9), Count(2, 4), "careless_usual", "plain"),
        (Count(24, 24), Count(12, 12), "careless_usual", "plain"),
        (Count(26, 26), Count(13, 13), "careless_many", "watch"),
    ],
)
def test_how_many_are_flagged(
    flagged: Count, share: Count, code: str, tone: str
) -> None:
    read = careless(of_careless(flagged, share), None, 5)
    assert codes(read) == [code, "careless_kept"]
    assert read.tone == tone


@pytest.mark.parametrize(
    ("shift", "code", "tone"),
    [(0.099, "careless_unmoved", "plain"), (0.10, "careless_moved", "watch"),
     (-0.10, "careless_moved", "watch")],
)  # fmt: skip
def test_whether_results_move_without_them(shift: float, code: str, tone: str) -> None:
    both = BothWays(figure(4.0), figure(4.0))
    scales = {"CARE": ScaleBothWays(both, None, shift)}
    found = of_careless(Count(9, 9), Count(5, 5), scales=scales, reason=None)
    read = careless(found, samples.report(), 5)
    assert codes(read) == ["careless_usual", "careless_kept", code]
    assert read.tone == tone
    assert ("Care" in read.sentences[-1].text("en")) == (code == "careless_moved")


def test_without_signs_nothing_is_claimed() -> None:
    found = Careless({}, None, None, {}, {}, say("careless_no_signs"))
    read = careless(found, None, 5)
    assert (read.chip.code, codes(read)) == ("chip_not_looked", ["careless_no_signs"])


@pytest.mark.parametrize(
    ("share", "code", "tone"),
    [
        (0.0, "missing_none", "good"),
        (0.001, "missing_little", "good"),
        (0.0499, "missing_little", "good"),
        (0.05, "missing_some", "plain"),
        (0.10, "missing_some", "plain"),
        (0.1001, "missing_much", "watch"),
    ],
)
def test_how_much_is_missing(share: float, code: str, tone: str) -> None:
    read = missing(of_missing(share), None)
    assert codes(read) == [code]
    assert read.tone == tone


@pytest.mark.parametrize(
    ("p", "code", "tone"),
    [(0.049, "missing_related", "watch"), (0.05, "missing_unrelated", "good")],
)
def test_whether_gaps_go_with_scores(p: float, code: str, tone: str) -> None:
    read = missing(of_missing(0.01, CARE=p, SKILL=0.9), samples.report())
    assert codes(read) == ["missing_little", code]
    assert read.tone == tone


def test_what_was_not_asked_is_named() -> None:
    found = replace(of_missing(0.0), not_asked=("CARE1",))
    assert codes(missing(found, None)) == ["missing_none", "missing_not_asked"]
    few = Missing(None, None, {}, {}, (), say("missing_few", needs=10))
    assert codes(missing(few, None)) == ["missing_few"]


@pytest.mark.parametrize(
    ("p", "v", "code", "tone"),
    [
        (0.05, 0.3, "rates_alike", "good"),
        (0.049, 0.099, "rates_little", "plain"),
        (0.049, 0.10, "rates_differ", "watch"),
    ],
)
def test_whether_units_answer_alike(p: float, v: float, code: str, tone: str) -> None:
    read = nonresponse(of_rates(p, v))
    assert codes(read) == ["rate_of_invited", code]
    assert read.tone == tone


@pytest.mark.parametrize(("expected", "rough"), [(4.99, True), (5.0, False)])
def test_a_rough_test_is_called_so(expected: float, rough: bool) -> None:
    found = codes(nonresponse(of_rates(0.5, 0.1, expected)))
    assert ("rates_rough" in found) == rough


def test_a_strength_is_not_rounded_onto_its_mark() -> None:
    text = nonresponse(of_rates(0.01, 0.0996)).sentences[-1].text("en")
    assert "0.0996" in text


def test_rates_that_are_not_known_are_not_read() -> None:
    nobody = replace(ALL, invited=None, rate=None)
    read = nonresponse(NonResponse(nobody, {}, None, say("rates_unknown")))
    assert (read.tone, codes(read)) == ("plain", ["rates_unknown"])


@pytest.mark.parametrize(
    ("shift", "code", "tone"),
    [
        (0.099, "weights_unmoved", "good"),
        (0.10, "weights_moved", "watch"),
        (-0.10, "weights_moved", "watch"),
    ],
)
def test_whether_weights_move_a_mean(shift: float, code: str, tone: str) -> None:
    read = weighted(of_weights(shift), samples.report())
    assert (codes(read), read.tone) == ([code], tone)


def test_without_weights_the_reason_stands() -> None:
    read = weighted(Weighted({}, 5.0, say("weights_no_units")), None)
    assert (codes(read), read.tone) == (["weights_no_units"], "plain")


def gates(**found: Gate) -> SegmentsPart:
    return SegmentsPart((), {}, {}, (), {}, found, 5)


@pytest.mark.parametrize("verdict", GATES)
def test_every_gate_has_its_chip(verdict: Any) -> None:
    gate = Gate(verdict, say("invariance_scalar"))
    (answer,) = alike(gates(language=gate))
    assert answer.about == say("gate_language")
    assert answer.reading.sentences == (gate.reason,)
    assert (answer.reading.tone == "good") == (verdict == "comparable")


def test_without_groups_there_is_no_gate() -> None:
    (answer,) = alike(gates())
    assert codes(answer.reading) == ["gates_none"]


def test_structure_is_read_briefly_and_a_failed_model_by_its_reason() -> None:
    report = samples.report()
    assert report.cfa is not None
    found = structure(report)
    assert codes(found[-1]) == ["cfa_fit"]
    failed = replace(report.cfa, reason=say("sem-not-converged"), notices=())
    found = structure(replace(report, cfa=failed))
    assert codes(found[-1]) == ["sem-not-converged"]
    assert len(structure(replace(report, cfa=None))) == len(found) - 1


def test_only_what_is_there_is_asked() -> None:
    assert verdicts(None, None, None) == {}
    found = verdicts(None, None, gates())
    assert list(found) == ["trust_alike"]
    assert all(isinstance(one, Answer) for one in found["trust_alike"])


def test_bands_are_written_with_both_ends() -> None:
    assert people_words(Count(20, 20)) == "20"
    assert people_words(Count(5, 9)) == "5–9"


def test_every_sentence_has_its_condition() -> None:
    assert set(CONDITIONS) == set(QUALITY)
    assert all(text.endswith(".") for text in CONDITIONS.values())
    assert f"{thresholds.CARELESS_SHARE:.0%}"[:-1] in CONDITIONS["careless_many"]


def test_nothing_is_called_unmoved_that_was_not_compared() -> None:
    both = BothWays(Absent(say("one_item")), Absent(say("one_item")))
    found = of_careless(
        Count(9, 9),
        Count(5, 5),
        scales={"CARE": ScaleBothWays(both, both, None)},
        relations={"LOY": {"CARE": both}},
        reason=None,
    )
    read = careless(found, None, 5)
    assert codes(read)[-1] == "careless_few_sides"
