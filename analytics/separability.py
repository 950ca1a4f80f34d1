"""The part of a report about telling scales apart."""

from collections.abc import Mapping
from itertools import combinations

from analytics.answers import Answers, generator, reason_of, resamples
from analytics.psychometrics import PsychometricsError, htmt, htmt_intervals
from analytics.results import Interval, pair_key
from analytics.sentences import say


def htmt_of(answers: Answers) -> dict[str, float | None]:
    """Return HTMT of every two reflective scales of two items or more, or None."""
    scales = {
        scale.code: scale.item_codes
        for scale in answers.plan.constructs
        if scale.model == "reflective" and len(scale.items) > 1
    }
    ratios: dict[str, float | None] = {}
    for first, second in combinations(scales, 2):
        pair = {first: scales[first], second: scales[second]}
        both = answers.moments.select((*scales[first], *scales[second]))
        try:
            ratios[pair_key(first, second)] = htmt(both, pair)[first, second]
        except PsychometricsError:
            # the reason stands with the reliability of the scale that causes it
            ratios[pair_key(first, second)] = None
    return ratios


def htmt_intervals_of(
    answers: Answers, ratios: Mapping[str, float | None]
) -> dict[str, Interval]:
    """Return the interval of every HTMT that exists, by the key of its pair."""
    found = [key for key, ratio in ratios.items() if ratio is not None]
    if answers.design:
        why = Interval(None, None, say("sampling_no_resampling"))
        return dict.fromkeys(found, why)
    scales = list(dict.fromkeys(code for key in found for code in key.split("~~")))
    every_pair = [pair_key(*pair) for pair in combinations(scales, 2)]
    if found == every_pair:
        try:
            return _intervals(answers, scales)
        except PsychometricsError:
            pass  # one pair is undefined in many resamples; the others need not be
    return {key: _interval_of_a_pair(answers, key) for key in found}


def _interval_of_a_pair(answers: Answers, key: str) -> Interval:
    try:
        return _intervals(answers, key.split("~~"))[key]
    except PsychometricsError as error:
        return Interval(None, None, reason_of(error))


def _intervals(answers: Answers, scales: list[str]) -> dict[str, Interval]:
    items = {scale.code: scale.item_codes for scale in answers.plan.constructs}
    drawn = htmt_intervals(
        answers.used,
        {code: items[code] for code in scales},
        ratio="htmt",
        missing=answers.plan.missing,
        rng=generator(answers.plan, "htmt"),
        n_draws=resamples(answers.plan, answers.used.n),
    )
    return {
        pair_key(*pair): Interval(one.low, one.high, None)
        for pair, one in drawn.items()
    }
