"""What no other format has a place for: the rest of a questionnaire, as plain data.

Every writer puts these parts into a place of its own that other programs leave alone,
and every reader takes them from there. What the format itself says wins: who edits a
label in a spreadsheet or in LimeSurvey edits the questionnaire.
"""

from typing import Any

from surveys.definition.questionnaire import Item, Questionnaire, ResponseFormat, Scale
from surveys.definition.text import Text
from surveys.definition.write import questionnaire_to_data

# Label of the answer outside the scale; its code in other products is ``na``.
ASIDE = Text("Not applicable", "不适用")
ASIDE_NAME = "na"
_NATIVE = frozenset({"scales", "formats"})


def questionnaire_part(questionnaire: Questionnaire) -> dict[str, Any]:
    """Keys of the questionnaire, and of its formats what their answers do not show."""
    data = questionnaire_to_data(questionnaire)
    shown = {
        scale.format_of(item).code
        for scale in questionnaire.scales
        for item in scale.items
    }
    formats: dict[str, Any] = {}
    for code, format in formats_of(questionnaire).items():
        if code not in shown:
            formats[code] = data["formats"][code]
        else:
            formats[code] = {"kind": format.kind}
            if format.kind == "rating" and len(format.labels) != format.points:
                formats[code]["ends"] = True
            elif format.kind == "rating":
                formats[code]["ends"] = False
            if format.kind == "number":
                formats[code]["not_applicable"] = format.not_applicable
    kept = {key: value for key, value in data.items() if key not in _NATIVE}
    return {**kept, "formats": formats}


def scale_part(scale: Scale) -> dict[str, Any]:
    """Keys of a scale without name, condition and items."""
    found: dict[str, Any] = {
        "code": scale.code,
        "model": scale.model,
        "format": scale.format.code,
        "description": scale.description.wordings,
    }
    return found | ({"referent": scale.referent} if scale.referent else {})


def item_part(item: Item) -> dict[str, Any]:
    """Keys of an item without its text and condition."""
    found: dict[str, Any] = {
        "code": item.code,
        "reverse": item.reverse,
        "short": item.short,
        "format": item.format.code if item.format is not None else None,
        "expect": item.expect,
        "lineage": item.lineage,
        "texts": {one.form: one.text.wordings for one in item.texts},
        "facet": item.facet.wordings,
    }
    # 0 is a point that an item may ask for
    return {k: v for k, v in found.items() if v or (k == "expect" and v is not None)}


def formats_of(questionnaire: Questionnaire) -> dict[str, ResponseFormat]:
    """Formats by code, in the order in which they are first used."""
    found: dict[str, ResponseFormat] = {}
    for scale in questionnaire.scales:
        found.setdefault(scale.format.code, scale.format)
        for item in scale.items:
            used = scale.format_of(item)
            found.setdefault(used.code, used)
    return found


def options_of(format: ResponseFormat) -> list[tuple[str, Text]]:
    """Names and labels to choose from; a point without a label shows its number."""
    codes = range(format.low, format.high + 1)
    labels = dict(zip(codes, format.labels, strict=False))
    if len(format.labels) != format.points:
        labels = {format.low: format.labels[0], format.high: format.labels[-1]}
    found = [(str(c), labels.get(c) or Text(str(c), str(c))) for c in codes]
    return [*found, (ASIDE_NAME, ASIDE)] if format.not_applicable else found


def languages_used(questionnaire: Questionnaire) -> tuple[str, ...]:
    """Languages in which anything is worded, those of the questionnaire first."""
    texts = [item.text for item in questionnaire.items]
    texts += [scale.name for scale in questionnaire.scales]
    texts += [one for f in formats_of(questionnaire).values() for one in f.labels]
    texts += [f.unit for f in formats_of(questionnaire).values() if f.unit]
    texts.append(questionnaire.name)
    found = list(questionnaire.languages)
    for text in texts:
        found += [one for one in text.wordings if one not in found]
    return tuple(found)
