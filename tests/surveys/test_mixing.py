"""From a credential to answers of nobody: issue, submit, flush, close, finish."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import ProgrammingError, connections, transaction

from surveys import launching, mixing
from surveys.collect.intake import Receipt, find_wave
from surveys.collect.sealed import NoCredential, find_collected, receive_typed
from surveys.issue.issuer import IssuedTooOften, NoLongerIssued, NotInvited, issue
from surveys.models import Cell, Comment, Response, Survey, Wave
from surveys.tenancy import organization_scope
from tests.attack.people import until_clean
from tests.factories import NOW
from tests.surveys.promised import (
    Draft,
    answer_all,
    answer_typed,
    cell,
    cells_of,
    codes,
    collected,
    launch,
    obtain,
    public_key_of,
    sheet,
    submit,
)
from trustsurvey.roles import Login


def rows(query: str, *values: Any) -> list[tuple[Any, ...]]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())


def count(table: str, wave: Wave) -> int:
    ((found,),) = rows(f"SELECT count(*) FROM {table} WHERE wave_id = %s", wave.pk)
    assert isinstance(found, int)
    return found


def finish(wave: Wave) -> None:
    assert mixing.close_issuing(wave.organization_id, wave.pk, at=NOW)
    assert mixing.finish(wave.pk)


@pytest.fixture
def wave(database: None) -> Wave:
    """A department of two teams of twelve."""
    return launch([cell(0), cell(12, 0), cell(12, 0)])


def test_one_person_one_answer(wave: Wave) -> None:
    team = cells_of(wave)[1]
    asked = collected(wave)
    held = obtain(wave, codes(wave, team)[0], public_key_of(asked, team))
    filled = sheet(asked)
    assert submit(asked, held, filled) is Receipt.STORED
    assert submit(asked, held, filled) is Receipt.SAME
    assert submit(asked, held, sheet(asked)) is Receipt.OTHER
    assert count("collector.staged", wave) == 1


def test_a_reply_that_was_lost_is_signed_again(wave: Wave) -> None:
    team = cells_of(wave)[1]
    draft = Draft(wave, codes(wave, team)[0], public_key_of(collected(wave), team))
    first = draft.finish()
    assert draft.finish().signature == first.signature
    assert rows("SELECT sum(issues) FROM issuer.invitation") == [(1,)]


def test_another_device_gets_two_more_credentials_and_no_third(wave: Wave) -> None:
    team = cells_of(wave)[1]
    key, code = public_key_of(collected(wave), team), codes(wave, team)[0]
    for _ in range(3):
        obtain(wave, code, key)
    with pytest.raises(IssuedTooOften):
        obtain(wave, code, key)


def test_a_stranger_gets_no_credential(wave: Wave) -> None:
    with pytest.raises(NotInvited):
        issue(wave.pk, "x" * 22, b"\1" * 384)
    with pytest.raises(NotInvited):
        issue(uuid4(), codes(wave, cells_of(wave)[1])[0], b"\1" * 384)


def test_a_credential_counts_in_its_own_cell_only(wave: Wave) -> None:
    _, team, other = cells_of(wave)
    asked = collected(wave)
    held = obtain(wave, codes(wave, team)[0], public_key_of(asked, team))
    for wrong in (
        replace(held, cell_id=other.pk),
        replace(held, cell_id=uuid4()),
        replace(held, prepared=b"\0" * 64),
        replace(held, signature=held.signature[:-1] + b"\0\0"),
    ):
        with pytest.raises(NoCredential):
            submit(asked, wrong, sheet(asked))
    assert count("collector.spent", wave) == 0


def test_nine_wait_and_ten_are_mixed(wave: Wave) -> None:
    team = cells_of(wave)[1]
    answer_all(wave, team, 9)
    assert not mixing.flush(wave.pk)
    assert count("collector.staged", wave) == 9
    asked = collected(wave)
    held = obtain(wave, codes(wave, team)[9], public_key_of(asked, team))
    submit(asked, held, sheet(asked, comment="Tea."))
    assert mixing.flush(wave.pk)
    assert count("collector.staged", wave) == 0
    assert count("collector.mixed", wave) == 10
    assert count("collector.mixed_text", wave) == 1
    assert submit(asked, held, sheet(asked)) is Receipt.OTHER


def test_after_a_flush_one_transaction_wrote_everything(wave: Wave) -> None:
    """Old and new answers of the cell, all spent credentials, all invitations."""
    team = cells_of(wave)[1]
    answer_all(wave, team, 10)
    mixing.flush(wave.pk)
    for table in ("collector.mixed", "collector.spent", "issuer.invitation"):
        assert len(rows(f"SELECT DISTINCT xmin::text FROM {table}")) == 1
    until_clean(wave.pk)
    assert rows("SELECT unclean FROM collector.wave") == [(False,)]


def test_a_crash_before_the_files_are_rewritten_is_mended_later(
    wave: Wave, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer_all(wave, cells_of(wave)[1], 10)
    with monkeypatch.context() as broken:
        broken.setattr(mixing, "clean_up", _crash)
        with pytest.raises(RuntimeError):
            mixing.flush(wave.pk)
    assert rows("SELECT unclean FROM collector.wave") == [(True,)]
    assert not mixing.flush(wave.pk)
    until_clean(wave.pk)
    assert rows("SELECT unclean FROM collector.wave") == [(False,)]


def _crash(wave_id: object) -> None:
    raise RuntimeError


@contextmanager
def no_right_to_cut_the_log(administrator: Login) -> Iterator[None]:
    """The owner may not begin a new file of the log, as on a server of somebody else."""
    login = {**administrator, "dbname": connections["owner"].settings_dict["NAME"]}
    change = "{} EXECUTE ON FUNCTION pg_switch_wal() {} trustsurvey_owner"
    with psycopg.connect(**login, autocommit=True) as connection:
        connection.execute(change.format("REVOKE", "FROM").encode())
        try:
            yield
        finally:
            connection.execute(change.format("GRANT", "TO").encode())


def test_a_wave_whose_order_stays_in_the_log_is_not_called_clean(
    wave: Wave, administrator: Login
) -> None:
    """Else a backup "right after a flush" would carry the order of arrival away."""
    answer_all(wave, cells_of(wave)[1], 10)
    with no_right_to_cut_the_log(administrator):
        assert mixing.flush(wave.pk)
        assert rows("SELECT unclean FROM collector.wave") == [(True,)]
    until_clean(wave.pk)
    assert rows("SELECT unclean FROM collector.wave") == [(False,)]


def test_what_is_in_the_way_of_ended_waves_is_tried_once_each_time(
    wave: Wave, administrator: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files are rewritten for all waves at once: years of them cost what one does."""
    rewritten: list[str] = []
    real = mixing._is_rewritten

    def counted(table: str) -> bool:
        rewritten.append(table)
        return real(table)

    with no_right_to_cut_the_log(administrator):
        for ended in (wave, launch([cell(8)]), launch([cell(8)])):
            finish(ended)
        monkeypatch.setattr(mixing, "_is_rewritten", counted)
        mixing.mix_due(NOW)
    assert len(rewritten) == len(set(rewritten))
    assert rows("SELECT unclean FROM collector.wave") == [(True,)] * 3
    for (ended_id,) in rows("SELECT id FROM collector.wave"):
        until_clean(ended_id)
    assert rows("SELECT unclean FROM collector.wave") == [(False,)] * 3


