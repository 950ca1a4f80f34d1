"""LimeSurvey's XML (.lss, .lsg, .lsq): tables of rows, to and from its structure."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from surveys.interchange.findings import ImportRefused
from surveys.interchange.limesurvey_conditions import expressions_of, with_titles
from surveys.interchange.limesurvey_structure import (
    MOST_QUESTIONS,
    Asked,
    Group,
    Part,
    Said,
    Structure,
    refuse_more,
)

DEEPEST: Final = 50  # elements inside each other; LimeSurvey's own have five
_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
_KINDS = frozenset({"Survey", "Group", "Question"})
Row = dict[str, str]


def xml_structure(text: str) -> Structure:
    """Structure in an XML file of any LimeSurvey since 1.9, with or without l10ns.

    Raises
    ------
    ImportRefused
        No XML, one with a document type or entities of its own, one nested too deeply,
        or none of LimeSurvey.
    """
    tables, languages = _tables(text)
    structure = Structure(languages=languages)
    surveys = tables.get("surveys", [])
    structure.bases = _distinct(row.get("language", "") for row in surveys)
    for row in tables.get("surveys_languagesettings", []):
        language = row.get("surveyls_language", "")
        structure.titles[language] = row.get("surveyls_title", "")
        structure.descriptions[language] = row.get("surveyls_description", "")
        greetings = (row.get(f"surveyls_{name}text") for name in ("welcome", "end"))
        structure.greets |= any(greetings)
    base = (structure.bases or languages or [""])[0]
    groups = _groups(tables, base)
    _questions(tables, base, groups)
    _name_conditions(tables, groups)
    structure.groups = sorted(groups.values(), key=lambda group: group.order)
    for group in structure.groups:
        group.questions.sort(key=lambda question: question.order)
    return structure


class _Shallow(TreeBuilder):
    """Builds the tree, and refuses at once where it grows too deep."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0

    def start(self, tag: Any, attrs: Any, /) -> Element:
        self._depth += 1
        if self._depth > DEEPEST:
            raise ImportRefused("too_deep")
        return super().start(tag, attrs)

    def end(self, tag: Any, /) -> Element:
        self._depth -= 1
        return super().end(tag)


def _tables(text: str) -> tuple[dict[str, list[Row]], list[str]]:
    """Rows of every table by its name, and the languages listed."""
    try:
        parser = DefusedXMLParser(target=_Shallow(), forbid_dtd=True)
        parser.feed(_DECLARATION.sub("", text, count=1))
        root: Element = parser.close()
    except ParseError as error:
        raise ImportRefused("bad_xml", {"line": error.position[0]}) from None
    except DefusedXmlException:
        raise ImportRefused("dtd") from None
    kind = (root.findtext("LimeSurveyDocType") or "").strip()
    if root.tag != "document" or kind not in _KINDS:
        raise ImportRefused("not_limesurvey")
    tables = {
        table.tag: [
            {cell.tag: cell.text or "" for cell in row} for row in table.iter("row")
        ]
        for table in root
    }
    listed = [(one.text or "").strip() for one in root.iterfind("languages/language")]
    return tables, [language for language in listed if language]


def _distinct(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(value for value in values if value))


def _said(
    tables: Mapping[str, list[Row]], names: tuple[str, str], key: str, field: str
) -> dict[str, Said]:
    """Texts by key and language: of the l10ns table, else of the rows themselves."""
    found: dict[str, Said] = {}
    for name in names:
        for row in tables.get(name, []):
            if row.get(field):
                said = found.setdefault(row.get(key, ""), {})
                said.setdefault(row.get("language", ""), row[field])
    return found


def _groups(tables: Mapping[str, list[Row]], base: str) -> dict[str, Group]:
    both = ("group_l10ns", "groups")
    names = _said(tables, both, "gid", "group_name")
    descriptions = _said(tables, both, "gid", "description")
    found: dict[str, Group] = {}
    for row in tables.get("groups", []):
        gid = row.get("gid", "")
        if gid not in found:
            found[gid] = Group(
                names=_based(names.get(gid, {}), base),
                descriptions=_based(descriptions.get(gid, {}), base),
                relevance=row.get("grelevance", ""),
                shuffled=row.get("randomization_group", ""),
                order=_number(row.get("group_order", "")),
            )
    return found


