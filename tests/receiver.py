"""A system of somebody else's that receives what we send, over TLS on this machine."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from surveys.fieldwork.gateway import Target
from tests.catcher import make_certificate


class House(HTTPServer):
    """Another system on this machine; `status` and `text` are what it answers."""

    status = 200
    text = b""
    silent = False
    got: list[tuple[dict[str, str], bytes]]


class Room(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        house = self.server
        assert isinstance(house, House)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        house.got.append((dict(self.headers.items()), body))
        if house.silent:
            self.close_connection = True
            return
        self.send_response(house.status)
        if house.status == 302:
            self.send_header("Location", "https://localhost:1/elsewhere")
        self.send_header("Content-Length", str(len(house.text)))
        self.end_headers()
        self.wfile.write(house.text)

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""


@contextmanager
def house(folder: Path) -> Iterator[tuple[House, Target, ssl.SSLContext]]:
    certificate, tls = make_certificate(folder)
    server = House(("127.0.0.1", 0), Room)
    server.got = []
    server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=[0.05])
    thread.start()
    port = server.server_address[1]
    try:
        trusting = ssl.create_default_context(cafile=str(certificate))
        yield server, Target("localhost", port, "/send", "127.0.0.1"), trusting
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
