"""What the running site writes to its output: nothing of any respondent's request.

The real web server with the arguments of `manage.py up`, through answers of all three
ways and through everything that goes wrong with one.
"""

import re
import socket
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client

from surveys.issue import views as issuing
from tests.endurance.rights import WAYS, Request, Right, make_rights
from tests.endurance.slow import written
from tests.endurance.web import Web, gunicorn
from tests.surveys.promised import Credential

EACH = 20
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
TIME = re.compile(r"\d\d:\d\d(:\d\d)?")


def wrong_requests(right: Right) -> dict[str, Request]:
    """Requests that are refused: unknown, not allowed, unreadable, without a right."""
    good, door = right.request(), f"/s/{right.wave.pk}/"
    return {
        "404 wave": Request(f"/s/{uuid4()}/en/", b"", {}),
        "404 page": Request(f"{door}nothing/", b"", {}),
        "404 issuer": Request(f"/i/{right.wave.pk}/nothing", b"", {}),
        "405 landing": Request(door, b"x=1", FORM),
        "405 manifest": Request(f"{door}manifest.json", b"x=1", FORM),
        "400 sealed": Request(f"{door}sealed/", b"nothing", FORM),
        "unknown code": Request(f"/i/{right.wave.pk}/cell", b'{"code": "nobody"}', {}),
        "wrong answers": Request(good.path, b"code=nothing&TBE-1=99", FORM),
    }


def raw(web: Web, content: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", web.port), timeout=60) as line:
        line.sendall(content)
        reply = b""
        while more := line.recv(65_536):
            reply += more
    return reply


def wrong_lines(right: Right) -> list[bytes]:
    """What is no HTTP, or a request that the web server itself refuses."""
    door = f"/s/{right.wave.pk}/en/".encode()
    text = written(right.request())
    return [
        b"GET " + door + b" HTTP/9\r\n\r\n",
        b"G@T " + door + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        text.replace(b"Host:", b"Ho st:"),
        text.replace(b"Content-Length: ", b"Content-Length: x"),
        text.replace(b"Content-Length:", b"Transfer-Encoding: chunked\r\nX:"),
        b"GET " + door + b"?" + b"x" * 70_000,
    ]


def test_the_output_of_the_site_holds_nothing_of_a_request(
    database: None, tmp_path: Path
) -> None:
    said = tmp_path / "output"
    told = set[str]()
    with gunicorn(said) as web:
        for way in WAYS:
            rights = make_rights(way, EACH)
            for right in rights:
                request = right.request()
                assert web.ask(request).status == 201
                told |= {request.path, str(right.wave.pk), *traces_of(right)}
            for what, request in wrong_requests(rights[0]).items():
                assert web.ask(request).status >= 400, what
                told.add(request.path)
            for line in wrong_lines(rights[0]):
                assert raw(web, line)[:12] > b"HTTP/1.1 400"[:11], line[:80]
    output = said.read_text(encoding="utf-8")
    assert not [text for text in told | {"127.0.0.1", "/s/", "/i/"} if text in output]
    assert not TIME.search(output), output
    assert len(told) > 3 * EACH


def traces_of(right: Right) -> set[str]:
    if isinstance(right.proof, Credential):
        return {right.proof.prepared.hex(), str(right.proof.cell_id)}
    return {right.proof}


def test_a_fault_is_logged_without_path_and_without_what_was_sent(
    database: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*args: object) -> None:
        raise ValueError("Key (token)=(a secret) exists.")

    monkeypatch.setattr(issuing, "cell_of", fail)
    wave_id = uuid4()
    client = Client(raise_request_exception=False)
    reply = client.post(
        f"/i/{wave_id}/cell", '{"code": "a code"}', content_type="text/json"
    )
    assert reply.status_code == 500
    assert "A respondent's request failed: ValueError at" in caplog.text
    for secret in (str(wave_id), "a secret", "a code"):
        assert secret not in caplog.text
