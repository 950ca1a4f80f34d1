"""The shelf of questionnaires that somebody can see, and the search on it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from surveys import needs
from surveys.definition import (
    EVIDENCE_LEVELS,
    LANGUAGES,
    FormPart,
    Questionnaire,
    common_languages,
    compile_form,
)
from surveys.models import EvidenceLine, QuestionnaireVersion
from surveys.needs import Ask, Audience, Suggestion


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is asked.

    Attributes
    ----------
    questions : int
        Closed questions and free texts.
    minutes : mapping of str to int
        By language of the respondent.
    """

    questions: int
    minutes: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Entry:
    """One version on the shelf.

    Attributes
    ----------
    full, short : Extent
        Of the first wording; `short` is None where there is no short form.
    levels : mapping of str to str
        Evidence level by language.
    audiences, referents
        Who is asked, and codes in `REFERENTS` of whom the trust is in; empty where
        nothing says it.
    """

    version: QuestionnaireVersion
    asks: Questionnaire
    full: Extent
    short: Extent | None
    levels: Mapping[str, str]
    audiences: frozenset[Audience]
    referents: frozenset[str]

    @property
    def is_own(self) -> bool:
        return self.version.organization_id is not None

    @property
    def is_proven(self) -> bool:
        """Whether answers of real people have said anything in any language."""
        return any(level > EVIDENCE_LEVELS[0] for level in self.levels.values())


@dataclass(frozen=True, slots=True)
class Suggested:
    """What a need suggests, with the versions that are there."""

    asks: Entry
    outcomes: Entry | None
    suggestion: Suggestion
    extent: Extent


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for; empty = anything.

    Attributes
    ----------
    minutes : int
        At most, in either form and in `language`; 0: any.
    evidence : str
        At least this level in one of the languages.
    whose : str
        ``own``, ``library``, or empty.
    """

    language: str
    text: str = ""
    asked: str = ""
    minutes: int = 0
    evidence: str = ""
    referent: str = ""
    whose: str = ""

    @property
    def anything(self) -> bool:
        return self == Wanted(self.language)

    def fits(self, entry: Entry) -> bool:
        return (
            self._is_asked(entry.audiences)
            and (not self.whose or entry.is_own == (self.whose == "own"))
            and (not self.evidence or max(entry.levels.values()) >= self.evidence)
            and (not self.referent or self._is_about(entry))
            and (not self.minutes or self._shortest(entry) <= self.minutes)
            and self._says(_words_of(entry.asks))
        )

    def fits_need(self, need: needs.Need, suggested: Iterable[Suggested]) -> bool:
        """Whether a need, or one of the questionnaires it leads to, is looked for."""
        if not self._is_asked({need.asked}):
            return False
        said = [need.question, need.advice]
        for one in suggested:
            referents = {one.suggestion.referent, *one.asks.referents} - {None}
            if self.referent and self.referent not in referents:
                continue
            if self.minutes and one.extent.minutes[self.language] > self.minutes:
                continue
            words = _joined(text for each in said for text in (each.en, each.zh_hans))
            if self._says(f"{words} {_words_of(one.asks.asks)}"):
                return True
        return False

    def _is_asked(self, audiences: Iterable[str]) -> bool:
        named = set(audiences)
        return not self.asked or not named or bool(named & {self.asked, "everybody"})

    def _is_about(self, entry: Entry) -> bool:
        if entry.is_own and not entry.referents:
            return needs.has_slot(entry.asks)
        return self.referent in entry.referents

    def _shortest(self, entry: Entry) -> int:
        return min(
            extent.minutes[self.language]
            for extent in (entry.full, entry.short)
            if extent is not None
        )

    def _says(self, words: str) -> bool:
        return all(word in words for word in self.text.casefold().split())


def shelf() -> tuple[Entry, ...]:
    """Newest version of every questionnaire, one's own first; two queries."""
    return entries(QuestionnaireVersion.objects.newest())


def entries(versions: Iterable[QuestionnaireVersion]) -> tuple[Entry, ...]:
    """Entries of `versions`, one's own first; one query beside that of `versions`."""
    found = list(versions)
    levels = EvidenceLine.objects.levels(found)
    shown = [_entry(version, levels[version.pk]) for version in found]
    return tuple(sorted(shown, key=lambda entry: not entry.is_own))


def suggested(need: needs.Need, shown: Iterable[Entry]) -> tuple[Suggested, ...]:
    """Suggestions of a need whose questionnaires are in the library."""
    known = {one.asks.code: one for one in shown if not one.is_own}
    found = []
    for suggestion in need.suggestions:
        asks = known.get(suggestion.asks.code)
        outcomes = known.get(suggestion.outcomes.code) if suggestion.outcomes else None
        if asks is None or (suggestion.outcomes and outcomes is None):
            continue
        parts = [_part(asks.asks, suggestion.asks)]
        if suggestion.outcomes and outcomes:
            parts.append(_part(outcomes.asks, suggestion.outcomes))
        referent = suggestion.referent or needs.EXAMPLE
        found.append(
            Suggested(asks, outcomes, suggestion, extent(tuple(parts), referent))
        )
    return tuple(found)


@lru_cache(maxsize=512)
def extent(parts: tuple[FormPart, ...], referent: str) -> Extent:
    """How much `parts` ask together.

    For a language that one of them lacks, the minutes are those of a language it has.
    """
    shared = common_languages(part.questionnaire for part in parts)
    form = compile_form(
        parts,
        title=parts[0].questionnaire.name,
        referent=referent,
        languages=shared,
        comment=False,
    )
    minutes = {
        language: form.minutes(language if language in shared else shared[0])
        for language in LANGUAGES
    }
    return Extent(len(form.questions), minutes)


def has_short_form(asks: Questionnaire) -> bool:
    """Whether a short form leaves anything out; else it is the form itself."""
    return 0 < len(asks.short_form) < len(asks.items)


def _part(asks: Questionnaire, ask: Ask) -> FormPart:
    return FormPart(asks, ask.short, ask.scales or None, ask.form)


def _entry(version: QuestionnaireVersion, levels: Mapping[str, str]) -> Entry:
    asks = version.questionnaire()
    example = needs.example_referent(asks)
    short = None
    if has_short_form(asks):
        short = extent((FormPart(asks, short=True),), example)
    return Entry(
        version,
        asks,
        extent((FormPart(asks, short=False),), example),
        short,
        levels,
        needs.audiences(asks.code),
        needs.referents(asks),
    )


@lru_cache(maxsize=256)
def _words_of(asks: Questionnaire) -> str:
    """Everything of a questionnaire that a free text may match, in both languages."""
    texts = [asks.name, asks.description, asks.theory]
    for scale in asks.scales:
        texts += [scale.name, scale.description, *(item.facet for item in scale.items)]
    said = [wording for text in texts for wording in (text.en, text.zh_hans)]
    return _joined([asks.code, *said, *asks.nearest_published])


def _joined(words: Iterable[str]) -> str:
    return " ".join(words).casefold()
