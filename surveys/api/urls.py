"""Addresses of API v1 under api/v1/, as far as surveys and fieldwork go."""

from django.urls import path

from surveys.api import (
    catalogue,
    invitations,
    library,
    outcome_urls,
    pages,
    participants,
    responses,
    surveys,
    waves,
)

app_name = "api"
_of_library = [
    path("questionnaires/", library.QuestionnaireList.as_view(), name="questionnaires"),
    path(
        "questionnaires/<uuid:version_id>/",
        library.QuestionnaireDetail.as_view(),
        name="questionnaire",
    ),
    path("catalogue/", catalogue.CatalogueList.as_view(), name="catalogue"),
    path(
        "catalogue/<slug:record_id>/",
        catalogue.CatalogueDetail.as_view(),
        name="catalogue-record",
    ),
]
_of_surveys = [
    path("surveys/", surveys.SurveyList.as_view(), name="surveys"),
    path("surveys/<uuid:survey_id>/", surveys.SurveyDetail.as_view(), name="survey"),
    path("surveys/<uuid:survey_id>/waves/", waves.WaveOpen.as_view(), name="open-wave"),
    path("waves/", waves.WaveList.as_view(), name="waves"),
    path("waves/<uuid:wave_id>/", waves.WaveDetail.as_view(), name="wave"),
    path("waves/<uuid:wave_id>/close/", waves.WaveClose.as_view(), name="close-wave"),
    path("waves/<uuid:wave_id>/pause/", waves.WavePause.as_view(), name="pause-wave"),
    path(
        "waves/<uuid:wave_id>/resume/", waves.WaveResume.as_view(), name="resume-wave"
    ),
    path(
        "waves/<uuid:wave_id>/extend/", waves.WaveExtend.as_view(), name="extend-wave"
    ),
]
_of_people = [
    path("participants/", participants.ParticipantList.as_view(), name="participants"),
    path(
        "participants/<uuid:participant_id>/",
        participants.ParticipantDetail.as_view(),
        name="participant",
    ),
    path(
        "waves/<uuid:wave_id>/invitations/",
        invitations.InvitationList.as_view(),
        name="invitations",
    ),
    path(
        "waves/<uuid:wave_id>/reminders/",
        invitations.ReminderList.as_view(),
        name="reminders",
    ),
    path(
        "waves/<uuid:wave_id>/responses/",
        responses.ResponseList.as_view(),
        name="responses",
    ),
]
urlpatterns = [
    path("openapi.json", pages.OpenApi.as_view(), name="openapi"),
    path("docs/", pages.docs, name="docs"),
    *_of_library,
    *_of_surveys,
    *_of_people,
    *outcome_urls.urlpatterns,
]
