"""Work through the waiting background jobs, as the worker does."""

from threading import Thread

from django.db import connections
from procrastinate.contrib.django import app


def run_waiting_jobs() -> None:
    """Run every job that waits, in this process, through the real queue.

    In a thread of its own: the worker brings an event loop, and so does Playwright.
    """
    worker = Thread(target=_work)
    worker.start()
    worker.join()


def _work() -> None:
    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
    with app.replace_connector(connector) as worker:
        worker.run_worker(
            wait=False, install_signal_handlers=False, listen_notify=False
        )
    connections.close_all()
