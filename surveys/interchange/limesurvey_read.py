"""A LimeSurvey structure to sections of questions."""

import json
from typing import Any

from surveys.definition.text import Text
from surveys.interchange.conditions import from_expression
from surveys.interchange.languages import language_of
from surveys.interchange.limesurvey_structure import (
    OWN_GROUP,
    OWN_QUESTION,
    OWN_SURVEY,
    Asked,
    Group,
    Part,
    Said,
    Structure,
)
from surveys.interchange.own import ASIDE_NAME
from surveys.interchange.raw import Option, Question, Raw, Section, Wordings

# Kinds of questions, by LimeSurvey's letters.
_LISTS = frozenset("L!O")
_TEXTS = frozenset("STU")
_SILENT = frozenset("X*I")
_MOST_POINTS = 11
_NAMES = {
    "1": "dual scale array",
    ":": "array (numbers)",
    ";": "array (texts)",
    "M": "multiple choice",
    "P": "multiple choice with comments",
    "R": "ranking",
    "|": "file upload",
    "D": "date",
    "X": "text display",
    "*": "equation",
    "I": "language switch",
}
_FIXED = {
    "Y": (("Y", Text("Yes", "是")), ("N", Text("No", "否"))),
    "G": (("F", Text("Female", "女")), ("M", Text("Male", "男"))),
    "C": (
        ("Y", Text("Yes", "是")),
        ("U", Text("Uncertain", "不确定")),
        ("N", Text("No", "否")),
    ),
    "E": (
        ("I", Text("Increase", "增加")),
        ("S", Text("Same", "不变")),
        ("D", Text("Decrease", "减少")),
    ),
}
_POINTS = {"5": 5, "A": 5, "B": 10}
_ARRAYS = frozenset("FHABCEQK")
# Settings that change what is asked, shown or accepted, and their value when unused.
_SETTINGS = {
    **dict.fromkeys(("hidden", "random_order"), "0"),
    "answer_order": "normal",
    **dict.fromkeys(("preg", "prefix", "random_group"), ""),
    **dict.fromkeys(("em_validation_q", "em_validation_sq"), ""),
    **dict.fromkeys(("array_filter", "array_filter_exclude"), ""),
}


def read_limesurvey(structure: Structure) -> Raw:
    """Sections of a survey, a group or a question; arrays become items of one format."""
    return _Survey(structure).raw


