"""Conditions: each refers to an earlier closed item, and some answer meets them all."""

from collections.abc import Iterator, Mapping
from itertools import islice

from surveys.definition.conditions import Condition
from surveys.definition.quality.findings import Finding
from surveys.definition.questionnaire import Questionnaire, ResponseFormat

# The codes that must have been given for a place to be shown, by item.
Needs = Mapping[str, frozenset[int]]

# Longer chains of conditions are followed back only this far, so that their cost grows
# with the number of items and not with its square.
MOST_NEEDS = 20


def check_conditions(asked: Questionnaire) -> Iterator[Finding]:
    """Findings about the conditions of `asked`, in the order of its items.

    What a place needs is gathered through the items it depends on: two conditions that
    allow no common code of one item contradict each other.
    """
    formats: dict[str, ResponseFormat] = {}
    needs: dict[str, Needs] = {}
    for scale in asked.scales:
        found, scale_needs = _met(scale.code, scale.show_if, {}, formats, needs)
        yield from found
        for item in scale.items:
            found, own = _met(item.code, item.show_if, scale_needs, formats, needs)
            yield from found
            formats[item.code] = scale.format_of(item)
            needs[item.code] = own


def _met(
    where: str,
    condition: Condition | None,
    around: Needs,
    formats: Mapping[str, ResponseFormat],
    needs: Mapping[str, Needs],
) -> tuple[list[Finding], Needs]:
    """Findings about one condition, and all that `where` needs with those `around`."""
    if condition is None:
        return [], around
    other = condition.item
    if other not in formats:
        return [
            Finding("unknown_condition", "must", where, "", {"other": other})
        ], around
    answered = formats[other]
    if not answered.closed:
        return [Finding("open_condition", "must", where, "", {"other": other})], around
    offered = frozenset(
        code for code in condition.codes if answered.low <= code <= answered.high
    )
    gathered = dict(around)
    for item, codes in [(other, offered), *islice(needs[other].items(), MOST_NEEDS)]:
        gathered[item] = gathered.get(item, codes) & codes
        if not gathered[item]:
            return [Finding("unreachable", "must", where, "", {"other": item})], around
    return [], gathered
