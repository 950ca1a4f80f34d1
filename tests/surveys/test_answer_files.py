"""Tables of answers from elsewhere: every way in which one can be right or wrong."""

import io
import re
import tracemalloc

import pytest

from surveys import answer_files
from surveys.answer_files import AnswersError, Looked, Table
from surveys.definition import Form
from tests.factories import brand_form, every_kind_form


def table(
    document: str | bytes, *, form: Form | None = None, missing: str = "NA, -9"
) -> Table:
    data = document.encode() if isinstance(document, str) else document
    file = io.BytesIO(data)
    return Table(file, form or brand_form(), missing=missing.split(","))


def codes(document: str | bytes, **said: str) -> list[tuple[int, ...]]:
    return [row.codes[:3] for row in table(document, **said).rows()]  # type: ignore[arg-type]


def looked(document: str) -> Looked:
    return table(document).look()


FIRST = [item.code.partition(".")[2] for item in brand_form().items[:3]]
HEAD = ",".join(FIRST)


def test_items_are_found_by_their_codes_in_any_order_and_case() -> None:
    found = table(f"age,{FIRST[1].lower()},TBE.{FIRST[0]}\n33,5,4\n")
    assert [row.codes[:3] for row in found.rows()] == [(4, 5, -3)]
    columns = found.columns
    assert columns.matched == (f"TBE.{FIRST[0]}", FIRST[1].lower())
    assert columns.ignored == ("age",)
    assert columns.missing_codes[0] == FIRST[2]
    assert len(columns.missing) == brand_form().item_count - 2


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("4", 4),
        (" 4 ", 4),
        ("4.0", 4),
        ("４", 4),
        ('"4"', 4),
        ("", -1),
        ("NA", -1),
        ("-9", -1),
        ("-1", -1),
        ("-2", -2),
        ("-3", -3),
    ],
)
def test_a_cell_means_its_code(cell: str, code: int) -> None:
    assert codes(f"{HEAD}\n{cell},4,4\n") == [(code, 4, 4)]


@pytest.mark.parametrize(
    "cell", ["0", "8", "4.5", "four", "1e0", "=1+1", "-4", "99999", "9" * 400, "四"]
)
def test_a_value_that_no_item_offers_is_named(cell: str) -> None:
    found = looked(f"{HEAD}\n4,4,4\n4,{cell},4\n")
    assert (found.answered, found.wrong) == (1, 1)
    [problem] = found.problems
    assert (problem.line, problem.column) == (3, FIRST[1])
    assert problem.value == cell[:40]


def test_rows_of_another_length_are_named() -> None:
    found = looked(f"{HEAD}\n1,2\n1,2,3,4\n1,2,3\n")
    assert [(p.line, p.column, p.value) for p in found.problems] == [
        (2, "", "2"),
        (3, "", "4"),
    ]


def test_rows_without_an_answer_are_counted() -> None:
    found = looked(f"{HEAD},sex\n1,2,3,1\nNA,,-9,2\n\n,,,\n")
    assert (found.answered, found.blank, found.wrong) == (1, 1, 0)


def test_lines_are_those_of_the_file() -> None:
    found = looked(f'{HEAD},note\n1,2,3,"over\ntwo lines"\n\n1,9,3,x\n')
    assert [problem.line for problem in found.problems] == [5]


def test_only_the_first_problems_are_kept() -> None:
    found = looked(f"{HEAD}\n" + "9,9,9\n" * 1000)
    assert found.wrong == 1000
    assert len(found.problems) == answer_files.SHOWN_PROBLEMS


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_spreadsheets_of_the_world_are_read(
    separator: str, encoding: str, end: str
) -> None:
    lines = [[*FIRST, "性别"], ["1", "2", "3", "女"]]
    document = end.join(separator.join(cells) for cells in lines)
    assert codes(document.encode(encoding)) == [(1, 2, 3)]


def test_what_was_not_shown_has_no_answer() -> None:
    form = every_kind_form()
    conditional = next(item for item in form.items if item.show_if)
    condition = conditional.show_if[0]
    asked = condition.item.partition(".")[2]
    hidden = conditional.code.partition(".")[2]
    trigger = next(item for item in form.items if item.code == condition.item)
    other = next(
        code
        for code in range(trigger.low, trigger.high + 1)
        if code not in condition.codes
    )
    document = f"{asked},{hidden}\n{condition.codes[0]},1\n{other},1\n"
    at = form.items.index(conditional)
    found = [row.codes[at] for row in table(document, form=form).rows()]
    assert found == [1, -3]


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ("", "no_header"),
        ("\n\n \n", "no_header"),
        ("age,sex\n1,2", "no_item"),
        (f"{FIRST[0]},tbe.{FIRST[0]}\n1,2", "same_item"),
        (b"\xff\xfea", "not_text"),
        (b"PK\x03\x04\0\0", "not_text"),
        (b"T1\n\x81", "not_text"),
        ("x," * 3000, "too_many_columns"),
        ("x" * 300_000, "too_long_row"),
        (f'{HEAD}\n"' + "x" * 150_000, "not_a_table"),
        (f"{HEAD}\n" + '"\n",' * 90_000, "too_long_row"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(document: str | bytes, code: str) -> None:
    with pytest.raises(AnswersError) as refused:
        table(document).look()
    assert refused.value.code == code
    assert re.search(r"[\u4e00-\u9fff]", refused.value.in_("zh-hans"))


def test_an_answer_cannot_stand_for_a_missing_one() -> None:
    with pytest.raises(AnswersError, match="'5' cannot stand for a missing answer"):
        table(f"{HEAD}\n1,2,3", missing="NA,5")


def test_limits_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answer_files, "MOST_ROWS", 2)
    assert looked(f"{HEAD}\n1,2,3\n1,2,3").answered == 2
    with pytest.raises(AnswersError, match="more than 2 rows"):
        looked(f"{HEAD}\n1,2,3\n1,2,3\n1,2,3")
    monkeypatch.setattr(answer_files, "MOST_BYTES", 10)
    with pytest.raises(AnswersError, match="larger than"):
        looked(f"{HEAD}\n1,2,3")


def test_a_long_table_is_read_in_the_memory_of_a_row() -> None:
    data = (
        f"{HEAD},note\n" + "".join(f"1,2,3,{n:020}\n" for n in range(50_000))
    ).encode()
    tracemalloc.start()
    found = table(data).look()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.answered == 50_000
    assert peak < len(data) + 2_000_000
