"""A promised wave in a real browser: from the link in a message to answers received."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from playwright.sync_api import Page, Route, expect

from surveys.models import Cell, Survey, Wave
from tests.browser.accessibility import overflow, serious_findings
from tests.browser.test_answering import choose
from tests.surveys.credentials import rfc9474
from tests.surveys.promised import (
    Draft,
    cell,
    cells_of,
    codes,
    collected,
    launch,
    public_key_of,
)

Visit = Callable[..., Page]
HELD = '[data-state="held"]'


@pytest.fixture
def wave(database: None) -> Wave:
    """One team with links, one that draws printed codes."""
    return launch([cell(8), cell(8, printed=True)])


def team(wave: Wave, *, printed: bool = False) -> Cell:
    (found,) = [one for one in cells_of(wave) if one.printed == printed]
    return found


def link(wave: Wave, number: int = 0) -> str:
    return f"/s/{wave.pk}/#{codes(wave, team(wave))[number]}"


def rows(query: str) -> list[tuple[Any, ...]]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def staged() -> list[tuple[Any, ...]]:
    return rows("SELECT answers[1], language FROM collector.staged")


def first(wave: Wave) -> str:
    return collected(wave).form.items[0].code


def open_link(page: Page, address: str, patience: int = 20_000) -> None:
    page.goto(address)
    expect(page.locator(HELD)).to_be_visible(timeout=patience)


def send(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^(Send answers|Send again)$")).click()


def received(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(
        "were received", timeout=20_000
    )


@contextmanager
def offline(page: Page) -> Iterator[None]:
    page.context.set_offline(True)
    yield
    page.context.set_offline(False)


def test_from_the_link_to_received(visit: Visit, wave: Wave) -> None:
    page = visit()
    posted: list[tuple[str, str | None]] = []
    page.on("request", lambda sent: posted.append((sent.url, sent.post_data)))
    code = codes(wave, team(wave))[0]
    open_link(page, link(wave))
    assert page.url.endswith(f"/s/{wave.pk}/en/")
    choose(page, first(wave), 4)
    send(page)
    received(page)
    assert staged() == [(4, "en")]
    assert rows("SELECT issues FROM issuer.invitation WHERE issues > 0") == [(1,)]
    assert page.context.cookies() == []
    # the code goes to the issuer, in bodies only; the collector never sees it
    holding = [url for url, body in posted if code in url + (body or "")]
    assert {re.sub(r".*/i/[^/]+/", "", url) for url in holding} == {"cell", "sign"}


def test_the_invitation_opened_again_is_still_one_answer(
    visit: Visit, wave: Wave
) -> None:
    page = visit()
    open_link(page, link(wave))
    send(page)
    received(page)
    page.goto(link(wave))
    received(page)
    assert len(staged()) == 1


def test_answering_offline_from_start_to_end(visit: Visit, wave: Wave) -> None:
    page = visit(network_fails=True)
    open_link(page, link(wave))
    page.wait_for_function("'aside' in document.documentElement.dataset")
    with offline(page):
        page.reload()
        choose(page, first(wave), 2)
        page.wait_for_timeout(500)
        page.reload()
        expect(page.locator(f'input[name="{first(wave)}"][value="2"]')).to_be_checked()
        send(page)
        expect(page.locator("#sealed")).to_be_visible()
        second = page.context.new_page()
        page.close()
        second.goto(f"/s/{wave.pk}/en/")
        expect(second.locator("#sealed")).to_be_visible()
        assert staged() == []
        second.context.set_offline(False)
        received(second)
    assert staged() == [(2, "en")]


def test_a_reply_that_was_lost_is_one_answer(visit: Visit, wave: Wave) -> None:
    page = visit(network_fails=True)
    open_link(page, link(wave))

    def lose(route: Any) -> None:
        route.fetch()
        route.abort()

    page.route("**/sealed/", lose, times=1)
    choose(page, first(wave), 3)
    send(page)
    received(page)
    assert staged() == [(3, "en")]


def test_two_tabs_share_one_right_and_nothing_is_overwritten(
    visit: Visit, wave: Wave
) -> None:
    page = visit()
    open_link(page, link(wave))
    other = page.context.new_page()
    other.goto(link(wave))
    choose(page, first(wave), 5)
    expect(other.locator(f'input[name="{first(wave)}"][value="5"]')).to_be_checked()
    send(other)
    received(other)
    received(page)  # it follows by itself
    assert staged() == [(5, "en")]
    assert rows("SELECT issues FROM issuer.invitation WHERE issues > 0") == [(1,)]


def test_the_fourth_device_is_told_in_words(visit: Visit, wave: Wave) -> None:
    code, key = (
        codes(wave, team(wave))[0],
        public_key_of(collected(wave), team(wave)),
    )
    for _ in range(3):
        Draft(wave, code, key).finish()
    page = visit(network_fails=True, language="zh-hans")
    page.goto(link(wave))
    expect(page.locator('[data-state="too_often"]')).to_be_visible(timeout=20_000)


def test_keys_that_nobody_else_sees_are_refused(visit: Visit, wave: Wave) -> None:
    page = visit()
    other = collected(wave).manifest.replace("anonymous", "anonymouS")
    page.route("**/manifest.json", lambda route: route.fulfill(body=other))
    page.goto(link(wave))
    expect(page.locator('[data-state="keys"]')).to_be_visible(timeout=20_000)
    assert rows("SELECT sum(issues) FROM issuer.invitation") == [(0,)]


def test_a_saved_file_is_sent_from_another_browser(
    visit: Visit, wave: Wave, tmp_path: Path
) -> None:
    page = visit(network_fails=True)
    open_link(page, link(wave))
    choose(page, first(wave), 1)
    page.context.set_offline(True)
    send(page)
    expect(page.locator("#sealed")).to_be_visible()
    with page.expect_download() as waiting:
        page.locator("#save-file").click()
    file = tmp_path / "answers.json"
    waiting.value.save_as(file)
    words = page.locator("#passphrase").inner_text()
    assert not re.search(r"signature|answers", file.read_text())
    elsewhere = visit()
    elsewhere.goto(f"/s/{wave.pk}/en/")
    elsewhere.get_by_text("Send answers from a saved file").click()
    elsewhere.locator("#chosen-file").set_input_files(file)
    for typed, outcome in (("other words", "unreadable"), (words, "received")):
        elsewhere.locator("#typed-passphrase").fill(typed)
        elsewhere.locator("#send-file").click()
        expect(elsewhere.locator(f'[data-outcome="{outcome}"]')).to_be_visible(
            timeout=20_000
        )
    page.context.set_offline(False)
    received(page)
    assert staged() == [(1, "en")]


@pytest.mark.parametrize("javascript", [True, False])
def test_a_printed_code_needs_no_javascript(
    visit: Visit, wave: Wave, javascript: bool
) -> None:
    page = visit(javascript=javascript, network_fails=True, width=360)
    page.goto(f"/s/{wave.pk}/en/")
    choose(page, first(wave), 6)
    page.locator("#code").fill("nothing")
    send(page)
    complaint = page.get_by_text("This code does not belong to this survey.").last
    expect(complaint).to_be_visible()
    expect(page.locator(f'input[name="{first(wave)}"][value="6"]')).to_be_checked()
    page.locator("#code").fill(codes(wave, team(wave, printed=True))[0].lower())
    send(page)
    received(page)
    assert staged() == [(6, "en")]


@pytest.mark.parametrize(
    ("width", "language"),
    [(360, "zh-hans"), pytest.param(1280, "en", marks=pytest.mark.long)],
)
def test_axe_finds_nothing_serious_on_promised_pages(
    visit: Visit, wave: Wave, width: int, language: str
) -> None:
    page = visit(width=width, language=language)
    open_link(page, link(wave))
    for details in page.locator("details").all():
        details.locator("summary").click()
    assert serious_findings(page) == []
    assert overflow(page) == 0


def test_a_confidential_page_fetches_no_right(visit: Visit, database: None) -> None:
    wave = launch([cell(8)], mode=Survey.Mode.CONFIDENTIAL)
    page = visit()
    page.goto(f"/s/{wave.pk}/en/")
    expect(page.get_by_text("this is confidential and not anonymous")).to_be_visible()
    choose(page, first(wave), 4)
    page.locator("#code").fill(codes(wave, cells_of(wave)[0])[0])
    send(page)
    received(page)
    assert staged() == [(4, "en")]


# ------------------------------------------------------- the figures of the standard

GIVEN = """const given = %s;
const random = crypto.getRandomValues.bind(crypto);
crypto.getRandomValues = (array) => given.length === 0 ? random(array)
  : Uint8Array.from(atob(given.shift().replace(/-/g, "+").replace(/_/g, "/")),
      (character) => character.charCodeAt(0));
