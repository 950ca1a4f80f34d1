"""The respondents' door: what is stored, what is said, what is never set or logged."""

import logging
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import OperationalError, connections
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from surveys import actions, definition
from surveys.collect import intake
from surveys.models import Comment, Response, Wave
from surveys.tenancy import organization_scope
from tests.factories import NOW, answer_address, brand_form, make_survey, make_wave

JSON = {"Accept": "application/json"}


def address(wave: Wave, language: str = "en", *, key: UUID | None = None) -> str:
    if key is None:
        return f"/s/{wave.pk}/{language}/"
    return answer_address(wave, language, key=key)


def fields(*, point: int = 5) -> dict[str, str]:
    form = brand_form()
    return definition.encode_answers(form, [point] * form.item_count)


def stored(wave: Wave) -> list[tuple[list[int], str]]:
    with organization_scope(wave.organization_id):
        return list(
            Response.objects.filter(wave=wave)
            .order_by("id")
            .values_list("answers", "language")
        )


def close(wave: Wave) -> None:
    with organization_scope(wave.organization_id):
        assert actions.close_wave(wave_id=wave.pk, at=NOW)


@contextmanager
def collector_of(wave: Wave) -> Iterator[Any]:
    with connections["collector"].cursor() as cursor:
        yield cursor


# ------------------------------------------------------------------ showing the page


def test_the_link_leads_to_the_form_in_the_browsers_language(
    client: Client, database: None
) -> None:
    wave = make_wave()
    for accepts, language in (("zh-CN,zh;q=0.9", "zh-hans"), ("fr", "en")):
        reply = client.get(f"/s/{wave.pk}/", headers={"Accept-Language": accepts})
        assert reply.status_code == 302
        assert reply["Location"].startswith(f"/s/{wave.pk}/{language}/?r=")
        assert UUID(reply["Location"].rpartition("=")[2].split(".")[0]).version == 4
        assert "no-store" in reply["Cache-Control"]


def test_every_visit_gets_another_random_key(client: Client, database: None) -> None:
    wave = make_wave()
    keys = {client.get(f"/s/{wave.pk}/")["Location"] for _ in range(20)}
    assert len(keys) == 20


def test_the_page_is_the_same_bytes_for_everybody_and_cacheable(
    client: Client, database: None
) -> None:
    wave = make_wave()
    first, second = (client.get(address(wave, key=uuid4())) for _ in range(2))
    assert first.content == second.content
    assert "public" in first["Cache-Control"]
    assert "max-age" in first["Cache-Control"]
    again = client.get(
        address(wave, key=uuid4()), headers={"If-None-Match": first["ETag"]}
    )
    assert (again.status_code, again.content) == (304, b"")


def test_a_form_without_a_key_gets_one(client: Client, database: None) -> None:
    wave = make_wave()
    for bad in (address(wave), address(wave) + "?r=1", address(wave) + f"?r={uuid4()}"):
        assert "?r=" in client.get(bad)["Location"]


@pytest.mark.parametrize("method", ["get", "post"])
def test_respondents_get_no_cookie_and_no_page_varies_by_cookie(
    client: Client, database: None, method: str
) -> None:
    wave = make_wave()
    visits = [f"/s/{wave.pk}/", address(wave, key=uuid4()), f"/s/{uuid4()}/en/"]
    for visit in visits:
        reply: HttpResponse = getattr(client, method)(visit, fields())
        assert not reply.cookies
        assert "Cookie" not in reply.get("Vary", "")


