"""What respondents are shown stays as it was frozen, whoever connects."""

from typing import Any

import pytest
from django.db import IntegrityError, connections, transaction

from surveys import mixing
from surveys.models import Wave
from tests.attack.people import quick_keys
from tests.factories import NOW
from tests.surveys.promised import answer_all, cell, cells_of, collected, launch

FORWARD = ("open", "grace", "ending", "closed")


@pytest.fixture
def wave(database: None) -> Wave:
    with quick_keys():
        return launch([cell(12)])


def as_owner(statement: str, *values: Any) -> None:
    """Run a statement as whoever mixes, who owns the tables."""
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute(statement, values or None)


@pytest.mark.parametrize(
    "change",
    [
        "promise_en = 'We promise less.'",
        "promise_zh_hans = '我们承诺得更少。'",
        "mode = 'confidential'",
        "least_batch = 1",
        "form = replace(form, 'a', 'b')",
        "manifest = '{}'",
        "notice = '{\"en\": {}}'",
        "study = gen_random_uuid()",
        "simulated = NOT simulated",
    ],
)
def test_nobody_changes_what_respondents_are_shown(wave: Wave, change: str) -> None:
    before = collected(wave)
    with pytest.raises(IntegrityError, match="collected_wave_is_frozen"):
        as_owner(f"UPDATE collector.wave SET {change}")
    assert collected(wave) == before


@pytest.mark.parametrize(
    "change", ["public_key = NULL", "id = gen_random_uuid()", "parent_id = id"]
)
def test_nobody_changes_whom_the_collector_believes(wave: Wave, change: str) -> None:
    with pytest.raises(IntegrityError, match="collected_cell_is_frozen"):
        as_owner(f"UPDATE collector.cell SET {change}")


@pytest.mark.parametrize(
    ("table", "name"),
    [
        ("collector.wave", "collected_wave_is_kept"),
        ("collector.cell", "collected_cell_is_frozen"),
        ("surveys_promise", "promise_is_kept"),
        ("surveys_cell", "cell_is_kept"),
    ],
)
def test_nobody_takes_it_away(wave: Wave, table: str, name: str) -> None:
    """Not even who lifts row security for it."""
    with pytest.raises(IntegrityError, match=name):
        as_owner(
            f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY; DELETE FROM {table}"
        )
    assert collected(wave).promise.en


def test_a_wave_only_goes_forward(wave: Wave) -> None:
    for state in FORWARD:
        as_owner("UPDATE collector.wave SET state = %s, unclean = true", state)
        for earlier in FORWARD[: FORWARD.index(state)]:
            with pytest.raises(IntegrityError, match="collected_wave_is_frozen"):
                as_owner("UPDATE collector.wave SET state = %s", earlier)
    as_owner("UPDATE collector.wave SET unclean = false")


def test_a_wave_goes_its_whole_way_all_the_same(wave: Wave) -> None:
    (team,) = cells_of(wave)
    answer_all(wave, team, 11)
    assert mixing.flush(wave.pk)
    assert mixing.close_issuing(wave.organization_id, wave.pk, at=NOW)
    assert mixing.finish(wave.pk)
    assert collected(wave).state == "closed"
