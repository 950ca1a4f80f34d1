from django.urls import path

from surveys.views import brought

urlpatterns = [
    path(
        "library/<uuid:version_id>/bring/",
        brought.bring_to_version,
        name="bring-to-version",
    ),
    path("surveys/<uuid:survey_id>/bring/", brought.bring_to_survey, name="bring"),
    path("brought/<uuid:file_id>/", brought.answer_file, name="answer-file"),
    path(
        "brought/<uuid:file_id>/rejected.csv",
        brought.rejected_answers,
        name="rejected-answers",
    ),
]
