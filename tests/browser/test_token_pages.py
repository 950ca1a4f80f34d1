"""Tokens and the page of the API in a real browser."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import overflow, serious_findings
from tests.browser.test_owner_pages import sign_in
from tests.factories import make_member

Visit = Callable[..., Page]


@pytest.mark.parametrize(
    ("width", "language"),
    [(360, "zh-hans"), pytest.param(1280, "en", marks=pytest.mark.long)],
)
def test_a_token_is_made_and_revoked_on_a_phone(
    visit: Visit, width: int, language: str
) -> None:
    make_member()
    page = visit(width=width, language=language)
    sign_in(page)
    page.goto("/tokens/")
    page.locator("[name=name]").fill("CRM 客户系统")
    page.locator("[name=scopes]").first.check()
    page.locator("form .actions button").last.click()
    expect(page.locator("code.secret")).to_have_text(re.compile(r"tst_[\w-]{43}"))
    assert serious_findings(page) == []
    assert overflow(page) == 0
    page.locator("td form button").click()
    assert page.locator("td form button").count() == 0


@pytest.fixture
def with_libraries(settings: Any) -> None:
    """Static files of libraries are served too, as they are once collected."""
    settings.WHITENOISE_USE_FINDERS = True


def test_the_page_of_the_api_runs_without_inline_script(
    with_libraries: None, visit: Visit
) -> None:
    make_member()
    page = visit(width=1280)
    sign_in(page)
    page.goto("/api/v1/docs/")
    # a complaint about the policy would be an error of the console, which `visit` finds
    shown = page.locator(".opblock-summary-path").first
    expect(shown).to_be_visible(timeout=20_000)
