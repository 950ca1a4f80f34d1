"""A codebook in the words of one language, as the page and the PDF lay it out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from analytics.export.codebook.values import (
    Codebook,
    Entry,
    Frequency,
    InstrumentTold,
    ScaleTold,
    Statistics,
    Study,
    WaveTold,
)
from analytics.export.dataset import Role, Variable
from analytics.plan import Text
from analytics.sentences import label
from surveys.brought.days import label_of

OTHER: Final = {"en": "zh-hans", "zh-hans": "en"}
HTML_LANGUAGE: Final = {"en": "en", "zh-hans": "zh-Hans"}
KNOWN_FACTS: Final = ("promise_sha256", "software", "input_sha256", "seed", "licence")
MODES: Final = frozenset({"open", "anonymous", "confidential", "identified"})
DASH: Final = "–"
# in which an item may stand in a file
SHAPES: Final[tuple[Role, ...]] = ("raw", "keyed", "item_score")
# headings that stand alone
WORDS: Final = (
    "study",
    "variables",
    "list",
    "contents",
    "name",
    "label",
    "question",
    "code",
    "meaning",
    "n",
    "share",
    "missing_code",
)
Fact = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """Headings and cells; the first cell of a row names it."""

    title: str
    columns: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]

    @property
    def rows(self) -> tuple[tuple[tuple[str, str], ...], ...]:
        """Each cell with its heading."""
        return tuple(tuple(zip(self.columns, row, strict=True)) for row in self.cells)


@dataclass(frozen=True, slots=True)
class Paragraphs:
    """A heading with what stands below it."""

    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CodeRow:
    """One code of a variable; `n` and `share` are empty where they are not told."""

    code: str
    meaning: str
    n: str
    share: str
    missing: bool


@dataclass(frozen=True, slots=True)
class ShownVariable:
    """One variable; `other` is its label in the other language, empty where the same.

    `explained` says whether some code has a meaning, `counted` whether some is counted.
    """

    name: str
    label: str
    other: str
    question: str
    chips: tuple[str, ...]
    facts: tuple[Fact, ...]
    said: tuple[str, ...]
    statistics: tuple[Fact, ...]
    codes: tuple[CodeRow, ...]
    explained: bool
    counted: bool
    withheld: str


@dataclass(frozen=True, slots=True)
class Group:
    """Variables of one role, in the order of the file."""

    title: str
    variables: tuple[ShownVariable, ...]


@dataclass(frozen=True, slots=True)
class ShownCodebook:
    """Finished words; `words` are headings that stand alone."""

    language: str
    html_language: str
    other_html_language: str
    title: str
    other_title: str
    facts: tuple[Fact, ...]
    warning: str
    texts: tuple[Paragraphs, ...]
    tables: tuple[Table, ...]
    groups: tuple[Group, ...]
    words: dict[str, str]


def shown(book: Codebook, language: str) -> ShownCodebook:
    """Return the codebook in "en" or "zh-hans"."""
    study = book.study
    scales = {scale.code: scale.name for scale in book.scales}
    other = study.title.in_language(OTHER[language])
    title = study.title.in_language(language)
    return ShownCodebook(
        language=language,
        html_language=HTML_LANGUAGE[language],
        other_html_language=HTML_LANGUAGE[OTHER[language]],
        title=title,
        other_title=other if other != title else "",
        facts=tuple(_facts(book, language)),
        warning=_warning(study, language),
        texts=tuple(_texts(study, language)),
        tables=tuple(_tables(book, language)),
        groups=tuple(
            Group(
                label(f"codebook_roles_{role}", language),
                tuple(_variable(entry, scales, language) for entry in run),
            )
            for role, run in groupby(book.entries, key=lambda e: e.variable.role)
        ),
        words={name: label(f"codebook_{name}", language) for name in WORDS}
        | {"codebook": label("codebook", language)},
    )


def _warning(study: Study, language: str) -> str:
    return label("codebook_simulated", language) if study.about.simulated else ""


def _facts(book: Codebook, language: str) -> Iterator[Fact]:
    study = book.study

    def named(code: str, text: str) -> Fact:
        return label(f"codebook_{code}", language), text

    if study.about.organization:
        yield named("organization", study.about.organization)
    if study.referents:
        names = [one.in_language(language) for one in study.referents]
        yield named("referent", " / ".join(names))
    if study.mode:
        yield named("mode", mode(study, language))
    yield named("rows", str(study.rows))
    yield named("columns", str(len(book.entries)))
    yield named("survey", study.id)
    for key in KNOWN_FACTS:
        if key in study.facts:
            yield named(f"fact_{key}", study.facts[key])
    yield from (
        (key, text) for key, text in study.facts.items() if key not in KNOWN_FACTS
    )


def mode(study: Study, language: str) -> str:
    """Return the name of the survey's mode."""
    known = study.mode in MODES
    return label(f"file_mode_{study.mode}", language) if known else study.mode


