"""Lines of evidence as tables in the reader's language."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from surveys import definition
from surveys.models import EvidenceLine

LANGUAGE_NAMES: Mapping[str, Promise] = {
    "en": gettext_lazy("English"),
    "zh-hans": gettext_lazy("Chinese"),
}
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


def release_tables(
    questionnaire: definition.Questionnaire | None,
    lines: Sequence[EvidenceLine],
    reader: str,
) -> tuple[Table, ...]:
    """Tables of lines that are not released yet, each language by itself."""
    writer = Writer(questionnaire, reader, {})
    made = [
        replace(table, title=f"{LANGUAGE_NAMES[language]} · {table.title}")
        for language in LANGUAGE_NAMES
        for table in writer.tables([o for o in lines if o.language == language])
    ]
    alike = writer.invariance(of_kind("invariance", lines))
    return (*made, *([alike] if alike else []))


def of_kind(kind: str, lines: Iterable[EvidenceLine]) -> list[EvidenceLine]:
    return [line for line in lines if line.kind == kind]


def release_key(line: EvidenceLine) -> str:
    return str(line.sample.get("release") or line.pk)


@dataclass(frozen=True, slots=True)
class Writer:
    """Puts figures into tables in the reader's language."""

    questionnaire: definition.Questionnaire | None
    reader: str
    numbers: Mapping[str, int]

    def tables(self, lines: Sequence[EvidenceLine]) -> tuple[Table, ...]:
        """Tables of all kinds that have one; a kind without lines has none."""
        made = (
            self._content(of_kind("content", lines)),
            self._pilots(of_kind("pilot", lines)),
            self._reliability(of_kind("reliability", lines)),
            self._structure(of_kind("structure", lines)),
            self._relations(of_kind("relation", lines)),
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
                plain_number(line.figures["n"]),
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
                plain_number(line.figures["experts"]),
                plain_number(line.figures.get("items")),
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
                plain_number(line.figures["n"]),
                plain_number(line.figures.get("n_complete")),
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
                plain_number(line.figures["n"]),
                plain_number(line.figures.get("n_items")),
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
            head = (self._sample(line), model, plain_number(f["n"]), chi2)
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
                    plain_number(f["n"]),
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
        number = self.numbers.get(release_key(line))
        if number is None:
            return _("this sample")
        return _("sample %(number)s") % {"number": number}


def _table(
    title: str, columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]
) -> Table | None:
    return Table(title, columns, tuple(rows)) if rows else None


def plain_number(value: float | None) -> str:
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
