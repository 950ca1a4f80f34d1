"""From what a survey asks to what is to be analysed of its answers."""

from collections.abc import Sequence

from analytics.border_rule import EstimatorChoice, settled
from analytics.plan import (
    AnalysisPlan,
    PlanInstrument,
    PlanItem,
    PlanReferent,
    PlanScale,
    Text,
)
from analytics.sentences import BadInput
from surveys import definition


def plan_of(
    form: definition.Form,
    *,
    simulated: bool,
    seed: int,
    estimator: EstimatorChoice = "rule",
) -> AnalysisPlan:
    """Describe the analysis of a form: its scales, its outcomes, the standard rules.

    Checklists are not scored, and controls are neither trust nor its outcome.
    `estimator` is of the factor model; by default the items' points decide.

    Raises
    ------
    BadInput
        The form asks no scale of trust.
    """
    asked = [
        scale
        for scale in form.scales
        if scale.scored and scale.role != "control" and not scale.about
    ]
    scales = [_plan_scale(form, scale) for scale in asked]
    if not any(scale.group == "trust" for scale in scales):
        raise BadInput("form_no_scales")
    plan = AnalysisPlan(
        title=_text(form.title),
        scales=tuple(scale for scale in scales if scale.group == "trust"),
        outcomes=tuple(scale for scale in scales if scale.group == "outcome"),
        seed=seed,
        instruments=tuple(
            PlanInstrument(i.code, _text(i.name), i.evidence_level, _published(i))
            for i in form.instruments
        ),
        simulated=simulated,
        others=tuple(
            _plan_referent(form, asked, name, number)
            for number, name in enumerate(form.others, start=1)
        ),
        controls=tuple(
            _plan_scale(form, scale)
            for scale in form.scales
            if scale.scored and scale.role == "control" and not scale.about
        ),
    )
    return settled(plan, estimator=estimator)


def _plan_referent(
    form: definition.Form,
    asked: Sequence[definition.FormScale],
    name: definition.Text,
    number: int,
) -> PlanReferent:
    """Describe the scales that were asked again about a further referent."""
    again = {scale.code: form.same_about(scale, number) for scale in asked}
    return PlanReferent(
        first=_text(form.referent),
        name=_text(name),
        scales={
            code: _plan_scale(form, scale)
            for code, scale in again.items()
            if scale.about
        },
    )


def _plan_scale(form: definition.Form, scale: definition.FormScale) -> PlanScale:
    return PlanScale(
        code=scale.code,
        name=_text(scale.name),
        items=tuple(
            PlanItem(i.code, _text(i.text), i.low, i.high, i.reverse)
            for i in form.items
            if i.scale == scale.code
        ),
        model=scale.model,
        group=scale.role,
    )


def _published(instrument: definition.FormInstrument) -> str:
    if instrument.catalogue is None:
        return ""
    return "modified" if instrument.modified else "unchanged"


def _text(text: definition.Text) -> Text:
    return Text(text.in_("en"), text.in_("zh-hans"))
