"""The one bridge from rows to arrays."""

from dataclasses import replace

import numpy as np
import psycopg
import pytest
from django.db import connections

from analytics.form_plan import plan_of
from analytics.psychometrics import PsychometricsError
from analytics.responses import decode_copy, load_responses
from analytics.sentences import say
from surveys import definition
from surveys.models import Response
from surveys.tenancy import organization_scope
from tests.factories import brand_form, make_response, make_wave
from trustsurvey import roles


def test_rows_become_keyed_codes(database: None) -> None:
    wave = make_wave()
    form = brand_form()
    answers = [7] * form.item_count
    answers[0], answers[1], answers[2] = -1, -2, -3
    make_response(wave, answers)
    with organization_scope(wave.organization_id):
        data = load_responses(wave, form).data
    assert data.item_codes == tuple(item.code for item in form.items)
    reverse = [item.reverse for item in form.items]
    expected = [
        -1 if position < 3 else 0 if turned else 7 - item.low
        for position, (item, turned) in enumerate(zip(form.items, reverse, strict=True))
    ]
    assert data.codes.tolist() == [expected]


def test_the_language_of_every_answer_is_kept(database: None) -> None:
    wave = make_wave()
    for language in ("en", "zh-hans", "zh-hans"):
        make_response(wave, [4] * wave.form.item_count, language=language)
    with organization_scope(wave.organization_id):
        loaded = load_responses(wave, brand_form())
        stored = Response.objects.filter(wave=wave).order_by("id")
        expected = [definition.LANGUAGES.index(one.language) for one in stored]
    assert loaded.languages.tolist() == expected
    assert sorted(expected) == [0, 1, 1]


def test_copy_agrees_with_an_ordinary_query(database: None) -> None:
    wave, other = make_wave(), make_wave()
    rng = np.random.default_rng(1)
    for _ in range(40):
        make_response(wave, rng.integers(1, 8, wave.form.item_count).tolist())
    make_response(other, [1] * other.form.item_count)
    with organization_scope(wave.organization_id):
        loaded = load_responses(wave, brand_form())
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT answers FROM surveys_response ORDER BY id")
            rows = np.array([row[0] for row in cursor.fetchall()])
    items = brand_form().items
    keyed = np.where(
        [item.reverse for item in items],
        np.array([item.high for item in items]) - rows,
        rows - np.array([item.low for item in items]),
    )
    np.testing.assert_array_equal(loaded.data.codes, keyed)


def test_the_fingerprint_follows_the_answers_and_nothing_else(database: None) -> None:
    wave = make_wave()
    make_response(wave, [4] * wave.form.item_count)
    with organization_scope(wave.organization_id):
        first, again = (load_responses(wave, brand_form()).sha256 for _ in range(2))
    make_response(wave, [4] * wave.form.item_count)
    with organization_scope(wave.organization_id):
        more = load_responses(wave, brand_form()).sha256
    assert first == again != more


def test_an_empty_wave_is_an_empty_matrix(database: None) -> None:
    wave = make_wave()
    with organization_scope(wave.organization_id):
        data = load_responses(wave, brand_form()).data
    assert (data.n, data.p) == (0, brand_form().item_count)


def test_a_stored_code_off_its_scale_is_loud(
    database: None, administrator: roles.Login
) -> None:
    """No intake stores it; a hand in the database might."""
    wave = make_wave()
    answers = [4] * wave.form.item_count
    answers[5] = 9
    make_response(wave, answers)
    with (
        organization_scope(wave.organization_id),
        pytest.raises(PsychometricsError, match=r"TBE\.C2.*9|9.*TBE\.C2"),
    ):
        load_responses(wave, brand_form())


