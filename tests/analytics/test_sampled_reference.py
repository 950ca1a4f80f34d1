"""Reports of people in teams and with weights, held against lavaan and sandwich.

`reference/surveys/report.R` makes the values from the same file that is analysed here.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from analytics.psychometrics import Matrix
from analytics.psychometrics.distributions import normal_quantile, t_quantile
from tests.analytics.sampled import COLUMNS, KINDS, TWO, analysed, demo
from tests.analytics.samples import write
from tests.psychometrics.cases import REFERENCE

STORED = json.loads((REFERENCE / "surveys" / "report.json").read_text("utf-8"))
LAVAAN = "F=~y1+y2+y3\nG=~y4+y5+y6"
FIT = 1e-4  # as everywhere: docs/methods.md


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """The report of the demonstration by kind, with lavaan's text beside it."""
    folder = tmp_path_factory.mktemp("sampled")
    model = write(folder / "two.txt", LAVAAN)
    return {
        kind: analysed(folder, COLUMNS[kind] + TWO, "--model", model) for kind in KINDS
    }


@pytest.fixture(params=KINDS)
def case(
    request: pytest.FixtureRequest, reports: dict[str, dict[str, Any]]
) -> tuple[dict[str, Any], dict[str, Any], str]:
    """What the report holds, what R found, and which kind it is."""
    return reports[request.param], STORED[request.param], request.param


Case = tuple[dict[str, Any], dict[str, Any], str]


def t_of(kind: str) -> float:
    return t_quantile(0.975, (2500 if kind == "weights" else 200) - 1)


def error_of(stored: dict[str, float], kind: str) -> float:
    """lavaan multiplies by G/(G - 1) with teams alone."""
    return stored["se"] * (np.sqrt(2500 / 2499) if kind == "weights" else 1.0)


def test_means_are_those_of_sandwich(case: Case) -> None:
    found, stored, kind = case
    for part, code in (("scales", "F"), ("outcomes", "G")):
        mean, expected = found[part][code]["mean"], stored[f"mean_{code}"]
        half = t_of(kind) * expected["se"]
        assert mean["estimate"] == pytest.approx(expected["est"], abs=1e-10)
        assert mean["low"] == pytest.approx(expected["est"] - half, abs=1e-9)
        assert mean["high"] == pytest.approx(expected["est"] + half, abs=1e-9)
        assert mean["n"] == 2500


def test_alpha_is_that_of_lavaan(case: Case) -> None:
    found, stored, kind = case
    alpha, left = found["scales"]["F"]["alpha"]["raw"], 1 - stored["alpha"]["est"]
    half = t_of(kind) * error_of(stored["alpha"], kind) / left
    assert alpha["estimate"] == pytest.approx(1 - left, abs=1e-7)
    assert alpha["low"] == pytest.approx(1 - left * np.exp(half), abs=1e-7)
    assert alpha["high"] == pytest.approx(1 - left * np.exp(-half), abs=1e-7)


def test_the_correlation_is_that_of_lavaan(case: Case) -> None:
    found, stored, kind = case
    relation, r = found["loyalty"]["G"]["F"], stored["r"]["est"]
    half = t_of(kind) * error_of(stored["r"], kind) / (1 - r**2)
    assert relation["r"] == pytest.approx(r, abs=1e-7)
    assert relation["low"] == pytest.approx(np.tanh(np.arctanh(r) - half), abs=1e-7)
    assert relation["high"] == pytest.approx(np.tanh(np.arctanh(r) + half), abs=1e-7)


def test_the_fit_is_that_of_lavaan(case: Case) -> None:
    found, stored, kind = case
    models = [(found["models"]["one_factor"], stored["one_factor"])]
    for one, expected in [*models, (found["cfa"], stored["fit"])]:
        assert one["df"] == expected["df"]
        assert one["chi2"] == pytest.approx(expected["chisq"], rel=FIT)
        assert (one["aic"], one["bic"]) == (None, None)
        if kind != "weights":
            continue  # with teams lavaan adds free means to every model; see below
        for name in ("chi2", "p", "cfi", "tli"):
            key = {"chi2": "chisq", "p": "pvalue"}.get(name, name)
            value = expected[f"{key}.scaled"]
            assert one[f"{name}_scaled"] == pytest.approx(value, rel=FIT, abs=FIT)
        ends = {"estimate": "", "low": ".ci.lower", "high": ".ci.upper"}
        for name, key in ends.items():
            value = expected[f"rmsea{key}.scaled"]
            assert one["rmsea_scaled"][name] == pytest.approx(value, abs=FIT)
        assert one["srmr"] == pytest.approx(expected["srmr"], abs=FIT)


