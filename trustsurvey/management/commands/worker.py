"""The background worker: procrastinate's, after the statistics have been loaded."""

import logging
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from procrastinate.contrib.django import app

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Carry out background jobs, the compiled statistics loaded beforehand."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--grace",
            type=float,
            default=5.0,
            help="seconds that a job may take to finish when the worker is stopped",
        )

    def handle(self, *, grace: float, **options: Any) -> None:
        # here, not in an AppConfig: pages load those, and numba is not for pages
        from analytics.psychometrics import compiled

        if not compiled.warm_up():
            logger.info("numba is not installed: statistics take the NumPy path.")
        carry_out(grace)


def carry_out(grace: float) -> None:
    """Take jobs until a signal stops the process; `grace` seconds are left to them."""
    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
    with app.replace_connector(connector):
        app.run_worker(shutdown_graceful_timeout=grace)
