"""Addresses of what changes beside a release: comments being read, action notes."""

from django.urls import path

from analytics import comment_views, note_views

urlpatterns = [
    path(
        "waves/<uuid:wave_id>/report/comments/",
        comment_views.wave_comments,
        name="comments",
    ),
    path("waves/<uuid:wave_id>/report/actions/", note_views.wave_notes, name="notes"),
    path("notes/<uuid:note_id>/", note_views.note, name="note"),
]
