"""Columns that say which row this is: number, wave, form, language, and how it came."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np
from django.utils.functional import Promise as LazyText
from django.utils.translation import override
from numpy.typing import NDArray

from analytics.export.columns import Names
from analytics.export.dataset import Column, Label, Variable
from analytics.export.rows import Part, Rows, Source, secret_number
from analytics.plan import Text
from analytics.responses import links_of_block, scope_connection
from surveys.brought.days import label_of
from surveys.models.answers import Device, Duration

# in the order of `surveys.definition.LANGUAGES`
LANGUAGES: Final = (
    Label(1, Text("English", "英文")),
    Label(2, Text("Chinese (Simplified)", "简体中文")),
)
NOT_KNOWN: Final = (Label(-1, Text("not known", "未知")),)
_NOT_LINKED: Final = (Label(-1, Text("not linked", "未关联")),)


def record_part(sources: Sequence[Source], names: Names) -> Part:
    """Return row, wave, form and language."""
    numbers = [source.wave.number for source in sources]
    forms = [source.wave.form.number for source in sources]
    variables = (
        _record(names.take("row"), Text("Number of the row", "行号")),
        _wave_variable(names.take("wave"), numbers),
        _record(names.take("form"), Text("Version of the form", "问卷版本")),
        _record(
            names.take("language"),
            Text("Language of the answers", "作答语言"),
            values=LANGUAGES,
        ),
    )

    def columns(rows: Rows) -> Sequence[Column]:
        return (
            np.arange(rows.first + 1, rows.first + rows.n + 1, dtype=np.int32),
            np.full(rows.n, numbers[rows.index], np.int16),
            np.full(rows.n, forms[rows.index], np.int16),
            rows.language + np.int16(1),
        )

    return Part(variables, columns)


def _wave_variable(name: str, numbers: Sequence[int]) -> Variable:
    """Say which past wave a number below 0 stands for: the day on which it ended."""
    past = tuple(
        Label(number, Text(f"ended {day}, from elsewhere", f"{day} 结束，从别处导入"))
        for number in numbers
        if number < 0
        for day in [label_of(number)]
    )
    label = Text("Wave", "轮次")
    return Variable(name, label, "whole", "ordinal", "record", past, low=min(numbers))


def paradata_part(sources: Sequence[Source], names: Names) -> Part | None:
    """Return how long it took and on what, in bands; None where nothing is kept."""
    if not any(source.wave.paradata for source in sources):
        return None
    variables = (
        Variable(
            names.take("duration"),
            Text("Time to answer", "作答用时"),
            "whole",
            "ordinal",
            "paradata",
            _labels(Duration.choices),
            NOT_KNOWN,
        ),
        Variable(
            names.take("device"),
            Text("Answered on", "作答设备"),
            "whole",
            "nominal",
            "paradata",
            _labels(Device.choices),
            NOT_KNOWN,
        ),
    )
    return Part(variables, lambda rows: (rows.duration, rows.device))


def link_part(sources: Sequence[Source], names: Names, seed: int) -> Part | None:
    """Return a number for whoever let a device link the waves; None where nobody can.

    The numbers are in the order of a keyed hash: they say nothing of what links.
    """
    linked = [source for source in sources if source.wave.links_waves]
    if not linked:
        return None
    secret = secret_number(f"links {seed}").to_bytes(32, "big")
    connection = scope_connection()
    known = np.unique(
        np.concatenate(
            [
                _hashes(links_of_block(connection, block), secret)
                for source in linked
                for block in source.blocks
            ]
        )
    )
    known = known[known > 0]
    variable = _record(
        names.take("device_link"),
        Text("Same device in several waves", "各轮间的同一设备"),
        missing=_NOT_LINKED,
        note=Text(
            "The same number in two waves: answered on one device, by those who agreed "
            "to it.",
            "两轮中编号相同：在同一设备上作答，且受访者同意关联。",
        ),
    )

    def columns(rows: Rows) -> Sequence[Column]:
        if not rows.links:
            return (np.full(rows.n, -1, np.int32),)
        hashes = _hashes(rows.links, secret)
        numbers = np.searchsorted(known, hashes) + 1
        return (np.where(hashes > 0, numbers, -1).astype(np.int32),)

    return Part((variable,), columns)


def _hashes(links: Iterable[bytes | None], secret: bytes) -> NDArray[np.uint64]:
    """Return 64 bits of a keyed hash for each link; 0 for none."""
    found = (
        b"" if one is None else hashlib.blake2b(one, key=secret, digest_size=8).digest()
        for one in links
    )
    return np.array([int.from_bytes(one, "big") for one in found], dtype=np.uint64)


def both_languages(words: str | LazyText) -> Text:
    """Return what the interface calls something, in both languages."""
    with override("en"):
        english = str(words)
    with override("zh-hans"):
        return Text(english, str(words))


def _labels(choices: Iterable[tuple[Any, Any]]) -> tuple[Label, ...]:
    return tuple(Label(value, both_languages(words)) for value, words in choices)


def _record(
    name: str,
    label: Text,
    *,
    measure: Any = "nominal",
    values: tuple[Label, ...] = (),
    missing: tuple[Label, ...] = (),
    note: Text | None = None,
) -> Variable:
    return Variable(
        name, label, "whole", measure, "record", values, missing, low=1, note=note
    )
