"""The collector's door for credentials: one page for all, sealed and typed answers."""

import base64
import json
import logging
from typing import Any
from uuid import uuid4

import pytest
from django.db import OperationalError, connections
from django.http import HttpResponse
from django.test import Client

from surveys import definition, mixing
from surveys.collect import credentialed
from surveys.credentials import fingerprint
from surveys.models import Cell, Survey, Wave
from tests.factories import NOW
from tests.surveys.promised import (
    Credential,
    cell,
    cells_of,
    codes,
    collected,
    launch,
    obtain,
    public_key_of,
)

STEP = credentialed.STEP


@pytest.fixture
def wave(database: None) -> Wave:
    """One team with links, one that draws printed codes."""
    return launch([cell(8), cell(8, printed=True)])


@pytest.fixture
def confidential(database: None) -> Wave:
    return launch([cell(8)], mode=Survey.Mode.CONFIDENTIAL)


def teams(wave: Wave) -> tuple[Cell, Cell]:
    linked, printed = sorted(cells_of(wave), key=lambda found: found.printed)
    return linked, printed


def get(path: str, **headers: str) -> HttpResponse:
    client: Any = Client()
    reply: HttpResponse = client.get(path, headers=headers)
    return reply


def post(path: str, content: Any, **kwargs: Any) -> HttpResponse:
    client: Any = Client()
    reply: HttpResponse = client.post(path, content, **kwargs)
    return reply


def text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def fields(wave: Wave, point: int = 5) -> dict[str, str]:
    form = collected(wave).form
    return definition.encode_answers(form, [point] * form.item_count)


