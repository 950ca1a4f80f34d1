import io
import json
from pathlib import Path

import numpy as np
import pytest
from django.core.management import call_command

from analytics.psychometrics.sem import monte_carlo, read_population
from tests.analytics.samples import write

MODEL = "f =~ 0.6*a + 0.7*b + 0.8*c + 0.5*d\n"


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return write(tmp_path / "model.txt", MODEL)


def run(*arguments: object) -> tuple[int, str, str]:
    """Exit status, stdout and stderr of the command."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("simulate", *map(str, arguments), stdout=out, stderr=err)
    except SystemExit as stop:
        return int(stop.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


SIZE = ("--n", 100, "--replications", 10)


def test_the_table_and_the_file_are_those_of_the_simulation(
    model: Path, tmp_path: Path
) -> None:
    stored = tmp_path / "result.json"
    status, out, _ = run(model, *SIZE, "--seed", 3, "--json", stored)
    expected = monte_carlo(
        read_population(MODEL),
        n=100,
        replications=10,
        rng=np.random.default_rng(3),
        estimator="ML",
    )
    assert status == 0
    one = expected.parameter("f=~b")
    assert one.coverage is not None
    row = next(line.split() for line in out.splitlines() if "f=~b" in line)
    assert row[:3] == ["f=~b", "0.700", f"{one.mean:.3f}"]
    assert row[6] == f"{one.coverage:.1%}"
    assert "10 simulated samples of 100 people" in out
    assert "says nothing about any people" in out
    kept = json.loads(stored.read_text("utf-8"))
    assert kept["seed"] == 3
    assert kept["parameters"][1]["mean"] == one.mean


def test_every_line_is_said_in_chinese_too(model: Path) -> None:
    shares = "--shares", ".1,.2,.4,.3"
    settings = (*shares, "--estimator", "WLSMV", "--language", "zh-hans")
    status, out, _ = run(model, *SIZE, *settings)
    assert status == 0
    assert "10 个模拟样本，每个 100 人" in out
    assert "区间覆盖率" in out
    assert "它不说明任何人群或量表" in out


def test_another_model_may_be_fitted_to_skewed_values(
    model: Path, tmp_path: Path
) -> None:
    other = write(tmp_path / "other.txt", "f =~ a + b + c\n")
    status, out, _ = run(
        model, *SIZE, "--analysis", other, "--skew", 1, "--kurtosis", 2
    )
    assert status == 0
    assert "f=~d" not in out
    assert "rejects" not in out  # three items leave nothing to test


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--n", 0), "--n 0 is not accepted: a whole number above 0."),
        (("--n", 50, "--shares", "1,2"), "add up to 1"),
        (("--n", 50, "--shares", "x"), "add up to 1"),
        (("--n", 50, "--shares", ".5,.5", "--skew", 1), "cannot be combined"),
        (("--n", 50, "--estimator", "WLSMV"), "give --shares"),
        (("--n", 50, "--skew", 3), "take less skew"),
        (("--n", 50, "--analysis", "/nowhere.txt"), "/nowhere.txt"),
        (("--n", 2, "--replications", 2), "did not converge"),
    ],
)
def test_a_refusal_is_one_sentence_and_status_2(
    model: Path, options: tuple[object, ...], sentence: str
) -> None:
    status, out, err = run(model, *options)
    assert (status, out) == (2, "")
    assert sentence in err
    assert len(err.strip().splitlines()) == 1


def test_a_model_without_its_numbers_is_refused_with_the_place(tmp_path: Path) -> None:
    bare = write(tmp_path / "bare.txt", "f =~ 0.6*a + b\n")
    status, _, err = run(bare, *SIZE, "--language", "zh-hans")
    assert status == 2
    assert "模型第 1 行第 14 列" in err
