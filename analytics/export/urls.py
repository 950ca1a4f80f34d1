"""Addresses of exports, in the namespace of `analytics.urls`."""

from django.urls import path

from analytics.export import views

urlpatterns = [
    path("surveys/<uuid:survey_id>/export/", views.survey_exports, name="export"),
    path(
        "surveys/<uuid:survey_id>/export/approval/",
        views.export_rule,
        name="export-rule",
    ),
    path("exports/<uuid:export_id>/", views.export_progress, name="export-progress"),
    path("exports/<uuid:export_id>/file/", views.export_file, name="export-file"),
    path("exports/<uuid:export_id>/decide/", views.export_decide, name="export-decide"),
    path("exports/<uuid:export_id>/remove/", views.export_remove, name="export-remove"),
]
