"""“Can I trust these numbers?” in a real browser: what is folded opens and is drawn."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from surveys.models import Survey, Wave
from tests.analytics.quality_samples import part_texts
from tests.browser.accessibility import overflow, serious_findings
from tests.browser.test_owner_pages import sign_in
from tests.factories import make_member, make_organization, make_survey, make_wave
from tests.released import make_release

Visit = Callable[..., Page]


@pytest.fixture
def wave(database: None) -> Wave:
    organization = make_organization()
    make_member(organization)
    wave = make_wave(make_survey(organization, mode=Survey.Mode.ANONYMOUS))
    make_release(wave, part_texts())
    return wave


def open_section(page: Page, wave: Wave) -> None:
    sign_in(page)
    page.goto(f"/waves/{wave.pk}/report/#trust")


@pytest.mark.parametrize(
    ("width", "language", "dark"),
    [
        (360, "en", False),
        pytest.param(360, "zh-hans", True, marks=pytest.mark.long),
        pytest.param(1280, "en", True, marks=pytest.mark.long),
        pytest.param(1280, "zh-hans", False, marks=pytest.mark.long),
    ],
)
def test_what_is_folded_opens_is_drawn_and_reads_well(
    visit: Visit, wave: Wave, width: int, language: str, dark: bool
) -> None:
    page = visit(width=width, language=language, dark=dark)
    open_section(page, wave)
    section = page.locator("#trust")
    rates = section.locator("#chart-rates")
    drawn = re.compile("wide|narrow")
    expect(rates).to_have_attribute("data-drawn", drawn, timeout=15_000)
    folded = section.locator("#chart-eigenvalues")
    expect(folded).not_to_be_visible()
    for summary in section.locator(":scope > details > summary").all():
        summary.focus()
        page.keyboard.press("Enter")
    expect(folded).to_be_visible()
    expect(folded).to_have_attribute("data-drawn", drawn, timeout=15_000)
    assert serious_findings(page) == []
    assert overflow(page) == 0
