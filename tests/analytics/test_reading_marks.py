"""Readings and the glance: just below, onto and just above each mark."""

import math
from dataclasses import replace

import pytest

from analytics import readings
from analytics.glance import glance
from analytics.results import (
    Absent,
    BartlettResult,
    Figure,
    Interval,
    Relation,
    RelativeWeight,
    Report,
)
from analytics.sentences import say
from tests.analytics.samples import CARE, LOYALTY, report

Ends = tuple[float, float, float]
CLEAR: Ends = (0.6, 0.5, 0.7)
FAR: Ends = (0.3, 0.2, 0.4)


@pytest.fixture(scope="module")
def sample() -> Report:
    return report()


def of(ends: Ends) -> Relation:
    r, low, high = ends
    return Relation(r, low, high, 300, r, None, {})


def related(sample: Report, *rows: tuple[Ends, Ends]) -> Report:
    """As many outcomes as rows; each has the relations of CARE and SKILL."""
    names = ("LOY", "SAT", "STAY")[: len(rows)]
    return replace(
        sample,
        outcomes=dict.fromkeys(names, sample.outcomes["LOY"]),
        loyalty={
            name: {"CARE": of(care), "SKILL": of(skill)}
            for name, (care, skill) in zip(names, rows, strict=True)
        },
    )


def glanced(found: Report) -> list[str]:
    return [one.code for read in glance(found) for one in read.sentences]


def reliable(sample: Report, *values: float) -> Report:
    """CARE, SKILL and LOY with these omegas."""
    figures = [Figure(value, value, 1.0, 300, "m") for value in values]
    care, skill, loyalty = figures
    return replace(
        sample,
        scales={
            "CARE": replace(sample.scales["CARE"], omega_total=care),
            "SKILL": replace(sample.scales["SKILL"], omega_total=skill),
        },
        outcomes={"LOY": replace(sample.outcomes["LOY"], omega_total=loyalty)},
    )


def pairs(sample: Report, ratios: list[float]) -> Report:
    """Four trust scales A to D and the ratios of their first pairs."""
    scales = dict.fromkeys("ABCD", sample.scales["CARE"])
    keys = [f"{a}~~{b}" for a in "ABC" for b in "BCD" if a < b]
    known = dict(zip(keys, ratios, strict=False))
    return replace(sample, scales=scales, htmt=known, htmt_intervals={}, loyalty={})


# --- readings


@pytest.mark.parametrize(
    ("value", "low", "is_said"),
    [
        (0.96, 0.95, False),
        (0.96, 0.949, True),
        (0.92, 0.90, False),
        (0.92, 0.899, True),
        (0.82, 0.80, False),
        (0.82, 0.799, True),
        (0.72, 0.70, False),
        (0.72, 0.699, True),
        (0.60, 0.30, False),
    ],
)
def test_an_interval_that_reaches_below_its_guide(
    sample: Report, value: float, low: float, is_said: bool
) -> None:
    omega = Figure(value, low, 1.0, 300, "m")
    one = replace(sample.scales["CARE"], omega_total=omega)
    codes = [s.code for s in readings.reliability(one).sentences]
    assert ("reliability_interval" in codes) is is_said


@pytest.mark.parametrize(
    ("ends", "code"),
    [
        ((0.3, 0.001, 0.5), "relation_with"),
        ((0.3, 0.0, 0.5), "relation_unclear"),
        ((-0.3, -0.5, -0.001), "relation_against"),
        ((-0.3, -0.5, 0.0), "relation_unclear"),
        ((0.85, 0.8, 0.9), "relation_with"),
        ((0.851, 0.8, 0.9), "redundant"),
        ((-0.85, -0.9, -0.8), "relation_against"),
        ((-0.851, -0.9, -0.8), "redundant"),
    ],
)
def test_one_correlation(ends: Ends, code: str) -> None:
    (sentence,) = readings.relation(CARE, LOYALTY, of(ends)).sentences
    assert sentence.code == code


@pytest.mark.parametrize(
    ("p", "code"),
    [
        (0.049, "bartlett_clear"),
        (0.05, "bartlett_unclear"),
        (0.051, "bartlett_unclear"),
    ],
)
def test_sphericity(sample: Report, p: float, code: str) -> None:
    test = BartlettResult(chi2=1.0, df=1, log_p=math.log(p))
    one = replace(sample, dimensionality=replace(sample.dimensionality, bartlett=test))
    assert readings.adequacy(one).sentences[1].code == code


