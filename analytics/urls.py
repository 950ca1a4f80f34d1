from django.urls import path

from analytics import api, dossier_release, reviews, views

app_name = "analytics"
urlpatterns = [
    path("surveys/<uuid:survey_id>/plan/", views.planner, name="planner"),
    path("waves/<uuid:wave_id>/analyse/", views.analyse, name="analyse"),
    path("waves/<uuid:wave_id>/report/", views.wave_report, name="report"),
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
    path("api/v1/waves/<uuid:wave_id>/report/", api.report, name="report-json"),
]
