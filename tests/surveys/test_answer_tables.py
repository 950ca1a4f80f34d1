"""Tables that respondents touch carry no time, no order and no way back to a person."""

import pytest
from django.db import connections, models

from surveys.models import Comment, Response

ORDERED = (
    models.DateField,
    models.TimeField,
    models.AutoField,
    models.BigAutoField,
    models.SmallAutoField,
)


REFUSE: dict[type[models.Model], set[str]] = {
    Response: {"response_pseudonym_where_promised", "response_paradata_where_told"},
    Comment: set(),
}


@pytest.mark.parametrize("model", [Response, Comment])
def test_no_field_tells_time_or_order(model: type[models.Model]) -> None:
    for field in model._meta.get_fields():
        assert not isinstance(field, ORDERED), field


@pytest.mark.parametrize("model", [Response, Comment])
def test_the_database_adds_no_time_sequence_or_trigger(
    database: None, model: type[models.Model]
) -> None:
    table = model._meta.db_table
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT column_name, data_type, column_default"
            " FROM information_schema.columns WHERE table_name = %s",
            [table],
        )
        columns = cursor.fetchall()
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass"
            " AND NOT tgisinternal AND (tgtype & 4) = 4",
            [table],
        )
        on_insert = cursor.fetchall()
    assert columns
    for name, kind, default in columns:
        assert "time" not in kind, name
        assert "date" not in kind, name
        assert default is None, name
    # these two refuse what was not promised, and write nothing
    assert {name for (name,) in on_insert} <= REFUSE[model]


def test_a_comment_has_no_column_that_names_a_response() -> None:
    assert {field.name for field in Comment._meta.get_fields()} == {
        "pk",
        "organization",
        "wave",
        "id",
        "question",
        "text",
    }


def test_commit_times_are_not_kept(database: None) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SHOW track_commit_timestamp")
        assert cursor.fetchone() == ("off",)
