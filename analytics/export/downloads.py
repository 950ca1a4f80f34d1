"""A file on its way out: in pieces, never whole in memory, from any byte on."""

import logging
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID, uuid4

from django.db import DatabaseError, connections
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.utils import timezone

from analytics.export import storage
from analytics.export.formats import FORMATS
from analytics.export.log import note
from analytics.export.models import Export, ExportEntry
from analytics.export.naming import disposition
from analytics.export.ranges import Span, Unsatisfiable, span_of
from surveys.models import Membership
from surveys.tenancy import organization_scope

What = ExportEntry.What
BLOCK: Final = 64 * 1024
logger = logging.getLogger(__name__)


class Gone(Exception):
    """There is no file (any more)."""


class Piece:
    """Some bytes of a file, as `wsgi.file_wrapper` takes it.

    A server that delivers the file by itself, after the request is done, takes
    `hand_over`: then it tells how much was sent, and closing this says nothing.
    """

    def __init__(self, path: Path, span: Span, ended: Callable[[int], None]) -> None:
        # without a buffer: a server asks the descriptor itself where it stands
        self._file = path.open("rb", buffering=0)
        self._file.seek(span.first)
        self._left = span.length
        self._length = span.length
        self._ended: Callable[[int], None] | None = ended

    def fileno(self) -> int:
        return self._file.fileno()

    def read(self, size: int = -1) -> bytes:
        wanted = self._left if size < 0 else min(size, self._left)
        data = self._file.read(wanted) if wanted else b""
        self._left -= len(data)
        return data

    def hand_over(self) -> Callable[[int], None]:
        """Leave the rest to the caller; returns whom to tell how many bytes went."""
        ended, self._ended = self._ended, None

        def told(sent: int) -> None:
            try:
                if ended is not None:
                    ended(sent)
            finally:
                # outside of a request nobody else gives the connection back
                connections.close_all()

        return told

    def close(self) -> None:
        self._file.close()
        ended, self._ended = self._ended, None
        if ended is not None:
            ended(self._length - self._left)


def response_of(
    export: Export,
    who: Membership,
    *,
    asked: str | None,
    if_range: str | None,
    head: bool,
    at: datetime,
) -> HttpResponseBase:
    """Answer a request for the file of an export that is ready.

    The log has its beginning before the first byte leaves.

    Raises
    ------
    Gone
        The file does not lie where the row says.
    """
    path = _path_of(export)
    size = export.size or 0
    etag = f'"{export.sha256}"'
    try:
        span = span_of(asked, if_range, size=size, etag=etag)
    except Unsatisfiable:
        refused = HttpResponse(status=416, content_type="text/plain")
        refused["Content-Range"] = f"bytes */{size}"
        return _with_headers(refused, export, etag)
    response: HttpResponseBase
    if head:
        response = HttpResponse(content_type=FORMATS[export.format].media_type)
    else:
        ended = _begun(export, who, span, at)
        response = FileResponse(
            Piece(path, span, ended), content_type=FORMATS[export.format].media_type
        )
        response.block_size = BLOCK
    response.status_code = 206 if span.partial else 200
    if span.partial:
        response["Content-Range"] = f"bytes {span.first}-{span.last}/{size}"
    response["Content-Length"] = str(span.length)
    return _with_headers(response, export, etag)


def _path_of(export: Export) -> Path:
    if export.run is None:
        raise Gone
    path = storage.file_of(export.run)
    try:
        found = os.stat(path).st_size
    except FileNotFoundError:
        raise Gone from None
    if found != export.size:
        raise Gone
    return path


def _with_headers(
    response: HttpResponseBase, export: Export, etag: str
) -> HttpResponseBase:
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-store"
    response["Content-Disposition"] = disposition(export)
    response["X-Content-Type-Options"] = "nosniff"
    # a codebook is a page: opened from here it may run and fetch nothing
    response["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'"
    )
    return response


def _begun(
    export: Export, who: Membership, span: Span, at: datetime
) -> Callable[[int], None]:
    """Note the beginning of a download; returns what notes its end."""
    download = uuid4()
    taker = who.user.email.lower()
    note(export, What.BEGUN, at=at, who=taker, download=download, first_byte=span.first)

    def ended(sent: int) -> None:
        to_the_end = span.first + sent == export.size
        try:
            _note_end(export, taker, download, span.first, sent, to_the_end)
        except DatabaseError:
            # the beginning stands in the log; a cut line must not end a worker's turn
            logger.warning("The end of a download could not be noted.", exc_info=True)

    return ended


def _note_end(
    export: Export, who: str, download: UUID, first: int, sent: int, complete: bool
) -> None:
    with organization_scope(export.organization_id):
        note(
            export,
            What.ENDED,
            at=timezone.now(),
            who=who,
            download=download,
            first_byte=first,
            sent=sent,
            complete=complete,
        )
