"""The pages of schedules, periods and health in a real browser, in both languages."""

import os
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from surveys.fieldwork import due, periods
from surveys.models import Event, Survey
from surveys.tenancy import organization_scope
from tests.browser.accessibility import overflow, serious_findings
from tests.browser.test_owner_pages import sign_in
from tests.factories import make_form, make_member, make_organization, make_survey
from tests.surveys.asked import make_people, make_unit
from tests.surveys.scheduled import make_schedule, waves_of

# Where to keep pictures for whoever wants to look at them.
PICTURES = os.environ.get("SCREENSHOTS")


def furnished() -> dict[str, str]:
    """A weekly pulse with a wave that was missed, one that is open, and an event."""
    organization = make_organization()
    make_member(organization)
    survey = make_survey(organization, mode=Survey.Mode.IDENTIFIED)
    make_form(survey)
    make_people(organization, 12, unit=make_unit(organization, "sales"))
    now = timezone.now()
    first = (now - timedelta(days=9)).date()
    schedule = make_schedule(
        survey, now=now - timedelta(days=20), first=first, reminders=[2, 4]
    )
    due.sweep(now)
    with organization_scope(organization.pk):
        Event.objects.create(
            organization=organization,
            survey=survey,
            date=date(2026, 3, 2),
            kind=Event.Kind.TRAINING,
            title_en="Training of team leaders",
            title_zh_hans="团队负责人培训",
        )
    (wave,) = waves_of(schedule)
    with organization_scope(organization.pk):
        periods.pause(wave, at=now + timedelta(seconds=1))
    return {
        "schedule": f"/surveys/{survey.pk}/schedule/",
        "period": f"/waves/{wave.pk}/period/",
        "health": "/health/",
    }


@pytest.mark.parametrize(
    ("width", "language"),
    [
        pytest.param(360, "en", marks=pytest.mark.long),
        (360, "zh-hans"),
        pytest.param(1280, "en", marks=pytest.mark.long),
        pytest.param(1280, "zh-hans", marks=pytest.mark.long),
    ],
)
def test_pages_of_schedules_fit_and_can_be_read(
    visit: Callable[..., Page], width: int, language: str
) -> None:
    addresses = furnished()
    page = visit(width=width, language=language)
    sign_in(page)
    for name, address in addresses.items():
        page.goto(address)
        assert overflow(page) <= 0, name
        assert serious_findings(page) == [], name
        if PICTURES:
            picture = Path(PICTURES) / f"{name}-{width}-{language}.png"
            page.screenshot(path=picture, full_page=True)


def test_fields_show_once_the_rhythm_uses_them(visit: Callable[..., Page]) -> None:
    address = furnished()["schedule"]
    page = visit()
    sign_in(page)
    page.goto(address)
    weeks = page.get_by_label("Weeks from one wave to the next")
    last, event = (
        page.get_by_label("Last day to open a wave"),
        page.get_by_label("Days from the event to the second wave"),
    )
    expect(weeks).to_be_visible()
    page.get_by_label("before and after an event").check()
    expect(event).to_be_visible()
    expect(last).to_be_hidden()
    page.get_by_label("once", exact=True).check()
    for field in (weeks, last, event):
        expect(field).to_be_hidden()
    page.get_by_label("every month", exact=True).check()
    expect(last).to_be_visible()
    # what is wrong is shown, whatever is chosen
    page.get_by_label("Number of waves").fill("0")
    page.get_by_label("once", exact=True).check()
    page.get_by_role("button", name="Set the schedule").click()
    expect(page.get_by_label("Number of waves")).to_be_visible()
