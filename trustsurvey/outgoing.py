"""What goes out to a client that may be slow: kept, so that no thread waits for it."""

import errno
import os
import select
import socket
from collections.abc import Callable
from functools import partial
from typing import Any

CHUNK = 64 * 1024
AT_A_TURN = 16  # chunks of a file for one client before the loop looks at the others
PATIENCE = 60.0  # seconds for a request or a reply, and one more for each SLOWEST
MOST_WAITING = 16_000_000  # bytes of a reply kept; then its thread waits


class FilePiece:
    """Bytes of a file that still have to be delivered; keeps the file open by itself.

    Attributes
    ----------
    sent : int
        Bytes that the line has taken.
    """

    def __init__(self, file: Any, offset: int, count: int, before: int) -> None:
        self._descriptor = os.dup(file.fileno())
        self._at, self._left = offset, count
        self._before = before  # bytes of the head that the line has not taken yet
        self.sent = 0
        hand_over = getattr(file, "hand_over", None)
        self._ended: Callable[[int], None] | None = hand_over() if hand_over else None

    def read(self) -> bytes:
        """Return the next bytes, empty at the end.

        Raises
        ------
        BrokenPipeError
            The file has become shorter than was told.
        """
        data = os.pread(self._descriptor, min(self._left, CHUNK), self._at)
        if self._left and not data:
            raise BrokenPipeError(errno.EPIPE, "A file ended before its time.")
        self._at += len(data)
        self._left -= len(data)
        return data

    def taken(self, number: int) -> None:
        """Count bytes that the line has taken."""
        head = min(number, self._before)
        self._before -= head
        self.sent += number - head

    def close(self) -> Callable[[], None] | None:
        """Close the file; returns what somebody wants to be told, if anybody does."""
        os.close(self._descriptor)
        return partial(self._ended, self.sent) if self._ended else None


class Outgoing:
    """A socket for the threads: what its client does not take at once is kept.

    `later` runs a function in a thread; it must not wait for one.
    """

    def __init__(
        self, plain: socket.socket, later: Callable[[Callable[[], None]], object]
    ) -> None:
        plain.setblocking(False)
        self._plain = plain
        self._later = later
        self.waiting = bytearray()
        self.piece: FilePiece | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._plain, name)

    def setblocking(self, flag: bool) -> None:
        """Never wait, whatever gunicorn asks for."""

    def settimeout(self, seconds: float | None) -> None:
        """Never wait, whatever gunicorn asks for."""

    def sendall(self, data: bytes) -> None:
        """Send, or keep for later; waits only where very much is kept already."""
        self._wait_for_file()
        self.waiting += data
        self.flush()
        while len(self.waiting) > MOST_WAITING:
            self._wait()

    def send(self, data: bytes) -> int:
        self.sendall(data)
        return len(data)

    def sendfile(self, file: Any, offset: int = 0, count: int | None = None) -> int:
        """Keep a file for later; the loop delivers it without a thread."""
        self._wait_for_file()
        size = os.fstat(file.fileno()).st_size - offset
        length = size if count is None else count
        self.piece = FilePiece(file, offset, length, len(self.waiting))
        return length

    def _wait_for_file(self) -> None:
        # gunicorn sends nothing after a file; if ever it does, it stays in order
        while self.piece is not None:
            self._wait()

    def _wait(self) -> None:
        writable = select.poll()
        writable.register(self._plain, select.POLLOUT)
        if not writable.poll(PATIENCE * 1000):
            raise BrokenPipeError(errno.EPIPE, "A client takes no more.")
        self.flush()

    def flush(self) -> bool:
        """Send what the line takes now; tells whether nothing is left."""
        for _ in range(AT_A_TURN):
            if not self._flush_waiting():
                return False
            if self.piece is None:
                return True
            data = self.piece.read()
            if not data:
                self._end_file()
                return True
            self.waiting += data
        return False

    def _flush_waiting(self) -> bool:
        while self.waiting:
            try:
                sent = self._plain.send(memoryview(self.waiting)[: 16 * CHUNK])
            except BlockingIOError:
                return False
            del self.waiting[:sent]
            if self.piece is not None:
                self.piece.taken(sent)
        return True

    def _end_file(self) -> None:
        piece, self.piece = self.piece, None
        told = piece.close() if piece is not None else None
        if told is not None:
            self._later(told)

    def close(self) -> None:
        self._end_file()
        self._plain.close()
