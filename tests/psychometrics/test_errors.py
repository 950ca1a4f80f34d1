import re
import string

import pytest

from analytics.psychometrics import (
    SENTENCES,
    STATISTICS,
    InvalidData,
    NotConverged,
    NotDefined,
    PsychometricsError,
    TooFewData,
)

PARAMETERS = {
    "statistic", "needs", "has", "item", "first", "second",
    "row", "value", "low", "high", "factors",
    "line", "column",
}  # fmt: skip


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_every_sentence_uses_documented_parameters(code: str) -> None:
    used = {name for _, name, _, _ in string.Formatter().parse(SENTENCES[code]) if name}
    assert used <= PARAMETERS
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", code)


@pytest.mark.parametrize("statistic", sorted(STATISTICS))
def test_a_sentence_starts_with_a_capital_and_ends_with_a_full_stop(
    statistic: str,
) -> None:
    error = TooFewData("needs-answers", statistic=statistic, needs=4, has=1)
    assert str(error)[0].isupper()
    assert str(error).endswith("there are 1.")


def test_an_error_carries_its_code_and_parameters_for_a_translation() -> None:
    error = NotDefined("constant-item", item="IMAG3")
    assert error.code == "constant-item"
    assert dict(error.params) == {"item": "IMAG3"}
    assert str(error.reason) == str(error)
    assert "IMAG3" in str(error)


@pytest.mark.parametrize("kind", [InvalidData, TooFewData, NotDefined, NotConverged])
def test_one_class_catches_them_all(kind: type[PsychometricsError]) -> None:
    with pytest.raises(PsychometricsError):
        raise kind("singular", statistic="kmo")
