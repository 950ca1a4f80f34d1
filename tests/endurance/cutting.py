"""A line between client and site that loses replies, after the site has sent them."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

WHOLE = 64 * 1024


class CuttingLine:
    """Forwards connections; the reply of those that are to be cut never arrives.

    Attributes
    ----------
    cut : int
        How many of the next replies to a POST are lost.
    lost : list of bytes
        The first bytes of what was lost: what the site had answered.
    """

    def __init__(self, target: int) -> None:
        self.cut = 0
        self.lost: list[bytes] = []
        self._target = target
        self._lock = threading.Lock()
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port: int = self._listening.getsockname()[1]
        self._accepting = threading.Thread(target=self._accept)
        self._accepting.start()

    def close(self) -> None:
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._accepting.join()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=[client], daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        site = socket.create_connection(("127.0.0.1", self._target))
        posting = threading.Event()
        back = threading.Thread(
            target=self._back, args=[site, client, posting], daemon=True
        )
        back.start()
        with client, site:
            with suppress(OSError):
                while content := client.recv(WHOLE):
                    if content.startswith(b"POST "):
                        posting.set()
                    site.sendall(content)
                site.shutdown(socket.SHUT_WR)
            back.join()

    def _back(
        self, site: socket.socket, client: socket.socket, posting: threading.Event
    ) -> None:
        with suppress(OSError):
            while content := site.recv(WHOLE):
                if posting.is_set() and self._is_cut(content):
                    break
                client.sendall(content)
        with suppress(OSError):
            client.shutdown(socket.SHUT_RDWR)

    def _is_cut(self, content: bytes) -> bool:
        """Whether to lose this reply; the site said it, so COMMIT lies behind."""
        with self._lock:
            if not self.cut:
                return False
            self.cut -= 1
            self.lost.append(content[:12])
            return True


@contextmanager
def cutting_line(target: int) -> Iterator[CuttingLine]:
    line = CuttingLine(target)
    try:
        yield line
    finally:
        line.close()
