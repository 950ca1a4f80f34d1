"""The dossier of a version as its page shows it: ladder, sources, samples, norms."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from surveys import definition, evidence
from surveys.evidence import Ladder, Requirement
from surveys.models import EvidenceLine

HTML_LANGUAGES = {"en": "en", "zh-hans": "zh-Hans"}
LANGUAGE_NAMES: Mapping[str, Promise] = {
    "en": gettext_lazy("English"),
    "zh-hans": gettext_lazy("Chinese"),
}
SOURCES: Mapping[str, Promise] = {
    "content": gettext_lazy("Content"),
    "response processes": gettext_lazy("Response processes"),
    "internal structure": gettext_lazy("Internal structure"),
    "relations to other variables": gettext_lazy("Relations to other variables"),
    "consequences": gettext_lazy("Consequences of use"),
}
QUESTIONS: Mapping[str, Promise] = {
    "content": gettext_lazy("Do the items cover what they are meant to?"),
    "response processes": gettext_lazy("Do people understand them as they are meant?"),
    "internal structure": gettext_lazy("Do the items belong together as claimed?"),
    "relations to other variables": gettext_lazy(
        "Do the scores go with what they should go with?"
    ),
    "consequences": gettext_lazy("What happens to people when the scores are used?"),
}
PEOPLE = frozenset({"experts", "interviews", "pilot", "answers", "invariance"})
MODELS: Mapping[str, Promise] = {
    "one_factor": gettext_lazy("one factor"),
    "correlated": gettext_lazy("correlated factors"),
}
VERDICTS: Mapping[str, Promise] = {
    "scalar": gettext_lazy("scalar: means may be compared"),
    "partial_scalar": gettext_lazy("partial scalar: means may be compared with care"),
    "metric": gettext_lazy("metric: relations may be compared, means not"),
    "configural": gettext_lazy("configural: only the pattern is alike"),
    "none": gettext_lazy("not alike"),
    "not_testable": gettext_lazy("could not be tested"),
}
DESIGNS: Mapping[str, Promise] = {
    "same time": gettext_lazy("asked at the same time"),
    "lagged": gettext_lazy("measured later"),
    "behavioural": gettext_lazy("records of behaviour"),
}


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of texts; the first cell of a row names it."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def shown(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Each row as its name and its cells with their columns."""
        others = self.columns[1:]
        return [(row[0], list(zip(others, row[1:], strict=True))) for row in self.rows]


@dataclass(frozen=True, slots=True)
class Step:
    """One rung as drawn; `conditions` are met or not, with a sentence each."""

    level: str
    meaning: str | Promise
    met: bool
    conditions: tuple[tuple[bool, str], ...]


@dataclass(frozen=True, slots=True)
class SourceSection:
    """One of the five sources with what is documented."""

    title: str | Promise
    question: str | Promise
    tables: tuple[Table, ...]
    notes: tuple[EvidenceLine, ...]


@dataclass(frozen=True, slots=True)
class Release:
    """Lines that were released together: who answered, who released them, and when.

    `withdrawal` is a line by which all of them are withdrawn together, so that nobody
    takes back the one number that does not please.
    """

    number: int
    withdrawal: UUID
    lines: tuple[EvidenceLine, ...]

    @property
    def first(self) -> EvidenceLine:
        return self.lines[0]

    @property
    def described(self) -> list[tuple[str, Mapping[str, str]]]:
        """Descriptions of the sample with the HTML language of each."""
        words = self.first.sample.get("described", {})
        return [(HTML_LANGUAGES[one], words[one]) for one in words]

    @property
    def n(self) -> int | None:
        found = self.first.sample.get("n")
        return int(found) if found is not None else None

    @property
    def only_a_part(self) -> bool:
        return bool(self.first.sample.get("part") == "part")


