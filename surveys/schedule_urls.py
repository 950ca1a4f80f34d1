"""Addresses of schedules, periods and events, and of the site's health."""

from django.urls import path

from surveys.views import health, schedule

urlpatterns = [
    path("surveys/<uuid:survey_id>/schedule/", schedule.schedule, name="schedule"),
    path(
        "surveys/<uuid:survey_id>/schedule/stop/", schedule.stop, name="stop-schedule"
    ),
    path("surveys/<uuid:survey_id>/events/", schedule.add_event, name="add-event"),
    path("events/<uuid:event_id>/remove/", schedule.remove_event, name="remove-event"),
    path("waves/<uuid:wave_id>/period/", schedule.period, name="period"),
    path("health/", health.health, name="health"),
    path("health.json", health.health_json, name="health-json"),
]
