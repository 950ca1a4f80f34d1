"""Everything an attacker who took the whole server has, turned into traces of people.

Rows of all tables with their system columns; every file of the server (heaps, indexes,
write-ahead log, statistics, logs); the site's own log. A trace is a number for each
person: the value of a column beside something of theirs, or the place where it lies.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import psycopg

from surveys.credentials import code_digest
from tests.attack.files import Needles, files_under, heap_tuples
from tests.attack.linking import Guess, Trace, guesses, is_constant
from tests.attack.people import MARK, NETWORK, REMARK, Field
from trustsurvey.roles import Login

# kind of thing -> the side on which it is known whose it is
SIDES = {
    "code": "person",
    "invitation": "person",
    "participant": "person",
    "mail": "person",
    "blinded": "person",
    "address": "person",
    "opening watched": "person",
    "sending watched": "person",
    "token": "token",
    "answers": "answers",
    "arrival watched": "answers",
    "remark": "remark",
}
SYSTEM_COLUMNS = ("xmin", "xmax", "cmin", "ctid")
FIRST, LAST = ", first", ", last"
ORACLES = frozenset({"opening watched", "sending watched", "arrival watched"})
# A reminder tells who had not opened half-way (docs/anonymity.md, "Reminders"), as does
# watching: beside the order of arrival its row tells what two who watched would.
REMINDED = frozenset({"invitation", "participant", "mail"})
REMINDERS = ("message", "write-ahead log")  # their table, its indexes, their deletion
CATALOGS = (
    "pg_catalog.pg_statistic",
    "pg_catalog.pg_stat_activity",
    "pg_catalog.pg_stat_user_tables",
    "pg_catalog.pg_locks",
    "pg_catalog.pg_prepared_xacts",
)
TABLES = """
SELECT n.nspname || '.' || quote_ident(c.relname), pg_relation_filepath(c.oid), c.relkind
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND c.relkind IN ('r', 'm', 'i', 't')
"""
MAIL = r"[0-9a-f]{12}@example\.org"
WORDS = re.compile(
    rf"[0-9a-f]{{64}}|[0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}|{MAIL}|\{{[-\d,]+\}}|{REMARK}\w+|{re.escape(NETWORK)}\d+\.\d+"
)

Traces = dict[tuple[str, str], Trace]
"""(kind, place) -> trace."""


@dataclass(frozen=True, slots=True)
class Names:
    """How the things of each person are spelled, as words and as bytes."""

    words: Mapping[str, tuple[str, int]]
    needles: Needles

    @classmethod
    def of(cls, field: Field) -> "Names":
        words: dict[str, tuple[str, int]] = {}
        bytes_: dict[bytes, tuple[str, int]] = {}
        for index, person in enumerate(field.people):
            bytes_[person.code.encode()] = ("code", index)
            digests = {"code": person.digest}
            if person.draft and person.held:
                digests["blinded"] = code_digest(person.draft.blinded.hex())
                digests["token"] = sha256(person.held.prepared).digest()
            for kind, digest in digests.items():
                words[digest.hex()] = bytes_[digest] = (kind, index)
            listed = ",".join(map(str, person.answers))
            words["{" + listed + "}"] = ("answers", index)
            bytes_[np.array(person.answers, "<i2").tobytes()] = ("answers", index)
            for kind, text in (
                ("remark", person.remark),
                ("address", person.address),
                ("mail", person.mail),
                ("invitation", str(person.invitation)),
                ("participant", str(person.participant)),
            ):
                words[text] = bytes_[text.encode()] = (kind, index)
            bytes_[person.invitation.bytes] = ("invitation", index)
            bytes_[person.participant.bytes] = ("participant", index)
        markers = (np.array(MARK, "<i2").tobytes(), REMARK.encode(), NETWORK.encode())
        return cls(words, Needles(bytes_, markers))

    def in_text(self, text: str) -> Iterator[tuple[int, str, int]]:
        """Yield position, kind and person; arrays of JSON read as those of SQL."""
        plain = text.replace(" ", "").replace("[", "{").replace("]", "}")
        for match in WORDS.finditer(plain):
            if match[0] in self.words:
                yield match.start(), *self.words[match[0]]


class Evidence:
    """Traces of the people of one field, gathered from one copy of the server."""

    def __init__(self, field: Field, login: Login) -> None:
        self.field, self.names = field, Names.of(field)
        self._seen: dict[tuple[str, str], dict[int, float]] = defaultdict(dict)
        # files first: what follows writes to the log itself
        with psycopg.connect(**login, autocommit=True) as connection:
            data = _data_folder(connection)
            relations = connection.execute(TABLES).fetchall()
            if data is not None:
                self._log_of_the_server(data)
                connection.execute("CHECKPOINT")
                self._files(data, relations)
            for name, _, kind in relations:
                if kind in "rm":
                    self._rows(connection, name, ", ".join(SYSTEM_COLUMNS) + ", ")
            for name in CATALOGS:
                self._rows(connection, name, "")
        self._site_log()

    def traces(self, *, oracles: bool = True) -> Traces:
        """Traces that vary; people without one share a value."""
        size = len(self.field.people)
        found: Traces = {
            key: [seen.get(index, -1.0) for index in range(size)]
            for key, seen in self._seen.items()
        }
        if oracles:
            for kind, order in (
                ("opening watched", self.field.opened),
                ("sending watched", self.field.arrived),
                ("arrival watched", self.field.arrived),
            ):
                ranks = {person: float(rank) for rank, person in enumerate(order)}
                found[kind, ""] = [ranks.get(index, -1.0) for index in range(size)]
        return {
            key: trace
            for key, trace in found.items()
            if not is_constant(trace)
            # where everybody has one place only, the last is the first
            and not (
                key[1].endswith(LAST)
                and trace == found[key[0], key[1].removesuffix(LAST) + FIRST]
            )
        }

    def guesses(
        self, rng: np.random.Generator, *, oracles: bool = True
    ) -> Iterator[tuple[str, Guess]]:
        """Compare every two traces of different sides; not two that were only watched."""
        found = sorted(self.traces(oracles=oracles).items())
        compare = guesses([trace for _, trace in found], rng)
        for (left, (one, _)), (right, (other, _)) in combinations(enumerate(found), 2):
            kinds = {one[0], other[0]}
            if SIDES[one[0]] == SIDES[other[0]] or kinds <= ORACLES:
                continue
            if (
                "arrival watched" in kinds
                and kinds & REMINDED
                and any(place in one[1] + other[1] for place in REMINDERS)
            ):
                continue
            yield f"{' '.join(one)} ~ {' '.join(other)}", compare(left, right)

    # ------------------------------------------------------------- the sources

    def _note(self, kind: str, place: str, person: int, value: float) -> None:
        """Keep the first value and the last one."""
        self._seen[kind, place + FIRST].setdefault(person, value)
        self._seen[kind, place + LAST][person] = value

    def _rows(
        self, connection: psycopg.Connection[Any], table: str, system: str
    ) -> None:
        # pg_statistic holds columns of any type, which JSON cannot
        row = "t" if system else "t::text"
        query = f"SELECT {system} to_jsonb({row})::text FROM {table} AS t"
        with connection.cursor() as cursor:
            cursor.execute(query.encode())
            for number, row in enumerate(cursor):
                *places, text = row
                found = list(self.names.in_text(text))
                if not found:
                    continue
                columns = dict(zip(SYSTEM_COLUMNS, places, strict=False))
                values = {"row": number, **columns}
                if system:
                    values |= json.loads(text)
                whose = {(kind, person) for _, kind, person in found}
                for position, kind, person in found:
                    self._note(kind, f"{table} text", person, position)
                if len(whose) <= len(SIDES):  # a row of somebody, not a list of many
                    self._columns(table, values, whose)

    def _columns(
        self, table: str, values: Mapping[str, Any], whose: set[tuple[str, int]]
    ) -> None:
        for column, value in values.items():
            number = as_number(value)
            size = len(value) if isinstance(value, str | list) else 0
            for kind, person in whose:
                self._note(kind, f"{table}.{column}", person, number)
                if column not in SYSTEM_COLUMNS:
                    self._note(kind, f"{table}.{column} size", person, size)

    def _files(self, data: Path, relations: list[tuple[str, str, str]]) -> None:
        """Heaps and indexes by name, dead row versions too, and every other file."""
        names = {path: (name, kind) for name, path, kind in relations}
        own = data / Path(relations[0][1]).parent
        others = [
            folder
            for folder in sorted(data.iterdir())
            if folder.is_dir() and folder.name not in ("base", "pg_wal")
        ]
        for path, content in files_under(own, *others):
            place = str(path.relative_to(data))
            name, kind = names.get(place, (f"file {path.parent.name}", ""))
            for position, what, person in self.names.needles.find(content):
                self._note(what, f"bytes of {name}", person, position)
            if kind == "r":
                self._heap(name, content)

    def _heap(self, name: str, content: bytes) -> None:
        for row in heap_tuples(content):
            for _, kind, person in self.names.needles.find(row.content):
                self._note(kind, f"page of {name}", person, row.place)
                for part, value in row.header.items():
                    self._note(kind, f"page of {name}, {part}", person, value)

    def _log_of_the_server(self, data: Path) -> None:
        """Write-ahead log as one stretch of bytes, and the server's text logs."""
        start = 0
        for _, content in files_under(data / "pg_wal"):
            for position, kind, person in self.names.needles.find(content):
                self._note(kind, "write-ahead log", person, start + position)
            start += len(content)
        for path, content in files_under(data.parent / "log"):
            for position, kind, person in self.names.needles.find(content):
                self._note(kind, f"log {path.name}", person, position)

    def _site_log(self) -> None:
        content = self.field.log.read_bytes()
        found = [
            *self.names.needles.find(content),
            *self.names.in_text(content.decode()),
        ]
        for position, kind, person in found:
            self._note(kind, "log of the site", person, position)


def as_number(value: Any) -> float:
    """A number that keeps the order of values: of numbers, places, times and texts."""
    if isinstance(value, bool | int | float):
        return float(value)
    if value is None:
        return -1.0
    text = str(value)
    if place := re.fullmatch(r"\((\d+),(\d+)\)", text):
        return float(place[1]) * 10_000 + float(place[2])
    if text.isdecimal():
        return float(text)
    if time := re.fullmatch(r"(\d+)-(\d+)-(\d+)[T ](\d+):(\d+):([\d.]+).*", text):
        *whole, seconds = time.groups()
        minutes = 0
        for part, base in zip(map(int, whole), (1, 12, 31, 24, 60), strict=True):
            minutes = minutes * base + part
        return minutes * 60 + float(seconds)
    return float(int.from_bytes(text.encode()[:6].ljust(6, b"\0"), "big"))


def _data_folder(connection: psycopg.Connection[Any]) -> Path | None:
    """Folder of the server; None where the server is not ours to read."""
    try:
        ((folder,),) = connection.execute("SHOW data_directory").fetchall()
        next(Path(folder).iterdir())
    except (psycopg.errors.InsufficientPrivilege, OSError):
        return None
    return Path(folder)
