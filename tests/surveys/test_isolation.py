"""Organizations do not see each other, because PostgreSQL does not let them."""

from contextlib import nullcontext
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import IntegrityError, ProgrammingError, connections
from django.db.models import ForeignKey

from surveys.models import Organization, Survey, Wave
from surveys.tenancy import organization_scope
from tests.factories import NOW, make_form, make_response, make_survey, make_wave

# Tables with rows of organizations: everything of ours but users and their groups.
OURS = [
    model
    for app in ("surveys", "analytics")
    for model in apps.get_app_config(app).get_models()
    if model.__name__ != "User"
]
KEYED_BY_ORGANIZATION = [
    model for model in OURS if model.__name__ not in {"Organization", "Membership"}
]


def test_the_suite_connects_as_the_four_roles(database: None) -> None:
    for alias, role in (
        ("default", "trustsurvey_runtime"),
        ("issuer", "trustsurvey_issuer"),
        ("collector", "trustsurvey_collector"),
        ("owner", "trustsurvey_owner"),
    ):
        with connections[alias].cursor() as cursor:
            cursor.execute(
                "SELECT current_user, rolsuper, rolbypassrls FROM pg_roles"
                " WHERE rolname = current_user"
            )
            assert cursor.fetchone() == (role, False, False)


@pytest.mark.parametrize("alias", ["default", "issuer", "collector"])
def test_the_roles_at_work_own_no_table(database: None, alias: str) -> None:
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_class WHERE relowner ="
            " (SELECT oid FROM pg_roles WHERE rolname = current_user)"
        )
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize("model", OURS, ids=lambda m: m.__name__)
def test_row_security_is_on_and_forced(database: None, model: type) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT relrowsecurity, relforcerowsecurity FROM pg_class"
            " WHERE relname = %s",
            [model._meta.db_table],  # type: ignore[attr-defined]
        )
        assert cursor.fetchone() == (True, True)


