"""How each rule of mail about releases is broken; test_constraints.py runs them."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from tests.analytics.release_rules import release
from tests.factories import NOW
from tests.surveys.library_rules import Desk


def membership(desk: Desk) -> UUID:
    """Make the one user there is an owner, in place of what they were."""
    key = uuid4()
    desk.run("DELETE FROM surveys_membership")
    desk.run(
        "INSERT INTO surveys_membership (id, organization_id, user_id, role)"
        " SELECT %s, %s, id, 'owner' FROM surveys_user LIMIT 1",
        key,
        desk.key,
    )
    return key


def choice(desk: Desk, **changed: Any) -> None:
    row = {
        "id": uuid4(),
        "organization_id": desk.key,
        "membership_id": changed.get("membership_id") or membership(desk),
        "wanted": True,
        "language": "",
    }
    desk.insert("analytics_reportmailchoice", **(row | changed))


def mail(desk: Desk, **changed: Any) -> None:
    row = {
        "id": uuid4(),
        "organization_id": desk.key,
        "release_id": changed.get("release_id") or release(desk, state="building"),
        "membership_id": changed.get("membership_id") or membership(desk),
        "kind": "digest",
        "next_try_at": NOW,
        "sent_at": None,
        "attempts": 0,
        "problem": "",
    }
    desk.insert("analytics_releasemail", **(row | changed))


def choose_twice(desk: Desk) -> None:
    key = membership(desk)
    choice(desk, membership_id=key)
    choice(desk, membership_id=key)


def mail_twice(desk: Desk) -> None:
    keys = {
        "release_id": release(desk, state="building"),
        "membership_id": membership(desk),
    }
    mail(desk, **keys)
    mail(desk, **keys)


def send_again(desk: Desk) -> None:
    mail(desk, sent_at=NOW)
    desk.run("UPDATE analytics_releasemail SET sent_at = NULL")


RELEASE_MAIL_RULES: dict[str, Callable[[Any], object]] = {
    "mail_choice_one_a_member": choose_twice,
    "mail_choice_language_known": lambda d: choice(d, language="fr"),
    "mail_choice_of_organization": lambda d: choice(d, membership_id=uuid4()),
    "release_mail_once": mail_twice,
    "release_mail_kind_known": lambda d: mail(d, kind="gossip"),
    "release_mail_to_organization": lambda d: mail(d, membership_id=uuid4()),
    "release_mail_of_organization": lambda d: mail(d, release_id=uuid4()),
    "release_mail_sent_is_final": send_again,
}
