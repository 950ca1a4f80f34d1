"""A questionnaire as LimeSurvey's XML (.lss) and as its tab-separated table (.txt).

Every scale is a group, every item a question of its own: list (L), number (N) or long
text (T). Texts are HTML there and braces are expressions; both are written as character
references, so that "{referent}" is shown as it stands. What LimeSurvey has no place for
is kept in question attributes that begin with ``trustsurvey_``.
"""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from hashlib import sha256

from surveys.definition.conditions import Condition
from surveys.definition.questionnaire import Item, Questionnaire, ResponseFormat, Scale
from surveys.definition.text import Text
from surveys.interchange.conditions import to_expression
from surveys.interchange.limesurvey_structure import (
    CODES,
    OWN_GROUP,
    OWN_QUESTION,
    OWN_SURVEY,
    Asked,
    Group,
    Part,
    Said,
    Structure,
)
from surveys.interchange.limesurvey_table import COLUMNS
from surveys.interchange.markup import as_html
from surveys.interchange.own import (
    item_part,
    languages_used,
    options_of,
    questionnaire_part,
    scale_part,
)

_BYTE_ORDER_MARK = "\ufeff"
_VERSION = "495"  # of LimeSurvey 5's tables
_THEMES = {"L": "listradio", "N": "numerical", "T": "longfreetext"}
_TABLES = (
    *("answers", "answer_l10ns", "groups", "group_l10ns", "questions"),
    *("question_l10ns", "question_attributes", "surveys", "surveys_languagesettings"),
)
# Characters that XML cannot hold, as JSON may write them too.
_NO_XML = str.maketrans({"\ufffe": "\\ufffe", "\uffff": "\\uffff"})
Row = Mapping[str, object]
Tables = dict[str, list[Row]]


def to_lss(questionnaire: Questionnaire) -> bytes:
    """Survey structure file of LimeSurvey 4 and later, in UTF-8."""
    structure = structure_of(questionnaire)
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<document>"]
    lines += [" <LimeSurveyDocType>Survey</LimeSurveyDocType>"]
    lines += [f" <DBVersion>{_VERSION}</DBVersion>", " <languages>"]
    lines += [f"  <language>{one}</language>" for one in structure.languages]
    lines.append(" </languages>")
    for name, rows in _tables(structure, _survey_id(questionnaire)).items():
        lines += _table_lines(name, rows)
    lines.append("</document>\n")
    return "\n".join(lines).encode()


def to_limesurvey_tsv(questionnaire: Questionnaire) -> bytes:
    """Tab-separated structure of LimeSurvey, in UTF-8 with a byte order mark."""
    structure = structure_of(questionnaire)
    attributes = list(
        dict.fromkeys(name for q in structure.questions for name in q.attributes)
    )
    columns = [*COLUMNS, *attributes]
    stream = io.StringIO()
    writer = csv.DictWriter(
        stream, columns, restval="", delimiter="\t", lineterminator="\r\n"
    )
    writer.writeheader()
    writer.writerows(_table_rows(structure, _survey_id(questionnaire)))
    return (_BYTE_ORDER_MARK + stream.getvalue()).encode()


def structure_of(questionnaire: Questionnaire) -> Structure:
    """Groups and questions of LimeSurvey for `questionnaire`."""
    titles = _titles(questionnaire)
    languages = [CODES[one] for one in languages_used(questionnaire)]
    structure = Structure(
        bases=languages[:1],
        languages=languages,
        titles=_said(questionnaire.name),
        descriptions=_said(questionnaire.description),
        groups=[_group(scale, titles) for scale in questionnaire.scales],
    )
    first = structure.groups[0].questions[0]
    part = questionnaire_part(questionnaire)
    del part["name"], part["description"]
    first.attributes[OWN_SURVEY] = {"": _json(part)}
    return structure


