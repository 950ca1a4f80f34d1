import hashlib
from pathlib import Path

import numpy as np
import pytest

from analytics import datafile
from analytics.datafile import read_answers
from analytics.plan import AnalysisPlan, PlanGroup, PlanItem, PlanScale, Text
from analytics.sentences import BadInput
from tests.analytics.samples import write

ITEMS = (
    PlanItem("a1", None, 1, 5),
    PlanItem("a2", None, 1, 5, reverse=True),
    PlanItem("题3", None, 0, 10),
)
PLAN = AnalysisPlan(
    title=Text.same("t"), scales=(PlanScale("A", Text.same("A"), ITEMS),)
)
HEADER = "a1,a2,题3,country"


def read(tmp_path: Path, *rows: str, plan: AnalysisPlan = PLAN) -> datafile.DataFile:
    text = "\n".join((HEADER, *rows)) + "\n"
    return read_answers(write(tmp_path / "d.csv", text), plan)


def refused(path: Path, plan: AnalysisPlan = PLAN) -> str:
    with pytest.raises(BadInput) as refusal:
        read_answers(path, plan)
    said = str(refusal.value)
    assert "\n" not in said
    return said


def test_answers_are_keyed_and_missing_ones_known(tmp_path: Path) -> None:
    found = read(tmp_path, "1,1,10,NZ", "5, 5 ,0,NZ", ",NA,7.0,NZ", "")
    assert found.responses.codes.tolist() == [[0, 4, 10], [4, 0, 0], [-1, -1, 7]]
    assert found.n_read == 3
    assert found.sha256 == hashlib.sha256((tmp_path / "d.csv").read_bytes()).hexdigest()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encoding_and_delimiter_are_found(
    tmp_path: Path, encoding: str, delimiter: str
) -> None:
    text = f'{HEADER}\n1,2,3,"新西兰"\r\n'.replace(",", delimiter)
    found = read_answers(write(tmp_path / "d.csv", text, encoding), PLAN)
    assert found.responses.codes.tolist() == [[0, 3, 3]]
    assert found.delimiter == delimiter
    assert found.encoding == ("utf-8-sig" if encoding == "utf-8" else encoding)


def test_columns_may_stand_in_any_order_and_quotes_may_hold_lines(
    tmp_path: Path,
) -> None:
    text = 'note,题3,a2,a1\n"two\nlines, one field",9,1,2\n'
    found = read_answers(write(tmp_path / "d.csv", text), PLAN)
    assert found.responses.codes.tolist() == [[1, 4, 9]]


def test_where_keeps_the_rows_with_the_listed_values(tmp_path: Path) -> None:
    plan = AnalysisPlan(
        title=PLAN.title, scales=PLAN.scales, where={"country": ("NZ", "TAIW")}
    )
    found = read(tmp_path, "1,1,1,NZ", "2,2,2,US", "3,3,3,TAIW", plan=plan)
    assert found.responses.n == 2
    assert found.n_read == 3


def test_a_value_outside_the_filter_is_no_matter(tmp_path: Path) -> None:
    plan = AnalysisPlan(
        title=PLAN.title, scales=PLAN.scales, where={"country": ("NZ",)}
    )
    assert read(tmp_path, "1,1,1,NZ", "99,x,1,US", plan=plan).responses.n == 1


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("6,1,1,NZ", "Line 3, column a1: 6 is outside 1 to 5"),
        ("0,1,1,NZ", "Line 3, column a1: 0 is outside 1 to 5"),
        ("1,often,1,NZ", "Line 3, column a2: often is not a number"),
        ("1,3.5,1,NZ", "Line 3, column a2: 3.5 is not a whole number"),
        ("1,1,1e1,NZ", "Line 3, column 题3: 1e1 is outside 0 to 10"),
        ("1,1,-1,NZ", "Line 3, column 题3: -1 is outside 0 to 10"),
        ("1,1,1", "line 3: 3 fields where the header has 4"),
        ("1,1,1,NZ,5", "line 3: 5 fields where the header has 4"),
        ('1,1,1,"NZ', "the fields cannot be told apart"),
    ],
)
def test_a_wrong_row_is_named_by_line_and_column(
    tmp_path: Path, row: str, sentence: str
) -> None:
    path = write(tmp_path / "d.csv", f"{HEADER}\n1,1,1,NZ\n{row}\n")
    assert sentence in refused(path)