def test_the_scaled_chi_square_is_that_of_the_formula(case: Case) -> None:
    """Yuan & Bentler's factor by differences of everybody's likelihood.

    Without means in the model, which lavaan cannot leave out of teams.
    """
    found, stored, kind = case
    factor = scaling_of(found, kind)
    assert found["cfa"]["chi2_scaled"] == pytest.approx(
        found["cfa"]["chi2"] / factor, rel=1e-4
    )
    if kind == "weights":
        scaled = stored["fit"]["chisq"] / stored["fit"]["chisq.scaled"]
        assert factor == pytest.approx(scaled, rel=1e-4)


def scaling_of(found: dict[str, Any], kind: str) -> float:
    """(tr A1^-1 B1 - tr A0^-1 B0) / df, A by second differences, B over teams."""
    rows = [line.split(",") for line in demo()[1:]]
    x = np.array([row[:6] for row in rows], dtype=float)
    w = np.array([row[7] for row in rows], dtype=float)
    w = w / w.mean() if kind != "teams" else np.ones(len(x))
    team = [row[6] for row in rows] if kind != "weights" else range(len(x))
    teams = np.unique(list(team), return_inverse=True)[1]
    x = x - w @ x / len(x)
    free = [one for one in found["model"]["parameters"] if one["se"]]
    start = np.array([one["estimate"] for one in free])

    def implied(theta: Matrix) -> Matrix:
        names = ["F", "G"]
        loadings, psi, residual = np.zeros((6, 2)), np.zeros((2, 2)), np.zeros(6)
        loadings[0, 0] = loadings[3, 1] = 1.0
        for one, value in zip(free, theta, strict=True):
            if one["op"] == "=~":
                at = int(one["rhs"][1]) - 1, names.index(one["lhs"])
                loadings[at] = value
            elif one["lhs"] in names:
                i, j = names.index(one["lhs"]), names.index(one["rhs"])
                psi[i, j] = psi[j, i] = value
            else:
                residual[int(one["lhs"][1]) - 1] = value
        return loadings @ psi @ loadings.T + np.diag(residual)

    def saturated(theta: Matrix) -> Matrix:
        sigma = np.zeros((6, 6))
        sigma[np.tril_indices(6)] = theta
        return sigma + np.tril(sigma, -1).T

    S = x.T @ (w[:, None] * x) / len(x)
    h0 = trace_of(x, w, teams, implied, start)
    h1 = trace_of(x, w, teams, saturated, S[np.tril_indices(6)])
    clusters = teams.max() + 1
    correction = clusters / (clusters - 1) if kind != "weights" else 1.0
    df = found["cfa"]["df"]
    return float((h1 - h0) * correction / df)


def trace_of(
    x: Matrix,
    w: Matrix,
    teams: NDArray[np.intp],
    model: Callable[[Matrix], Matrix],
    theta: Matrix,
) -> float:
    """Trace of A^-1 B of everybody's normal likelihood at `theta`."""
    n, t = len(x), len(theta)

    def each(at: Matrix) -> Matrix:
        sigma = model(at)
        distance = (x @ np.linalg.inv(sigma) * x).sum(axis=1)
        values: Matrix = -(np.linalg.slogdet(sigma)[1] + distance) / 2
        return values

    def total(at: Matrix) -> float:
        return float(w @ each(at)) / n

    step = 1e-4 * np.eye(t)
    scores = np.column_stack(
        [(each(theta + one) - each(theta - one)) / 2e-4 for one in step]
    )
    A = np.zeros((t, t))
    for i, one in enumerate(step):
        for j, two in enumerate(step[: i + 1]):
            rise = total(theta + one + two) - total(theta + one - two)
            fall = total(theta - one + two) - total(theta - one - two)
            A[i, j] = A[j, i] = (rise - fall) / -4e-8
    totals = np.zeros((teams.max() + 1, t))
    np.add.at(totals, teams, w[:, None] * scores)
    return float(np.trace(np.linalg.solve(A, totals.T @ totals / n)))


