"""Intervals are labelled where simulated ones held too seldom, and nowhere else."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from analytics import thresholds
from analytics.approximate_intervals import (
    RELIABILITY,
    Shape,
    composite_notes,
    labelled,
    of_composites,
    of_loadings,
    of_reliability,
    of_standardized,
    reliability_notes,
)
from analytics.charts import reliability_chart
from analytics.factor_tables import FactorTables
from analytics.files.document import Words, chapter_of
from analytics.own_model_tables import OwnModelTables
from analytics.page import context, statistics
from analytics.plan import AnalysisPlan, ModelFile
from analytics.psychometrics import ItemDescription, ResponseMatrix, describe
from analytics.report import build_report
from analytics.results import Absent, Figure, Report
from analytics.sentences import Sentence, say
from analytics.standalone import standalone_page
from analytics.tables import Tables
from analytics.terminal import report_as_text, report_in_brief
from tests.analytics.samples import CARE, LOYALTY, SKILL, matrix, plan, scale
from tests.simulation import published
from tests.simulation.coverage import Key, generator
from tests.simulation.populations import Named
from tests.simulation.test_coverage import PEOPLE, RUNS

NAMED = {named.name: named for _, named in RUNS}
# coefficient -> how the sentence names its figure
SAID = {
    "alpha": "alpha",
    "standardized alpha": "alpha",
    "omega": "omega",
    "loadings": "achieved",
    "composite reliability": "composite",
    "AVE": "ave",
}
HELD = {key for key in published.COVERAGE if key[0].split(", ")[0] in SAID}
BELOW, HEAVY = 1e-9, thresholds.HEAVY_TAILS


def item(skew: float | None) -> ItemDescription:
    return ItemDescription("A", 9, 0, 3.0, 1.0, skew, 2.0, 0.1, 0.1, (3, 3, 3))


def shape_of(named: Named, n: int, rng: np.random.Generator) -> Shape:
    drawn = named.draw(n, rng)
    if isinstance(drawn, ResponseMatrix):
        return Shape.of(describe(drawn))
    z = (drawn - drawn.mean(axis=0)) / drawn.std(axis=0, ddof=1)
    skew = np.abs((z**3).mean(axis=0)).mean()
    return Shape(float(skew), float((z**4).mean() - 3))


def label_of(coefficient: str, n: int, shape: Shape) -> Sentence | None:
    if coefficient == "standardized alpha":
        return of_standardized(n, shape)
    name, _, estimator = coefficient.partition(", ")
    if name == "loadings":
        return of_loadings(estimator, n, shape)
    return of_composites(estimator, shape) if estimator else of_reliability(n, shape)


def samples(key: Key) -> Iterator[Sentence | None]:
    """What is said of the first samples that the simulation itself draws."""
    coefficient, population, n = key
    for rng in generator(NAMED[population], n, 0).spawn(3):
        yield label_of(coefficient, n, shape_of(NAMED[population], n, rng))


@pytest.mark.parametrize("key", sorted(HELD), ids=str)
def test_every_published_exception_is_labelled_with_its_figure(key: Key) -> None:
    for said in samples(key):
        assert said is not None
        told = said.params[SAID[key[0].split(", ")[0]]]
        assert isinstance(told, float)
        # of alpha and omega the very figure; of others one for all that are alike
        near = 1e-9 if key[0] in ("alpha", "omega") else 100 * published.POINTS
        assert told == pytest.approx(100 * published.COVERAGE[key], abs=near)


def nominal() -> Iterator[Key]:
    simulated = {
        (coefficient, named.name)
        for run, named in RUNS
        for coefficient in coefficients(run)
    }
    for coefficient, population in sorted(simulated):
        for n in PEOPLE:
            if (coefficient, population, n) not in published.COVERAGE:
                yield coefficient, population, n


def coefficients(run: Any) -> tuple[str, ...]:
    """What a run of the simulation is about, of what can be labelled."""
    if run.__name__ == "reliability":
        return "alpha", "omega", "standardized alpha"
    if run.__name__ != "run":
        return ()
    estimator = run.__closure__[0].cell_contents
    if run.__qualname__.startswith("model_reliability"):
        return f"composite reliability, {estimator}", f"AVE, {estimator}"
    return (f"loadings, {estimator}",)


@pytest.mark.parametrize("key", list(nominal()), ids=str)
def test_no_interval_that_held_is_labelled(key: Key) -> None:
    assert list(samples(key)) == [None, None, None]


def test_there_are_both_kinds() -> None:
    assert len(HELD) > 10
    assert len(list(nominal())) > 20


@pytest.mark.parametrize(
    ("n", "skew", "alpha"),
    [
        (thresholds.SKEWED_N, thresholds.SKEWED - BELOW, None),
        (thresholds.SKEWED_N - 1, thresholds.SKEWED, None),
        (thresholds.SKEWED_N, thresholds.SKEWED, 93.3),
        (thresholds.SKEWED_N - 1, thresholds.MORE_SKEWED - BELOW, None),
        (2, thresholds.MORE_SKEWED, 92.3),
        (thresholds.SKEWED_N, thresholds.MORE_SKEWED - BELOW, 93.3),
        (thresholds.SKEWED_N - 1, thresholds.MORE_SKEWED + BELOW, 92.3),
        (thresholds.SKEWED_N, thresholds.MORE_SKEWED, 91.5),
        (thresholds.SKEWED_N, thresholds.STRONGLY_SKEWED - BELOW, 91.5),
        (thresholds.SKEWED_N, thresholds.STRONGLY_SKEWED, 89.1),
        (thresholds.SKEWED_N - 1, thresholds.STRONGLY_SKEWED, 90.3),
        (thresholds.SKEWED_N - 1, thresholds.MOST_SKEWED, RELIABILITY[-2].alpha),
        (thresholds.SKEWED_N, thresholds.MOST_SKEWED, RELIABILITY[-1].alpha),
        (thresholds.SKEWED_N, 5.0, RELIABILITY[-1].alpha),
    ],
)
def test_marks_of_alpha_and_omega(n: int, skew: float, alpha: float | None) -> None:
    said = of_reliability(n, Shape(skew, 0.0))
    assert (said and said.params["alpha"]) == alpha
    strongly = skew >= thresholds.MORE_SKEWED
    assert of_standardized(n, Shape(skew, 0.0)) == (said if strongly else None)


def test_more_skew_is_never_said_to_hold_more_often() -> None:
    for n in (100, 1_000):
        told = [of_reliability(n, Shape(skew, 0.0)) for skew in (0.95, 1.35, 1.75)]
        for name in ("alpha", "omega"):
            shares = [float(str(one.params[name])) for one in told if one]
            assert len(shares) == 3
            assert shares == sorted(shares, reverse=True)
            assert max(shares) < 100 * (0.95 - published.POINTS)


@pytest.mark.parametrize(
    ("estimator", "n", "kurtosis", "code"),
    [
        ("WLSMV", thresholds.ORDERED_N - 1, -1.0, "approximate_loadings_ordered"),
        ("WLSMV", thresholds.ORDERED_N, 4.0, None),
        *(
            (estimator, thresholds.ROBUST_N - 1, HEAVY, "approximate_loadings_robust")
            for estimator in ("MLMV", "MLR", "FIML")
        ),
        ("MLR", thresholds.ROBUST_N - 1, HEAVY - BELOW, None),
        ("MLR", thresholds.ROBUST_N, 9.0, None),
        ("ML", thresholds.ROBUST_N - 1, HEAVY, None),
    ],
)
def test_marks_of_loadings(
    estimator: str, n: int, kurtosis: float, code: str | None
) -> None:
    said = of_loadings(estimator, n, Shape(0.0, kurtosis))
    assert (said and said.code) == code


def test_loadings_that_take_answers_as_normal() -> None:
    said = of_loadings("ML", 5_000, Shape(thresholds.MORE_SKEWED, 0.0))
    assert said is not None
    assert said.code == "approximate_loadings_normal"
    assert of_loadings("ML", 50, Shape(thresholds.MORE_SKEWED - BELOW, 9.0)) is None


def test_the_shape_is_the_mean_size_of_the_skew() -> None:
    found = Shape.of([item(-0.4), item(0.8), item(None)])
    assert found.skew == pytest.approx(0.6)
    assert found.kurtosis == 2.0
    assert Shape.of([item(None)]) == Shape.of([]) == Shape(0.0, 0.0)


def test_what_has_no_interval_is_not_labelled() -> None:
    said = of_reliability(900, Shape(1.0, 0.0))
    absent, bare = Absent(say("one_item")), Figure(0.8, None, None, 9, "m")
    assert labelled(absent, said) == absent
    assert labelled(bare, said) == bare
    assert labelled(replace(bare, low=0.7, high=0.9), said) == Figure(
        0.8, 0.7, 0.9, 9, "m", said
    )


def asked(**settings: Any) -> AnalysisPlan:
    scales = (scale("CARE", CARE, high=5), scale("SKILL", SKILL, high=5))
    return plan(
        scales=scales,
        outcomes=(scale("LOY", LOYALTY, 3, high=5, group="outcome"),),
        **settings,
    )


def raw(n: int, *cuts: tuple[float, ...]) -> Any:
    """Answers on five points, cut at the same places in all items of one scale."""
    rng = np.random.default_rng(4)
    common = rng.standard_normal(n)
    columns = []
    for items, edges in zip((4, 4, 3), cuts, strict=True):
        own = 0.6 * common + 0.8 * rng.standard_normal(n)
        for _ in range(items):
            value = 0.75 * own + 0.66 * rng.standard_normal(n)
            columns.append(1 + np.searchsorted(edges, value))
    return np.array(columns, dtype=np.int64).T


EVEN = (-1.6, -0.5, 0.5, 1.6)
TOP = (-1.75, -1.28, -0.7, 0.1)


@pytest.fixture(scope="module")
def skewed() -> Report:
    """CARE lies at the top; SKILL and LOY in the middle."""
    described = asked(estimator="ML")
    return build_report(matrix(raw(600, TOP, EVEN, EVEN), described), described)


def test_the_report_holds_it_beside_the_interval(skewed: Report) -> None:
    text = json.dumps(skewed.to_json(), allow_nan=False)
    stored = json.loads(text)
    said = stored["scales"]["CARE"]["alpha"]["raw"]["approximate"]
    assert said["code"] == "approximate_reliability"
    assert "95\u00a0% held alpha in 92.3\u00a0%" in said["text"]
    assert stored["scales"]["CARE"]["omega_total"]["approximate"] == said
    assert stored["scales"]["SKILL"]["alpha"]["raw"]["approximate"] is None
    assert Report.from_json(stored) == skewed


def test_a_report_stored_before_is_shown_without(skewed: Report) -> None:
    def before(value: Any) -> Any:
        if isinstance(value, dict):
            return {k: before(v) for k, v in value.items() if k != "approximate"}
        return [before(one) for one in value] if isinstance(value, list) else value

    old = Report.from_json(before(json.loads(json.dumps(skewed.to_json()))))
    assert reliability_notes(old) == ()
    shown = standalone_page(old, "en")
    assert "≈" not in shown
    assert "Care" in shown


@pytest.mark.parametrize(
    ("language", "name", "words"),
    [
        ("en", "Care: The intervals of alpha and omega are approximate", "92.3\u00a0%"),
        ("zh-hans", "关怀：alpha 和 omega 的区间是近似的", "92.3%"),
    ],
)
def test_every_face_marks_and_says_it(
    skewed: Report, language: str, name: str, words: str
) -> None:
    page = context(skewed, language)["page"]
    (said,) = page.reliability_approximate
    assert said.startswith(name)
    assert words in said
    for face in (
        standalone_page(skewed, language),
        report_as_text(skewed, language).replace("\n    ", " ").replace("\n  ", " "),
        report_in_brief(skewed, language),
    ):
        assert face.count("≈") >= 3  # two intervals and the sentence
    chapter = chapter_of("k", "t", statistics(skewed, language))
    assert Words(said) in chapter.blocks


def test_only_intervals_of_that_scale_are_marked(skewed: Report) -> None:
    rows = Tables(skewed, "en", 2).reliability().rows
    marked = {row[0].text: [k for k, c in enumerate(row) if c.spoken] for row in rows}
    assert marked == {"Care": [3, 5], "Skill": [], "Loyalty": []}
    cell = rows[0][3]
    assert cell.text.startswith("≈\u00a0")
    assert cell.spoken == f"{cell.text[2:]} (approximate interval)"
    html = standalone_page(skewed, "en")
    assert f'<span aria-hidden="true">{cell.text}</span>' in html
    assert f'<span class="visually-hidden">{cell.spoken}</span>' in html


def test_the_chart_says_it_in_words(skewed: Report) -> None:
    chart = reliability_chart(skewed, "en")
    assert chart is not None
    assert chart.description.count("approximately") == 1
    assert "approximately" not in chart.description.split("Skill")[1]


def test_scales_are_named_only_where_others_hold(skewed: Report) -> None:
    assert [one.code for one in reliability_notes(skewed)] == ["approximate_of"]
    alone = replace(skewed, scales={"CARE": skewed.scales["CARE"]}, outcomes={})
    assert [one.code for one in reliability_notes(alone)] == ["approximate_reliability"]


def test_a_model_of_one_s_own_marks_its_loadings() -> None:
    text = "care =~ CARE1 + CARE2 + CARE3 + CARE4\nskill =~ SKILL1 + SKILL2 + SKILL3"
    described = asked(estimator="WLSMV", own_model=ModelFile("m.txt", text))
    found = build_report(matrix(raw(200, TOP, EVEN, EVEN), described), described)
    assert found.model is not None
    assert found.model.approximate is not None
    table = OwnModelTables(found, "en", 2).parameters()
    assert table is not None
    assert table.notes == (found.model.approximate.text("en"),)
    for row in table.rows:
        is_marked = any(cell.spoken for cell in row)
        free = " =~ " in row[0].text and row[2].text != "1.00"
        assert is_marked == free, row[0].text


def test_composites_are_marked_where_answers_are_taken_as_normal(
    skewed: Report,
) -> None:
    said = of_composites("ML", Shape(thresholds.MORE_SKEWED, 0.0))
    assert said is not None
    assert of_composites("ML", Shape(thresholds.MORE_SKEWED - BELOW, 0.0)) is None
    assert of_composites("MLMV", Shape(3.0, 0.0)) is None
    table = FactorTables(skewed, "en", 2).composites()
    assert table is not None
    assert [one.text("en") for one in composite_notes(skewed)] == list(table.notes)
    marked = {row[0].text: sum(bool(c.spoken) for c in row) for row in table.rows}
    assert marked == {"Care": 2, "Skill": 0, "Loyalty": 0}
