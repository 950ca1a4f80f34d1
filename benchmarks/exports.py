"""How fast a million answers are exported, beside what the libraries below can do.

Runs its own PostgreSQL with fsync on, in a folder of its own that is removed afterwards.
60 items, every answer in its own row; each format in a process that has done nothing
else before. Ours is everything from the waves to the file, in the site's own order, and
for Parquet with the fingerprint of the answers that the file says. The peers: `COPY
(SELECT the same columns) TO STDOUT (FORMAT csv)` into a file, for CSV and for JSON lines;
pyarrow for Parquet, once with the same answers to read by a plain binary COPY, once with
the finished table in memory. How much of the latter is PostgreSQL's sending alone is the
limit that stands below it. pyreadstat from a finished frame without labels, for SPSS
and Stata.
"""

import multiprocessing
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from uuid import UUID

from benchmarks import (
    FOLDER,
    in_turn,
    print_row,
    seconds_text,
    surroundings,
    wanted,
    write,
)
from benchmarks._copies import copied, copy_query, passed_by, read_table
from benchmarks._site import filled_wave, throw_away_site

if TYPE_CHECKING:
    from analytics.export.dataset import DataSet
    from surveys.definition import Form
    from surveys.models import Wave

RESPONSES = 1_000_000
REPEATS = 3
SEED = 1
MOST_BYTES = 400e6
WIDTHS = (30, 10, 10, 8, 8, 12, 12, 10)
HEADER = ("", "ours", "peer", "times", "at most", "peak memory", "of it idle", "file")
Keys = tuple[UUID, UUID]


@dataclass(frozen=True, slots=True)
class Exported:
    """Median seconds of one format; peak memory of the whole process.

    `times` is ours over the peer's, `most_times` what it may be; `idle_bytes` are what
    the process took before: Python, Django and the libraries. Where the library
    `holds_frame`, memory is stated and nothing is asked of it.
    """

    name: str
    responses: int
    columns: int
    seconds: float
    peer_seconds: float
    times: float
    most_times: float | None
    peak_bytes: int
    idle_bytes: int
    file_bytes: int
    holds_frame: bool = False

    @property
    def reached(self) -> bool:
        fast = self.most_times is None or self.times <= self.most_times
        return fast and (self.holds_frame or self.peak_bytes < MOST_BYTES)


# ------------------------------------------------------------------------ formats


def measured_csv(keys: Keys) -> Exported:
    """Answers as given; half the speed of COPY is asked for."""
    return _beside_copy("csv, raw answers", keys, most_times=2.0, scored=False)


def measured_csv_scored(keys: Keys) -> Exported:
    """Keyed answers, item and scale scores too; COPY computes them in SQL."""
    return _beside_copy("csv, keyed and scored too", keys, most_times=2.0, scored=True)


def measured_jsonl(keys: Keys) -> Exported:
    """An object a line; no speed is asked for."""
    return _beside_copy(
        "json lines, raw answers", keys, most_times=None, scored=False, lines=True
    )


def measured_parquet(keys: Keys) -> Exported:
    """From the waves to the file; the peer reads the same answers plainly and writes."""
    return _beside_arrow("parquet, peer reads too", keys, ours="waves", theirs="waves")


def measured_parquet_alone(keys: Keys) -> Exported:
    """From the waves to the file; the peer has the finished table in memory."""
    return _beside_arrow(
        "parquet, peer from memory", keys, ours="waves", theirs="table"
    )


def measured_parquet_writer(keys: Keys) -> Exported:
    """Both write from memory: ours blocks that were read before, the peer its table."""
    return _beside_arrow("parquet, both from memory", keys, ours="rows", theirs="table")


def measured_parquet_limit(keys: Keys) -> Exported:
    """A limit: the server sends the same answers and nobody looks at them."""
    return _beside_arrow("  limit: COPY and no file", keys, ours="copy", theirs="table")


