"""Addresses of webhooks and business outcomes under api/v1/."""

from django.urls import path

from surveys.api import outcomes, webhooks

urlpatterns = [
    path("webhooks/", webhooks.WebhookList.as_view(), name="webhooks"),
    path(
        "webhooks/<uuid:endpoint_id>/",
        webhooks.WebhookDetail.as_view(),
        name="webhook",
    ),
    path(
        "webhooks/<uuid:endpoint_id>/secret/",
        webhooks.WebhookSecret.as_view(),
        name="webhook-secret",
    ),
    path(
        "webhooks/<uuid:endpoint_id>/test/",
        webhooks.WebhookTest.as_view(),
        name="webhook-test",
    ),
    path(
        "webhooks/<uuid:endpoint_id>/deliveries/",
        webhooks.DeliveryList.as_view(),
        name="deliveries",
    ),
    path(
        "deliveries/<uuid:delivery_id>/again/",
        webhooks.DeliveryAgain.as_view(),
        name="delivery-again",
    ),
    path("outcomes/", outcomes.OutcomeList.as_view(), name="outcomes-list"),
    path(
        "outcomes/<uuid:criterion_id>/",
        outcomes.OutcomeDetail.as_view(),
        name="outcome",
    ),
    path("outcome-values/", outcomes.ValueList.as_view(), name="outcome-values"),
]
