"""Qualtrics' survey file (.qsf, JSON) to sections of questions, as far as it goes."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from surveys.interchange.findings import ImportRefused
from surveys.interchange.languages import language_of
from surveys.interchange.raw import Option, Question, Raw, Section, Wordings

_CHOICES = frozenset({"SAVR", "SAHR", "SACOL", "DL", "SB", "NPS"})
_TEXTS = frozenset({"SL", "ML", "ESTB", "TA"})
# Codes of Qualtrics that are not those of other products.
_LANGUAGES = {"ZH-S": "zh-Hans", "ZH-T": "zh-Hant", "EN-GB": "en"}
_MOST_POINTS = 11
Payload = Mapping[str, Any]


def read_qualtrics(text: str) -> Raw:
    """Sections, one a block; a matrix becomes items of one format.

    Raises
    ------
    ImportRefused
        No JSON, nested too deeply, or no survey of Qualtrics.
    """
    try:
        data = json.loads(text)
    except RecursionError:
        raise ImportRefused("too_deep") from None
    except ValueError:
        raise ImportRefused("bad_json") from None
    if not isinstance(data, dict) or not isinstance(data.get("SurveyElements"), list):
        raise ImportRefused("bad_json")
    return _Survey(data).raw


class _Survey:
    """One file being read."""

    def __init__(self, data: Payload) -> None:
        entry = _mapping(data.get("SurveyEntry"))
        name = _string(entry.get("SurveyName"))
        self.base = _language(_string(entry.get("SurveyLanguage"))) or ""
        self.raw = Raw(name=name, names={self.base: name}, is_html=True)
        self._refused: set[str] = set()
        elements = [_mapping(one) for one in data["SurveyElements"]]
        self._asked = {
            _string(one.get("PrimaryAttribute")): _mapping(one.get("Payload"))
            for one in elements
            if one.get("Element") == "SQ"
        }
        for name, identifiers in self._blocks(elements):
            section = Section("", name, {self.base: name})
            self.raw.sections.append(section)
            for identifier in identifiers:
                payload = self._asked.pop(identifier, None)
                if payload is not None:
                    section = self._take(section, payload)
        if not any(one.get("Element") == "BL" for one in elements):
            section = Section("", "", {})
            self.raw.sections.append(section)
            for payload in self._asked.values():
                section = self._take(section, payload)

    def _blocks(self, elements: list[Payload]) -> Iterable[tuple[str, list[str]]]:
        for element in elements:
            if element.get("Element") != "BL":
                continue
            payload = element.get("Payload")
            blocks = payload.values() if isinstance(payload, dict) else payload
            for block in blocks if isinstance(blocks, Iterable) else ():
                known = _mapping(block)
                if known.get("Type") == "Trash":
                    continue
                parts = known.get("BlockElements")
                identifiers = [
                    _string(_mapping(part).get("QuestionID"))
                    for part in (parts if isinstance(parts, list) else [])
                    if _mapping(part).get("Type") == "Question"
                ]
                yield _string(known.get("Description")), identifiers

    def _take(self, section: Section, payload: Payload) -> Section:
        """Add the question to `section`, or a matrix as a section of its own."""
        kind = _string(payload.get("QuestionType"))
        selector = _string(payload.get("Selector"))
        name = _string(payload.get("DataExportTag") or payload.get("QuestionID"))
        if kind == "Matrix" and selector == "Likert" and _single(payload):
            matrix = Section(name, name, dict(section.names))
            matrix.descriptions = self._texts(payload, "QuestionText")
            matrix.questions = self._matrix(name, payload)
            after = Section("", section.where, dict(section.names))
            self.raw.sections += [matrix, after]
            return after
        question = self._question(name, kind, selector, payload)
        if question is not None:
            section.questions.append(question)
        return section

    def _question(
        self, name: str, kind: str, selector: str, payload: Payload
    ) -> Question | None:
        question = Question(name, name, self._texts(payload, "QuestionText"))
        if payload.get("DisplayLogic"):
            question.condition_text = "DisplayLogic"
        if kind == "MC" and selector in _CHOICES:
            question.options = self._options(payload, "Choices", "ChoiceOrder")
            return question
        if kind == "TE" and selector in _TEXTS:
            validation = _mapping(_mapping(payload.get("Validation")).get("Settings"))
            if validation.get("ContentType") == "ValidNumber":
                number = _mapping(validation.get("ValidNumber"))
                question.kind = "number"
                question.low = _whole(number.get("Min"))
                question.high = _whole(number.get("Max"))
            else:
                question.kind = "text"
            return question
        code = (
            "not_a_question" if kind in ("DB", "Timing", "Meta") else "unsupported_type"
        )
        self.raw.note(code, name, name=name, type=f"{kind} {selector}".strip())
        return None

    def _matrix(self, name: str, payload: Payload) -> list[Question]:
        rows = self._options(payload, "Choices", "ChoiceOrder", recode=False)
        options = self._options(payload, "Answers", "AnswerOrder")
        found = []
        for row in rows:
            question = Question(f"{name}_{row.name}", name, row.labels)
            question.options = [Option(o.name, dict(o.labels)) for o in options]
            if 2 < len(options) <= _MOST_POINTS:
                question.kind = "rating"
            if payload.get("DisplayLogic"):
                question.condition_text = "DisplayLogic"
            found.append(question)
        return found

    def _options(
        self, payload: Payload, key: str, order: str, *, recode: bool = True
    ) -> list[Option]:
        """Options in their order, under the codes that Qualtrics exports."""
        choices = payload.get(key)
        if isinstance(choices, list):
            choices = {str(n): one for n, one in enumerate(choices, start=1)}
        choices = _mapping(choices)
        listed = payload.get(order)
        names = [str(one) for one in listed] if isinstance(listed, list) else []
        codes = _mapping(payload.get("RecodeValues")) if recode else {}
        found = []
        for name in [one for one in names if one in choices] or choices:
            labels = self._texts(payload, key, name)
            found.append(Option(str(codes.get(name, name)), labels))
        return found

    def _texts(self, payload: Payload, key: str, choice: str = "") -> Wordings:
        """Text or label in the base language and in the translations of the question."""
        found: Wordings = {}
        base = _said(payload, key, choice)
        if base:
            found[self.base] = base
        for name, translation in _mapping(payload.get("Language")).items():
            language = _language(name)
            said = _said(_mapping(translation), key, choice)
            if language is not None:
                if said:
                    found.setdefault(language, said)
            elif name not in self._refused:
                self._refused.add(name)
                self.raw.note("language_left_out", "", language=name)
        return found


def _said(payload: Payload, key: str, choice: str) -> str:
    value = payload.get(key)
    if not choice:
        return _string(value)
    if isinstance(value, list) and choice.isascii() and choice.isdigit():
        number = int(choice[:6])
        value = {choice: value[number - 1]} if 0 < number <= len(value) else {}
    one = _mapping(value).get(choice)
    return _string(_mapping(one).get("Display")) or _string(one)


def _single(payload: Payload) -> bool:
    return _string(payload.get("SubSelector")) in ("SingleAnswer", "DL", "")


def _language(name: str) -> str | None:
    return language_of(_LANGUAGES.get(name.upper(), name)) if name else ""


def _mapping(value: object) -> Payload:
    return value if isinstance(value, dict) else {}


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""


def _whole(value: object) -> int | None:
    text = str(value).strip()
    fits = text.isascii() and text.removeprefix("-").isdigit() and len(text) < 9
    return int(text) if fits else None
