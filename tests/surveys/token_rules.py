"""How each rule of tokens and kept replies is broken; test_constraints.py runs them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from psycopg.types.json import Jsonb

from tests.factories import NOW
from tests.surveys.library_rules import Desk
from tests.surveys.promise_rules import twice

SHA = "0" * 64


def _member(desk: Desk) -> UUID:
    (found,) = desk.connection.execute(  # type: ignore[attr-defined]
        "SELECT id FROM surveys_membership"
    ).fetchone() or (uuid4(),)
    key: UUID = found
    return key


def token(desk: Desk, **changed: Any) -> None:
    row = {
        "id": uuid4(),
        "organization_id": desk.key,
        "membership_id": changed.pop("membership_id", None) or _member(desk),
        "name": "CRM",
        "digest": f"{uuid4().hex}{uuid4().hex}",
        "scopes": ["surveys:read"],
        "made_at": NOW,
    }
    desk.insert("surveys_apitoken", **(row | changed))


def reply(desk: Desk, **changed: Any) -> None:
    row = {
        "organization_id": desk.key,
        "holder": uuid4(),
        "key": "first",
        "request_sha256": SHA,
        "status": 201,
        "headers": Jsonb({}),
        "body": "{}",
        "kept_at": NOW,
    }
    desk.insert("surveys_keptreply", **(row | changed))


def _widen(desk: Desk) -> None:
    token(desk)
    desk.run("UPDATE surveys_apitoken SET scopes = '{surveys:write}'")


SAME = uuid4()
TOKEN_RULES: dict[str, Callable[[Any], object]] = {
    "api_token_key_of_organization": lambda d: twice(token, d, id=SAME),
    "api_token_digest_unique": lambda d: twice(token, d, digest=SHA),
    "api_token_digest_is_sha256": lambda d: token(d, digest="tst_secret"),
    "api_token_has_a_name": lambda d: token(d, name=""),
    "api_token_scopes_known": lambda d: token(d, scopes=["everything"]),
    "api_token_is_for_something": lambda d: token(d, scopes=[]),
    "api_token_revoked_after_it_was_made": lambda d: token(
        d, revoked_at=NOW - timedelta(seconds=1)
    ),
    "api_token_membership_of_organization": lambda d: token(d, membership_id=uuid4()),
    "api_token_is_immutable": _widen,
    "kept_reply_request_is_sha256": lambda d: reply(d, request_sha256="short"),
    "kept_reply_is_of_something_done": lambda d: reply(d, status=404),
    "kept_reply_key_not_empty": lambda d: reply(d, key=""),
}
TOKEN_PRIMARY_KEYS = {"api_token_key_of_organization": "surveys_apitoken_pkey"}
