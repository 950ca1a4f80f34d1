"""How graded response models and items between groups are read, in words."""

from collections.abc import Iterable, Mapping
from typing import Final

from analytics import thresholds
from analytics.item_response_results import (
    DifResult,
    ItemDifResult,
    ItemFitResult,
    ItemResponse,
    Precision,
)
from analytics.item_response_tables import responses_of
from analytics.readings import Reading, Tone
from analytics.results import Report
from analytics.sentences import Sentence, say

_DIF_CHIPS: Final[dict[str, tuple[str, Tone]]] = {
    "A": ("chip_dif_none", "good"),
    "B": ("chip_dif_moderate", "watch"),
    "C": ("chip_dif_large", "stop"),
}


def head(report: Report) -> tuple[Sentence, ...]:
    """Say what the section shows, or why it shows nothing; nothing if not asked."""
    if not report.settings.item_response:
        return ()
    found = responses_of(report)
    if not found:
        return (say("irt_no_scales"),)
    shown = any(one.reason is None for one in found.values())
    return (say("irt_guide"),) if shown else ()


def response_reading(found: ItemResponse) -> Reading:
    """Read where a scale measures best, and whether its items follow the model."""
    if found.reason is not None:
        return Reading(say("chip_no_number"), "watch", (found.reason,))
    fits = {code: item.fit for code, item in found.items.items()}
    odd = [code for code, fit in fits.items() if _departs(fit)]
    slight = [code for code, fit in fits.items() if _is_clear(fit) and code not in odd]
    pairs = tuple(
        say("pair_of", first=one.first, second=one.second).as_text()
        for one in found.dependence
        if one.above_mean >= thresholds.LOCAL_DEPENDENCE
    )
    said = list(_place(found.precision)) if found.precision else []
    if odd:
        said.append(say("irt_misfit", items=tuple(odd)))
    if slight:
        said.append(say("irt_small_misfit", items=tuple(slight)))
    if pairs:
        said.append(say("irt_dependent", pairs=pairs))
    if all(fit.p is None for fit in fits.values()):
        said.append(say("irt_no_fit"))
        chip, tone = _chip(bool(pairs), "chip_not_testable", "plain")
    else:
        chip, tone = _chip(bool(odd or pairs), "chip_irt_fits", "good")
        if not (odd or slight or pairs):
            said.append(say("irt_fits"))
    return Reading(say(chip), tone, (*said, *found.notices))


def _chip(departs: bool, otherwise: str, tone: Tone) -> tuple[str, Tone]:
    return ("chip_irt_departs", "watch") if departs else (otherwise, tone)


def _is_clear(fit: ItemFitResult) -> bool:
    return fit.p_holm is not None and fit.p_holm < thresholds.ITEM_FIT_P


def _departs(fit: ItemFitResult) -> bool:
    """Whether a departure is beyond chance and not small: p alone grows with people."""
    return _is_clear(fit) and (fit.rmsea or 0.0) > thresholds.ITEM_RMSEA


def _place(found: Precision) -> Iterable[Sentence]:
    side = "middle"
    if abs(found.best) >= thresholds.AROUND:
        side = "low" if found.best < 0 else "high"
    best, error = _tenth(found.best), found.standard_error
    yield say(f"irt_best_{side}", best=best, error=error)
    if found.low is None or found.high is None or found.share is None:
        yield say("irt_imprecise")
    else:
        low, high = _tenth(found.low), _tenth(found.high)
        yield say("irt_precise", low=low, high=high, share=found.share)


def _tenth(value: float) -> float:
    """Round to what is written, so that no zero is below zero."""
    return round(value, 1) + 0.0


def dif_reading(found: DifResult) -> Reading:
    """Read which items drift between groups; the chip goes by size, never by p alone."""
    if found.reason is not None:
        few = found.reason.code == "dif_few"
        chip = "chip_not_testable" if few else "chip_no_number"
        tone: Tone = "plain" if few else "watch"
        return Reading(say(chip), tone, (found.reason, *found.notices))
    items = found.items
    sizes = {one.size for one in items.values() if one.size}
    said = []
    for size, code in (("C", "dif_large"), ("B", "dif_moderate")):
        if named := tuple(item for item, one in items.items() if one.size == size):
            said.append(say(code, items=named))
    if sizes == {"A"}:
        said.append(say("dif_none"))
    said += _higher(found)
    if slight := tuple(item for item, one in items.items() if _is_slight(one)):
        said.append(say("dif_negligible", items=slight))
    if not found.settled and sizes & {"B", "C"}:
        said.append(say("dif_unsettled"))
    said += [
        say("dif_untested", item=item, reason=one.reason.as_text())
        for item, one in items.items()
        if one.reason
    ]
    chip, tone = _DIF_CHIPS[max(sizes)] if sizes else ("chip_no_number", "watch")
    return Reading(say(chip), tone, (*said, *found.notices))


def _is_slight(one: ItemDifResult) -> bool:
    clear = one.p_holm is not None and one.p_holm < thresholds.DIF_P
    return clear and one.size == "A"


def _higher(found: DifResult) -> list[Sentence]:
    """Say which of two groups answers the drifting items higher at equal standing."""
    if len(found.n) != 2:
        return []
    first, second = found.n
    higher: Mapping[str, list[str]] = {first: [], second: []}
    for item, one in found.items.items():
        if one.size not in ("B", "C"):
            continue
        odds = one.groups[second]
        if odds.low is not None and odds.low > 0:
            higher[second].append(item)
        elif odds.high is not None and odds.high < 0:
            higher[first].append(item)
    return [
        say("dif_higher", group=group, items=tuple(items))
        for group, items in higher.items()
        if items
    ]


def dif_guide(found: Iterable[DifResult]) -> Sentence | None:
    """Say how items were compared; None where no item was."""
    shown = next((one for one in found if one.items), None)
    if shown is None:
        return None
    standing = say(f"dif_standing_{shown.matching}").as_text()
    return say("dif_guide", matching=standing)
