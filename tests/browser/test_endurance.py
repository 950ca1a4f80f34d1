"""No answer lost and none overwritten, in a real browser (R7 and R8 of docs/reliability.md).

R7: offline, tab closed, opened again, online again; the draft is 500 ms old at most.
R8: two tabs and two devices.
"""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from surveys.models import Response, Wave
from surveys.tenancy import organization_scope
from tests.browser.test_answering import choose
from tests.browser.test_credential import link, open_link, received, rows, send
from tests.factories import brand_form, make_wave
from tests.surveys.promised import cell, collected, launch

Visit = Callable[..., Page]
MOST_LOST = 500  # milliseconds of typing


@pytest.fixture
def wave(database: None) -> Wave:
    return launch([cell(8)])


def first_of(wave: Wave) -> str:
    return collected(wave).form.items[0].code


def chosen(page: Page, item: str, value: int) -> None:
    expect(page.locator(f'input[name="{item}"][value="{value}"]')).to_be_checked()


def answers_of(wave: Wave) -> list[int]:
    with organization_scope(wave.organization_id):
        return [
            answers[0] for answers in Response.objects.values_list("answers", flat=True)
        ]


def reopened(page: Page, address: str) -> Page:
    """Close the tab as a phone does, without a farewell, and open the address again."""
    second = page.context.new_page()
    page.close(run_before_unload=False)
    second.goto(address)
    return second


@pytest.mark.parametrize("mode", ["open", "anonymous"])
def test_offline_closed_reopened_and_delivered(
    visit: Visit, database: None, mode: str
) -> None:
    page = visit(network_fails=True, width=360)
    if mode == "open":
        wave, item = make_wave(), brand_form().items[0].code
        address = f"/s/{wave.pk}/"
        page.goto(address)
    else:
        wave = launch([cell(8)])
        item, address = first_of(wave), link(wave)
        open_link(page, address)
    expect(page.locator("html")).to_have_attribute("data-aside", "", timeout=20_000)
    page.context.set_offline(True)
    choose(page, item, 4)
    page.locator("#comment").press_sequentially("Late", delay=20)
    page.wait_for_timeout(MOST_LOST)
    page = reopened(page, address)
    chosen(page, item, 4)
    expect(page.locator("#comment")).to_have_value("Late")
    send(page)
    told = page.locator('[data-reason="later"], #sealed').filter(visible=True)
    expect(told).to_be_visible(timeout=20_000)
    page = reopened(page, address)
    page.context.set_offline(False)
    received(page)
    if mode == "open":
        assert answers_of(wave) == [4]
    else:
        assert rows("SELECT answers[1] FROM collector.staged") == [(4,)]


def test_what_is_sent_to_a_paused_link_arrives_by_itself_once_it_goes_on(
    visit: Visit, database: None
) -> None:
    wave, item = make_wave(), brand_form().items[0].code

    def pause(since: datetime | None) -> None:
        with organization_scope(wave.organization_id):
            Wave.objects.filter(pk=wave.pk).update(paused_at=since)

    page = visit(width=360, network_fails=True)
    page.clock.install()
    page.goto(f"/s/{wave.pk}/en/")
    choose(page, item, 3)
    pause(timezone.now())
    send(page)
    expect(page.locator('#failed [data-reason="resumes"]')).to_be_visible()
    expect(page.locator('#failed [data-reason="busy"]')).to_be_hidden()
    assert answers_of(wave) == []
    pause(None)
    page.clock.fast_forward("16:00")
    received(page)
    assert answers_of(wave) == [3]


def test_two_tabs_of_an_open_link_are_one_answer(visit: Visit, database: None) -> None:
    wave, item = make_wave(), brand_form().items[0].code
    page = visit(network_fails=True)
    page.goto(f"/s/{wave.pk}/en/")
    choose(page, item, 2)
    other = page.context.new_page()
    other.goto(f"/s/{wave.pk}/en/")
    chosen(other, item, 2)
    choose(other, item, 6)
    chosen(page, item, 6)
    send(other)
    received(other)
    # the first tab was emptied; what is sent from it is told to be too late
    expect(page.locator(f'input[name="{item}"][value="6"]')).not_to_be_checked()
    choose(page, item, 1)
    send(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("received before")
    assert answers_of(wave) == [6]


def test_the_second_device_is_told_and_what_it_sends_is_counted(
    visit: Visit, wave: Wave
) -> None:
    item = first_of(wave)
    first, second = visit(), visit(language="zh-hans", width=360)
    open_link(first, link(wave))
    choose(first, item, 2)
    second.goto(link(wave))
    told = second.locator('[data-state="again"]')
    expect(told).to_be_visible(timeout=20_000)
    # nothing of the one device stands on the other, and neither overwrites the other
    expect(second.locator(f'input[name="{item}"][value="2"]')).not_to_be_checked()
    choose(second, item, 5)
    for page in (first, second):
        page.locator("#submit").click()
        page.wait_for_url("**/received/", timeout=20_000)
    assert sorted(rows("SELECT answers[1] FROM collector.staged")) == [(2,), (5,)]
    query = "SELECT issues FROM issuer.invitation WHERE issues > 0"
    assert rows(query) == [(2,)]