def test_a_small_last_batch_joins_the_cell_above(wave: Wave) -> None:
    department, team, other = cells_of(wave)
    answer_all(wave, team, 11)
    answer_all(wave, other, 3)
    finish(wave)
    with organization_scope(wave.organization_id):
        by_cell = list(Response.objects.values_list("cell_id", flat=True))
    assert sorted(by_cell, key=str) == sorted(
        [team.pk] * 11 + [department.pk] * 3, key=str
    )


def test_what_is_due_is_mixed_and_ended_by_the_job(wave: Wave) -> None:
    answer_all(wave, cells_of(wave)[1], 10)
    mixing.mix_due(NOW)
    assert (count("collector.staged", wave), count("collector.mixed", wave)) == (0, 10)
    mixing.close_issuing(wave.organization_id, wave.pk, at=NOW)
    mixing.mix_due(NOW + timedelta(hours=23))
    assert collected(wave).state == "grace"
    mixing.mix_due(NOW + timedelta(hours=24))
    assert collected(wave).state == "closed"
    with organization_scope(wave.organization_id):
        assert Response.objects.count() == 10


def test_the_public_counts_add_up(wave: Wave) -> None:
    _, team, other = cells_of(wave)
    answer_all(wave, team, 11)
    key = public_key_of(collected(wave), other)
    for _ in range(2):
        obtain(wave, codes(wave, other)[0], key)
    finish(wave)
    counts = {
        c.pk: (c.invited, c.issued, c.reissued, c.answered) for c in cells_of(wave)
    }
    assert counts[team.pk] == (12, 11, 0, 11)
    assert counts[other.pk] == (12, 1, 1, 0)


def test_closing_destroys_keys_and_codes(wave: Wave) -> None:
    answer_all(wave, cells_of(wave)[1], 11)
    finish(wave)
    for table in ("issuer.key", "issuer.invitation", "collector.spent"):
        assert count(table, wave) == 0
    for table in ("collector.mixed", "collector.staged", "collector.printed"):
        assert count(table, wave) == 0
    with organization_scope(wave.organization_id):
        assert Wave.objects.get(pk=wave.pk).state == Wave.State.CLOSED


def test_late_answers_arrive_in_the_grace_and_not_after(wave: Wave) -> None:
    team = cells_of(wave)[1]
    asked = collected(wave)
    key = public_key_of(asked, team)
    held = [obtain(wave, code, key) for code in codes(wave, team)[:2]]
    assert mixing.close_issuing(wave.organization_id, wave.pk, at=NOW)
    with pytest.raises(NoLongerIssued):
        obtain(wave, codes(wave, team)[2], key)
    assert submit(asked, held[0], sheet(asked)) is Receipt.STORED
    assert mixing.finish(wave.pk)
    assert submit(asked, held[1], sheet(asked)) is Receipt.CLOSED


