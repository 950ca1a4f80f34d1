"""CSV, JSON lines and Parquet: read back equal, whatever the text."""

import csv
import json
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import csv as arrow_csv

from analytics.export.dataset import Column, DataSet, Variable
from analytics.export.parquet import write_parquet
from analytics.export.text_files import unescape, write_csv, write_jsonl
from analytics.plan import Text
from tests.analytics.export.samples import STRANGE, sample_data_set

ROWS = 9_000  # more than two blocks
WRITERS = [write_csv, write_jsonl, write_parquet]
# what a spreadsheet takes for a formula, by the rule in the documentation
RISKY = tuple("=+-@\t\r\n'＝＋－＠")


@pytest.fixture(scope="module")
def data() -> DataSet:
    return sample_data_set(ROWS)


def written(writer: Callable[..., Any], data: DataSet, path: Path) -> Path:
    writer(data, path, language="zh-hans", tell=lambda rows: None)
    return path


def expected(
    data: DataSet, *, text: Callable[[str | None], Any]
) -> dict[str, list[Any]]:
    """Plain lists: None for no number, texts as `text` says."""
    found: dict[str, list[Any]] = {}
    for variable in data.variables:
        values = data.column(variable.name).tolist()
        if variable.kind == "text":
            values = [text(one) for one in values]
        if variable.kind == "number":
            values = [None if np.isnan(one) else one for one in values]
        found[variable.name] = values
    return found


def same(text: str | None) -> str | None:
    return text


def text_columns(data: DataSet) -> dict[str, str]:
    return {one.name: one.kind for one in data.variables if one.kind == "text"}


