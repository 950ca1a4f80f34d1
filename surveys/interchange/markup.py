"""HTML to plain words and back; what a spreadsheet would compute made harmless."""

import html
import re

_WORDS = (
    "a|abbr|b|big|blockquote|body|br|center|code|del|div|em|embed|font|form|h[1-6]|head"
    "|hr|html|i|iframe|img|input|ins|li|link|meta|object|ol|p|pre|s|script|small|span"
    "|strike|strong|style|sub|sup|svg|table|tbody|td|th|thead|tr|tt|u|ul|video|audio"
)
_KNOWN_TAG = re.compile(rf"</?(?:{_WORDS})\b[^<>]*>|<!--[^<>]*-->", re.IGNORECASE)
_ANY_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<!--[^<>]*-->|<![A-Za-z][^<>]*>")
_CODE_BLOCK = re.compile(
    r"<(script|style)\b[^<>]*>.{0,100000}?</\1\s*>", re.IGNORECASE | re.DOTALL
)
_BREAKS = re.compile(r"\s*[\r\n\t\x0b\x0c\x85]+\s*")
_SPACES = re.compile(r"[ \xa0\r\n\t]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
# A spreadsheet takes a cell that starts so for a formula; full-width forms included.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
# Two characters that XML cannot hold and `html.unescape` drops.
_UNHELD = {"&#65534;": "\ufffe", "&#65535;": "\uffff"}
# In LimeSurvey braces are expressions and texts are HTML: written as references they
# are neither, and read back as what they were.
_REFERENCES = str.maketrans(
    {
        "&": "&amp;",
        "<": "&lt;",
        ">": "&gt;",
        "{": "&#123;",
        "}": "&#125;",
        "\xa0": "&#160;",
        "\ufffe": "&#65534;",
        "\uffff": "&#65535;",
    }
)


def plain(text: str, *, is_html: bool) -> tuple[str, bool]:
    """Words of `text` on one line, and whether tags were taken away.

    Where the text is no HTML by its format, only tags of HTML's own names count, so
    that "p<q" and "<name>" stay.
    """
    tag = _ANY_TAG if is_html else _KNOWN_TAG
    without = tag.sub(" ", _CODE_BLOCK.sub(" ", text))
    stripped = without != text
    if is_html or stripped:
        without = _unescaped(_SPACES.sub(" ", without) if stripped else without)
    if stripped:
        without = re.sub(r" +([.,;:?!，。；：？！])", r"\1", without)
    return one_line(without), stripped


def _unescaped(text: str) -> str:
    for reference, character in _UNHELD.items():
        text = text.replace(reference, character)
    return html.unescape(text)


def one_line(text: str) -> str:
    """`text` without line breaks and control characters."""
    return _CONTROL.sub("", _BREAKS.sub(" ", text)).strip()


def as_html(text: str) -> str:
    """`text` for a place that LimeSurvey reads as HTML and fills expressions into."""
    escaped = text.translate(_REFERENCES)
    if text.startswith(FORMULA_STARTS):
        return f"&#{ord(text[0])};{escaped[1:]}"
    return escaped


def as_cell(text: str) -> str:
    """`text` for a cell of CSV: an apostrophe before what would be computed."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def from_cell(text: str) -> str:
    """Inverse of `as_cell`; an apostrophe that stands for itself stays."""
    return text[1:] if text[:1] == "'" and text[1:].startswith(FORMULA_STARTS) else text
