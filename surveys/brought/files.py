"""A file of answers from upload to the end: uploaded, checked, imported, forgotten.

Small files are worked at once, in the transaction of the request; large ones by a job
that shows how far it is. What a dead worker left is taken up again by the sweeper.
"""

import hashlib
import logging
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from typing import Any, BinaryIO, Final
from uuid import UUID, uuid4

from django.db import IntegrityError, connections, transaction
from django.utils import timezone

from surveys import parts, stored_files
from surveys.brought import statistics, storing
from surveys.brought.findings import BroughtError
from surveys.brought.guessing import PROFILED, Profile, guess, profiles_of
from surveys.brought.looking import Looked, Looking
from surveys.brought.mapping import Mapping
from surveys.brought.rows import Reader, Row
from surveys.brought.source import Source, source_of
from surveys.brought.targets import asked_of, unit_names
from surveys.models import AnswerFile, AnswerFilePart, Organization
from surveys.people.files import (
    ENCODINGS,
    MOST_BYTES,
    Line,
    encoding_of,
    read_lines,
    separator_of,
)
from surveys.people.findings import ListError
from surveys.people.workbook import convert, is_workbook
from surveys.tenancy import organization_scope

AT_ONCE: Final = 256 * 1024  # bytes; larger files are worked in the background
BATCH: Final = 2_000  # rows between two signs of life
KEPT: Final = timedelta(days=1)
PATIENCE: Final = timedelta(minutes=10)

# Old workbooks, PDF, gzip
_NO_TABLES: Final = (b"\xd0\xcf\x11\xe0", b"%PDF", b"\x1f\x8b")

Scope = Callable[[], AbstractContextManager[None]]
State = AnswerFile.State

logger = logging.getLogger(__name__)


class Superseded(Exception):
    """Another worker took the file over, or somebody removed it."""


@dataclass(frozen=True, slots=True)
class Whither:
    """What the answers are answers to, and what was said of them with the file.

    `values` are fields of `AnswerFile`: version, or survey and form; and `said`.
    """

    organization: Organization
    values: dict[str, Any]


# ------------------------------------------------------------------------- uploading


def upload(
    whither: Whither,
    *,
    filename: str,
    size: int,
    chunks: Iterable[bytes],
    at: datetime,
) -> AnswerFile:
    """Keep a file for the steps to come, whatever its format as CSV, and guess.

    Raises
    ------
    BroughtError
        Nothing is kept.
    """
    if size > MOST_BYTES:
        raise BroughtError("too_large", params={"most": MOST_BYTES >> 20})
    digest = hashlib.sha256()
    pieces = _digested(chunks, digest)
    first = next(pieces, b"")
    kind, first, pieces, found = _as_csv(first, pieces)
    with transaction.atomic():
        file = AnswerFile.objects.create(
            organization=whither.organization,
            **whither.values,
            filename=filename.replace("\0", "")[-200:],
            kind=kind,
            sha256="0" * 64,
            size=0,
            uploaded_at=at,
            changed_at=at,
            encoding=ENCODINGS[0],
            separator=",",
            formulas=found.get("formulas", 0),
        )
        file.size = _keep(file, first, pieces)
        file.sha256 = digest.hexdigest()
        _look(file, found.get("columns", []))
        file.save()
    return file


def _digested(chunks: Iterable[bytes], digest: Any) -> Iterator[bytes]:
    for chunk in chunks:
        digest.update(chunk)
        yield chunk


def _as_csv(
    first: bytes, pieces: Iterator[bytes]
) -> tuple[str, bytes, Iterator[bytes], dict[str, Any]]:
    """Kind of the file, its text as CSV, and what else it says."""
    nothing: Iterator[bytes] = iter(())
    if is_workbook(first):
        try:
            sheet = convert(b"".join([first, *pieces]))
        except ListError as problem:
            raise BroughtError(problem.code) from None
        return "xlsx", sheet.data, nothing, {"formulas": sheet.formulas}
    if kind := statistics.kind_of(first):
        table = statistics.convert(b"".join([first, *pieces]), kind)
        return kind, table.data, nothing, {"columns": table.columns}
    if not _is_text(first[:400]) or first.startswith(_NO_TABLES):
        raise BroughtError("not_answers")
    return "csv", first, pieces, {}


