"""Trying again while the database is away."""

import time
from collections.abc import Callable
from typing import TypeVar

LONGEST = 120.0  # seconds
PAUSE = 0.02  # seconds between two attempts
Found = TypeVar("Found")


def patiently(work: Callable[[], Found]) -> Found:
    """Do `work` until the database carries it out."""
    # programs import this module before Django is set up
    from django.db import InterfaceError, OperationalError, connections

    deadline = time.monotonic() + LONGEST
    while True:
        try:
            return work()
        except (InterfaceError, OperationalError):
            connections.close_all()
            if time.monotonic() > deadline:
                raise
        time.sleep(PAUSE)
