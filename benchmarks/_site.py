"""A site of its own for a measurement: real PostgreSQL, fsync on, removed afterwards."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from benchmarks import FOLDER, ROOT

if TYPE_CHECKING:
    from surveys.definition import Form

MISSING_SHARE = 0.02


@contextmanager
def throw_away_site() -> Iterator[None]:
    """Run a fresh database with Django pointed at it; everything is gone afterwards."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="site-", dir=FOLDER))
    folder.chmod(0o755)  # the server may run as another OS user
    os.environ["TRUSTSURVEY_VAR"] = str(folder)
    os.environ.pop("DATABASE_URL", None)
    os.environ["DJANGO_SETTINGS_MODULE"] = "trustsurvey.settings"
    import django
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connections

    from trustsurvey import roles
    from trustsurvey.postgres import running
    from trustsurvey.postgres.holding import remove

    cluster = roles.embedded_cluster(ROOT, os.environ)
    assert cluster
    try:
        with running(cluster):
            django.setup()
            roles.prepare(ROOT, os.environ, settings.SECRET_KEY)
            call_command("migrate", database="owner", verbosity=0)
            yield
            connections.close_all()
    finally:
        remove(cluster)
        (folder / "secret_key").unlink(missing_ok=True)
        folder.rmdir()


def filled_wave(n: int, asks: "Form | None" = None) -> tuple[UUID, UUID]:
    """Make a wave with n random responses, past the intake; return its keys.

    `asks` is the form, without it the brand study.
    """
    import psycopg

    from tests.factories import brand_form, make_form, make_survey, make_wave
    from trustsurvey import roles

    survey = make_survey()
    make_form(survey, asks=asks)
    wave = make_wave(survey)
    points = ", ".join(
        f"CASE WHEN random() < {MISSING_SHARE} THEN -1 ELSE"
        f" {i.low} + floor(random() * {i.high - i.low + 1}) END::smallint"
        for i in (asks or brand_form()).items
    )
    login = roles.administrator(ROOT, os.environ)
    with psycopg.connect(**{**login, "dbname": roles.DATABASE}) as connection:
        connection.execute("SET session_replication_role = replica")  # no key checks
        connection.execute(
            "INSERT INTO surveys_response (organization_id, wave_id, form_id, id,"
            " item_count, answers, language)"
            f" SELECT %s, %s, %s, gen_random_uuid(), %s, ARRAY[{points}], 'en'"
            " FROM generate_series(1, %s)",
            [wave.organization_id, wave.pk, wave.form_id, wave.form.item_count, n],
        )
        connection.commit()
        connection.autocommit = True
        connection.execute("VACUUM ANALYZE surveys_response")
    return wave.organization_id, wave.pk
