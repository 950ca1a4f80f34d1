import math
from dataclasses import replace

import pytest

from analytics import readings, thresholds
from analytics.results import Absent, BartlettResult, Figure, Relation, Report
from analytics.sentences import say
from tests.analytics.samples import CARE, LOYALTY, answers, plan, report, scale


@pytest.fixture(scope="module")
def sample() -> Report:
    return report()


def figure(value: float, low: float | None = None) -> Figure:
    return Figure(value, value if low is None else low, min(1.0, value), 300, "m")


@pytest.mark.parametrize(
    ("value", "chip", "tone"),
    [
        (0.951, "chip_repeating", "watch"),
        (0.95, "chip_individual", "good"),
        (0.90, "chip_individual", "good"),
        (0.899, "chip_compare", "good"),
        (0.80, "chip_compare", "good"),
        (0.799, "chip_research", "watch"),
        (0.70, "chip_research", "watch"),
        (0.699, "chip_weak", "stop"),
        (-0.2, "chip_weak", "stop"),
    ],
)
def test_reliability_is_read_by_the_guides(
    sample: Report, value: float, chip: str, tone: str
) -> None:
    one = replace(sample.scales["CARE"], omega_total=figure(value))
    read = readings.reliability(one)
    assert (read.chip.code, read.tone) == (chip, tone)
    assert len(read.sentences) == 1


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.797, "0.797"),
        (0.7996, "0.7996"),
        (0.80, "0.80"),
        (0.804, "0.804"),
        (0.81, "0.81"),
        (0.5, "0.50"),
    ],
)
def test_a_number_beside_a_guide_is_not_rounded_onto_it(
    value: float, text: str
) -> None:
    assert thresholds.beside(value, 0.80) == text


def test_an_interval_below_the_guide_is_said(sample: Report) -> None:
    one = replace(sample.scales["CARE"], omega_total=figure(0.82, low=0.78))
    assert readings.reliability(one).sentences[1].code == "reliability_interval"


def test_alpha_is_read_where_omega_does_not_exist(sample: Report) -> None:
    care = sample.scales["CARE"]
    one = replace(care, omega_total=Absent(say("one_item")))
    assert readings.best_reliability(one) == ("alpha", care.alpha.raw)


def test_a_scale_without_reliability_gives_the_reason() -> None:
    asked = plan(scales=(scale("STEP", CARE, model="formative"),))
    read = readings.reliability(report(asked, answers(asked)).scales["STEP"])
    assert read.chip.code == "chip_not_applicable"
    assert read.sentences[0].code == "formative"


@pytest.mark.parametrize(
    ("r", "low", "high", "chip"),
    [
        (0.3, 0.01, 0.5, "chip_together"),
        (0.3, 0.0, 0.5, "chip_unclear"),
        (-0.3, -0.5, -0.01, "chip_opposite"),
        (-0.3, -0.5, 0.0, "chip_unclear"),
        (0.85, 0.8, 0.9, "chip_together"),
        (0.851, 0.8, 0.9, "chip_redundant"),
        (-0.9, -0.95, -0.8, "chip_redundant"),
    ],
)
def test_a_correlation_is_read_by_its_interval(
    r: float, low: float, high: float, chip: str
) -> None:
    found = Relation(r, low, high, 200, r, None, {})
    read = readings.relation(CARE, LOYALTY, found)
    assert read.chip.code == chip
    assert read.chip.text("zh-hans")


def test_a_correlation_that_does_not_exist_gives_the_reason() -> None:
    found = Relation(None, None, None, 0, None, None, {"r": say("one_item")})
    assert readings.relation(CARE, LOYALTY, found).sentences[0].code == "one_item"


@pytest.mark.parametrize(
    ("ratio", "chip"),
    [
        (0.849, "chip_separate"),
        (0.85, "chip_close"),
        (0.899, "chip_close"),
        (0.90, "chip_not_separable"),
        (None, "chip_no_number"),
    ],
)
def test_separability_is_read_by_the_marks(ratio: float | None, chip: str) -> None:
    assert readings.separability(ratio).chip.code == chip


@pytest.mark.parametrize(
    ("ratio", "codes"),
    [(0.84, ["separate"]), (0.87, ["close"]), (0.95, ["not_separable"])],
)
def test_separability_is_said_of_the_pairs(
    sample: Report, ratio: float, codes: list[str]
) -> None:
    one = replace(sample, htmt={"CARE~~SKILL": ratio})
    assert [s.code for s in readings.separability_sentences(one)] == codes


@pytest.mark.parametrize(
    ("kmo", "code"),
    [(0.80, "kmo_good"), (0.799, "kmo_fair"), (0.60, "kmo_fair"), (0.599, "kmo_low")],
)
def test_adequacy_is_read_by_the_guides(sample: Report, kmo: float, code: str) -> None:
    one = replace(sample, dimensionality=replace(sample.dimensionality, kmo=kmo))
    assert readings.adequacy(one).sentences[0].code == code


@pytest.mark.parametrize(
    ("p", "code"), [(0.049, "bartlett_clear"), (0.051, "bartlett_unclear")]
)
def test_sphericity_is_read_at_five_percent(
    sample: Report, p: float, code: str
) -> None:
    test = BartlettResult(chi2=1.0, df=1, log_p=math.log(p))
    one = replace(sample, dimensionality=replace(sample.dimensionality, bartlett=test))
    assert readings.adequacy(one).sentences[1].code == code


def test_a_small_p_is_not_written_as_zero() -> None:
    assert readings.p_words(-900.0) == "< 0.001"
    assert readings.p_words(math.log(0.0214)) == "= 0.021"


def test_items_that_are_hard_to_place_are_named(sample: Report) -> None:
    rows = {"A": (0.39, 0.1), "B": (0.6, 0.45), "C": (0.7, 0.1), "D": (-0.8, 0.1)}
    one = replace(sample, factors=replace(sample.factors, loadings=rows))
    said = {s.code: s.text("en") for s in readings.loadings(one)}
    assert said["loading_low"] == "A: no loading reaches .40."
    assert said["loading_cross"].startswith("B: ")
