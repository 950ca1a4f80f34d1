"""Text in both languages of the product, side by side."""

from dataclasses import dataclass

LANGUAGES = ("en", "zh-hans")


@dataclass(frozen=True, slots=True)
class Text:
    """The same thing said in English and in Simplified Chinese."""

    en: str
    zh_hans: str

    def in_(self, language: str) -> str:
        """Wording in `language`, one of ``en`` and ``zh-hans``."""
        if language == "en":
            return self.en
        if language == "zh-hans":
            return self.zh_hans
        raise ValueError(
            f"No text in the language {language!r}; use one of {', '.join(LANGUAGES)}."
        )
