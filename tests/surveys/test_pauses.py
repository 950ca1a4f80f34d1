"""A pause is no end: whoever opens a paused anonymous wave is told so, and comes back."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.http import HttpResponse
from django.test import Client

from surveys import mixing
from surveys.collect.intake import Receipt
from surveys.fieldwork import periods
from surveys.models import Wave
from surveys.tenancy import organization_scope
from tests.attack.people import quick_keys
from tests.factories import NOW
from tests.surveys.promised import (
    Draft,
    cell,
    cells_of,
    codes,
    collected,
    launch,
    obtain,
    public_key_of,
    sheet,
    submit,
)


@pytest.fixture
def wave(database: None) -> Wave:
    with quick_keys():
        return launch([cell(8)])


def draft(wave: Wave, number: int = 0) -> Draft:
    (team,) = cells_of(wave)
    return Draft(wave, codes(wave, team)[number], public_key_of(collected(wave), team))


def ask(wave: Wave, what: str, browser: Draft) -> HttpResponse:
    client: Any = Client()
    blinded = browser.blinded.hex()
    content = json.dumps({"code": browser.code, "blinded": blinded})
    reply: HttpResponse = client.post(
        f"/i/{wave.pk}/{what}", content, content_type="application/json"
    )
    return reply


def pause(wave: Wave) -> None:
    with organization_scope(wave.organization_id):
        assert periods.pause(wave, at=NOW + timedelta(seconds=1))
    periods.follow_pauses()


def resume(wave: Wave) -> None:
    with organization_scope(wave.organization_id):
        assert periods.resume(wave)
    periods.follow_pauses()


def issuer_says() -> tuple[bool, bool]:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT is_open, paused FROM issuer.wave")
        is_open, paused = cursor.fetchone()
    return is_open, paused


@pytest.mark.parametrize("what", ["cell", "sign"])
def test_whoever_opens_a_paused_wave_is_told_to_ask_again(
    wave: Wave, what: str
) -> None:
    pause(wave)
    reply = ask(wave, what, draft(wave))
    assert reply.status_code == 503
    assert json.loads(reply.content) == {"problem": "paused"}
    assert int(reply["Retry-After"]) > 60
    assert reply["Cache-Control"] == "no-store"


def test_after_the_pause_the_same_code_gets_its_right(wave: Wave) -> None:
    early, late = draft(wave, 0), draft(wave, 1)
    held = early.finish()
    pause(wave)
    # whoever holds a right may send during the pause
    asked = collected(wave)
    assert submit(asked, held, sheet(asked)) is Receipt.STORED
    assert ask(wave, "sign", late).status_code == 503
    resume(wave)
    assert submit(asked, late.finish(), sheet(asked)) is Receipt.STORED


def test_a_wave_that_ended_in_its_pause_is_over(wave: Wave) -> None:
    browser = draft(wave)
    pause(wave)
    assert mixing.close_issuing(wave.organization_id, wave.pk, at=NOW)
    periods.follow_pauses()
    assert ask(wave, "sign", browser).status_code == 410


def test_going_on_after_pauses_opens_no_wave_that_is_being_closed(wave: Wave) -> None:
    """The issuer is told first, so for a moment the wave itself is still open."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE issuer.wave SET is_open = false")
    periods.follow_pauses()
    assert issuer_says() == (False, False)


def test_a_wave_that_was_paused_before_the_issuer_knew_pauses_goes_on(
    wave: Wave,
) -> None:
    with organization_scope(wave.organization_id):
        assert periods.pause(wave, at=NOW + timedelta(seconds=1))
    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE issuer.wave SET is_open = false")
    periods.follow_pauses()
    assert issuer_says() == (True, True)
    resume(wave)
    (team,) = cells_of(wave)
    obtain(wave, codes(wave, team)[0], public_key_of(collected(wave), team))
