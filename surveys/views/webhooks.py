"""Webhooks of an organization: its endpoints, and what became of each message."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from surveys.access import OWNERS, MemberRequest, for_members
from surveys.models import WebhookDelivery, WebhookEndpoint
from surveys.webhooks import endpoints
from surveys.webhooks.emitting import emit_test
from surveys.webhooks.forms import EndpointForm

SHOWN = 50  # deliveries


@require_http_methods(["GET", "HEAD", "POST"])
@for_members(OWNERS)
def webhooks(request: MemberRequest) -> HttpResponse:
    """List the endpoints, and add one."""
    form = EndpointForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made, secret = endpoints.create(
                organization_id=request.membership.organization_id,
                at=timezone.now(),
                **form.values(),
            )
        except endpoints.TooMany:
            sentence = _("There are %(most)s webhooks already; remove one first.")
            form.add_error(None, sentence % {"most": endpoints.MOST_ENDPOINTS})
        else:
            _show(request, secret)
            return redirect("surveys:webhook", endpoint_id=made.pk)
    known = WebhookEndpoint.objects.order_by("created_at", "pk")
    context = {"endpoints": known, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "surveys/webhooks/list.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@for_members(OWNERS)
def webhook(request: MemberRequest, endpoint_id: UUID) -> HttpResponse:
    """Show one endpoint with what was sent to it, and take the next step with it."""
    endpoint = get_object_or_404(WebhookEndpoint, pk=endpoint_id)
    saved = request.method == "POST" and "save" in request.POST
    if request.method == "POST" and not saved:
        return _step(request, endpoint)
    known = {"url": endpoint.url, "name": endpoint.name, "kinds": endpoint.kinds}
    form = EndpointForm(request.POST if saved else None, initial=known)
    if form.is_valid():
        WebhookEndpoint.objects.filter(pk=endpoint.pk).update(**form.values())
        messages.success(request, _("Kept."))
        return redirect("surveys:webhook", endpoint_id=endpoint.pk)
    sent = WebhookDelivery.objects.filter(endpoint=endpoint).select_related("event")
    context = {
        "endpoint": endpoint,
        "form": form,
        "deliveries": sent.newest_first()[:SHOWN],
        "both_until": _both_until(endpoint),
    }
    status = 422 if form.is_bound else 200
    return render(request, "surveys/webhooks/endpoint.html", context, status=status)


@require_POST
@for_members(OWNERS)
def send_again(request: MemberRequest, delivery_id: UUID) -> HttpResponse:
    delivery = get_object_or_404(WebhookDelivery, pk=delivery_id)
    if endpoints.send_again(delivery, at=timezone.now()):
        messages.success(request, _("It is sent again within a minute."))
    else:
        messages.info(request, _("It is on its way already."))
    return redirect("surveys:webhook", endpoint_id=delivery.endpoint_id)


def _step(request: MemberRequest, endpoint: WebhookEndpoint) -> HttpResponse:
    now, posted = timezone.now(), request.POST
    if "remove" in posted:
        endpoint.delete()
        messages.success(request, _("The webhook is removed."))
        return redirect("surveys:webhooks")
    if "on" in posted or "off" in posted:
        endpoints.switch(endpoint, on="on" in posted, at=now)
        messages.success(request, _("Kept."))
    elif "secret" in posted:
        _show(request, endpoints.change_secret(endpoint, at=now))
    elif "test" in posted:
        emit_test(endpoint, at=now)
        messages.success(request, _("A test message is sent within a minute."))
    return redirect("surveys:webhook", endpoint_id=endpoint.pk)


def _show(request: MemberRequest, secret: str) -> None:
    sentence = _("The secret of this webhook, shown this once: %(secret)s")
    messages.success(request, sentence % {"secret": secret})


def _both_until(endpoint: WebhookEndpoint) -> object:
    until = endpoint.former_until
    return until if until is not None and until > timezone.now() else None
