from django.urls import path, register_converter

from surveys.collect import views
from surveys.definition import LANGUAGES

PREFIX = "s/"


class LanguageConverter:
    regex = "|".join(LANGUAGES)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(LanguageConverter, "language")

urlpatterns = [
    path(f"{PREFIX}offline.js", views.offline_worker, name="offline-worker"),
    path(f"{PREFIX}<uuid:wave_id>/", views.landing, name="landing"),
    path(f"{PREFIX}<uuid:wave_id>/manifest.json", views.manifest, name="manifest"),
    path(f"{PREFIX}<uuid:wave_id>/counts.json", views.counts_json, name="counts-json"),
    path(f"{PREFIX}<uuid:wave_id>/counts/", views.own_counts, name="own-counts"),
    path(f"{PREFIX}<uuid:wave_id>/sealed/", views.sealed, name="sealed"),
    path(f"{PREFIX}<uuid:wave_id>/<language:language>/", views.form, name="form"),
    path(
        f"{PREFIX}<uuid:wave_id>/<language:language>/received/",
        views.received,
        name="received",
    ),
    path(
        f"{PREFIX}<uuid:wave_id>/<language:language>/counts/",
        views.counts,
        name="counts",
    ),
]
