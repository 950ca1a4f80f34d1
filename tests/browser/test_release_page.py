"""The report of a release in a real browser: both languages, phone and desk, dark, paper."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from surveys.models import Organization, Survey, Wave
from tests.analytics.release_samples import part_texts
from tests.browser.accessibility import overflow, serious_findings
from tests.browser.test_owner_pages import sign_in
from tests.factories import make_member, make_organization, make_survey, make_wave
from tests.released import make_release

Visit = Callable[..., Page]
CHOSEN = "?segment=unit%3Anorth"


@pytest.fixture
def organization(database: None) -> Organization:
    organization = make_organization()
    make_member(organization)
    return organization


@pytest.fixture
def wave(organization: Organization) -> Wave:
    """An anonymous wave with a published release."""
    wave = make_wave(make_survey(organization, mode=Survey.Mode.ANONYMOUS))
    make_release(wave, part_texts())
    return wave


def open_report(page: Page, wave: Wave, query: str = "") -> None:
    sign_in(page)
    page.goto(f"/waves/{wave.pk}/report/{query}")


def wait_for_charts(page: Page) -> None:
    expect(page.locator("figure[data-chart]").first).to_have_attribute(
        "data-drawn", re.compile("wide|narrow"), timeout=15_000
    )


@pytest.mark.parametrize(
    ("width", "language", "dark"),
    [
        (360, "zh-hans", True),
        pytest.param(1280, "en", False, marks=pytest.mark.long),
        pytest.param(360, "en", False, marks=pytest.mark.long),
        pytest.param(1280, "zh-hans", True, marks=pytest.mark.long),
    ],
)
def test_axe_finds_nothing_serious_on_the_report(
    visit: Visit, wave: Wave, width: int, language: str, dark: bool
) -> None:
    page = visit(width=width, language=language, dark=dark)
    open_report(page, wave, CHOSEN)
    wait_for_charts(page)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert serious_findings(page) == []
    assert overflow(page) == 0


def test_a_group_is_chosen_without_a_script(visit: Visit, wave: Wave) -> None:
    page = visit(width=360, javascript=False)
    open_report(page, wave)
    page.get_by_label("Look at one group").select_option("unit:south")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("heading", name=re.compile("^Sales South"))).to_be_visible()
    assert page.url.endswith("?segment=unit%3Asouth#teams")
    assert overflow(page) == 0


def test_a_group_is_chosen_by_its_name(visit: Visit, wave: Wave) -> None:
    page = visit()
    open_report(page, wave)
    page.get_by_role("link", name="Sales South").click()
    expect(page.get_by_role("heading", name=re.compile("^Sales South"))).to_be_visible()
    chart = page.locator("#chosen-title ~ figure[data-chart]").first
    expect(chart).to_have_attribute("data-drawn", "wide", timeout=15_000)


def test_keys_reach_the_reason_of_a_hidden_cell(visit: Visit, wave: Wave) -> None:
    page = visit(width=1280)
    open_report(page, wave)
    wait_for_charts(page)
    mark = page.locator("a.why").first
    mark.focus()
    expect(mark).to_be_focused()
    assert "no score that may be shown" in mark.inner_text()
    page.keyboard.press("Enter")
    target = page.locator(":target")
    expect(target).to_be_visible()
    assert "no score that may be shown" in target.inner_text()


def test_on_a_phone_every_group_is_a_list_of_its_own(visit: Visit, wave: Wave) -> None:
    page = visit(width=360)
    open_report(page, wave)
    row = page.get_by_role("row", name=re.compile("^Platform")).first
    cells = row.get_by_role("cell")
    tops = [cells.nth(k).bounding_box() for k in range(cells.count())]
    heights = [box["y"] for box in tops if box]
    assert heights == sorted(set(heights))
    expect(row).to_contain_text("Care")


def test_on_paper_what_is_closed_is_open_and_controls_are_gone(
    visit: Visit, wave: Wave
) -> None:
    page = visit(width=794)
    open_report(page, wave)
    wait_for_charts(page)
    table = page.locator("#glance details .stack")
    expect(table).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.locator(".pick")).to_be_hidden()
    expect(page.locator(".top")).to_be_hidden()
    assert overflow(page) == 0
    assert page.pdf(format="A4").startswith(b"%PDF")
