"""What enters the parts of a release, and what never does."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from analytics import plain
from analytics.audit_part import AuditPart, audit_part_of
from analytics.plan import AnalysisPlan, PlanReferent, Text
from analytics.release_making import Made, Publications, Refused, details_of, made_of
from analytics.release_parts import EVERYONE, WaveAnswers
from analytics.results import Figure, Report
from tests.analytics import samples
from tests.analytics.segment_samples import wave

QUICK = {"n_draws": 20, "n_resamples": 20}


def make(now: WaveAnswers, *, least: int = 5, earlier: Any = ()) -> Made:
    return made_of(
        now, least=least, earlier=earlier, software={}, tell=lambda step, share: None
    )


def report_of(now: WaveAnswers) -> Report:
    report = make(now).report
    assert report is not None
    return report


def with_gaps(n: int, column: int, answered: int) -> WaveAnswers:
    """A wave in which only so many answered one item."""
    plan = samples.plan(**QUICK)
    raw = samples.answers(plan, n)
    raw[answered:, column] = -1
    return wave({"north": n}, raw, plan=plan)


@pytest.mark.parametrize(("n", "told"), [(19, False), (20, True)])
def test_a_report_is_made_from_twenty_answers_on(n: int, told: bool) -> None:
    now = wave({"north": n}, plan=samples.plan(**QUICK))
    assert (make(now).report is not None) is told


@pytest.mark.parametrize(("answered", "told"), [(9, False), (10, True)])
def test_figures_of_single_items_need_ten_answers(answered: int, told: bool) -> None:
    item = report_of(with_gaps(40, 0, answered)).scales["CARE"].items["CARE1"]
    assert (item.mean is not None) is told
    assert (item.sd is not None) is told
    if not told:
        assert item.reason is not None
        assert item.reason.params["needed"] == 10


def test_that_an_interval_is_approximate_is_told_where_the_skew_is_not() -> None:
    plan = samples.plan(**QUICK)
    raw = samples.answers(plan, 40)
    raw[:, :4] = np.where(raw[:, :4] < 3, 1, 7 - (raw[:, :4] == 3))
    raw[9:, 0] = -1
    care = report_of(wave({"north": 40}, raw, plan=plan)).scales["CARE"]
    assert care.items["CARE1"].skew is None
    assert isinstance(care.alpha.raw, Figure)
    assert care.alpha.raw.approximate is not None
    told = set(care.alpha.raw.approximate.params)
    assert told == {"alpha", "omega"}  # of simulated samples, none of these people


@pytest.mark.parametrize(("answered", "told"), [(19, False), (20, True)])
def test_a_share_of_nobody_is_told_from_twenty_answers_on(
    answered: int, told: bool
) -> None:
    plan = samples.plan(**QUICK)
    raw = samples.answers(plan, 40)
    raw[:, 0] = 3 + np.arange(40) % 3
    raw[answered:, 0] = -1
    item = report_of(wave({"north": 40}, raw, plan=plan)).scales["CARE"].items["CARE1"]
    assert item.mean is not None
    assert item.floor == (0.0 if told else None)
    assert item.ceiling == (0.0 if told else None)


def test_items_on_which_few_agree_entirely_are_not_told() -> None:
    plan = samples.plan(**QUICK)
    raw = samples.answers(plan, 40)
    raw[:12, 0], raw[12:, 0] = 6, -1
    item = report_of(wave({"north": 40}, raw, plan=plan)).scales["CARE"].items["CARE1"]
    assert (item.mean, item.sd) == (None, None)
    assert item.reason is not None
    assert item.reason.code == "told_as_bound"


@pytest.mark.parametrize(("answered", "told"), [(4, False), (5, True)])
def test_a_scale_that_few_were_asked_is_left_out(answered: int, told: bool) -> None:
    plan = samples.plan(**QUICK)
    raw = samples.answers(plan, 40)
    raw[answered:, :4] = -1
    made = make(wave({"north": 40}, raw, plan=plan))
    assert made.report is not None
    assert ("CARE" in made.report.scales) is told
    everyone = made.segments.of(EVERYONE)
    assert everyone is not None
    assert (everyone.scores["CARE"].mean is not None) is told


def test_a_further_referent_is_told_of_by_the_same_rule() -> None:
    asked = two_referents()
    raw = samples.answers(asked, 40)
    other = samples.answers(asked, 40, seed=9)[:, :4]
    for answered, told in ((4, False), (30, True)):
        given = other.copy()
        given[answered:] = -1
        now = beside(asked, raw, given)
        assert bool(report_of(now).others) is told
    assert {"CARE_2", "CARE_21"} <= set(details_of(now, 5))


def two_referents() -> AnalysisPlan:
    plan = samples.plan(**QUICK)
    again = samples.scale("CARE_2", samples.CARE)
    other = PlanReferent(Text.same("We"), Text.same("They"), {"CARE": again})
    return replace(plan, others=(other,))


def beside(asked: AnalysisPlan, raw: Any, given: Any) -> WaveAnswers:
    """A wave that was also asked about somebody else."""
    now = wave({"north": len(raw)}, raw, plan=replace(asked, others=()))
    again = asked.others[0].scales["CARE"]
    more = samples.matrix(given, replace(asked, scales=(again,), outcomes=()))
    codes = np.hstack((now.data.codes, more.codes))
    data = type(now.data)(codes, (*now.data.items, *more.items))
    return replace(now, data=data, plan=asked)


def test_too_few_answers_are_refused_with_both_numbers() -> None:
    now = wave({"north": 9}, plan=samples.plan(**QUICK))
    assert make(now, least=9).audit.passed
    with pytest.raises(Refused) as refused:
        make(now, least=10)
    assert refused.value.reason.params == {"has": 9, "needs": 10}


def test_a_release_after_one_with_fewer_groups_keeps_what_was_told_safe() -> None:
    """What would be a difference of two people to the earlier release is hidden."""
    now = wave({"north": 30, "south": 30}, plan=samples.plan(**QUICK))
    rows = now.segments[1].rows.copy()
    rows[:2] = False
    moved = replace(now.segments[1], rows=rows)
    before = replace(now, segments=(now.segments[0], moved))
    first = make(before)
    again = make(now, earlier=[first.publications])
    assert first.decision.shows("north", "CARE")
    assert not again.decision.shows("north", "CARE")
    assert again.audit.earlier == 1
    fresh = make(now)
    assert fresh.decision.shows("north", "CARE")


def test_publications_and_audit_survive_storing() -> None:
    made = make(wave({"north": 12, "south": 9}, plan=samples.plan(**QUICK)))
    for kind, part in (
        (Publications, made.publications),
        (AuditPart, made.audit),
    ):
        assert plain.from_plain(kind, plain.to_plain(part)) == part


def test_the_audit_sums_up_without_telling_of_whom() -> None:
    made = make(wave({"north": 30, "south": 8, "west": 3}, plan=samples.plan(**QUICK)))
    audit = made.audit
    assert audit.passed
    assert audit.groups == 1
    assert sum(audit.hidden.values()) == 3
    told = str(plain.to_plain(audit))
    assert not any(one.key in told for one in made.segments.segments)
    trail = made.decision.trail
    again = audit_part_of([trail], [trail], [made.decision.publication], earlier=2)
    assert (again.earlier, again.figures) == (2, len(made.decision.publication.pieces))


def test_the_stages_are_told_in_order() -> None:
    stages: list[tuple[str, float]] = []
    now = wave({"north": 25}, plan=samples.plan(**QUICK))
    made_of(
        now,
        least=5,
        earlier=(),
        software={},
        tell=lambda step, share: stages.append((step, share)),
    )
    shares = [share for _, share in stages]
    assert shares == sorted(shares)
    assert stages[0][0] == "progress_release_decide"
    assert stages[-1][0] == "progress_release_audit"


def test_a_report_knows_its_input_and_software() -> None:
    now = wave({"north": 25}, plan=samples.plan(**QUICK))
    versions: Mapping[str, str] = {"numpy": "9"}
    made = made_of(
        now, least=5, earlier=(), software=versions, tell=lambda step, share: None
    )
    assert made.report is not None
    assert made.report.input_sha256 == now.sha256
    assert made.report.software == versions
