"""A list of people from its file to the end: uploaded, checked, imported, forgotten.

Small lists are worked at once, in the transaction of the request; large ones by a job
that shows how far it is. What a dead worker left is taken up again by the sweeper.
"""

import logging
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from typing import BinaryIO
from uuid import UUID, uuid4

from django.db import IntegrityError, connections, transaction
from django.utils import timezone

from surveys import parts, stored_files
from surveys.models import (
    Attribute,
    Organization,
    PeopleList,
    PeopleListPart,
    PeopleRow,
)
from surveys.people import changes
from surveys.people.files import (
    ENCODINGS,
    MOST_BYTES,
    Line,
    encoding_of,
    read_lines,
    separator_of,
)
from surveys.people.findings import Finding, ListError
from surveys.people.mapping import ROLES, guess
from surveys.people.rows import Reader
from surveys.people.workbook import convert, is_workbook
from surveys.tenancy import organization_scope

BATCH = 5_000  # rows
AT_ONCE = 256 * 1024  # bytes; larger lists are worked in the background
PREVIEWED = 8  # rows
KEPT = timedelta(days=1)
PATIENCE = timedelta(minutes=10)
READ_SHARE = 80  # percent of the progress

Scope = Callable[[], AbstractContextManager[None]]
State = PeopleList.State

logger = logging.getLogger(__name__)


class Superseded(Exception):
    """Another worker took the list over, or somebody removed it."""


def opened(people_list: PeopleList) -> BinaryIO:
    return stored_files.opened(people_list.parts.all(), people_list.size)


# ------------------------------------------------------------------------- uploading


def upload(
    *,
    organization: Organization,
    filename: str,
    size: int,
    chunks: Iterable[bytes],
    at: datetime,
) -> PeopleList:
    """Keep a file for the steps to come; a workbook is kept as CSV.

    Raises
    ------
    ListError
        Nothing is kept.
    """
    if size > MOST_BYTES:
        raise ListError("too_large", params={"most": MOST_BYTES >> 20})
    pieces, formulas = iter(chunks), 0
    first = next(pieces, b"")
    if is_workbook(first):
        converted = convert(b"".join([first, *pieces]))
        first, pieces, formulas = converted.data, iter(()), converted.formulas
    elif b"\0" in first[:4] or first.startswith(b"\xd0\xcf\x11\xe0"):
        raise ListError("not_a_list")
    with transaction.atomic():
        people_list = PeopleList.objects.create(
            organization=organization,
            filename=filename[-200:],
            size=0,
            uploaded_at=at,
            changed_at=at,
            encoding=ENCODINGS[0],
            separator=",",
            formulas=formulas,
        )
        people_list.size = _keep(people_list, first, pieces)
        _look(people_list)
    return people_list


def _keep(people_list: PeopleList, first: bytes, pieces: Iterator[bytes]) -> int:
    """Store a file in parts of one size; return how many bytes it has."""

    def store(number: int, data: bytes) -> None:
        PeopleListPart.objects.create(
            organization_id=people_list.organization_id,
            people_list=people_list,
            number=number,
            data=data,
        )

    size = 0
    for size in stored_files.keep(first, pieces, store):
        if size > MOST_BYTES:
            raise ListError("too_large", params={"most": MOST_BYTES >> 20})
    return size


def _look(people_list: PeopleList) -> None:
    """Guess encoding, separator and columns."""
    with opened(people_list) as file:
        people_list.encoding = encoding_of(file)
        people_list.separator = separator_of(file, people_list.encoding)
        people_list.header = _header(file, people_list)
    people_list.mapping = guess(people_list.header, known_attributes())
    people_list.save(
        update_fields=["size", "encoding", "separator", "header", "mapping"]
    )


def _header(file: BinaryIO, people_list: PeopleList) -> list[str]:
    with closing(_lines(people_list, file)) as lines:
        first = next(lines)
    if first.problem:
        raise ListError("not_a_list")
    return [_title(cell, at) for at, cell in enumerate(first.cells, start=1)]


