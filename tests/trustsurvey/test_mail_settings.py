"""How mail is sent is read from the environment; what cannot be read stops the start."""

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from trustsurvey.checks import mails_lead_to_the_site
from trustsurvey.mail import NOT_SET_UP, SMTP, mail_settings, pace

SECRET = "a-long-name:a-long-password"


def test_nothing_named_sends_nothing() -> None:
    assert mail_settings({}).backend == NOT_SET_UP


@pytest.mark.parametrize(
    ("url", "port", "starttls", "tls"),
    [
        ("smtp://u:p@mail.example.org", 587, True, False),
        ("smtp://u:p@mail.example.org:2525", 2525, True, False),
        ("smtps://u:p@mail.example.org", 465, False, True),
        ("smtp://localhost?tls=none", 25, False, False),
    ],
)
def test_a_server_by_its_address(
    url: str, port: int, starttls: bool, tls: bool
) -> None:
    found = mail_settings({"EMAIL_URL": url})
    assert found.backend == SMTP
    assert found.smtp["PORT"] == port
    assert (found.smtp["USE_TLS"], found.smtp["USE_SSL"]) == (starttls, tls)


def test_passwords_may_hold_any_letter() -> None:
    found = mail_settings({"EMAIL_URL": "smtp://a%40b.org:p%2F%3A@mail.example.org"})
    assert found.smtp["HOST_USER"] == "a@b.org"
    assert found.smtp["HOST_PASSWORD"] == "p/:"


def test_a_provider_never_follows_who_opens() -> None:
    found = mail_settings(
        {
            "EMAIL_PROVIDER": "postmark",
            "EMAIL_PROVIDER_SETTINGS": "server_token=abc, message_stream=surveys",
            "EMAIL_WEBHOOK_SECRET": SECRET,
        }
    )
    assert found.backend == "anymail.backends.postmark.EmailBackend"
    assert found.anymail["POSTMARK_SERVER_TOKEN"] == "abc"
    assert found.anymail["SEND_DEFAULTS"] == {
        "track_opens": False,
        "track_clicks": False,
    }
    assert found.hears_bounces


def test_without_a_secret_nobody_tells_of_bounces() -> None:
    assert not mail_settings({"EMAIL_PROVIDER": "postmark"}).hears_bounces


@pytest.mark.parametrize(
    "environ",
    [
        {"EMAIL_URL": "mail.example.org"},
        {"EMAIL_URL": "http://mail.example.org"},
        {"EMAIL_URL": "smtp://mail.example.org?tls=maybe"},
        {"EMAIL_URL": "smtp://a.example", "EMAIL_PROVIDER": "postmark"},
        {"EMAIL_PROVIDER": "postmark", "EMAIL_PROVIDER_SETTINGS": "abc"},
        {"EMAIL_PROVIDER": "postmark", "EMAIL_WEBHOOK_SECRET": "short"},
    ],
)
def test_what_cannot_be_read_stops_the_start(environ: dict[str, str]) -> None:
    with pytest.raises(ImproperlyConfigured):
        mail_settings(environ)


def test_a_pace_of_nothing_stops_the_start() -> None:
    assert pace(1) == 1
    with pytest.raises(ImproperlyConfigured):
        pace(0)


def test_a_site_that_mails_must_know_its_address(settings: Any) -> None:
    settings.EMAIL_BACKEND = SMTP
    settings.SITE_URL = "http://localhost:8000"
    assert [found.id for found in mails_lead_to_the_site()] == ["trustsurvey.E011"]
    settings.SITE_URL = "https://trust.example.org"
    assert mails_lead_to_the_site() == []
    settings.EMAIL_BACKEND, settings.SITE_URL = NOT_SET_UP, "http://localhost:8000"
    assert mails_lead_to_the_site() == []
