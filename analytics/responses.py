"""From rows to arrays: the only module that knows both the tables and NumPy."""

import hashlib
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from django.db import connections
from numpy.typing import NDArray

from analytics.plan import AnalysisPlan, PlanInstrument, PlanItem, PlanScale, Text
from analytics.psychometrics import Item, ResponseMatrix
from surveys import definition
from surveys.models import Wave

COPY_HEADER = b"PGCOPY\n\xff\r\n\x00"
COPY_TRAILER = b"\xff\xff"
FORBIDDEN_BELOW = -3  # codes below "not shown" mean nothing

# In binary COPY a row of one smallint[] without NULLs has a fixed length: fields,
# bytes, dimensions, has-null flag, element type, length, first index; then each
# element with its own length.
ROW_HEAD = [
    (name, ">i2" if name == "fields" else ">i4")
    for name in ("fields", "bytes", "ndim", "nulls", "oid", "length", "first")
]


@dataclass(frozen=True, slots=True)
class WaveResponses:
    """Answers of one wave, and the fingerprint of exactly what was read.

    Attributes
    ----------
    data : ResponseMatrix
        Keyed answers; column = item in form order.
    sha256 : str
        Of the form's digest and of the answers as stored, in the order of their keys.
    """

    data: ResponseMatrix
    sha256: str


def load_responses(wave: Wave, form: definition.Form) -> WaveResponses:
    """Read the answers of a wave through binary COPY, keyed by its form.

    Raises
    ------
    InvalidData
        A stored code lies outside its item's scale; the sentence names it.
    """
    items = [Item(i.code, i.low, i.high, i.reverse) for i in form.items]
    raw = _stored_codes(wave.pk, len(items))
    missing = (raw < 0) & (raw >= FORBIDDEN_BELOW)
    digest = hashlib.sha256(form.digest.encode())
    digest.update(raw.tobytes())
    data = ResponseMatrix.from_raw(raw, items, missing=missing)
    return WaveResponses(data, digest.hexdigest())


def _stored_codes(wave_id: UUID, item_count: int) -> NDArray[np.int16]:
    """Return the (n, p) stored codes of a wave, rows in the order of their keys."""
    query = (
        "COPY (SELECT answers FROM surveys_response WHERE wave_id = %s ORDER BY id)"
        " TO STDOUT (FORMAT binary)"
    )
    connections["default"].ensure_connection()
    wrapped = connections["default"].connection
    with wrapped.cursor() as cursor, cursor.copy(query, [wave_id]) as copy:
        stream = b"".join(copy)
    return decode_copy(stream, item_count)


def decode_copy(stream: bytes, item_count: int) -> NDArray[np.int16]:
    """Read the binary COPY of one `smallint[]` column without going through Python.

    Raises
    ------
    ValueError
        The stream is not such a column of arrays of `item_count` elements.
    """
    if not stream.startswith(COPY_HEADER) or not stream.endswith(COPY_TRAILER):
        raise ValueError("This is not a whole binary COPY stream.")
    extension = int.from_bytes(stream[15:19], "big")
    row = np.dtype(
        [*ROW_HEAD, ("items", [("bytes", ">i4"), ("code", ">i2")], item_count)]
    )
    body = memoryview(stream)[19 + extension : -len(COPY_TRAILER)]
    if len(body) % row.itemsize:
        raise ValueError(f"Not every row holds {item_count} answers.")
    rows = np.frombuffer(body, dtype=row)
    if not ((rows["length"] == item_count) & (rows["nulls"] == 0)).all():
        raise ValueError(f"Not every row holds {item_count} answers.")
    return rows["items"]["code"].astype(np.int16)


def plan_of(form: definition.Form, *, simulated: bool, seed: int) -> AnalysisPlan:
    """Describe the analysis of a form: its scales, its outcomes, the standard rules."""
    scales = [_plan_scale(form, scale) for scale in form.scales]
    return AnalysisPlan(
        title=_text(form.title),
        scales=tuple(scale for scale in scales if scale.group == "trust"),
        outcomes=tuple(scale for scale in scales if scale.group == "outcome"),
        seed=seed,
        instruments=tuple(
            PlanInstrument(i.code, _text(i.name), i.evidence_level)
            for i in form.instruments
        ),
        simulated=simulated,
    )


def _plan_scale(form: definition.Form, scale: definition.FormScale) -> PlanScale:
    return PlanScale(
        code=scale.code,
        name=_text(scale.name),
        items=tuple(
            PlanItem(i.code, _text(i.text), i.low, i.high, i.reverse)
            for i in form.items
            if i.scale == scale.code
        ),
        model=scale.model,
        group="outcome" if scale.role == "outcome" else "trust",
    )


def _text(text: definition.Text) -> Text:
    return Text(text.en, text.zh_hans)
