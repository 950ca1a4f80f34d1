"""A report as text for a terminal; Chinese characters take two columns."""

import unicodedata
from collections.abc import Iterator, Sequence

from analytics import readings
from analytics.approximate_intervals import reliability_notes
from analytics.factor_tables import (
    FactorTables,
    fit_reading,
    head,
    invariance_reading,
    models_guide,
    sizes,
)
from analytics.glance import glance
from analytics.item_response_readings import dif_guide, dif_reading, response_reading
from analytics.item_response_readings import head as item_response_head
from analytics.item_response_tables import ItemResponseTables, responses_of
from analytics.method_table import MethodTable
from analytics.own_model_tables import OwnModelTables, own_head
from analytics.results import Report
from analytics.sentences import joined, label, say
from analytics.tables import Table, Tables
from analytics.team_tables import TeamTables
from analytics.team_tables import sentences as team_sentences

DIGITS = 4
WIDTH = 96
GAP = "  "


def report_as_text(report: Report, language: str) -> str:
    """Return the whole report in one language, lines ended by newlines."""
    return "\n".join(_lines(report, language)) + "\n"


def report_in_brief(report: Report, language: str) -> str:
    """Return the main tables alone: reliability, factors, what goes with outcomes."""
    tables = Tables(report, language, DIGITS)
    lines = [*_head(report, language), *_table(tables.reliability())]
    for sentence in reliability_notes(report):
        lines += _wrapped(sentence.text(language), indent=2)
    lines += _table(tables.loadings())
    for outcome in report.outcomes:
        lines += _table(tables.loyalty(outcome))
    return "\n".join(lines) + "\n"


def display_width(text: str) -> int:
    """Count the columns that a terminal needs: wide characters take two."""
    return sum(0 if unicodedata.combining(one) else _columns_of(one) for one in text)


def _columns_of(character: str) -> int:
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _lines(report: Report, language: str) -> Iterator[str]:
    tables = Tables(report, language, DIGITS)
    yield from _head(report, language)
    yield from _heading(label("glance", language))
    for read in glance(report):
        chip = read.chip.text(language)
        text = joined(read.sentences, language)
        yield from _wrapped(f"[{chip}] {text}", indent=2)
    yield from _table(tables.levels())
    yield from _table(tables.reliability())
    for sentence in reliability_notes(report):
        yield from _wrapped(sentence.text(language), indent=2)
    yield from _readings_of_scales(report, language)
    for outcome in report.outcomes:
        yield from _table(tables.loyalty(outcome))
        for sentence in readings.recommend(report.outcomes[outcome]):
            yield from _wrapped(sentence.text(language), indent=2)
        yield from _weights(report, outcome, tables)
    yield from _structure(report, language)
    yield from _table(tables.eigenvalues(), title=False)
    yield from _table(tables.loadings())
    for sentence in readings.loadings(report):
        yield from _wrapped(sentence.text(language), indent=2)
    yield from _table(tables.factor_correlations())
    yield from _table(tables.separability())
    yield from _factor_model(report, language)
    yield from _own_model(report, language)
    yield from _item_response(report, language)
    yield from _groups(report, language)
    for column in report.aggregation:
        yield from _table(TeamTables(report, language, DIGITS).agreement(column))
    for sentence in team_sentences(report):
        yield from _wrapped(sentence.text(language), indent=2)
    yield from _table(tables.items())
    yield from _heading(label("notices", language))
    for notice in report.notices:
        yield from _wrapped(f"- {notice.text(language)}", indent=2)
    yield from _table(MethodTable(report, language, DIGITS).methods())


def _head(report: Report, language: str) -> Iterator[str]:
    facts = [
        label("respondents", language, n=report.n_rows),
        label("complete", language, n=report.n_complete),
    ]
    if report.simulated:
        facts.append(label("simulated_mark", language))
    yield report.title.in_language(language)
    yield " · ".join(facts)
    for instrument in report.instruments:
        evidence = say(instrument.known).text(language)
        yield f"{instrument.name.in_language(language)} · {evidence}"
    if not report.instruments:
        yield from _wrapped(say("evidence_unknown").text(language), indent=0)


def _readings_of_scales(report: Report, language: str) -> Iterator[str]:
    for scale in report.constructs.values():
        read = readings.reliability(scale)
        text = joined(read.sentences, language)
        name = scale.name.in_language(language)
        line = label("of_scale", language, scale=name, sentence=text)
        yield from _wrapped(line, indent=2)


def _weights(report: Report, outcome: str, tables: Tables) -> Iterator[str]:
    sentences = readings.weights(report, outcome)
    table = tables.weights(outcome)
    if sentences and table is None:
        name = report.outcomes[outcome].name
        yield from _heading(label("weights", tables.language, outcome=name))
    yield from _table(table)
    for sentence in sentences:
        yield from _wrapped(sentence.text(tables.language), indent=2)


def _structure(report: Report, language: str) -> Iterator[str]:
    found = report.dimensionality
    yield from _heading(label("structure", language))
    if found.kmo is not None:
        yield f"  {label('kmo', language)} {found.kmo:.{DIGITS}f}"
    for sentence in readings.adequacy(report).sentences:
        yield from _wrapped(sentence.text(language), indent=2)
    if found.parallel:
        votes = label(
            "votes_value",
            language,
            factors=found.parallel.factors,
            components=found.parallel.components,
        )
        yield f"  {label('votes_label', language)}: {votes}"
    elif "parallel" in found.reasons:
        yield from _wrapped(found.reasons["parallel"].text(language), indent=2)


