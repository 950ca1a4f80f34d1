"""What is said about the outcomes of a release: numbers to sentences, each at its mark."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from analytics import readings, thresholds
from analytics.driver_results import (
    DriversPart,
    LatentSplit,
    OutcomeDrivers,
    Slopes,
    Split,
)
from analytics.notices import not_separable
from analytics.plan import Text
from analytics.results import (
    Absent,
    Figure,
    OutcomeWeights,
    RelativeWeight,
    Report,
    Result,
)
from analytics.sentences import Sentence, say
from analytics.tables import by_share

MOST_NAMED: Final = 6  # pairs that a sentence names one by one


@dataclass(frozen=True, slots=True)
class Place:
    """One dimension on the map of share and rating; the rating from 0 to 100."""

    code: str
    name: Text
    rating: float
    rating_low: float
    rating_high: float
    share: float
    share_low: float
    share_high: float


def grid(report: Report, part: DriversPart) -> tuple[Sentence, ...]:
    """Say which correlations stand after correction for testing all of them."""
    tests = [
        (report.scales[scale].name, report.outcomes[outcome].name, one)
        for outcome, found in part.outcomes.items()
        for scale, one in found.tests.items()
    ]
    if len(tests) < 2:
        return ()
    fallen = [(a, b) for a, b, one in tests if not stands(one.holm)]
    code, pairs = "drivers_grid_some", _pairs(fallen)
    if not fallen:
        code = "drivers_grid_all"
    elif len(fallen) == len(tests):
        code = "drivers_grid_none"
    elif len(fallen) > MOST_NAMED:
        code = "drivers_grid_few"
    return (
        say(
            code,
            count=len(tests),
            holm=len(tests) - len(fallen),
            bh=sum(stands(one.bh) for *_, one in tests),
            pairs=pairs,
            level=f"{thresholds.GRID_P:g}",
        ),
    )


def stands(p: float) -> bool:
    """Whether a correlation is told from none at the level of the grid."""
    return p < thresholds.GRID_P


def formula(report: Report, outcome: str) -> tuple[Sentence, ...]:
    """State the shares as a formula, or why they are not separable."""
    found = report.weights.get(outcome)
    if found is None:
        return ()
    if isinstance(found.r_squared, Absent):
        return (found.r_squared.reason,)
    r_squared = found.r_squared
    shown: dict[str, str | int | Text | tuple[str | Text, ...]] = {
        "count": len(report.scales),
        "outcome": report.outcomes[outcome].name,
        "share": f"{r_squared.estimate:.2f}",
        "low": f"{r_squared.low:.2f}",
        "high": f"{r_squared.high:.2f}",
        "n": r_squared.n,
    }
    weights = by_share(report, outcome)
    if not readings.ranked(report):
        pairs = readings.pair_names(not_separable(report))
        return (
            say("drivers_formula_together", **shown),
            say("weights_not_separable", pairs=pairs),
        )
    parts = tuple(_part(report, code, one) for code, one in weights)
    open_ = tuple(report.scales[code].name for code in overlapping(dict(weights)))
    order = say("drivers_formula_open", scales=open_) if open_ else None
    return (
        say("drivers_formula", parts=parts, **shown),
        order or say("weights_settled"),
    )


def plain_mean(report: Report, outcome: str) -> tuple[Sentence, ...]:
    """Say whether the plain mean of the dimensions does as well as weights."""
    found = report.weights.get(outcome)
    if found is None:
        return ()
    r = found.equal_weights
    if isinstance(r, Absent):
        return (r.reason,)
    gain = weighting_gain(found)
    if gain is None:
        return ()
    less = gain[1] >= thresholds.GAIN
    return (
        say(
            "drivers_mean_less" if less else "drivers_mean_as_well",
            outcome=report.outcomes[outcome].name,
            r=r.estimate,
            low=r.low or 0.0,
            high=r.high or 0.0,
            gain=f"{gain[0]:.3f}",
            f2=thresholds.beside(gain[1], thresholds.GAIN),
            mark=f"{thresholds.GAIN:g}",
        ),
    )


def weighting_gain(found: OutcomeWeights) -> tuple[float, float] | None:
    """Return what weights add to the squared r of the plain mean, and its f squared.

    Cohen (1988), chapter 9: the gain over what none of them goes with.
    """
    r_squared, r = found.r_squared, found.equal_weights
    if isinstance(r_squared, Absent) or isinstance(r, Absent):
        return None
    if r_squared.estimate >= 1:
        return None
    gain = max(0.0, r_squared.estimate - r.estimate**2)
    return gain, gain / (1 - r_squared.estimate)


def overlapping(weights: Mapping[str, RelativeWeight]) -> tuple[str, ...]:
    """Return the dimensions whose rank interval meets that of another."""
    return tuple(
        code
        for code, one in weights.items()
        if any(_meet(one, other) for k, other in weights.items() if k != code)
    )


def places(report: Report, outcome: str) -> tuple[Place, ...] | Sentence:
    """Return every dimension's place on the map, or why there is no map."""
    found = report.weights.get(outcome)
    if found is None:
        return say("weights_need_two", has=len(report.scales))
    if isinstance(found.r_squared, Absent):
        return found.r_squared.reason
    if not readings.ranked(report):
        return say("drivers_map_not_separable")
    weights = dict(by_share(report, outcome))
    if all(_meet(a, b) for a, b in combinations(weights.values(), 2)):
        return say("drivers_map_order_open")
    return tuple(
        place
        for code, one in weights.items()
        if (place := _place(report, code, one)) is not None
    )


