"""The core costs little to import and drags nothing of the web into a computation."""

import subprocess
import sys

import pytest

HEAVY = ("django", "pandas", "numba", "sklearn", "factor_analyzer", "scipy.stats")


def in_a_fresh_interpreter(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def test_importing_the_core_loads_neither_django_nor_pandas() -> None:
    code = (
        "import sys, analytics.psychometrics\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    assert in_a_fresh_interpreter(code) == "[]"


@pytest.mark.long  # reads a clock; what is imported is held above without one
def test_importing_the_core_takes_less_than_half_a_second() -> None:
    code = (
        "import time; start = time.process_time()\n"
        "import analytics.psychometrics\n"
        "print(time.process_time() - start)"
    )
    fastest = min(float(in_a_fresh_interpreter(code)) for _ in range(3))
    print(f"\nimport analytics.psychometrics: {fastest:.2f} s of CPU")
    assert fastest < 0.5


def test_an_oblimin_solution_needs_no_factor_analyzer() -> None:
    code = (
        "import sys, numpy as np, analytics.psychometrics as core\n"
        "x = np.random.default_rng(1).standard_normal((200, 6)); x[:, 1:4] += x[:, :1]\n"
        "m = core.moments(x, list('abcdef'), missing='listwise')\n"
        "core.efa(m, 2, rotation='oblimin')\n"
        "print('factor_analyzer' in sys.modules)"
    )
    assert in_a_fresh_interpreter(code) == "False"
