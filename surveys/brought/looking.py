"""What a dry run found in a file: counts, waves, the first rows and findings. Pure."""

from collections import Counter
from collections.abc import Mapping as Mapped
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from surveys.brought.findings import EXPECTED, BroughtError, Finding
from surveys.brought.rows import Row
from surveys.definition import Form

MOST_WAVES: Final = 60
MOST_UNITS: Final = 2_000
SHOWN_FINDINGS: Final = 50
SHOWN_ROWS: Final = 5


@dataclass(slots=True)
class WaveLooked:
    """One wave: its answers, and the first and last day among them."""

    rows: int = 0
    first: str = ""
    last: str = ""


@dataclass(slots=True)
class Looked:
    """Counts of a whole file.

    Attributes
    ----------
    good, rejected, expected : int
        Rows to import, rows that are wrong, and previews and empty rows.
    items : list of dict
        For every item how often each code occurs (as text), and "refused".
    waves : dict
        By the name that `periods.wave_of` gives.
    """

    good: int = 0
    rejected: int = 0
    expected: int = 0
    items: list[dict[str, int]] = field(default_factory=list)
    waves: dict[str, WaveLooked] = field(default_factory=dict)
    units: dict[str, int] = field(default_factory=dict)
    languages: dict[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    first: list[dict[str, Any]] = field(default_factory=list)

    def to_data(self) -> dict[str, Any]:
        return {
            "good": self.good,
            "rejected": self.rejected,
            "expected": self.expected,
            "items": self.items,
            "waves": {
                key: [one.rows, one.first, one.last] for key, one in self.waves.items()
            },
            "units": self.units,
            "languages": self.languages,
            "findings": [[f.line, f.code, f.column, f.value] for f in self.findings],
            "first": self.first,
        }

    @classmethod
    def from_data(cls, data: Mapped[str, Any]) -> "Looked":
        waves = {key: WaveLooked(*one) for key, one in data["waves"].items()}
        findings = [Finding(*one) for one in data["findings"]]
        return cls(**{**data, "waves": waves, "findings": findings})


class Looking:
    """Counts rows as they come.

    Raises
    ------
    BroughtError
        ``too_many_waves`` or ``too_many_units``.
    """

    def __init__(self, form: Form, today: date) -> None:
        self._counts: list[Counter[int]] = [Counter() for _ in form.items]
        self._refused: Counter[int] = Counter()
        self._waves: dict[str, WaveLooked] = {}
        self._units: Counter[str] = Counter()
        self._languages: Counter[str] = Counter()
        self._today = today.isoformat()
        self._found = Looked()

    def add(self, row: Row, columns: Mapped[int, int]) -> None:
        """Count a row; `columns` has the place of an item by its column."""
        found = self._found
        if row.problems:
            wrong = [one for one in row.problems if one.code not in EXPECTED]
            found.rejected += bool(wrong)
            found.expected += not wrong
            self._refused.update(
                columns[one.column] for one in wrong if one.code == "value"
            )
            found.findings += wrong[: max(0, SHOWN_FINDINGS - len(found.findings))]
            return
        found.good += 1
        for counter, code in zip(self._counts, row.codes, strict=True):
            counter[code] += 1
        self._languages[row.language] += 1
        if row.unit is not None:
            self._units[str(row.unit)] += 1
            if len(self._units) > MOST_UNITS:
                raise BroughtError("too_many_units", params={"most": f"{MOST_UNITS:,}"})
        self._wave(row)
        if len(found.first) < SHOWN_ROWS:
            found.first.append(
                {
                    "line": row.line,
                    "codes": list(row.codes),
                    "language": row.language,
                    "unit": str(row.unit or ""),
                    "wave": row.wave,
                }
            )

    def _wave(self, row: Row) -> None:
        wave = self._waves.setdefault(row.wave, WaveLooked())
        wave.rows += 1
        if row.span is not None:
            first, last = row.span.first.isoformat(), row.span.last.isoformat()
            wave.first = min(wave.first or first, first)
            wave.last = max(wave.last, min(last, self._today))
        if len(self._waves) > MOST_WAVES:
            raise BroughtError("too_many_waves", params={"most": MOST_WAVES})

    def looked(self) -> Looked:
        """Return everything counted so far."""
        found = self._found
        found.items = [
            {
                **{str(code): n for code, n in sorted(counter.items())},
                "refused": self._refused[at],
            }
            for at, counter in enumerate(self._counts)
        ]
        found.waves = dict(sorted(self._waves.items()))
        found.units, found.languages = dict(self._units), dict(self._languages)
        return found
