"""LimeSurvey's tab-separated table (.txt) to and from its structure."""

import csv
import io

from surveys.interchange.findings import ImportRefused
from surveys.interchange.limesurvey_structure import (
    MOST_PARTS,
    MOST_QUESTIONS,
    Asked,
    Group,
    Part,
    Said,
    Structure,
    refuse_more,
)

COLUMNS = (
    *("id", "related_id", "class", "type/scale", "name", "relevance", "text", "help"),
    *("language", "validation", "mandatory", "encrypted", "other", "default"),
    *("same_default", "same_script"),
)
# A field of a survey may be long: a welcome text is.
_LONGEST_FIELD = 1_000_000


def is_survey_table(text: str) -> bool:
    """Whether the first line is the heading of LimeSurvey's table."""
    heading = text.split("\n", 1)[0].strip("\r").replace('"', "").lower().split("\t")
    return {"class", "type/scale", "name", "text"} <= set(heading)


def table_structure(text: str) -> Structure:
    """Structure in the table `text`, which `is_survey_table`."""
    csv.field_size_limit(_LONGEST_FIELD)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter="\t")
    reader.fieldnames = [name.lower() for name in reader.fieldnames or ()]
    table = _Table()
    try:
        for row in reader:
            cells = {key: value or "" for key, value in row.items() if key is not None}
            table.take(f":{reader.line_num}", cells)
    except csv.Error:
        raise ImportRefused("bad_table") from None
    return table.structure


class _Table:
    """Takes rows in their order; a language repeats groups and questions."""

    def __init__(self) -> None:
        self.structure = Structure()
        self._groups: dict[str, Group] = {}
        self._asked: dict[str, Asked] = {}
        self._seen: dict[str, int] = {}
        self._count = 0
        self._group: Group | None = None
        self._question: Asked | None = None

    def take(self, where: str, cells: dict[str, str]) -> None:
        structure = self.structure
        base = (structure.bases or [""])[0]
        language = cells.get("language", "").strip() or base
        name, text = cells.get("name", "").strip(), cells.get("text", "")
        match cells.get("class", "").strip().upper():
            case "S" if name == "language":
                if text.strip() not in structure.bases:
                    structure.bases.append(text.strip())
            case "S" if name == "additional_languages":
                structure.languages += text.split()
            case "SL" if name == "surveyls_title":
                structure.titles[language] = text
            case "SL" if name == "surveyls_description":
                structure.descriptions[language] = text
            case "SL" if name in ("surveyls_welcometext", "surveyls_endtext"):
                structure.greets |= bool(text)
            case "G":
                self._take_group(cells, language)
            case "Q":
                self._take_question(where, cells, language)
            case "SQ" | "A" as kind:
                self._take_part(kind, cells, language)
            case _:
                pass

    def _take_group(self, cells: dict[str, str], language: str) -> None:
        number = self._seen.get(language, 0)
        self._seen[language] = number + 1
        key = cells.get("id", "").strip() or cells.get("type/scale", "").strip()
        key = key or f"#{number}"
        if key not in self._groups:
            group = Group(
                relevance=cells.get("relevance", ""),
                shuffled=cells.get("random_group", ""),
            )
            self._groups[key] = group
            self.structure.groups.append(group)
        self._group = self._groups[key]
        self._question = None
        _say(self._group.names, language, cells.get("name", ""))
        _say(self._group.descriptions, language, cells.get("text", ""))

    def _take_question(self, where: str, cells: dict[str, str], language: str) -> None:
        title = cells.get("name", "").strip()
        question = self._asked.get(title)
        if question is None or language in question.texts:
            question = Asked(
                title=title,
                kind=cells.get("type/scale", "").strip(),
                where=where,
                relevance=cells.get("relevance", ""),
                other=cells.get("other", "").strip().upper() == "Y",
            )
            self._asked[title] = question
            self._count += 1
            refuse_more(self._count, MOST_QUESTIONS)
            if self._group is None:
                self._group = Group()
                self.structure.groups.append(self._group)
            self._group.questions.append(question)
        self._question = question
        question.texts[language] = cells.get("text", "")
        question.has_help |= bool(cells.get("help"))
        if cells.get("validation"):
            question.attributes.setdefault("preg", {})[""] = cells["validation"]
        for column, value in cells.items():
            if value and column not in COLUMNS:
                question.attributes.setdefault(column, {}).setdefault(language, value)

    def _take_part(self, kind: str, cells: dict[str, str], language: str) -> None:
        if self._question is None:
            return
        known = self._question.parts if kind == "SQ" else self._question.answers
        code = cells.get("name", "").strip()
        scale = cells.get("type/scale", "").strip() or "0"
        part = next((p for p in known if (p.code, p.scale) == (code, scale)), None)
        if part is None:
            part = Part(code, scale, relevance=cells.get("relevance", ""))
            known.append(part)
            refuse_more(len(known), MOST_PARTS)
        _say(part.texts, language, cells.get("text", ""))


def _say(said: Said, language: str, text: str) -> None:
    if text:
        said.setdefault(language, text)