"""
ASK = """([address, tasks]) => new Promise((resolve) => {
  const worker = new Worker(address, {type: "module"});
  const answers = [];
  worker.onmessage = (event) => {
    if (answers.push(event.data) === tasks.length) resolve(answers);
    else worker.postMessage(tasks[answers.length]);
  };
  worker.postMessage(tasks[0]);
})"""


def test_the_shipped_worker_meets_the_figures_of_the_rfc(
    visit: Visit, wave: Wave
) -> None:
    """Its random bytes are those that RFC 9474 drew; all else is what respondents run."""
    page = visit()
    page.goto(f"/s/{wave.pk}/en/")
    address = page.locator("[data-blinding]").get_attribute("data-blinding")
    before = GIVEN % json.dumps(rfc9474.chances())

    def serve(route: Route) -> None:
        reply = route.fetch()
        route.fulfill(response=reply, body=before + reply.text())

    page.route(f"**{address}", serve)
    tasks = [rfc9474.blinding(), rfc9474.unblinding()]
    assert page.evaluate(ASK, [address, tasks]) == [
        {"result": rfc9474.blinded()},
        {"result": rfc9474.text(rfc9474.vector()["sig"])},
    ]


# ------------------------------------------------------------------ the main thread

OBSERVE = """
window.longTasks = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    window.longTasks.push([entry.startTime, entry.startTime + entry.duration]);
  }
}).observe({type: "longtask", buffered: true});
"""
PLANT = """() => new Promise((resolve) => setTimeout(() => {
  performance.mark("planted");
  const end = performance.now() + 80;
  while (performance.now() < end);
  setTimeout(resolve, 300);
}, 0))"""
LONGEST = """(name) => Math.max(0, ...performance.getEntriesByName(name).flatMap((one) => {
  const [from, to] = [one.startTime, one.startTime + Math.max(one.duration, 1)];
  const within = window.longTasks.filter(([begin, end]) => begin < to && end > from);
  return within.map(([begin, end]) => end - begin);
}))"""


@pytest.mark.long  # milliseconds on a machine that does other work are luck
def test_blinding_never_holds_up_the_page_of_a_slow_phone(
    visit: Visit, wave: Wave
) -> None:
    page = visit()
    page.add_init_script(OBSERVE)
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 6})
    open_link(page, link(wave), patience=90_000)
    page.evaluate(PLANT)
    assert page.evaluate(LONGEST, "planted") >= 80  # the observer sees long tasks
    longest = page.evaluate(LONGEST, "blinding")
    took = page.evaluate(
        "performance.getEntriesByName('blinding').map((one) => one.duration)"
    )
    assert len(took) == 2  # blinding and unblinding
    print(f"blinding and unblinding took {took} ms, longest task {longest:.0f} ms")
    assert longest <= 50


# ------------------------------------------------------------------ a pause


def test_who_opens_a_paused_survey_is_told_so_and_gets_the_right_afterwards(
    visit: Visit, wave: Wave
) -> None:
    def say_paused(paused: bool) -> None:
        with connections["owner"].cursor() as cursor:
            cursor.execute("UPDATE issuer.wave SET paused = %s", [paused])

    say_paused(True)
    page = visit(width=360, network_fails=True)
    page.clock.install()
    page.goto(link(wave))
    expect(page.locator('#right [data-state="paused"]')).to_be_visible(timeout=20_000)
    expect(page.locator('#right [data-state="closed"]')).to_be_hidden()
    choose(page, first(wave), 6)
    send(page)
    expect(page.locator('#failed [data-reason="paused"]')).to_be_visible()
    say_paused(False)
    page.clock.fast_forward("16:00")
    expect(page.locator(HELD)).to_be_visible(timeout=20_000)
    send(page)
    received(page)
    assert staged() == [(6, "en")]
