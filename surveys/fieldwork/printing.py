"""What is printed for a wave: codes to cut up, and a poster with a QR code.

Typst compiles both from templates beside this file; everything that somebody typed goes
in as data and never as markup. The font comes with the package `pylopdf-fonts-zh-cn`, so
that Chinese is drawn on machines without Chinese fonts.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import pylopdf_fonts_zh_cn
import segno
import typst

from surveys.definition import LANGUAGES, Text
from surveys.promise import IN_SHORT

TEMPLATES = Path(__file__).parent / "papers"
FONTS = Path(pylopdf_fonts_zh_cn.__file__).parent
WIDEST_TITLE = 64  # Latin letters on the two lines of a slip
WIDE_FROM = 0x2E80  # from here on Unicode has characters of East Asia
# Typst's names of languages, which decide how lines are broken.
TYPST_LANGUAGE: Mapping[str, str] = MappingProxyType({"en": "en", "zh-hans": "zh"})

TYPE_THE_CODE = Text(
    "Scan, or open the address, and type this code. It works once. Draw your slip by "
    "hand, so that nobody knows which code is yours.",
    "扫描二维码或打开网址，然后输入本代码，仅可使用一次。请自己随机抽取纸条，这样没有人知道哪个代码是您的。",
)
TYPE_YOUR_CODE = Text(
    "Scan, or open the address, and type this code. It is yours and works once.",
    "扫描二维码或打开网址，然后输入本代码。该代码属于您本人，仅可使用一次。",
)
SCAN = Text("Scan to take part, or open:", "扫码参与，或打开网址：")
SIX_WORDS = Text(
    "The page must show the same six words:", "页面上必须显示同样的六个词："
)


@dataclass(frozen=True, slots=True)
class Paper:
    """What stands on every paper of a wave.

    Attributes
    ----------
    address : str
        Where to answer, as the QR code holds it.
    languages : sequence of str
        One language, or both.
    """

    organization: str
    title: Text
    address: str
    mode: str
    languages: Sequence[str] = LANGUAGES

    def said(self, text: Text) -> list[str]:
        """A text in the languages of the paper, each wording once."""
        return list(dict.fromkeys(text.in_(one) for one in self.languages))


def slips(paper: Paper, codes: Iterable[str], *, fingerprint: str) -> bytes:
    """PDF of codes to be typed, eight to an A4 page with lines to cut along."""
    how = TYPE_THE_CODE if paper.mode == "anonymous" else TYPE_YOUR_CODE
    return _pdf(
        "slips",
        paper,
        how=paper.said(how),
        titles=[_cut(title) for title in paper.said(paper.title)],
        words=" / ".join(paper.said(SIX_WORDS)),
        fingerprint=fingerprint,
        codes=list(codes),
    )


def poster(paper: Paper, *, promise: Text) -> bytes:
    """PDF of one A4 page: title, QR code, address and the whole promise."""
    return _pdf("poster", paper, how=paper.said(SCAN), promise=[*paper.said(promise)])


def _pdf(template: str, paper: Paper, **more: object) -> bytes:
    data = {
        "lang": TYPST_LANGUAGE[paper.languages[0]],
        "organization": paper.organization,
        "title": paper.title.in_(paper.languages[0]),
        "titles": paper.said(paper.title),
        "address": paper.address,
        "shown": _breakable(paper.address),
        "qr": _qr(paper.address),
        "promise": paper.said(IN_SHORT[paper.mode]),
        **more,
    }
    return typeset(template, data)


def typeset(template: str, data: Mapping[str, object]) -> bytes:
    """PDF of a template beside this file, with what it is to show."""
    pdf = typst.compile(
        TEMPLATES / f"{template}.typ",
        root=TEMPLATES,
        font_paths=[FONTS],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": json.dumps(data)},
    )
    if not isinstance(pdf, bytes):
        raise TypeError(f"Typst made {type(pdf)} of {template}.typ and not one file.")
    return pdf


def _cut(title: str) -> str:
    """Title of at most two lines of a slip; a Chinese character is as wide as two."""
    width = 0
    for at, letter in enumerate(title):
        width += 2 if ord(letter) > WIDE_FROM else 1
        if width > WIDEST_TITLE:
            return title[:at].rstrip() + "…"
    return title


def _qr(address: str) -> str:
    return segno.make(address, micro=False, error="m").svg_inline(
        scale=4, border=0, light=None
    )


def _breakable(address: str) -> str:
    """The address without its scheme, with places at which a line may end."""
    bare = address.removeprefix("https://").removeprefix("http://").rstrip("/")
    return bare.replace("/", "/\u200b").replace("-", "-\u200b")
