"""The pulse of the demo: a stated model, and waves that went the whole way."""

import itertools
from datetime import UTC, datetime

import numpy as np
import pytest

from surveys.models import Cell, Response, Survey, Wave
from surveys.tenancy import organization_scope
from tests.factories import make_organization, publish_library
from tests.site import serving
from trustsurvey.demo_fieldwork import field_pulse
from trustsurvey.demo_pulse import LEAVING, MOVING, TEAMS, WAVES, staff

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def test_the_same_seed_gives_the_same_people_and_few_leave() -> None:
    waves = staff()
    assert waves == staff()
    assert len(waves) == WAVES
    assert len(TEAMS) == 12
    for before, after in itertools.pairwise(waves):
        stayed = {(one.number, one.team) for one in before} & {
            (one.number, one.team) for one in after
        }
        # three standard deviations of a share of 146 people around what is stated
        share = LEAVING + MOVING
        far = 3 * np.sqrt(share * (1 - share) / len(before))
        assert 1 - len(stayed) / len(before) == pytest.approx(share, abs=far)


@pytest.mark.long
def test_three_waves_go_the_whole_way_once(database: None) -> None:
    organization = make_organization()
    publish_library()
    said: list[str] = []
    with serving() as site:
        for _ in range(2):
            pulse = field_pulse(organization.pk, site=site, now=NOW, say=said.append)
    assert len(said) == WAVES  # the second run found everything
    assert [wave.number for wave in pulse.waves] == [1, 2, 3]
    with organization_scope(organization.pk):
        assert {wave.state for wave in pulse.waves} == {Wave.State.CLOSED}
        assert pulse.survey.simulated
        assert pulse.survey.mode == Survey.Mode.ANONYMOUS
        for wave in pulse.waves:
            answered = Response.objects.filter(wave=wave).count()
            counted = Cell.objects.filter(wave=wave).values_list("answered", flat=True)
            assert sum(count or 0 for count in counted) == answered
            assert 120 < answered < 165
