"""Rules that hold both languages against each other, and one version against the last."""

import re
from collections.abc import Iterator

from surveys.definition.quality.asked import texts_of
from surveys.definition.quality.findings import Finding, Severity
from surveys.definition.questionnaire import Questionnaire, ResponseFormat
from surveys.definition.text import LANGUAGES, Text

# Characters of English for one Chinese character; over the shipped items the median is
# 3.3, and all lie between 2.1 and 6.4.
ENGLISH_PER_CHINESE = 3.3
MOST_TIMES_LONGER = 4
# Shorter texts, such as labels, differ in length for no reason worth a finding.
FEWEST_LETTERS = 12

_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003134f]+")
_LETTER = re.compile(r"[^\W\d_]")
_SLOT = re.compile(r"\{\w+\}")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NAMES = {"en": Text("English", "英文"), "zh-hans": Text("Chinese", "中文")}
# Numbers that one language may spell out and the other write in digits.
_SPELLED = {
    "0": ("zero", "零〇"),
    "1": ("one|once|first|a|an", "一"),
    "2": ("two|twice|second|both", "二两"),
    "3": ("three|third", "三"),
    "4": ("four|fourth", "四"),
    "5": ("five|fifth", "五"),
    "6": ("six|sixth|half", "六半"),
    "7": ("seven|seventh|week", "七周"),
    "8": ("eight|eighth", "八"),
    "9": ("nine|ninth", "九"),
    "10": ("ten|tenth", "十"),
    "12": ("twelve|twelfth|year", "二年"),
    "24": ("hours|day", "天日"),
    "30": ("thirty|month", "月"),
    "100": ("hundred", "百"),
    "1000": ("thousand", "千"),
}


def check_translations(asked: Questionnaire) -> Iterator[Finding]:
    """Texts that are missing in a language, or differ between the two."""
    for where, text, severity in _texts(asked):
        blank = [one for one in asked.languages if not _own(text, one).strip()]
        for language in blank:
            yield Finding("blank", "must", where, language)
        if len(asked.languages) == len(LANGUAGES) and not blank:
            yield from _pair(where, text, severity)


def _own(text: Text, language: str) -> str:
    """Wording in `language` itself, empty where only the other one is there."""
    return text.wordings.get(language, "")


def _texts(asked: Questionnaire) -> Iterator[tuple[str, Text, Severity]]:
    """Place, text, and how grave it is when one of its languages is no translation.

    A name or an option may well be the same in both, such as that of a product.
    """
    yield "name", asked.name, "should"
    yield "description", asked.description, "must"
    for code, answered in formats_of(asked).items():
        for index, label in enumerate(answered.labels):
            yield label_place(code, answered, index), label, "should"
    for scale in asked.scales:
        yield scale.code, scale.name, "should"
        for item in scale.items:
            for text in texts_of(asked, item):
                yield item.code, text, "must"


def formats_of(asked: Questionnaire) -> dict[str, ResponseFormat]:
    """Response formats in use, by code."""
    used = (scale.format_of(item) for scale in asked.scales for item in scale.items)
    return {answered.code: answered for answered in used}


def label_place(code: str, answered: ResponseFormat, index: int) -> str:
    key = "options" if answered.kind == "choice" else "labels"
    return f"formats.{code}.{key}[{index}]"


def _pair(where: str, text: Text, severity: Severity) -> Iterator[Finding]:
    english = _SLOT.sub("", text.en)
    chinese = _SLOT.sub("", text.zh_hans)
    if not _LETTER.search(english + chinese):
        return
    if english.casefold() == chinese.casefold():
        yield Finding("same_text", severity, where)
        return
    if not _HAN.search(chinese):
        yield Finding("no_chinese", severity, where, "zh-hans")
    if found := _HAN.search(english):
        params = {"found": found[0]}
        yield Finding("chinese_in_english", severity, where, "en", params)
    yield from _placeholders(where, text)
    yield from _numbers(where, english, chinese)
    yield from _lengths(where, english, chinese)


def _placeholders(where: str, text: Text) -> Iterator[Finding]:
    named = [set(map(str.lower, _SLOT.findall(one))) for one in (text.en, text.zh_hans)]
    if lone := named[0] ^ named[1]:
        found = {"found": ", ".join(sorted(lone))}
        yield Finding("placeholder_missing", "must", where, "", found)


def _numbers(where: str, english: str, chinese: str) -> Iterator[Finding]:
    named = [
        {number.replace(",", "") for number in _NUMBER.findall(one)}
        for one in (english, chinese)
    ]
    for number in sorted(named[0] ^ named[1]):
        spelled, written = _SPELLED.get(number, ("", ""))
        missing_in_english = number not in named[0]
        if missing_in_english and spelled:
            pattern = rf"\b(?:{spelled})s?\b"
            told = re.search(pattern, english, re.IGNORECASE) is not None
        else:
            told = any(character in written for character in chinese)
        if not told:
            yield Finding("numbers_differ", "should", where, "", {"found": number})
            return


def _lengths(where: str, english: str, chinese: str) -> Iterator[Finding]:
    # a wording of nothing but a gap has no length to compare
    if len(english) < FEWEST_LETTERS or not chinese:
        return
    times = len(english) / (ENGLISH_PER_CHINESE * len(chinese))
    if not 1 / MOST_TIMES_LONGER <= times <= MOST_TIMES_LONGER:
        longer = _NAMES["en" if times > 1 else "zh-hans"]
        params = {"longer": longer, "times": MOST_TIMES_LONGER}
        yield Finding("length_differs", "should", where, "", params)


def stale_translations(old: Questionnaire, new: Questionnaire) -> tuple[Finding, ...]:
    """Texts of `new` of which one language alone was changed since `old`.

    Items are matched by lineage (the code they had in `old`), scales by code, labels by
    format and position. Changes of punctuation, spaces and capitals are none.
    """
    before = {place: text for place, (_, text) in _by_lineage(old).items()}
    before |= {("item", item.code): item.text for item in old.items}
    return tuple(
        finding
        for earlier, (where, text) in _by_lineage(new).items()
        if earlier in before
        for finding in _stale(where, before[earlier], text, old.version)
    )


def _by_lineage(asked: Questionnaire) -> dict[tuple[str, str], tuple[str, Text]]:
    """Place and text, by kind and by what the text was called in the earlier version."""
    found = {("", "name"): ("name", asked.name)}
    found["", "description"] = "description", asked.description
    for code, answered in formats_of(asked).items():
        for index, label in enumerate(answered.labels):
            place = label_place(code, answered, index)
            found["label", place] = place, label
    for scale in asked.scales:
        found["scale", scale.code] = scale.code, scale.name
        for item in scale.items:
            found["item", item.lineage or item.code] = item.code, item.text
    return found


def _plain(wording: str) -> str:
    return "".join(filter(str.isalnum, wording)).casefold()


def _stale(where: str, old: Text, new: Text, version: int) -> Iterator[Finding]:
    changed = [
        language
        for language in LANGUAGES
        if _plain(_own(old, language)) != _plain(_own(new, language))
    ]
    both = [*old.wordings, *new.wordings]
    if len(changed) == 1 and len(both) == 2 * len(LANGUAGES):
        kept = next(one for one in LANGUAGES if one not in changed)
        params = {
            "changed": _NAMES[changed[0]],
            "kept": _NAMES[kept],
            "version": version,
        }
        yield Finding("stale_translation", "should", where, kept, params)