def body(answers: dict[str, str], comment: str = "", language: str = "en") -> bytes:
    content = {"answers": answers, "comment": comment, "language": language}
    plain = json.dumps(content).encode()
    return plain.ljust(-(-len(plain) // STEP) * STEP)


def held(wave: Wave, number: int = 0) -> Credential:
    linked, _ = teams(wave)
    key = public_key_of(collected(wave), linked)
    return obtain(wave, codes(wave, linked)[number], key)


def send(wave: Wave, credential: Credential, content: bytes) -> HttpResponse:
    sent = {
        "cell": str(credential.cell_id),
        "prepared": text(credential.prepared),
        "signature": text(credential.signature),
        "body": text(content),
    }
    path = f"/s/{wave.pk}/sealed/"
    return post(path, json.dumps(sent), content_type="application/json")


def staged(wave: Wave) -> list[tuple[list[int], str]]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT answers, language FROM collector.staged WHERE wave_id = %s",
            [wave.pk],
        )
        return list(cursor.fetchall())


# ------------------------------------------------------------------ the page


def test_the_link_leads_to_an_address_without_anything_random(wave: Wave) -> None:
    landing = get(f"/s/{wave.pk}/", **{"Accept-Language": "zh-CN"})
    keyed = get(landing["Location"])
    assert keyed["Location"] == f"/s/{wave.pk}/zh-hans/"
    assert get(keyed["Location"]).status_code == 200


def test_the_page_is_the_same_bytes_for_everybody(wave: Wave) -> None:
    first, second = (get(f"/s/{wave.pk}/en/") for _ in range(2))
    assert first.content == second.content
    assert "public" in first["Cache-Control"]
    again = get(f"/s/{wave.pk}/en/", **{"If-None-Match": first["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("language", definition.LANGUAGES)
def test_the_page_shows_the_frozen_words_and_the_fingerprint(
    wave: Wave, language: str
) -> None:
    html = get(f"/s/{wave.pk}/{language}/").content.decode()
    asked = collected(wave)
    assert asked.promise.in_(language) in html
    assert fingerprint(asked.manifest.encode()) in html
    assert "Open survey." not in html


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            (
                "send one person another page",
                "make up rights to answer",
                "watch who is connected when",
                "guess from the order of arrival",
                "In a small group",
                "recognised by their style",
                "who never opened the survey",
                "Your own device",
            ),
        ),
        (
            "zh-hans",
            (
                "向某一个人发送",
                "伪造作答资格",
                "谁在什么时候连接",
                "到达顺序",
                "每个人的情况",
                "文风",
                "从未打开",
                "您自己的设备",
            ),
        ),
    ],
)
def test_the_page_says_what_remains_possible(
    wave: Wave, language: str, words: tuple[str, ...]
) -> None:
    html = get(f"/s/{wave.pk}/{language}/").content.decode()
    remains = html.partition("<details>")[2].partition("<details>")[2]
    remains = remains.partition("</details>")[0]
    assert [one for one in words if one not in remains] == []


def test_the_manifest_is_public_exactly_as_published(wave: Wave) -> None:
    reply = get(f"/s/{wave.pk}/manifest.json")
    assert reply.content.decode() == collected(wave).manifest
    assert reply["Content-Type"] == "application/json"
    assert "public" in reply["Cache-Control"]
    assert get(f"/s/{uuid4()}/manifest.json").status_code == 404


def test_a_closed_wave_shows_no_form(wave: Wave) -> None:
    assert mixing.close_issuing(wave.organization_id, wave.pk, at=NOW)
    assert get(f"/s/{wave.pk}/en/").status_code == 200  # grace: drafts still arrive
    assert mixing.finish(wave.pk)
    assert get(f"/s/{wave.pk}/en/").status_code == 410


# ------------------------------------------------------------------ sealed answers


def test_sealed_answers_are_one_answer_however_often_they_are_sent(wave: Wave) -> None:
    credential, content = held(wave), body(fields(wave), language="zh-hans")
    first, again = (send(wave, credential, content) for _ in range(2))
    other = send(wave, credential, body(fields(wave, 2)))
    assert [r.status_code for r in (first, again, other)] == [201, 200, 409]
    assert staged(wave) == [([5] * collected(wave).form.item_count, "zh-hans")]


def test_answers_without_a_credential_are_not_stored(wave: Wave) -> None:
    honest = held(wave)
    forged = Credential(honest.cell_id, bytes(64), honest.signature)
    elsewhere = Credential(uuid4(), honest.prepared, honest.signature)
    for credential in (forged, elsewhere):
        assert send(wave, credential, body(fields(wave))).status_code == 403
    assert staged(wave) == []


def test_what_the_form_does_not_offer_is_named(wave: Wave) -> None:
    code = collected(wave).form.items[0].code
    credential = held(wave)
    reply = send(wave, credential, body({code: "99"}, language="zh-hans"))
    assert reply.status_code == 422
    assert list(json.loads(reply.content)["errors"]) == [code]
    assert send(wave, credential, body({code: "1"})).status_code == 201


def test_what_is_no_sealed_answer_is_refused(wave: Wave) -> None:
    credential = held(wave)
    wrong = [
        body(fields(wave))[:-1],
        b"",
        b"{}".ljust(STEP),
        b'{"answers": [], "comment": "", "language": "en"}'.ljust(STEP),
        b'{"answers": {}, "comment": "", "language": "fr"}'.ljust(STEP),
        b'{"answers": {}, "comment": 1, "language": "en"}'.ljust(STEP),
    ]
    assert {send(wave, credential, content).status_code for content in wrong} == {400}
    path = f"/s/{wave.pk}/sealed/"
    for sent in ("[]", "{", '{"cell": 1}', '{"cell": "x"}'):
        reply = post(path, sent, content_type="application/json")
        assert reply.status_code == 400
    large = post(path, "x" * 400_000, content_type="application/json")
    assert large.status_code == 413


def test_after_the_end_nothing_arrives(wave: Wave) -> None:
    early, late = held(wave, 0), held(wave, 1)
    assert mixing.close_issuing(wave.organization_id, wave.pk, at=NOW)
    assert send(wave, early, body(fields(wave))).status_code == 201
    assert mixing.finish(wave.pk)
    assert send(wave, late, body(fields(wave))).status_code == 410
    assert staged(wave) == []


def test_every_reply_to_sealed_answers_has_one_size(
    wave: Wave, monkeypatch: pytest.MonkeyPatch
) -> None:
    credential = held(wave)
    replies = [
        send(wave, Credential(uuid4(), b"", b""), body({})),
        send(wave, credential, b""),
        send(wave, credential, body({collected(wave).form.items[0].code: "99"})),
        send(wave, credential, body(fields(wave))),
        send(wave, credential, body(fields(wave))),
        send(wave, credential, body({})),
    ]

    def away(*_: Any, **__: Any) -> None:
        raise OperationalError

    monkeypatch.setattr(credentialed, "receive_signed", away)
    replies.append(send(wave, credential, body(fields(wave))))
    statuses = [reply.status_code for reply in replies]
    assert statuses == [403, 400, 422, 201, 200, 409, 503]
    assert {len(reply.content) for reply in replies} == {credentialed.REPLY_SIZE}
    assert int(replies[-1]["Retry-After"]) >= 5


# ------------------------------------------------------------------ typed codes


def typed(wave: Wave, code: str, **more: str) -> HttpResponse:
    return post(f"/s/{wave.pk}/en/", {**fields(wave), "code": code, **more})


def test_a_printed_code_answers_once_without_javascript(wave: Wave) -> None:
    _, printed = teams(wave)
    code = codes(wave, printed)[0]
    first = typed(wave, code.lower().replace("-", " "), comment="Thanks.")
    again = typed(wave, code.lower().replace("-", " "), comment="Thanks.")
    other = typed(wave, code, comment="Changed my mind.")
    assert [r.status_code for r in (first, again, other)] == [303, 303, 303]
    assert first["Location"] == again["Location"] == f"/s/{wave.pk}/en/received/"
    assert other["Location"].endswith("?before=other")
    assert len(staged(wave)) == 1


def test_a_code_from_a_mail_is_confidential_and_the_page_says_so(
    confidential: Wave,
) -> None:
    html = get(f"/s/{confidential.pk}/en/").content.decode()
    assert "this is confidential and not anonymous" in html
    (team,) = cells_of(confidential)
    assert typed(confidential, codes(confidential, team)[0]).status_code == 303
    assert len(staged(confidential)) == 1


@pytest.mark.parametrize("code", ["", "AAAA-BBBB-CCCC-DDDD"])
def test_a_wrong_code_is_named_and_nothing_typed_is_lost(wave: Wave, code: str) -> None:
    reply = typed(wave, code, comment="Thanks.")
    html = reply.content.decode()
    assert reply.status_code == 422
    assert 'id="code-error"' in html
    assert f'value="{code}"' in html
    assert "Thanks." in html
    assert html.count(" checked") == collected(wave).form.item_count
    assert staged(wave) == []


def test_every_wrong_field_is_named_at_once(wave: Wave) -> None:
    item = collected(wave).form.items[0].code
    reply = post(f"/s/{wave.pk}/en/", {item: "99"})
    html = reply.content.decode()
    assert reply.status_code == 422
    assert f'id="{item}-error"' in html
    assert 'id="code-error"' in html


def test_a_link_code_typed_into_the_page_is_no_credential(wave: Wave) -> None:
    linked, _ = teams(wave)
    assert typed(wave, codes(wave, linked)[0]).status_code == 422
    assert staged(wave) == []


def test_switching_the_language_keeps_code_and_answers(wave: Wave) -> None:
    reply = typed(wave, "7K2M", switch="zh-hans")
    html = reply.content.decode()
    assert reply.status_code == 200
    assert '<html lang="zh-Hans">' in html
    assert 'value="7K2M"' in html
    assert staged(wave) == []


def test_nobody_gets_a_cookie_or_a_line_in_a_log(
    wave: Wave, caplog: pytest.LogCaptureFixture
) -> None:
    credential = held(wave)
    with caplog.at_level(logging.DEBUG):
        replies = [
            get(f"/s/{wave.pk}/en/"),
            get(f"/s/{wave.pk}/manifest.json"),
            get(f"/s/{wave.pk}/sealed/"),
            send(wave, credential, body(fields(wave))),
            send(wave, credential, body({})),
            typed(wave, "wrong"),
        ]
    assert caplog.records == []
    for reply in replies:
        assert not reply.cookies
        assert "Cookie" not in reply.get("Vary", "")
