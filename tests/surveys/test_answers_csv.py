"""The answers as files: complete, anonymous, harmless to spreadsheets, streamed."""

import csv
import io
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from uuid import uuid4

import psycopg
import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from surveys.csv_files import BLOCK, in_blocks, item_lines
from surveys.definition import Text
from surveys.models import Organization, Response, Survey, Wave
from surveys.models.people import Role
from surveys.tenancy import organization_scope
from tests.factories import (
    brand_form,
    close_for_good,
    make_comment,
    make_member,
    make_response,
    make_responses,
    make_survey,
    make_wave,
    signed_in,
)
from trustsurvey import roles

pytestmark = pytest.mark.usefixtures("database")

MANY = 50_000


def blocks_of(client: Client, name: str, wave: Wave) -> Iterator[bytes]:
    reply = client.get(reverse(f"surveys:{name}", args=[wave.pk]))
    assert reply.streaming
    assert reply["Content-Type"] == "text/csv; charset=utf-8"
    yield from reply
    reply.close()


def rows_of(client: Client, name: str, wave: Wave) -> list[list[str]]:
    content = b"".join(blocks_of(client, name, wave))
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def test_answers_are_written_as_they_were_stored(owner: Client, wave: Wave) -> None:
    form = brand_form()
    answers = [1, 7, -1, -2, -3] + [4] * (form.item_count - 5)
    make_response(wave, answers, language="zh-hans")
    header, row = rows_of(owner, "answers", wave)
    codes = [item.code for item in form.items]
    assert header == [*codes, "language", "TBE.version", "OUT-C.version"]
    assert row == [*map(str, answers), "zh-hans", "1", "1"]


def test_answers_carry_no_key_and_come_in_the_order_of_the_keys(
    owner: Client, wave: Wave
) -> None:
    make_responses(wave, 20)
    content = b"".join(blocks_of(owner, "answers", wave)).decode("utf-8-sig")
    with organization_scope(wave.organization_id):
        stored = list(Response.objects.order_by("id").values_list("id", "answers"))
    lines = content.splitlines()[1:]
    for line, (key, answers) in zip(lines, stored, strict=True):
        assert line == ",".join([*map(str, answers), line.split(",")[-3], "1", "1"])
        assert str(key) not in content


def test_a_wave_without_answers_is_a_header(owner: Client, wave: Wave) -> None:
    assert len(rows_of(owner, "answers", wave)) == 1
    assert rows_of(owner, "comments", wave) == [["question", "comment"]]


def test_other_waves_are_not_in_the_file(
    organization: Organization, owner: Client, wave: Wave
) -> None:
    other = make_wave(make_survey(organization))
    make_responses(other, 2)
    make_comment(other, "elsewhere")
    make_responses(wave, 1)
    assert len(rows_of(owner, "answers", wave)) == 1 + 1
    assert len(rows_of(owner, "comments", wave)) == 1


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_comment_is_never_a_formula(owner: Client, wave: Wave, start: str) -> None:
    make_comment(wave, f"{start}HYPERLINK(1)")
    content = b"".join(blocks_of(owner, "comments", wave)).decode("utf-8-sig")
    line = content.removeprefix("question,comment\n,")
    assert line.strip('"').startswith("'")


def test_comments_keep_their_lines_and_their_language(
    owner: Client, wave: Wave
) -> None:
    make_comment(wave, 'Good "tea",\nbut cold. 茶凉了。')
    assert rows_of(owner, "comments", wave)[1] == [
        "",
        'Good "tea",\nbut cold. 茶凉了。',
    ]


def test_the_codebook_explains_every_column(owner: Client, wave: Wave) -> None:
    header, *rows = rows_of(owner, "codebook", wave)
    books = [dict(zip(header, row, strict=True)) for row in rows]
    assert [book["item"] for book in books] == [i.code for i in brand_form().items]
    first = books[0]
    assert first["wording_en"] == (
        "This brand explains the reasons behind decisions that affect me."
    )
    assert first["wording_zh_hans"] == "对我有影响的决定，该品牌会说明理由。"
    assert (first["low"], first["high"]) == ("1", "7")
    assert first["labels_en"].startswith("1 = strongly disagree; 2 = disagree;")
    assert first["labels_zh_hans"].endswith("7 = 非常同意")
    assert (first["skipped"], first["not_applicable"], first["not_shown"]) == (
        "-1",
        "-2",
        "-3",
    )
    assert (first["instrument"], first["version"]) == ("TBE", "1")
    assert first["evidence_level"] == "E0"
    assert {book["reverse"] for book in books} == {"0", "1"}
    assert {book["role"] for book in books} == {"trust", "outcome"}


def test_the_codebook_labels_the_ends_of_long_ranges() -> None:
    form = brand_form()
    ends = (Text("never", "绝不"), Text("surely", "一定"))
    item = replace(form.items[0], low=0, high=10, labels=ends)
    _, line = item_lines(replace(form, items=(item,)))
    assert ",0,10,0 = never; 10 = surely,0 = 绝不; 10 = 一定," in line


