"""What page, file and terminal say of graded responses, around each mark."""

import json
import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from django.template.loader import render_to_string

from analytics import drawing, page, terminal, thresholds
from analytics.invariance import GroupColumn
from analytics.item_response_chart import information_chart
from analytics.item_response_readings import (
    dif_guide,
    dif_reading,
    head,
    response_reading,
)
from analytics.item_response_results import (
    Dependence,
    DifResult,
    DifTest,
    GradedItemResult,
    ItemDifResult,
    ItemFitResult,
    ItemResponse,
    LogOdds,
    Precision,
)
from analytics.item_response_tables import ItemResponseTables
from analytics.method_table import MethodTable
from analytics.readings import Reading
from analytics.report import build_report
from analytics.results import Report
from analytics.sentences import say
from analytics.standalone import standalone_page
from tests.analytics.samples import CARE, plan, scale
from tests.psychometrics.irt_cases import drawn, planted

FIT = ItemFitResult(20.0, 15, 0.4, 0.8, 0.02, 500, None)


@pytest.fixture(scope="module")
def made() -> Report:
    """Six items of four points, 800 people in two groups, one item harder in one."""
    rng = np.random.default_rng(4)
    data = drawn(rng, 800, planted(rng, 6, 4))
    numbers = np.arange(800, dtype=np.int32) % 2
    codes = data.codes.copy()
    harder = (numbers == 1) & (rng.random(800) < 0.8)
    codes[harder, 2] = np.maximum(codes[harder, 2] - 1, 0)
    asked = plan(
        scales=(scale("t", CARE, 6, low=1, high=4),),
        outcomes=(),
        item_response=True,
        n_draws=5,
        n_resamples=20,
    )
    columns = {"site": GroupColumn(("north", "south"), numbers)}
    return build_report(replace(data, codes=codes), asked, groups=columns)


@pytest.fixture(scope="module")
def found(made: Report) -> ItemResponse:
    response = made.scales["t"].item_response
    assert response is not None
    return response


def with_fits(found: ItemResponse, *fits: ItemFitResult) -> ItemResponse:
    """A response with as many items as there are fits, and nothing else odd."""
    one = next(iter(found.items.values()))
    items: dict[str, GradedItemResult] = {
        f"t{k}": replace(one, fit=fit) for k, fit in enumerate(fits, 1)
    }
    return replace(found, items=items, dependence=(), notices=())


def codes(read: Reading) -> list[str]:
    return [sentence.code for sentence in read.sentences]


# ---- readings of a scale


def test_no_place_is_written_as_less_than_zero(found: ItemResponse) -> None:
    place = Precision(-0.04, 0.3, -0.02, 0.03, 0.02)
    read = response_reading(replace(found, precision=place))
    said = " ".join(one.text("en") for one in read.sentences[:2])
    assert "at 0.0 (standard error 0.30)" in said
    assert "From 0.0 to 0.0" in said


@pytest.mark.parametrize(
    ("best", "code"),
    [
        (-0.5, "irt_best_low"),
        (-0.49, "irt_best_middle"),
        (0.0, "irt_best_middle"),
        (0.49, "irt_best_middle"),
        (0.5, "irt_best_high"),
    ],
)
def test_where_a_scale_measures_best(
    found: ItemResponse, best: float, code: str
) -> None:
    place = Precision(best, 0.3, -1.0, 1.0, 0.68)
    read = response_reading(replace(found, precision=place))
    assert codes(read)[:2] == [code, "irt_precise"]


def test_nowhere_precise_is_said(found: ItemResponse) -> None:
    place = Precision(0.0, 0.7, None, None, None)
    read = response_reading(replace(found, precision=place))
    assert codes(read)[1] == "irt_imprecise"


@pytest.mark.parametrize(
    ("p", "rmsea", "chip", "code"),
    [
        (0.05, 0.20, "chip_irt_fits", "irt_fits"),
        (0.049, 0.0601, "chip_irt_departs", "irt_misfit"),
        (0.049, 0.06, "chip_irt_fits", "irt_small_misfit"),
    ],
)
def test_a_departure_counts_by_its_size(
    found: ItemResponse, p: float, rmsea: float, chip: str, code: str
) -> None:
    odd = replace(FIT, p_holm=p, rmsea=rmsea)
    read = response_reading(with_fits(found, odd, FIT, FIT))
    assert (read.chip.code, codes(read)[-1]) == (chip, code)


@pytest.mark.parametrize(("above", "chip"), [(0.199, "fits"), (0.2, "departs")])
def test_pairs_count_from_the_mark_on(
    found: ItemResponse, above: float, chip: str
) -> None:
    pair = Dependence("t1", "t2", 0.1, above)
    held = replace(with_fits(found, FIT, FIT, FIT), dependence=(pair,))
    read = response_reading(held)
    assert read.chip.code == f"chip_irt_{chip}"
    said = " ".join(one.text("en") for one in read.sentences)
    assert ("t1 and t2 share more" in said) is (chip == "departs")


