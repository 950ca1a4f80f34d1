"""What goes with loyalty, in a real browser: nothing covers anything else."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from analytics import plain
from analytics.drivers import drivers_of
from surveys.models import Survey, Wave
from tests.analytics.driver_samples import everyone, known
from tests.browser.accessibility import overflow, serious_findings
from tests.browser.test_release_page import open_report, wait_for_charts
from tests.factories import make_member, make_organization, make_survey, make_wave
from tests.released import make_release

Visit = Callable[..., Page]

# Words of one drawing that overlap by more than a pixel, or leave its figure.
CLASHES = """() => [...document.querySelectorAll('#loyalty figure')].flatMap((figure) => {
  const frame = figure.getBoundingClientRect();
  const words = [...figure.querySelectorAll('svg text')]
    .filter((one) => one.textContent.trim())
    .map((one) => ({ text: one.textContent, box: one.getBoundingClientRect() }));
  const out = words.filter(({ box }) => box.right > frame.right + 1 || box.left < frame.left - 1);
  const pairs = words.flatMap((a, i) => words.slice(i + 1).map((b) => [a, b]));
  const over = pairs.filter(([{ box: a }, { box: b }]) =>
    a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1);
  return [
    ...out.map(({ text }) => `${figure.id}: ${text} leaves`),
    ...over.map(([a, b]) => `${figure.id}: ${a.text} over ${b.text}`),
  ];
})"""


@pytest.fixture
def wave(database: None) -> Wave:
    """An anonymous wave with a release that holds report and checks."""
    organization = make_organization()
    make_member(organization)
    wave = make_wave(make_survey(organization, mode=Survey.Mode.ANONYMOUS))
    now, report = known()
    part = drivers_of(now, report, everyone())
    make_release(
        wave,
        {
            "report": json.dumps(report.to_json()),
            "segments": json.dumps(plain.to_plain(everyone())),
            "drivers": json.dumps(plain.to_plain(part)),
        },
    )
    return wave


@pytest.mark.parametrize(
    ("width", "language"),
    [
        (360, "zh-hans"),
        pytest.param(1280, "en", marks=pytest.mark.long),
        pytest.param(360, "en", marks=pytest.mark.long),
        pytest.param(1280, "zh-hans", marks=pytest.mark.long),
    ],
)
def test_no_word_covers_another_and_axe_finds_nothing_serious(
    visit: Visit, wave: Wave, width: int, language: str
) -> None:
    page = visit(width=width, language=language)
    open_report(page, wave)
    wait_for_charts(page)
    page.evaluate(
        "document.querySelectorAll('details').forEach((d) => (d.open = true))"
    )
    assert page.locator("#loyalty figure svg").count() >= 7
    assert page.evaluate(CLASHES) == []
    assert overflow(page) == 0
    assert serious_findings(page) == []