def _questions(
    tables: Mapping[str, list[Row]], base: str, groups: dict[str, Group]
) -> None:
    texts = _said(tables, ("question_l10ns", "questions"), "qid", "question")
    asked: dict[str, Asked] = {}
    for row in tables.get("questions", []):
        qid = row.get("qid", "")
        if qid in asked or row.get("parent_qid", "0") not in ("", "0"):
            continue
        title = row.get("title", "").strip()
        question = Asked(
            title=title,
            kind=row.get("type", "").strip(),
            where=title or qid,
            texts=_based(texts.get(qid, {}), base),
            relevance=row.get("relevance", ""),
            other=row.get("other", "N") == "Y",
            order=_number(row.get("question_order", "")),
        )
        if row.get("preg"):
            question.attributes["preg"] = {"": row["preg"]}
        asked[qid] = question
        refuse_more(len(asked), MOST_QUESTIONS)
        groups.setdefault(row.get("gid", ""), Group()).questions.append(question)
    _parts(tables, base, asked)
    _answers(tables, base, asked)
    for qid in _said(tables, ("question_l10ns", "questions"), "qid", "help"):
        if qid in asked:
            asked[qid].has_help = True
    expressions = expressions_of(tables.get("conditions", []))
    for qid, question in asked.items():
        question.relevance = question.relevance.strip() or expressions.get(qid, "")
    for row in tables.get("question_attributes", []):
        owner = asked.get(row.get("qid", ""))
        if owner is not None and row.get("value"):
            values = owner.attributes.setdefault(row.get("attribute", ""), {})
            values.setdefault(row.get("language", ""), row["value"])


def _name_conditions(
    tables: Mapping[str, list[Row]], groups: Mapping[str, Group]
) -> None:
    """Conditions name questions by their codes, whatever the version wrote."""
    titles = {
        row.get("qid", ""): row.get("title", "").strip()
        for row in tables.get("questions", [])
    }
    for group in groups.values():
        group.relevance = with_titles(group.relevance, titles)
        for question in group.questions:
            question.relevance = with_titles(question.relevance, titles)
            for part in question.parts:
                part.relevance = with_titles(part.relevance, titles)


def _parts(
    tables: Mapping[str, list[Row]], base: str, asked: Mapping[str, Asked]
) -> None:
    both = ("question_l10ns", "subquestions")
    texts = _said(tables, both, "qid", "question")
    seen: set[str] = set()
    for row in tables.get("subquestions", []):
        qid, owner = row.get("qid", ""), asked.get(row.get("parent_qid", ""))
        if owner is None or qid in seen:
            continue
        seen.add(qid)
        owner.parts.append(
            Part(
                code=row.get("title", "").strip(),
                scale=row.get("scale_id", "0") or "0",
                texts=_based(texts.get(qid, {}), base),
                order=_number(row.get("question_order", "")),
                relevance=row.get("relevance", ""),
            )
        )
    for question in asked.values():
        question.parts.sort(key=lambda part: part.order)


def _answers(
    tables: Mapping[str, list[Row]], base: str, asked: Mapping[str, Asked]
) -> None:
    translated = _said(tables, ("answer_l10ns", ""), "aid", "answer")
    seen: dict[tuple[str, str, str], Part] = {}
    for row in tables.get("answers", []):
        owner = asked.get(row.get("qid", ""))
        if owner is None:
            continue
        code, scale = row.get("code", "").strip(), row.get("scale_id", "0") or "0"
        key = (row.get("qid", ""), scale, code)
        part = seen.get(key)
        if part is None:
            part = Part(code, scale, order=_number(row.get("sortorder", "")))
            seen[key] = part
            owner.answers.append(part)
            part.texts = _based(translated.get(row.get("aid", ""), {}), base)
        if row.get("answer"):
            part.texts.setdefault(row.get("language", "") or base, row["answer"])
    for question in asked.values():
        question.answers.sort(key=lambda part: part.order)


def _based(said: Said, base: str) -> Said:
    """Texts without a language are those of the base language."""
    unnamed = said.pop("", None)
    if unnamed is not None:
        said.setdefault(base, unnamed)
    return said


def _number(text: str) -> int:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
