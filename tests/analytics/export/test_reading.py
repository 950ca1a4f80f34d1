"""How often the answers are read for a file, and that it is the same file however."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analytics.export import rows as reading
from analytics.export.dataset import DataSet
from analytics.export.gathering import data_set_of
from analytics.export.parquet import write_parquet
from analytics.export.refusals import NotExportable
from analytics.export.rows import Kept, ahead
from analytics.export.text_files import write_csv
from analytics.responses import block_codes, row_blocks
from surveys.models import Wave
from surveys.tenancy import organization_scope
from tests.analytics.export.test_gathering import answered
from tests.factories import brand_form

ROWS = 7  # of a block


@pytest.fixture
def wave(database: None, monkeypatch: pytest.MonkeyPatch) -> Wave:
    monkeypatch.setattr(reading, "ROWS", ROWS)
    return answered(brand_form(), 40)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Note how many rows each reading of a block returns."""
    taken: list[int] = []

    def noted(connection: Any, block: Any, form: Any, marks: Any) -> Any:
        codes = block_codes(connection, block, form, marks)
        taken.append(codes.shape[1])
        return codes

    monkeypatch.setattr(reading, "block_codes", noted)
    return taken


def data_of(wave: Wave) -> DataSet:
    found = Wave.objects.select_related("form", "survey").get(pk=wave.pk)
    return data_set_of([found], seed=1)


def quiet(rows: int) -> None:
    """Tell nobody."""


def test_csv_reads_once_and_takes_no_fingerprint(
    wave: Wave, read: list[int], tmp_path: Path
) -> None:
    with organization_scope(wave.organization_id):
        write_csv(data_of(wave), tmp_path / "a.csv", language="en", tell=quiet)
    assert sorted(read) == [5, *[ROWS] * 5]


def test_parquet_says_the_fingerprint_and_reads_once(
    wave: Wave, read: list[int], tmp_path: Path
) -> None:
    with organization_scope(wave.organization_id):
        data = data_of(wave)
        write_parquet(data, tmp_path / "a.parquet", language="en", tell=quiet)
        assert sorted(read) == [5, *[ROWS] * 5]
        # facts are kept as well
        assert len(data.facts["input_sha256"]) == 64
    assert len(read) == 6


@pytest.mark.parametrize("room", [0, 500, 1 << 20])
def test_a_file_is_the_same_whatever_was_kept(
    wave: Wave, read: list[int], monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    def columns(data: DataSet) -> list[object]:
        return [data.column(one.name).tolist() for one in data.variables]

    with organization_scope(wave.organization_id):
        plain = columns(data_of(wave))
        once = len(read)
        monkeypatch.setattr("analytics.export.gathering.Kept", lambda: Kept(room=room))
        data = data_of(wave)
        assert data.facts["mode"]
        assert repr(columns(data)) == repr(plain)
    read_again = len(read) - once - 6
    passes = len(data.variables)  # `column` reads anew
    assert (read_again == 0) == (room == 1 << 20)
    assert (read_again == 6 * passes) == (room == 0)


def test_codes_beyond_a_byte_are_kept_as_they_are() -> None:
    kept = Kept()
    wide = np.array([[-3, 127], [128, 5]], dtype=np.int16)
    kept.keep((0, 0), wide)
    kept.keep((0, 1), wide - np.int16(1))
    assert kept.codes[0, 0].tolist() == wide.tolist()
    assert kept.codes[0, 1].dtype == np.int8
    assert kept.codes[0, 1].tolist() == [[-4, 126], [127, 4]]


def test_facts_are_refused_where_the_answers_may_not_be_read(wave: Wave) -> None:
    """Outside the scope of the organization nothing would be read, and hashed."""
    with organization_scope(wave.organization_id):
        data = data_of(wave)
    with pytest.raises(NotExportable) as refused:
        data.facts["input_sha256"]
    assert refused.value.sentence.code == "export_changed"


@pytest.mark.parametrize(("n", "rows"), [(1, 1), (6, 3), (7, 3), (8, 3), (2, 9)])
def test_blocks_follow_one_another_without_a_gap(
    database: None, n: int, rows: int
) -> None:
    wave = answered(brand_form(), n)
    with organization_scope(wave.organization_id):
        blocks = row_blocks(wave, rows=rows)
        assert row_blocks(Wave(pk=wave.survey_id), rows=rows) == ()
    sizes = [rows] * (n // rows) + ([n % rows] if n % rows else [])
    assert [one.rows for one in blocks] == sizes
    firsts = [one.first for one in blocks]
    assert firsts == sorted(firsts)
    assert [one.end for one in blocks] == [*firsts[1:], None]


def test_what_was_asked_ahead_comes_in_order_and_errors_with_their_own() -> None:
    def fail() -> int:
        raise KeyError("third")

    calls = [lambda: 1, lambda: 2, fail, lambda: 4]
    found = ahead(calls)
    assert [next(found), next(found)] == [1, 2]
    with pytest.raises(KeyError, match="third"):
        next(found)
    assert list(ahead([])) == []
