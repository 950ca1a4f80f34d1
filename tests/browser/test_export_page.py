"""The page of exports in a real browser: taken without JavaScript, read at any width."""

import hashlib
import json
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from analytics.export.log import note
from analytics.export.models import Export, ExportEntry
from analytics.sentences import say
from surveys.models import Survey, Wave
from surveys.tenancy import organization_scope
from tests.analytics.exported import make_export
from tests.browser.accessibility import overflow, serious_findings
from tests.browser.test_owner_pages import sign_in
from tests.factories import (
    make_member,
    make_organization,
    make_responses,
    make_survey,
    make_wave,
)
from tests.jobs import run_waiting_jobs

# Where to keep pictures for whoever wants to look at them.
PICTURES = os.environ.get("SCREENSHOTS")
What = ExportEntry.What


def furnished() -> dict[str, str]:
    """Exports in every state with their log, and a survey that promised protection."""
    organization = make_organization()
    make_member(organization)
    wave = make_wave(make_survey(organization, simulated=True))
    ready = make_export(
        wave,
        kind="data",
        format="sav",
        remarks=[say("export_whole").to_plain(), say("export_shuffled").to_plain()],
    )
    reason = json.dumps(say("export_full_disk").to_plain())
    empty: dict[str, Any] = {
        "run": None,
        "sha256": "",
        "filename": "",
        "ready_at": None,
    }
    other: dict[str, Any] = {**empty, "expires_at": None, "size": None}
    by: dict[str, Any] = {"asked_by": "analyst@example.org", "needs_approval": True}
    make_export(
        wave, state="failed", reason=reason, kind="bundle", format="zip", **other
    )
    make_export(wave, state="awaiting", kind="codebook", format="ddi", **other, **by)
    running: dict[str, Any] = {**other, "rows_done": 620_000, "rows": 1_000_000}
    make_export(wave, state="running", format="parquet", **running)
    told(ready, wave)
    promised = make_wave(make_survey(organization, mode=Survey.Mode.ANONYMOUS))
    return {
        "export": f"/surveys/{wave.survey_id}/export/",
        "export-promised": f"/surveys/{promised.survey_id}/export/",
    }


def told(export: Export, wave: Wave) -> None:
    now, owner = timezone.now(), "owner@example.org"
    key = export.pk
    with organization_scope(wave.organization_id):
        note(export, What.ASKED, at=now - timedelta(minutes=3), who=owner)
        note(export, What.READY, at=now - timedelta(minutes=2))
        begun: dict[str, Any] = {"who": owner, "download": key, "first_byte": 1_048_576}
        note(export, What.BEGUN, at=now - timedelta(minutes=1), **begun)
        note(export, What.ENDED, at=now, sent=2_000_000, complete=True, **begun)


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page_of_exports_fits_and_can_be_read(
    visit: Callable[..., Page], width: int, language: str
) -> None:
    addresses = furnished()
    page = visit(width=width, language=language)
    sign_in(page)
    for name, address in addresses.items():
        page.goto(address)
        assert overflow(page) <= 0, name
        assert serious_findings(page) == [], name
        if PICTURES:
            picture = Path(PICTURES) / f"{name}-{width}-{language}.png"
            page.screenshot(path=picture, full_page=True)


def test_a_file_is_asked_for_and_taken_by_keyboard_without_javascript(
    visit: Callable[..., Page],
) -> None:
    organization = make_organization()
    make_member(organization)
    wave = make_wave(make_survey(organization))
    make_responses(wave, 3)
    page = visit(width=360, javascript=False)
    sign_in(page)
    page.goto(f"/surveys/{wave.survey_id}/")
    page.get_by_role("link", name="Export").press("Enter")
    page.get_by_role("radio", name="JSON lines").press("Space")
    page.get_by_role("button", name="Write the file").press("Enter")
    expect(page.locator("progress")).to_be_visible()
    run_waiting_jobs()
    page.get_by_role("link", name="Load again").click()
    with page.expect_download() as taking:
        page.get_by_role("link", name="Download").press("Enter")
    content = Path(taking.value.path()).read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    expect(page.locator("code")).to_have_text(digest)
    assert taking.value.suggested_filename.endswith(".jsonl")


def test_the_page_loads_again_by_itself_when_a_file_is_ready(
    visit: Callable[..., Page],
) -> None:
    organization = make_organization()
    make_member(organization)
    wave = make_wave(make_survey(organization))
    make_responses(wave, 3)
    page = visit()
    sign_in(page)
    page.goto(f"/surveys/{wave.survey_id}/export/")
    page.get_by_role("button", name="Write the file").click()
    expect(page.locator("progress")).to_be_visible()
    run_waiting_jobs()
    expect(page.get_by_role("link", name="Download")).to_be_visible()
