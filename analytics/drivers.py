"""What goes with the outcomes, beside raw correlations and shares: part ``drivers``.

The report has correlations, corrected ones, shares and factor correlations already.
Here stand the checks on them: tests over the whole grid, propensity held constant, a
marker, slopes, and the split of a correlation along satisfaction. Pure; of all
answers of a wave together and of what may be told of them, never of a group.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

import numpy as np

from analytics.answers import Answers, figure, generator, reason_of, resamples
from analytics.driver_results import (
    DriversPart,
    GridTest,
    Kind,
    Marker,
    OutcomeDrivers,
    Slopes,
    Split,
)
from analytics.latent_split import latent_split
from analytics.plan import AnalysisPlan, PlanScale
from analytics.psychometrics import (
    Estimate,
    Matrix,
    PsychometricsError,
    benjamini_hochberg,
    correlate,
    holm,
    linear_regression,
    marker_adjusted,
    mediation,
    moments,
    ordinal_logit,
    partial_correlation,
    scale_scores,
    smallest_correlation,
)
from analytics.release_parts import EVERYONE, SegmentsPart, WaveAnswers
from analytics.results import Absent, Figure, Report, Result
from analytics.sentences import Sentence, say
from analytics.thresholds import DRIVERS_N, MARKER_SCALES
from analytics.weights import plain_mean

# Codes of the scales that ask how satisfied people are, behind the code of their
# questionnaire: of customers and with the job. A questionnaire of one's own that
# wants the split gives its scale one of them; nothing else marks such a scale.
SATISFACTION: Final = frozenset({"SAT", "JOB"})

Scores = Mapping[str, Matrix]


def drivers_of(now: WaveAnswers, report: Report, segments: SegmentsPart) -> DriversPart:
    """Check what goes with each outcome among all who answered the wave.

    Parameters
    ----------
    report : Report
        Only scales, outcomes and correlations that it tells are computed on.
    segments : SegmentsPart
        Whether anything of everyone may be told.
    """
    refusal = _refusal(report, segments)
    if refusal is not None:
        return _nothing(refusal)
    plan = _told(now.plan, report)
    answers = Answers.of(now.data, plan)
    controls = _controls(now, plan)
    tests = _grid(answers, report)
    control = next(iter(controls), None)  # propensity to trust, where it is asked
    marker = _marker(answers, controls)
    satisfaction = _satisfaction(plan)
    return DriversPart(
        outcomes={
            one.code: OutcomeDrivers(
                tests=tests[one.code],
                given=_given(answers, one.code, control, controls),
                marked=_marked(report, one.code, marker),
                linear=_linear(answers, one.code),
                ordinal=_ordinal(answers, one),
                split=_split(answers, one.code, satisfaction),
            )
            for one in plan.outcomes
        },
        n_tests=sum(len(one) for one in tests.values()),
        control=control,
        names={one.code: one.name for one in plan.controls},
        marker=marker,
        satisfaction=satisfaction,
        reason=None,
    )


def _nothing(reason: Sentence) -> DriversPart:
    return DriversPart({}, 0, None, {}, None, None, reason)


def _refusal(report: Report, segments: SegmentsPart) -> Sentence | None:
    """Return why nothing may be told, or nothing is to be."""
    if not report.outcomes:
        return say("no_outcomes")
    everyone = segments.of(EVERYONE)
    if everyone is None or everyone.reason is not None:
        return everyone.reason if everyone else say("drivers_few", needs=DRIVERS_N)
    if everyone.answered is None or everyone.answered.low < DRIVERS_N:
        return say("drivers_few", needs=DRIVERS_N)
    return None


def _told(plan: AnalysisPlan, report: Report) -> AnalysisPlan:
    """Return the plan without what the report does not tell."""
    return replace(
        plan,
        scales=tuple(one for one in plan.scales if one.code in report.scales),
        outcomes=tuple(one for one in plan.outcomes if one.code in report.outcomes),
    )


def _controls(now: WaveAnswers, plan: AnalysisPlan) -> dict[str, Matrix]:
    """Scores of the controls of several items that mean one thing, on the rows used."""
    data = now.data
    if plan.missing == "listwise":
        whole = (data.select(plan.item_codes).codes >= 0).all(axis=1)
        data = type(data)(data.codes[whole], data.items)
    return {
        one.code: scale_scores(data, one.item_codes)
        for one in plan.controls
        if one.model == "reflective" and len(one.items) > 1
    }


def _satisfaction(plan: AnalysisPlan) -> str | None:
    """Return the first outcome that asks how satisfied people are."""
    codes = (one.code for one in plan.outcomes)
    return next((c for c in codes if c.rpartition(".")[2] in SATISFACTION), None)


def _grid(answers: Answers, report: Report) -> dict[str, dict[str, GridTest]]:
    """Test every correlation that the report tells, adjusted for all of them."""
    found = {
        (outcome, scale): correlate(answers.scores[scale], answers.scores[outcome]).p
        for outcome, relations in report.loyalty.items()
        for scale, one in relations.items()
        if one.r is not None and one.n >= DRIVERS_N
    }
    p = np.array(list(found.values()), dtype=np.float64)
    rows = zip(found, p, holm(p), benjamini_hochberg(p), strict=True)
    tests: dict[str, dict[str, GridTest]] = {one: {} for one in report.outcomes}
    for (outcome, scale), raw, first, second in rows:
        tests[outcome][scale] = GridTest(float(raw), float(first), float(second))
    return tests


def _attempt(compute: Callable[[], Estimate]) -> Result:
    try:
        found = compute()
    except PsychometricsError as error:
        return Absent(reason_of(error))
    if found.n < DRIVERS_N:
        return Absent(say("drivers_few", needs=DRIVERS_N))
    return figure(found)


def _given(
    answers: Answers, outcome: str, control: str | None, controls: Scores
) -> dict[str, Result]:
    """Correlate each scale with the outcome, the control held constant."""
    if control is None:
        return {}

    def partial(scale: str) -> Estimate:
        columns = [answers.scores[scale], answers.scores[outcome], controls[control]]
        m = moments(
            np.column_stack(columns), [scale, outcome, control], missing="listwise"
        )
        found = partial_correlation(m, scale, outcome, given=[control])
        return Estimate(
            found.r, found.low, found.high, found.n, found.method, found.confidence
        )

    return {
        one.code: _attempt(lambda code=one.code: partial(code))  # type: ignore[misc]
        for one in answers.plan.scales
    }


def _marker(answers: Answers, controls: Scores) -> Marker | None:
    """Return the least related scales; with a control, the least related to it."""
    scores = {**answers.scores, **controls}
    if not controls and len(scores) < MARKER_SCALES:
        return None
    columns = np.column_stack(list(scores.values()))
    m = moments(columns, list(scores), missing="listwise")
    try:
        m.require("marker", items=2, answers=DRIVERS_N)
        if not controls:
            first, second, size = smallest_correlation(m)
            return Marker(first, second, False, size)
    except PsychometricsError:
        return None  # the reason stands with the correlations themselves
    sizes = {
        (control, other): abs(float(m.correlation[m.items.index(control), j]))
        for control in controls
        for j, other in enumerate(m.items)
        if other not in controls
    }
    pair = min(sizes, key=sizes.__getitem__)
    return Marker(*pair, True, sizes[pair]) if sizes[pair] < 1 else None


def _marked(report: Report, outcome: str, marker: Marker | None) -> dict[str, Result]:
    """Take from each raw correlation what the marker says is the way of answering."""
    if marker is None:
        return {}
    found: dict[str, Result] = {}
    for scale, one in report.loyalty[outcome].items():
        if one.r is None or one.n < DRIVERS_N:
            few = say("drivers_few", needs=DRIVERS_N)
            found[scale] = Absent(one.reasons.get("r", few))
            continue
        left = marker_adjusted(one.r, marker.size, one.n)
        found[scale] = Figure(left.r, left.low, left.high, left.n, left.method)
    return found


def _linear(answers: Answers, outcome: str) -> Slopes:
    codes = [one.code for one in answers.plan.scales]
    columns = np.column_stack([answers.scores[code] for code in [*codes, outcome]])
    m = moments(columns, [*codes, outcome], missing="listwise")
    if m.n < DRIVERS_N:
        return _without("linear", say("drivers_few", needs=DRIVERS_N))
    try:
        found = linear_regression(m, codes, outcome)
    except PsychometricsError as error:
        return _without("linear", _named(reason_of(error), answers.plan))
    return Slopes(
        kind="linear",
        slopes={one.item: figure(one.standardized) for one in found.coefficients},
        vif={one.item: one.vif for one in found.coefficients},
        r_squared=found.r_squared,
        n=found.n,
        reason=None,
    )


def _ordinal(answers: Answers, outcome: PlanScale) -> Slopes | None:
    """Regress an outcome of one item, its points only ordered; None of several."""
    if len(outcome.items) != 1:
        return None
    codes = [one.code for one in answers.plan.scales]
    x = np.column_stack([answers.scores[code] for code in codes])
    y = answers.scores[outcome.code]
    if int((~np.isnan(np.column_stack([x, y])).any(axis=1)).sum()) < DRIVERS_N:
        return _without("ordinal", say("drivers_few", needs=DRIVERS_N))
    try:
        found = ordinal_logit(x, codes, y, outcome.code)
    except PsychometricsError as error:
        return _without("ordinal", _named(reason_of(error), answers.plan))
    slopes = {code: figure(one) for code, one in found.slopes.items()}
    return Slopes("ordinal", slopes, {}, None, found.n, None)


def _without(kind: Kind, reason: Sentence) -> Slopes:
    return Slopes(kind, {}, {}, None, 0, reason)


def _split(answers: Answers, outcome: str, between: str | None) -> Split | None:
    """Split the correlation of trust and the outcome; None without satisfaction."""
    if between is None or between == outcome:
        return None
    scales = {one.code: one for one in answers.plan.outcomes}
    names = ["trust", between, outcome]
    columns = [plain_mean(answers), answers.scores[between], answers.scores[outcome]]
    values = np.column_stack(columns)
    n = int((~np.isnan(values).any(axis=1)).sum())
    if n < DRIVERS_N:
        return Split(between, {}, None, 0, say("drivers_few", needs=DRIVERS_N))
    try:
        found = mediation(
            values,
            names,
            first="trust",
            between=between,
            outcome=outcome,
            ends="percentile",
            rng=generator(answers.plan, f"split {outcome}"),
            n_draws=resamples(answers.plan, n),
        )
    except PsychometricsError as error:
        return Split(between, {}, None, 0, _named(reason_of(error), answers.plan))
    paths = ("first", "second", "indirect", "direct", "total")
    return Split(
        between=between,
        paths={path: figure(getattr(found, path)) for path in paths},
        share=found.share,
        n_draws=found.n_draws,
        reason=None,
        latent=latent_split(answers, scales[between], scales[outcome]),
    )


def _named(reason: Sentence, plan: AnalysisPlan) -> Sentence:
    """Put the names of scales where the core has their codes."""
    names = {one.code: one.name for one in plan.constructs}
    params = {
        key: names.get(value, value) if isinstance(value, str) else value
        for key, value in reason.params.items()
    }
    return Sentence(reason.code, params)
