"""Rows of answers in blocks, and the parts that make columns of them.

Rows stand in a random order within every block of 16,384 and the blocks too, drawn from
the site's secret key: the key of an answer stands in the address of its form, so rows in
the order of their keys would let a browser's history be found again in a small file.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from django.utils.crypto import salted_hmac
from numpy.typing import NDArray

from analytics.export.dataset import Column, Variable
from analytics.export.refusals import NotExportable
from analytics.responses import (
    DEVICE,
    DURATION,
    LANGUAGE,
    RowBlock,
    block_codes,
    links_of_block,
    people_of_block,
)
from analytics.sentences import say
from surveys import definition
from surveys.models import Wave

ROWS: Final = 16_384  # read, keyed and written at a time


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Some rows of one wave, in the order in which they leave.

    Attributes
    ----------
    index : int
        Place of the wave among those that leave.
    first : int
        Rows that leave before these.
    codes : (items, m) int16
        Stored codes; a row here is an item of the wave's form.
    language, duration, device : (m,) int16
        Places in their lists; -1 = not known.
    people : sequence of m tuples
        As `people_of_block`; empty where nobody is known.
    links : sequence of m bytes or None
        As `links_of_block`; empty where nothing links waves.
    """

    index: int
    first: int
    codes: NDArray[np.int16]
    language: NDArray[np.int16]
    duration: NDArray[np.int16]
    device: NDArray[np.int16]
    people: Sequence[tuple[Any, ...]]
    links: Sequence[bytes | None]

    @property
    def n(self) -> int:
        return int(self.codes.shape[1])


@dataclass(frozen=True, slots=True)
class Part:
    """Columns that belong together, and how they are made of rows."""

    variables: tuple[Variable, ...]
    columns: Callable[[Rows], Sequence[Column]]


@dataclass(frozen=True, slots=True)
class Source:
    """Where the rows of one wave come from."""

    index: int
    wave: Wave
    form: definition.Form
    blocks: tuple[RowBlock, ...]
    named: bool

    @property
    def rows(self) -> int:
        return sum(block.rows for block in self.blocks)

    def read(self, first: int, seed: int) -> Iterator[Rows]:
        """Yield the rows of the wave, of which `first` others leave before."""
        secret = secret_number(f"{self.wave.pk} {seed}")
        for place in np.random.default_rng(secret).permutation(len(self.blocks)):
            block = self.blocks[place]
            yield self._rows(block, first, np.random.default_rng([secret, int(place)]))
            first += block.rows

    def _rows(self, block: RowBlock, first: int, rng: np.random.Generator) -> Rows:
        codes = block_codes(block, self.form, [LANGUAGE, DURATION, DEVICE])
        people = people_of_block(block) if self.named else []
        links = links_of_block(block) if self.wave.links_waves else []
        if {len(codes), len(people or codes), len(links or codes)} != {block.rows}:
            raise NotExportable(say("export_changed", wave=self.wave.number))
        order = rng.permutation(block.rows)
        by_column = np.ascontiguousarray(codes[order].T)
        language, duration, device = by_column[self.form.item_count :]
        return Rows(
            index=self.index,
            first=first,
            codes=by_column[: self.form.item_count],
            language=language,
            duration=duration,
            device=device,
            people=[people[at] for at in order] if people else [],
            links=[links[at] for at in order] if links else [],
        )


def secret_number(purpose: str) -> int:
    """Return a number that is the same on this site only."""
    digest: bytes = salted_hmac("analytics.export", purpose).digest()
    return int.from_bytes(digest, "big")
