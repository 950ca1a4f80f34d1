"""Open links: keys, what no person does, limits, panels, kiosks, what is told and kept."""

import base64
import threading
from collections import Counter
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections
from django.test import Client

from surveys import definition
from surveys.collect import keys
from surveys.collect.intake import Receipt, find_wave, receive
from surveys.models import Response, Survey, Wave
from surveys.tenancy import organization_scope
from tests.factories import (
    answer_address,
    brand_form,
    make_every_kind_wave,
    make_form,
    make_survey,
    make_wave,
)

pytestmark = pytest.mark.usefixtures("database")

JSON = {"Accept": "application/json"}
PANEL = {
    "complete": "https://panel.example/done?who={id}",
    "full": "https://panel.example/full?who={id}",
    "closed": "https://panel.example/closed?who={id}",
}
NOTICE = {
    "en": {"controller": "Harbour Tea Ltd.", "rights": "Ask us\nto delete."},
    "zh-hans": {"controller": "港湾茶有限公司", "rights": "可要求删除。"},
}


def wave_with(**settings: Any) -> Wave:
    """An open wave of a survey with these settings."""
    survey = make_survey()
    with organization_scope(survey.organization_id):
        Survey.objects.filter(pk=survey.pk).update(**settings)
        survey.refresh_from_db()
    return make_wave(survey)


def fields(point: int = 5) -> dict[str, str]:
    form = brand_form()
    return definition.encode_answers(form, [point] * form.item_count)


def responses(wave: Wave) -> list[Response]:
    with organization_scope(wave.organization_id):
        return list(Response.objects.filter(wave=wave))


def page(wave: Wave, language: str = "en", **query: Any) -> str:
    return Client().get(answer_address(wave, language, **query)).content.decode()


# ------------------------------------------------------------------ keys and programs


def test_a_key_is_good_for_its_wave_alone() -> None:
    ours, theirs = uuid4(), uuid4()
    key = keys.fresh(ours)
    assert str(keys.read(ours, key)) == key.partition(".")[0]
    forged = f"{uuid4()}.{key.partition('.')[2]}"
    others = (keys.fresh(theirs), forged, key[:-1], key.upper(), str(uuid4()), "", ".")
    assert [keys.read(ours, other) for other in others] == [None] * len(others)


def test_what_never_saw_the_page_stores_nothing_and_is_given_a_key() -> None:
    wave = wave_with()
    url = f"/s/{wave.pk}/en/"
    reply = Client().post(f"{url}?r={uuid4()}", fields(), headers=JSON)
    assert reply.status_code == 403
    assert "once more" in reply.json()["detail"]
    assert responses(wave) == []
    again = Client().post(f"{url}?r={reply.json()['key']}", fields(), headers=JSON)
    assert (again.status_code, len(responses(wave))) == (201, 1)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_what_fills_in_every_field_is_asked_once_more(language: str) -> None:
    wave, client = wave_with(), Client()
    url = answer_address(wave, language)
    reply = client.post(url, fields() | {"further": "https://spam.example"})
    shown = reply.content.decode()
    assert (reply.status_code, responses(wave)) == (403, [])
    assert shown.count(" checked") == len(fields())
    assert "spam.example" not in shown
    assert client.post(url, fields()).status_code == 303


def test_no_person_can_reach_the_field() -> None:
    field = page(wave_with()).partition('name="further"')
    before = field[0].rpartition("<p ")[2]
    assert 'aria-hidden="true"' in before
    assert 'class="visually-hidden"' in before
    assert field[2].startswith(' tabindex="-1" autocomplete="off">')


# ------------------------------------------------------------------------- the limit


