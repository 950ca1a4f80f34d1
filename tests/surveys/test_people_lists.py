"""Lists of people: what is found row by row, what is stored, and that it is all or none."""

import io
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import xlsxwriter
from django.db import DataError
from django.utils import timezone

from surveys import stored_files
from surveys.models import (
    Attribute,
    Organization,
    Participant,
    PeopleList,
    PeopleListPart,
    PeopleRow,
    Unit,
)
from surveys.people import changes, files, lists, workbook
from surveys.people.findings import WRONG, ListError
from surveys.people.mapping import attribute_code, guess, problem_of
from surveys.tenancy import organization_scope
from tests.factories import NOW, make_organization
from tests.jobs import run_waiting_jobs

HEADER = "Number,E-mail,Name,Phone,Language,Unit,Site"


def uploaded(
    organization: Organization, data: bytes | str, **changed: Any
) -> PeopleList:
    raw = data.encode() if isinstance(data, str) else data
    with organization_scope(organization.pk):
        people_list = lists.upload(
            organization=organization,
            filename="people.csv",
            size=len(raw),
            chunks=[raw[at : at + 1000] for at in range(0, len(raw), 1000)],
            at=timezone.now(),
        )
        for name, value in changed.items():
            setattr(people_list, name, value)
    return people_list


def checked(
    organization: Organization, data: bytes | str, **changed: Any
) -> PeopleList:
    people_list = uploaded(organization, data, **changed)
    with organization_scope(organization.pk):
        lists.request_check(people_list, at=timezone.now())
    return people_list


def imported(
    organization: Organization, data: bytes | str, **changed: Any
) -> PeopleList:
    people_list = checked(organization, data, **changed)
    with organization_scope(organization.pk):
        assert lists.request_import(people_list, at=timezone.now())
    assert people_list.state == "done"
    return people_list


def table(*rows: str, header: str = HEADER) -> str:
    return "\n".join([header, *rows]) + "\n"


def found(people_list: PeopleList) -> list[tuple[int, str, str]]:
    with organization_scope(people_list.organization_id):
        return [(one.line, one.code, one.value) for one in lists.findings(people_list)]


def people(organization: Organization) -> dict[str, Participant]:
    with organization_scope(organization.pk):
        return {
            one.key or one.email: one
            for one in Participant.objects.select_related("unit")
        }


def units(organization: Organization) -> dict[str, str]:
    with organization_scope(organization.pk):
        return {
            unit.code: unit.parent.code if unit.parent else ""
            for unit in Unit.objects.select_related("parent")
        }


# ------------------------------------------------------------------ reading the file

CHINESE = "工号,邮箱,姓名,部门\n1,lan@example.org,吴岚,总部 / 销售\n"


@pytest.mark.parametrize(
    ("encoding", "mark", "named"),
    [
        ("utf-8", b"", "utf-8-sig"),
        ("utf-8-sig", b"", "utf-8-sig"),
        ("utf-16", b"", "utf-16"),
        ("utf-16-le", b"", "utf-16-le"),
        ("utf-16-be", b"", "utf-16-be"),
        ("gb18030", b"", "gb18030"),
    ],
)
def test_every_encoding_is_told(
    organization: Organization, encoding: str, mark: bytes, named: str
) -> None:
    people_list = imported(organization, mark + CHINESE.encode(encoding))
    assert people_list.encoding == named
    assert people_list.mapping == ["key", "email", "name", "unit_path"]
    person = people(organization)["1"]
    assert person.name == "吴岚"
    assert person.unit is not None
    assert person.unit.name_zh_hans == "销售"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_every_separator_is_told(organization: Organization, separator: str) -> None:
    text = table("7,wei@example.org").replace(",", separator)
    text = text.replace(HEADER.replace(",", separator), f"Number{separator}E-mail")
    people_list = imported(organization, text)
    assert people_list.separator == separator
    assert people(organization)["7"].email == "wei@example.org"


def test_another_encoding_can_be_chosen(organization: Organization) -> None:
    people_list = uploaded(organization, "Number,Name\n1,Müller\n".encode("cp1252"))
    with organization_scope(organization.pk):
        lists.read_again(people_list, "cp1252")
        (line,) = lists.preview(people_list)
    assert line.cells == ["1", "Müller"]


