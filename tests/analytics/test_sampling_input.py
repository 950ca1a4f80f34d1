"""Columns of teams and weights: what is read of them, left out and refused."""

from pathlib import Path

import numpy as np
import pytest

from analytics.datafile import DataFile, read_answers
from analytics.sentences import BadInput
from analytics.specification import read_specification
from tests.analytics.sampled import TWO, analysed
from tests.analytics.samples import write
from tests.analytics.test_analyse import run

SPEC = "scales:\n  A: {items: [a1, a2]}\n"
HEADER = "a1,a2,team,w,site\n"
ROWS = ["1,2,north,1,x", "2,3,north,2.5,y", "3,4,south,.5,x", "4,5,south,1e12,y"]


def read(folder: Path, rows: list[str], spec: str) -> DataFile:
    asked = read_specification(write(folder / "s.yaml", spec + SPEC))
    data = write(folder / "d.csv", HEADER + "\n".join(rows) + "\n")
    return read_answers(data, asked)


def refused(folder: Path, rows: list[str], spec: str) -> tuple[str, str]:
    with pytest.raises(BadInput) as refusal:
        read(folder, rows, spec)
    sentence = refusal.value.sentence
    return sentence.text("en"), sentence.text("zh-hans")


def test_teams_and_weights_are_read(tmp_path: Path) -> None:
    found = read(tmp_path, ROWS, "clusters: team\nweights: w\n").sampling
    assert found is not None
    assert found.clusters is not None
    assert found.weights is not None
    assert found.clusters.tolist() == [0, 0, 1, 1]
    assert found.weights.tolist() == [1, 2.5, 0.5, 1e12]
    assert (found.left, found.n_clusters) == (0, 2)
    assert read(tmp_path, ROWS, "").sampling is None
    alone = read(tmp_path, ROWS, "weights: w\n").sampling
    assert alone is not None
    assert (alone.clusters, alone.n_clusters) == (None, None)


def test_a_team_may_be_a_group_too_and_rows_are_chosen_first(tmp_path: Path) -> None:
    spec = "clusters: team\ngroups: [{column: team, team: true}, {column: site}]\n"
    rows = [*ROWS, "5,6,,1,x"]
    found = read(tmp_path, rows, spec)
    assert found.responses.n == 4
    assert found.teams["team"].tolist() == [0, 0, 1, 1]
    assert found.groups["site"].numbers.tolist() == [0, 1, 0, 1]
    # a weight that is no number matters only in rows that are kept
    spec = "weights: w\nwhere: {site: x}\n"
    kept = read(tmp_path, ["1,2,a,many,y", *ROWS], spec)
    assert kept.sampling is not None
    assert kept.sampling.weights is not None
    assert kept.sampling.weights.tolist() == [1, 0.5]


def test_rows_without_a_team_or_a_weight_are_left_out_and_counted(
    tmp_path: Path,
) -> None:
    rows = [*ROWS, "5,5,,1,x", "6,6,south,NA,x", "7,7, , ,x"]
    file = read(tmp_path, rows, "clusters: team\nweights: w\n")
    found = file.sampling
    assert found is not None
    assert (found.left, found.without_cluster, found.without_weight) == (3, 2, 2)
    assert (file.responses.n, file.n_read) == (4, 7)
    assert file.responses.codes[:, 0].tolist() == [0, 1, 2, 3]
    only = read(tmp_path, rows, "weights: w\n").sampling
    assert only is not None
    assert (only.left, only.without_cluster) == (2, 0)


def test_a_report_says_how_many_rows_are_left_out(tmp_path: Path) -> None:
    asked = "clusters: team\nweights: w\n" + TWO
    found = analysed(tmp_path, asked, blank={"team": range(3), "w": range(2, 7)})
    design = found["design"]
    assert (design["left"], design["without_cluster"]) == (7, 3)
    assert design["without_weight"] == 5
    assert found["n_rows"] == 2493
    notices = {one["code"]: one["text"] for one in found["notices"]}
    expected = "Rows left out: 7. Without a team: 3; without a weight: 5."
    assert notices["sampling_left"] == expected


