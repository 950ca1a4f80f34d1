"""The index, and each sentence at the edge of its condition."""

from dataclasses import replace
from string import Formatter

import numpy as np
import pytest
from scipy import stats

from analytics import thresholds
from analytics.glance_release import (
    Change,
    Level,
    Moved,
    careful_reading,
    change_reading,
    level_reading,
    percent,
)
from analytics.plan import Text
from analytics.release_parts import EVERYONE, Gate
from analytics.release_sections.glance import change_of, glance_section
from analytics.results import Absent, Figure, Report
from analytics.sentences import SENTENCES, say
from analytics.sentences.glance_release import CONDITIONS, GLANCE_RELEASE
from analytics.sentences.groups_release import CONDITIONS as GROUP_CONDITIONS
from analytics.trend import ScaleTrend, Shift, Step, TrendPart, TrendPoint
from analytics.trust_index import TrustIndex, index_scales, trust_index
from tests.analytics.release_samples import (
    everyone,
    hidden,
    parts,
    score,
    segments_part,
)
from tests.analytics.samples import report

RANGES = {"A": (1, 7), "B": (1, 5)}


@pytest.fixture(scope="module")
def sample() -> Report:
    return report()


# the index


def test_the_index_puts_every_scale_on_0_to_100() -> None:
    scores = {"A": score(4.0, 0.6), "B": score(4.0, 0.2)}
    found = trust_index(scores, RANGES, ("A", "B"))
    # by hand: (3/6 + 3/4) / 2; (2.4/6 + 2.8/4) / 2; (3.6/6 + 3.2/4) / 2
    assert isinstance(found, TrustIndex)
    assert found.value == pytest.approx(62.5)
    assert found.low == pytest.approx(55.0)
    assert found.high == pytest.approx(70.0)
    assert found.n_scales == 2


def test_its_ends_stay_on_the_scale() -> None:
    found = trust_index({"A": score(6.9, 0.3)}, RANGES, ("A",))
    assert isinstance(found, TrustIndex)
    assert found.high == 100.0


@pytest.mark.parametrize("shared", [-0.9, 0.0, 0.7, 1.0])
def test_its_interval_is_never_narrower_than_that_of_the_people(shared: float) -> None:
    """Against Student's t of every person's own index, by SciPy."""
    rng = np.random.default_rng(4)
    first = rng.normal(4, 1.2, 80)
    own = rng.normal(0, 1, 80)
    second = 3 + 0.5 * (shared * (first - 4) + np.sqrt(1 - shared**2) * own)
    scores = {}
    for code, values in (("A", first), ("B", second)):
        half = stats.t.ppf(0.975, 79) * stats.sem(values)
        scores[code] = score(float(values.mean()), float(half))
    found = trust_index(scores, RANGES, ("A", "B"))
    people = 100 * ((first - 1) / 6 + (second - 1) / 4) / 2
    half = stats.t.ppf(0.975, 79) * stats.sem(people)
    assert isinstance(found, TrustIndex)
    assert found.value == pytest.approx(people.mean())
    assert found.high - found.value >= half - 1e-9
    if shared == 1.0:
        assert found.high - found.value == pytest.approx(half)


def test_without_one_of_its_scales_there_is_no_index() -> None:
    found = trust_index({"A": score(4.0), "B": hidden()}, RANGES, ("A", "B"))
    assert found == say("release_index_hidden")
    assert trust_index({}, RANGES, ()) == say("release_index_no_scales")


def test_only_reflective_trust_scales_count(sample: Report) -> None:
    codes = ("CARE", "SKILL", "LOY")
    assert index_scales(None, codes) == codes
    assert index_scales(sample, codes) == ("CARE", "SKILL")
    block = replace(sample.scales["CARE"], model="formative")
    other = replace(sample, scales={**sample.scales, "CARE": block})
    assert index_scales(other, codes) == ("SKILL",)


# highest and lowest


def level(code: str, mean: float, half: float = 0.2, top: int = 7) -> Level:
    name = Text(code, f"维{code}")
    return Level(code, name, mean, mean - half, mean + half, (1, top))


