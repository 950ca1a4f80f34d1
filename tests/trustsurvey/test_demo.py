"""The demo: a stated model, the real intake, and a mark wherever it is shown."""

import io
import time
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from django.core.management import call_command

from analytics.models import Release
from surveys.models import Response, Survey, Wave
from surveys.tenancy import organization_scope
from tests.factories import brand_form, publish_library
from tests.jobs import run_waiting_jobs
from tests.site import serving
from trustsurvey.demo import CUSTOMERS, PHI, customers
from trustsurvey.demo_fieldwork import TITLE
from trustsurvey.management.commands import demo

FEW = 60
NO_PULSE = SimpleNamespace(waves=())


def test_the_same_seed_gives_the_same_people() -> None:
    form = brand_form()
    first, again = (list(customers(form)) for _ in range(2))
    assert first == again
    assert len({customer.key for customer in first}) == CUSTOMERS
    assert {customer.key.version for customer in first} == {4}


def test_the_answers_follow_the_stated_model() -> None:
    """Scale scores correlate as the factors do, weakened by what items cannot carry."""
    form = brand_form()
    codes = np.array([customer.answers for customer in customers(form)], dtype=float)
    codes[codes < 0] = np.nan
    scores = []
    for scale in (scale for scale in form.scales if scale.role == "trust"):
        columns = [j for j, item in enumerate(form.items) if item.scale == scale.code]
        keyed = [
            8 - codes[:, j] if form.items[j].reverse else codes[:, j] for j in columns
        ]
        scores.append(np.nanmean(keyed, axis=0))
    observed = np.corrcoef(scores)
    # reliabilities near .80 shrink each correlation to about .8 of the factors';
    # .1 is three standard errors of a correlation at n = 600
    np.testing.assert_allclose(observed, np.where(PHI == 1, 1, 0.8 * PHI), atol=0.1)
    chinese = np.mean([c.language == "zh-hans" for c in customers(form)])
    assert chinese == pytest.approx(0.55, abs=0.06)


@pytest.fixture
def few_customers(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Any
) -> None:
    settings.VAR_DIR = tmp_path
    monkeypatch.setattr(demo, "customers", partial(customers, n=FEW))


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """A background worker that works whenever the command waits for it.

    Not beside the command: in one process the worker takes the connector of the whole
    application, and asking for a job at that moment would fail.
    """
    waiting = SimpleNamespace(
        sleep=lambda seconds: run_waiting_jobs(), monotonic=time.monotonic
    )
    monkeypatch.setattr(demo, "time", waiting)


def rows() -> tuple[list[Wave], int, bool]:
    """Waves of the brand study, their answers, and its mark."""
    with organization_scope(demo._demo_organization()):
        survey = Survey.objects.get(title_en=demo.TITLE.en)
        waves = list(Wave.objects.filter(survey=survey).order_by("number"))
        answers = Response.objects.filter(wave__in=waves).count()
        return waves, answers, survey.simulated


def released() -> list[tuple[int, str]]:
    """Number of each wave of the pulse with the state of its release."""
    with organization_scope(demo._demo_organization()):
        found = Release.objects.filter(wave__survey__title_en=TITLE.en)
        return list(found.order_by("wave__number").values_list("wave__number", "state"))


def test_the_demo_runs_once_and_shows_the_same_again(
    few_customers: None, worker: None, database: None
) -> None:
    publish_library()
    said = []
    with serving() as site:
        for _ in range(2):
            out = io.StringIO()
            call_command("demo", site=site, stdout=out)
            said.append(out.getvalue().partition("Do customers trust")[2])
    assert said[0] == said[1]
    for words in ("Simulated data", "E0", "Omega", "Loyalty", "demo@example.org"):
        assert words in said[0]
    waves, answers, simulated = rows()
    assert ([wave.state for wave in waves], answers) == (["closed", "open"], FEW)
    assert simulated
    assert released() == [(1, "published"), (2, "published"), (3, "published")]


def test_an_interrupted_demo_goes_on_where_it_stopped(
    few_customers: None,
    worker: None,
    database: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    publish_library()
    # what becomes of the pulse is told above
    monkeypatch.setattr(demo, "field_pulse", lambda *given, **more: NO_PULSE)
    with serving() as site:
        with monkeypatch.context() as broken:
            broken.setattr("surveys.actions.close_wave", _killed)
            with pytest.raises(KeyboardInterrupt):
                call_command("demo", site=site, stdout=io.StringIO())
        call_command("demo", site=site, stdout=io.StringIO())
    _, answers, _ = rows()
    assert answers == FEW


def _killed(**kwargs: object) -> None:
    raise KeyboardInterrupt
