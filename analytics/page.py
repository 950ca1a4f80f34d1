"""A report in one language, as the templates read it. Page and file share it.

Templates only place what stands here; every word comes from the sentences of the
report, so that page, file and terminal say the same.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.utils.safestring import SafeString, mark_safe

from analytics import (
    charts,
    comparison_tables,
    design,
    factor_tables,
    readings,
    team_tables,
)
from analytics.approximate_intervals import reliability_notes
from analytics.charts import Chart
from analytics.comparison_tables import ComparisonTables
from analytics.drawing import NARROW_PIXELS, WIDE_PIXELS, inline_svg
from analytics.glance import glance
from analytics.item_response_page import (
    DifSection,
    ItemResponseSection,
    dif_section,
    item_response_section,
)
from analytics.method_table import MethodTable
from analytics.own_model_tables import OwnModelTables, own_head
from analytics.readings import Reading
from analytics.results import Report
from analytics.sentences import Sentence, joined, label, say
from analytics.sentences.labels import LABELS
from analytics.shown import Said, Shown, maybe_shown, shown
from analytics.tables import Tables, by_size

DIGITS: Final = 2
HTML_LANGUAGES: Final = {"en": "en", "zh-hans": "zh-Hans"}

SAMPLE: Final = {"simulated", "one_respondent", "small_sample", *design.NOTICES}
ITEMS: Final = {"constant_item", "unanswered_item", "missing_item", "negative_item"}
LOYALTY: Final = {
    "no_outcomes",
    "same_source",
    "not_separable_outcome",
    "redundant",
    "corrected_above_one",
}
# said by the readings of their section
READ_ELSEWHERE: Final = {"not_separable", "two_item_reliability", "formative"}


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart: specifications for the browser, or drawings where no script runs."""

    code: str
    title: str
    description: str
    wide: SafeString
    narrow: SafeString
    drawn: bool
    table: Shown


@dataclass(frozen=True, slots=True)
class OutcomeSection:
    """What goes with one outcome."""

    code: str
    title: str
    figure: Figure | None
    table: Shown
    readings: tuple[Said, ...]
    recommend: tuple[str, ...]
    weights_title: str
    weights: Figure | None
    weights_table: Shown | None
    weights_sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GroupSection:
    """Whether the items measure alike in the groups of one column."""

    title: str
    reading: Said
    sizes: str
    table: Shown | None
    dif: DifSection | None


@dataclass(frozen=True, slots=True)
class ComparisonSection:
    """What was answered about one further referent, beside the first."""

    title: str
    sentences: tuple[str, ...]
    levels: Shown
    relations: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class OwnModelSection:
    """The model that a researcher brought; `text` as written."""

    title: str
    head: str
    reading: Said
    fit: Shown | None
    parameters: Shown | None
    defined: Shown | None
    modifications: Shown | None
    modifications_guide: str
    text_title: str
    text: str


@dataclass(frozen=True, slots=True)
class Page:
    """Everything a report's page shows, in the order of the page."""

    language: str
    html_language: str
    words: dict[str, str]
    title: str
    facts: tuple[str, ...]
    simulated: bool
    evidence: tuple[str, ...]
    sample_notices: tuple[str, ...]
    glance: tuple[Said, ...]
    dimensions: tuple[Figure, ...]
    levels: Shown
    outcomes: tuple[OutcomeSection, ...]
    loyalty_notices: tuple[str, ...]
    comparisons: tuple[ComparisonSection, ...]
    reliability: Figure | None
    reliability_table: Shown
    reliability_approximate: tuple[str, ...]
    reliability_readings: tuple[Said, ...]
    adequacy: Said
    votes: str
    eigenvalues: Figure | None
    structure_notices: tuple[str, ...]
    loadings: Shown | None
    loading_sentences: tuple[str, ...]
    factor_correlations: Shown | None
    separability: Shown | None
    separability_sentences: tuple[str, ...]
    fit_title: str
    fit_head: str
    fit: Shown | None
    fit_reading: Said | None
    model_loadings: Shown | None
    model_correlations: Shown | None
    composites: Shown | None
    composites_guide: str
    models: Shown | None
    models_guide: str
    own_model: OwnModelSection | None
    item_response: ItemResponseSection | None
    groups: tuple[GroupSection, ...]
    teams: tuple[Shown, ...]
    team_sentences: tuple[str, ...]
    items: Shown
    item_notices: tuple[str, ...]
    methods: Shown


def context(report: Report, language: str, *, drawn: bool = False) -> dict[str, Any]:
    """Return the context of `analytics/_report.html`.

    Parameters
    ----------
    report : Report
    language : str
        "en" or "zh-hans".
    drawn : bool
        Draw the charts here, for a file without script; else give specifications.
    """
    return {"page": _Maker(report, language, drawn).page()}


