"""The site on a port of its own, for browsers and other clients over HTTP."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.db import connections


class QuietHandler(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Keep respondents' requests out of the output, as the site does."""


class ClosingHandler(WSGIHandler):
    """Closes the database connections of its thread after each answer."""

    def __call__(self, environ, start_response):  # type: ignore[no-untyped-def]
        try:
            return super().__call__(environ, start_response)
        finally:
            connections.close_all()


@contextmanager
def serving() -> Iterator[str]:
    """Serve from threads inside the block; yields the address."""
    server = ThreadedWSGIServer(("127.0.0.1", 0), QuietHandler)
    server.set_app(ClosingHandler())
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
