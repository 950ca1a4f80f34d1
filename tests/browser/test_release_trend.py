"""The trend of a release in a real browser: charts drawn, nothing cut off, axe silent."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from surveys.models import Organization, Survey, Wave
from tests.analytics.release_samples import part_texts
from tests.analytics.test_trend_section import EVENTS, alarm, alarms, texts
from tests.browser.accessibility import overflow, serious_findings
from tests.browser.test_owner_pages import sign_in
from tests.factories import make_member, make_organization, make_survey, make_wave
from tests.released import make_release

Visit = Callable[..., Page]


@pytest.fixture
def wave(database: None) -> Wave:
    """The fifth of five waves, with an alarm, a crisis and its repair."""
    organization: Organization = make_organization()
    make_member(organization)
    wave = make_wave(make_survey(organization, mode=Survey.Mode.ANONYMOUS))
    parts = texts(5, events=EVENTS, alarms=alarms(alarm()))
    make_release(wave, part_texts() | parts)
    return wave


@pytest.mark.parametrize(
    ("width", "language", "dark"),
    [
        (360, "zh-hans", True),
        pytest.param(1280, "en", False, marks=pytest.mark.long),
        pytest.param(360, "en", False, marks=pytest.mark.long),
        pytest.param(1280, "zh-hans", True, marks=pytest.mark.long),
    ],
)
def test_axe_finds_nothing_serious_on_the_trend(
    visit: Visit, wave: Wave, width: int, language: str, dark: bool
) -> None:
    page = visit(width=width, language=language, dark=dark)
    sign_in(page)
    page.goto(f"/waves/{wave.pk}/report/#trend")
    trend = page.locator("#trend")
    for figure in trend.locator("figure[data-chart]").all():
        figure.scroll_into_view_if_needed()
        expect(figure).to_have_attribute(
            "data-drawn", re.compile("wide|narrow"), timeout=15_000
        )
    expect(
        trend.locator("figure svg text", has_text=re.compile("^A$")).first
    ).to_be_visible()
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert serious_findings(page) == []
    assert overflow(page) == 0
