"""The tables of the factor model and of invariance, and how they are read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from analytics import thresholds
from analytics.approximate_intervals import composite_notes
from analytics.factor_results import (
    FOLLOWING_CHI2,
    Invariance,
    ModelFit,
    RmseaResult,
)
from analytics.instrument_results import LANGUAGE_COLUMN
from analytics.readings import Reading, Tone
from analytics.results import Absent, Report
from analytics.sentences import Sentence, label, say
from analytics.tables import NOTHING, Cell, Column, Table, Tables

# index of `FactorModel` -> guide of Hu & Bentler (1999), and whether more is better
GUIDES: Final[dict[str, tuple[float, bool]]] = {
    "cfi": (thresholds.CFI, True),
    "tli": (thresholds.TLI, True),
    "rmsea": (thresholds.RMSEA, False),
    "srmr": (thresholds.SRMR, False),
}
_CHIPS: Final[dict[str, tuple[str, Tone]]] = {
    "scalar": ("chip_alike", "good"),
    "partial_scalar": ("chip_alike_partly", "plain"),
    "metric": ("chip_not_alike", "watch"),
    "configural": ("chip_not_alike", "watch"),
    "none": ("chip_not_alike", "stop"),
    "not_testable": ("chip_not_testable", "plain"),
}


@dataclass(frozen=True, slots=True)
class FactorTables(Tables):
    """Makes the tables of the factor model; None where there is nothing to show."""

    def fit(self) -> Table | None:
        """Return the indices with their guides."""
        found = self.report.cfa
        return self.fit_of(found, self._label("factor_model")) if found else None

    def fit_of(
        self,
        found: ModelFit,
        title: str,
        more: Sequence[tuple[Cell, ...]] = (),
    ) -> Table | None:
        """Return the indices of any model, `more` rows last."""
        if found.srmr is None:
            return None
        rows: list[tuple[Cell, ...]] = []
        for name, (guide, high) in GUIDES.items():
            value, interval = _value(found, name)
            rows.append(
                (
                    Cell(self._name_of(found, name)),
                    Cell(self._index(value)),
                    self._rmsea_ends(interval),
                    Cell(
                        label(
                            "fit_at_least" if high else "fit_at_most",
                            self.language,
                            value=f"{guide:.2f}",
                        )
                    ),
                    self._place(value, guide, more=high),
                )
            )
        rows += [*self._scaled_rows(found), *more]
        columns = (
            Column(self._label("fit_index")),
            Column(self._label("value"), numeric=True),
            Column(self._label("interval_90"), numeric=True),
            Column(self._label("fit_guide")),
            Column(self._label("reading")),
        )
        return Table(title, columns, tuple(rows))

    def model_loadings(self) -> Table | None:
        """Return the standardized loading of every item on the factor of its scale."""
        found = self.report.cfa
        if found is None or not found.loadings:
            return None
        rows = tuple(
            (
                Cell(code),
                Cell(scale.name.in_language(self.language)),
                self._loading_or_nothing(found.loadings[code]),
            )
            for scale in self.report.constructs.values()
            for code in scale.items
            if code in found.loadings
        )
        columns = (
            Column(self._label("item")),
            Column(self._label("construct")),
            Column(self._label("standardized_loading"), numeric=True),
        )
        return Table(self._label("model_loadings"), columns, rows)

    def composites(self) -> Table | None:
        """Return composite reliability and AVE of every scale with intervals."""
        if self.report.cfa is None:
            return None
        scales = list(self.report.constructs.values())
        rows = tuple(
            (
                Cell(scale.name.in_language(self.language)),
                self._estimate(scale.composite_reliability),
                self._interval(scale.composite_reliability),
                self._estimate(scale.ave),
                self._interval(scale.ave),
            )
            for scale in scales
        )
        names = ("composite_reliability", "interval", "ave", "interval")
        columns = self._columns("construct", *names)
        # why there is no model at all is said of the model
        why = self.report.cfa.reason
        return Table(
            self._label("composite_reliability"),
            columns,
            rows,
            self._reasons(
                (scale, (scale.ave,))
                for scale in scales
                if not (isinstance(scale.ave, Absent) and scale.ave.reason == why)
            )
            + tuple(one.text(self.language) for one in composite_notes(self.report)),
        )

    def model_correlations(self) -> Table | None:
        """Return the correlations of the model's factors."""
        found = self.report.cfa
        if found is None or not found.factor_correlations:
            return None
        scales = self.report.constructs
        rows = []
        for key, value in found.factor_correlations.items():
            first, second = (scales[code].name for code in key.split("~~"))
            pair = label("pair_of", self.language, first=first, second=second)
            rows.append((Cell(pair), Cell(self._number(value))))
        columns = self._columns("pair", "r")
        return Table(self._label("factor_correlations"), columns, tuple(rows))

    def models(self) -> Table | None:
        """Return the fit of the compared models, with the reasons of those without."""
        if not self.report.models:
            return None
        rows, notes = [], []
        for name, found in self.report.models.items():
            model = self._label(f"model_{name}")
            df = NOTHING if found.df is None else str(found.df)
            numbers = tuple(_value(found, one)[0] for one in ("cfi", "rmsea", "srmr"))
            rows.append(
                (
                    Cell(model),
                    Cell(self._large(_value(found, "chi2")[0])),
                    Cell(df),
                    *(Cell(self._index(value)) for value in numbers),
                    Cell(self._large(found.bic)),
                )
            )
            said = (*found.notices, *([found.reason] if found.reason else []))
            notes += [self._of(model, Absent(one)) for one in said]
        names = ("model_heading", "chi2", "df", "cfi", "rmsea", "srmr", "bic")
        return Table(
            self._label("models_compared"),
            self._columns(*names),
            tuple(rows),
            tuple(notes),
        )

    def invariance(self, column: str) -> Table | None:
        """Return the fit of the levels in all groups at once."""
        found = self.report.groups[column].invariance
        rows = []
        for level in ("configural", "thresholds", "metric", "scalar"):
            one = getattr(found, level)
            if one is not None:
                numbers = (one.cfi, one.rmsea, one.srmr)
                rows.append(
                    (
                        Cell(self._label(f"level_{level}")),
                        Cell(self._large(one.chi2)),
                        Cell(str(one.df)),
                        *(Cell(self._index(value)) for value in numbers),
                        Cell(_small_p(one.difference_p)),
                    )
                )
        if not rows:
            return None
        names = ("level_heading", "chi2", "df", "cfi", "rmsea", "srmr", "worse_p")
        named = column_name(column, self.language)
        title = label("invariance_by", self.language, column=named)
        return Table(title, self._columns(*names), tuple(rows))

    def _name_of(self, found: ModelFit, name: str) -> str:
        """Name an index: whether it is scaled is said wherever it is."""
        if found.only_scaled and name in FOLLOWING_CHI2:
            return label("fit_scaled", self.language, index=name.upper())
        return name.upper()

    def _scaled_rows(self, found: ModelFit) -> list[tuple[Cell, ...]]:
        """Return the scaled indices, which have no guide of their own."""
        if found.chi2_scaled is None or found.only_scaled:
            return []
        rmsea = found.rmsea_scaled
        values = {
            "CFI": (found.cfi_scaled, None),
            "TLI": (found.tli_scaled, None),
            "RMSEA": (rmsea.estimate if rmsea else None, rmsea),
        }
        return [
            self._unguided(
                label("fit_scaled", self.language, index=name), value, interval
            )
            for name, (value, interval) in values.items()
        ]

    def _unguided(
        self, name: str, value: float | None, interval: RmseaResult | None
    ) -> tuple[Cell, ...]:
        """Return a row of an index for which no guide was made."""
        ends = self._rmsea_ends(interval)
        return (
            Cell(name),
            Cell(self._index(value)),
            ends,
            Cell(NOTHING),
            Cell(NOTHING),
        )

    def _rmsea_ends(self, interval: RmseaResult | None) -> Cell:
        if interval is None:
            return Cell(NOTHING)
        ends = (self._index(interval.low), self._index(interval.high))
        return Cell(self._span(*ends))

    def _index(self, value: float | None) -> str:
        """Write an index of fit, whose third decimal is read everywhere."""
        return _written(value, max(self.digits, 3))

    def _large(self, value: float | None) -> str:
        """Write a chi-square or a BIC: one decimal beside two of other numbers."""
        return _written(value, self.digits - 1)

    def _place(self, value: float | None, guide: float, *, more: bool) -> Cell:
        if value is None:
            return Cell(NOTHING)
        inside = _inside(value, guide, more=more)
        chip = "chip_cfa_inside_one" if inside else "chip_cfa_outside_one"
        return Cell(self._label(chip), tone="good" if inside else "watch", chip=True)

    def _loading_or_nothing(self, value: float | None) -> Cell:
        return Cell(NOTHING) if value is None else self._loading(value)


