"""Who is asked: cells, codes by chance, one message each, reminders, the way out."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import connections
from django.test import Client

from surveys.credentials import code_digest
from surveys.fieldwork import optout
from surveys.fieldwork.cells import TooFewPeople
from surveys.fieldwork.inviting import NobodyToAsk, invite, plan_reminders, reach
from surveys.fieldwork.reminding import forget_reminders, remind_due
from surveys.launching import codes_of
from surveys.models import (
    Cell,
    Invitation,
    Message,
    Participant,
    Reminder,
    Survey,
    Wave,
)
from surveys.tenancy import organization_scope
from tests.factories import NOW, make_form, make_organization, make_survey
from tests.surveys.asked import (
    invitations,
    make_asked,
    make_people,
    messages,
    read,
)
from tests.surveys.promised import answer_typed, collected, obtain, public_key_of

LATER = NOW + timedelta(days=3)


def mark_sent(wave: Wave) -> None:
    with organization_scope(wave.organization_id):
        Message.objects.filter(wave=wave).update(state="sent", sent_at=NOW)
        Invitation.objects.filter(wave=wave).update(state="asked")


def plan(wave: Wave, *days: int, last_call: int | None = None) -> None:
    last = None if last_call is None else NOW + timedelta(days=last_call)
    with organization_scope(wave.organization_id):
        found = [NOW + timedelta(days=day) for day in days]
        plan_reminders(wave, found, last_call=last)


def days_of(wave: Wave) -> list[tuple[str, int, int, bool]]:
    """Kind, round, days after the opening and whether it is done, as they come."""
    with organization_scope(wave.organization_id):
        rows = Reminder.objects.filter(wave=wave).order_by("due_at")
        return [
            (one.kind, one.round, (one.due_at - NOW).days, one.done_at is not None)
            for one in rows
        ]


def code_of(wave: Wave, invitation: Invitation) -> str:
    assert invitation.cell is not None
    assert invitation.number is not None
    return list(codes_of(invitation.cell, wave.survey.mode))[invitation.number]


def test_cells_have_exactly_as_many_invitations_as_they_promise(database: None) -> None:
    wave = make_asked(teams=(10, 12, 3))
    counted = Counter(one.cell_id for one in invitations(wave))
    with organization_scope(wave.organization_id):
        promised = {
            cell.pk: cell.invited
            for cell in Cell.objects.filter(wave=wave)
            if cell.invited
        }
    assert counted == promised
    assert sum(promised.values()) == 25


def test_codes_are_drawn_by_chance_and_each_belongs_to_one(database: None) -> None:
    """In order of names the 30 numbers would be sorted; by chance that is 1 in 10^32."""
    wave = make_asked(teams=(30,))
    found = invitations(wave)
    by_name = sorted(found, key=lambda one: int(str(one.participant)[7:]))
    numbers = [one.number for one in by_name]
    assert sorted(n for n in numbers if n is not None) == list(range(30))
    assert numbers != sorted(n for n in numbers if n is not None)
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT code FROM issuer.invitation WHERE wave_id = %s", [wave.pk]
        )
        known = {bytes(code) for (code,) in cursor.fetchall()}
    assert {code_digest(code_of(wave, one)) for one in found} == known


def test_everybody_gets_one_message_which_waits_for_the_opening(database: None) -> None:
    wave = make_asked(opened=False)
    queued = messages(wave)
    assert len(queued) == 22
    assert len({one.message_id for one in queued}) == 22
    with organization_scope(wave.organization_id):
        assert not Message.objects.due_at(LATER).exists()
    from surveys.launching import open_prepared

    open_prepared(wave.organization_id, wave.pk)
    with organization_scope(wave.organization_id):
        assert Message.objects.due_at(LATER).count() == 22


def test_who_opted_out_left_or_cannot_be_reached_is_not_asked(database: None) -> None:
    people = make_people(make_organization(), 5)
    people[0].opted_out_at = NOW
    people[1].active = False
    people[2].email, people[2].phone = "", "+86 10 1234"
    people[3].bounced_at = NOW
    found = reach(people, by_phone=False)
    assert [one for one, _ in found.asked] == [people[4]]
    assert list(found.out) == people[:2]
    assert list(found.unreachable) == people[2:4]
    by_phone = reach(people, by_phone=True)
    assert (people[2], "phone") in by_phone.asked


def test_seven_people_are_too_few_for_a_promise(database: None) -> None:
    with pytest.raises(TooFewPeople, match="no group may be smaller than 8"):
        make_asked(teams=(7,))


def test_nobody_is_no_wave(database: None) -> None:
    survey = make_survey(mode=Survey.Mode.ANONYMOUS)
    make_form(survey)
    with pytest.raises(NobodyToAsk), organization_scope(survey.organization_id):
        invite(survey=survey, people=[], at=NOW)


def test_on_paper_it_is_known_who_is_asked_and_not_with_which_code(
    database: None,
) -> None:
    survey = make_survey(mode=Survey.Mode.ANONYMOUS)
    make_form(survey)
    people = make_people(survey.organization, 9)
    with organization_scope(survey.organization_id):
        wave = invite(survey=survey, people=people, at=NOW, on_paper=True)
    found = invitations(wave)
    assert {one.number for one in found} == {None}
    assert {one.channel for one in found} == {"paper"}
    assert messages(wave) == []


def test_an_erased_person_leaves_an_invitation_of_nobody(database: None) -> None:
    wave = make_asked()
    person = invitations(wave)[0].participant
    assert person is not None
    with organization_scope(wave.organization_id):
        Participant.objects.filter(pk=person.pk).delete()
    assert invitations(wave)[0].participant is None
    assert len(invitations(wave)) == 22


def test_reminders_go_to_those_who_have_not_opened(database: None) -> None:
    wave = make_asked()
    mark_sent(wave)
    plan(wave, 3, 6)
    asked = collected(wave)
    opened = invitations(wave)[:5]
    for one in opened:
        assert one.cell is not None
        obtain(wave, code_of(wave, one), public_key_of(asked, one.cell))
    assert remind_due(NOW) == 0
    assert remind_due(LATER) == 17
    assert remind_due(LATER) == 0
    reminded = {one.invitation_id for one in messages(wave, kind="reminder")}
    assert reminded == {one.pk for one in invitations(wave)} - {o.pk for o in opened}
    # the next day looks again
    assert remind_due(NOW + timedelta(days=7)) == 17
    rounds = Counter(one.round for one in messages(wave, kind="reminder"))
    assert rounds == {1: 17, 2: 17}


def test_confidential_reminders_skip_whose_code_was_typed(database: None) -> None:
    wave = make_asked(Survey.Mode.CONFIDENTIAL, teams=(12,))
    mark_sent(wave)
    plan(wave, 3)
    (cell,) = {one.cell for one in invitations(wave) if one.cell}
    assert len(list(answer_typed(wave, cell, 4))) == 4
    assert remind_due(LATER) == 8
    reminded = {one.invitation_id for one in messages(wave, kind="reminder")}
    typed = {one.pk for one in invitations(wave) if (one.number or 0) < 4}
    assert not reminded & typed


def test_identified_reminders_skip_who_has_answered(database: None) -> None:
    from surveys.collect.intake import Receipt, find_wave, receive

    wave = make_asked(Survey.Mode.IDENTIFIED, teams=(5,))
    mark_sent(wave)
    plan(wave, 3)
    asked = find_wave(wave.pk, "identified")
    assert asked is not None
    first, *others = invitations(wave)
    answers = (3,) * wave.form.item_count
    stored = receive(asked, key=first.pk, answers=answers, language="en", texts={})
    assert stored is Receipt.STORED
    assert remind_due(LATER) == 4
    reminded = {one.invitation_id for one in messages(wave, kind="reminder")}
    assert reminded == {one.pk for one in others}


def test_the_link_of_an_identified_mail_opens_ones_own_form(database: None) -> None:
    from surveys.fieldwork.composing import link

    wave = make_asked(Survey.Mode.IDENTIFIED, teams=(2,))
    first, _ = invitations(wave)
    address = link(wave, "en", first, "").removeprefix("http://localhost:8000")
    assert address == f"/s/{wave.pk}/en/?r={first.pk}"
    assert Client().get(address).status_code == 200


def test_a_paused_wave_sends_nothing_until_it_goes_on(database: None) -> None:
    wave = make_asked(Survey.Mode.IDENTIFIED, teams=(5,))
    plan(wave, 3)
    with organization_scope(wave.organization_id):
        assert Message.objects.due_at(LATER).count() == 5
        Wave.objects.filter(pk=wave.pk).update(paused_at=LATER)
        assert not Message.objects.due_at(LATER).exists()
    mark_sent(wave)
    assert remind_due(LATER) == 0
    with organization_scope(wave.organization_id):
        Wave.objects.filter(pk=wave.pk).update(paused_at=None)
    assert remind_due(LATER) == 5


def test_who_was_never_reached_is_not_reminded(database: None) -> None:
    wave = make_asked()
    plan(wave, 3)
    assert remind_due(LATER) == 0


def test_an_open_link_reminds_nobody(database: None) -> None:
    wave = make_asked(Survey.Mode.OPEN)
    with pytest.raises(ValueError, match="open link"):
        plan(wave, 3)


def test_planning_again_keeps_what_was_done(database: None) -> None:
    """The days that are handed in are those to come; their numbers follow."""
    wave = make_asked()
    mark_sent(wave)
    plan(wave, 3, 6)
    remind_due(LATER)
    plan(wave, 6, 9)
    plan(wave, 6, 9)
    assert days_of(wave) == [
        ("reminder", 1, 3, True),
        ("reminder", 2, 6, False),
        ("reminder", 3, 9, False),
    ]
    assert remind_due(NOW + timedelta(days=6)) == 22


def test_a_second_last_call_is_planned_too(database: None) -> None:
    wave = make_asked()
    mark_sent(wave)
    plan(wave, last_call=3)
    remind_due(LATER)
    plan(wave, last_call=8)
    assert days_of(wave) == [("last_call", 1, 3, True), ("last_call", 2, 8, False)]


def test_of_days_that_passed_meanwhile_the_newest_alone_is_sent(
    database: None,
) -> None:
    """A worker that was off over both days writes once; the older day is over."""
    wave = make_asked()
    mark_sent(wave)
    plan(wave, 2, 4, 6)
    assert remind_due(NOW + timedelta(days=5)) == 22
    assert remind_due(NOW + timedelta(days=5)) == 0
    assert {one.round for one in messages(wave, kind="reminder")} == {2}
    assert [done for *_, done in days_of(wave)] == [True, True, False]
    assert remind_due(NOW + timedelta(days=6)) == 22


def test_a_last_call_takes_the_place_of_a_reminder_that_is_late_too(
    database: None,
) -> None:
    wave = make_asked()
    mark_sent(wave)
    plan(wave, 2, last_call=4)
    assert remind_due(NOW + timedelta(days=5)) == 22
    assert {one.kind for one in messages(wave)} == {"invitation", "last_call"}


def test_days_within_a_pause_are_one_reminder_afterwards(database: None) -> None:
    wave = make_asked()
    mark_sent(wave)
    plan(wave, 2, 4)
    with organization_scope(wave.organization_id):
        Wave.objects.filter(pk=wave.pk).update(paused_at=NOW)
    assert remind_due(NOW + timedelta(days=5)) == 0
    with organization_scope(wave.organization_id):
        Wave.objects.filter(pk=wave.pk).update(paused_at=None)
    assert remind_due(NOW + timedelta(days=5)) == 22


def test_a_reminder_that_still_waits_gives_way_to_the_next(database: None) -> None:
    """Where the mail server was away for both days, nobody gets two at once."""
    wave = make_asked()
    mark_sent(wave)
    plan(wave, 2, 4)
    assert remind_due(NOW + timedelta(days=2)) == 22
    assert remind_due(NOW + timedelta(days=4)) == 22
    states = Counter((m.round, m.state) for m in messages(wave, kind="reminder"))
    assert states == {(1, "skipped"): 22, (2, "waiting"): 22}


def test_a_closed_wave_reminds_nobody(database: None) -> None:
    from surveys.mixing import close_issuing

    wave = make_asked()
    mark_sent(wave)
    plan(wave, 3)
    close_issuing(wave.organization_id, wave.pk, at=NOW)
    assert remind_due(LATER) == 0
    assert read(wave).state == Wave.State.GRACE


def test_who_was_reminded_is_forgotten_once_the_wave_is_over(database: None) -> None:
    from surveys.mixing import close_issuing, finish

    wave = make_asked()
    mark_sent(wave)
    plan(wave, 3)
    assert remind_due(LATER) == 22
    close_issuing(wave.organization_id, wave.pk, at=LATER)
    assert forget_reminders() == 0
    assert finish(wave.pk)
    assert forget_reminders() == 22
    assert forget_reminders() == 0
    assert {one.kind for one in messages(wave)} == {"invitation"}


# ---- the way out


def test_the_way_out_needs_no_sign_in_and_looking_changes_nothing(
    database: None,
) -> None:
    wave = make_asked()
    person = invitations(wave)[0].participant
    assert person is not None
    address = f"/out/{optout.token_for(wave.organization_id, person.pk)}/"
    browser = Client(enforce_csrf_checks=True)
    page = browser.get(address)
    assert page.status_code == 200
    assert not page.cookies
    assert optout.is_out(wave.organization_id, person.pk) is False
    assert browser.post(address).status_code == 303
    assert optout.is_out(wave.organization_id, person.pk) is True
    waiting = messages(wave, invitation__participant=person)
    assert [one.state for one in waiting] == ["skipped"]
    assert "Ask me again" in browser.get(address + "?language=en").content.decode()
    assert browser.post(address, {"undo": "true"}).status_code == 303
    assert optout.is_out(wave.organization_id, person.pk) is False


def test_a_mail_program_opts_out_in_one_click(database: None) -> None:
    wave = make_asked()
    person = invitations(wave)[0].participant
    assert person is not None
    address = f"/out/{optout.token_for(wave.organization_id, person.pk)}/"
    reply = Client(enforce_csrf_checks=True).post(
        address,
        "List-Unsubscribe=One-Click",
        content_type="application/x-www-form-urlencoded",
    )
    assert reply.status_code == 200
    assert optout.is_out(wave.organization_id, person.pk) is True


def test_a_token_opens_one_person_and_cannot_be_made_up(database: None) -> None:
    wave = make_asked()
    people = [one.participant for one in invitations(wave)[:2]]
    tokens = [optout.token_for(wave.organization_id, one.pk) for one in people if one]
    assert tokens[0] != tokens[1]
    mixed = tokens[0][:43] + tokens[1][43:]
    for wrong in (mixed, "", "nonsense", tokens[0][:-4], "é"):
        assert optout.read_token(wrong) is None
    assert Client().get(f"/out/{mixed}/").status_code == 404
    assert Client().post(f"/out/{mixed}/").status_code == 404


def test_a_reminder_leaves_no_mark_on_who_was_reminded(database: None) -> None:
    """The message's foreign key would lock, and so mark, only theirs."""
    wave = make_asked()
    mark_sent(wave)
    cell = invitations(wave)[0].cell
    assert cell is not None
    obtain(
        wave, code_of(wave, invitations(wave)[0]), public_key_of(collected(wave), cell)
    )
    plan(wave, 1)
    assert remind_due(LATER) == 21
    marks = "SELECT count(DISTINCT (xmin::text, xmax::text)) FROM surveys_invitation"
    with (
        organization_scope(wave.organization_id),
        connections["default"].cursor() as db,
    ):
        db.execute(marks)
        assert db.fetchone() == (1,)
