"""Every page once: axe finds nothing serious, nothing is wider than the window.

Short: each page in one language and width. Long: both languages at both widths;
`make screenshots` keeps pictures of them.
"""

import re
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page

from tests.browser.accessibility import overflow, serious_findings
from tests.browser.every_page import (
    FILES,
    FRAGMENTS,
    NO_PAGE,
    RESPONDENTS,
    SHOWN,
    address_in,
    members_pages,
)
from tests.browser.test_owner_pages import sign_in
from tests.factories import make_member, make_organization, publish_library, signed_in
from tests.trustsurvey.test_every_address import PAGES

Visit = Callable[..., Page]
LANGUAGES = ("en", "zh-hans")
WIDTHS = (1280, 360)
# in a Chinese sentence: a mark of English, or a space beside a mark of Chinese
MISSET = re.compile(
    r".{,9}[\u4e00-\u9fff] ?[,:;!?(](?: .{,9}|$)"
    r"|.{,9}[。，：；！？] +\S.{,9}|.{,9}\S +[。，：；！？（）]",
    re.M,
)
SHORT = {(0, "zh-hans", 360), (1, "en", 1280)}  # half of the pages, language, width
COMBINATIONS = [
    pytest.param(*one, marks=() if one in SHORT else pytest.mark.long)
    for one in product((0, 1), LANGUAGES, WIDTHS)
]


def looked_at(page: Page, name: str, address: str, width: int, language: str) -> str:
    """What is wrong with the page there."""
    reply = page.goto(address)
    assert reply is not None
    for summary in page.locator("main details > summary").all():
        if summary.is_visible():
            summary.click()
    found = [f"{overflow(page)} pixels too wide"] if overflow(page) > 0 else []
    named = name.replace("<language:language>", language)
    if language == "zh-hans":
        found += MISSET.findall(page.inner_text("body"))
    found += serious_findings(page, name=f"{named} {width} {language}")
    if reply.headers.get("content-type", "").partition(";")[0] != "text/html":
        found.append("no page")
    return f"{address} in {language} at {width}: {found}" if found else ""


def halved(pages: dict[str, str], half: int) -> Iterator[tuple[str, str]]:
    """Every other page, so that two tests in two processes share them."""
    return (item for place, item in enumerate(pages.items()) if place % 2 == half)


@pytest.mark.parametrize(("half", "language", "width"), COMBINATIONS)
def test_axe_finds_nothing_serious_on_any_page_of_members(
    visit: Visit,
    database: None,
    half: int,
    language: str,
    width: int,
) -> None:
    publish_library()
    organization = make_organization()
    make_member(organization)
    addresses = members_pages(organization, language)
    page = visit(width=width, language=language, network_fails=True)
    wrong = [looked_at(page, "sign-in", "/sign-in/", width, language)]
    sign_in(page)
    wrong += [
        looked_at(page, name, address, width, language)
        for name, address in halved(addresses, half)
    ]
    assert "".join(wrong) == ""


@pytest.mark.parametrize(
    ("language", "width"),
    [
        ("zh-hans", 360),
        ("en", 1280),
        pytest.param("zh-hans", 1280, marks=pytest.mark.long),
        pytest.param("en", 360, marks=pytest.mark.long),
    ],
)
def test_axe_finds_nothing_serious_on_any_page_of_respondents(
    visit: Visit,
    database: None,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    width: int,
) -> None:
    page = visit(width=width, language=language, network_fails=True)
    wrong = [
        looked_at(page, f"s_{name}", shown(language, monkeypatch), width, language)
        for name, shown in RESPONDENTS.items()
    ]
    assert "".join(wrong) == ""


def test_every_template_of_respondents_is_looked_at() -> None:
    templates = Path(settings.BASE_DIR) / "templates" / "collect"
    names = {path.stem for path in templates.glob("[!_]*.html")}
    assert names - {"base"} == set(RESPONDENTS)


def test_every_address_is_looked_at_or_shows_no_page(database: None) -> None:
    """A new address is a page that the tests above visit, or is named as none."""
    organization = make_organization()
    client = signed_in(make_member(organization))
    address = address_in(organization, "en")
    none = set()
    for pattern in PAGES:
        reply = client.get(address(pattern))
        if reply.status_code != 200 or not reply.headers["Content-Type"].startswith(
            "text/html"
        ):
            none.add(pattern[1].name)
        reply.close()
    assert none == NO_PAGE | {"account_login"}  # who is signed in is sent on
    assert len(SHOWN) > len(FILES | FRAGMENTS)
