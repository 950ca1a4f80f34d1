"""What the quality gate says about an item, a scale or a label, in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from surveys.definition.quality.sentences import SENTENCES
from surveys.definition.text import Text

Severity = Literal["must", "should"]

_LANGUAGE_NAMES: Mapping[str, Text] = {
    "en": Text("English", "英文"),
    "zh-hans": Text("Chinese", "中文"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that one place of a questionnaire breaks.

    Attributes
    ----------
    rule : str
        Key of `SENTENCES`.
    severity : "must" or "should"
        "must" is a fault; "should" is a matter for the author's judgement.
    where : str
        Code of the scale or item, such as ``T`` or ``T4``, or a path such as
        ``formats.agreement.labels[2]``; empty for the questionnaire as a whole.
    language : str
        Language of the wording meant; empty where the finding is about both or neither.
    params : mapping
        Values that the sentence quotes. A `Text` is quoted in the reader's language.
    """

    rule: str
    severity: Severity
    where: str
    language: str = ""
    params: Mapping[str, object] = field(default_factory=dict)

    def in_(self, language: str) -> str:
        """One sentence in `language`: what, where, what to do."""
        quoted = {
            name: value.in_(language) if isinstance(value, Text) else value
            for name, value in self.params.items()
        }
        sentence = SENTENCES[self.rule].in_(language).format(**quoted)
        place = self._place(language)
        colon = ": " if language == "en" else "："
        return f"{place}{colon}{sentence}" if place else sentence

    def _place(self, language: str) -> str:
        if not self.language:
            return self.where
        name = _LANGUAGE_NAMES[self.language].in_(language)
        if not self.where:
            return name
        return (
            f"{self.where} ({name})" if language == "en" else f"{self.where}（{name}）"
        )
