"""Rows of answers in blocks, and the parts that make columns of them.

Rows stand in a random order within every block of 16,384 and the blocks too, drawn from
the site's secret key: the key of an answer stands in the address of its form, so rows in
the order of their keys would let a browser's history be found again in a small file.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import accumulate
from typing import Any, Final, TypeVar

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
    fingerprint,
    links_of_block,
    people_of_block,
    release_marks,
    scope_connection,
)
from analytics.sentences import say
from surveys import definition
from surveys.models import Wave

ROWS: Final = 16_384  # read, keyed and written at a time
_CELLS: Final = 1 << 20  # at most as many, where a form is long
_MOST_KEPT: Final = 96 << 20  # bytes of codes, so that memory stays bounded
_MARKS: Final = [LANGUAGE, DURATION, DEVICE]
_CELL: Final = 1  # place among the marks of a release of what does not leave

Codes = NDArray[np.int16]
Result = TypeVar("Result")


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


@dataclass(slots=True, eq=False)
class Kept:
    """Codes that a fingerprint has read, so that its file need not read them again.

    Only as many as there is room for; a byte each where that is enough.
    """

    codes: dict[tuple[int, int], NDArray[np.integer[Any]]] = field(default_factory=dict)
    room: int = _MOST_KEPT

    def keep(self, key: tuple[int, int], codes: Codes) -> None:
        """Keep the (rows, m) codes of a block, where there is room."""
        narrow: NDArray[np.integer[Any]] = codes.astype(np.int8)
        kept = narrow if np.array_equal(narrow, codes) else codes
        if kept.nbytes <= self.room:
            self.codes[key] = kept
            self.room -= kept.nbytes


@dataclass(frozen=True, slots=True)
class Source:
    """Where the rows of one wave come from; `kept` is shared between the waves."""

    index: int
    wave: Wave
    form: definition.Form
    blocks: tuple[RowBlock, ...]
    named: bool
    kept: Kept

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
            return self._rows(connection, place, before, above, order)

        places = np.random.default_rng(secret).permutation(len(self.blocks)).tolist()
        sizes = [self.blocks[place].rows for place in places]
        before = [first, *(first + size for size in accumulate(sizes))]
        yield from ahead(
            partial(take, place, rows)
            for place, rows in zip(places, before, strict=False)
        )

    def fingerprint(self) -> str:
        """Return the sha256 that a release of these answers has; keeps what it reads."""
        marks, connection = release_marks(self.wave), scope_connection()

        def read(place: int) -> Codes:
            codes = block_codes(connection, self.blocks[place], self.form, marks)
            self._require_whole(self.blocks[place], codes.shape[1])
            leaving = np.delete(codes, self.form.item_count + _CELL, axis=0)
            self.kept.keep((self.index, place), leaving)
            return codes

        every = (partial(read, place) for place in range(len(self.blocks)))
        return fingerprint(self.form, ahead(every))

    def _rows(
        self,
        connection: Connection[Any],
        place: int,
        first: int,
        above: int,
        order: NDArray[np.int64],
    ) -> Rows:
        """Read a block in `order`; `above` rows of the wave have lower keys."""
        block = self.blocks[place]
        codes = self.kept.codes.get((self.index, place))
        if codes is None:
            codes = block_codes(connection, block, self.form, _MARKS)
        people = people_of_block(connection, block) if self.named else []
        links = links_of_block(connection, block) if self.wave.links_waves else []
        read = [codes.shape[1], *(len(one) for one in (people, links) if one)]
        self._require_whole(block, *read)
        leaving = codes[:, order].astype(np.int16, copy=False)
        language, duration, device = leaving[self.form.item_count :]
        return Rows(
            index=self.index,
            first=first,
            places=above + order,
            codes=leaving[: self.form.item_count],
            language=language,
            duration=duration,
            device=device,
            people=[people[at] for at in order] if people else [],
            links=[links[at] for at in order] if links else [],
        )

    def _require_whole(self, block: RowBlock, *read: int) -> None:
        if set(read) != {block.rows}:
            raise NotExportable(say("export_changed", wave=self.wave.number))


def ahead(calls: Iterable[Callable[[], Result]]) -> Iterator[Result]:
    """Yield what calls return; the next one is under way while one is being used."""
    with ThreadPoolExecutor(1) as worker:
        waiting: deque[Future[Result]] = deque()
        for call in calls:
            waiting.append(worker.submit(call))
            if len(waiting) > 1:
                yield waiting.popleft().result()
        if waiting:
            yield waiting.popleft().result()


def rows_of_block(form: definition.Form) -> int:
    """Return how many rows of a form are taken at a time."""
    return max(1, min(ROWS, _CELLS // form.item_count))


def secret_number(purpose: str) -> int:
    """Return a number that is the same on this site only."""
    digest: bytes = salted_hmac("analytics.export", purpose).digest()
    return int.from_bytes(digest, "big")
