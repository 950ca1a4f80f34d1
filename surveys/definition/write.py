"""A `Questionnaire` back to the document that `parse_questionnaire` reads."""

from typing import Any

import yaml

from surveys.definition.canonical import plain
from surveys.definition.conditions import Condition
from surveys.definition.errors import DefinitionError
from surveys.definition.questionnaire import (
    Item,
    NamedForm,
    Questionnaire,
    ResponseFormat,
    Scale,
)
from surveys.definition.text import Text

_WIDTH = 88


def questionnaire_to_data(questionnaire: Questionnaire) -> dict[str, Any]:
    """Plain data in the order of a written file; `parse_questionnaire` reads it back.

    What stands at its default is left out.

    Raises
    ------
    DefinitionError
        Two different formats have one code.
    """
    q = questionnaire
    data: dict[str, Any] = {
        "code": q.code,
        "version": q.version,
        "kind": q.kind,
        "name": _text(q.name),
        "description": _text(q.description),
        "theory": _text(q.theory),
        "covers": list(q.covers),
        "nearest_published": list(q.nearest_published),
        "known_risks": [_text(risk) for risk in q.known_risks],
        "evidence_level": q.evidence_level,
        "native_review": q.native_review,
        "languages": list(q.languages),
        "licence": q.licence,
    }
    later: dict[str, Any] = {
        "order": None if q.order == "fixed" else q.order,
        "modules": q.modules or None,
        "catalogue": q.catalogue,
        "modified": q.modified or None,
        "lineage": None if q.lineage is None else plain(q.lineage),
        "forms": {form.code: _form(form) for form in q.forms} or None,
    }
    return {
        **data,
        **_present(later),
        "formats": _formats(q),
        "scales": [_scale(scale) for scale in q.scales],
    }


def questionnaire_to_yaml(questionnaire: Questionnaire) -> str:
    """YAML text of `questionnaire_to_data`, in UTF-8 characters, without aliases."""
    return data_to_yaml(questionnaire_to_data(questionnaire))


def data_to_yaml(data: dict[str, Any]) -> str:
    """YAML text of a document, such as that of a draft, in the order of its keys."""
    return yaml.dump(
        data,
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        width=_WIDTH,
    )


class _Dumper(yaml.SafeDumper):
    """Writes equal parts out: the reader refuses aliases."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def _present(data: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if value is not None}


def _text(text: Text) -> dict[str, str]:
    return text.wordings


def _condition(condition: Condition | None) -> dict[str, Any] | None:
    if condition is None:
        return None
    return {"item": condition.item, "in": list(condition.codes)}


def _form(form: NamedForm) -> dict[str, Any]:
    return {
        "name": _text(form.name),
        "words": {word.slot: _text(word.text) for word in form.words},
        "leave_out": list(form.leave_out),
    }


def _formats(questionnaire: Questionnaire) -> dict[str, Any]:
    found: dict[str, ResponseFormat] = {}
    for scale in questionnaire.scales:
        for format in (scale.format, *(i.format for i in scale.items if i.format)):
            if found.setdefault(format.code, format) != format:
                params = {"value": format.code}
                raise DefinitionError("duplicate", where="formats", params=params)
    return {code: _format(format) for code, format in found.items()}


def _format(format: ResponseFormat) -> dict[str, Any]:
    kind = {"kind": format.kind}
    aside = {"not_applicable": format.not_applicable}
    limits = {"low": format.low, "high": format.high}
    labels = [_text(label) for label in format.labels]
    match format.kind:
        case "rating":
            return {**limits, **aside, "labels": labels}
        case "choice":
            return {**kind, **aside, "options": labels}
        case "number":
            unit = {} if format.unit is None else {"unit": _text(format.unit)}
            return {**kind, **limits, **unit, **aside}
        case "text":
            return {**kind, "longest": format.longest}


def _scale(scale: Scale) -> dict[str, Any]:
    later = {"referent": scale.referent, "show_if": _condition(scale.show_if)}
    return {
        "code": scale.code,
        "name": _text(scale.name),
        "description": _text(scale.description),
        "model": scale.model,
        "format": scale.format.code,
        **_present(later),
        "items": [_item(item) for item in scale.items],
    }


def _item(item: Item) -> dict[str, Any]:
    texts = {wording.form: _text(wording.text) for wording in item.texts}
    later = {
        "reverse": item.reverse or None,
        "short": item.short or None,
        "format": item.format.code if item.format is not None else None,
        "expect": item.expect,
        "show_if": _condition(item.show_if),
        "lineage": item.lineage,
        "texts": texts or None,
    }
    return {
        "code": item.code,
        **_present(later),
        "facet": _text(item.facet),
        "text": _text(item.text),
    }
