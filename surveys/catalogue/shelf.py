"""All records, read once a process, and the search among them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from surveys.catalogue import words
from surveys.catalogue.parse import parse_record
from surveys.catalogue.record import Displayed, Record
from surveys.definition.text import Text

FOLDER = Path(__file__).resolve().parent / "records"
UNKNOWN = "unknown"

# Bands of length in items, both ends included.
_BANDS: Mapping[str, tuple[int, int]] = MappingProxyType(
    {"1-4": (1, 4), "5-10": (5, 10), "11-20": (11, 20), "21-": (21, 999)}
)
LENGTHS: words.Words = MappingProxyType(
    {
        "1-4": Text("1 to 4 items", "1 至 4 题"),
        "5-10": Text("5 to 10 items", "5 至 10 题"),
        "11-20": Text("11 to 20 items", "11 至 20 题"),
        "21-": Text("21 items and more", "21 题及以上"),
        UNKNOWN: Text("length not checked", "题数未经核对"),
    }
)


@lru_cache(maxsize=1)
def catalogue() -> Mapping[str, Record]:
    """Every record by its id, in the order of the ids; read once a process."""
    return MappingProxyType({record.id: record for record in load_records()})


def load_records(folder: Path = FOLDER) -> tuple[Record, ...]:
    """Records in the YAML files of `folder`, in the order of their names."""
    return tuple(
        parse_record(path.read_text(encoding="utf-8"), source=path.name)
        for path in sorted(folder.glob("*.yaml"))
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for; empty = anything. Codes are those of `words`."""

    text: str = ""
    referent: str = ""
    construct: str = ""
    length: str = ""
    language: str = ""
    licence: str = ""

    def fits(self, displayed: Displayed) -> bool:
        record = displayed.record
        return (
            _any_or(self.referent, record.referents)
            and _any_or(self.construct, record.constructs)
            and _any_or(self.language, displayed.languages)
            and _any_or(self.licence, (record.rights.licence_class,))
            and _any_or(self.length, (band(displayed.n_items),))
            and all(word in _words_of(record) for word in self.text.casefold().split())
        )


def find(displayed: Iterable[Displayed], wanted: Wanted) -> tuple[Displayed, ...]:
    """Those that fit. Only what may be shown is looked at, so nothing leaks."""
    return tuple(entry for entry in displayed if wanted.fits(entry))


def band(n_items: int | None) -> str:
    """Code of the band of length that holds `n_items`."""
    if n_items is not None:
        for code, (low, high) in _BANDS.items():
            if low <= n_items <= high:
                return code
    return UNKNOWN


def _any_or(wanted: str, codes: Iterable[str]) -> bool:
    return not wanted or wanted in codes


def _words_of(record: Record) -> str:
    """Everything of a record that a free text may match, in both languages."""
    texts = [
        record.name,
        *(dimension.name for dimension in record.structure.dimensions),
        *(words.CONSTRUCTS[code] for code in record.constructs),
        *(words.REFERENTS[code] for code in record.referents),
    ]
    said = [part for text in texts for part in (text.en, text.zh_hans)]
    said += [*record.authors, str(record.year), record.source, record.id, record.doi]
    return " ".join(said).casefold()
