"""One zip that proves a report: its data, its numbers, and programs that recompute it.

The same data, report and origin make the same bytes: files have one order and one time.
"""

import hashlib
import json
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any, Final

from analytics.export.bundle.design import DATA_FILE, design_of
from analytics.export.bundle.reach import reach_json, reach_of
from analytics.export.bundle.words import (
    RELEASE_FILES,
    Origin,
    citation,
    licence,
    readme,
)
from analytics.export.codebook import Codebook, write_ddi, write_html, write_json
from analytics.export.datapackage import write_datapackage
from analytics.export.dataset import DataSet
from analytics.export.parquet import write_parquet
from analytics.export.text_files import write_csv
from analytics.plan import LANGUAGES
from analytics.sentences import Sentence

Tell = Callable[[int], None]
SUMS: Final = "SHA256SUMS"
READMES: Final = {"en": "README.md", "zh-hans": "README.zh.md"}
_TIME: Final = (1980, 1, 1, 0, 0, 0)  # the first that a zip can say
_MODE: Final = 0o100644 << 16


def make_bundle(
    data: DataSet,
    report_json: str,
    book: Codebook,
    path: Path,
    *,
    origin: Origin,
    parts: Mapping[str, str],
    language: str,
    tell: Tell,
) -> tuple[Sentence, ...]:
    """Write the bundle whole to `path`; returns what the files of data report.

    Parameters
    ----------
    data : DataSet
        Of one wave: rows that the report was made of.
    report_json : str
        `Report.to_json` as text: a stored analysis, or the part of a release.
    book : Codebook
        Of the same data.
    origin : Origin
        Who, when, what; no clock is read here.
    parts : mapping of str to str
        Other parts of a release, as JSON text by what they are of (`RELEASE_FILES`).
    language : str
        Of the page of the codebook; everything else holds both.
    tell : callable
        Called with rows done.
    """
    with tempfile.TemporaryDirectory(dir=path.parent, prefix="bundle-") as made:
        folder = Path(made)
        said = _write_data(data, book, folder, language, tell)
        _write_described(data, json.loads(report_json), folder, origin, parts)
        for name, text in parts.items():
            (folder / RELEASE_FILES[name]).write_text(text + "\n", encoding="utf-8")
        for name in script_names():
            text = _scripts().joinpath(name).read_bytes()
            (folder / name).write_bytes(text)
        names = sorted(one.name for one in folder.iterdir())
        sums = "".join(f"{digest_of(folder / name)}  {name}\n" for name in names)
        (folder / SUMS).write_text(sums, encoding="utf-8")
        _pack(folder, [*names, SUMS], path)
    return said


def script_names() -> list[str]:
    """Return the names of the scripts that every bundle holds."""
    found = [one.name for one in _scripts().iterdir()]
    return sorted(name for name in found if name.endswith((".py", ".R")))


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _scripts() -> Any:
    return resources.files("analytics.export.bundle") / "scripts"


def _write_data(
    data: DataSet, book: Codebook, folder: Path, language: str, tell: Tell
) -> tuple[Sentence, ...]:
    table = folder / DATA_FILE
    said = list(write_csv(data, table, language=language, tell=tell))
    parquet = write_parquet(
        data, folder / "data.parquet", language=language, tell=lambda rows: None
    )
    said += [one for one in parquet if one not in said]
    write_html(book, folder / "codebook.html", language=language)
    write_json(book, folder / "codebook.json", language=language)
    files = (DATA_FILE, "data.parquet")
    write_ddi(book, folder / "codebook.xml", language=language, files=files)
    write_datapackage(
        book, folder / "datapackage.json", data_file=table, language=language
    )
    return tuple(said)


def _write_described(
    data: DataSet, report: Any, folder: Path, origin: Origin, parts: Collection[str]
) -> None:
    design = design_of(data)
    numbers = reach_of(report, design.held(data.rows, report))
    digest = digest_of(folder / DATA_FILE)
    plain = {
        "report.json": report,
        "design.json": design.to_plain(),
        "reach.json": reach_json(numbers),
        "versions.json": {
            "software": report["software"],
            "written_by": f"trustsurvey {origin.version}",
            "settings": report["settings"],
            "report_input_sha256": report["input_sha256"],
            "data_sha256": digest,
            "data": dict(data.facts),
        },
    }
    for name, value in plain.items():
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=1)
        (folder / name).write_text(text + "\n", encoding="utf-8")
    for spoken in LANGUAGES:
        text = readme(data, origin, numbers, parts, spoken)
        (folder / READMES[spoken]).write_text(text, encoding="utf-8")
    (folder / "LICENSE.txt").write_text(licence(data, origin), encoding="utf-8")
    cited = citation(data, origin, [digest])
    (folder / "CITATION.cff").write_text(cited, encoding="utf-8")


def _pack(folder: Path, names: Sequence[str], path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as packed:
        for info in _entries(names):
            size = (folder / info.filename).stat().st_size
            large = size >= zipfile.ZIP64_LIMIT // 2
            with (
                (folder / info.filename).open("rb") as source,
                packed.open(info, "w", force_zip64=large) as target,
            ):
                shutil.copyfileobj(source, target, 1 << 20)


def _entries(names: Sequence[str]) -> Iterator[zipfile.ZipInfo]:
    for name in names:
        info = zipfile.ZipInfo(name, _TIME)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.create_system = 3
        info.external_attr = _MODE
        yield info
