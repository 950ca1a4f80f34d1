"""How fast answers are taken in, and loaded again, beside what the database can do.

Runs its own PostgreSQL with fsync on, in a folder of its own that is removed afterwards.
Intake: `surveys.collect.intake.receive`, beside a single-row INSERT and COMMIT through
psycopg into a table without constraints. Loading: `analytics.responses.load_responses`,
beside the same rows by plain binary COPY, read and thrown away.
"""

import multiprocessing
import os
import resource
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from threading import Barrier, Thread
from uuid import UUID, uuid4

from benchmarks import (
    ROOT,
    in_turn,
    print_row,
    seconds_text,
    surroundings,
    wanted,
    write,
)
from benchmarks._site import filled_wave, throw_away_site

THREADS = (1, 4)
ANSWERS_A_THREAD = 1_000
ROUNDS = 5
LOADED = (100_000, 1_000_000)
PEAK_UNIT = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss, in bytes
WIDTHS = (44, 12, 12, 9)


@dataclass(frozen=True, slots=True)
class Intake:
    """Answers a second, medians of the rounds."""

    threads: int
    received: float
    inserted: float
    share_of_limit: float


@dataclass(frozen=True, slots=True)
class Loading:
    """Median seconds; peak memory above that of the idle process."""

    responses: int
    items: int
    seconds: float
    copy_seconds: float
    ratio: float
    peak_bytes: int
    code_bytes: int


# ------------------------------------------------------------------------- intake


def measured_intake(threads: int, each: int) -> Intake:
    """Answers stored a second by `threads` threads, `each` answers a thread."""
    from surveys.collect import intake
    from surveys.models import Wave
    from tests.factories import make_wave

    made: Wave = make_wave()
    wave = intake.find_wave(made.pk)
    assert wave
    answers = tuple(item.high for item in wave.form.items)

    def receive() -> None:
        for _ in range(each):
            receipt = intake.receive(wave, key=uuid4(), answers=answers, language="en")
            assert receipt is intake.Receipt.STORED

    received, inserted = [], []
    for _ in range(ROUNDS):
        received.append(threads * each / _together(threads, _collector(receive)))
        inserted.append(threads * each / _together(threads, _bare(answers, each)))
    ours, limit = median(received), median(inserted)
    return Intake(threads, ours, limit, ours / limit)


def _collector(work: Callable[[], None]) -> Callable[[Barrier], None]:
    def run(start: Barrier) -> None:
        from django.db import connections

        connections["collector"].ensure_connection()
        start.wait()
        work()
        start.wait()
        connections["collector"].close()

    return run


def _bare(answers: Sequence[int], each: int) -> Callable[[Barrier], None]:
    """Insert and commit rows of the same size as the owner, nothing else."""

    def run(start: Barrier) -> None:
        import psycopg
        from django.conf import settings

        from trustsurvey import roles

        login = roles.logins(ROOT, os.environ, settings.SECRET_KEY)["owner"]
        with psycopg.connect(**login) as connection:
            connection.execute(
                "CREATE TABLE IF NOT EXISTS bare (id uuid PRIMARY KEY, answers smallint[])"
            )
            connection.commit()
            start.wait()
            for _ in range(each):
                connection.execute(
                    "INSERT INTO bare VALUES (%s, %s)", [uuid4(), list(answers)]
                )
                connection.commit()
            start.wait()

    return run


def _together(threads: int, run: Callable[[Barrier], None]) -> float:
    """Seconds from when all threads are connected to when the last has finished."""
    barrier = Barrier(threads + 1)
    for _ in range(threads):
        Thread(target=run, args=(barrier,), daemon=True).start()
    barrier.wait()
    started = time.perf_counter()
    barrier.wait()
    return time.perf_counter() - started


# ------------------------------------------------------------------------ loading


def measured_loading(organization_id: UUID, wave_id: UUID) -> Loading:
    """Load a wave in this process, which has done nothing else before."""
    import django

    django.setup()
    from django.db import connections

    from analytics.responses import load_responses
    from surveys.models import Wave
    from surveys.tenancy import organization_scope

    with organization_scope(organization_id):
        wave = Wave.objects.select_related("form").get(pk=wave_id)
    form = wave.form.asked()

    def load() -> tuple[int, int]:
        with organization_scope(organization_id):
            return load_responses(wave, form).data.codes.shape

    def copy() -> None:
        query = "COPY (SELECT answers FROM surveys_response WHERE wave_id = %s)"
        with (
            organization_scope(organization_id),
            connections["default"].cursor() as cursor,
            cursor.copy(f"{query} TO STDOUT (FORMAT binary)", [wave_id]) as stream,
        ):
            for _ in stream:
                pass

    idle = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    n, p = load()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - idle
    seconds, copy_seconds = in_turn(load, copy, repeats=3)
    ratio = seconds / copy_seconds
    return Loading(n, p, seconds, copy_seconds, ratio, peak * PEAK_UNIT, n * p)


def show_intake(taken: Intake) -> None:
    name = f"answers a second, {taken.threads} thread{'s' * (taken.threads > 1)}"
    rates = (f"{taken.received:,.0f}", f"{taken.inserted:,.0f}")
    print_row((name, *rates, f"{taken.share_of_limit:.2f}"), WIDTHS)


def show_loading(loaded: Loading) -> None:
    times = (seconds_text(loaded.seconds), seconds_text(loaded.copy_seconds))
    name = f"loading {loaded.responses:,} responses"
    print_row((name, *times, f"{loaded.ratio:.2f}"), WIDTHS)
    sizes = [f"{size / 1e6:,.1f} MB" for size in (loaded.peak_bytes, loaded.code_bytes)]
    ratio = f"{loaded.peak_bytes / loaded.code_bytes:.1f}"
    print_row(("  peak memory, beside the codes", *sizes, ratio), WIDTHS)


def main() -> None:
    """Measure, print the table, write the file."""
    asked = wanted("answers", __doc__)
    where = surroundings()
    tenth = 10 if asked.quick else 1
    intakes, loadings = [], []
    fresh = multiprocessing.get_context("spawn")
    with throw_away_site():
        print_row(("", "ours", "limit", "ratio"), WIDTHS)
        for threads in THREADS:
            intakes.append(measured_intake(threads, ANSWERS_A_THREAD // tenth))
            show_intake(intakes[-1])
        for n in LOADED:
            keys = filled_wave(n // tenth)
            with fresh.Pool(1) as pool:
                loadings.append(pool.apply(measured_loading, keys))
            show_loading(loadings[-1])
    rows = {
        "intake": [asdict(one) for one in intakes],
        "loading": [asdict(one) for one in loadings],
    }
    write(asked.path, where | rows)


if __name__ == "__main__":
    main()
