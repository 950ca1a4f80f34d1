"""Answers that are not there: how many, where, and who left them out."""

import numpy as np

from analytics.answers import Answers
from analytics.careless import people_of
from analytics.disclosure.telling import DETAILS_FROM
from analytics.psychometrics import Matrix, holm
from analytics.psychometrics.data import MISSING
from analytics.quality_results import ItemMissing, Missing, ScaleMissing
from analytics.results import Absent, Result
from analytics.sentences import Sentence, say
from analytics.with_without import relation_of


def missing_of(answers: Answers, least: int) -> Missing:
    """Describe the missing answers to the items of the plan that were asked.

    Skipped, not applicable and not shown are one thing here. An item to which nobody
    gave an answer was not asked of these people. Nothing is told below ten answers,
    and nothing of those who left items out unless ten did and ten did not.
    """
    data = answers.data
    fewest = max(DETAILS_FROM, least)
    absent = data.codes == MISSING
    asked = ~absent.all(axis=0)
    away = tuple(c for c, one in zip(data.item_codes, asked, strict=True) if not one)
    if data.n < fewest:
        reason = say("missing_few", needs=fewest)
        return Missing(None, None, {}, {}, away, reason)
    column = {code: j for j, code in enumerate(data.item_codes)}
    items = {
        item.code: ItemMissing(
            scale.name,
            item.text,
            people_of(int(absent[:, column[item.code]].sum()), data.n, least),
        )
        for scale in answers.plan.constructs
        for item in scale.items
        if asked[column[item.code]]
    }
    gaps = (absent & asked).any(axis=1)
    return Missing(
        share=float(absent[:, asked].mean()) if asked.any() else None,
        complete=people_of(int((~gaps).sum()), data.n, least),
        items=items,
        scales=_scales(answers, gaps.astype(np.float64), fewest),
        not_asked=away,
        reason=None,
    )


def _scales(answers: Answers, gaps: Matrix, fewest: int) -> dict[str, ScaleMissing]:
    """Relate having left out any item to the score of each scale."""
    found: dict[str, tuple[float, Result, float | None]] = {}
    for scale in answers.plan.constructs:
        part = answers.data.select(scale.item_codes)
        asked = (part.codes != MISSING).any(axis=0)
        if not asked.any():
            continue
        share = float((part.codes[:, asked] == MISSING).mean())
        scores = answers.scores[scale.code]
        reason = _too_few(gaps[~np.isnan(scores)], fewest)
        if reason:
            found[scale.code] = (share, Absent(reason), None)
        else:
            found[scale.code] = (share, *relation_of(gaps, scores))
    tails = np.array([np.nan if p is None else p for _, _, p in found.values()])
    adjusted = holm(tails) if len(tails) else tails
    return {
        code: ScaleMissing(share, r, None if np.isnan(p) else float(p))
        for (code, (share, r, _)), p in zip(found.items(), adjusted, strict=True)
    }


def _too_few(gaps: Matrix, fewest: int) -> Sentence | None:
    with_gaps = int(gaps.sum())
    if min(with_gaps, len(gaps) - with_gaps) < fewest:
        return say("missing_few_sides", needs=fewest)
    return None
