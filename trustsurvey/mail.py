"""How the site sends mail: from EMAIL_URL, or by a provider's API (django-anymail).

Without either nothing is sent: messages wait, and the owner's pages say so.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

NOT_SET_UP = "django.core.mail.backends.dummy.EmailBackend"
SMTP = "django.core.mail.backends.smtp.EmailBackend"
PORTS = {("smtp", "starttls"): 587, ("smtp", "none"): 25, ("smtps", "tls"): 465}
TIMEOUT = 30  # seconds for every step of a conversation with the server
EXAMPLE = "smtp://user:password@mail.example.org:587"


@dataclass(frozen=True, slots=True)
class MailSettings:
    """Django's settings of mail, and those of anymail."""

    backend: str = NOT_SET_UP
    smtp: Mapping[str, Any] = field(default_factory=dict)
    anymail: Mapping[str, Any] = field(default_factory=dict)

    @property
    def hears_bounces(self) -> bool:
        """Whether a provider may tell us what became of a mail."""
        return "WEBHOOK_SECRET" in self.anymail


def mail_settings(environ: Mapping[str, str]) -> MailSettings:
    """Read EMAIL_URL, or EMAIL_PROVIDER with its settings and secret.

    Raises
    ------
    ImproperlyConfigured
        Both are given, or what is given cannot be read.
    """
    url, provider = environ.get("EMAIL_URL", ""), environ.get("EMAIL_PROVIDER", "")
    if url and provider:
        raise ImproperlyConfigured(
            "EMAIL_URL and EMAIL_PROVIDER are both set: choose one; see .env.example."
        )
    if url:
        return MailSettings(SMTP, smtp=_smtp(url))
    if provider:
        return MailSettings(
            f"anymail.backends.{provider}.EmailBackend",
            anymail=_anymail(provider, environ),
        )
    return MailSettings()


def pace(per_minute: int) -> int:
    """Refuse a pace at which nothing would ever be sent."""
    if per_minute < 1:
        raise ImproperlyConfigured("MAIL_PER_MINUTE must be 1 or more.")
    return per_minute


def _smtp(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    default = "tls" if parts.scheme == "smtps" else "starttls"
    security = parse_qs(parts.query).get("tls", [default])[0]
    if (parts.scheme, security) not in PORTS or not parts.hostname:
        raise ImproperlyConfigured(
            f"EMAIL_URL cannot be read; write it like {EXAMPLE}, smtps:// for TLS from"
            " the start, or with ?tls=none for a server on this machine."
        )
    return {
        "HOST": parts.hostname,
        "PORT": parts.port or PORTS[parts.scheme, security],
        "HOST_USER": unquote(parts.username or ""),
        "HOST_PASSWORD": unquote(parts.password or ""),
        "USE_TLS": security == "starttls",
        "USE_SSL": security == "tls",
    }


def _anymail(provider: str, environ: Mapping[str, str]) -> dict[str, Any]:
    """Settings of the provider; what opens or follows a mail stays off."""
    found: dict[str, Any] = {"IGNORE_UNSUPPORTED_FEATURES": True}
    found["SEND_DEFAULTS"] = {"track_opens": False, "track_clicks": False}
    for part in environ.get("EMAIL_PROVIDER_SETTINGS", "").split(","):
        name, equals, value = part.strip().partition("=")
        if not name:
            continue
        if not equals:
            raise ImproperlyConfigured(
                "EMAIL_PROVIDER_SETTINGS must look like API_KEY=...,REGION=...; see"
                " .env.example."
            )
        found[f"{provider.upper()}_{name.strip().upper()}"] = value.strip()
    if secret := environ.get("EMAIL_WEBHOOK_SECRET", ""):
        if ":" not in secret or len(secret) < 20:
            raise ImproperlyConfigured(
                "EMAIL_WEBHOOK_SECRET must look like random:random, both long."
            )
        found["WEBHOOK_SECRET"] = secret
    return found
