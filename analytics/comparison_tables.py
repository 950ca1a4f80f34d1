"""The tables of further referents, and how they are read."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from analytics import thresholds
from analytics.psychometrics import holm
from analytics.results import Absent, Difference, Figure, ReferentResult, Report
from analytics.sentences import Sentence, label, say
from analytics.tables import Cell, Column, Table, Tables


@dataclass(frozen=True, slots=True)
class ComparisonTables(Tables):
    """Makes the tables about one further referent."""

    def means(self, other: ReferentResult) -> Table:
        """Return both means of every scale and how far they lie apart."""
        rows: list[tuple[Cell, ...]] = []
        notes: dict[str, None] = {}
        for code, found in other.differences.items():
            scale = self.report.constructs[code]
            rows.append(
                (
                    Cell(scale.name.in_language(self.language)),
                    self._estimate(scale.mean),
                    self._estimate(other.scales[code].mean),
                    self._estimate(found.points),
                    self._interval(found.points),
                    self._estimate(found.standardized),
                    self._interval(found.standardized),
                    Cell(str(_pairs(found))),
                )
            )
            if isinstance(found.points, Absent):
                name = scale.name.in_language(self.language)
                notes[self._of(name, found.points)] = None
        names = ("difference", "interval", "in_sd", "in_sd_interval", "n")
        heads = (
            other.first.in_language(self.language),
            other.name.in_language(self.language),
        )
        return Table(
            label(
                "compared_levels", self.language, first=other.first, other=other.name
            ),
            (
                *self._columns("construct"),
                *(Column(head, numeric=True) for head in heads),
                *self._columns(*names),
            ),
            tuple(rows),
            tuple(notes),
        )

    def relations(self, other: ReferentResult, outcome: str) -> Table:
        """Return the correlations with one outcome for both referents."""
        rows = []
        for code, second in other.relations[outcome].items():
            one = self.report.loyalty[outcome][code]
            rows.append(
                (
                    Cell(self.report.scales[code].name.in_language(self.language)),
                    Cell(self._number(one.r)),
                    self._ends(one.low, one.high),
                    self._estimate(second),
                    self._interval(second),
                )
            )
        name = self.report.outcomes[outcome].name
        return Table(
            label("compared_relations", self.language, outcome=name),
            (
                *self._columns("construct"),
                Column(other.first.in_language(self.language), numeric=True),
                *self._columns("interval"),
                Column(other.name.in_language(self.language), numeric=True),
                *self._columns("interval"),
            ),
            tuple(rows),
        )


def sentences(report: Report, other: ReferentResult) -> Iterator[Sentence]:
    """Say in which scales the first referent lies higher, lower, or neither clearly."""
    yield say("compare_guide")
    tested = {c: d for c, d in other.differences.items() if d.p is not None}
    p = holm(np.array([d.p for d in tested.values()], dtype=np.float64))
    sides: dict[str, list[str]] = {"higher": [], "lower": [], "open": []}
    for (code, found), adjusted in zip(tested.items(), p, strict=True):
        clear = adjusted < thresholds.DIFFERENCE_P and isinstance(found.points, Figure)
        up = isinstance(found.points, Figure) and found.points.estimate > 0
        sides[("higher" if up else "lower") if clear else "open"].append(code)
    for side, codes in sides.items():
        if codes:
            names = tuple(report.constructs[code].name for code in codes)
            params = (
                {} if side == "open" else {"first": other.first, "other": other.name}
            )
            yield say(f"compare_{side}", scales=names, **params)


def _pairs(found: Difference) -> int:
    return found.points.n if isinstance(found.points, Figure) else 0
