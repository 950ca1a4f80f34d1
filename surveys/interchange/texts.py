"""Texts of a file as texts of a questionnaire: plain, on one line, in its languages."""

import re
from collections.abc import Iterator, Mapping

from surveys.definition.reader import LONGEST_TEXT
from surveys.definition.referents import slots_of
from surveys.definition.text import LANGUAGES
from surveys.interchange.markup import one_line, plain
from surveys.interchange.raw import Question, Raw, Wordings

# Longer ones are cut before their HTML is looked at.
_LONGEST_RAW = 50_000
_BRACES = re.compile(r"\$?\{[^{}]*\}|[{}]")
_SLOT = re.compile(r"\{[A-Za-z][a-z0-9_]{0,30}\}")


def all_wordings(raw: Raw) -> Iterator[Wordings]:
    """Every text of the file, to be changed in place."""
    yield raw.names
    yield raw.descriptions
    for section in raw.sections:
        yield section.names
        yield section.descriptions
        for question in section.questions:
            yield from question_wordings(question)


def question_wordings(question: Question) -> Iterator[Wordings]:
    yield question.texts
    yield question.unit
    for option in question.options:
        yield option.labels


def clean_texts(raw: Raw) -> None:
    """Make every text of `raw` plain, and note where that took something away."""
    slots = _known_slots(raw.extra)
    for section in raw.sections:
        for question in section.questions:
            _clean(raw, question.where, *question_wordings(question))
            _replace_braces(raw, question, slots)
        _clean(raw, section.where, section.names, section.descriptions)
    _clean(raw, "", raw.names, raw.descriptions)


def languages_of(raw: Raw) -> tuple[str, ...]:
    """Languages as this product wrote them, or those in which questions are asked."""
    said = raw.extra.get("languages")
    if isinstance(said, list) and said and all(one in LANGUAGES for one in said):
        return tuple(said)
    asked = {
        language
        for section in raw.sections
        for question in section.questions
        for language, wording in question.texts.items()
        if wording
    }
    return tuple(one for one in LANGUAGES if one in asked)


def text_of(wordings: Mapping[str, str], languages: tuple[str, ...]) -> dict[str, str]:
    """As in the YAML; a language of the questionnaire that is missing is blank."""
    return {
        one: wordings.get(one, "")
        for one in LANGUAGES
        if one in languages or wordings.get(one)
    }


def _clean(raw: Raw, where: str, *several: Wordings) -> None:
    stripped = False
    for wordings in several:
        for language, wording in wordings.items():
            if raw.literal:
                wordings[language] = one_line(wording)
                continue
            words, tags = plain(wording[:_LONGEST_RAW], is_html=raw.is_html)
            stripped |= tags
            if len(words) > LONGEST_TEXT:
                raw.note("text_cut", where, length=len(wording), limit=LONGEST_TEXT)
                words = words[:LONGEST_TEXT].strip()
            wordings[language] = words
    if stripped:
        raw.note("html_stripped", where)


def _known_slots(extra: Mapping[str, object]) -> frozenset[str]:
    forms = extra.get("forms")
    found = {"referent"}
    for form in forms.values() if isinstance(forms, dict) else ():
        words = form.get("words") if isinstance(form, dict) else None
        found |= set(words) if isinstance(words, dict) else set()
    return frozenset(found)


def _replace_braces(raw: Raw, question: Question, slots: frozenset[str]) -> None:
    """Other products fill braces in; what is no slot here becomes round brackets."""
    strange: list[str] = []

    def shown(found: re.Match[str]) -> str:
        if _SLOT.fullmatch(found[0]) and slots_of(found[0]) <= slots:
            return found[0]
        strange.append(found[0])
        inside = found[0].strip("${}").strip()
        return f"({inside})" if inside else ""

    for language, wording in question.texts.items():
        question.texts[language] = _BRACES.sub(shown, wording)
    if strange:
        raw.note("braces_changed", question.where, found=strange[0])