def test_without_tests_nothing_is_said_to_fit(found: ItemResponse) -> None:
    none = ItemFitResult(
        None, None, None, None, None, 3, say("irt_few", needs=2, has=1)
    )
    read = response_reading(with_fits(found, none, none, none))
    assert read.chip.code == "chip_not_testable"
    assert codes(read)[-1] == "irt_no_fit"


def test_a_reason_stands_in_the_place_of_everything(made: Report) -> None:
    why = say("irt_few", needs=thresholds.GRADED_N, has=12)
    none = ItemResponse(
        *(12, None, None, None, None, None, {}, None, (), None, None, (), why)
    )
    read = response_reading(none)
    assert (read.chip.code, read.sentences) == ("chip_no_number", (why,))
    short = replace(made, scales={"t": replace(made.scales["t"], item_response=none)})
    html = body(short, "en")
    assert "at least 200 people; there are 12" in html
    assert 'id="chart-information-t"' not in html
    assert "at least 200 people; there are 12" in terminal.report_as_text(short, "en")
    assert head(short) == ()


def test_a_study_without_such_a_scale_says_so(made: Report) -> None:
    bare = replace(made.scales["t"], item_response=None)
    none = replace(made, scales={"t": bare}, groups={})
    assert [one.code for one in head(none)] == ["irt_no_scales"]
    assert "No reflective scale has three items" in body(none, "en")
    unasked = replace(none, settings=replace(none.settings, item_response=False))
    assert head(unasked) == ()
    assert 'id="item-response"' not in body(unasked, "en")
    assert "Where do the scales measure well?" not in terminal.report_as_text(
        unasked, "en"
    )


# ---- readings of items between groups


def dif(*sizes: tuple[Any, float], settled: bool = True, **odds: float) -> DifResult:
    """Items t1, t2, ... with a size and a p; log odds of the second group."""
    ends = {"low": 0.2, "high": 0.9, **odds}
    test = DifTest(9.0, 2, 0.001, 0.04, 0.02)
    items = {
        f"t{k}": ItemDifResult(
            n=400,
            total=test,
            uniform=test,
            nonuniform=test,
            p_holm=p,
            size=size,
            groups={"south": LogOdds(0.5, ends["low"], ends["high"])},
            reason=None,
        )
        for k, (size, p) in enumerate(sizes, 1)
    }
    counts = {"north": 200, "south": 200}
    return DifResult(counts, "theta", items, (), 1, settled, (), None)


@pytest.mark.parametrize(
    ("sizes", "chip", "said"),
    [
        ([("A", 0.2), ("A", 0.05)], "none", ["dif_none"]),
        ([("A", 0.2), ("A", 0.049)], "none", ["dif_none", "dif_negligible"]),
        ([("A", 0.2), ("B", 0.01)], "moderate", ["dif_moderate", "dif_higher"]),
        ([("C", 0.01), ("A", 0.2)], "large", ["dif_large", "dif_higher"]),
        (
            [("C", 0.01), ("B", 0.01)],
            "large",
            ["dif_large", "dif_moderate", "dif_higher"],
        ),
    ],
)
def test_the_chip_goes_by_size_and_never_by_p_alone(
    sizes: Any, chip: str, said: list[str]
) -> None:
    read = dif_reading(dif(*sizes))
    assert read.chip.code == f"chip_dif_{chip}"
    assert codes(read) == said


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0.01, 0.9, "At equal standing south answers higher on t1."),
        (-0.9, -0.01, "At equal standing north answers higher on t1."),
        (0.0, 0.9, ""),
        (-0.9, 0.0, ""),
    ],
)
def test_who_answers_higher_is_said_where_it_is_clear(
    low: float, high: float, words: str
) -> None:
    read = dif_reading(dif(("B", 0.01), low=low, high=high))
    said = [one.text("en") for one in read.sentences if one.code == "dif_higher"]
    assert said == ([words] if words else [])


def test_of_three_groups_nobody_is_said_to_answer_higher() -> None:
    three = replace(dif(("B", 0.01)), n={"a": 300, "north": 300, "south": 300})
    assert "dif_higher" not in codes(dif_reading(three))


def test_what_did_not_settle_is_said() -> None:
    assert "dif_unsettled" in codes(dif_reading(dif(("C", 0.01), settled=False)))
    assert "dif_unsettled" not in codes(dif_reading(dif(("C", 0.01))))


def test_items_without_a_test_say_why_and_do_not_count_as_alike() -> None:
    whole = dif(("A", 0.5))
    why = say("irt_few", needs=2, has=1)
    none = replace(whole.items["t1"], total=None, size=None, p_holm=None, reason=why)
    read = dif_reading(replace(whole, items={"t1": none}))
    assert (read.chip.code, codes(read)) == ("chip_no_number", ["dif_untested"])
    assert read.sentences[0].text("en").startswith("t1 could not be compared: A graded")


@pytest.mark.parametrize(
    ("code", "chip"),
    [("dif_few", "chip_not_testable"), ("irt_few", "chip_no_number")],
)
def test_a_reason_for_all_items(code: str, chip: str) -> None:
    why = say(code, needs=200, has=1)
    none = replace(dif(), items={}, reason=why)
    read = dif_reading(none)
    assert (read.chip.code, read.sentences) == (chip, (why,))
    assert dif_guide([none]) is None


