"""The dossier of a version as its page shows it: ladder, sources, samples, norms."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from surveys import definition, evidence
from surveys.dossier_tables import (
    LANGUAGE_NAMES,
    Table,
    Writer,
    of_kind,
    plain_number,
    release_key,
)
from surveys.evidence import Ladder, Requirement
from surveys.models import EvidenceLine

HTML_LANGUAGES = {"en": "en", "zh-hans": "zh-Hans"}
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
    writer = Writer(questionnaire, reader, _numbered(lines))
    return Dossier(
        languages=tuple(
            _language(writer, one, standing) for one in questionnaire.languages
        ),
        invariance=writer.invariance(of_kind("invariance", standing)),
        releases=tuple(_releases(writer, standing)),
        withdrawn=tuple(
            _releases(writer, [line for line in lines if line.withdrawn_at])
        ),
    )


def requirement_in_words(one: Requirement) -> str:
    """Say a condition, how far it is, and how much is still needed."""
    sentence = _CONDITIONS[one.code] % {"needs": plain_number(one.needs)}
    if one.has is None:
        return _("%(condition)s. None yet.") % {"condition": sentence}
    has = _("%(condition)s. There: %(has)s.") % {
        "condition": sentence,
        "has": plain_number(one.has),
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
    writer: Writer, language: str, standing: Sequence[EvidenceLine]
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
        norms=writer.norms(of_kind("norms", own)),
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


def _source(writer: Writer, source: str, own: Sequence[EvidenceLine]) -> SourceSection:
    lines = [line for line in own if line.source == source and line.kind != "norms"]
    return SourceSection(
        SOURCES[source],
        QUESTIONS[source],
        writer.tables(lines),
        tuple(line for line in lines if line.kind in {"interviews", evidence.STUDY}),
    )


def _numbered(lines: Sequence[EvidenceLine]) -> dict[str, int]:
    """Give every release a number in the order of time, withdrawn ones included."""
    return {
        key: k for k, key in enumerate(dict.fromkeys(map(release_key, lines)), start=1)
    }


def _releases(writer: Writer, lines: Sequence[EvidenceLine]) -> Iterable[Release]:
    for key, number in writer.numbers.items():
        group = tuple(line for line in lines if release_key(line) == key)
        if group:
            yield Release(number, group[0].pk, group)
