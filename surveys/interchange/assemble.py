"""From the sections of a file to the content of a questionnaire."""

from collections.abc import Mapping
from typing import Any

from surveys.definition.parse_scales import MOST_ITEMS
from surveys.interchange.answers import (
    Signature,
    askable,
    decide_kinds,
    format_data,
    note_recoding,
    option_codes,
    signature,
)
from surveys.interchange.codes import Codes, as_code
from surveys.interchange.findings import ImportRefused
from surveys.interchange.languages import script_of
from surveys.interchange.raw import Condition, Question, Raw, Section, Wordings
from surveys.interchange.texts import (
    all_wordings,
    clean_texts,
    languages_of,
    text_of,
)
from surveys.interchange.wording import Wording

# Key of texts whose language the file does not name.
UNNAMED = ""
_QUESTIONS: Wordings = {"en": "Questions", "zh-hans": "题目"}
_QUESTIONNAIRE = (
    *("version", "kind", "theory", "covers", "nearest_published", "known_risks"),
    *("evidence_level", "native_review", "licence", "order", "modules", "catalogue"),
    *("modified", "lineage", "forms"),
)
_ITEM = ("reverse", "short", "expect", "lineage", "texts")
Data = dict[str, Any]


def assemble(raw: Raw) -> tuple[Data, dict[str, str]]:
    """Content of the questionnaire, and the codes given to the names of the file.

    Raises
    ------
    ImportRefused
        There is no question left, or there are too many.
    """
    number = sum(len(section.questions) for section in raw.sections)
    if number > MOST_ITEMS:
        raise ImportRefused("too_many", {"number": number, "most": MOST_ITEMS})
    _settle_language(raw)
    clean_texts(raw)
    _leave_out_textless(raw)
    decide_kinds(raw)
    for section in raw.sections:
        section.questions = [q for q in section.questions if askable(raw, q)]
    raw.sections = [section for section in raw.sections if section.questions]
    if not raw.sections:
        raise _none_left(raw)
    return _Assembly(raw).content()


def _leave_out_textless(raw: Raw) -> None:
    """Questions without a text in a known language cannot be asked."""
    questions = [q for section in raw.sections for q in section.questions]
    if not any(any(question.texts.values()) for question in questions):
        strange = [f for f in raw.findings if f.code == "language_left_out"]
        if not questions or not strange:
            raise _none_left(raw)
        named = ", ".join(str(f.params["language"]) for f in strange)
        raise ImportRefused("no_known_language", {"languages": named})
    for section in raw.sections:
        for question in section.questions:
            if not any(question.texts.values()):
                raw.note("no_text", question.where)
        section.questions = [q for q in section.questions if any(q.texts.values())]


def _none_left(raw: Raw) -> ImportRefused:
    """Why there is no question: the kinds that were left out, where there are any."""
    kinds = ("unsupported_type", "not_a_question")
    types = [str(f.params["type"]) for f in raw.findings if f.code in kinds]
    if not types:
        return ImportRefused("no_questions")
    named = ", ".join(dict.fromkeys(types))
    return ImportRefused("only_unsupported", {"types": named})


def _settle_language(raw: Raw) -> None:
    """Give texts without a language the one that their script suggests."""
    unnamed = [w[UNNAMED] for w in all_wordings(raw) if w.get(UNNAMED)]
    language = script_of(" ".join(unnamed)[:20_000])
    for wordings in all_wordings(raw):
        wording = wordings.pop(UNNAMED, "")
        if wording and not wordings.get(language):
            wordings[language] = wording
    if unnamed:
        raw.note("language_guessed", "", language=language)


