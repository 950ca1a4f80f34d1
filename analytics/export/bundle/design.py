"""What the scripts of a bundle need to know of the data: columns, ranges, keying."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from analytics.export.bundle.reach import Held
from analytics.export.dataset import DataSet, Variable
from analytics.plan import LANGUAGES

DATA_FILE: Final = "data.csv"
# how reports and data sets name the languages
_NAMES: Final = {"en": ("English",), "zh-hans": ("中文", "Chinese", "中文 Chinese")}


@dataclass(frozen=True, slots=True)
class Design:
    """Columns by item, and the column of languages with its codes."""

    items: Mapping[str, Variable]
    language: Variable | None
    codes: Mapping[str, int]

    def held(self, rows: int, report: Mapping[str, Any]) -> Held:
        """Return what the data hold of a report."""
        asked = {one["language"] for one in report["by_instrument"]}
        return Held(
            rows=rows,
            items=frozenset(self.items),
            languages=self.language is not None and asked <= set(self.codes),
        )

    def to_plain(self) -> dict[str, Any]:
        """Return ``design.json``: what the scripts read."""
        spoken = self.language and {
            "column": self.language.name,
            "codes": {
                language: {"code": str(code), "names": list(_NAMES[language])}
                for language, code in self.codes.items()
            },
        }
        return {
            "data": DATA_FILE,
            "items": {
                code: {
                    "column": one.name,
                    "low": _whole(one.low),
                    "high": _whole(one.high),
                    "reverse": one.reverse,
                }
                for code, one in self.items.items()
            },
            "language": spoken,
        }


def design_of(data: DataSet) -> Design:
    """Find the raw answers and the languages among the variables."""
    items = {
        one.item: one
        for one in data.variables
        if one.role == "raw" and one.item and one.low is not None
    }
    language = next((one for one in data.variables if one.name == "language"), None)
    codes: dict[str, int] = {}
    for label in language.values if language else ():
        for code in LANGUAGES:
            if {label.text.en, label.text.zh_hans} & set(_NAMES[code]):
                codes.setdefault(code, label.value)
    if language and language.role == "record":
        codes = {code: place for place, code in enumerate(LANGUAGES, start=1)}
    return Design(items, language if codes else None, codes)


def _whole(value: float | None) -> int | None:
    return None if value is None else int(value)
