"""Bytes to text: a byte order mark, a declaration, UTF-8, or Chinese GB 18030."""

import codecs
import re

from surveys.interchange.findings import Finding, ImportRefused

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_DECLARED = re.compile(rb"\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)")
# Names of Chinese encodings, all of them parts of GB 18030.
_CHINESE = frozenset({"gb2312", "gbk", "gb18030", "cp936", "ms936"})
_TAKEN = frozenset({"utf-8", "utf8", "utf-16", "us-ascii", "ascii", *_CHINESE})
# Of a text read as GB 18030 by guess: common ideographs, Chinese and full-width marks.
_LIKELY = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef\u2010-\u2027]")
_LEAST_LIKELY = 0.9
_MARK = "\ufeff"


def decode(data: bytes) -> tuple[str, list[Finding]]:
    """Text of `data`, and a finding where its encoding had to be guessed.

    Raises
    ------
    ImportRefused
        No encoding fits.
    """
    encoding, guessed = _encoding(data)
    try:
        text = data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        raise ImportRefused("encoding") from None
    text = text.removeprefix(_MARK)
    if encoding == "gb18030" and guessed and not _likely(text):
        raise ImportRefused("encoding")
    if "\0" in text:
        raise ImportRefused("encoding")
    named = {"encoding": encoding.upper()}
    return text, [Finding("encoding_guessed", "", named)] if guessed else []


def _encoding(data: bytes) -> tuple[str, bool]:
    """Name of the encoding, and whether it is a guess."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            # the four bytes of GB 18030 stand for the mark itself
            return name, False
    declared = _DECLARED.match(data)
    if declared is not None:
        name = declared[1].decode("ascii").lower()
        if name not in _TAKEN:
            raise ImportRefused("encoding")
        return ("gb18030" if name in _CHINESE else name), False
    start = data[:200]
    if len(start) > 3 and start[1::2].count(0) > len(start) // 4:
        return "utf-16-le", True
    if len(start) > 3 and start[::2].count(0) > len(start) // 4:
        return "utf-16-be", True
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "gb18030", True
    return "utf-8", False


def _likely(text: str) -> bool:
    """Whether the characters beyond ASCII are those of Chinese texts."""
    beyond = sum(1 for character in text if not character.isascii())
    return len(_LIKELY.findall(text)) >= _LEAST_LIKELY * beyond