def _title(cell: str, at: int) -> str:
    shown = "".join(c if c.isprintable() else " " for c in cell)
    return " ".join(shown.split())[:200] or f"#{at}"


def known_attributes() -> dict[str, tuple[str, str]]:
    return {
        one.code: (one.name_en, one.name_zh_hans)
        for one in Attribute.objects.order_by("code")
    }


def read_again(people_list: PeopleList, encoding: str) -> None:
    """Read the titles once more, in another encoding."""
    people_list.encoding = encoding
    with opened(people_list) as file:
        people_list.separator = separator_of(file, encoding)
        people_list.header = _header(file, people_list)
    people_list.mapping = guess(people_list.header, known_attributes())
    people_list.save(update_fields=["encoding", "separator", "header", "mapping"])


def preview(people_list: PeopleList) -> list[Line]:
    """The first rows below the titles."""
    with opened(people_list) as file, closing(_lines(people_list, file)) as lines:
        return list(islice(lines, 1, 1 + PREVIEWED))


# -------------------------------------------------------------- checking and importing


def request_check(people_list: PeopleList, *, at: datetime) -> None:
    """Check a list: at once where it is small, else by a job."""
    people_list.state, people_list.failure = State.CHECKING, None
    people_list.progress, people_list.changed_at = 0, at
    people_list.save(
        update_fields=[
            "mapping",
            "create_units",
            "mark_missing",
            "state",
            "failure",
            "progress",
            "changed_at",
        ]
    )
    _begin(people_list)


def request_import(people_list: PeopleList, *, at: datetime) -> bool:
    """Import what was checked; False where it is not in that state."""
    begun = PeopleList.objects.filter(pk=people_list.pk, state=State.CHECKED).update(
        state=State.IMPORTING, progress=0, changed_at=at
    )
    if begun:
        people_list.refresh_from_db()
        _begin(people_list)
    return bool(begun)


def _begin(people_list: PeopleList) -> None:
    if people_list.size <= AT_ONCE:
        _work(people_list.pk, nullcontext)
        people_list.refresh_from_db()
        return
    from surveys.tasks import work_people_list

    work_people_list.defer(
        organization_id=str(people_list.organization_id), list_id=str(people_list.pk)
    )


def work(organization_id: UUID, list_id: UUID) -> None:
    """Do what a list waits for; repeating it does no harm."""
    _work(list_id, partial(organization_scope, organization_id))


def _work(list_id: UUID, scope: Scope) -> None:
    with scope():
        run = uuid4()
        waiting = PeopleList.objects.filter(
            pk=list_id, state__in=[State.CHECKING, State.IMPORTING]
        )
        if not waiting.update(run=run):
            return
        people_list = PeopleList.objects.get(pk=list_id)
    step = _check if people_list.state == State.CHECKING else _import
    try:
        step(people_list, run, scope)
    except Superseded:
        return
    except ListError as problem:
        _fail(people_list, run, scope, problem.code, problem.params)
    except IntegrityError:
        logger.warning("A list of people met other changes.", exc_info=True)
        _fail(people_list, run, scope, "changed_meanwhile", {})
    except Exception:
        _fail(people_list, run, scope, "stopped", {})
        raise


def _check(people_list: PeopleList, run: UUID, scope: Scope) -> None:
    with scope(), transaction.atomic():
        _go_on(people_list, run, 0)
        changes.clear(people_list)
    reader = Reader(people_list.header, people_list.mapping)
    with opened(people_list) as file, closing(_lines(people_list, file)) as lines:
        rows = map(reader.row, islice(lines, 1, None))
        while True:
            with scope(), transaction.atomic():
                batch = list(islice(rows, BATCH))
                share = file.tell() / max(1, people_list.size)
                _go_on(people_list, run, int(READ_SHARE * min(1, share)))
                changes.store(people_list, batch)
            if len(batch) < BATCH:
                break
    with scope(), transaction.atomic():
        _lock(people_list)
        _, counts = changes.compare(people_list)
        _finish(people_list, run, State.CHECKED, counts)