def _beside_arrow(name: str, keys: Keys, *, ours: str, theirs: str) -> Exported:
    with _ready(keys) as (wave, folder):
        import pyarrow.parquet as pq

        from analytics.export.parquet import schema_of, write_parquet

        mine, other = folder / "ours.parquet", folder / "theirs.parquet"
        data = _data(wave)
        held = list(data.blocks()) if ours == "rows" else []

        def export() -> None:
            found = replace(data, blocks=lambda: iter(held)) if held else _data(wave)
            write_parquet(found, mine, language="en", tell=_quietly)

        idle, peak = _peaks(export)
        measured = export if ours != "copy" else lambda: passed_by(wave)
        schema = schema_of(data).remove_metadata()
        table = pq.read_table(mine) if theirs == "table" else None

        def library() -> None:
            pq.write_table(table or read_table(wave, schema), other)

        seconds = in_turn(measured, library, repeats=REPEATS)
        alike = ours == theirs or ours == "rows"  # no mark where only one has to read
        most = 3.0 if alike else None
        return _exported(name, data, mine, seconds, most, idle, peak)


def measured_sav(keys: Keys) -> Exported:
    """SPSS, labels and all; the library holds the frame, and so do we."""
    return _beside_pyreadstat("sav", keys)


def measured_dta(keys: Keys) -> Exported:
    """Stata, labels and all; the library holds the frame, and so do we."""
    return _beside_pyreadstat("dta", keys)


def _beside_pyreadstat(ending: str, keys: Keys) -> Exported:
    with _ready(keys) as (wave, folder):
        import pyreadstat

        from analytics.export.frames import columns_of, frame_of
        from analytics.export.spss import write_sav
        from analytics.export.stata import write_dta

        ours, theirs = folder / f"ours.{ending}", folder / f"theirs.{ending}"
        writer = write_sav if ending == "sav" else write_dta
        library: Callable[..., object] = getattr(pyreadstat, f"write_{ending}")

        def export() -> None:
            writer(_data(wave), ours, language="en", tell=_quietly)

        idle, peak = _peaks(export)
        data = _data(wave)
        names = tuple(one.name for one in data.variables)
        frame = frame_of(names, columns_of(data, _quietly))
        seconds = in_turn(export, lambda: library(frame, theirs), repeats=REPEATS)
        found = _exported(
            f"{ending}, raw answers", data, ours, seconds, 3.0, idle, peak
        )
        return replace(found, holds_frame=True)


FORMATS: dict[str, Callable[[Keys], Exported]] = {
    "csv": measured_csv,
    "csv_scored": measured_csv_scored,
    "jsonl": measured_jsonl,
    "parquet": measured_parquet,
    "parquet_alone": measured_parquet_alone,
    "parquet_limit": measured_parquet_limit,
    "parquet_writer": measured_parquet_writer,
    "sav": measured_sav,
    "dta": measured_dta,
}


# ------------------------------------------------------------------------- common


def _beside_copy(
    name: str,
    keys: Keys,
    *,
    most_times: float | None,
    scored: bool,
    lines: bool = False,
) -> Exported:
    with _ready(keys) as (wave, folder):
        from analytics.export.text_files import write_csv, write_jsonl

        ours = folder / "ours"
        writer = write_jsonl if lines else write_csv

        def export() -> None:
            data = _data(wave, scored=scored)
            writer(data, ours, language="en", tell=_quietly)

        idle, peak = _peaks(export)
        data = _data(wave, scored=scored)
        query = copy_query(data.variables, wave.form.asked())
        seconds = in_turn(
            export, lambda: copied(wave, query, folder / "theirs"), repeats=REPEATS
        )
        return _exported(name, data, ours, seconds, most_times, idle, peak)


