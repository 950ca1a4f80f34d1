"""Send JSON to an address that somebody else chose, without becoming their tool.

Signed as standardwebhooks.com describes it. The name is resolved once, every address
found must be a public one, and the connection goes to exactly that address: a name that
points elsewhere a moment later gains nothing. No redirects, bounded time and size.
"""

import base64
import hashlib
import hmac
import ipaddress
import json
import secrets
import socket
import ssl
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException, HTTPSConnection
from threading import Timer
from urllib.parse import urlsplit

from django.conf import settings

from surveys.credentials import seal, unseal
from surveys.models import Sender

STEP = 10.0  # seconds that the other side may be silent
WHOLE = 30.0  # seconds for everything
MOST_READ = 16 * 1024
PREFIX = "whsec_"

Resolve = Callable[[str, int], list[str]]


class AddressRefused(ValueError):
    """We do not send to this address."""


class NotDelivered(Exception):
    """Nobody said that it arrived; it may be sent again under the same id."""


class Rejected(Exception):
    """The other side has it and does not want it; the same again would not help."""


@dataclass(frozen=True, slots=True)
class Target:
    """A checked address with the one network address it is reached at."""

    host: str
    port: int
    path: str
    ip: str


def new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def sealed(secret: str, sender: Sender) -> bytes:
    """Seal an organization's secret, as it lies in the database."""
    return seal(secret.encode(), secret=settings.SECRET_KEY, place=_place(sender))


def opened(sender: Sender) -> str:
    """Return an organization's secret."""
    kept = bytes(sender.gateway_secret or b"")
    return unseal(kept, secret=settings.SECRET_KEY, place=_place(sender)).decode()


def _place(sender: Sender) -> bytes:
    return b"gateway" + sender.organization_id.bytes


def signature(secret: str, *, id: str, timestamp: int, body: bytes) -> str:
    """HMAC-SHA-256 over ``id.timestamp.body``, as ``v1,base64``."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{id}.{timestamp}.".encode() + body
    made = hmac.new(key, signed, hashlib.sha256).digest()
    return "v1," + base64.b64encode(made).decode()


def resolve(host: str, port: int) -> list[str]:
    """Every network address of a name."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def target_of(url: str, *, resolve: Resolve = resolve) -> Target:
    """Check an address and pin it.

    Raises
    ------
    AddressRefused
        No https, a login inside, an odd port, or an address that is not public.
    NotDelivered
        The name cannot be resolved now.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or 443
    except ValueError:
        raise AddressRefused(f"{url} is no address.") from None
    if parts.scheme != "https" or not parts.hostname or parts.username is not None:
        raise AddressRefused("The address must begin with https:// and hold no login.")
    if port != 443 and port < 1024:
        raise AddressRefused(f"Port {port} is not one that we send to.")
    try:
        found = resolve(parts.hostname, port)
    except (OSError, UnicodeError) as problem:
        raise NotDelivered(f"{parts.hostname} cannot be found now.") from problem
    if not found or not all(is_public(one) for one in found):
        raise AddressRefused(f"{parts.hostname} is not a public address.")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not path.isascii() or any(c <= " " for c in path):
        raise AddressRefused("The address holds characters that an address cannot.")
    return Target(parts.hostname, port, path, found[0])


def is_public(address: str) -> bool:
    """Whether a network address is anybody's on the internet, not ours or a relay."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inside = found.ipv4_mapped or found.sixtofour or _translated(found)
        if found.teredo is not None:
            return False
        if inside is not None:
            found = inside
    return found.is_global and not found.is_multicast and not found.is_reserved


def _translated(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The address behind a NAT64 prefix (RFC 6052)."""
    if address in ipaddress.ip_network("64:ff9b::/96"):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other side said: a status of HTTP and the start of the text."""

    status: int
    text: str

    @property
    def is_taken(self) -> bool:
        return 200 <= self.status < 300


def deliver(
    target: Target,
    body: bytes,
    *,
    id: str,
    secrets: Sequence[str],
    timestamp: int,
    context: ssl.SSLContext | None = None,
) -> Answer:
    """Send signed JSON and return what was answered, whatever it is.

    Parameters
    ----------
    secrets : sequence of str
        Each makes a signature of its own, so that a secret can be changed while the
        other side still knows the former one.

    Raises
    ------
    NotDelivered
        Nobody answered, or not as HTTP does, or too slowly.
    """
    made = (signature(s, id=id, timestamp=timestamp, body=body) for s in secrets)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "trustsurvey",
        "webhook-id": id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(made),
    }
    connection = _Pinned(target, context or ssl.create_default_context())
    end = Timer(WHOLE, connection.cut)
    end.daemon = True
    end.start()
    try:
        connection.request("POST", target.path, body=body, headers=headers)
        reply = connection.getresponse()
        said = reply.read(MOST_READ)
        return Answer(reply.status, said.decode(errors="replace"))
    except (OSError, HTTPException, ValueError) as problem:
        raise NotDelivered(f"{target.host}: {type(problem).__name__}") from problem
    finally:
        end.cancel()
        connection.close()


def post_signed(
    target: Target,
    content: Mapping[str, object],
    *,
    id: str,
    secret: str,
    timestamp: int,
    context: ssl.SSLContext | None = None,
) -> None:
    """Send `content` as signed JSON; returns once the other side said 2xx.

    Raises
    ------
    Rejected
        It said 4xx (but 408, 425 and 429, which ask to come again).
    NotDelivered
        Anything else.
    """
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    answer = deliver(
        target, body, id=id, secrets=(secret,), timestamp=timestamp, context=context
    )
    if answer.is_taken:
        return
    if 400 <= answer.status < 500 and answer.status not in {408, 425, 429}:
        raise Rejected(f"{target.host} answered {answer.status}.")
    raise NotDelivered(f"{target.host} answered {answer.status}.")


class _Pinned(HTTPSConnection):
    """Connects to the network address that was checked, as the host that was named."""

    def __init__(self, target: Target, context: ssl.SSLContext) -> None:
        super().__init__(target.host, target.port, timeout=STEP, context=context)
        self._target, self._tls = target, context

    def connect(self) -> None:
        plain = socket.create_connection((self._target.ip, self._target.port), STEP)
        self.sock = wrapped = self._tls.wrap_socket(
            plain, server_hostname=self._target.host, do_handshake_on_connect=False
        )
        wrapped.do_handshake()

    def cut(self) -> None:
        """End a conversation that takes too long, from another thread."""
        if self.sock is not None:
            with suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)