def _titles(questionnaire: Questionnaire) -> dict[str, str]:
    """Codes as LimeSurvey allows them: letters and digits alone, none twice."""
    found: dict[str, str] = {}
    for item in questionnaire.items:
        title = item.code.replace("-", "")
        while title in found.values():
            title += "x"
        found[item.code] = title
    return found


def _group(scale: Scale, titles: Mapping[str, str]) -> Group:
    group = Group(
        names=_said(scale.name),
        descriptions=_said(scale.description),
        relevance=_relevance(scale.show_if, titles),
        questions=[_asked(item, scale.format_of(item), titles) for item in scale.items],
    )
    part = scale_part(scale)
    del part["description"]
    group.questions[0].attributes[OWN_GROUP] = {"": _json(part)}
    return group


def _asked(item: Item, format: ResponseFormat, titles: Mapping[str, str]) -> Asked:
    asked = Asked(
        title=titles[item.code],
        kind={"number": "N", "text": "T"}.get(format.kind, "L"),
        where=item.code,
        texts=_said(item.text),
        relevance=_relevance(item.show_if, titles),
    )
    if format.closed:
        asked.answers = [
            Part(name, texts=_said(label)) for name, label in options_of(format)
        ]
    if format.kind == "number":
        limits = {"min_num_value_n": format.low, "max_num_value_n": format.high}
        for name, value in {**limits, "num_value_int_only": 1}.items():
            asked.attributes[name] = {"": str(value)}
        if format.unit is not None:
            asked.attributes["suffix"] = _said(format.unit)
    if format.kind == "text":
        asked.attributes["maximum_chars"] = {"": str(format.longest)}
    part = {**item_part(item), "kind": format.kind}
    asked.attributes[OWN_QUESTION] = {"": _json(part)}
    return asked


def _relevance(condition: Condition | None, titles: Mapping[str, str]) -> str:
    if condition is None:
        return "1"
    return to_expression(titles[condition.item], condition.codes)


def _said(text: Text) -> Said:
    return {CODES[one]: as_html(said) for one, said in text.wordings.items()}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False).translate(_NO_XML)


def _survey_id(questionnaire: Questionnaire) -> int:
    """Six digits that stay the same for one version; LimeSurvey takes another if used."""
    name = f"{questionnaire.code} {questionnaire.version}"
    return 100_000 + int(sha256(name.encode()).hexdigest()[:8], 16) % 900_000


def _tables(structure: Structure, sid: int) -> Tables:
    """Tables of the XML, in the order in which LimeSurvey writes them."""
    tables: Tables = {name: [] for name in _TABLES}
    qid = 0
    for gid, group in enumerate(structure.groups, start=1):
        _add_group(tables, structure, group, gid, sid)
        for order, question in enumerate(group.questions, start=1):
            qid += 1
            keys = {"qid": qid, "sid": sid, "gid": gid, "question_order": order}
            _add_question(tables, structure, question, keys)
    tables["surveys"].append(
        {
            "sid": sid,
            "format": "G",
            "language": structure.bases[0],
            "additional_languages": " ".join(structure.languages[1:]),
        }
    )
    for language in structure.languages:
        tables["surveys_languagesettings"].append(
            {
                "surveyls_survey_id": sid,
                "surveyls_language": language,
                "surveyls_title": structure.titles.get(language, ""),
                "surveyls_description": structure.descriptions.get(language, ""),
            }
        )
    return tables


def _add_group(
    tables: Tables, structure: Structure, group: Group, gid: int, sid: int
) -> None:
    keys = {"gid": gid, "sid": sid, "group_order": gid}
    tables["groups"].append({**keys, "grelevance": group.relevance})
    for language in structure.languages:
        texts = {
            "group_name": group.names.get(language, ""),
            "description": group.descriptions.get(language, ""),
        }
        number = len(tables["group_l10ns"]) + 1
        tables["group_l10ns"].append(
            {"id": number, "gid": gid, **texts, "language": language}
        )


