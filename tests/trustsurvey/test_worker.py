"""The worker pays for the compiled statistics when it starts; a page never does."""

import subprocess
import sys
from pathlib import Path

import pytest

from analytics.psychometrics import compiled
from trustsurvey.management.commands import worker

PROJECT = Path(__file__).resolve().parents[2]
EVERY_VIEW = """
import sys
from importlib import import_module

from django.urls import get_resolver
from trustsurvey.wsgi import application

def callbacks(patterns):
    for one in patterns:
        yield from callbacks(one.url_patterns) if hasattr(one, "url_patterns") else [one.callback]

views = {view.__module__ for view in callbacks(get_resolver().url_patterns)}
for name in views:
    import_module(name)
import analytics.actions, analytics.responses, analytics.results
print(len(views) > 5, "numba" in sys.modules)
"""


def test_statistics_are_warm_before_the_first_job(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    started: list[tuple[float, bool]] = []
    monkeypatch.setattr(compiled, "_loaded", {})
    monkeypatch.setattr(
        worker,
        "carry_out",
        lambda grace: started.append((grace, compiled.kernels("auto") is not None)),
    )
    worker.Command().handle(grace=2.0)
    assert started == [(2.0, True)]


def test_without_numba_the_worker_says_so_and_starts(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    started: list[float] = []
    monkeypatch.setattr(compiled, "installed", lambda: False)
    monkeypatch.setattr(worker, "carry_out", started.append)
    with caplog.at_level("INFO"):
        worker.Command().handle(grace=2.0)
    assert started == [2.0]
    assert "NumPy path" in caplog.text


def test_a_process_with_every_page_loaded_has_no_numba() -> None:
    done = subprocess.run(
        [sys.executable, "-c", EVERY_VIEW],
        cwd=PROJECT,
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.split() == ["True", "False"]
