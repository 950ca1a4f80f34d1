"""A pulse from the list of people to its report, and a brand beside its competitor."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from statistics import mean
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from analytics.publishing import publish_due
from surveys import mixing
from surveys.collect.intake import Receipt
from surveys.definition import Form, encode_answers
from surveys.fieldwork import due, outbox
from surveys.fieldwork.inviting import invite
from surveys.fieldwork.participation import count_due
from surveys.fieldwork.reminding import remind_due
from surveys.issue.issuer import cell_of
from surveys.launching import open_prepared
from surveys.models import (
    Due,
    Message,
    Organization,
    Participant,
    Response,
    Survey,
    Wave,
)
from surveys.tenancy import organization_scope
from tests.browser.accessibility import overflow
from tests.browser.staff import BROKEN, Person, link_in, mailbox, staff, words_of
from tests.browser.staff import workbook as written
from tests.browser.test_answering import choose
from tests.browser.test_credential import offline, open_link, received, send
from tests.browser.test_owner_pages import sign_in, wave_behind
from tests.catcher import Catcher
from tests.factories import (
    answer_address,
    make_form,
    make_member,
    make_organization,
    make_survey,
    publish_library,
)
from tests.jobs import run_waiting_jobs
from tests.surveys.asked import read
from tests.surveys.promised import (
    Credential,
    Draft,
    cells_of,
    collected,
    public_key_of,
    sheet,
    submit,
)

Visit = Callable[..., Page]
PHONE = 360
DAYS = 7


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def only_survey(organization: Organization) -> Survey:
    with organization_scope(organization.pk):
        return Survey.objects.get()


# ------------------------------------------------------------- what the owner clicks


def bring_people(page: Page, workbook: Path, number: int) -> None:
    page.get_by_role("link", name="People", exact=True).click()
    page.get_by_role("link", name="Bring a list").click()
    page.get_by_label("List of people").set_input_files(workbook)
    press(page, "Look at the list")
    press(page, "Check the list")
    tallies = page.locator(".tallies")
    expect(tallies).to_contain_text(re.compile(rf"new\s*{number}\b"))
    expect(tallies).to_contain_text(re.compile(rf"rows left out\s*{len(BROKEN)}\b"))
    rows = page.locator("table.findings tbody tr")
    expect(rows).to_have_count(len(BROKEN))
    for place, (_, sentence) in enumerate(BROKEN):
        row = rows.filter(has=page.locator("th", has_text=f"{number + 2 + place}"))
        expect(row).to_contain_text(sentence)
    press(page, "Import these people")
    expect(page.get_by_role("heading", level=1)).to_have_text("The list is imported")
    page.get_by_role("link", name="Look at the people").click()
    expect(page.get_by_text(f"{number} people", exact=True)).to_be_visible()


def design_pulse(page: Page) -> None:
    page.get_by_role("link", name="Surveys", exact=True).click()
    page.get_by_role("link", name="New survey").first.click()
    page.get_by_role("link", name="My team").click()
    page.get_by_label("Title in English").fill("How we lead")
    page.get_by_label("Title in Chinese").fill("我们的领导方式")
    page.get_by_label("Waves open and close by themselves").check()
    page.get_by_label("every quarter").check()
    tomorrow = timezone.localdate() + timedelta(days=1)
    page.get_by_label("First day").fill(tomorrow.isoformat())
    page.get_by_label("Time zone").select_option("Asia/Shanghai")
    page.get_by_label("Days open").fill(str(DAYS))
    page.get_by_label("Days of reminders").fill("2, 4")


def preview_and_launch(page: Page, visit: Visit, people: int) -> None:
    look = page.get_by_role("link", name="Preview: ")
    names = [link.inner_text() for link in look.all()]
    assert [name.split(": ")[1] for name in names] == ["English", "中文"]
    for name, title in zip(names, ("How we lead", "我们的领导方式"), strict=True):
        page.get_by_role("link", name=name, exact=True).first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        page.go_back()
    page.get_by_role("link", name="Look and launch").click()
    expect(page.get_by_text(f"{people} people would be invited now.")).to_be_visible()
    expect(page.get_by_text("Groups that can be reported")).to_be_visible()
    press(page, "Launch the survey")
    expect(page.get_by_text("The next wave opens on").first).to_be_visible()


# -------------------------------------------------------------- what the worker does


@dataclass
class Field:
    """The wave in the field, its mails, and who is known to have opened.

    Nobody but this test can know the last: the site tells it to no one.
    """

    wave: Wave
    server: Catcher
    opens: datetime
    random: Random
    opened: set[str]
    answered: int = 0

    def later(self, days: float) -> datetime:
        return self.opens + timedelta(days=days)

    def work(self, now: datetime) -> list[str]:
        """Let the worker's jobs run at a time; return who got a mail by it."""
        before = len(self.server.mails)
        due.sweep(now)
        remind_due(now)
        while outbox.run(clock=lambda: now).more:
            pass  # a run ends after a while, so that other jobs have their turn
        count_due(now)
        self.wave = read(self.wave)
        return [mail.to for mail in self.server.mails[before:]]

    def link(self, person: Person) -> str:
        return link_in(next(m for m in self.server.mails if m.to == person.email))

    def open(self, person: Person) -> Credential:
        """Open a link as a browser does, and answer nothing yet."""
        code = self.link(person).partition("#")[2]
        cell_id = cell_of(self.wave.pk, code)
        (cell,) = [one for one in cells_of(self.wave) if one.pk == cell_id]
        held = Draft(self.wave, code, public_key_of(collected(self.wave), cell))
        self.opened.add(person.email)
        return held.finish()

    def answer(self, held: Credential) -> None:
        asked = collected(self.wave)
        filled = sheet(asked, self.random.choice((2, 3, 4, 4, 5)))
        assert submit(asked, held, filled) is Receipt.STORED
        self.answered += 1


