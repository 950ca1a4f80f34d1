"""The report for programs: the stored bytes, a stated shape, plain refusals."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from analytics.actions import request_analysis
from analytics.api.stored import SHOWN_IN, ReleaseOut, ReportOut
from analytics.models import Analysis, Release
from analytics.release_registry import SECTIONS
from surveys.models import Organization, Survey, Wave
from surveys.models.people import Role
from surveys.tenancy import organization_scope
from tests.factories import (
    close_for_good,
    make_analysis,
    make_member,
    make_organization,
    make_responses,
    make_survey,
    make_wave,
    signed_in,
)
from tests.jobs import run_waiting_jobs
from tests.released import make_release
from tests.surveys.api.conftest import make_program, problem

pytestmark = pytest.mark.usefixtures("database")


def address(wave: Wave) -> str:
    return reverse("analytics:report-json", args=[wave.pk])


@pytest.fixture
def analysed(wave: Wave) -> Wave:
    make_responses(wave, 30)
    with organization_scope(wave.organization_id):
        request_analysis(wave=wave, at=timezone.now())
    run_waiting_jobs()
    return wave


def test_the_report_is_the_stored_one(owner: Client, analysed: Wave) -> None:
    reply = owner.get(address(analysed))
    with organization_scope(analysed.organization_id):
        stored = Analysis.objects.get().result
    assert reply["Content-Type"] == "application/json"
    # number by number and in the same order, though spaced differently
    assert reply.content.decode() == json.dumps(
        json.loads(stored), ensure_ascii=False, separators=(",", ":")
    )


def test_the_stated_shape_is_the_whole_report(analysed: Wave) -> None:
    with organization_scope(analysed.organization_id):
        stored = json.loads(Analysis.objects.get().result)
    assert list(stored) == list(ReportOut().fields)
    assert ReportOut(data=stored).is_valid(raise_exception=True)


def test_without_a_report_there_is_a_problem(owner: Client, wave: Wave) -> None:
    reply = owner.get(address(wave))
    assert reply.status_code == 404
    assert reply["Content-Type"] == "application/problem+json"
    assert reply.json()["detail"].startswith("There is no report of a wave")


def test_foreign_and_unknown_waves_are_the_same_problem(analysed: Wave) -> None:
    client = signed_in(make_member(make_organization("Hill Coffee")))
    foreign = client.get(address(analysed))
    unknown = client.get(reverse("analytics:report-json", args=[uuid4()]))
    assert (foreign.status_code, foreign.content) == (404, unknown.content)


def test_strangers_get_a_problem_not_a_sign_in_page(wave: Wave) -> None:
    reply = Client().get(address(wave))
    assert reply.status_code == 401
    assert reply["Content-Type"] == "application/problem+json"


def test_a_role_without_reports_gets_a_problem(
    organization: Organization, wave: Wave
) -> None:
    client = signed_in(make_member(organization, role=Role.FIELDWORKER))
    reply = client.get(address(wave))
    assert reply.status_code == 403
    assert reply["Content-Type"] == "application/problem+json"
    assert reply.json()["detail"] == "Your role in this organization may not do this."


def test_nothing_can_be_sent_there(owner: Client, wave: Wave) -> None:
    for method in (owner.post, owner.put, owner.patch, owner.delete):
        assert method(address(wave)).status_code == 405


def release_address(wave: Wave) -> str:
    return reverse("analytics:release-json", args=[wave.pk])


PARTS = {
    "segments": '{"segments": []}',
    "trend": '{"a": 1}',
    "trend/unit:x": '{"a": 2}',
    "comments": '{"questions": []}',
    "basis": '{"moments": {"everyone": {}}}',
    "publication": '{"all": []}',
}


def test_a_release_is_given_part_by_part_without_its_basis(
    owner: Client, wave: Wave
) -> None:
    release = make_release(wave, PARTS)
    reply = owner.get(release_address(wave))
    assert reply["Content-Type"] == "application/json"
    given = reply.json()
    assert list(given) == list(ReleaseOut().fields)
    assert ReleaseOut(data=given).is_valid(raise_exception=True)
    assert given["digest"] == release.digest
    assert given["parts"] == {
        name: json.loads(text)
        for name, text in PARTS.items()
        if name not in {"basis", "publication"}
    }


def test_a_role_gets_the_parts_of_its_sections(
    organization: Organization, wave: Wave
) -> None:
    make_release(wave, PARTS)
    auditor = signed_in(make_member(organization, role=Role.AUDITOR))
    parts = auditor.get(release_address(wave)).json()["parts"]
    assert set(parts) == {"segments", "trend", "trend/unit:x"}


def test_every_part_that_is_made_has_the_sections_that_show_it() -> None:
    made = {section.name for section in SECTIONS} | {"report", "segments", "audit"}
    assert made == set(SHOWN_IN)


def test_a_withdrawn_release_is_gone(owner: Client, wave: Wave) -> None:
    release = make_release(wave, PARTS)
    with organization_scope(wave.organization_id):
        assert release.withdraw()
    reply = owner.get(release_address(wave))
    assert reply.status_code == 404
    assert reply.json()["detail"].startswith("There is no release of a wave")


def test_the_report_of_promised_answers_is_that_of_their_release(
    organization: Organization, owner: Client
) -> None:
    wave = make_wave(make_survey(organization, mode=Survey.Mode.ANONYMOUS))
    close_for_good(wave)
    made_before = make_analysis(
        wave, status="done", result='{"title": "raw"}', input_sha256="0" * 64
    )
    assert made_before.result
    assert owner.get(address(wave)).status_code == 404
    empty = dict.fromkeys(ReportOut().fields)
    make_release(wave, {"report": json.dumps({**empty, "n_rows": 24})})
    assert owner.get(address(wave)).json()["n_rows"] == 24


@pytest.mark.parametrize(
    ("body", "kept"), [(None, "rule"), ({}, "rule"), ({"estimator": "FIML"}, "FIML")]
)
@pytest.mark.parametrize("what", ["analyses", "releases"])
def test_a_program_chooses_how_the_items_are_taken(
    organization: Organization, wave: Wave, what: str, body: Any, kept: str
) -> None:
    make_responses(wave, 30)
    close_for_good(wave)
    asked = make_program(organization)("POST", f"waves/{wave.pk}/{what}/", body)
    assert asked.status_code == 202, asked.content
    with organization_scope(organization.pk):
        made = (Analysis if what == "analyses" else Release).objects.get()
    assert made.settings["estimator"] == kept


@pytest.mark.parametrize("what", ["analyses", "releases"])
def test_a_program_that_names_no_way_of_taking_the_items_is_told(
    organization: Organization, wave: Wave, what: str
) -> None:
    close_for_good(wave)
    program = make_program(organization)
    reply = program("POST", f"waves/{wave.pk}/{what}/", {"estimator": "MAGIC"})
    (fault,) = problem(reply, 400)["errors"]
    assert fault["pointer"] == "/estimator"
    assert "MAGIC" in fault["detail"]
    with organization_scope(organization.pk):
        assert not (Analysis if what == "analyses" else Release).objects.exists()
