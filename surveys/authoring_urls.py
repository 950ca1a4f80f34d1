"""Addresses of the drafts, below ``drafts/`` in the namespace of `surveys.urls`."""

from django.urls import path

from surveys.definition import LANGUAGES
from surveys.views import authoring, drafts

urlpatterns = [
    path("", drafts.drafts, name="drafts"),
    path("new/", drafts.new_draft, name="new-draft"),
    path("<uuid:draft_id>/", authoring.draft, name="draft"),
    path("<uuid:draft_id>/publish/", drafts.publish, name="publish-draft"),
    path("<uuid:draft_id>/delete/", drafts.discard, name="discard-draft"),
    *(
        path(
            f"<uuid:draft_id>/preview/{language}/",
            drafts.preview,
            {"language": language},
            name="draft-preview",
        )
        for language in LANGUAGES
    ),
    path(
        "<uuid:draft_id>/questionnaire.yaml",
        drafts.file,
        {"kind": "yaml"},
        name="draft-file",
    ),
]
