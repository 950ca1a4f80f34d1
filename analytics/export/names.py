"""Names and labels as a format can hold them, and a sentence for everything changed.

Nothing is cut in silence: what is too long is shortened between two characters as a
reader sees them, made unlike its neighbours where shortening made it alike, and said.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from analytics.export.dataset import Variable
from analytics.sentences import Sentence, say

Measured = Callable[[str], int]
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_JOINER: Final = "\u200d"
_MORE: Final = "…"
_INITIAL: Final = range(0x1100, 0x1160)  # Hangul letters that join to one syllable
_JOINED_HANGUL: Final = range(0x1160, 0x1200)
_FLAGS: Final = range(0x1F1E6, 0x1F200)
_SKINS: Final = range(0x1F3FB, 0x1F400)
_TAGS: Final = range(0xE0020, 0xE0080)


def in_bytes(text: str) -> int:
    """Return how many bytes of UTF-8 a text takes."""
    return len(text.encode("utf-8", "surrogatepass"))


@dataclass(frozen=True, slots=True)
class Format:
    """What a format allows; lengths count as `measured` does.

    Attributes
    ----------
    name_size, label_size, value_size, title_size : int
        Of the name of a variable, its label, the label of a value, of the whole file.
    reserved : frozenset of str
        Names in lower case that the format's programs keep for themselves.
    """

    name: str
    measured: Measured
    name_size: int
    label_size: int
    value_size: int
    title_size: int
    reserved: frozenset[str]


# SPSS Statistics, command syntax reference: VARIABLE LABELS, VALUE LABELS, names. Its
# file label has a field of 64 bytes.
SPSS: Final = Format(
    name="SPSS",
    measured=in_bytes,
    name_size=64,
    label_size=256,
    value_size=120,
    title_size=64,
    reserved=frozenset(
        [
            "all",
            "and",
            "by",
            "eq",
            "ge",
            "gt",
            "le",
            "lt",
            "ne",
            "not",
            "or",
            "to",
            "with",
        ]
    ),
)
# Stata 14 (file format 118): [R] limits, [U] 11.3; characters, not bytes.
STATA: Final = Format(
    name="Stata",
    measured=len,
    name_size=32,
    label_size=80,
    value_size=32_000,
    title_size=80,
    reserved=frozenset(
        [
            "_all",
            "_b",
            "_coef",
            "_cons",
            "_n",
            "_pi",
            "_pred",
            "_rc",
            "_skip",
            "byte",
            "double",
            "float",
            "if",
            "in",
            "int",
            "long",
            "strl",
            "using",
            "with",
        ]
    ),
)


@dataclass(frozen=True, slots=True)
class Named:
    """Variables as a format holds them, in their order.

    Attributes
    ----------
    names, labels : tuple of str
    values : tuple of dict of int -> str
        Labels of valid and of missing codes.
    remarks : tuple of Sentence
        Everything that was changed.
    """

    names: tuple[str, ...]
    labels: tuple[str, ...]
    values: tuple[dict[int, str], ...]
    remarks: tuple[Sentence, ...]


def named(variables: Sequence[Variable], form: Format, language: str) -> Named:
    """Return names and labels of all variables for a format, in one language."""
    remarks: list[Sentence] = []
    names = names_for([one.name for one in variables], form, remarks)
    # formats fill labels up with spaces: those at the end say nothing
    whole = [one.label.in_language(language).rstrip(" ") for one in variables]
    labels = _labels(whole, names, form, remarks)
    values = []
    for variable, name in zip(variables, names, strict=True):
        codes = [*variable.values, *variable.missing]
        texts = [one.text.in_language(language).rstrip(" ") for one in codes]
        short = _values(texts, name, form, remarks)
        values.append(
            dict(zip([one.value for one in codes], short, strict=True)),
        )
    return Named(tuple(names), tuple(labels), tuple(values), tuple(remarks))


def names_for(
    wanted: Iterable[str], form: Format, remarks: list[Sentence]
) -> list[str]:
    """Return names that a format allows, unlike each other also without case."""
    taken: set[str] = set()
    found = []
    for name in wanted:
        usable = name if _may_be_called(name, form) else f"{name}_v"
        new = _unlike(usable, taken, form.name_size, form.measured, "", "_")
        taken.add(new.casefold())
        if new != name:
            remarks.append(
                say("file_renamed", format=form.name, variable=name, now=new)
            )
        found.append(new)
    return found


def _may_be_called(name: str, form: Format) -> bool:
    is_string_type = form is STATA and re.fullmatch(r"str\d+", name, re.IGNORECASE)
    return name.casefold() not in form.reserved and not is_string_type


def _labels(
    whole: Sequence[str], names: Sequence[str], form: Format, remarks: list[Sentence]
) -> list[str]:
    taken: set[str] = set()
    found = []
    for text, name in zip(whole, names, strict=True):
        clean = writable(text)
        new = shortened(clean, form.label_size, form.measured)
        if new != clean:
            # two questions that were cut to the same words would be taken for one
            new = _unlike(clean, taken, form.label_size, form.measured, _MORE, " ")
        taken.add(new.casefold())
        remarks.extend(_changed("file_label_shortened", form, name, text, clean, new))
        found.append(new)
    return found


def _values(
    texts: Sequence[str], name: str, form: Format, remarks: list[Sentence]
) -> list[str]:
    taken: set[str] = set()
    found = []
    for text in texts:
        clean = writable(text)
        new = shortened(clean, form.value_size, form.measured)
        if new != clean:
            new = _unlike(clean, taken, form.value_size, form.measured, _MORE, " ")
        taken.add(new.casefold())
        remarks.extend(_changed("file_value_shortened", form, name, text, clean, new))
        found.append(new)
    return found


def _changed(
    code: str, form: Format, name: str, text: str, clean: str, new: str
) -> Iterator[Sentence]:
    if clean != text:
        yield say("file_label_unwritable", variable=name, now=clean)
    if new != clean:
        yield say(code, format=form.name, variable=name, was=clean, now=new)


def title_for(title: str, form: Format) -> tuple[str, tuple[Sentence, ...]]:
    """Return the label of a file, and what was changed of it."""
    clean = writable(title)
    new = shortened(clean, form.title_size, form.measured)
    if new == title:
        return new, ()
    return new, (say("file_title_shortened", format=form.name, was=clean, now=new),)


def writable(text: str) -> str:
    """Return a text that can be written as UTF-8: a lone surrogate becomes U+FFFD."""
    return _SURROGATE.sub("\ufffd", text)


def shortened(text: str, size: int, measured: Measured, end: str = _MORE) -> str:
    """Return as much of a text as fits, with `end` where something was left out.

    It is cut where a reader sees the end of a character: no accent, joined emoji, flag
    or Hangul syllable is torn.
    """
    if measured(text) <= size:
        return text
    room = size - measured(end)
    kept: list[str] = []
    for one in graphemes(text):
        room -= measured(one)
        if room < 0:
            break
        kept.append(one)
    return "".join(kept).rstrip() + end


def _unlike(
    text: str, taken: set[str], size: int, measured: Measured, end: str, mark: str
) -> str:
    """Return a text that fits and is unlike those taken: a number tells it apart."""
    new = shortened(text, size, measured, end)
    number = 2
    while new.casefold() in taken:
        new = shortened(text, size, measured, f"{end}{mark}{number}")
        if not new.endswith(f"{mark}{number}"):
            new = f"{new}{mark}{number}"
        if measured(new) > size:
            tail = f"{mark}{number}"
            new = shortened(text, size - measured(tail), measured, end) + tail
        number += 1
    return new


def graphemes(text: str) -> Iterator[str]:
    """Yield characters as a reader sees them (after Unicode Annex 29)."""
    start = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or not _is_joined(text, place):
            yield text[start:place]
            start = place


def _is_joined(text: str, place: int) -> bool:
    """Whether no cut may be made before `place`."""
    before, here = text[place - 1], text[place]
    point = ord(here)
    if before == "\r" and here == "\n":
        return True
    if here == _JOINER or before == _JOINER:
        return True
    if unicodedata.category(here) in {"Mn", "Me", "Mc"}:
        return True
    if point in _SKINS or point in _TAGS:
        return True
    if point in _FLAGS and ord(before) in _FLAGS:
        return _flags_before(text, place) % 2 == 1
    return _is_syllable(ord(before), point)


def _flags_before(text: str, place: int) -> int:
    """Count the letters of flags that stand right before a place."""
    number = 0
    while number < place and ord(text[place - 1 - number]) in _FLAGS:
        number += 1
    return number


def _is_syllable(before: int, here: int) -> bool:
    if before in _INITIAL:
        return here in _INITIAL or here in _JOINED_HANGUL or 0xAC00 <= here <= 0xD7A3
    is_open = before in _JOINED_HANGUL or 0xAC00 <= before <= 0xD7A3
    return is_open and here in _JOINED_HANGUL
