"""The files of a report in a real browser: the page, and that a download arrives whole."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pptx import Presentation
from pypdf import PdfReader

from analytics import plain
from analytics.models import Release
from surveys.models import Survey
from tests.analytics.release_samples import segments_part
from tests.browser.accessibility import overflow, serious_findings
from tests.browser.test_owner_pages import sign_in
from tests.factories import make_member, make_organization, make_survey, make_wave
from tests.released import make_release

Visit = Callable[..., Page]


@pytest.fixture
def release(database: None) -> Release:
    organization = make_organization()
    make_member(organization)
    wave = make_wave(make_survey(organization, mode=Survey.Mode.ANONYMOUS))
    groups = json.dumps(plain.to_plain(segments_part()))
    return make_release(wave, {"segments": groups})


def open_files(page: Page, release: Release) -> None:
    sign_in(page)
    page.goto(f"/releases/{release.pk}/files/")


@pytest.mark.parametrize(("width", "language"), [(360, "zh-hans"), (1280, "en")])
def test_the_page_of_files_fits_and_axe_finds_nothing_serious(
    visit: Visit, release: Release, width: int, language: str
) -> None:
    page = visit(width=width, language=language)
    open_files(page, release)
    assert serious_findings(page) == []
    assert overflow(page) == 0


def test_pdf_and_slides_arrive_whole(
    visit: Visit, release: Release, tmp_path: Path
) -> None:
    page = visit(width=1280, language="en")
    open_files(page, release)
    for number, ending in ((0, "pdf"), (1, "pptx")):
        row = page.locator("#whole ~ ul li").nth(number)
        with page.expect_download() as waiting:
            row.get_by_role("link", name="中文").click()
        path = tmp_path / f"report.{ending}"
        waiting.value.save_as(path)
        assert waiting.value.suggested_filename.endswith(f".{ending}")
        body = path.read_bytes()
        if ending == "pdf":
            assert len(PdfReader(io.BytesIO(body)).pages) > 3
        else:
            assert len(Presentation(io.BytesIO(body)).slides) > 3


def test_mail_is_chosen_on_the_page(visit: Visit, release: Release) -> None:
    page = visit(width=1280, language="en")
    open_files(page, release)
    page.get_by_label("Mail when a report is published").select_option("none")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Mail when a report is published")).to_have_value("none")