def statistics(report: Report, language: str, *, drawn: bool = False) -> Page:
    """Return the page without what a release shows in other sections.

    Those are the glance, the levels, the outcomes and further referents.
    """
    return _Maker(report, language, drawn, brief=True).page()


@dataclass(frozen=True, slots=True)
class _Maker:
    """Puts a report into words of one language."""

    report: Report
    language: str
    drawn: bool
    brief: bool = False

    def page(self) -> Page:
        report, tables = self.report, Tables(self.report, self.language, DIGITS)
        said = set().union(SAMPLE, ITEMS, LOYALTY, READ_ELSEWHERE)
        others = {notice.code for notice in report.notices} - said
        return Page(
            language=self.language,
            html_language=HTML_LANGUAGES[self.language],
            words=self._label_words(),
            title=report.title.in_language(self.language),
            facts=self._facts(),
            simulated=report.simulated,
            evidence=self._evidence(),
            sample_notices=self._notices(SAMPLE - {"simulated"}),
            **self._levels_and_outcomes(tables),
            levels=shown(tables.levels()),
            loyalty_notices=self._notices(LOYALTY),
            reliability=self._maybe(charts.reliability_chart(report, self.language)),
            reliability_table=shown(tables.reliability()),
            reliability_approximate=self._texts(reliability_notes(report)),
            reliability_readings=self._reliability(),
            adequacy=self._said(readings.adequacy(report)),
            votes=self._votes(),
            eigenvalues=self._maybe(charts.eigenvalue_chart(report, self.language)),
            structure_notices=self._notices(others),
            loadings=maybe_shown(tables.loadings()),
            loading_sentences=self._texts(readings.loadings(report)),
            factor_correlations=maybe_shown(tables.factor_correlations()),
            separability=maybe_shown(tables.separability()),
            separability_sentences=self._texts(readings.separability_sentences(report)),
            **self._factor_model(),
            own_model=self._own_model(),
            item_response=item_response_section(report, self.language, self._figure),
            groups=self._groups(),
            teams=self._teams(),
            team_sentences=self._texts(team_tables.sentences(report)),
            items=shown(tables.items()),
            item_notices=self._notices(ITEMS),
            methods=shown(MethodTable(report, self.language, DIGITS).methods()),
        )

    def _levels_and_outcomes(self, tables: Tables) -> dict[str, Any]:
        """Return the fields of the page that a brief one leaves empty."""
        report = self.report
        if self.brief:
            names = ("glance", "dimensions", "outcomes", "comparisons")
            return dict.fromkeys(names, ())
        dimensions = charts.dimension_charts(report, self.language)
        return {
            "glance": tuple(self._said(read) for read in glance(report)),
            "dimensions": tuple(self._figure(chart) for chart in dimensions),
            "outcomes": tuple(self._outcome(code, tables) for code in report.outcomes),
            "comparisons": self._comparisons(),
        }

    def _comparisons(self) -> tuple[ComparisonSection, ...]:
        tables = ComparisonTables(self.report, self.language, DIGITS)
        return tuple(
            ComparisonSection(
                title=label("compared", self.language, other=other.name),
                sentences=self._texts(comparison_tables.sentences(self.report, other)),
                levels=shown(tables.means(other)),
                relations=tuple(
                    shown(tables.relations(other, outcome))
                    for outcome in other.relations
                ),
            )
            for other in self.report.others
        )

    def _factor_model(self) -> dict[str, Any]:
        """Return the fields of the page about the factor model."""
        tables = factor_tables.FactorTables(self.report, self.language, DIGITS)
        found = self.report.cfa
        read = None if found is None else factor_tables.fit_reading(found)
        return {
            "fit_title": label("factor_model", self.language),
            "fit_head": factor_tables.head(self.report, self.language),
            "fit": maybe_shown(tables.fit()),
            "fit_reading": None if read is None else self._said(read),
            "model_loadings": maybe_shown(tables.model_loadings()),
            "model_correlations": maybe_shown(tables.model_correlations()),
            "composites": maybe_shown(tables.composites()),
            "composites_guide": label("cfa_ave_guide", self.language),
            "models": maybe_shown(tables.models()),
            "models_guide": label(
                factor_tables.models_guide(self.report), self.language
            ),
        }

    def _own_model(self) -> OwnModelSection | None:
        found = self.report.model
        if found is None:
            return None
        tables = OwnModelTables(self.report, self.language, DIGITS)
        return OwnModelSection(
            title=label("own_model", self.language),
            head=own_head(self.report, self.language),
            reading=self._said(factor_tables.fit_reading(found)),
            fit=maybe_shown(tables.own_fit()),
            parameters=maybe_shown(tables.parameters()),
            defined=maybe_shown(tables.defined()),
            modifications=maybe_shown(tables.modifications()),
            modifications_guide=label("own_modification_guide", self.language),
            text_title=label("own_text", self.language),
            text=found.text,
        )

    def _groups(self) -> tuple[GroupSection, ...]:
        tables = factor_tables.FactorTables(self.report, self.language, DIGITS)
        sections = []
        for column, one in self.report.groups.items():
            found = one.invariance
            sizes = factor_tables.sizes(found)
            sections.append(
                GroupSection(
                    title=label(
                        "invariance_by",
                        self.language,
                        column=factor_tables.column_name(column, self.language),
                    ),
                    reading=self._said(factor_tables.invariance_reading(found)),
                    sizes=sizes.text(self.language) if sizes else "",
                    table=maybe_shown(tables.invariance(column)),
                    dif=dif_section(self.report, column, self.language),
                )
            )
        return tuple(sections)

    def _teams(self) -> tuple[Shown, ...]:
        tables = team_tables.TeamTables(self.report, self.language, DIGITS)
        return tuple(
            shown(tables.agreement(column)) for column in self.report.aggregation
        )

    def _label_words(self) -> dict[str, str]:
        chinese = self.language == "zh-hans"
        return {code: words[chinese] for code, words in LABELS.items()}

    def _facts(self) -> tuple[str, ...]:
        n, complete = self.report.n_rows, self.report.n_complete
        return (
            label("respondents", self.language, n=n),
            label("complete", self.language, n=complete),
        )

    def _evidence(self) -> tuple[str, ...]:
        if not self.report.instruments:
            return (say("evidence_unknown").text(self.language),)
        return tuple(
            label(
                "of_scale",
                self.language,
                scale=one.name,
                sentence=say(one.known).text(self.language),
            )
            for one in self.report.instruments
        )

    def _notices(self, codes: set[str]) -> tuple[str, ...]:
        return self._texts(one for one in self.report.notices if one.code in codes)

    def _texts(self, sentences: Iterable[Sentence]) -> tuple[str, ...]:
        return tuple(sentence.text(self.language) for sentence in sentences)

    def _said(self, read: Reading, name: str = "") -> Said:
        text = joined(read.sentences, self.language)
        return Said(read.chip.text(self.language), read.tone, text, name)

    def _reliability(self) -> tuple[Said, ...]:
        return tuple(
            self._said(
                readings.reliability(scale), scale.name.in_language(self.language)
            )
            for scale in self.report.constructs.values()
        )

    def _votes(self) -> str:
        """Return the votes, where no notice says what came of them."""
        found = self.report.dimensionality.parallel
        if any(one.code.startswith("votes") for one in self.report.notices):
            return ""
        if found is None:
            return self.report.dimensionality.reasons["parallel"].text(self.language)
        return label(
            "votes_value",
            self.language,
            factors=found.factors,
            components=found.components,
        )

    def _outcome(self, code: str, tables: Tables) -> OutcomeSection:
        outcome = self.report.outcomes[code].name
        found = by_size(self.report.loyalty[code])
        return OutcomeSection(
            code=code,
            title=label("loyalty", self.language, outcome=outcome),
            figure=self._maybe(charts.loyalty_chart(self.report, code, self.language)),
            table=shown(tables.loyalty(code)),
            readings=tuple(
                self._said(
                    readings.relation(self.report.scales[scale].name, outcome, one)
                )
                for scale, one in found
            ),
            recommend=self._texts(readings.recommend(self.report.outcomes[code])),
            weights_title=label("weights", self.language, outcome=outcome),
            weights=self._maybe(charts.weights_chart(self.report, code, self.language)),
            weights_table=maybe_shown(tables.weights(code)),
            weights_sentences=self._texts(readings.weights(self.report, code)),
        )

    def _maybe(self, chart: Chart | None) -> Figure | None:
        return None if chart is None else self._figure(chart)

    def _figure(self, chart: Chart) -> Figure:
        return figure_of(chart, drawn=self.drawn)


def figure_of(chart: Chart, *, drawn: bool) -> Figure:
    """Return a chart as the templates read it; `drawn` where no script runs."""
    if drawn:
        wide = mark_safe(inline_svg(chart.wide, pixels=WIDE_PIXELS))  # noqa: S308
        narrow = mark_safe(inline_svg(chart.narrow, pixels=NARROW_PIXELS))  # noqa: S308
    else:
        wide, narrow = _script(chart.wide), _script(chart.narrow)
    return Figure(
        code=chart.code,
        title=chart.title,
        description=chart.description,
        wide=wide,
        narrow=narrow,
        drawn=drawn,
        table=shown(chart.table),
    )


def _script(spec: dict[str, Any]) -> SafeString:
    """Return JSON that cannot end the script element it stands in."""
    text = json.dumps(spec, ensure_ascii=False, allow_nan=False)
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return mark_safe(text)  # noqa: S308
