"""Addresses of API v1 under api/v1/, as far as answers go."""

from django.urls import path

from analytics.api import exports, results, scores

app_name = "api-analytics"
urlpatterns = [
    path("releases/", results.ReleaseList.as_view(), name="releases"),
    path(
        "releases/<uuid:release_id>/", results.ReleaseDetail.as_view(), name="release"
    ),
    path(
        "waves/<uuid:wave_id>/releases/",
        results.ReleaseMake.as_view(),
        name="make-release",
    ),
    path("waves/<uuid:wave_id>/scores/", scores.ScoreList.as_view(), name="scores"),
    path(
        "waves/<uuid:wave_id>/scores.csv", scores.ScoreFile.as_view(), name="scores-csv"
    ),
    path("analyses/", results.AnalysisList.as_view(), name="analyses"),
    path(
        "analyses/<uuid:analysis_id>/",
        results.AnalysisDetail.as_view(),
        name="analysis",
    ),
    path(
        "waves/<uuid:wave_id>/analyses/",
        results.AnalysisStart.as_view(),
        name="start-analysis",
    ),
    path("exports/", exports.ExportList.as_view(), name="exports"),
    path("exports/<uuid:export_id>/", exports.ExportDetail.as_view(), name="export"),
    path(
        "exports/<uuid:export_id>/file/",
        exports.ExportFile.as_view(),
        name="export-file",
    ),
    path(
        "surveys/<uuid:survey_id>/exports/",
        exports.ExportAsk.as_view(),
        name="ask-export",
    ),
]