@pytest.mark.parametrize(
    ("stream", "count"),
    [
        (b"", 2),
        (b"PGCOPY\n\xff\r\n\x00" + bytes(8), 2),
        (b"no copy at all" + b"\xff\xff", 2),
        (b"PGCOPY\n\xff\r\n\x00" + bytes(8) + b"123" + b"\xff\xff", 2),
    ],
)
def test_a_stream_that_is_no_copy_is_refused(stream: bytes, count: int) -> None:
    with pytest.raises(ValueError, match=r"COPY stream|answers"):
        list(decode_copy([stream], count))


def copied(administrator: roles.Login, query: str) -> list[bytes]:
    """Return a binary COPY as the driver hands it over."""
    with (
        psycopg.connect(**administrator) as connection,
        connection.cursor() as cursor,
        cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT binary)") as copy,
    ):
        return [bytes(piece) for piece in copy]


def test_rows_of_another_length_are_refused(administrator: roles.Login) -> None:
    pieces = copied(administrator, "SELECT '{1,2,3}'::smallint[]")
    assert [block.tolist() for block in decode_copy(pieces, 3)] == [[[1, 2, 3]]]
    for wrong in (2, 4):
        with pytest.raises(ValueError, match=f"holds {wrong} answers"):
            list(decode_copy(pieces, wrong))


@pytest.mark.parametrize("size", [1, 7, 100])
def test_rows_come_out_whole_whatever_pieces_they_come_in(
    administrator: roles.Login, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("analytics.responses.BLOCK_BYTES", 60)
    query = "SELECT ARRAY[i, -i]::smallint[] FROM generate_series(1, 20) AS i"
    stream = b"".join(copied(administrator, query))
    pieces = [stream[at : at + size] for at in range(0, len(stream), size)]
    blocks = list(decode_copy(pieces, 2))
    assert len(blocks) > 5
    expected = [[i, -i] for i in range(1, 21)]
    assert np.concatenate(blocks).tolist() == expected


def test_an_error_in_a_later_block_names_the_row_of_the_wave(
    database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("analytics.responses.BLOCK_BYTES", 1)
    wave = make_wave()
    for _ in range(20):
        make_response(wave, [4] * wave.form.item_count)
    make_response(wave, [99] * wave.form.item_count)
    with organization_scope(wave.organization_id):
        with connections["default"].cursor() as cursor:
            cursor.execute(
                "SELECT place FROM (SELECT answers, row_number() OVER (ORDER BY id)"
                " AS place FROM surveys_response) AS numbered WHERE 99 = ANY(answers)"
            )
            (place,) = cursor.fetchone()
        with pytest.raises(PsychometricsError, match=f"Row {place}, item"):
            load_responses(wave, brand_form())
    # the COPY was ended, so the connection is of use again
    with organization_scope(wave.organization_id):
        assert Response.objects.count() == 21


@pytest.mark.parametrize(
    ("catalogue", "modified", "sentence"),
    [
        (None, False, "evidence_E0"),
        ("spi-trust", False, "evidence_unchanged"),
        ("spi-trust", True, "evidence_modified"),
    ],
)
def test_the_plan_says_what_a_published_scale_is(
    catalogue: str | None, modified: bool, sentence: str
) -> None:
    form = brand_form()
    said = {"catalogue": catalogue, "modified": modified}
    instruments = tuple(replace(one, **said) for one in form.instruments)  # type: ignore[arg-type]
    plan = plan_of(replace(form, instruments=instruments), simulated=False, seed=7)
    assert {one.known for one in plan.instruments} == {sentence}
    assert say(sentence).text("en") != say(sentence).text("zh-hans")


def test_the_plan_of_a_form_keeps_roles_levels_and_the_mark() -> None:
    plan = plan_of(brand_form(), simulated=True, seed=7)
    assert [scale.code for scale in plan.scales] == [
        "TBE.T",
        "TBE.C",
        "TBE.A",
        "TBE.H",
        "TBE.E",
    ]
    assert {scale.group for scale in plan.outcomes} == {"outcome"}
    assert [i.evidence for i in plan.instruments] == ["E0", "E0"]
    assert (plan.simulated, plan.seed) == (True, 7)
    assert sum(item.reverse for item in plan.items()) == 5
