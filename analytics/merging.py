"""Answers of several waves as one matrix, merged by the lineage of their items."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.psychometrics import Item, ResponseMatrix
from analytics.psychometrics.data import MISSING
from analytics.responses import load_responses
from surveys.definition import Questionnaire
from surveys.definition.merging import MergedColumn, MergedForm, merge_forms
from surveys.models import Wave


@dataclass(frozen=True, slots=True, eq=False)
class MergedResponses:
    """Answers of several waves, and which wave each was given in.

    Attributes
    ----------
    data : ResponseMatrix
        Keyed answers, (n, p); column = scored column of `merged`. An item that the
        version of a wave did not ask, or did not score, is missing there.
    waves : (n,) int16, read-only
        Number of the wave of every row.
    merged : MergedForm
        How the forms of the waves were laid together, in the order of the waves.
    sha256 : str
        Of the fingerprints of the waves, in their order.
    """

    data: ResponseMatrix
    waves: NDArray[np.int16]
    merged: MergedForm
    sha256: str


def load_waves(
    waves: Sequence[Wave], versions: Iterable[Questionnaire] = ()
) -> MergedResponses:
    """Read waves of one survey into one matrix, in the order given (oldest first).

    Parameters
    ----------
    versions : iterable of Questionnaire
        As for `merge_forms`: `surveys.versions.asked_and_between` finds them.

    Raises
    ------
    InvalidData
        A stored code lies outside its item's scale; the sentence names row and item.
    """
    merged = merge_forms([wave.form.asked() for wave in waves], versions)
    columns = [column for column in merged.columns if column.scored]
    items = tuple(_item(column) for column in columns)
    digest = hashlib.sha256()
    blocks: list[ResponseMatrix] = []
    for index, (wave, form) in enumerate(zip(waves, merged.forms, strict=True)):
        loaded = load_responses(wave, form)
        digest.update(loaded.sha256.encode())
        asked = [merged.asked(column, index) for column in columns]
        codes = [item.code if item is not None else None for item in asked]
        blocks.append(ResponseMatrix(_laid_out(loaded.data, codes), items))
    numbers = [wave.number for wave in waves]
    rows = np.repeat(np.array(numbers, np.int16), [block.n for block in blocks])
    rows.setflags(write=False)
    return MergedResponses(
        ResponseMatrix.stack(blocks), rows, merged, digest.hexdigest()
    )


def _item(column: MergedColumn) -> Item:
    asked = column.item
    return Item(column.code, asked.low, asked.high, asked.reverse)


def _laid_out(data: ResponseMatrix, codes: Sequence[str | None]) -> NDArray[np.int8]:
    """Columns of `data` by their `codes`, (n, p); missing where there is none."""
    place = {code: column for column, code in enumerate(data.item_codes)}
    found = np.full((data.n, len(codes)), MISSING, np.int8)
    for column, code in enumerate(codes):
        if code is not None and code in place:
            found[:, column] = data.codes[:, place[code]]
    return found
