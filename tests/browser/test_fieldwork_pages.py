"""Designing, launching and looking after a wave in a real browser."""

import csv
import io
from collections.abc import Callable
from datetime import time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from surveys.definition import Text
from surveys.fieldwork import due, participation, periods
from surveys.fieldwork.calendar import Rule
from surveys.fieldwork.sampling import Whom
from surveys.launching import NewCell, prepare_wave
from surveys.models import Invitation, Organization, Participant, Survey, Wave
from surveys.promise import Thresholds
from surveys.tenancy import organization_scope
from tests.browser.accessibility import overflow, serious_findings
from tests.browser.test_owner_pages import sign_in
from tests.factories import (
    make_form,
    make_member,
    make_organization,
    make_survey,
    make_wave,
    publish_library,
)
from tests.jobs import run_waiting_jobs
from tests.surveys.promised import launch
from tests.surveys.test_design import staff

Visit = Callable[..., Page]
GROUPS = (
    NewCell(Text("Harbour Tea, all of it", "港湾茶全公司"), 0),
    NewCell(Text("Sales", "销售部"), 12, 0),
    NewCell(Text("Tea plant and warehouse", "茶厂与仓库"), 40, 0, printed=True),
)


def anonymous(organization: Organization) -> Survey:
    survey = make_survey(organization, mode=Survey.Mode.ANONYMOUS)
    make_form(survey)
    return survey


def planned(organization: Organization) -> Survey:
    """A survey that asks its people every quarter, and is not launched yet."""
    survey = make_survey(organization, mode=Survey.Mode.CONFIDENTIAL)
    make_form(survey)
    first = timezone.localdate() + timedelta(days=2)
    rule = Rule("months", first, time(9), "Asia/Shanghai", 7, every=3)
    with organization_scope(organization.pk):
        now = timezone.now()
        periods.set_schedule(survey=survey, rule=rule, whom=Whom(), at=now)
        due.forget_plans(survey.pk)
    return survey


def known_person(organization: Organization) -> str:
    """Address at which somebody answers who is known."""
    wave = make_wave(make_survey(organization, mode=Survey.Mode.IDENTIFIED))
    with organization_scope(organization.pk):
        invitation = Invitation.objects.create(
            organization=organization,
            wave=wave,
            participant=Participant.objects.order_by("pk").first(),
            channel=Invitation.Channel.NONE,
        )
    return f"/s/{wave.pk}/%s/?r={invitation.pk}"


def furnished() -> dict[str, str]:
    """An organization with something on each page; addresses by name."""
    publish_library()
    organization = make_organization()
    make_member(organization)
    staff(organization)
    wave = launch(GROUPS, survey=anonymous(organization))
    participation.count_due(timezone.now())
    survey = anonymous(organization)
    preparing = anonymous(organization)
    with organization_scope(organization.pk):
        waiting = prepare_wave(
            survey=preparing,
            cells=GROUPS,
            thresholds=Thresholds(),
            at=timezone.now(),
        )
    later = planned(organization)
    return {
        "new": reverse("surveys:new"),
        "launch": reverse("surveys:launch", args=[survey.pk]),
        "preparing": reverse("surveys:wave", args=[waiting.pk]),
        "wave": reverse("surveys:wave", args=[wave.pk]),
        "open": reverse("surveys:wave", args=[make_wave(make_survey(organization)).pk]),
        "close": reverse("surveys:close-wave", args=[wave.pk]),
        "start": reverse("surveys:start", args=[later.pk]),
        "planned": reverse("surveys:survey", args=[later.pk]),
        "identified": known_person(organization),
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
    sign_in(page)
    for name, address in addresses.items():
        page.goto(address % language if "%s" in address else address)
        assert overflow(page) <= 0, name
        assert page.locator("h1").count() == 1, name
        assert serious_findings(page) == [], name


@pytest.mark.parametrize("javascript", [True, False])
def test_an_owner_designs_and_launches_and_somebody_answers(
    visit: Visit, javascript: bool
) -> None:
    publish_library()
    organization = make_organization()
    make_member(organization)
    page = visit(javascript=javascript)
    sign_in(page)
    page.goto(reverse("surveys:new"))
    page.get_by_role("link", name="My team").click()
    expect(page.get_by_label("Title in English")).to_have_value("Trust in our team")
    if javascript:
        page.get_by_label("Title in English").fill("Do we trust each other?")
        page.keyboard.press("Tab")
        # the live part notices without anything being sent off
        expect(page.get_by_text("English: about 3 minutes")).to_be_visible()
    else:
        page.get_by_role("button", name="Show what it comes to").click()
        expect(page.get_by_text("English: about 3 minutes")).to_be_visible()
    page.get_by_role("button", name="Make the survey").click()
    page.get_by_role("link", name="Launch the first wave").click()

    fill_in_groups(page)
    if not javascript:
        page.get_by_role("button", name="Show what can be reported").click()
    expect(page.get_by_text("10 answers (84 %)")).to_be_visible()
    page.get_by_role("button", name="Launch the wave").click()
    expect(page.get_by_text("Keys are being made")).to_be_visible()
    run_waiting_jobs()
    if not javascript:
        page.get_by_role("link", name="Load again").click()
    words = page.locator(".fingerprint").inner_text()

    with page.expect_download() as download:
        page.get_by_role("link", name="Links (CSV)").click()
    text = download.value.path().read_text(encoding="utf-8-sig")
    link = list(csv.reader(io.StringIO(text)))[1][0]
    respondent = visit()
    respondent.goto(link)
    respondent.get_by_text("How this promise is kept").click()
    expect(respondent.locator("#fingerprint")).to_have_text(words)
    with organization_scope(organization.pk):
        assert Wave.objects.get().is_open


def fill_in_groups(page: Page) -> None:
    rows = (("Company", "公司", "0", ""), ("Sales", "销售部", "12", "0"))
    for number, (english, chinese, invited, above) in enumerate(rows):
        page.locator(f"#id_groups-{number}-name_en").fill(english)
        page.locator(f"#id_groups-{number}-name_zh_hans").fill(chinese)
        page.locator(f"#id_groups-{number}-invited").fill(invited)
        page.locator(f"#id_groups-{number}-above").select_option(above)
    page.locator("#id_least_for_scores").focus()
