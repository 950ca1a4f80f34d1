"""From the wish for a file to its last byte, over HTTP and through the real queue."""

import csv
import hashlib
import io
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import ProgrammingError, connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import override

from analytics.export import job, storage
from analytics.export.formats import FORMATS
from analytics.export.models import KINDS, Export, ExportEntry
from analytics.export.shown import entry_shown
from surveys.models import Organization, Survey, Wave
from surveys.models.people import Role
from surveys.tenancy import organization_scope
from tests.analytics.exported import CONTENT, make_export, stored
from tests.factories import (
    close_for_good,
    make_comment,
    make_member,
    make_organization,
    make_responses,
    make_survey,
    make_wave,
    signed_in,
)
from tests.jobs import run_waiting_jobs

ASKED = {"what": "data:csv", "language": "en", "waves": ["1"], "raw": "on"}
State = Export.State


def page_of(wave: Wave) -> str:
    return reverse("analytics:export", args=[wave.survey_id])


def file_of(export: Export) -> str:
    return reverse("analytics:export-file", args=[export.pk])


def exports_of(wave: Wave) -> list[Export]:
    with organization_scope(wave.organization_id):
        return list(
            Export.objects.filter(survey=wave.survey_id)
            .select_related("survey")
            .newest_first()
        )


def log_of(wave: Wave) -> list[ExportEntry]:
    """Return the log of an organization, oldest first."""
    with organization_scope(wave.organization_id):
        return list(ExportEntry.objects.order_by("at", "id"))


def body_of(reply: Any) -> bytes:
    """Read an answer to its end, as a client does."""
    return b"".join(reply.streaming_content)


@pytest.fixture
def owner(organization: Organization) -> Client:
    return signed_in(make_member(organization))


@pytest.fixture
def answered(organization: Organization) -> Wave:
    wave = make_wave(make_survey(organization))
    make_responses(wave, 5)
    make_comment(wave, "=Good tea, 好茶.")
    return wave


def written(client: Client, wave: Wave, **asked: Any) -> Export:
    """Ask for an export on the page and let the worker write it."""
    reply = client.post(page_of(wave), ASKED | asked)
    assert reply.status_code == 302
    run_waiting_jobs()
    return exports_of(wave)[0]


# ------------------------------------------------------------------------- the chain


def test_a_file_is_asked_for_written_and_taken_in_two_pieces(
    owner: Client, answered: Wave
) -> None:
    export = written(owner, answered)
    assert export.state == State.READY, export.reason
    assert (export.rows, export.rows_done) == (5, 5)
    assert export.size is not None
    middle = export.size // 2
    first = owner.get(file_of(export), headers={"range": f"bytes=0-{middle - 1}"})
    assert (first.status_code, first["Content-Length"]) == (206, str(middle))
    again = {"range": f"bytes={middle}-", "if-range": first["ETag"]}
    second = owner.get(file_of(export), headers=again)
    assert second["Content-Range"] == f"bytes {middle}-{export.size - 1}/{export.size}"
    content = body_of(first) + body_of(second)
    assert hashlib.sha256(content).hexdigest() == export.sha256
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert len(rows) == 1 + 5
    said = [
        (line.what, line.first_byte, line.sent, line.complete)
        for line in log_of(answered)
    ]
    assert said == [
        ("asked", None, None, None),
        ("ready", None, None, None),
        ("begun", 0, None, None),
        ("begun", middle, None, None),
        ("ended", 0, middle, False),
        ("ended", middle, export.size - middle, True),
    ]


def test_the_page_says_how_far_it_is_and_then_offers_the_file(
    owner: Client, answered: Wave
) -> None:
    owner.post(page_of(answered), ASKED)
    (export,) = exports_of(answered)
    assert "Waiting for its turn" in owner.get(page_of(answered)).content.decode()
    progress = reverse("analytics:export-progress", args=[export.pk])
    fragment = owner.get(progress, headers={"hx-request": "true"})
    assert "<progress" in fragment.content.decode()
    run_waiting_jobs()
    over = owner.get(progress, headers={"hx-request": "true"})
    assert over["HX-Refresh"] == "true"
    shown = owner.get(page_of(answered)).content.decode()
    assert exports_of(answered)[0].sha256 in shown
    assert file_of(export) in shown


def test_comments_leave_apart_from_answers_and_calculate_nothing(
    owner: Client, answered: Wave
) -> None:
    export = written(owner, answered, what="comments:csv")
    assert export.state == State.READY, export.reason
    lines = body_of(owner.get(file_of(export))).decode("utf-8-sig")
    assert "'=Good tea, 好茶." in lines


@pytest.mark.parametrize(
    ("kind", "name"),
    [(kind, one.name) for one in FORMATS.values() for kind in one.writers],
)
def test_every_format_has_its_writer(kind: str, name: str) -> None:
    assert kind in KINDS
    assert callable(import_string(FORMATS[name].writers[kind]))


