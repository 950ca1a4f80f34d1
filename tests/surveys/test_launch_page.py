"""Launching from the page: groups, thresholds, what will show, and the job behind it."""

import html
import json
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from surveys import arrivals, launching
from surveys.fieldwork import launch as launches
from surveys.models import Cell, Organization, Promise, Survey, Wave
from surveys.models.people import Role
from surveys.promise import Thresholds
from surveys.tenancy import organization_scope
from surveys.views.launch import SENTENCES
from tests.factories import make_form, make_member, make_survey, make_wave, signed_in
from tests.jobs import run_waiting_jobs
from tests.surveys.promised import cell
from tests.surveys.promised import launch as launch_wave

pytestmark = pytest.mark.usefixtures("database")

LEAST = {
    "least_for_scores": "5",
    "least_for_comments": "10",
    "least_for_sensitive": "20",
    "least_batch": "10",
}


def sent(*rows: dict[str, str], **more: str) -> dict[str, str]:
    """What the page sends with these rows of groups."""
    count = str(len(rows))
    fields = {"groups-TOTAL_FORMS": count, "groups-INITIAL_FORMS": "0"}
    for number, row in enumerate(rows):
        fields |= {f"groups-{number}-{name}": text for name, text in row.items()}
    return {**fields, **LEAST, **more}


def row(name: str, invited: int | str, above: str = "", **more: str) -> dict[str, str]:
    names = {"name_en": name, "name_zh_hans": f"{name}组" if name else ""}
    return {**names, "invited": str(invited), "above": above, **more}


COMPANY = (row("Company", 0), row("Sales", 12, "0"), row("Plant", 40, "0"))


@pytest.fixture
def survey(organization: Organization) -> Survey:
    made = make_survey(organization, mode=Survey.Mode.ANONYMOUS)
    make_form(made)
    return made


def post(client: Client, survey: Survey, fields: dict[str, str], **how: Any) -> Any:
    return client.post(reverse("surveys:launch", args=[survey.pk]), fields, **how)


def waves_of(survey: Survey) -> list[Wave]:
    with organization_scope(survey.organization_id):
        return list(Wave.objects.filter(survey=survey).order_by("number"))


def test_a_look_shows_what_will_be_reportable_and_launches_nothing(
    owner: Client, survey: Survey
) -> None:
    page = html.unescape(post(owner, survey, sent(*COMPANY, look="1")).content.decode())
    words = " ".join(page.split())
    assert "10 answers (84 %)" in words  # a whole batch of the twelve of Sales
    assert "5 answers (10 %)" in words  # the company stands below nothing
    assert "Results are shown for groups of at least 5 only" in words
    assert f"/surveys/{survey.pk}/plan/?asked=52&teams=2" in page
    assert 'name="launch"' in page
    assert waves_of(survey) == []


def test_a_copied_log_is_told_before_the_launch(
    owner: Client, survey: Survey, monkeypatch: pytest.MonkeyPatch
) -> None:
    warned = "log is archived or copied on this site"
    assert warned not in post(owner, survey, sent(*COMPANY, look="1")).content.decode()
    monkeypatch.setattr(arrivals, "COPIED", "SELECT true")
    assert warned in post(owner, survey, sent(*COMPANY, look="1")).content.decode()


def test_a_launch_is_a_wave_with_its_job(owner: Client, survey: Survey) -> None:
    reply = post(owner, survey, sent(*COMPANY, launch="1"))
    (wave,) = waves_of(survey)
    assert wave.state == Wave.State.PREPARING
    assert reply["Location"] == reverse("surveys:wave", args=[wave.pk])
    page = owner.get(reply["Location"]).content.decode()
    assert "Keys are being made" in page
    assert 'hx-trigger="every 1s"' in page

    run_waiting_jobs()
    (wave,) = waves_of(survey)
    assert wave.state == Wave.State.OPEN
    with organization_scope(survey.organization_id):
        cells = {c.name_en: c for c in Cell.objects.filter(wave=wave)}
    assert {name: c.invited for name, c in cells.items()} == {
        "Company": 0,
        "Sales": 12,
        "Plant": 40,
    }
    assert cells["Sales"].parent_id == cells["Company"].pk


def test_the_sweeper_opens_what_a_dead_worker_left(survey: Survey) -> None:
    with organization_scope(survey.organization_id):
        launching.prepare_wave(
            survey=survey,
            cells=[cell(8)],
            thresholds=Thresholds(),
            at=survey.created_at,
        )
    launches.open_due()
    launches.open_due()
    assert [wave.state for wave in waves_of(survey)] == [Wave.State.OPEN]


def test_a_second_click_launches_no_second_wave(owner: Client, survey: Survey) -> None:
    fields = sent(*COMPANY, launch="1")
    post(owner, survey, fields)
    page = html.unescape(post(owner, survey, fields).content.decode())
    assert str(SENTENCES["wave_under_way"]) in page
    assert len(waves_of(survey)) == 1


@pytest.mark.parametrize(
    ("rows", "more", "sentence"),
    [
        ([row("Sales", 7)], {}, "Invite 8 people or more, or 0"),
        ([row("Sales", 0)], {}, "Name at least one group"),
        ([], {}, "Name at least one group"),
        ([row("", 12)], {}, "This field is required."),
        ([row("Sales", 12), row("Plant", 9, "1")], {}, "Select a valid choice"),
        ([row("", ""), row("Plant", 9, "0")], {}, "This group has no name yet."),
        ([row("Sales", 12)], {"least_for_scores": "4"}, "Take 5 or more"),
        ([row("Sales", 12)], {"least_batch": ""}, "This field is required."),
        ([row("Sales", "many")], {}, "Enter a whole number."),
    ],
)
def test_mistakes_are_sentences_and_nothing_is_lost(
    owner: Client,
    survey: Survey,
    rows: list[dict[str, str]],
    more: dict[str, str],
    sentence: str,
) -> None:
    reply = post(owner, survey, sent(*rows, **more, launch="1"))
    assert reply.status_code == 200
    page = html.unescape(reply.content.decode())
    assert sentence in page
    for each in rows:
        assert f'value="{each["name_zh_hans"]}"' in page or not each["name_en"]
    assert waves_of(survey) == []