@pytest.mark.parametrize(
    ("means", "code"),
    [
        ((), "release_level_none"),
        ((4.0,), "release_level_one"),
        ((4.0, 4.39), "release_level_even"),
        ((4.0, 4.41), "release_level_apart"),
        ((4.0, 4.5, 5.0), "release_level_apart"),
        ((4.0, 4.39, 5.0), "release_level_top"),
        ((4.0, 4.61, 5.0), "release_level_bottom"),
        ((4.0, 4.3, 4.6), "release_level_ends"),
        ((4.0, 4.1, 4.39), "release_level_even"),
    ],
)
def test_an_end_is_named_only_where_its_interval_stands_apart(
    means: tuple[float, ...], code: str
) -> None:
    levels = [level(name, mean) for name, mean in zip("ABC", means, strict=False)]
    assert level_reading(levels, None).sentences[0].code == code


def test_intervals_that_touch_are_not_apart() -> None:
    bottom = Level("A", Text.same("A"), 4.0, 3.75, 4.25, (1, 7))
    top = Level("B", Text.same("B"), 4.5, 4.25, 4.75, (1, 7))
    assert level_reading([bottom, top], None).sentences[0].code == "release_level_even"


def test_scales_on_different_points_are_not_ranked() -> None:
    found = level_reading([level("A", 2.0), level("B", 9.0, top=10)], None)
    assert found.sentences[0].code == "release_level_points"


@pytest.mark.parametrize(
    ("htmt", "code"),
    [(0.899, "release_level_apart"), (0.90, "release_level_same")],
)
def test_scales_that_people_hardly_tell_apart_are_not_ranked(
    sample: Report, htmt: float, code: str
) -> None:
    found = replace(sample, htmt={"CARE~~SKILL": htmt})
    read = level_reading([level("CARE", 4.0), level("SKILL", 5.0)], found)
    assert read.sentences[0].code == code


# what moved


def moved(points: float, half: float = 0.2) -> Moved:
    return Moved(Text("Care", "关怀"), points, points - half, points + half)


@pytest.mark.parametrize(
    ("points", "code"),
    [
        ((), "release_change_first"),
        ((-0.19, 0.19), "release_change_unclear"),
        ((-0.2,), "release_change_unclear"),
        ((0.2,), "release_change_unclear"),
        ((-0.21, 0.1), "release_change_fell"),
        ((0.21, -0.1), "release_change_rose"),
        ((0.21, -0.21), "release_change_both"),
    ],
)
def test_only_what_its_interval_tells_from_zero_has_moved(
    points: tuple[float, ...], code: str
) -> None:
    change = Change(2, tuple(moved(one) for one in points))
    assert change_reading(change).sentences[0].code == code


def test_the_numbers_stand_with_their_signs() -> None:
    fell = change_reading(Change(2, (moved(-0.4),))).sentences[0]
    assert "Care −0.40 (−0.60 to −0.20)" in fell.text("en")
    rose = change_reading(Change(2, (moved(0.4),))).sentences[0]
    assert "关怀 +0.40（0.20 至 0.60）" in rose.text("zh-hans")


def test_a_refusal_says_why() -> None:
    found = change_reading(Change(2, (), say("release_index_hidden")))
    assert "The waves are not compared: One of the" in found.sentences[0].text("en")


def test_a_first_wave_has_nothing_to_compare() -> None:
    assert change_reading(None).sentences[0].code == "release_change_first"


def trend(points: Shift | Absent, since: int | None) -> TrendPart:
    step = Step(since, points, points, reworded=False)
    before = TrendPoint(2, "2026-03-31", 5.1, 5.0, 5.2, None, False)
    line = ScaleTrend((before,), step, (), ())
    scales = {"CARE": line, "LOY": line}
    return TrendPart(EVERYONE, Text("All", "全体"), (2, 3), scales, (), None, ())


def test_the_change_is_read_off_the_trend(monkeypatch: pytest.MonkeyPatch) -> None:
    found = parts()
    monkeypatch.setattr(found, "trend", lambda: trend(Shift(-0.4, -0.6, -0.2, "t"), 2))
    change = change_of(found)
    assert change is not None
    assert (change.wave, [one.name.en for one in change.moved]) == (2, ["Care"])
    figure = glance_section(found, "en").figures[0]
    assert "wave 2 5.10" in figure.description
    reason = say("release_index_hidden")
    monkeypatch.setattr(found, "trend", lambda: trend(Absent(reason), None))
    refused = change_of(found)
    assert refused is not None
    assert refused.refused == reason


# what may be concluded


def omega(found: Report, value: float) -> Report:
    result = Figure(value, value - 0.1, value + 0.1, 200, "omega")
    scales = {
        code: replace(one, omega_total=result) for code, one in found.scales.items()
    }
    return replace(found, scales=scales)


