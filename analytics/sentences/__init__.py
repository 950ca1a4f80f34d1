"""Every sentence an analysis can say, in English and Simplified Chinese.

A result keeps a `Sentence` (code and parameters), never finished words, so that one
stored analysis reads in both languages. The words lie side by side by subject:
`core` (what the numeric core says), `refusals` (input that is not accepted),
`notices` (what to know beside a number), `verdicts` (plain readings and their chips),
`approximate` (intervals that are), `sampling` (teams and weights), `weights` (how dimensions share an outcome), `teams` (their agreement), `factor_model`
(its fit, and measuring alike in groups), `item_response` (single items), `own_model` (a researcher's text),
`comparison` (further referents), `drivers` (what goes with outcomes), `planner` (what a size will show) and `labels` (headings of tables and charts).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

from analytics.plan import Text
from analytics.sentences.actions import ACTIONS
from analytics.sentences.approximate import APPROXIMATE
from analytics.sentences.bundle import BUNDLE
from analytics.sentences.codebook import CODEBOOK
from analytics.sentences.comments import COMMENTS
from analytics.sentences.comparison import COMPARISON
from analytics.sentences.core import CORE
from analytics.sentences.criteria import CRITERIA
from analytics.sentences.data_sets import DATA_SETS
from analytics.sentences.disclosure import DISCLOSURE
from analytics.sentences.drivers import DRIVERS
from analytics.sentences.exports import EXPORTS
from analytics.sentences.factor_model import FACTOR_MODEL
from analytics.sentences.file_formats import FILE_FORMATS
from analytics.sentences.files import FILES
from analytics.sentences.glance_release import GLANCE_RELEASE
from analytics.sentences.groups_release import GROUPS_RELEASE
from analytics.sentences.item_response import ITEM_RESPONSE
from analytics.sentences.labels import LABELS
from analytics.sentences.microdata import MICRODATA
from analytics.sentences.notices import NOTICES
from analytics.sentences.own_model import OWN_MODEL
from analytics.sentences.planner import PLANNER
from analytics.sentences.quality import QUALITY
from analytics.sentences.quality_labels import QUALITY_LABELS
from analytics.sentences.refusals import REFUSALS
from analytics.sentences.sampling import SAMPLING
from analytics.sentences.segments import SEGMENTS
from analytics.sentences.simulation import SIMULATION
from analytics.sentences.teams import TEAMS
from analytics.sentences.trend import TREND
from analytics.sentences.verdicts import VERDICTS
from analytics.sentences.waves import OF_WAVES, past_wave
from analytics.sentences.weights import WEIGHTS

Parameter = str | int | float | Text | tuple[str | Text, ...]

SENTENCES: Final[Mapping[str, tuple[str, str]]] = {
    **ACTIONS,
    **APPROXIMATE,
    **BUNDLE,
    **CODEBOOK,
    **COMMENTS,
    **COMPARISON,
    **CORE,
    **CRITERIA,
    **DATA_SETS,
    **DISCLOSURE,
    **DRIVERS,
    **EXPORTS,
    **FACTOR_MODEL,
    **FILES,
    **FILE_FORMATS,
    **GLANCE_RELEASE,
    **GROUPS_RELEASE,
    **ITEM_RESPONSE,
    **LABELS,
    **MICRODATA,
    **NOTICES,
    **OWN_MODEL,
    **PLANNER,
    **QUALITY,
    **QUALITY_LABELS,
    **REFUSALS,
    **SAMPLING,
    **SEGMENTS,
    **SIMULATION,
    **TEAMS,
    **TREND,
    **VERDICTS,
    **WEIGHTS,
}

_GAP: Final = re.compile(r"\{(?P<name>\w+)(?::(?P<form>[^}]*))?\}")
_HAN: Final = re.compile("[\u4e00-\u9fff]")
_LATIN: Final = re.compile("[0-9A-Za-z]")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A code of `SENTENCES` and what fills its gaps."""

    code: str
    params: Mapping[str, Parameter] = field(default_factory=dict)

    def text(self, language: str) -> str:
        """Return the sentence in "en" or "zh-hans"."""
        template = SENTENCES[self.code][language == "zh-hans"]
        words = {key: _words(value, language) for key, value in self.params.items()}
        return _filled(template, words)

    def as_text(self) -> Text:
        """Return both languages, to stand inside another sentence."""
        return Text(self.text("en"), self.text("zh-hans"))

    def params_to_plain(self) -> dict[str, Any]:
        return {key: _to_plain(value) for key, value in self.params.items()}

    def to_plain(self) -> dict[str, Any]:
        """Return code, parameters and, for people, the English."""
        params = self.params_to_plain()
        return {"code": self.code, "params": params, "text": self.text("en")}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        params = {key: _from_plain(value) for key, value in plain["params"].items()}
        return cls(plain["code"], params)


class BadInput(Exception):
    """What was brought cannot be analysed; says what, where, and what to do."""

    def __init__(self, code: str, **params: Parameter) -> None:
        self.sentence = Sentence(code, params)
        super().__init__(self.sentence.text("en"))


def say(code: str, **params: Parameter) -> Sentence:
    """Return the sentence `code` with its gaps filled."""
    return Sentence(code, params)


def joined(sentences: Iterable[Sentence], language: str) -> str:
    """Return several sentences as one text."""
    between = "" if language == "zh-hans" else " "
    return between.join(sentence.text(language) for sentence in sentences)


def label(code: str, language: str, **params: Parameter) -> str:
    """Return a heading or a short name of the report."""
    return Sentence(code, params).text(language)


def _filled(template: str, words: Mapping[str, str | int | float]) -> str:
    """Fill the gaps; a Latin word between Chinese characters gets its spaces."""

    def filled(gap: re.Match[str]) -> str:
        value = words[gap["name"]]
        past = gap["name"] in OF_WAVES and isinstance(value, int) and value < 0
        text = past_wave(int(value)) if past else format(value, gap["form"] or "")
        if isinstance(value, int | float) and not past:
            text = text.replace("-", "\u2212")  # a minus, as in the tables
        before, after = template[: gap.start()][-1:], template[gap.end() :][:1]
        left = " " if _HAN.match(before) and _LATIN.match(text[:1]) else ""
        right = " " if _HAN.match(after) and _LATIN.match(text[-1:]) else ""
        return left + text + right

    return _GAP.sub(filled, template)


def _words(value: Parameter, language: str) -> str | int | float:
    if isinstance(value, Text):
        return value.in_language(language)
    if isinstance(value, tuple):
        between = "、" if language == "zh-hans" else ", "
        return between.join(str(_words(part, language)) for part in value)
    return value


def _to_plain(value: Parameter) -> Any:
    if isinstance(value, Text):
        return value.to_plain()
    if isinstance(value, tuple):
        return [_to_plain(part) for part in value]
    return value


def _from_plain(value: Any) -> Parameter:
    if isinstance(value, dict):
        return Text.of(value)
    if isinstance(value, list):
        return tuple(
            Text.of(part) if isinstance(part, dict) else str(part) for part in value
        )
    return value  # type: ignore[no-any-return]
