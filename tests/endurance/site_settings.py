"""Settings of the site under test: its own, without collected static files."""

from trustsurvey.settings import *  # noqa: F403
from trustsurvey.settings import BASE_DIR, STORAGES

STATIC_ROOT = BASE_DIR / "static"
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
