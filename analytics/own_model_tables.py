"""The tables of a model that a researcher brought."""

from dataclasses import dataclass, replace

from analytics.factor_results import ModelParameter, OwnModel
from analytics.factor_tables import FactorTables, p_value
from analytics.results import Report
from analytics.sentences import label
from analytics.tables import NOTHING, Cell, Column, Table


@dataclass(frozen=True, slots=True)
class OwnModelTables(FactorTables):
    """Makes them; None where there is nothing to show."""

    def own_fit(self) -> Table | None:
        """Return the indices with their guides, scaled and robust ones below."""
        found = self.report.model
        if found is None:
            return None
        return self.fit_of(found, self._label("own_fit"), self._robust_rows(found))

    def parameters(self) -> Table | None:
        """Return every parameter, fixed ones without an error."""
        found = self.report.model
        if found is None or not found.parameters:
            return None
        table = self._values(
            "own_parameters",
            found.parameters,
            labels=True,
            approximate=found.approximate is not None,
        )
        if found.approximate is None:
            return table
        return replace(table, notes=(found.approximate.text(self.language),))

    def defined(self) -> Table | None:
        """Return the quantities that the text derives by `:=`."""
        found = self.report.model
        if found is None or not found.defined:
            return None
        return self._values("own_defined", found.defined, labels=False)

    def modifications(self) -> Table | None:
        """Return the ten absent parameters that would lower chi-square most."""
        found = self.report.model
        if found is None or not found.modification_indices:
            return None
        rows = tuple(
            (
                Cell(f"{one.lhs} {one.op} {one.rhs}"),
                Cell(self._large(one.index)),
                Cell(self._number(one.change)),
                Cell(self._number(one.standardized_change)),
            )
            for one in found.modification_indices
        )
        names = ("parameter", "modification_index", "expected_change", "standardized")
        return Table(self._label("own_modifications"), self._columns(*names), rows)

    def _values(
        self,
        title: str,
        found: tuple[ModelParameter, ...],
        *,
        labels: bool,
        approximate: bool = False,
    ) -> Table:
        rows = []
        for one in found:
            name = f"{one.lhs} {one.op} {one.rhs}".rstrip()
            # "x ~1 " is how the core names an intercept
            name = name.replace(" ~1", " ~ 1")
            ends = self._ends(one.low, one.high)
            if approximate and one.op == "=~" and one.low is not None:
                ends = self._approximate(ends)
            numbers = (one.estimate, one.se, one.z)
            rows.append(
                (
                    Cell(name),
                    *([Cell(one.label or NOTHING)] if labels else []),
                    *(Cell(self._number(number)) for number in numbers),
                    Cell(NOTHING if one.p is None else p_value(one.p)),
                    ends,
                    Cell(self._number(one.standardized)),
                )
            )
        columns = self._columns(
            "parameter", "estimate", "standard_error", "z", "p", "interval"
        )
        if labels:
            columns = (columns[0], Column(self._label("parameter_label")), *columns[1:])
        last = Column(self._label("standardized"), numeric=True)
        return Table(self._label(title), (*columns, last), tuple(rows))

    def _robust_rows(self, found: OwnModel) -> list[tuple[Cell, ...]]:
        if found.rmsea_robust is None:
            return []
        rmsea = found.rmsea_robust
        values = (
            ("CFI", found.cfi_robust, None),
            ("TLI", found.tli_robust, None),
            ("RMSEA", rmsea.estimate, rmsea),
        )
        return [
            self._unguided(label("fit_robust", self.language, index=name), value, ends)
            for name, value, ends in values
        ]


def own_head(report: Report, language: str) -> str:
    """Name the file, the estimator and the people; nothing without a model."""
    found = report.model
    if found is None:
        return ""
    return label(
        "own_head",
        language,
        file=found.file,
        estimator=found.estimator,
        n=found.n,
    )