class _Survey:
    """One structure being read."""

    def __init__(self, structure: Structure) -> None:
        self.structure = structure
        self.raw = Raw(name="", names={}, is_html=True)
        self._refused: set[str] = set()
        if len(structure.bases) > 1:
            bases = ", ".join(structure.bases)
            self.raw.note("two_base_languages", "", languages=bases)
        first = next(iter(structure.questions), None)
        if first is not None:
            self.raw.extra = self._own(first, OWN_SURVEY)
        self.raw.names = self._said(structure.titles)
        self.raw.descriptions = self._said(structure.descriptions)
        self.raw.name = str(self.raw.extra.get("code", ""))
        if not self.raw.name:
            self.raw.name = next((n for n in structure.titles.values() if n), "")
        if structure.greets:
            self.raw.note("greeting_left_out", "")
        for group in structure.groups:
            self._group(group)

    def _said(self, texts: Said) -> Wordings:
        """Texts in the languages of this product; others are noted once each."""
        found: Wordings = {}
        for name, text in texts.items():
            language = language_of(name) if name else ""
            if language is not None:
                found.setdefault(language, text)
            elif name not in self._refused:
                self._refused.add(name)
                self.raw.note("language_left_out", "", language=name)
        return found

    def _own(self, question: Asked, attribute: str) -> dict[str, Any]:
        written = question.attribute(attribute)
        if not written:
            return {}
        try:
            found = json.loads(written)
        except (ValueError, RecursionError):
            found = None
        if isinstance(found, dict):
            return found
        self.raw.note("extra_unreadable", question.where, name=question.title)
        return {}

    def _section(self, group: Group) -> Section:
        section = Section(
            "",
            "",
            self._said(group.names),
            descriptions=self._said(group.descriptions),
            condition=from_expression(group.relevance),
            condition_text=_written(group.relevance),
        )
        if group.questions:
            section.extra = self._own(group.questions[0], OWN_GROUP)
            section.where = group.questions[0].where
        self.raw.sections.append(section)
        return section

    def _group(self, group: Group) -> None:
        section = self._section(group)
        if group.shuffled.strip():
            name = next((one for one in group.names.values() if one), "")
            setting = f"randomization_group = {group.shuffled.strip()}"
            self.raw.note("setting_left_out", section.where, name=name, setting=setting)
        for question in group.questions:
            if question.kind in _ARRAYS:
                array = self._section(group)
                array.name, array.where = question.title, question.where
                array.descriptions = self._said(question.texts)
                array.questions = self._array(question)
                self._note_left_out(question)
                section = self._section(group)
            else:
                asked = self._question(question)
                if asked is not None:
                    section.questions.append(asked)
                    self._note_left_out(question)

    def _question(self, asked: Asked) -> Question | None:
        kind = asked.kind
        question = self._new(asked, asked.title, asked.texts)
        question.extra = self._own(asked, OWN_QUESTION)
        if kind in _LISTS:
            self._options(question, asked)
            if kind == "O":
                self.raw.note("comment_left_out", asked.where, name=asked.title)
        elif kind in _POINTS or kind in _FIXED:
            self._fixed(question, kind)
        elif kind == "N":
            self._number(question, asked)
        elif kind in _TEXTS:
            self._text(question, asked)
        else:
            code = "not_a_question" if kind in _SILENT else "unsupported_type"
            name = _NAMES.get(kind, kind)
            self.raw.note(code, asked.where, name=asked.title, type=name)
            return None
        return question

    def _array(self, asked: Asked) -> list[Question]:
        found: list[Question] = []
        for part in asked.parts:
            if part.scale != "0":
                continue
            question = self._new(asked, f"{asked.title}_{part.code}", part.texts)
            if _written(part.relevance):
                question.condition = from_expression(part.relevance)
                question.condition_text = part.relevance
            if asked.kind in "FH":
                self._options(question, asked)
                if 2 < len(question.options) <= _MOST_POINTS:
                    question.kind = "rating"
                if question.kind and not found and not _numbered(asked.answers):
                    self.raw.note("taken_as_rating", asked.where, name=asked.title)
            elif asked.kind == "K":
                self._number(question, asked)
            elif asked.kind == "Q":
                self._text(question, asked)
            else:
                self._fixed(question, asked.kind)
            found.append(question)
        return found

    def _note_left_out(self, asked: Asked) -> None:
        """Name what belongs to a question and has no place here."""
        if asked.has_help:
            self.raw.note("help_left_out", asked.where, name=asked.title)
        for name, unused in _SETTINGS.items():
            value = asked.attribute(name).strip()
            if value not in ("", unused):
                setting = f"{name} = {value}"
                where, title = asked.where, asked.title
                self.raw.note("setting_left_out", where, name=title, setting=setting)

    def _new(self, asked: Asked, name: str, texts: Said) -> Question:
        return Question(
            name,
            asked.where,
            self._said(texts),
            condition=from_expression(asked.relevance),
            condition_text=_written(asked.relevance),
        )

    def _options(self, question: Question, asked: Asked) -> None:
        answers = [answer for answer in asked.answers if answer.scale == "0"]
        question.options = [
            Option(answer.code, self._said(answer.texts))
            for answer in answers
            if answer.code.lower() != ASIDE_NAME
        ]
        question.not_applicable = len(question.options) < len(answers)
        own = question.extra.get("kind")
        if own in ("rating", "choice"):
            question.kind = "choice" if own == "choice" else "rating"
        if not question.options:
            question.kind = "choice"
        if asked.other:
            where, name = question.where, question.name
            self.raw.note("option_left_out", where, name=name, option="other")

    def _fixed(self, question: Question, kind: str) -> None:
        if kind in _POINTS:
            question.kind = "rating"
            labels = [
                (str(n), Text(str(n), str(n))) for n in range(1, _POINTS[kind] + 1)
            ]
        else:
            question.kind = "choice"
            labels = list(_FIXED[kind])
        languages = list(question.texts) or ["en"]
        question.options = [
            Option(name, {one: label.in_(one or "en") for one in languages})
            for name, label in labels
        ]

    def _number(self, question: Question, asked: Asked) -> None:
        question.kind = "number"
        question.low = _whole(asked.attribute("min_num_value_n"))
        question.high = _whole(asked.attribute("max_num_value_n"))
        question.unit = self._said(asked.attributes.get("suffix", {}))
        if asked.attribute("num_value_int_only") != "1":
            self.raw.note("decimals_as_whole", asked.where, name=question.name)

    def _text(self, question: Question, asked: Asked) -> None:
        question.kind = "text"
        question.longest = _whole(asked.attribute("maximum_chars"))


def _written(relevance: str) -> str:
    """The condition, without what always holds."""
    text = relevance.strip()
    return "" if text in ("", "1") else text


def _numbered(answers: list[Part]) -> bool:
    return all(a.code.isdigit() for a in answers if a.code.lower() != ASIDE_NAME)


def _whole(text: str) -> int | None:
    text = text.strip()
    digits = text.removeprefix("-")
    whole = digits.isascii() and digits.isdigit() and len(digits) < 9
    return int(text) if whole else None