@pytest.fixture(scope="module")
def as_csv(data: DataSet, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(write_csv, data, tmp_path_factory.mktemp("csv") / "answers.csv")


def test_csv_is_read_back_by_the_rule_of_its_documentation(
    data: DataSet, as_csv: Path
) -> None:
    with as_csv.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert header == [one.name for one in data.variables]
    told = expected(data, text=lambda text: text or "")
    for place, variable in enumerate(data.variables):
        cells = [row[place] for row in rows]
        read: list[Any] = [unescape(cell) for cell in cells]
        if variable.kind != "text":
            convert = int if variable.kind == "whole" else float
            read = [convert(cell) if cell else None for cell in cells]
        assert read == told[variable.name], variable.name


def test_csv_is_read_back_by_pyarrow_with_its_empty_texts(
    data: DataSet, as_csv: Path
) -> None:
    types = {
        one.name: pa.string() if one.kind == "text" else None for one in data.variables
    }
    table = arrow_csv.read_csv(
        as_csv,
        parse_options=arrow_csv.ParseOptions(newlines_in_values=True),
        convert_options=arrow_csv.ConvertOptions(
            column_types={name: one for name, one in types.items() if one},
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )
    told = expected(data, text=same)
    for variable in data.variables:
        read = table[variable.name].to_pylist()
        if variable.kind == "text":
            read = [None if one is None else unescape(one) for one in read]
        assert read == told[variable.name], variable.name


def test_csv_is_read_back_by_pandas(data: DataSet, as_csv: Path) -> None:
    frame = pandas.read_csv(
        as_csv,
        keep_default_na=False,
        na_values=[""],
        dtype=dict.fromkeys(text_columns(data), str),
    )
    told = expected(data, text=lambda text: text or "")
    for variable in data.variables:
        read = frame[variable.name].tolist()
        if variable.kind == "text":
            read = ["" if one != one else unescape(one) for one in read]
        if variable.kind == "number":
            read = [None if one != one else one for one in read]
        assert read == told[variable.name], variable.name


def test_no_text_of_a_csv_file_begins_as_a_formula(data: DataSet, as_csv: Path) -> None:
    with as_csv.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    cells = [row[name] for row in rows for name in text_columns(data)]
    assert not [cell for cell in cells if cell.startswith(RISKY[:7] + RISKY[8:])]
    plain = [text for text in STRANGE if text and not text.startswith(RISKY)]
    assert set(plain) <= set(cells), "what is no formula is left as it is"


def test_a_file_says_how_many_texts_were_changed(tmp_path: Path) -> None:
    texts = ["=1", "'a", "plain", None, "", "＠x", "half \ud800", "nul \0", "a\n=1"]
    [told, broken] = write_csv(
        text_set(texts), tmp_path / "t.csv", language="en", tell=lambda rows: None
    )
    assert (told.code, told.params) == ("export_text_escaped", {"cells": 3})
    assert (broken.code, broken.params) == ("export_text_replaced", {"cells": 2})
    with (tmp_path / "t.csv").open(encoding="utf-8", newline="") as file:
        _, *rows = csv.reader(file)
    assert [unescape(cell) for cell, _ in rows[:4]] == ["=1", "'a", "plain", ""]
    assert [cell for cell, _ in rows[6:]] == ["half \ufffd", "nul \ufffd", "a\n=1"]


def text_set(texts: list[str | None]) -> DataSet:
    variables = (
        Variable("said", Text.same("said"), "text", "nominal", "criterion"),
        Variable("n", Text.same("n"), "whole", "scale", "criterion"),
    )
    block = (np.array(texts, dtype=object), np.arange(len(texts), dtype=np.int16))
    return replace(
        sample_data_set(0),
        variables=variables,
        rows=len(texts),
        blocks=lambda: iter([block]),
    )


def test_json_lines_are_read_back_equal(data: DataSet, tmp_path: Path) -> None:
    path = written(write_jsonl, data, tmp_path / "answers.jsonl")
    rows = [json.loads(line) for line in path.read_text("utf-8").split("\n")[:-1]]
    told = expected(data, text=same)
    names = list(told)
    assert [list(row) for row in rows[:3]] == [names] * 3
    for name in names:
        assert [row[name] for row in rows] == told[name], name


@pytest.fixture(scope="module")
def as_parquet(data: DataSet, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("parquet")
    return written(write_parquet, data, folder / "answers.parquet")


def test_parquet_is_read_back_by_pyarrow_with_its_codebook(
    data: DataSet, as_parquet: Path
) -> None:
    table = pq.read_table(as_parquet)
    told = expected(data, text=same)
    assert {name: table[name].to_pylist() for name in told} == told
    assert table.schema.field("TBE_T1").type == pa.int8()
    assert table.schema.field("row").type == pa.int32()
    for variable in data.variables:
        said = table.schema.field(variable.name).metadata
        assert said[b"label.en"].decode() == variable.label.en
        assert said[b"label.zh-hans"].decode() == variable.label.zh_hans
        missing = [
            (one["value"], one["zh-hans"])
            for one in json.loads(said.get(b"missing", "[]"))
        ]
        assert missing == [(one.value, one.text.zh_hans) for one in variable.missing]
    assert table.schema.metadata[b"mode"] == b"identified"


def test_parquet_is_read_back_by_pandas(data: DataSet, as_parquet: Path) -> None:
    frame = pandas.read_parquet(as_parquet)
    told = expected(data, text=same)
    for variable in data.variables:
        column = frame[variable.name].astype(object)
        read = column.where(column.notna(), None).tolist()
        assert read == told[variable.name], variable.name


def test_r_reads_csv_as_it_is(data: DataSet, as_csv: Path, rscript: Path) -> None:
    """Numbers by their sums and gaps; texts by their characters, marks removed."""
    program = """
    d <- read.csv(commandArgs(TRUE)[1], na.strings = "", encoding = "UTF-8")
    for (name in names(d)) {
      v <- d[[name]]
      if (is.character(v)) {
        v <- sub("^'", "", ifelse(is.na(v), "", v))
        cat(name, sum(nchar(v, "chars")), sum(utf8ToInt(paste(v, collapse = ""))))
      } else cat(name, sum(is.na(v)), format(sum(v, na.rm = TRUE), digits = 15))
      cat("\\n")
    }
    """
    done = subprocess.run(
        [rscript, "-e", program, as_csv],
        check=True,
        capture_output=True,
        text=True,
        env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"},
    )
    read = {
        name: (int(a), float(b))
        for name, a, b in map(str.split, done.stdout.splitlines())
    }
    for variable in data.variables:
        values = data.column(variable.name)
        if variable.kind == "text":
            # R takes every return within a text for the end of a line
            texts = "".join(
                (one or "").replace("\r\n", "\n").replace("\r", "\n") for one in values
            )
            told = (len(texts), float(sum(map(ord, texts))))
        else:
            told = (int(np.isnan(values.astype(float)).sum()), float(np.nansum(values)))
        assert read[variable.name] == pytest.approx(told, rel=1e-12), variable.name


@pytest.mark.parametrize("writer", WRITERS)
def test_progress_is_told_at_least_every_50_000_rows(
    writer: Callable[..., Any], tmp_path: Path
) -> None:
    told: list[int] = []
    data = sample_data_set(ROWS)
    small = replace(data, rows=7 * ROWS, blocks=lambda: repeated(data, 7))
    writer(small, tmp_path / "answers", language="en", tell=told.append)
    assert told[-1] == 7 * ROWS
    assert max(np.diff([0, *told])) <= 50_000


def repeated(data: DataSet, times: int) -> Iterator[tuple[Column, ...]]:
    for _ in range(times):
        yield from data.blocks()


@pytest.mark.parametrize("writer", WRITERS)
def test_what_breaks_off_leaves_nothing(
    writer: Callable[..., Any], tmp_path: Path, data: DataSet
) -> None:
    def broken() -> Iterator[tuple[Column, ...]]:
        yield next(data.blocks())
        raise ConnectionError("The server went away.")

    with pytest.raises(ConnectionError):
        written(writer, replace(data, blocks=broken), tmp_path / "answers")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("writer", WRITERS)
def test_no_rows_are_a_file_with_names(
    writer: Callable[..., Any], tmp_path: Path
) -> None:
    path = written(writer, sample_data_set(0), tmp_path / "answers")
    names = [one.name for one in sample_data_set(0).variables]
    if writer is write_csv:
        assert path.read_text("utf-8") == ",".join(names) + "\n"
    elif writer is write_parquet:
        assert pq.read_table(path).column_names == names
    else:
        assert path.read_bytes() == b""


@pytest.mark.parametrize("writer", WRITERS)
def test_ten_thousand_columns_are_written(
    writer: Callable[..., Any], tmp_path: Path
) -> None:
    wide = tuple(
        Variable(f"v{i}", Text.same(f"v{i}"), "whole", "ordinal", "raw", low=1, high=7)
        for i in range(10_000)
    )
    block = tuple(np.full(120, i % 7 + 1, np.int16) for i in range(10_000))
    data = replace(
        sample_data_set(0), variables=wide, rows=120, blocks=lambda: iter([block])
    )
    path = written(writer, data, tmp_path / "answers")
    if writer is write_parquet:
        assert pq.read_metadata(path).num_columns == 10_000
        return
    first, *_ = lines = path.read_text("utf-8").split("\n")
    assert len(lines) - 1 == 120 + (writer is write_csv)
    assert first.count(",") == 9_999
