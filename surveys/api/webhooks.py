"""Webhooks for programs: endpoints, their secrets, and what became of each message."""

from typing import Any, ClassVar
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from surveys.api.describing import operation, paged
from surveys.api.paging import PageQuery, page_of
from surveys.api.problems import FieldError, Problem, faulty
from surveys.api.scopes import Scope
from surveys.api.shapes import Shape
from surveys.api.view import ApiView
from surveys.models import EventKind, WebhookDelivery, WebhookEndpoint
from surveys.webhooks import endpoints
from surveys.webhooks.emitting import emit_test
from surveys.webhooks.forms import refusal_of

TAG = "webhooks"
ADDRESS = "https://crm.example.org/trustsurvey"


class WebhookOut(Shape):
    """An endpoint. `former_until`: until then the former secret signs too."""

    id = serializers.UUIDField()
    url = serializers.URLField()
    name = serializers.CharField(allow_blank=True)
    kinds = serializers.ListField(child=serializers.ChoiceField(EventKind.choices))
    state = serializers.ChoiceField(WebhookEndpoint.State.choices)
    disabled_at = serializers.DateTimeField(allow_null=True)
    former_until = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()


class WebhookMadeOut(WebhookOut):
    """An endpoint with its secret, which is told this once."""

    secret = serializers.CharField()


class WebhookIn(Shape):
    url = serializers.URLField(max_length=500)
    name = serializers.CharField(required=False, allow_blank=True, max_length=100)
    kinds = serializers.ListField(
        child=serializers.ChoiceField(EventKind.choices),
        min_length=1,
        max_length=len(EventKind),
    )


class WebhookChangeIn(Shape):
    """What is left out stays as it is."""

    url = serializers.URLField(required=False, max_length=500)
    name = serializers.CharField(required=False, allow_blank=True, max_length=100)
    kinds = serializers.ListField(
        child=serializers.ChoiceField(EventKind.choices),
        min_length=1,
        max_length=len(EventKind),
        required=False,
    )
    on = serializers.BooleanField(
        required=False, help_text="Switch off, or on again after it was stopped."
    )


class TryOut(Shape):
    at = serializers.CharField()
    status = serializers.IntegerField(help_text="0: nobody answered.")
    answer = serializers.CharField(allow_blank=True)


class DeliveryOut(Shape):
    """One message to one endpoint; `event` is its `webhook-id`."""

    id = serializers.UUIDField()
    event = serializers.UUIDField()
    kind = serializers.CharField()
    created_at = serializers.DateTimeField()
    state = serializers.ChoiceField(WebhookDelivery.State.choices)
    delivered_at = serializers.DateTimeField(allow_null=True)
    tries = TryOut(many=True)


class DeliveryQuery(PageQuery):
    state = serializers.ChoiceField(WebhookDelivery.State.choices, required=False)


EXAMPLE = {
    "id": "6a1d1c5e-6f3c-4a7b-9d2b-1f7f6f0a9b10",
    "url": ADDRESS,
    "name": "CRM",
    "kinds": ["scores.ready", "wave.closed"],
    "state": "on",
    "disabled_at": None,
    "former_until": None,
    "created_at": "2026-03-01T09:00:00Z",
}


def webhook_out(one: WebhookEndpoint) -> dict[str, Any]:
    return dict(WebhookOut(one).data)


def made_out(one: WebhookEndpoint, secret: str) -> dict[str, Any]:
    return {**webhook_out(one), "secret": secret}


def delivery_out(one: WebhookDelivery) -> dict[str, Any]:
    told = {
        "id": one.pk,
        "event": one.event_id,
        "kind": one.event.kind,
        "created_at": one.event.created_at,
        "state": one.state,
        "delivered_at": one.delivered_at,
        "tries": one.log,
    }
    return dict(DeliveryOut(told).data)


def _check(url: str) -> None:
    refusal = refusal_of(url)
    if refusal:
        raise faulty([FieldError(refusal, pointer="/url")])


class _Webhook(ApiView):
    # a kept reply would keep the secret
    keeps_replies = False

    def endpoint(self, endpoint_id: UUID) -> WebhookEndpoint:
        return self.found(WebhookEndpoint.objects.filter(pk=endpoint_id).first())


class WebhookList(_Webhook):
    scopes: ClassVar = {"GET": Scope.WEBHOOKS_READ, "POST": Scope.WEBHOOKS_WRITE}

    @operation(
        "listWebhooks",
        "Endpoints that hear what happens",
        tag=TAG,
        gives=paged(WebhookOut),
        query=PageQuery,
        example={"items": [EXAMPLE], "next": None},
    )
    def get(self, request: Request) -> Response:
        query = self.query(PageQuery)
        rows = WebhookEndpoint.objects.all()
        found, after = page_of(rows, request._request, query)
        return Response({"items": [webhook_out(o) for o in found], "next": after})

    @operation(
        "makeWebhook",
        "Add an endpoint; its secret is told this once",
        tag=TAG,
        gives=WebhookMadeOut,
        status=201,
        body=WebhookIn,
        changes=True,
        keyed=False,
        asks={"url": ADDRESS, "name": "CRM", "kinds": ["scores.ready"]},
    )
    def post(self, request: Request) -> Response:
        given = self.body(WebhookIn)
        _check(given["url"])
        try:
            made, secret = endpoints.create(
                organization_id=self.organization_id,
                url=given["url"],
                name=given.get("name", ""),
                kinds=given["kinds"],
                at=timezone.now(),
            )
        except endpoints.TooMany:
            sentence = _("There are %(most)s webhooks already; remove one first.")
            raise Problem(409, sentence % {"most": endpoints.MOST_ENDPOINTS}) from None
        return Response(made_out(made, secret), status=201)


