"""The alarm of a wave: what is watched, what fires, and what never changes it."""

from dataclasses import replace

import numpy as np
import pytest

from analytics import plain, thresholds
from analytics.alarms import AlarmsPart, alarms_of
from analytics.psychometrics import Matrix, SampleMoments, mean_change, scale_scores
from analytics.release_parts import (
    EVERYONE,
    BasisPart,
    Measured,
    SegmentsPart,
    WaveAnswers,
)
from tests.analytics.trend_samples import (
    CARE,
    SAME,
    SCALES,
    SKILL,
    Told,
    answers,
    segments,
    wave,
)

TEAMS = (30, 24, 18, 12)


def latent(*, drop: float, seed: int = 2) -> Matrix:
    """(n, 2) levels; the first team lower by `drop` on care."""
    found = 5 + np.random.default_rng(seed).standard_normal((sum(TEAMS), 2)) * 0.8
    found[: TEAMS[0], 0] -= drop
    return found


def told_by(found: WaveAnswers) -> Told:
    shown: dict[str, dict[str, tuple[int, float, float]]] = {}
    for one in found.segments:
        shown[one.key] = {}
        for scale in found.plan.constructs:
            values = scale_scores(found.data, scale.item_codes)[one.rows]
            shown[one.key][scale.code] = (
                len(values),
                float(values.mean()),
                float(values.var(ddof=1)),
            )
    return shown


def two_waves(
    drop: float = 0.0,
) -> tuple[WaveAnswers, SegmentsPart, BasisPart, BasisPart]:
    before = told_by(answers(1, latent(drop=0, seed=3), TEAMS, seed=4))
    now = answers(2, latent(drop=drop), TEAMS)
    shown = told_by(now)
    return now, segments(shown), wave(2, shown), wave(1, before)


def alarms(drop: float = 0.0) -> AlarmsPart:
    now, shown, basis, before = two_waves(drop)
    return alarms_of(now, shown, basis, [before])


def test_a_planted_drop_fires_with_its_interval() -> None:
    now, shown, basis, before = two_waves(drop=1.6)
    found = alarms_of(now, shown, basis, [before])
    fired = {(one.segment, one.scale): one for one in found.fired}
    one = fired["unit:1", CARE]
    moments = [part.moments["unit:1"][CARE] for part in (before, basis)]
    known = mean_change(*(SampleMoments(m.n, m.mean, m.variance) for m in moments))
    assert one.points.estimate == known.difference.estimate
    assert one.points.high < 0
    assert one.chance <= thresholds.ALARM_RATE
    assert (one.scale_name, one.name.en) == (SCALES[CARE], "unit:1")
    assert {scale for _, scale in fired} == {CARE}


def test_every_group_and_scale_that_both_waves_show_is_watched() -> None:
    found = alarms()
    assert (found.watched, found.segments, found.scales) == (10, 5, 2)
    assert (found.before, found.rate, found.fired) == (1, 0.05, ())


def test_what_one_wave_hides_is_not_watched() -> None:
    now, shown, basis, before = two_waves()
    kept = {key: scales for key, scales in before.moments.items() if key != "unit:4"}
    assert alarms_of(now, shown, basis, [replace(before, moments=kept)]).watched == 8
    hidden = tuple(
        replace(one, scores={}) if one.key == "unit:4" else one
        for one in shown.segments
    )
    fewer = replace(shown, segments=hidden)
    assert alarms_of(now, fewer, basis, [before]).watched == 8


def test_a_bound_is_not_watched() -> None:
    now, shown, basis, before = two_waves()
    one = shown.segments[1]
    bound = replace(one.scores[CARE], mean=None, low=None, high=None, at_least=6.0)
    changed = replace(one, scores={**one.scores, CARE: bound})
    part = replace(shown, segments=(shown.segments[0], changed, *shown.segments[2:]))
    assert alarms_of(now, part, basis, [before]).watched == 9


def test_a_scale_whose_items_changed_is_not_watched() -> None:
    now, shown, basis, before = two_waves()
    other = {CARE: Measured("other", "words"), SKILL: SAME}
    found = alarms_of(now, shown, basis, [replace(before, measured=other)])
    assert (found.watched, found.scales) == (5, 1)


@pytest.mark.parametrize("earlier", [[], [2]])
def test_a_first_wave_watches_nothing_and_says_so(earlier: list[int]) -> None:
    now, shown, basis, _ = two_waves()
    found = alarms_of(now, shown, basis, [basis for _ in earlier])
    assert found.reason is not None
    assert (found.reason.code, found.watched, found.before) == ("alarm_first", 0, None)


def test_nothing_in_common_is_a_reason() -> None:
    now, shown, basis, before = two_waves()
    nothing = replace(before, measured={})
    for one in (nothing, replace(before, moments={})):
        found = alarms_of(now, shown, basis, [one])
        assert found.reason is not None
        assert (found.reason.code, found.before) == ("alarm_nothing", 1)


def test_it_compares_with_the_newest_wave_before_and_later_ones_change_nothing() -> (
    None
):
    now, shown, basis, before = two_waves(drop=1.6)
    basis = replace(basis, wave=4)
    first = replace(before, wave=3)
    older, later = replace(before, wave=2, moments={}), replace(before, wave=5)
    known = alarms_of(now, shown, basis, [first])
    assert alarms_of(now, shown, basis, [older, first, later]) == known
    assert alarms_of(now, shown, basis, [first]) == known


def test_a_skipped_scale_costs_the_reference_nothing() -> None:
    """Answers that are missing leave correlations that still have length one."""
    now, shown, basis, before = two_waves(drop=1.6)
    codes = now.data.codes.copy()
    codes[::7, :3] = -1
    missing = replace(now, data=type(now.data)(codes, now.data.items))
    found = alarms_of(missing, shown, basis, [before])
    assert [(one.segment, one.scale) for one in found.fired] == [
        (one.segment, one.scale) for one in alarms(drop=1.6).fired
    ]


def test_a_part_survives_being_stored() -> None:
    found = alarms(drop=1.6)
    assert found.fired
    assert plain.from_plain(AlarmsPart, plain.to_plain(found)) == found
    assert "'n':" not in str(plain.to_plain(found))


def test_everyone_comes_before_the_teams() -> None:
    found = alarms(drop=2.5).fired
    assert [one.segment for one in found][:1] == [EVERYONE]