def _import(people_list: PeopleList, run: UUID, scope: Scope) -> None:
    with scope():
        stored = PeopleRow.objects.filter(people_list=people_list).count()
    if stored != people_list.counts.get("rows"):
        # the server crashed and emptied its unlogged table: read the file once more
        with scope():
            _set(people_list, run, state=State.CHECKING)
        _check(people_list, run, scope)
        return
    with scope(), transaction.atomic():
        _lock(people_list)
        counts = changes.apply(people_list)
        PeopleListPart.objects.filter(people_list=people_list).delete()
        _finish(people_list, run, State.DONE, counts)


def _lines(people_list: PeopleList, file: BinaryIO) -> Generator[Line, None, None]:
    return read_lines(file, people_list.encoding, people_list.separator)


def _lock(people_list: PeopleList) -> None:
    """Let one list of an organization be compared or stored at a time."""
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 6))",
            [str(people_list.organization_id)],
        )


def _go_on(people_list: PeopleList, run: UUID, progress: int) -> None:
    _set(people_list, run, progress=progress)


def _finish(
    people_list: PeopleList, run: UUID, state: str, counts: dict[str, int]
) -> None:
    _set(people_list, run, state=state, counts=counts, progress=100)


def _set(people_list: PeopleList, run: UUID, **values: object) -> None:
    mine = PeopleList.objects.filter(pk=people_list.pk, run=run)
    if not mine.update(changed_at=timezone.now(), **values):
        raise Superseded


def _fail(
    people_list: PeopleList,
    run: UUID,
    scope: Scope,
    code: str,
    params: dict[str, object],
) -> None:
    failure = {"code": code, "params": {k: str(v) for k, v in params.items()}}
    with scope():
        PeopleList.objects.filter(pk=people_list.pk, run=run).update(
            state=State.FAILED, failure=failure, changed_at=timezone.now()
        )


# --------------------------------------------------------------------------- findings


def findings(people_list: PeopleList, *, most: int | None = None) -> Iterator[Finding]:
    """Everything that is wrong with the rows, in the order of the file."""
    rows = PeopleRow.objects.filter(people_list=people_list, fate="rejected")
    found = rows.order_by("line").values_list("line", "wrong", "conflict")
    for line, wrong, conflict in found[:most] if most else found.iterator(2_000):
        for code, column, value in [*wrong, *conflict]:
            yield Finding(line, code, column, value)


def column_title(people_list: PeopleList, column: str, language: str) -> str:
    """Title of the column that a finding is about, as the file has it."""
    roles: Sequence[str] = people_list.mapping
    wanted = ("unit_path", "unit_code") if column == "unit" else (column,)
    for role in wanted:
        if role in roles:
            return str(people_list.header[roles.index(role)])
    return ROLES[column].in_(language) if column in ROLES else column


# --------------------------------------------------------------------------- sweeping


def sweep(at: datetime) -> None:
    """Forget lists of yesterday; take up what a dead worker left."""
    with connections[parts.MAIN].cursor() as cursor:
        cursor.execute(
            "SELECT organization_id, id, uploaded_at < %s FROM surveys_peoplelist"
            " WHERE uploaded_at < %s OR (state IN ('checking', 'importing')"
            " AND changed_at < %s)",
            [at - KEPT, at - KEPT, at - PATIENCE],
        )
        due = cursor.fetchall()
    for organization_id, list_id, old in due:
        if old:
            with organization_scope(organization_id):
                forget(list_id)
        else:
            work(organization_id, list_id)


def forget(list_id: UUID) -> None:
    PeopleList.objects.filter(pk=list_id).delete()
