from django.urls import include, path

from analytics import dossier_release, release_files, release_views, reviews, views
from analytics.api import stored

app_name = "analytics"
urlpatterns = [
    path("", include("analytics.beside_urls")),
    path("", include("analytics.export.urls")),
    path("surveys/<uuid:survey_id>/plan/", views.planner, name="planner"),
    path("waves/<uuid:wave_id>/analyse/", views.analyse, name="analyse"),
    path("waves/<uuid:wave_id>/analysis/", views.wave_analysis, name="analysis"),
    path("waves/<uuid:wave_id>/publish/", views.publish, name="publish"),
    path("waves/<uuid:wave_id>/report/", release_views.wave_report, name="report"),
    path("releases/<uuid:release_id>/", release_views.stored_release, name="release"),
    path(
        "releases/<uuid:release_id>/report.pdf", release_files.pdf, name="release-pdf"
    ),
    path(
        "releases/<uuid:release_id>/report.pptx",
        release_files.slides,
        name="release-slides",
    ),
    path(
        "releases/<uuid:release_id>/figures/<str:code>.<str:ending>",
        release_files.figure,
        name="release-figure",
    ),
    path(
        "releases/<uuid:release_id>/files/", release_files.files, name="release-files"
    ),
    path(
        "releases/<uuid:release_id>/mail/",
        release_files.choose_mail,
        name="release-mail",
    ),
    path("analyses/<uuid:analysis_id>/", views.stored_report, name="stored-report"),
    path(
        "analyses/<uuid:analysis_id>/release/",
        dossier_release.release,
        name="release-lines",
    ),
    path("library/reviews/<uuid:review_id>/", reviews.review, name="review"),
    path(
        "library/reviews/<uuid:review_id>/release/",
        reviews.release_review,
        name="release-review",
    ),
    path(
        "api/v1/waves/<uuid:wave_id>/report/",
        stored.NewestReport.as_view(),
        name="report-json",
    ),
    path(
        "api/v1/waves/<uuid:wave_id>/release/",
        stored.NewestRelease.as_view(),
        name="release-json",
    ),
]
