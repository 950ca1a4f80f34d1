"""The wordings of a questionnaire as people read them, one for each item and language."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from surveys.definition.questionnaire import Item, Questionnaire, Scale
from surveys.definition.referents import REFERENT, REFERENTS, fill
from surveys.definition.text import Text


@dataclass(frozen=True, slots=True)
class Asked:
    """What one item says in one language.

    Attributes
    ----------
    text : str
        As written, with its slots.
    longest : str
        With the longest words that its slots may be filled with.
    """

    item: Item
    scale: Scale
    language: str
    text: str
    longest: str


def wordings(asked: Questionnaire) -> Iterator[Asked]:
    """Every wording of `asked`, item by item, in the languages it names.

    An item with other wordings in named forms comes once for each of them, that of the
    default form first.
    """
    words = _longest_words(asked)
    for scale in asked.scales:
        referent = _referent(scale)
        for item in scale.items:
            for text in texts_of(asked, item):
                filled = fill(text, referent, words)
                for language in asked.languages:
                    wording, longest = text.in_(language), filled.in_(language)
                    yield Asked(item, scale, language, wording, longest)


def texts_of(asked: Questionnaire, item: Item) -> tuple[Text, ...]:
    """Distinct texts of `item` over the named forms."""
    kept = [form.code for form in asked.forms if item.code not in form.leave_out]
    found = [item.text_in(form) for form in kept] or [item.text]
    return tuple(dict.fromkeys(found))


def size_in(language: str) -> Callable[[str], int]:
    """How the length of a text is counted: English in words, Chinese in characters."""
    return count_words if language == "en" else count_characters


def count_words(text: str) -> int:
    return sum(any(map(str.isalnum, word)) for word in text.split())


def count_characters(text: str) -> int:
    """Characters of `text` without spaces; punctuation and Latin letters count."""
    return len("".join(text.split()))


def _referent(scale: Scale) -> Text:
    """The scale's own referent, or the longest of all in each language."""
    return REFERENTS.get(scale.referent or "", _LONGEST_REFERENT)


def _longest_words(asked: Questionnaire) -> Mapping[str, Text]:
    named: dict[str, list[Text]] = {}
    for form in asked.forms:
        for word in form.words:
            named.setdefault(word.slot, []).append(word.text)
    return {slot: _longest(texts) for slot, texts in named.items() if slot != REFERENT}


def _longest(texts: Iterable[Text]) -> Text:
    choices = list(texts)

    def longest(language: str) -> str:
        size = size_in(language)
        names = [text.in_(language) for text in choices]
        return max(names, key=lambda name: (size(name), len(name)))

    return Text(longest("en"), longest("zh-hans"))


_LONGEST_REFERENT = _longest(REFERENTS.values())