@pytest.mark.parametrize("model", OURS, ids=lambda m: m.__name__)
def test_the_application_has_a_policy_with_both_sides(
    database: None, model: type
) -> None:
    """USING decides what is seen, WITH CHECK what may be written."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_policies WHERE tablename = %s AND cmd = 'ALL'"
            " AND 'trustsurvey_runtime' = ANY (roles)"
            " AND qual LIKE '%%current_organization()%%'"
            " AND with_check LIKE '%%current_organization()%%'",
            [model._meta.db_table],  # type: ignore[attr-defined]
        )
        assert cursor.fetchone() == (1,)


@pytest.mark.parametrize("model", KEYED_BY_ORGANIZATION, ids=lambda m: m.__name__)
def test_the_organization_is_part_of_a_key(database: None, model: type) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_constraint c JOIN pg_attribute a"
            " ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)"
            " WHERE c.conrelid = %s::regclass AND c.contype IN ('p', 'u')"
            " AND a.attname = 'organization_id'",
            [model._meta.db_table],  # type: ignore[attr-defined]
        )
        assert cursor.fetchone()[0] >= 1


@pytest.mark.parametrize("model", KEYED_BY_ORGANIZATION, ids=lambda m: m.__name__)
def test_foreign_keys_between_our_tables_carry_the_organization(
    database: None, model: type
) -> None:
    """Foreign-key checks ignore row security, so the key itself must not cross."""
    targets = {
        field.related_model._meta.db_table
        for field in model._meta.get_fields()  # type: ignore[attr-defined]
        if isinstance(field, ForeignKey) and field.related_model is not Organization
    }
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT f.relname, array_agg(a.attname::text) FROM pg_constraint c"
            " JOIN pg_class f ON f.oid = c.confrelid JOIN pg_attribute a"
            " ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)"
            " WHERE c.conrelid = %s::regclass AND c.contype = 'f'"
            " AND f.relname <> 'surveys_organization' GROUP BY c.oid, f.relname",
            [model._meta.db_table],  # type: ignore[attr-defined]
        )
        found = cursor.fetchall()
    assert {table for table, _ in found} >= targets
    assert all("organization_id" in columns for _, columns in found)


def test_outside_a_scope_there_are_no_rows(database: None) -> None:
    make_survey()
    assert list(Survey.objects.all()) == []


def test_an_organization_sees_its_own_surveys_only(database: None) -> None:
    ours, theirs = make_survey(), make_survey()
    with organization_scope(ours.organization_id):
        assert [s.pk for s in Survey.objects.all()] == [ours.pk]
        assert not Survey.objects.filter(pk=theirs.pk).update(title_en="taken over")
    with organization_scope(theirs.organization_id):
        assert Survey.objects.get().title_en == theirs.title_en


def test_nobody_writes_into_another_organization(database: None) -> None:
    ours, theirs = make_survey(), make_survey()
    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        organization_scope(ours.organization_id),
    ):
        Survey.objects.create(
            organization_id=theirs.organization_id,
            title_en="x",
            title_zh_hans="x",
            created_at=NOW,
        )


def test_a_wave_cannot_ask_another_organizations_form(database: None) -> None:
    ours, theirs = make_survey(), make_survey()
    foreign = make_form(theirs)
    with (
        pytest.raises(IntegrityError, match="wave_form_of_survey"),
        organization_scope(ours.organization_id),
    ):
        Wave.objects.create(
            organization_id=ours.organization_id,
            survey=ours,
            form_id=foreign.pk,
            number=1,
            opened_at=NOW,
        )


def test_scopes_do_not_nest(database: None) -> None:
    survey = make_survey()
    with organization_scope(survey.organization_id), pytest.raises(RuntimeError):
        organization_scope(uuid4()).__enter__()


def test_the_collector_sees_the_wave_it_was_asked_for_only(database: None) -> None:
    wave, other = make_wave(), make_wave()
    connection = connections["collector"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM surveys_wave")
        assert cursor.fetchone() == (0,)
        cursor.execute("BEGIN")
        cursor.execute(
            "SELECT set_config('trustsurvey.wave', %s, true)", [str(wave.pk)]
        )
        for table, expected in (
            ("surveys_wave", wave.pk),
            ("surveys_form", wave.form_id),
            ("surveys_survey", wave.survey_id),
        ):
            cursor.execute(f"SELECT id FROM {table}")
            assert cursor.fetchall() == [(expected,)]
        cursor.execute("ROLLBACK")
    assert other.pk != wave.pk


def test_the_collector_reads_and_writes_under_the_key_it_holds_only(
    database: None,
) -> None:
    wave = make_wave()
    answers = [1] * wave.form.item_count
    make_response(wave, answers)
    columns = (
        wave.organization_id,
        wave.pk,
        wave.form_id,
        uuid4(),
        len(answers),
        answers,
        "en",
    )
    with connections["collector"].cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute(
            "SELECT set_config('trustsurvey.wave', %s, true),"
            " set_config('trustsurvey.response', %s, true)",
            [str(wave.pk), str(uuid4())],
        )
        cursor.execute("SELECT count(*) FROM surveys_response")
        assert cursor.fetchone() == (0,)
        with pytest.raises(ProgrammingError, match="row-level security"):
            cursor.execute(
                "INSERT INTO surveys_response (organization_id, wave_id, form_id, id,"
                " item_count, answers, language) VALUES (%s, %s, %s, %s, %s, %s, %s)",
                columns,
            )
        cursor.execute("ROLLBACK")


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT 1 FROM surveys_user",
        "SELECT 1 FROM surveys_organization",
        "SELECT 1 FROM surveys_membership",
        "SELECT 1 FROM surveys_comment",
        "SELECT 1 FROM analytics_analysis",
        "SELECT 1 FROM django_session",
        "UPDATE surveys_response SET language = 'en'",
        "DELETE FROM surveys_response",
        "UPDATE surveys_wave SET state = 'open'",
        "CREATE TABLE loot (x int)",
    ],
)
def test_the_collector_may_do_nothing_else(database: None, statement: str) -> None:
    with (
        connections["collector"].cursor() as cursor,
        pytest.raises(ProgrammingError, match="permission denied"),
    ):
        cursor.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE surveys_response SET language = 'en'",
        "DELETE FROM surveys_response",
        "DELETE FROM surveys_form",
        "UPDATE surveys_form SET number = 2",
        "UPDATE surveys_questionnaireversion SET version = 2",
        "ALTER TABLE surveys_survey DISABLE ROW LEVEL SECURITY",
        "TRUNCATE surveys_response",
    ],
)
def test_the_application_cannot_touch_answers_or_frozen_rows(
    database: None, statement: str
) -> None:
    with (
        connections["default"].cursor() as cursor,
        pytest.raises(
            ProgrammingError, match=r"permission denied|must be owner of table"
        ),
    ):
        cursor.execute(statement)


def test_the_application_writes_answers_by_import_only(database: None) -> None:
    """Those of a wave in the field come in through the intake and no other way."""
    collected, imported = make_survey(), make_survey(origin=Survey.Origin.IMPORTED)
    columns = "organization_id, wave_id, form_id, id, item_count, answers, language"
    for survey, refused in ((imported, False), (collected, True)):
        wave = _closed_wave(survey)
        row = [survey.organization_id, wave.pk, wave.form_id, uuid4()]
        length = wave.form.item_count
        with (
            pytest.raises(ProgrammingError, match="row-level security")
            if refused
            else nullcontext(),
            organization_scope(survey.organization_id),
            connections["default"].cursor() as cursor,
        ):
            cursor.execute(
                f"INSERT INTO surveys_response ({columns})"
                " VALUES (%s, %s, %s, %s, %s, %s, 'en')",
                [*row, length, [1] * length],
            )


def _closed_wave(survey: Survey) -> Wave:
    """Make a wave as an import does, which opens none."""
    form = make_form(survey)
    with organization_scope(survey.organization_id):
        return Wave.objects.create(
            organization_id=survey.organization_id,
            survey=survey,
            form=form,
            number=1,
            state=Wave.State.CLOSED,
            opened_at=NOW,
            closed_at=NOW,
        )


def test_a_dropped_policy_is_noticed(database: None) -> None:
    """The mutation that the tests above must bite on, tried on the real thing."""
    ours, theirs = make_survey(), make_survey()
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE surveys_survey DISABLE ROW LEVEL SECURITY")
        try:
            with organization_scope(ours.organization_id):
                seen = {survey.pk for survey in Survey.objects.all()}
        finally:
            cursor.execute("ALTER TABLE surveys_survey ENABLE ROW LEVEL SECURITY")
    assert seen == {ours.pk, theirs.pk}