def map_sentences(found: tuple[Place, ...], outcome: Text) -> tuple[Sentence, ...]:
    """Say which places lie clear of both lines with both intervals."""
    share, rating = lines_of(found)
    above = [one for one in found if one.share_low > share]
    low = tuple(one.name for one in above if one.rating_high < rating)
    high = tuple(one.name for one in above if one.rating_low > rating)
    said = [say("drivers_map_guide", outcome=outcome)]
    if low:
        said.append(say("drivers_map_low", scales=low, outcome=outcome))
    if high:
        said.append(say("drivers_map_high", scales=high))
    if not low and not high:
        said.append(say("drivers_map_unclear"))
    return tuple(said)


def lines_of(found: tuple[Place, ...]) -> tuple[float, float]:
    """Return the mean share and the mean rating: the lines of the map."""
    count = len(found)
    return (
        sum(one.share for one in found) / count,
        sum(one.rating for one in found) / count,
    )


def split(report: Report, outcome: str, found: Split) -> tuple[Sentence, ...]:
    """Say how much of a correlation goes together with satisfaction."""
    if found.reason is not None:
        return (found.reason,)
    total, indirect = found.paths["total"], found.paths["indirect"]
    if not _clear(total):
        code = "drivers_split_no_total"
    elif not _clear(indirect):
        code = "drivers_split_unclear"
    else:
        code = "drivers_split_against" if found.share is None else "drivers_split_part"
    direct = found.paths["direct"]
    numbers: dict[str, float] = {}
    for name, one in (("total", total), ("direct", direct)):
        numbers[name] = one.estimate
        numbers[f"{name}_low"], numbers[f"{name}_high"] = one.low or 0, one.high or 0
    said = say(
        code,
        outcome=report.outcomes[outcome].name,
        between=report.outcomes[found.between].name,
        percent=round(100 * (found.share or 0)),
        indirect=indirect.estimate,
        low=indirect.low or 0.0,
        high=indirect.high or 0.0,
        **numbers,
    )
    guide = say("drivers_split_guide", draws=found.n_draws)
    return said, *latent(report, found), guide


def latent(report: Report, found: Split) -> tuple[Sentence, ...]:
    """Say how the same split looks between factors, or why it is not told."""
    one = found.latent
    if one is None:
        return ()
    if one.reason is not None:
        return (one.reason,)
    if one.cfi is None or one.srmr is None or not one.paths:
        return (say("drivers_latent_improper"),)
    fit: dict[str, str] = {
        "cfi": thresholds.beside(one.cfi, thresholds.CFI),
        "srmr": thresholds.beside(one.srmr, thresholds.SRMR),
    }
    if not latent_fits(one):
        guides = {
            "cfi_guide": f"{thresholds.CFI:.2f}",
            "srmr_guide": f"{thresholds.SRMR:.2f}",
        }
        return (say("drivers_latent_poor", **fit, **guides),)
    indirect, direct = one.paths["indirect"], one.paths["direct"]
    return (
        say(
            "drivers_latent_part",
            **fit,
            n=one.n,
            between=report.outcomes[found.between].name,
            indirect=indirect.estimate,
            low=indirect.low or 0.0,
            high=indirect.high or 0.0,
            direct=direct.estimate,
            direct_low=direct.low or 0.0,
            direct_high=direct.high or 0.0,
        ),
    )


