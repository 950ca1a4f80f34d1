from django.urls import path

from surveys.issue import views

PREFIX = "i/"

urlpatterns = [
    path(f"{PREFIX}<uuid:wave_id>/cell", views.cell),
    path(f"{PREFIX}<uuid:wave_id>/sign", views.sign),
]