def test_files_are_named_for_people_and_marked_when_simulated(
    organization: Organization, owner: Client
) -> None:
    wave = make_wave(make_survey(organization, simulated=True))
    reply = owner.get(reverse("surveys:answers", args=[wave.pk]))
    assert reply["Content-Disposition"] == (
        'attachment; filename="trust-in-harbour-tea-wave-1-answers-simulated.csv"'
    )
    assert reply["Cache-Control"] == "no-store"
    reply.close()


def test_answers_of_an_open_wave_wait_unless_the_link_is_open(
    organization: Organization, owner: Client
) -> None:
    wave = make_wave(make_survey(organization, mode=Survey.Mode.IDENTIFIED))
    make_responses(wave, 1)
    for name in ("answers", "comments"):
        reply = owner.get(reverse(f"surveys:{name}", args=[wave.pk]))
        assert reply["Location"] == reverse("surveys:survey", args=[wave.survey_id])
    close_for_good(wave)
    assert len(rows_of(owner, "answers", wave)) == 1 + 1


@pytest.mark.parametrize("mode", [Survey.Mode.ANONYMOUS, Survey.Mode.CONFIDENTIAL])
def test_what_was_promised_not_to_be_looked_at_leaves_as_a_release_only(
    organization: Organization, owner: Client, mode: str
) -> None:
    wave = make_wave(make_survey(organization, mode=mode))
    make_responses(wave, 12)
    close_for_good(wave)
    survey = reverse("surveys:survey", args=[wave.survey_id])
    files = [reverse(f"surveys:{n}", args=[wave.pk]) for n in ("answers", "comments")]
    files.append(reverse("surveys:merged-answers", args=[wave.survey_id]))
    shown = owner.get(survey).content.decode()
    for address in files:
        assert owner.get(address)["Location"] == survey
        assert address not in shown
    # what was asked is no secret
    assert len(rows_of(owner, "codebook", wave)) == 1 + wave.form.item_count


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.FIELDWORKER, Role.MANAGER])
def test_only_owners_and_analysts_take_answers_home(
    organization: Organization, wave: Wave, role: Role
) -> None:
    client = signed_in(make_member(organization, role=role))
    for name in ("answers", "comments", "codebook"):
        reply = client.get(reverse(f"surveys:{name}", args=[wave.pk]))
        assert reply.status_code == 403


def test_lines_are_sent_in_blocks() -> None:
    line = "x" * 999 + "\n"
    blocks = list(in_blocks(line for _ in range(200)))
    assert "".join(blocks) == line * 200
    assert all(len(block) < BLOCK + len(line) for block in blocks)


def test_a_reader_who_stops_leaves_no_transaction_behind(
    owner: Client, wave: Wave
) -> None:
    make_responses(wave, 5)
    reply = owner.get(reverse("surveys:answers", args=[wave.pk]))
    next(iter(reply))
    reply.close()
    assert not connections["default"].in_atomic_block


def test_fifty_thousand_answers_stream_in_flat_memory(
    owner: Client, wave: Wave, administrator: roles.Login
) -> None:
    """Peak memory of Python stays under 4 MB for a file of more than 3 MB of rows."""
    last = "ffffffff-ffff-4fff-bfff-ffffffffffff"
    count = brand_form().item_count
    name = connections["default"].settings_dict["NAME"]
    with psycopg.connect(**{**administrator, "dbname": name}) as connection:
        connection.execute(
            "INSERT INTO surveys_response (organization_id, wave_id, form_id, id,"
            " item_count, answers, language)"
            " SELECT %s, %s, %s, gen_random_uuid(), %s, array_fill(4, ARRAY[%s]), 'en'"
            " FROM generate_series(1, %s)",
            [
                wave.organization_id,
                wave.pk,
                wave.form_id,
                count,
                count,
                MANY - 1,
            ],
        )
        connection.execute(
            "INSERT INTO surveys_response (organization_id, wave_id, form_id, id,"
            " item_count, answers, language)"
            " VALUES (%s, %s, %s, %s, %s, array_fill(7, ARRAY[%s]), 'zh-hans')",
            [wave.organization_id, wave.pk, wave.form_id, last, count, count],
        )
    size, lines, tail = 0, 0, b""
    tracemalloc.start()
    for block in blocks_of(owner, "answers", wave):
        size += len(block)
        lines += block.count(b"\n")
        tail = (tail + block)[-200:]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert lines == MANY + 1
    assert tail.splitlines()[-1] == b",".join([b"7"] * count) + b",zh-hans,1,1"
    assert size > 3_000_000
    assert peak < 4_000_000


def test_an_unknown_wave_has_no_file(owner: Client) -> None:
    assert owner.get(reverse("surveys:answers", args=[uuid4()])).status_code == 404
