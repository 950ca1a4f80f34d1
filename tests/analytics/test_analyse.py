import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from analytics.management.commands import analyse
from tests.analytics.samples import answers, plan, write

SPEC = """
title: {en: A small study, zh-hans: 小型研究}
scales:
  CARE: {items: [CARE1, CARE2, CARE3, CARE4]}
  SKILL: {items: [SKILL1, SKILL2, SKILL3, SKILL4]}
outcomes:
  LOY: {items: [LOY1, LOY2, LOY3]}
"""


@pytest.fixture
def study(tmp_path: Path) -> tuple[Path, Path]:
    """A CSV of 200 answers and its specification."""
    asked = plan()
    rows = [",".join(asked.item_codes)]
    rows += [",".join(map(str, row)) for row in answers(asked, 200)]
    data = write(tmp_path / "data.csv", "\n".join(rows) + "\n")
    return data, write(tmp_path / "spec.yaml", SPEC)


def run(*arguments: object) -> tuple[int, str, str]:
    """Exit status, stdout and stderr of the command."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("analyse", *map(str, arguments), stdout=out, stderr=err)
    except SystemExit as stop:
        return int(stop.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_the_report_is_printed_and_stored(
    study: tuple[Path, Path], tmp_path: Path
) -> None:
    data, spec = study
    result, html = tmp_path / "r.json", tmp_path / "r.html"
    status, out, _ = run(data, "--spec", spec, "--json", result, "--html", html)
    assert status == 0
    assert "A small study" in out
    stored = json.loads(result.read_text("utf-8"), parse_constant=pytest.fail)
    alpha = stored["scales"]["CARE"]["alpha"]["raw"]["estimate"]
    assert f"{alpha:.4f}" in out
    assert stored["input_sha256"]
    assert {"trustsurvey", "numpy", "scipy", "factor-analyzer"} == set(
        stored["software"]
    )
    assert html.read_text("utf-8").startswith("<!DOCTYPE html>")
    assert {path.name for path in tmp_path.iterdir()} == {
        "data.csv",
        "spec.yaml",
        "r.json",
        "r.html",
    }


def test_the_report_speaks_chinese(study: tuple[Path, Path]) -> None:
    data, spec = study
    status, out, _ = run(data, "--spec", spec, "--language", "zh-hans")
    assert status == 0
    assert "小型研究" in out
    assert "概览" in out


def test_the_estimator_of_the_factor_model_is_chosen(
    study: tuple[Path, Path], tmp_path: Path
) -> None:
    data, spec = study
    found = {}
    for estimator in ("ML", "MLR"):
        result = tmp_path / f"{estimator}.json"
        status, out, _ = run(
            data, "--spec", spec, "--json", result, "--estimator", estimator
        )
        assert status == 0
        assert f"({estimator})" in out
        found[estimator] = json.loads(result.read_text("utf-8"))["cfa"]
        assert found[estimator]["estimator"] == estimator
    assert found["ML"]["chi2"] == pytest.approx(found["MLR"]["chi2"])
    assert found["ML"]["chi2_scaled"] is None
    assert found["MLR"]["rmsea_scaled"]["low"] >= 0
    with pytest.raises(CommandError, match="invalid choice"):
        run(data, "--spec", spec, "--estimator", "WLS")


def refuse_data(data: Path, spec: Path) -> None:
    data.write_text(data.read_text() + "9" + ",1" * 10 + "\n")


def refuse_spec(data: Path, spec: Path) -> None:
    spec.write_text(SPEC + "scale: 1\n")


@pytest.mark.parametrize(
    ("spoil", "english", "chinese"),
    [
        (refuse_data, "Line 202, column CARE1: 9 is outside 1 to 7", "第 202 行"),
        (refuse_spec, "did you mean scales?", "是否指 scales？"),
    ],
)
def test_bad_input_is_one_sentence_status_two_and_no_file(
    study: tuple[Path, Path], tmp_path: Path, spoil: Any, english: str, chinese: str
) -> None:
    data, spec = study
    spoil(data, spec)
    for language, sentence in (("en", english), ("zh-hans", chinese)):
        result = tmp_path / "r.json"
        status, out, err = run(
            data, "--spec", spec, "--json", result, "--language", language
        )
        assert (status, out) == (2, "")
        assert sentence in err
        assert err.count("\n") == 1
        assert not result.exists()


def test_a_place_that_cannot_be_written_is_refused_and_nothing_is_left(
    study: tuple[Path, Path], tmp_path: Path
) -> None:
    data, spec = study
    good, bad = tmp_path / "r.json", tmp_path / "absent" / "r.html"
    status, out, err = run(data, "--spec", spec, "--json", good, "--html", bad)
    assert (status, out) == (2, "")
    assert "cannot be written" in err
    assert {path.name for path in tmp_path.iterdir()} == {"data.csv", "spec.yaml"}


def test_an_old_result_stays_when_the_new_one_fails(
    study: tuple[Path, Path], tmp_path: Path
) -> None:
    data, spec = study
    old = write(tmp_path / "r.json", "old")
    refuse_data(data, spec)
    assert run(data, "--spec", spec, "--json", old)[0] == 2
    assert old.read_text() == "old"


def test_long_work_is_told_once_a_second() -> None:
    from django.core.management.base import OutputWrapper

    times = iter(np.arange(0.0, 10.0, 0.4))
    err = io.StringIO()
    told = analyse.Progress(OutputWrapper(err), "en", clock=lambda: float(next(times)))
    for k in range(10):
        told("progress_reading", k / 10)
    assert err.getvalue().splitlines() == [
        "Reading the answers 20%",
        "Reading the answers 50%",
        "Reading the answers 80%",
    ]


def test_the_published_study_is_printed_to_four_decimals(shared_data: Path) -> None:
    example = Path(__file__).resolve().parents[2] / "docs" / "examples" / "mobi.yaml"
    status, out, _ = run(shared_data / "mobi.csv", "--spec", example)
    assert status == 0
    figures = "0.7144 0.8167 0.7701 0.7228 0.8236 0.7792 0.9200 8.4531"
    for figure in (*figures.split(), "0.4864", "0.5581", "0.9101"):
        assert figure in out