@pytest.mark.parametrize(
    ("weight", "english", "chinese"),
    [
        ("0", "Line 6, column w: the weight 0 must be above zero", "必须大于零"),
        ("-1.5", "the weight -1.5 must be above zero", "必须大于零"),
        ("1e999", "the weight 1e999 must be above zero, and", "必须大于零"),
        ("1.1e12", "neither below 1e-12 nor above 1e12", "不大于 1e12"),
        ("9e-13", "neither below 1e-12 nor above 1e12", "不小于 1e-12"),
        ("heavy", "the weight heavy is not a number", "权重 heavy 不是数字"),
        ("nan", "the weight nan is not a number", "权重 nan 不是数字"),
        ('"1,5"', "the weight 1,5 is not a number", "权重 1,5 不是数字"),
    ],
)
def test_a_weight_that_is_none_is_refused_with_its_line(
    tmp_path: Path, weight: str, english: str, chinese: str
) -> None:
    found = refused(tmp_path, [*ROWS, f"1,1,north,{weight},x"], "weights: w\n")
    assert english in found[0]
    assert chinese in found[1]


@pytest.mark.parametrize(
    ("spec", "english", "chinese"),
    [
        (
            "clusters: teem\n",
            "(clusters) is not in the file; did you mean team",
            "team",
        ),
        ("weights: W\n", "The column W (weights) is not in the file", "没有列 W"),
        ("clusters: a1\n", "clusters is a1, which is an item of A", "是 A 的题目"),
        ("weights: a2\n", "weights is a2, which is an item of A", "是 A 的题目"),
        ("clusters: w\nweights: w\n", "clusters and weights are both w", "都是 w"),
        ("clusters: [team]\n", "clusters must be a single value", "必须是单个值"),
        ("cluster: team\n", "did you mean clusters?", "是否指 clusters？"),
        ("weights: w\nestimator: ML\n", "The estimator ML takes people as", "用 MLR"),
        ("clusters: team\nestimator: WLSMV\n", "estimator WLSMV takes", "用 MLR"),
        ("clusters: team\nestimator: FIML\n", "The estimator FIML takes", "用 MLR"),
    ],
)
def test_a_specification_that_cannot_be_is_refused(
    tmp_path: Path, spec: str, english: str, chinese: str
) -> None:
    found = refused(tmp_path, ROWS, spec)
    assert english in found[0]
    assert chinese in found[1]


def test_one_team_and_nobody_are_refused(tmp_path: Path) -> None:
    north = [row.replace("south", "north") for row in ROWS]
    found = refused(tmp_path, north, "clusters: team\n")
    assert "Every row has the same value in team" in found[0]
    assert "至少需要 2 个团队" in found[1]
    empty = [",".join([*row.split(",")[:2], "", "", "x"]) for row in ROWS]
    found = refused(tmp_path, empty, "clusters: team\nweights: w\n")
    assert "None of the 4 rows has a value in team, w" in found[0]
    assert "4 行在 team、w 中都没有值" in found[1]


@pytest.mark.parametrize(
    ("lines", "estimator", "correlation"),
    [
        ("clusters: team\n", "MLR", "pearson"),
        ("weights: w\nestimator: MLR\n", "MLR", "pearson"),
        ("clusters: team\npoints: [1, 4]\n", "MLR", "polychoric"),
        ("weights: w\npoints: [1, 4]\n", "MLR", "pearson"),
        ("weights: w\ncorrelation: polychoric\n", "MLR", "polychoric"),
    ],
)
def test_mlr_is_what_allows_for_teams_and_weights(
    tmp_path: Path, lines: str, estimator: str, correlation: str
) -> None:
    found = read_specification(write(tmp_path / "s.yaml", lines + SPEC))
    assert (found.estimator, found.correlation) == (estimator, correlation)
    assert found.is_sampled
    assert not found.by_rule


def test_the_command_refuses_another_estimator(tmp_path: Path) -> None:
    data = write(tmp_path / "d.csv", HEADER + "\n".join(ROWS) + "\n")
    spec = write(tmp_path / "s.yaml", "clusters: team\n" + SPEC)
    status, out, err = run(data, "--spec", spec, "--estimator", "WLSMV")
    assert (status, out) == (2, "")
    assert "The estimator WLSMV takes people as independent" in err


def test_teams_are_numbered_over_chunks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("analytics.datafile.CHUNK_ROWS", 3)
    rows = [f"1,2,t{k % 4},{1 + k},x" for k in range(11)]
    found = read(tmp_path, rows, "clusters: team\nweights: w\n").sampling
    assert found is not None
    assert found.clusters is not None
    assert found.weights is not None
    assert found.clusters.tolist() == [k % 4 for k in range(11)]
    assert np.array_equal(found.weights, 1.0 + np.arange(11))