def test_no_session_or_sign_in_code_runs_for_respondents(
    client: Client, database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.contrib.sessions.middleware import SessionMiddleware

    def never(*args: object) -> None:
        raise AssertionError("a session was looked at")

    monkeypatch.setattr(SessionMiddleware, "process_request", never)
    wave = make_wave()
    assert client.get(address(wave, key=uuid4())).status_code == 200
    with pytest.raises(AssertionError, match="a session was looked at"):
        client.get(reverse("account_login"))


def test_nothing_about_a_respondent_is_logged(
    client: Client, database: None, caplog: pytest.LogCaptureFixture
) -> None:
    wave = make_wave()
    with caplog.at_level(logging.DEBUG):
        client.get(f"/s/{uuid4()}/en/?r={uuid4()}")
        client.post(address(wave, key=uuid4()), {"TBE.T1": "99"})
        client.post(address(wave, key=uuid4()), fields())
    assert not [r for r in caplog.records if not r.name.startswith("asyncio")]


# ------------------------------------------------------------------ taking answers


def test_answers_are_stored_in_form_order_as_shown(
    client: Client, database: None
) -> None:
    wave = make_wave()
    sent = fields(point=6)
    del sent["TBE.T2"]
    sent["TBE.T3"] = "na"
    key = uuid4()
    reply = client.post(address(wave, "zh-hans", key=key), sent)
    assert reply.status_code == 303
    assert reply["Location"] == f"/s/{wave.pk}/zh-hans/received/"
    assert client.get(reply["Location"]).status_code == 200
    expected = [6] * wave.form.item_count
    expected[1:3] = [definition.SKIPPED, definition.NOT_APPLICABLE]
    assert stored(wave) == [(expected, "zh-hans")]


def test_the_language_of_the_page_counts_not_that_of_the_address(
    client: Client, database: None
) -> None:
    """Without JavaScript the switched page still posts to the first address."""
    wave = make_wave()
    client.post(address(wave, "en", key=uuid4()), {**fields(), "language": "zh-hans"})
    assert [language for _, language in stored(wave)] == ["zh-hans"]


def test_a_double_submit_is_one_row(client: Client, database: None) -> None:
    wave = make_wave()
    url = address(wave, key=uuid4())
    replies = [client.post(url, fields(), headers=JSON) for _ in range(2)]
    assert [(r.status_code, r.json()["receipt"]) for r in replies] == [
        (201, "stored"),
        (200, "same"),
    ]
    assert len(stored(wave)) == 1


def test_other_answers_under_the_same_key_are_refused_and_said(
    client: Client, database: None
) -> None:
    wave = make_wave()
    url = address(wave, key=uuid4())
    client.post(url, fields(point=5))
    reply = client.post(url, fields(point=1), headers=JSON)
    assert (reply.status_code, reply.json()) == (409, {"receipt": "other"})
    plain = client.post(url, fields(point=1))
    assert plain["Location"].endswith("?before=other")
    assert [answers[0] for answers, _ in stored(wave)] == [5]


def test_fifty_submits_at_once_are_one_row(database: None) -> None:
    wave = make_wave()
    key = uuid4()
    found = intake.find_wave(wave.pk)
    assert found is not None

    def submit(point: int) -> intake.Receipt:
        try:
            return intake.receive(
                found,
                key=key,
                answers=(point,) * found.form.item_count,
                language="en",
            )
        finally:
            connections["collector"].close()

    with ThreadPoolExecutor(8) as pool:
        receipts = list(pool.map(submit, [3, 4] * 25))
    assert receipts.count(intake.Receipt.STORED) == 1
    assert receipts.count(intake.Receipt.OTHER) == 25
    assert len(stored(wave)) == 1


@pytest.mark.parametrize("value", ["0", "8", "1.5", "", " 3", "３", "-1", "x" * 50])
def test_a_value_off_the_scale_stores_nothing_and_keeps_the_rest(
    client: Client, database: None, value: str
) -> None:
    wave = make_wave()
    sent = {**fields(), "TBE.T1": value}
    if value == "":
        # an empty field is a question left out
        assert client.post(address(wave, key=uuid4()), sent).status_code == 303
        return
    reply = client.post(address(wave, key=uuid4()), sent)
    assert reply.status_code == 422
    assert b'value="5" checked' in reply.content.replace(b"\n", b" ")
    assert "no-store" in reply["Cache-Control"]
    as_json = client.post(address(wave, key=uuid4()), sent, headers=JSON)
    assert as_json.status_code == 422
    assert list(as_json.json()["errors"]) == ["TBE.T1"]
    assert stored(wave) == []


def test_an_unknown_field_is_refused(client: Client, database: None) -> None:
    wave = make_wave()
    sent = {**fields(), "TBE.X9": "1"}
    assert client.post(address(wave, key=uuid4()), sent).status_code == 422
    assert stored(wave) == []


def test_a_body_too_large_is_refused(client: Client, database: None) -> None:
    wave = make_wave()
    sent = {**fields(), "comment": "x" * 70_000}
    assert client.post(address(wave, key=uuid4()), sent).status_code == 413
    assert stored(wave) == []


def test_a_comment_lies_apart_and_is_stored_once(
    client: Client, database: None
) -> None:
    wave = make_wave()
    url = address(wave, key=uuid4())
    for _ in range(2):
        client.post(url, {**fields(), "comment": "  谢谢。 "})
    with organization_scope(wave.organization_id):
        comment = Comment.objects.get()
        assert comment.text == "谢谢。"
        assert comment.id != Response.objects.get().id


def test_answers_without_a_key_of_ours_are_not_lost(
    client: Client, database: None
) -> None:
    wave = make_wave()
    for bad in (address(wave), address(wave) + f"?r={uuid4()}"):
        reply = client.post(bad, fields())
        assert reply.status_code == 403
        page = reply.content.decode()
        assert "please send them once more" in page
        assert page.count(" checked") == len(fields())
        again = re.search(r'action="([^"]+)"', page)
        assert again is not None
        before = len(stored(wave))
        assert client.post(address(wave) + again[1], fields()).status_code == 303
        assert len(stored(wave)) == before + 1


def test_switching_the_language_keeps_the_answers_and_stores_nothing(
    client: Client, database: None
) -> None:
    wave = make_wave()
    reply = client.post(
        address(wave, key=uuid4()), {"TBE.T1": "3", "switch": "zh-hans"}
    )
    page = reply.content.decode()
    assert reply.status_code == 200
    assert '<html lang="zh-Hans">' in page
    assert "非常同意" in page
    assert stored(wave) == []


# ------------------------------------------------------------------ refusing


def test_a_closed_wave_says_so_and_stores_nothing(
    client: Client, database: None
) -> None:
    wave = make_wave()
    close(wave)
    url = address(wave, key=uuid4())
    assert client.get(url).status_code == 410
    assert client.post(url, fields()).status_code == 410
    assert client.post(url, fields(), headers=JSON).status_code == 410
    assert stored(wave) == []


def test_an_answer_stored_before_closing_is_confirmed_after_it(
    client: Client, database: None
) -> None:
    """The reply was cut off, the browser sends again, the wave closed between."""
    wave = make_wave()
    url = address(wave, key=uuid4())
    client.post(url, fields(), headers=JSON)
    close(wave)
    assert client.post(url, fields(), headers=JSON).status_code == 200


@pytest.mark.parametrize("path", ["", "en/", "zh-hans/", "fr/", "en/x/", "../"])
def test_an_unknown_survey_says_so(client: Client, database: None, path: str) -> None:
    if path == "":
        # the landing page asks no database: it sends to a form that is not there
        assert client.get(f"/s/{uuid4()}/").status_code == 302
        return
    assert client.get(f"/s/{uuid4()}/{path}?r={uuid4()}").status_code == 404


def test_a_database_that_is_away_is_503_with_retry_after(
    client: Client, database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    wave = make_wave()

    def away(*args: object, **kwargs: object) -> None:
        raise OperationalError("the server closed the connection unexpectedly")

    monkeypatch.setattr("surveys.collect.views.receive", away)
    reply = client.post(address(wave, key=uuid4()), fields(), headers=JSON)
    assert reply.status_code == 503
    assert 5 <= int(reply["Retry-After"]) <= 15


def test_closing_waits_for_an_answer_under_way(database: None) -> None:
    """The shared lock of the intake: nothing commits after the wave has closed."""
    wave = make_wave(make_survey())
    key, order = str(wave.pk), []
    holding, release = Event(), Event()

    def answer_slowly() -> None:
        with connections["collector"].cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute(
                "SELECT pg_advisory_xact_lock_shared(hashtextextended(%s, 0))", [key]
            )
            holding.set()
            release.wait(10)
            order.append("answered")
            cursor.execute("COMMIT")
        connections["collector"].close()

    def close_now() -> None:
        close(wave)
        order.append("closed")
        connections["default"].close()

    with ThreadPoolExecutor(2) as pool:
        answering = pool.submit(answer_slowly)
        assert holding.wait(10)
        closing = pool.submit(close_now)
        release.set()
        answering.result(10)
        closing.result(10)
    assert order == ["answered", "closed"]
