"""Groups split by an attribute: from the page, the schedule or the API to the wave."""

from datetime import timedelta
from typing import Any

import pytest
from django import forms
from django.test import Client

from surveys.fieldwork import due
from surveys.fieldwork.outlook import audience
from surveys.fieldwork.sampling import Whom
from surveys.forms_schedule import MOST_SPLIT, People, ScheduleForm
from surveys.models import Attribute, Cell, Invitation, Organization, Participant
from surveys.models import Survey as SurveyRow
from surveys.promise import Thresholds
from surveys.tenancy import organization_scope
from tests.factories import NOW, make_form, make_survey
from tests.surveys.api.conftest import make_program, problem
from tests.surveys.asked import make_people, make_unit
from tests.surveys.scheduled import at, make_schedule, sweep_at, waves_of
from tests.surveys.test_schedule_pages import FILLED, kept, page

MONDAY = at("2026-01-05T08:00")
SITES = {"Berlin": 9, "北京": 12, "Paris": 3}
JOINT, ALONE = "Team sales · Berlin + Team sales · Paris", "Team sales · 北京"

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def staff(organization: Organization) -> Organization:
    """One team at three sites, at one of which work only three."""
    unit = make_unit(organization, "sales")
    with organization_scope(organization.pk):
        Attribute.objects.create(
            organization=organization, code="site", name_en="Site", name_zh_hans="地点"
        )
    for site, number in SITES.items():
        people = make_people(organization, number, unit=unit)
        with organization_scope(organization.pk):
            Participant.objects.filter(pk__in=[one.pk for one in people]).update(
                attributes={"site": site}
            )
    return organization


def anonymous(organization: Organization) -> SurveyRow:
    survey = make_survey(organization, mode=SurveyRow.Mode.ANONYMOUS)
    make_form(survey)
    return survey


def cells(organization: Organization, **of: Any) -> list[Cell]:
    with organization_scope(organization.pk):
        return list(Cell.objects.filter(**of).order_by("name_en"))


def test_the_audience_shows_the_groups_that_will_be(staff: Organization) -> None:
    with organization_scope(staff.pk):
        told = audience(
            Whom(split="site"), mode="anonymous", thresholds=Thresholds(), at=NOW
        )
        whole = audience(Whom(), mode="anonymous", thresholds=Thresholds(), at=NOW)
    assert [one.name.en for one in told.groups] == ["Team sales", JOINT, ALONE]
    assert [one.name.en for one in whole.groups] == ["Team sales"]


def test_a_schedule_is_split_on_its_page_and_asks_so(
    staff: Organization, owner: Client
) -> None:
    survey = anonymous(staff)
    address = f"/surveys/{survey.pk}/schedule/"
    sent = FILLED | {"every": 4, "rest_days": 0, "share": "", "split": "site"}
    assert "Split groups by" in page(owner, address)
    page(owner, address, **sent)
    schedule = kept(survey)
    assert schedule is not None
    assert schedule.people == {"split": "site"}
    due.sweep(at(f"{sent['first']}T09:30"))
    (wave,) = waves_of(schedule)
    found = cells(staff, wave=wave)
    assert [(one.name_en, one.invited) for one in found] == [
        ("Team sales", 0),
        (JOINT, 12),
        (ALONE, 12),
    ]
    with organization_scope(staff.pk):
        asked = Invitation.objects.filter(wave=wave).select_related("participant")
        together = {
            (one.participant.attributes["site"], one.cell_id)
            for one in asked
            if one.participant is not None
        }
    joint, alone = found[1].pk, found[2].pk
    assert together == {("Berlin", joint), ("Paris", joint), ("北京", alone)}


def test_the_next_wave_has_the_same_groups(staff: Organization) -> None:
    schedule = make_schedule(anonymous(staff), people={"split": "site"})
    week = timedelta(days=7)
    sweep_at([MONDAY, MONDAY + timedelta(days=5), MONDAY + timedelta(days=6, hours=1)])
    due.sweep(MONDAY + week)
    first, second = waves_of(schedule)
    keys = [{one.key for one in cells(staff, wave=wave)} for wave in (first, second)]
    assert keys[0] == keys[1]
    assert len(keys[0]) == 3


def test_a_program_splits_a_wave_too(staff: Organization) -> None:
    survey, program = anonymous(staff), make_program(staff)
    address = f"surveys/{survey.pk}/waves/"
    unknown = problem(program("POST", address, {"split": "floor"}), 400)
    assert unknown["errors"][0]["pointer"] == "/split"
    made = program("POST", address, {"split": "site"})
    assert made.status_code == 201, made.content
    assert [one.name_en for one in cells(staff)] == ["Team sales", JOINT, ALONE]


def test_a_mode_without_groups_is_not_split(staff: Organization) -> None:
    survey = make_survey(staff, mode=SurveyRow.Mode.IDENTIFIED)
    make_form(survey)
    address = f"surveys/{survey.pk}/waves/"
    said = problem(make_program(staff)("POST", address, {"split": "site"}), 400)
    assert said["errors"][0]["pointer"] == "/split"


def test_what_nearly_everybody_has_for_himself_splits_nothing() -> None:
    many = [str(value) for value in range(MOST_SPLIT + 1)]
    people = People(attributes=[("born", "Born", many), ("site", "Site", ["a", "b"])])
    offered = ScheduleForm(people=people).fields["split"]
    assert isinstance(offered, forms.ChoiceField)
    assert offered.valid_value("site")
    assert not offered.valid_value("born")
    assert "split" not in ScheduleForm(people=People()).fields
