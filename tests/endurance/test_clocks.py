"""R9: a clock that is two days wrong, the server's or the respondent's; same decisions.

What may be done hangs on the state of the wave and on credentials, never on the time.
The browser's half of this is in tests/browser/test_endurance.py.
"""

import ast
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email.utils import formatdate
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client
from django.utils import timezone

from surveys import actions, mixing
from surveys.models import Wave
from surveys.tenancy import organization_scope
from tests.attack.people import quick_keys
from tests.endurance.conftest import Say
from tests.endurance.rights import Request, Right, base64url, make_rights
from tests.surveys.promised import (
    Draft,
    cell,
    cells_of,
    codes,
    collected,
    launch,
    obtain,
    public_key_of,
)

WRONG = 48 * 3600.0
RIGHT = (0.0, 0.0)
CLOCKS = [(WRONG, -WRONG), (-WRONG, WRONG)]  # the server's, the respondent's
EVERY_CLOCK = [*CLOCKS, (WRONG, 0.0), (-WRONG, 0.0), (0.0, WRONG), (0.0, -WRONG)]
ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def server_clock(seconds: float) -> Iterator[None]:
    """Let the server's clock be `seconds` ahead."""
    now, plain = timezone.now, time.time
    with (
        patch.object(timezone, "now", lambda: now() + timedelta(seconds=seconds)),
        patch.object(time, "time", lambda: plain() + seconds),
    ):
        yield


class Respondent:
    """A browser whose clock is `ahead` by some seconds; keeps what it was told."""

    def __init__(self, ahead: float) -> None:
        self.client: Any = Client()
        self.ahead = ahead
        self.told: list[tuple[str, int]] = []

    def ask(self, what: str, request: Request) -> bytes:
        clock = formatdate(time.time() + self.ahead, usegmt=True)
        headers = {**request.headers, "Date": clock, "If-Modified-Since": clock}
        kind = headers.pop("Content-Type", "")
        if request.body:
            reply = self.client.post(
                request.path, request.body, content_type=kind, headers=headers
            )
        else:
            reply = self.client.get(request.path, headers=headers)
        self.told.append((what, reply.status_code))
        found: bytes = reply.content
        return found

    def sign(self, what: str, draft: Draft) -> bytes:
        sent = {"code": draft.code, "blinded": base64url(draft.blinded)}
        path = f"/i/{draft.wave.pk}/sign"
        return self.ask(
            what,
            Request(path, json.dumps(sent).encode(), {"Content-Type": "text/json"}),
        )

    def sends(self, way: str, right: Right) -> None:
        """Send, repeat, and send others."""
        for what, point in (("first", 2), ("again", 2), ("others", 4)):
            self.ask(f"{way}: {what}", right.request(point))


def decisions(server: float, respondent: float) -> list[tuple[str, int]]:
    """What an open, an anonymous and a typed wave say, from launch to the end."""
    told = []
    with server_clock(server):
        for way in (open_wave, anonymous_wave, typed_wave):
            person = Respondent(respondent)
            way(person)
            told += person.told
    return told


def open_wave(person: Respondent) -> None:
    right, late = make_rights("open", 2)
    person.ask("open: page", page_of(right))
    person.sends("open", right)
    with organization_scope(right.wave.organization_id):
        assert actions.close_wave(wave_id=right.wave.pk, at=timezone.now())
    person.ask("open: closed", late.request())
    person.ask("open: closed page", page_of(right))


def typed_wave(person: Respondent) -> None:
    right, late, later = make_rights("typed", 3)
    person.sends("typed", right)
    close(right.wave)
    person.ask("typed: in the grace", late.request())
    end(right.wave)
    person.ask("typed: ended", later.request())


def anonymous_wave(person: Respondent) -> None:
    with quick_keys():
        wave = launch([cell(8)])
    (team,) = cells_of(wave)
    asked = collected(wave)
    key = public_key_of(asked, team)
    known = codes(wave, team)
    held = [
        Right("sealed", wave, asked.form, obtain(wave, code, key)) for code in known[:3]
    ]
    person.ask("page", page_of(held[0]))
    person.ask("manifest", Request(f"/s/{wave.pk}/manifest.json", b"", {}))
    drafts = [Draft(wave, known[3], key) for _ in range(4)]
    signed = person.sign("sign", drafts[0])
    assert person.sign("sign again", drafts[0]) == signed
    for draft in drafts[1:]:
        person.sign("another device", draft)
    person.sends("sealed", held[0])
    close(wave)
    person.sign("sign in the grace", Draft(wave, known[4], key))
    person.ask("sealed in the grace", held[1].request())
    end(wave)
    person.ask("sealed after the end", held[2].request())
    person.ask("page after the end", page_of(held[0]))


def page_of(right: Right) -> Request:
    query = f"?r={right.proof}" if right.way == "open" else ""
    return Request(f"/s/{right.wave.pk}/en/{query}", b"", {})


def close(wave: Wave) -> None:
    assert mixing.close_issuing(wave.organization_id, wave.pk, at=timezone.now())


def end(wave: Wave) -> None:
    """Let the job come by: too early first, then when the grace is over."""
    mixing.mix_due(timezone.now())
    assert collected(wave).takes_answers
    mixing.mix_due(timezone.now() + mixing.GRACE)
    assert not collected(wave).takes_answers


@pytest.mark.parametrize(
    "clocks", [CLOCKS, pytest.param(EVERY_CLOCK, marks=pytest.mark.long)]
)
def test_a_clock_two_days_wrong_changes_no_decision(
    database: None, clocks: list[tuple[float, float]], say: Say
) -> None:
    right = decisions(*RIGHT)
    expected = {200, 201, 409, 410}
    assert not [one for one in right if one[1] not in expected]
    for clock in clocks:
        assert decisions(*clock) == right, clock
    say(f"{len(right)} decisions, the same under {len(clocks)} pairs of wrong clocks")


@pytest.mark.parametrize("part", ["collect", "issue", "credentials"])
def test_what_issues_and_collects_asks_no_clock(part: str) -> None:
    for path in sorted((ROOT / "surveys" / part).glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = {
            alias.name.split(".")[0]
            for node in ast.walk(tree)
            if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in node.names
        } | {
            str(node.module)
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
        }
        assert not names & {"time", "datetime", "timezone", "django.utils.timezone"}
        statements = [
            node.value.lower()
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        ]
        assert not [text for text in statements if "now()" in text], path
