"""The tables of graded response models and of items between groups."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from analytics.factor_tables import p_value
from analytics.item_response_results import (
    DifResult,
    DifTest,
    GradedItemResult,
    ItemDifResult,
    ItemResponse,
)
from analytics.readings import Tone
from analytics.results import Absent, Report
from analytics.sentences import label
from analytics.tables import NOTHING, Cell, Column, Table, Tables

EVERY: Final = 2  # of the points of the curve one in so many stands in the table
SIZE_TONES: Final[dict[str, Tone | None]] = {"A": None, "B": "watch", "C": "stop"}


def responses_of(report: Report) -> dict[str, ItemResponse]:
    """Return what there is of each scale; nothing where the plan did not ask."""
    return {
        code: scale.item_response
        for code, scale in report.constructs.items()
        if scale.item_response is not None
    }


@dataclass(frozen=True, slots=True)
class ItemResponseTables(Tables):
    """Makes them; None where there is nothing to show."""

    def precision(self) -> Table | None:
        """Return how well each scale measures, and where best."""
        found = responses_of(self.report)
        if not found:
            return None
        rows, notes = [], []
        for code, one in found.items():
            rows.append((Cell(self.name(code)), *self._precise(one)))
            if one.reason:
                notes.append(self._of(self.name(code), Absent(one.reason)))
        names = ("n", "marginal_reliability", "score_reliability", "best_at")
        columns = self._columns("construct", *names, "best_error", "precise_range")
        return Table(self._label("item_response"), columns, tuple(rows), tuple(notes))

    def parameters(self, code: str) -> Table | None:
        """Return discrimination and S-X2 of every item of a scale."""
        found = self._response(code)
        if not found.items:
            return None
        rows, notes = [], []
        for item, one in found.items.items():
            fit = one.fit
            rows.append(
                (
                    Cell(item),
                    Cell(self._number(one.slope)),
                    Cell(self._number(one.slope_se)),
                    Cell(self._number(fit.chi2)),
                    Cell(NOTHING if fit.df is None else str(fit.df)),
                    Cell(_p(fit.p_holm)),
                    Cell(self._third(fit.rmsea)),
                )
            )
            if fit.reason:
                notes.append(fit.reason.text(self.language))
        names = ("discrimination", "standard_error", "s_x2", "df", "p_holm", "rmsea")
        title = label("irt_items", self.language, scale=self.name(code))
        columns = self._columns("item", *names)
        return Table(title, columns, tuple(rows), tuple(dict.fromkeys(notes)))

    def thresholds(self, code: str) -> Table | None:
        """Return where each point of the items begins; points in use alone have one."""
        found = self._response(code)
        if not found.items:
            return None
        starts = sorted({at for one in found.items.values() for at in one.points[1:]})
        rows = tuple(
            (Cell(item), *(Cell(self._threshold(one, at)) for at in starts))
            for item, one in found.items.items()
        )
        columns = (
            Column(self._label("item")),
            *(
                Column(label("or_above", self.language, point=at), numeric=True)
                for at in starts
            ),
        )
        title = label("irt_thresholds", self.language, scale=self.name(code))
        return Table(title, columns, rows)

    def pairs(self, code: str) -> Table | None:
        """Return the pairs that share most beyond the trait."""
        found = self._response(code)
        if not found.dependence:
            return None
        rows = tuple(
            (
                Cell(
                    label("pair_of", self.language, first=one.first, second=one.second)
                ),
                Cell(self._number(one.q3)),
                Cell(self._number(one.above_mean)),
            )
            for one in found.dependence
        )
        title = label("irt_pairs", self.language, scale=self.name(code))
        return Table(title, self._columns("pair", "q3", "q3_above"), rows)

    def information(self, code: str) -> Table | None:
        """Return information and standard error along the trait."""
        curve = self._response(code).information
        if curve is None:
            return None
        points = list(
            zip(curve.trait, curve.information, curve.standard_error, strict=True)
        )[::EVERY]
        rows = tuple(
            tuple(Cell(self._number(value)) for value in point) for point in points
        )
        title = label("irt_information", self.language, scale=self.name(code))
        return Table(
            title, self._columns("trait", "information", "standard_error"), rows
        )

    def dif(self, column: str, code: str) -> Table | None:
        """Return the tests of every item between groups, and how large they are."""
        found = self._dif(column, code)
        if not found.items:
            return None
        rows = tuple(
            (
                Cell(item),
                Cell(_p(_tail(one.uniform))),
                Cell(_p(_tail(one.nonuniform))),
                Cell(_p(one.p_holm)),
                Cell(self._third(one.total.nagelkerke if one.total else None)),
                self._size(one),
            )
            for item, one in found.items.items()
        )
        names = ("p_uniform", "p_nonuniform", "p_holm", "r2_change")
        title = label("dif_by", self.language, scale=self.name(code))
        columns = (*self._columns("item", *names), Column(self._label("size")))
        return Table(title, columns, rows)

    def log_odds(self, column: str, code: str) -> Table | None:
        """Return who answers higher at equal standing, against the first group."""
        found = self._dif(column, code)
        rows = tuple(
            (
                Cell(item),
                Cell(group),
                Cell(self._number(odds.estimate)),
                self._ends(odds.low, odds.high),
            )
            for item, one in found.items.items()
            for group, odds in one.groups.items()
        )
        if not rows:
            return None
        first = next(iter(found.n))
        title = label("dif_groups", self.language, scale=self.name(code), group=first)
        numbers = self._columns("item", "log_odds", "interval")
        group_heading = Column(self._label("group_heading"))
        return Table(title, (numbers[0], group_heading, *numbers[1:]), rows)

    def name(self, code: str) -> str:
        """Return the name of a scale in the language of the tables."""
        return self.report.constructs[code].name.in_language(self.language)

    def _response(self, code: str) -> ItemResponse:
        return responses_of(self.report)[code]

    def _dif(self, column: str, code: str) -> DifResult:
        return self.report.groups[column].dif[code]

    def _precise(self, found: ItemResponse) -> Sequence[Cell]:
        place = found.precision
        return (
            Cell(str(found.n)),
            Cell(self._number(found.marginal_reliability)),
            Cell(self._number(found.score_reliability)),
            Cell(self._number(place.best if place else None)),
            Cell(self._number(place.standard_error if place else None)),
            self._ends(place.low, place.high) if place else Cell(NOTHING),
        )

    def _threshold(self, found: GradedItemResult, start: int) -> str:
        if start not in found.points[1:]:
            return NOTHING
        at = found.points.index(start) - 1
        value = self._number(found.thresholds[at])
        return f"{value} ({self._number(found.threshold_ses[at])})"

    def _third(self, value: float | None) -> str:
        """Write what is read by its third decimal."""
        return NOTHING if value is None else f"{value:.{max(self.digits, 3)}f}"

    def _size(self, found: ItemDifResult) -> Cell:
        if found.size is None:
            return Cell(NOTHING)
        tone = SIZE_TONES[found.size]
        return Cell(self._label(f"size_{found.size}"), tone=tone, chip=tone is not None)


def _tail(test: DifTest | None) -> float | None:
    return None if test is None else test.p


def _p(p: float | None) -> str:
    return NOTHING if p is None else p_value(p)
