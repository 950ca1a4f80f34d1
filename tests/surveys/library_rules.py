"""How each rule of the library's tables is broken; test_constraints.py runs them."""

from collections.abc import Callable
from typing import Any, Protocol, cast
from uuid import UUID, uuid4

from psycopg.types.json import Jsonb

from surveys.models import Wave
from tests.factories import NOW

SHA = "0" * 64


class Desk(Protocol):
    """A wave with one response, and statements against it."""

    wave: Wave
    key: UUID

    def run(self, statement: str, *values: Any) -> None: ...

    def insert(self, table: str, **columns: Any) -> None: ...


def draft(desk: Desk, **changed: Any) -> None:
    row = {
        "id": uuid4(),
        "organization_id": desk.key,
        "code": "OWN",
        "base": "",
        "content": Jsonb({}),
        "revision": 1,
        "changed_at": NOW,
    }
    desk.insert("surveys_questionnairedraft", **(row | changed))


def version_named() -> dict[str, Any]:
    return {
        "questionnaire_code": "TBE",
        "questionnaire_version": 1,
        "questionnaire_digest": SHA,
    }


def evidence(desk: Desk, **changed: Any) -> None:
    row = {
        "id": uuid4(),
        "organization_id": desk.key,
        **version_named(),
        "language": "en",
        "source": "internal structure",
        "kind": "one_factor",
        "scale": "T",
        "figures": Jsonb({"cfi": 0.98}),
        "sample": Jsonb({"n": 400}),
        "note": "",
        "wave_id": desk.wave.pk,
        "released_by": "owner@example.org",
        "released_at": NOW,
    }
    desk.insert("surveys_evidenceline", **(row | changed))


def review(desk: Desk, **changed: Any) -> UUID:
    row = {
        "id": uuid4(),
        "organization_id": desk.key,
        **version_named(),
        "language": "en",
        "item_count": 2,
        "opened_at": NOW,
    }
    row |= changed
    desk.insert("surveys_contentreview", **row)
    return cast(UUID, row["id"])


def rating(desk: Desk, **changed: Any) -> None:
    row = {
        "id": uuid4(),
        "organization_id": desk.key,
        "item_count": 2,
        "expert": "Dr. Lin",
        "expertise": "",
        "relevance": [4, 3],
        "comments": Jsonb({}),
        "given_at": NOW,
        "excluded": False,
    }
    row |= changed
    if "review_id" not in row:
        row["review_id"] = review(desk)
    desk.insert("surveys_expertrating", **row)


def twice(write: Callable[..., Any], desk: Desk, **same: Any) -> None:
    write(desk, **same)
    write(desk, **same)


def reword_evidence(desk: Desk) -> None:
    evidence(desk)
    desk.run("UPDATE surveys_evidenceline SET figures = '{}'")


def reword_rating(desk: Desk) -> None:
    rating(desk)
    desk.run("UPDATE surveys_expertrating SET relevance = '{1,1}'")


def simulated_evidence(desk: Desk) -> None:
    desk.run("SET LOCAL session_replication_role = replica")
    desk.run("UPDATE surveys_survey SET simulated = true")
    desk.run("SET LOCAL session_replication_role = origin")
    evidence(desk)


LIBRARY_RULES: dict[str, Callable[[Any], object]] = {
    "survey_origin_known": lambda d: d.survey(origin="found"),
    "survey_origin_is_immutable": lambda d: d.run(
        "UPDATE surveys_survey SET origin = 'imported'"
    ),
    "draft_key_of_organization": lambda d: twice(draft, d, id=uuid4()),
    "draft_one_per_code": lambda d: twice(draft, d),
    "draft_has_a_code": lambda d: draft(d, code=""),
    "evidence_key_of_organization": lambda d: twice(evidence, d, id=uuid4()),
    "evidence_language_known": lambda d: evidence(d, language="fr"),
    "evidence_digest_is_sha256": lambda d: evidence(d, questionnaire_digest="x"),
    "evidence_source_known": lambda d: evidence(d, source="hearsay"),
    "evidence_wave_of_organization": lambda d: evidence(d, wave_id=uuid4()),
    "evidence_is_not_simulated": simulated_evidence,
    "evidence_is_immutable": reword_evidence,
    "review_key_with_length": lambda d: twice(review, d, id=uuid4()),
    "review_language_known": lambda d: review(d, language="fr"),
    "review_digest_is_sha256": lambda d: review(d, questionnaire_digest="x"),
    "rating_key_of_organization": lambda d: twice(rating, d, id=uuid4()),
    "rating_has_one_value_per_item": lambda d: rating(d, relevance=[4]),
    "rating_has_an_expert": lambda d: rating(d, expert=""),
    "rating_review_of_organization": lambda d: rating(d, review_id=uuid4()),
    "rating_values_are_relevances": lambda d: rating(d, relevance=[4, 5]),
    "rating_is_immutable": reword_rating,
}

# Where a primary key of the same column speaks first.
LIBRARY_PRIMARY_KEYS = {
    "draft_key_of_organization": "surveys_questionnairedraft_pkey",
    "evidence_key_of_organization": "surveys_evidenceline_pkey",
    "review_key_with_length": "surveys_contentreview_pkey",
    "rating_key_of_organization": "surveys_expertrating_pkey",
}
