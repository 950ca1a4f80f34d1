"""From the design to the launch in a real browser, in both languages."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from surveys.collect.page import HTML_LANG
from surveys.models import Attribute, Participant, Survey
from surveys.tenancy import organization_scope
from tests.browser.accessibility import overflow, serious_findings
from tests.browser.test_owner_pages import sign_in
from tests.factories import (
    make_form,
    make_member,
    make_organization,
    make_survey,
    publish_library,
)
from tests.surveys.asked import make_people, make_unit
from tests.surveys.scheduled import make_schedule

# Where to keep pictures for whoever wants to look at them.
PICTURES = os.environ.get("SCREENSHOTS")
SHIFTS = {"early": 12, "late": 5, "night": 14}


def furnished() -> dict[str, str]:
    """A plant of three shifts that is to be asked, split by site; addresses by name."""
    organization = make_organization()
    make_member(organization)
    plant = make_unit(organization, "plant")
    make_people(organization, 3, unit=plant)
    for shift, number in SHIFTS.items():
        make_people(organization, number, unit=make_unit(organization, shift, plant))
    with organization_scope(organization.pk):
        Attribute.objects.create(
            organization=organization, code="site", name_en="Site", name_zh_hans="地点"
        )
        night = Participant.objects.filter(unit__code="night")
        night.update(attributes={"site": "Harbour"})
    survey = make_survey(organization, mode=Survey.Mode.ANONYMOUS)
    make_form(survey)
    first = timezone.localdate()
    whom: dict[str, Any] = {"split": "site"}
    make_schedule(survey, now=timezone.now(), first=first, people=whom)
    return {
        "survey": f"/surveys/{survey.pk}/",
        "start": f"/surveys/{survey.pk}/start/",
        "schedule": f"/surveys/{survey.pk}/schedule/",
        "rename": f"/surveys/{survey.pk}/rename/",
        "throw-away": f"/surveys/{survey.pk}/throw-away/",
        "planner": f"/surveys/{survey.pk}/plan/?asked=34&teams=2",
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
def test_pages_from_the_design_to_the_launch_fit_and_can_be_read(
    visit: Callable[..., Page], width: int, language: str
) -> None:
    addresses = furnished()
    page = visit(width=width, language=language)
    sign_in(page)
    for name, address in addresses.items():
        page.goto(address)
        for summary in page.locator("main details > summary").all():
            summary.click()
        assert overflow(page) <= 0, name
        assert serious_findings(page) == [], name
        if PICTURES:
            picture = Path(PICTURES) / f"design-{name}-{width}-{language}.png"
            page.screenshot(path=picture, full_page=True)


@pytest.mark.parametrize(
    ("width", "language"),
    [(360, "zh-hans"), pytest.param(1280, "en", marks=pytest.mark.long)],
)
def test_a_design_is_previewed_in_both_languages_before_it_is_made(
    visit: Callable[..., Page], width: int, language: str
) -> None:
    publish_library()
    make_member(make_organization())
    page = visit(width=width, language=language)
    sign_in(page)
    page.goto("/surveys/new/")
    page.locator(".doors a").first.click()
    page.locator(".after button[name=look]").click()
    assert overflow(page) <= 0
    assert serious_findings(page) == []
    if PICTURES:
        picture = Path(PICTURES) / f"design-new-{width}-{language}.png"
        page.screenshot(path=picture, full_page=True)
    for asked in ("en", "zh-hans"):
        with page.expect_popup() as opened:
            page.locator(f"button[name=preview][value={asked}]").click()
        shown = opened.value
        shown.wait_for_load_state()
        expect(shown.locator("form#answers")).to_have_count(1)
        assert shown.locator("html").get_attribute("lang") == HTML_LANG[asked]
        assert overflow(shown) <= 0
        assert serious_findings(shown) == []
        if PICTURES:
            shown.screenshot(
                path=Path(PICTURES) / f"design-preview-{width}-{asked}.png"
            )
        shown.close()
