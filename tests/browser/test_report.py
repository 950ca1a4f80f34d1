"""From an open wave to the numbers of the report, in a real browser."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from analytics.models import Analysis
from surveys.models import Organization, Wave
from surveys.tenancy import organization_scope
from tests.browser.accessibility import overflow, serious_findings
from tests.browser.test_owner_pages import sign_in
from tests.factories import make_member, make_organization
from tests.jobs import run_waiting_jobs
from tests.test_tour import answer_as_respondents_do, launch

Visit = Callable[..., Page]


@pytest.fixture
def organization(database: None) -> Organization:
    organization = make_organization()
    make_member(organization)
    return organization


@pytest.fixture
def wave(organization: Organization) -> Wave:
    """An open wave with 80 answers."""
    wave = launch(organization)
    answer_as_respondents_do(Client(), wave, n=80)
    return wave


def stored_result(wave: Wave) -> dict[str, Any]:
    with organization_scope(wave.organization_id):
        result: dict[str, Any] = json.loads(Analysis.objects.done().get().result)
    return result


def test_from_an_open_wave_to_the_report(visit: Visit, wave: Wave) -> None:
    page = visit()
    sign_in(page)
    page.get_by_role("link", name="Trust in our shop").first.click()
    page.get_by_role("link", name=re.compile("Close the wave")).or_(
        page.get_by_role("button", name=re.compile("Close the wave"))
    ).click()
    page.get_by_role("button", name=re.compile("Close the wave")).click()
    page.get_by_role("button", name=re.compile("Start the analysis")).click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    run_waiting_jobs()
    # the page asks for itself and shows the report when it is there
    expect(page.get_by_role("heading", name=re.compile("Trust by"))).to_be_visible(
        timeout=15_000
    )
    result = stored_result(wave)
    text = page.locator("main").inner_text()
    for code in ("TBE.T", "TBE.C", "TBE.A", "TBE.H", "TBE.E"):
        alpha = result["scales"][code]["alpha"]["raw"]["estimate"]
        assert f"{alpha:.2f}".lstrip("0") in text
    r = result["loyalty"]["OUT-C.LOY"]["TBE.H"]["r"]
    assert f"{r:.2f}".lstrip("0") in text
    # charts are drawn by the browser, a table stands behind each
    expect(page.locator("figure[data-chart]").first).to_have_attribute(
        "data-drawn", re.compile("wide|narrow")
    )
    assert page.locator("figure[data-chart] svg, figure[data-chart] canvas").count() > 0


@pytest.mark.parametrize(
    ("width", "language", "dark"),
    [(360, "zh-hans", False), pytest.param(1280, "en", True, marks=pytest.mark.long)],
)
def test_axe_finds_nothing_serious_on_the_report(
    visit: Visit, wave: Wave, width: int, language: str, dark: bool
) -> None:
    from django.utils import timezone

    from analytics.actions import request_analysis

    with organization_scope(wave.organization_id):
        request_analysis(wave=wave, at=timezone.now())
    run_waiting_jobs()
    page = visit(width=width, language=language, dark=dark)
    sign_in(page)
    page.goto(f"/waves/{wave.pk}/report/")
    expect(page.locator("figure[data-chart]").first).to_have_attribute(
        "data-drawn", re.compile("wide|narrow"), timeout=15_000
    )
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert serious_findings(page) == []
    assert overflow(page) == 0