def latent_fits(found: LatentSplit) -> bool:
    """Whether the factor model fits well enough to split by it."""
    if found.cfi is None or found.srmr is None:
        return False
    return found.cfi >= thresholds.CFI and found.srmr <= thresholds.SRMR


def checks(report: Report, part: DriversPart, outcome: str) -> tuple[Sentence, ...]:
    """Say what is left with a control held constant, and less a marker."""
    found, name = part.outcomes[outcome], report.outcomes[outcome].name
    names = {**part.names, **{k: one.name for k, one in report.constructs.items()}}
    said = []
    given = _figures(found.given.values())
    if part.control is not None and given:
        said.append(
            say(
                "drivers_given",
                control=names[part.control],
                outcome=name,
                count=len(given),
                stand=sum(_clear(one) for one in given),
                change=f"{_largest_change(report, outcome, found):.2f}",
            )
        )
    marked = _figures(found.marked.values())
    if part.marker is not None and marked:
        asked = "asked" if part.marker.asked else "smallest"
        said.append(
            say(
                f"drivers_marker_{asked}",
                first=names[part.marker.first],
                second=names[part.marker.second],
                size=part.marker.size,
                outcome=name,
                count=len(marked),
                stand=sum(_clear(one) for one in marked),
            )
        )
    return tuple(said)


def slopes(report: Report, found: Slopes) -> tuple[Sentence, ...]:
    """Say what slopes are not, and where they are unsteady."""
    if found.reason is not None:
        return (found.reason,)
    high = {k: vif for k, vif in found.vif.items() if vif >= thresholds.INFLATED}
    if not high:
        return (say("drivers_slopes_guide"),)
    largest = thresholds.beside(max(high.values()), thresholds.INFLATED)
    return (
        say("drivers_slopes_guide"),
        say(
            "drivers_slopes_inflated",
            scales=tuple(report.scales[code].name for code in high),
            vif=largest,
            mark=f"{thresholds.INFLATED:g}",
        ),
    )


def _part(report: Report, code: str, one: RelativeWeight) -> Text:
    return say(
        "drivers_formula_part",
        percent=round(100 * one.share),
        scale=report.scales[code].name,
        low=round(100 * (one.low or 0)),
        high=round(100 * (one.high or 0)),
    ).as_text()


def _place(report: Report, code: str, one: RelativeWeight) -> Place | None:
    scale = report.scales[code]
    mean = scale.mean
    if isinstance(mean, Absent) or mean.low is None or mean.high is None:
        return None
    if one.low is None or one.high is None:
        return None
    rating, low, high = (
        100 * (value - scale.low) / (scale.high - scale.low)
        for value in (mean.estimate, mean.low, mean.high)
    )
    # ends of a t interval may leave the scale
    low, high = max(low, 0.0), min(high, 100.0)
    return Place(code, scale.name, rating, low, high, one.share, one.low, one.high)


def _meet(one: RelativeWeight, other: RelativeWeight) -> bool:
    """Whether two rank intervals overlap."""
    return (one.rank_low or 0) <= (other.rank_high or 0) and (other.rank_low or 0) <= (
        one.rank_high or 0
    )


def _clear(found: Figure) -> bool:
    """Whether the interval leaves 0 out."""
    return (found.low or 0) > 0 or (found.high or 0) < 0


def _figures(results: Iterable[Result]) -> list[Figure]:
    return [one for one in results if isinstance(one, Figure)]


def _largest_change(report: Report, outcome: str, found: OutcomeDrivers) -> float:
    changes = [
        abs(one.estimate - r)
        for scale, one in found.given.items()
        if isinstance(one, Figure)
        and (r := report.loyalty[outcome][scale].r) is not None
    ]
    return max(changes, default=0.0)


def _pairs(found: Iterable[tuple[Text, Text]]) -> tuple[Text, ...]:
    return tuple(say("pair_of", first=a, second=b).as_text() for a, b in found)
