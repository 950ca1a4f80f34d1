"""Texts as in the YAML, counting those that are missing in one language."""

from collections import Counter
from collections.abc import Mapping

from surveys.interchange.raw import Raw
from surveys.interchange.texts import text_of


class Wording:
    """Makes texts in the languages of the questionnaire and counts what is missing."""

    def __init__(self, languages: tuple[str, ...]) -> None:
        self.languages = languages
        self._missing: Counter[str] = Counter()

    def of(self, wordings: Mapping[str, str]) -> dict[str, str]:
        found = text_of(wordings, self.languages)
        if any(found.values()):
            self._missing.update(one for one in self.languages if not found[one])
        return found

    def close(self, raw: Raw) -> None:
        """Note how many texts are missing, one finding a language."""
        for language, number in self._missing.items():
            raw.note("blank_texts", "", number=number, language=language)
