"""The owner's pages in a real browser: width, contrast, keyboard, with and without JS."""

from collections.abc import Callable
from uuid import UUID

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from analytics.actions import request_analysis
from surveys.models import Organization, Wave
from surveys.tenancy import organization_scope
from tests.browser.accessibility import overflow, serious_findings
from tests.factories import (
    PASSWORD,
    make_analysis,
    make_member,
    make_organization,
    make_responses,
    make_survey,
    make_wave,
    publish_library,
)
from tests.jobs import run_waiting_jobs

Visit = Callable[..., Page]
LONG_TITLE = "Trust in Harbour Tea among the customers of the year, second half"
LONG_TITLE_ZH = "港湾茶下半年老顾客与新顾客对品牌信任程度的年度比较研究以及后续跟踪"


def sign_in(page: Page) -> None:
    page.goto("/sign-in/")
    page.locator("#id_login").fill("owner@example.org")
    page.locator("#id_password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator(".account")).to_be_visible()


def furnished() -> dict[str, str]:
    """An organization with something on each page; addresses by name."""
    published = publish_library()
    versions = {version.code: version.pk for version in published}
    packs = [version.pk for version in published if version.code == "OUT-C"]
    organization = make_organization()
    make_member(organization)
    survey = make_survey(organization, simulated=True)
    first = make_wave(survey)
    make_responses(first, 30)
    with organization_scope(organization.pk):
        request_analysis(wave=first, at=timezone.now())
    run_waiting_jobs()
    long = make_survey(organization, title_en=LONG_TITLE, title_zh_hans=LONG_TITLE_ZH)
    waiting = make_wave(long)
    make_analysis(waiting, status="running", progress=30, at=timezone.now())
    empty = make_wave(make_survey(organization))
    return {
        "list": "/",
        "library": "/library/",
        "instrument": reverse("surveys:instrument", args=[versions["TBE"]]),
        "difference": reverse("surveys:difference", args=packs),
        "search": "/library/?asked=team&minutes=2",
        "preview": reverse("surveys:preview", args=[versions["TCR"], "zh-hans"]),
        "new": f"/surveys/new/?questionnaire={versions['DAT']}",
        "survey": reverse("surveys:survey", args=[survey.pk]),
        "close": reverse("surveys:close-wave", args=[first.pk]),
        "report": reverse("analytics:report", args=[first.pk]),
        "progress": reverse("analytics:report", args=[waiting.pk]),
        "no-report": reverse("analytics:report", args=[empty.pk]),
        "sign-out": "/sign-out/",
    }


@pytest.mark.parametrize(
    ("width", "dark", "language"),
    [
        pytest.param(360, True, "en", marks=pytest.mark.long),
        (360, False, "zh-hans"),
        pytest.param(1280, False, "en", marks=pytest.mark.long),
    ],
)
def test_every_page_fits_and_can_be_used_by_everybody(
    visit: Visit, width: int, dark: bool, language: str
) -> None:
    addresses = furnished()
    page = visit(width=width, dark=dark, language=language)
    page.goto("/sign-in/")
    assert serious_findings(page) == []
    sign_in(page)
    for name, address in addresses.items():
        page.goto(address)
        assert overflow(page) <= 0, name
        assert page.locator("h1").count() == 1, name
        assert serious_findings(page) == [], name


@pytest.mark.parametrize("javascript", [True, False])
def test_an_owner_gets_from_the_library_to_a_report(
    visit: Visit, javascript: bool
) -> None:
    publish_library()
    organization = make_organization()
    make_member(organization)
    page = visit(javascript=javascript)
    sign_in(page)

    page.get_by_role("link", name="Library", exact=True).click()
    scale = page.get_by_role("link", name="Trust-Building Elements Scale", exact=True)
    scale.click()
    page.get_by_role("link", name="Start a survey", exact=True).click()
    page.get_by_label("Title in English").fill("Trust in our tea")
    page.get_by_role("button", name="Make the survey").click()
    # the Chinese title is missing: nothing is lost
    expect(page.get_by_text("This field is required.")).to_be_visible()
    expect(page.get_by_label("Title in English")).to_have_value("Trust in our tea")
    page.get_by_label("Title in Chinese").fill("我们的茶可信吗")
    short = page.get_by_label("short form · 9 items · about 2 minutes").first
    expect(short).to_be_hidden()
    page.get_by_label("Customer outcomes").check()
    # how it is asked shows by style alone, and the less is offered first
    expect(short).to_be_visible()
    expect(short).to_be_checked()
    page.get_by_role("button", name="Make the survey").click()

    page.get_by_role("button", name="Open the first wave").click()
    link = page.get_by_label("Link to the survey").input_value()
    expect(page.locator("svg.qr-code")).to_be_visible()
    if javascript:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.get_by_role("button", name="Copy", exact=True).click()
        expect(page.get_by_role("status").get_by_text("Copied")).to_be_visible()
        assert page.evaluate("navigator.clipboard.readText()") == link
    else:
        expect(page.get_by_role("button", name="Copy", exact=True)).to_be_hidden()
    respondent = visit(javascript=javascript)
    respondent.goto(link)
    expect(respondent.locator("h1")).to_have_text("Trust in our tea")

    make_responses(wave_behind(organization, link), 30)
    page.get_by_role("link", name="Close the wave").click()
    page.get_by_role("button", name="Close the wave").click()
    expect(page.get_by_text("30 answers")).to_be_visible()
    page.get_by_role("button", name="Start the analysis").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "The analysis is under way"
    )
    run_waiting_jobs()
    if not javascript:
        page.get_by_role("link", name="Load again").click()
    # with JavaScript the page notices by itself
    expect(page.get_by_role("heading", level=1)).to_have_text("Trust in our tea")


def wave_behind(organization: Organization, link: str) -> Wave:
    key = UUID(link.rstrip("/").rsplit("/", 1)[-1])
    with organization_scope(organization.pk):
        return Wave.objects.get(pk=key)


def test_the_keyboard_reaches_the_content_first(visit: Visit) -> None:
    make_member()
    page = visit()
    sign_in(page)
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()


def test_the_language_is_switched_where_one_stands(visit: Visit) -> None:
    make_member()
    page = visit()
    sign_in(page)
    page.goto("/library/")
    page.get_by_role("button", name="中文").click()
    page.wait_for_url("**/library/")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