@contextmanager
def _ready(keys: Keys) -> Iterator[tuple["Wave", Path]]:
    """Read the wave in this process, inside the scope of its organization."""
    import django

    django.setup()
    # what every writer needs belongs to the idle process
    import pyarrow.csv
    import pyarrow.parquet  # noqa: F401

    import analytics.export.gathering  # noqa: F401
    from surveys.models import Wave
    from surveys.tenancy import organization_scope

    organization_id, wave_id = keys
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        TemporaryDirectory(dir=FOLDER) as folder,
        organization_scope(organization_id),
    ):
        yield (
            Wave.objects.select_related("form", "survey").get(pk=wave_id),
            Path(folder),
        )


def _data(wave: "Wave", *, scored: bool = False) -> "DataSet":
    from analytics.export.gathering import data_set_of

    return data_set_of([wave], keyed=scored, scores=scored, seed=SEED)


def _quietly(rows: int) -> None:
    """Tell nobody."""


def _peaks(export: Callable[[], None]) -> tuple[int, int]:
    """Return the peak memory of the process before and after the first export."""
    idle = peak_bytes()
    export()
    return idle, peak_bytes()


def peak_bytes() -> int:
    """Return the peak memory of this program since it began.

    `ru_maxrss` outlives exec and may be that of the parent, so Linux is asked itself.
    """
    status = Path("/proc/self/status")
    if status.exists():
        line = next(
            one for one in status.read_text().splitlines() if one.startswith("VmHWM")
        )
        return 1024 * int(line.split()[1])
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return unit * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _exported(
    name: str,
    data: "DataSet",
    path: Path,
    seconds: Sequence[float],
    most_times: float | None,
    idle: int,
    peak: int,
) -> Exported:
    ours, peer = seconds
    return Exported(
        name=name,
        responses=data.rows,
        columns=len(data.variables),
        seconds=ours,
        peer_seconds=peer,
        times=ours / peer,
        most_times=most_times,
        peak_bytes=peak,
        idle_bytes=idle,
        file_bytes=path.stat().st_size,
    )


# ------------------------------------------------------------------------ program


def sixty_items() -> "Form":
    """Form that asks 20 items about each of three brands."""
    from surveys import definition

    (trust,) = (
        one
        for one in definition.load_library()
        if (one.code, one.version) == ("TBE", 1)
    )
    names = [
        ("Harbour Tea", "港湾茶"),
        ("Rival Tea", "对手茶"),
        ("Third Tea", "第三茶"),
    ]
    brands = [definition.Text(*name) for name in names]
    return definition.compile_form(
        [definition.FormPart(trust, short=False)],
        title=definition.Text("Three brands", "三个品牌"),
        referent=brands[0],
        others=brands[1:],
        languages=definition.LANGUAGES,
        comment=False,
    )


def measured(responses: int, formats: Sequence[str]) -> Iterator[Exported]:
    """Fill a site of its own and export from it, one fresh process a format."""
    fresh = multiprocessing.get_context("spawn")
    with throw_away_site():
        keys = filled_wave(responses, sixty_items())
        for name in formats:
            with fresh.Pool(1) as pool:
                yield pool.apply(FORMATS[name], (keys,))


def show(one: Exported) -> None:
    most = "" if one.most_times is None else f"{one.most_times:g}"
    sizes = [
        f"{size / 1e6:,.0f} MB"
        for size in (one.peak_bytes, one.idle_bytes, one.file_bytes)
    ]
    times = (seconds_text(one.seconds), seconds_text(one.peer_seconds))
    print_row((one.name, *times, f"{one.times:.2f}", most, *sizes), WIDTHS)


def main() -> None:
    """Measure, print the table, write the file."""
    asked = wanted("exports", __doc__)
    where = surroundings()
    responses = RESPONSES // (10 if asked.quick else 1)
    print_row(HEADER, WIDTHS)
    rows = []
    for one in measured(responses, tuple(FORMATS)):
        rows.append(asdict(one) | {"reached": one.reached})
        show(one)
    write(asked.path, where | {"exports": rows})


if __name__ == "__main__":
    main()
