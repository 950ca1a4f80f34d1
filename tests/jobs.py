"""Work through the waiting background jobs, as the worker does."""

from procrastinate.contrib.django import app


def run_waiting_jobs() -> None:
    """Run every job that waits, in this process, through the real queue."""
    with app.replace_connector(app.connector.get_worker_connector()) as worker:
        worker.run_worker(
            wait=False, install_signal_handlers=False, listen_notify=False
        )
