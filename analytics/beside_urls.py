"""Addresses of the list of reports, and of what changes beside a release."""

from django.urls import path

from analytics import comment_views, note_views, report_list

urlpatterns = [
    path("reports/", report_list.reports, name="reports"),
    path(
        "waves/<uuid:wave_id>/report/comments/",
        comment_views.wave_comments,
        name="comments",
    ),
    path("waves/<uuid:wave_id>/report/actions/", note_views.wave_notes, name="notes"),
    path("notes/<uuid:note_id>/", note_views.note, name="note"),
]
