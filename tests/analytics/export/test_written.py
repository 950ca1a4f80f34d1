"""SPSS, Stata and XLSX files are read back equal by programs that are not ours."""

import json
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from python_calamine import CalamineWorkbook

from analytics.export import workbook
from analytics.export.dataset import Column, DataSet, Label, Variable
from analytics.export.names import SPSS, STATA, named, writable
from analytics.export.refusals import TooLarge
from analytics.export.spss import write_sav
from analytics.export.stata import write_dta
from analytics.export.workbook import write_xlsx
from analytics.plan import Text
from analytics.sentences import say
from tests.analytics.export.samples import sample_data_set

ROWS = 60
LANGUAGES = ("en", "zh-hans")


def quiet(_: int) -> None:
    """Progress that nobody reads."""


@pytest.fixture(scope="module")
def data() -> DataSet:
    return sample_data_set(ROWS)


@pytest.fixture(scope="module", params=LANGUAGES)
def files(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    data: DataSet,
) -> tuple[str, Path]:
    folder, language = tmp_path_factory.mktemp("written"), request.param
    write_sav(data, folder / "s.sav", language=language, tell=quiet)
    write_dta(data, folder / "s.dta", language=language, tell=quiet)
    write_xlsx(data, folder / "s.xlsx", language=language, tell=quiet)
    return language, folder


def expected(data: DataSet, variable: Variable) -> list[Any]:
    column = data.column(variable.name)
    if variable.kind == "text":
        return ["" if text is None else text for text in column]
    return [None if np.isnan(one) else one for one in column.astype(float).tolist()]


def padded(values: list[Any]) -> list[Any]:
    """SPSS fills texts up with spaces, so that those at the end are lost."""
    return [x.rstrip(" ") if isinstance(x, str) else x for x in values]


def seen(column: Any) -> list[Any]:
    return [None if isinstance(x, float) and np.isnan(x) else x for x in column]


def test_spss_holds_every_value_and_word(
    files: tuple[str, Path], data: DataSet
) -> None:
    language, folder = files
    frame, meta = pyreadstat.read_sav(folder / "s.sav", user_missing=True)
    words = named(data.variables, SPSS, language)
    assert tuple(frame.columns) == words.names
    assert tuple(meta.column_labels) == words.labels
    assert meta.file_label == data.title.in_language(language)
    for name, variable, values in zip(
        words.names, data.variables, words.values, strict=True
    ):
        assert seen(frame[name]) == padded(expected(data, variable)), name
        assert meta.variable_measure[name] == variable.measure
        assert meta.variable_value_labels.get(name, {}) == values
        ranges: list[Any] = list(meta.missing_ranges.get(name, []))
        missing = {one["lo"] for one in ranges}
        assert missing == {one.value for one in variable.missing}


def test_stata_holds_every_value_and_word(
    files: tuple[str, Path], data: DataSet
) -> None:
    language, folder = files
    frame, meta = pyreadstat.read_dta(folder / "s.dta", user_missing=True)
    words = named(data.variables, STATA, language)
    assert tuple(frame.columns) == words.names
    assert tuple(meta.column_labels) == words.labels
    letters = {-1: "a", -2: "b", -3: "c"}
    for name, variable, values in zip(
        words.names, data.variables, words.values, strict=True
    ):
        codes = {one.value for one in variable.missing}
        wanted = [letters[x] if x in codes else x for x in expected(data, variable)]
        assert seen(frame[name]) == wanted, name
        labels = {letters.get(code, code): text for code, text in values.items()}
        assert meta.variable_value_labels.get(name, {}) == labels


def test_pandas_reads_the_same(files: tuple[str, Path], data: DataSet) -> None:
    _, folder = files
    by_pandas = {
        SPSS: pd.read_spss(folder / "s.sav", convert_categoricals=False),
        STATA: pd.read_stata(folder / "s.dta", convert_categoricals=False),
    }
    for form, frame in by_pandas.items():
        names = named(data.variables, form, "en").names
        for name, variable in zip(names, data.variables, strict=True):
            codes = {one.value for one in variable.missing}
            wanted = [None if x in codes else x for x in expected(data, variable)]
            if form is SPSS:
                wanted = padded(wanted)
            assert seen(frame[name]) == wanted, name


