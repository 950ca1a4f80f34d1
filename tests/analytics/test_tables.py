from dataclasses import replace

import pytest

from analytics.method_table import MethodTable
from analytics.results import Absent, Figure, Report
from analytics.sentences import say
from analytics.tables import NOTHING, Cell, Table, Tables
from analytics.terminal import WIDTH, display_width, report_as_text
from tests.analytics.samples import answers, plan, report


@pytest.fixture(scope="module")
def sample() -> Report:
    return report()


def column(table: Table, label: str) -> list[str]:
    at = [one.label for one in table.columns].index(label)
    return [row[at].text for row in table.rows]


def test_every_row_has_a_cell_for_every_column(sample: Report) -> None:
    for language in ("en", "zh-hans"):
        tables = Tables(sample, language, 2)
        for table in (
            tables.levels(),
            tables.reliability(),
            tables.items(),
            tables.eigenvalues(),
            tables.loadings(),
            tables.factor_correlations(),
            tables.separability(),
            tables.loyalty("LOY"),
            MethodTable(sample, language, 2).methods(),
        ):
            assert table is not None
            assert table.rows
            assert {len(row) for row in table.rows} == {len(table.columns)}


def test_a_number_that_is_not_there_is_a_dash_with_its_reason(sample: Report) -> None:
    care = replace(sample.scales["CARE"], omega_total=Absent(say("one_item")))
    spoilt = replace(sample, scales={**sample.scales, "CARE": care})
    table = Tables(spoilt, "en", 2).reliability()
    assert column(table, "Omega")[0] == NOTHING
    assert table.notes == ("Care: " + say("one_item").text("en"),)


def test_loadings_of_the_guide_and_low_communalities_are_marked(sample: Report) -> None:
    rows = {"CARE1": (0.40, -0.41), "CARE2": (0.39, 0.1)}
    factors = replace(
        sample.factors, loadings=rows, communalities={"CARE1": 0.30, "CARE2": 0.29}
    )
    table = Tables(replace(sample, factors=factors), "en", 2).loadings()
    assert table is not None
    tones = [[cell.tone for cell in row[1:]] for row in table.rows]
    assert tones == [["good", "good", None], [None, None, "watch"]]


def test_the_closest_relation_stands_first(sample: Report) -> None:
    table = Tables(sample, "en", 4).loyalty("LOY")
    sizes = [abs(float(text)) for text in column(table, "r")]
    assert sizes == sorted(sizes, reverse=True)


def test_negative_zero_is_zero(sample: Report) -> None:
    one = replace(sample, htmt={"CARE~~SKILL": -0.0001})
    table = Tables(one, "en", 2).separability()
    assert table is not None
    assert table.rows[0][1] == Cell("0.00")


def test_items_carry_their_text_in_the_language(sample: Report) -> None:
    assert Tables(sample, "zh-hans", 2).items().rows[0][0].text == "CARE1 题目 1"


def test_settings_name_filter_groups_software_and_digest(sample: Report) -> None:
    settings = replace(sample.settings, where={"c": ("a", "b")}, groups=("team",))
    one = replace(
        sample, settings=settings, software={"numpy": "2.4"}, input_sha256="ab12"
    )
    rows = MethodTable(one, "en", 2).methods().rows
    said = {row[0].text: row[1].text for row in rows}
    assert said["Filter"] == "c: a, b"
    assert said["Groups"] == "team"
    assert said["Software"] == "numpy 2.4"
    assert said["SHA-256 of the data"] == "ab12"


def test_chinese_characters_take_two_columns() -> None:
    assert display_width("ab信任") == 6


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_text_holds_every_part(sample: Report, language: str) -> None:
    text = report_as_text(sample, language)
    assert sample.title.in_language(language) in text
    for part in ("KMO", "CARE1", "HTMT", "E0"):
        assert part in text
    alpha = sample.scales["CARE"].alpha.raw
    assert isinstance(alpha, Figure)
    assert f"{alpha.estimate:.4f}" in text


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_sentences_are_broken_before_the_edge(sample: Report, language: str) -> None:
    lines = report_as_text(sample, language).splitlines()
    start = next(i for i, line in enumerate(lines) if line in ("At a glance", "概览"))
    for line in lines[start : start + 12]:
        assert display_width(line) <= WIDTH


def test_columns_of_numbers_end_at_the_same_place_in_chinese(sample: Report) -> None:
    lines = report_as_text(sample, "zh-hans").splitlines()
    start = next(i for i, line in enumerate(lines) if line == "各信任维度")
    rows = lines[start + 2 : start + 6]
    assert len({display_width(row) for row in rows}) == 1


def test_a_report_without_factors_is_still_text() -> None:
    text = report_as_text(report(raw=answers(plan(), 1)), "en")
    assert "There is one respondent" in text
    assert "needs the answers of at least" in text
