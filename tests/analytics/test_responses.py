"""The one bridge from rows to arrays."""

import numpy as np
import psycopg
import pytest
from django.db import connections

from analytics.psychometrics import PsychometricsError
from analytics.responses import decode_copy, load_responses, plan_of
from surveys.tenancy import organization_scope
from tests.factories import make_response, make_wave, brand_form
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
    with pytest.raises(ValueError, match="COPY stream|answers"):
        decode_copy(stream, count)


def test_rows_of_another_length_are_refused(administrator: roles.Login) -> None:
    with (
        psycopg.connect(**administrator) as connection,
        connection.cursor() as cursor,
        cursor.copy(
            "COPY (SELECT '{1,2,3}'::smallint[]) TO STDOUT (FORMAT binary)"
        ) as copy,
    ):
        stream = b"".join(copy)
    assert decode_copy(stream, 3).tolist() == [[1, 2, 3]]
    for wrong in (2, 4):
        with pytest.raises(ValueError, match=f"holds {wrong} answers"):
            decode_copy(stream, wrong)


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
