"""Mail to the owners of an organization whose endpoint was stopped."""

from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID, uuid5

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from surveys import parts
from surveys.definition import LANGUAGES, Text
from surveys.fieldwork.mail import (
    Bounced,
    Envelope,
    Postman,
    ServerDown,
    TryLater,
    is_set_up,
)
from surveys.fieldwork.texts import SEPARATOR, Mail
from surveys.models import Membership, WebhookEndpoint
from surveys.models.people import Role
from surveys.tenancy import organization_scope

SUBJECT = Text("A webhook was stopped", "一个 Webhook 已停用")
BODY = Text(
    "The address {address} did not take our messages for about a day, so we send no "
    "more to it. Messages that came meanwhile wait for 30 days. When the address works "
    "again, switch the webhook on here: {link}",
    "地址 {address} 约一天未接收我们的消息，因此我们不再向其发送。其间的消息会保留 30 天。"
    "该地址恢复后，请在此重新启用：{link}",
)
HTML_LANGUAGES = {"en": "en", "zh-hans": "zh-Hans"}


def tell_owners(now: datetime, postman: Postman | None = None) -> int:
    """Write to the owners of every endpoint that was stopped; once, if no worker dies.

    Where the site sends no mail the page alone says it.
    """
    if not is_set_up():
        return 0
    stopped = WebhookEndpoint.objects.using(parts.MAIN).filter(
        state=WebhookEndpoint.State.DISABLED, told_at=None
    )
    due = list(stopped.values_list("organization_id", "pk"))
    postman = postman or Postman()
    number = 0
    try:
        for organization_id, endpoint_id in due:
            number += _tell(organization_id, endpoint_id, now, postman)
    except ServerDown:
        return number  # the next run asks the server again
    finally:
        postman.close()
    return number


def _tell(
    organization_id: UUID, endpoint_id: UUID, now: datetime, postman: Postman
) -> int:
    with organization_scope(organization_id):
        # the lock makes two workers one mail
        stopped = WebhookEndpoint.objects.select_for_update(skip_locked=True)
        endpoint = stopped.filter(
            pk=endpoint_id, state=WebhookEndpoint.State.DISABLED, told_at=None
        ).first()
        if endpoint is None:
            return 0
        owners = Membership.objects.filter(
            organization=organization_id, role=Role.OWNER
        ).select_related("user", "organization")
        number = 0
        for member in owners.order_by("pk"):
            try:
                postman.send(_envelope(endpoint, member))
            except (Bounced, TryLater):
                continue  # the page says it too
            number += 1
        WebhookEndpoint.objects.filter(pk=endpoint_id).update(told_at=now)
    return number


def _envelope(endpoint: WebhookEndpoint, member: Membership) -> Envelope:
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    message = uuid5(endpoint.pk, f"{endpoint.disabled_at} {member.pk}")
    return Envelope(
        to=member.user.email,
        name="",
        mail=_mail(endpoint),
        message_id=f"<{message}@{host}>",
        unsubscribe="",
        sender=member.organization.name,
        reply_to="",
        reference=str(message),
    )


def _mail(endpoint: WebhookEndpoint) -> Mail:
    link = settings.SITE_URL + reverse("surveys:webhooks")
    # the path may hold a key of the other system
    address = urlsplit(endpoint.url).hostname or ""
    bodies = [
        {
            "lang": HTML_LANGUAGES[one],
            "text": BODY.in_(one).format(address=address, link=link),
        }
        for one in LANGUAGES
    ]
    html: SafeString = render_to_string(
        "surveys/webhooks/stopped_mail.html",
        {"bodies": bodies, "subject": SUBJECT.en},
    )
    subject = " / ".join(SUBJECT.in_(one) for one in LANGUAGES)
    return Mail(subject, SEPARATOR.join(one["text"] for one in bodies), html)
