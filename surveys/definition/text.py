"""Text in both languages of the product, side by side."""

from dataclasses import dataclass

LANGUAGES = ("en", "zh-hans")


@dataclass(frozen=True, slots=True)
class Text:
    """The same thing said in English and in Simplified Chinese.

    A language is empty where a questionnaire has its wording in the other one alone.
    """

    en: str
    zh_hans: str

    def in_(self, language: str) -> str:
        """Wording in `language`, ``en`` or ``zh-hans``; the other one where it is missing."""
        if language == "en":
            return self.en or self.zh_hans
        if language == "zh-hans":
            return self.zh_hans or self.en
        raise ValueError(
            f"No text in the language {language!r}; use one of {', '.join(LANGUAGES)}."
        )

    @property
    def wordings(self) -> dict[str, str]:
        """The languages that there are, each with its wording."""
        both = {"en": self.en, "zh-hans": self.zh_hans}
        return {language: wording for language, wording in both.items() if wording}
