"""A questionnaire as one table: an item a line, for a spreadsheet or an appendix.

The first columns are those that an upload of items reads back.
"""

import csv
import io

from surveys.definition.conditions import Condition
from surveys.definition.questionnaire import Item, Questionnaire, ResponseFormat, Scale
from surveys.interchange.markup import as_cell
from surveys.interchange.own import options_of

_BYTE_ORDER_MARK = "\ufeff"
COLUMNS = (
    *("item", "scale", "keyed", "text_en", "text_zh", "scale_en", "scale_zh"),
    *("model", "kind", "low", "high", "labels_en", "labels_zh", "unit_en", "unit_zh"),
    *("not_applicable", "facet_en", "facet_zh", "short", "show_if", "expected"),
    *("earlier_code", "questionnaire", "version"),
)


def to_codebook_csv(questionnaire: Questionnaire) -> str:
    """CSV with a byte order mark; what a spreadsheet would compute is made plain."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    for scale in questionnaire.scales:
        for item in scale.items:
            cells = _cells(scale, item)
            cells |= {
                "questionnaire": questionnaire.code,
                "version": questionnaire.version,
            }
            writer.writerow(as_cell(str(cells[column])) for column in COLUMNS)
    return _BYTE_ORDER_MARK + stream.getvalue()


def _cells(scale: Scale, item: Item) -> dict[str, object]:
    format = scale.format_of(item)
    conditions = [one for one in (scale.show_if, item.show_if) if one is not None]
    text = format.kind == "text"
    return {
        "item": item.code,
        "scale": scale.code,
        "keyed": -1 if item.reverse else 1,
        "text_en": item.text.en,
        "text_zh": item.text.zh_hans,
        "scale_en": scale.name.en,
        "scale_zh": scale.name.zh_hans,
        "model": scale.model,
        "kind": format.kind,
        "low": "" if text else format.low,
        "high": format.longest if text else format.high,
        "labels_en": _labels(format, "en"),
        "labels_zh": _labels(format, "zh-hans"),
        "unit_en": "" if format.unit is None else format.unit.en,
        "unit_zh": "" if format.unit is None else format.unit.zh_hans,
        "not_applicable": int(format.not_applicable),
        "facet_en": item.facet.en,
        "facet_zh": item.facet.zh_hans,
        "short": int(item.short),
        "show_if": " and ".join(_condition(one) for one in conditions),
        "expected": "" if item.expect is None else item.expect,
        "earlier_code": item.lineage or "",
    }


def _condition(condition: Condition) -> str:
    return f"{condition.item} in ({', '.join(map(str, condition.codes))})"


def _labels(format: ResponseFormat, language: str) -> str:
    if not format.closed:
        return ""
    labels = [
        (name, label.wordings.get(language, "")) for name, label in options_of(format)
    ]
    return "; ".join(f"{name} = {label}" for name, label in labels if label)
