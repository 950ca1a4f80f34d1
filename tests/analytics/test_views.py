"""From the wish for an analysis to its report, as the owner sees it."""

import json
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from analytics.actions import PATIENCE, request_analysis, run_analysis
from analytics.models import Analysis, Release
from surveys.models import Organization, Survey, Wave
from surveys.models.people import Role
from surveys.tenancy import organization_scope
from tests.factories import (
    close_for_good,
    make_analysis,
    make_member,
    make_responses,
    make_survey,
    make_wave,
    signed_in,
)
from tests.jobs import run_waiting_jobs

pytestmark = pytest.mark.usefixtures("database")

FRAGMENT = {"HX-Request": "true"}


def report_address(wave: Wave) -> str:
    return reverse("analytics:report", args=[wave.pk])


def ask(client: Client, wave: Wave) -> None:
    reply = client.post(reverse("analytics:analyse", args=[wave.pk]))
    assert reply["Location"] == reverse("analytics:analysis", args=[wave.pk])


def text_of(client: Client, address: str, **headers: str) -> str:
    reply = client.get(address, headers=headers)
    assert reply.status_code == 200
    return " ".join(reply.content.decode().split())


def analyses_of(wave: Wave) -> list[Analysis]:
    with organization_scope(wave.organization_id):
        return list(Analysis.objects.filter(wave=wave).newest_first())


def test_without_an_analysis_the_page_says_what_to_do(
    owner: Client, wave: Wave
) -> None:
    page = text_of(owner, report_address(wave))
    assert "There is no report yet" in page
    assert reverse("analytics:analyse", args=[wave.pk]) in page


def test_a_click_becomes_a_report_through_the_real_queue(
    owner: Client, wave: Wave
) -> None:
    make_responses(wave, 40)
    ask(owner, wave)
    waiting = text_of(owner, report_address(wave))
    assert "The analysis is under way" in waiting
    assert 'hx-trigger="every 1s"' in waiting
    assert "Load again" in waiting
    run_waiting_jobs()
    page = text_of(owner, report_address(wave))
    assert "Emotional connection" in page
    assert "Preview: the wave is still open" in page
    assert 'src="/static/built/report.js"' in page
    chinese = text_of(owner, report_address(wave), **{"Accept-Language": "zh-CN"})
    assert "情感联系" in chinese


def test_the_fragment_shows_how_far_it_is(owner: Client, wave: Wave) -> None:
    make_analysis(
        wave,
        status="running",
        step="progress_structure",
        progress=42,
        at=timezone.now(),
    )
    page = text_of(owner, report_address(wave), **FRAGMENT)
    assert "<html" not in page
    assert "Parallel analysis" in page
    assert 'value="42"' in page


@pytest.mark.parametrize("status", ["done", "failed"])
def test_the_fragment_of_something_finished_loads_its_page(
    owner: Client, wave: Wave, status: str
) -> None:
    values: dict[str, Any] = (
        {"result": "{}", "input_sha256": "0" * 64}
        if status == "done"
        else {"failure": '{"code": "analysis_stopped", "params": {}}'}
    )
    make_analysis(wave, status=status, **values)
    reply = owner.get(report_address(wave), headers=FRAGMENT)
    assert reply["HX-Refresh"] == "true"


def test_a_failure_is_one_sentence_in_the_readers_language(
    owner: Client, wave: Wave
) -> None:
    make_analysis(
        wave,
        status="failed",
        failure='{"code": "analysis_stopped", "params": {}, "text": ""}',
    )
    assert "The analysis stopped unexpectedly." in text_of(owner, report_address(wave))
    chinese = text_of(owner, report_address(wave), **{"Accept-Language": "zh-CN"})
    assert "分析意外中止" in chinese


def test_an_analysis_without_answers_still_ends(owner: Client, wave: Wave) -> None:
    ask(owner, wave)
    run_waiting_jobs()
    (analysis,) = analyses_of(wave)
    assert not analysis.is_under_way
    assert text_of(owner, report_address(wave))


