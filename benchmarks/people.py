"""How fast a list of people is imported, beside what the database can do.

Runs its own PostgreSQL with fsync on, in a folder of its own that is removed afterwards.
Ours: keep the file, check every row against the people there are, store units and people
in one transaction. The limit: the same columns by COPY, as the administrator, into a
table without any key or rule. Each size is imported in a fresh process, into a fresh
organization and then once more with a tenth of the people changed.
"""

import io
import multiprocessing
import os
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path

from benchmarks import ROOT, print_row, seconds_text, surroundings, wanted, write
from benchmarks._site import throw_away_site

PEOPLE = (20_000, 200_000)
TEAMS = 2_000
PEAK_UNIT = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss, in bytes
WIDTHS = (34, 12, 12, 12)
HEADER = "Number,E-mail,Name,Phone,Language,Unit,Site\n"


@dataclass(frozen=True, slots=True)
class Import:
    """Seconds of one list; peak memory above that of the idle process.

    Processor seconds are those of our process and of its server process together: what
    a quiet machine would need at most.
    """

    people: int
    wrong: int
    file_bytes: int
    upload_seconds: float
    check_seconds: float
    import_seconds: float
    seconds: float
    again_seconds: float
    processor_seconds: float
    copy_seconds: float
    ratio: float
    peak_bytes: int


def lines(people: int, *, again: bool = False) -> Iterator[str]:
    """A list in which one row of a hundred is wrong, each time in another way."""
    wrong = (
        '{n},"p{n}@example.org,Lost mark,,,,',
        "{n},p{n}@example,No address,,,,",
        "{n},p{n}@example.org,=HYPERLINK(1),,,,",
        "{n},P1@example.org,Another's address,,,,",
        "1,,The first once more,,,,",
    )
    yield HEADER
    for n in range(1, people + 1):
        if n % 100 == 0:
            yield wrong[n // 100 % len(wrong)].format(n=n) + "\n"
            continue
        team = n % TEAMS
        moved = again and n % 10 == 1
        path = (
            f"HQ / Division {team % 40} / Team {(team + 40) % TEAMS if moved else team}"
        )
        language = ("en", "zh", "")[n % 3]
        yield (
            f"{n},p{n}@example.org,吴 Person {n},+86 138 {n:08},{language},{path},"
            f"Site {n % 7}\n"
        )


def chunks(people: int, *, again: bool = False) -> Iterator[bytes]:
    block = io.StringIO()
    for line in lines(people, again=again):
        block.write(line)
        if block.tell() > 1 << 16:
            yield block.getvalue().encode()
            block = io.StringIO()
    yield block.getvalue().encode()


def measured(people: int) -> Import:
    """Import a list in this process, which has done nothing else before."""
    import django

    django.setup()
    from surveys.models import Participant
    from surveys.tenancy import organization_scope
    from tests.factories import make_organization

    organization = make_organization()
    _imported(organization, 10)
    idle = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    before = _processor()
    taken, counts, size = _imported(organization, people)
    processor = _processor() - before
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - idle
    again, changed, _ = _imported(organization, people, again=True)
    with organization_scope(organization.pk):
        assert Participant.objects.count() == people - counts["rejected"]
    assert changed["new"] == 0
    assert changed["moved"] > people // 11
    copied = _copied(people)
    upload, check, store = taken
    return Import(
        people=people,
        wrong=counts["rejected"],
        file_bytes=size,
        upload_seconds=upload,
        check_seconds=check,
        import_seconds=store,
        seconds=sum(taken),
        again_seconds=sum(again),
        processor_seconds=processor,
        copy_seconds=copied,
        ratio=sum(taken) / copied,
        peak_bytes=peak * PEAK_UNIT,
    )


def _processor() -> float:
    """Processor seconds so far, of this process and of the one that serves it."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        ((backend,),) = cursor.fetchall()
    ours = time.process_time()
    stat = Path(f"/proc/{backend}/stat")
    if not stat.exists():
        return ours
    ticks = stat.read_text().rpartition(")")[2].split()[11:13]
    return ours + sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def _imported(
    organization: object, people: int, *, again: bool = False
) -> tuple[list[float], dict[str, int], int]:
    """Seconds of uploading, checking and importing, as request and worker do them."""
    from django.utils import timezone

    from surveys.people import lists
    from surveys.tenancy import organization_scope

    key = organization.pk  # type: ignore[attr-defined]
    clock = [time.perf_counter()]
    with organization_scope(key):
        people_list = lists.upload(
            organization=organization,  # type: ignore[arg-type]
            filename="people.csv",
            size=0,
            chunks=chunks(people, again=again),
            at=timezone.now(),
        )
        people_list.mapping[-1] = "attribute:site"
        people_list.state = "checking"
        people_list.save()
    clock.append(time.perf_counter())
    lists.work(key, people_list.pk)
    clock.append(time.perf_counter())
    with organization_scope(key):
        type(people_list).objects.update(state="importing")
    lists.work(key, people_list.pk)
    clock.append(time.perf_counter())
    with organization_scope(key):
        people_list.refresh_from_db()
    assert people_list.state == "done", people_list.failure
    taken = [after - before for before, after in pairwise(clock)]
    return taken, people_list.counts, people_list.size


def _copied(people: int) -> float:
    """Seconds of a bare COPY and its commit."""
    import psycopg
    from django.conf import settings

    from trustsurvey import roles

    login = roles.logins(ROOT, os.environ, settings.SECRET_KEY)["owner"]
    with psycopg.connect(**login) as connection:
        with suppress(psycopg.errors.DuplicateTable), connection.transaction():
            connection.execute(
                "CREATE TABLE bare_people (number text, email text, name text,"
                " phone text, language text, unit text, site text)"
            )
        connection.commit()
        rows = [line.rstrip("\n").split(",") for line in lines(people)][1:]
        rows = [row for row in rows if len(row) == 7]
        started = time.perf_counter()
        with (
            connection.cursor() as cursor,
            cursor.copy("COPY bare_people FROM STDIN") as copy,
        ):
            for row in rows:
                copy.write_row(row)
        connection.commit()
        return time.perf_counter() - started


def show(one: Import) -> None:
    times = (one.seconds, one.copy_seconds, one.again_seconds)
    shown = [seconds_text(each) for each in times]
    print_row((f"{one.people:,} people", *shown), WIDTHS)
    parts = (one.upload_seconds, one.check_seconds, one.import_seconds)
    print_row(("  upload, check, import", *map(seconds_text, parts)), WIDTHS)
    print_row(("  processor time", seconds_text(one.processor_seconds), "", ""), WIDTHS)
    sizes = [f"{size / 1e6:,.1f} MB" for size in (one.peak_bytes, one.file_bytes)]
    print_row(("  peak memory, beside the file", *sizes, ""), WIDTHS)


def main() -> None:
    """Measure, print the table, write the file."""
    asked = wanted("people", __doc__)
    where = surroundings()
    imports = []
    fresh = multiprocessing.get_context("spawn")
    with throw_away_site():
        print_row(("", "ours", "bare COPY", "once more"), WIDTHS)
        for people in PEOPLE:
            with fresh.Pool(1) as pool:
                size = people // 10 if asked.quick else people
                imports.append(pool.apply(measured, (size,)))
            show(imports[-1])
    write(asked.path, where | {"imports": [asdict(one) for one in imports]})


if __name__ == "__main__":
    main()
