"""Whoever takes a file slowly, or not at all, holds up no thread and no respondent."""

import hashlib
import http.client
import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from analytics.export.models import Export, ExportEntry
from surveys.tenancy import organization_scope
from tests.analytics.exported import make_export
from tests.endurance.conftest import Say
from tests.endurance.rights import Request
from tests.endurance.slow import SlowClient, await_first_bytes, written
from tests.endurance.web import Web, gunicorn
from tests.factories import (
    answer_address,
    make_member,
    make_survey,
    make_wave,
    signed_in,
)

THREADS = 8  # of the site: two workers of four
MOST = 5.0  # seconds for a respondent's page on a machine busy with other work


def request_of(export: Export, client: Client, **headers: str) -> Request:
    """A download by somebody who is signed in."""
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    told = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}", **headers}
    return Request(reverse("analytics:export-file", args=[export.pk]), b"", told)


def ended(export: Export, number: int) -> list[ExportEntry]:
    """Wait until the ends of downloads stand in the log."""
    found: list[ExportEntry] = []
    for _ in range(200):
        with organization_scope(export.organization_id):
            found = list(ExportEntry.objects.filter(what="ended"))
        if len(found) >= number:
            break
        time.sleep(0.05)
    return found


def most_memory(web: Web) -> int:
    return max(int(worker.memory_info().rss) for worker in web.workers())


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("size", "slow"),
    [(40 << 20, 3 * THREADS), pytest.param(1 << 30, 100, marks=pytest.mark.long)],
)
def test_downloads_that_nobody_reads_block_nobody(
    database: None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    size: int,
    slow: int,
    say: Say,
) -> None:
    monkeypatch.setenv("EXPORTS_DIR", str(settings.EXPORTS_DIR))
    wave = make_wave(make_survey())
    content = os.urandom(1 << 20) * (size >> 20)
    export = make_export(wave, content=content)
    client = signed_in(make_member(wave.survey.organization))
    with gunicorn(tmp_path / "output") as web, ExitStack() as lines:
        whole = request_of(export, client)
        page = Request(answer_address(wave), b"", {})
        assert web.ask(page).status == 200
        # both workers load what a download needs
        for _ in range(THREADS):
            assert web.ask(request_of(export, client, Range="bytes=0-9")).status == 206
        before = most_memory(web)
        stuck = [SlowClient(web.port, written(whole)) for _ in range(slow)]
        for one in stuck:
            lines.callback(one.line.close)
            one.send(len(one.left))
        await_first_bytes(stuck)
        began = time.monotonic()
        assert [web.ask(page).status for _ in range(10)] == [200] * 10
        took = time.monotonic() - began
        grown = most_memory(web) - before
        taken = web.ask(request_of(export, client))
        assert hashlib.sha256(taken.body).hexdigest() == export.sha256
        for one in stuck:
            one.line.close()
        log = [one for one in ended(export, slow + 9) if one.sent != 10]
    say(
        f"{slow} downloads of {size >> 20} MB that nobody reads: ten pages in {took:.2f} s,"
        f" {grown >> 20} MB more memory"
    )
    assert took < MOST
    assert grown < min(size, 60 << 20)
    sent = sorted(entry.sent or 0 for entry in log)
    assert sent[-1] == size
    assert [entry.complete for entry in log].count(True) == 1
    assert 0 < sent[0] <= sent[-2] < size


def test_a_download_goes_on_where_it_was_cut(
    database: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXPORTS_DIR", str(settings.EXPORTS_DIR))
    wave = make_wave(make_survey())
    content = os.urandom(3 << 20)
    export = make_export(wave, content=content)
    client = signed_in(make_member(wave.survey.organization))
    with gunicorn(tmp_path / "output") as web:
        with _asked(web, "HEAD", request_of(export, client)) as line:
            head = line.getresponse()
            assert (head.status, head.read()) == (200, b"")
        assert head.headers["Content-Length"] == str(len(content))
        with _asked(web, "GET", request_of(export, client)) as line:
            got = line.getresponse().read(1_000_000)
        rest = request_of(
            export,
            client,
            Range=f"bytes={len(got)}-",
            **{"If-Range": head.headers["ETag"]},
        )
        reply = web.ask(rest)
        beyond = web.ask(request_of(export, client, Range="bytes=99999999-"))
    assert reply.status == 206
    assert got + reply.body == content
    assert (beyond.status, beyond.headers["Content-Range"]) == (
        416,
        f"bytes */{len(content)}",
    )
    assert reply.headers["Cache-Control"] == "private, no-store"


@contextmanager
def _asked(
    web: Web, method: str, request: Request
) -> Iterator[http.client.HTTPConnection]:
    """Send a request; the line is cut at the end of the block."""
    line = http.client.HTTPConnection("127.0.0.1", web.port, timeout=30)
    try:
        line.request(method, request.path, headers=request.headers)
        yield line
    finally:
        line.close()