def test_loadings_and_errors_are_those_of_lavaan(case: Case) -> None:
    found, stored, _ = case
    loadings, own = found["cfa"]["loadings"], found["model"]["parameters"]
    for row in stored["standardized"]:
        if row["op"] == "=~":
            assert loadings[row["rhs"]] == pytest.approx(row["est.std"], abs=1e-5)
    ours = {(one["lhs"], one["op"], one["rhs"]): one for one in own}
    compared = 0
    for row in stored["parameters"]:
        if row["op"] == "~1":  # lavaan's means of teams
            continue
        one = ours[row["lhs"], row["op"], row["rhs"]]
        assert one["estimate"] == pytest.approx(row["est"], abs=2e-5)
        assert one["se"] or pytest.approx(row["se"], abs=FIT) == 0.0
        compared += 1
    assert compared == 15


@pytest.mark.parametrize("kind", KINDS)
def test_the_reliability_of_a_factor_is_that_of_lavaan(
    kind: str, tmp_path: Path
) -> None:
    found = analysed(tmp_path, COLUMNS[kind] + "scales:\n  F: {items: [y1, y2, y3]}\n")
    scale = found["scales"]["F"]
    pairs = (("composite_reliability", "omega"), ("ave", "ave"))
    for name, key in pairs:
        value, expected = scale[name], STORED[kind][key]
        at = expected["est"]
        half = normal_quantile(0.975) * expected["se"] / (at * (1 - at))
        logit = np.log(at / (1 - at))
        assert value["estimate"] == pytest.approx(at, abs=1e-5)
        for end, sign in (("low", -1), ("high", 1)):
            expected_end = 1 / (1 + np.exp(-(logit + sign * half)))
            assert value[end] == pytest.approx(expected_end, abs=FIT), (name, end)


def test_groups_of_teams_are_those_of_lavaan(tmp_path: Path) -> None:
    spec = COLUMNS["teams"] + "groups: [{column: site}]\n" + TWO
    found = analysed(tmp_path, spec)["groups"]["site"]["invariance"]
    for level in ("configural", "metric", "scalar"):
        one, expected = found[level], STORED["groups"][level]
        assert one["df"] == expected["df"]
        assert one["chi2"] == pytest.approx(expected["chisq.scaled"], rel=FIT), level
        for name, key in (("cfi", "cfi.scaled"), ("rmsea", "rmsea.scaled")):
            assert one[name] == pytest.approx(expected[key], abs=FIT), level
        assert one["srmr"] == pytest.approx(expected["srmr"], abs=FIT), level
    codes = [one["code"] for one in found["notices"]]
    assert "invariance_sampled" in codes
    assert "invariance_teams_across" not in codes


def test_a_report_says_how_people_were_sampled(case: Case) -> None:
    found, _, kind = case
    design = found["design"]
    weights = np.array([0.5 + (k % 7) / 3 for k in range(1, 2501)])
    if kind == "weights":
        assert (design["clusters"], design["n_clusters"]) == (None, None)
    else:
        assert (design["clusters"], design["n_clusters"]) == ("team", 200)
        assert design["mean_size"] == 12.5
    if kind == "teams":
        assert (design["weights"], design["effective_n"]) == (None, None)
    else:
        effective = weights.sum() ** 2 / (weights**2).sum()
        assert design["sum_of_weights"] == pytest.approx(weights.sum())
        assert design["effective_n"] == pytest.approx(effective)
    # the variance of a mean over that of as many people who count alike
    sd, error = found["scales"]["F"]["sd"]["estimate"], STORED[kind]["mean_F"]["se"]
    assert design["effects"]["F"] == pytest.approx(error**2 / (sd**2 / 2500), rel=1e-9)
