"""Rows of answers in blocks, and the parts that make columns of them.

Rows stand in a random order within every block of 16,384 and the blocks too, drawn from
the site's secret key: the key of an answer stands in the address of its form, so rows in
the order of their keys would let a browser's history be found again in a small file.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Final

import numpy as np
from django.utils.crypto import salted_hmac
from numpy.typing import NDArray
from psycopg import Connection

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
    scope_connection,
)
from analytics.sentences import say
from surveys import definition
from surveys.models import Wave

ROWS: Final = 16_384  # read, keyed and written at a time
_CELLS: Final = 1 << 20  # at most as many, where a form is long


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Some rows of one wave, in the order in which they leave.

    Attributes
    ----------
    index : int
        Place of the wave among those that leave.
    first : int
        Rows that leave before these.
    places : (m,) int64
        Where each row stands among those of the wave, in the order of their keys.
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
    places: NDArray[np.int64]
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
        connection = scope_connection()

        def take(place: int, before: int) -> Rows:
            order = np.random.default_rng([secret, place]).permutation(
                self.blocks[place].rows
            )
            above = sum(block.rows for block in self.blocks[:place])
            return self._rows(connection, self.blocks[place], before, above, order)

        places = np.random.default_rng(secret).permutation(len(self.blocks)).tolist()
        sizes = [self.blocks[place].rows for place in places]
        before = [first, *(first + size for size in accumulate(sizes))]
        # the server reads a block while this process writes the one before
        with ThreadPoolExecutor(1) as worker:
            waiting: deque[Future[Rows]] = deque()
            for place, rows in zip(places, before, strict=False):
                waiting.append(worker.submit(take, place, rows))
                if len(waiting) > 1:
                    yield waiting.popleft().result()
            if waiting:
                yield waiting.popleft().result()

    def _rows(
        self,
        connection: Connection[Any],
        block: RowBlock,
        first: int,
        above: int,
        order: NDArray[np.int64],
    ) -> Rows:
        """Read a block in `order`; `above` rows of the wave have lower keys."""
        codes = block_codes(connection, block, self.form, [LANGUAGE, DURATION, DEVICE])
        people = people_of_block(connection, block) if self.named else []
        links = links_of_block(connection, block) if self.wave.links_waves else []
        found = [codes.shape[1], *(len(one) for one in (people, links) if one)]
        if set(found) != {block.rows}:
            raise NotExportable(say("export_changed", wave=self.wave.number))
        codes = codes[:, order]
        language, duration, device = codes[self.form.item_count :]
        return Rows(
            index=self.index,
            first=first,
            places=above + order,
            codes=codes[: self.form.item_count],
            language=language,
            duration=duration,
            device=device,
            people=[people[at] for at in order] if people else [],
            links=[links[at] for at in order] if links else [],
        )


def rows_of_block(form: definition.Form) -> int:
    """Return how many rows of a form are taken at a time."""
    return max(1, min(ROWS, _CELLS // form.item_count))


def secret_number(purpose: str) -> int:
    """Return a number that is the same on this site only."""
    digest: bytes = salted_hmac("analytics.export", purpose).digest()
    return int.from_bytes(digest, "big")
