"""Addresses of API v1 under api/v1/, as far as surveys and fieldwork go."""

from django.urls import path

from surveys.api import library, pages

app_name = "api"
urlpatterns = [
    path("openapi.json", pages.OpenApi.as_view(), name="openapi"),
    path("docs/", pages.docs, name="docs"),
    path("questionnaires/", library.QuestionnaireList.as_view(), name="questionnaires"),
    path(
        "questionnaires/<uuid:version_id>/",
        library.QuestionnaireDetail.as_view(),
        name="questionnaire",
    ),
]
