"""The catalogue of published scales in a real browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import overflow, serious_findings
from tests.browser.test_owner_pages import sign_in
from tests.factories import make_member

Visit = Callable[..., Page]
ADDRESSES = [
    "/library/catalogue/",
    "/library/catalogue/?text=xyzzy&referent=nobody",
    "/library/catalogue/spi-trust/",
    "/library/catalogue/liu-guo-2015/",
    "/library/catalogue/wrightsman-phn/",
    "/library/catalogue/koerber-tia/",
]


@pytest.mark.parametrize(
    ("width", "dark", "language"),
    [
        pytest.param(360, True, "en", marks=pytest.mark.long),
        (360, False, "zh-hans"),
        pytest.param(1280, False, "en", marks=pytest.mark.long),
    ],
)
def test_the_catalogue_fits_and_can_be_used_by_everybody(
    visit: Visit, width: int, dark: bool, language: str
) -> None:
    make_member()
    page = visit(width=width, dark=dark, language=language)
    sign_in(page)
    for address in ADDRESSES:
        page.goto(address)
        assert overflow(page) <= 0, address
        assert page.locator("h1").count() == 1, address
        assert serious_findings(page) == [], address


@pytest.mark.parametrize("javascript", [True, False])
def test_a_scale_is_found_by_keyboard(visit: Visit, javascript: bool) -> None:
    make_member()
    page = visit(javascript=javascript)
    sign_in(page)
    page.goto("/library/")
    page.get_by_role("link", name="Published scales of others").click()
    page.get_by_label("Name, author or dimension").fill("trust")
    page.get_by_label("Rights").select_option("PD")
    page.get_by_label("Name, author or dimension").press("Enter")
    expect(page.locator("#results")).to_contain_text("2 scales of")
    page.get_by_role("link", name="SAPA Personality Inventory").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("0.8714")).to_be_visible()
    nav = page.get_by_role("link", name="Library", exact=True).first
    expect(nav).to_have_attribute("aria-current", "true")