def _factor_model(report: Report, language: str) -> Iterator[str]:
    if report.cfa is None:
        return
    tables = FactorTables(report, language, DIGITS)
    yield from _heading(label("factor_model", language))
    yield from _wrapped(head(report, language), indent=2)
    yield from _table(tables.fit(), title=False)
    for sentence in fit_reading(report.cfa).sentences:
        yield from _wrapped(sentence.text(language), indent=2)
    yield from _table(tables.model_loadings())
    yield from _table(tables.model_correlations())
    yield from _table(tables.composites())
    if table := tables.models():
        yield from _table(table)
        yield from _wrapped(label(models_guide(report), language), indent=2)


def _own_model(report: Report, language: str) -> Iterator[str]:
    if report.model is None:
        return
    tables = OwnModelTables(report, language, DIGITS)
    yield from _heading(label("own_model", language))
    yield from _wrapped(own_head(report, language), indent=2)
    yield from _table(tables.own_fit(), title=False)
    for sentence in fit_reading(report.model).sentences:
        yield from _wrapped(sentence.text(language), indent=2)
    yield from _table(tables.parameters())
    yield from _table(tables.defined())
    if table := tables.modifications():
        yield from _table(table)
        guide = label("own_modification_guide", language)
        yield from _wrapped(guide, indent=2)


def _item_response(report: Report, language: str) -> Iterator[str]:
    sentences = item_response_head(report)
    found = responses_of(report)
    if not sentences and not found:
        return
    tables = ItemResponseTables(report, language, DIGITS)
    yield from _heading(label("item_response", language))
    for sentence in sentences:
        yield from _wrapped(sentence.text(language), indent=2)
    yield from _table(tables.precision(), title=False)
    for code, one in found.items():
        yield from _table(tables.parameters(code))
        text = joined(response_reading(one).sentences, language)
        line = label("of_scale", language, scale=tables.name(code), sentence=text)
        yield from _wrapped(line, indent=2)
        yield from _table(tables.thresholds(code))
        yield from _table(tables.pairs(code))
        yield from _table(tables.information(code))


def _dif(report: Report, column: str, language: str) -> Iterator[str]:
    tables = ItemResponseTables(report, language, DIGITS)
    found = report.groups[column].dif
    if guide := dif_guide(found.values()):
        yield from _wrapped(guide.text(language), indent=2)
    for code, one in found.items():
        yield from _table(tables.dif(column, code))
        text = joined(dif_reading(one).sentences, language)
        line = label("of_scale", language, scale=tables.name(code), sentence=text)
        yield from _wrapped(line, indent=2)
        yield from _table(tables.log_odds(column, code))


def _groups(report: Report, language: str) -> Iterator[str]:
    tables = FactorTables(report, language, DIGITS)
    for column, one in report.groups.items():
        yield from _heading(label("invariance_by", language, column=column))
        yield from _table(tables.invariance(column), title=False)
        counted = sizes(one.invariance)
        read = invariance_reading(one.invariance).sentences
        for sentence in (*([counted] if counted else []), *read):
            yield from _wrapped(sentence.text(language), indent=2)
        yield from _dif(report, column, language)


def _heading(title: str) -> Iterator[str]:
    yield ""
    yield title
    yield "─" * display_width(title)


def _table(table: Table | None, *, title: bool = True) -> Iterator[str]:
    if table is None:
        return
    if title:
        yield from _heading(table.title)
    rows = [[column.label for column in table.columns]]
    rows += [[cell.text for cell in row] for row in table.rows]
    yield from columns(rows, [column.numeric for column in table.columns])
    for note in table.notes:
        yield from _wrapped(note, indent=2)


def columns(rows: Sequence[Sequence[str]], numeric: Sequence[bool]) -> Iterator[str]:
    """Yield rows with their cells in columns, numbers to the right."""
    widths = [max(map(display_width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [
            _padded(text, width, right=right)
            for text, width, right in zip(row, widths, numeric, strict=True)
        ]
        yield f"  {GAP.join(cells)}".rstrip()


def _padded(text: str, width: int, *, right: bool) -> str:
    space = " " * (width - display_width(text))
    return space + text if right else text + space


def _wrapped(text: str, *, indent: int) -> Iterator[str]:
    """Break lines at spaces, and between Chinese characters, before `WIDTH`."""
    margin = " " * indent
    line = ""
    for word in _pieces(text):
        if line and display_width(margin + line + word.rstrip()) > WIDTH:
            yield (margin + line).rstrip()
            margin = " " * (indent + 2)
            line = ""
        line += word
    yield (margin + line).rstrip()


def _pieces(text: str) -> Iterator[str]:
    """Yield what must stay on one line: words with their space, single characters."""
    piece = ""
    for one in text:
        wide = _columns_of(one) == 2
        closing = one in "，。；：）、"
        if wide and piece and not closing:
            yield piece
            piece = ""
        piece += one
        if one == " " or (wide and one not in "（"):
            yield piece
            piece = ""
    if piece:
        yield piece
