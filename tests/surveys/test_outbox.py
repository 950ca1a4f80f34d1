"""What is due is sent: once, under one Message-ID, whatever the mail server says."""

import re
import threading
from base64 import b64encode
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings as site
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from surveys.collect.intake import find_wave, receive
from surveys.collect.sealed import receive_typed
from surveys.fieldwork import bounces, outbox
from surveys.fieldwork.composing import Composer
from surveys.fieldwork.inviting import plan_reminders
from surveys.fieldwork.outbox import LEASE, MOST_ATTEMPTS, Tally, pause_after, run
from surveys.fieldwork.reminding import remind_due
from surveys.launching import codes_of
from surveys.models import Invitation, Message, Participant, Survey, Wave
from surveys.tenancy import organization_scope
from tests import catcher as failing
from tests.catcher import Catcher, catching
from tests.factories import NOW
from tests.surveys.asked import invitations, make_asked, messages
from tests.surveys.promised import collected, obtain, public_key_of, sheet
from trustsurvey.mail import NOT_SET_UP, SMTP

SENT = Message.State.SENT


class Clock:
    """Stands still until somebody moves it."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def server(settings: Any) -> Iterator[Catcher]:
    with catching() as caught:
        settings.EMAIL_BACKEND = SMTP
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", caught.port
        settings.EMAIL_USE_TLS = False
        settings.MAIL_PER_MINUTE = 600_000
        settings.SITE_URL = "https://trust.example.org"
        settings.DEFAULT_FROM_EMAIL = "surveys@trust.example.org"
        yield caught


@pytest.fixture
def clock() -> Clock:
    return Clock()


def waits(wave: Wave) -> set[str]:
    return {one.state for one in messages(wave)}


def test_everybody_gets_one_mail_under_the_id_that_was_queued(
    database: None, server: Catcher, clock: Clock
) -> None:
    wave = make_asked()
    assert run(clock=clock) == Tally(sent=22)
    assert run(clock=clock) == Tally()
    queued = {one.message_id: one.invitation for one in messages(wave)}
    assert set(server.number_of().values()) == {1}
    assert len(server.mails) == 22
    for mail in server.mails:
        person = queued[mail.message_id].participant
        assert person is not None
        assert person.email == mail.to
    assert waits(wave) == {SENT}
    assert {one.state for one in invitations(wave)} == {"asked"}
    assert server.connections == 1


def test_a_mail_says_who_writes_and_how_to_get_no_more(
    database: None, server: Catcher, clock: Clock
) -> None:
    make_asked()
    run(clock=clock)
    sent = server.mails[0].content
    assert sent["From"] == "Harbour Tea <surveys@trust.example.org>"
    assert sent["Auto-Submitted"] == "auto-generated"
    assert sent["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert re.fullmatch(
        r"<https://trust\.example\.org/out/[\w-]{64}/>",
        sent["List-Unsubscribe"].strip(),
    )
    assert sent["Message-ID"].endswith("@trust.example.org>")
    html = sent.get_body(("html",))
    assert html is not None
    assert not re.search(r"<(img|script|iframe|link|style)\b", html.get_content())


def test_every_link_opens_the_survey_for_one_person(
    database: None, server: Catcher, clock: Clock
) -> None:
    from surveys.issue.issuer import cell_of

    wave = make_asked()
    run(clock=clock)
    codes = set()
    for mail in server.mails:
        text = mail.content.get_body(("plain",))
        assert text is not None
        found = re.search(r"/s/([0-9a-f-]{36})/en/#([\w-]{22})\s", text.get_content())
        assert found is not None
        assert found[1] == str(wave.pk)
        codes.add(found[2])
    assert len(codes) == 22
    # the issuer knows every one of them, and raises where it does not
    cells = {cell_of(wave.pk, code) for code in codes}
    assert cells == {one.cell_id for one in invitations(wave)}


def test_nothing_leaves_before_the_wave_is_open_or_after_it_closed(
    database: None, server: Catcher, clock: Clock
) -> None:
    from surveys.launching import open_prepared
    from surveys.mixing import close_issuing

    wave = make_asked(opened=False)
    assert run(clock=clock) == Tally()
    open_prepared(wave.organization_id, wave.pk)
    with organization_scope(wave.organization_id):
        # a worker died with this one in its hands
        first = Message.objects.order_by("pk")[0].pk
        Message.objects.filter(pk=first).update(state="sending")
    close_issuing(wave.organization_id, wave.pk, at=NOW)
    assert run(clock=clock) == Tally()
    assert waits(wave) == {"skipped"}
    assert server.mails == []


def test_without_a_mail_server_messages_wait(
    database: None, server: Catcher, clock: Clock, settings: Any
) -> None:
    wave = make_asked(Survey.Mode.OPEN)
    settings.EMAIL_BACKEND = NOT_SET_UP
    assert run(clock=clock) == Tally()
    assert waits(wave) == {"waiting"}
    settings.EMAIL_BACKEND = SMTP
    assert run(clock=clock).sent == 22


def test_a_refused_recipient_is_not_written_to_again(
    database: None, server: Catcher, clock: Clock
) -> None:
    wave = make_asked(Survey.Mode.OPEN)
    person = invitations(wave)[0].participant
    assert person is not None
    server.nowhere = {person.email}
    assert run(clock=clock) == Tally(sent=21, bounced=1)
    (back,) = messages(wave, state="bounced")
    assert back.problem.startswith("550 5.1.1 No such user")
    with organization_scope(wave.organization_id):
        assert Participant.objects.get(pk=person.pk).bounced_at == NOW
    assert invitations(wave)[0].state == "unreachable"


def test_who_has_a_new_address_can_be_sent_to_again(
    database: None, server: Catcher, clock: Clock
) -> None:
    wave = make_asked(Survey.Mode.OPEN)
    person = invitations(wave)[0].participant
    assert person is not None
    server.nowhere = {person.email}
    run(clock=clock)
    with organization_scope(wave.organization_id):
        assert outbox.send_again(wave, now=NOW) == 0
        Participant.objects.filter(pk=person.pk).update(
            email="new@example.org", bounced_at=None
        )
        assert outbox.send_again(wave, now=NOW) == 1
    assert run(clock=clock) == Tally(sent=1)
    assert server.mails[-1].to == "new@example.org"


def test_what_came_back_is_marked_key_by_key(
    database: None, server: Catcher, clock: Clock
) -> None:
    """Where nothing is counted yet, an UPDATE over joined tables takes hours."""
    wave = make_asked(Survey.Mode.OPEN)
    person = invitations(wave)[0].participant
    assert person is not None
    server.nowhere = {person.email}
    with CaptureQueriesContext(connections["default"]) as asked:
        run(clock=clock)
        with organization_scope(wave.organization_id):
            Participant.objects.filter(pk=person.pk).update(bounced_at=None)
            assert outbox.send_again(wave, now=NOW) == 1
            bounces.came_back(person, at=NOW)
    changes = [one["sql"] for one in asked if one["sql"].startswith("UPDATE")]
    assert any("bounced_at" in one for one in changes)
    assert [one for one in changes if " JOIN " in one] == []


@pytest.mark.parametrize(
    "way", [failing.RECIPIENT_LATER, failing.MAIL_LATER, failing.MAIL_REFUSED]
)
def test_a_mail_refused_for_now_is_tried_later_with_growing_pauses(
    database: None, server: Catcher, clock: Clock, way: str
) -> None:
    wave = make_asked(Survey.Mode.OPEN)
    server.fails = lambda among: way
    assert run(clock=clock) == Tally(later=22)
    assert run(clock=clock) == Tally()
    first = messages(wave)
    assert {one.attempts for one in first} == {1}
    assert {one.state for one in first} == {"waiting"}
    clock.now += timedelta(minutes=2)
    server.fails = lambda among: ""
    assert run(clock=clock) == Tally(sent=22)
    assert {one.message_id for one in first} == {m.message_id for m in server.mails}


def test_after_many_refusals_a_message_fails_and_can_be_sent_again(
    database: None, server: Catcher, clock: Clock
) -> None:
    wave = make_asked(Survey.Mode.OPEN, teams=(1,))
    server.fails = lambda among: failing.MAIL_REFUSED
    for _ in range(MOST_ATTEMPTS):
        run(clock=clock)
        clock.now += timedelta(hours=6)
    (failed,) = messages(wave)
    assert failed.state == "failed"
    assert failed.problem.startswith("554")
    server.fails = lambda among: ""
    assert run(clock=clock) == Tally()
    with organization_scope(wave.organization_id):
        assert outbox.send_again(wave, now=clock.now) == 1
    assert run(clock=clock) == Tally(sent=1)


def test_pauses_double_up_to_four_hours() -> None:
    """Between 0.8 and 1.2 of 1, 2, 4, ... minutes."""
    for attempts, minutes in ((1, 1), (2, 2), (5, 16), (9, 240), (14, 240)):
        pause = pause_after(attempts) / timedelta(minutes=minutes)
        assert 0.8 <= pause <= 1.2


@pytest.mark.parametrize("way", [failing.REFUSED, failing.BUSY])
def test_a_server_that_is_down_is_asked_once_and_no_message_is_charged(
    database: None, server: Catcher, clock: Clock, way: str
) -> None:
    wave = make_asked(Survey.Mode.OPEN)
    server.fails = lambda among: way
    tally = run(clock=clock)
    assert tally.halted
    assert tally.sent == tally.later == 0
    assert server.connections == 1
    assert {one.attempts for one in messages(wave)} == {0}
    assert waits(wave) == {"waiting"}
    clock.now += timedelta(minutes=2)
    server.fails = lambda among: ""
    assert run(clock=clock) == Tally(sent=22)


def test_a_reply_that_was_lost_makes_at_most_one_more_of_the_same_mail(
    database: None, server: Catcher, clock: Clock
) -> None:
    make_asked(Survey.Mode.OPEN)
    left = [failing.CUT] * 3
    server.fails = lambda among: left.pop() if failing.CUT in among and left else ""
    assert run(clock=clock) == Tally(sent=19, later=3)
    clock.now += timedelta(minutes=2)
    run(clock=clock)
    assert sorted(server.number_of().values()) == [1] * 19 + [2] * 3
    assert len({mail.message_id for mail in server.mails}) == 22


def test_what_a_dead_worker_had_taken_is_sent_once_its_lease_is_over(
    database: None, server: Catcher, clock: Clock
) -> None:
    wave = make_asked(Survey.Mode.OPEN)
    with organization_scope(wave.organization_id):
        Message.objects.filter(wave=wave).update(
            state="sending", next_try_at=NOW + LEASE
        )
    assert run(clock=clock) == Tally()
    clock.now += LEASE
    assert run(clock=clock) == Tally(sent=22)


def test_two_workers_at_once_send_everything_once(
    database: None, server: Catcher, clock: Clock
) -> None:
    make_asked(Survey.Mode.OPEN)
    tallies: list[Tally] = []

    def work() -> None:
        try:
            tallies.append(run(clock=clock))
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(tally.sent for tally in tallies) == 22
    assert set(server.number_of().values()) == {1}


def test_a_run_stops_after_its_time_and_leaves_the_rest_due(
    database: None, server: Catcher, clock: Clock
) -> None:
    wave = make_asked(Survey.Mode.OPEN)
    tally = run(clock=clock, seconds=-1.0)
    assert tally == Tally(more=True)
    assert waits(wave) == {"waiting"}
    assert run(clock=clock) == Tally(sent=22)


def test_the_pace_of_the_site_is_kept(
    database: None, server: Catcher, clock: Clock, settings: Any
) -> None:
    import time

    make_asked(Survey.Mode.OPEN, teams=(6,))
    settings.MAIL_PER_MINUTE = 600
    begun = time.monotonic()
    assert run(clock=clock).sent == 6
    assert time.monotonic() - begun >= 0.5  # five pauses of a tenth of a second


def test_who_opted_out_in_the_meantime_gets_nothing(
    database: None, server: Catcher, clock: Clock
) -> None:
    wave = make_asked(Survey.Mode.OPEN)
    person = invitations(wave)[0].participant
    assert person is not None
    with organization_scope(wave.organization_id):
        Participant.objects.filter(pk=person.pk).update(opted_out_at=NOW)
    assert run(clock=clock) == Tally(sent=21)
    assert person.email not in server.number_of()


@pytest.mark.parametrize("mode", ["anonymous", "confidential", "identified"])
def test_who_opened_while_a_reminder_waited_gets_none(
    database: None, server: Catcher, clock: Clock, mode: str
) -> None:
    """The server was away for an hour; three have opened or answered in it."""
    wave = make_asked(mode)
    assert run(clock=clock).sent == 22
    clock.now += timedelta(days=2)
    with organization_scope(wave.organization_id):
        plan_reminders(wave, [clock.now])
    assert remind_due(clock.now) == 22
    server.fails = lambda among: failing.REFUSED
    assert run(clock=clock).sent == 0
    opened = {open_or_answer(wave, one) for one in invitations(wave)[:3]}
    server.fails = lambda among: ""
    clock.now += timedelta(hours=1)
    server.mails.clear()
    assert run(clock=clock).sent == 19
    assert not opened & {mail.to for mail in server.mails}
    # no row is left that would tell who opened in between
    assert len(messages(wave, kind="reminder")) == 19


def open_or_answer(wave: Wave, one: Invitation) -> str:
    """Use the link of a mail; return who did."""
    assert one.participant is not None
    if one.cell is None or one.number is None:
        asked = find_wave(wave.pk, "identified")
        assert asked is not None
        receive(asked, key=one.pk, answers=(3,) * wave.form.item_count, language="en")
        return one.participant.email
    code = list(codes_of(one.cell, wave.survey.mode))[one.number]
    ours = collected(wave)
    if wave.survey.mode == Survey.Mode.CONFIDENTIAL:
        receive_typed(ours, typed=code, sheet=sheet(ours))
    else:
        obtain(wave, code, public_key_of(ours, one.cell))
    return one.participant.email


def test_a_mail_in_both_languages_where_nobody_knows_which(
    database: None, server: Catcher, clock: Clock
) -> None:
    make_asked(Survey.Mode.OPEN, language="")
    run(clock=clock)
    text = server.mails[0].content.get_body(("plain",))
    assert text is not None
    assert "Hello Person" in text.get_content()
    assert "您好" in text.get_content()


def test_whose_mail_came_back_later_is_marked_and_sent_to_again(
    database: None, server: Catcher, clock: Clock
) -> None:
    wave = make_asked()
    run(clock=clock)
    invitation, *others = invitations(wave)
    person = invitation.participant
    assert person is not None
    with organization_scope(wave.organization_id):
        bounces.came_back(person, at=clock.now)
        plan_reminders(wave, [clock.now])
        assert outbox.to_send_again(wave).count() == 0
    assert remind_due(clock.now) == len(others)
    assert run(clock=clock).sent == len(others)
    with organization_scope(wave.organization_id):
        Participant.objects.filter(pk=person.pk).update(
            email="new@example.org", bounced_at=None
        )
        assert outbox.send_again(wave, now=clock.now) == 1
    assert run(clock=clock) == Tally(sent=1)
    assert server.mails[-1].to == "new@example.org"
    assert {one.state for one in invitations(wave)} == {"asked"}


def test_a_provider_tells_of_a_bounce_afterwards(
    database: None, server: Catcher, clock: Clock
) -> None:
    wave = make_asked(Survey.Mode.OPEN)
    run(clock=clock)
    first, second, *_ = messages(wave)
    assert bounces.note(str(first.pk), "bounced", "550 mailbox is gone")
    assert bounces.note(str(second.pk), "complained", "")
    assert not bounces.note("nonsense", "bounced", "")
    people = {one.pk: one.participant for one in invitations(wave)}
    gone, annoyed = people[first.invitation_id], people[second.invitation_id]
    assert gone is not None
    assert gone.bounced_at is not None
    assert annoyed is not None
    assert annoyed.opted_out_at is not None
    states = {one.pk: one.state for one in invitations(wave)}
    assert states[first.invitation_id] == Invitation.State.UNREACHABLE
    assert states[second.invitation_id] == Invitation.State.WITHDRAWN


def test_postmark_tells_under_a_secret_only(
    database: None, server: Catcher, clock: Clock, settings: Any
) -> None:
    """The address of anymail, with a bounce as Postmark's documentation shows it."""
    settings.ROOT_URLCONF = "tests.surveys.mail_urls"
    settings.ANYMAIL = {"WEBHOOK_SECRET": "name:password"}
    wave = make_asked(Survey.Mode.OPEN, teams=(2,))
    run(clock=clock)
    first, _ = messages(wave)
    bounce = {
        "RecordType": "Bounce",
        "Type": "HardBounce",
        "TypeCode": 1,
        "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
        "Description": "The server was unable to deliver your message.",
        "Details": "550 5.1.1 No such user",
        "Email": "john@example.com",
        "BouncedAt": "2026-01-15T12:00:00Z",
        "Metadata": {"message": str(first.pk)},
    }
    told = Client(raise_request_exception=False)
    address, kind = "/mail/postmark/tracking/", "application/json"
    assert told.post(address, bounce, content_type=kind).status_code == 400
    assert messages(wave)[0].state == SENT
    known = {"Authorization": "Basic " + b64encode(b"name:password").decode()}
    reply = told.post(address, bounce, content_type=kind, headers=known)
    assert reply.status_code == 200
    assert messages(wave)[0].state == "bounced"


