"""The codebook of a wave as CSV, and lines of CSV in blocks."""

import csv
import io
from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from surveys.csv_files import BLOCK, in_blocks, item_lines
from surveys.definition import Text
from surveys.models import Wave
from tests.factories import (
    brand_form,
)

pytestmark = pytest.mark.usefixtures("database")


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


def test_lines_are_sent_in_blocks() -> None:
    line = "x" * 999 + "\n"
    blocks = list(in_blocks(line for _ in range(200)))
    assert "".join(blocks) == line * 200
    assert all(len(block) < BLOCK + len(line) for block in blocks)
