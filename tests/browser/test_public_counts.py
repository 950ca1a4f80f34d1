"""The public counts in a real browser: what everybody may read after the end."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from surveys.models import Wave
from tests.browser.accessibility import overflow, serious_findings
from tests.surveys.test_public_counts import answer, end, wave

__all__ = ["wave"]  # the fixture: two teams below a works

Visit = Callable[..., Page]


@pytest.mark.parametrize(
    ("width", "language"),
    [(360, "zh-hans"), pytest.param(1280, "en", marks=pytest.mark.long)],
)
def test_the_closed_page_leads_to_counts_that_everybody_can_read(
    visit: Visit, wave: Wave, width: int, language: str
) -> None:
    answer(wave)
    end(wave)
    page = visit(width=width, language=language, network_fails=True)
    page.goto(f"/s/{wave.pk}/{language}/")
    page.locator(f'a[href="/s/{wave.pk}/{language}/counts/"]').click()
    expect(page.locator(".counts tbody tr")).to_have_count(4)
    assert serious_findings(page) == []
    assert overflow(page) == 0
    page.locator("a.language").click()
    expect(page.locator("html")).not_to_have_attribute("lang", language)
    expect(page.locator(".counts tbody tr")).to_have_count(4)