def test_a_name_that_no_mail_can_carry_stops_nobody_else(
    database: None, server: Catcher, clock: Clock
) -> None:
    wave = make_asked(Survey.Mode.OPEN, teams=(12,))
    person = invitations(wave)[0].participant
    assert person is not None
    with organization_scope(wave.organization_id):
        Participant.objects.filter(pk=person.pk).update(
            email="two@at@signs, and@more", name="Wu\r\nBcc: x@example.org"
        )
    assert run(clock=clock) == Tally(sent=11, bounced=1)
    assert len(server.mails) == 11


def test_one_organization_in_trouble_does_not_stop_the_others(
    database: None,
    server: Catcher,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    broken, sound = make_asked(Survey.Mode.OPEN), make_asked(Survey.Mode.OPEN)
    compose = Composer.envelope

    def fails(composer: Composer, message: Message, person: Participant) -> Any:
        if message.organization_id == broken.organization_id:
            raise RuntimeError("its form cannot be read")
        return compose(composer, message, person)

    monkeypatch.setattr(Composer, "envelope", fails)
    assert run(clock=clock) == Tally(sent=22)
    assert waits(broken) == {"waiting"}
    assert waits(sound) == {SENT}
    assert "its form cannot be read" in caplog.text


def test_many_who_are_not_asked_any_more_are_passed_over(
    database: None, server: Catcher, clock: Clock
) -> None:
    wave = make_asked(Survey.Mode.OPEN, teams=(40,))
    with organization_scope(wave.organization_id):
        Participant.objects.update(opted_out_at=NOW)
    assert run(clock=clock) == Tally()
    assert waits(wave) == {"skipped"}


def test_the_site_says_nothing_of_mail_by_default() -> None:
    assert site.MAIL.backend == NOT_SET_UP