def test_a_limit_is_kept_and_nothing_acknowledged_is_lost() -> None:
    """Thirty at once for seven places; whoever sends again is told the same."""
    wave = wave_with(limit=7)
    asked = find_wave(wave.pk)
    assert asked is not None
    answers = tuple([3] * asked.form.item_count)
    receipts: dict[Any, list[Receipt]] = {uuid4(): [] for _ in range(30)}

    def send(key: Any) -> None:
        for _ in range(2):
            found = receive(asked, key=key, answers=answers, language="en")
            receipts[key].append(found)
        connections.close_all()

    threads = [threading.Thread(target=send, args=[key]) for key in receipts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    stored = {key for key, (first, _) in receipts.items() if first is Receipt.STORED}
    assert {response.id for response in responses(wave)} == stored
    assert Counter(tuple(found) for found in receipts.values()) == {
        (Receipt.STORED, Receipt.SAME): 7,
        (Receipt.FULL, Receipt.FULL): 23,
    }


@pytest.mark.parametrize(
    ("language", "title"), [("en", "has all the answers"), ("zh-hans", "<h1>")]
)
def test_a_full_survey_says_so(language: str, title: str) -> None:
    wave = wave_with(limit=1)
    late = answer_address(wave, language)
    assert Client().post(answer_address(wave), fields()).status_code == 303
    for reply in (Client().get(late), Client().post(late, fields())):
        assert reply.status_code == 410
        assert title in reply.content.decode()
    said = Client().post(late, fields(), headers=JSON)
    assert (said.status_code, said.json()["end"]) == (410, "full")
    assert len(responses(wave)) == 1


def test_a_wave_without_a_limit_takes_on() -> None:
    wave = wave_with()
    for _ in range(3):
        assert Client().post(answer_address(wave), fields()).status_code == 303
    assert len(responses(wave)) == 3


# ------------------------------------------------------------------ panels and kiosks


def test_a_panel_gets_its_person_back_and_its_id_is_stored_nowhere() -> None:
    wave, client = wave_with(panel=PANEL), Client()
    landing = client.get(f"/s/{wave.pk}/?panel=p-17")["Location"]
    assert landing.endswith("&panel=p-17")
    sent = client.post(landing, fields())
    shown = client.get(sent["Location"]).content.decode()
    assert (
        '<meta http-equiv="refresh" content="0;url=https://panel.example/done?who=p-17">'
        in shown
    )
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT set_config('trustsurvey.wave', %s, false)", [str(wave.pk)]
        )
        cursor.execute("SELECT row_to_json(r)::text FROM surveys_response r")
        ((stored,),) = cursor.fetchall()
    assert "p-17" not in stored


@pytest.mark.parametrize("person", ["", "a b", "x" * 129, "<script>", "a/../b"])
def test_an_id_of_no_panel_leads_nowhere(person: str) -> None:
    wave = wave_with(panel=PANEL)
    reply = Client().get(f"/s/{wave.pk}/en/received/", {"panel": person})
    assert "panel.example" not in reply.content.decode()


def test_full_and_closed_have_their_own_way_back() -> None:
    wave = wave_with(panel=PANEL, limit=1)
    Client().post(answer_address(wave), fields())
    assert "https://panel.example/full?who=p1" in page(wave, panel="p1")
    late = Client().post(answer_address(wave), fields(), headers=JSON)
    assert late.json()["way_back"] == PANEL["full"]
    with organization_scope(wave.organization_id):
        Wave.objects.filter(pk=wave.pk).update(state="closed", closed_at=wave.opened_at)
    assert "https://panel.example/closed?who=p1" in page(wave, panel="p1")
    assert "panel.example" not in page(wave)


def test_screened_out_are_those_without_a_conditional_question() -> None:
    wave = make_every_kind_wave()
    with organization_scope(wave.organization_id):
        Survey.objects.update(panel={"screened": "https://panel.example/no?{id}"})
    asked = {"ALL.B1": "2"}
    out = Client().post(answer_address(wave, panel="p1"), asked)
    assert out["Location"].endswith("?panel=p1&end=screened")
    assert b"https://panel.example/no?p1" in Client().get(out["Location"]).content
    said = Client().post(answer_address(wave), asked, headers=JSON)
    assert said.json() == {"receipt": "stored", "end": "screened"}
    kept = Client().post(answer_address(wave, panel="p1"), {"ALL.B1": "1"})
    assert kept["Location"].endswith("?panel=p1")


