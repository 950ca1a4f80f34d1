"""How each rule about invitations and messages is broken; test_constraints.py runs them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from tests.factories import NOW
from tests.surveys.library_rules import Desk
from tests.surveys.promise_rules import cell, twice


def participant(desk: Desk, **changed: Any) -> UUID:
    row: dict[str, Any] = {
        "id": uuid4(),
        "organization_id": desk.key,
        "key": uuid4().hex,
        "email": "",
        "phone": "",
        "name": "",
        "language": "",
        "attributes": "{}",
        "active": True,
    }
    row |= changed
    desk.insert("surveys_participant", **row)
    key: UUID = row["id"]
    return key


def invitation(desk: Desk, **changed: Any) -> UUID:
    row: dict[str, Any] = {
        "id": uuid4(),
        "organization_id": desk.key,
        "wave_id": desk.wave.pk,
        "participant_id": None,
        "cell_id": None,
        "number": None,
        "language": "",
        "channel": "email",
        "state": "listed",
    }
    row |= changed
    desk.insert("surveys_invitation", **row)
    key: UUID = row["id"]
    return key


def same_code_twice(desk: Desk) -> None:
    unit = cell(desk)
    twice(invitation, desk, cell_id=unit, number=0)


def same_participant_twice(desk: Desk) -> None:
    twice(invitation, desk, participant_id=participant(desk))


def change_invitation(desk: Desk) -> None:
    invitation(desk)
    desk.run("UPDATE surveys_invitation SET language = 'en'")


def more_invitations_than_codes(desk: Desk) -> None:
    invitation(desk, cell_id=cell(desk, invited=8), number=8)


def message(desk: Desk, **changed: Any) -> None:
    row = {
        "id": uuid4(),
        "organization_id": desk.key,
        "wave_id": desk.wave.pk,
        "invitation_id": changed.pop("invitation_id", None) or invitation(desk),
        "kind": "invitation",
        "round": 0,
        "message_id": f"<{uuid4()}@trust.example.org>",
        "state": "waiting",
        "attempts": 0,
        "next_try_at": NOW,
        "sent_at": None,
        "problem": "",
    }
    desk.insert("surveys_message", **(row | changed))


def same_message_twice(desk: Desk) -> None:
    twice(message, desk, invitation_id=invitation(desk))


def reminder(desk: Desk, **changed: Any) -> None:
    row = {
        "id": uuid4(),
        "organization_id": desk.key,
        "wave_id": desk.wave.pk,
        "kind": "reminder",
        "round": 1,
        "due_at": NOW,
        "done_at": None,
    }
    desk.insert("surveys_reminder", **(row | changed))


def mail_text(desk: Desk, **changed: Any) -> None:
    row = {
        "id": uuid4(),
        "organization_id": desk.key,
        "survey_id": desk.wave.survey_id,
        "kind": "invitation",
        "language": "en",
        "subject": "Your view",
        "body": "{link}",
    }
    desk.insert("surveys_mailtext", **(row | changed))


def sender(desk: Desk, **changed: Any) -> None:
    row = {
        "id": uuid4(),
        "organization_id": desk.key,
        "name": "",
        "reply_to": "",
        "gateway_url": "",
        "gateway_secret": None,
    }
    desk.insert("surveys_sender", **(row | changed))


INVITATION_RULES: dict[str, Callable[[Any], object]] = {
    "invitation_key_of_wave": lambda d: twice(invitation, d, id=uuid4()),
    "invitation_one_per_participant": same_participant_twice,
    "invitation_code_is_of_one": same_code_twice,
    "invitation_number_needs_a_cell": lambda d: invitation(d, number=1),
    "invitation_language_known": lambda d: invitation(d, language="fr"),
    "invitation_channel_known": lambda d: invitation(d, channel="pigeon"),
    "invitation_state_known": lambda d: invitation(d, state="opened"),
    "invitation_wave_of_organization": lambda d: invitation(d, wave_id=uuid4()),
    "invitation_cell_of_wave": lambda d: invitation(d, cell_id=uuid4()),
    "invitation_participant_of_organization": lambda d: invitation(
        d, participant_id=uuid4()
    ),
    "invitation_is_frozen": change_invitation,
    "invitation_has_a_code": more_invitations_than_codes,
    "message_one_per_kind_and_round": same_message_twice,
    "message_id_unique": lambda d: twice(
        message, d, message_id=f"<{uuid4()}@trust.example.org>"
    ),
    "message_id_is_random_at_a_host": lambda d: message(d, message_id="<1@host>"),
    "message_kind_known": lambda d: message(d, kind="threat"),
    "message_state_known": lambda d: message(d, state="read"),
    "message_sent_has_its_time": lambda d: message(d, state="sent"),
    "message_wave_of_organization": lambda d: message(d, wave_id=uuid4()),
    "message_invitation_of_wave": lambda d: message(d, invitation_id=uuid4()),
    "reminder_one_per_round": lambda d: twice(reminder, d),
    "reminder_kind_known": lambda d: reminder(d, kind="invitation"),
    "reminder_done_when_due": lambda d: reminder(d, done_at=NOW - timedelta(days=1)),
    "reminder_wave_of_organization": lambda d: reminder(d, wave_id=uuid4()),
    "mail_text_one_per_language": lambda d: twice(mail_text, d),
    "mail_text_kind_known": lambda d: mail_text(d, kind="threat"),
    "mail_text_language_known": lambda d: mail_text(d, language="fr"),
    "mail_text_says_something": lambda d: mail_text(d, body=""),
    "mail_text_survey_of_organization": lambda d: mail_text(d, survey_id=uuid4()),
    "sender_gateway_is_https": lambda d: sender(
        d, gateway_url="http://sms.example.org", gateway_secret=b"secret"
    ),
    "sender_gateway_has_a_secret": lambda d: sender(
        d, gateway_url="https://sms.example.org"
    ),
}

INVITATION_PRIMARY_KEYS = {"invitation_key_of_wave": "surveys_invitation_pkey"}
