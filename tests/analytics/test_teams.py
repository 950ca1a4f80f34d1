import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from analytics import page, team_tables
from analytics.datafile import read_answers
from analytics.plan import AnalysisPlan, PlanGroup
from analytics.report import build_report
from analytics.results import Absent, Figure, Report, TeamResult, TeamTest
from analytics.specification import read_specification
from analytics.standalone import standalone_page
from analytics.terminal import report_as_text
from tests.analytics.samples import CARE, answers, matrix, plan, report, scale, write

UNITS = """
points: [1, 5]
scales:
  LEAD: {items: [AF06, AF07, AP12, AP17, AP33, AP34, AS14, AS15, AS16, AS17, AS28]}
groups: [{column: GRP, team: true}]
"""


def teams_of(n: int, size: int = 6) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    return (np.arange(n) // size).astype(np.int32)


def study(asked: AnalysisPlan | None = None, *, alike: bool = True) -> Report:
    """Fifty teams of six whose members answer alike, or as strangers do."""
    asked = asked or plan()
    raw = answers(asked, 300)
    if alike:
        # everybody answers as the first of the team, but for one item of one member
        raw = raw[teams_of(300) * 6]
        raw[np.arange(0, 300, 6), 0] = 4
        raw[:, 1] = np.clip(raw[:, 1] + np.arange(300) % 2, 1, 7)
        raw[:, 5] = np.clip(raw[:, 5] + np.arange(300) % 2, 1, 7)
        raw[:, 8] = np.clip(raw[:, 8] + np.arange(300) % 2, 1, 7)
    return build_report(matrix(raw, asked), asked, teams={"team": teams_of(300)})


@pytest.fixture(scope="module")
def alike() -> Report:
    return study()


def chip(found: TeamResult) -> str:
    return team_tables.reading(found).chip.code


def test_units_of_a_published_study(shared_data: Path, tmp_path: Path) -> None:
    asked = read_specification(write(tmp_path / "spec.yaml", UNITS))
    data = read_answers(shared_data / "bhr2000.csv", replace(asked, n_draws=20))
    found = build_report(data.responses, asked, teams=data.teams)
    unit = found.aggregation["GRP"]["LEAD"]
    alpha = found.scales["LEAD"].alpha.raw
    assert isinstance(alpha, Figure)
    assert isinstance(unit.icc1, Figure)
    assert isinstance(unit.rwg_j, Figure)
    assert unit.n_teams == 99
    assert round(alpha.estimate, 4) == 0.8913
    assert round(unit.icc1.estimate, 4) == 0.1357
    assert round(unit.rwg_j.estimate, 3) == 0.888
    assert "uniform null distribution" in unit.rwg_j.method
    assert unit.test is not None
    assert (unit.test.df_between, unit.test.df_within) == (98, 5301)
    assert chip(unit) == "chip_team_partly"


def test_the_contract_of_aggregation(alike: Report) -> None:
    stored = json.loads(json.dumps(alike.to_json(), allow_nan=False))
    assert list(stored["aggregation"]) == ["team"]
    assert list(stored["aggregation"]["team"]) == ["CARE", "SKILL", "LOY"]
    one = stored["aggregation"]["team"]["CARE"]
    assert {"icc1", "icc2", "rwg_j"} <= set(one)
    assert set(one["icc1"]) == {"estimate", "low", "high", "n", "method", "approximate"}
    assert Report.from_json(stored) == alike
    del stored["aggregation"]
    assert Report.from_json(stored).aggregation == {}


def test_members_who_answer_alike_speak_with_one_voice(alike: Report) -> None:
    for one in alike.aggregation["team"].values():
        assert chip(one) == "chip_team_one"
        assert isinstance(one.icc1, Figure)
        assert one.icc1.estimate > 0.8


def test_strangers_do_not() -> None:
    for one in study(alike=False).aggregation["team"].values():
        assert chip(one) == "chip_team_open"


@pytest.mark.parametrize(
    ("even", "skewed", "p", "code"),
    [
        (0.70, 0.70, 0.049, "chip_team_one"),
        (0.70, 0.69, 0.049, "chip_team_partly"),
        (0.70, None, 0.049, "chip_team_partly"),
        (0.69, 0.69, 0.049, "chip_team_open"),
        (0.90, 0.90, 0.051, "chip_team_open"),
    ],
)
def test_teams_are_read_by_the_guides(
    alike: Report, even: float, skewed: float | None, p: float, code: str
) -> None:
    one = alike.aggregation["team"]["CARE"]
    assert isinstance(one.rwg_j, Figure)
    assert isinstance(one.rwg_j_skewed, Figure)
    absent = Absent(report(raw=answers(plan(), 1)).loyalty["LOY"]["CARE"].reasons["r"])
    given = replace(
        one,
        rwg_j=replace(one.rwg_j, estimate=even),
        rwg_j_skewed=(
            absent if skewed is None else replace(one.rwg_j_skewed, estimate=skewed)
        ),
        test=TeamTest(2.0, 49, 250, p),
    )
    assert chip(given) == code


def test_rows_without_a_team_are_left_out(alike: Report) -> None:
    asked = plan()
    raw = answers(asked, 300)
    teams = teams_of(300)
    some = teams.copy()
    some[200:] = -1
    part = build_report(matrix(raw, asked), asked, teams={"team": some})
    alone = build_report(
        matrix(raw[:200], asked), asked, teams={"team": teams[:200].copy()}
    )
    assert part.aggregation == alone.aggregation
    assert alike.aggregation["team"]["CARE"].n_teams == 50
    assert part.aggregation["team"]["CARE"].n_teams == 34


def test_listwise_takes_teams_of_the_people_who_stay() -> None:
    asked = plan(missing="listwise")
    raw = answers(asked, 300)
    raw[:30, 0] = -1
    found = build_report(matrix(raw, asked), asked, teams={"team": teams_of(300)})
    left = build_report(
        matrix(raw[30:], asked), asked, teams={"team": teams_of(300)[30:]}
    )
    assert found.aggregation == left.aggregation


@pytest.mark.parametrize("teams", [[-1] * 300, [0] * 300])
def test_fewer_than_two_teams_are_a_sentence(teams: list[int]) -> None:
    asked = plan()
    given = {"team": np.array(teams, dtype=np.int32)}
    found = build_report(matrix(answers(asked), asked), asked, teams=given)
    one = found.aggregation["team"]["CARE"]
    assert isinstance(one.icc1, Absent)
    assert isinstance(one.rwg_j, Absent)
    assert chip(one) == "chip_no_number"
    assert "at least 2 teams; there are" in report_as_text(found, "en")


def test_teams_of_one_are_a_sentence() -> None:
    asked = plan()
    given = {"team": np.arange(300, dtype=np.int32)}
    found = build_report(matrix(answers(asked), asked), asked, teams=given)
    one = found.aggregation["team"]["CARE"]
    assert isinstance(one.icc1, Absent)
    assert one.icc1.reason.code == "groups-of-one"
    assert Report.from_json(found.to_json()) == found


def test_parts_of_a_whole_need_not_agree() -> None:
    asked = plan(scales=(scale("CARE", CARE, model="formative"),))
    raw = answers(asked, 300)
    found = build_report(matrix(raw, asked), asked, teams={"team": teams_of(300)})
    one = found.aggregation["team"]["CARE"]
    assert isinstance(one.rwg_j, Absent)
    assert one.rwg_j.reason.code == "team_formative"
    assert isinstance(one.icc1, Figure)


def test_every_row_needs_a_team() -> None:
    asked = plan()
    with pytest.raises(ValueError, match="300 rows need as many teams, not 5"):
        build_report(matrix(answers(asked), asked), asked, teams={"team": teams_of(5)})


@pytest.mark.parametrize(
    ("language", "title", "word"),
    [
        ("en", "Do teams agree?", "One voice"),
        ("zh-hans", "团队内部看法是否一致？", "看法一致"),
    ],
)
def test_page_file_and_terminal_have_a_section(
    alike: Report, language: str, title: str, word: str
) -> None:
    html = standalone_page(alike, language)
    assert f'id="teams-title">{title}<' in html
    assert 'href="#teams"' in html
    assert word in html
    assert word in report_as_text(alike, language)
    table = page.context(alike, language)["page"].teams[0]
    assert {len(row.cells) for row in table.rows} == {len(table.columns) - 1}


def test_without_teams_there_is_no_section() -> None:
    found = report()
    assert found.aggregation == {}
    assert 'id="teams"' not in standalone_page(found, "en")
    assert "ICC" not in report_as_text(found, "en")


def test_teams_of_a_file_are_numbers_and_only_where_asked(tmp_path: Path) -> None:
    text = "CARE1,unit,site\n1, A ,x\n2,B,x\n3,,y\n4,A,y\n5,NA,y\n"
    asked = AnalysisPlan(
        title=CARE,
        scales=(scale("CARE", CARE, 1),),
        groups=(PlanGroup("unit", team=True), PlanGroup("site")),
        where={"site": ("x", "y")},
    )
    path = write(tmp_path / "d.csv", text)
    found = read_answers(path, asked).teams
    assert {name: one.tolist() for name, one in found.items()} == {
        "unit": [0, 1, -1, 0, -1]
    }
    kept = read_answers(path, replace(asked, where={"site": ("y",)}))
    assert kept.teams["unit"].tolist() == [-1, 0, -1]
    assert read_answers(path, replace(asked, groups=())).teams == {}