@pytest.mark.parametrize(
    ("p", "words"), [(0.00099, "< 0.001"), (0.001, "= 0.001"), (0.0011, "= 0.001")]
)
def test_a_tail_of_one_in_a_thousand(p: float, words: str) -> None:
    assert readings.p_words(math.log(p)) == words


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ((0.399, 0.1), "loading_low"),
        ((0.40, 0.1), None),
        ((-0.40, 0.1), None),
        ((0.5, 0.3), None),
        ((0.5, 0.301), "loading_cross"),
        ((0.5, -0.301), "loading_cross"),
    ],
)
def test_where_an_item_belongs(
    sample: Report, row: tuple[float, float], code: str | None
) -> None:
    one = replace(sample, factors=replace(sample.factors, loadings={"A": row}))
    found = [s.code for s in readings.loadings(one)]
    assert found == ["loading_guide", *([code] if code else [])]


def test_without_loadings_there_is_no_guide_to_them(sample: Report) -> None:
    one = replace(sample, factors=replace(sample.factors, loadings={}))
    assert readings.loadings(one) == ()


@pytest.mark.parametrize(
    ("ratio", "code"),
    [
        (0.849, "separate"),
        (0.85, "close"),
        (0.899, "close"),
        (0.90, "not_separable"),
    ],
)
def test_pairs_below_the_matrix(sample: Report, ratio: float, code: str) -> None:
    found = readings.separability_sentences(pairs(sample, [ratio]))
    assert [one.code for one in found] == [code]


@pytest.mark.parametrize(("count", "is_many"), [(3, False), (4, True)])
def test_pairs_are_named_one_by_one_up_to_three(
    sample: Report, count: int, is_many: bool
) -> None:
    one = pairs(sample, [0.95] * count)
    below = [s.code for s in readings.separability_sentences(one)]
    assert below == (["not_separable_many"] if is_many else ["not_separable"] * count)
    above = "glance_not_separable_many" if is_many else "glance_not_separable"
    assert above in glanced(one)


@pytest.mark.parametrize(("ratio", "is_said"), [(0.899, False), (0.90, True)])
def test_one_pair_at_a_glance(sample: Report, ratio: float, is_said: bool) -> None:
    found = glanced(pairs(sample, [ratio]))
    assert ("glance_not_separable" in found) is is_said


@pytest.mark.parametrize(
    ("ratio", "high", "is_said"),
    [
        (0.84, 0.999, False),
        (0.84, 1.0, True),
        (0.84, 1.001, True),
        (0.899, 1.1, True),
        (0.90, 1.1, False),
    ],
)
def test_an_interval_that_reaches_one(
    sample: Report, ratio: float, high: float, is_said: bool
) -> None:
    ends = {"CARE~~SKILL": Interval(0.5, high, None)}
    one = replace(sample, htmt={"CARE~~SKILL": ratio}, htmt_intervals=ends)
    codes = [s.code for s in readings.separability_sentences(one)]
    assert ("htmt_reaches_one" in codes) is is_said


# --- shares


def ranked(sample: Report, *ends: tuple[int, int]) -> Report:
    one = sample.loyalty["LOY"]
    shares = {
        code: replace(
            one[code], relative_weight=RelativeWeight(0.5, 0.4, 0.6, low, high)
        )
        for code, (low, high) in zip(one, ends, strict=True)
    }
    return replace(sample, loyalty={"LOY": shares})


@pytest.mark.parametrize(
    ("ends", "code"),
    [
        (((1, 1), (2, 2)), "weights_settled"),
        (((1, 2), (2, 2)), "weights_open"),
        (((1, 2), (1, 2)), "weights_open"),
    ],
)
@pytest.mark.parametrize("ratio", [0.899, 0.90])
def test_the_order_of_shares(
    sample: Report, ends: tuple[tuple[int, int], ...], code: str, ratio: float
) -> None:
    one = replace(ranked(sample, *ends), htmt={"CARE~~SKILL": ratio})
    codes = [s.code for s in readings.weights(one, "LOY")]
    order = "weights_not_separable" if ratio >= 0.90 else code
    assert codes == ["weights_together", order, "weights_equal"]