def test_a_broken_line_does_not_swallow_the_next() -> None:
    text = 'a,b\n1,"open\n2,x\n3,"two\nlines"\n4\n\n5,"a ""quoted"" word"\n6,"x" y\n'
    rows = list(files.read_lines(io.BytesIO(text.encode()), "utf-8", ","))
    assert [(row.number, row.problem) for row in rows] == [
        (1, ""), (2, "quote"), (3, ""), (4, ""), (6, "cells"), (8, ""), (9, "quote"),
    ]  # fmt: skip
    assert rows[3].cells == ["3", "two\nlines"]
    assert rows[5].cells == ["5", 'a "quoted" word']


def test_an_endless_line_is_one_broken_row() -> None:
    text = "a,b\n" + "x" * 300_000 + "\n1,2\n"
    rows = list(files.read_lines(io.BytesIO(text.encode()), "utf-8", ","))
    assert [(row.number, row.problem) for row in rows] == [
        (1, ""),
        (2, "cells"),
        (3, ""),
    ]


def test_limits_of_a_file_are_sentences(
    organization: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    for data, code in (
        (b"", "empty"),
        (b"\n\n", "empty"),
        (b"\xd0\xcf\x11\xe0old", "not_a_list"),
        (",".join(["x"] * 201).encode(), "too_many_columns"),
        (b"PK\x03\x04nothing", "workbook"),
    ):
        with pytest.raises(ListError) as refused:
            uploaded(organization, data)
        assert refused.value.code == code
        assert refused.value.in_("zh-hans") != refused.value.in_("en")
    monkeypatch.setattr(files, "MOST_ROWS", 2)
    failed = checked(organization, table(*["1,a@b.org,,,,,"] * 3))
    assert failed.state == "failed"
    assert failed.failure == {"code": "too_many_rows", "params": {"most": "2"}}
    monkeypatch.setattr(lists, "MOST_BYTES", 10)
    with pytest.raises(ListError, match="larger than"):
        uploaded(organization, HEADER)
    with organization_scope(organization.pk):
        assert PeopleList.objects.count() == 1


# -------------------------------------------------------------------------- workbooks


def sheet(rows: Sequence[Sequence[object]]) -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        page = book.add_worksheet()
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                page.write(at, column, value)
    return made.getvalue()


def test_a_workbook_is_read(organization: Organization) -> None:
    data = sheet(
        [
            ["Number", "E-mail", "Unit", "Name"],
            [1001, "a@example.org", "HQ / Sales", "Ann\nLee"],
            [],
            [1002, "b@example", "HQ", '=CONCATENATE("B","o")'],
        ]
    )
    people_list = imported(organization, data)
    assert people_list.formulas == 1
    assert found(people_list) == [(4, "email", "b@example")]
    assert people(organization)["1001"].name == "Ann Lee"


def test_a_hostile_workbook_is_refused_in_time(
    organization: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ListError, match="too large"):
        workbook.convert(sheet([["x"] * 1000] + [["y"]] * 501))
    monkeypatch.setattr(workbook, "LARGEST", 10)
    with pytest.raises(ListError, match="too large"):
        workbook.convert(sheet([["x"]]))
    monkeypatch.setattr(workbook, "LARGEST", 10**7)
    monkeypatch.setattr(workbook, "SECONDS", 0.01)
    with pytest.raises(ListError, match="too large"):
        workbook.convert(sheet([["x"]]))


# -------------------------------------------------------------------------- columns


def test_columns_are_guessed_in_both_languages() -> None:
    english = [
        "Staff No.",
        "E-Mail",
        "Full name",
        "Mobile",
        "Lang",
        "Team",
        "Site",
        "x",
    ]
    assert guess(english, {"site": ("Site", "地点")}) == [
        "key", "email", "name", "phone", "language", "unit_path", "attribute:site", "",
    ]  # fmt: skip
    chinese = ["员工编号", "电子邮箱", "姓名", "手机号码", "语言", "所属部门", "地点"]
    assert guess(chinese, {"site": ("Site", "地点")}) == [
        "key", "email", "name", "phone", "language", "unit_path", "attribute:site",
    ]  # fmt: skip
    codes = ["ID", "Dept ID", "Department", "Parent department"]
    assert guess(codes, {}) == ["key", "unit_code", "unit_name", "parent_code"]
    assert guess(["E-mail", "Email", "Parent ID"], {}) == ["email", "", ""]


@pytest.mark.parametrize(
    ("roles", "problem"),
    [
        (["key", "email", ""], ""),
        (["name", "phone", ""], "nobody"),
        (["key", "key", ""], "twice"),
        (["key", "attribute", "attribute:b"], "twice"),
        (["key", "unit_path", "unit_code"], "two_units"),
        (["key", "parent_code", ""], "no_unit_code"),
    ],
)
def test_wrong_choices_of_columns_are_named(roles: list[str], problem: str) -> None:
    assert problem_of(roles, ["A", "B", "C"]) == problem


def test_codes_of_attributes_are_slugs() -> None:
    assert attribute_code("Year of entry") == "year-of-entry"
    assert attribute_code("入职年份") == attribute_code(" 入职年份 ")
    assert attribute_code("入职年份").startswith("a-")
    assert attribute_code("Größe") != attribute_code("Große")


# ------------------------------------------------------------------- rows by themselves


@pytest.mark.parametrize(
    ("row", "code", "value"),
    [
        ("1,a@example,,,,,", "email", "a@example"),
        ("1,,=cmd|' /C calc'!A0,,,,", "formula", "=cmd|' /C calc'!A0"),
        ("@SUM(A1),,,,,,", "formula", "@SUM(A1)"),
        ("1,,-A1,,,,", "formula", "-A1"),
        ("1,,,,fr,,", "language", "fr"),
        (f"{'9' * 101},,,,,,", "too_long", "9" * 59 + "…"),
        (",,Wu,,,,", "nobody", ""),
        ("1,2,3", "cells", "3"),
        ('1,"x,,,,,', "quote", "0"),
        ("1,,Wu\ufffd,,,,", "encoding", "Wu\ufffd"),
        (f"1,,,,,{'x' * 201},", "unit_too_long", "x" * 60),
    ],
)
def test_a_wrong_row_is_named(
    organization: Organization, row: str, code: str, value: str
) -> None:
    people_list = checked(organization, table("2,,,,,,", row, "3,,,,,,"))
    assert found(people_list) == [(3, code, value)]
    assert people_list.counts["new"] == 2


def test_broken_bytes_in_utf8_are_found_row_by_row(organization: Organization) -> None:
    rows = [f"{n},,吴岚吴岚,,,,".encode() for n in range(20)]
    rows[4] = b"4,,Wu \xff,,,,"
    people_list = checked(organization, b"\n".join([HEADER.encode(), *rows]))
    assert people_list.encoding == "utf-8-sig"
    assert found(people_list) == [(6, "encoding", "Wu \ufffd")]


def test_everything_wrong_with_a_row_is_said(organization: Organization) -> None:
    people_list = checked(organization, table("1,nobody,=x,,fr,,"))
    assert [code for _, code, _ in found(people_list)] == [
        "email",
        "formula",
        "language",
    ]


def test_what_people_write_is_understood(organization: Organization) -> None:
    imported(
        organization,
        table("１００１,A@Example.org,  Wu   Lan ,+86 138-0000 0000,中文,-,"),
    )
    person = people(organization)["1001"]
    assert (person.name, person.language) == ("Wu Lan", "zh-hans")
    assert (person.phone, person.unit) == ("+86 138-0000 0000", None)


def test_every_finding_says_what_to_do_in_both_languages() -> None:
    for what, to_do in WRONG.values():
        assert all((what.en, what.zh_hans, to_do.en, to_do.zh_hans))


# ---------------------------------------------------------------- rows beside each other


def test_doubles_are_found_whatever_their_case(organization: Organization) -> None:
    people_list = checked(
        organization,
        table(
            "a1,x@example.org,,,,,",
            "A1,y@example.org,,,,,",
            "a2,X@Example.org,,,,,",
            "a1,z@example.org,,,,,",
        ),
    )
    assert found(people_list) == [
        (3, "same_person", "2"),
        (4, "same_email", "2"),
        (5, "same_person", "2"),
    ]


def test_the_number_counts_before_the_address(organization: Organization) -> None:
    imported(
        organization,
        table(
            "1,one@example.org,,,,,", "2,two@example.org,,,,,", ",old@example.org,,,,,"
        ),
    )
    again = imported(
        organization,
        table(
            "1,new@example.org,,,,,",  # corrected address
            "3,two@example.org,,,,,",  # address of number 2
            "9,OLD@example.org,,,,,",  # had no number yet
            ",one@example.org,Somebody,,,,",  # is the old address of number 1
        ),
    )
    assert found(again) == [(3, "email_of_other", "2"), (5, "same_person", "2")]
    known = people(organization)
    assert known["1"].email == "new@example.org"
    assert known["9"].email == "OLD@example.org"
    assert len(known) == 3


def test_two_rows_for_one_known_person_are_one(organization: Organization) -> None:
    imported(organization, table("1,one@example.org,,,,,"))
    again = checked(organization, table("1,,Ann,,,,", ",one@example.org,Bob,,,,"))
    assert found(again) == [(3, "same_person", "2")]


# ----------------------------------------------------------------------------- units


def test_paths_make_units_once(organization: Organization) -> None:
    rows = [
        "1,,,,,HQ / Sales / R&D/IT,",
        "2,,,,,hq > sales,",
        "3,,,,,Sales,",
        "4,,,,,HQ,",
    ]
    people_list = imported(organization, table(*rows))
    assert people_list.counts["new_units"] == 3
    assert units(organization) == {
        "HQ": "", "HQ / Sales": "HQ", "HQ / Sales / R&D/IT": "HQ / Sales",
    }  # fmt: skip
    known = people(organization)
    assert known["2"].unit_id == known["3"].unit_id
    again = imported(organization, table("5,,,,,HQ / Sales / New,"))
    assert again.counts["new_units"] == 1


def test_unknown_units_can_be_refused(organization: Organization) -> None:
    imported(organization, table("1,,,,,HQ,"))
    people_list = imported(
        organization, table("2,,,,,HQ,", "3,,,,,Moon,"), create_units=False
    )
    assert found(people_list) == [(3, "unit_unknown", "Moon")]
    assert set(people(organization)) == {"1", "2"}


def test_a_name_that_stands_twice_needs_its_path(organization: Organization) -> None:
    imported(
        organization, table("1,,,,,HQ / North / Desk,", "2,,,,,HQ / South / Desk,")
    )
    again = checked(organization, table("3,,,,,Desk,", "4,,,,,HQ / South / Desk,"))
    assert found(again) == [(2, "unit_ambiguous", "Desk")]


CODES = "Number,Unit code,Parent code,Unit name"


def test_codes_build_the_tree_in_any_order(organization: Organization) -> None:
    imported(
        organization, table("1,T1,S,Team 1", "2,S,HQ,Sales", "3,t2,s,", header=CODES)
    )
    assert units(organization) == {"HQ": "", "S": "HQ", "T1": "S", "t2": "S"}
    with organization_scope(organization.pk):
        assert Unit.objects.get(code="S").name_en == "Sales"


def test_codes_move_units(organization: Organization) -> None:
    imported(organization, table("1,T1,A,", "2,A,HQ,", "3,B,HQ,", header=CODES))
    again = imported(organization, table("1,T1,B,", header=CODES))
    assert again.counts["moved_units"] == 1
    assert units(organization)["T1"] == "B"


def test_a_tree_with_a_cycle_is_refused_row_by_row(organization: Organization) -> None:
    rows = ["1,A,B,", "2,B,C,", "3,C,A,", "4,D,A,", "5,E,,", "6,F,F,"]
    people_list = imported(organization, table(*rows, header=CODES))
    assert found(people_list) == [
        (2, "unit_cycle", "A"),
        (3, "unit_cycle", "B"),
        (4, "unit_cycle", "C"),
        (5, "unit_cycle", "D"),
        (7, "unit_cycle", "F"),
    ]
    assert units(organization) == {"E": ""}


def test_a_cycle_with_known_units_moves_nothing(organization: Organization) -> None:
    imported(organization, table("1,B,A,", header=CODES))
    again = imported(organization, table("2,A,B,", header=CODES))
    assert found(again) == [(2, "unit_cycle", "A")]
    assert units(organization) == {"A": "", "B": "A"}


def test_two_units_above_are_refused(organization: Organization) -> None:
    rows = ["1,T,A,", "2,T,B,", "3,T,,", "4,U,Z,"]
    people_list = imported(organization, table(*rows, header=CODES))
    assert found(people_list) == [(3, "unit_two_parents", "T")]
    assert units(organization)["T"] == "A"
    again = checked(organization, table("5,U,X,", header=CODES), create_units=False)
    assert found(again) == [(2, "unit_unknown", "U")]


def test_too_many_units_are_a_wrong_column(
    organization: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "MOST_UNITS", 2)
    people_list = checked(organization, table("1,,,,,A,", "2,,,,,B,", "3,,,,,C,"))
    assert people_list.failure is not None
    assert people_list.failure["code"] == "too_many_units"


# ---------------------------------------------------------------------------- storing


def test_the_counts_say_what_will_happen(organization: Organization) -> None:
    imported(
        organization,
        table("1,,Ann,,,A,", "2,,Bob,,,A,", "3,,Cem,,,A,", "4,,Dan,,,A,"),
    )
    with organization_scope(organization.pk):
        Participant.objects.filter(key="4").update(active=False)
    again = checked(
        organization,
        table("1,,Ann,,,A,", "2,,Bobby,,,A,", "3,,Cem,,,B,", "4,,,,,,", "5,,,,,,", "x"),
    )
    assert again.counts == {
        "rows": 6, "new": 1, "changed": 3, "unchanged": 1, "moved": 1, "rejected": 1,
        "unrecognised": 1, "missing": 0, "new_units": 1, "moved_units": 0,
    }  # fmt: skip
    assert people(organization)["2"].name == "Bob"


def test_an_empty_cell_changes_nothing(organization: Organization) -> None:
    imported(organization, table("1,a@example.org,Ann,123,en,A,Kiel"))
    imported(organization, table("1,,,,,,"))
    person = people(organization)["1"]
    assert (person.email, person.name, person.phone) == ("a@example.org", "Ann", "123")
    assert (person.language, person.unit.code) == ("en", "A")  # type: ignore[union-attr]


def test_other_columns_become_attributes(organization: Organization) -> None:
    people_list = uploaded(organization, table("1,,,,,,Kiel", "2,,,,,,"))
    people_list.mapping[-1] = "attribute"
    with organization_scope(organization.pk):
        lists.request_check(people_list, at=timezone.now())
        lists.request_import(people_list, at=timezone.now())
        assert Attribute.objects.get().code == "site"
    assert people(organization)["1"].attributes == {"site": "Kiel"}
    assert people(organization)["2"].attributes == {}
    next_list = imported(organization, table("1,,,,,,Bonn"))
    assert next_list.mapping[-1] == "attribute:site"
    assert people(organization)["1"].attributes == {"site": "Bonn"}


def test_who_is_missing_leaves_only_when_asked(organization: Organization) -> None:
    imported(organization, table("1,,,,,,", "2,,,,,,", "3,three@example.org,,,,,"))
    left_alone = imported(organization, table("1,,,,,,"))
    assert left_alone.counts["missing"] == 2
    assert all(one.active for one in people(organization).values())
    # a rejected row is still a sign of life
    asked = imported(organization, table("1,,,,,,", "3,,=x,,,,"), mark_missing=True)
    assert (asked.counts["missing"], asked.counts["left"]) == (1, 1)
    assert {key: one.active for key, one in people(organization).items()} == {
        "1": True, "2": False, "3": True,
    }  # fmt: skip


def test_nobody_leaves_while_rows_cannot_be_read(organization: Organization) -> None:
    imported(organization, table("1,,,,,,", "2,,,,,,"))
    broken = imported(organization, table("1,,,,,,", '2,"x'), mark_missing=True)
    assert broken.counts["left"] == 0
    assert people(organization)["2"].active


def test_a_corrected_address_is_written_to_again(organization: Organization) -> None:
    imported(organization, table("1,a@example.org,,,,,", "2,b@example.org,,,,,"))
    with organization_scope(organization.pk):
        Participant.objects.update(bounced_at=NOW, opted_out_at=NOW)
    imported(organization, table("1,new@example.org,,,,,", "2,B@example.org,,,,,"))
    known = people(organization)
    assert known["1"].bounced_at is None
    assert known["2"].bounced_at == NOW
    assert known["1"].opted_out_at == NOW


def test_everything_or_nothing(
    organization: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    people_list = checked(organization, table("1,,,,,A,", "2,,,,,B,"))
    # the last statement of the import fails, after units and people were written
    broken = "SELECT 1 / 0 FROM surveys_peoplelist WHERE id = %(list)s"
    monkeypatch.setattr(changes, "_FORGET_ACCEPTED", broken)
    with pytest.raises(DataError, match="zero"), organization_scope(organization.pk):
        lists.request_import(people_list, at=timezone.now())
    assert people(organization) == {}
    assert units(organization) == {}


def test_a_change_at_the_same_moment_is_a_sentence(
    organization: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    people_list = checked(organization, table("1,,,,,,"))
    add = (
        "INSERT INTO surveys_participant (id, organization_id, key, email, phone, name,"
    )
    add += (
        " language, attributes, active) SELECT gen_random_uuid(), organization_id, key,"
    )
    add += " '', '', '', '', '{}', true FROM surveys_peoplerow"
    add += " WHERE people_list_id = %(list)s"
    monkeypatch.setattr(changes, "_CHANGE", add)
    with organization_scope(organization.pk):
        lists.request_import(people_list, at=timezone.now())
    assert people_list.failure == {"code": "changed_meanwhile", "params": {}}
    assert people(organization) == {}


def test_an_import_happens_once(organization: Organization) -> None:
    people_list = imported(organization, table("1,,,,,,"))
    with organization_scope(organization.pk):
        assert not lists.request_import(people_list, at=timezone.now())
        assert not PeopleListPart.objects.exists()
        assert not PeopleRow.objects.exists()


def test_a_stale_check_is_made_again_when_storing(organization: Organization) -> None:
    people_list = checked(organization, table("1,,Ann,,,,"))
    imported(organization, table("1,,Bob,,,,"))
    with organization_scope(organization.pk):
        lists.request_import(people_list, at=timezone.now())
    assert (people_list.counts["new"], people_list.counts["changed"]) == (0, 1)
    assert people(organization)["1"].name == "Ann"


def test_rows_lost_in_a_crash_are_read_again(organization: Organization) -> None:
    people_list = checked(organization, table("1,,Ann,,,,"))
    with organization_scope(organization.pk):
        PeopleRow.objects.all().delete()
        lists.request_import(people_list, at=timezone.now())
        assert people_list.state == "checked"
        lists.request_import(people_list, at=timezone.now())
    assert set(people(organization)) == {"1"}


# --------------------------------------------------------------------- in the background


def test_a_large_list_is_worked_by_jobs(
    organization: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "AT_ONCE", 10)
    monkeypatch.setattr(lists, "BATCH", 3)
    monkeypatch.setattr(stored_files, "PART", 50)
    text = table(*[f"{n},,Ann,,,A," for n in range(20)])
    people_list = checked(organization, text)
    assert people_list.state == "checking"
    run_waiting_jobs()
    with organization_scope(organization.pk):
        people_list.refresh_from_db()
        assert (people_list.state, people_list.counts["new"]) == ("checked", 20)
        lists.request_import(people_list, at=timezone.now())
    run_waiting_jobs()
    assert len(people(organization)) == 20


def test_a_job_that_fails_says_so(
    organization: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    people_list = checked(organization, table("1,,,,,,"))
    with organization_scope(organization.pk):
        PeopleList.objects.update(state="checking")
        PeopleListPart.objects.all().delete()
    with pytest.raises(PeopleListPart.DoesNotExist):
        lists.work(organization.pk, people_list.pk)
    with organization_scope(organization.pk):
        people_list.refresh_from_db()
    assert (people_list.state, people_list.failure) == (
        "failed",
        {"code": "stopped", "params": {}},
    )


def test_a_worker_that_was_overtaken_stops(organization: Organization) -> None:
    people_list = checked(organization, table("1,,,,,,"))
    with organization_scope(organization.pk):
        lists.request_check(people_list, at=timezone.now())
        with pytest.raises(lists.Superseded):
            lists._set(people_list, UUID(int=1), progress=1)
    lists.work(organization.pk, people_list.pk)  # nothing waits: nothing happens


def test_lists_are_forgotten_after_a_day(organization: Organization) -> None:
    theirs = make_organization("Hill Coffee")
    for mine in (organization, theirs):
        checked(mine, table("1,,,,,,"))
    stuck = uploaded(organization, table("2,,,,,,"))
    with organization_scope(organization.pk):
        PeopleList.objects.filter(pk=stuck.pk).update(state="checking")
    lists.sweep(timezone.now() + timedelta(minutes=11))
    with organization_scope(organization.pk):
        stuck.refresh_from_db()
        assert stuck.state == "checked"
    lists.sweep(timezone.now() + timedelta(days=1, minutes=1))
    for mine in (organization, theirs):
        with organization_scope(mine.pk):
            assert not PeopleList.objects.exists()
            assert not PeopleRow.objects.exists()


def test_lists_touch_nobody_elses_people(organization: Organization) -> None:
    theirs = make_organization("Hill Coffee")
    imported(theirs, table("1,a@example.org,Theirs,,,HQ,"))
    imported(organization, table("1,a@example.org,Ours,,,HQ,"), mark_missing=True)
    assert people(theirs)["1"].name == "Theirs"
    assert people(theirs)["1"].active
    assert people(organization)["1"].unit_id != people(theirs)["1"].unit_id
