"""What the worker does for a launch, in a process that may be killed at any moment.

`python -m tests.endurance.sender` forks a worker for each line that it reads and answers
with its number; it has loaded the site beforehand, so that a worker is quick to replace.
Waiting is shortened; nothing else differs from the site.
"""

import os
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

LEASE = timedelta(seconds=3)
SHORT = timedelta(seconds=0.3)
CARELESS = "careless"
PLANNED = "planned"  # opens what the schedules say first, as the sweeper does


def main() -> None:
    import django

    django.setup()
    from django.utils import timezone

    from surveys.fieldwork import due, launch, outbox

    due.LONGEST_PAUSE = 0
    outbox.LEASE = LEASE
    outbox.HALTED = outbox.FIRST_PAUSE = outbox.LONGEST_PAUSE = SHORT
    outbox.MOST_ATTEMPTS = 1000
    child = 0
    for line in sys.stdin:
        if child:
            os.waitpid(child, 0)
        child = os.fork()
        if child == 0:
            if line.strip() == CARELESS:
                mark_sent_before_sending(outbox)
            jobs: list[Callable[[], object]] = [launch.open_due, outbox.run]
            if line.strip() == PLANNED:
                jobs.insert(0, lambda: due.sweep(timezone.now()))
            work(*jobs)
        print(child, flush=True)


def work(*jobs: Callable[[], object]) -> None:
    """Open what is prepared and send what is due, for ever; what fails is tried again."""
    import traceback

    from django.db import connections

    while True:
        try:
            for job in jobs:
                job()
        except Exception:
            # as the site's worker does: a job that failed does not end it
            traceback.print_exc()
            connections.close_all()
        time.sleep(0.05)


def mark_sent_before_sending(outbox: Any) -> None:
    """The fault that the test must find: a batch counts as sent when it is taken."""
    take = outbox._take

    def take_and_forget(*arguments: Any) -> Any:
        parcels = take(*arguments)
        for parcel in parcels:
            outbox._sent(parcel, outbox.timezone.now())
        return parcels

    outbox._take = take_and_forget


if __name__ == "__main__":
    main()
