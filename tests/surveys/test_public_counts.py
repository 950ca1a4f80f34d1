"""What the promise says is published is public: for every group, for everybody, at the end."""

import html
import json
import logging
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.db import ProgrammingError, connections, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from surveys import definition, mixing
from surveys.credentials import fingerprint
from surveys.launching import NewCell
from surveys.models import Organization, Survey, Wave
from tests.attack.people import quick_keys
from tests.factories import NOW, make_form, make_survey, make_wave
from tests.surveys.promised import (
    answer_all,
    answer_typed,
    cells_of,
    codes,
    collected,
    launch,
    obtain,
    public_key_of,
)

NAMES = (
    definition.Text("Works", "工厂"),
    definition.Text("Sales", "销售部"),
    definition.Text("Tea house", "茶馆"),
)
TEAMS = (
    NewCell(NAMES[0], 0),
    NewCell(NAMES[1], 12, 0),
    NewCell(NAMES[2], 8, 0, printed=True),
)


@pytest.fixture
def wave(organization: Organization) -> Iterator[Wave]:
    """Two teams below a works; eleven and three answered, one opened on two devices."""
    survey = make_survey(organization, mode=Survey.Mode.ANONYMOUS)
    make_form(survey)
    with quick_keys():
        yield launch(TEAMS, survey=survey)


def answer(wave: Wave) -> None:
    _, sales, house = cells_of(wave)
    assert (sales.name_en, house.name_en) == ("Sales", "Tea house")
    answer_all(wave, sales, 11)
    obtain(wave, codes(wave, sales)[0], public_key_of(collected(wave), sales))
    list(answer_typed(wave, house, 3))


def end(wave: Wave) -> None:
    assert mixing.close_issuing(wave.organization_id, wave.pk, at=NOW)
    assert mixing.finish(wave.pk)


def get(path: str, **headers: str) -> HttpResponse:
    client: Any = Client()
    reply: HttpResponse = client.get(path, headers=headers)
    return reply


def text_of(reply: HttpResponse) -> str:
    return html.unescape(reply.content.decode())


def cells_in(page: str) -> list[str]:
    """What stands in the rows of the table, words and numbers in one line."""
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    rows = body.split("<tr>")[1:]
    return [" ".join(_bare(row).split()) for row in rows]


def _bare(markup: str) -> str:
    return "".join(part.partition(">")[2] for part in f">{markup}".split("<"))


def in_json(wave: Wave) -> Any:
    return json.loads(get(f"/s/{wave.pk}/counts.json").content)


@pytest.mark.parametrize(
    ("language", "rows"),
    [
        (
            "en",
            [
                "Works",
                "Sales 12 11 1 11",
                "Tea house (codes on paper) 8 8 0 3",
                "All together 20 19 1 14",
            ],
        ),
        (
            "zh-hans",
            [
                "工厂",
                "销售部 12 11 1 11",
                "茶馆 （纸质代码） 8 8 0 3",
                "合计 20 19 1 14",
            ],
        ),
    ],
)
def test_after_the_end_everybody_reads_the_numbers_of_each_group(
    wave: Wave, language: str, rows: list[str]
) -> None:
    answer(wave)
    end(wave)
    page = text_of(get(f"/s/{wave.pk}/{language}/counts/"))
    assert cells_in(page) == rows
    assert fingerprint(collected(wave).manifest.encode()) in page
    assert collected(wave).promise.in_(language) in page
    assert "<script" not in page


def test_programs_read_the_same_under_the_ids_of_the_manifest(wave: Wave) -> None:
    answer(wave)
    end(wave)
    told = in_json(wave)
    listed = json.loads(get(f"/s/{wave.pk}/manifest.json").content)
    assert told["published"] is True
    assert told["wave"] == listed["wave"]
    numbers = {
        group["name"]["en"]: [
            group[name] for name in ("invited", "issued", "reissued", "answered")
        ]
        for group in told["groups"]
    }
    assert numbers == {
        "Works": [0, 0, 0, 0],
        "Sales": [12, 11, 1, 11],
        "Tea house": [8, 8, 0, 3],
    }
    assert {g["id"]: g["invited"] for g in told["groups"]} == {
        entry["id"]: entry["invited"] for entry in listed["cells"]
    }


def test_before_the_end_nothing_is_told(wave: Wave) -> None:
    """Neither while people answer nor while late answers arrive: who answered when."""
    answer(wave)
    for close in (False, True):
        if close:
            assert mixing.close_issuing(wave.organization_id, wave.pk, at=NOW)
        page = text_of(get(f"/s/{wave.pk}/en/counts/"))
        assert "The counts are not there yet" in page
        assert "<table" not in page
        assert "Tea house" not in page
        assert in_json(wave) == {"wave": str(wave.pk), "published": False, "groups": []}