def test_stata_missing_values_are_a_b_and_c(files: tuple[str, Path]) -> None:
    _, folder = files
    frame = pd.read_stata(
        folder / "s.dta", convert_missing=True, convert_categoricals=False
    )
    raw = sample_data_set(ROWS).column("TBE_T1")
    stata = {-1: ".a", -2: ".b", -3: ".c"}
    for code, value in zip(raw.tolist(), frame["TBE_T1"], strict=True):
        assert str(value) == stata.get(code, str(code))


def test_a_workbook_holds_every_value_as_what_it_is(
    files: tuple[str, Path], data: DataSet
) -> None:
    language, folder = files
    book = CalamineWorkbook.from_path(str(folder / "s.xlsx"))
    names = [
        say(f"xlsx_{x}").text(language)
        for x in ("data", "variables", "values", "notes")
    ]
    assert book.sheet_names == names
    head, *rows = book.get_sheet_by_name(names[0]).to_python(skip_empty_area=False)
    assert head == [one.name for one in data.variables]
    for place, variable in enumerate(data.variables):
        # what no cell holds and an empty text are both read as an empty cell
        wanted = ["" if x is None else x for x in expected(data, variable)]
        # XML turns every end of a line into one
        wanted = [x.replace("\r\n", "\n") if isinstance(x, str) else x for x in wanted]
        read = [
            x.replace("\r\n", "\n") if isinstance(x, str) else x
            for x in (row[place] for row in rows)
        ]
        if variable.kind == "number":
            # a cell keeps sixteen figures
            wanted = [x if x == "" else float(f"{x:.16g}") for x in wanted]
        assert read == wanted, variable.name
    _, *known = book.get_sheet_by_name(names[1]).to_python()
    assert [row[0] for row in known] == head
    assert [row[1] for row in known] == [
        one.label.in_language(language) for one in data.variables
    ]
    values = book.get_sheet_by_name(names[2]).to_python()
    assert len(values) == 1 + sum(
        len(one.values) + len(one.missing) for one in data.variables
    )


def test_nothing_in_a_workbook_is_a_formula_or_a_link(
    files: tuple[str, Path],
) -> None:
    import zipfile

    with zipfile.ZipFile(files[1] / "s.xlsx") as book:
        for name in book.namelist():
            text = book.read(name).decode()
            assert "<f>" not in text
            assert "<hyperlink" not in text


READ = """
args <- commandArgs(TRUE)
suppressPackageStartupMessages({library(haven); library(jsonlite)})
told <- list()
plain <- function(x) if (is.null(x)) list() else I(as.vector(unclass(x)))
for (path in args) {
  d <- if (grepl("sav$", path)) read_sav(path, user_na = TRUE) else read_dta(path)
  told[[basename(path)]] <- lapply(d, function(x) list(
    label = attr(x, "label"), values = plain(x),
    tags = if (is.numeric(x)) I(na_tag(x)) else list(),
    words = plain(names(attr(x, "labels"))), missing = plain(attr(x, "na_values"))))
}
cat(toJSON(told, auto_unbox = TRUE, digits = NA, na = "null", null = "null"))
"""


def test_r_reads_the_same(
    rscript: Path, files: tuple[str, Path], data: DataSet
) -> None:
    language, folder = files
    (folder / "read.R").write_text(READ)
    done = subprocess.run(
        [rscript, folder / "read.R", folder / "s.sav", folder / "s.dta"],
        capture_output=True,
        check=True,
    )
    told = json.loads(done.stdout.decode())
    tags = {-1: "a", -2: "b", -3: "c"}
    for file, form in (("s.sav", SPSS), ("s.dta", STATA)):
        words = named(data.variables, form, language)
        assert tuple(told[file]) == words.names
        for place, variable in enumerate(data.variables):
            one, wanted = told[file][words.names[place]], expected(data, variable)
            codes = {code.value for code in variable.missing}
            assert one["label"] == words.labels[place]
            assert sorted(one["words"]) == sorted(words.values[place].values())
            wanted = padded(wanted)  # haven leaves them off in Stata's files too
            if form is SPSS:
                assert set(one["missing"]) == codes
            elif codes:
                assert one["tags"] == [tags[x] if x in codes else None for x in wanted]
                wanted = [None if x in codes else x for x in wanted]
            assert one["values"] == (
                pytest.approx(wanted) if variable.kind == "number" else wanted
            )


