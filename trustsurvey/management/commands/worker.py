"""The background worker: procrastinate's, after the statistics have been loaded."""

import asyncio
import logging
import signal
from argparse import ArgumentParser
from contextlib import suppress
from typing import Any

import psycopg
from django.core.management.base import BaseCommand
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException

AWAY = (ConnectorException, psycopg.OperationalError)
PAUSE = 5.0  # seconds before a worker that lost the database begins again

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
    asyncio.run(_until_told(grace))


async def _until_told(grace: float) -> None:
    """Begin again whenever the database was away."""
    told = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    stop = asyncio.create_task(told.wait())
    while True:
        work = asyncio.create_task(_work(grace))
        await asyncio.wait({work, stop}, return_when=asyncio.FIRST_COMPLETED)
        work.cancel()  # which lets the job under way finish
        with suppress(asyncio.CancelledError, *AWAY):
            await work
        if told.is_set():
            return
        # the library's worker ends without an error when its connection is lost
        logger.warning("The worker lost the database and tries again in a moment.")
        await asyncio.wait({stop}, timeout=PAUSE)


async def _work(grace: float) -> None:
    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
    with app.replace_connector(connector):
        async with app.open_async():
            await app.run_worker_async(
                shutdown_graceful_timeout=grace, install_signal_handlers=False
            )
