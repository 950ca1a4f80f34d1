from django.apps import AppConfig
from django.conf import settings
from django.db import connections
from django.db.models.signals import pre_migrate

from surveys import parts


class SurveysConfig(AppConfig):
    name = "surveys"

    def ready(self) -> None:
        if settings.MAIL.hears_bounces:
            from surveys.fieldwork import bounces  # noqa: F401, listens once imported

        pre_migrate.connect(grant_new_tables_to_runtime, sender=self)


def grant_new_tables_to_runtime(*, using: str, **kwargs: object) -> None:
    """Let the application use the tables that libraries bring.

    Tables of an organization take this back and grant what each role needs
    (surveys/migrations/0002_isolation.py). The parts apart know no such role.
    """
    if using != parts.MAIN:
        return
    with connections[using].cursor() as cursor:
        cursor.execute(
            "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE,"
            " DELETE ON TABLES TO trustsurvey_runtime"
        )
        cursor.execute(
            "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT"
            " ON SEQUENCES TO trustsurvey_runtime"
        )
