"""A real Chromium against the real site on a port of its own."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.site import serving

ROOT = Path(__file__).resolve().parent.parent.parent
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# What a browser logs when a request fails or is refused, which some tests want.
EXPECTED = (
    "net::ERR_",
    *(f"status of {code}" for code in (403, 404, 409, 410, 422, 503)),
)
REQUIRE_CHROMIUM = os.environ.get("REQUIRE_CHROMIUM") == "true"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the system's Chromium; tests say so where there is none."""
    for name in NAMES:
        if found := shutil.which(name):
            return found
    message = "no Chromium on this machine: browser tests did not run"
    if REQUIRE_CHROMIUM:
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    if not (ROOT / "static" / "built" / "respondent.js").exists():
        pytest.fail("the browser code is not built: run `make install`")
    # Playwright keeps an event loop in this thread; our tests are synchronous
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield running
        running.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def site(database: None) -> Iterator[str]:
    """Address of the running site."""
    with serving() as address:
        yield address


@dataclass
class Visitor:
    """A page and everything that went wrong in it."""

    page: Page
    problems: list[str]


@pytest.fixture
def visit(browser: Browser, site: str) -> Iterator[object]:
    """Open pages as a given person; fails on console errors and foreign requests."""
    contexts: list[BrowserContext] = []
    visitors: list[Visitor] = []

    def enter(
        *,
        width: int = 1280,
        language: str = "en",
        javascript: bool = True,
        dark: bool = False,
        network_fails: bool = False,
    ) -> Page:
        context = browser.new_context(
            base_url=site,
            viewport={"width": width, "height": 800},
            locale="zh-CN" if language == "zh-hans" else "en-GB",
            java_script_enabled=javascript,
            color_scheme="dark" if dark else "light",
        )
        contexts.append(context)
        page = context.new_page()
        visitor = Visitor(page, [])
        page.on("pageerror", lambda error: visitor.problems.append(str(error)))
        page.on(
            "console",
            lambda message: (
                visitor.problems.append(message.text)
                if message.type == "error"
                and not (network_fails and any(e in message.text for e in EXPECTED))
                else None
            ),
        )
        page.on(
            "request",
            lambda request: (
                None
                if request.url.startswith((site, "data:", "blob:"))
                else visitor.problems.append(f"third party: {request.url}")
            ),
        )
        visitors.append(visitor)
        return page

    yield enter
    for context in contexts:
        context.close()
    for visitor in visitors:
        assert visitor.problems == []