class _Assembly:
    """One questionnaire being put together."""

    def __init__(self, raw: Raw) -> None:
        self.raw = raw
        self.wording = Wording(languages_of(raw))
        self.items = Codes(raw, "Q")
        self.scales = Codes(raw, "S")
        self.formats: Data = {}
        self.earlier: dict[str, tuple[str, Question]] = {}
        self.recoded: set[Signature] = set()
        hints = raw.extra.get("formats")
        self.hints: Mapping[str, Any] = hints if isinstance(hints, dict) else {}

    def content(self) -> tuple[Data, dict[str, str]]:
        raw = self.raw
        made = [scale for section in raw.sections for scale in self._scales(section)]
        named = any(raw.names.values())
        first = self.wording.languages[0]
        names = self.wording.of(raw.names if named else {first: raw.name})
        data: Data = {
            "code": as_code(str(raw.extra.get("code") or raw.name or "IMPORTED"), "Q"),
            "version": 1,
            "kind": "questionnaire",
            "name": names,
            "description": text_of(
                _first_said(raw.descriptions, raw.names), self.wording.languages
            ),
            "theory": dict.fromkeys(self.wording.languages, ""),
            "covers": [],
            "nearest_published": [],
            "known_risks": [],
            "evidence_level": "E0",
            "native_review": "owed",
            "licence": "",
        }
        data |= {key: raw.extra[key] for key in _QUESTIONNAIRE if key in raw.extra}
        data |= {"languages": list(self.wording.languages), "formats": self.formats}
        data["scales"] = made
        self.items.close()
        self.scales.close()
        self.wording.close(raw)
        return data, self.items.given

    def _scales(self, section: Section) -> list[Data]:
        """Scales of a section: one that this product wrote, or one a run of answers."""
        if "model" in section.extra:
            return [self._own_scale(section)]
        return [
            self._run(section, number, run)
            for number, run in enumerate(_runs(section.questions), start=1)
        ]

    def _own_scale(self, section: Section) -> Data:
        extra = section.extra
        wanted = str(extra.get("format", ""))
        code = self.scales.give(str(extra.get("code", section.name)), section.where)
        show_if = self._condition(section.where, section)
        items = [
            self._item(question, wanted, section.names, own=True)
            for question in section.questions
        ]
        if wanted not in self.formats and isinstance(self.hints.get(wanted), dict):
            self.formats[wanted] = self.hints[wanted]
        if wanted not in self.formats:
            wanted = next((item["format"] for item in items if "format" in item), "")
        described = section.descriptions or extra.get("description")
        if not isinstance(described, dict):
            described = section.names
        data: Data = {
            "code": code,
            "name": self.wording.of(section.names),
            "description": self.wording.of(described),
            "model": extra["model"],
            "format": wanted,
        }
        if "referent" in extra:
            data["referent"] = extra["referent"]
        return data | show_if | {"items": items}

    def _run(self, section: Section, number: int, run: list[Question]) -> Data:
        heading = self._heading(section)
        if number > 1:
            heading = {one: f"{name} ({number})" for one, name in heading.items()}
        tail = f"-{number}" if number > 1 else ""
        name = f"{section.name}{tail}" if section.name else f"S{self.scales.count + 1}"
        code = self.scales.give(name, section.where)
        wanted = "" if run[0].kind is None else self._format(run[0], "")
        show_if = self._condition(section.where, section)
        items = [self._item(question, wanted, heading) for question in run]
        return {
            "code": code,
            "name": self.wording.of(heading),
            "description": text_of(
                _first_said(section.descriptions, heading), self.wording.languages
            ),
            "model": "reflective" if _is_scale(run) else "checklist",
            "format": wanted,
            **show_if,
            "items": items,
        }

    def _heading(self, section: Section) -> Wordings:
        if any(section.names.values()):
            return dict(section.names)
        if any(self.raw.names.values()):
            return dict(self.raw.names)
        return {one: _QUESTIONS[one] for one in self.wording.languages}

    def _item(
        self,
        question: Question,
        scale_format: str,
        heading: Wordings,
        *,
        own: bool = False,
    ) -> Data:
        extra = question.extra
        code = self.items.give(str(extra.get("code", question.name)), question.where)
        self.items.given.setdefault(question.name, code)
        data: Data = {"code": code}
        data |= {key: extra[key] for key in _ITEM if extra.get(key) is not None}
        if question.kind is not None:
            named = str(extra.get("format", ""))
            used = self._format(question, named or scale_format, own=own)
            if named or used != scale_format:
                data["format"] = used
        data |= self._condition(question.where, question)
        facet = extra.get("facet")
        # the heading stands in for a facet and is not missed once an item
        data["facet"] = (
            self.wording.of(facet)
            if isinstance(facet, dict)
            else text_of(heading, self.wording.languages)
        )
        data |= {"text": self.wording.of(question.texts)}
        if question.options and question.kind in ("rating", "choice"):
            self._note_recoding(question)
        self.earlier[question.name] = (code, question)
        return data

    def _note_recoding(self, question: Question) -> None:
        """Note it once a list of options."""
        mark = signature(question)
        if mark not in self.recoded:
            self.recoded.add(mark)
            note_recoding(self.raw, question)

    def _format(self, question: Question, wanted: str, *, own: bool = False) -> str:
        """Code of the format of `question`, made where there is none like it."""
        hint = self.hints.get(wanted)
        known = hint if isinstance(hint, dict) else {}
        data = format_data(self.raw, question, known, self.wording)
        if wanted and self.formats.setdefault(wanted, data) == data:
            return wanted
        if wanted and own:
            where, name = question.where, question.name
            self.raw.note("format_differs", where, name=name, format=wanted)
        for code, made in self.formats.items():
            if made == data:
                return code
        code = _name(question, self.formats)
        self.formats[code] = data
        return code

    def _condition(self, where: str, asked: Question | Section) -> Data:
        """The key ``show_if``, or nothing; notes a condition that cannot be kept."""
        found = self._codes(asked.condition)
        if found is not None:
            return {"show_if": found}
        if asked.condition_text:
            condition = asked.condition_text
            self.raw.note("condition_left_out", where, condition=condition)
        return {}

    def _codes(self, condition: Condition | None) -> Data | None:
        if condition is None or condition.question not in self.earlier:
            return None
        code, question = self.earlier[condition.question]
        if question.kind not in ("rating", "choice"):
            return None
        codes = option_codes(question)
        if not condition.options or any(o not in codes for o in condition.options):
            return None
        return {"item": code, "in": [codes[option] for option in condition.options]}


