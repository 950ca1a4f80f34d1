"""Monte Carlo for a given model, against lavaan and against theory."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analytics.psychometrics import NotConverged, NotDefined, rmsea_power
from analytics.psychometrics.sem import (
    MonteCarlo,
    ValeMaurelli,
    fit_model,
    freed,
    monte_carlo,
    read_population,
)

REFERENCE = Path(__file__).parents[1] / "reference" / "planning" / "monte_carlo.json"
MEDIATION = """
    x =~ 0.8*x1 + 0.7*x2 + 0.6*x3
    m =~ 0.7*m1 + 0.7*m2 + 0.8*m3
    y =~ 0.6*y1 + 0.9*y2 + 0.7*y3
    m ~ a*x + 0.5*x
    y ~ b*m + 0.4*m + 0.2*x
    indirect := a*b
"""
ONE = "f =~ 0.6*a + 0.7*b + 0.8*c + 0.5*d"


def run(text: str, seed: int = 7, **more: Any) -> MonteCarlo:
    settings: dict[str, Any] = {"n": 150, "replications": 40, "estimator": "ML"}
    return monte_carlo(
        read_population(text),
        rng=np.random.default_rng(seed),
        **{**settings, **more},
    )


def test_power_and_errors_agree_with_lavaans_own_samples() -> None:
    """Different samples of one population: within three errors of both together."""
    theirs = json.loads(REFERENCE.read_text("utf-8"))
    draws = 80
    ours = run(MEDIATION, n=theirs["n"], replications=draws)
    share = 1 / draws + 1 / theirs["replications"]
    for name in ("m~x", "y~m", "y~x", "indirect", "x=~x1", "y=~y2", "x1~~x1"):
        one, other = ours.parameter(name), theirs["parameters"][name]
        assert one.power is not None
        power = (one.power + other["power"]) / 2
        error = np.sqrt(max(power * (1 - power), 0.01) * share)
        assert abs(one.power - other["power"]) < 3 * error, name
        assert abs(one.mean - other["mean"]) < 3 * other["sd"] * np.sqrt(share), name
        assert one.mean_se == pytest.approx(other["mean_se"], rel=0.1), name
    assert abs(ours.rejected - theirs["rejected"]) < 3 * np.sqrt(0.0475 * share)


def test_the_population_s_values_are_those_of_the_text() -> None:
    found = run(MEDIATION, replications=2)
    # factors of residual variance one: .5 / sqrt(1 - .25) and so on
    assert found.parameter("x=~x1").population == pytest.approx(0.8, abs=1e-6)
    assert found.parameter("m~x").population == pytest.approx(
        0.5 / np.sqrt(0.75), abs=1e-6
    )
    rest = 1 - 0.4**2 - 0.2**2 - 2 * 0.4 * 0.2 * 0.5
    b = 0.4 * np.sqrt(0.75) / np.sqrt(rest)
    indirect = 0.5 / np.sqrt(0.75) * b
    assert found.parameter("indirect").population == pytest.approx(indirect, abs=1e-6)


def test_a_wrong_model_is_rejected_as_often_as_its_rmsea_says() -> None:
    """Satorra & Saris (1985): noncentrality (n - 1) F of the population's misfit."""
    text = f"{ONE}\na ~~ 0.2*b"
    found = run(text, analysis=freed(ONE), n=200, replications=200)
    fit = fit_model(
        freed(ONE),
        read_population(text).moments(),
        estimator="ML",
        likelihood="wishart",
    )
    assert fit.measures is not None
    misfit = fit.measures.chi2 / fit.scale
    expected = rmsea_power(200, found.df, null=0.0, true=float(np.sqrt(misfit / 2)))
    assert 0.2 < expected < 0.95
    assert found.rejected == pytest.approx(
        expected, abs=3 * np.sqrt(expected * (1 - expected) / 200)
    )


def test_the_first_samples_of_a_longer_run_are_those_of_a_shorter_one() -> None:
    heard: list[float] = []
    short = run(ONE, replications=5, progress=heard.append)
    again = run(ONE, replications=5)
    longer = run(ONE, replications=10)
    assert short.parameters == again.parameters
    assert heard == pytest.approx([0.2, 0.4, 0.6, 0.8, 1.0])
    name = "f=~b"
    five, ten = short.parameter(name).mean, longer.parameter(name).mean
    assert five != ten
    assert abs(five - ten) < 0.1


def test_few_people_give_heywood_cases_and_no_solutions() -> None:
    found = run("f =~ 0.3*a + 0.3*b + 0.4*c + 0.3*d", n=25, replications=12)
    assert 0 < found.improper < found.converged
    assert found.converged < found.replications
    assert {one.samples for one in found.parameters} == {found.converged}


@pytest.mark.parametrize("estimator", ["ML", "MLR", "WLSMV"])
def test_answers_on_points_are_held_against_their_own_population(
    estimator: Any,
) -> None:
    shares = (0.1, 0.2, 0.4, 0.3)
    found = run(ONE, estimator=estimator, shares=shares, n=400, replications=30)
    assert found.converged == 30
    for one in found.parameters:
        assert abs(one.bias) < 4 * one.sd / np.sqrt(30) + 0.01
        assert one.coverage is not None
        assert one.coverage > 0.75
    latent = found.parameter("f=~b").population
    # numbers from 1 to 4 have a spread of their own; ordered items have none
    assert (latent == pytest.approx(0.7, abs=1e-6)) is (estimator == "WLSMV")


def test_heavy_tails_show_in_the_errors_of_ml_but_not_in_those_of_mlr() -> None:
    shape = ValeMaurelli(2.0, 7.0)
    ratio = {}
    for estimator in ("ML", "MLR"):
        found = run(ONE, estimator=estimator, shape=shape, n=400, replications=60)
        one = found.parameter("c~~c")
        assert one.mean_se is not None
        ratio[estimator] = one.mean_se / one.sd
    assert ratio["ML"] < 0.8
    assert ratio["MLR"] > ratio["ML"] * 1.2


def test_what_cannot_be_simulated_is_refused() -> None:
    with pytest.raises(ValueError, match="One replication"):
        run(ONE, replications=0)
    with pytest.raises(ValueError, match="no shape"):
        run(ONE, shares=(0.5, 0.5), shape=ValeMaurelli(1, 2))
    with pytest.raises(ValueError, match="WLSMV has nothing to do"):
        run(ONE, estimator="WLSMV")
    with pytest.raises(NotDefined, match="neither an item"):
        run(ONE, analysis="f =~ a + b + z")
    with pytest.raises(NotConverged):
        run(ONE, n=4, replications=3)
    with pytest.raises(KeyError):
        run(ONE, replications=2).parameter("f=~z")
