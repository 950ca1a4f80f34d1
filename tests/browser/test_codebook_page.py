"""A codebook in a real browser: fits a phone, axe silent, nothing fetched."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from analytics.export.codebook import codebook_of, write_html
from tests.analytics.export.samples import sample_data_set
from tests.analytics.export.test_codebook import ABOUT
from tests.browser.accessibility import overflow, serious_findings


@pytest.mark.parametrize(
    ("language", "width", "dark"), [("en", 360, False), ("zh-hans", 1280, True)]
)
def test_the_page_fits_and_axe_finds_nothing_serious(
    browser: Browser, tmp_path: Path, language: str, width: int, dark: bool
) -> None:
    path = tmp_path / "codebook.html"
    write_html(codebook_of(sample_data_set(60), (), ABOUT), path, language=language)
    fetched: list[str] = []
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme="dark" if dark else "light",
        offline=True,
    )
    page = context.new_page()
    page.on("request", lambda request: fetched.append(request.url))
    page.goto(path.as_uri())
    assert overflow(page) == 0
    assert serious_findings(page) == []
    context.close()
    assert fetched == [path.as_uri()]