def _is_text(start: bytes) -> bool:
    """Whether bytes may be text: zeros stand in UTF-16 alone, at every other place."""
    marked = start.startswith((b"\xff\xfe", b"\xfe\xff"))
    zeros = [start[place::2].count(0) for place in (0, 1)]
    return marked or not max(zeros) or (not min(zeros) and max(zeros) > len(start) // 8)


def _keep(file: AnswerFile, first: bytes, pieces: Iterator[bytes]) -> int:
    def store(number: int, data: bytes) -> None:
        AnswerFilePart.objects.create(
            organization_id=file.organization_id,
            answer_file=file,
            number=number,
            data=data,
        )

    size = 0
    for size in stored_files.keep(first, pieces, store):
        if size > MOST_BYTES:
            raise BroughtError("too_large", params={"most": MOST_BYTES >> 20})
    return size


def opened(file: AnswerFile) -> BinaryIO:
    return stored_files.opened(file.parts.all(), file.size)


def _look(file: AnswerFile, explained: Sequence[dict[str, Any]]) -> None:
    """Guess encoding, separator, columns and codings."""
    with opened(file) as stored:
        if file.kind == "csv":
            file.encoding = encoding_of(stored)
        file.separator = separator_of(stored, file.encoding)
    source, profiles = _understood(file, explained)
    file.source = source.to_data()
    file.mapping = guess(asked_of(file), source, profiles).to_data()


def read_again(file: AnswerFile, encoding: str, separator: str) -> None:
    """Guess once more, in another encoding or with another separator.

    Raises
    ------
    BroughtError
    """
    file.encoding = encoding
    with opened(file) as stored:
        file.separator = separator or separator_of(stored, encoding)
    try:
        source, profiles = _understood(file, ())
    except (UnicodeError, LookupError):
        raise BroughtError("encoding", params={"encoding": encoding}) from None
    file.source = source.to_data()
    file.mapping = guess(asked_of(file), source, profiles).to_data()
    file.state, file.failure = State.UPLOADED, None
    file.save()


def _understood(
    file: AnswerFile, explained: Sequence[dict[str, Any]]
) -> tuple[Source, list[Profile]]:
    with opened(file) as stored, closing(_lines(file, stored)) as lines:
        try:
            start = [line.cells for line in islice(lines, 3)]
            if not start or not start[0]:
                raise BroughtError("not_answers")
            source = source_of(start, explained, kind=file.kind)
            if len(start) <= source.head and len(start) < 2:
                raise BroughtError("no_rows")
            rows = [
                *start[source.head :],
                *(one.cells for one in islice(lines, PROFILED)),
            ]
        except ListError as problem:
            raise _said(problem) from None
    return source, profiles_of(rows, len(source.columns))


def _lines(file: AnswerFile, stored: BinaryIO) -> Generator[Line, None, None]:
    most = statistics.MOST_COLUMNS
    return read_lines(stored, file.encoding, file.separator, most_columns=most)


def _said(problem: ListError) -> BroughtError:
    return BroughtError(problem.code, params=problem.params)


def profiles(file: AnswerFile) -> list[Profile]:
    """Values of every column among the first rows, for the page."""
    source = Source.from_data(file.source)
    with opened(file) as stored, closing(_lines(file, stored)) as lines:
        rows = [line.cells for line in islice(lines, source.head, PROFILED)]
    return profiles_of(rows, len(source.columns))


# -------------------------------------------------------------- checking and importing


def request_check(file: AnswerFile, *, at: datetime) -> None:
    """Go through all rows without storing one: at once where it is small."""
    file.state, file.failure = State.CHECKING, None
    file.progress, file.changed_at = 0, at
    file.save(
        update_fields=["mapping", "said", "state", "failure", "progress", "changed_at"]
    )
    _begin(file)


def request_import(file: AnswerFile, *, at: datetime) -> bool:
    """Import what was checked; False where it is not in that state."""
    begun = AnswerFile.objects.filter(pk=file.pk, state=State.CHECKED).update(
        state=State.IMPORTING, progress=0, changed_at=at
    )
    if begun:
        file.refresh_from_db()
        _begin(file)
    return bool(begun)


def _begin(file: AnswerFile) -> None:
    if file.size <= AT_ONCE:
        _work(file.pk, nullcontext)
        file.refresh_from_db()
        return
    from surveys.tasks import work_answer_file

    work_answer_file.defer(
        organization_id=str(file.organization_id), file_id=str(file.pk)
    )


def work(organization_id: UUID, file_id: UUID) -> None:
    """Do what a file waits for; repeating it does no harm."""
    _work(file_id, partial(organization_scope, organization_id))


def _work(file_id: UUID, scope: Scope) -> None:
    with scope():
        run = uuid4()
        waiting = AnswerFile.objects.filter(
            pk=file_id, state__in=[State.CHECKING, State.IMPORTING]
        )
        if not waiting.update(run=run):
            return
        file = AnswerFile.objects.select_related("survey", "form").get(pk=file_id)
    step = _check if file.state == State.CHECKING else _import
    try:
        step(file, run, scope)
    except Superseded:
        return
    except ListError as problem:
        _fail(file, run, scope, problem.code, problem.params)
    except BroughtError as problem:
        _fail(file, run, scope, problem.code, problem.params)
    except IntegrityError:
        logger.warning("Answers from elsewhere met other changes.", exc_info=True)
        _fail(file, run, scope, "changed_meanwhile", {})
    except Exception:
        _fail(file, run, scope, "stopped", {})
        raise


def _check(file: AnswerFile, run: UUID, scope: Scope) -> None:
    with scope():
        reader = reader_of(file)
        stored = opened(file)
        columns = {
            one.column: at
            for at, one in enumerate(reader.mapping.items)
            if one.column >= 0
        }
    looking = Looking(reader.form, reader.today)
    # parts are read in a transaction that ends with each batch
    with closing(_lines(file, stored)) as lines:
        rows = map(reader.row, islice(lines, reader.source.head, None))
        while True:
            with scope(), transaction.atomic():
                batch = list(islice(rows, BATCH))
                share = stored.tell() / max(1, file.size)
                _set(file, run, progress=int(100 * min(1, share)))
            for row in batch:
                looking.add(row, columns)
            if len(batch) < BATCH:
                break
    with scope():
        looked = looking.looked().to_data()
        _set(file, run, state=State.CHECKED, looked=looked, progress=100)


def _import(file: AnswerFile, run: UUID, scope: Scope) -> None:
    with scope(), transaction.atomic():
        _set(file, run, progress=0)
        looked = Looked.from_data(file.looked)
        reader = reader_of(file)
        with opened(file) as stored, closing(_lines(file, stored)) as lines:
            rows = map(reader.row, islice(lines, reader.source.head, None))
            survey = storing.store(file, reader, looked, rows, at=timezone.now())
        AnswerFilePart.objects.filter(answer_file=file).delete()
        _set(file, run, state=State.DONE, result=survey.pk, progress=100)


def reader_of(file: AnswerFile) -> Reader:
    """What understands the rows of a file, as it was confirmed."""
    return Reader.of(
        asked_of(file),
        Source.from_data(file.source),
        Mapping.from_data(file.mapping),
        units=unit_names(),
        language=file.said["language"],
        today=timezone.now().date(),
    )


def rejected(file: AnswerFile) -> Iterator[Row]:
    """Every row that is not imported, from the file."""
    reader = reader_of(file)
    with opened(file) as stored, closing(_lines(file, stored)) as lines:
        for line in islice(lines, reader.source.head, None):
            row = reader.row(line)
            if row.problems:
                yield row


def _set(file: AnswerFile, run: UUID, **values: object) -> None:
    mine = AnswerFile.objects.filter(pk=file.pk, run=run)
    if not mine.update(changed_at=timezone.now(), **values):
        raise Superseded


def _fail(
    file: AnswerFile, run: UUID, scope: Scope, code: str, params: dict[str, object]
) -> None:
    failure = {"code": code, "params": {k: str(v) for k, v in params.items()}}
    with scope():
        AnswerFile.objects.filter(pk=file.pk, run=run).update(
            state=State.FAILED, failure=failure, changed_at=timezone.now()
        )


# --------------------------------------------------------------------------- sweeping


def sweep(at: datetime) -> None:
    """Forget files of yesterday; take up what a dead worker left."""
    with connections[parts.MAIN].cursor() as cursor:
        cursor.execute(
            "SELECT organization_id, id, uploaded_at < %s FROM surveys_answerfile"
            " WHERE uploaded_at < %s OR (state IN ('checking', 'importing')"
            " AND changed_at < %s)",
            [at - KEPT, at - KEPT, at - PATIENCE],
        )
        due = cursor.fetchall()
    for organization_id, file_id, old in due:
        if old:
            with organization_scope(organization_id):
                AnswerFile.objects.filter(pk=file_id).delete()
        else:
            work(organization_id, file_id)