def small(**columns: tuple[str, list[Any]]) -> DataSet:
    """A data set of the columns given as kind and values."""
    dtypes = {"whole": np.int32, "number": np.float64, "text": object}
    arrays = tuple(
        np.array(values, dtype=dtypes[kind]) for kind, values in columns.values()
    )
    variables = tuple(
        Variable(name, Text.same(name), kind, "nominal", "record")  # type: ignore[arg-type]
        for name, (kind, _) in columns.items()
    )
    return replace(
        sample_data_set(0),
        variables=variables,
        rows=len(arrays[0]),
        blocks=lambda: iter([arrays]),
    )


@pytest.mark.parametrize("write", [write_sav, write_dta, write_xlsx])
def test_half_a_character_in_a_text_is_replaced_and_counted(
    write: Any, tmp_path: Path
) -> None:
    data = small(t=("text", ["a\ud800b", "😀", "\udc00", None]))
    path = tmp_path / "half"
    told = write(data, path, language="en", tell=quiet)
    (remark,) = [one for one in told if one.code == "file_texts_unwritable"]
    assert remark.params == {"variable": "t", "n": 2}
    assert path.stat().st_size > 0


@pytest.mark.parametrize(("n", "is_cut"), [(32_767, False), (32_768, True)])
def test_texts_beyond_what_a_cell_or_spss_holds(
    n: int, is_cut: bool, tmp_path: Path
) -> None:
    data = small(t=("text", ["x" * n, "y"]))
    path = tmp_path / "t.xlsx"
    told = write_xlsx(data, path, language="zh-hans", tell=quiet)
    assert [one.code for one in told] == ["xlsx_texts_shortened"] * is_cut
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    assert len(str(rows[1][0])) == 32_767
    told = write_sav(data, tmp_path / "t.sav", language="en", tell=quiet)
    assert [one.code for one in told] == ["file_texts_shortened"] * is_cut
    frame, _ = pyreadstat.read_sav(tmp_path / "t.sav")
    assert len(str(frame["t"][0]).encode()) == 32_767
    write_dta(data, tmp_path / "t.dta", language="en", tell=quiet)
    frame, _ = pyreadstat.read_dta(tmp_path / "t.dta")
    assert frame["t"][0] == "x" * n


def test_empty_columns_and_no_rows_are_written(tmp_path: Path) -> None:
    for data in (
        small(t=("text", [None, None]), x=("number", [np.nan, np.inf])),
        small(t=("text", []), x=("number", []), n=("whole", [])),
        sample_data_set(0),
    ):
        for language in LANGUAGES:
            write_sav(data, tmp_path / "e.sav", language=language, tell=quiet)
            write_dta(data, tmp_path / "e.dta", language=language, tell=quiet)
            write_xlsx(data, tmp_path / "e.xlsx", language=language, tell=quiet)
        assert len(pyreadstat.read_sav(tmp_path / "e.sav")[0]) == data.rows
        assert len(pyreadstat.read_dta(tmp_path / "e.dta")[0]) == data.rows


def test_more_than_three_missing_codes_become_a_range(tmp_path: Path) -> None:
    data = small(x=("whole", [1, -4]))
    missing = tuple(Label(-i, Text.same(f"m{i}")) for i in range(1, 5))
    (variable,) = data.variables
    data = replace(data, variables=(replace(variable, missing=missing),))
    write_sav(data, tmp_path / "m.sav", language="en", tell=quiet)
    _, meta = pyreadstat.read_sav(tmp_path / "m.sav", user_missing=True)
    assert meta.missing_ranges == {"x": [{"lo": -4.0, "hi": -1.0}]}
    write_dta(data, tmp_path / "m.dta", language="en", tell=quiet)
    frame, _ = pyreadstat.read_dta(tmp_path / "m.dta", user_missing=True)
    assert frame["x"].tolist() == [1, "d"]