def _first_said(*several: Wordings) -> Wordings:
    """The first with a text; real files have empty descriptions."""
    return next((one for one in several if any(one.values())), {})


def _runs(questions: list[Question]) -> list[list[Question]]:
    """Questions that follow each other and are rated alike; others stay together."""
    found: list[tuple[object, list[Question]]] = []
    for question in questions:
        scored = question.kind in ("rating", None)
        key: object = signature(question) if scored else "other"
        if found and found[-1][0] == key:
            found[-1][1].append(question)
        else:
            found.append((key, [question]))
    merged: list[list[Question]] = []
    for key, run in found:
        # a rating alone is no scale: it joins the questions around it
        single = key == "other" or (len(run) == 1 and run[0].kind is not None)
        last = merged[-1] if merged else []
        joins = single and bool(last) and not _is_scale(last)
        if joins:
            last.extend(run)
        else:
            merged.append(list(run))
    return merged


def _is_scale(run: list[Question]) -> bool:
    return run[0].kind is None or (
        len(run) > 1
        and all(q.kind == "rating" for q in run)
        and len({signature(q) for q in run}) == 1
    )


def _name(question: Question, taken: Mapping[str, object]) -> str:
    """Name of a new format: that of the list in the file, or its kind."""
    base = "".join(question.options_name.split())[:36] or str(question.kind)
    name, number = base, 2
    while name in taken:
        name, number = f"{base}{number}", number + 1
    return name
