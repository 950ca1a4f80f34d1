"""From a data set, the forms it was asked with and what is known about the study."""

from collections.abc import Iterator, Mapping, Sequence

from analytics.export.codebook.cleaning import cleaned
from analytics.export.codebook.univariate import statistics_of
from analytics.export.codebook.values import (
    About,
    Codebook,
    Entry,
    InstrumentTold,
    ScaleTold,
    Study,
    WaveTold,
)
from analytics.export.dataset import DataSet, Variable, WaveIn
from analytics.plan import Text
from analytics.sentences import Sentence, say
from surveys import catalogue, definition

ASKED = frozenset({"raw", "keyed", "item_score"})
NOBODY = About()


def codebook_of(
    data: DataSet, forms: Sequence[definition.Form] = (), about: About = NOBODY
) -> Codebook:
    """Describe a data set; reads its rows once.

    Parameters
    ----------
    forms : sequence of Form
        What the waves asked, the newest last: questions, scales and instruments are
        taken from the newest that has them. Without forms the data set speaks alone.
    about : About
        Promise, sample, people asked (`codebook.about.about_of`).
    """
    newest = tuple(reversed(forms))
    items = _items(newest)
    entries = tuple(
        Entry(
            variable=variable,
            question=_question(variable, items),
            statistics=statistics,
            said=tuple(_said(variable, data, items)),
        )
        for variable, statistics in zip(
            data.variables, statistics_of(data), strict=True
        )
    )
    book = Codebook(
        study=_study(data, newest, about),
        scales=tuple(_scales(data.variables, newest)),
        entries=entries,
    )
    return cleaned(book)


def _items(newest: Sequence[definition.Form]) -> dict[str, definition.FormItem]:
    """Return every item by its code, of the newest form that has it."""
    found: dict[str, definition.FormItem] = {}
    for form in newest:
        for item in form.items:
            found.setdefault(item.code, item)
    return found


def _study(data: DataSet, newest: Sequence[definition.Form], about: About) -> Study:
    named = [text for form in newest[:1] for text in (form.referent, *form.others)]
    return Study(
        id=data.survey,
        title=data.title,
        about=about,
        mode=data.facts.get("mode", ""),
        referents=tuple(text_of(one) for one in named),
        rows=data.rows,
        waves=tuple(_wave(one, about) for one in data.waves),
        instruments=tuple(_instruments(newest)),
        notes=data.notes,
        facts={key: one for key, one in data.facts.items() if key != "mode"},
    )


def _wave(wave: WaveIn, about: About) -> WaveTold:
    return WaveTold(
        number=wave.number,
        opened=wave.opened,
        closed=wave.closed,
        rows=wave.rows,
        invited=about.invited.get(wave.number),
        form_digest=wave.form_digest,
        instruments=wave.instruments,
    )


def _instruments(newest: Sequence[definition.Form]) -> Iterator[InstrumentTold]:
    known: set[tuple[str, int, str]] = set()
    for form in newest:
        for one in form.instruments:
            key = (one.code, one.version, one.digest)
            if key not in known:
                known.add(key)
                yield _instrument(one)


def _instrument(one: definition.FormInstrument) -> InstrumentTold:
    record = catalogue.catalogue().get(one.catalogue) if one.catalogue else None
    return InstrumentTold(
        code=one.code,
        version=one.version,
        name=text_of(one.name),
        licence=one.licence,
        evidence=one.evidence_level,
        digest=one.digest,
        source=citation(record) if record else one.catalogue or "",
        checked=record is None or record.mark == "S",
        modified=one.modified,
    )


def citation(record: catalogue.Record) -> str:
    """Return authors, year, name, source and what DOI may be shown."""
    shown = record.displayed().record
    doi = f" https://doi.org/{shown.doi}" if shown.doi else ""
    authors = "; ".join(shown.authors)
    return f"{authors} ({shown.year}). {shown.name.en}. {shown.source}{doi}"


def _scales(
    variables: Sequence[Variable], newest: Sequence[definition.Form]
) -> Iterator[ScaleTold]:
    """Scales with a variable in the data, in the order of the variables."""
    known: dict[str, definition.FormScale] = {}
    for form in newest:
        for one in form.scales:
            known.setdefault(one.code, one)
    for code in dict.fromkeys(one.scale for one in variables if one.scale):
        scale = known.get(code)
        own = [one for one in variables if one.scale == code]
        scores = [one for one in own if one.role == "scale_score"]
        yield ScaleTold(
            code=code,
            name=text_of(scale.name) if scale is not None else _named(code, scores),
            model=scale.model if scale is not None else "",
            items=tuple(one.name for one in own if one.role in ASKED),
            scores=tuple(one.name for one in scores),
        )


def _named(code: str, scores: Sequence[Variable]) -> Text:
    """Name a scale that no form knows by its score, or by its code."""
    return scores[0].label if scores else Text.same(code)


def _question(
    variable: Variable, items: Mapping[str, definition.FormItem]
) -> Text | None:
    if variable.role not in ASKED:
        return None
    item = items.get(variable.item or "")
    return text_of(item.text) if item else variable.label


def _said(
    variable: Variable, data: DataSet, items: Mapping[str, definition.FormItem]
) -> Iterator[Sentence]:
    if variable.note is not None:
        yield say("codebook_note", text=variable.note)
    if variable.role == "keyed" and variable.reverse:
        yield from _turned(variable)
    elif variable.reverse and variable.role == "raw":
        yield say("codebook_reverse")
    if variable.items:
        yield say("codebook_made_of", items=variable.items)
    item = items.get(variable.item or "")
    if item is not None and variable.role in ASKED:
        yield from _conditions(item, items)
    for wave in data.waves:
        if variable.name in wave.absent:
            yield say("codebook_absent", wave=wave.number)
        elif variable.name in wave.lineage:
            before = wave.lineage[variable.name]
            yield say("codebook_renamed", wave=wave.number, before=before)


def _turned(variable: Variable) -> Iterator[Sentence]:
    """Say the rule of keying where the data set has not said it in a note."""
    if variable.note is not None or variable.low is None or variable.high is None:
        return
    yield say("codebook_turned", total=f"{variable.low + variable.high:g}")


def _conditions(
    item: definition.FormItem, items: Mapping[str, definition.FormItem]
) -> Iterator[Sentence]:
    for one in item.show_if:
        asked = items.get(one.item)
        labels = tuple(_answer(asked, code) for code in one.codes)
        yield say("codebook_asked_if", item=one.item, answers=labels)


def _answer(asked: definition.FormItem | None, code: int) -> Text:
    if asked is None or len(asked.labels) != asked.high - asked.low + 1:
        return Text.same(str(code))
    label = asked.labels[code - asked.low]
    return Text(f"{code} {label.in_('en')}", f"{code} {label.in_('zh-hans')}")


def text_of(text: definition.Text) -> Text:
    """Return a text of a form; a language that is missing is said in the other one."""
    return Text(text.in_("en"), text.in_("zh-hans"))
