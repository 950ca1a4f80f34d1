"""What stands beside a frozen release and goes on changing: codings and action notes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from analytics.coding_agreement import Agreement
from analytics.plan import Text

Whose = Literal["own", "all", "wait"]


@dataclass(frozen=True, slots=True)
class Tagged:
    """What a reader may know of the tags of a wave's comments.

    Attributes
    ----------
    whose : str
        ``all`` once the codings are shown; until then ``own`` for a coder, and ``wait``
        for who only reads.
    counts : sequence of (name, comments)
    agreement : Agreement or None
        Of the coders, as it stood when the codings were shown.
    """

    whose: Whose
    counts: Sequence[tuple[Text, int]]
    agreement: Agreement | None


@dataclass(frozen=True, slots=True)
class Note:
    """An action note as it stands now.

    `segment` is the key of a segment, `wave` the number of the wave beside whose report
    it was written; `until` an ISO day or blank; `may_write` whether the reader may
    change it.
    """

    id: str
    segment: str
    name: Text
    wave: int
    text: str
    who: str
    until: str
    status: str
    may_write: bool


@dataclass(frozen=True, slots=True)
class Beside:
    """Everything beside a release that its reader may see."""

    tagged: Tagged | None = None
    hidden: int = 0
    notes: Sequence[Note] = ()


NOTHING: Final = Beside()