def head(report: Report, language: str) -> str:
    """Name the model, its estimator and its people; nothing without a model."""
    found = report.cfa
    if found is None:
        return ""
    if found.estimator == "FIML":
        return label("factor_model_head_FIML", language, n=found.n)
    return label("factor_model_head", language, estimator=found.estimator, n=found.n)


def fit_reading(found: ModelFit) -> Reading:
    """Read the indices by the guides of Hu & Bentler (1999), and what is improper."""
    if found.reason is not None:
        return Reading(say("chip_no_number"), "watch", (found.reason, *found.notices))
    values = {name: _value(found, name)[0] for name in GUIDES}
    inside = [
        _inside(value, GUIDES[name][0], more=GUIDES[name][1])
        for name, value in values.items()
        if value is not None
    ]
    said: list[Sentence] = []
    if found.df:
        said.append(say("cfa_fit", within=sum(inside), count=len(inside)))
        if not found.only_scaled:
            p = _p(found.p)
            said.append(say("cfa_exact", chi2=found.chi2 or 0.0, df=found.df, p=p))
        said.append(say("cfa_guides"))
    if found.chi2_scaled is not None:
        said.append(_scaled(found, found.chi2_scaled))
    chip, tone = _fit_chip(found, inside)
    return Reading(say(chip), tone, (*found.notices, *said))


