"""Trend, alarm and linked people through the real making of releases."""

from datetime import timedelta
from hashlib import sha256
from random import Random

import pytest
from django.core import mail

from analytics import plain
from analytics.alarms import AlarmsPart
from analytics.linked import LinkedPart
from analytics.mailing import send_due
from analytics.models import Release, ReleaseMail
from analytics.trend import Shift, TrendPart
from surveys.models import Event, Form, Survey, Wave
from surveys.tenancy import organization_scope
from tests.analytics.test_publishing import parts_of, plausible, publish
from tests.factories import (
    NOW,
    close_for_good,
    make_form,
    make_member,
    make_survey,
    make_wave,
)
from tests.released import answer_in, make_cells

pytestmark = pytest.mark.usefixtures("database")
TEAMS = ("North", "South", "West")


def pulse(survey: Survey, *, low: str = "", links: bool = False) -> Wave:
    """End a wave of three teams of 20; the people of `low` answer low."""
    wave = linked_wave(survey) if links else make_wave(survey)
    rows = [(name, 0, 22, made_of(name)) for name in TEAMS]
    _, *cells = make_cells(wave, ("All", None, 0, made_of("All")), *rows)
    random = Random(wave.number)
    for cell in cells:
        for k in range(20):
            answers = plausible(wave, random)
            if cell.name_en == low:
                answers = lowered(wave, answers)
            key = f"{cell.name_en}{k}".encode().ljust(32, b"-") if links else None
            answer_in(wave, cell, answers, pseudonym=key)
    close_for_good(wave)
    with organization_scope(wave.organization_id):
        return Wave.objects.select_related("survey", "form").get(pk=wave.pk)


def linked_wave(survey: Survey) -> Wave:
    """Store an open wave whose respondents may link it, as `make_wave` without."""
    with organization_scope(survey.organization_id):
        form = Form.objects.filter(survey=survey).first()
    form = form or make_form(survey)
    with organization_scope(survey.organization_id):
        return Wave.objects.create(
            organization_id=survey.organization_id,
            survey=survey,
            form=form,
            number=Wave.objects.filter(survey=survey).count() + 1,
            opened_at=NOW,
            links_waves=True,
        )


def made_of(name: str) -> str:
    return sha256(name.encode()).hexdigest()


def lowered(wave: Wave, answers: list[int]) -> list[int]:
    """Two points less of trust on every item, whichever way it is put."""
    return [
        min(item.high, point + 2) if item.reverse else max(item.low, point - 2)
        for item, point in zip(wave.form.asked().items, answers, strict=True)
    ]


def alarms_in(release: Release) -> AlarmsPart:
    found = plain.from_plain(AlarmsPart, parts_of(release)["alarms"])
    assert isinstance(found, AlarmsPart)
    return found


def kinds_queued(release: Release) -> list[str]:
    with organization_scope(release.organization_id):
        rows = ReleaseMail.objects.filter(release=release).order_by("kind")
        return [row.kind for row in rows]


@pytest.fixture
def survey(database: None) -> Survey:
    found = make_survey(mode=Survey.Mode.ANONYMOUS)
    with organization_scope(found.organization_id):
        organization = found.organization
    make_member(organization)
    return found


def test_a_drop_in_one_team_raises_an_alarm_and_sends_it(survey: Survey) -> None:
    first = publish(pulse(survey))
    assert alarms_in(first).before is None
    second = publish(pulse(survey, low="South"))
    found = alarms_in(second)
    assert {one.name.en for one in found.fired} >= {"South"}
    assert not {"North", "West"} & {one.name.en for one in found.fired}
    assert (kinds_queued(first), kinds_queued(second)) == (
        ["digest"],
        ["alarm", "digest"],
    )
    send_due(NOW + timedelta(days=3650))
    assert sum("raised an alarm" in str(one.body) for one in mail.outbox) == 1


def test_a_quiet_wave_sends_no_alarm(survey: Survey) -> None:
    publish(pulse(survey))
    second = publish(pulse(survey))
    assert alarms_in(second).watched > 0
    assert alarms_in(second).fired == ()
    assert kinds_queued(second) == ["digest"]


def test_events_of_the_survey_and_of_all_stand_in_the_trend(survey: Survey) -> None:
    with organization_scope(survey.organization_id):
        organization = survey.organization
    other = make_survey(organization, mode=Survey.Mode.ANONYMOUS)
    with organization_scope(survey.organization_id):
        for where, title in ((survey, "Ours"), (None, "All"), (other, "Other")):
            Event.objects.create(
                organization_id=survey.organization_id,
                survey=where,
                date=NOW.date(),
                kind="training",
                title_en=title,
                title_zh_hans=title,
            )
    publish(pulse(survey))
    found = plain.from_plain(TrendPart, parts_of(publish(pulse(survey)))["trend"])
    assert {one.title.en for one in found.events} == {"Ours", "All"}
    assert [one.name.en for one in found.children] == list(TEAMS)
    assert all(isinstance(one.step.points, Shift) for one in found.scales.values())


def test_linked_waves_tell_of_change_within_people(survey: Survey) -> None:
    publish(pulse(survey, links=True))
    release = publish(pulse(survey, low="South", links=True))
    found = plain.from_plain(LinkedPart, parts_of(release)["linked"])
    assert (found.n, found.reason) == (60, None)
    assert found.scales


def test_waves_that_are_not_linked_have_no_such_part(survey: Survey) -> None:
    publish(pulse(survey))
    assert "linked" not in parts_of(publish(pulse(survey)))