def test_mistakes_are_known_by_every_code() -> None:
    known = {"mode", "no_cells", "small_cell", "parent", "wave_under_way", "thresholds"}
    assert set(SENTENCES) == known


def test_more_rows_keep_what_is_half_filled_in(owner: Client, survey: Survey) -> None:
    half = row("Sales", "") | {"printed": "on"}
    fields = sent(half, row("", ""), more="1") | {"least_for_scores": "9"}
    page = post(owner, survey, fields).content.decode()
    assert 'value="Sales"' in page
    assert 'name="groups-4-name_en"' in page
    assert 'name="least_for_scores" value="9"' in page
    assert "This field is required." not in page
    assert 'name="groups-INITIAL_FORMS" value="0"' in page


def test_thresholds_of_an_earlier_wave_are_the_floor_of_the_next(
    owner: Client, survey: Survey
) -> None:
    raised = sent(row("Sales", 12), launch="1") | {"least_for_scores": "8"}
    post(owner, survey, raised)
    (first,) = waves_of(survey)
    with organization_scope(survey.organization_id):
        Wave.objects.filter(pk=first.pk).update(
            state=Wave.State.CLOSED, closed_at=first.opened_at
        )
    page = post(owner, survey, sent(row("Sales", 12), launch="1")).content.decode()
    assert "Take 8 or more" in page
    with (
        organization_scope(survey.organization_id),
        pytest.raises(launching.CannotLaunch, match="thresholds"),
    ):
        launches.request_launch(
            survey=survey,
            cells=[cell(8)],
            thresholds=Thresholds(),
            at=survey.created_at,
        )


def test_the_live_part_comes_alone(owner: Client, survey: Survey) -> None:
    reply = post(owner, survey, sent(*COMPANY), headers={"HX-Request": "true"})
    page = reply.content.decode()
    assert "<html" not in page
    assert "Sales" in page


@pytest.mark.parametrize("mode", [Survey.Mode.OPEN, Survey.Mode.IDENTIFIED])
def test_other_modes_are_sent_to_their_own_door(
    owner: Client, organization: Organization, mode: str
) -> None:
    survey = make_survey(organization, mode=mode)
    make_form(survey)
    reply = post(owner, survey, sent(row("Sales", 12), launch="1"))
    assert reply["Location"] == reverse("surveys:survey", args=[survey.pk])
    assert waves_of(survey) == []


def test_the_survey_page_leads_to_the_launch(owner: Client, survey: Survey) -> None:
    launch = reverse("surveys:launch", args=[survey.pk])
    page = owner.get(reverse("surveys:survey", args=[survey.pk])).content.decode()
    assert launch in page
    assert "Open the first wave" not in page
    reply = owner.post(reverse("surveys:open-wave", args=[survey.pk]))
    assert reply["Location"] == launch


def test_an_analyst_launches_nothing(
    organization: Organization, survey: Survey
) -> None:
    analyst = make_member(organization, email="a@example.org", role=Role.ANALYST)
    client = signed_in(analyst)
    assert post(client, survey, sent(*COMPANY, launch="1")).status_code == 403
    assert waves_of(survey) == []


def test_closing_stops_the_issuer_and_keeps_the_grace(
    owner: Client, organization: Organization
) -> None:
    wave = launch_wave([cell(8)], survey=_anonymous(organization))
    address = reverse("surveys:close-wave", args=[wave.pk])
    page = html.unescape(owner.get(address).content.decode())
    assert "may still arrive for 24 hours" in " ".join(page.split())
    owner.post(address)
    with organization_scope(organization.pk):
        assert Wave.objects.get(pk=wave.pk).state == Wave.State.GRACE
    run_waiting_jobs()
    assert _fact("SELECT is_open FROM issuer.wave") is False
    assert _fact("SELECT state FROM collector.wave") == "grace"


def test_the_sweeper_stops_what_a_dead_worker_left_issuing(
    organization: Organization,
) -> None:
    wave = launch_wave([cell(8)], survey=_anonymous(organization))
    other = make_wave()
    with organization_scope(organization.pk):
        assert launches.request_close(wave, at=wave.opened_at)
        assert not launches.request_close(wave, at=wave.opened_at)
    launches.stop_due()
    assert _fact("SELECT is_open FROM issuer.wave") is False
    with organization_scope(other.organization_id):
        assert Wave.objects.get(pk=other.pk).is_open


def test_the_promise_is_frozen_with_the_raised_numbers(
    owner: Client, survey: Survey
) -> None:
    post(owner, survey, sent(row("Sales", 30), launch="1") | {"least_for_scores": "12"})
    with organization_scope(survey.organization_id):
        promise = Promise.objects.get(wave__survey=survey)
    assert promise.least_for_scores == 12
    assert "at least 12 only" in promise.text_en
    run_waiting_jobs()
    with organization_scope(survey.organization_id):
        promise.refresh_from_db()
    assert json.loads(promise.manifest)["promise"] == promise.digest


def _anonymous(organization: Organization) -> Survey:
    survey = make_survey(organization, mode=Survey.Mode.ANONYMOUS)
    make_form(survey)
    return survey


def _fact(query: str) -> object:
    with connections["owner"].cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]
