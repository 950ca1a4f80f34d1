"""How each rule of coded comments and action notes is broken; test_constraints runs it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from tests.factories import NOW
from tests.surveys.library_rules import Desk
from tests.surveys.manager_rules import member
from tests.surveys.promise_rules import twice


def tag(desk: Desk, **changed: Any) -> UUID:
    row: dict[str, Any] = {
        "id": uuid4(),
        "organization_id": desk.key,
        "survey_id": desk.wave.survey_id,
        "name_en": "Workload",
        "name_zh_hans": "工作量",
    }
    row |= changed
    desk.insert("analytics_commenttag", **row)
    key: UUID = row["id"]
    return key


def comment(desk: Desk) -> UUID:
    key = uuid4()
    desk.comment(id=key)  # type: ignore[attr-defined]
    return key


def coded(desk: Desk, **changed: Any) -> UUID:
    row: dict[str, Any] = {
        "id": uuid4(),
        "organization_id": desk.key,
        "wave_id": desk.wave.pk,
        "comment_id": changed.pop("comment_id", None) or comment(desk),
        "coder_id": changed.pop("coder_id", None) or member(desk, "analyst"),
    }
    row |= changed
    desk.insert("analytics_codedcomment", **row)
    key: UUID = row["id"]
    return key


def coding(desk: Desk, **changed: Any) -> None:
    row = {
        "organization_id": desk.key,
        "coded_id": changed.get("coded_id") or coded(desk),
        "tag_id": changed.get("tag_id") or tag(desk),
    }
    desk.insert("analytics_commentcoding", **row)


def coded_twice(desk: Desk) -> None:
    same = comment(desk)
    coded(desk, comment_id=same)
    coded(desk, comment_id=same)


def reveal(desk: Desk, **changed: Any) -> None:
    row = {
        "organization_id": desk.key,
        "wave_id": desk.wave.pk,
        "agreement": "{}",
        "revealed_by": "first@example.org",
        "revealed_at": NOW,
    }
    desk.insert("analytics_codingreveal", **(row | changed))


def hiding(desk: Desk, **changed: Any) -> None:
    row = {
        "organization_id": desk.key,
        "wave_id": desk.wave.pk,
        "comment_id": changed.pop("comment_id", None) or comment(desk),
        "number": 1,
        "hidden": True,
        "decided_by": "first@example.org",
        "decided_at": NOW,
    }
    desk.insert("analytics_commenthiding", **(row | changed))


def note(desk: Desk, **changed: Any) -> UUID:
    row: dict[str, Any] = {
        "id": uuid4(),
        "organization_id": desk.key,
        "survey_id": desk.wave.survey_id,
        "wave_id": desk.wave.pk,
        "segment": "everyone",
        "name_en": "Everyone",
        "name_zh_hans": "全体人员",
    }
    row |= changed
    desk.insert("analytics_actionnote", **row)
    key: UUID = row["id"]
    return key


def entry(desk: Desk, **changed: Any) -> None:
    row = {
        "organization_id": desk.key,
        "note_id": changed.pop("note_id", None) or note(desk),
        "number": 1,
        "text": "Meet once a week.",
        "who": "",
        "until": None,
        "status": "planned",
        "written_by": "first@example.org",
        "written_at": NOW,
    }
    desk.insert("analytics_actionentry", **(row | changed))


def rewritten(write: Callable[[Desk], object], change: str) -> Callable[[Desk], None]:
    def broken(desk: Desk) -> None:
        write(desk)
        desk.run(change)

    return broken


def only(write: Callable[..., object], **changed: Any) -> Callable[[Any], object]:
    return lambda desk: write(desk, **changed)


NOTE_RULES: dict[str, Callable[[Any], object]] = {
    "tag_key_of_organization": lambda d: twice(tag, d, id=uuid4()),
    "tag_english_name_unique": lambda d: (
        tag(d, name_zh_hans=""),
        tag(d, name_en="workload", name_zh_hans=""),
    ),
    "tag_chinese_name_unique": lambda d: twice(tag, d, name_en=""),
    "tag_has_a_name": only(tag, name_en="", name_zh_hans=""),
    "tag_survey_of_organization": only(tag, survey_id=uuid4()),
    "coded_key_of_organization": lambda d: twice(coded, d, id=uuid4()),
    "coded_once_by_each": coded_twice,
    "coded_wave_of_organization": only(coded, wave_id=uuid4()),
    "coded_comment_of_wave": only(coded, comment_id=uuid4()),
    "coded_by_member_of_organization": only(coded, coder_id=uuid4()),
    "coding_of_coded_comment": only(coding, coded_id=uuid4()),
    "coding_tag_of_organization": only(coding, tag_id=uuid4()),
    "reveal_wave_of_organization": only(reveal, wave_id=uuid4()),
    "reveal_says_what_and_who": only(reveal, revealed_by=""),
    "reveal_is_immutable": rewritten(
        reveal, "UPDATE analytics_codingreveal SET agreement = 'better'"
    ),
    "hiding_wave_of_organization": only(hiding, wave_id=uuid4()),
    "hiding_comment_of_wave": only(hiding, comment_id=uuid4()),
    "hiding_number_from_one": only(hiding, number=0),
    "hiding_says_who_decided": only(hiding, decided_by=""),
    "hiding_is_immutable": rewritten(
        hiding, "UPDATE analytics_commenthiding SET hidden = false"
    ),
    "note_key_of_organization": lambda d: twice(note, d, id=uuid4()),
    "note_survey_of_organization": only(note, survey_id=uuid4()),
    "note_wave_of_organization": only(note, wave_id=uuid4()),
    "note_is_about_a_unit_or_everyone": only(note, segment="language:en"),
    "note_names_its_segment": only(note, name_zh_hans=""),
    "note_is_immutable": rewritten(
        note, "UPDATE analytics_actionnote SET segment = 'unit:other'"
    ),
    "entry_of_note": only(entry, note_id=uuid4()),
    "entry_number_from_one": only(entry, number=0),
    "entry_says_something_bounded": only(entry, text="x" * 2001),
    "entry_status_known": only(entry, status="wished"),
    "entry_says_who_wrote_it": only(entry, written_by=""),
    "entry_is_immutable": rewritten(
        entry, "UPDATE analytics_actionentry SET status = 'done'"
    ),
}

NOTE_PRIMARY_KEYS = {
    "tag_key_of_organization": "analytics_commenttag_pkey",
    "coded_key_of_organization": "analytics_codedcomment_pkey",
    "note_key_of_organization": "analytics_actionnote_pkey",
}
