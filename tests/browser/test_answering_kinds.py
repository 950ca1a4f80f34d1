"""Choices, numbers, texts, conditions and shuffled items in a real browser."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from surveys.definition.rotation import Rotation, rotated
from surveys.models import Comment, Response, Wave
from surveys.tenancy import organization_scope
from tests.browser.accessibility import overflow, serious_findings
from tests.factories import (
    brand_form,
    every_kind_form,
    make_every_kind_wave,
    make_form,
    make_survey,
    make_wave,
    two_brands,
)

Visit = Callable[..., Page]
ITEMS = [item.code for item in every_kind_form().items]
SHUFFLED = {"ALL.T1", "ALL.T2", "ALL.T3", "ALL.T4"}


def card(page: Page, code: str) -> Locator:
    return page.locator(f'[id="{code}"]')


def choose(page: Page, code: str, value: str | int) -> None:
    radio = f'input[name="{code}"][value="{value}"]'
    page.locator("label", has=page.locator(radio)).click()
    expect(page.locator(radio)).to_be_checked()


def stored(wave: Wave) -> list[dict[str, int]]:
    with organization_scope(wave.organization_id):
        rows = list(Response.objects.values_list("answers", flat=True))
    return [dict(zip(ITEMS, row, strict=True)) for row in rows]


def texts(wave: Wave) -> dict[str, str]:
    with organization_scope(wave.organization_id):
        return dict(Comment.objects.values_list("question", "text"))


def order(page: Page) -> list[str]:
    cards = page.locator("#answers .item[id]")
    return [str(code) for code in cards.evaluate_all("all => all.map(one => one.id)")]


def numbers(page: Page) -> list[str]:
    shown = page.locator("#answers .item[id]:visible .number")
    return [text.strip() for text in shown.all_inner_texts()]


def assert_inside(one: Locator) -> None:
    """The points stand inside their card."""
    frame, points = one.bounding_box(), one.locator(".points").bounding_box()
    assert frame is not None
    assert points is not None
    assert points["x"] > frame["x"]
    assert points["x"] + points["width"] < frame["x"] + frame["width"]


@pytest.mark.parametrize(
    ("width", "language", "javascript"),
    [(360, "zh-hans", True), (1280, "en", True), (360, "en", False)],
)
def test_every_kind_of_answer_arrives(
    visit: Visit, database: None, width: int, language: str, javascript: bool
) -> None:
    wave = make_every_kind_wave()
    page = visit(width=width, language=language, javascript=javascript)
    page.goto(f"/s/{wave.pk}/{language}/")
    choose(page, "ALL.T1", 5)
    choose(page, "ALL.B1", 1)
    card(page, "ALL.B2").locator("textarea").fill("迟到了。\nLate.")
    card(page, "ALL.B3").locator("input.typed").fill("12")
    card(page, "ALL.B4").locator("select").select_option("13")
    choose(page, "ALL.B5", 4)
    choose(page, "ALL.P1", 10)
    page.locator("#comment").fill("Thanks.")
    assert overflow(page) == 0
    page.locator("#submit").click()
    expect(page).to_have_url(re.compile("received"))
    [answers] = stored(wave)
    assert answers == {
        "ALL.T1": 5,
        "ALL.T2": -1,
        "ALL.T3": -1,
        "ALL.T4": -1,
        "ALL.B1": 1,
        "ALL.B3": 12,
        "ALL.B4": 13,
        "ALL.B5": 4,
        "ALL.P1": 10,
        "ALL.P2": -1,
    }
    assert texts(wave) == {"ALL.B2": "迟到了。\nLate.", "": "Thanks."}


def test_what_a_condition_hides_is_neither_counted_nor_sent(
    visit: Visit, database: None
) -> None:
    wave = make_every_kind_wave()
    page = visit()
    page.goto(f"/s/{wave.pk}/en/")
    expect(card(page, "ALL.P1")).to_be_hidden()
    expect(page.locator("#answered")).to_have_text("0 of 8 answered")
    assert numbers(page) == [f"{n}." for n in range(1, 9)]
    choose(page, "ALL.B1", 1)
    expect(page.locator("#answered")).to_have_text("1 of 11 answered")
    expect(page.locator("#spoken")).to_have_text("1 of 11 answered")
    assert numbers(page) == [f"{n}." for n in range(1, 12)]
    assert_inside(card(page, "ALL.P1"))
    choose(page, "ALL.P1", 9)
    card(page, "ALL.B2").locator("textarea").fill("A secret")
    choose(page, "ALL.B1", 2)
    expect(card(page, "ALL.P1")).to_be_hidden()
    expect(page.locator("#answered")).to_have_text("1 of 8 answered")
    sent = []
    page.on("request", lambda request: sent.append(request.post_data))
    page.locator("#submit").click()
    expect(page).to_have_url(re.compile("received"))
    assert not any("secret" in (body or "") or "P1" in (body or "") for body in sent)
    [answers] = stored(wave)
    assert (answers["ALL.B1"], answers["ALL.P1"]) == (2, -3)
    assert texts(wave) == {}


def test_the_condition_is_told_in_words_where_there_is_no_javascript(
    visit: Visit, database: None
) -> None:
    wave = make_every_kind_wave()
    page = visit(javascript=False)
    page.goto(f"/s/{wave.pk}/en/")
    expect(card(page, "ALL.P1")).to_contain_text(
        "Only if you answered “yes” to question 5."
    )
    assert order(page)[:4] == ["ALL.T1", "ALL.T2", "ALL.T3", "ALL.T4"]
    choose(page, "ALL.B1", 2)
    choose(page, "ALL.P1", 3)
    page.locator("#submit").click()
    expect(page).to_have_url(re.compile("received"))
    assert stored(wave)[0]["ALL.P1"] == -3


def test_the_order_is_ones_own_and_stays(visit: Visit, database: None) -> None:
    wave = make_every_kind_wave()
    page = visit()
    seen = set()
    for _ in range(6):
        page.goto(f"/s/{wave.pk}/")
        found = order(page)
        seen.add(tuple(found))
        assert set(found[:4]) == SHUFFLED
        assert found[4:6] == ["ALL.B1", "ALL.B2"]
    assert len(seen) > 1
    page.goto(f"/s/{wave.pk}/en/")
    before = order(page)
    page.reload()
    assert order(page) == before
    choose(page, "ALL.T2", 3)
    page.get_by_role("button", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    assert order(page) == before
    page.locator("#submit").click()
    expect(page).to_have_url(re.compile("received"))
    assert stored(wave)[0]["ALL.T2"] == 3


def test_blocks_about_two_brands_come_in_an_order_of_ones_own(
    visit: Visit, database: None
) -> None:
    survey = make_survey()
    make_form(survey, asks=two_brands())
    wave = make_wave(survey)
    page, firsts = visit(), set()
    for _ in range(20):  # the same first each time: once in half a million runs
        page.goto(f"/s/{wave.pk}/")
        found = order(page)
        assert len({code.partition(".")[0] for code in found[:6]}) == 1
        firsts.add(found[0])
        if len(firsts) == 2:
            break
    assert firsts == {"TBE.T1", "TBE_2.T1"}
    page.reload()
    assert order(page) == found
    assert page.locator(".number").first.inner_text() == "1."
    choose(page, "TBE_2.T1", 2)
    page.locator("#submit").click()
    expect(page).to_have_url(re.compile("received"))
    with organization_scope(wave.organization_id):
        (row,) = Response.objects.values_list("answers", flat=True)
    codes = [item.code for item in two_brands().items]
    assert dict(zip(codes, row, strict=True))["TBE_2.T1"] == 2


@pytest.mark.parametrize("javascript", [True, False])
def test_a_number_out_of_range_is_told_beside_it(
    visit: Visit, database: None, javascript: bool
) -> None:
    wave = make_every_kind_wave()
    page = visit(javascript=javascript, network_fails=True)
    page.goto(f"/s/{wave.pk}/en/")
    field = card(page, "ALL.B3").locator("input.typed")
    field.fill("601")
    page.locator("#submit").click()
    error = card(page, "ALL.B3").locator(".error")
    expect(error).to_contain_text("a whole number from 0 to 600")
    expect(field).to_have_attribute("aria-describedby", "ALL.B3-error ALL.B3-hint")
    if javascript:
        expect(field).to_be_focused()
    assert stored(wave) == []
    field.fill("60")
    page.locator("#submit").click()
    expect(page).to_have_url(re.compile("received"))
    assert stored(wave)[0]["ALL.B3"] == 60


def test_a_number_and_not_applicable_exclude_each_other(
    visit: Visit, database: None
) -> None:
    wave = make_every_kind_wave()
    page = visit()
    page.goto(f"/s/{wave.pk}/en/")
    field = card(page, "ALL.B3").locator("input.typed")
    field.fill("7")
    choose(page, "ALL.B3", "na")
    expect(field).to_have_value("")
    field.fill("8")
    expect(page.locator('input[name="ALL.B3"][value="na"]')).not_to_be_checked()
    choose(page, "ALL.B3", "na")
    card(page, "ALL.B3").get_by_role("button", name="Clear answer").click()
    expect(field).to_be_focused()
    choose(page, "ALL.B3", "na")
    page.locator("#submit").click()
    expect(page).to_have_url(re.compile("received"))
    assert stored(wave)[0]["ALL.B3"] == -2


def test_a_draft_keeps_every_kind_of_answer(visit: Visit, database: None) -> None:
    wave = make_every_kind_wave()
    page = visit()
    page.goto(f"/s/{wave.pk}/en/")
    choose(page, "ALL.B1", 1)
    card(page, "ALL.B2").locator("textarea").fill("A story")
    card(page, "ALL.B3").locator("input.typed").fill("12")
    card(page, "ALL.B4").locator("select").select_option("2")
    page.locator("#comment").fill("Bye")
    page.wait_for_timeout(500)
    page.reload()
    expect(card(page, "ALL.B2").locator("textarea")).to_have_value("A story")
    expect(card(page, "ALL.B3").locator("input.typed")).to_have_value("12")
    expect(card(page, "ALL.B4").locator("select")).to_have_value("2")
    expect(page.locator("#comment")).to_have_value("Bye")
    page.get_by_role("button", name="Delete them and start over").click()
    expect(card(page, "ALL.B2")).to_be_hidden()
    after = order(page)
    page.reload()
    assert order(page) == after


@pytest.mark.parametrize(
    ("width", "language", "dark"), [(360, "zh-hans", True), (1280, "en", False)]
)
def test_axe_finds_nothing_serious(
    visit: Visit, database: None, width: int, language: str, dark: bool
) -> None:
    wave = make_every_kind_wave()
    page = visit(width=width, language=language, dark=dark)
    page.goto(f"/s/{wave.pk}/{language}/")
    choose(page, "ALL.B1", 1)
    assert serious_findings(page) == []
    assert overflow(page) == 0


def test_everybody_draws_a_turn_and_keeps_it(visit: Visit, database: None) -> None:
    """What is not drawn is hidden, stored as not shown, and stays so after a reload."""
    survey = make_survey()
    form = rotated(brand_form(), Rotation(3, 2, by_respondent=True))
    make_form(survey, asks=form)
    wave = make_wave(survey)
    page = visit(width=360, language="en", javascript=True)
    page.goto(f"/s/{wave.pk}/")
    page.wait_for_selector("html[data-ready]")

    def shown() -> set[str]:
        cards = page.locator(".item[id]:not([hidden])")
        return set(cards.evaluate_all("cards => cards.map(card => card.id)"))

    drawn = shown()
    everything = {item.code for item in form.items}
    assert everything - drawn in [set(turn.away) for turn in form.rotation]
    code = min(drawn)
    choose(page, code, 5)
    page.reload()
    page.wait_for_selector("html[data-ready]")
    assert shown() == drawn
    page.get_by_role("button", name="Send answers").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("received")
    with organization_scope(wave.organization_id):
        (stored,) = Response.objects.values_list("answers", flat=True)
    given = dict(zip((item.code for item in form.items), stored, strict=True))
    assert {item for item in given if given[item] == -3} == everything - drawn
    assert given[code] == 5