def test_the_short_address_leads_to_the_browsers_language(wave: Wave) -> None:
    reply = get(f"/s/{wave.pk}/counts/", **{"Accept-Language": "zh-CN"})
    assert reply["Location"] == f"/s/{wave.pk}/zh-hans/counts/"


@pytest.mark.parametrize("language", definition.LANGUAGES)
def test_promise_and_closed_page_lead_to_the_counts(wave: Wave, language: str) -> None:
    link = f'href="/s/{wave.pk}/{language}/counts/"'
    assert link in text_of(get(f"/s/{wave.pk}/{language}/"))
    end(wave)
    closed = get(f"/s/{wave.pk}/{language}/")
    assert closed.status_code == 410
    page = text_of(closed)
    assert link in page
    assert f'href="/s/{wave.pk}/manifest.json"' in page
    assert fingerprint(collected(wave).manifest.encode()) in page
    assert collected(wave).promise.in_(language) in page


def test_who_types_a_code_too_late_is_led_to_them_as_well(wave: Wave) -> None:
    house = cells_of(wave)[2]
    end(wave)
    client: Any = Client()
    reply = client.post(f"/s/{wave.pk}/en/", {"code": codes(wave, house)[0]})
    assert reply.status_code == 410
    assert f"/s/{wave.pk}/en/counts/" in text_of(reply)


def test_the_page_is_the_same_bytes_for_everybody_and_leaves_no_trace(
    wave: Wave, caplog: pytest.LogCaptureFixture
) -> None:
    end(wave)
    path = f"/s/{wave.pk}/en/counts/"
    with caplog.at_level(logging.DEBUG):
        first, second = get(path), get(path)
        told = get(f"/s/{wave.pk}/counts.json")
    assert first.content == second.content
    assert get(path, **{"If-None-Match": first["ETag"]}).status_code == 304
    assert caplog.records == []
    for reply in (first, told):
        assert "public" in reply["Cache-Control"]
        assert not reply.cookies
        assert "Cookie" not in reply.get("Vary", "")


@pytest.mark.parametrize("mode", [Survey.Mode.CONFIDENTIAL, Survey.Mode.OPEN])
@pytest.mark.parametrize("place", ["counts/", "en/counts/", "counts.json"])
def test_where_no_counts_were_promised_there_are_none(
    database: None, mode: Survey.Mode, place: str
) -> None:
    survey = make_survey(mode=mode)
    if mode == Survey.Mode.OPEN:
        wave = make_wave(survey)
    else:
        make_form(survey)
        wave = launch([NewCell(NAMES[1], 8)], survey=survey)
        end(wave)
    reply, nothing = (get(f"/s/{key}/{place}") for key in (wave.pk, uuid4()))
    assert reply.status_code == nothing.status_code == 404
    assert reply.content == nothing.content


def test_the_collector_reads_published_numbers_and_nothing_else_of_groups(
    wave: Wave,
) -> None:
    asked = "SELECT set_config('trustsurvey.wave', %s, true)"

    def seen(key: object) -> int:
        with (
            transaction.atomic(using="collector"),
            connections["collector"].cursor() as cursor,
        ):
            cursor.execute(asked, [str(key)])
            cursor.execute("SELECT count(id) FROM surveys_cell")
            return int(cursor.fetchone()[0])

    assert seen(wave.pk) == 0
    end(wave)
    assert seen(wave.pk) == 3
    assert seen(uuid4()) == 0
    for statement in (
        "SELECT key FROM surveys_cell",
        "SELECT organization_id FROM surveys_cell",
        "UPDATE surveys_cell SET answered = 0",
        "DELETE FROM surveys_cell",
    ):
        with (
            connections["collector"].cursor() as cursor,
            pytest.raises(ProgrammingError, match="permission denied"),
        ):
            cursor.execute(statement)


def test_members_read_the_same_numbers_and_where_they_are_public(
    owner: Client, wave: Wave
) -> None:
    answer(wave)
    address = reverse("surveys:wave", args=[wave.pk])
    public = f'href="/s/{wave.pk}/en/counts/"'
    before = text_of(owner.get(address))  # type: ignore[arg-type]
    assert public in before
    assert "Rights issued" not in before
    end(wave)
    page = text_of(owner.get(address))  # type: ignore[arg-type]
    assert public in page
    sales = next(row for row in cells_in(page) if row.startswith("Sales"))
    assert sales.startswith("Sales 12 11 1 11")
