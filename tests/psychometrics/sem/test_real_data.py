"""Published figures of models for real data sets."""

import csv
from pathlib import Path

import numpy as np
import pytest

from analytics.psychometrics import Item, moments
from analytics.psychometrics.sem import correlated, fit_model
from tests.psychometrics.cases import coded, read_columns

MOBI = {
    "IMAG": [f"IMAG{i}" for i in range(1, 6)],
    "CUEX": [f"CUEX{i}" for i in range(1, 4)],
    "PERQ": [f"PERQ{i}" for i in range(1, 8)],
    "PERV": ["PERV1", "PERV2"],
    "CUSA": [f"CUSA{i}" for i in range(1, 4)],
    "CUSL": [f"CUSL{i}" for i in range(1, 4)],
}
HELP = [f"help{i}m" for i in range(1, 8)]
VOICE = [f"voice{i}m" for i in range(1, 6)]


@pytest.mark.parametrize("std_lv", [False, True])
def test_six_factors_of_the_mobile_customers_cannot_be_told_apart(
    shared_data: Path, std_lv: bool
) -> None:
    names = [item for items in MOBI.values() for item in items]
    values = read_columns(shared_data / "mobi.csv", names)
    data = coded(values, [Item(name, 1, 10) for name in names])
    m = moments(data, missing="listwise")
    fit = fit_model(correlated(MOBI), m, estimator="ML", std_lv=std_lv)
    assert fit.converged
    assert fit.n == 250
    assert fit.measures is not None
    assert fit.measures.chi2 == pytest.approx(521.646, abs=5e-4)
    assert fit.measures.df == 215
    assert fit.measures.cfi == pytest.approx(0.882, abs=5e-4)
    assert fit.measures.rmsea is not None
    assert fit.measures.rmsea.estimate == pytest.approx(0.076, abs=5e-4)
    assert [reason.code for reason in fit.warnings] == ["sem-factors-not-positive"]
    covariance = fit.groups[0].factor_covariance
    assert np.linalg.eigvalsh(covariance)[0] < 0


def test_two_unrestricted_factors_of_helping_and_voice(shared_data: Path) -> None:
    """Every item but one anchor loads on both: the fit of an exploratory solution."""
    path = shared_data / "fischer_help_voice_8countries.csv"
    values = read_columns(path, HELP + VOICE)
    with path.open(newline="") as file:
        wanted = [row["country"] in ("LEB", "TAIW") for row in csv.DictReader(file)]
    data = coded(values[wanted], [Item(name, 1, 7) for name in HELP + VOICE])
    text = correlated(
        {
            "help": [item for item in HELP + VOICE if item != "voice2m"],
            "voice": [item for item in HELP + VOICE if item != "help4m"],
        }
    )
    fit = fit_model(
        text, moments(data, missing="listwise"), estimator="ML", std_lv=True
    )
    assert fit.n == 767
    assert fit.measures is not None
    assert fit.measures.df == 43
    assert fit.measures.chi2 == pytest.approx(232.822, abs=5e-4)
    assert fit.measures.cfi == pytest.approx(0.979, abs=5e-4)


def test_one_factor_of_interpersonal_trust(shared_data: Path) -> None:
    names = ["q_1855", "q_4289", "q_377", "q_379", "q_871"]
    values = read_columns(shared_data / "spi_trust_honesty.csv", names)
    data = coded(values, [Item(n, 1, 6, reverse=n == "q_871") for n in names])
    text = f"trust =~ {' + '.join(names)}"
    fit = fit_model(text, moments(data, missing="listwise"), estimator="ML")
    assert fit.n == 4000
    assert fit.measures is not None
    assert fit.measures.cfi == pytest.approx(0.983, abs=5e-4)
    assert fit.warnings == ()
