"""How each rule of past waves and their files is broken; test_constraints.py runs them."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from psycopg.types.json import Jsonb

from surveys.brought.days import number_of
from tests.factories import NOW
from tests.surveys.library_rules import SHA, Desk

PAST = datetime(2024, 3, 31, tzinfo=UTC)


def answer_file(desk: Desk, **changed: Any) -> UUID:
    row: dict[str, Any] = {
        "id": uuid4(),
        "organization_id": desk.key,
        "version": uuid4(),
        "survey_id": None,
        "form_id": None,
        "filename": "answers.csv",
        "kind": "csv",
        "sha256": SHA,
        "size": 1,
        "uploaded_at": NOW,
        "changed_at": NOW,
        "encoding": "utf-8-sig",
        "separator": ",",
        "formulas": 0,
        "source": Jsonb({}),
        "mapping": Jsonb({}),
        "said": Jsonb({}),
        "state": "uploaded",
        "progress": 0,
        "looked": Jsonb({}),
        "failure": None,
        "result": None,
    }
    row |= changed
    desk.insert("surveys_answerfile", **row)
    key: UUID = row["id"]
    return key


def past_wave(desk: Desk, **changed: Any) -> UUID:
    closed = changed.get("closed_at") or PAST
    row: dict[str, Any] = {
        "id": uuid4(),
        "organization_id": desk.key,
        "survey_id": desk.wave.survey_id,
        "form_id": desk.wave.form_id,
        "number": number_of(closed.date()),
        "state": "closed",
        "opened_at": closed,
        "closed_at": closed,
        "links_waves": False,
        "notice": Jsonb({}),
        "paradata": False,
    }
    row |= changed
    desk.insert("surveys_wave", **row)
    key: UUID = row["id"]
    return key


def brought(desk: Desk, **changed: Any) -> UUID:
    """A past wave with where it comes from."""
    desk.run("SET CONSTRAINTS ALL DEFERRED")
    row: dict[str, Any] = {
        "id": uuid4(),
        "organization_id": desk.key,
        "filename": "answers.csv",
        "sha256": SHA,
        "rows": 3,
        "sample": "Customers of one shop.",
        "promised": "open",
        "lineage": Jsonb({}),
        "brought_at": NOW,
    }
    row["wave_id"] = changed.pop("wave_id", None) or past_wave(desk)
    desk.insert("surveys_broughtwave", **(row | changed))
    key: UUID = row["wave_id"]
    return key


def into_another_survey(desk: Desk) -> None:
    """The survey is not the one that the form belongs to."""
    answer_file(desk, version=None, survey_id=uuid4(), form_id=uuid4())


def reworded(desk: Desk) -> None:
    brought(desk)
    desk.run("UPDATE surveys_broughtwave SET promised = 'identified'")


def once_more(desk: Desk) -> None:
    brought(desk, wave_id=brought(desk))


def same_file_again(desk: Desk) -> None:
    answer_file(desk, id=answer_file(desk))


def form_of_nobody(desk: Desk) -> None:
    answer_file(desk, version=None, survey_id=desk.wave.survey_id, form_id=uuid4())


BROUGHT_RULES: dict[str, Callable[[Any], object]] = {
    "answer_file_key_of_organization": same_file_again,
    "answer_file_has_one_target": lambda d: answer_file(d, version=None),
    "answer_file_kind_known": lambda d: answer_file(d, kind="pdf"),
    "answer_file_digest_is_sha256": lambda d: answer_file(d, sha256="x"),
    "answer_file_state_known": lambda d: answer_file(d, state="lost"),
    "answer_file_progress_in_percent": lambda d: answer_file(d, progress=101),
    "answer_file_says_why_iff_failed": lambda d: answer_file(d, state="failed"),
    "answer_file_leads_somewhere_iff_done": lambda d: answer_file(d, state="done"),
    "answer_file_survey_of_organization": into_another_survey,
    "answer_file_form_of_survey": form_of_nobody,
    "answer_part_of_file": lambda d: d.insert(
        "surveys_answerfilepart",
        organization_id=d.key,
        answer_file_id=uuid4(),
        number=0,
        data=b"x",
    ),
    "wave_brought_is_closed": lambda d: past_wave(d, state="open", closed_at=None),
    "wave_brought_is_numbered_by_its_day": lambda d: past_wave(d, number=-1),
    "wave_brought_before_the_collected": lambda d: past_wave(
        d, closed_at=datetime(2026, 3, 1, tzinfo=UTC)
    ),
    "wave_brought_says_from_where": past_wave,
    "brought_wave_comes_once": once_more,
    "brought_wave_digest_is_sha256": lambda d: brought(d, sha256="x"),
    "brought_wave_promise_known": lambda d: brought(d, promised="something"),
    "brought_wave_says_who_answered": lambda d: brought(d, sample=""),
    "brought_wave_has_answers": lambda d: brought(d, rows=0),
    "brought_wave_of_organization": lambda d: brought(d, wave_id=uuid4()),
    "brought_wave_keeps_its_promise": lambda d: brought(d, promised="anonymous"),
    "brought_wave_is_immutable": reworded,
}
BROUGHT_PRIMARY_KEYS = {
    "answer_file_key_of_organization": "surveys_answerfile_pkey",
    "brought_wave_comes_once": "surveys_broughtwave_wave_id_key",
}
