"""One mail at a time to one mail server, and what its answer means.

The server's words decide: a refusal of the recipient is final, a refusal of this mail
may pass, and a server that is away or does not want us is nobody's fault, so that no
message is charged for it.
"""

import smtplib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from email.errors import MessageError
from email.utils import formataddr, parseaddr
from typing import Any

from anymail.exceptions import (  # type: ignore[import-untyped]
    AnymailAPIError,
    AnymailRecipientsRefused,
    AnymailRequestsAPIError,
)
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from surveys.fieldwork.texts import Mail
from trustsurvey.mail import NOT_SET_UP

LONGEST_PROBLEM = 300
BUSY = 429
GOING_AWAY = 421


class Bounced(Exception):
    """The server will not take mail for this recipient, now or later."""


class TryLater(Exception):
    """The mail was not taken, or nobody knows; another may be."""


class ServerDown(Exception):
    """Nothing can be sent at the moment; no message is to blame."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """A mail with whom it goes to and in whose name.

    Attributes
    ----------
    message_id : str
        The same whenever it is sent again.
    unsubscribe : str
        Address that takes the one-click request of RFC 8058; empty in mail to members,
        who choose on a page of their own.
    reference : str
        What a provider tells us back when the mail bounces.
    """

    to: str
    name: str
    mail: Mail
    message_id: str
    unsubscribe: str
    sender: str
    reply_to: str
    reference: str


def is_set_up() -> bool:
    """Whether the operator has named a mail server or provider."""
    return bool(settings.EMAIL_BACKEND != NOT_SET_UP)


class Postman:
    """Carries mails over one connection, which is opened when first needed."""

    def __init__(self, connect: Callable[[], Any] = get_connection) -> None:
        self._connect = connect
        self._connection: Any = None

    def send(self, envelope: Envelope) -> None:
        """Hand one mail over; returns once the server has taken it.

        Raises
        ------
        Bounced, TryLater, ServerDown
        """
        connection = self._opened()
        try:
            connection.send_messages([built(envelope)])
        except (ValueError, MessageError) as problem:
            # an address or name that no mail can be written to
            raise Bounced(_short(problem)) from None
        except smtplib.SMTPRecipientsRefused as refusal:
            code, said = next(iter(refusal.recipients.values()))
            self._hang_up_after(code)
            raise (Bounced if code >= 500 else TryLater)(_said(code, said)) from None
        except smtplib.SMTPSenderRefused as refusal:
            self.close()
            raise ServerDown(_said(refusal.smtp_code, refusal.smtp_error)) from None
        except smtplib.SMTPResponseException as refusal:
            self._hang_up_after(refusal.smtp_code)
            raise TryLater(_said(refusal.smtp_code, refusal.smtp_error)) from None
        except (smtplib.SMTPException, OSError) as problem:
            # it may have been taken: the reply is what got lost
            self.close()
            raise TryLater(_short(problem)) from None
        except AnymailRecipientsRefused as refusal:
            raise Bounced(_short(refusal)) from None
        except AnymailRequestsAPIError as refusal:
            raise _by_status(refusal) from None
        except AnymailAPIError as refusal:
            raise TryLater(_short(refusal)) from None

    def close(self) -> None:
        if self._connection is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._connection.close()
            self._connection = None

    def _hang_up_after(self, code: int) -> None:
        """421 announces that the server closes the line."""
        if code == GOING_AWAY:
            self.close()

    def _opened(self) -> Any:
        if self._connection is None:
            connection = self._connect()
            try:
                connection.open()
            except (smtplib.SMTPException, OSError) as problem:
                with suppress(smtplib.SMTPException, OSError):
                    connection.close()
                raise ServerDown(_short(problem)) from None
            self._connection = connection
        return self._connection


def built(envelope: Envelope) -> EmailMultiAlternatives:
    """Write the mail with its headers; no picture, nothing that reports back."""
    address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    message = EmailMultiAlternatives(
        subject=envelope.mail.subject,
        body=envelope.mail.text,
        from_email=formataddr((_one_line(envelope.sender), address)),
        to=[formataddr((_one_line(envelope.name), envelope.to))],
        reply_to=[envelope.reply_to] if envelope.reply_to else None,
        headers={
            "Message-ID": envelope.message_id,
            "Auto-Submitted": "auto-generated",
            **_way_out(envelope.unsubscribe),
        },
    )
    message.attach_alternative(envelope.mail.html, "text/html")
    # read by the providers of anymail only: comes back with a bounce
    message.metadata = {"message": envelope.reference}  # type: ignore[attr-defined]
    return message


def _way_out(address: str) -> dict[str, str]:
    if not address:
        return {}
    return {
        "List-Unsubscribe": f"<{address}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _by_status(refusal: AnymailRequestsAPIError) -> Exception:
    """A provider that is away, busy or does not know us is down; else it is this mail."""
    status = getattr(refusal, "status_code", None)
    if status is None or status >= 500 or status in {401, 403, BUSY}:
        return ServerDown(_short(refusal))
    return TryLater(_short(refusal))


def _said(code: int, said: bytes | str) -> str:
    words = said.decode(errors="replace") if isinstance(said, bytes) else said
    return _one_line(f"{code} {words}")[:LONGEST_PROBLEM]


def _short(problem: Exception) -> str:
    return _one_line(f"{type(problem).__name__}: {problem}")[:LONGEST_PROBLEM]


def _one_line(text: str) -> str:
    return " ".join(text.split())
