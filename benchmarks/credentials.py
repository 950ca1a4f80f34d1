"""What a blind signature and a sealed answer cost, beside what they cannot go below.

Runs its own PostgreSQL with fsync on and the web server of the site, both removed
afterwards. Signing: `SigningKey.sign`, beside one private operation of OpenSSL with a key
of the same size. Taking in: `surveys.collect.sealed.receive_signed`, which verifies and
stores, beside an INSERT and COMMIT into a table without constraints. Over HTTP: the same
from the client's side, beside a request of that size which touches no database.
"""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from benchmarks import (
    ROOT,
    in_turn,
    print_row,
    seconds_text,
    surroundings,
    wanted,
    write,
)
from benchmarks._marks import Mark
from benchmarks._site import throw_away_site

if TYPE_CHECKING:
    from tests.endurance.rights import Right

TIMES = 300
SIGNATURE, TAKEN, SUBMIT = "signature", "verify and store", "sealed submit over HTTP"
MOST = {SIGNATURE: 6e-3, TAKEN: 3e-3}  # seconds
WIDTHS = (26, 10, 11, 10, 8, 46)


@dataclass(frozen=True, slots=True)
class Row:
    """Medians of ours and of its limit, which ran in turn.

    Attributes
    ----------
    seconds, limit_seconds : float
        By the clock on the wall.
    core_seconds : float
        Of them, what ours kept a core of this process busy.
    """

    name: str
    seconds: float
    core_seconds: float
    limit: str
    limit_seconds: float
    ratio: float


def compared(
    name: str,
    ours: Callable[[], object],
    limit: str,
    bare: Callable[[], object],
    *,
    times: int,
) -> Row:
    busy: list[float] = []

    def on_core() -> None:
        before = time.thread_time()
        ours()
        busy.append(time.thread_time() - before)

    seconds, limit_seconds = in_turn(on_core, bare, repeats=times)
    ratio = seconds / limit_seconds
    return Row(name, seconds, median(busy), limit, limit_seconds, ratio)


def marks(rows: list[Row]) -> list[Mark]:
    """Hold the stated aims against what was measured: a signature is one core's work."""
    found = {
        row.name: row.core_seconds if row.name == SIGNATURE else row.seconds
        for row in rows
    }
    return [
        Mark(
            name,
            f"< {most * 1e3:g} ms",
            f"{found[name] * 1e3:.2f} ms",
            "reached" if found[name] < most else "missed",
        )
        for name, most in MOST.items()
    ]


# ------------------------------------------------------------------------ the rows


def signing(times: int) -> Row:
    """One thread, no database: what an issuer can do with one core."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding, utils

    from surveys.credentials import SALT_BYTES, SigningKey

    key = SigningKey.generate()
    length = (key.private.key_size + 7) // 8
    blinded = bytes(1) + os.urandom(length - 1)  # below the modulus
    digest, known = os.urandom(SALT_BYTES), utils.Prehashed(hashes.SHA384())
    return compared(
        SIGNATURE,
        lambda: key.sign(blinded),
        f"OpenSSL, one private operation, {key.private.key_size} bits",
        lambda: key.private.sign(digest, padding.PKCS1v15(), known),
        times=times,
    )


def taking(times: int) -> Row:
    """One connection; each answer brings a credential of its own."""
    from django.db import connections

    from surveys.collect.intake import Receipt
    from tests.surveys.promised import Credential, collected, sheet, submit

    rights = _rights(times + 1)
    wave, left = collected(rights[0].wave), iter(rights)

    def take() -> None:
        held = next(left).proof
        assert isinstance(held, Credential)
        assert submit(wave, held, sheet(wave)) is Receipt.STORED

    connections["collector"].ensure_connection()
    with _bare_table() as insert:
        row = compared(TAKEN, take, "INSERT and COMMIT, fsync on", insert, times=times)
    connections.close_all()
    return row


def submitting(times: int) -> Row:
    """One client that keeps its connection, one request after the other."""
    from tests.endurance.rights import Request
    from tests.endurance.web import gunicorn

    rights = _rights(times + 1)
    left = iter([right.request() for right in rights])
    unknown = Request(
        "/i/nothing", rights[0].request().body, {"Content-Type": "text/plain"}
    )
    with (
        tempfile.TemporaryDirectory() as folder,
        gunicorn(Path(folder) / "output") as web,
    ):
        line = HTTPConnection("127.0.0.1", web.port, timeout=60)

        def ask(request: Request, status: int) -> None:
            line.request("POST", request.path, request.body, request.headers)
            reply = line.getresponse()
            reply.read()
            assert reply.status == status

        row = compared(
            SUBMIT,
            lambda: ask(next(left), 201),
            "the same bytes to an address without a page",
            lambda: ask(unknown, 404),
            times=times,
        )
        line.close()
    return row


def _rights(number: int) -> "list[Right]":
    """People of one anonymous wave who hold a credential under a key of full size."""
    from tests.endurance.rights import Right
    from tests.surveys.promised import (
        cell,
        cells_of,
        codes,
        collected,
        launch,
        obtain,
        public_key_of,
    )

    wave = launch([cell(max(number, 8))])
    (team,) = cells_of(wave)
    asked = collected(wave)
    key = public_key_of(asked, team)
    return [
        Right("sealed", wave, asked.form, obtain(wave, code, key))
        for code in codes(wave, team)[:number]
    ]


@contextmanager
def _bare_table() -> Iterator[Callable[[], None]]:
    """Yield what inserts and commits one row of an answer's size, and nothing else."""
    import psycopg
    from django.conf import settings

    from tests.factories import brand_form
    from trustsurvey import roles

    answers = [item.high for item in brand_form().items]
    login = roles.logins(ROOT, os.environ, settings.SECRET_KEY)["owner"]
    with psycopg.connect(**login) as connection:
        connection.execute("CREATE TABLE bare (id uuid PRIMARY KEY, a smallint[])")
        connection.commit()

        def insert() -> None:
            connection.execute("INSERT INTO bare VALUES (%s, %s)", [uuid4(), answers])
            connection.commit()

        yield insert


# ------------------------------------------------------------------------ printing


def show(row: Row) -> None:
    times = [row.seconds, row.core_seconds, row.limit_seconds]
    print_row(
        (row.name, *map(seconds_text, times), f"{row.ratio:.2f}", f"  {row.limit}"),
        WIDTHS,
    )


def main() -> None:
    """Measure, print the table, write the file."""
    asked = wanted("credentials", __doc__)
    where = surroundings()
    times = TIMES // 10 if asked.quick else TIMES
    rows: list[Row] = []
    with throw_away_site():
        print_row(("", "ours", "on a core", "limit", "ratio", "limit"), WIDTHS)
        for measure in (signing, taking, submitting):
            rows.append(measure(times))
            show(rows[-1])
    judged = marks(rows)
    for mark in judged:
        print(f"{mark.name}: wanted {mark.wanted}, {mark.measured}: {mark.state}")
    result: dict[str, Any] = {
        "rows": [asdict(row) for row in rows],
        "marks": [asdict(mark) for mark in judged],
    }
    write(asked.path, where | result)


if __name__ == "__main__":
    main()
