"""docs/methods.md speaks of every statistic that the library offers."""

import re
from pathlib import Path
from types import ModuleType

import pytest

from analytics import psychometrics
from analytics.psychometrics import irt, sem

PAGE = (Path(__file__).parents[1] / "docs" / "methods.md").read_text("utf-8")
# containers of data: no statistics, but where they begin
INPUTS = {"ResponseMatrix", "BurtTable"}
NO_STATISTICS = {"check_model", "read_model"}  # of the language of models


def functions(module: ModuleType) -> list[str]:
    """Public names in lower case: the statistics, their results being classes."""
    names = [name for name in module.__all__ if name[0].islower()]
    return [name for name in names if name not in NO_STATISTICS]


@pytest.mark.parametrize(
    "module", [psychometrics, sem, irt], ids=["core", "sem", "irt"]
)
def test_every_public_function_has_its_entry(module: ModuleType) -> None:
    named = set(re.findall(r"`(\w+)`", PAGE))
    assert [name for name in functions(module) if name not in named] == []


def test_the_inputs_are_described() -> None:
    named = set(re.findall(r"`(\w+)`", PAGE))
    assert named >= INPUTS
    assert set(psychometrics.__all__) >= INPUTS
