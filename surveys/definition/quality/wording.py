"""Rules for the words of one item: length, negation, joined ideas, loaded words.

The rules are those of the handbooks of item writing (DeVellis and Thorpe 2021, chapter
5; Krosnick and Presser 2010, on the wording of questions) as far as a program without a
grammar can see them: it finds words, and keeps lists of the phrases in which the same
words mean something else (`words`). What it is sure of is a "must", the rest "should".
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from surveys.definition.quality import words
from surveys.definition.quality.asked import (
    Asked,
    count_characters,
    count_words,
)
from surveys.definition.quality.findings import Finding, Severity

# The design rule of the library: about what is read in one breath.
MOST_WORDS = 20
MOST_CHARACTERS = 30
# Plain English; a grade of 8.9 is still the eighth year of school.
HIGHEST_GRADE = 8
# The formula was fitted on passages and is only stable from about this length on.
FEWEST_WORDS_FOR_GRADE = 100

_SYLLABLE = re.compile(r"[aeiouy]+")
_SILENT = re.compile(r"[^aeiouyl]e$|[^aeiouytd]ed$|[^aeiouyscxzgh]es$")
_WORD = re.compile(r"[a-z]+(?:['’][a-z]+)?", re.IGNORECASE)

_LOADED: Sequence[tuple[str, str, re.Pattern[str], re.Pattern[str] | None]] = (
    ("absolute", "en", words.ENGLISH_ABSOLUTE, words.ENGLISH_NOT_ABSOLUTE),
    ("absolute", "zh-hans", words.CHINESE_ABSOLUTE, words.CHINESE_NOT_ABSOLUTE),
    ("vague", "en", words.ENGLISH_VAGUE, words.ENGLISH_NOT_VAGUE),
    ("vague", "zh-hans", words.CHINESE_VAGUE, None),
    ("leading", "en", words.ENGLISH_LEADING, None),
    ("leading", "zh-hans", words.CHINESE_LEADING, None),
)


def check_wordings(asked: Iterable[Asked]) -> Iterator[Finding]:
    """Findings about each wording by itself.

    An instructed-response item quotes a label, such as "disagree": of it only the length
    is judged.
    """
    for wording in asked:
        yield from _length(wording)
        if wording.item.expect is not None:
            continue
        yield from _negation(wording)
        yield from _joined(wording)
        yield from _loaded(wording)


def _finding(
    wording: Asked, rule: str, severity: Severity, **params: object
) -> Finding:
    return Finding(rule, severity, wording.item.code, wording.language, params)


def _masked(text: str, pattern: re.Pattern[str] | None) -> str:
    """`text` with every match of `pattern` blanked, so that no rule sees it."""
    return text if pattern is None else pattern.sub(" ", text)


def _quoted(parts: Iterable[str]) -> str:
    return ", ".join(f"'{part}'" for part in dict.fromkeys(parts))


def _length(wording: Asked) -> Iterator[Finding]:
    if wording.language == "en":
        rule, limit, found = "too_many_words", MOST_WORDS, count_words(wording.longest)
    else:
        rule, limit = "too_many_characters", MOST_CHARACTERS
        found = count_characters(wording.longest)
    if found > limit:
        yield _finding(wording, rule, "must", found=found, limit=limit)


def _negation(wording: Asked) -> Iterator[Finding]:
    """One negation is advised against, two in one item are refused.

    Negated items make method factors (Schriesheim and Eisenbach 1995), and a person who
    disagrees with a negation has two turns to follow; with a double one, three.
    """
    english = wording.language == "en"
    pattern = words.NEGATIONS if english else words.CHINESE_NEGATIONS
    if not pattern.search(wording.text):
        return
    negations, affixes = (_english if english else _chinese)(wording.text)
    if not negations:
        return
    if len(negations) + len(affixes) > 1:
        found = _quoted([*negations, *affixes])
        yield _finding(wording, "double_negation", "must", found=found)
    else:
        yield _finding(wording, "negation", "should", found=negations[0])


def _english(wording: str) -> tuple[list[str], list[str]]:
    """Negations, and words that negate by their beginning or end."""
    text = _masked(wording, words.NO_NEGATIONS)
    affixes = [found[0] for found in words.NEGATIVE_WORDS.finditer(text)]
    return words.NEGATIONS.findall(text), affixes


def _chinese(wording: str) -> tuple[list[str], list[str]]:
    """Negations, and words that hold one; "neither A nor B" counts once."""
    text = _masked(wording, words.CHINESE_NO_NEGATIONS)
    affixes = words.CHINESE_NEGATIVE_WORDS.findall(text)
    text = _masked(text, words.CHINESE_NEGATIVE_WORDS)
    text = words.CHINESE_NEITHER.sub(r"\1\2", text)
    return words.CHINESE_NEGATIONS.findall(text), affixes


def _joined(wording: Asked) -> Iterator[Finding]:
    """Two ideas in one item: sure of a second statement, unsure of a second object."""
    english = wording.language == "en"
    one = words.ENGLISH_ONE_IDEA if english else words.CHINESE_ONE_IDEA
    two = words.ENGLISH_TWO_STATEMENTS if english else words.CHINESE_TWO_STATEMENTS
    joints = words.ENGLISH_JOINTS if english else words.CHINESE_JOINTS
    if not joints.search(wording.text) and not two.search(wording.text):
        return
    text = _masked(wording.text, one)
    if found := two.search(text):
        yield _finding(wording, "two_statements", "must", found=found[0])
    elif found := joints.search(text):
        yield _finding(wording, "joined", "should", found=found[0])


def _loaded(wording: Asked) -> Iterator[Finding]:
    for rule, language, pattern, exempt in _LOADED:
        if language != wording.language or not pattern.search(wording.text):
            continue
        if found := pattern.search(_masked(wording.text, exempt)):
            yield _finding(wording, rule, "should", found=found[0])


def check_grade(asked: Iterable[Asked]) -> Iterator[Finding]:
    """Flesch-Kincaid grade of all English items together (Kincaid et al. 1975).

    grade = 0.39 words/sentences + 11.8 syllables/words - 15.59, an item being a
    sentence. The formula was fitted on whole passages; for one short item a single long
    word moves it by several grades, so no item is judged by it, nor is a questionnaire of
    fewer than `FEWEST_WORDS_FOR_GRADE` words. There is no formula for Chinese that
    survives outside school books; the length in characters has to do.
    """
    texts = [wording.longest for wording in asked if wording.language == "en"]
    spoken = [word for text in texts for word in _WORD.findall(text)]
    if len(spoken) < FEWEST_WORDS_FOR_GRADE:
        return
    grade = flesch_kincaid(len(texts), spoken)
    if int(grade) > HIGHEST_GRADE:
        params = {"found": f"{grade:.1f}", "limit": HIGHEST_GRADE}
        yield Finding("hard_to_read", "should", "", "en", params)


def flesch_kincaid(sentences: int, spoken: Sequence[str]) -> float:
    """Grade of `sentences` sentences that hold the words `spoken`."""
    distinct = Counter(spoken)
    syllables = sum(count_syllables(word) * n for word, n in distinct.items())
    return 0.39 * len(spoken) / sentences + 11.8 * syllables / len(spoken) - 15.59


def count_syllables(word: str) -> int:
    """Groups of vowels, without a silent e; right for about nine words in ten."""
    spelled = word.lower()
    count = len(_SYLLABLE.findall(spelled))
    silent = _SILENT.search(spelled)
    return max(count - bool(silent), 1)
