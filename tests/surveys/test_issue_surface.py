"""The door of the invited: a cell, a signature, and nothing that tells more."""

import base64
import json
import logging
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client

from surveys import mixing
from surveys.collect.intake import Receipt
from surveys.issue import views
from surveys.models import Cell, Wave
from tests.factories import NOW
from tests.surveys.promised import (
    Credential,
    Draft,
    cell,
    cells_of,
    codes,
    collected,
    launch,
    public_key_of,
    sheet,
    submit,
)


@pytest.fixture
def wave(database: None) -> Wave:
    return launch([cell(8)])


@pytest.fixture
def team(wave: Wave) -> Cell:
    return cells_of(wave)[0]


def post(path: str, content: object) -> HttpResponse:
    client: Any = Client()
    reply: HttpResponse = client.post(path, content, content_type="application/json")
    return reply


def fetched(path: str) -> HttpResponse:
    client: Any = Client()
    reply: HttpResponse = client.get(path)
    return reply


def ask(wave: Wave, what: str, **sent: str) -> HttpResponse:
    return post(f"/i/{wave.pk}/{what}", sent)


def text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def drafted(wave: Wave, team: Cell) -> Draft:
    key = public_key_of(collected(wave), team)
    return Draft(wave, codes(wave, team)[0], key)


def test_the_code_tells_the_cell(wave: Wave, team: Cell) -> None:
    reply = ask(wave, "cell", code=codes(wave, team)[0])
    assert reply.status_code == 200
    assert json.loads(reply.content) == {"cell": str(team.pk), "opened": "never"}
    assert reply["Cache-Control"] == "no-store"


def test_a_signature_over_http_is_a_right_to_answer(wave: Wave, team: Cell) -> None:
    draft = drafted(wave, team)
    reply = ask(wave, "sign", code=draft.code, blinded=text(draft.blinded))
    assert reply.status_code == 200
    signed = base64.urlsafe_b64decode(json.loads(reply.content)["signature"])
    again = ask(wave, "sign", code=draft.code, blinded=text(draft.blinded))
    assert again.content == reply.content
    unblinded = int.from_bytes(signed, "big") * pow(draft.factor, -1, int(draft.n))
    signature = int(unblinded % draft.n).to_bytes(draft.length, "big")
    held = Credential(team.pk, draft.prepared, signature)
    asked = collected(wave)
    assert submit(asked, held, sheet(asked)) is Receipt.STORED


@pytest.mark.parametrize("what", ["cell", "sign"])
def test_an_unknown_wave_code_or_request_gets_the_same_bytes(
    wave: Wave, team: Cell, what: str
) -> None:
    code, blinded = codes(wave, team)[0], text(bytes(384))
    strangers = [
        ask(wave, what, code="no such code", blinded=blinded),
        post(f"/i/{uuid4()}/{what}", {"code": code, "blinded": blinded}),
        post(f"/i/{wave.pk}/{what}", {"blinded": blinded}),
        post(f"/i/{wave.pk}/{what}", [code]),
        post(f"/i/{wave.pk}/{what}", "{"),
        post(f"/i/{wave.pk}/{what}", {"code": code, "more": "x" * 5000}),
        fetched(f"/i/{wave.pk}/{what}"),
        post(f"/i/{wave.pk}/other", {"code": code}),
    ]
    assert {reply.status_code for reply in strangers} == {404}
    assert len({reply.content for reply in strangers}) == 1


@pytest.mark.parametrize("blinded", ["", "%%", "AAAA", text(bytes(384))])
def test_what_is_no_blinded_message_is_refused(
    wave: Wave, team: Cell, blinded: str
) -> None:
    reply = ask(wave, "sign", code=codes(wave, team)[0], blinded=blinded)
    assert reply.status_code == 422


def test_the_fourth_device_is_told_so(wave: Wave, team: Cell) -> None:
    replies = []
    for _ in range(4):
        draft = drafted(wave, team)
        replies.append(ask(wave, "sign", code=draft.code, blinded=text(draft.blinded)))
    assert [reply.status_code for reply in replies] == [200, 200, 200, 409]


def test_a_closed_wave_issues_no_more(wave: Wave, team: Cell) -> None:
    assert mixing.close_issuing(wave.organization_id, wave.pk, at=NOW)
    code = codes(wave, team)[0]
    assert ask(wave, "cell", code=code).status_code == 410
    assert ask(wave, "sign", code=code, blinded="AAAA").status_code == 410


def test_while_the_database_is_away_the_browser_is_told_when_to_ask_again(
    wave: Wave, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: Any) -> None:
        raise OperationalError

    monkeypatch.setattr(views, "cell_of", away)
    reply = ask(wave, "cell", code="any")
    assert reply.status_code == 503
    assert 5 <= int(reply["Retry-After"]) < 15


def test_a_fault_while_signing_lets_nothing_out(
    wave: Wave, monkeypatch: pytest.MonkeyPatch
) -> None:
    def faulty(*_: Any) -> None:
        raise ArithmeticError

    monkeypatch.setattr(views, "issue", faulty)
    reply = ask(wave, "sign", code="any", blinded="AAAA")
    assert reply.status_code == 503
    assert json.loads(reply.content) == {"problem": "try_again"}


def test_the_invited_get_no_cookie_no_session_and_no_line_in_a_log(
    wave: Wave,
    team: Cell,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def forbidden(*_: Any) -> None:
        raise AssertionError("session code ran")

    monkeypatch.setattr(SessionMiddleware, "process_request", forbidden)
    with caplog.at_level(logging.DEBUG):
        replies = [
            ask(wave, "cell", code=codes(wave, team)[0]),
            ask(wave, "sign", code=codes(wave, team)[0], blinded="AAAA"),
            ask(wave, "cell", code="no such code"),
        ]
    assert caplog.records == []
    for reply in replies:
        assert not reply.cookies
        assert "Cookie" not in reply.get("Vary", "")
