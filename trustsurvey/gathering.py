"""A gunicorn worker whose threads never wait for a client.

Gunicorn's own threaded worker gives a thread to a connection when it is opened; the thread
then waits for each byte of the request and until the client has taken the reply. As many
slow clients as there are threads stop a site. Here the worker's loop gathers a request
whole before a thread sees it, and delivers what a client does not take at once. A file is
delivered by the loop alone, in pieces: a thread leaves it when it has begun.

Leans on the inside of gunicorn's ThreadWorker; tests/endurance/test_slow_clients.py holds
what it is for.
"""

import errno
import logging
import resource
import selectors
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from functools import partial
from tempfile import SpooledTemporaryFile
from typing import Any

from gunicorn import http
from gunicorn.http.errors import ParseException
from gunicorn.util import write_error
from gunicorn.workers.gthread import TConn, ThreadWorker

from trustsurvey.outgoing import CHUNK, PATIENCE, Outgoing

LONGEST_HEAD = 64 * 1024
MOST_BYTES = 120_000_000  # of a body; owners bring files of answers (100 MiB)
IN_MEMORY = 1_000_000  # of a request; the rest goes to a temporary file
# bytes a second of the slowest line that is served, beyond PATIENCE
SLOWEST = 1_000
FAREWELL = 2.0  # seconds a client may take to close after the last reply
SPARE_FILES = 100  # descriptors that are no clients: databases, listeners, files
REASONS = {
    400: "Bad Request",
    411: "Length Required",
    413: "Content Too Large",
    431: "Request Header Fields Too Large",
    500: "Internal Server Error",
}
logger = logging.getLogger(__name__)


class Gathering:
    """The bytes of one request while they arrive.

    Attributes
    ----------
    whole : bool
        Everything is there; `content` may be read.
    refused : int
        Status to refuse with, 0 while there is no reason.
    surplus : bytes
        What came after the end: the beginning of the next request.
    expects : bool
        The client waits to be told to continue, once.
    length : int
        Bytes of the whole request, 0 while unknown.
    """

    def __init__(self) -> None:
        self.whole = self.expects = False
        self.refused = self.length = self._arrived = 0
        self.surplus = b""
        self._head = bytearray()
        self._file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115

    @property
    def begun(self) -> bool:
        return bool(self._head or self._arrived)

    def add(self, data: bytes) -> None:
        """Take the next bytes from the line."""
        if not self.length:
            self._head += data
            end = self._head.find(b"\r\n\r\n", max(0, len(self._head) - len(data) - 3))
            if end < 0:
                self.refused = 431 if len(self._head) > LONGEST_HEAD else 0
                return
            self._read_head(end + 4)
            if self.refused:
                return
            data = bytes(self._head)
            self._head.clear()
        taken = data[: self.length - self._arrived]
        self._file.write(taken)
        self._arrived += len(taken)
        self.whole = self._arrived == self.length
        self.surplus = data[len(taken) :]

    def _read_head(self, end: int) -> None:
        """Find how long the request is; gunicorn checks everything else."""
        body = 0
        for line in bytes(self._head[:end]).split(b"\r\n")[1:]:
            name, _, value = line.lower().partition(b":")
            if name == b"content-length" and value.strip().isdigit():
                body = int(value)
            elif name == b"transfer-encoding":
                self.refused = 411  # no page of ours sends without a length
            elif name == b"expect":
                self.expects = True
        if body > MOST_BYTES:
            self.refused = 413
        self.length = end + body

    def forget(self) -> None:
        """Free what was kept of a request that nobody will read."""
        self._file.close()

    def content(self) -> Iterator[bytes]:
        """Yield the request from its first to its last byte, once."""
        with self._file:
            self._file.seek(0)
            while data := self._file.read(CHUNK):
                yield data


class Client(TConn):  # type: ignore[misc]
    """A connection, which is either in the loop or with a thread."""

    def __init__(
        self,
        cfg: Any,
        plain: socket.socket,
        address: Any,
        server: Any,
        later: Callable[[Callable[[], None]], object],
    ) -> None:
        super().__init__(cfg, Outgoing(plain, later), address, server)
        self.initialized = True  # no TLS and no HTTP/2: a proxy's part
        self.request = Gathering()
        self.deadline = 0.0
        self.taken = 0  # bytes of a file when the deadline was moved last
        self.stays = True