def test_every_kind_has_a_format() -> None:
    assert {kind for one in FORMATS.values() for kind in one.writers} == set(KINDS)


def test_a_second_press_of_the_button_is_the_same_export(
    owner: Client, answered: Wave
) -> None:
    owner.post(page_of(answered), ASKED)
    reply = owner.post(page_of(answered), ASKED)
    assert "under way already" in reply.content.decode()
    assert len(exports_of(answered)) == 1


# ------------------------------------------------------------------ what is not handed out


@pytest.mark.parametrize(
    ("mode", "asked", "said"),
    [
        ("anonymous", {}, "do not leave a survey that is anonymous"),
        ("confidential", {}, "do not leave a survey that is anonymous"),
        ("anonymous", {"what": "comments:csv"}, "read in its report"),
        ("open", {"what": "microdata:csv"}, "may be exported whole"),
        ("open", {"raw": ""}, "at least one kind of column"),
        ("open", {"waves": []}, "close a wave first"),
        ("open", {"waves": ["2"]}, "Select a valid choice"),
        ("open", {"what": "data:pdf"}, "Choose one of the files"),
        ("open", {"what": "gossip:csv"}, "Choose one of the files"),
        ("open", {"what": "microdata"}, "Choose one of the files"),
        ("open", {"language": "fr"}, "Nothing was asked for yet"),
    ],
)
def test_what_is_not_handed_out_is_refused_with_the_reason(
    owner: Client,
    organization: Organization,
    mode: str,
    asked: dict[str, Any],
    said: str,
) -> None:
    wave = make_wave(make_survey(organization, mode=mode))
    close_for_good(wave)
    reply = owner.post(page_of(wave), ASKED | asked)
    assert said in reply.content.decode()
    assert exports_of(wave) == []


def test_answers_of_an_open_wave_wait_for_its_end(
    owner: Client, organization: Organization
) -> None:
    wave = make_wave(make_survey(organization, mode=Survey.Mode.ANONYMOUS))
    shown = owner.get(page_of(wave)).content.decode()
    assert "close a wave first" in shown
    assert "microdata:csv" not in shown
    assert "questionnaire:pdf" in shown


# ------------------------------------------------------------------------------ who may


@pytest.mark.parametrize(
    ("role", "page", "asks", "takes", "log"),
    [
        (Role.OWNER, 200, True, 200, True),
        (Role.ANALYST, 200, True, 200, False),
        (Role.AUDITOR, 200, False, 403, True),
        (Role.FIELDWORKER, 403, False, 403, False),
        (Role.MANAGER, 403, False, 403, False),
    ],
)
def test_each_role_does_what_is_its_own(
    answered: Wave, role: Role, page: int, asks: bool, takes: int, log: bool
) -> None:
    export = make_export(answered)
    client = signed_in(
        make_member(answered.survey.organization, email="x@example.org", role=role)
    )
    shown = client.get(page_of(answered))
    assert shown.status_code == page
    assert ('id="ask"' in shown.content.decode()) == asks
    assert ('id="log"' in shown.content.decode()) == log
    assert ('id="rule"' in shown.content.decode()) == (role == Role.OWNER)
    assert client.head(file_of(export)).status_code == takes
    client.post(page_of(answered), ASKED)
    assert len(exports_of(answered)) == (2 if asks else 1)
    client.post(reverse("analytics:export-remove", args=[export.pk]))
    gone = not stored(export).exists()
    assert gone == asks


def test_another_organizations_file_does_not_exist(
    owner: Client, database: None
) -> None:
    theirs = make_export(make_wave(make_survey(make_organization("Hill Coffee"))))
    assert owner.get(file_of(theirs)).status_code == 404
    for name in ("export-decide", "export-remove"):
        address = reverse(f"analytics:{name}", args=[theirs.pk])
        assert owner.post(address, {"decision": "approve"}).status_code == 404
    assert stored(theirs).exists()


# ------------------------------------------------------------------- the second person


@pytest.fixture
def second(organization: Organization) -> Client:
    return signed_in(make_member(organization, email="Second@example.org"))


def switch(client: Client, wave: Wave, second: str) -> None:
    client.post(
        reverse("analytics:export-rule", args=[wave.survey_id]), {"second": second}
    )


def decide(client: Client, export: Export, decision: str) -> None:
    address = reverse("analytics:export-decide", args=[export.pk])
    client.post(address, {"decision": decision})


def test_with_the_rule_nothing_is_written_before_another_owner_agrees(
    owner: Client, second: Client, answered: Wave
) -> None:
    switch(owner, answered, "on")
    export = written(owner, answered)
    assert export.state == State.AWAITING
    decide(owner, export, "approve")
    run_waiting_jobs()
    assert exports_of(answered)[0].state == State.AWAITING
    decide(second, export, "approve")
    run_waiting_jobs()
    (export,) = exports_of(answered)
    assert (export.state, export.decided_by) == (State.READY, "second@example.org")
    assert [line.what for line in log_of(answered)] == [
        *("rule_on", "asked", "approved", "ready")
    ]


