"""Owners set up webhooks on a page, and hear by mail when one was stopped."""

from django.core import mail
from django.test import Client

from surveys.models import Organization, WebhookDelivery, WebhookEndpoint
from surveys.models.people import Role
from surveys.tenancy import organization_scope
from surveys.webhooks.telling import tell_owners
from tests.factories import NOW, make_member, make_organization
from tests.surveys.outcome_rows import webhook_ids

# an address of the internet that needs no name to be found
FILLED = {
    "url": "https://93.184.216.34/in?key=hidden",
    "name": "CRM",
    "kinds": ["wave.closed", "scores.ready"],
}


def test_a_webhook_is_added_and_its_secret_shown_once(
    owner: Client, organization: Organization
) -> None:
    reply = owner.post("/webhooks/", FILLED, follow=True)
    page = reply.content.decode()
    assert page.count("whsec_") == 1
    place = reply.redirect_chain[0][0]
    assert "whsec_" not in owner.get(place).content.decode()
    with organization_scope(organization.pk):
        (endpoint,) = WebhookEndpoint.objects.all()
    assert endpoint.kinds == ["scores.ready", "wave.closed"]
    changed = FILLED | {"save": "1", "name": "Till", "kinds": ["wave.opened"]}
    assert owner.post(place, changed).status_code == 302
    page = owner.post(place, {"secret": "1"}, follow=True).content.decode()
    assert page.count("whsec_") == 1
    assert "The former secret signs beside the new one" in page
    owner.post(place, {"off": "1"})
    with organization_scope(organization.pk):
        endpoint.refresh_from_db()
    assert (endpoint.name, endpoint.state) == ("Till", "off")
    owner.post(place, {"on": "1"})
    owner.post(place, {"test": "1"})
    with organization_scope(organization.pk):
        assert WebhookDelivery.objects.get().event.kind == "test"
    owner.post(place, {"remove": "1"})
    with organization_scope(organization.pk):
        assert not WebhookEndpoint.objects.exists()


def test_an_address_of_the_house_is_refused_beside_its_field(
    owner: Client, organization: Organization
) -> None:
    for url in ("https://127.0.0.1/", "https://[::1]/", "http://93.184.216.34/"):
        reply = owner.post("/webhooks/", FILLED | {"url": url})
        assert reply.status_code == 422
    with organization_scope(organization.pk):
        assert not WebhookEndpoint.objects.exists()


def test_a_message_is_sent_once_more_from_the_page(
    owner: Client, organization: Organization
) -> None:
    ids = webhook_ids(organization)
    with organization_scope(organization.pk):
        WebhookDelivery.objects.update(state="failed", log=[], attempts=8)
    again = f"/webhooks/deliveries/{ids['delivery_id']}/again/"
    assert owner.post(again).status_code == 302
    with organization_scope(organization.pk):
        delivery = WebhookDelivery.objects.get()
    assert (delivery.state, delivery.attempts) == ("waiting", 0)


def test_owners_and_nobody_else_hear_that_it_was_stopped(database: None) -> None:
    ours, theirs = make_organization(), make_organization("Hill Coffee")
    make_member(ours, email="owner@example.org")
    make_member(ours, email="analyst@example.org", role=Role.ANALYST)
    make_member(theirs, email="elsewhere@example.org")
    webhook_ids(ours)
    with organization_scope(ours.pk):
        WebhookEndpoint.objects.update(
            url=FILLED["url"], state="disabled", disabled_at=NOW
        )
    assert tell_owners(NOW) == 1
    assert tell_owners(NOW) == 0
    (told,) = mail.outbox
    assert told.to == ["owner@example.org"]
    assert "93.184.216.34" in told.body
    assert "停用" in told.subject
    # what stands behind the host may be a key
    assert "hidden" not in told.body
