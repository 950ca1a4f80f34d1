"""Mail about an alarm: to whom, once, and no more than they may see."""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from analytics import plain
from analytics.mailing import queue, send_due
from analytics.models import Release, ReleaseMail
from analytics.release_parts import EVERYONE
from surveys.models import (
    CellUnit,
    ManagedUnit,
    Membership,
    Organization,
    RoleSections,
    Survey,
    Wave,
)
from surveys.models.participants import Unit
from surveys.models.people import Role
from surveys.tenancy import organization_scope
from tests.analytics.test_trend_section import alarm, alarms
from tests.analytics.trend_samples import NAMES, segments, told
from tests.factories import (
    NOW,
    make_member,
    make_organization,
    make_survey,
    make_wave,
)
from tests.released import make_cells, make_release

pytestmark = pytest.mark.usefixtures("database")
KIND = ReleaseMail.Kind.ALARM
OWN, OTHER = "unit:sales", "unit:other"


@pytest.fixture
def organization(database: None) -> Organization:
    return make_organization()


@pytest.fixture
def asked(organization: Organization) -> Wave:
    return make_wave(make_survey(organization, mode=Survey.Mode.ANONYMOUS))


def manager(wave: Wave, unit_name: str, cell: Any) -> None:
    with organization_scope(wave.organization_id):
        organization = wave.organization
    user = make_member(organization, email="lead@example.org", role=Role.MANAGER)
    with organization_scope(organization.pk):
        unit = Unit.objects.create(
            organization=organization,
            code=unit_name,
            name_en=unit_name,
            name_zh_hans=unit_name,
        )
        CellUnit.objects.create(
            organization=organization, wave=wave, unit=unit, cell=cell
        )
        ManagedUnit.objects.create(
            organization=organization,
            membership=Membership.objects.get(user=user),
            unit=unit,
        )


def released(wave: Wave, keys: Sequence[str]) -> Release:
    """Publish a release with an alarm of every key; the cell of OWN is the manager's."""
    cells = make_cells(wave, ("Sales", None, 20), ("Other", None, 20))
    now = {**told((60, 5.0, 1.0), team=(16, 4.0, 1.0)), OTHER: {"CARE": (20, 5.0, 1.0)}}
    shown = segments(
        now, sales={"cell": str(cells[0].pk)}, other={"cell": str(cells[1].pk)}
    )
    manager(wave, "SALES", cells[0])
    fired = [alarm(segment=key, name=NAMES.get(key, NAMES[EVERYONE])) for key in keys]
    texts = {"alarms": alarms(*fired), "segments": shown}
    stored = {name: json.dumps(plain.to_plain(one)) for name, one in texts.items()}
    return make_release(wave, stored)


def send(release: Release) -> dict[str, str]:
    """Queue and send; address -> text of the mail."""
    with organization_scope(release.organization_id):
        queue(release, KIND, at=NOW)
    send_due(NOW + timedelta(minutes=1))
    return {one.to[0]: str(one.body) for one in mail.outbox}


def test_owners_and_analysts_get_every_alarm(
    organization: Organization, asked: Wave
) -> None:
    make_member(organization)
    make_member(organization, email="ana@example.org", role=Role.ANALYST)
    make_member(organization, email="field@example.org", role=Role.FIELDWORKER)
    found = send(released(asked, [OTHER]))
    assert set(found) == {"owner@example.org", "ana@example.org"}
    text = found["owner@example.org"]
    assert "raised an alarm" in text
    assert "发出警报" in text
    assert "fell by 0.70 points since wave 2" in text
    assert "/releases/" in text


def test_a_manager_hears_of_the_own_unit_only(asked: Wave) -> None:
    found = send(released(asked, [OTHER, OWN]))
    text = found["lead@example.org"]
    assert "Sales: Care fell by" in text
    assert "Everyone" not in text
    assert text.count("Care fell by") == 1


@pytest.mark.parametrize("keys", [[OTHER], [EVERYONE], []])
def test_a_manager_whose_unit_has_no_alarm_gets_none(
    asked: Wave, keys: list[str]
) -> None:
    assert "lead@example.org" not in send(released(asked, keys))


def test_without_an_alarm_nobody_gets_a_mail(
    organization: Organization, asked: Wave
) -> None:
    make_member(organization)
    assert send(released(asked, [])) == {}


def test_it_is_sent_once(organization: Organization, asked: Wave) -> None:
    make_member(organization)
    release = released(asked, [OTHER])
    for _ in range(3):
        send(release)
    assert [one.to for one in mail.outbox] == [["owner@example.org"]]


def test_who_may_not_see_the_trend_gets_the_link_alone(
    organization: Organization, asked: Wave
) -> None:
    make_member(organization, email="ana@example.org", role=Role.ANALYST)
    with organization_scope(organization.pk):
        RoleSections.objects.create(
            organization=organization, role=Role.ANALYST, sections=["glance"]
        )
    text = send(released(asked, [OTHER]))["ana@example.org"]
    assert "raised an alarm" in text
    assert "/releases/" in text
    assert "0.70" not in text
    assert "Care" not in text


def test_a_release_that_was_withdrawn_sends_nothing(
    organization: Organization, asked: Wave
) -> None:
    make_member(organization)
    release = released(asked, [OTHER])
    with organization_scope(organization.pk):
        queue(release, KIND, at=NOW)
        Release.objects.filter(pk=release.pk).update(state=Release.State.WITHDRAWN)
    send_due(NOW + timedelta(minutes=1))
    assert mail.outbox == []


def test_ten_alarms_are_told_and_the_others_counted(
    organization: Organization, asked: Wave
) -> None:
    make_member(organization)
    text = send(released(asked, [OTHER] * 11))["owner@example.org"]
    english = text[: text.index("发出警报")]
    assert english.count("Care fell by") == 10
    assert "And 1 more in the report." in text
