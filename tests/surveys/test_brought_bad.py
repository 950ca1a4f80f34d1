"""Files that lie, break, explode or are no answers: one sentence each, soon."""

import io
import struct
import time
import zipfile
from typing import Any

import pytest
import xlsxwriter

from surveys.brought import statistics
from surveys.brought.findings import WRONG, BroughtError
from surveys.brought.statistics import kind_of
from surveys.models import AnswerFile, Organization, Survey
from surveys.tenancy import organization_scope
from tests.factories import brand_form, make_form, make_survey
from tests.surveys import brought_samples as samples
from tests.surveys.brought_rows import make_answer_file, take_in

FORM = brand_form()
CODE = FORM.items[0].code


@pytest.fixture
def survey(organization: Organization) -> Survey:
    found = make_survey(organization)
    make_form(found)
    return found


def workbook(rows: list[list[Any]], *, merged: bool = False) -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
        if merged:
            sheet.merge_range(0, 1, 0, 3, "Trust")
    return made.getvalue()


def archive(name: str, content: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/workbook.xml", "<workbook/>")
        book.writestr(name, content)
    return made.getvalue()


def sav(cut: int | None = None) -> bytes:
    whole = samples.statistics(FORM, samples.answers_of(FORM, 3), "sav")
    return whole[:cut]


BAD: dict[str, tuple[Any, str]] = {
    "nothing": (lambda: b"", "empty"),
    "blank lines": (lambda: b"\n\n \n", "empty"),
    "only a heading": (lambda: f"{CODE}\n".encode(), "no_rows"),
    "ten thousand columns": (
        lambda: ",".join(map(str, range(10_000))).encode(),
        "too_many_columns",
    ),
    "a PDF": (lambda: b"%PDF-1.7\n1\n2\n", "not_answers"),
    "an old workbook": (lambda: b"\xd0\xcf\x11\xe0" + b"\0" * 600, "not_answers"),
    "a gzip": (lambda: b"\x1f\x8b\x08\x00" + b"x" * 90, "not_answers"),
    "a zip": (lambda: b"PK\x03\x04" + b"\0" * 90, "workbook"),
    "a zip bomb": (lambda: archive("xl/a.bin", b"\0" * 61_000_000), "workbook_large"),
    "an entity bomb": (
        lambda: archive("xl/a.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'),
        "workbook",
    ),
    "a cut .sav": (lambda: sav(400), "statistics"),
    "a .sav of noise": (lambda: b"$FL2@(#) SPSS" + b"\xff" * 4_000, "statistics"),
    "a .sav of a billion rows": (
        lambda: sav()[:80] + struct.pack("<i", 2**31 - 1) + sav()[84:400],
        "statistics",
    ),
    "a cut .dta": (lambda: b"<stata_dta><header><release>118</release>", "statistics"),
    "a .dta of 1985": (lambda: bytes([104, 2, 1, 0]) + b"\xff" * 300, "statistics"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_one_sentence_in_either_language(
    survey: Survey, name: str
) -> None:
    made, code = BAD[name]
    began = time.monotonic()
    with pytest.raises(BroughtError) as refused:
        take_in(survey, made())
    assert time.monotonic() - began < 12
    # a machine that is very busy gives up first, and says so
    assert refused.value.code in {code, "statistics_large", "workbook_large"}
    for language in ("en", "zh-hans"):
        sentence = refused.value.in_(language)
        assert "{" not in sentence
        assert len(sentence) > 8
    with organization_scope(survey.organization_id):
        assert not AnswerFile.objects.exists()


def test_what_is_wrong_with_a_row_is_said_in_both_languages() -> None:
    for what, to_do in WRONG.values():
        assert all(one.en and one.zh_hans for one in (what, to_do))


STRANGE = ["", "", CODE, CODE, "😀 trust", "مرحبا", "\u202eabc", "=1+1", "a\ud800b"]


def test_strange_headings_are_shown_and_left_out(survey: Survey) -> None:
    head = ",".join(STRANGE).encode("utf-8", "surrogatepass")
    file = take_in(survey, head + b"\n1,2,3,4,5,6,7,8,9\n,,,,,,,,\n")
    names = [one["name"] for one in file.source["columns"]]
    assert names[:4] == ["#1", "#2", CODE, CODE]
    # nothing that turns the page round, and nothing that cannot be written
    assert all(one.isprintable() for one in names)
    "".join(names).encode()
    assert file.mapping["items"][0]["column"] == 2


@pytest.mark.parametrize(
    ("encoding", "told", "separator"),
    [
        ("utf-8", "utf-8-sig", ","),
        ("utf-8-sig", "utf-8-sig", ";"),
        ("utf-16", "utf-16", "\t"),
        ("utf-16-le", "utf-16-le", ","),
        ("gb18030", "gb18030", ";"),
    ],
)
def test_encoding_and_separator_are_guessed(
    survey: Survey, encoding: str, told: str, separator: str
) -> None:
    text = f"{CODE}{separator}姓名\n4{separator}吴兰\n"
    file = take_in(survey, text.encode(encoding))
    assert (file.encoding, file.separator) == (told, separator)
    assert file.source["columns"][1]["name"] == "姓名"


def test_formulas_are_counted_and_merged_cells_are_blank(survey: Survey) -> None:
    rows: list[list[Any]] = [[CODE, "Trust", "", ""], [4, 1, 2, 3], ["=2+2", 1, 2, 3]]
    file = take_in(survey, workbook(rows, merged=True))
    assert (file.kind, file.formulas) == ("xlsx", 1)
    assert [one["name"] for one in file.source["columns"]] == [
        CODE,
        "Trust",
        "#3",
        "#4",
    ]


def test_a_million_rows_are_the_most(
    survey: Survey, monkeypatch: pytest.MonkeyPatch
) -> None:
    from surveys.brought import files
    from surveys.people import files as tables

    key = make_answer_file(survey, rows=9).pk
    monkeypatch.setattr(tables, "MOST_ROWS", 3)
    with organization_scope(survey.organization_id):
        file = AnswerFile.objects.get(pk=key)
        file.said |= {"sample": "x"}
        files.request_check(file, at=file.uploaded_at)
        assert file.failure == {"code": "too_many_rows", "params": {"most": "3"}}


def test_kinds_are_told_by_their_first_bytes() -> None:
    assert [kind_of(one) for one in (b"$FL2", b"$FL3", b"<stata_dta>")] == [
        "sav",
        "sav",
        "dta",
    ]
    assert kind_of(bytes([113, 2, 1, 0])) == "dta"
    assert [kind_of(one) for one in (b"", b"abc", b"q1,q2\n")] == [None] * 3
    # every old version starts like a letter; text does not go on with these bytes
    assert kind_of(b"si\x01") is None


def test_what_a_file_calls_missing_is_kept() -> None:
    columns = statistics.convert(sav(), "sav").columns
    assert columns[1]["missing"] == [["-9", "-9"]]
    assert columns[1]["labels"]["0"] == FORM.items[0].labels[0].en
