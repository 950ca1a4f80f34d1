"""The codebook of several waves, which says what each of them asked."""

from collections.abc import Iterator, Sequence

from surveys.csv_files import BYTE_ORDER_MARK, CODEBOOK_COLUMNS, item_cells, line
from surveys.definition import NOT_ASKED, Form
from surveys.definition.merging import MergedColumn, MergedForm
from surveys.models import Wave

MERGED_COLUMNS = (
    "not_asked",
    "reworded",
    "not_merged_en",
    "not_merged_zh_hans",
)


def merged_item_lines(waves: Sequence[Wave], merged: MergedForm) -> Iterator[str]:
    """CSV that says what every column means, and what each wave asked in it."""
    asked_in = [f"wave_{wave.number}" for wave in waves]
    yield BYTE_ORDER_MARK + line([*CODEBOOK_COLUMNS, *MERGED_COLUMNS, *asked_in])
    for column in merged.columns:
        note = column.note
        yield line(
            [
                column.code,
                *item_cells(_newest(column, merged), column.item)[1:],
                NOT_ASKED,
                int(column.reworded),
                note.en if note is not None else "",
                note.zh_hans if note is not None else "",
                *(_asked(column, merged, index) for index in range(len(waves))),
            ]
        )


def _newest(column: MergedColumn, merged: MergedForm) -> Form:
    asking = (
        form
        for form, place in zip(merged.forms, column.places, strict=True)
        if place != NOT_ASKED
    )
    *_, newest = asking
    return newest


def _asked(column: MergedColumn, merged: MergedForm, index: int) -> object:
    """Version and code asked in a wave, such as ``OUT-C 1: OUT-C.SAT1``, or -4."""
    item, key = merged.asked(column, index), merged.key_of(column, index)
    if item is None or key is None:
        return NOT_ASKED
    return f"{key[0]} {key[1]}: {item.code}"
