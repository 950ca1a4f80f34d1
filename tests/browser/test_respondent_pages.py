"""What a respondent's page tells and offers besides its questions, in a real browser."""

import hashlib
import re
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from playwright.sync_api import Browser, Page, expect

from surveys.models import Response, Survey, Wave
from surveys.models.answers import Device, Duration
from surveys.tenancy import organization_scope
from tests.browser.accessibility import overflow, serious_findings
from tests.browser.test_answering import choose
from tests.browser.test_credential import link, open_link, received, rows, send
from tests.factories import brand_form, make_form, make_survey, make_wave
from tests.surveys.promised import cell, launch
from tests.surveys.test_identified import invite
from tests.surveys.test_open_links import NOTICE, PANEL, wave_with

Visit = Callable[..., Page]
FIRST = brand_form().items[0].code
PURPOSE = b"trustsurvey linked waves 1"
PHRASE = "  Green  TEA at Dawn "
NORMAL = b"green tea at dawn"


def only(wave: Wave) -> Response:
    with organization_scope(wave.organization_id):
        return Response.objects.get(wave=wave)


def derived(secret: bytes, study: object) -> bytes:
    salt = str(study).encode()
    return HKDF(SHA256(), length=32, salt=salt, info=PURPOSE).derive(secret)


# -------------------------------------------------------------------- linking waves


def test_a_phrase_gives_the_pseudonym_of_the_standards(
    visit: Visit, database: None
) -> None:
    """PBKDF2 and HKDF (RFC 8018, RFC 5869) as OpenSSL computes them."""
    wave = wave_with(links_waves=True)
    page = visit(width=360)
    page.goto(f"/s/{wave.pk}/")
    choose(page, FIRST, 4)
    page.get_by_label("Link my answers").check()
    page.get_by_label(re.compile("With a phrase")).check()
    page.get_by_label("Your phrase").fill("too short")
    send(page)
    expect(page.get_by_text("This phrase is too short")).to_be_visible()
    assert serious_findings(page) == []
    page.get_by_label("Your phrase").fill(PHRASE)
    send(page)
    received(page)
    study = str(wave.survey_id).encode()
    stretched = hashlib.pbkdf2_hmac("sha256", NORMAL, study, 600_000)
    assert only(wave).pseudonym == derived(stretched, wave.survey_id)


SECRET = """() => new Promise((resolve) => {
  indexedDB.open("trustsurvey device", 1).onsuccess = (event) => {
    const store = event.target.result.transaction("secret").objectStore("secret");
    store.get("secret").onsuccess = (found) => resolve([...found.target.result]);
  };
})"""


def test_the_device_links_waves_sealed_and_open_and_keeps_its_secret(
    visit: Visit, database: None
) -> None:
    survey = make_survey(mode=Survey.Mode.ANONYMOUS)
    with organization_scope(survey.organization_id):
        Survey.objects.filter(pk=survey.pk).update(links_waves=True)
    make_form(survey)
    sealed, opened = launch([cell(8)], survey=survey), wave_with(links_waves=True)
    page = visit()
    for wave in (sealed, opened):
        if wave is sealed:
            open_link(page, link(wave), patience=60_000)
        else:
            page.goto(f"/s/{wave.pk}/")
        page.get_by_label("Link my answers").check()
        choose(page, FIRST, 3)
        page.reload()  # a draft remembers the choice
        expect(page.get_by_label("Link my answers")).to_be_checked()
        send(page)
        received(page)
    secret = bytes(page.evaluate(SECRET))
    ((staged,),) = rows("SELECT pseudonym FROM collector.staged")
    assert bytes(staged) == derived(secret, sealed.survey_id)
    assert only(opened).pseudonym == derived(secret, opened.survey_id)


def test_who_ticks_nothing_links_nothing(visit: Visit, database: None) -> None:
    wave = wave_with(links_waves=True)
    page = visit()
    page.goto(f"/s/{wave.pk}/")
    choose(page, FIRST, 3)
    send(page)
    received(page)
    assert only(wave).pseudonym is None
    assert page.evaluate("indexedDB.databases().then((all) => all.length)") == 0


# ----------------------------------------------------------- panel, kiosk, paradata


