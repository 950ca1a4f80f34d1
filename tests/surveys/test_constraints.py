"""What must never be false stands in the database; each constraint is broken once.

The statements run as the administrator, who is bound by constraints and triggers but
not by rights: it is the rule itself that has to refuse.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid1, uuid4

import psycopg
import pytest
from django.db import connections
from psycopg.types.json import Jsonb

from surveys.models import Wave
from tests.analytics.export_rules import EXPORT_PRIMARY_KEYS, EXPORT_RULES
from tests.analytics.note_rules import NOTE_PRIMARY_KEYS, NOTE_RULES
from tests.analytics.release_mail_rules import RELEASE_MAIL_RULES
from tests.analytics.release_rules import RELEASE_PRIMARY_KEYS, RELEASE_RULES
from tests.factories import NOW, make_member, make_response, make_survey, make_wave
from tests.surveys.brought_rules import BROUGHT_PRIMARY_KEYS, BROUGHT_RULES
from tests.surveys.criterion_rules import CRITERION_PRIMARY_KEYS, CRITERION_RULES
from tests.surveys.invitation_rules import INVITATION_PRIMARY_KEYS, INVITATION_RULES
from tests.surveys.library_rules import LIBRARY_PRIMARY_KEYS, LIBRARY_RULES
from tests.surveys.manager_rules import MANAGER_PRIMARY_KEYS, MANAGER_RULES
from tests.surveys.participation_rules import PARTICIPATION_RULES
from tests.surveys.people_rules import PEOPLE_PRIMARY_KEYS, PEOPLE_RULES
from tests.surveys.promise_rules import PROMISE_PRIMARY_KEYS, PROMISE_RULES
from tests.surveys.respondent_rules import RESPONDENT_RULES
from tests.surveys.schedule_rules import SCHEDULE_PRIMARY_KEYS, SCHEDULE_RULES
from tests.surveys.token_rules import TOKEN_PRIMARY_KEYS, TOKEN_RULES
from tests.surveys.webhook_rules import WEBHOOK_PRIMARY_KEYS, WEBHOOK_RULES
from trustsurvey import roles

SHA = "0" * 64
Breaker = Callable[["Desk"], object]


class Desk:
    """A wave with one response, and statements against it."""

    def __init__(self, connection: psycopg.Connection, wave: Wave) -> None:
        self.connection = connection
        self.wave = wave
        self.items = wave.form.item_count
        self.key = wave.organization_id

    def run(self, statement: str, *values: Any) -> None:
        self.connection.execute(statement.encode(), values)

    def insert(self, table: str, **columns: Any) -> None:
        marks = ", ".join(["%s"] * len(columns))
        self.run(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})",
            *columns.values(),
        )

    def response(self, **changed: Any) -> None:
        row = {
            "organization_id": self.key,
            "wave_id": self.wave.pk,
            "form_id": self.wave.form_id,
            "id": uuid4(),
            "item_count": self.items,
            "answers": [1] * self.items,
            "language": "en",
        }
        self.insert("surveys_response", **(row | changed))

    def comment(self, **changed: Any) -> None:
        row = {
            "organization_id": self.key,
            "wave_id": self.wave.pk,
            "id": uuid4(),
            "question": "",
            "text": "Fine.",
        }
        self.insert("surveys_comment", **(row | changed))

    def form(self, **changed: Any) -> None:
        row = {
            "id": uuid4(),
            "organization_id": self.key,
            "survey_id": self.wave.survey_id,
            "number": 2,
            "item_count": 3,
            "definition": Jsonb({}),
            "digest": SHA,
        }
        self.insert("surveys_form", **(row | changed))

    def next_wave(self, **changed: Any) -> None:
        row = {
            "id": uuid4(),
            "organization_id": self.key,
            "survey_id": self.wave.survey_id,
            "form_id": self.wave.form_id,
            "number": 2,
            "state": "closed",
            "opened_at": NOW,
            "closed_at": NOW,
            **self.terms(),
        }
        self.insert("surveys_wave", **(row | changed))

    def terms(self) -> dict[str, Any]:
        return {"links_waves": False, "notice": Jsonb({}), "paradata": False}

    def version(self, **changed: Any) -> None:
        row = {
            "id": uuid4(),
            "organization_id": None,
            "code": "NEW",
            "version": 1,
            "kind": "questionnaire",
            "evidence_level": "E0",
            "source": "code: NEW",
            "digest": SHA,
            "right_statement": "",
            "right_stated_by": "",
        }
        self.insert("surveys_questionnaireversion", **(row | changed))

    def survey(self, **changed: Any) -> None:
        row = {
            "id": uuid4(),
            "organization_id": self.key,
            "title_en": "Title",
            "title_zh_hans": "标题",
            "mode": "open",
            "origin": "collected",
            "sample": "",
            "simulated": False,
            "created_at": NOW,
            "panel": Jsonb({}),
            **self.terms(),
        }
        self.insert("surveys_survey", **(row | changed))

    def analysis(self, **changed: Any) -> None:
        row = {
            "id": uuid4(),
            "organization_id": self.key,
            "wave_id": self.wave.pk,
            "status": "queued",
            "progress": 0,
            "step": "",
            "settings": Jsonb({}),
            "software": Jsonb({}),
            "input_sha256": "",
            "result": "",
            "failure": "",
            "requested_at": NOW,
        }
        self.insert("analytics_analysis", **(row | changed))

    def membership(self, **changed: Any) -> None:
        (user,) = self.connection.execute("SELECT id FROM surveys_user").fetchone() or (
            0,
        )
        row = {
            "id": uuid4(),
            "organization_id": self.key,
            "user_id": user,
            "role": "owner",
        }
        self.insert("surveys_membership", **(row | changed))


def twice(insert: Callable[..., None], **same: Any) -> None:
    insert(**same)
    insert(**same)


def _done(desk: Desk) -> None:
    desk.analysis(status="done", result="{}", input_sha256=SHA)


def _change_done(desk: Desk) -> None:
    _done(desk)
    desk.run("UPDATE analytics_analysis SET result = 'better'")


def _change_version(desk: Desk) -> None:
    desk.version()
    desk.run("UPDATE surveys_questionnaireversion SET source = 'other'")


def _reopen(desk: Desk) -> None:
    desk.run("UPDATE surveys_wave SET state = 'closed', closed_at = now()")
    desk.run("UPDATE surveys_wave SET state = 'open', closed_at = NULL")


STRANGE: UUID = uuid4()
BROKEN: dict[str, Breaker] = {
    **LIBRARY_RULES,
    **PROMISE_RULES,
    **INVITATION_RULES,
    **PEOPLE_RULES,
    **BROUGHT_RULES,
    **RESPONDENT_RULES,
    **SCHEDULE_RULES,
    **PARTICIPATION_RULES,
    **RELEASE_RULES,
    **RELEASE_MAIL_RULES,
    **CRITERION_RULES,
    **WEBHOOK_RULES,
    **MANAGER_RULES,
    **NOTE_RULES,
    **EXPORT_RULES,
    **TOKEN_RULES,
    **EXPORT_RULES,
    "organization_has_a_name": lambda d: d.insert(
        "surveys_organization", id=uuid4(), name=""
    ),
    "membership_one_per_user": lambda d: twice(d.membership),
    "membership_role_known": lambda d: d.membership(role="king"),
    "questionnaire_version_unique": lambda d: twice(d.version, code="X"),
    "questionnaire_version_from_one": lambda d: d.version(version=0),
    "questionnaire_kind_known": lambda d: d.version(kind="quiz"),
    "questionnaire_evidence_level_known": lambda d: d.version(evidence_level="E6"),
    "questionnaire_digest_is_sha256": lambda d: d.version(digest="short"),
    "questionnaire_version_is_immutable": _change_version,
    "survey_key_of_organization": lambda d: twice(d.survey, id=STRANGE),
    "survey_has_both_titles": lambda d: d.survey(title_zh_hans=""),
    "survey_mode_known": lambda d: d.survey(mode="secret"),
    "survey_promise_is_immutable": lambda d: d.run(
        "UPDATE surveys_survey SET simulated = NOT simulated"
    ),
    "form_survey_of_organization": lambda d: d.form(survey_id=STRANGE),
    "form_number_unique": lambda d: twice(d.form, number=7),
    "form_key_of_survey": lambda d: twice(d.form, id=STRANGE),
    "form_key_with_length": lambda d: twice(d.form, id=STRANGE, number=8),
    "form_has_items": lambda d: d.form(item_count=0),
    "form_digest_is_sha256": lambda d: d.form(digest="short"),
    "form_is_immutable": lambda d: d.run("UPDATE surveys_form SET number = 9"),
    "form_stays_once_asked": lambda d: d.run("DELETE FROM surveys_form"),
    "wave_survey_of_organization": lambda d: d.next_wave(survey_id=STRANGE),
    "wave_form_of_survey": lambda d: d.next_wave(form_id=STRANGE),
    "wave_number_unique": lambda d: d.next_wave(number=1),
    "wave_key_with_form": lambda d: twice(d.next_wave, id=STRANGE),
    "wave_key_of_organization": lambda d: twice(d.next_wave, id=STRANGE),
    "wave_one_open_per_survey": lambda d: d.next_wave(state="open", closed_at=None),
    "wave_closed_iff_dated": lambda d: d.next_wave(closed_at=None),
    "wave_closes_after_it_opens": lambda d: d.next_wave(
        closed_at=NOW - timedelta(seconds=1)
    ),
    "wave_asks_one_form": _reopen,
    "response_wave_and_form": lambda d: d.response(wave_id=STRANGE),
    "response_form_and_length": lambda d: d.response(item_count=2, answers=[1, 2]),
    "response_has_one_answer_per_item": lambda d: d.response(answers=[1, 2]),
    "response_answers_are_codes": lambda d: d.response(answers=[-4] * d.items),
    "response_id_is_random": lambda d: d.response(id=uuid1()),
    "response_language_known": lambda d: d.response(language="fr"),
    "response_is_immutable": lambda d: d.run(
        "UPDATE surveys_response SET language = 'zh-hans'"
    ),
    "comment_wave_of_organization": lambda d: d.comment(wave_id=STRANGE),
    "comment_is_not_empty": lambda d: d.comment(text=""),
    "comment_question_is_a_code": lambda d: d.comment(question="who"),
    "comment_is_bounded": lambda d: d.comment(text="x" * 4001),
    "comment_id_is_random": lambda d: d.comment(id=uuid1()),
    "analysis_wave_of_organization": lambda d: d.analysis(wave_id=STRANGE),
    "analysis_key_of_organization": lambda d: twice(d.analysis, id=STRANGE),
    "analysis_has_a_result_iff_done": lambda d: d.analysis(status="done"),
    "analysis_says_why_iff_failed": lambda d: d.analysis(status="failed"),
    "analysis_progress_in_percent": lambda d: d.analysis(progress=101),
    "analysis_status_known": lambda d: d.analysis(status="lost"),
    "analysis_result_is_immutable": _change_done,
}
# Keys that hold no more than a primary key does already, so that it refuses first;
# they are there for foreign keys to point at.
BEHIND_A_PRIMARY_KEY = {
    "survey_key_of_organization": "surveys_survey_pkey",
    "form_key_of_survey": "surveys_form_pkey",
    "form_key_with_length": "surveys_form_pkey",
    "wave_key_with_form": "surveys_wave_pkey",
    "wave_key_of_organization": "surveys_wave_pkey",
    "analysis_key_of_organization": "analytics_analysis_pkey",
    **LIBRARY_PRIMARY_KEYS,
    **PROMISE_PRIMARY_KEYS,
    **INVITATION_PRIMARY_KEYS,
    **PEOPLE_PRIMARY_KEYS,
    **BROUGHT_PRIMARY_KEYS,
    **SCHEDULE_PRIMARY_KEYS,
    **RELEASE_PRIMARY_KEYS,
    **CRITERION_PRIMARY_KEYS,
    **WEBHOOK_PRIMARY_KEYS,
    **MANAGER_PRIMARY_KEYS,
    **NOTE_PRIMARY_KEYS,
    **EXPORT_PRIMARY_KEYS,
    **TOKEN_PRIMARY_KEYS,
    **EXPORT_PRIMARY_KEYS,
}


@pytest.fixture
def desk(database: None, administrator: roles.Login) -> Iterator[Desk]:
    wave = make_wave(make_survey())
    make_member(wave.survey.organization, email="first@example.org")
    make_response(wave, [1] * wave.form.item_count)
    name = connections["default"].settings_dict["NAME"]
    with psycopg.connect(**{**administrator, "dbname": name}) as connection:
        connection.execute("SET session_replication_role = origin")
        yield Desk(connection, wave)
        connection.rollback()


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_the_database_refuses(desk: Desk, name: str) -> None:
    refusing = BEHIND_A_PRIMARY_KEY.get(name, name)
    desk.run("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(psycopg.errors.IntegrityError, match=refusing) as refused:
        BROKEN[name](desk)
    assert refused.value.diag.constraint_name == refusing


def test_every_rule_of_ours_is_broken_above(desk: Desk) -> None:
    """A new constraint without its test, or a test without its constraint, fails."""
    rows = desk.connection.execute(
        "SELECT conname FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid"
        " WHERE t.relname ~ '^(surveys|analytics)_' AND conname !~ "
        " '(_pkey|_not_null|_check|_key|_fk_.*|_uniq|_[0-9a-f]{8}.*)$'"
        " UNION SELECT tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
        " WHERE NOT tgisinternal AND c.relname ~ '^(surveys|analytics)_'"
        " UNION SELECT indexrelid::regclass::text FROM pg_index i"
        " JOIN pg_class t ON t.oid = i.indrelid WHERE indisunique"
        " AND t.relname ~ '^(surveys|analytics)_'"
        " AND (indpred IS NOT NULL OR indexprs IS NOT NULL)"
    ).fetchall()
    found = {name for (name,) in rows}
    # users belong to no organization: the test below breaks it
    assert found - {"user_email_unique"} == set(BROKEN)


def test_emails_are_unique_whatever_their_case(database: None) -> None:
    from django.db import IntegrityError

    make_member(email="lead@example.org")
    with pytest.raises(IntegrityError, match="user_email_unique"):
        make_member(email="Lead@example.org")


def test_a_closed_wave_takes_no_response(database: None) -> None:
    """The intake asks first; this is the policy behind it."""
    from django.db import ProgrammingError

    from surveys import actions
    from surveys.tenancy import organization_scope

    wave = make_wave()
    with organization_scope(wave.organization_id):
        assert actions.close_wave(wave_id=wave.pk, at=NOW)
    with pytest.raises(ProgrammingError, match="row-level security"):
        make_response(wave, [1] * wave.form.item_count)