@dataclass(frozen=True, slots=True)
class LanguageSection:
    """What is known in one language; of the comparison, `ladder` is None."""

    code: str
    title: str | Promise
    level: str
    undocumented: tuple[str, ...]
    steps: tuple[Step, ...]
    sources: tuple[SourceSection, ...]
    norms: Table | None


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything the page of a version shows."""

    languages: tuple[LanguageSection, ...]
    invariance: Table | None
    releases: tuple[Release, ...]
    withdrawn: tuple[Release, ...]


def dossier_of(
    questionnaire: definition.Questionnaire,
    lines: Sequence[EvidenceLine],
    reader: str,
) -> Dossier:
    """Arrange the lines of one version for a reader of the language `reader`."""
    standing = [line for line in lines if line.withdrawn_at is None]
    writer = _Writer(questionnaire, reader, _numbered(lines))
    return Dossier(
        languages=tuple(
            _language(writer, one, standing) for one in questionnaire.languages
        ),
        invariance=writer.invariance(_of("invariance", standing)),
        releases=tuple(_releases(writer, standing)),
        withdrawn=tuple(
            _releases(writer, [line for line in lines if line.withdrawn_at])
        ),
    )


def release_tables(
    questionnaire: definition.Questionnaire | None,
    lines: Sequence[EvidenceLine],
    reader: str,
) -> tuple[Table, ...]:
    """Tables of lines that are not released yet, each language by itself."""
    writer = _Writer(questionnaire, reader, {})
    made = [
        replace(table, title=f"{LANGUAGE_NAMES[language]} · {table.title}")
        for language in LANGUAGE_NAMES
        for table in writer.tables([o for o in lines if o.language == language])
    ]
    alike = writer.invariance(_of("invariance", lines))
    return (*made, *([alike] if alike else []))


def requirement_in_words(one: Requirement) -> str:
    """Say a condition, how far it is, and how much is still needed."""
    sentence = _CONDITIONS[one.code] % {"needs": _plain(one.needs)}
    if one.has is None:
        return _("%(condition)s. None yet.") % {"condition": sentence}
    has = _("%(condition)s. There: %(has)s.") % {
        "condition": sentence,
        "has": _plain(one.has),
    }
    if one.code in PEOPLE and not one.met:
        missing = math.ceil(one.needs - one.has)
        if missing > 0:
            has += " " + ngettext(
                "%(count)s more is needed.", "%(count)s more are needed.", missing
            ) % {"count": missing}
    return has


_CONDITIONS: Mapping[str, Promise] = {
    "experts": gettext_lazy("At least %(needs)s experts rated the items"),
    "i_cvi": gettext_lazy("I-CVI of every item at least %(needs)s (the lowest counts)"),
    "s_cvi": gettext_lazy("S-CVI/Ave at least %(needs)s"),
    "interviews": gettext_lazy("Cognitive interviews with at least %(needs)s people"),
    "pilot": gettext_lazy("A pilot with at least %(needs)s people"),
    "answers": gettext_lazy("A factor model of at least %(needs)s complete answers"),
    "fit": gettext_lazy(
        "Its fit: CFI or TLI above .95, or RMSEA below .06, or SRMR below .08 (CFI)"
    ),
    "reliability": gettext_lazy(
        "Alpha or omega of every scale at least %(needs)s (the lowest counts)"
    ),
    "samples": gettext_lazy("%(needs)s independent samples that meet E3"),
    "invariance": gettext_lazy(
        "Scalar or partial scalar invariance of English and Chinese, each with at least"
        " %(needs)s answers (the smaller one)"
    ),
    "criterion": gettext_lazy(
        "A correlation with an outcome measured later, or with behaviour"
    ),
    "norms": gettext_lazy("Norms of a described sample"),
}


def _language(
    writer: "_Writer", language: str, standing: Sequence[EvidenceLine]
) -> LanguageSection:
    climbed = evidence.ladder(standing, language)
    own = [line for line in standing if line.language == language]
    return LanguageSection(
        code=language,
        title=LANGUAGE_NAMES[language],
        level=climbed.level,
        undocumented=climbed.undocumented,
        steps=_steps(climbed),
        sources=tuple(_source(writer, source, own) for source in SOURCES),
        norms=writer.norms(_of("norms", own)),
    )


def _steps(climbed: Ladder) -> tuple[Step, ...]:
    return tuple(
        Step(
            rung.level,
            evidence.LEVELS[rung.level],
            rung.met,
            tuple((one.met, requirement_in_words(one)) for one in rung.requirements),
        )
        for rung in reversed(climbed.rungs)
    )


def _source(
    writer: "_Writer", source: str, own: Sequence[EvidenceLine]
) -> SourceSection:
    lines = [line for line in own if line.source == source and line.kind != "norms"]
    return SourceSection(
        SOURCES[source],
        QUESTIONS[source],
        writer.tables(lines),
        tuple(line for line in lines if line.kind in {"interviews", evidence.STUDY}),
    )


def _of(kind: str, lines: Iterable[EvidenceLine]) -> list[EvidenceLine]:
    return [line for line in lines if line.kind == kind]


def _key(line: EvidenceLine) -> str:
    return str(line.sample.get("release") or line.pk)


def _numbered(lines: Sequence[EvidenceLine]) -> dict[str, int]:
    """Give every release a number in the order of time, withdrawn ones included."""
    return {key: k for k, key in enumerate(dict.fromkeys(map(_key, lines)), start=1)}


def _releases(writer: "_Writer", lines: Sequence[EvidenceLine]) -> Iterable[Release]:
    for key, number in writer.numbers.items():
        group = tuple(line for line in lines if _key(line) == key)
        if group:
            yield Release(number, group[0].pk, group)


@dataclass(frozen=True, slots=True)
class _Writer:
    """Puts figures into tables in the reader's language."""

    questionnaire: definition.Questionnaire | None
    reader: str
    numbers: Mapping[str, int]

    def tables(self, lines: Sequence[EvidenceLine]) -> tuple[Table, ...]:
        """Tables of all kinds that have one; a kind without lines has none."""
        made = (
            self._content(_of("content", lines)),
            self._pilots(_of("pilot", lines)),
            self._reliability(_of("reliability", lines)),
            self._structure(_of("structure", lines)),
            self._relations(_of("relation", lines)),
        )
        return tuple(table for table in made if table is not None)

    def invariance(self, lines: Sequence[EvidenceLine]) -> Table | None:
        columns = (_("Sample"), "n", _("What holds"), _("Items that drift"))
        rows = []
        for line in lines:
            f = line.figures
            sizes = [f"{LANGUAGE_NAMES[one]} {n}" for one, n in f["n"].items()]
            verdict = str(VERDICTS[f["verdict"]])
            drifting = ", ".join(f.get("drifting", [])) or "–"
            rows.append((self._sample(line), " · ".join(sizes), verdict, drifting))
        return _table(_("Measuring alike in both languages"), columns, rows)

    def norms(self, lines: Sequence[EvidenceLine]) -> Table | None:
        columns = (_("Scale"), _("Sample"), "n", _("mean"), _("standard deviation"))
        rows = [
            (
                self._scale(line.scale) or _("whole questionnaire"),
                self._sample(line),
                _plain(line.figures["n"]),
                _two(line.figures["mean"]),
                _two(line.figures["sd"]),
            )
            for line in self._by_scale(lines)
        ]
        return _table(_("Norms"), columns, rows)

    def _content(self, lines: Sequence[EvidenceLine]) -> Table | None:
        columns = (
            _("Sample"),
            _("experts"),
            _("items"),
            _("lowest I-CVI"),
            "S-CVI/Ave",
            "S-CVI/UA",
            _("lowest kappa"),
        )
        keys = ("least_i_cvi", "s_cvi_ave", "s_cvi_ua", "least_kappa")
        rows = [
            (
                self._sample(line),
                _plain(line.figures["experts"]),
                _plain(line.figures.get("items")),
                *(_two(line.figures.get(key)) for key in keys),
            )
            for line in lines
        ]
        return _table(_("Experts' ratings"), columns, rows)

    def _pilots(self, lines: Sequence[EvidenceLine]) -> Table | None:
        columns = (_("Sample"), "n", _("complete"))
        rows = [
            (
                self._sample(line),
                _plain(line.figures["n"]),
                _plain(line.figures.get("n_complete")),
            )
            for line in lines
        ]
        return _table(_("Answers given"), columns, rows)

    def _reliability(self, lines: Sequence[EvidenceLine]) -> Table | None:
        columns = (_("Scale"), _("Sample"), "n", _("items"), "alpha", "omega")
        rows = [
            (
                self._scale(line.scale),
                self._sample(line),
                _plain(line.figures["n"]),
                _plain(line.figures.get("n_items")),
                _with_ends(line.figures, "alpha"),
                _with_ends(line.figures, "omega"),
            )
            for line in self._by_scale(lines)
        ]
        return _table(_("Reliability"), columns, rows)

    def _structure(self, lines: Sequence[EvidenceLine]) -> Table | None:
        columns = (
            _("Sample"),
            _("model"),
            "n",
            "χ² (df)",
            "CFI",
            "TLI",
            "RMSEA",
            "SRMR",
        )
        rows = []
        for line in lines:
            f = line.figures
            model = f"{MODELS[f['model']]} · {f['estimator']}"
            chi2 = f"{f['chi2']:.1f} ({f['df']})" if f.get("chi2") is not None else "–"
            fit = (f.get("cfi"), f.get("tli"), f.get("rmsea"), f.get("srmr"))
            head = (self._sample(line), model, _plain(f["n"]), chi2)
            rows.append((*head, *map(_three, fit)))
        return _table(_("Fit of the factor model"), columns, rows)

    def _relations(self, lines: Sequence[EvidenceLine]) -> Table | None:
        columns = (_("Scale"), _("Outcome"), _("Sample"), "n", "r", _("Outcome was"))
        rows = []
        for line in sorted(
            self._by_scale(lines), key=lambda one: str(one.figures.get("outcome"))
        ):
            f = line.figures
            name = f["outcome_name"]
            rows.append(
                (
                    self._scale(line.scale),
                    name.get(self.reader) or next(iter(name.values())),
                    self._sample(line),
                    _plain(f["n"]),
                    _with_ends(f, "r"),
                    str(DESIGNS.get(f.get("design", ""), "–")),
                )
            )
        return _table(_("Correlations with outcomes"), columns, rows)

    def _by_scale(self, lines: Sequence[EvidenceLine]) -> list[EvidenceLine]:
        """Put lines in the order of the questionnaire, and of one scale by release."""
        scales = self.questionnaire.scales if self.questionnaire else ()
        places = {scale.code: k for k, scale in enumerate(scales)}
        return sorted(lines, key=lambda line: places.get(line.scale, len(places)))

    def _scale(self, code: str) -> str:
        for scale in self.questionnaire.scales if self.questionnaire else ():
            if scale.code == code:
                return scale.name.in_(self.reader)
        return code

    def _sample(self, line: EvidenceLine) -> str:
        number = self.numbers.get(_key(line))
        if number is None:
            return _("this sample")
        return _("sample %(number)s") % {"number": number}


def _table(
    title: str, columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]
) -> Table | None:
    return Table(title, columns, tuple(rows)) if rows else None


def _plain(value: float | None) -> str:
    """Write a count as it is and a coefficient with what can be told apart."""
    if value is None:
        return "–"
    return f"{value:g}" if value == int(value) else f"{value:.3f}".rstrip("0")


def _two(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _three(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _with_ends(figures: Mapping[str, Any], key: str) -> str:
    """Write an estimate with its interval where there is one."""
    low, high = figures.get(f"{key}_low"), figures.get(f"{key}_high")
    estimate = _three(figures.get(key))
    if low is None or high is None:
        return estimate
    return f"{estimate} [{_three(low)}, {_three(high)}]"
