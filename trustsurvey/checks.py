"""System checks: combinations of settings that would break a promise."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register


@register(Tags.security, deploy=True)
def every_role_has_its_login(**kwargs: Any) -> list[Error]:
    """The application and the intake must not connect as the owner of the tables."""
    users = [settings.DATABASES[alias]["USER"] for alias in settings.DATABASES]
    if len(set(users)) == len(users):
        return []
    return [
        Error(
            "Two database connections share one login.",
            hint="Give DATABASE_URL, RUNTIME_DATABASE_URL, ISSUER_DATABASE_URL and "
            "COLLECTOR_DATABASE_URL four different users; only then row-level security "
            "isolates, and nobody who issues can collect.",
            id="trustsurvey.E001",
        )
    ]
