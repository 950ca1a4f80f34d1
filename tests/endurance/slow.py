"""Clients that take their time, all of them from one thread of the test."""

import select
import selectors
import socket
from dataclasses import dataclass, field
from http.client import HTTPResponse
from io import BytesIO
from typing import Any

from tests.endurance.rights import Request


@dataclass(eq=False)
class SlowClient:
    """One connection that sends a little at a time and reads late.

    Attributes
    ----------
    left : bytes
        What it has not sent yet.
    reply : bytes
        What it has read.
    """

    port: int
    left: bytes
    line: socket.socket = field(init=False)
    reply: bytes = b""

    def __post_init__(self) -> None:
        self.line = socket.socket()
        # a small window: the site cannot leave a reply in this one's buffers
        self.line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.line.settimeout(60)
        self.line.connect(("127.0.0.1", self.port))

    def send(self, number: int) -> None:
        self.line.sendall(self.left[:number])
        self.left = self.left[number:]

    def status(self) -> int:
        """Status of the reply; raises unless it arrived whole."""
        parsed = HTTPResponse(_Replayed(self.reply))
        parsed.begin()
        parsed.read()
        return parsed.status


class _Replayed(socket.socket):
    """A socket from which a reply is read that has been received before."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.close()
        self._content = content

    def makefile(self, *args: Any, **options: Any) -> Any:
        return BytesIO(self._content)


def written(request: Request) -> bytes:
    """The request as it goes over the line; the connection is closed after it."""
    method = "POST" if request.body else "GET"
    lines = [
        f"{method} {request.path} HTTP/1.1",
        "Host: 127.0.0.1",
        "Connection: close",
        *(f"{name}: {value}" for name, value in request.headers.items()),
        f"Content-Length: {len(request.body)}",
    ]
    return "\r\n".join([*lines, "", ""]).encode() + request.body


def await_first_bytes(clients: list[SlowClient]) -> None:
    """Wait until every reply has begun, without reading any of it."""
    for client in clients:
        # select() knows no descriptor above 1023
        begun = select.poll()
        begun.register(client.line, select.POLLIN)
        assert begun.poll(60_000), "the site does not answer"


def read_all(clients: list[SlowClient]) -> None:
    """Read every reply to its end."""
    waiting = selectors.DefaultSelector()
    for client in clients:
        waiting.register(client.line, selectors.EVENT_READ, client)
    while waiting.get_map():
        ready = waiting.select(60)
        assert ready, "the site does not go on"
        for key, _ in ready:
            client = key.data
            try:
                more = client.line.recv(65_536)
            except OSError:
                more = b""
            client.reply += more
            if not more:
                waiting.unregister(client.line)
                client.line.close()
    waiting.close()
