"""What was taken out of a wording and what was put in, word by word."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Fate = Literal["kept", "taken", "added"]

_SLOT = r"\{\w+\}"
_WORDS = re.compile(rf"{_SLOT}|\w+(?:['’-]\w+)*|\s+|[^\w\s]")
# Chinese has no gaps between words: a character each, Latin words and numbers whole.
_CHARACTERS = re.compile(rf"{_SLOT}|[A-Za-z0-9]+|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of wording that was kept, taken out or added."""

    fate: Fate
    text: str


def word_difference(before: str, after: str, language: str) -> tuple[Piece, ...]:
    """Pieces in reading order; those kept and taken give `before` again.

    Those kept and added give `after`.
    """
    split = (_CHARACTERS if language == "zh-hans" else _WORDS).findall
    old, new = split(before), split(after)
    found: list[Piece] = []
    for tag, i, j, k, m in SequenceMatcher(
        None, old, new, autojunk=False
    ).get_opcodes():
        if tag == "equal":
            found.append(Piece("kept", "".join(old[i:j])))
            continue
        found.append(Piece("taken", "".join(old[i:j])))
        found.append(Piece("added", "".join(new[k:m])))
    return tuple(_joined(piece for piece in found if piece.text))


def _joined(pieces: Iterable[Piece]) -> list[Piece]:
    """Take a mere space between two changes into both: one change reads better."""
    found: list[Piece] = []
    changed = {"taken": "", "added": ""}
    space = ""
    for piece in pieces:
        if piece.fate != "kept":
            changed = {fate: text + space for fate, text in changed.items()}
            changed[piece.fate] += piece.text
            space = ""
        elif piece.text.isspace() and any(changed.values()):
            space = piece.text
        else:
            found += [*_pieces(changed), Piece("kept", space + piece.text)]
            changed, space = {"taken": "", "added": ""}, ""
    return [*found, *_pieces(changed), *([Piece("kept", space)] if space else [])]


def _pieces(changed: dict[str, str]) -> list[Piece]:
    both = (Piece("taken", changed["taken"]), Piece("added", changed["added"]))
    return [piece for piece in both if piece.text]
