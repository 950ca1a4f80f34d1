"""The compiled path is optional, cached and never loaded behind one's back."""

import subprocess
import sys

import numpy as np
import pytest

from analytics.psychometrics import BurtTable, compiled
from analytics.psychometrics.sem import ordinal_moments

from .cases import likert


def in_a_fresh_interpreter(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def test_nothing_is_compiled_until_it_is_warmed_up() -> None:
    code = (
        "import sys, numpy as np, analytics.psychometrics as core\n"
        "data = core.ResponseMatrix(np.zeros((9, 3), int),\n"
        "    tuple(core.Item(c, 1, 5) for c in 'abc'))\n"
        "core.BurtTable.of(data, missing='pairwise')\n"
        "print('numba' in sys.modules)\n"
        "core.compiled.warm_up()\n"
        "print('numba' in sys.modules)"
    )
    assert in_a_fresh_interpreter(code).split() == ["False", "True"]


def test_compiled_code_is_kept_on_the_disk() -> None:
    assert compiled.warm_up()
    loaded = compiled.kernels("auto")
    assert loaded is not None
    for name in ("count_pairs", "shuffle", "fit_pairs", "look_up_pairs"):
        stats = getattr(loaded, name).stats
        assert sum(stats.cache_hits.values()) + sum(stats.cache_misses.values()) == 1


def test_warming_up_compiles_for_the_types_that_are_used(
    rng: np.random.Generator,
) -> None:
    assert compiled.warm_up()
    loaded = compiled.kernels("compiled")
    assert loaded is not None
    BurtTable.of(likert(rng, 50_000, 4), missing="pairwise", engine="compiled")
    assert len(loaded.count_pairs.signatures) == 1
    ordinal_moments(likert(rng, 500, 4), missing="listwise", engine="compiled")
    assert len(loaded.look_up_pairs.signatures) == 1


def test_without_numba_the_numpy_path_works_and_the_compiled_one_says_so(
    monkeypatch: pytest.MonkeyPatch, rng: np.random.Generator
) -> None:
    monkeypatch.setattr(compiled, "_loaded", {})
    monkeypatch.setattr(compiled, "installed", lambda: False)
    assert not compiled.warm_up()
    data = likert(rng, 20, 3)
    assert BurtTable.of(data, missing="pairwise").n == 20
    with pytest.raises(ModuleNotFoundError, match="needs numba"):
        BurtTable.of(data, missing="pairwise", engine="compiled")


def test_wrong_settings_are_named(rng: np.random.Generator) -> None:
    data = likert(rng, 20, 3)
    with pytest.raises(ValueError, match="engine must be"):
        BurtTable.of(data, missing="pairwise", engine="fast")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="threads must be"):
        BurtTable.of(data, missing="pairwise", engine="compiled", threads=0)


def test_slices_cover_everything_once() -> None:
    for length, parts in ((0, 2), (5, 2), (100, 3), (7, 7)):
        cut = compiled.slices(length, parts, smallest=3)
        assert [i for part in cut for i in range(length)[part]] == list(range(length))
