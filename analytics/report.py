"""Which statistics a report holds, in what order, and what is said where one fails.

Reads answers and a plan, returns one frozen `Report`. No Django, no I/O, no clock.
"""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from analytics.answers import Answers
from analytics.border_rule import fewest_points
from analytics.comparison import comparisons_of
from analytics.design import design_of
from analytics.factor_model import Confirmed, factor_model_of
from analytics.factor_results import GroupColumnResult
from analytics.instrument_results import Languages, instrument_results_of
from analytics.invariance import Groups, invariance_of
from analytics.item_groups import dif_of
from analytics.item_response import with_item_response
from analytics.loyalty import loyalty_of
from analytics.notices import notices_of
from analytics.own_model import own_model_of
from analytics.plan import AnalysisPlan
from analytics.psychometrics import ResponseMatrix
from analytics.results import Report, ScaleResult, Settings, UnknownReport
from analytics.sampling import Sampling
from analytics.scale_results import scale_result
from analytics.separability import htmt_intervals_of, htmt_of
from analytics.structure import Progress, dimensionality_of, factors_of
from analytics.teams import Teams, aggregation_of

__all__ = ["Progress", "Report", "UnknownReport", "build_report"]

NO_SOFTWARE: Mapping[str, str] = MappingProxyType({})
NO_TEAMS: Teams = MappingProxyType({})
NO_GROUPS: Groups = MappingProxyType({})


def build_report(
    data: ResponseMatrix,
    plan: AnalysisPlan,
    *,
    input_sha256: str | None = None,
    software: Mapping[str, str] = NO_SOFTWARE,
    teams: Teams = NO_TEAMS,
    groups: Groups = NO_GROUPS,
    sampling: Sampling | None = None,
    languages: Languages | None = None,
    progress: Progress | None = None,
) -> Report:
    """Compute everything the plan asks for.

    Parameters
    ----------
    data : ResponseMatrix
        The items of the plan among its columns; the rows that are to be analysed.
    plan : AnalysisPlan
        Scales, outcomes and settings.
    input_sha256, software : optional
        Digest of the input and versions by package, kept with the result.
    teams : mapping of str to (n,) int32, optional
        The team of each row by the column that names it; below 0 = not known.
    groups : mapping of str to GroupColumn, optional
        The group of each row likewise, for columns that name no teams.
    sampling : Sampling, optional
        The team and the weight of each row, where people are not independent or do not
        count alike; the plan names their columns.
    languages : (n,) int8, optional
        The language of each row as its place in `LANGUAGES`; with it every
        questionnaire of the plan is described by itself.
    progress : callable, optional
        Called with a stage and the share that is done.

    Raises
    ------
    BadInput
        The plan has a model of its own that is not identified.
    """
    tell = progress or (lambda stage, share: None)
    tell("progress_scales", 0.0)
    answers = Answers.of(data, plan, sampling)
    # first, because a model that is not identified ends everything
    own_model = own_model_of(answers)
    scales = {scale.code: scale_result(answers, scale) for scale in plan.scales}
    outcomes = {scale.code: scale_result(answers, scale) for scale in plan.outcomes}
    tell("progress_structure", 0.3)
    dimensionality = dimensionality_of(answers, tell)
    tell("progress_factors", 0.8)
    factors = factors_of(answers, dimensionality)
    tell("progress_factor_model", 0.83)
    model = factor_model_of(answers)
    tell("progress_item_response", 0.87)
    scales = with_item_response(answers, scales)
    outcomes = with_item_response(answers, outcomes)
    tell("progress_loyalty", 0.9)
    ratios = htmt_of(answers)
    loyalty, weights = loyalty_of(answers, scales, outcomes)
    report = Report(
        title=plan.title,
        n_rows=answers.data.n,
        n_complete=answers.data.complete_rows().n,
        simulated=plan.simulated,
        instruments=plan.instruments,
        scales=_with_model(scales, model),
        outcomes=_with_model(outcomes, model),
        dimensionality=dimensionality,
        factors=factors,
        htmt=ratios,
        loyalty=loyalty,
        notices=(),
        settings=_settings(plan),
        software=dict(software),
        input_sha256=input_sha256,
        weights=weights,
        htmt_intervals=htmt_intervals_of(answers, ratios),
        aggregation=aggregation_of(answers, teams),
        cfa=model.cfa,
        models=model.models,
        groups={
            column: GroupColumnResult(found, dif_of(answers, groups[column]))
            for column, found in invariance_of(answers, groups).items()
        },
        model=own_model,
        by_instrument=instrument_results_of(answers, languages),
        others=comparisons_of(data, plan),
        design=design_of(answers),
    )
    tell("progress_loyalty", 1.0)
    return replace(report, notices=notices_of(report))


def _with_model(
    scales: Mapping[str, ScaleResult], model: Confirmed
) -> dict[str, ScaleResult]:
    """Give every scale what the factor model says about it."""
    return {
        code: replace(
            scale,
            ave=model.ave[code],
            composite_reliability=model.composite_reliability[code],
        )
        for code, scale in scales.items()
    }


def _settings(plan: AnalysisPlan) -> Settings:
    return Settings(
        missing=plan.missing,
        correlation=plan.correlation,
        n_factors=plan.n_factors,
        rotation=plan.rotation,
        seed=plan.seed,
        n_draws=plan.n_draws,
        where=dict(plan.where),
        groups=tuple(group.column for group in plan.groups),
        n_resamples=plan.n_resamples,
        estimator=plan.estimator,
        by_rule=plan.by_rule,
        points=fewest_points(plan),
        item_response=plan.item_response,
        dif_matching=plan.dif_matching,
    )