def test_the_line_is_right_after_blank_lines_and_in_later_chunks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(datafile, "CHUNK_ROWS", 2)
    rows = ["1,1,1,NZ"] * 5 + ["", "9,1,1,NZ"]
    path = write(tmp_path / "d.csv", "\n".join((HEADER, *rows)))
    assert "Line 8, column a1" in refused(path)


def test_chunks_do_not_change_the_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [f"{1 + k % 5},{1 + k % 4},{k % 11},NZ" for k in range(97)]
    whole = read(tmp_path, *rows).responses.codes
    monkeypatch.setattr(datafile, "CHUNK_ROWS", 7)
    assert np.array_equal(read(tmp_path, *rows).responses.codes, whole)


def test_progress_ends_at_the_end(tmp_path: Path) -> None:
    shares: list[float] = []
    path = write(tmp_path / "d.csv", f"{HEADER}\n" + "1,1,1,NZ\n" * 50_000)
    read_answers(path, PLAN, progress=shares.append)
    assert len(shares) == 3
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


@pytest.mark.parametrize(
    ("header", "sentence"),
    [
        ("a1,a2,country", "The column 题3 (A) is not in the file; the file has a1, a2"),
        ("a1,a_2,题3", "The column a2 (A) is not in the file; did you mean a_2?"),
        ("A1,a2,题3", "did you mean A1?"),
        ("a1,a1,a2,题3", "names these columns more than once: a1"),
    ],
)
def test_a_header_that_does_not_fit_is_refused(
    tmp_path: Path, header: str, sentence: str
) -> None:
    path = write(tmp_path / "d.csv", f"{header}\n1,1,1\n")
    assert sentence in refused(path)


def test_columns_of_filter_and_groups_must_exist(tmp_path: Path) -> None:
    path = write(tmp_path / "d.csv", f"{HEADER}\n1,1,1,NZ\n")
    wrong = AnalysisPlan(title=PLAN.title, scales=PLAN.scales, where={"land": ("NZ",)})
    assert "The column land (where) is not in the file" in refused(path, wrong)
    group = AnalysisPlan(
        title=PLAN.title, scales=PLAN.scales, groups=(PlanGroup("teams"),)
    )
    assert "The column teams (groups) is not in the file" in refused(path, group)


def test_a_filter_that_leaves_nothing_says_what_there_is(tmp_path: Path) -> None:
    path = write(tmp_path / "d.csv", f"{HEADER}\n1,1,1,NZ\n1,1,1,US\n")
    plan = AnalysisPlan(title=PLAN.title, scales=PLAN.scales, where={"country": ("X",)})
    said = refused(path, plan)
    assert "No row is left after the filter country: X" in said
    assert "NZ, US" in said


def test_files_that_are_none_are_refused(tmp_path: Path) -> None:
    assert "There is no file at" in refused(tmp_path / "absent.csv")
    assert "is a folder" in refused(tmp_path)
    assert "is empty" in refused(write(tmp_path / "empty.csv", ""))
    assert "is empty" in refused(write(tmp_path / "blank.csv", "\n"))
    assert "no answers below it" in refused(write(tmp_path / "h.csv", HEADER + "\n"))
    binary = tmp_path / "book.xlsx"
    binary.write_bytes(b"PK\x03\x04\x14\x00\x06\x00")
    assert "is not a text file" in refused(binary)


def test_a_wrong_encoding_says_which_were_tried(tmp_path: Path) -> None:
    path = tmp_path / "d.csv"
    path.write_bytes(HEADER.encode() + b"\n1,1,1,\xff\xff\n")
    assert "tried UTF-8-SIG, UTF-8, GB18030. Save it as UTF-8." in refused(path)
