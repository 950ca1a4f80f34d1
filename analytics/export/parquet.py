"""Parquet: whole numbers as narrow as they can be, the codebook in the schema."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from analytics.export.arrow import Batches, whole_file
from analytics.export.dataset import DataSet, Label, Variable
from analytics.plan import Text
from analytics.sentences import Sentence

ROWS_OF_A_GROUP: Final = 131_072
_BYTE: Final = np.iinfo(np.int8)


def write_parquet(
    data: DataSet, path: Path, *, language: str, tell: Callable[[int], None]
) -> tuple[Sentence, ...]:
    """Write a Parquet file, in row groups of about 131,072 rows.

    Labels, missing codes and all else that a variable says of itself are metadata of
    its field, in both languages whatever `language` is: as JSON texts where they are
    more than words. Codes stay codes; no number and no text are null.
    """
    batches = Batches(data, tell)
    schema = schema_of(data)
    with whole_file(path) as file, pq.ParquetWriter(file, schema) as writer:
        for group in _groups(batches):
            writer.write_table(_table(group, schema))
    return batches.report()


def schema_of(data: DataSet) -> pa.Schema:
    """Return names, types and what every variable says."""
    fields = [
        pa.field(
            variable.name,
            _type_of(variable),
            nullable=variable.kind != "whole",
            metadata=variable_metadata(variable),
        )
        for variable in data.variables
    ]
    return pa.schema(fields, metadata=data_metadata(data))


def variable_metadata(variable: Variable) -> dict[str, str]:
    """Return what there is of label, level, codes, range, origin and note."""
    said = {
        "measure": variable.measure,
        "role": variable.role,
        "item": variable.item,
        "scale": variable.scale,
        "reverse": "true" if variable.reverse else None,
        "low": None if variable.low is None else f"{variable.low:g}",
        "high": None if variable.high is None else f"{variable.high:g}",
        "values": _json([_label(one) for one in variable.values]),
        "missing": _json([_label(one) for one in variable.missing]),
        "items": _json(list(variable.items)),
        **_in_both("label", variable.label),
    }
    if variable.note is not None:
        said |= _in_both("note", variable.note)
    return {key: value for key, value in said.items() if value is not None}


def data_metadata(data: DataSet) -> dict[str, str]:
    """Return what the data set says of itself."""
    return {
        **_in_both("title", data.title),
        "survey": data.survey,
        "waves": json.dumps([asdict(wave) for wave in data.waves]),
        "notes.en": json.dumps([one.text("en") for one in data.notes]),
        "notes.zh-hans": json.dumps(
            [one.text("zh-hans") for one in data.notes], ensure_ascii=False
        ),
        **data.facts,
    }


def _groups(batches: Batches) -> Iterator[list[list[pa.Array]]]:
    """Put blocks together until they make a group of rows."""
    group: list[list[pa.Array]] = []
    rows = 0
    for arrays in batches:
        group.append(arrays)
        rows += len(arrays[0])
        if rows >= ROWS_OF_A_GROUP:
            yield group
            group, rows = [], 0
    if group:
        yield group


def _table(group: Sequence[Sequence[pa.Array]], schema: pa.Schema) -> pa.Table:
    """Return the blocks as one table; a code that its type cannot hold is an error."""
    cast = [
        [array.cast(field.type) for array, field in zip(arrays, schema, strict=True)]
        for arrays in group
    ]
    return pa.Table.from_batches(
        [pa.record_batch(arrays, schema=schema) for arrays in cast]
    )


def _type_of(variable: Variable) -> pa.DataType:
    if variable.kind == "text":
        return pa.string()
    if variable.kind == "number":
        return pa.float64()
    return pa.int8() if _fits_a_byte(variable) else pa.int32()


def _fits_a_byte(variable: Variable) -> bool:
    if variable.low is None or variable.high is None:
        return False
    ends = [variable.low, variable.high]
    ends += [one.value for one in (*variable.values, *variable.missing)]
    return bool(min(ends) >= _BYTE.min and max(ends) <= _BYTE.max)


def _label(label: Label) -> dict[str, Any]:
    return {"value": label.value, **label.text.to_plain()}


def _in_both(key: str, text: Text) -> dict[str, str]:
    return {f"{key}.{tag}": words for tag, words in text.to_plain().items()}


def _json(values: Sequence[Any]) -> str | None:
    return json.dumps(values, ensure_ascii=False) if values else None