def test_an_error_of_ours_leaves_a_sentence_and_is_raised(
    owner: Client, wave: Wave, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(owner, wave)
    (analysis,) = analyses_of(wave)

    def broken(*args: object, **kwargs: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("analytics.actions.build_report", broken)
    with pytest.raises(ZeroDivisionError):
        run_analysis(organization_id=wave.organization_id, analysis_id=analysis.pk)
    assert "stopped unexpectedly" in text_of(owner, report_address(wave))


def test_a_report_of_another_version_asks_to_start_again(
    owner: Client, wave: Wave
) -> None:
    make_analysis(
        wave, status="done", result='{"schema_version": 0}', input_sha256="0" * 64
    )
    page = text_of(owner, report_address(wave))
    assert "can no longer be shown" in page


def test_older_reports_stay_readable(owner: Client, wave: Wave) -> None:
    make_responses(wave, 30)
    for _ in range(2):
        ask(owner, wave)
        run_waiting_jobs()
    newer, older = analyses_of(wave)
    address = reverse("analytics:stored-report", args=[older.pk])
    assert address in text_of(owner, report_address(wave))
    page = text_of(owner, address)
    assert "Emotional connection" in page
    assert reverse("analytics:stored-report", args=[newer.pk]) in page


def test_a_report_made_before_closing_says_so(owner: Client, wave: Wave) -> None:
    make_responses(wave, 30)
    ask(owner, wave)
    run_waiting_jobs()
    owner.post(reverse("surveys:close-wave", args=[wave.pk]))
    assert "Made while the wave was open" in text_of(owner, report_address(wave))
    ask(owner, wave)
    run_waiting_jobs()
    assert "while the wave was open" not in text_of(owner, report_address(wave))


@pytest.mark.parametrize(("chosen", "used"), [("", "MLMV"), ("FIML", "FIML")])
def test_whoever_asks_chooses_how_the_items_are_taken(
    owner: Client, wave: Wave, chosen: str, used: str
) -> None:
    make_responses(wave, 60)
    page = text_of(owner, reverse("analytics:analysis", args=[wave.pk]))
    assert '<option value="rule" selected>' in page
    given = {"estimator": chosen} if chosen else {}
    owner.post(reverse("analytics:analyse", args=[wave.pk]), given)
    run_waiting_jobs()
    (analysis,) = analyses_of(wave)
    assert analysis.settings["estimator"] == (chosen or "rule")
    settings = json.loads(analysis.result)["settings"]
    assert (settings["estimator"], settings["by_rule"]) == (used, not chosen)


@pytest.mark.parametrize("address", ["analyse", "publish"])
def test_an_unknown_way_of_taking_the_items_asks_for_nothing(
    owner: Client, wave: Wave, address: str
) -> None:
    close_for_good(wave)
    where = reverse(f"analytics:{address}", args=[wave.pk])
    reply = owner.post(where, {"estimator": "MAGIC"}, follow=True)
    assert "from the list" in reply.content.decode()
    assert analyses_of(wave) == []
    with organization_scope(wave.organization_id):
        assert not Release.objects.exists()


@pytest.mark.parametrize("mode", [Survey.Mode.ANONYMOUS, Survey.Mode.CONFIDENTIAL])
def test_promised_answers_are_never_analysed_outside_of_a_release(
    organization: Organization, owner: Client, mode: str
) -> None:
    wave = make_wave(make_survey(organization, mode=mode))
    close_for_good(wave)
    reply = owner.post(reverse("analytics:analyse", args=[wave.pk]))
    assert reply["Location"] == report_address(wave)
    assert analyses_of(wave) == []
    old = make_analysis(wave, status="done", result="{}", input_sha256="0" * 64)
    for name, key in (("stored-report", old.pk), ("analysis", wave.pk)):
        reply = owner.get(reverse(f"analytics:{name}", args=[key]))
        assert reply["Location"] == report_address(wave)
    assert "audited releases only" in text_of(owner, report_address(wave))
    lines = reverse("analytics:release-lines", args=[old.pk])
    assert "audited releases only" in text_of(owner, lines)


def test_an_open_wave_of_a_known_people_survey_is_not_analysed(
    organization: Organization, owner: Client
) -> None:
    wave = make_wave(make_survey(organization, mode=Survey.Mode.IDENTIFIED))
    ask(owner, wave)
    assert analyses_of(wave) == []
    close_for_good(wave)
    ask(owner, wave)
    assert len(analyses_of(wave)) == 1


def test_two_clicks_at_once_are_one_analysis(owner: Client, wave: Wave) -> None:
    gate = threading.Barrier(4)
    client_cookies = owner.cookies

    def click() -> None:
        client = Client()
        client.cookies = client_cookies
        gate.wait()
        client.post(reverse("analytics:analyse", args=[wave.pk]))
        connections.close_all()

    clicks = [threading.Thread(target=click) for _ in range(4)]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join()
    assert len(analyses_of(wave)) == 1


def test_what_a_killed_worker_left_behind_can_be_started_again(
    owner: Client, wave: Wave
) -> None:
    late = timezone.now() - PATIENCE - timedelta(seconds=1)
    make_analysis(wave, status="running", at=late)
    page = text_of(owner, report_address(wave))
    assert "This takes unusually long" in page
    ask(owner, wave)
    assert [a.status for a in analyses_of(wave)] == ["queued", "running"]


def test_the_wish_and_its_job_are_one_transaction(wave: Wave) -> None:
    with organization_scope(wave.organization_id):
        request_analysis(wave=wave, at=timezone.now())
        transaction.set_rollback(True)
    assert analyses_of(wave) == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs")
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize(
    ("role", "status"), [(Role.AUDITOR, 403), (Role.FIELDWORKER, 403)]
)
def test_only_owners_and_analysts_start_an_analysis(
    organization: Organization, wave: Wave, role: Role, status: int
) -> None:
    client = signed_in(make_member(organization, role=role))
    reply = client.post(reverse("analytics:analyse", args=[wave.pk]))
    assert reply.status_code == status
    assert analyses_of(wave) == []


def test_an_auditor_reads_but_is_offered_no_start(
    organization: Organization, wave: Wave
) -> None:
    client = signed_in(make_member(organization, role=Role.AUDITOR))
    page = text_of(client, report_address(wave))
    assert "An owner or analyst of your organization" in page
    assert reverse("analytics:analyse", args=[wave.pk]) not in page


def test_a_report_needs_three_queries_of_its_own(owner: Client, wave: Wave) -> None:
    """The wave, its analyses, the one long result; seven stand around each page."""
    make_responses(wave, 30)
    ask(owner, wave)
    run_waiting_jobs()
    with CaptureQueriesContext(connection) as captured:
        owner.get(reverse("analytics:analysis", args=[wave.pk]))
    assert len(captured) == 7 + 3


def test_an_owner_asks_for_another_release(
    organization: Organization, owner: Client
) -> None:
    wave = make_wave(make_survey(organization, mode=Survey.Mode.ANONYMOUS))
    publish = reverse("analytics:publish", args=[wave.pk])
    assert owner.post(publish)["Location"] == report_address(wave)
    assert "Only a wave that has ended" in text_of(owner, report_address(wave))
    close_for_good(wave)
    assert publish in text_of(owner, report_address(wave))
    owner.post(publish)
    page = text_of(owner, report_address(wave))
    assert "The report is being made" in page
    assert publish not in page
    run_waiting_jobs()
    page = text_of(owner, report_address(wave))
    assert "0 people answered; results are shown from 5 answers on." in page
    assert publish in page
    auditor = signed_in(
        make_member(organization, email="audit@example.org", role=Role.AUDITOR)
    )
    assert publish not in text_of(auditor, report_address(wave))
    assert auditor.post(publish).status_code == 403
