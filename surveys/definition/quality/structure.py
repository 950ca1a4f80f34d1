"""Rules about scales, labels and conditions, and about what an export can hold."""

from collections.abc import Iterator

from surveys.definition.quality.asked import Asked
from surveys.definition.quality.findings import Finding
from surveys.definition.quality.translation import formats_of, label_place
from surveys.definition.questionnaire import Questionnaire, ResponseFormat, Scale

# Reverse items damage equivalence between East and West (Wong, Rindfleisch and
# Burroughs 2003): at most one in a scale, none in a scale of three items.
MOST_REVERSE = 1
FEWEST_ITEMS_FOR_REVERSE = 4
# Beyond this alpha grows by little more than length (Cortina 1993).
MOST_ITEMS = 12
# Limits of SPSS (IBM, "Variable properties"), in bytes of UTF-8: 40 and 85 Chinese
# characters.
VALUE_LABEL_BYTES = 120
VARIABLE_LABEL_BYTES = 256


def check_scales(asked: Questionnaire) -> Iterator[Finding]:
    """Number of items, and of reverse ones, of the scales that are scored as reflective."""
    for scale in asked.scales:
        if scale.model == "reflective":
            yield from _size(scale)
            yield from _reverse(scale)


def _size(scale: Scale) -> Iterator[Finding]:
    """One item has no reliability, two a Spearman-Brown one (Eisinga et al. 2013)."""
    found = len(scale.items)
    if found == 1:
        yield Finding("one_item", "should", scale.code)
    elif found == 2:
        yield Finding("two_items", "should", scale.code)
    elif found > MOST_ITEMS:
        params = {"found": found, "limit": MOST_ITEMS}
        yield Finding("many_items", "should", scale.code, "", params)


def _reverse(scale: Scale) -> Iterator[Finding]:
    items = len(scale.items)
    found = sum(item.reverse for item in scale.items)
    if not found:
        return
    params = {"found": found, "items": items}
    if found == items:
        yield Finding("all_reversed", "must", scale.code, "", params)
    elif items < FEWEST_ITEMS_FOR_REVERSE:
        params["fewest"] = FEWEST_ITEMS_FOR_REVERSE
        yield Finding("reverse_in_short", "should", scale.code, "", params)
    elif found > MOST_REVERSE:
        params["limit"] = MOST_REVERSE
        yield Finding("too_many_reverse", "should", scale.code, "", params)


def check_labels(asked: Questionnaire) -> Iterator[Finding]:
    """Labels: one a point or both ends, distinct, within the limit of SPSS.

    Both languages share one list; a label blank in one of them is found by
    `check_translations`.
    """
    for code, answered in formats_of(asked).items():
        found = len(answered.labels)
        wanted = {"rating": {2, answered.points}, "choice": {answered.points}}
        if answered.kind in wanted and found not in wanted[answered.kind]:
            params = {"found": found, "points": answered.points}
            yield Finding("label_count", "must", f"formats.{code}", "", params)
        for language in asked.languages:
            yield from _labels(code, answered, language)


def _labels(code: str, answered: ResponseFormat, language: str) -> Iterator[Finding]:
    seen: set[str] = set()
    for index, label in enumerate(answered.labels):
        place, text = label_place(code, answered, index), label.in_(language).strip()
        if text.casefold() in seen:
            yield Finding("repeated_label", "must", place, language, {"found": text})
        if text:
            seen.add(text.casefold())
        cut = cut_to(text, VALUE_LABEL_BYTES)
        if cut != text:
            params = {
                "found": len(text.encode()),
                "limit": VALUE_LABEL_BYTES,
                "cut": cut,
            }
            yield Finding("value_label_cut", "should", place, language, params)


def check_variable_label(wording: Asked) -> Iterator[Finding]:
    """The wording becomes the variable's label in an export for SPSS."""
    cut = cut_to(wording.longest, VARIABLE_LABEL_BYTES)
    if cut != wording.longest:
        params = {
            "found": len(wording.longest.encode()),
            "limit": VARIABLE_LABEL_BYTES,
            "cut": cut,
        }
        yield Finding(
            "variable_label_cut", "should", wording.item.code, wording.language, params
        )


def cut_to(text: str, limit: int) -> str:
    """The longest beginning of `text` whose UTF-8 has at most `limit` bytes."""
    return text.encode()[:limit].decode(errors="ignore")


def check_instructed(wording: Asked) -> Iterator[Finding]:
    """An instructed-response item names the point it asks for, by label or number."""
    item, answered = wording.item, wording.scale.format_of(wording.item)
    if item.expect is None:
        return
    label = ""
    if len(answered.labels) == answered.points and (
        answered.low <= item.expect <= answered.high
    ):
        label = answered.labels[item.expect - answered.low].in_(wording.language)
    text = wording.text.casefold()
    numbers = "".join(one if one.isdigit() else " " for one in text).split()
    named = bool(label) and _names(text, label.casefold(), answered, wording.language)
    if not named and str(item.expect) not in numbers:
        params = {"expect": item.expect, "label": label}
        yield Finding("point_not_named", "must", item.code, wording.language, params)


def _names(text: str, label: str, answered: ResponseFormat, language: str) -> bool:
    """Whether `label` stands in `text` on its own, not inside another label there.

    "Choose strongly disagree" names neither "disagree" nor "agree".
    """
    longer = [one.in_(language).casefold() for one in answered.labels]
    for other in sorted(longer, key=len, reverse=True):
        if other != label and label in other:
            text = text.replace(other, " ")
    return label in text