class GatheringWorker(ThreadWorker):  # type: ignore[misc]
    """Gunicorn's threaded worker, safe from slow clients.

    Where more clients are connected than `worker_connections`, the one that has kept us
    waiting for longest is cut off.
    """

    worker_connections: int

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._in_loop: dict[Client, None] = {}  # the longest waiting first
        self._looked = 0.0

    def init_process(self) -> None:
        """Allow as many open files as connections may need."""
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = self.worker_connections + SPARE_FILES
        if soft != resource.RLIM_INFINITY and soft < wanted:
            soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
            self.worker_connections = soft - SPARE_FILES
        super().init_process()

    def accept(self, listener: Any) -> None:
        """Take a connection into the loop; no thread hears of it yet."""
        try:
            plain, address = listener.accept()
        except OSError as problem:
            known = (errno.EAGAIN, errno.ECONNABORTED, errno.EWOULDBLOCK)
            if problem.errno not in known:
                raise
            return
        self.nr_conns += 1
        if self.nr_conns >= self.worker_connections and self._in_loop:
            self._leave(next(iter(self._in_loop)))
        client = Client(self.cfg, plain, address, listener.getsockname(), self._later)
        self._wait(client, selectors.EVENT_READ, self._gather, PATIENCE)

    # ---- in the loop

    def _wait(
        self,
        client: Client,
        event: int,
        callback: Callable[[Client], None],
        patience: float,
    ) -> None:
        """Call back when the client moves, until patience ends."""
        client.deadline = time.monotonic() + patience
        moved = partial(self._moved, client, callback)
        self.poller.register(client.sock, event, moved)
        self._in_loop[client] = None

    def _moved(
        self, client: Client, callback: Callable[[Client], None], _: Any
    ) -> None:
        # another event of the same moment may have closed it
        if client in self._in_loop:
            callback(client)

    def _stop_waiting(self, client: Client) -> None:
        if client in self._in_loop:
            del self._in_loop[client]
            self.poller.unregister(client.sock)

    def _leave(self, client: Client) -> None:
        """Close at once."""
        self._stop_waiting(client)
        self._close(client)

    def _close(self, client: Client) -> None:
        self.nr_conns -= 1
        client.request.forget()
        client.close()

    def _gather(self, client: Client) -> None:
        data = _received(client)
        if data is None:
            return
        if data:
            self._take(client, data)
        else:
            self._leave(client)  # it went away; nothing had been promised to it

    def _take(self, client: Client, data: bytes) -> None:
        request = client.request
        if not request.begun:
            client.deadline = time.monotonic() + PATIENCE
        known = request.length
        request.add(data)
        if request.refused:
            self._stop_waiting(client)
            write_error(client.sock, request.refused, REASONS[request.refused], "")
            self._deliver(client, stays=False)
        elif request.whole:
            self._stop_waiting(client)
            client.parser = http.get_parser(self.cfg, request.content(), client.client)
            self.enqueue_req(client)
        elif request.length and not known:
            client.deadline += request.length / SLOWEST
            if request.expects:
                client.sock.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")

    def finish_request(self, client: Client, done: Future[Any]) -> None:
        """Take the connection back from its thread."""
        try:
            stays = bool(done.result())
        except Exception:
            stays = False
        self._deliver(client, stays=stays and self.alive)

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Exception) -> None:
        """Answer what is no HTTP, or a fault; who asked what and when goes to no log."""
        status = 400 if isinstance(exc, ParseException) else 500
        if status == 500:
            logger.error("A request failed: %s.", type(exc).__name__)
        write_error(client, status, REASONS[status], "")

    def _deliver(self, client: Client, *, stays: bool) -> None:
        client.stays = stays
        patience = PATIENCE + len(client.sock.waiting) / SLOWEST
        client.taken = 0
        self._wait(client, selectors.EVENT_WRITE, self._drain, patience)
        self._drain(client)

    def _drain(self, client: Client) -> None:
        try:
            if not client.sock.flush():
                self._stay_patient(client)
                return
        except OSError:
            self._leave(client)
            return
        self._stop_waiting(client)
        if client.stays:
            surplus = client.request.surplus
            client.request.forget()
            client.request = Gathering()
            self._wait(
                client, selectors.EVENT_READ, self._gather, float(self.cfg.keepalive)
            )
            if surplus:
                self._take(client, surplus)
        else:
            self._say_farewell(client)

    def _stay_patient(self, client: Client) -> None:
        """Move the deadline of whoever takes a file no slower than the slowest line."""
        piece = client.sock.piece
        if piece is not None and piece.sent - client.taken >= SLOWEST * PATIENCE:
            client.taken = piece.sent
            client.deadline = time.monotonic() + PATIENCE

    def _later(self, told: Callable[[], None]) -> None:
        """Let a thread do what the loop must not wait for."""
        try:
            self.tpool.submit(told)
        except RuntimeError:
            logger.warning(
                "The worker ends; what a download's end had to tell is lost."
            )

    def _say_farewell(self, client: Client) -> None:
        """Close such that the reply arrives: the client's end first (RFC 9112, 9.6)."""
        try:
            client.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self._close(client)
            return
        self._wait(client, selectors.EVENT_READ, self._linger, FAREWELL)

    def _linger(self, client: Client) -> None:
        if _received(client) == b"":
            self._leave(client)

    def murder_keepalived(self, force: bool = False) -> None:
        """Cut off whom patience has ended for; gunicorn's loop calls this all the time."""
        now = time.monotonic()
        if not force and now < self._looked + 1.0:
            return
        self._looked = now
        for client in [c for c in self._in_loop if force or c.deadline <= now]:
            self._leave(client)


def _received(client: Client) -> bytes | None:
    """What has arrived; None where nothing has yet, empty where the client is gone."""
    try:
        data: bytes = client.sock.recv(CHUNK)
    except BlockingIOError:
        return None
    except OSError:
        return b""
    return data
