"""The one door to numba, which is optional and imported only by `warm_up`.

Importing numba and loading the cached code takes about a second, compiling for the
first time several: the worker pays for it when it starts (`warm_up`), a page never.
Until then, and where numba is not installed, the NumPy path of each statistic works.
"""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from importlib.util import find_spec
from itertools import pairwise
from types import ModuleType
from typing import Literal, TypeVar

import numpy as np

from analytics.psychometrics.data import Matrix

Engine = Literal["auto", "numpy", "compiled"]
Part = TypeVar("Part")
Result = TypeVar("Result")

_KERNELS = "analytics.psychometrics.kernels"
_loaded: dict[str, ModuleType] = {}


def installed() -> bool:
    """Whether numba is there (the extra `fast`)."""
    return find_spec("numba") is not None


def warm_up() -> bool:
    """Load the compiled kernels, compiling them where no cache lies on the disk.

    Returns whether the compiled path is now in use: False where numba is missing.
    """
    if not installed():
        return False
    if _KERNELS not in _loaded:
        kernels = import_module(_KERNELS)
        _exercise(kernels)
        _loaded[_KERNELS] = kernels
    return True


def kernels(engine: Engine) -> ModuleType | None:
    """Return the compiled kernels for this engine, None for the NumPy path.

    "auto" takes what `warm_up` has loaded in this process; "compiled" loads it.

    Raises
    ------
    ModuleNotFoundError
        "compiled" where numba is not installed.
    """
    if engine not in ("auto", "numpy", "compiled"):
        raise ValueError(f'engine must be "auto", "numpy" or "compiled", not {engine}.')
    if engine == "compiled" and not warm_up():
        raise ModuleNotFoundError(
            'The compiled path needs numba: pip install "trustsurvey[fast]", '
            'or ask for engine="numpy".'
        )
    return None if engine == "numpy" else _loaded.get(_KERNELS)


def in_threads(
    work: Callable[[Part], Result], parts: Sequence[Part], threads: int
) -> list[Result]:
    """Apply `work` to every part; the order of the results is that of the parts."""
    if threads == 1 or len(parts) == 1:
        return [work(part) for part in parts]
    with ThreadPoolExecutor(min(threads, len(parts))) as pool:
        return list(pool.map(work, parts))


def n_threads(threads: int | None) -> int:
    """Return the given number of threads, or one a processor."""
    if threads is not None and threads < 1:
        raise ValueError(f"threads must be 1 or more, not {threads}.")
    return threads or os.cpu_count() or 1


def slices(length: int, parts: int, *, smallest: int) -> list[slice]:
    """Cut 0..length into at most `parts` even slices of at least `smallest`."""
    parts = max(1, min(parts, length // smallest))
    ends = [length * part // parts for part in range(parts + 1)]
    return [slice(a, b) for a, b in pairwise(ends)]


def _exercise(kernels: ModuleType) -> None:
    """Call every kernel once with the types that the statistics use."""
    one: Matrix = np.ones((1, 1))
    index = np.zeros(1, dtype=np.int32)
    codes = np.zeros((1, 1), dtype=np.int8)
    codes.setflags(write=False)
    size = np.array([[2], [1]], dtype=np.int32)
    starts = np.array([0, 2], dtype=np.int32)
    kernels.count_pairs(codes, index, index - 1, size, starts)
    kernels.shuffle(codes.copy(), np.zeros((1, 1), dtype=np.uint32))
    tables, rules = np.ones((1, 2, 2)), np.full((1, 3, 2), 2.0)
    limits = np.array([0.9, 0.1, 1, 1e-16])
    state = np.zeros((1, 1), dtype=np.uint8)
    kernels.look_up_pairs(state, one, 1, one.copy())
    kernels.fit_pairs(
        tables, index, index, 0 * one, one / 2, np.zeros(1), rules, limits
    )
