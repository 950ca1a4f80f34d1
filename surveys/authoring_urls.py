"""Addresses of drafts and files, in the namespace of `surveys.urls`."""

from django.urls import path

from surveys.definition import LANGUAGES
from surveys.views import authoring, drafts, files

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
    *(
        path(
            f"<uuid:draft_id>/files/{kind}/",
            files.draft_file,
            {"kind": kind},
            name="draft-file",
        )
        for kind in files.KINDS
    ),
]

# Below ``library/<id>/``: a published version as a file.
version_files = [
    path(f"{kind}/", files.version_file, {"kind": kind}, name="version-file")
    for kind in files.KINDS
]
