"""CSV and JSON lines: one row a line, codes as numbers, nothing held but a block.

Both are UTF-8 without a byte order mark, and lines end with a line feed. An empty CSV
field is no number or no text; `""` is a text without characters. Spreadsheets take a
text that begins with certain characters for a formula; an apostrophe stands before those
in CSV, and before an apostrophe: without one leading apostrophe a text is what it was.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from analytics.export.arrow import Batches, whole_file
from analytics.export.dataset import DataSet
from analytics.sentences import Sentence, say

# the first four also as Chinese and Japanese keyboards write them
FORMULA_STARTS: Final = "=+-@＝＋－＠\t\r\n"
MARK: Final = "'"
_ESCAPED: Final = f"^[{MARK}=+\\-@＝＋－＠\t\r\n]"
_ROWS_AT_A_TIME: Final = 8_192
_CELLS_AT_A_TIME: Final = 1_000_000  # of JSON lines; an Arrow array holds 2 GB


def write_csv(
    data: DataSet, path: Path, *, language: str, tell: Callable[[int], None]
) -> tuple[Sentence, ...]:
    """Write a CSV file with the names of the variables in its first line.

    `language` plays no part: codes have no words here, the codebook has them.
    """
    names = [variable.name for variable in data.variables]
    options = csv.WriteOptions(
        include_header=False, batch_size=_ROWS_AT_A_TIME, quoting_header="none"
    )
    batches = Batches(data, tell)
    escaped = 0
    with whole_file(path) as file:
        file.write((",".join(names) + "\n").encode())
        for arrays in batches:
            made = [
                escape(one) if pa.types.is_string(one.type) else one for one in arrays
            ]
            escaped += sum(
                pc.sum(pc.not_equal(a, b)).as_py() or 0
                for a, b in zip(arrays, made, strict=True)
                if a is not b
            )
            csv.write_csv(pa.record_batch(made, names), file, options)
    told = (say("export_text_escaped", cells=escaped),) if escaped else ()
    return told + batches.report()


def escape(texts: pa.Array) -> pa.Array:
    """Put an apostrophe before what a spreadsheet would take for a formula."""
    risky = pc.match_substring_regex(texts, _ESCAPED)
    marked = pc.binary_join_element_wise(MARK, texts, "")
    return pc.if_else(risky, marked, texts)


def unescape(text: str) -> str:
    """Return the text of a CSV field; the rule that a reader follows."""
    return text.removeprefix(MARK)


def write_jsonl(
    data: DataSet, path: Path, *, language: str, tell: Callable[[int], None]
) -> tuple[Sentence, ...]:
    """Write an object a line, names as keys, null for no number and no text."""
    names = [variable.name for variable in data.variables]
    step = max(1, _CELLS_AT_A_TIME // len(names))
    batches = Batches(data, tell)
    with whole_file(path) as file:
        for arrays in batches:
            values = [_json_values(array) for array in arrays]
            for start in range(0, len(values[0]), step):
                part = [column.slice(start, step) for column in values]
                # the texts of an array lie one behind the other: that is the file
                lines = _lines(names, part)
                file.write(_bytes_of(lines))
    return batches.report()


def _json_values(array: pa.Array) -> pa.Array:
    """Return each value as JSON, null where there is none."""
    if pa.types.is_string(array.type):
        texts = (
            None if one is None else json.dumps(one, ensure_ascii=False)
            for one in array.to_pylist()
        )
        return pa.array(texts, pa.string())
    if pa.types.is_floating(array.type):
        finite = pc.is_finite(array)
        array = pc.if_else(finite, array, pa.scalar(None, pa.float64()))
    return array.cast(pa.string())


def _lines(names: Sequence[str], values: Sequence[pa.Array]) -> pa.Array:
    def pieces() -> Iterator[pa.Array | str]:
        for place, (name, column) in enumerate(zip(names, values, strict=True)):
            yield f'{"," if place else "{"}"{name}":'
            yield column
        yield "}\n"

    return pc.binary_join_element_wise(
        *pieces(), "", null_handling="replace", null_replacement="null"
    )


def _bytes_of(lines: pa.Array) -> memoryview:
    """Return the characters of freshly joined texts, one behind the other."""
    length = pc.sum(pc.binary_length(lines)).as_py()
    return memoryview(lines.buffers()[2])[:length]
