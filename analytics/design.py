"""The part of a report about teams and weights, and what is said of them elsewhere."""

from collections.abc import Mapping
from typing import Final

from analytics.answers import Answers, reason_of
from analytics.design_results import DesignResult
from analytics.estimates import effect_of
from analytics.psychometrics import PsychometricsError, design_effect
from analytics.psychometrics.design import few_clusters
from analytics.results import Report
from analytics.sentences import Sentence, say

NO_RESAMPLING: Final = "sampling_no_resampling"
# said beside the number of people: `notices`
NOTICES: Final = frozenset(
    {
        *("sampling_clusters", "sampling_weights", "sampling_left"),
        *("sampling_effects", "sampling_rest", "few-clusters"),
    }
)


def design_of(answers: Answers) -> DesignResult | None:
    """Describe teams and weights; None where people are independent and count alike."""
    sampling = answers.sampling
    if sampling is None:
        return None
    weights = sampling.weights
    count = sampling.n_clusters
    return DesignResult(
        clusters=answers.plan.clusters or None,
        weights=answers.plan.weights or None,
        n_clusters=count,
        mean_size=answers.data.n / count if count else None,
        sum_of_weights=None if weights is None else float(weights.sum()),
        effective_n=None if weights is None else design_effect(weights).effective_n,
        left=sampling.left,
        without_cluster=sampling.without_cluster,
        without_weight=sampling.without_weight,
        effects=_effects(answers),
    )


def _effects(answers: Answers) -> Mapping[str, float]:
    if answers.design is None:
        return {}
    found = {}
    for code, scores in answers.scores.items():
        try:
            found[code] = effect_of(answers.design, scores)
        except PsychometricsError:
            continue  # the reason stands with the mean
    return found


def notices(report: Report) -> tuple[Sentence, ...]:
    """Say how people came into the sample, and which numbers allow for it."""
    found = report.design
    if found is None:
        return ()
    said = []
    if found.clusters is not None:
        count, size = found.n_clusters or 0, found.mean_size or 0.0
        said.append(
            say("sampling_clusters", column=found.clusters, count=count, size=size)
        )
        said += [reason_of(one) for one in few_clusters(count)]
    if found.weights is not None:
        total, effective = found.sum_of_weights or 0.0, found.effective_n or 0.0
        said.append(
            say(
                "sampling_weights",
                column=found.weights,
                total=total,
                effective=effective,
                n=report.n_rows,
            )
        )
    if found.left:
        said.append(
            say(
                "sampling_left",
                left=found.left,
                teamless=found.without_cluster,
                weightless=found.without_weight,
            )
        )
    if found.effects:
        low, high = min(found.effects.values()), max(found.effects.values())
        said.append(say("sampling_effects", low=low, high=high))
    return (*said, say("sampling_rest"))


def of_structure(report: Report) -> tuple[Sentence, ...]:
    """Say what the search for factors takes people for."""
    found = report.design
    if found is None:
        return ()
    said = []
    if found.weights is not None:
        pearson = report.settings.correlation == "pearson"
        said.append(say("sampling_correlations" if pearson else "sampling_polychoric"))
    if found.clusters is not None:
        said.append(say("sampling_structure"))
    return tuple(said)


def of_shares(report: Report) -> tuple[Sentence, ...]:
    """Say what the shares of an outcome take people for."""
    return (say("sampling_shares"),) if report.design else ()


def of_ranks(report: Report) -> tuple[Sentence, ...]:
    """Say that correlations of ranks are not weighted."""
    weighted = report.design is not None and report.design.weights is not None
    return (say("sampling_ranks"),) if weighted else ()


def of_teams(report: Report) -> tuple[Sentence, ...]:
    """Say what the agreement of teams takes people for."""
    return (say("sampling_teams"),) if report.design else ()
