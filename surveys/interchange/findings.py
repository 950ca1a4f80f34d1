"""What an import says: findings beside a result, or one sentence instead of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from surveys.definition.text import Text
from surveys.interchange.sentences import FINDINGS, REFUSALS

_NO_PARAMS: Mapping[str, object] = MappingProxyType({})
_ROW = re.compile(r"(?P<sheet>.*):(?P<row>[0-9]+)")
_LONGEST_PARAM = 300


@dataclass(frozen=True, slots=True)
class Finding:
    """Something of the file that was changed, guessed or left out.

    Attributes
    ----------
    code : str
        Key of `sentences.FINDINGS`.
    where : str
        ``sheet:row`` (the sheet is empty in a file of one table), the code of a
        question, or empty for the whole file.
    params : mapping
        Values that the sentence quotes.
    """

    code: str
    where: str = ""
    params: Mapping[str, object] = field(default_factory=dict)

    def in_(self, language: str) -> str:
        """Sentence in `language`, led by the place."""
        sentence = _filled(FINDINGS[self.code], language, self.params)
        place = _place(self.where, language)
        colon = ": " if language == "en" else "："
        return f"{place}{colon}{sentence}" if place else sentence


@dataclass(frozen=True, slots=True)
class Imported:
    """A file as far as it could be understood.

    Attributes
    ----------
    content : mapping
        Shaped like the YAML of a questionnaire; what the file does not say is blank,
        so that it need not parse yet.
    findings : tuple of Finding
        In the order of the file.
    codes : mapping
        From the name of a question in the file to its code in `content`.
    kind : str
        ``yaml``, ``xlsform``, ``items``, ``limesurvey`` or ``qualtrics``.
    """

    content: Mapping[str, object]
    findings: tuple[Finding, ...]
    codes: Mapping[str, str]
    kind: str


class ImportRefused(ValueError):
    """A file that cannot be imported; one sentence in either language.

    Attributes
    ----------
    code : str
        Key of `sentences.REFUSALS`.
    params : mapping
        Values that the sentence quotes.
    """

    def __init__(self, code: str, params: Mapping[str, object] = _NO_PARAMS) -> None:
        self.code = code
        self.params = dict(params)
        super().__init__(self.in_("en"))

    def in_(self, language: str) -> str:
        return _filled(REFUSALS[self.code], language, self.params)


def _filled(sentence: Text, language: str, params: Mapping[str, object]) -> str:
    shown = {name: _shown(value) for name, value in params.items()}
    return sentence.in_(language).format(**shown)


def _shown(value: object) -> str:
    """One line of at most 300 characters, without control characters."""
    text = " ".join(str(value).split())
    text = "".join(character for character in text if character.isprintable())
    return text if len(text) <= _LONGEST_PARAM else f"{text[: _LONGEST_PARAM - 1]}…"


def _place(where: str, language: str) -> str:
    found = _ROW.fullmatch(where)
    if found is None:
        return _shown(where)
    sheet, row = _shown(found["sheet"]), found["row"]
    if language == "en":
        return f"{sheet}, row {row}" if sheet else f"Row {row}"
    return f"{sheet} 第 {row} 行" if sheet else f"第 {row} 行"