def _scaled(found: ModelFit, chi2: float) -> Sentence:
    p = _p(found.p_scaled)
    if found.only_scaled:
        code = "cfa_ordered" if found.estimator == "WLSMV" else "cfa_robust_sampled"
        return say(code, chi2=chi2, df=found.df or 0, p=p)
    others = {"FIML": "cfa_robust_fiml", "MLMV": "cfa_robust_mlmv"}
    return say(others.get(found.estimator, "cfa_robust"), chi2=chi2, p=p)


def _fit_chip(found: ModelFit, inside: list[bool]) -> tuple[str, Tone]:
    improper = any(
        one.code.startswith("sem-") and one.code != "sem-saturated"
        for one in found.notices
    )
    if improper:
        return "chip_cfa_improper", "stop"
    if not found.df:
        return "chip_not_testable", "plain"
    if all(inside):
        return "chip_cfa_within", "good"
    return (
        ("chip_cfa_partly", "plain") if any(inside) else ("chip_cfa_outside", "watch")
    )


def invariance_reading(found: Invariance) -> Reading:
    """Read what may be compared between the groups."""
    chip, tone = _CHIPS[found.verdict]
    said = [found.reason]
    if found.drifting and found.verdict != "partial_scalar":
        said.append(say("invariance_drifting", items=found.drifting))
    return Reading(say(chip), tone, (*said, *found.notices))


def column_name(column: str, language: str) -> str:
    """Return what a page calls a column of groups: a file's own name, or ours."""
    return label("group_language", language) if column == LANGUAGE_COLUMN else column


def sizes(found: Invariance) -> Sentence | None:
    """Say how many complete answers each group has; None where none is compared."""
    if not found.n:
        return None
    named = tuple(
        say("group_size", name=name, n=n).as_text() for name, n in found.n.items()
    )
    return say("group_sizes", groups=named)


def _value(found: ModelFit, name: str) -> tuple[float | None, RmseaResult | None]:
    """Return an index as it is read, and its interval where it has one."""
    value = found.as_read(name)
    if isinstance(value, RmseaResult):
        return value.estimate, value
    return value, None


def models_guide(report: Report) -> str:
    """Return the code of the sentence that says how compared models are read."""
    if report.design:
        return "cfa_models_sampled"
    ordered = report.settings.estimator == "WLSMV"
    return "cfa_models_ordered" if ordered else "cfa_models"


def _written(value: float | None, digits: int) -> str:
    return NOTHING if value is None else f"{value:.{digits}f}".replace("-", "−")


def _inside(value: float, guide: float, *, more: bool) -> bool:
    return value >= guide if more else value <= guide


def _p(p: float | None) -> str:
    if p is None:
        return NOTHING
    return p_value(p) if p < 0.001 else f"= {p_value(p)}"


def _small_p(p: float | None) -> str:
    return NOTHING if p is None else p_value(p)


def p_value(p: float) -> str:
    """Write a tail probability with three decimals."""
    return "< 0.001" if p < 0.001 else f"{p:.3f}"