def test_notes_reach_the_files_or_their_absence_is_said(
    data: DataSet, tmp_path: Path
) -> None:
    data = replace(data, notes=(say("xlsx_columns", has=2, most=1),))
    write_sav(data, tmp_path / "n.sav", language="zh-hans", tell=quiet)
    _, meta = pyreadstat.read_sav(tmp_path / "n.sav")
    assert "".join(meta.notes).replace(" ", "") == data.notes[0].text(
        "zh-hans"
    ).replace(" ", "")
    told = write_dta(data, tmp_path / "n.dta", language="en", tell=quiet)
    assert told[-1].code == "file_without_notes"
    write_xlsx(data, tmp_path / "n.xlsx", language="en", tell=quiet)
    sheet = CalamineWorkbook.from_path(str(tmp_path / "n.xlsx")).get_sheet_by_index(3)
    assert [data.notes[0].text("en"), ""] in sheet.to_python()


@pytest.mark.parametrize("rows", [workbook.MOST_ROWS, 2_000_000])
def test_more_rows_than_a_sheet_holds_are_refused_in_a_sentence(
    rows: int, tmp_path: Path
) -> None:
    path = tmp_path / "large.xlsx"
    with pytest.raises(TooLarge) as refused:
        write_xlsx(
            replace(small(x=("whole", [1])), rows=rows), path, language="en", tell=quiet
        )
    assert "1,048,575 rows" in refused.value.sentence.text("en")
    assert "1,048,575 行" in refused.value.sentence.text("zh-hans")
    assert not path.exists()


def columns(n: int) -> DataSet:
    one = small(x=("whole", [1]))
    return replace(one, variables=one.variables * n, rows=0, blocks=partial(iter, ()))


def test_more_columns_than_a_sheet_holds_are_refused(tmp_path: Path) -> None:
    data = columns(workbook.MOST_COLUMNS + 1)
    with pytest.raises(TooLarge, match="16,384 columns"):
        write_xlsx(data, tmp_path / "c.xlsx", language="en", tell=quiet)


@pytest.mark.parametrize("write", [write_sav, write_dta, write_xlsx])
def test_progress_is_told_at_least_each_fifty_thousand_rows(
    write: Any, tmp_path: Path
) -> None:
    n = 25_000

    def blocks() -> Iterator[tuple[Column, ...]]:
        for _ in range(3):
            yield (np.ones(n, dtype=np.int16),)

    data = replace(small(x=("whole", [1])), rows=3 * n, blocks=blocks)
    told: list[int] = []
    write(data, tmp_path / "p", language="en", tell=told.append)
    assert told[-1] == 3 * n
    assert max(np.diff([0, *told])) <= 50_000


@pytest.mark.long
def test_a_workbook_at_its_limits(tmp_path: Path) -> None:
    n = workbook.MOST_ROWS - 1
    block = (np.ones(n, dtype=np.int16),)
    data = replace(small(x=("whole", [1])), rows=n, blocks=lambda: iter([block]))
    write_xlsx(data, tmp_path / "l.xlsx", language="en", tell=quiet)
    book = CalamineWorkbook.from_path(str(tmp_path / "l.xlsx"))
    assert len(book.get_sheet_by_index(0).to_python()) == n + 1
    wide = columns(workbook.MOST_COLUMNS)
    write_xlsx(wide, tmp_path / "w.xlsx", language="en", tell=quiet)
    book = CalamineWorkbook.from_path(str(tmp_path / "w.xlsx"))
    assert len(book.get_sheet_by_index(0).to_python()[0]) == workbook.MOST_COLUMNS


def test_a_text_is_writable_once_and_for_all() -> None:
    assert writable(writable("\ud800")) == "\ufffd"