def _texts(study: Study, language: str) -> Iterator[Paragraphs]:
    many = len(study.about.promises) > 1
    for one in study.about.promises:
        waves = tuple(str(number) for number in one.waves)
        title = (
            label("codebook_promise_of", language, waves=waves)
            if many
            else label("codebook_promise", language)
        )
        told = one.text.in_language(language)
        yield Paragraphs(title, (*_lines(told), f"sha256 {one.digest}"))
    if study.about.sample:
        title = label("codebook_sample", language)
        yield Paragraphs(title, tuple(_lines(study.about.sample)))
    notes = [one.text(language) for one in study.notes]
    notes.append(label("codebook_unweighted", language))
    yield Paragraphs(label("codebook_notes", language), tuple(notes))


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def _tables(book: Codebook, language: str) -> Iterator[Table]:
    study = book.study
    yield _table(
        "waves",
        ("wave", "opened", "closed", "rows", "invited", "asked", "form"),
        [_wave_row(one, study, language) for one in study.waves],
        language,
    )
    if study.instruments:
        yield _table(
            "instruments",
            ("asked", "version", "source", "fact_licence"),
            [_instrument_row(one, language) for one in study.instruments],
            language,
        )
    if book.scales:
        roles = {one.variable.name: one.variable.role for one in book.entries}
        yield _table(
            "scales",
            ("scale", "scale_code", "model", "items", "score"),
            [
                (
                    one.name.in_language(language),
                    one.code,
                    label(f"codebook_model_{one.model}", language)
                    if one.model
                    else DASH,
                    ", ".join(_once(one, roles)) or DASH,
                    ", ".join(one.scores) or DASH,
                )
                for one in book.scales
            ],
            language,
        )


def _once(scale: ScaleTold, roles: Mapping[str, Role]) -> tuple[str, ...]:
    """Return the items of a scale in the first of their shapes that is there."""
    for shape in SHAPES:
        found = tuple(name for name in scale.items if roles[name] == shape)
        if found:
            return found
    return ()


def _table(
    title: str, columns: Sequence[str], rows: Sequence[tuple[str, ...]], language: str
) -> Table:
    return Table(
        label(f"codebook_{title}", language),
        tuple(label(f"codebook_{one}", language) for one in columns),
        tuple(rows),
    )


def _wave_row(wave: WaveTold, study: Study, language: str) -> tuple[str, ...]:
    if wave.invited is not None:
        invited = str(wave.invited)
    else:
        everybody = label("codebook_everybody", language)
        invited = everybody if study.mode == "open" else DASH
    return (
        label_of(wave.number),
        wave.opened,
        wave.closed or DASH,
        str(wave.rows),
        invited,
        ", ".join(wave.instruments),
        wave.form_digest[:12],
    )


def _instrument_row(one: InstrumentTold, language: str) -> tuple[str, ...]:
    return (
        f"{one.name.in_language(language)} ({one.code})",
        str(one.version),
        source(one, language),
        one.licence,
    )


def source(one: InstrumentTold, language: str) -> str:
    """Return whose wording an instrument has, and how far it is proven."""
    if not one.source:
        return label("codebook_own", language, level=one.evidence)
    said = [one.source]
    if one.modified:
        said.append(label("codebook_modified", language))
    if not one.checked:
        said.append(label("codebook_unchecked", language))
    return " · ".join(said)


def _variable(entry: Entry, scales: dict[str, Text], language: str) -> ShownVariable:
    variable = entry.variable
    own = variable.label.in_language(language)
    other = variable.label.in_language(OTHER[language])
    asked = entry.question.in_language(language) if entry.question else ""
    statistics = entry.statistics
    codes = tuple(
        _code(one, statistics, language, labelled=bool(variable.values))
        for one in statistics.frequencies
    )
    return ShownVariable(
        name=variable.name,
        label=own,
        other=other if other != own else "",
        question=asked if asked != own else "",
        chips=(
            label(f"codebook_role_{variable.role}", language),
            label(f"codebook_measure_{variable.measure}", language),
        ),
        facts=tuple(_about(variable, scales, language)),
        said=tuple(one.text(language) for one in entry.said),
        statistics=tuple(_numbers(statistics, language)),
        codes=codes,
        explained=any(one.meaning for one in codes),
        counted=any(one.n is not None for one in statistics.frequencies),
        withheld=statistics.withheld.text(language) if statistics.withheld else "",
    )


def _about(
    variable: Variable, scales: dict[str, Text], language: str
) -> Iterator[Fact]:
    kind = label(f"codebook_kind_{variable.kind}", language)
    yield label("codebook_kind", language), kind
    if variable.low is not None and variable.high is not None:
        ends = {"low": f"{variable.low:g}", "high": f"{variable.high:g}"}
        told = label("codebook_from_to", language, **ends)
        yield label("codebook_range", language), told
    if variable.item:
        yield label("codebook_item", language), variable.item
    if variable.scale:
        name = scales[variable.scale].in_language(language)
        told = f"{name} ({variable.scale})" if name != variable.scale else name
        yield label("codebook_scale", language), told


def _numbers(statistics: Statistics, language: str) -> Iterator[Fact]:
    valid = statistics.valid
    told = (
        str(valid.low)
        if valid.is_exact
        else label("codebook_from_to", language, low=valid.low, high=valid.high)
    )
    yield label("codebook_valid", language), told
    if statistics.missing is not None:
        yield label("codebook_missing", language), str(statistics.missing)
    if statistics.mean is not None:
        yield label("codebook_mean", language), number(statistics.mean)
    if statistics.sd is not None:
        yield label("codebook_sd", language), number(statistics.sd)


def number(value: float) -> str:
    """Return a mean as it is read: two places, more where it is small."""
    told = f"{value:.2f}" if abs(value) >= 0.1 or value == 0 else f"{value:.3g}"
    return told.replace("-", "\u2212")


def _code(
    one: Frequency, statistics: Statistics, language: str, *, labelled: bool
) -> CodeRow:
    share = ""
    if one.n is not None and not one.missing and statistics.valid.low:
        share = f"{100 * one.n / statistics.valid.low:.1f}"
    meaning = label("codebook_no_label", language) if labelled else ""
    if one.label is not None:
        meaning = one.label.in_language(language)
    return CodeRow(
        code=str(one.code).replace("-", "\u2212"),
        meaning=meaning,
        n="" if one.n is None else str(one.n),
        share=share,
        missing=one.missing,
    )
