"""Comments, action notes and members in a real browser, in both languages."""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from django.db import connections
from playwright.sync_api import Page, expect

from analytics import coding, comments, plain
from analytics.release_parts import Segment
from surveys.fieldwork.inviting import invite
from surveys.models import Cell, Comment, Organization, Participant, User, Wave
from surveys.models.people import Role
from surveys.tenancy import organization_scope
from tests.analytics.commented import make_note, make_tag, member_of, only
from tests.analytics.release_samples import everyone, part_texts
from tests.analytics.test_actions import Company, trend
from tests.browser.accessibility import overflow, serious_findings
from tests.browser.test_owner_pages import sign_in
from tests.factories import NOW, make_member, make_organization
from tests.released import make_release
from tests.surveys.test_members import make_manager

# Where to keep pictures for whoever wants to look at them.
PICTURES = os.environ.get("SCREENSHOTS")
TEXTS = (
    "Meetings end late, and nobody says what was decided.",
    "我们希望主管能更早告诉我们排班的变化，这样才能安排家里的事情。",
    "More honest talk about money.\nLess slides.",
    "https://intranet.example.org/a/very/long/address/that/does/not/end/anywhere/soon",
    "很好。",
)
INSERT = """
INSERT INTO surveys_comment (organization_id, wave_id, id, question, text)
VALUES (%s, %s, gen_random_uuid(), '', %s)
"""


def next_wave(company: Company) -> Wave:
    """Ask the same people again."""
    with organization_scope(company.organization.pk):
        people = list(Participant.objects.all())
        return invite(survey=company.wave.survey, people=people, at=NOW)


def furnished() -> dict[str, str]:
    """A second wave with comments that two people coded, and notes from the first."""
    organization = make_organization()
    owner = make_member(organization)
    analyst = make_member(organization, email="an@example.org", role=Role.ANALYST)
    company = Company(organization)
    north, everybody = company.part.segments[1], company.part.segments[0]
    until = {"until": date(2026, 9, 30), "status": "doing"}
    make_note(company.wave, north, "Talk about workload every Monday.", **until)
    make_note(company.wave, everybody, "全体：每月公开一次决定及其理由。", who="总经理")
    wave = next_wave(company)
    published(company, wave)
    code_all(organization, wave, owner, analyst)
    manager = make_manager(organization, company.north, company.south)
    return {
        "report": f"/waves/{wave.pk}/report/",
        "comments": f"/waves/{wave.pk}/report/comments/",
        "notes": f"/waves/{wave.pk}/report/actions/",
        "members": "/people/members/",
        "manager": f"/people/members/{manager.pk}/",
        "reports": "/reports/",
    }


def published(company: Company, wave: Wave) -> None:
    key = company.key("Team north")
    with connections["owner"].cursor() as cursor:
        for number in range(30):
            text = f"{TEXTS[number % len(TEXTS)]} ({number})"
            cursor.execute(INSERT, [wave.organization_id, wave.pk, text])
    with organization_scope(wave.organization_id):
        cells = {one.key: str(one.pk) for one in Cell.objects.filter(wave=wave)}
        found = Wave.objects.select_related("form").get(pk=wave.pk)
        part = comments.part_of(found, answered=30)
    _, *teams = company.part.segments
    segments = only(
        everyone(),
        *(_in(one, cells[one.key.removeprefix("unit:")]) for one in teams),
    )
    texts = part_texts(segments)
    texts["comments"] = json.dumps(plain.to_plain(part))
    texts[f"trend/{key}"] = json.dumps(plain.to_plain(trend(key, since=1)))
    make_release(wave, texts)


def _in(segment: Segment, cell: str) -> Segment:
    return replace(segment, cell=cell)


def code_all(organization: Organization, wave: Wave, *users: User) -> None:
    tags = [
        make_tag(wave, "Workload", "工作量"),
        make_tag(wave, "Openness", "坦诚"),
        make_tag(wave, "Pay"),
    ]
    for place, user in enumerate(users):
        member = member_of(organization, user)
        with organization_scope(wave.organization_id):
            for one in Comment.objects.filter(wave=wave):
                number = int(one.text.rsplit("(", 1)[1].rstrip(")"))
                given = [tags[0]] if number % 3 == 0 else []
                given += [tags[1]] if number % 4 == place else []
                given += [tags[2]] if number == 5 else []
                if number < 26:
                    coding.code(one, tags=given, by=member)


@pytest.mark.parametrize(
    ("width", "language"),
    [
        (360, "en"),
        pytest.param(360, "zh-hans", marks=pytest.mark.long),
        pytest.param(1280, "en", marks=pytest.mark.long),
        (1280, "zh-hans"),
    ],
)
def test_pages_beside_a_release_fit_and_can_be_read(
    visit: Callable[..., Page], width: int, language: str
) -> None:
    addresses = furnished()
    page = visit(width=width, language=language)
    sign_in(page)
    for name, address in addresses.items():
        page.goto(address)
        assert overflow(page) <= 0, name
        assert serious_findings(page) == [], name
        if name == "comments":
            page.locator(".coding summary").first.click()
        if PICTURES:
            picture = Path(PICTURES) / f"{name}-{width}-{language}.png"
            page.screenshot(path=picture, full_page=True)


def test_comments_are_found_coded_and_revealed_without_a_mouse(
    visit: Callable[..., Page],
) -> None:
    addresses = furnished()
    page = visit(javascript=False)
    sign_in(page)
    page.goto(addresses["comments"])
    page.get_by_label("Words in the comment").fill("nobody says")
    page.keyboard.press("Enter")
    expect(page.locator("#found h2")).to_have_text("6 comments found")
    assert "nobody" not in page.url
    page.locator(".coding summary").first.click()
    page.get_by_label("Pay").first.check()
    page.get_by_role("button", name="Keep my tags").first.click()
    expect(page.locator("#found h2")).to_have_text("6 comments found")
    expect(page.locator(".comment-list .chip", has_text="Pay").first).to_be_visible()
    page.get_by_role("button", name="Show all codings").click()
    expect(page.get_by_text("Everybody sees the codings from now on")).to_be_visible()
    page.goto(addresses["report"])
    expect(page.locator("#comments")).to_contain_text("2 coders, 26 comments")


def test_a_note_is_written_by_keyboard_and_stands_beside_its_change(
    visit: Callable[..., Page],
) -> None:
    addresses = furnished()
    page = visit(width=360)
    sign_in(page)
    page.goto(addresses["notes"])
    page.get_by_label("About which group").select_option(label="Team north")
    page.get_by_label("What will be done").fill("Write down what was decided.")
    page.get_by_role("button", name="Write it down").press("Enter")
    expect(page.get_by_text("The note is written down.")).to_be_visible()
    expect(page.locator(".agreed")).to_contain_text("+0.30 [0.10, 0.50]")
    assert overflow(page) <= 0
    page.get_by_role("link", name="Change this note: Write down").click()
    page.wait_for_url("**/notes/*/")
    assert serious_findings(page) == []
    page.get_by_label("Progress").select_option("done")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".agreed")).to_contain_text("Done")