def test_finishing_twice_changes_nothing(wave: Wave) -> None:
    answer_all(wave, cells_of(wave)[1], 11)
    finish(wave)
    assert not mixing.finish(wave.pk)
    with organization_scope(wave.organization_id):
        assert Response.objects.count() == 11


def test_a_wave_in_the_field_cannot_be_finished(wave: Wave) -> None:
    assert not mixing.finish(wave.pk)
    assert collected(wave).state == "open"


def test_printed_codes_count_once_however_they_are_typed(database: None) -> None:
    wave = launch([cell(8, printed=True)])
    (drawer,) = cells_of(wave)
    asked = collected(wave)
    code = codes(wave, drawer)[0]
    filled = sheet(asked)
    assert receive_typed(asked, typed=code, sheet=filled) is Receipt.STORED
    sloppy = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert receive_typed(asked, typed=sloppy, sheet=filled) is Receipt.SAME
    with pytest.raises(NoCredential):
        receive_typed(asked, typed="AAAA-BBBB-CCCC-DDDD", sheet=filled)


def test_a_confidential_wave_has_typed_codes_and_no_keys(database: None) -> None:
    wave = launch([cell(8)], mode=Survey.Mode.CONFIDENTIAL)
    (team,) = cells_of(wave)
    assert count("issuer.key", wave) == 0
    assert set(answer_typed(wave, team, 8)) == {Receipt.STORED}
    finish(wave)
    (after,) = cells_of(wave)
    assert (after.issued, after.answered) == (8, 8)


def test_comments_reach_the_organization_apart(wave: Wave) -> None:
    team = cells_of(wave)[1]
    asked = collected(wave)
    key = public_key_of(asked, team)
    for code in codes(wave, team):
        submit(asked, obtain(wave, code, key), sheet(asked, comment="Tea."))
    finish(wave)
    with organization_scope(wave.organization_id):
        assert Response.objects.count() == Comment.objects.count() == 12
        assert not set(Response.objects.values_list("id", flat=True)) & set(
            Comment.objects.values_list("id", flat=True)
        )


def test_opening_twice_makes_one_set_of_keys(wave: Wave) -> None:
    before = collected(wave).manifest
    with organization_scope(wave.organization_id):
        assert not Wave.objects.filter(state=Wave.State.PREPARING).exists()
    launching.open_prepared(wave.organization_id, wave.pk)
    assert collected(wave).manifest == before


def test_a_worker_that_died_while_opening_begins_again(
    database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(launching, "_hand_to_collector", lambda *a: _crash(a))
        with pytest.raises(RuntimeError):
            launch([cell(8)])
    ((wave_id, organization_id),) = rows("SELECT id, organization_id FROM issuer.wave")
    launching.open_prepared(organization_id, wave_id)
    with organization_scope(organization_id):
        wave = Wave.objects.select_related("survey", "form").get(pk=wave_id)
        assert wave.state == Wave.State.OPEN
    answer_all(wave, cells_of(wave)[0], 2)


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ([], "no_cells"),
        ([(0, None)], "no_cells"),
        ([(7, None)], "small_cell"),
        ([(8, 0)], "parent"),
        ([(8, None), (8, 5)], "parent"),
    ],
)
def test_cells_that_would_tell_too_much_are_refused(
    database: None, cells: list[tuple[int, int | None]], code: str
) -> None:
    with pytest.raises(launching.CannotLaunch) as refused:
        launch([cell(*given) for given in cells])
    assert refused.value.code == code


def _insert_plainly(wave: Wave) -> None:
    key = uuid4()
    with (
        transaction.atomic(using="collector"),
        connections["collector"].cursor() as cursor,
    ):
        cursor.execute(
            "SELECT set_config('trustsurvey.wave', %s, true),"
            " set_config('trustsurvey.response', %s, true)",
            [str(wave.pk), str(key)],
        )
        cursor.execute(
            "INSERT INTO surveys_response (organization_id, wave_id, form_id, id,"
            " item_count, answers, language) VALUES (%s, %s, %s, %s, 1, '{1}', 'en')",
            [wave.organization_id, wave.pk, wave.form_id, key],
        )


def test_the_plain_intake_takes_nothing_for_a_promised_wave(wave: Wave) -> None:
    """No answer falls from the anonymous mode into the open one."""
    with pytest.raises(ProgrammingError, match="row-level security"):
        _insert_plainly(wave)
    assert find_wave(wave.pk) is None


def test_a_wave_of_credentials_is_unknown_where_it_is_not(database: None) -> None:
    assert find_collected(uuid4()) is None


def test_names_of_cells_stay_with_the_organization(wave: Wave) -> None:
    with organization_scope(wave.organization_id):
        name = Cell.objects.filter(wave=wave).first()
    assert name is not None
    assert name.name_en not in collected(wave).manifest