# ---- tables, chart and faces


def body(report: Report, language: str) -> str:
    return render_to_string("analytics/_report.html", page.context(report, language))


def test_tables_hold_every_item_and_point(made: Report, found: ItemResponse) -> None:
    tables = ItemResponseTables(made, "en", 2)
    parameters, cuts = tables.parameters("t"), tables.thresholds("t")
    assert parameters is not None
    assert cuts is not None
    assert [row[0].text for row in parameters.rows] == list(found.items)
    assert [one.label for one in cuts.columns[1:]] == [
        "2 or above", "3 or above", "4 or above",
    ]  # fmt: skip
    item = found.items["t1"]
    value, error = item.thresholds[0], item.threshold_ses[0]
    assert cuts.rows[0][1].text == f"{value:.2f} ({error:.2f})".replace("-", "−")
    behind = tables.information("t")
    assert behind is not None
    assert [row[0].text for row in behind.rows][:3] == ["−3.00", "−2.50", "−2.00"]
    changes = tables.dif("site", "t")
    assert changes is not None
    total = made.groups["site"].dif["t"].items["t3"].total
    assert total is not None
    assert changes.rows[2][4].text == f"{total.nagelkerke:.3f}"
    assert changes.rows[2][5].chip


def test_a_point_that_was_not_used_has_an_empty_cell(
    made: Report, found: ItemResponse
) -> None:
    one = replace(
        found.items["t1"],
        points=(1, 3, 4),
        thresholds=(-1.0, 1.0),
        threshold_ses=(1, 1),
    )
    odd = replace(found, items={**found.items, "t1": one})
    held = replace(made, scales={"t": replace(made.scales["t"], item_response=odd)})
    cuts = ItemResponseTables(held, "en", 2).thresholds("t")
    assert cuts is not None
    assert [cell.text for cell in cuts.rows[0]] == [
        "t1", "–", "−1.00 (1.00)", "1.00 (1.00)",
    ]  # fmt: skip


def test_the_chart_tells_the_standard_error_at_whole_steps(
    made: Report, found: ItemResponse
) -> None:
    chart = information_chart(made, "t", "en")
    assert chart is not None
    assert found.information is not None
    middle = found.information.standard_error[12]
    assert f"at 0 standard error {middle:.2f}" in chart.description
    assert "at −3 standard error" in chart.description
    for spec in (chart.wide, chart.narrow):
        assert spec["description"] == chart.description
        rows = spec["data"]["values"]
        assert sum(row["whole"] for row in rows) == 7
        assert (
            max(row["information"] for row in rows)
            < (spec["layer"][-1]["encoding"]["y"]["scale"]["domain"][1])
        )
    assert not re.search(r"#[0-9a-fA-F]{3,8}\b", json.dumps([chart.wide, chart.narrow]))
    drawn_ = drawing.inline_svg(chart.narrow, pixels=292)
    assert f">{middle:.2f}<" in drawn_
    assert not re.search(r"#[0-9a-fA-F]{3,8}\b", drawn_)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            [
                "Where do the scales measure well?",
                "Samejima 1969",
                "standard error is at most 0.50",
                "Item by item: Care",
                "At equal standing north answers higher on t3.",
            ],
        ),
        (
            "zh-hans",
            [
                "量表在哪里测得准？",
                "Samejima，1969",
                "标准误不超过 0.50",
                "逐题比较：关怀",
                "水平相同时，north 对 t3 的作答更高。",
            ],
        ),
    ],
)
def test_every_face_says_it(made: Report, language: str, words: list[str]) -> None:
    faces = (body(made, language), standalone_page(made, language))
    for face in (*faces, terminal.report_as_text(made, language)):
        # a line may end where a space stood
        text = re.sub(r"\s", "", face)
        for word in words:
            assert word.replace(" ", "") in text, word


def test_the_chinese_section_is_chinese(made: Report) -> None:
    html = body(made, "zh-hans")
    section = html[html.index('<section class="card" id="item-response"') :]
    section = section[: section.index("</section>")]
    text = re.sub(r"<script.*?</script>|<[^>]+>", " ", section, flags=re.S)
    known = "Samejima Holm RMSEA S X EAP Q t p SE n"
    words = set(re.findall(r"[A-Za-z]+", text))
    assert words <= set(known.split()), words - set(known.split())


def test_ids_stay_unique_and_links_find_their_section(made: Report) -> None:
    html = body(made, "en")
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(ids)
    assert '<a href="#item-response">' in html


def test_the_settings_say_how(made: Report) -> None:
    rows = {
        row[0].text: row[1].text for row in MethodTable(made, "en", 2).methods().rows
    }
    assert rows["Single items"].endswith("regression on its score")
    rest = replace(made, settings=replace(made.settings, dif_matching="rest"))
    rows = {
        row[0].text: row[1].text for row in MethodTable(rest, "en", 2).methods().rows
    }
    assert rows["Single items"].endswith("the mean of the other items")
