"""Identified waves: only the invited answer, once, under their own invitation."""

import html
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import ProgrammingError, connections
from django.test import Client

from surveys.models import Invitation, Organization, Participant, Response, Survey, Wave
from surveys.tenancy import organization_scope
from tests.factories import make_survey, make_wave

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def wave(organization: Organization) -> Wave:
    return make_wave(make_survey(organization, mode=Survey.Mode.IDENTIFIED))


def invite(wave: Wave, name: str = "Wu Lan") -> UUID:
    with organization_scope(wave.organization_id):
        person = Participant.objects.create(
            organization_id=wave.organization_id, name=name
        )
        invitation = Invitation.objects.create(
            organization_id=wave.organization_id,
            wave=wave,
            participant=person,
            channel=Invitation.Channel.NONE,
        )
    return invitation.pk


def address(wave: Wave, key: object, language: str = "en") -> str:
    return f"/s/{wave.pk}/{language}/?r={key}"


def filled(wave: Wave, point: int = 3, **more: str) -> dict[str, str]:
    with organization_scope(wave.organization_id):
        form = wave.form.asked()
    return {item.code: str(point) for item in form.items} | {"consent": "yes", **more}


def answers_of(wave: Wave) -> dict[UUID, list[int]]:
    with organization_scope(wave.organization_id):
        return {r.id: r.answers for r in Response.objects.filter(wave=wave)}


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Your answers are stored together with who you are"),
        ("zh-hans", "您的答案会与您的身份一同保存"),
    ],
)
def test_the_page_says_what_identified_means(
    wave: Wave, language: str, words: str
) -> None:
    reply = Client().get(address(wave, invite(wave), language))
    page = html.unescape(reply.content.decode())
    assert words in page
    assert 'name="consent"' in page
    assert "no-store" in reply["Cache-Control"]
    assert not reply.cookies


def test_an_answer_is_the_answer_of_an_invitation(wave: Wave) -> None:
    key = invite(wave)
    other = invite(wave, "Li Na")
    reply = Client().post(address(wave, key), filled(wave))
    assert reply.status_code == 303
    assert set(answers_of(wave)) == {key}
    with organization_scope(wave.organization_id):
        answered = Response.objects.filter(wave=wave).values("id")
        names = Participant.objects.filter(invitations__in=answered)
        assert [person.name for person in names] == ["Wu Lan"]
    assert other not in answers_of(wave)


@pytest.mark.parametrize("key", ["", "no-key", uuid4()])
@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_else_sees_or_answers_it(wave: Wave, key: Any, method: str) -> None:
    invite(wave)
    reply = getattr(Client(), method)(address(wave, key), filled(wave))
    assert reply.status_code == 404
    assert answers_of(wave) == {}


def test_an_invitation_of_another_wave_is_none(wave: Wave) -> None:
    other = make_wave(make_survey(mode=Survey.Mode.IDENTIFIED))
    reply = Client().post(address(wave, invite(other)), filled(wave))
    assert reply.status_code == 404
    assert answers_of(wave) == {}


def test_without_consent_nothing_is_stored_and_nothing_is_lost(wave: Wave) -> None:
    key = invite(wave)
    sent = filled(wave, 4, comment="Good tea.") | {"consent": ""}
    reply = Client().post(address(wave, key), sent)
    assert reply.status_code == 422
    page = reply.content.decode()
    assert "Please tick that you agree" in page
    assert "Good tea." in page
    assert answers_of(wave) == {}


def test_sending_twice_is_one_answer_and_another_is_refused(wave: Wave) -> None:
    key = invite(wave)
    client, json = Client(), {"HTTP_ACCEPT": "application/json"}
    replies = [
        client.post(address(wave, key), filled(wave, point), **json)  # type: ignore[arg-type]
        for point in (3, 3, 4)
    ]
    assert [reply.status_code for reply in replies] == [201, 200, 409]
    assert set(answers_of(wave)) == {key}


def test_the_language_is_switched_and_the_invitation_kept(wave: Wave) -> None:
    key = invite(wave)
    sent = filled(wave, comment="好茶") | {"switch": "zh-hans"}
    page = Client().post(address(wave, key), sent).content.decode()
    assert '<html lang="zh-Hans"' in page
    assert "好茶" in page
    assert answers_of(wave) == {}


def test_the_database_refuses_an_answer_without_invitation(wave: Wave) -> None:
    """The policy behind the page: the intake's own query is not what holds."""
    invite(wave)
    row = [wave.organization_id, wave.pk, wave.form_id]
    items = wave.form.item_count
    key = uuid4()
    with connections["collector"].cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute(
            "SELECT set_config('trustsurvey.wave', %s, true),"
            " set_config('trustsurvey.response', %s, true)",
            [str(wave.pk), str(key)],
        )
        with pytest.raises(ProgrammingError, match="row-level security"):
            cursor.execute(
                "INSERT INTO surveys_response (organization_id, wave_id, form_id, id,"
                " item_count, answers, language) VALUES (%s, %s, %s, %s, %s, %s, 'en')",
                [*row, key, items, [1] * items],
            )
        cursor.execute("ROLLBACK")


@pytest.mark.parametrize("column", ["participant_id", "state", "channel", "*"])
def test_the_collector_never_sees_who_is_invited(wave: Wave, column: str) -> None:
    key = invite(wave)
    with connections["collector"].cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute(
            "SELECT set_config('trustsurvey.wave', %s, true)", [str(wave.pk)]
        )
        cursor.execute("SELECT count(id) FROM surveys_invitation")
        assert cursor.fetchone() == (0,)
        cursor.execute(
            "SELECT set_config('trustsurvey.response', %s, true)", [str(key)]
        )
        cursor.execute("SELECT id FROM surveys_invitation")
        assert cursor.fetchall() == [(key,)]
        with pytest.raises(ProgrammingError, match="permission denied"):
            cursor.execute(f"SELECT {column} FROM surveys_invitation")
        cursor.execute("ROLLBACK")


@pytest.mark.parametrize("mode", [Survey.Mode.OPEN, Survey.Mode.IDENTIFIED])
def test_a_paused_wave_takes_nothing_and_says_so(
    organization: Organization, mode: str
) -> None:
    wave = make_wave(make_survey(organization, mode=mode))
    client = Client()
    if mode == Survey.Mode.OPEN:
        opened = client.get(f"/s/{wave.pk}/")["Location"]
    else:
        opened = address(wave, invite(wave))
    with organization_scope(organization.pk):
        Wave.objects.filter(pk=wave.pk).update(paused_at=wave.opened_at)
    for reply in (client.get(opened), client.post(opened, filled(wave))):
        assert reply.status_code == 503
        assert "This survey is paused" in reply.content.decode()
        assert reply["Retry-After"] == "3600"
    assert answers_of(wave) == {}
    with organization_scope(organization.pk):
        Wave.objects.filter(pk=wave.pk).update(paused_at=None)
    assert client.post(opened, filled(wave)).status_code == 303
    assert len(answers_of(wave)) == 1