def test_a_kiosk_is_handed_on_and_starts_again() -> None:
    wave, client = wave_with(), Client()
    first = client.get(f"/s/{wave.pk}/?kiosk")["Location"]
    assert first.endswith("&kiosk=1")
    received = client.post(first, fields())["Location"]
    shown = client.get(received).content.decode()
    assert f'href="/s/{wave.pk}/?kiosk=1"' in shown
    assert "kiosk" in shown.partition("<script")[2]


# -------------------------------------------------------------- what is told and kept


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_notice_stands_before_the_questions_and_stays_as_it_was(
    language: str,
) -> None:
    wave = wave_with(notice=NOTICE)
    with organization_scope(wave.organization_id):
        Survey.objects.update(notice={})
    shown = page(wave, language)
    told = NOTICE[language]
    at = [shown.index(told["controller"]), shown.index(told["rights"].split("\n")[0])]
    assert at == sorted(at)
    assert at[-1] < shown.index('id="TBE.T1"')
    assert 'class="notice"' not in page(wave_with())


def test_duration_and_device_are_kept_only_where_the_page_tells_of_them() -> None:
    sent = fields() | {"duration": "2", "device": "0"}
    for told, kept in ((True, (2, 0)), (False, (None, None))):
        wave = wave_with(paradata=told)
        Client().post(answer_address(wave), sent)
        (response,) = responses(wave)
        assert (response.duration, response.device) == kept
        assert ('id="paradata"' in page(wave)) is told


@pytest.mark.parametrize("sent", ["4", "-1", "2.0", "soon", ""])
def test_no_other_band_is_kept_and_no_answer_lost(sent: str) -> None:
    wave = wave_with(paradata=True)
    reply = Client().post(answer_address(wave), fields() | {"duration": sent})
    assert reply.status_code == 303
    assert responses(wave)[0].duration is None


def test_a_pseudonym_is_kept_only_where_waves_are_linked() -> None:
    given = bytes(range(32))
    text = base64.urlsafe_b64encode(given).decode().rstrip("=")
    for links, sent, kept in (
        (True, text, given),
        (False, text, None),
        (True, text[:-2], None),
        (True, "no pseudonym", None),
    ):
        wave = wave_with(links_waves=links)
        Client().post(answer_address(wave), fields() | {"pseudonym": sent})
        (response,) = responses(wave)
        assert response.pseudonym == kept
        assert ('id="linking"' in page(wave)) is links


# ------------------------------------------------------------------- as it is sent


def test_a_page_that_is_nobodys_is_compressed_and_one_with_answers_is_not() -> None:
    wave, packed = wave_with(), {"Accept-Encoding": "gzip, br"}
    empty = Client().get(answer_address(wave), headers=packed)
    assert empty["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in empty["Vary"]
    plain = Client().get(answer_address(wave))
    assert "Content-Encoding" not in plain
    assert empty["ETag"] != plain["ETag"]
    assert len(empty.content) < len(plain.content) / 5
    again = {**packed, "If-None-Match": empty["ETag"]}
    assert Client().get(answer_address(wave), headers=again).status_code == 304
    switched = Client().post(
        answer_address(wave), {"switch": "zh-hans"}, headers=packed
    )
    assert "Content-Encoding" not in switched


def test_settings_are_copied_when_a_wave_opens() -> None:
    wave = wave_with(limit=3, notice=NOTICE, paradata=True, links_waves=True)
    kept = (wave.limit, wave.notice, wave.paradata, wave.links_waves)
    assert kept == (3, NOTICE, True, True)
    survey = make_survey()
    make_form(survey)
    assert make_wave(survey).limit is None
