"""The sections of a release, read as a document in one language."""

from datetime import date
from typing import Final

from django.utils import formats, translation

from analytics.files.document import Chapter, Document, chapter_of
from analytics.glance_release import percent
from analytics.release_parts import EVERYONE, Count, Segment
from analytics.release_sections import Facts, Parts, sections
from analytics.sentences import label

# Sections that draw no charts here, but leave rows out where a script may page.
WHOLE: Final = frozenset({"teams"})


def document_of(
    parts: Parts,
    language: str,
    *,
    organization: str,
    hidden: frozenset[str] = frozenset(),
) -> Document:
    """Return what the page shows, but for the sections in `hidden`, as a document."""
    facts = parts.facts
    return Document(
        language=language,
        organization=organization,
        title=facts.title.in_language(language),
        subtitle=label("file_subtitle", language, wave=facts.wave, number=facts.number),
        facts=_facts(parts, language),
        promise="" if facts.promise is None else facts.promise.in_language(language),
        note=label("file_simulated", language) if facts.simulated else "",
        chapters=_chapters(parts, language, hidden),
    )


def _chapters(
    parts: Parts, language: str, hidden: frozenset[str]
) -> tuple[Chapter, ...]:
    found = (
        chapter_of(
            kind.key,
            kind.name.in_language(language),
            builder(parts, language, drawn=kind.key in WHOLE),
        )
        for kind, builder in sections()
        if kind.key not in hidden
    )
    return tuple(chapter for chapter in found if chapter.blocks)


def _facts(parts: Parts, language: str) -> tuple[tuple[str, str], ...]:
    """Return what stands on the title page; what is hidden is left out."""
    facts, segments = parts.facts, parts.segments
    everyone = None if segments is None else segments.of(EVERYONE)
    found = [
        ("file_closed", day_words(facts.date, language)),
        ("file_mode", label(f"file_mode_{facts.mode}", language)),
        *_people(everyone, language),
        ("file_least", _least(facts, language)),
    ]
    return tuple((label(code, language), words) for code, words in found if words)


def _people(everyone: Segment | None, language: str) -> list[tuple[str, str]]:
    if everyone is None:
        return []
    invited = "" if everyone.invited is None else f"{everyone.invited:,}"
    rate = "" if everyone.rate is None else percent(everyone.rate).in_language(language)
    return [
        ("file_answers", _count(everyone.answered, language)),
        ("file_invited", invited),
        ("file_rate", rate),
    ]


def _count(count: Count | None, language: str) -> str:
    if count is None:
        return ""
    if count.is_exact:
        return f"{count.low:,}"
    return label("file_band", language, low=count.low, high=count.high)


def _least(facts: Facts, language: str) -> str:
    least = facts.thresholds.get("least_for_scores")
    return "" if least is None else label("file_people", language, n=least)


def day_words(day: str, language: str) -> str:
    """Return an ISO day as people of the language write it."""
    with translation.override(language):
        return formats.date_format(date.fromisoformat(day), "DATE_FORMAT")