def gate(verdict: str) -> Gate:
    return Gate(verdict, say("release_may_compare"))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "rate", "verdict", "code"),
    [
        (0.699, 0.2, "comparable", "release_careful_loose"),
        (0.70, 0.499, "comparable", "release_careful_rate"),
        (0.70, 0.50, "comparable", "release_may_compare"),
        (0.70, None, "comparable", "release_may_compare"),
        (0.70, 0.50, "partly", "release_careful_partly"),
        (0.70, 0.50, "not comparable", "release_careful_apart"),
        (0.70, 0.50, "not testable", "release_careful_untestable"),
        (0.70, 0.50, None, "release_may_whole"),
    ],
)
def test_the_strictest_limit_is_said(
    sample: Report, value: float, rate: float | None, verdict: str | None, code: str
) -> None:
    found = omega(sample, value)
    one = careful_reading(
        [level("CARE", 4.0)], found, rate, None if verdict is None else gate(verdict)
    )
    assert one.sentences[0].code == code


def test_without_a_score_nothing_may_be_concluded() -> None:
    read = careful_reading([], None, 0.9, gate("comparable"))
    assert read.sentences[0].code == "release_careful_nothing"


@pytest.mark.parametrize(
    ("share", "words"), [(0.4999, "49%"), (0.5, "50%"), (0.494, "49%"), (0.791, "79%")]
)
def test_a_rate_below_the_mark_is_never_written_as_the_mark(
    share: float, words: str
) -> None:
    assert percent(share).zh_hans == words


# the section


def test_the_three_sentences_change_with_the_result() -> None:
    first = glance_section(parts(), "en").readings
    same = {"CARE": score(5.0, 0.3), "SKILL": score(5.1, 0.3), "LOY": score(5.0)}
    other = segments_part((everyone(scores=same, rate=0.4),), gates={})
    second = glance_section(parts(other), "en").readings
    assert len(first) == len(second) == 3
    assert first[0].text != second[0].text
    assert first[2].text != second[2].text


def test_no_sentence_names_a_group_where_the_gate_forbids_it() -> None:
    for language in ("en", "zh-hans"):
        said = " ".join(one.text for one in glance_section(parts(), language).readings)
        for name in ("Sales", "Platform", "销售", "平台"):
            assert name not in said


def test_a_release_without_scores_says_so() -> None:
    nothing = {code: hidden() for code in ("CARE", "SKILL", "LOY")}
    part = segments_part((everyone(scores=nothing, answered=None, rate=None),))
    section = glance_section(parts(part), "en")
    assert section.index is None
    assert "may be shown" in section.index_missing
    assert section.participation is not None
    assert section.participation.value == "not shown"
    assert section.figures == ()


def test_an_open_link_has_no_rate() -> None:
    part = segments_part((everyone(invited=None, rate=None),))
    section = glance_section(parts(part, mode="open"), "en")
    assert section.participation is not None
    assert section.participation.below == "nobody was invited by name"


@pytest.mark.parametrize(
    ("invited", "rate", "words"),
    [(7, None, "fewer than 8 invited: no rate"), (8, 0.75, "75\u00a0% answered")],
)
def test_a_rate_needs_eight_invited(
    invited: int, rate: float | None, words: str
) -> None:
    part = segments_part((everyone(invited=invited, rate=rate),))
    section = glance_section(parts(part), "en")
    assert section.participation is not None
    assert section.participation.below == words


# the list of sentences


@pytest.mark.parametrize("code", [*CONDITIONS, *GROUP_CONDITIONS])
def test_every_condition_belongs_to_a_sentence(code: str) -> None:
    assert code in SENTENCES


@pytest.mark.parametrize(
    "code",
    [
        code
        for code in GLANCE_RELEASE
        if code.split("_")[1] in {"level", "change", "careful", "may"}
    ],
)
def test_every_sentence_has_its_condition(code: str) -> None:
    assert CONDITIONS[code]
    fields = [name for _, name, _, _ in Formatter().parse(GLANCE_RELEASE[code][0])]
    assert fields


def test_the_numbers_of_the_conditions_are_the_thresholds() -> None:
    assert f"{thresholds.RESEARCH:.2f}" in CONDITIONS["release_careful_loose"]
    assert "50%" in CONDITIONS["release_careful_rate"]
