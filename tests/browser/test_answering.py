"""A respondent in a real browser: phone and desk, with and without JavaScript."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from surveys import actions
from surveys.models import Comment, Response, Wave
from surveys.tenancy import organization_scope
from tests.browser.accessibility import overflow, serious_findings
from tests.factories import NOW, brand_form, make_survey, make_wave

Visit = Callable[..., Page]


def rows(wave: Wave) -> list[tuple[list[int], str]]:
    with organization_scope(wave.organization_id):
        return list(Response.objects.values_list("answers", "language"))


def choose(page: Page, item: str, value: str | int) -> None:
    """Choose as a finger does: on the visible target around the radio button."""
    radio = f'input[name="{item}"][value="{value}"]'
    page.locator("label", has=page.locator(radio)).click()
    expect(page.locator(radio)).to_be_checked()


def answer_everything(page: Page, value: int = 6) -> None:
    for item in brand_form().items:
        choose(page, item.code, value)


@pytest.mark.parametrize(
    ("width", "language", "javascript", "sends", "thanks"),
    [
        (360, "zh-hans", True, "提交", "已收到"),
        (1280, "en", True, "Send answers", "received"),
        (360, "en", False, "Send answers", "received"),
    ],
)
def test_answers_arrive_in_the_database(
    visit: Visit,
    database: None,
    width: int,
    language: str,
    javascript: bool,
    sends: str,
    thanks: str,
) -> None:
    wave = make_wave()
    page = visit(width=width, language=language, javascript=javascript)
    page.goto(f"/s/{wave.pk}/")
    expect(page).to_have_url(re.compile(rf"/s/{wave.pk}/{language}/\?r="))
    assert overflow(page) == 0
    answer_everything(page)
    choose(page, "TBE.T1", 2)
    choose(page, "TBE.E4", "na")
    page.locator("textarea").fill("谢谢。" if language == "zh-hans" else "Thanks.")
    page.get_by_role("button", name=re.compile(sends)).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(
        re.compile(thanks, re.IGNORECASE)
    )
    expected = [6] * wave.form.item_count
    expected[0] = 2
    expected[[item.code for item in brand_form().items].index("TBE.E4")] = -2
    assert rows(wave) == [(expected, language)]
    with organization_scope(wave.organization_id):
        assert Comment.objects.count() == 1


@pytest.mark.parametrize(
    ("width", "language", "dark"),
    [
        (360, "zh-hans", False),
        pytest.param(360, "en", True, marks=pytest.mark.long),
        (1280, "en", False),
        pytest.param(1280, "zh-hans", True, marks=pytest.mark.long),
    ],
)
def test_axe_finds_nothing_serious(
    visit: Visit, database: None, width: int, language: str, dark: bool
) -> None:
    wave = make_wave()
    page = visit(width=width, language=language, dark=dark)
    page.goto(f"/s/{wave.pk}/{language}/received/")
    assert serious_findings(page) == []
    page.goto(f"/s/{wave.pk}/")
    choose(page, "TBE.T1", 4)
    assert serious_findings(page) == []
    assert overflow(page) == 0


def test_a_draft_survives_a_closed_tab(visit: Visit, database: None) -> None:
    wave = make_wave()
    page = visit()
    page.goto(f"/s/{wave.pk}/en/")
    choose(page, "TBE.T1", 3)
    page.wait_for_timeout(500)
    second = page.context.new_page()
    page.close()
    second.goto(f"/s/{wave.pk}/en/")
    expect(second.locator('input[name="TBE.T1"][value="3"]')).to_be_checked()
    assert rows(wave) == []


@pytest.mark.parametrize("javascript", [True, False])
def test_switching_the_language_loses_nothing(
    visit: Visit, database: None, javascript: bool
) -> None:
    wave = make_wave()
    page = visit(javascript=javascript)
    page.goto(f"/s/{wave.pk}/en/")
    choose(page, "TBE.T1", 3)
    page.get_by_role("button", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    expect(page.locator('input[name="TBE.T1"][value="3"]')).to_be_checked()
    page.get_by_role("button", name=re.compile("提交")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("已收到")
    [(answers, language)] = rows(wave)
    assert (answers[0], language) == (3, "zh-hans")


def test_answering_by_keyboard_alone(visit: Visit, database: None) -> None:
    wave = make_wave()
    page = visit()
    page.goto(f"/s/{wave.pk}/en/")
    page.locator('input[name="TBE.T1"]').first.focus()
    page.keyboard.press("Space")
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    expect(page.locator('input[name="TBE.T1"][value="5"]')).to_be_checked()
    page.get_by_role("button", name="Send answers").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(
        re.compile("received", re.IGNORECASE)
    )
    assert rows(wave)[0][0][0] == 5


def test_answers_kept_while_the_network_is_away_are_sent_afterwards(
    visit: Visit, database: None
) -> None:
    wave = make_wave()
    page = visit(network_fails=True)
    page.goto(f"/s/{wave.pk}/en/")
    choose(page, "TBE.T1", 7)
    page.route("**/*", lambda route: route.abort())
    page.get_by_role("button", name="Send answers").click()
    expect(page.get_by_role("alert").filter(visible=True)).to_contain_text("kept")
    page.unroute_all()
    page.get_by_role("button", name=re.compile("again", re.IGNORECASE)).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(
        re.compile("received", re.IGNORECASE)
    )
    assert len(rows(wave)) == 1


def test_a_second_click_is_one_answer(visit: Visit, database: None) -> None:
    wave = make_wave()
    page = visit(javascript=False)
    page.goto(f"/s/{wave.pk}/en/")
    choose(page, "TBE.T1", 7)
    page.get_by_role("button", name="Send answers").dblclick()
    expect(page.get_by_role("heading", level=1)).to_contain_text(
        re.compile("received", re.IGNORECASE)
    )
    assert len(rows(wave)) == 1


def test_a_closed_survey_says_so(visit: Visit, database: None) -> None:
    wave = make_wave(make_survey())
    with organization_scope(wave.organization_id):
        actions.close_wave(wave_id=wave.pk, at=NOW)
    page = visit(language="zh-hans", width=360)
    answer = page.request.get(f"/s/{wave.pk}/zh-hans/")
    assert answer.status == 410
    page.set_content(answer.text())
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_the_page_keeps_nothing_but_the_draft(visit: Visit, database: None) -> None:
    """No cookie; storage holds the draft until it is received and nothing after."""
    wave = make_wave()
    page = visit()
    page.goto(f"/s/{wave.pk}/en/")
    choose(page, "TBE.T1", 7)
    page.wait_for_timeout(500)
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length") == 1
    page.get_by_role("button", name="Send answers").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(
        re.compile("received", re.IGNORECASE)
    )
    assert page.evaluate("localStorage.length") == 0
    assert page.evaluate("sessionStorage.length") == 0
