"""What exports are measured against: the same columns of one wave by plain means."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

    from analytics.export.dataset import Variable
    from surveys.definition import Form
    from surveys.models import Wave


RECORD = ("row", "wave", "form", "language")
ANSWERS = (
    "COPY (SELECT answers || array_position(ARRAY['en', 'zh-hans'], language::text)"
    "::smallint FROM surveys_response WHERE wave_id = %s) TO STDOUT (FORMAT binary)"
)


def copied(wave: "Wave", query: str, path: Path) -> None:
    """Write what PostgreSQL sends as it comes."""
    from django.db import connections

    with (
        connections["default"].cursor() as cursor,
        cursor.copy(query, [wave.pk]) as stream,
        path.open("wb") as file,
    ):
        for piece in stream:
            file.write(piece)


def read_table(wave: "Wave", schema: "pa.Schema") -> "pa.Table":
    """Read raw answers by one binary COPY, in no order, and lay them out for Arrow.

    Nothing is checked, hashed or shuffled, and all rows are held.
    """
    import numpy as np
    import pyarrow as pa
    from django.db import connections

    from analytics.responses import decode_copy

    with (
        connections["default"].cursor() as cursor,
        cursor.copy(ANSWERS, [wave.pk]) as stream,
    ):
        blocks = list(decode_copy(stream, len(schema) - len(RECORD) + 1))
    codes = np.concatenate(blocks).T
    ones = np.ones(codes.shape[1], np.int16)
    row = np.arange(1, codes.shape[1] + 1)
    columns = (row, ones, ones, codes[-1], *codes[:-1])
    return pa.table(
        [
            pa.array(np.ascontiguousarray(column)).cast(field.type)
            for column, field in zip(columns, schema, strict=True)
        ],
        schema=schema,
    )


def passed_by(wave: "Wave") -> None:
    """Let PostgreSQL send raw answers by one binary COPY, and keep nothing."""
    from django.db import connections

    with (
        connections["default"].cursor() as cursor,
        cursor.copy(ANSWERS, [wave.pk]) as stream,
    ):
        for _ in stream:
            pass


def copy_query(variables: Sequence["Variable"], form: "Form") -> str:
    """COPY of the same columns of one wave, in no order."""
    columns = ", ".join(_sql(one, form) for one in variables)
    rows = f"SELECT {columns} FROM surveys_response WHERE wave_id = %s"
    return f"COPY ({rows}) TO STDOUT (FORMAT csv)"


def _sql(variable: "Variable", form: "Form") -> str:
    if variable.role == "record":
        return {
            "row": "row_number() OVER ()",
            "language": "array_position(ARRAY['en', 'zh-hans'], language::text)",
        }.get(variable.name, "1")
    if variable.role == "scale_score":
        return _score_sql(variable, form)
    place = [item.code for item in form.items].index(variable.item or "")
    if variable.role == "raw":
        return f"answers[{place + 1}]"
    keyed = _keyed_sql(place, form)
    if variable.role == "keyed":
        return f"CASE WHEN answers[{place + 1}] < 0 THEN answers[{place + 1}] ELSE {keyed} END"
    return f"CASE WHEN answers[{place + 1}] >= 0 THEN {keyed}::float8 END"


def _keyed_sql(place: int, form: "Form") -> str:
    item, code = form.items[place], f"answers[{place + 1}]"
    return f"{item.low + item.high} - {code}" if item.reverse else code


def _score_sql(variable: "Variable", form: "Form") -> str:
    """Mean of the answers that are there, where they are half of the items or more."""
    places = [p for p, item in enumerate(form.items) if item.scale == variable.scale]
    there = " + ".join(f"(answers[{p + 1}] >= 0)::int" for p in places)
    total = " + ".join(
        f"CASE WHEN answers[{p + 1}] >= 0 THEN {_keyed_sql(p, form)} ELSE 0 END"
        for p in places
    )
    return (
        f"CASE WHEN {there} >= {max(len(places) / 2, 1)}"
        f" THEN ({total})::float8 / ({there}) END"
    )