def open_first_wave(organization: Organization, server: Catcher) -> Field:
    """Let the planned moment come, and everything be done that is due then."""
    survey = only_survey(organization)
    with organization_scope(organization.pk):
        planned = Due.objects.get(survey=survey, kind=Due.Kind.OPEN)
    due.sweep(planned.due_at - timedelta(minutes=1))
    with organization_scope(organization.pk):
        assert not Wave.objects.exists()
    due.sweep(planned.due_at)
    with organization_scope(organization.pk):
        wave = Wave.objects.get(survey=survey)
    assert (wave.state, wave.opened_at) == (Wave.State.OPEN, planned.due_at)
    return Field(wave, server, planned.due_at, Random(6), set())


# ------------------------------------------------------------ how respondents answer


def first_item(page: Page) -> str:
    return str(page.locator("input[type=radio]").first.get_attribute("name"))


def answer_online(page: Page, link: str) -> None:
    open_link(page, link)
    assert overflow(page) == 0
    choose(page, first_item(page), 4)
    press(page, "Send answers")
    received(page)


def answer_offline(page: Page, link: str) -> None:
    """Everything from the first question to sending happens without a network."""
    open_link(page, link)
    page.wait_for_function("'aside' in document.documentElement.dataset")
    with offline(page):
        page.reload()
        choose(page, first_item(page), 2)
        page.get_by_role("button", name="提交").click()
        expect(page.locator("#sealed")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_contain_text(
        "已收到", timeout=20_000
    )


FOCUSED = "document.activeElement.name || document.activeElement.id"


def answer_by_keyboard(page: Page, link: str) -> int:
    """Tab, Space, arrows and Enter; return how many questions were answered."""
    open_link(page, link)
    answered = set()
    for _ in range(200):
        page.keyboard.press("Tab")
        focused = str(page.evaluate(FOCUSED))
        if focused == "submit":
            break
        kind = page.evaluate("document.activeElement.type")
        if kind == "radio" and focused not in answered:
            page.keyboard.press("Space")
            page.keyboard.press("ArrowRight")
            answered.add(focused)
    assert page.evaluate(FOCUSED) == "submit"
    assert page.locator("input[type=radio]:checked").count() == len(answered)
    page.keyboard.press("Enter")
    received(page)
    return len(answered)


def answer_without_javascript(page: Page, link: str, code: str) -> None:
    page.goto(link)
    assert overflow(page) == 0
    choose(page, first_item(page), 3)
    page.locator("#code").fill(code)
    send(page)
    received(page)


# --------------------------------------------------------------------- a team's pulse


@pytest.mark.parametrize("number", [40, pytest.param(500, marks=pytest.mark.long)])
def test_a_quarterly_pulse_from_the_list_to_the_report(
    visit: Visit, site: str, settings: Any, tmp_path: Path, number: int
) -> None:
    publish_library()
    organization = make_organization()
    make_member(organization)
    people = staff(number)
    page = visit()
    sign_in(page)
    bring_people(page, written(people, tmp_path / "staff.xlsx"), number)
    design_pulse(page)
    press(page, "Make the survey")
    preview_and_launch(page, visit, number)
    with mailbox(settings, site) as server:
        field = open_first_wave(organization, server)
        invited(field, people)
        respond(field, visit, people)
        reminded(field, people)
        ended(field, people)
    published(page, field, people)
    typed_without_javascript(visit, settings, site, organization)


def invited(field: Field, people: Sequence[Person]) -> None:
    """Everybody gets one mail in a language of their own."""
    assert sorted(field.work(field.opens)) == sorted(p.email for p in people)
    assert field.work(field.opens) == []
    mails = {mail.to: mail for mail in field.server.mails}
    for person in people:
        chinese = person.language == "zh-hans"
        assert ("您好" in words_of(mails[person.email])) == chinese
        assert f"/{person.language}/#" in link_in(mails[person.email])


def respond(field: Field, visit: Visit, people: Sequence[Person]) -> None:
    """Three in browsers of a phone's width, a third of the others by themselves."""
    online, aside, keyboard, *others = people
    answer_online(visit(width=PHONE), field.link(online))
    page = visit(width=PHONE, language="zh-hans", network_fails=True)
    answer_offline(page, field.link(aside))
    assert answer_by_keyboard(visit(width=PHONE), field.link(keyboard)) >= 5
    field.opened |= {one.email for one in (online, aside, keyboard)}
    field.answered += 3
    for person in others[: len(people) // 3]:
        field.answer(field.open(person))
    mixing.mix_due(field.later(1))


def reminded(field: Field, people: Sequence[Person]) -> None:
    """Twice, and each time exactly those who have not opened by then."""
    everybody = {one.email for one in people}
    *answering, waiting = [p for p in people if p.email not in field.opened][
        : len(people) // 4
    ]
    field.open(waiting)  # opened, and sends after the close
    assert field.work(field.later(1.9)) == []
    for day in (2, 4):
        got = field.work(field.later(day))
        assert Counter(got) == Counter(everybody - field.opened)
        assert field.work(field.later(day + 0.1)) == []
        for person in answering[day - 2 : day]:
            field.answer(field.open(person))
    for person in answering[4:]:
        field.answer(field.open(person))
    kinds = Counter(m.kind for m in told(field.wave))
    assert kinds["invitation"] == len(people)


def told(wave: Wave) -> list[Message]:
    with organization_scope(wave.organization_id):
        return list(Message.objects.filter(wave=wave))


def ended(field: Field, people: Sequence[Person]) -> None:
    """The wave closes by itself, waits a day for late answers, and is finished."""
    unopened = [one for one in people if one.email not in field.opened]
    late = field.open(unopened[0])
    field.work(field.later(DAYS - 0.9))
    assert field.wave.is_open
    closing = field.wave.closes_at
    assert closing is not None
    assert field.work(closing) == []
    assert field.wave.state == Wave.State.GRACE
    field.answer(late)
    field.work(closing + mixing.GRACE - timedelta(minutes=1))
    assert field.wave.state == Wave.State.GRACE
    field.work(closing + mixing.GRACE)
    assert (field.wave.state, field.wave.closed_at) == (Wave.State.CLOSED, closing)
    cells = cells_of(field.wave)
    assert sum(cell.invited for cell in cells) == len(people)
    assert sum(cell.answered or 0 for cell in cells) == field.answered
    with organization_scope(field.wave.organization_id):
        assert Response.objects.filter(wave=field.wave).count() == field.answered


def published(page: Page, field: Field, people: Sequence[Person]) -> None:
    """The owner sees the counts, and reads the report that was made of them."""
    page.goto(f"/waves/{field.wave.pk}/")
    said = re.compile(rf"\b{field.answered} of {len(people)} have answered")
    expect(page.locator(".participation")).to_contain_text(said)
    page.get_by_role("link", name="How we lead").click()
    expect(page.get_by_text(f"{field.answered} answers")).to_be_visible()
    expect(page.get_by_text("The next wave opens on")).to_be_visible()
    expect(page.get_by_role("button", name="Start the analysis")).to_have_count(0)
    assert publish_due(timezone.now()) == 1
    run_waiting_jobs()
    page.goto(f"/waves/{field.wave.pk}/report/")
    expect(page.get_by_role("heading", level=1)).to_have_text("How we lead")


def typed_without_javascript(
    visit: Visit, settings: Any, site: str, organization: Organization
) -> None:
    """A confidential wave to the same people: the mail brings a code to be typed."""
    survey = make_survey(organization, mode=Survey.Mode.CONFIDENTIAL)
    make_form(survey)
    now = timezone.now()
    with organization_scope(organization.pk):
        wave = invite(survey=survey, people=Participant.objects.all(), at=now)
    open_prepared(organization.pk, wave.pk)
    with mailbox(settings, site) as server:
        while outbox.run(clock=lambda: now).more:
            pass
    mail = next(m for m in server.mails if m.to == "p0@example.org")
    code = re.search(r"typed on the page: (\S+)", words_of(mail))
    assert code is not None
    page = visit(width=PHONE, javascript=False)
    answer_without_javascript(page, link_in(mail), code[1])
    page = visit(width=PHONE, javascript=False, network_fails=True)
    page.goto(link_in(mail))
    page.locator("#code").fill("ABCD")
    send(page)
    expect(page.get_by_text("This code does not belong").last).to_be_visible()


# --------------------------------------------------------- a brand and its competitor


def study_of_brands(page: Page) -> str:
    """Design the study and open it; return the link to share."""
    page.get_by_role("link", name="New survey").first.click()
    page.get_by_role("link", name="My customers").click()
    page.get_by_label("Title in English").fill("Two teas")
    page.get_by_label("Title in Chinese").fill("两种茶")
    page.get_by_label("Whom the trust is in").select_option(value="own")
    page.get_by_label("Your own words in English").fill("Harbour Tea")
    page.get_by_label("Your own words in Chinese").fill("港湾茶")
    page.get_by_label("Ask the same about others").fill("Rival Tea | 对手茶")
    press(page, "Make the survey")
    press(page, "Open the first wave")
    return page.get_by_label("Link to the survey").input_value()


def judged(form: Form, random: Random) -> list[int]:
    """Answers of somebody who trusts the second brand less by about one point."""
    person = random.gauss(0, 0.8)
    found = []
    for item in form.items:
        gap = 1.0 if "_2." in item.code else 0.0
        level = 4.8 - gap + person + random.gauss(0, 0.9)
        if item.reverse:
            level = item.low + item.high - level
        found.append(min(item.high, max(item.low, round(level))))
    return found


def answer_two_blocks(page: Page, link: str) -> None:
    """The middle for every question about both brands."""
    page.goto(link)
    assert overflow(page) == 0
    expect(page.locator("section.about h2")).to_have_count(2)
    choose(page, first_item(page), 4)
    others = page.locator('input[type=radio][value="4"]')
    others.evaluate_all("(all) => all.forEach((one) => one.click())")
    page.locator("#submit").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(
        re.compile("received|已收到")
    )


def by_hand(wave: Wave, scale: str) -> float:
    """Mean paired difference of a scale from the stored rows, as one would by hand."""
    form = wave.form.asked()
    with organization_scope(wave.organization_id):
        rows = list(
            Response.objects.filter(wave=wave).values_list("answers", flat=True)
        )
    place = {item.code: index for index, item in enumerate(form.items)}
    codes = [item.code for item in form.items if item.scale == scale]
    signs = {item.code: -1 if item.reverse else 1 for item in form.items}
    assert codes
    # keying cancels the constant: both items of a pair are turned around or neither
    pairs = [(code, code.replace(".", "_2.", 1)) for code in codes]
    return mean(
        mean(signs[a] * (row[place[a]] - row[place[b]]) for a, b in pairs)
        for row in rows
    )


@pytest.mark.parametrize("number", [80, pytest.param(600, marks=pytest.mark.long)])
def test_a_brand_beside_its_competitor(visit: Visit, number: int) -> None:
    publish_library()
    organization = make_organization()
    make_member(organization)
    page = visit()
    sign_in(page)
    link = study_of_brands(page)
    wave = read(wave_behind(organization, link))
    answer_two_blocks(visit(width=PHONE), link)
    answer_two_blocks(visit(width=PHONE, language="zh-hans", javascript=False), link)
    client, random, form = Client(), Random(600), wave.form.asked()
    for place in range(number - 2):
        address = answer_address(wave, ("en", "zh-hans")[place % 2])
        reply = client.post(address, encode_answers(form, judged(form, random)))
        assert reply.status_code == 303
    page.reload()
    page.get_by_role("link", name="Close the wave").first.click()
    press(page, "Close the wave")
    expect(page.get_by_text(f"{number} answers")).to_be_visible()
    page.get_by_role("button", name="Start the analysis").click()
    run_waiting_jobs()
    section = page.locator("section", has=page.locator("h2", has_text="Beside "))
    expect(section.locator("h2").first).to_have_text("Beside Rival Tea")
    table = section.get_by_role("table", name="Harbour Tea and Rival Tea")
    rows = [
        row.locator("th, td").all_inner_texts()
        for row in table.get_by_role("row").all()
    ]
    shown = {name: cells for name, *cells in rows}
    trust = [s for s in form.scales if s.role == "trust" and "_2." not in s.code]
    assert len(trust) == 5
    for scale in trust:
        _first, _second, difference, *_, pairs = shown[scale.name.en]
        # two digits are shown
        assert float(difference) == pytest.approx(by_hand(wave, scale.code), abs=0.0051)
        assert pairs == str(number)