def _add_question(
    tables: Tables, structure: Structure, question: Asked, keys: Mapping[str, int]
) -> None:
    qid = keys["qid"]
    tables["questions"].append(
        {
            **keys,
            "parent_qid": 0,
            "type": question.kind,
            "title": question.title,
            "other": "N",
            "mandatory": "N",
            "encrypted": "N",
            "scale_id": 0,
            "same_default": 0,
            "relevance": question.relevance,
            "question_theme_name": _THEMES[question.kind],
            "same_script": 0,
        }
    )
    for language in structure.languages:
        _add_text(tables["question_l10ns"], "question", qid, question.texts, language)
    for order, answer in enumerate(question.answers):
        aid = len(tables["answers"]) + 1
        sorted_by = {"sortorder": order, "assessment_value": 0, "scale_id": 0}
        tables["answers"].append(
            {"aid": aid, "qid": qid, "code": answer.code, **sorted_by}
        )
        for language in structure.languages:
            _add_text(tables["answer_l10ns"], "answer", aid, answer.texts, language)
    for name, values in question.attributes.items():
        for language, value in values.items():
            row = {"qid": qid, "attribute": name, "value": value, "language": language}
            tables["question_attributes"].append(row)


def _add_text(
    rows: list[Row], field: str, number: int, texts: Said, language: str
) -> None:
    key = {"question": "qid", "answer": "aid"}[field]
    row = {"id": len(rows) + 1, key: number, field: texts.get(language, "")}
    if field == "question":
        row |= {"help": "", "script": ""}
    rows.append({**row, "language": language})


def _table_lines(name: str, rows: list[Row]) -> Iterable[str]:
    if not rows:
        return
    yield f" <{name}>"
    yield "  <fields>"
    yield from (f"   <fieldname>{field}</fieldname>" for field in rows[0])
    yield "  </fields>"
    yield "  <rows>"
    for row in rows:
        yield "   <row>"
        for field, value in row.items():
            text = str(value).replace("]]>", "]]]]><![CDATA[>")
            yield f"    <{field}><![CDATA[{text}]]></{field}>"
        yield "   </row>"
    yield "  </rows>"
    yield f" </{name}>"


def _table_rows(structure: Structure, sid: int) -> Iterable[dict[str, object]]:
    """Rows of the table: the survey, then groups and questions once a language."""
    settings = {
        "sid": sid,
        "format": "G",
        "language": structure.bases[0],
        "additional_languages": " ".join(structure.languages[1:]),
    }
    for name, value in settings.items():
        yield {"class": "S", "name": name, "text": value}
    for language in structure.languages:
        for name, said in (
            ("surveyls_title", structure.titles),
            ("surveyls_description", structure.descriptions),
        ):
            text = said.get(language, "")
            yield {"class": "SL", "name": name, "text": text, "language": language}
    for language in structure.languages:
        for gid, group in enumerate(structure.groups, start=1):
            yield {
                "id": gid,
                "class": "G",
                "type/scale": gid,
                "name": group.names.get(language, ""),
                "relevance": group.relevance,
                "text": group.descriptions.get(language, ""),
                "language": language,
            }
            for question in group.questions:
                yield from _question_rows(
                    question, language, base=language == structure.languages[0]
                )


def _question_rows(
    question: Asked, language: str, *, base: bool
) -> Iterable[dict[str, object]]:
    yield {
        "class": "Q",
        "type/scale": question.kind,
        "name": question.title,
        "relevance": question.relevance,
        "text": question.texts.get(language, ""),
        "language": language,
        "mandatory": "N",
        "other": "N",
        **{
            name: values.get(language) or (values.get("", "") if base else "")
            for name, values in question.attributes.items()
        },
    }
    for answer in question.answers:
        yield {
            "class": "A",
            "type/scale": 0,
            "name": answer.code,
            "text": answer.texts.get(language, ""),
            "language": language,
        }
