"""The Python client: written from the description, and used against a live server."""

import filecmp
import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from clients.generate import generate
from surveys.models import Organization
from tests.factories import publish_library
from tests.jobs import run_waiting_jobs
from tests.site import serving
from tests.surveys.api.conftest import make_program

KEPT = Path(__file__).resolve().parents[2] / "clients" / "python"


def files_of(folder: Path) -> set[Path]:
    found = (path.relative_to(folder) for path in folder.rglob("*"))
    return {path for path in found if path.suffix in {".py", ".toml", ".md"}}


def test_the_kept_client_is_what_the_description_makes(tmp_path: Path) -> None:
    generate(tmp_path / "python")
    assert files_of(tmp_path / "python") == files_of(KEPT)
    match, differ, odd = filecmp.cmpfiles(
        tmp_path / "python", KEPT, [str(one) for one in files_of(KEPT)], shallow=False
    )
    assert (differ, odd) == ([], []), "run clients/generate.py"
    assert match


@pytest.fixture
def client(
    organization: Organization, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Any]:
    """A signed-in client of a live server, made with the kept package."""
    monkeypatch.syspath_prepend(str(KEPT))
    package = importlib.import_module("trustsurvey_client")
    secret = make_program(organization).secret
    signed_in = package.AuthenticatedClient
    with serving() as address, signed_in(base_url=address, token=secret) as made:
        yield made
    for name in [one for one in sys.modules if one.startswith("trustsurvey_client")]:
        del sys.modules[name]


def operation(tag: str, name: str) -> Any:
    return importlib.import_module(f"trustsurvey_client.api.{tag}.{name}")


def models() -> Any:
    return importlib.import_module("trustsurvey_client.models")


def test_a_round_trip_through_the_client(client: Any) -> None:
    publish_library()
    wave = _opened_wave(client)
    _hands_in(client, wave.id)
    closed = operation("waves", "close_wave").sync(wave.id, client=client)
    assert closed.state == "closed"
    analysis = operation("analyses", "start_analysis").sync(wave.id, client=client)
    run_waiting_jobs()
    detail = operation("analyses", "get_analysis").sync(analysis.id, client=client)
    assert detail.status in {"done", "failed"}
    page = operation("analyses", "list_analyses").sync(client=client, wave=wave.id)
    assert [one.id for one in page.items] == [analysis.id]
    refused = operation("waves", "close_wave").sync_detailed(wave.id, client=client)
    assert (refused.status_code, type(refused.parsed).__name__) == (409, "ProblemOut")


def _opened_wave(client: Any) -> Any:
    """Make a survey of the library's brand questionnaire and open it."""
    listed = operation("library", "list_questionnaires").sync(client=client, code="TBE")
    body = models().SurveyInRequest.from_dict(
        {
            "title": {"en": "Trust in tea", "zh_hans": "对茶的信任"},
            "questionnaire": {"id": str(listed.items[0].id)},
            "own_referent": {"en": "Harbour Tea", "zh_hans": "海港茶"},
            "mode": "open",
        }
    )
    create = operation("surveys", "create_survey")
    survey = create.sync(client=client, body=body, idempotency_key="first")
    same = create.sync(client=client, body=body, idempotency_key="first")
    assert (survey.id, survey.title.zh_hans) == (same.id, "对茶的信任")
    asked = SimpleNamespace(items=survey.form.additional_properties["items"])
    assert asked.items
    open_wave = operation("waves", "open_wave")
    return open_wave.sync(survey.id, client=client, body=models().WaveInRequest())


def _hands_in(client: Any, wave_id: Any) -> None:
    """Hand in one answer twice, and read it back."""
    wave = operation("waves", "get_wave").sync(wave_id, client=client)
    survey = operation("surveys", "get_survey").sync(wave.survey, client=client)
    codes = [item["code"] for item in survey.form.additional_properties["items"]]
    answer = {"id": str(uuid4()), "language": "en", "answers": {codes[0]: 3}}
    body = models().ResponseInRequest.from_dict(answer)
    create = operation("responses", "create_response")
    for status in (201, 200):
        reply = create.sync_detailed(wave_id, client=client, body=body)
        assert reply.status_code == status
    page = operation("responses", "list_responses").sync(wave_id, client=client)
    (stored,) = page.items
    assert stored.answers.additional_properties[codes[0]] == 3
    assert page.next_ is None
