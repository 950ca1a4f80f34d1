"""The pages of messages and the way out in a real browser, in both languages."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db.models import F
from playwright.sync_api import Page

from surveys.fieldwork import optout
from surveys.fieldwork.inviting import plan_reminders
from surveys.models import Message, Participant, Reminder, Wave
from surveys.tenancy import organization_scope
from tests.browser.accessibility import overflow, serious_findings
from tests.browser.test_owner_pages import sign_in
from tests.factories import NOW, make_member
from tests.surveys.asked import make_asked

Visit = Callable[..., Page]
# where somebody would like to look at the pages
PICTURES = os.environ.get("SCREENSHOTS")


def prepared() -> tuple[Wave, str]:
    """A wave whose messages met every fate, and the way out of one of its people."""
    wave = make_asked(opened=False)
    make_member(wave.survey.organization)
    with organization_scope(wave.organization_id):
        ids = list(Message.objects.values_list("pk", flat=True))
        sent = Message.objects.filter(pk__in=ids[:15])
        sent.update(state=Message.State.SENT, sent_at=NOW)
        Message.objects.filter(pk=ids[15]).update(state=Message.State.FAILED)
        Message.objects.filter(pk=ids[16]).update(state=Message.State.BOUNCED)
        Message.objects.filter(pk=ids[17]).update(
            problem="451 4.7.1 Greylisted, come back later"
        )
        person = Participant.objects.order_by("pk")[0]
        plan_reminders(wave, [NOW + timedelta(days=day) for day in (1, 2, 4)])
        Reminder.objects.filter(round=1).update(done_at=F("due_at"))
    return wave, f"/out/{optout.token_for(wave.organization_id, person.pk)}/"


def looked_at(page: Page, name: str) -> None:
    assert serious_findings(page) == []
    assert overflow(page) <= 0
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_works_for_everybody(visit: Visit, language: str) -> None:
    wave, _ = prepared()
    pages = {
        "messages": f"/waves/{wave.pk}/messages/",
        "texts": f"/surveys/{wave.survey_id}/texts/",
        "sender": "/sender/",
    }
    page = visit(language=language)
    sign_in(page)
    for name, address in pages.items():
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(address)
            looked_at(page, f"{name}-{language}-{width}")


def test_the_way_out_works_for_everybody(visit: Visit) -> None:
    _, way_out = prepared()
    page = visit(width=360)
    page.goto(way_out)
    looked_at(page, "out-en-360")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{way_out}?language=zh-hans")
    looked_at(page, "out-zh-hans-1280")


def test_somebody_opts_out_without_javascript_by_keyboard(visit: Visit) -> None:
    _, way_out = prepared()
    page = visit(width=360, javascript=False)
    page.goto(way_out)
    page.get_by_role("button", name="No more mails").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="You get no more of these mails").wait_for()
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / "out-done-en-360.png", full_page=True)
