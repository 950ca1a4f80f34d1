"""Figures published, or computed independently, for real data sets."""

from pathlib import Path

import pytest

from analytics.psychometrics import (
    Item,
    Moments,
    ResponseMatrix,
    correlate,
    cronbach_alpha,
    eigenvalues,
    htmt,
    kmo,
    moments,
    scale_scores,
)

from .cases import coded, read_columns

TRUST = {
    "IMAG": [f"IMAG{i}" for i in range(1, 6)],
    "CUEX": [f"CUEX{i}" for i in range(1, 4)],
    "PERQ": [f"PERQ{i}" for i in range(1, 8)],
    "PERV": ["PERV1", "PERV2"],
    "CUSA": [f"CUSA{i}" for i in range(1, 4)],
}
LOYALTY = ["CUSL1", "CUSL2", "CUSL3"]


@pytest.fixture
def mobi(shared_data: Path) -> ResponseMatrix:
    """250 mobile phone customers, ten-point scales."""
    names = [item for items in TRUST.values() for item in items] + LOYALTY
    values = read_columns(shared_data / "mobi.csv", names)
    return coded(values, [Item(name, 1, 10) for name in names])


@pytest.fixture
def mobi_moments(mobi: ResponseMatrix) -> Moments:
    return moments(mobi, missing="pairwise")


@pytest.mark.parametrize(
    ("scale", "raw", "standardized"),
    [
        ("IMAG", 0.7144, 0.7228),
        ("PERV", 0.8167, 0.8236),
        ("CUSA", 0.7701, 0.7792),
        ("CUEX", 0.4326, 0.4519),
    ],
)
def test_alpha_of_the_customer_scales(
    mobi_moments: Moments, scale: str, raw: float, standardized: float
) -> None:
    alpha = cronbach_alpha(mobi_moments.select(TRUST[scale]))
    assert alpha.raw.estimate == pytest.approx(raw, abs=5e-5)
    assert alpha.standardized.estimate == pytest.approx(standardized, abs=5e-5)
    assert alpha.raw.n == 250


def test_adequacy_of_the_trust_items(mobi_moments: Moments) -> None:
    m = mobi_moments.select([item for items in TRUST.values() for item in items])
    assert kmo(m).overall == pytest.approx(0.9200, abs=5e-5)
    assert eigenvalues(m)[0] == pytest.approx(8.453, abs=5e-4)


def test_htmt_of_image_and_satisfaction(mobi_moments: Moments) -> None:
    assert htmt(mobi_moments, TRUST)["IMAG", "CUSA"] == pytest.approx(0.9101, abs=5e-5)


@pytest.mark.parametrize(("scale", "r"), [("IMAG", 0.4864), ("CUSA", 0.5581)])
def test_scores_go_with_loyalty(mobi: ResponseMatrix, scale: str, r: float) -> None:
    found = correlate(scale_scores(mobi, TRUST[scale]), scale_scores(mobi, LOYALTY))
    assert found.r == pytest.approx(r, abs=5e-5)


def test_alpha_of_leadership_climate(shared_data: Path) -> None:
    names = [
        "AF06",
        "AF07",
        "AP12",
        "AP17",
        "AP33",
        "AP34",
        "AS14",
        "AS15",
        "AS16",
        "AS17",
        "AS28",
    ]
    values = read_columns(shared_data / "bhr2000.csv", names)
    m = moments(coded(values, [Item(name, 1, 5) for name in names]), missing="listwise")
    assert cronbach_alpha(m).raw.estimate == pytest.approx(0.8913, abs=5e-5)
    assert m.n == 5400


@pytest.mark.parametrize(
    ("items", "reverse", "value", "close"),
    [
        ("q_1855 q_4289 q_377 q_379 q_871", ["q_871"], 0.8714, 5e-5),
        (
            "q_4296 q_1812 q_501 q_2853 q_1896",
            ["q_4296", "q_501", "q_1896"],
            0.802,
            5e-4,
        ),
    ],
)
def test_alpha_of_interpersonal_trust_and_of_honesty(
    shared_data: Path, items: str, reverse: list[str], value: float, close: float
) -> None:
    names = items.split()
    values = read_columns(shared_data / "spi_trust_honesty.csv", names)
    keyed = coded(values, [Item(name, 1, 6, reverse=name in reverse) for name in names])
    alpha = cronbach_alpha(moments(keyed, missing="pairwise"))
    assert alpha.raw.estimate == pytest.approx(value, abs=close)