def test_an_analyst_approves_nothing_and_what_is_refused_stays_so(
    owner: Client, second: Client, answered: Wave, organization: Organization
) -> None:
    switch(owner, answered, "on")
    export = written(owner, answered)
    analyst = signed_in(
        make_member(organization, email="a@example.org", role=Role.ANALYST)
    )
    decide(analyst, export, "approve")
    decide(second, export, "perhaps")
    assert exports_of(answered)[0].state == State.AWAITING
    decide(second, export, "refuse")
    decide(second, export, "approve")
    run_waiting_jobs()
    assert exports_of(answered)[0].state == State.REFUSED


def test_switching_the_rule_stands_in_the_log_and_binds_later_exports_only(
    owner: Client, answered: Wave
) -> None:
    switch(owner, answered, "on")
    switch(owner, answered, "on")
    before = written(owner, answered)
    switch(owner, answered, "off")
    after = written(owner, answered, what="comments:csv")
    with organization_scope(answered.organization_id):
        before.refresh_from_db()
    assert (before.state, after.state) == (State.AWAITING, State.READY)
    rules = [line.what for line in log_of(answered) if line.what.startswith("rule")]
    assert rules == ["rule_on", "rule_off"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE analytics_exportentry SET who = 'nobody@example.org'",
        "DELETE FROM analytics_exportentry",
        "DELETE FROM analytics_export",
        "TRUNCATE analytics_exportentry",
    ],
)
def test_the_application_has_no_right_to_touch_the_log(
    answered: Wave, statement: str
) -> None:
    with (
        organization_scope(answered.organization_id),
        connections["default"].cursor() as cursor,
        pytest.raises(ProgrammingError, match="permission denied"),
    ):
        cursor.execute(statement)


# ------------------------------------------------------------------ the end of a file


def test_a_file_is_gone_after_its_days_and_says_so(
    owner: Client, answered: Wave
) -> None:
    export = make_export(answered)
    assert export.expires_at is not None
    job.sweep(export.expires_at - timedelta(seconds=1))
    assert owner.head(file_of(export)).status_code == 200
    job.sweep(export.expires_at)
    assert not stored(export).exists()
    reply = owner.get(file_of(export))
    assert reply.status_code == 410
    assert "This file is gone" in reply.content.decode()
    assert log_of(answered)[-1].what == "expired"


def test_a_removed_file_leaves_its_line_in_the_log(
    owner: Client, answered: Wave
) -> None:
    export = make_export(answered)
    address = reverse("analytics:export-remove", args=[export.pk])
    owner.post(address)
    owner.post(address)
    assert not stored(export).exists()
    assert [line.what for line in log_of(answered)] == ["removed"]
    assert owner.get(file_of(export)).status_code == 410


def test_the_log_says_in_its_readers_words_which_file_a_line_is_about(
    owner: Client, answered: Wave
) -> None:
    owner.post(page_of(answered), ASKED)
    with organization_scope(answered.organization_id):
        survey = Survey.objects.get(pk=answered.survey_id)
        line = ExportEntry.objects.get(what="asked")
        assert line.about == f"data (csv): {survey.title_en}"
        with override("zh-hans"):
            told = entry_shown(line, survey, "zh-hans")["about"]
            assert str(Export.Kind.DATA.label) in told
            assert survey.title_zh_hans in told
            assert "data (" not in told
        told = entry_shown(line, survey, "en")["about"]
        assert told == f"All answers (CSV) of {survey.title_en}"
        # a line keeps the title of then, and words of a format that is gone
        old = survey.title_en
        survey.title_en = "Another title"
        told = entry_shown(line, survey, "en")["about"]
        assert told == f"All answers (CSV) of {old}"
        line.about = "data (floppy): Of old"
        assert entry_shown(line, survey, "en")["about"] == "data (floppy): Of old"


def test_files_of_no_row_are_swept_once_they_are_old(answered: Wave) -> None:
    """A survey that is removed takes its rows along, and its files go with the sweep."""
    kept, lost = make_export(answered), make_export(answered, language="zh-hans")
    remove_row(lost.pk)
    now = timezone.now()
    job.sweep(now)
    assert stored(lost).exists()
    job.sweep(now + storage.ORPHANED + timedelta(minutes=1))
    assert not stored(lost).exists()
    assert stored(kept).read_bytes() == CONTENT


def remove_row(key: UUID) -> None:
    """Remove an export as a removed survey does."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE analytics_export NO FORCE ROW LEVEL SECURITY")
        cursor.execute("DELETE FROM analytics_export WHERE id = %s", [key])
        cursor.execute("ALTER TABLE analytics_export FORCE ROW LEVEL SECURITY")