def test_a_plain_mean_that_has_no_correlation_gives_its_reason(sample: Report) -> None:
    shares = replace(sample.weights["LOY"], equal_weights=Absent(say("one_item")))
    one = replace(sample, weights={"LOY": shares})
    assert readings.weights(one, "LOY")[-1] == say("one_item")


# --- at a glance


@pytest.mark.parametrize(
    ("care", "skill", "code"),
    [
        (CLEAR, (0.4, 0.3, 0.499), "glance_strongest"),
        (CLEAR, (0.4, 0.3, 0.5), "glance_strongest_shared"),
        (CLEAR, (-0.4, -0.499, -0.3), "glance_strongest"),
        (CLEAR, (-0.4, -0.5, -0.3), "glance_strongest_shared"),
        ((0.3, 0.001, 0.5), (0.1, -0.1, 0.3), "glance_strongest"),
        ((0.3, 0.0, 0.5), (0.1, -0.1, 0.3), "glance_none"),
    ],
)
def test_what_goes_most_closely_with_one_outcome(
    sample: Report, care: Ends, skill: Ends, code: str
) -> None:
    assert glanced(related(sample, (care, skill)))[0] == code


@pytest.mark.parametrize(
    ("skill", "ratio", "is_open"),
    [((0.4, 0.3, 0.499), 0.899, False), ((0.4, 0.3, 0.5), 0.899, True),
     ((0.4, 0.3, 0.499), 0.90, True)],
)  # fmt: skip
def test_what_goes_most_closely_with_two_outcomes(
    sample: Report, skill: Ends, ratio: float, is_open: bool
) -> None:
    one = related(sample, (CLEAR, FAR), (CLEAR, skill))
    found = glanced(replace(one, htmt={"CARE~~SKILL": ratio}))
    assert found[:2] == ["glance_closest", "glance_closest"]
    assert ("glance_order_open" in found) is is_open


@pytest.mark.parametrize(("ratio", "is_said"), [(0.899, False), (0.90, True)])
def test_a_closest_scale_with_a_twin(
    sample: Report, ratio: float, is_said: bool
) -> None:
    one = replace(related(sample, (CLEAR, FAR)), htmt={"CARE~~SKILL": ratio})
    assert ("glance_twins" in glanced(one)) is is_said


def test_one_correlation_alone_is_not_called_the_closest(sample: Report) -> None:
    nothing = Relation(None, None, None, 0, None, None, {"r": say("one_item")})
    alone = {"LOY": {"CARE": of(CLEAR), "SKILL": nothing}}
    assert glanced(replace(sample, loyalty=alone))[0] == "relation_with"
    none = {"LOY": {"CARE": nothing, "SKILL": nothing}}
    assert glanced(replace(sample, loyalty=none))[0] == "glance_no_outcome"


@pytest.mark.parametrize(
    ("known", "code"),
    [(2, "glance_level"), (1, "glance_one_level"), (0, "one_item")],
)
def test_how_many_dimensions_have_a_level(
    sample: Report, known: int, code: str
) -> None:
    scales = {
        name: one if k < known else replace(one, mean=Absent(say("one_item")))
        for k, (name, one) in enumerate(sample.scales.items())
    }
    found = glanced(replace(sample, scales=scales, loyalty={}))
    assert found[0] == code


@pytest.mark.parametrize(
    ("lowest", "code", "chip"),
    [
        (0.801, "glance_reliable", "chip_compare"),
        (0.80, "glance_reliable", "chip_compare"),
        (0.799, "glance_reliability_mixed", "chip_research"),
        (0.70, "glance_reliability_mixed", "chip_research"),
        (0.699, "glance_reliability_mixed", "chip_weak"),
    ],
)
def test_the_reliability_of_all_scales(
    sample: Report, lowest: float, code: str, chip: str
) -> None:
    reads = glance(reliable(sample, 0.85, lowest, 0.9))
    (found,) = [read for read in reads if read.sentences[0].code == code]
    assert found.chip.code == chip


@pytest.mark.parametrize(
    ("factors", "code"),
    [
        (1, "glance_structure_differs"),
        (2, "glance_structure_same"),
        (3, "glance_structure_differs"),
    ],
)
def test_as_many_factors_as_dimensions(sample: Report, factors: int, code: str) -> None:
    parallel = sample.dimensionality.parallel
    assert parallel is not None
    found = replace(sample.dimensionality, parallel=replace(parallel, factors=factors))
    assert glanced(replace(sample, dimensionality=found))[-1] == code