class WebhookDetail(_Webhook):
    scopes: ClassVar = {
        "GET": Scope.WEBHOOKS_READ,
        "PATCH": Scope.WEBHOOKS_WRITE,
        "DELETE": Scope.WEBHOOKS_WRITE,
    }

    @operation("getWebhook", "One endpoint", tag=TAG, gives=WebhookOut, example=EXAMPLE)
    def get(self, request: Request, endpoint_id: UUID) -> Response:
        return Response(webhook_out(self.endpoint(endpoint_id)))

    @operation(
        "changeWebhook",
        "Change an endpoint, or switch it off and on",
        tag=TAG,
        gives=WebhookOut,
        body=WebhookChangeIn,
        changes=True,
        keyed=False,
        asks={"on": True},
    )
    def patch(self, request: Request, endpoint_id: UUID) -> Response:
        endpoint = self.endpoint(endpoint_id)
        given = self.body(WebhookChangeIn)
        on = given.pop("on", None)
        if "url" in given and given["url"] != endpoint.url:
            _check(given["url"])
        if "kinds" in given:
            given["kinds"] = sorted(set(given["kinds"]))
        if given:
            WebhookEndpoint.objects.filter(pk=endpoint.pk).update(**given)
        if on is not None:
            endpoints.switch(endpoint, on=on, at=timezone.now())
        return Response(webhook_out(self.endpoint(endpoint_id)))

    @operation(
        "removeWebhook",
        "Remove an endpoint with the list of what was sent to it",
        tag=TAG,
        status=204,
        changes=True,
        keyed=False,
    )
    def delete(self, request: Request, endpoint_id: UUID) -> Response:
        self.endpoint(endpoint_id).delete()
        return Response(status=204)


class WebhookSecret(_Webhook):
    scopes: ClassVar = {"POST": Scope.WEBHOOKS_WRITE}

    @operation(
        "changeWebhookSecret",
        "Make a new secret; the former one signs beside it for 24 hours",
        tag=TAG,
        gives=WebhookMadeOut,
        changes=True,
        keyed=False,
    )
    def post(self, request: Request, endpoint_id: UUID) -> Response:
        endpoint = self.endpoint(endpoint_id)
        secret = endpoints.change_secret(endpoint, at=timezone.now())
        return Response(made_out(endpoint, secret))


class WebhookTest(ApiView):
    scopes: ClassVar = {"POST": Scope.WEBHOOKS_WRITE}

    @operation(
        "testWebhook",
        "Send a message that says nothing but that it is one",
        tag=TAG,
        gives=DeliveryOut,
        status=202,
        changes=True,
    )
    def post(self, request: Request, endpoint_id: UUID) -> Response:
        found = WebhookEndpoint.objects.filter(pk=endpoint_id).first()
        delivery = emit_test(self.found(found), at=timezone.now())
        return Response(delivery_out(delivery), status=202)


class DeliveryList(ApiView):
    scopes: ClassVar = {"GET": Scope.WEBHOOKS_READ}

    @operation(
        "listDeliveries",
        "What became of each message of the last 30 days",
        tag=TAG,
        gives=paged(DeliveryOut),
        query=DeliveryQuery,
    )
    def get(self, request: Request, endpoint_id: UUID) -> Response:
        query = self.query(DeliveryQuery)
        self.found(WebhookEndpoint.objects.filter(pk=endpoint_id).first())
        rows = WebhookDelivery.objects.filter(endpoint=endpoint_id)
        if "state" in query:
            rows = rows.filter(state=query["state"])
        rows = rows.select_related("event")
        found, after = page_of(rows, request._request, query)
        return Response({"items": [delivery_out(o) for o in found], "next": after})


class DeliveryAgain(ApiView):
    scopes: ClassVar = {"POST": Scope.WEBHOOKS_WRITE}

    @operation(
        "sendDeliveryAgain",
        "Send a message again under the same id",
        tag=TAG,
        gives=DeliveryOut,
        status=202,
        changes=True,
    )
    def post(self, request: Request, delivery_id: UUID) -> Response:
        rows = WebhookDelivery.objects.select_related("event")
        delivery = self.found(rows.filter(pk=delivery_id).first())
        if not endpoints.send_again(delivery, at=timezone.now()):
            raise Problem(409, _("It is on its way already."))
        delivery.refresh_from_db()
        return Response(delivery_out(delivery), status=202)