def test_a_panel_gets_its_person_back_and_never_sends_the_id(
    browser: Browser, site: str
) -> None:
    wave = wave_with(panel=PANEL)
    context = browser.new_context(base_url=site, locale="en-GB")
    page = context.new_page()
    sent: list[str] = []
    page.on(
        "request", lambda one: sent.append(one.url) if one.method == "POST" else None
    )
    page.route("https://panel.example/**", lambda route: route.fulfill(body="back"))
    page.goto(f"/s/{wave.pk}/?panel=p-17")
    choose(page, FIRST, 3)
    page.get_by_role("button", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    page.locator("#submit").click()
    page.wait_for_url("https://panel.example/done?who=p-17")
    assert sent
    assert not any("p-17" in url for url in sent)
    assert only(wave).answers[0] == 3
    context.close()


def test_a_kiosk_keeps_nothing_and_returns_to_the_start(
    visit: Visit, database: None
) -> None:
    wave = wave_with()
    page = visit(width=360, language="zh-hans")
    page.goto(f"/s/{wave.pk}/?kiosk=1")
    choose(page, FIRST, 3)
    assert page.evaluate("localStorage.length") == 0
    page.reload()
    expect(page.locator(f'input[name="{FIRST}"]:checked')).to_have_count(0)
    choose(page, FIRST, 5)
    key = page.url
    page.locator("#submit").click()
    page.wait_for_url("**/received/?kiosk=1")
    expect(page.locator("#returns")).to_be_visible()
    assert serious_findings(page) == []
    page.locator("#start").click()
    page.wait_for_url("**/zh-hans/?r=*&kiosk=1")
    assert page.url != key
    expect(page.locator(f'input[name="{FIRST}"]:checked')).to_have_count(0)
    expect(page.locator("#kiosk-start a")).to_be_visible()


def test_duration_and_device_come_in_bands_where_the_page_says_so(
    visit: Visit, database: None
) -> None:
    wave = wave_with(paradata=True)
    page = visit()
    page.clock.install()
    page.goto(f"/s/{wave.pk}/")
    expect(page.locator("#paradata")).to_be_visible()
    choose(page, FIRST, 5)
    page.clock.fast_forward("06:00")
    page.locator("#submit").click()
    page.wait_for_url("**/received/")
    found = only(wave)
    assert (found.duration, found.device) == (Duration.UNDER_10, Device.COMPUTER)


def test_a_program_that_fills_in_everything_is_asked_again(
    visit: Visit, database: None
) -> None:
    wave = wave_with()
    page = visit(network_fails=True)
    page.goto(f"/s/{wave.pk}/")
    choose(page, FIRST, 5)
    page.locator('input[name="further"]').evaluate("one => { one.value = 'spam' }")
    send(page)
    expect(page.get_by_text("A field that people do not see")).to_be_visible()
    send(page)
    received(page)
    assert only(wave).answers[0] == 5


# ------------------------------------------------------------- told to everybody alike


def tree_of(page: Page) -> list[tuple[str, str]]:
    """Roles and names in the order of the accessibility tree that Chromium builds."""
    session = page.context.new_cdp_session(page)
    nodes: list[dict[str, Any]] = session.send("Accessibility.getFullAXTree")["nodes"]
    by_id = {node["nodeId"]: node for node in nodes}
    found: list[tuple[str, str]] = []

    def walk(node: dict[str, Any]) -> None:
        if not node.get("ignored"):
            role = node.get("role", {}).get("value", "")
            found.append((role, node.get("name", {}).get("value", "")))
        for child in node.get("childIds", []):
            if child in by_id:
                walk(by_id[child])

    walk(nodes[0])
    return found


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("zh-hans", 360)])
def test_the_tree_of_the_questions_is_a_list_of_named_groups(
    visit: Visit, database: None, language: str, width: int
) -> None:
    page = visit(width=width, language=language)
    page.goto(f"/s/{wave_with().pk}/{language}/")
    expect(page.locator(".item:not([data-drawn])")).to_have_count(0)
    groups: list[tuple[str, list[str]]] = []
    for role, name in tree_of(page):
        if role == "radiogroup":
            groups.append((name, []))
        elif role == "radio":
            groups[-1][1].append(name)
    items = brand_form().items
    assert [name for name, _ in groups] == [
        f"{number}. {item.text.in_(language)}" for number, item in enumerate(items, 1)
    ]
    for item, (_, points) in zip(items, groups, strict=True):
        shown = [str(value) for value in range(item.low, item.high + 1)]
        assert [point.split()[0] for point in points[: len(shown)]] == shown
        assert len(points) == len(shown) + item.not_applicable
        assert points[0] == f"{item.low} {item.labels[0].in_(language)}".strip()


@pytest.mark.parametrize(
    ("language", "width", "text"),
    [
        pytest.param("en", 640, 100, marks=pytest.mark.long),
        ("zh-hans", 360, 200),
        pytest.param("en", 360, 200, marks=pytest.mark.long),
        ("en", 320, 100),
    ],
)
def test_at_twice_the_size_nothing_is_cut_off(
    visit: Visit, database: None, language: str, width: int, text: int
) -> None:
    """A window of half the width is what 200 % zoom makes; 320 is 400 % of 1280."""
    wave = wave_with(notice=NOTICE, links_waves=True, paradata=True)
    page = visit(width=width, language=language)
    page.goto(f"/s/{wave.pk}/{language}/")
    page.evaluate(
        "size => { document.documentElement.style.fontSize = size }", f"{text}%"
    )
    page.get_by_role("checkbox").check()
    assert overflow(page) == 0
    assert serious_findings(page) == []


def test_no_page_sets_a_cookie_or_asks_a_third_party(
    visit: Visit, database: None
) -> None:
    """`visit` fails on foreign requests; every state a link can show is visited."""
    wave = wave_with(notice=NOTICE, links_waves=True, limit=1)
    page = visit(network_fails=True)
    page.goto(f"/s/{wave.pk}/?kiosk=1")
    choose(page, FIRST, 5)
    send(page)
    received(page)
    assert page.goto(f"/s/{wave.pk}/en/").status == 410  # type: ignore[union-attr]
    assert page.context.cookies() == []


def test_two_known_people_on_one_device_keep_their_drafts_apart(
    visit: Visit, database: None
) -> None:
    survey = make_survey(mode=Survey.Mode.IDENTIFIED)
    wave = make_wave(survey)
    ours, theirs = invite(wave, "Wu Lan"), invite(wave, "Ana Silva")
    page = visit()
    page.goto(f"/s/{wave.pk}/en/?r={ours}")
    choose(page, FIRST, 2)
    page.goto(f"/s/{wave.pk}/en/?r={theirs}")
    expect(page.locator(f'input[name="{FIRST}"]:checked')).to_have_count(0)
    choose(page, FIRST, 6)
    page.get_by_role("checkbox").check()
    send(page)
    received(page)
    page.goto(f"/s/{wave.pk}/en/?r={ours}")
    expect(page.locator(f'input[name="{FIRST}"][value="2"]')).to_be_checked()
    page.get_by_role("checkbox").check()
    send(page)
    received(page)
    with organization_scope(wave.organization_id):
        found = dict(Response.objects.values_list("id", "answers"))
    assert {key: answers[0] for key, answers in found.items()} == {ours: 2, theirs: 6}
