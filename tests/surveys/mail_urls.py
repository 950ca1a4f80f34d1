"""Addresses of a site whose mail provider may tell of bounces."""

from django.urls import include, path

urlpatterns = [
    path("mail/", include("anymail.urls")),
    path("", include("trustsurvey.urls")),
]
